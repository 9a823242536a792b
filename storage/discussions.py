"""Threads, replies, and who is mentioned in them."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index

from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Person


class ThreadKind(StrEnum):
    """A question can be solved; a notice is written by a coordinator and stays on top.

    Wanted ("Efterlysning") looks for somebody to do something together with, in a certain month.
    """

    QUESTION = "question"
    DISCUSSION = "discussion"
    NOTICE = "notice"
    WANTED = "wanted"


class Post(Owned):
    """What a thread's first post and its replies have in common.

    ``organisation`` is the one the author represented when it was written.
    """

    body = fields.TextField()
    #: Written by forum.markup alone, once, when the body is written.
    body_html = fields.TextField()
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    author_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    created_at: datetime = fields.DatetimeField()
    #: Goes up with every change of what is shown of it.
    version = fields.IntField(default=1)
    #: Which text this is: 1 as first written, one more for each edit. See storage.revisions.
    revision = fields.IntField(default=1, db_default=1)
    edited_at: datetime | None = fields.DatetimeField(null=True)
    #: Hidden by its author or a coordinator; coordinators can still read it.
    hidden_at: datetime | None = fields.DatetimeField(null=True)
    hidden_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    hidden_by_id: int | None
    #: When its text, or a part of it, was removed for good.
    erased_at: datetime | None = fields.DatetimeField(null=True)
    #: The nonce of the form it came in: the same form sent twice makes one post.
    form_nonce = fields.CharField(max_length=32)

    class Meta:
        abstract = True


class Thread(Post):
    """A thread of any kind. Its own text is post number 1."""

    area_id = fields.BigIntField()
    kind = fields.CharEnumField(ThreadKind, max_length=20)
    title = fields.CharField(max_length=160)
    last_number = fields.IntField(default=1)
    last_posted_at: datetime = fields.DatetimeField()
    solved_at: datetime | None = fields.DatetimeField(null=True)
    solved_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    solved_by_id: int | None
    #: A notice stays on top through this day; what is wanted is looked for until then.
    ends_on: date | None = fields.DateField(null=True)
    #: "Kort och lättläst": a coordinator's short version, shown first.
    short = fields.TextField(default="", db_default="")
    short_html = fields.TextField(default="", db_default="")
    #: "Svara senast": a question with it asks every municipality.
    answer_by: date | None = fields.DateField(null=True)
    #: "Sammanfattning": what the answers came to, by the asker or a coordinator.
    summary = fields.TextField(default="", db_default="")
    summary_html = fields.TextField(default="", db_default="")
    summary_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    summary_by_id: int | None
    summary_at: datetime | None = fields.DatetimeField(null=True)
    #: For what is wanted: the municipality it is to happen in, and the first day of the month.
    wanted_in: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    wanted_in_id: int | None
    wanted_month: date | None = fields.DateField(null=True)
    pinned_at: datetime | None = fields.DatetimeField(null=True)
    #: Nobody can write in a closed thread any more.
    closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    closed_by_id: int | None

    class Meta:
        table = "thread"
        unique_together = (("id", "network_id"), ("author_id", "form_nonce"))
        indexes = (
            Index(fields=("network_id", "last_posted_at", "id")),
            Index(fields=("area_id", "network_id", "last_posted_at", "id")),
            Index(fields=("network_id", "author_id", "last_posted_at", "id")),
            Index(fields=("network_id", "pinned_at")),
        )


class Reply(Post):
    """A reply. Numbers count from 2 within the thread and never change."""

    thread_id = fields.BigIntField()
    number = fields.IntField()
    #: When the asker or a coordinator marked it "Hjälpte oss".
    helped_at: datetime | None = fields.DatetimeField(null=True)
    helped_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    helped_by_id: int | None

    class Meta:
        table = "reply"
        unique_together = (
            ("id", "network_id"),
            ("thread_id", "number"),
            ("author_id", "form_nonce"),
        )
        indexes = (Index(fields=("thread_id", "network_id")),)


class Mention(Owned):
    """A member named with @ in a thread's first post (no reply) or in a reply."""

    thread_id = fields.BigIntField()
    reply_id: int | None = fields.BigIntField(null=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int

    class Meta:
        table = "mention"
        indexes = (
            Index(fields=("thread_id", "network_id")),
            Index(fields=("reply_id", "network_id")),
            Index(fields=("person_id",)),
        )
