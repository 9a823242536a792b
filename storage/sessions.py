"""What proves who somebody is: sessions, known devices, single-use links, and failed attempts."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage import wakes
from storage.database import look_up
from storage.people import Person, raise_epoch
from storage.statements import columns, made
from storage.steady import remembered


class Session(Model):
    """One logged-in browser. The cookie's token is kept only as its SHA-256."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    device = fields.CharField(max_length=120, default="")
    remember = fields.BooleanField(default=False)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    seen_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        indexes = (Index(fields=("person_id",)),)


class KnownDevice(Model):
    """A browser in which this person has logged in before.

    Others' guesses, throttled by address, so never shut her out.
    """

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    seen_at: datetime = fields.DatetimeField()

    class Meta:
        table = "known_device"
        indexes = (Index(fields=("person_id",)),)


_AT_ONCE = 500


class Purpose(StrEnum):
    """What a single-use link is for."""

    LOGIN = "login"
    PASSWORD = "password"  # noqa: S105


class LoginLink(Model):
    """A link that works once: to log in, or to choose a password."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    purpose = fields.CharEnumField(Purpose, max_length=10)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "login_link"
        indexes = (Index(fields=("person_id", "created_at")),)


class FailedLogin(Model):
    """A failed attempt, or what one may do only so often: kept for an hour, for the throttle."""

    id = fields.BigIntField(primary_key=True)
    subject = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "failed_login"
        indexes = (
            Index(fields=("subject", "address", "at")),
            Index(fields=("address", "at")),
            Index(fields=("at",)),
        )


class KeptForm(Model):
    """What somebody had written when her session ended, for an hour, for her alone."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "storage.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    path = fields.CharField(max_length=300)
    #: (name, value) pairs in the order they were sent.
    entries: list[list[str]] = fields.JSONField()
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "kept_form"
        indexes = (Index(fields=("person_id", "expires_at")),)


@remembered
async def session_and_person(token_hash: str) -> tuple[Session, Person] | None:
    """Return the session with this hash, ended ones too, and whose it is.

    Every page asks, so it goes past the ORM's one connection.
    """
    row = await look_up(
        f"""
        SELECT {columns(Session, "s")}, {columns(Person, "p")}
        FROM session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = :token_hash
        """,  # noqa: S608 (names of columns)
        {"token_hash": token_hash},
    )
    return (made(Session, row, "s_"), made(Person, row, "p_")) if row else None


#: Goes up when a session ends by an act, somebody is no longer active, or wants to be shown or not:
#: whoever serves sockets looks whether each of them may still be open, and as what.
ACCESS_EPOCH = "access"


async def access_changed() -> None:
    """Within a write: say so, to every process."""
    await raise_epoch(ACCESS_EPOCH)
    await wakes.tell()


async def still_lasting(ids: list[int], now: datetime) -> dict[int, datetime]:
    """Return those of these sessions that last, whose persons are active, and until when."""
    lasting = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = Session.filter(
            id__in=ids[first : first + _AT_ONCE],
            ended_at=None,
            expires_at__gt=now,
            person__active=True,
        )
        lasting.update(dict(await some.values_list("id", "expires_at")))
    return lasting
