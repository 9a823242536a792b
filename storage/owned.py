"""Rows that belong to a network, and why they cannot be reached by accident."""

from typing import Any, NoReturn

from tortoise import fields
from tortoise.manager import Manager
from tortoise.models import Model
from tortoise.queryset import QuerySet


class OutsideTheDoor(RuntimeError):
    """Somebody asked for rows of a network without entering it."""


class _ClosedManager(Manager):
    def get_queryset(self) -> QuerySet[Any]:
        self._refuse()

    def __getattr__(self, item: str) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        name = self._model.__name__ if self._model else "these rows"
        raise OutsideTheDoor(f"{name}: enter the network first, see storage.door")


class Owned(Model):
    """A row of one network. ``Thread.filter(…)`` raises; ``inside.threads`` is the way.

    Rows of a network point at each other by plain integers (``thread_id``), never by a Tortoise
    relation: relations fetch past every manager. The database holds them together by composite
    keys, see ``storage.keys``.
    """

    id = fields.BigIntField(primary_key=True)
    network_id = fields.BigIntField()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # A manager on an abstract base is not inherited; each model gets its own.
        cls._meta.manager = _ClosedManager()
