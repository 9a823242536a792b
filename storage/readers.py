"""What each member has to do with a thread: read it, follow it, thank for it, join in, write on."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Person


class ReadMark(Owned):
    """The number of the last post in a thread that this person has been shown."""

    thread_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    number = fields.IntField()
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "read_mark"
        unique_together = (("person_id", "thread_id"),)
        indexes = (Index(fields=("thread_id", "network_id")),)


class Follow(Owned):
    """Whether somebody follows a thread. Without a row she does not; writing in it makes one."""

    thread_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    following = fields.BooleanField(default=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "follow"
        unique_together = (("person_id", "thread_id"),)
        indexes = (Index(fields=("thread_id", "network_id")),)


class Thanks(Owned):
    """The one reaction, "Tack", to one post of a thread by its number."""

    thread_id = fields.BigIntField()
    number = fields.IntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "thanks"
        unique_together = (("thread_id", "number", "person_id"),)
        indexes = (Index(fields=("thread_id", "network_id")), Index(fields=("person_id",)))


class Volunteer(Owned):
    """Somebody who says "Jag är med" to what is wanted; the asker chooses among them."""

    thread_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    at: datetime = fields.DatetimeField()
    chosen_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "volunteer"
        unique_together = (("thread_id", "person_id"),)
        indexes = (Index(fields=("thread_id", "network_id")), Index(fields=("person_id",)))


class Draft(Owned):
    """What a member is writing, saved as she types: one for each place she writes in."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    #: "new" for a new thread, "thread-12" for a reply in thread 12.
    place = fields.CharField(max_length=40)
    thread_id: int | None = fields.BigIntField(null=True)
    #: What the form holds, by its fields' names.
    content: dict[str, Any] = fields.JSONField()
    saved_at: datetime = fields.DatetimeField()

    class Meta:
        table = "draft"
        unique_together = (("network_id", "person_id", "place"),)
        indexes = (Index(fields=("person_id",)), Index(fields=("thread_id", "network_id")))


class Reminder(Owned):
    """The asker or a coordinator reminded those municipalities that had not answered."""

    thread_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "reminder"
        indexes = (Index(fields=("thread_id", "network_id")),)
