"""The keys by which the database itself refuses a row that crosses networks."""

import secrets
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from forum import discussions, networks
from storage import clock, door
from storage.door import Inside
from storage.events import Event
from storage.keys import COMPOSITE_KEYS, NETWORK_KEYS, Key
from storage.owned import Owned
from tests.world import World, ask


async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


Values = dict[str, Any]


async def _fill(inside: Inside) -> dict[str, int]:
    """Return the id of a row of each kind in a network, made where there is none."""
    area = await inside.areas.first() or await networks.add_area(inside, "Allmänt")
    thread = await inside.threads.first() or await ask(inside, "Fråga", "Text.", area.id)
    reply = await inside.replies.first() or await discussions.post_reply(
        inside, thread.id, "Svar.", "svar"
    )
    return {"area": area.id, "thread": thread.id, "reply": reply.id}


def _row(table: str, network_id: int, ids: dict[str, int], person_id: int) -> Values:
    """A new row of a table, which the database takes."""
    now = clock.now().isoformat()
    nonce = secrets.token_hex(8)
    post = {
        "body": "x",
        "body_html": "x",
        "author_id": person_id,
        "organisation_id": 1,
        "created_at": now,
        "version": 1,
        "form_nonce": nonce,
    }
    rows: dict[str, Values] = {
        "membership": {
            "person_id": person_id,
            "organisation_id": 1,
            "function": "other",
            "role": "member",
            "starts_on": "2026-01-01",
            "created_at": now,
        },
        "area": {"name": nonce, "description": "", "position": 9},
        "thread": {
            **post,
            "area_id": ids["area"],
            "kind": "question",
            "title": "x",
            "last_number": 1,
            "last_posted_at": now,
        },
        "reply": {**post, "thread_id": ids["thread"], "number": 99},
        "mention": {
            "thread_id": ids["thread"],
            "reply_id": ids["reply"],
            "person_id": person_id,
        },
        "read_mark": {"thread_id": ids["thread"], "person_id": person_id, "number": 1, "at": now},
        "event": {"seq": 999, "kind": "areas.changed", "audience": "members", "at": now},
    }
    return {**rows[table], "network_id": network_id}


async def _insert(table: str, row: Values) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    places = ", ".join("?" for _ in row)
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'
    await get_connection("default").execute_query(statement, list(row.values()))


@pytest.mark.parametrize("key", COMPOSITE_KEYS, ids=lambda key: f"{key.child}.{key.column}")
async def test_the_database_refuses_a_row_that_crosses_networks(world: World, key: Key) -> None:
    here = await _fill(await ann(world))
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    there = await _fill(charlie)
    # Olga has written nothing and read nothing: no other key stands in the row's way.
    olga = world["olga"].id
    crossing = _row(key.child, world.elsewhere.id, there, olga) | {key.column: here[key.parent]}
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await _insert(key.child, crossing)
    await _insert(key.child, crossing | {key.column: there[key.parent]})
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await get_connection("default").execute_query(
            f'UPDATE "{key.child}" SET "{key.column}" = ? WHERE id = (SELECT MAX(id) FROM'
            f' "{key.child}")',
            [here[key.parent]],
        )


@pytest.mark.parametrize("table", NETWORK_KEYS)
async def test_the_database_refuses_a_row_of_a_network_that_is_not_there(
    world: World, table: str
) -> None:
    ids = await _fill(await ann(world))
    row = _row(table, world.network.id, ids, world["olga"].id)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await _insert(table, row | {"network_id": 999})
    with pytest.raises(IntegrityError, match="NOT NULL"):
        await _insert(table, row | {"network_id": None})
    await _insert(table, row)


@pytest.mark.usefixtures("app")
async def test_no_row_points_at_another_without_a_key_to_hold_it() -> None:
    """What the lists do not name, the database would not refuse."""
    models = Tortoise.apps["storage"].values()
    owned = {model._meta.db_table: model for model in models if issubclass(model, Owned)}
    assert set(owned) == set(NETWORK_KEYS)
    pointing = {
        (table, name)
        for table, model in owned.items()
        # An event names rows by plain numbers and outlives them.
        if model is not Event
        for name, field in model._meta.fields_map.items()
        if name.endswith("_id") and name != "network_id" and field.reference is None
    }
    assert pointing == {(key.child, key.column) for key in COMPOSITE_KEYS}
