"""Filing: documents put into folders, described, renamed, moved and copied."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from forum import document_names, folders, personal_numbers, quotas, terms, versions
from forum.contents import Content, Known
from forum.documents import amend, current, document, locked_document
from forum.folders import locked_folder, require_free
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from storage import clock, database, door
from storage.documents import Document, DocumentKind
from storage.door import Inside
from storage.events import EventKind
from storage.organisations import Organisation
from storage.roles import Act

DESCRIPTION_LIMIT: Final = 1000
KEYWORDS_LIMIT: Final = 500
RECORD_NUMBER_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a document beside its name."""

    kind: DocumentKind = DocumentKind.OTHER
    term: str = ""
    held_on: date | None = None
    description: str = ""
    keywords: str = ""
    #: The organisation that owns it; None: the one of whoever puts it there.
    organisation_id: int | None = None
    record_number: str = ""


PLAIN: Final = Described()


async def create_document(
    inside: Inside,
    folder_id: int,
    name: str,
    content: Content | None,
    described: Described = PLAIN,
    *,
    note: str = "",
    below: Iterable[str] = (),
    renamed: bool = False,
) -> Document:
    """Put a document into a folder, or into those ``below`` it, which are made if need be.

    Without content it has no version yet. ``renamed``: where the name is taken, it becomes
    "Karta (2).pdf". Raises NotFound, Forbidden, or Invalid with a reason per field.
    """
    inside.require(Act.FILE)
    name = document_names.checked(name)
    values = await _checked(inside, described)
    note = versions.require_note(note)

    async def create() -> Document:
        folder = await folders.below(inside, folder_id, list(below))
        final = await free_name(inside, folder.id, name) if renamed else name
        await require_free(inside, folder, final)
        now = clock.now()
        new = await inside.create(
            Document,
            folder_id=folder.id,
            name=final,
            name_key=document_names.key(final),
            author_id=inside.person.id,
            created_at=now,
            changed_at=now,
            **values,
        )
        if content is not None:
            await quotas.require(inside, content.size)
            await versions.append(inside, new, content, name=final, note=note)
        await inside.record(EventKind.DOCUMENT_CREATED, document_id=new.id, folder_id=folder.id)
        return new

    return await database.write(create)


async def free_name(inside: Inside, folder_id: int, name: str) -> str:
    """Return the name, or with a number when it is taken in the folder."""
    taken = {
        *await inside.folders.filter(parent_id=folder_id).values_list("name_key", flat=True),
        *await inside.documents.filter(folder_id=folder_id).values_list("name_key", flat=True),
    }
    return document_names.free_name(name, {str(one) for one in taken})


async def _checked(inside: Inside, described: Described) -> dict[str, Any]:
    """Return the columns that say it. Raises Invalid with a reason per field."""
    tidy = replace(
        described,
        description=described.description.strip(),
        keywords=", ".join(_keywords(described.keywords)),
        record_number=one_line(described.record_number),
        organisation_id=described.organisation_id or inside.membership.organisation_id,
    )
    limits = {
        "description": DESCRIPTION_LIMIT,
        "keywords": KEYWORDS_LIMIT,
        "record_number": RECORD_NUMBER_LIMIT,
    }
    texts = {name: getattr(tidy, name) for name in limits}
    errors = personal_numbers.problems_in(**texts)
    for name, limit in limits.items():
        if len(texts[name]) > limit:
            errors[name] = _("Write at most %(limit)d characters.") % {"limit": limit}
    if tidy.term and terms.parse(tidy.term) is None:
        errors["term"] = _("Choose a term from the list.")
    if not await Organisation.exists(id=tidy.organisation_id):
        errors["organisation"] = _("Choose an organisation from the list.")
    if errors:
        raise Invalid(**errors)
    return asdict(tidy)


def _keywords(text: str) -> list[str]:
    """Return the words between the commas, each once."""
    words = (one_line(word) for word in text.replace(";", ",").split(","))
    return list({word.casefold(): word for word in words if word}.values())


async def describe(inside: Inside, document_id: int, name: str, described: Described) -> Document:
    """Say anew what a document is called and what it is. It stays the same document.

    Raises NotFound, Forbidden, or Invalid with a reason per field.
    """
    inside.require(Act.FILE)
    name = document_names.checked(name)
    values = await _checked(inside, described)

    async def change() -> Document:
        found = await _held_in_folder(inside, document_id)
        await _rename(inside, found, name)
        await amend(inside, found, **values)
        await inside.record(
            EventKind.DOCUMENT_CHANGED, document_id=found.id, folder_id=found.folder_id
        )
        return found

    return await database.write(change)


async def _held_in_folder(inside: Inside, document_id: int, *more: int) -> Document:
    """Hold a document, its folder and others before it: folders first, in their order."""
    at = (await document(inside, document_id)).folder_id
    for one in sorted({at, *more}):
        await locked_folder(inside, Act.FILE, one)
    found = await locked_document(inside, Act.FILE, document_id)
    if found.folder_id != at:
        # Somebody has moved it while this waited.
        raise door.NotFound
    return found


async def _rename(inside: Inside, found: Document, name: str) -> None:
    key = document_names.key(name)
    if key != found.name_key:
        await require_free(inside, await folders.folder(inside, found.folder_id), name)
    if name == found.name:
        return
    found.former_name, found.name, found.name_key = found.name, name, key
    await inside.documents.filter(id=found.id).update(
        name=name,
        name_key=key,
        former_name=found.former_name,
        renamed_at=clock.now(),
        renamed_by_id=inside.person.id,
    )


async def move(inside: Inside, document_id: int, folder_id: int, name: str = "") -> Document:
    """Move a document into another folder, or give it another name, or both.

    Raises NotFound, Forbidden, or Invalid (``name``) where the name is taken.
    """
    inside.require(Act.FILE)

    async def change() -> Document:
        found = await _held_in_folder(inside, document_id, folder_id)
        wanted = document_names.checked(name) if name else found.name
        if folder_id != found.folder_id:
            await require_free(inside, await folders.folder(inside, folder_id), wanted)
            found.folder_id = folder_id
            key = document_names.key(wanted)
            await amend(inside, found, folder_id=folder_id, name=wanted, name_key=key)
        else:
            await _rename(inside, found, wanted)
            await amend(inside, found)
        await inside.record(
            EventKind.DOCUMENT_MOVED, document_id=found.id, folder_id=found.folder_id
        )
        return found

    return await database.write(change)


async def copy(
    inside: Inside, document_id: int, folder_id: int, name: str = "", number: int | None = None
) -> Document:
    """Make a document of its own from a version of another, the current one by default.

    Raises NotFound, Forbidden, or Invalid.
    """
    inside.require(Act.FILE)
    source = await document(inside, document_id)
    version = await versions.version(inside, source, number or current(source))
    described = Described(
        kind=source.kind,
        term=source.term,
        held_on=source.held_on,
        description=source.description,
        keywords=source.keywords,
        organisation_id=source.organisation_id,
    )
    return await create_document(
        inside,
        folder_id,
        name or source.name,
        Known(versions.digest(version), version.size),
        described,
        renamed=not name,
    )
