"""PDF without properties and names, written anew by qpdf: what nothing leads to is left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Name

from forum.file_reading.found import Trouble, Unreadable

#: Keys of any object that tell who, when and with what.
_TELLING: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
#: Of notes and marks in the margin; a field of a form has its own name under /T.
_OF_A_NOTE: Final = ("/T", "/M", "/CreationDate")
#: What it promises to be, which readers and checkers of accessibility ask for.
_PROMISES: Final = ("pdfuaid:part", "pdfuaid:rev", "pdfaid:part", "pdfaid:conformance")
_MARKER, _COMMENT, _SCAN = 0xFF, 0xFE, 0xDA
#: JFIF and Adobe's: without them colours are other ones.
_KEPT: Final = frozenset({0xE0, 0xEE})


class Signed(Exception):
    """A signature names its signer and would be broken."""


def strip(source: Path, target: Path, title: str) -> None:
    """Write the document, with this title if there is one. Raises Unreadable, Signed."""
    try:
        with pikepdf.open(source) as document:
            promises = _promises(document)
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            for one in document.objects:
                if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                    _strip(one)
            _say(document, title, promises)
            document.save(target, deterministic_id=True)
    except pikepdf.PasswordError:
        raise Unreadable(Trouble.PROTECTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        raise Unreadable(Trouble.DAMAGED) from None


def _promises(document: pikepdf.Pdf) -> dict[str, str]:
    try:
        told = document.open_metadata(set_pikepdf_as_editor=False)
        return {key: str(told[key]) for key in _PROMISES if key in told}
    except Exception:  # whatever is wrong with it: it goes
        return {}


def _strip(one: pikepdf.Object) -> None:
    for inner in [one, *_direct(one)]:
        if inner.get("/Type") == Name.Sig or "/ByteRange" in inner:
            raise Signed
        for key in _TELLING:
            if key in inner:
                del inner[key]
        if "/Rect" in inner and "/FT" not in inner and inner.get("/Subtype") != Name.Widget:
            for key in _OF_A_NOTE:
                if key in inner:
                    del inner[key]
    if isinstance(one, pikepdf.Stream) and _is_jpeg(one):
        parms = one.get("/DecodeParms")
        if isinstance(parms, pikepdf.Array):
            parms = parms[0] if len(parms) else None
        kept = parms if isinstance(parms, pikepdf.Dictionary) else None
        one.write(_bare_jpeg(one.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=kept)


def _is_jpeg(stream: pikepdf.Stream) -> bool:
    """Say whether a stream is a JPEG as it stands, and not wrapped in something else."""
    said = stream.get("/Filter")
    filters = list(said) if isinstance(said, pikepdf.Array) else [said]
    return filters == [Name.DCTDecode]


def _direct(one: pikepdf.Object, depth: int = 0) -> Iterator[pikepdf.Object]:
    """Yield dictionaries within an object that are no objects of their own."""
    if depth > 20:
        return
    values = one if isinstance(one, pikepdf.Array) else [one[key] for key in one.keys()]  # noqa: SIM118
    for value in values:
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            if isinstance(value, pikepdf.Dictionary):
                yield value
            yield from _direct(value, depth + 1)


def _say(document: pikepdf.Pdf, title: str, promises: dict[str, str]) -> None:
    if not title:
        return
    document.docinfo["/Title"] = title
    with document.open_metadata(set_pikepdf_as_editor=False) as told:
        told["dc:title"] = title
        for key, value in promises.items():
            told[key] = value


def _bare_jpeg(content: bytes) -> bytes:
    """Give a JPEG without what it tells beside its pixels, which stay as they are to the bit."""
    if content[:2] != b"\xff\xd8":
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == _MARKER and content[at + 1] != _SCAN:
        marker = content[at + 1]
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        tells = marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in _KEPT)
        if not tells:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])
