"""What every page looks up is remembered while nothing of it has changed, and not longer."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from forum import discussions, sessions
from storage import clock, database, door, steady
from storage.migrate import migrate
from storage.networks import Network
from storage.people import Epoch, Person
from storage.roles import Role
from storage.stamps import Stamp
from tests.http.records import Browsers, change, row, rows
from tests.http.statements import counted
from tests.world import World

DOOR = "FROM membership m JOIN network n"
LOGIN = "FROM session s JOIN person p"


async def stamp() -> Stamp:
    found = await database.stamp()
    assert found is not None
    return found


async def test_the_next_page_takes_what_the_last_has_looked_up(
    world: World, browser: Browsers
) -> None:
    here = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        with counted() as first:
            assert (await http.get(here)).status_code == 200
        with counted() as second:
            assert (await http.get(here)).status_code == 200
    for statement in (LOGIN, DOOR):
        assert [statement in one for one in first].count(True) == 1
        assert not any(statement in one for one in second)


async def test_what_is_written_of_other_things_has_nobody_looked_up_again(
    world: World, browser: Browsers
) -> None:
    here = f"/n/{world.network.slug}/threads/{world.thread.id}"
    ann = await door.enter(world["ann"], world.network.slug)
    async with browser(world["bob"]) as http:
        await http.get(here)
        await discussions.post_reply(ann, world.thread.id, "Ett svar till.", "another")
        with counted() as statements:
            assert "Ett svar till." in (await http.get(here)).text
    assert not any(LOGIN in one or DOOR in one for one in statements)


@pytest.mark.parametrize("table", ["session", "person", "membership", "network"])
async def test_a_row_by_which_somebody_is_let_in_has_all_looked_up_again(
    world: World, browser: Browsers, table: str
) -> None:
    here = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        await http.get(here)
        # Another's row, and nothing but its moment.
        await change(table, 1, created_at=clock.now())
        with counted() as statements:
            await http.get(here)
    assert any(LOGIN in one for one in statements)
    assert any(DOOR in one for one in statements)


async def test_a_column_of_a_network_counts_but_for_the_number_of_its_last_event(
    world: World,
) -> None:
    columns = Network._meta.db_fields - {"id"}
    for name in columns:
        before = await stamp()
        value = {"seq": 1000, "arrangement": 1000, "created_at": clock.now(), "parent_id": 2}
        await change("network", 1, **{name: value.get(name, "changed")})
        after = await stamp()
        assert (after.standing == before.standing) == (name == "seq"), name
        assert after.state != before.state


async def test_a_row_that_goes_counts_and_so_does_one_that_goes_with_it(world: World) -> None:
    person = await Person.create(username="xenia", name="Xenia", email="xenia@example.se")
    network = await Network.create(name="Tomt", slug="tomt")
    for _ in range(2):
        await sessions.start(person, "", remember=False)
    for table, number in (
        ("membership", (await row("membership", person_id=world["eva"].id))["id"]),
        ("network", network.id),
        ("session", (await rows("session", person_id=person.id))[0]["id"]),
        ("person", person.id),
    ):
        before = await stamp()
        gone = f"DELETE FROM {table} WHERE id = :id RETURNING id"
        assert await database.write(partial(database.read, gone, {"id": number}))
        assert (await stamp()).standing != before.standing, table
    assert not await rows("session", person_id=person.id)


async def test_where_nothing_counts_what_changes_all_are_looked_up(
    world: World, browser: Browsers
) -> None:
    here = f"/n/{world.network.slug}/threads"
    await database.write(Epoch.filter(name="standing").delete)
    async with browser(world["bob"]) as http:
        await http.get(here)
        assert (await stamp()).standing is None
        await change("membership", 1, created_at=clock.now())
        with counted() as statements:
            await http.get(here)
    assert any(LOGIN in one for one in statements)
    assert any(DOOR in one for one in statements)


async def test_who_is_removed_past_every_rule_is_out_at_her_next_page(
    world: World, browser: Browsers
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    async with browser(world["bob"]) as http:
        assert (await http.get(f"/n/{world.network.slug}")).status_code == 200
        ended = clock.today() - timedelta(days=1)
        await change("membership", bob.membership.id, ends_on=ended)
        assert (await http.get(f"/n/{world.network.slug}")).status_code == 404
        await change("person", world["bob"].id, active=False)
        assert (await http.get("/")).headers["location"] == "/login"


async def test_time_goes_on_for_what_is_remembered(
    world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    await change("membership", bob.membership.id, ends_on=clock.today())
    async with browser(world["bob"]) as http:
        assert (await http.get(f"/n/{world.network.slug}")).status_code == 200
        with monkeypatch.context() as later:
            tomorrow = clock.today() + timedelta(days=1)
            later.setattr(clock, "today", lambda: tomorrow)
            assert (await http.get(f"/n/{world.network.slug}")).status_code == 404
        # Nobody has written since, and the session ends by its time.
        late = clock.now() + timedelta(hours=13)
        monkeypatch.setattr(clock, "now", lambda: late)
        assert (await http.get("/")).headers["location"] == "/login"


async def test_a_form_that_is_sent_takes_nothing_of_it(world: World, browser: Browsers) -> None:
    here = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["bob"]) as http:
        await http.get(here)
        with counted() as statements:
            assert (await http.post(f"{here}/replies", data={"body": ""})).status_code == 422
    assert any(LOGIN in one for one in statements)
    assert any(DOOR in one for one in statements)


async def test_a_write_within_a_page_sees_its_own_rows(world: World) -> None:
    slug, bob = world.network.slug, world["bob"]

    async def work() -> Role:
        await database.read(
            "UPDATE membership SET role = :role WHERE person_id = :id RETURNING id",
            {"role": Role.GUEST, "id": bob.id},
        )
        return (await door.enter(bob, slug)).role

    with steady.at(await stamp()):
        assert (await door.enter(bob, slug)).role == Role.MEMBER
        assert await database.write(work) == Role.GUEST


async def test_a_slow_page_leaves_nothing_to_those_that_came_after_a_write() -> None:
    found, asked, go = iter(("old", "new")), asyncio.Event(), asyncio.Event()

    @steady.remembered
    async def look_up(slow: bool) -> str:
        mine = next(found)
        if mine == "old":
            asked.set()
            await go.wait()
        return mine

    async def page(number: int) -> str | None:
        with steady.at(Stamp(0, 0, number)):
            return await look_up(True)

    slow = asyncio.create_task(page(1))
    await asked.wait()
    assert await page(2) == "new"
    go.set()
    assert await slow == "old"
    assert await page(2) == "new"


async def test_what_is_not_there_is_not_remembered_nor_more_than_there_is_room_for() -> None:
    asked: list[int] = []

    @steady.remembered
    async def look_up(number: int) -> int | None:
        asked.append(number)
        return number or None

    with steady.at(Stamp(0, 0, 1)):
        assert [await look_up(0), await look_up(0)] == [None, None]
        for number in range(1, steady.AT_MOST + 2):
            await look_up(number)
        await look_up(steady.AT_MOST + 1)
        assert len(asked) == 2 + steady.AT_MOST + 1
        # Room was made by forgetting the first, and no other.
        await look_up(2)
        assert len(asked) == 2 + steady.AT_MOST + 1
        await look_up(1)
    assert len(asked) == 2 + steady.AT_MOST + 2
    # Nor is anything where nothing counts what changes.
    with steady.at(Stamp(0, 0, None)):
        await look_up(1)
    await look_up(1)
    assert len(asked) == 2 + steady.AT_MOST + 4


async def test_a_database_that_is_opened_again_has_another_stamp(tmp_path: Path) -> None:
    # Each counts its own writes, from the same number.
    stamps = []
    for name in ("one", "another", "another"):
        url = f"sqlite:///{tmp_path / name}.sqlite"
        await migrate(url)
        async with database.opened(url):
            stamps.append(await stamp())
    assert len(set(stamps)) == 3
    assert len({one.state for one in stamps}) < 3
