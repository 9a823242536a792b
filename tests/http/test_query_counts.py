"""How many statements a page costs, and that it does not grow with what the page shows."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from starlette.types import ASGIApp
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from forum import (
    areas,
    arrivals,
    folders,
    members,
    networks,
    organisations,
    people,
    reading,
    reminders,
    summaries,
    thanks,
    uploads,
    wanted,
)
from forum.settings import Settings
from storage import clock, database, door
from storage.blobs import Store
from storage.discussions import Reply, Thread, ThreadKind
from storage.door import Inside
from storage.sqlite import ReadPool
from tests.files import sent
from tests.filing import filed, revised
from tests.http.records import Browsers, change
from tests.http.statements import counted
from tests.http.test_arrivals import TUS, begun
from tests.http.test_arrivals import sent as piece
from tests.world import World, ask, ask_all, look_for
from web import app as web_app
from web import caches

#: The session with who it is; then the network with the membership at its door. Both are
#: remembered while nobody writes, so they cost nothing when the next page is asked for.
LOGIN, DOOR = 1, 1
#: What the page depends on: all that it costs when it has been made before.
STATE = 1
HOT = LOGIN + DOOR + STATE
#: The thread, a summary of its replies, a page of them, who has answered, and, once for all its
#: threads, the network's municipalities. At most 8 in all.
THREAD = HOT + 5
#: What has been read of the version, and its pages.
PREVIEW = 2
#: The document, its versions, what a program holds of it, the folders it lies in, its owner.
HISTORY = 5
#: And whether it is published.
DOCUMENT = HOT + HISTORY + PREVIEW + 1
#: The areas, a page of threads, a count by area; those that are pinned, where they come first.
LIST = 3
#: Members, their number, notices, reminders, unanswered, pinned, latest, areas, a count by area,
#: municipalities.
NETWORK = 10
#: My memberships and their networks; then for each network a count, its latest threads, reminders.
#: The start page has my drafts in all of them as well.
START, DRAFTS, FOR_EACH_NETWORK = 2, 1, 3

PEOPLE = ("ann", "bob", "gus")


@asynccontextmanager
async def traced(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Collect the statements that SQLite itself says that it runs, on whatever connection.

    But for the question whether anything has been written, which reads no row.
    """
    ran: list[str] = []

    def heard(statement: str) -> None:
        if statement != "PRAGMA data_version":
            ran.append(statement)

    opened = ReadPool._connection

    def connection(self: ReadPool) -> sqlite3.Connection:
        made = opened(self)
        made.set_trace_callback(heard)
        return made

    monkeypatch.setattr(ReadPool, "_connection", connection)
    client = get_connection("default")
    assert isinstance(client, SqliteClient)
    async with client.acquire_connection() as orm:
        await orm.set_trace_callback(heard)
    try:
        yield ran
    finally:
        monkeypatch.undo()
        async with client.acquire_connection() as orm:
            await orm.set_trace_callback(None)


async def cost(browser: Browsers, world: World, address: str, name: str = "bob") -> int:
    """How many statements a page takes, the third time it is asked for."""
    async with browser(world[name]) as http:
        await http.get(address)
        await http.get(address)
        with counted() as statements:
            assert (await http.get(address)).status_code == 200
    return len(statements)


async def first_cost(browser: Browsers, world: World, address: str, name: str) -> int:
    """How many statements a page takes when it has to be made, for who was not here before."""
    async with browser(world[name]) as http:
        await change("membership", 1, created_at=clock.now())
        with counted() as statements:
            assert (await http.get(address)).status_code == 200
    return len(statements)


async def test_each_statement_is_counted_once_whoever_runs_it(world: World) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    with counted() as statements:
        await database.read("SELECT 1 AS one", {})
        assert len(statements) == 1
        await bob.threads.get(id=world.thread.id)
        assert len(statements) == 2
        await bob.read("SELECT :network_id AS one")
        await bob.areas.filter(id=world.area_id).exists()
    assert len(statements) == 4
    await database.read("SELECT 1 AS one", {})
    assert len(statements) == 4


async def test_the_count_is_what_the_database_itself_has_run(
    world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"/n/{world.network.slug}"
    async with browser(world["bob"]) as http, traced(monkeypatch) as ran:
        for address in ("/", base, f"{base}/threads", f"{base}/threads/{world.thread.id}",
                        f"{base}/threads/new", f"{base}/members"):  # fmt: skip
            await http.get(address)
            ran.clear()
            with counted() as statements:
                assert (await http.get(address)).status_code == 200
            assert len(ran) == len(statements) >= STATE, address


# ---- The pages -----------------------------------------------------------------------------


async def replies(inside: Inside, thread_id: int, number: int) -> None:
    """Give a new thread this many replies, in one go."""

    async def fill() -> None:
        await inside.create_many(
            Reply,
            [
                {
                    "thread_id": thread_id,
                    "number": at,
                    "body": "Svar",
                    "body_html": "<p>Svar</p>",
                    "author_id": inside.person.id,
                    "organisation_id": inside.membership.organisation_id,
                    "created_at": clock.now(),
                    "form_nonce": f"{thread_id}-{at}",
                    "helped_at": clock.now() if at % 7 == 0 else None,
                    "helped_by_id": inside.person.id if at % 7 == 0 else None,
                }
                for at in range(2, number + 2)
            ],
        )
        await inside.threads.filter(id=thread_id).update(last_number=number + 1)

    await database.write(fill)


@pytest.mark.parametrize("name", ["ann", "bob", "gus"])
async def test_a_thread_costs_the_same_with_one_reply_and_with_two_hundred(
    app: ASGIApp, world: World, browser: Browsers, name: str
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    found, hot = {}, {}
    for number in (0, 1, 20, 200):
        thread = await ask(ann, f"Tråd {number}", "?", world.area_id)
        await replies(ann, thread.id, number)
        there = f"/n/{world.network.slug}/threads/{thread.id}"
        for page in {1, (number + 19) // 20 or 1}:
            web_app.starlette(app).state.cache.clear()
            # What follows the question mark is on the page, so it is another page.
            found[number, page] = await first_cost(browser, world, f"{there}?page={page}", name)
            hot[number, page] = await cost(browser, world, f"{there}?page={page}", name)
    assert found == dict.fromkeys(found, THREAD)
    assert hot == dict.fromkeys(hot, STATE)
    assert set(found) == {(0, 1), (1, 1), (20, 1), (200, 1), (200, 10)}
    assert THREAD <= 8


async def test_what_one_member_has_read_costs_the_next_one_no_rows_of_it(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    home = (await organisations.all_organisations())[0]
    await members.add_member(ann, world["charlie"], home.id)
    thread = await ask(ann, "Tråd", "?", world.area_id)
    await replies(ann, thread.id, 20)
    there = f"/n/{world.network.slug}/threads/{thread.id}"
    assert await first_cost(browser, world, there, "bob") == THREAD
    assert await first_cost(browser, world, there, "charlie") == HOT


async def test_a_page_that_two_ask_for_at_once_is_made_once(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    thread = await ask(ann, "Tråd", "?", world.area_id)
    # A long one is read in another thread of execution, so that the second finds it half made.
    await replies(ann, thread.id, 120)
    there = f"/n/{world.network.slug}/threads/{thread.id}"
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        with counted() as statements:
            answers = await asyncio.gather(hers.get(there), his.get(there))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [reading._REPLIES in one for one in statements].count(True) == 1


async def test_nobody_waits_for_ever_for_a_page_that_another_does_not_get_made(
    app: ASGIApp, world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "PATIENCE_SECONDS", 0.05)
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    cache: caches.Cache = web_app.starlette(app).state.cache
    keys, made = list[Hashable](), cache.making

    def noted(key: Hashable) -> AbstractAsyncContextManager[None]:
        keys.append(key)
        return made(key)

    monkeypatch.setattr(cache, "making", noted)
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        assert (await hers.get(there)).status_code == 200
        cache.clear()
        async with made(keys[0]):
            assert (await his.get(there)).status_code == 200
    assert keys == keys[:1] * 2


async def test_a_thread_costs_no_more_with_thanks_answers_reminders_and_volunteers(
    world: World, browser: Browsers
) -> None:
    ann, bob, gus = [await door.enter(world[name], world.network.slug) for name in PEOPLE]
    asked, looked = await ask_all(bob, world.area_id), await look_for(ann, world.area_id)
    await reminders.remind(bob, asked.id)
    await replies(ann, asked.id, 30)
    await summaries.summarise(bob, asked.id, "Alla gör lika.", "")
    await wanted.join(bob, looked.id, joining=True)
    for inside in (ann, gus):
        await thanks.thank(inside, asked.id, 1, thanked=True)
    # Who joins in is one statement; nobody counts who has answered a search.
    for thread, costs in ((asked, THREAD), (looked, THREAD - 1)):
        address = f"/n/{world.network.slug}/threads/{thread.id}"
        assert await first_cost(browser, world, address, "bob") == costs, thread.kind
    base = f"/n/{world.network.slug}"
    for show in ("following", "asked", "wanted"):
        assert await cost(browser, world, f"{base}/threads?show={show}") == LIST, show


async def threads(inside: Inside, area_id: int, number: int) -> None:
    """Make this many threads with a reply each, in one go."""
    common = {
        "body": "?",
        "body_html": "<p>?</p>",
        "author_id": inside.person.id,
        "organisation_id": inside.membership.organisation_id,
        "created_at": clock.now(),
    }

    async def fill() -> None:
        kinds = [ThreadKind.QUESTION, ThreadKind.DISCUSSION, ThreadKind.NOTICE]
        before = await inside.threads.all().count()
        await inside.create_many(
            Thread,
            [
                {
                    **common,
                    "kind": kinds[at % 3],
                    "title": f"Tråd {at}",
                    "area_id": area_id,
                    "last_posted_at": clock.now(),
                    "ends_on": clock.today() if kinds[at % 3] == ThreadKind.NOTICE else None,
                    "last_number": 2,
                    "form_nonce": f"{inside.network.id} {before} {at}",
                }
                for at in range(number)
            ],
        )
        made = await inside.threads.filter(form_nonce__startswith=f"{inside.network.id} {before} ")
        await inside.create_many(
            Reply,
            [
                {**common, "thread_id": one.id, "number": 2, "form_nonce": f"{one.id}"}
                for one in made
            ],
        )

    await database.write(fill)


async def more_members(inside: Inside, number: int) -> None:
    home = (await organisations.all_organisations())[0].id

    async def fill() -> None:
        for _ in range(number):
            person = await people.add_person("Ny Medlem")
            await members.add_member(inside, person, home)

    await database.write(fill)


async def test_lists_and_the_network_cost_the_same_with_more_threads_and_members(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    base = f"/n/{world.network.slug}"
    for number in (0, 10, 60):
        await threads(ann, world.area_id, number)
        await more_members(ann, number // 2)
        for query in ("", f"?area={world.area_id}", "?show=unanswered", "?show=mine"):
            pinned = 0 if "show" in query else 1
            found = await cost(browser, world, f"{base}/threads{query}")
            assert found == LIST + pinned, (number, query)
        assert await cost(browser, world, base) == NETWORK, number
        # A guest is not asked for the list of members.
        assert await cost(browser, world, base, "gus") == NETWORK - 1, number


async def test_the_start_page_costs_more_only_for_more_networks(
    world: World, browser: Browsers
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    home = (await organisations.all_organisations())[0]
    for mine in (1, 2, 5):
        while len(await door.enter_all(world["bob"])) < mine:
            name = f"Nätverk {mine} {clock.now().timestamp()}"
            made = await networks.create_network(world["olga"], name, world["bob"], home)
            area = await areas.add_area(await door.enter(world["bob"], made.slug), "Allt")
            await threads(await door.enter(world["bob"], made.slug), area.id, 3)
        await threads(bob, world.area_id, mine * 3)
        # The start page shows each network's latest threads and reminders as well.
        for address, once, each in (
            ("/", START + DRAFTS, FOR_EACH_NETWORK),
            ("/networks", START, FOR_EACH_NETWORK - 2),
        ):
            expected = once + mine * each
            assert await cost(browser, world, address) == expected, (mine, address)


async def test_a_document_costs_the_same_with_two_versions_and_with_fifty(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    store = Store(chosen.data / "blobs")
    document = await filed(bob, store)
    there = f"/n/{world.network.slug}/documents/{document.id}"
    for number in (2, 50):
        while document.last_number < number:
            content = b"%d" % document.last_number
            document.last_number = (await revised(bob, store, document, content)).number
        assert await first_cost(browser, world, there, "gus") == DOCUMENT
        assert await cost(browser, world, there, "gus") == STATE
        acts = await cost(browser, world, f"{there}/versions/1/acts", "gus")
        assert acts == HISTORY


# ---- Folders -------------------------------------------------------------------------------

#: The folder; the way to it, what lies beside it, its folders, its documents, what waits there.
FOLDER = 6
#: The folder itself, where it is not the network's own; what waits; its way; and for what waits,
#: which documents have such names.
PLACEMENTS = 4
#: The row of what is on its way.
ARRIVAL = 1


async def test_a_folder_costs_the_same_with_more_documents(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    store, there = uploads.into_folder(chosen).store, f"/n/{world.network.slug}/documents"
    found = set()
    for number in (1, 10, 30):
        for _ in range(number):
            await filed(bob, store, f"{clock.now().timestamp()}.txt")
        found.add(await first_cost(browser, world, there, "bob"))
        # The network's own folder is looked for by its place.
        assert await cost(browser, world, there) == STATE + 1
    assert found == {HOT + FOLDER}


async def test_placements_cost_the_same_with_more_files(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    limits, top = uploads.into_folder(chosen), await folders.root(bob)
    there, found = f"/n/{world.network.slug}/folders/{top.id}/placements", set()
    for number in (1, 10, 30):
        for _ in range(number):
            came = await sent(limits.store, f"{clock.now().timestamp()}.zip", b"x")
            await arrivals.receive(bob, limits, top.id, came)
        found.add(await cost(browser, world, there))
    assert found == {PLACEMENTS}


async def test_a_piece_of_a_file_costs_little_until_the_last(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 100)).headers["location"]
        for at in range(3):
            with counted() as statements:
                assert (await http.head(address, headers=TUS)).status_code == 200
            assert len(statements) <= LOGIN + DOOR + ARRIVAL, statements
            with counted() as statements:
                assert (await piece(http, address, at, b"x")).status_code == 204
            assert len(statements) <= LOGIN + DOOR + ARRIVAL, statements
