"""What machines ask: load balancers for health, Prometheus for numbers. Nobody is told of."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import ASGIApp
from tortoise.connection import get_connection

from forum import health
from forum.settings import Settings
from storage import clock, database
from storage.jobs import Job, JobState
from tests.conftest import Browser, client, running
from tests.world import World

Opened = Callable[..., Browser]
TOKEN = "hundra-blanka-stenar"
PROBES = ("/health/live", "/health/ready")


@pytest.fixture(autouse=True)
def asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ONCE_IN_SECONDS", 0.0)


@pytest.fixture
async def probe(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A load balancer: it asks the machine by its own address, and has no cookie or Origin."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.1.2.3:8000") as http:
        yield http


async def ready(http: httpx.AsyncClient) -> tuple[int, str]:
    answer = await http.get("/health/ready")
    return answer.status_code, answer.text


async def test_a_load_balancer_is_told_by_whatever_name_it_asks(probe: httpx.AsyncClient) -> None:
    for path in PROBES:
        for host in ("10.1.2.3:8000", "", "x" * 300):
            answer = await probe.get(path, headers={"Host": host})
            assert (answer.status_code, answer.text) == (200, "ok")
            assert "set-cookie" not in answer.headers
    for path in ("/help", "/health/ready/", "/health", "/"):
        assert (await probe.get(path)).status_code == 400


async def test_health_says_the_same_to_everybody(world: World, browser: Opened) -> None:
    for person in (world["ann"], world["olga"], None):
        async with browser(person) as http:
            for path in PROBES:
                assert (await http.get(path)).text == "ok"


async def test_a_database_that_does_not_answer_is_told_in_a_word(
    probe: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await get_connection("default").execute_query("ALTER TABLE aerich RENAME TO gone")
    assert await ready(probe) == (503, "database")
    # The process answers all the same: to start it anew would not mend the database.
    assert (await probe.get("/health/live")).text == "ok"


async def test_a_schema_that_is_too_old_is_told_in_a_word(probe: httpx.AsyncClient) -> None:
    await get_connection("default").execute_query(
        "DELETE FROM aerich WHERE id = (SELECT max(id) FROM aerich)"
    )
    assert await ready(probe) == (503, "migrations")


async def test_a_schema_of_a_later_version_will_do_while_both_run(
    probe: httpx.AsyncClient,
) -> None:
    await get_connection("default").execute_query(
        "INSERT INTO aerich (version, app, content) VALUES ('9999_later.py', 'storage', '{}')"
    )
    assert await ready(probe) == (200, "ok")


async def test_a_folder_that_takes_no_file_is_told_in_a_word(
    chosen: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    async with running(replace(chosen, data=folder)) as app, client(app) as http:
        assert await ready(http) == (503, "folder")
        folder.mkdir()
        assert await ready(http) == (200, "ok")
        assert list(folder.iterdir()) == []
        folder.rmdir()
        assert await ready(http) == (503, "folder")


async def test_a_disk_that_hangs_is_told_soon_and_keeps_one_thread(
    probe: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, asked = threading.Event(), []

    def hang(folder: Path) -> None:
        asked.append(folder)
        hanging.wait()

    monkeypatch.setattr(health, "_write", hang)
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    try:
        answers = await asyncio.gather(*(ready(probe) for _ in range(20)))
        assert set(answers) == {(503, "folder")}
        assert len(asked) == 1
    finally:
        hanging.set()
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 60)
    assert await ready(probe) == (200, "ok")


async def test_who_asks_often_costs_one_look(
    probe: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ONCE_IN_SECONDS", 3600.0)
    assert await ready(probe) == (200, "ok")
    await get_connection("default").execute_query("DELETE FROM aerich")
    assert {await ready(probe) for _ in range(50)} == {(200, "ok")}


async def test_a_server_that_is_about_to_end_asks_for_no_more_visitors(
    probe: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_stopping", False)
    health.stop()
    assert await ready(probe) == (503, "stopping")
    assert (await probe.get("/health/live")).text == "ok"


# --- Numbers


@pytest.fixture
def chosen(chosen: Settings) -> Settings:
    return replace(chosen, metrics_token=TOKEN)


def numbers(answer: httpx.Response) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return each sample by its name and its labels' values."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def scraped(http: httpx.AsyncClient) -> dict[tuple[str, tuple[str, ...]], float]:
    answer = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return numbers(answer)


async def test_there_are_no_numbers_without_a_token_in_the_settings(chosen: Settings) -> None:
    async with running(replace(chosen, metrics_token="")) as app, client(app) as http:
        for given in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}"):
            answer = await http.get("/metrics", headers={"Authorization": given})
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}",
     "Bearer å"],
)  # fmt: skip
async def test_numbers_are_for_who_has_the_token(
    probe: httpx.AsyncClient, world: World, browser: Opened, given: str
) -> None:
    headers = {"Authorization": given.encode("latin-1")}
    async with browser(world["olga"]) as operator:
        for http in (probe, operator):
            answer = await http.get("/metrics", headers=headers)  # type: ignore[arg-type]
            assert (answer.status_code, answer.content) == (401, b"")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_jobs_that_wait_and_that_have_failed_are_counted(probe: httpx.AsyncClient) -> None:
    for state in (JobState.READY, JobState.READY, JobState.RUNNING, JobState.FAILED):
        await Job.create(kind="test", state=state, run_at=clock.now())
    found = await scraped(probe)
    assert found["samverkan_jobs", ("waiting",)] == 2
    assert found["samverkan_jobs", ("failed",)] == 1


async def test_the_other_numbers_are_told_when_the_database_is_gone(
    probe: httpx.AsyncClient,
) -> None:
    async def drop() -> None:
        await get_connection("default").execute_query("DROP TABLE job")

    await database.write(drop)
    found = await scraped(probe)
    assert found["samverkan_jobs", ("waiting",)] == -1
    assert ("samverkan_sockets", ()) in found
