"""Jobs are done once, tried again, kept when they fail; and what is old is swept away."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.models import Model

from forum import login_links, worker
from forum.settings import Settings
from forum.worker import ABANDONED, ATTEMPTS, FIRST_PAUSE, REMEMBER_DEVICE, REMEMBER_ENDED
from storage import clock
from storage.jobs import Job, JobState
from storage.letters import Letter
from storage.sessions import FailedLogin, KeptForm, KnownDevice, LoginLink, Purpose, Session
from tests.world import World

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Done:
    """What the made-up jobs have done, by the name in their payload."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.another = asyncio.Event()

    async def __call__(self, job: Job, _settings: Settings) -> None:
        """Do it; some fail, and each takes a while."""
        self.names.append(job.payload["name"])
        self.another.set()
        await asyncio.sleep(0)
        if job.payload["name"] == "wrong":
            raise LookupError("nothing there")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """Return what has been done of jobs of the kind "test"."""
    counted = Done()
    monkeypatch.setitem(worker.WORK, "test", counted)
    return counted


async def _job(name: str = "right", **values: Any) -> Job:
    usual: dict[str, Any] = {"kind": "test", "payload": {"name": name}, "run_at": clock.now()}
    return await Job.create(**(usual | values))


async def test_a_job_that_succeeds_is_done_once_and_gone(
    world: World, chosen: Settings, done: Done
) -> None:
    await _job()
    assert await worker.do_one(chosen) is True
    assert await worker.do_one(chosen) is False
    assert done.names == ["right"]
    assert await Job.all().count() == 0


async def test_a_job_that_the_end_of_the_server_interrupts_is_given_back(
    world: World, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def endless(_job: Job, _settings: Settings) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setitem(worker.WORK, "test", endless)
    await _job()
    working = asyncio.create_task(worker.run(chosen))
    await begun.wait()
    working.cancel()
    await asyncio.wait([working])
    assert working.cancelled()
    job = await Job.get()
    # Another takes it at once, and it has not been tried in vain.
    assert (job.state, job.attempts, job.claimed_at) == (JobState.READY, 0, None)


async def test_jobs_are_done_in_the_order_they_are_due_and_none_before_it_is(
    world: World, chosen: Settings, done: Done
) -> None:
    now = clock.now()
    await _job("later", run_at=now + HOUR)
    await _job("second", run_at=now - SECOND)
    await _job("first", run_at=now - HOUR)
    while await worker.do_one(chosen):
        pass
    assert done.names == ["first", "second"]
    assert [job.payload["name"] for job in await Job.all()] == ["later"]


async def test_each_job_is_done_by_one_of_several_workers(
    world: World, chosen: Settings, done: Done
) -> None:
    names = {str(number) for number in range(30)}
    for name in names:
        await _job(name)

    async def work() -> None:
        while await Job.filter(state=JobState.READY).exists():
            await worker.do_one(chosen)

    async with asyncio.timeout(60):
        await asyncio.gather(*(asyncio.create_task(work()) for _ in range(4)))
    assert Counter(done.names) == Counter(names)
    assert await Job.all().count() == 0


async def test_a_job_that_another_has_taken_meanwhile_is_not_taken(world: World) -> None:
    await _job()
    seen_by_both = [await Job.get(), await Job.get()]
    assert [await worker._take(job) for job in seen_by_both] == [True, False]
    assert (await Job.get()).attempts == 1


async def test_a_job_that_fails_is_tried_again_with_growing_pauses_and_then_kept(
    world: World, chosen: Settings, done: Done
) -> None:
    await _job("wrong")
    pauses: list[timedelta] = []
    for attempt in range(1, ATTEMPTS + 1):
        await Job.all().update(run_at=clock.now())
        before = clock.now()
        assert await worker.do_one(chosen) is True
        after = clock.now()
        job = await Job.get()
        assert (job.attempts, job.claimed_at, job.error) == (
            attempt, None, "LookupError: nothing there"
        )  # fmt: skip
        pause = FIRST_PAUSE * 2 ** (attempt - 1)
        assert before + pause <= job.run_at <= after + pause
        pauses.append(pause)
        assert job.state == (JobState.FAILED if attempt == ATTEMPTS else JobState.READY)
        assert await worker.do_one(chosen) is False
    assert pauses == sorted(set(pauses))
    await Job.all().update(run_at=clock.now() - DAY)
    assert await worker.do_one(chosen) is False
    assert len(done.names) == ATTEMPTS


async def test_a_job_that_fails_does_not_hold_up_the_others(
    world: World, chosen: Settings, done: Done
) -> None:
    await _job("wrong", run_at=clock.now() - HOUR)
    await _job("right")
    while await worker.do_one(chosen):
        pass
    assert done.names == ["wrong", "right"]


async def test_a_job_of_an_unknown_kind_fails_and_is_kept(world: World, chosen: Settings) -> None:
    """A newer version may have written it, and may come back."""
    await _job(kind="of tomorrow", attempts=ATTEMPTS - 1)
    assert await worker.do_one(chosen) is True
    job = await Job.get()
    assert job.state == JobState.FAILED
    assert job.error == "KeyError: 'of tomorrow'"


async def test_a_job_whose_worker_was_killed_is_taken_again_after_a_while(
    world: World, chosen: Settings, done: Done
) -> None:
    taken = clock.now() - ABANDONED
    job = await _job(state=JobState.RUNNING, attempts=1, claimed_at=taken + 30 * SECOND)
    assert await worker.do_one(chosen) is False
    await Job.filter(id=job.id).update(claimed_at=taken - SECOND)
    assert await worker.do_one(chosen) is True
    assert done.names == ["right"]
    assert await Job.all().count() == 0


async def test_an_abandoned_job_is_taken_by_one_of_two(world: World) -> None:
    await _job(state=JobState.RUNNING, attempts=1, claimed_at=clock.now() - HOUR)
    seen_by_both = [await Job.get(), await Job.get()]
    assert [await worker._take(job) for job in seen_by_both] == [True, False]


async def test_a_running_worker_does_what_comes_and_ends_when_told(
    world: World, chosen: Settings, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    running = asyncio.create_task(worker.run(chosen))
    async with asyncio.timeout(60):
        for name in ("wrong", "first", "second"):
            done.another.clear()
            await _job(name)
            await done.another.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert done.names == ["wrong", "first", "second"]


async def test_a_link_that_was_asked_for_is_mailed_once(world: World, chosen: Settings) -> None:
    await login_links.ask_for(world["bob"].username, "192.0.2.7")
    await login_links.ask_for("nobody@kommun.example", "192.0.2.7")
    while await worker.do_one(chosen):
        pass
    letters = await Letter.all()
    assert [letter.recipient for letter in letters] == ["bob@kommun.example"]
    assert f"{chosen.base_url}/login-links/" in letters[0].text
    assert await Job.all().count() == 0


async def test_the_sweep_deletes_what_is_old_and_nothing_else(world: World) -> None:
    now, bob = clock.now(), world["bob"].id
    made = 0

    def token() -> dict[str, Any]:
        nonlocal made
        made += 1
        return {"token_hash": str(made), "person_id": bob}

    async def attempt(at: datetime) -> Model:
        return await FailedLogin.create(subject="-", address="-", at=at)

    async def form(expires_at: datetime) -> Model:
        return await KeptForm.create(**token(), path="/", entries=[], expires_at=expires_at)

    async def link(expires_at: datetime) -> Model:
        return await LoginLink.create(**token(), purpose=Purpose.LOGIN, expires_at=expires_at)

    async def device(seen_at: datetime) -> Model:
        return await KnownDevice.create(**token(), seen_at=seen_at)

    async def session(expires_at: datetime) -> Model:
        return await Session.create(**token(), seen_at=now, expires_at=expires_at)

    async def ended_session(ended_at: datetime) -> Model:
        return await Session.create(
            **token(), seen_at=now, expires_at=now + 365 * DAY, ended_at=ended_at
        )

    lifetimes: list[tuple[Callable[[datetime], Any], timedelta]] = [
        (attempt, HOUR),
        (form, timedelta()),
        (link, DAY),
        (device, REMEMBER_DEVICE),
        (session, REMEMBER_ENDED),
        (ended_session, REMEMBER_ENDED),
    ]
    old = [await make(now - lasts - 2 * SECOND) for make, lasts in lifetimes]
    kept = [await make(now - lasts + 60 * SECOND) for make, lasts in lifetimes]
    kept.append(await Letter.create(person_id=bob, recipient="-", subject="-", text="-"))
    kept.append(await _job(state=JobState.FAILED, run_at=now - 400 * DAY))
    await worker.sweep()
    assert [row for row in old if await type(row).exists(pk=row.pk)] == []
    assert [row for row in kept if not await type(row).exists(pk=row.pk)] == []
