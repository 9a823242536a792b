"""DOCX, XLSX and PPTX without properties and names: what the main part needs, and nothing else."""

import posixpath
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from forum.file_reading import xml_parts
from forum.file_reading.strip_office import Copy
from forum.file_reading.strip_xml import Attributes, Edit
from forum.file_reading.zipped import Package, within

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_RELATION: Final = f"{{{_PACKAGE}/relationships}}Relationship"
#: The last word of relations that lead to properties, people, templates, printers and signatures.
#: customXml is what a company's archive has noted down.
_NOT_FOLLOWED: Final = frozenset(
    {
        *("core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("people", "customXml", "customXmlProps", "printerSettings", "attachedTemplate"),
        *("changesInfo", "revisionInfo", "classificationlabels", "origin", "signature"),
        *("mailMergeSource", "mailMergeHeaderSource", "recipientData"),
        *("revisionHeaders", "revisionLog", "usernames"),
    }
)
_OPEN: Final = ("http://", "https://", "mailto:", "#")
_TYPES: Final = "[Content_Types].xml"
_ROOT: Final = "_rels/.rels"
_CORE: Final = "docProps/core.xml"
_CORE_TYPE: Final = (
    f'<Override xmlns="{_PACKAGE}/content-types" PartName="/{_CORE}"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
)
_CORE_RELATION: Final = (
    f'<Relationship xmlns="{_PACKAGE}/relationships" Id="rIdTitle" Target="{_CORE}"'
    f' Type="{_PACKAGE}/relationships/metadata/core-properties"/>'
)
_CORE_PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)


def strip(copy: Copy, title: str) -> None:
    """Write the document, with this title if there is one. Raises Unreadable, ImageInside."""
    kept = _reached(copy.package)

    def is_other_type(element: str, said: Attributes) -> bool:
        return element == "Override" and said.get("PartName", "").lstrip("/") not in kept

    copy.edit(_TYPES, Edit(is_other_type, added=_CORE_TYPE if title else ""))
    for name in ["", *sorted(kept)]:
        if name:
            copy.part(name)
        relations = _relations_of(name)
        if relations in copy.package.names:
            added = _CORE_RELATION if title and relations == _ROOT else ""
            copy.edit(relations, _edit_of_relations(name, kept, added))
    if title:
        copy.add(_CORE, _CORE_PROPERTIES.format(escape(title)))


def _reached(package: Package) -> set[str]:
    """Give the parts that relations lead to, one from the other."""
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        for target in _followed(package, waiting.pop()):
            if target in package.names and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _followed(package: Package, name: str) -> Iterator[str]:
    relations = _relations_of(name)
    if relations in package.names:
        with package.part(relations) as part:
            for one in xml_parts.pieces(part, {_RELATION}):
                if _is_followed(dict(one.items())):
                    yield within(posixpath.dirname(name), one.get("Target", ""))


def _is_followed(said: Attributes) -> bool:
    kind = said.get("Type", "").rpartition("/")[2]
    return kind not in _NOT_FOLLOWED and said.get("TargetMode") != "External"


def _edit_of_relations(name: str, kept: set[str], added: str) -> Edit:
    def is_left_out(element: str, said: Attributes) -> bool:
        if element != "Relationship":
            return False
        if said.get("TargetMode") == "External":
            return said.get("Type", "").rpartition("/")[2] in _NOT_FOLLOWED
        leads_to = within(posixpath.dirname(name), said.get("Target", ""))
        return not _is_followed(said) or leads_to not in kept

    def changed(element: str, said: Attributes) -> Attributes:
        # A path on somebody's disk tells where it was made, and often by whom.
        if said.get("TargetMode") == "External" and not said["Target"].startswith(_OPEN):
            return said | {"Target": "about:blank"}
        return said

    return Edit(is_left_out, changed, added)


def _relations_of(name: str) -> str:
    folder, last = posixpath.split(name)
    return posixpath.join(folder, "_rels", last + ".rels")
