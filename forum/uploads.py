"""Files on their way into a post: taken in, cleaned, and kept for their uploader until she posts.

A file that is in no post belongs to nobody else, and goes after a week.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from tortoise.exceptions import OperationalError

from forum import (
    blob_store,
    clamd,
    file_names,
    films,
    images,
    personal_numbers,
    throttle,
    virus_checks,
)
from forum.clamd import ScannerDown
from forum.language import gettext as _
from forum.refusals import Invalid, TooOften
from forum.scanning import Found
from forum.settings import Settings
from storage import attachments as rows
from storage import blobs, clock, database, door
from storage.attachments import Attachment
from storage.blobs import Arriving, Store, Unreachable
from storage.door import Inside
from storage.people import Person
from storage.roles import Act

log = logging.getLogger("forum.uploads")

#: How many files one request may bring, and a post may have.
AT_ONCE: Final = 10
#: How many files one request may bring into a folder.
INTO_FOLDER: Final = 100
#: Unposted files of one person in one network: so that nobody fills the disk by never posting.
WAITING: Final = 50
#: Files that one person may send in an hour: a meeting's photographs, a few times.
AN_HOUR: Final = 300
KEPT: Final = timedelta(days=7)
#: Bytes that nothing refers to are left this long: somebody may be about to.
SETTLED: Final = timedelta(hours=1)


class Trouble(StrEnum):
    """Why a file's bytes are not there."""

    TOO_LARGE = "too large"
    TOO_MANY = "too many"
    NO_ROOM = "no room"
    #: Whoever sent it had been logged out.
    NOT_KEPT = "not kept"


@dataclass(slots=True)
class Sent:
    """A file as it came with a form: in a field, under a name, as bytes or with a trouble."""

    field: str
    name: str
    arriving: Arriving | None = None
    trouble: Trouble | None = None

    def discard(self) -> None:
        """Delete its bytes, unless they have been kept meanwhile."""
        if self.arriving is not None:
            self.arriving.discard()


@dataclass(frozen=True, slots=True)
class Limits:
    """Where files go and how large each may be, in bytes."""

    store: Store
    each: int
    #: How many files one request may bring.
    at_once: int = AT_ONCE
    #: Who looks through them for viruses.
    scanner: clamd.Address | None = None

    @property
    def megabytes(self) -> int:
        """The largest file, as one says it."""
        return self.each // (1024 * 1024)


def limits(settings: Settings) -> Limits:
    """Return where an installation keeps its files, and how large they may be."""
    store = blob_store.store(settings)
    return Limits(store, settings.attachment_mb * 1024 * 1024, scanner=settings.clamd)


def into_folder(settings: Settings) -> Limits:
    """Return where files for folders go, and how large they may be."""
    store = limits(settings).store
    return Limits(store, settings.document_mb * 1024 * 1024, INTO_FOLDER, settings.clamd)


async def receive(inside: Inside, limits: Limits, sent: Sent) -> Attachment:
    """Keep a file for a post that is being written; images and films without what they only tell.

    Raises Forbidden, or Invalid (``files``) with the file's name and what to do.
    """
    inside.require(Act.REPLY)
    name = checked_name(sent.name)
    try:
        arriving = arrived(sent, limits)
        try:
            await count(inside.person)
            arriving, image = await _bare(inside, limits, arriving, name)
            unscanned = await _unscanned(limits, arriving, name)
            await arriving.finish()
            return await database.write(lambda: _take(inside, arriving, name, image, unscanned))
        finally:
            arriving.discard()
    except TooOften as often:
        raise Invalid(files=f"{name}: {throttle.advice(often)}") from None
    except images.ImageRefused as refused:
        raise Invalid(files=f"{name}: {refused}") from None
    except films.NotUnderstood:
        raise Invalid(
            files=_(
                "%(name)s cannot be rid of where it was recorded. Save it anew as MP4 and send"
                " that."
            )
            % {"name": name}
        ) from None
    except OSError as error:
        raise no_room(name, error) from None
    except OperationalError as error:
        if "full" in str(error):
            raise no_room(name, error) from None
        raise


async def count(person: Person) -> None:
    """Count a file that a person sends, before there is work with it. Raises TooOften."""
    await database.write(lambda: throttle.count("uploads", person.id, AN_HOUR))


def checked_name(name: str) -> str:
    """Return a file's name as it is kept. Raises Invalid (``files``) for one that cannot be."""
    kept = file_names.cleaned(name)
    personal_numbers.refuse(files=kept)
    return kept


def arrived(sent: Sent, limits: Limits) -> Arriving:
    """Return a file's bytes. Raises Invalid (``files``) when they are not there, or not whole."""
    name = file_names.cleaned(sent.name)
    match sent.trouble:
        case Trouble.TOO_LARGE:
            raise too_large(name, limits)
        case Trouble.TOO_MANY:
            raise Invalid(
                files=_("At most %(limit)d files can be sent at a time. Send %(name)s afterwards.")
                % {"name": name, "limit": limits.at_once}
            )
        case None if sent.arriving is not None:
            if not sent.arriving.size:
                raise empty(name)
            return sent.arriving
        case _:
            raise no_room(name, None)


def empty(name: str) -> Invalid:
    """Return what is said of a file without a byte."""
    return Invalid(files=_("%(name)s is empty.") % {"name": name})


def too_large(name: str, limits: Limits) -> Invalid:
    """Return what is said of a file that is larger than one may be."""
    return Invalid(
        files=_("%(name)s is larger than %(limit)d MB. Make it smaller, or divide it.")
        % {"name": name, "limit": limits.megabytes}
    )


def no_room(name: str, error: Exception | None) -> Invalid:
    """Return what is said of a file for which there is no room, or no way to where it belongs."""
    log.error("a file could not be kept: %s", error)
    if isinstance(error, Unreachable):
        return Invalid(
            files=_("%(name)s could not be saved just now. Try again in a few minutes.")
            % {"name": name}
        )
    return Invalid(
        files=_("There is no room on the server for %(name)s. Try again later, or ask for help.")
        % {"name": name}
    )


def head(arriving: Arriving) -> bytes:
    """Return the first bytes of a file; in a thread."""
    with arriving.path.open("rb") as file:
        return file.read(images.HEAD)


async def _bare(
    inside: Inside, limits: Limits, arriving: Arriving, name: str
) -> tuple[Arriving, images.Image | None]:
    """Return the file without what it tells beside what it shows, and what image it is."""
    first = await asyncio.to_thread(head, arriving)
    if images.is_image(first):
        return await _cleaned_image(limits, arriving, name, inside.person.id)
    if films.is_film(first):
        await asyncio.to_thread(_blank_film, arriving)
    return arriving, None


def _blank_film(arriving: Arriving) -> None:
    films.blank(arriving.path)
    arriving.reread()


async def _cleaned_image(
    limits: Limits, whole: Arriving, name: str, person_id: int
) -> tuple[Arriving, images.Image]:
    """Return the image anew, in a file of its own, which may not be larger than one that came."""
    bare = await asyncio.to_thread(limits.store.arriving)
    try:
        image = await images.clean(whole.path, bare.path, file_names.suffix(name), person_id)
        await asyncio.to_thread(bare.reread)
        if bare.size > limits.each:
            raise too_large(name, limits)
    except BaseException:
        bare.discard()
        raise
    finally:
        whole.discard()
    return bare, image


async def _unscanned(limits: Limits, arriving: Arriving, name: str) -> bool:
    """Have a file looked through for viruses; say whether that has to wait.

    Raises Invalid (``files``) for one with a virus, which goes to the quarantine.
    """
    verdict = await virus_checks.check(limits.scanner, arriving)
    if verdict is not None and verdict.found != Found.CLEAN:
        raise Invalid(files=f"{name}: {virus_checks.words(verdict.signature)}")
    return verdict is None


async def _take(
    inside: Inside, arriving: Arriving, name: str, image: images.Image | None, unscanned: bool
) -> Attachment:
    await inside.recheck(Act.REPLY)
    if await inside.my_uploads.all().count() >= WAITING:
        raise Invalid(files=_("You have many files that are not posted. Post or remove some."))
    return await inside.create(
        Attachment,
        person_id=inside.person.id,
        name=name,
        media_type=image.media_type if image else file_names.media_type(name),
        size=arriving.size,
        blob_id=await arriving.kept(),
        unscanned=unscanned,
        width=image.width if image else None,
        height=image.height if image else None,
        created_at=clock.now(),
    )


async def discard(inside: Inside, attachment_id: int) -> None:
    """Delete a file of one's own that is in no post. Raises NotFound for any other."""

    async def work() -> None:
        await inside.recheck(Act.REPLY)
        if not await inside.my_uploads.filter(id=attachment_id).delete():
            raise door.NotFound

    await database.write(work)


async def scan_waiting(limits: Limits) -> None:
    """Look through what came while the scanner was away. Until then it is its sender's alone."""
    if limits.scanner is None:
        return
    for waiting in await rows.unscanned():
        digest = waiting.blob_id or ""
        try:
            verdict = await virus_checks.check_kept(limits.scanner, limits.store, digest)
        except ScannerDown:
            return
        if verdict is not None:
            clean = verdict.found == Found.CLEAN
            await database.write(partial(rows.scanned, waiting.id, clean))


async def sweep(store: Store) -> None:
    """Delete what was uploaded a week ago and never posted, and bytes that nothing refers to."""
    now = clock.now()
    await database.write(lambda: rows.forget_uploads(now - KEPT))
    await blobs.sweep(store, now - SETTLED)
