"""What has been published outside the networks: one fixed version, which anybody may read."""

from datetime import date, datetime

from tortoise import fields
from tortoise.indexes import Index

from storage.attachments import Blob
from storage.organisations import Organisation
from storage.owned import Owned
from storage.people import Language, Person


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
    #: Whether whoever published it says that the file is accessible.
    accessible = fields.BooleanField(default=False)
    contact = fields.CharField(max_length=200)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.RESTRICT
    )
    person_id: int
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
        )
