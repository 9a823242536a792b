"""What posts said before, what was removed for good, and what was moved out of its thread."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index

from storage.owned import Owned
from storage.people import Person


class Revision(Owned):
    """An earlier text of a post: what it said before an edit. The present text is the post's."""

    thread_id = fields.BigIntField()
    #: The post's number in the thread: 1 is the thread's own text.
    number = fields.IntField()
    revision = fields.IntField()
    #: The thread's title and short version then, for post number 1.
    title = fields.CharField(max_length=160, default="")
    body = fields.TextField()
    body_html = fields.TextField()
    short = fields.TextField(default="")
    short_html = fields.TextField(default="")
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    author_id: int
    #: When this text was written, not when it was replaced.
    written_at: datetime = fields.DatetimeField()
    erased_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "revision"
        unique_together = (("thread_id", "number", "revision"),)
        indexes = (Index(fields=("thread_id", "network_id")),)


class Erased(StrEnum):
    """What can be removed for good."""

    TEXT = "text"
    REVISION = "revision"
    ATTACHMENT = "attachment"
    SHORT = "short"
    SUMMARY = "summary"


class Erasure(Owned):
    """That a coordinator removed something for good, and why; never what it was."""

    thread_id = fields.BigIntField()
    number = fields.IntField()
    what = fields.CharEnumField(Erased, max_length=20)
    reason = fields.CharField(max_length=300)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "erasure"
        indexes = (Index(fields=("thread_id", "network_id")),)


class Split(Owned):
    """A reply that was made a thread of its own; the reply's place leads there."""

    reply_id = fields.BigIntField()
    thread_id = fields.BigIntField()

    class Meta:
        table = "split"
        unique_together = (("reply_id",), ("thread_id",))
        indexes = (
            Index(fields=("reply_id", "network_id")),
            Index(fields=("thread_id", "network_id")),
        )
