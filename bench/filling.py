"""A network that has talked for years: written as rows, past the verbs, which would take hours."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
from tortoise.models import Model

from bench import texts
from storage.discussions import Reply, Thread, ThreadKind
from storage.documents import Folder
from storage.events import Event, EventKind
from storage.networks import Area, Membership, Network
from storage.organisations import Organisation, OrganisationKind
from storage.people import Person
from storage.readers import ReadMark
from storage.roles import Role

SLUG = "natverket"
MUNICIPALITIES = (
    *("Aneby", "Eksjö", "Gislaved", "Gnosjö", "Habo", "Jönköping", "Mullsjö", "Nässjö", "Sävsjö"),
    *("Tranås", "Vaggeryd", "Vetlanda", "Värnamo"),
)
PERSONS = 500
#: The persons with the lowest ids are those who visit while it is measured.
VISITORS = 16
AREAS = 8
REPLIES_TO_A_THREAD = 20
DIFFERENT_TEXTS = 2000
START = datetime(2024, 1, 8, 7, 0, tzinfo=UTC)

Table = tuple[type[Model], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many replies; threads have 20 of them on average. How large a file is sent there."""

    replies: int
    megabytes: int = 1024

    @property
    def threads(self) -> int:
        """How many threads they stand in."""
        return self.replies // REPLIES_TO_A_THREAD

    def answers(self, thread_id: int) -> int:
        """How many replies a thread has: 12 to 28, and 20 in every ninth pair of threads."""
        apart = (thread_id - 1) // 2 % 9
        return REPLIES_TO_A_THREAD + (apart if thread_id % 2 else -apart)


def tables(size: Size) -> list[Table]:
    """Return each table's rows, parents first. What a row does not say is its model's default."""
    return [
        (Organisation, _organisations()),
        (Person, _persons()),
        (Network, _networks(size)),
        (Membership, _memberships()),
        (Area, _areas()),
        (Folder, _folders()),
        (Thread, _threads(size)),
        (Reply, _replies(size)),
        (ReadMark, _read_marks(size)),
        (Event, _events(size)),
    ]


def _organisations() -> Iterator[dict[str, Any]]:
    for number, name in enumerate(MUNICIPALITIES, 1):
        kind = OrganisationKind.MUNICIPALITY
        yield {"id": number, "name": name, "kind": kind, "created_at": START}


def _persons() -> Iterator[dict[str, Any]]:
    first = ("Maria", "Jonas", "Karin", "Amir", "Hanna", "Tomas", "Linda", "Robin", "Elin", "Petra")
    last = ("Sandell", "Ahlgren", "Öberg", "Haddad", "Tinglöf", "Ceder", "Kvist", "Sjölin", "Fors")
    for number in range(1, PERSONS + 1):
        yield {
            "id": number,
            "username": f"person.{number}",
            "name": f"{first[number % len(first)]} {last[number % len(last)]}",
            "email": f"person.{number}@kommun.example",
            "title": "LSS-handläggare" if number % 3 else "Enhetschef",
            "created_at": START,
        }


def _networks(size: Size) -> Iterator[dict[str, Any]]:
    seq = size.threads + sum(size.answers(one) for one in range(1, size.threads + 1))
    yield {"id": 1, "slug": SLUG, "name": "Nätverket", "seq": seq, "created_at": START}


def _memberships() -> Iterator[dict[str, Any]]:
    for number in range(1, PERSONS + 1):
        yield {
            "id": number,
            "network_id": 1,
            "person_id": number,
            "organisation_id": _organisation(number),
            "role": Role.COORDINATOR if number == 1 else Role.MEMBER,
            "starts_on": date(2024, 1, 8) + timedelta(days=number % 700),
            "created_at": START,
        }


def _organisation(person_id: int) -> int:
    return person_id % len(MUNICIPALITIES) + 1


def _areas() -> Iterator[dict[str, Any]]:
    for number in range(1, AREAS + 1):
        yield {"id": number, "network_id": 1, "name": f"Område {number}", "position": number}


def _folders() -> Iterator[dict[str, Any]]:
    yield {"id": 1, "network_id": 1, "name": "", "name_key": "", "created_at": START}


def _threads(size: Size) -> Iterator[dict[str, Any]]:
    random, stock, known = Random(1), texts.made(DIFFERENT_TEXTS // 4), texts.sentences()
    for number in range(1, size.threads + 1):
        text, author = random.choice(stock), random.randint(1, PERSONS)
        yield {
            "id": number,
            "network_id": 1,
            "area_id": random.randint(1, AREAS),
            "kind": ThreadKind.QUESTION,
            "title": random.choice(known)[:120],
            "body": text.body,
            "body_html": text.html,
            "author_id": author,
            "organisation_id": _organisation(author),
            "created_at": _when(size, number, 1),
            "version": size.answers(number) + 1,
            "form_nonce": f"t{number}",
            "last_number": size.answers(number) + 1,
            "last_posted_at": _when(size, number, size.answers(number) + 1),
        }


def _replies(size: Size) -> Iterator[dict[str, Any]]:
    random, stock, reply_id = Random(2), texts.made(DIFFERENT_TEXTS), 0
    for thread_id in range(1, size.threads + 1):
        for number in range(2, size.answers(thread_id) + 2):
            reply_id += 1
            text, author = random.choice(stock), random.randint(1, PERSONS)
            yield {
                "id": reply_id,
                "network_id": 1,
                "thread_id": thread_id,
                "number": number,
                "body": text.body,
                "body_html": text.html,
                "author_id": author,
                "organisation_id": _organisation(author),
                "created_at": _when(size, thread_id, number),
                "form_nonce": f"r{reply_id}",
            }


def _when(size: Size, thread_id: int, number: int) -> datetime:
    """Threads are spread over three years, a thread's posts over days."""
    return START + timedelta(days=900 * thread_id / size.threads, hours=number * 5)


def _read_marks(size: Size) -> Iterator[dict[str, Any]]:
    """The visitors have read every other thread, the others a few."""
    random, mark_id = Random(3), 0
    for person_id in range(1, PERSONS + 1):
        every = 2 if person_id <= VISITORS else 100
        for thread_id in range(random.randint(1, every), size.threads + 1, every):
            mark_id += 1
            number = size.answers(thread_id) + 1
            yield {
                "id": mark_id,
                "network_id": 1,
                "thread_id": thread_id,
                "person_id": person_id,
                "number": number,
                "at": _when(size, thread_id, number),
            }


def _events(size: Size) -> Iterator[dict[str, Any]]:
    seq, reply_id = 0, 0
    for thread_id in range(1, size.threads + 1):
        for number in range(1, size.answers(thread_id) + 2):
            seq += 1
            reply_id += number > 1
            yield {
                "id": seq,
                "network_id": 1,
                "seq": seq,
                "kind": EventKind.REPLY_CREATED if number > 1 else EventKind.THREAD_CREATED,
                "actor_id": 1,
                "thread_id": thread_id,
                "reply_id": reply_id if number > 1 else None,
                "at": _when(size, thread_id, number),
            }


def fill_sqlite(path: str, size: Size) -> None:
    """Fill a migrated file."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -500000")
    for model, rows in tables(size):
        names, defaults = _columns(model)
        marks = ", ".join("?" * len(names))
        quoted = ", ".join(f'"{name}"' for name in names)
        connection.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({marks})',
            ([_text(value) for value in (defaults | row).values()] for row in rows),
        )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _text(value: Any) -> Any:
    """As Tortoise writes it into SQLite."""
    return str(value) if isinstance(value, date) else value


async def fill_postgres(url: str, size: Size) -> None:
    """Fill a migrated database, and let it count what it has, as it would have by itself."""
    connection = await asyncpg.connect(url)
    for model, rows in tables(size):
        table, (names, defaults) = model._meta.db_table, _columns(model)
        await connection.copy_records_to_table(
            table, columns=names, records=(tuple((defaults | row).values()) for row in rows)
        )
        if "id" in names:
            await connection.execute(
                f"""SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), MAX(id))"""
                f' FROM "{table}"'
            )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _columns(model: type[Model]) -> tuple[list[str], dict[str, Any]]:
    """Return a table's columns, and what stands in each unless a row says something else."""
    defaults = {}
    for name, column in model._meta.fields_db_projection.items():
        default = model._meta.fields_map[name].default
        defaults[column] = default() if callable(default) else default
    return list(defaults), defaults
