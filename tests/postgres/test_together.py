"""Rows that many ask for at once are asked for together, and each is given her own."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from storage import clock, database, door
from storage.statements import Row
from storage.together import AT_ONCE, Together
from tests.world import World

pytestmark = pytest.mark.postgres

NAME = "SELECT id, name FROM person WHERE id = :id"


@contextmanager
def heard() -> Iterator[list[str]]:
    """Collect what PostgreSQL itself is asked."""
    asked: list[str] = []

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            asked.append(record.getMessage())

    handler, logger = Heard(), logging.getLogger("tortoise.db_client")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield asked
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


async def look_up(person_id: int) -> Row | None:
    return await database.look_up(NAME, {"id": person_id})


async def test_the_first_is_asked_for_at_once_and_those_who_come_meanwhile_together(
    world: World,
) -> None:
    ids = [person.id for person in world.people.values()]
    wanted = [*ids, *ids, 999_999]
    with heard() as asked:
        found = await asyncio.gather(*(look_up(one) for one in wanted))
    assert [row and row["id"] for row in found] == [*ids, *ids, None]
    assert [set(row) for row in found if row] == [{"id", "name"}] * 2 * len(ids)
    assert len(asked) == 2
    with heard() as asked:
        for one in ids:
            assert await look_up(one)
    assert len(asked) == len(ids)


async def test_no_more_than_so_many_are_asked_for_at_once(world: World) -> None:
    bob = world["bob"].id
    with heard() as asked:
        found = await asyncio.gather(*(look_up(bob) for _ in range(2 * AT_ONCE + 11)))
    assert {row["id"] for row in found if row} == {bob}
    assert len(found) == 2 * AT_ONCE + 11
    assert len(asked) == 1 + 3


async def test_who_goes_through_the_door_with_others_enters_her_own_network(world: World) -> None:
    people = [world[name] for name in ("ann", "bob", "charlie", "gus", "eva")] * 5
    entered = await asyncio.gather(
        *(door.enter(one, world.network.slug) for one in people), return_exceptions=True
    )
    for person, inside in zip(people, entered, strict=True):
        if person.id in {world["charlie"].id, world["eva"].id}:
            assert isinstance(inside, door.NotFound)
        else:
            assert isinstance(inside, door.Inside)
            assert inside.membership.person_id == inside.person.id == person.id


async def test_what_no_row_can_be_spoils_nothing_for_others(world: World) -> None:
    slugs = [world.network.slug, "noll\0byte", world.network.slug, "", world.network.slug]
    found = await asyncio.gather(
        *(door.enter(world["bob"], slug) for slug in slugs), return_exceptions=True
    )
    assert [isinstance(one, door.Inside) for one in found] == [True, False, True, False, True]
    assert isinstance(found[1], OperationalError)
    assert isinstance(found[3], door.NotFound)


async def test_values_of_every_kind_are_asked_for_and_those_of_none_alone(world: World) -> None:
    sql = """
        SELECT id FROM membership WHERE person_id = :person AND role = :role
            AND starts_on <= :day AND :now > TIMESTAMPTZ '2020-01-01' AND :yes AND NOT :no
    """
    bob = world["bob"].id
    values: dict[str, Any] = {"person": bob, "role": "member", "day": clock.today(),
                              "now": clock.now(), "yes": True, "no": False}  # fmt: skip
    past = values | {"day": clock.today() - timedelta(days=9_000)}
    found = await asyncio.gather(*(database.look_up(sql, one) for one in (values, values, past)))
    assert found[0] == found[1]
    assert found[0] is not None
    assert found[2] is None
    some = "SELECT id FROM person WHERE id = :id AND CAST(:none AS TEXT) IS NULL"
    with heard() as asked:
        both = [database.look_up(some, {"id": bob, "none": None}) for _ in range(2)]
        assert await asyncio.gather(*both) == [{"id": bob}] * 2
    assert len(asked) == 2


class Slow:
    """A database that answers when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked: list[list[Any]] = []

    async def ask(self, statement: str, values: list[Any]) -> list[Row]:
        self.asked.append(values)
        await self.go.wait()
        if "unnest" in statement:
            return [{"asked_number": n, "id": one} for n, one in enumerate(values[0], 1)]
        return [{"id": values[0]}]


async def test_who_hangs_up_keeps_nobody_waiting() -> None:
    slow = Slow()
    together = Together(slow.ask)
    first = asyncio.create_task(together.look_up(NAME, {"id": 1}))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.look_up(NAME, {"id": one})) for one in (2, 3, 4)]
    await asyncio.sleep(0)
    others[0].cancel()
    first.cancel()
    slow.go.set()
    async with asyncio.timeout(5):
        assert await others[1] == {"id": 3}
        assert await others[2] == {"id": 4}
    assert slow.asked == [[1], [[3, 4]]]
    # Nothing is left over: the next one is asked for at once.
    assert await together.look_up(NAME, {"id": 5}) == {"id": 5}


async def test_a_database_that_has_gone_is_told_to_everybody_who_waits() -> None:
    asked: list[str] = []

    async def gone(statement: str, values: list[Any]) -> list[Row]:
        asked.append(statement)
        await asyncio.sleep(0)
        raise ConnectionError("gone")

    together = Together(gone)
    async with asyncio.timeout(5):
        found = await asyncio.gather(
            *(together.look_up(NAME, {"id": one}) for one in range(30)), return_exceptions=True
        )
    assert {type(one) for one in found} == {ConnectionError}
    assert len(asked) == 2


async def test_an_answer_that_does_not_come_keeps_nobody_waiting_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT CAST(pg_sleep(:seconds) AS TEXT) AS slept, :seconds AS seconds"
    monkeypatch.setattr(database, "ANSWER_WITHIN_SECONDS", 0.3)
    async with asyncio.timeout(20):
        slow = asyncio.create_task(database.look_up(sql, {"seconds": 60}))
        await asyncio.sleep(0)
        others = [database.look_up(sql, {"seconds": 0}) for _ in range(3)]
        found = await asyncio.gather(*others)
        assert [row["seconds"] for row in found if row] == [0, 0, 0]
        with pytest.raises(TimeoutError):
            await slow
