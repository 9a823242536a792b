"""What programs that open a network as a drive are known by, and what they hold there."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage import database
from storage.attachments import Blob
from storage.owned import Owned
from storage.people import Person
from storage.statements import columns, made


class AppPassword(Model):
    """A password for one program of a person's, kept as its SHA-256. It opens no page."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    digest = fields.CharField(max_length=64, unique=True)
    #: What she calls it, such as "Datorn på jobbet".
    name = fields.CharField(max_length=80)
    created_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "app_password"
        indexes = (Index(fields=("person_id",)),)


class DavLock(Owned):
    """A lock that a program holds (RFC 4918, 6), and what it has saved meanwhile.

    What is saved under one lock becomes one version, when the lock ends.
    """

    token = fields.CharField(max_length=100, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    #: What it locks, as a path below the network.
    path = fields.TextField()
    #: What the program says of its owner: XML that is given back as it came.
    owner = fields.TextField(default="")
    exclusive = fields.BooleanField(default=True)
    deep = fields.BooleanField(default=False)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    document_id: int | None = fields.BigIntField(null=True)
    #: What has been saved and is no version yet, and the version it was made from.
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    blob_id: str | None
    size = fields.BigIntField(default=0)
    based_on = fields.IntField(default=0)
    saved_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "dav_lock"
        indexes = (
            Index(fields=("network_id", "expires_at")),
            Index(fields=("document_id", "network_id")),
            Index(fields=("person_id",)),
            Index(fields=("blob_id",)),
        )


class DavProperty(Owned):
    """A property that a program has set on a folder or a document (RFC 4918, 4)."""

    folder_id: int | None = fields.BigIntField(null=True)
    document_id: int | None = fields.BigIntField(null=True)
    #: With its namespace before it, in braces.
    name = fields.CharField(max_length=500)
    #: The element, as XML.
    value = fields.TextField()

    class Meta:
        table = "dav_property"
        unique_together = (("folder_id", "name"), ("document_id", "name"))
        indexes = (
            Index(fields=("folder_id", "network_id")),
            Index(fields=("document_id", "network_id")),
        )


async def app_password_and_person(digest: str) -> tuple[AppPassword, Person] | None:
    """Return the app password with this digest, and whose it is; by one look-up."""
    row = await database.look_up(
        f"""
        SELECT {columns(AppPassword, "a")}, {columns(Person, "p")}
        FROM app_password a JOIN person p ON p.id = a.person_id WHERE a.digest = :digest
        """,  # noqa: S608 (names of columns)
        {"digest": digest},
    )
    return (made(AppPassword, row, "a_"), made(Person, row, "p_")) if row else None


async def expired_locks(now: datetime) -> list[tuple[int, str, DavLock]]:
    """Return the locks of every network that ended by then: whose, where, and which."""
    rows = await database.read(
        f"""
        SELECT n.slug, {columns(DavLock, "l")}
        FROM dav_lock l JOIN network n ON n.id = l.network_id
        WHERE l.expires_at <= :now_at ORDER BY l.id
        """,  # noqa: S608 (names of columns)
        {"now_at": now},
    )
    return [(row["l_person_id"], row["slug"], made(DavLock, row, "l_")) for row in rows]
