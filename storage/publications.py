"""What has been published outside the networks: one fixed version, which anybody may read.

The functions at the end are the only reading of a network's rows that asks nobody who she is. What
they return is what is public of a publication: never who published it, from which document, or in
which network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from tortoise import fields
from tortoise.indexes import Index

from storage import database
from storage.attachments import Blob
from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Language, Person
from storage.statements import Row


class Publication(Owned):
    """A copy of one version, cleaned of who made it, under an address of its own."""

    document_id = fields.BigIntField()
    #: Which version was published.
    number = fields.IntField()
    slug = fields.CharField(max_length=80, unique=True)
    title = fields.CharField(max_length=160)
    summary = fields.CharField(max_length=1000)
    published_on: date = fields.DateField()
    owner: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "storage.Organisation", related_name=False, on_delete=fields.RESTRICT
    )
    owner_id: int
    language = fields.CharEnumField(Language, max_length=2, default=Language.SWEDISH)
    #: The file as it can be fetched.
    file_name = fields.CharField(max_length=255)
    media_type = fields.CharField(max_length=100)
    size = fields.BigIntField()
    blob: fields.ForeignKeyRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT
    )
    blob_id: str
    #: The page that can be read instead of the file; empty where there is none.
    html = fields.TextField(default="")
    text = fields.TextField(default="")
    #: What it is found by: title, summary, owner and text as forum.public_search folds them.
    folded = fields.TextField(default="", db_default="")
    #: Whether whoever published it says that the file is accessible.
    accessible = fields.BooleanField(default=False)
    contact = fields.CharField(max_length=200)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
    #: When what is shown now was published.
    created_at: datetime = fields.DatetimeField()
    #: Goes up with every change of what is shown.
    version = fields.IntField(default=1)
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=300, default="")

    class Meta:
        table = "publication"
        indexes = (
            Index(fields=("document_id", "network_id")),
            Index(fields=("blob_id",)),
            Index(fields=("published_on", "id")),
        )


@dataclass(frozen=True, slots=True)
class Public:
    """What anybody may be told of a publication."""

    id: int
    slug: str
    version: int
    title: str
    summary: str
    published_on: date
    owner: str
    language: Language
    file_name: str
    media_type: str
    #: In bytes.
    size: int
    accessible: bool
    contact: str
    created_at: datetime
    withdrawn_at: datetime | None
    reason: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return what a row of a statement here says."""
        # SQLite has no truth, only numbers.
        known = {"language": Language(row["language"]), "accessible": bool(row["accessible"])}
        return cls(**row | known)


_FACTS = """
    p.id, p.slug, p.version, p.title, p.summary, p.published_on, o.name AS owner, p.language,
    p.file_name, p.media_type, p.size, p.accessible, p.contact, p.created_at, p.withdrawn_at,
    p.reason
"""
_FROM = "FROM publication p JOIN organisation o ON o.id = p.owner_id"
_ONE = f"SELECT {_FACTS} {_FROM} WHERE p.slug = :slug"
_BODY = "SELECT html FROM publication WHERE id = :id AND version = :version"
_FILE = "SELECT blob_id FROM publication WHERE id = :id AND version = :version"
_OWNERS = f"""
    SELECT DISTINCT o.id, o.name {_FROM} WHERE p.withdrawn_at IS NULL
"""
_LISTED = f"SELECT {_FACTS} {_FROM} WHERE p.withdrawn_at IS NULL"
# By the place of one that may have been withdrawn since, so that whoever pages on loses nothing.
_BEFORE = """
    AND (p.published_on, p.id) < (
        SELECT b.published_on, b.id FROM publication b WHERE b.slug = :before
    )
"""


async def public(slug: str) -> Public | None:
    """Return what anybody may be told of a publication, also of one that has been withdrawn."""
    row = await database.look_up(_ONE, {"slug": slug})
    return Public.of(row) if row else None


async def html_of(found: Public) -> str | None:
    """Return the text of its page; None when it has become another meanwhile."""
    row = await database.look_up(_BODY, {"id": found.id, "version": found.version})
    return str(row["html"]) if row else None


async def blob_of(found: Public) -> str | None:
    """Return the digest of its file; None when it has become another meanwhile."""
    row = await database.look_up(_FILE, {"id": found.id, "version": found.version})
    return str(row["blob_id"]) if row else None


async def owners() -> list[tuple[int, str]]:
    """Return the organisations that own what is published, by id and name."""
    return [(row["id"], row["name"]) for row in await database.read(_OWNERS, {})]


async def listed(
    words: Sequence[str], *, owner_id: int | None, language: str, before: str, limit: int
) -> list[Public]:
    """Return what is published, the latest first: all that holds each of these folded words.

    ``before`` is the address of the last one on the page before. The words are letters and digits.
    """
    said: dict[str, Any] = {"limit": limit}
    sql = _LISTED
    for number, word in zip("abcdefgh", words, strict=False):
        sql += f" AND p.folded LIKE :word_{number}"
        said[f"word_{number}"] = f"%{word}%"
    for column, value in (("owner_id", owner_id), ("language", language)):
        if value:
            sql += f" AND p.{column} = :{column}"
            said[column] = value
    if before:
        sql, said["before"] = sql + _BEFORE, before
    sql += " ORDER BY p.published_on DESC, p.id DESC LIMIT :limit"
    return [Public.of(row) for row in await database.read(sql, said)]


async def is_taken(slug: str) -> bool:
    """Say whether a publication has this address, or has had it: anybody can see that it does."""
    return await public(slug) is not None
