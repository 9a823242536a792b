"""What is written about a publication: its title, summary and address, and whom to turn to."""

import re
from dataclasses import dataclass, replace
from typing import Final

from forum import document_names, file_names, personal_numbers
from forum.language import gettext as _
from forum.markup_bounds import has_words
from forum.refusals import Invalid
from forum.text import folded, one_line
from forum.titles import TITLE_LIMIT, title_trouble
from storage import publications as rows
from storage.documents import Document
from storage.door import Inside
from storage.organisations import Organisation
from storage.people import Language
from storage.publications import Publication

SUMMARY_LIMIT: Final = 1000
SLUG_LIMIT: Final = 80
CONTACT_LIMIT: Final = 200
# What file systems do not take; of a title, marks that nobody misses in a name.
_NOT_IN_NAMES: Final = re.compile(r'[/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Wording:
    """What a coordinator has written about a publication."""

    title: str
    summary: str
    slug: str
    language: Language
    owner_id: int
    contact: str
    #: Whether she says that the file is accessible.
    accessible: bool = False


def begun(inside: Inside, document: Document, published: Publication | None) -> Wording:
    """Return what the form says at first: as it was published last, or what is known."""
    if published:
        return Wording(
            title=published.title,
            summary=published.summary,
            slug=published.slug,
            language=published.language,
            owner_id=published.owner_id,
            contact=published.contact,
        )
    title = document_names.split(document.name)[0]
    return Wording(
        title=title[:TITLE_LIMIT],
        summary=document.description[:SUMMARY_LIMIT],
        slug=slug_of(title),
        language=inside.person.language,
        owner_id=document.organisation_id,
        contact=inside.person.email or inside.person.phone,
    )


def slug_of(text: str) -> str:
    """Return an address: "Så möter vi barn!" becomes "sa-moter-vi-barn"."""
    return folded(text)[:SLUG_LIMIT].strip("-")


async def checked(wanted: Wording, published: Publication | None) -> Wording:
    """Return what is written as it is kept. Raises Invalid with a reason per field.

    What has been published keeps its address.
    """
    tidy = replace(
        wanted,
        title=one_line(wanted.title),
        summary=one_line(wanted.summary),
        slug=published.slug if published else slug_of(wanted.slug or wanted.title),
        contact=one_line(wanted.contact),
    )
    errors = {
        **title_trouble(tidy.title),
        **personal_numbers.problems_in(summary=tidy.summary, contact=tidy.contact, slug=tidy.slug),
        **_too_long(summary=(wanted.summary, SUMMARY_LIMIT), contact=(tidy.contact, CONTACT_LIMIT)),
    }
    if not has_words(tidy.summary):
        errors["summary"] = _("Write what it is about, for those who have not read it.")
    if not has_words(tidy.contact):
        errors["contact"] = _("Write whom people can turn to, such as an e-mail address.")
    if not tidy.slug:
        errors["slug"] = _("Write an address with letters, such as talking-with-children.")
    elif not published and await rows.is_taken(tidy.slug):
        errors["slug"] = taken()
    if not await Organisation.exists(id=tidy.owner_id):
        errors["owner"] = _("Choose an organisation from the list.")
    if errors:
        raise Invalid(**errors)
    return tidy


def _too_long(**texts: tuple[str, int]) -> dict[str, str]:
    return {
        name: _("Write at most %(limit)d characters.") % {"limit": limit}
        for name, (text, limit) in texts.items()
        if len(text) > limit
    }


def taken() -> str:
    """Return what is said of an address that another publication has, or has had."""
    return _("Another publication has this address. Choose another one.")


def file_name(title: str, suffix: str) -> str:
    """Return what the file is called for everybody: by its title, which is public anyway.

    What it is called within the network may tell of that.
    """
    stem = " ".join(_NOT_IN_NAMES.sub(" ", title).split()).strip(". ") or _("file")
    return file_names.cleaned(f"{stem}.{suffix}" if suffix else stem)
