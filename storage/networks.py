"""Networks, who is a member of them, and their subject areas."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage import clock
from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Person
from storage.roles import Role


class NetworkKind(StrEnum):
    """A network, a work group or a project. They work alike."""

    NETWORK = "network"
    WORK_GROUP = "work_group"
    PROJECT = "project"


class NetworkState(StrEnum):
    """Archived networks can be read but not written in."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Network(Model):
    """A room for people from different organisations. ``seq`` numbers its events."""

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(NetworkKind, max_length=20, default=NetworkKind.NETWORK)
    description = fields.TextField(default="")
    state = fields.CharEnumField(NetworkState, max_length=20, default=NetworkState.ACTIVE)
    #: A work group may belong to a network; it does not inherit its members.
    parent_id: int | None = fields.BigIntField(null=True)
    seq = fields.BigIntField(default=0)
    #: Goes up when its name, subject areas or members change, which stand on its every page.
    arrangement = fields.BigIntField(default=1, db_default=1)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "network"


class Function(StrEnum):
    """What somebody is in a network, beside what she may do there."""

    REPRESENTATIVE = "representative"
    DEPUTY = "deputy"
    GUIDE = "guide"
    SERVICE_USER_GUIDE = "service_user_guide"
    RESEARCHER = "researcher"
    OTHER = "other"


class Membership(Owned):
    """A person in a network: for which organisation, as what, and from when until when.

    There is one row for a person and a network; it stays when the membership has ended.
    """

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    function = fields.CharEnumField(Function, max_length=20, default=Function.REPRESENTATIVE)
    role = fields.CharEnumField(Role, max_length=20, default=Role.MEMBER)
    starts_on: date = fields.DateField()
    #: The last day of the membership; None while no end has been set.
    ends_on: date | None = fields.DateField(null=True)
    #: When she marked everything as read: what was written before is not new to her.
    read_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    @property
    def present(self) -> bool:
        """Whether it lasts today."""
        return lasts(self.starts_on, self.ends_on)

    class Meta:
        table = "membership"
        unique_together = (("network_id", "person_id"), ("id", "network_id"))
        indexes = (Index(fields=("person_id",)), Index(fields=("organisation_id",)))


def lasts(starts_on: date, ends_on: date | None) -> bool:
    """Say whether a membership between these days lasts today."""
    today = clock.today()
    return starts_on <= today and (ends_on is None or today <= ends_on)


#: The SQL of who is a member today: for ``m``, a membership, and ``p``, its person.
PRESENT = "p.active AND m.starts_on <= :today AND (m.ends_on IS NULL OR m.ends_on >= :today)"


class Area(Owned):
    """A subject area of a network; threads are sorted under one."""

    name = fields.CharField(max_length=80)
    description = fields.CharField(max_length=300, default="")
    position = fields.IntField(default=0)

    class Meta:
        table = "area"
        unique_together = (("network_id", "name"), ("id", "network_id"))
