"""Ridding one file of names, in a process of its own: forum.file_reading.stripping calls it."""

import errno
import shutil
import zipfile
from pathlib import Path
from typing import Final

from forum import pixels
from forum.file_reading import kinds, leftover, odf, strip_odf, strip_ooxml, strip_pdf
from forum.file_reading.found import Trouble, Unreadable
from forum.file_reading.strip_office import Copy, ImageInside
from forum.file_reading.strip_pdf import Signed
from forum.file_reading.telling import Leftover, Reason
from forum.file_reading.zipped import Package, opened

_REASONS: Final = {
    Trouble.PROTECTED: Reason.PROTECTED,
    Trouble.TOO_LARGE: Reason.TOO_LARGE,
    Trouble.UNKNOWN: Reason.KIND,
}
#: Text that says nothing beside what it says.
_BARE: Final = frozenset({"txt", "csv", "tsv", "md", "markdown"})


def strip(source: str, target: str, name: str, work: str, title: str) -> str:
    """Write the copy; give "" or why it cannot be made, a Reason."""
    try:
        _strip(Path(source), Path(target), name, Path(work), title)
    except Unreadable as unreadable:
        return _REASONS.get(unreadable.trouble, Reason.DAMAGED)
    except ImageInside:
        return Reason.IMAGE
    except Signed:
        return Reason.SIGNED
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "full"
        if error.errno == errno.EFBIG:
            return Reason.TOO_LARGE
        raise
    return ""


def _strip(source: Path, target: Path, name: str, work: Path, title: str) -> None:
    suffix = name.rpartition(".")[2].lower()
    match kinds.kind_of(source, name):
        case "pdf":
            strip_pdf.strip(source, target, title)
        case "zip":
            with opened(source) as package:
                _package(package, target, work, title)
        case "image":
            if "refused" in pixels.clean(str(source), str(target), suffix):
                raise ImageInside
        case "text" | "csv" | "markdown" if suffix in _BARE:
            shutil.copyfile(source, target)
        case _:
            raise Unreadable(Trouble.UNKNOWN)


def _package(package: Package, target: Path, work: Path, title: str) -> None:
    media_type, _main = package.main()
    is_odf = "opendocument" in media_type
    if is_odf:
        odf.refuse_protected(package)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        copy = Copy(package, written, work)
        (strip_odf if is_odf else strip_ooxml).strip(copy, title)


def leftovers(source: str, name: str) -> list[str]:
    """Name what a file still holds beside what one sees at first: Leftovers."""
    path = Path(source)
    try:
        match kinds.kind_of(path, name):
            case "pdf":
                return sorted(leftover.of_pdf(path))
            case "zip":
                with opened(path) as package:
                    return sorted(leftover.of_package(package))
    except Unreadable:
        return [Leftover.UNREADABLE]
    return []
