"""What every page looks up is remembered while nobody has written, and not a moment longer."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from storage import clock, database, door, steady
from storage.roles import Role
from tests.http.records import Browsers, change
from tests.http.statements import counted
from tests.world import World

DOOR = "FROM membership m JOIN network n"
LOGIN = "FROM session s JOIN person p"


async def stamp() -> database.Stamp:
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


async def test_who_writes_whatever_it_is_has_everything_looked_up_again(
    world: World, browser: Browsers
) -> None:
    here = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        await http.get(here)
        await change("organisation", 1, name="Annat namn")
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
        with steady.at((0, number)):
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

    with steady.at((0, 1)):
        assert [await look_up(0), await look_up(0)] == [None, None]
        for number in range(1, steady.AT_MOST + 2):
            await look_up(number)
        await look_up(steady.AT_MOST + 1)
        assert len(asked) == 2 + steady.AT_MOST + 1
        # Room was made by forgetting.
        await look_up(1)
    assert len(asked) == 2 + steady.AT_MOST + 2
    await look_up(1)
    await look_up(1)
    assert len(asked) == 2 + steady.AT_MOST + 4


async def test_a_database_that_is_opened_again_has_another_stamp(tmp_path: Path) -> None:
    # Each counts its own writes, from the same number.
    stamps = []
    for name in ("one", "another", "another"):
        async with database.opened(f"sqlite:///{tmp_path / name}.sqlite"):
            stamps.append(await stamp())
    assert len(set(stamps)) == 3
    assert len({number for _opening, number in stamps}) < 3
