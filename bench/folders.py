"""How long the page of a folder with a thousand documents takes, made anew and unchanged."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any

from tortoise.connection import get_connection

from bench import floor
from bench.client import Answer, ask
from bench.figures import Figure, Goal
from bench.filling import MUNICIPALITIES, PERSONS, SLUG, START
from bench.servers import Serving, free_port
from bench.sites import Site
from forum import check_outs, document_names, folders, settings
from storage import clock, database, door
from storage.attachments import Blob
from storage.documents import Document, DocumentKind, Version
from storage.door import Inside
from storage.people import Person

ENTRIES = 1_000
TIMES = 40
WARM = 3
BLOB = hashlib.sha256(b"bench").hexdigest()
NAMES = ("Kallelse", "Anteckningar", "Riktlinje", "Åtgärdsplan", "Mall för beslut", "Budget")
ENDINGS = (".docx", ".pdf", ".odt", ".xlsx", ".md")

Seconds = dict[str, list[float]]


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Ask for the page after somebody has changed something in it, and after nobody has."""
    async with database.opened(settings.from_environment(site.environment).database_url):
        inside = await door.enter(await Person.get(id=1), SLUG)
        await database.write(lambda: _fill(inside))
        # As either database does by itself, some while later.
        await get_connection("default").execute_query("ANALYZE")
        with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
            plain = await ask(site.port, site.visitors[1].get(_there(), **{"Accept-Encoding": ""}))
            if plain.status != 200 or plain.body.count(b'<tr id="document-') != ENTRIES:
                raise RuntimeError(f"{_there()} answered {plain.status}, without all documents")
            page = await ask(site.port, site.visitors[1].get(_there()))
            port = free_port()
            answer = str(floor.write(site.folder, page))
            with Serving("bench.floor", str(port), answer, port=port, environment={}):
                took = await _in_turn(site, inside, port)
            beside = f"{len(page.body):,} bytes, {len(plain.body):,} unpacked; {forum.memory()}"
    return list(_figures(site, took, beside))


def _there() -> str:
    return f"/n/{SLUG}/documents"


async def _fill(inside: Inside) -> None:
    """Put the documents there: some adopted, some with several versions, some being edited."""
    random, root = Random(5), await folders.root(inside)
    await Blob.create(digest=BLOB, size=70_000, created_at=START)
    documents = [_document(random, number, root.id) for number in range(1, ENTRIES + 1)]
    await inside.create_many(Document, documents)
    await inside.create_many(Version, [one for row in documents for one in _versions(row)])


def _document(random: Random, number: int, folder_id: int) -> dict[str, Any]:
    name = f"{random.choice(NAMES)} {random.choice(MUNICIPALITIES)} {number}"
    name += random.choice(ENDINGS)
    last, edited = random.choice((1, 1, 1, 2, 3, 7)), number % 25 == 0
    now, saved = clock.now(), START + timedelta(hours=number)
    return {
        "id": number,
        "folder_id": folder_id,
        "name": name,
        "name_key": document_names.key(name),
        "kind": random.choice(list(DocumentKind)),
        "term": random.choice(("", "2025-1", "2025-2", "2026-1")),
        "organisation_id": number % len(MUNICIPALITIES) + 1,
        "author_id": number % PERSONS + 1,
        "created_at": saved,
        "changed_at": saved,
        "last_number": last,
        "adopted_number": last if number % 4 == 0 else None,
        "adopted_digest": BLOB if number % 4 == 0 else None,
        "editor_id": 2 if edited else None,
        "edited_since_at": now if edited else None,
        "edited_until_at": now + check_outs.LASTS if edited else None,
    }


def _versions(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number in range(1, document["last_number"] + 1):
        yield {
            "document_id": document["id"],
            "number": number,
            "blob_id": BLOB,
            "size": 70_000,
            "media_type": "application/octet-stream",
            "name": document["name"],
            "person_id": document["author_id"],
            "organisation_id": document["organisation_id"],
            "created_at": document["created_at"] + timedelta(hours=number),
        }


async def _in_turn(site: Site, inside: Inside, floor_port: int) -> Seconds:
    """Change something, and ask for the page, for it again, and for as much of a bare server."""
    took: Seconds = defaultdict(list)
    visitor = site.visitors[1]
    for turn in range(WARM + TIMES):
        await (check_outs.end if turn % 2 else check_outs.begin)(inside, 1)
        made, page = await _timed(site.port, visitor.get(_there()), 200)
        again = visitor.get(_there(), **{"If-None-Match": page.header("etag") or ""})
        same, _ = await _timed(site.port, again, 304)
        bare, _ = await _timed(floor_port, visitor.get("/"), 200)
        if turn >= WARM:
            for name, seconds in (("made", made), ("unchanged", same), ("floor", bare)):
                took[name].append(seconds)
    return took


async def _timed(port: int, request: bytes, status: int) -> tuple[float, Answer]:
    """Ask on a connection of its own; return how long it took to the last byte, and the answer."""
    began = time.perf_counter()
    answer = await ask(port, request)
    seconds = time.perf_counter() - began
    if answer.status != status:
        raise RuntimeError(f"{status} was expected, and {answer.status} came")
    return seconds, answer


def _figures(site: Site, took: Seconds, beside: str) -> Iterator[Figure]:
    named = {
        "made": f"folder of {ENTRIES:,}, made anew",
        "unchanged": "the same, unchanged (304)",
        "floor": "the same bytes from the floor",
    }
    for name, what in named.items():
        seen = sorted(1000 * one for one in took[name])
        late = f"slowest of {len(seen)} {seen[-1]:.1f} ms"
        goal = Goal("≤", 110) if name != "floor" else None
        note = f"{late}; {beside}" if name == "made" else late
        yield Figure(site.dialect, what, median(seen), "ms", goal, note)
