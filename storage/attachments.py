"""Files that belong to posts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model
from tortoise.queryset import QuerySet

from storage import clock, database
from storage.owned import Owned
from storage.people import Person
from storage.readers import Draft


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
    #: The scanner was away when it came: until it has been scanned, its uploader alone may have it.
    unscanned = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "attachment"
        unique_together = (("id", "network_id"),)
        indexes = (
            Index(fields=("thread_id", "network_id")),
            Index(fields=("person_id",)),
            Index(fields=("blob_id",)),
        )


async def unscanned() -> list[Attachment]:
    """Return, of every network, what has come while the scanner was away."""
    return await QuerySet(Attachment).filter(unscanned=True, erased_at=None).order_by("id")


async def scanned(attachment_id: int, clean: bool) -> None:
    """Within a write: say whether a file is clean. Of an infected one only the name stays."""
    waiting = QuerySet(Attachment).filter(id=attachment_id, unscanned=True)
    found = await waiting.select_for_update().get_or_none()
    if found is None:
        return
    found.unscanned = False
    if not clean:
        found.blob_id, found.erased_at = None, clock.now()
    await found.save()
    if found.thread_id is not None:
        # What is shown of the thread is another from now on.
        values = {"thread_id": found.thread_id, "network_id": found.network_id}
        await database.change(_AMENDED, values)


_AMENDED = """
    UPDATE thread SET version = version + 1 WHERE id = :thread_id AND network_id = :network_id
"""


async def forget_uploads(before: datetime) -> None:
    """Within a write: delete what was uploaded earlier than this and is in no post or draft."""
    old = await QuerySet(Attachment).filter(thread_id=None, created_at__lt=before)
    if not old:
        return
    drafts = await QuerySet(Draft).filter(person_id__in={row.person_id for row in old})
    drafted = {
        (draft.network_id, draft.person_id, number)
        for draft in drafts
        for number in _named_in(draft.content)
    }
    gone = [row.id for row in old if (row.network_id, row.person_id, row.id) not in drafted]
    await QuerySet(Attachment).filter(id__in=gone, thread_id=None).delete()


def _named_in(content: dict[str, Any]) -> set[int]:
    """Return the attachments that a draft's form names in its field ``attachment``."""
    named = content.get("attachment", [])
    values = named if isinstance(named, list) else [named]
    # A browser may send anything under that name: what no id can be is none.
    texts = [str(value) for value in values]
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 16}
