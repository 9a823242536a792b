"""Rows that belong to a network: closed to whoever has not entered it, and without relations."""

import ast
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tortoise.fields.relational import RelationalField
from tortoise.models import Model

from storage.discussions import Post
from storage.door import Inside
from storage.networks import Membership, Network
from storage.owned import OutsideTheDoor, Owned
from storage.people import Person
from storage.roles import Role
from storage.sessions import FailedLogin
from storage.targets import MODELS

ROOT = Path(__file__).parent.parent.parent


def models() -> list[type[Model]]:
    """Every model there is; the modules that hold them are named in storage.targets."""
    found = {
        thing
        for module in MODELS
        if module.startswith("storage.")
        for thing in vars(importlib.import_module(module)).values()
        if isinstance(thing, type) and issubclass(thing, Model) and thing.__module__ == module
    }
    return sorted(found, key=lambda model: model.__name__)


OWNED = [model for model in models() if issubclass(model, Owned)]
CONCRETE = [model for model in OWNED if not model._meta.abstract]

#: Every way that Tortoise's documentation has from a model to its rows.
WAYS: dict[str, Callable[[type[Any]], Any]] = {
    "filter": lambda model: model.filter(id=1),
    "all": lambda model: model.all(),
    "get": lambda model: model.get(id=1),
    "get_or_none": lambda model: model.get_or_none(id=1),
    "first": lambda model: model.first(),
    "last": lambda model: model.last(),
    "latest": lambda model: model.latest("id"),
    "earliest": lambda model: model.earliest("id"),
    "exclude": lambda model: model.exclude(id=1),
    "annotate": lambda model: model.annotate(),
    "exists": lambda model: model.exists(id=1),
    "raw": lambda model: model.raw("SELECT 1"),
    "select_for_update": lambda model: model.select_for_update(),
    "in_bulk": lambda model: model.in_bulk([1]),
    "bulk_create": lambda model: model.bulk_create([]),
    "bulk_update": lambda model: model.bulk_update([], ["id"]),
    "get_or_create": lambda model: model.get_or_create(id=1),
    "update_or_create": lambda model: model.update_or_create(id=1),
    "by key": lambda model: model[1],
    "manager": lambda model: model._meta.manager.get_queryset(),
    "manager's": lambda model: model._meta.manager.count(),
}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("model", CONCRETE, ids=lambda model: model.__name__)
async def test_the_rows_of_a_network_are_not_reached_without_entering_it(
    model: type[Owned],
) -> None:
    assert [name for name, way in WAYS.items() if await _refusal(way, model) is None] == []
    assert await _refusal(WAYS["filter"], model) == (
        f"{model.__name__}: enter the network first, see storage.door"
    )


async def _refusal(way: Callable[[type[Any]], Any], model: type[Model]) -> str | None:
    try:
        found = way(model)
        if hasattr(found, "__await__"):
            await found
    except OutsideTheDoor as refused:
        return str(refused)
    except Exception:
        return None  # Whatever else is wrong went wrong past the manager.
    return None


@pytest.mark.usefixtures("app")
async def test_rows_that_belong_to_no_network_are_reached_as_usual() -> None:
    assert [name for name, way in WAYS.items() if await _refusal(way, FailedLogin)] == []


def test_every_table_with_a_network_belongs_to_it() -> None:
    """A job carries its network but comes in by the door; all other such rows are Owned."""
    with_network = {model.__name__ for model in models() if "network_id" in model._meta.fields_map}
    owned = {model.__name__ for model in OWNED}
    assert with_network - owned == {"Job"}
    assert {"Thread", "Reply", "Mention", "ReadMark", "Membership", "Area", "Event"} <= owned


@pytest.mark.parametrize("parent", [Owned, Post], ids=lambda model: model.__name__)
def test_a_new_model_is_closed_without_saying_so(parent: type[Owned]) -> None:
    class Fresh(parent):  # type: ignore[misc, valid-type]
        pass

    class Younger(Fresh):
        pass

    for made in (Fresh, Younger):
        with pytest.raises(OutsideTheDoor, match=made.__name__):
            made.filter(id=1)


@pytest.mark.parametrize("model", CONCRETE, ids=lambda model: model.__name__)
def test_no_relation_leads_from_one_row_of_a_network_to_another(model: type[Owned]) -> None:
    """Relations fetch past every manager; by plain numbers nothing is fetched."""
    pointing = [
        (name, field.model_name)  # type: ignore[attr-defined]
        for name, field in model._meta.fields_map.items()
        if isinstance(field, RelationalField)
    ]
    owned = {f"storage.{other.__name__}" for other in OWNED}
    assert [name for name, to in pointing if to in owned] == []
    assert model._meta.backward_fk_fields == set()
    assert model._meta.m2m_fields == set()


async def test_sql_that_does_not_name_the_network_is_refused() -> None:
    network, person = Network(id=1), Person(id=1)
    membership = Membership(network_id=1, person_id=1, role=Role.COORDINATOR)
    inside = Inside(person, network, membership)
    with pytest.raises(ValueError, match="network_id"):
        await inside.read("SELECT * FROM thread")


def test_nobody_outside_storage_makes_rows_of_a_network_by_hand() -> None:
    """``create`` and ``save`` go past managers: elsewhere the door is what makes rows."""
    names = {model.__name__ for model in OWNED}
    making = [
        ast.unparse(node)
        for folder in ("forum", "realtime", "web")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).removesuffix(".create").rpartition(".")[2] in names
        and not ast.unparse(node.func).startswith(("asyncio.", "markup.", "threading."))
    ]
    assert making == []
