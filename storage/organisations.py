"""Organisations: the municipalities, regions and universities that people come from."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class OrganisationKind(StrEnum):
    """Only municipalities are counted in "9 av 13 kommuner"."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    UNIVERSITY = "university"
    OTHER = "other"


class Organisation(Model):
    """A kommun, a region, a högskola or another body that somebody represents."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=120, unique=True)
    kind = fields.CharEnumField(OrganisationKind, max_length=20)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "organisation"
