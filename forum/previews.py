"""What a version looks like in a page, as far as it has been read."""

from dataclasses import dataclass, field

from forum.file_reading.found import Kind
from storage import door
from storage.door import Inside
from storage.renditions import RenditionPage, RenditionState

#: Characters of a plain text that a page shows.
MOST_SHOWN = 200_000
#: The trouble with what is shown in part, and with text that a program has seen in pictures; the
#: others are those of forum.file_reading.
IN_PART = "in_part"
RECOGNISED = "recognised"


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as an image, and the text that stands on it."""

    number: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a version. ``html`` has been cleaned by forum.file_reading."""

    state: RenditionState
    kind: Kind = Kind.NONE
    html: str = ""
    #: Of plain text, and what was seen in pictures.
    text: str = ""
    #: Why there is less than one would think.
    trouble: str = ""
    searchable: bool = False
    #: Whether a personnummer stands in its text: for whoever put it there, and coordinators.
    personal: bool = False
    page_count: int = 0
    pages: list[PageImage] = field(default_factory=list)

    @property
    def words(self) -> bool:
        """Whether what it shows as pages can be shown as text alone."""
        return bool(self.text) or any(page.text for page in self.pages)

    @property
    def waiting(self) -> bool:
        """Whether it is still to be made."""
        return self.state == RenditionState.WAITING


#: Of what is read by nobody, such as what a program keeps for itself, and of what has been weeded.
NOTHING = Preview(RenditionState.READY)

_RENDITION = """
    SELECT id, state, kind, html, trouble, searchable, personal, page_count,
        CASE WHEN kind = 'text' OR trouble = 'recognised'
            THEN SUBSTR(text, 1, CAST(:most AS INTEGER)) ELSE '' END AS text
    FROM rendition WHERE network_id = :network_id AND version_id = :version_id
"""
_PAGES = """
    SELECT number, width, height, text FROM rendition_page
    WHERE network_id = :network_id AND rendition_id = :rendition_id ORDER BY number
"""


async def preview(inside: Inside, version_id: int) -> Preview:
    """Return what is shown of a version."""
    found = await inside.read(_RENDITION, version_id=version_id, most=MOST_SHOWN)
    if not found:
        return NOTHING
    [row] = found
    pages = await inside.read(_PAGES, rendition_id=row["id"])
    return Preview(
        state=RenditionState(row["state"]),
        kind=Kind(row["kind"]),
        html=row["html"],
        text=row["text"],
        trouble=row["trouble"] or (IN_PART if len(row["text"]) == MOST_SHOWN else ""),
        searchable=bool(row["searchable"]),
        personal=bool(row["personal"]),
        page_count=row["page_count"],
        pages=[PageImage(**page) for page in pages],
    )


async def page(inside: Inside, version_id: int, number: int) -> RenditionPage:
    """Return a page of a version, with its image. Raises NotFound."""
    rendition = await inside.renditions.get_or_none(version_id=version_id)
    found = rendition and await inside.rendition_pages.get_or_none(
        rendition_id=rendition.id, number=number
    )
    if not found:
        raise door.NotFound
    return found
