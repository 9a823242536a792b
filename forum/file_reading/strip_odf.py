"""ODT, ODS and ODP without properties and names."""

from typing import Final
from xml.sax.saxutils import escape

from forum.file_reading.strip_office import Copy
from forum.file_reading.strip_xml import Attributes, Edit

_FIRST: Final = "mimetype"
_MANIFEST: Final = "META-INF/manifest.xml"
_PROPERTIES: Final = "meta.xml"
#: About the document, or about the program and the screen that it was made with.
_DROPPED: Final = (
    *("Thumbnails/", "Configurations2/", "Versions/", "VersionList.xml", "layout-cache"),
    *("META-INF/documentsignatures.xml", "META-INF/macrosignatures.xml", "manifest.rdf"),
)
_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns"
_META: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-meta xmlns:office="{_ODF}:office:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta>'
    "<dc:title>{}</dc:title></office:meta></office:document-meta>"
)


def strip(copy: Copy, title: str) -> None:
    """Write the document, with this title if there is one. Raises Unreadable, ImageInside."""
    copy.add_first(_FIRST)
    kept = {name for name in copy.package.names if not _is_about(name)}
    for name in sorted(kept - {_FIRST, _MANIFEST}):
        if not name.endswith("/"):
            copy.part(name)
    if title:
        copy.add(_PROPERTIES, _META.format(escape(title)))
        kept.add(_PROPERTIES)

    def is_other_entry(element: str, said: Attributes) -> bool:
        path = said.get("manifest:full-path", "/")
        return element == "file-entry" and path != "/" and path not in kept

    if _MANIFEST in kept:
        copy.edit(_MANIFEST, Edit(is_other_entry))


def _is_about(name: str) -> bool:
    # Documents within the document have properties of their own.
    return name.startswith(_DROPPED) or name.rpartition("/")[2] == _PROPERTIES
