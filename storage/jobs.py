"""Work that leaves after the commit: rows written in the transaction that caused it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class JobState(StrEnum):
    """A finished job's row is deleted; one that failed for good is kept and shown."""

    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"


class Job(Model):
    """One thing to do. It carries its network and actor and comes in by the door again."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=40)
    network_id: int | None = fields.BigIntField(null=True)
    actor_id: int | None = fields.BigIntField(null=True)
    payload: dict[str, Any] = fields.JSONField(default=dict)
    state = fields.CharEnumField(JobState, max_length=10, default=JobState.READY)
    attempts = fields.IntField(default=0)
    run_at: datetime = fields.DatetimeField()
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    error = fields.TextField(default="")
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "job"
        indexes = (Index(fields=("state", "run_at")),)
