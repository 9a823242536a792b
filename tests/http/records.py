"""What the database holds, for tests that look behind the pages."""

from collections.abc import Callable
from typing import Any

from storage import database
from storage.events import EventKind
from tests.conftest import Browser
from tests.world import World

Browsers = Callable[..., Browser]
Row = dict[str, Any]


async def rows(table: str, **equal: Any) -> list[Row]:
    """Return a table's rows whose columns are equal to these, the oldest first."""
    where = " AND ".join(f"{name} = :{name}" for name in equal) or "1 = 1"
    return await database.read(f"SELECT * FROM {table} WHERE {where} ORDER BY id", equal)


async def row(table: str, **equal: Any) -> Row:
    """Return the only such row."""
    (found,) = await rows(table, **equal)
    return found


async def change(table: str, row_id: int, **values: Any) -> None:
    """Change a row past every rule: how tests move what is written, and not the clock.

    What a thread shows of it is known by the thread's version.
    """
    sets = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"UPDATE {table} SET {sets} WHERE id = :id RETURNING *"

    async def work() -> None:
        (changed,) = await database.read(sql, {**values, "id": row_id})
        thread_id = row_id if table == "thread" else changed.get("thread_id")
        if thread_id:
            newer = "UPDATE thread SET version = version + 1 WHERE id = :id RETURNING id"
            await database.read(newer, {"id": thread_id})

    await database.write(work)


async def events(world: World, after: int = 0) -> list[tuple[EventKind, int | None]]:
    """Return the kinds and actors of the network's events after a ``seq``; there is no gap."""
    found = [one for one in await rows("event", network_id=world.network.id) if one["seq"] > after]
    assert [one["seq"] for one in found] == list(range(after + 1, after + 1 + len(found)))
    return [(EventKind(one["kind"]), one["actor_id"]) for one in found]


async def seq(world: World) -> int:
    """Return the number of the network's last event."""
    return int((await row("network", id=world.network.id))["seq"])


TABLES = ("person", "organisation", "network", "membership", "area", "thread", "reply", "mention",
          "read_mark", "draft", "event", "job")  # fmt: skip


async def everything() -> dict[str, list[Row]]:
    """Return every row that a refused act must leave as it is."""
    return {table: await rows(table) for table in TABLES}
