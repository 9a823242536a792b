"""Names of files as people gave them: cleaned, shortened, and what kind of file they speak of."""

import re
import unicodedata
from typing import Final

from forum.language import gettext as _
from forum.text import LONGEST, UNSEEN

LIMIT: Final = 255  # bytes of UTF-8: what file systems take
#: What a download is called. Whatever is not here, and all that a browser would run, is only bytes.
_TYPES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "zip": "application/zip",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}
ANY_TYPE: Final = "application/octet-stream"


def cleaned(name: str) -> str:
    """Return the name without folders, controls and marks of direction, in at most 255 bytes."""
    last = re.split(r"[/\\]", name)[-1][-LONGEST:]
    plain = unicodedata.normalize("NFC", UNSEEN.sub("", last))
    plain = re.sub(r"\s+", " ", plain).strip()
    if not plain.strip(". "):
        return _("file")
    return shortened(plain)


def shortened(name: str) -> str:
    """Return a name in at most 255 bytes, cut before its suffix and between two characters."""
    if len(name.encode()) <= LIMIT:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 20:
        stem, dot, ending = name, "", ""
    room = LIMIT - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending


def suffix(name: str) -> str:
    """Return "pdf" for ``Karta.PDF``, or an empty text: "Möte 14.3" has none."""
    stem, _dot, ending = name.rpartition(".")
    is_one = stem and ending.isalnum() and not ending.isdecimal() and len(ending) <= 5
    return ending.lower() if is_one else ""


def media_type(name: str) -> str:
    """Return what a download of this name is called."""
    return _TYPES.get(suffix(name), ANY_TYPE)
