"""What happened in a network, in order: the row that sockets, feeds and digests go by."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields

from storage import clock, database, wakes
from storage.owned import Owned
from storage.roles import Role
from storage.sessions import ACCESS_EPOCH
from storage.statements import Row


class Audience(StrEnum):
    """Who may be told that it happened."""

    MEMBERS = "members"
    COORDINATORS = "coordinators"
    PERSONS = "persons"


class EventKind(StrEnum):
    """Noun, then what became of it."""

    THREAD_CREATED = "thread.created"
    THREAD_SOLVED = "thread.solved"
    THREAD_REOPENED = "thread.reopened"
    THREAD_PINNED = "thread.pinned"
    THREAD_UNPINNED = "thread.unpinned"
    THREAD_CLOSED = "thread.closed"
    THREAD_OPENED = "thread.opened"
    THREAD_MOVED = "thread.moved"
    THREAD_SPLIT = "thread.split"
    THREAD_SUMMARISED = "thread.summarised"
    THREAD_REMINDED = "thread.reminded"
    THREAD_VOLUNTEERS = "thread.volunteers"
    POST_EDITED = "post.edited"
    POST_HIDDEN = "post.hidden"
    POST_SHOWN = "post.shown"
    POST_ERASED = "post.erased"
    POST_THANKED = "post.thanked"
    REPLY_CREATED = "reply.created"
    REPLY_HELPED = "reply.helped"
    REPLY_UNMARKED = "reply.unmarked"
    FOLDER_CREATED = "folder.created"
    FOLDER_CHANGED = "folder.changed"
    FOLDER_TRASHED = "folder.trashed"
    FOLDER_RESTORED = "folder.restored"
    DOCUMENT_CREATED = "document.created"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_MOVED = "document.moved"
    DOCUMENT_TRASHED = "document.trashed"
    DOCUMENT_RESTORED = "document.restored"
    DOCUMENT_WEEDED = "document.weeded"
    DOCUMENT_ADOPTED = "document.adopted"
    DOCUMENT_EDITING = "document.editing"
    DOCUMENT_EDITED = "document.edited"
    DOCUMENT_READ = "document.read"
    VERSION_ADDED = "version.added"
    VERSION_CHANGED = "version.changed"
    PUBLICATION_CHANGED = "publication.changed"
    MEMBER_JOINED = "member.joined"
    MEMBER_CHANGED = "member.changed"
    MEMBER_ENDED = "member.ended"
    AREAS_CHANGED = "areas.changed"
    NETWORK_CHANGED = "network.changed"


#: What changes the frame around every page of the network: see Network.arrangement.
ARRANGEMENT = frozenset(
    {
        EventKind.MEMBER_JOINED,
        EventKind.MEMBER_CHANGED,
        EventKind.MEMBER_ENDED,
        EventKind.AREAS_CHANGED,
        EventKind.NETWORK_CHANGED,
    }
)


class Event(Owned):
    """One thing that others could be looking at. ``seq`` has no gaps within a network.

    It names rows by plain ids and outlives them.
    """

    seq = fields.BigIntField()
    kind = fields.CharEnumField(EventKind, max_length=30)
    audience = fields.CharEnumField(Audience, max_length=20, default=Audience.MEMBERS)
    #: With audience "persons": the ids of those persons.
    persons: list[int] | None = fields.JSONField(null=True)
    actor_id: int | None = fields.BigIntField(null=True)
    thread_id: int | None = fields.BigIntField(null=True)
    reply_id: int | None = fields.BigIntField(null=True)
    membership_id: int | None = fields.BigIntField(null=True)
    folder_id: int | None = fields.BigIntField(null=True)
    document_id: int | None = fields.BigIntField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "event"
        unique_together = (("network_id", "seq"),)


def names(person_id: int) -> str:
    """Return the SQL that says whether an event is for this person by name."""
    persons = '"event"."persons"'
    if database.dialect() == "postgres":
        return f"{persons} @> '[{person_id:d}]'::jsonb"
    return f"{person_id:d} IN (SELECT value FROM json_each({persons}))"  # noqa: S608 (a number)


# Not FOR UPDATE before it: every row written earlier holds the network by its key, and two would
# wait for each other.
_NEXT = """
    UPDATE network SET seq = seq + 1, arrangement = arrangement + :arranged
    WHERE id = :network_id RETURNING seq
"""
_EVENT = """
    INSERT INTO event (network_id, seq, kind, audience, persons, actor_id, thread_id, reply_id,
        membership_id, folder_id, document_id, at)
    VALUES (:network_id, {seq}, :kind, :audience, :persons, :actor_id, :thread_id, :reply_id,
        :membership_id, :folder_id, :document_id, :at)
    RETURNING seq
"""
_SEQ = {
    "sqlite": "(SELECT seq FROM network WHERE id = :network_id)",
    "postgres": "(SELECT seq FROM next)",
}
# What PostgreSQL tells other processes, when it commits: a hint, the rows are the truth.
_TOLD = {"sqlite": "", "postgres": f", pg_notify('{wakes.CHANNEL}', network_id || ' ' || seq)"}
_ROWS = ("thread_id", "reply_id", "membership_id", "folder_id", "document_id")
#: Of an event, what may be told to those who may know of it: which rows, and no content.
NAMED = ("seq", "kind", *_ROWS)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of different rows, by statements and what they are filled with."""

    statements: Sequence[str]
    values: Mapping[str, Any]


NO_CHANGES = Changes((), {})


async def record(
    network_id: int,
    kind: EventKind,
    actor_id: int | None,
    *,
    audience: Audience = Audience.MEMBERS,
    persons: list[int] | None = None,
    beside: Changes = NO_CHANGES,
    **ids: int,
) -> None:
    """Within a write, last: write an event, also for an operator, who is not in the network.

    ``beside`` is what can be changed in the same round trip.
    """
    if (audience == Audience.PERSONS) != bool(persons):
        raise ValueError("an event for persons names them, and no other does")
    dialect = database.dialect()
    values = {
        "network_id": network_id,
        "arranged": int(kind in ARRANGEMENT),
        "kind": str(kind),
        "audience": str(audience),
        "persons": json.dumps(persons) if persons else None,
        "actor_id": actor_id,
        "at": clock.now(),
        **dict.fromkeys(_ROWS),
        **ids,
    }
    before = {f"beside_{number}": sql for number, sql in enumerate(beside.statements)}
    [event] = await database.change_together(
        {**before, "next": _NEXT},
        _EVENT.format(seq=_SEQ[dialect]) + _TOLD[dialect],
        {**beside.values, **values},
    )
    seq: int = event["seq"]
    database.after_commit(lambda: _wake(network_id, seq))


async def reached() -> tuple[dict[int, int], int]:
    """Return the number of each network's latest event, by its id; and the access epoch.

    One statement for both: whoever serves sockets asks after every commit.
    """
    rows = await database.read_few(
        """
        SELECT 0 AS id, COALESCE(MAX(value), 0) AS seq FROM epoch WHERE name = :access
        UNION ALL SELECT id, seq FROM network
        """,
        {"access": ACCESS_EPOCH},
    )
    found = {row["id"]: row["seq"] for row in rows}
    return found, found.pop(0)


async def between(network_id: int, after: int, upto: int) -> list[Row]:
    """Return a network's events in order, after one number and up to another.

    For who tells them on, each to those alone who may know of it: see ``may_know``.
    """
    rows = await database.read_few(
        """
        SELECT seq, kind, at AS happened_at, actor_id, thread_id, reply_id, membership_id,
            folder_id, document_id, audience, persons
        FROM event
        WHERE network_id = :network_id AND seq > :after AND seq <= :upto ORDER BY seq
        """,
        {"network_id": network_id, "after": after, "upto": upto},
    )
    for row in rows:
        if isinstance(row["persons"], str):
            row["persons"] = json.loads(row["persons"])
    return rows


def may_know(event: Row, person_id: int, role: Role) -> bool:
    """Say whether a member may be told of an event; ``Inside.events`` asks the database so."""
    if event["audience"] == Audience.PERSONS:
        return person_id in event["persons"]
    return event["audience"] == Audience.MEMBERS or role == Role.COORDINATOR


async def prune(before: datetime, keep: int) -> None:
    """Delete what happened before then, but of each network keep the latest so many events."""

    async def work() -> None:
        await database.change(
            """
            DELETE FROM event WHERE at < :before AND seq <= (
                SELECT n.seq FROM network n WHERE n.id = event.network_id
            ) - :keep
            """,
            {"before": before, "keep": keep},
        )

    await database.write(work, long=True)


Listener = Callable[[int, int], None]
_listeners: list[Listener] = []


def on_commit(listener: Listener) -> Callable[[], None]:
    """Have ``listener(network_id, seq)`` called after each commit that wrote an event.

    Returns a function that takes it away again. It is a hint only: the row is the truth.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def _wake(network_id: int, seq: int) -> None:
    for listener in tuple(_listeners):
        listener(network_id, seq)
