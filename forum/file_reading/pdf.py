"""PDF by PDFium: pictures of the pages, and the text that lies behind each."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pypdfium2

from forum.file_reading.found import Found, Kind, Trouble, Unreadable, tidied

#: Pixels that a page is wide.
WIDTH: Final = 1000
#: Pages that are pictured, the first of them.
MOST_PICTURED: Final = 50
#: Pages that are read. The longest report has a thousand.
_MOST_READ: Final = 5000
#: Seconds after which no further page is begun: what has been read is then not lost with the rest.
_ENOUGH: Final = 40.0
_MOST_ON_A_PAGE: Final = 20_000
_HIGHEST: Final = 4 * WIDTH
#: Of a page of words and diagrams, with all that lies between two colours at an edge.
_MOST_COLOURS: Final = 4096
_NEEDS_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


def gather(source: Path, into: Path) -> Found:
    """Give the text, and write pictures of pages into the folder. Raises Unreadable."""
    found = Found(Kind.PAGES)
    until = time.monotonic() + _ENOUGH
    with opened(source) as document:
        found.page_count = len(document)
        for number in range(found.page_count):
            if number == _MOST_READ or found.is_full or time.monotonic() > until:
                found.cut = True
                break
            with suppress(pypdfium2.PdfiumError):  # one page is broken, the others may be whole
                _read_page(document, number, into, found)
    found.shown_in_part = len(found.pages) < found.page_count
    if not found.pages:
        raise Unreadable(Trouble.DAMAGED)
    if not found.texts:
        found.trouble = Trouble.SCANNED
    return found


def _read_page(document: pypdfium2.PdfDocument, number: int, into: Path, found: Found) -> None:
    page = document[number]
    try:
        text = _text(page)
        if number < MOST_PICTURED:
            path = into / f"page-{number + 1}.webp"
            width, height = picture(page, path)
            found.pages.append(
                {"name": path.name, "width": width, "height": height, "text": text.strip()}
            )
        found.say(text)
    finally:
        page.close()


def images(source: Path, most: int, width: int, highest: int) -> Iterator[Any]:
    """Yield the first pages as gray images of Pillow's. Raises Unreadable."""
    with opened(source) as document:
        for number in range(min(len(document), most)):
            with suppress(pypdfium2.PdfiumError):
                yield rendered(document[number], width, highest, grayscale=True)


def _text(page: pypdfium2.PdfPage) -> str:
    try:
        behind = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    try:
        text = behind.get_text_range(0, min(behind.count_chars(), _MOST_ON_A_PAGE), errors="ignore")
    except pypdfium2.PdfiumError:
        return ""
    finally:
        behind.close()
    # Where a line was broken within a word, PDFium says U+FFFE or U+0002.
    return tidied(str(text).replace("\ufffe", "").replace("\x02", ""))


def picture(page: pypdfium2.PdfPage, path: Path) -> tuple[int, int]:
    """Write a picture of a page; give its width and height in pixels."""
    image = rendered(page, WIDTH, _HIGHEST)
    # Letters are smaller without loss, and sharper; photographs are ten times larger.
    is_drawn = image.getcolors(_MOST_COLOURS) is not None
    quality = 50 if is_drawn else 75  # of which the former says how hard it is tried
    image.save(path, "WEBP", lossless=is_drawn, quality=quality, method=2)
    return image.width, image.height


def rendered(page: pypdfium2.PdfPage, width: int, highest: int, **options: Any) -> Any:
    """Give a page as an image of Pillow's, as wide as wanted unless it becomes too high."""
    wide, high = page.get_size()
    if not (math.isfinite(wide) and math.isfinite(high) and wide > 0 and high > 0):
        raise pypdfium2.PdfiumError("a page without a size")
    scale = min(width / wide, highest / high)
    if min(wide, high) * scale < 1:
        raise pypdfium2.PdfiumError("a page like a thread")
    bitmap = page.render(scale=scale, may_draw_forms=True, **options)
    try:
        return bitmap.to_pil().convert("L" if options.get("grayscale") else "RGB")
    finally:
        bitmap.close()


@contextmanager
def opened(source: Path) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF. Raises Unreadable."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _NEEDS_PASSWORD
        raise Unreadable(Trouble.PROTECTED if locked else Trouble.DAMAGED) from None
    try:
        document.init_forms()  # what has been filled in is shown
        yield document
    finally:
        document.close()
