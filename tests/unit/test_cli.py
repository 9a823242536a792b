"""The command ``samverkan``: a newcomer's whole road, and what goes wrong on it."""

import hashlib
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click
import pytest

from forum import login_links
from forum.cli import main
from forum.refusals import Invalid
from forum.settings import SETTINGS
from forum.tokens import hashed
from storage import clock, database
from storage.sessions import Purpose
from tests import clamd
from tests.buckets import Moto
from tests.clamd import Clamd
from tests.conftest import lacking
from tests.installation import ROOT, Installation, here
from tests.world import PASSWORD


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A newcomer's road, walked once; the tests look at where it led."""
    run = Installation(tmp_path_factory.mktemp("installation") / "data")
    assert run.well("setup") == "applied: " + ", ".join(
        path.name for path in sorted((ROOT / "migrations/storage").glob("[0-9]*.py"))
    )
    for words, printed in (
        (["organisation", "add", "Aneby"], "Aneby"),
        (["person", "add", "Olga Operatör", "--operator"], "olga.operator"),
        (["person", "add", "Åsa Öström", "--email", "Asa@Aneby.example", "--title", "samordnare"],
         "asa.ostrom"),
        (["person", "add", "Bo Ek"], "bo.ek"),
        (["network", "add", "LSS-handläggare", "--coordinator", "asa.ostrom", "--organisation",
          "Aneby", "--actor", "olga.operator", "--description", "För oss."], "lss-handlaggare"),
    ):  # fmt: skip
        done = run.here(*words)
        assert done.exit_code == 0, done.output
        assert done.stdout == f"{printed}\n"
    return run


def test_setup_is_safe_to_repeat(installed: Installation) -> None:
    assert installed.well("setup") == "nothing to do"


def test_everything_on_the_road_is_there(installed: Installation) -> None:
    assert installed.rows("SELECT username, email, title, operator FROM person ORDER BY id") == [
        ("olga.operator", None, "", 1),
        ("asa.ostrom", "asa@aneby.example", "samordnare", 0),
        ("bo.ek", None, "", 0),
    ]
    assert installed.rows("SELECT slug, name, kind, description FROM network") == [
        ("lss-handlaggare", "LSS-handläggare", "network", "För oss.")
    ]


def test_the_operator_is_no_member_of_what_she_has_created(installed: Installation) -> None:
    assert ("olga.operator",) not in installed.rows(
        "SELECT p.username FROM membership m JOIN person p ON p.id = m.person_id"
    )


def test_a_coordinator_adds_an_area_and_nobody_else_does(installed: Installation) -> None:
    words = ("area", "add", "lss-handlaggare", "Boende")
    assert installed.here(*words, "--actor", "asa.ostrom").stdout == "Boende\n"
    taken = "There is already a subject area with this name."
    assert taken in installed.refused(*words, SAMVERKAN_ACTOR="asa.ostrom")
    for actor in ("olga.operator", "bo.ek"):
        # Strangers are told the same as of a network that is not there.
        said = installed.refused(*words, "--actor", actor)
        assert said == f"Error: there is no network lss-handlaggare that {actor} is in"


def test_a_member_is_added_with_a_role_until_a_day(installed: Installation) -> None:
    until = clock.today() + timedelta(days=30)
    words = ("member", "add", "lss-handlaggare", "bo.ek", "--organisation", "Aneby",
             "--actor", "asa.ostrom", "--role", "guest", "--until")  # fmt: skip
    yesterday = str(clock.today() - timedelta(days=1))
    too_early = "The last day cannot be before today or before the first day."
    assert too_early in installed.refused(*words, yesterday)
    said = installed.here(*words, str(until), "--function", "researcher").stdout
    assert said == "bo.ek is a guest of lss-handlaggare\n"
    assert ("guest", "researcher", str(until)) in installed.rows(
        "SELECT role, function, ends_on FROM membership"
    )
    already = "Bo Ek is already a member."
    assert already in installed.refused(*words, str(until))
    # A guest has come in, but manages nothing.
    refused = installed.refused("area", "add", "lss-handlaggare", "Annat", "--actor", "bo.ek")
    assert refused == "Error: bo.ek is not a coordinator of lss-handlaggare"


async def test_a_password_link_works_once(installed: Installation) -> None:
    printed = installed.well("person", "password-link", "asa.ostrom",
                             SAMVERKAN_BASE_URL="https://samverkan.example")  # fmt: skip
    found = re.fullmatch(r"https://samverkan\.example/password-links/([\w-]{43})", printed)
    assert found
    async with database.opened(installed.url):
        with pytest.raises(Invalid):
            await login_links.choose_password(found[1], "åsa åsa åsa öström")
        assert (await login_links.choose_password(found[1], PASSWORD)).username == "asa.ostrom"
        with pytest.raises(login_links.DeadLink):
            await login_links.whose(found[1], Purpose.PASSWORD)
    assert (PASSWORD,) not in installed.rows("SELECT password_hash FROM person")


REFUSED = [
    ("person password-link nobody", "nobody has the username nobody"),
    ("person add Xy --email nonsense",
     "Write an e-mail address, such as anna.ek@kommun.example."),
    ("person add Åsa --email ASA@aneby.example",
     "Another account already has this e-mail address."),
    ("person add 🌲", "Write the person’s name with letters."),
    ("person add", "Missing argument 'NAME'"),
    ("organisation add Aneby", "There is already an organisation with this name."),
    ("organisation add X --kind planet", "'planet' is not one of"),
    ("network add X --coordinator bo.ek --organisation Aneby --actor bo.ek",
     "bo.ek is not an operator"),
    ("network add X --coordinator no --organisation Aneby --actor olga.operator",
     "nobody has the username no"),
    ("network add X --coordinator bo.ek --organisation No --actor olga.operator",
     "there is no organisation No; add it first"),
    ("network add X --coordinator bo.ek --organisation Aneby --actor olga.operator --parent none",
     "there is no network none"),
    ("network add LSS-handläggare --coordinator bo.ek --organisation Aneby --actor olga.operator",
     "Another network already has this address."),
    ("network add X --coordinator bo.ek --organisation Aneby", "Missing option '--actor'"),
    ("member add none bo.ek --organisation Aneby --actor asa.ostrom",
     "there is no network none that asa.ostrom is in"),
    ("member add lss-handlaggare no --organisation Aneby --actor asa.ostrom",
     "nobody has the username no"),
    ("member add lss-handlaggare bo.ek --organisation No --actor asa.ostrom",
     "there is no organisation No; add it first"),
    ("member add lss-handlaggare bo.ek --organisation Aneby --actor no",
     "nobody has the username no"),
    ("member add lss-handlaggare bo.ek --organisation Aneby --actor olga.operator",
     "there is no network lss-handlaggare that olga.operator is in"),
    ("member add lss-handlaggare bo.ek --organisation Aneby --actor asa.ostrom --role king",
     "'king' is not one of"),
    ("member add lss-handlaggare bo.ek --organisation Aneby --actor asa.ostrom --until soon",
     "'soon' does not match the format"),
    ("nonsense", "No such command 'nonsense'"),
    ("--port 0 check", "SAMVERKAN_PORT is '0'; expected a port number from 1 to 65535"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=[words for words, _said in REFUSED])
def test_what_cannot_be_is_refused_in_a_line(
    installed: Installation, words: str, said: str
) -> None:
    result = here(words.split(), SAMVERKAN_DATA=str(installed.data))
    assert result.exit_code in {1, 2}
    assert said in result.stderr.splitlines()[-1]
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""


def commands(group: click.Group = main, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


def test_every_command_that_is_promised_is_there() -> None:
    assert set(commands()) >= {
        ("setup",), ("demo",), ("serve",), ("worker",), ("shell",), ("check",),
        ("network", "add"), ("area", "add"), ("organisation", "add"), ("person", "add"),
        ("member", "add"), ("person", "password-link"),
    }  # fmt: skip


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_and_each_of_its_options_has_help(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    result = here([*command, "--help"], SAMVERKAN_DATA=str(tmp_path / "data"))
    assert result.exit_code == 0
    found: click.Command = main
    for word in command:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    assert found.help
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.opts[0] in result.stdout
    # Asking for help makes nothing.
    assert not (tmp_path / "data").exists()


def test_every_setting_is_an_option_and_an_environment_variable() -> None:
    said = here(["--help"]).stdout
    for setting in SETTINGS:
        assert f"--{setting.name.lower().replace('_', '-')} " in said
        assert f"SAMVERKAN_{setting.name}]" in re.sub(r"\s+", "", said)


def test_an_option_counts_before_its_environment_variable(tmp_path: Path) -> None:
    run = Installation(tmp_path / "environment")
    option = tmp_path / "option"
    assert run.here("--data", str(option), "setup").exit_code == 0
    assert (option / "samverkan.sqlite").exists()
    assert not run.data.exists()


def test_a_commands_own_options_may_come_from_the_environment(installed: Installation) -> None:
    environment = {
        "SAMVERKAN_DATA": str(installed.data),
        "SAMVERKAN_ORGANISATION_ADD_KIND": "region",
    }
    assert here(["organisation", "add", "Region Jönköpings län"], **environment).exit_code == 0
    assert ("region",) in installed.rows("SELECT kind FROM organisation WHERE name LIKE 'Region%'")


def test_the_check_is_well_after_setup_and_says_a_line_for_each_thing(
    installed: Installation,
) -> None:
    done = installed.here("check")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        "database:", "migrations:", "blobs:", "confinement:", "programs:", "disk:", "scanner:",
        "jobs:", "mail:",
    ]  # fmt: skip
    assert all(line.startswith("ok ") for line in lines)


def test_the_check_fails_when_the_scanner_or_the_bucket_does_not_answer(
    installed: Installation, tmp_path: Path
) -> None:
    environment = {
        "SAMVERKAN_DATA": str(installed.data),
        "SAMVERKAN_CLAMD": f"unix:{tmp_path}/clamd.ctl",
        "SAMVERKAN_BLOBS_URL": "s3://bucket/prefix",
        "SAMVERKAN_S3_ENDPOINT": "http://127.0.0.1:1",
        "SAMVERKAN_S3_KEY_ID": "AKIAEXAMPLE",
        "SAMVERKAN_S3_SECRET": "hemlig-nyckel",
    }
    done = here(["check"], **environment)
    assert done.exit_code == 1
    said = f"TROUBLE scanner: does not answer, and files wait: unix:{tmp_path}/clamd.ctl"
    assert said in done.stdout
    assert "TROUBLE blobs: s3://bucket/prefix cannot be used" in done.stdout
    assert "hemlig" not in done.output


def test_the_check_is_well_with_a_scanner_and_a_bucket_that_answer(
    installed: Installation, moto: Moto, tmp_path: Path
) -> None:
    lacking("clamd", clamd.lacking())
    place = moto.bucket()
    with Clamd(tmp_path) as scanner:
        done = here(
            ["check"],
            SAMVERKAN_DATA=str(installed.data),
            SAMVERKAN_CLAMD=str(scanner.unix),
            SAMVERKAN_BLOBS_URL=place.url,
            SAMVERKAN_S3_ENDPOINT=place.endpoint,
            SAMVERKAN_S3_KEY_ID="key",
            SAMVERKAN_S3_SECRET="secret",
        )
    assert done.exit_code == 0, done.output
    assert f"ok      blobs: {place.url} and the data folder can be written to" in done.stdout
    assert f"ok      scanner: answers ({scanner.unix})" in done.stdout


def test_the_check_reads_every_file_when_it_is_told_to(tmp_path: Path) -> None:
    run = Installation(tmp_path)
    assert run.here("setup").exit_code == 0
    digest = hashlib.sha256(b"kept").hexdigest()
    with closing(sqlite3.connect(tmp_path / "samverkan.sqlite")) as connection:
        connection.execute("INSERT INTO blob VALUES (?, 4, '2026-01-01')", (digest,))
        connection.commit()
    missing = run.here("check", "--blobs")
    assert missing.exit_code == 1
    assert f"TROUBLE blob: {digest} is missing (nothing refers to it)" in missing.stdout
    assert "TROUBLE blobs: 1 read (0.0 MB): 1 missing" in missing.stdout
    place = tmp_path / "blobs" / digest[:2] / digest[2:]
    place.parent.mkdir()
    place.write_bytes(b"kept")
    well = run.here("check", "--blobs")
    assert well.exit_code == 0, well.output
    assert "ok      blobs: 1 read (0.0 MB): all whole" in well.stdout
    assert well.stderr == ""


def test_the_check_fails_before_the_set_up_and_makes_no_database(tmp_path: Path) -> None:
    run = Installation(tmp_path / "data")
    done = run.here("check")
    assert done.exit_code == 1
    assert "TROUBLE database: " in done.stdout
    assert "run: samverkan setup" in done.stdout
    assert not (run.data / "samverkan.sqlite").exists()


def test_the_check_fails_when_the_data_folder_cannot_be_written(installed: Installation) -> None:
    # A file where the folder should be: root may write anywhere else.
    there = installed.data / "samverkan.sqlite" / "files"
    done = here(["check"], SAMVERKAN_DATA=str(there), SAMVERKAN_DATABASE_URL=installed.url)
    assert done.exit_code == 1
    assert "TROUBLE blobs: the data folder cannot be written to" in done.stdout
    assert "TROUBLE blobs" in done.stdout


def test_the_check_fails_when_the_database_does_not_answer(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"postgres://anna:hemlis@127.0.0.1:{taken.getsockname()[1]}/samverkan"
        done = here(["check"], SAMVERKAN_DATA=str(tmp_path), SAMVERKAN_DATABASE_URL=url)
    assert done.exit_code == 1
    assert done.stdout.startswith("TROUBLE database: cannot be used")
    assert "hemlis" not in done.output


def test_the_check_shows_jobs_that_have_failed_for_good(tmp_path: Path) -> None:
    run = Installation(tmp_path)
    assert run.here("setup").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "samverkan.sqlite")) as connection:
        connection.execute(
            "INSERT INTO job (kind, payload, state, attempts, run_at, error, created_at)"
            " VALUES ('x', '{}', 'failed', 8, '2026-01-01', 'no', '2026-01-01')"
        )
        connection.commit()
    done = here(["check"], SAMVERKAN_DATA=str(tmp_path))
    assert done.exit_code == 1
    assert "TROUBLE jobs: 0 waiting, 1 failed for good" in done.stdout


@pytest.mark.parametrize("command", ["setup", "serve", "worker", "demo", "shell"])
def test_a_data_folder_that_cannot_be_made_is_told_in_a_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    done = here([command], SAMVERKAN_DATA=str(tmp_path / "file" / "data"))
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert str(tmp_path) in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_the_demo_refuses_a_public_address(tmp_path: Path) -> None:
    done = here(["demo"], SAMVERKAN_DATA=str(tmp_path), SAMVERKAN_BASE_URL="https://s.example")
    assert done.exit_code == 1
    assert "for this computer only" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_readable_by_its_owner_alone(installed: Installation) -> None:
    assert (installed.data / "samverkan.sqlite").stat().st_mode & 0o077 == 0


def test_the_shell_does_what_its_first_line_says(installed: Installation) -> None:
    done = installed("shell", given="print([p.username for p in run(Person.all())])\n")
    assert done.returncode == 0
    assert "['olga.operator', 'asa.ostrom', 'bo.ek']" in done.stdout


def test_an_app_password_is_printed_once_and_kept_as_a_hash(installed: Installation) -> None:
    printed = installed.well("app-password", "add", "bo.ek")
    assert re.fullmatch("([a-z2-7]{4}-){7}[a-z2-7]{4}", printed)
    [(digest, name)] = installed.rows("SELECT digest, name FROM app_password")
    assert digest == hashed(printed.replace("-", ""))
    assert name == "samverkan app-password"
    assert "nobody" in installed.here("app-password", "add", "ingen").output
