"""Documents that are zip files: their parts, none of which may unpack to more than its bound."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote

from forum.file_reading import xml_parts
from forum.file_reading.found import Trouble, Unreadable

#: Bytes that all parts together may unpack to while a file is read.
MOST_UNPACKED: Final = 256 * 1024 * 1024
MOST_MEMBERS: Final = 10_000
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OVERRIDE: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
# What zipfile raises for what is no zip file, for what is broken in it, and for what it cannot do.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    KeyError,
    OSError,
)


class Part:
    """A part that is being read, with a bound for what comes out of it."""

    def __init__(self, file: IO[bytes], package: "Package") -> None:
        self.file, self._package = file, package

    def read(self, size: int, /) -> bytes:
        """Give some bytes more. Raises Unreadable when it is broken or too much."""
        try:
            batch = self.file.read(size)
        except _BROKEN:
            raise Unreadable(Trouble.DAMAGED) from None
        self._package.count(len(batch))
        return batch


class Package:
    """An open zip file."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.names = set(file.namelist())
        self._file = file
        self._left = MOST_UNPACKED
        if len(self.names) > MOST_MEMBERS:
            raise Unreadable(Trouble.TOO_LARGE)

    def refuse_bombs(self) -> None:
        """Raise Unreadable if all parts together unpack to too much, as the file itself tells.

        For who hands the file on to a library that unpacks without a bound; there, the process's
        own memory is the last one.
        """
        self.count(sum(info.file_size for info in self._file.infolist()))

    def count(self, size: int) -> None:
        """Count what is unpacked. Raises Unreadable when it becomes too much."""
        self._left -= size
        if self._left < 0:
            raise Unreadable(Trouble.TOO_LARGE)

    @contextmanager
    def part(self, name: str) -> Iterator[Part]:
        """Open a part. Raises Unreadable."""
        try:
            info = self._file.getinfo(name)
            if info.flag_bits & 1:
                raise Unreadable(Trouble.PROTECTED)
            file = self._file.open(info)
        except _BROKEN:
            raise Unreadable(Trouble.DAMAGED) from None
        with file:
            yield Part(file, self)

    def related(self, name: str) -> dict[str, str]:
        """Give where the relations of a part lead, by their ids: a part's name or an address."""
        folder, last = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", last + ".rels")
        if relations not in self.names:
            return {}
        with self.part(relations) as part:
            found = list(xml_parts.pieces(part, {_RELATION}))
        return {
            one.get("Id", ""): one.get("Target", "")
            if one.get("TargetMode") == "External"
            else within(folder, one.get("Target", ""))
            for one in found
        }

    def main(self) -> tuple[str, str]:
        """Give the media type and name of the part that all others belong to. ODF has its own."""
        if "mimetype" in self.names:
            with self.part("mimetype") as part:
                return part.read(200).decode("ascii", "replace").strip(), "content.xml"
        if "[Content_Types].xml" not in self.names:
            raise Unreadable(Trouble.UNKNOWN)
        with self.part("[Content_Types].xml") as part:
            for one in xml_parts.pieces(part, {_OVERRIDE}):
                media_type = one.get("ContentType", "")
                if media_type.endswith((".main+xml", ".binary.macroEnabled.main")):
                    return media_type, one.get("PartName", "").lstrip("/")
        raise Unreadable(Trouble.UNKNOWN)


@contextmanager
def opened(source: Path) -> Iterator[Package]:
    """Open a zip file. Raises Unreadable."""
    try:
        file = zipfile.ZipFile(source)
    except _BROKEN:
        raise Unreadable(Trouble.DAMAGED) from None
    with file:
        yield Package(file)


def within(folder: str, target: str) -> str:
    """Give the name of the part that a relation in this folder leads to."""
    target = unquote(target)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
