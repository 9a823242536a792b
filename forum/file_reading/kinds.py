"""What a file is, by its first bytes; its name is asked only where those say nothing."""

import mmap
from pathlib import Path
from typing import Final

from forum import images
from forum.file_reading.found import Trouble, Unreadable

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Streams of an OLE file, one of which tells what it is.
_STREAMS: Final = {
    "EncryptedPackage": "protected",
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
#: What begins with bytes of its own: who is called so and does not, is broken.
_TOLD_BY_BYTES: Final = frozenset(
    {
        *("pdf", "docx", "docm", "dotx", "xlsx", "xlsm", "xlsb", "xltx", "pptx", "pptm", "ppsx"),
        *("odt", "ott", "ods", "ots", "odp", "otp", "doc", "xls", "ppt", "pps", "rtf"),
        *("jpg", "jpeg", "png", "gif", "webp", "avif", "tif", "tiff"),
    }
)
_TEXTS: Final = {"csv": "csv", "tsv": "csv", "tab": "csv", "md": "markdown", "markdown": "markdown"}
_HEAD: Final = 4096


def kind_of(source: Path, name: str) -> str:
    """Give one of: pdf, zip, doc, xls, ppt, rtf, image, csv, markdown, text. Raises Unreadable."""
    with source.open("rb") as file:
        head = file.read(_HEAD)
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        return _ole(source)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    try:
        if images.is_image(head[: images.HEAD]):
            return "image"
    except images.ImageRefused:
        raise Unreadable(Trouble.UNKNOWN) from None
    if suffix in _TOLD_BY_BYTES:
        raise Unreadable(Trouble.DAMAGED)
    if not _is_text(head):
        raise Unreadable(Trouble.UNKNOWN)
    return _TEXTS.get(suffix, "text")


def _ole(source: Path) -> str:
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for stream, kind in _STREAMS.items():
            # The name with its length: 64 bytes of UTF-16, zeros behind it.
            if content.find(stream.encode("utf-16-le").ljust(64, b"\0")) >= 0:
                if kind == "protected":
                    raise Unreadable(Trouble.PROTECTED)
                return kind
    raise Unreadable(Trouble.UNKNOWN)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\x0c\x1b")
    if odd and b"\0" in head:
        # UTF-16 without a mark: of Latin letters every second byte is zero, and no other.
        least, most = sorted((head[::2].count(0), head[1::2].count(0)))
        return least == 0 and most > 0.35 * len(head)
    return odd * 200 <= len(head)
