"""Office documents without properties and names: the parts that are needed, each written anew."""

import zipfile
from pathlib import Path
from typing import IO, Final

from forum import images, pixels
from forum.file_reading import strip_xml
from forum.file_reading.strip_xml import Edit
from forum.file_reading.zipped import Package, Part

_XML: Final = (".xml", ".rels", ".vml", ".rdf")
_BATCH: Final = 1024 * 1024
#: As far back as a zip file can say: when a part was written is nobody's business.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


class ImageInside(Exception):
    """A picture in the document cannot be rid of what it tells."""


class Copy:
    """The new file, part by part."""

    def __init__(self, package: Package, written: zipfile.ZipFile, work: Path) -> None:
        self.package = package
        self._written, self._work = written, work

    def add(self, name: str, content: str) -> None:
        """Write a part that was not there."""
        with self._open(name) as file:
            file.write(content.encode())

    def add_first(self, name: str) -> None:
        """Write a part as it is and uncompressed, as OpenDocument has it for its first."""
        with self.package.part(name) as part:
            info = zipfile.ZipInfo(name, _LONG_AGO)
            self._written.writestr(info, part.read(200), zipfile.ZIP_STORED)

    def edit(self, name: str, edit: Edit) -> None:
        """Write a part of XML with these changes. Raises Unreadable."""
        with self.package.part(name) as part, self._open(name) as file:
            strip_xml.rewrite(part, file, edit)

    def part(self, name: str) -> None:
        """Write a part: XML without names, images without what they tell, others as they are.

        Raises Unreadable, ImageInside.
        """
        if name.endswith(_XML):
            self.edit(name, Edit())
            return
        with self.package.part(name) as part:
            head = part.read(images.HEAD)
            if _is_image(head):
                self._image(name, head, part)
            else:
                with self._open(name) as file:
                    _pour(head, part, file)

    def _image(self, name: str, head: bytes, part: Part) -> None:
        before, after = self._work / "before", self._work / "after"
        with before.open("wb") as file:
            _pour(head, part, file)
        answer = pixels.clean(str(before), str(after), name.rpartition(".")[2].lower())
        if "refused" in answer:
            raise ImageInside(name)
        with after.open("rb") as cleaned, self._open(name) as file:
            _pour(b"", cleaned, file)

    def _open(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, _LONG_AGO)
        info.compress_type = zipfile.ZIP_DEFLATED
        return self._written.open(info, "w", force_zip64=True)


def _pour(head: bytes, part: Part | IO[bytes], target: IO[bytes]) -> None:
    target.write(head)
    while batch := part.read(_BATCH):
        target.write(batch)


def _is_image(head: bytes) -> bool:
    try:
        return images.is_image(head)
    except images.ImageRefused:
        return True  # which Pillow will refuse in its turn
