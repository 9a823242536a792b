"""The outbox: letters that have been written and wait for a mail server."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage.people import Person


class Letter(Model):
    """A mail to one person. Until a mail server is configured it stays here."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    recipient = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=200)
    text = fields.TextField()
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "letter"
