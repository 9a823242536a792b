"""The copy of a version that is to be public, and the proof that it is the one that was shown.

A coordinator looks at the copy on one page and publishes it from there. What was shown is kept
meanwhile: its bytes as a blob that nothing refers to, which stays for an hour, and what it is in a
sealed text in the form. So nothing can become another in between, nor be named that was never hers.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from forum import file_names, personal_numbers, publication_pages
from forum.file_reading import stripping
from forum.file_reading.stripping import CannotStrip, Reason
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.render_pool import PoolFullError
from forum.versions import digest
from storage import database
from storage.blobs import BATCH, Arriving, Lost, Store
from storage.documents import Version
from storage.door import Inside
from storage.people import Language
from storage.renditions import RenditionState
from storage.roles import Act
from storage.secrets import secret

#: That nobody could read the text: what stands in it must be looked at by somebody.
UNREAD: Final = "unread"
_SECRET: Final = "publications"  # noqa: S105 (what it is called)


@dataclass(frozen=True, slots=True)
class Copy:
    """What would become public of one version, beside what is written about it."""

    document_id: int
    number: int
    #: The SHA-256 of the version, and of its copy.
    source: str
    digest: str
    #: In bytes.
    size: int
    suffix: str
    media_type: str
    #: What is still in it: forum.file_reading.stripping.Leftover, and UNREAD.
    left: tuple[str, ...]
    #: The SHA-256 of the page and the text that belong to it.
    page: str

    async def sealed(self, inside: Inside) -> str:
        """Return it as a text for a form, which only this person can send back."""
        said = base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()
        return f"{said}.{await _seal(inside, said)}"

    @classmethod
    async def opened(cls, inside: Inside, sealed: str) -> Self | None:
        """Return what such a text says; None when it is none of hers."""
        said, _dot, seal = sealed.rpartition(".")
        if not hmac.compare_digest(seal.encode(), (await _seal(inside, said)).encode()):
            return None
        values: dict[str, Any] = json.loads(base64.urlsafe_b64decode(said))
        return cls(**values | {"left": tuple(values["left"])})


async def _seal(inside: Inside, said: str) -> str:
    whose = f"{inside.network.id}.{inside.person.id}.{said}"
    key = await database.write(lambda: secret(_SECRET))
    return hmac.new(key, whose.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Page:
    """The page that can be read instead of the file, and its words for who searches."""

    html: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of both."""
        return hashlib.sha256(f"{self.html}\0{self.text}".encode()).hexdigest()


async def page_of(inside: Inside, version: Version, language: Language) -> Page:
    """Return what was read out of a version, as a page.

    Raises Invalid (``file``) while it is still being read, and for a text with a personnummer.
    """
    rendition = await inside.renditions.get_or_none(version_id=version.id)
    if rendition is None or rendition.state == RenditionState.WAITING:
        raise Invalid(file=_("The file is still being read. Try again in a minute."))
    pages = await inside.rendition_pages.filter(rendition_id=rendition.id).order_by("number")
    made = await asyncio.to_thread(publication_pages.page_of, rendition, pages, language)
    if rendition.personal or await asyncio.to_thread(_personal, made, rendition.text):
        raise Invalid(
            file=_(
                "There is something in the file that looks like a personal identity number."
                " Remove it, hand in a new version and adopt that one."
            )
        )
    return Page(made, rendition.text)


def _personal(made: str, text: str) -> bool:
    return personal_numbers.holds_one(text) or personal_numbers.holds_one_when_shown(made)


async def copy_of(inside: Inside, store: Store, version: Version, page: Page, title: str) -> Copy:
    """Make the copy of a version's file, without its properties and the names of its authors.

    ``title`` is what it is called instead. Raises Invalid (``file``) when it cannot be made, and
    Forbidden.
    """
    arriving = await asyncio.to_thread(store.arriving)
    try:
        left = await _stripped(store, version, arriving, title)
        await arriving.finish()
        kept = await database.write(lambda: _kept(inside, arriving))
    except Lost:
        raise Invalid(file=_("The file is damaged. Ask whoever runs the service.")) from None
    except (OSError, PoolFullError):
        raise Invalid(file=_("There is no room for a copy just now. Try again later.")) from None
    finally:
        await asyncio.to_thread(arriving.discard)
    return Copy(
        document_id=version.document_id,
        number=version.number,
        source=digest(version),
        digest=kept,
        size=arriving.size,
        suffix=file_names.suffix(version.name),
        media_type=file_names.media_type(version.name),
        left=tuple(sorted({*left, *(() if page.text.strip() else (UNREAD,))})),
        page=page.digest,
    )


async def _stripped(store: Store, version: Version, arriving: Arriving, title: str) -> set[str]:
    """Write the copy; return what is left in it. Raises Invalid (``file``), Lost, OSError."""
    # Where the sweep takes what a killed process has left behind.
    with tempfile.TemporaryDirectory(dir=arriving.path.parent, prefix="copy-") as folder:
        target = Path(folder) / "copy"
        try:
            async with store.local(digest(version)) as source:
                await stripping.strip(source, target, version.name, title)
            left = await stripping.leftovers(target, version.name)
        except CannotStrip as cannot:
            raise Invalid(file=_refusal(cannot.reason)) from None
        await asyncio.to_thread(_write, target, arriving)
    return {str(one) for one in left}


def _write(path: Path, arriving: Arriving) -> None:
    with path.open("rb") as file:
        while batch := file.read(BATCH):
            arriving.write(batch)


def _refusal(reason: Reason) -> str:
    """Return why there is no copy, and what to do."""
    match reason:
        case Reason.KIND:
            return _(
                "A file of this kind cannot be published, since names and properties cannot be"
                " removed from it. Save it as PDF, Word, Excel, PowerPoint or OpenDocument, hand"
                " that in as a new version and adopt it."
            )
        case Reason.PROTECTED:
            return _(
                "The file is locked with a password. Save it without one, hand that in as a new"
                " version and adopt it."
            )
        case Reason.SIGNED:
            return _(
                "The file is signed, and the signature names who has signed it. Publish a file"
                " without a signature."
            )
        case Reason.IMAGE:
            return _(
                "An image in the file cannot be cleaned of what it tells. Save the image as JPEG"
                " or PNG, and hand in a new version with that."
            )
        case Reason.TOO_LARGE | Reason.TOO_SLOW:
            return _("The file is too large or too intricate to be published. Make it simpler.")
        case Reason.DAMAGED:
            return _("The file is damaged. Save it anew, and hand that in as a new version.")


async def _kept(inside: Inside, arriving: Arriving) -> str:
    await inside.recheck(Act.PUBLISH)
    return await arriving.kept()
