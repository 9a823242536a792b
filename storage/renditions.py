"""What a version looks like in a page, and its text: made from its bytes, and to be made anew."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index

from storage.attachments import Blob
from storage.owned import Owned


class RenditionState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    READY = "ready"
    #: The converter could not: ``trouble`` says why.
    FAILED = "failed"


class Rendition(Owned):
    """What has been read out of one version."""

    version_id = fields.BigIntField(unique=True)
    state = fields.CharEnumField(RenditionState, max_length=10, default=RenditionState.WAITING)
    #: How it is shown: pages, html, table, image, text or none.
    kind = fields.CharField(max_length=10, default="none")
    html = fields.TextField(default="")
    text = fields.TextField(default="")
    trouble = fields.CharField(max_length=20, default="")
    #: Whether its text can be searched; "Går inte att söka i" stands on the others.
    searchable = fields.BooleanField(default=False)
    #: Whether a personnummer stands in its text.
    personal = fields.BooleanField(default=False)
    #: Of the whole document; not all of them need have been made.
    page_count = fields.IntField(default=0)
    made_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "rendition"
        unique_together = (("id", "network_id"),)
        indexes = (Index(fields=("version_id", "network_id")),)


class RenditionPage(Owned):
    """A page as an image, with the text that stands on it."""

    rendition_id = fields.BigIntField()
    number = fields.IntField()
    blob: fields.ForeignKeyRelation[Blob] = fields.ForeignKeyField(
        "storage.Blob", related_name=False, on_delete=fields.RESTRICT
    )
    blob_id: str
    media_type = fields.CharField(max_length=100)
    width = fields.IntField()
    height = fields.IntField()
    text = fields.TextField(default="")

    class Meta:
        table = "rendition_page"
        unique_together = (("rendition_id", "number"),)
        indexes = (
            Index(fields=("rendition_id", "network_id")),
            Index(fields=("blob_id",)),
        )
