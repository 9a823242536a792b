"""What an operator is told when the place, the port or the folder will not do: a sentence each."""

import asyncio
import json
import shutil
import signal
import socket
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from forum import passwords, seeds
from storage import database
from storage.people import Person
from tests.installation import ROOT, Installation, as_anybody, clean, here


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert here(["setup"], SAMVERKAN_DATA=str(folder)).exit_code == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Installation:
    """A set-up installation, where file modes count for root as well."""
    return Installation(Path(shutil.copytree(made, tmp_path / "data")), before=as_anybody())


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line, after a failure without a traceback."""
    assert done.returncode in {1, 2}, done.stderr
    assert "Traceback" not in done.stderr
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize("name", ["samverkan.sqlite", "."])
def test_a_database_that_is_read_only_is_told_by_the_check_and_at_start(
    run: Installation, name: str
) -> None:
    locked = (run.data / name).resolve()
    before = stat.S_IMODE(locked.stat().st_mode)
    locked.chmod(before & 0o500)
    try:
        says = f"{locked} cannot be written to"
        assert told(run("check")) == f"TROUBLE database: cannot be used: {says}"
        said = told(run("serve"))
        assert said.startswith("Error: ")
        assert says in said
        assert stat.S_IMODE(locked.stat().st_mode) == before & 0o500
    finally:
        locked.chmod(before)


@pytest.mark.parametrize("command", ["serve", "check", "setup"])
def test_a_file_that_is_no_database_is_told_in_a_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "samverkan.sqlite").write_text("no database at all, but quite some text\n" * 99)
    done = here([command], SAMVERKAN_DATA=str(tmp_path))
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "cannot be used: file is not a database" in done.output


def test_the_check_does_not_advise_a_setup_that_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = here(["check"], SAMVERKAN_DATA=str(file / "data"))
    assert done.exit_code == 1
    assert done.stdout == f"TROUBLE database: cannot be used: {file} is not a folder\n"


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_folder_in_the_databases_place_is_told_and_left_as_it_is(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    run = Installation(tmp_path / "data")
    said = told(run(command, SAMVERKAN_DATABASE_URL=f"sqlite:///{tmp_path / 'folder'}"))
    assert said.endswith(f"cannot be used: {tmp_path / 'folder'} is a folder, not a file")
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


def test_a_port_that_is_taken_is_refused_with_the_settings_to_change(run: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        said = told(run("serve", SAMVERKAN_PORT=port))
    assert said.startswith(f"Error: cannot listen on 127.0.0.1, port {port}; set SAMVERKAN_HOST")
    assert "SAMVERKAN_PORT" in said


def test_a_host_that_is_none_is_refused_with_the_settings_to_change(run: Installation) -> None:
    # An address for documentation: no computer has it.
    said = told(run("serve", SAMVERKAN_HOST="192.0.2.1"))
    assert said.startswith("Error: cannot listen on 192.0.2.1, port 8000; set SAMVERKAN_HOST")


def interrupted(run: Installation, until: str, *words: str) -> list[str]:
    """Start it, press Ctrl-C when a line says ``until``, and return all lines it printed."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    settings = {"SAMVERKAN_DATA": str(run.data), "SAMVERKAN_PORT": port}
    with subprocess.Popen(
        [sys.executable, "-m", "forum", *words],
        cwd=ROOT,
        env=clean() | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        lines: list[str] = []
        try:
            while until not in "".join(lines[-1:]):
                lines.append(server.stdout.readline())
                assert lines[-1], "it has ended before it answered"
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=30)
        finally:
            server.kill()
    assert server.returncode == 0
    return lines + rest.splitlines()


def test_ctrl_c_ends_it_quietly(run: Installation) -> None:
    said = interrupted(run, "running on", "--log", "text", "serve")
    assert said[-1].startswith("INFO:     Finished server process")


def test_several_processes_on_sqlite_are_refused_with_the_reason(run: Installation) -> None:
    for said in (
        run.refused("serve", "--workers", "2"),
        run.refused("serve", SAMVERKAN_WORKERS="2"),
        run.refused("--workers", "2", "serve"),
    ):
        assert said.startswith(
            "Error: SAMVERKAN_WORKERS is '2'; expected 1, since only one process"
        )
    assert "from 1 to 64" in run.refused("serve", "--workers", "many")


def test_the_log_is_json_where_it_is_kept(run: Installation) -> None:
    lines = [json.loads(line) for line in interrupted(run, "running on", "serve")]
    assert all(line["level"] == "info" and line["time"].endswith("+00:00") for line in lines)
    assert lines[-1]["message"].startswith("Finished server process")


@pytest.mark.parametrize("words", ["serve --port 8001", "person add Anna --data x"])
def test_a_setting_after_the_command_is_told_where_it_stands(words: str) -> None:
    done = here(words.split())
    assert done.exit_code == 2
    command, setting = words.split()[0], words.split()[-2]
    hint = f"; settings stand before the command: main {setting} … {command}"
    assert hint in done.stderr.splitlines()[-1]
    assert ".;" not in done.stderr


def test_an_option_that_is_no_setting_is_only_unknown() -> None:
    done = here(["serve", "--ports", "8001"])
    assert done.exit_code == 2
    assert "settings stand" not in done.stderr


def test_the_demo_prints_no_password_that_has_been_changed(run: Installation) -> None:
    changed, *others = seeds.LOGINS

    async def change() -> None:
        async with database.opened(run.url):
            assert await seeds.fill() == list(seeds.LOGINS)
            person = await Person.get(username=changed.username)
            person.password_hash = await passwords.hash_password("lampa-kajak-tomte-sil", person)
            await person.save()

    asyncio.run(change())
    said = interrupted(run, '"logins"', "demo", "--json")
    (printed,) = [json.loads(line) for line in said if '"logins"' in line]
    assert [(one["username"], one["password"]) for one in printed["logins"]] == [
        (changed.username, None),
        *((one.username, one.password) for one in others),
    ]
    shown = "".join(interrupted(run, "Outbox", "demo"))
    assert changed.password not in shown
    assert f"{changed.username:<20} (the password has been changed)" in shown


def test_a_checkout_that_cannot_be_written_to_is_told_in_a_line(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", checkout / "bin")
    (checkout / "pyproject.toml").touch()
    checkout.chmod(0o500)
    try:
        for command in ("setup", "demo"):
            done = subprocess.run(
                [*as_anybody(), checkout / "bin" / command],
                env=clean(),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            says = f"{checkout} cannot be written to; set up a checkout of your own."
            assert told(done) == f"setup: {says}"
    finally:
        checkout.chmod(0o700)
    usage = subprocess.run(
        [checkout / "bin" / "setup", "--help"], capture_output=True, text=True, check=True
    )
    assert "usage: bin/setup" in usage.stdout
