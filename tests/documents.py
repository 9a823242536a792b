"""Documents to read, made here: DOCX, PDF and others, whole ones and such as are meant to harm."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import pikepdf

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "application/vnd.openxmlformats-officedocument"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return written.getvalue()


def package(main: str, kind: str, parts: Mapping[str, str | bytes]) -> bytes:
    """A package of Office Open XML, whose main part has this name and media type."""
    types = (
        f'{XML}<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/><Override PartName="/{main}" '
        f'ContentType="{_OFFICE}.{kind}.main+xml"/>'
        "</Types>"
    )
    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations({"rId1": (f"{R}/officeDocument", main)}),
            **parts,
        }
    )


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a zip file by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def with_part(content: bytes, name: str, part: str | bytes) -> bytes:
    """A zip file in which one part is another."""
    return zipped({**parts(content), name: part})


def relations(given: Mapping[str, tuple[str, str]]) -> str:
    def one(key: str, kind: str, target: str) -> str:
        mode = "External" if ":" in target else "Internal"
        where = f'Target="{target}" TargetMode="{mode}"'
        return f'<Relationship Id="{key}" Type="{kind}" {where}/>'

    written = "".join(one(key, kind, target) for key, (kind, target) in given.items())
    return f'{XML}<Relationships xmlns="{_RELATIONS}">{written}</Relationships>'


def docx(body: str, **further: str | bytes) -> bytes:
    """A DOCX with this within w:body; further parts of the folder word by their names."""
    document = f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    named = {f"word/{name}.xml": part for name, part in further.items()}
    links = {
        "rId9": (f"{R}/hyperlink", "https://www.skr.se/lss?a=1&amp;b=2"),
        "rId8": (f"{R}/hyperlink", "javascript:alert(1)"),
    }
    return package(
        "word/document.xml",
        "wordprocessingml.document",
        {
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations(links),
            "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING,
            **named,
        },
    )


def p(text: str, style: str = "", said: str = "") -> str:
    """A paragraph of a DOCX."""
    if style:
        said = f'<w:pStyle w:val="{style}"/>{said}'
    return f"<w:p><w:pPr>{said}</w:pPr>{run(text)}</w:p>"


def run(text: str, said: str = "") -> str:
    return f'<w:r><w:rPr>{said}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, list_id: int, level: int = 0) -> str:
    return p(text, said=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


STYLES = (
    f'{XML}<w:styles xmlns:w="{W}">'
    '<w:style w:type="paragraph" w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Rubrik2"><w:name w:val="heading 2"/>'
    '<w:basedOn w:val="Rubrik1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mellan"><w:name w:val="Mellanrubrik"/>'
    '<w:basedOn w:val="Rubrik2"/></w:style>'
    "</w:styles>"
)
NUMBERING = (
    f'{XML}<w:numbering xmlns:w="{W}">'
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def pdf(pages: Sequence[str], password: str = "") -> bytes:
    """A PDF with a page for each text, whose lines stand below each other."""
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    for text in pages:
        page = made.add_blank_page(page_size=(595, 842))
        lines = "".join(f"({line}) Tj 0 -20 Td " for line in text.split("\n"))
        content = f"BT /F1 14 Tf 60 780 Td {lines}ET".encode("cp1252")
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = made.make_stream(content)
    written = io.BytesIO()
    locked = pikepdf.Encryption(user=password, owner=f"{password} 2") if password else False
    made.save(written, encryption=locked)
    return written.getvalue()
