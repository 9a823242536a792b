"""Files on their way into a folder: sent piece by piece, scanned, and then placed."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.queryset import QuerySet

from storage import database
from storage.attachments import Blob
from storage.owned import Owned
from storage.people import Person


class ArrivalState(StrEnum):
    """How far a file has come. What has been placed has no row any more."""

    COMING = "coming"
    #: Whole, and kept.
    HERE = "here"
    #: Whole, and kept, but nobody could scan it yet.
    UNSCANNED = "unscanned"
    #: The scanner has found something in it; its bytes are in quarantine.
    INFECTED = "infected"


class Arrival(Owned):
    """A file that somebody sends. She alone sees it until it is a version of a document."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    folder_id = fields.BigIntField()
    #: The document that it is to be a version of, and the one it was made from.
    document_id: int | None = fields.BigIntField(null=True)
    based_on: int | None = fields.IntField(null=True)
    note = fields.CharField(max_length=300, default="")
    name = fields.CharField(max_length=255)
    #: The folders that it lay in where it comes from, with slashes between them.
    path = fields.CharField(max_length=2000, default="")
    #: The name of its file while it is coming.
    token = fields.CharField(max_length=32, unique=True)
    #: In bytes, as it was announced.
    size = fields.BigIntField()
    state = fields.CharEnumField(ArrivalState, max_length=10, default=ArrivalState.COMING)
    #: Once it is here.
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    blob_id: str | None
    #: What the scanner found.
    found = fields.CharField(max_length=200, default="")
    created_at: datetime = fields.DatetimeField()
    changed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "arrival"
        indexes = (
            Index(fields=("person_id", "network_id")),
            Index(fields=("folder_id", "network_id")),
            Index(fields=("document_id", "network_id")),
            Index(fields=("blob_id",)),
        )


class Unpacking(Owned):
    """An archive that is being unpacked into a folder, and what became of it."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    folder_id = fields.BigIntField()
    name = fields.CharField(max_length=255)
    #: None once it has been unpacked.
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    blob_id: str | None
    #: How many files it holds, and how many have been taken so far.
    entries = fields.IntField(default=0)
    taken = fields.IntField(default=0)
    #: What was taken and what not, and why, by name.
    report: dict[str, list[str]] = fields.JSONField(default=dict)
    created_at: datetime = fields.DatetimeField()
    done_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "unpacking"
        indexes = (
            Index(fields=("person_id", "network_id")),
            Index(fields=("folder_id", "network_id")),
            Index(fields=("blob_id",)),
        )


class Quota(Owned):
    """How much a network may keep, where it is another than the installation's."""

    bytes = fields.BigIntField()

    class Meta:
        table = "quota"
        unique_together = (("network_id",),)


async def forget(before: datetime) -> list[str]:
    """Within a write: delete those that nothing has happened to since; return their tokens."""
    old = QuerySet(Arrival).filter(changed_at__lt=before)
    tokens = [str(one) for one in await old.values_list("token", flat=True)]
    await QuerySet(Arrival).filter(token__in=tokens).delete()
    return tokens


async def unscanned() -> list[Arrival]:
    """Return, of every network, what has come while the scanner was away."""
    return await QuerySet(Arrival).filter(state=ArrivalState.UNSCANNED).order_by("id")


async def scanned(arrival_id: int, clean: bool, found: str) -> None:
    """Within a write: say what a scanner has found; infected bytes are swept."""
    waiting = QuerySet(Arrival).filter(id=arrival_id, state=ArrivalState.UNSCANNED)
    if clean:
        await waiting.update(state=ArrivalState.HERE)
    else:
        await waiting.update(state=ArrivalState.INFECTED, found=found, blob_id=None)


# Bytes that several rows share count each time: what others keep must not show in what is left.
_USED = """
    SELECT (SELECT COALESCE(SUM(size), 0) FROM version
            WHERE network_id = :network_id AND blob_id IS NOT NULL)
        + (SELECT COALESCE(SUM(size), 0) FROM attachment
            WHERE network_id = :network_id AND blob_id IS NOT NULL) AS used
"""


async def used(network_id: int) -> int:
    """Return how many bytes a network keeps."""
    [row] = await database.read(_USED, {"network_id": network_id})
    return int(row["used"])
