"""A document for Word, as simple as they come: headings, paragraphs and lists (ECMA-376)."""

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

_TYPES: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
</Types>"""  # noqa: E501 (names that cannot be divided)
_RELATIONS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>
</Relationships>"""  # noqa: E501
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLE: Final = (
    '<w:style w:type="paragraph" w:styleId="Heading{0}"><w:name w:val="heading {0}"/>'
    '<w:pPr><w:outlineLvl w:val="{1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{2}"/></w:rPr></w:style>'
)


def document(text: str) -> bytes:
    """Return a document of these lines: "# " and "## " begin headings, the others paragraphs."""
    styles = "".join(_STYLE.format(level, level - 1, 40 - 6 * level) for level in (1, 2))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _RELATIONS.format("styles", "styles.xml"),
        "word/document.xml": _part("document", f"<w:body>{_paragraphs(text)}</w:body>"),
        "word/styles.xml": _part("styles", styles),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def _part(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} xmlns:w="{_W}">{content}</w:{name}>'


def _paragraphs(text: str) -> str:
    return "".join(_paragraph(line) for line in text.splitlines() if line.strip())


def _paragraph(line: str) -> str:
    words = line.lstrip("# ")
    level = len(line) - len(line.lstrip("#"))
    style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>' if level else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'
