"""What remains in a document beside what one sees at first: comments, changes, what is hidden."""

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import pikepdf
from pikepdf import Name

from forum.file_reading.found import Trouble, Unreadable
from forum.file_reading.strip_xml import local_name
from forum.file_reading.telling import Leftover
from forum.file_reading.xml_parts import Readable
from forum.file_reading.zipped import Package

_COMMENTS: Final = frozenset({"comment", "cm", "threadedComment", "annotation"})
_CHANGES: Final = frozenset(
    {"ins", "del", "moveFrom", "moveTo", "changed-region", "rPrChange", "pPrChange", "tblPrChange"}
)
_ON: Final = frozenset({"1", "true", "on"})
#: By the element: an attribute, what it says when something is hidden, and what that is. In Word
#: the element alone says it.
_HIDING: Final[dict[str, tuple[str, Set[str], Leftover]]] = {
    "vanish": ("val", _ON | {""}, Leftover.HIDDEN_TEXT),
    "text-properties": ("display", {"none"}, Leftover.HIDDEN_TEXT),
    "sheet": ("state", {"hidden", "veryHidden"}, Leftover.HIDDEN_SHEETS),
    "table-properties": ("display", {"false"}, Leftover.HIDDEN_SHEETS),
    "row": ("hidden", _ON, Leftover.HIDDEN_ROWS),
    "col": ("hidden", _ON, Leftover.HIDDEN_ROWS),
    "table-row": ("visibility", {"collapse"}, Leftover.HIDDEN_ROWS),
    "table-column": ("visibility", {"collapse"}, Leftover.HIDDEN_ROWS),
    "sld": ("show", {"0", "false"}, Leftover.HIDDEN_SLIDES),
    "drawing-page-properties": ("visibility", {"hidden"}, Leftover.HIDDEN_SLIDES),
}
#: Parts by what their names hold.
_BY_NAME: Final = {
    "vbaProject": Leftover.MACROS,
    "Basic/": Leftover.MACROS,
    "/embeddings/": Leftover.ATTACHMENTS,
}
_NOTES_OF_PDF: Final = frozenset({"/Link", "/Widget", "/Popup", "/FileAttachment"})
# Fragments of words that are written so in the definitions of styles are no hidden words.
_DEFINITIONS: Final = ("styles.xml", "theme", "numbering.xml", "slideLayout", "slideMaster")


def of_package(package: Package) -> set[Leftover]:
    """Name what is in an office document. Raises Unreadable."""
    found = set()
    for name in package.names:
        found |= {what for part, what in _BY_NAME.items() if part in "/" + name}
        if name.endswith(".xml") and not any(part in name for part in _DEFINITIONS):
            with package.part(name) as part:
                found |= _of_part(part, name)
    return found


def _of_part(part: Readable, name: str) -> set[Leftover]:
    found: set[Leftover] = set()
    is_notes = "/notesSlide" in name
    within_notes = 0

    def start(element: str, said: dict[str, str]) -> None:
        nonlocal within_notes
        local = local_name(element)
        attributes = {local_name(key): value for key, value in said.items()}
        found.update(_told_by(local, attributes))
        within_notes += local == "notes" or within_notes > 0

    def end(_element: str) -> None:
        nonlocal within_notes
        within_notes -= within_notes > 0

    def text(said: str) -> None:
        # A slide's number stands among its notes, too.
        if (is_notes or within_notes) and any(sign.isalpha() for sign in said):
            found.add(Leftover.NOTES)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while batch := part.read(64 * 1024):
            parser.Parse(batch, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unreadable(Trouble.DAMAGED) from None
    return found


def _told_by(element: str, said: dict[str, str]) -> Iterator[Leftover]:
    """Name what an element and its attributes tell."""
    if element in _COMMENTS:
        yield Leftover.COMMENTS
    if element in _CHANGES:
        yield Leftover.CHANGES
    if element in _HIDING:
        attribute, values, what = _HIDING[element]
        if said.get(attribute, "") in values:
            yield what


def of_pdf(source: Path) -> set[Leftover]:
    """Name what is in a PDF. Raises Unreadable."""
    found = set()
    try:
        with pikepdf.open(source) as document:
            if document.attachments:
                found.add(Leftover.ATTACHMENTS)
            if "/OCProperties" in document.Root:
                found.add(Leftover.HIDDEN_TEXT)
            for one in document.objects:
                if isinstance(one, pikepdf.Dictionary):
                    found |= set(_of_object(one))
    except pikepdf.PasswordError:
        raise Unreadable(Trouble.PROTECTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        raise Unreadable(Trouble.DAMAGED) from None
    return found


def _of_object(one: Any) -> Iterator[Leftover]:
    if one.get("/S") == Name.JavaScript:
        yield Leftover.MACROS
    for note in one.get("/Annots", []) if one.get("/Type") == Name.Page else []:
        kind = str(note.get("/Subtype"))
        if kind == "/FileAttachment":
            yield Leftover.ATTACHMENTS
        elif kind not in _NOTES_OF_PDF:
            yield Leftover.COMMENTS


def _refuse(*_declared: object) -> None:
    raise Unreadable(Trouble.DAMAGED)
