"""More documents to read, made here: slides, workbooks, OpenDocument, and Office before 2007."""

import io
import struct
from collections.abc import Mapping, Sequence

import pypdfium2

from tests.documents import XML, R, package, pdf, relations, zipped

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(
    [
        *(
            f'xmlns:{short}="{_ODF}{name}:1.0"'
            for short, name in (
                ("office", "office"),
                ("text", "text"),
                ("table", "table"),
                ("draw", "drawing"),
                ("style", "style"),
                ("fo", "xsl-fo-compatible"),
                ("svg", "svg-compatible"),
                ("presentation", "presentation"),
                ("meta", "meta"),
                ("config", "config"),
            )
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)


def odf(kind: str, body: str, styles: str = "", **parts: str | bytes) -> bytes:
    """An OpenDocument: its kind is text, spreadsheet or presentation."""
    content = (
        f"{XML}<office:document-content {_NAMES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    manifest = f'{XML}<m:manifest xmlns:m="{_ODF}manifest:1.0"/>'
    further = {name.replace("__", "/"): part for name, part in parts.items()}
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
            **further,
        }
    )


def odf_part(root: str, body: str) -> str:
    return f"{XML}<office:{root} {_NAMES}>{body}</office:{root}>"


def pptx(slides: Sequence[str], notes: str = "", **parts: str | bytes) -> bytes:
    """A PPTX with a slide for each list of shapes; the first one may have notes."""
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(slides)))
    names = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    main = f"{XML}<p:presentation {names}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    related = {f"rId{n}": (f"{R}/slide", f"slides/slide{n + 1}.xml") for n in range(len(slides))}
    made: dict[str, str | bytes] = {
        "ppt/presentation.xml": main,
        "ppt/_rels/presentation.xml.rels": relations(related),
    }
    for n, shapes in enumerate(slides, 1):
        made[f"ppt/slides/slide{n}.xml"] = _slide("sld", names, shapes)
    if notes:
        made["ppt/notesSlides/notesSlide1.xml"] = _slide("notes", names, shape(notes, "body"))
        made["ppt/slides/_rels/slide1.xml.rels"] = relations(
            {"rId1": (f"{R}/notesSlide", "../notesSlides/notesSlide1.xml")}
        )
    made |= {f"ppt/{name.replace('__', '/')}.xml": part for name, part in parts.items()}
    return package("ppt/presentation.xml", "presentationml.presentation", made)


def _slide(kind: str, names: str, shapes: str) -> str:
    return f"{XML}<p:{kind} {names}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{kind}>"


def shape(text: str, place: str = "", level: int = 0) -> str:
    """A shape of a slide, with a paragraph for each line."""
    kind = f'<p:ph type="{place}"/>' if place else ""
    lines = "".join(
        f'<a:p><a:pPr lvl="{level}"/><a:r><a:rPr/><a:t>{line}</a:t></a:r></a:p>'
        for line in text.split("\n")
    )
    return f"<p:sp><p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    hidden: str = "",
    **parts: str | bytes,
) -> bytes:
    """A workbook with these sheets by name, one of which may be hidden."""
    listed, made, related = "", {}, {}
    for n, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name == hidden else ""
        listed += f'<sheet name="{name}" sheetId="{n}"{state} r:id="rId{n}"/>'
        cells = "".join(_row(number, row) for number, row in enumerate(rows, 1))
        made[f"xl/worksheets/sheet{n}.xml"] = (
            f'{XML}<worksheet xmlns="{X}"><sheetData>{cells}</sheetData></worksheet>'
        )
        related[f"rId{n}"] = f"{R}/worksheet", f"worksheets/sheet{n}.xml"
    main = f'{XML}<workbook xmlns="{X}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>'
    further = {f"xl/{name.replace('__', '/')}.xml": part for name, part in parts.items()}
    return package(
        "xl/workbook.xml",
        "spreadsheetml.sheet",
        {
            "xl/workbook.xml": main,
            "xl/_rels/workbook.xml.rels": relations(related),
            **made,
            **further,
        },
    )


def _row(number: int, row: Sequence[object]) -> str:
    cells = ""
    for column, value in enumerate(row):
        at = f"{chr(65 + column)}{number}"
        if isinstance(value, str):
            cells += f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
        else:
            cells += f'<c r="{at}"><v>{value}</v></c>'
    return f'<row r="{number}">{cells}</row>'


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file with these streams, of at least 4,096 bytes each (MS-CFB)."""
    end, free, fat_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    padded = {
        name: content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        for name, content in streams.items()
    }
    fat, entries, sectors = [fat_sector, end], [_entry("Root Entry", 5, end, 0, child=1)], []
    for number, (name, content) in enumerate(padded.items(), 1):
        first, length = len(fat), len(content) // 512
        sectors.append(content)
        fat += [*range(first + 1, first + length), end]
        after = number + 1 if number < len(padded) else free
        entries.append(_entry(name, 2, first, len(content), right=after))
    assert len(fat) <= 128
    assert len(entries) <= 4
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    directory = b"".join(entries).ljust(512, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    return head + table + directory + b"".join(sectors)


def _entry(
    name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    called = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16s4s16sIQ",
        called,
        len(called) + 2,
        kind,
        1,
        0xFFFFFFFF,
        right,
        child,
        bytes(16),
        bytes(4),
        bytes(16),
        first,
        size,
    )


def doc(text: str) -> bytes:
    """A Word 97 document (MS-DOC), its text in one piece with a byte for each sign."""
    content = text.replace("\n", "\r").encode("cp1252") + b"\r"
    start, head = 1024, bytearray(1024)
    piece = struct.pack("<IIHIH", 0, len(content), 0, start * 2 | 0x40000000, 0)
    pieces = struct.pack("<BI", 2, len(piece)) + piece
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x41D, 0, 0x0200)
    struct.pack_into("<II", head, 0x18, start, start + len(content))
    struct.pack_into("<I", head, 0x4C, len(content))
    struct.pack_into("<II", head, 0x1A2, 0, len(pieces))
    return ole({"WordDocument": bytes(head) + content, "1Table": pieces})


def ppt(text: str) -> bytes:
    """A PowerPoint 97 presentation (MS-PPT) with one atom of text."""
    content = text.replace("\n", "\r").encode("utf-16-le")
    atom = struct.pack("<HHI", 0, 0x0FA0, len(content)) + content
    slide = struct.pack("<HHI", 0x0F, 0x03EE, len(atom)) + atom
    return ole({"PowerPoint Document": slide})


def xls(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of Excel 97 (BIFF8) with one sheet, "Blad1"."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    cells = b""
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            called = value.encode("utf-16-le")
            cells += record(0x204, struct.pack("<HHHHB", at, column, 0, len(value), 1) + called)
    end = record(0x0A, b"")
    name = b"Blad1"
    globe = begin(5) + record(0x42, struct.pack("<H", 1200))
    where = len(globe) + 4 + 8 + len(name) + len(end)
    globe += record(0x85, struct.pack("<IBBBB", where, 0, 0, len(name), 0) + name) + end
    return ole({"Workbook": globe + begin(0x10) + cells + end})


def scan(lines: Sequence[str], kind: str = "PNG") -> bytes:
    """A page as a scanner gives it: a picture of words, 200 dots to the inch."""
    written = io.BytesIO()
    with pypdfium2.PdfDocument(pdf(["\n".join(lines)])) as document:
        page = document[0].render(scale=200 / 72).to_pil().convert("L")
    page.save(written, kind, resolution=200)
    return written.getvalue()
