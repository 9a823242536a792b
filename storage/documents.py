"""Folders, the documents in them, and their versions, which never change."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.queryset import QuerySet

from storage import clock, database, events
from storage.attachments import Blob
from storage.events import EventKind
from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Person


class DocumentKind(StrEnum):
    """What a document is for."""

    MEETING_NOTES = "meeting_notes"
    MEETING_NOTICE = "meeting_notice"
    PUBLICATION = "publication"
    TEMPLATE = "template"
    BACKGROUND = "background"
    OTHER = "other"


class Folder(Owned):
    """A folder. Each network has one without a parent and a name, which all others lie in."""

    parent_id: int | None = fields.BigIntField(null=True)
    name = fields.CharField(max_length=255)
    #: What may be there only once among those of a folder that are not in the trash.
    name_key = fields.CharField(max_length=400)
    #: Who made it; None for the one that came with the network.
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    person_id: int | None
    created_at: datetime = fields.DatetimeField()
    trash_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "folder"
        unique_together = (("id", "network_id"),)
        indexes = (
            Index(fields=("parent_id", "network_id")),
            Index(fields=("trash_id", "network_id")),
        )


class Document(Owned):
    """A document: its name and place may change, and it stays the same one.

    ``version`` counts changes of this row; the versions of its content are rows of their own.
    """

    folder_id = fields.BigIntField()
    name = fields.CharField(max_length=255)
    name_key = fields.CharField(max_length=400)
    kind = fields.CharEnumField(DocumentKind, max_length=20, default=DocumentKind.OTHER)
    #: A half-year, such as 2026-1 for vt 2026: see forum.terms. Empty for none.
    term = fields.CharField(max_length=6, default="")
    held_on: date | None = fields.DateField(null=True)
    description = fields.CharField(max_length=1000, default="")
    #: With commas between them.
    keywords = fields.CharField(max_length=500, default="")
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    #: "Diarienummer".
    record_number = fields.CharField(max_length=60, default="")
    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    author_id: int
    created_at: datetime = fields.DatetimeField()
    changed_at: datetime = fields.DatetimeField()
    version = fields.IntField(default=1)
    #: The number of its latest version; 0 while it has none.
    last_number = fields.IntField(default=0)
    #: "Fastställd": the version, and the SHA-256 of what it was, by whom and when.
    adopted_number: int | None = fields.IntField(null=True)
    adopted_digest: str | None = fields.CharField(max_length=64, null=True)  # type: ignore[assignment]
    adopted_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    adopted_by_id: int | None
    adopted_at: datetime | None = fields.DatetimeField(null=True)
    #: "Jag redigerar": who, since when, and until when unless she says so again.
    editor: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    editor_id: int | None
    edited_since_at: datetime | None = fields.DatetimeField(null=True)
    edited_until_at: datetime | None = fields.DatetimeField(null=True)
    thread_id: int | None = fields.BigIntField(null=True)
    trash_id: int | None = fields.BigIntField(null=True)
    #: What a program keeps for itself beside a document, such as ~$Kallelse.docx: on no page.
    scratch = fields.BooleanField(default=False)
    #: What it was called before it was last renamed, when, and by whom: programs that save move
    #: the old file away before they put the new one in its place.
    former_name = fields.CharField(max_length=255, default="")
    renamed_at: datetime | None = fields.DatetimeField(null=True)
    renamed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    renamed_by_id: int | None

    class Meta:
        table = "document"
        unique_together = (("id", "network_id"),)
        indexes = (
            Index(fields=("folder_id", "network_id")),
            Index(fields=("thread_id", "network_id")),
            Index(fields=("trash_id", "network_id")),
            Index(fields=("network_id", "changed_at")),
        )


class Version(Owned):
    """What a document was from a moment on. Only ``label`` is ever written anew."""

    document_id = fields.BigIntField()
    number = fields.IntField()
    #: None when it has been weeded.
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    blob_id: str | None
    #: In bytes.
    size = fields.BigIntField()
    media_type = fields.CharField(max_length=100)
    #: What the file was called.
    name = fields.CharField(max_length=255)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    organisation_id: int
    note = fields.CharField(max_length=300, default="")
    #: A version that somebody has named is kept for ever.
    label = fields.CharField(max_length=100, default="")
    #: The version that this one brought back.
    restored_number: int | None = fields.IntField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "version"
        unique_together = (("id", "network_id"), ("document_id", "number"))
        indexes = (
            Index(fields=("document_id", "network_id")),
            Index(fields=("network_id", "size")),
            Index(fields=("blob_id",)),
        )


class Item(StrEnum):
    """What can be put in the trash, and weeded."""

    FOLDER = "folder"
    DOCUMENT = "document"
    VERSION = "version"


class Trash(Owned):
    """One thing that was put in the trash, with all that lay in it; deleted when it is restored."""

    what = fields.CharEnumField(Item, max_length=10)
    item = fields.BigIntField()
    name = fields.CharField(max_length=255)
    #: The folders it lay in, as they were called.
    path = fields.TextField(default="")
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "trash"
        unique_together = (("id", "network_id"),)


class Weeding(Owned):
    """That something was deleted for good, by whom and why. It outlives what it tells of."""

    what = fields.CharEnumField(Item, max_length=10)
    item = fields.BigIntField()
    #: With version: which one of the document.
    number: int | None = fields.IntField(null=True)
    name = fields.CharField(max_length=255)
    path = fields.TextField(default="")
    record_number = fields.CharField(max_length=60, default="")
    versions = fields.IntField(default=0)
    reason = fields.CharField(max_length=300)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "weeding"


_ENDED = """
    UPDATE document SET editor_id = NULL, edited_since_at = NULL, edited_until_at = NULL,
        version = version + 1
    WHERE editor_id IS NOT NULL AND edited_until_at <= :now
    RETURNING network_id, folder_id, id
"""


async def end_editing() -> None:
    """Within a write: nobody works any longer on what she has not said so of in time."""
    rows = await database.change(_ENDED, {"now": clock.now()})
    for row in sorted(rows, key=lambda row: (row["network_id"], row["id"])):
        ids = {"document_id": row["id"], "folder_id": row["folder_id"]}
        await events.record(row["network_id"], EventKind.DOCUMENT_EDITED, None, **ids)


async def forget_scratch(before: datetime) -> None:
    """Within a write: delete what programs keep for themselves and have not changed since."""
    await QuerySet(Document).filter(scratch=True, changed_at__lt=before).delete()


async def make_root(network_id: int) -> None:
    """Within the write that makes a network: give it the folder that all others lie in."""
    await Folder.create(network_id=network_id, name="", name_key="", created_at=clock.now())
