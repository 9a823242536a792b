"""The keys by which the database itself refuses a row that crosses networks."""

from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from storage import database, door
from storage.door import Inside
from storage.events import Event
from storage.keys import COMPOSITE_KEYS, NETWORK_KEYS
from storage.owned import Owned
from tests import schema
from tests.world import World


async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


async def _insert(table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    places = ", ".join("?" for _ in row)
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'
    await get_connection("default").execute_query(statement, list(row.values()))


@pytest.mark.parametrize("table", NETWORK_KEYS)
async def test_the_database_refuses_a_row_of_a_network_that_is_not_there(
    world: World, table: str
) -> None:
    ours = await schema.parents(await ann(world), world.area_id, world.thread.id, world.reply.id)
    model = next(one for one in Tortoise.apps["storage"].values() if one._meta.db_table == table)
    assert issubclass(model, Owned)
    await database.write(schema.keep_empty)
    keys = {key.column: ours[key.parent] for key in COMPOSITE_KEYS if key.child == table}
    columns = [name for name in model._meta.db_fields if name != "id"]
    made = model(**schema.filled(model, world) | keys, network_id=world.network.id)
    row = {
        name: model._meta.fields_map[name].to_db_value(getattr(made, name), made)
        for name in columns
    }
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
