"""Threads, replies, who is mentioned in them, and how far each member has read."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index

from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Person


class ThreadKind(StrEnum):
    """A question can be solved; a notice is written by a coordinator and stays on top."""

    QUESTION = "question"
    DISCUSSION = "discussion"
    NOTICE = "notice"


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
    version = fields.IntField(default=1)
    #: The nonce of the form it came in: the same form sent twice makes one post.
    form_nonce = fields.CharField(max_length=32)

    class Meta:
        abstract = True


class Thread(Post):
    """A question, discussion or notice. Its own text is post number 1."""

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
    #: A notice stays on top through this day.
    ends_on: date | None = fields.DateField(null=True)

    class Meta:
        table = "thread"
        unique_together = (("id", "network_id"), ("author_id", "form_nonce"))
        indexes = (
            Index(fields=("network_id", "last_posted_at", "id")),
            Index(fields=("area_id", "network_id", "last_posted_at", "id")),
            Index(fields=("network_id", "author_id", "last_posted_at", "id")),
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
