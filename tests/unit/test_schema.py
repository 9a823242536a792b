"""The migrations, the models and the list of keys say the same. Run on both databases."""

from pathlib import Path

import pytest
from starlette.types import ASGIApp
from tortoise.exceptions import IntegrityError

from forum import discussions
from storage import database, door
from storage.keys import COMPOSITE_KEYS, NETWORK_KEYS
from storage.migrate import migrate, missing
from storage.owned import Owned
from storage.targets import MODELS
from tests import schema
from tests.world import World, ask


@pytest.fixture
def empty(tmp_path: Path) -> list[str]:
    """The addresses of two databases without a table."""
    return [f"sqlite:///{tmp_path / name}.sqlite" for name in ("first", "second")]


async def test_the_migrated_schema_is_what_the_models_and_the_keys_say(empty: list[str]) -> None:
    await migrate(empty[0])
    migrated = await schema.of_database(empty[0])
    wanted = await schema.of_models(empty[1])
    assert sorted(migrated - wanted) == []
    assert sorted(wanted - migrated) == []
    assert len(migrated) > 150


async def test_setting_up_again_does_nothing(empty: list[str]) -> None:
    assert await missing(empty[0]) == (applied := await migrate(empty[0]))
    before = await schema.of_database(empty[0])
    assert applied
    assert await migrate(empty[0]) == []
    assert await missing(empty[0]) == []
    assert await schema.of_database(empty[0]) == before


async def test_parents_are_unique_with_their_network(empty: list[str]) -> None:
    await migrate(empty[0])
    migrated = await schema.of_database(empty[0])
    parents = {schema.unique(key.parent, "id", "network_id") for key in COMPOSITE_KEYS}
    assert parents <= migrated


async def test_no_key_that_holds_a_network_ever_nulls_it(empty: list[str]) -> None:
    await migrate(empty[0])
    keys = {fact for fact in await schema.of_database(empty[0]) if fact.startswith("KEY ")}
    of_networks = {key for key in keys if "network_id" in key}
    assert len(of_networks) == len(COMPOSITE_KEYS) + len(NETWORK_KEYS)
    assert not {key for key in of_networks if not key.endswith(("RESTRICT", "CASCADE"))}


def test_every_table_of_a_network_points_at_it() -> None:
    # Other tests make models of their own.
    models = {model for model in _owned(Owned) if model.__module__.startswith("storage.")}
    assert {model._meta.db_table for model in models} == set(NETWORK_KEYS)
    assert {model.__module__ for model in models} <= set(MODELS)


def test_every_column_that_names_a_row_of_the_network_is_held_to_it() -> None:
    """Of those tables whose rows others point at. Events outlive what they tell of."""
    parents = {key.parent for key in COMPOSITE_KEYS}
    columns = {
        (model._meta.db_table, f"{parent}_id")
        for model in _owned(Owned)
        for parent in parents
        if f"{parent}_id" in model._meta.fields_map
    }
    loose = {("event", f"{one}_id") for one in ("thread", "reply", "folder", "document")}
    keys = {(key.child, key.column) for key in COMPOSITE_KEYS}
    assert columns - loose == keys - {("folder", "parent_id")}


def _owned(model: type[Owned]) -> list[type[Owned]]:
    below = [one for child in model.__subclasses__() for one in _owned(child)]
    return below if model._meta.abstract else [model, *below]


@pytest.mark.parametrize("key", COMPOSITE_KEYS, ids=lambda key: f"{key.child}.{key.column}")
async def test_the_database_refuses_a_row_that_crosses_networks(
    app: ASGIApp, world: World, key: tuple[str, str, str, str]
) -> None:
    child, column, parent, _on_delete = key
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    area = await charlie.areas.get()
    thread = await ask(charlie, "Vem har en mall?", "Vi söker en.", area.id)
    reply = await discussions.post_reply(charlie, thread.id, "Vi har en.", "mall")
    theirs = await schema.parents(charlie, area.id, thread.id, reply.id)
    ann = await door.enter(world["ann"], world.network.slug)
    ours = await schema.parents(ann, world.area_id, world.thread.id, world.reply.id)
    await database.write(schema.keep_empty)
    (model,) = (one for one in _owned(Owned) if one._meta.db_table == child)
    parents = {one.column: one.parent for one in COMPOSITE_KEYS if one.child == child}
    # All but this one key would let it in.
    wrong = {name: theirs[of] for name, of in parents.items()} | {column: ours[parent]}
    row = schema.filled(model, world)
    with pytest.raises(IntegrityError):
        await database.write(lambda: model.create(**row | wrong, network_id=world.elsewhere.id))
    right = {name: ours[of] for name, of in parents.items()}
    await database.write(lambda: model.create(**row | right, network_id=world.network.id))
