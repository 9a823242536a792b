"""Files that belong to posts."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage.owned import Owned
from storage.people import Person


class Blob(Model):
    """Some bytes that are kept, by their SHA-256. See storage.blobs."""

    digest = fields.CharField(max_length=64, primary_key=True)
    size = fields.BigIntField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "blob"


class Spot(StrEnum):
    """Where in a post an attachment belongs."""

    BODY = "body"
    #: The one picture of "Kort och lättläst".
    SHORT = "short"


class Attachment(Owned):
    """A file of a post. While it is being written, it belongs to no thread and to its uploader."""

    thread_id: int | None = fields.BigIntField(null=True)
    #: The post's number in the thread: 1 is the thread's own text.
    number: int | None = fields.IntField(null=True)
    spot = fields.CharEnumField(Spot, max_length=10, default=Spot.BODY)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    name = fields.CharField(max_length=255)
    media_type = fields.CharField(max_length=100)
    #: In bytes.
    size = fields.BigIntField()
    #: None when it has been removed for good.
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob",
        related_name=False,
        on_delete=fields.RESTRICT,
        null=True,
    )
    blob_id: str | None
    #: What an image shows, in words. Empty for other files, and for an image that says nothing.
    alt = fields.CharField(max_length=500, default="")
    #: An image's size in pixels.
    width: int | None = fields.IntField(null=True)
    height: int | None = fields.IntField(null=True)
    position = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()
    erased_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "attachment"
        unique_together = (("id", "network_id"),)
        indexes = (
            Index(fields=("thread_id", "network_id")),
            Index(fields=("person_id",)),
            Index(fields=("blob_id",)),
        )
