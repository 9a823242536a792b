"""Reading one file, in a process of its own: forum.file_reading.reading calls this there."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from forum.file_reading import docx, kinds, odf, old_office, pdf, pictures, plain, pptx, tables
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.file_reading.zipped import Package, opened

#: What is written into the folder beside the pictures: a Reading.
ANSWER: Final = "reading.json"
#: By what its main part is called.
_PACKAGES: Final[tuple[tuple[str, Callable[[Package, str], Found]], ...]] = (
    ("wordprocessingml", docx.gather),
    ("ms-word", docx.gather),
    ("presentationml", pptx.gather),
    ("ms-powerpoint", pptx.gather),
    ("opendocument.text", odf.gather_text),
    ("opendocument.presentation", odf.gather_slides),
)
#: These are opened anew by the library that reads them.
_WORKBOOKS: Final = ("spreadsheetml", "ms-excel", "opendocument.spreadsheet")


def read(source: str, name: str, into: str) -> str:
    """Read a file; the answer is written into the folder, since it may be long.

    Gives "" or, when there was no room for it on the disk, "full".
    """
    try:
        found = _found(Path(source), name, Path(into))
        (Path(into) / ANSWER).write_text(json.dumps(found.answer()), "utf-8")
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "full"
        raise
    return ""


def _found(source: Path, name: str, into: Path) -> Found:
    try:
        found = _read(source, name, into)
    except Unreadable as unreadable:
        return Found(Kind.NONE, trouble=unreadable.trouble)
    except RecursionError:
        return Found(Kind.NONE, trouble=Trouble.TOO_LARGE)
    return found


def _read(source: Path, name: str, into: Path) -> Found:
    match kinds.kind_of(source, name):
        case "pdf":
            return pdf.gather(source, into)
        case "zip":
            return _package(source)
        case "image":
            return pictures.gather(source, into)
        case "doc" | "ppt" as kind:
            return old_office.gather(source, kind, into)
        case "xls":
            return tables.gather(source)
        case "csv":
            return tables.gather_csv(source)
        case "rtf":
            return plain.gather_rtf(source)
        case "markdown":
            return plain.gather(source, markup=True)
        case "text":
            return plain.gather(source)
        case _:
            raise Unreadable(Trouble.UNKNOWN)


def _package(source: Path) -> Found:
    with opened(source) as package:
        media_type, main = package.main()
        if "opendocument" in media_type:
            odf.refuse_protected(package)
        if any(part in media_type for part in _WORKBOOKS):
            package.refuse_bombs()
            return tables.gather(source)
        for part, reader in _PACKAGES:
            if part in media_type:
                return reader(package, main)
    raise Unreadable(Trouble.UNKNOWN)
