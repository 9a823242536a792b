"""What happens to a post when two do different things with it at once, and what files hold after.

SQLite, which has one writer, cannot show it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from forum import erasures, revisions, worker
from forum.erasures import Removal
from forum.revisions import Wording
from forum.settings import Settings
from storage import clock, door
from storage.door import Inside
from storage.jobs import Job
from storage.scrubbing import QUIET_HOUR
from tests.http.pages import Page
from tests.http.records import Browsers, events, row, rows
from tests.postgres.server import Server
from tests.world import SECRET_REPLY, World

pytestmark = pytest.mark.postgres

AT_ONCE = 8


def here(world: World, number: int = 2) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}/posts/{number}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


@pytest.fixture
async def everybody(world: World, browser: Browsers) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Ann's, Bob's and Gus's browsers."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(browser(world[name]))
            for name in ("ann", "bob", "gus")
        }


async def test_of_changes_at_once_one_is_saved_and_the_others_are_shown_both_texts(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    forms = [{"body": f"Text {n}.", "revision": "1"} for n in range(AT_ONCE)]
    answers = await asyncio.gather(
        *(everybody["bob"].post(here(world) + "/edit", data=form) for form in forms)
    )
    assert Counter(one.status_code for one in answers) == {303: 1, 409: AT_ONCE - 1}
    saved = (await row("reply", id=world.reply.id))["body"]
    for form, answer in zip(forms, answers, strict=True):
        if answer.status_code == 303:
            assert form["body"] == saved
        else:
            page = Page(answer)
            assert page.form(here(world) + "/edit").values["body"] == form["body"]
            assert saved in answer.text
    assert [one["body"] for one in await rows("revision")] == [SECRET_REPLY]


async def test_the_same_change_sent_at_once_is_one(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    form = {"body": "En gång.", "revision": "1"}
    answers = await asyncio.gather(
        *(everybody["bob"].post(here(world) + "/edit", data=form) for _ in range(AT_ONCE))
    )
    assert {one.status_code for one in answers} == {303}
    assert len(await rows("revision")) == 1


@pytest.mark.parametrize("turn", range(3))
async def test_a_change_and_a_hiding_at_once_lose_neither_text(
    world: World, everybody: dict[str, httpx.AsyncClient], turn: int
) -> None:
    changed, hidden = await asyncio.gather(
        everybody["bob"].post(here(world) + "/edit", data={"body": "Ändrat.", "revision": "1"}),
        everybody["ann"].post(here(world) + "/hiding", data={"hidden": "yes"}),
    )
    reply = await row("reply", id=world.reply.id)
    assert hidden.status_code == 303
    assert reply["hidden_at"] is not None
    if changed.status_code == 303:
        assert (reply["body"], len(await rows("revision"))) == ("Ändrat.", 1)
    else:
        assert Page(changed).form(here(world) + "/edit").values["body"] == "Ändrat."
        assert (reply["body"], await rows("revision")) == (SECRET_REPLY, [])


@pytest.mark.parametrize("turn", range(3))
async def test_a_change_and_a_removal_at_once_leave_nothing_of_what_was_to_go(
    world: World, everybody: dict[str, httpx.AsyncClient], turn: int
) -> None:
    changed, removed = await asyncio.gather(
        everybody["bob"].post(here(world) + "/edit", data={"body": "Ändrat.", "revision": "1"}),
        everybody["ann"].post(here(world) + "/erasure", data={"part": "text", "reason": "Namn"}),
    )
    assert removed.status_code == 303
    texts = [one["body"] for one in await rows("revision")]
    present = (await row("reply", id=world.reply.id))["body"]
    if changed.status_code == 303:
        # It was changed first: the text that she saw in its place was the one that went.
        assert (texts, present) == ([SECRET_REPLY, ""], "")
    else:
        assert changed.status_code == 409
        assert (texts, present) == ([""], "")


@pytest.mark.parametrize("turn", range(3))
async def test_a_split_and_answers_at_once_number_without_gaps(
    world: World, everybody: dict[str, httpx.AsyncClient], turn: int
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}/replies"
    form = {"title": "En egen", "kind": "question"}
    answers = await asyncio.gather(
        *(everybody["gus"].post(there, data={"body": f"Svar {n}"}) for n in range(4)),
        *(everybody["ann"].post(here(world) + "/split", data=form) for _ in range(2)),
    )
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers[4:]}) == 1
    numbers = [one["number"] for one in await rows("reply", thread_id=world.thread.id)]
    assert sorted(numbers) == [2, 3, 4, 5, 6]
    assert (await row("split"))["reply_id"] == world.reply.id
    assert await events(world)


async def test_a_closure_and_answers_at_once_lose_no_text(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    answers = await asyncio.gather(
        *(everybody["gus"].post(f"{there}/replies", data={"body": f"Svar {n}"}) for n in range(4)),
        everybody["ann"].post(f"{there}/closure", data={"closed": "yes"}),
    )
    posted = [one["body"] for one in await rows("reply", thread_id=world.thread.id)]
    for number, answer in enumerate(answers[:4]):
        if answer.status_code == 303:
            assert f"Svar {number}" in posted
        else:
            assert answer.status_code == 422
            assert f"Svar {number}" in answer.text


# ---- What the server's files hold afterwards -------------------------------------------------

CANARY = "kanarieord"


async def holding(server: Server, chosen: Settings) -> list[str]:
    """The files of this database that hold the canary, once everything has been written out."""
    connection = await asyncpg.connect(chosen.database_url)
    try:
        await connection.execute("CHECKPOINT")
        number = await connection.fetchval(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        )
    finally:
        await connection.close()
    folder = server.folder / "data" / "base" / str(number)
    return [file.name for file in folder.iterdir() if CANARY.encode() in file.read_bytes()]


async def test_by_night_what_was_removed_goes_out_of_the_servers_files(
    world: World, server: Server, chosen: Settings
) -> None:
    bob = await enter(world, "bob")
    # One that is short and one that PostgreSQL keeps apart from its row, where it would compress
    # a text that repeats itself.
    long = " ".join(f"{n * 7919 % 100_003:x}" for n in range(4000))
    for number, text in enumerate((CANARY, f"{CANARY} {long}"), 1):
        await revisions.edit(bob, world.thread.id, 2, Wording(text, number))
    assert await holding(server, chosen)
    ann = await enter(world, "ann")
    _thread, _post, parts = await erasures.parts(ann, world.thread.id, 2)
    keys = frozenset(part.key for part in parts)
    await erasures.erase(ann, world.thread.id, 2, Removal(keys, "Ett namn"))
    (job,) = await Job.filter(kind=erasures.JOB)
    assert job.run_at > clock.now()
    assert job.run_at.astimezone(clock.STOCKHOLM).time() == QUIET_HOUR
    await worker.do_one(chosen)
    assert await Job.filter(kind=erasures.JOB).count() == 1
    await Job.filter(id=job.id).update(run_at=clock.now())
    while await worker.do_one(chosen):
        pass
    assert await Job.filter(kind=erasures.JOB).count() == 0
    assert await holding(server, chosen) == []
