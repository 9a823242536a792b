"""The text of scanned pages and images, recognised by tesseract where that is installed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from forum.file_reading import kinds, pdf, pictures, programs
from forum.file_reading.found import Found, Kind, Unreadable

#: Seconds after which no further page is begun; one takes a few, and forty at most.
_ENOUGH: Final = 200.0
MOST_PAGES: Final = 20
#: Pixels of a page's sides: 300 to the inch of A4, which is what tesseract was taught with.
_WIDTH, _HEIGHT = 2480, 3508
_MOST_TEXT: Final = 400_000


def recognise(source: str, name: str, into: str) -> str | None:
    """Give the text that is seen, "" when there is none; None when it cannot be looked for."""
    languages = programs.languages()
    if "swe" not in languages:
        return None
    found = Found(Kind.TEXT)
    until = time.monotonic() + _ENOUGH
    try:
        for image in _images(Path(source), name):
            found.say(_text(image, "+".join(languages), Path(into)))
            if time.monotonic() > until:
                break
    except Unreadable:
        return None
    return "\n".join(found.texts)[:_MOST_TEXT]


def _images(source: Path, name: str) -> Iterator[Any]:
    match kinds.kind_of(source, name):
        case "image":
            yield from pictures.images(source, MOST_PAGES, _HEIGHT)
        case "pdf":
            yield from pdf.images(source, MOST_PAGES, _WIDTH, _HEIGHT)


def _text(image: Any, languages: str, into: Path) -> str:
    path = into / "page.png"
    image.convert("L").save(path, compress_level=1)
    # Without a resolution it guesses, and warns.
    command = [programs.OCR, str(path), "-", "-l", languages, "--dpi", "300"]
    text = programs.output(command, into) or ""
    path.unlink()
    return text
