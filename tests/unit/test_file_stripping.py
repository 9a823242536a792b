"""A copy for publishing tells nothing of who has made it, and shows what the file shows."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from forum.file_reading import reading, stripping
from forum.file_reading.stripping import CannotStrip, Leftover, Reason
from tests import documents, files, office
from tests.conftest import run as run_now
from tests.documents import XML, R, W, p, relations, run

SECRET = "Hemliga Hedvig"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await stripping.close()
    await reading.close()


async def stripped(tmp_path: Path, content: bytes, name: str, title: str = "") -> bytes:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    await stripping.strip(source, target, name, title)
    assert {one.name for one in tmp_path.iterdir()} == {"source", "target"}
    return target.read_bytes()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: file.read(name) for name in file.namelist()}


def tree(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - our own


def assert_well_formed(parts: dict[str, bytes]) -> None:
    """Every part is XML, every relation leads to a part that is there, every part has its type."""
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            tree(content)
    for name, content in parts.items():
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for one in tree(content):
                if one.get("TargetMode") != "External":
                    assert f"{folder}/{one.get('Target')}".lstrip("/") in parts
    for one in tree(parts["[Content_Types].xml"]):
        if path := one.get("PartName"):
            assert path.lstrip("/") in parts


def word_document() -> bytes:
    """A DOCX that tells of its writer in every way that Word has."""
    by = f'w:author="{SECRET}" w:initials="HH" w:date="2026-03-14T09:00:00Z"'
    body = (
        f'<w:p w:rsidR="00A1" w:rsidRDefault="00A2"><w:ins w:id="1" {by}>{run("Tillagt")}</w:ins>'
        f'<w:r w:rsidRPr="00A3"><w:commentReference w:id="0"/></w:r></w:p>' + p("Kvar")
    )
    named = f'xmlns:w="{W}"'
    comments = (
        f'{XML}<w:comments {named}><w:comment w:id="0" {by}>{p("Hm")}</w:comment></w:comments>'
    )
    settings = (
        f'{XML}<w:settings {named} xmlns:r="{R}"><w:attachedTemplate r:id="rId1"/>'
        '<w:rsids><w:rsidRoot w:val="00A1"/></w:rsids><w:zoom w:percent="100"/></w:settings>'
    )
    template = relations({"rId1": (f"{R}/attachedTemplate", f"file:///C:/Users/{SECRET}/a.dotm")})
    whole = documents.docx(
        body,
        comments=comments,
        settings=settings,
        people=f'<w:people {named}><w:person w:author="{SECRET}"/></w:people>',
    )
    parts: dict[str, str | bytes] = dict(documents.parts(whole))
    types = documents.parts(whole)["[Content_Types].xml"].decode()
    core = '<Override PartName="/docProps/core.xml" ContentType="application/x"/></Types>'
    parts |= {
        "word/media/bild.jpeg": files.telling("JPEG"),
        "word/_rels/settings.xml.rels": template,
        "word/_rels/document.xml.rels": relations(
            {
                "rId1": (f"{R}/comments", "comments.xml"),
                "rId2": (f"{R}/settings", "settings.xml"),
                "rId3": (
                    "http://schemas.microsoft.com/office/2011/relationships/people",
                    "people.xml",
                ),
                "rId4": (f"{R}/image", "media/bild.jpeg"),
                "rId5": (f"{R}/customXml", "../customXml/item1.xml"),
                "rId6": (f"{R}/styles", "styles.xml"),
                "rId9": (f"{R}/hyperlink", "https://www.skr.se"),
                "rId8": (f"{R}/hyperlink", f"file:///C:/Users/{SECRET}/a.docx"),
            }
        ),
        "_rels/.rels": relations(
            {
                "rId1": (f"{R}/officeDocument", "word/document.xml"),
                "rId2": (_CORE, "docProps/core.xml"),
                "rId3": (f"{R}/extended-properties", "docProps/app.xml"),
            }
        ),
        "docProps/core.xml": f"<core><creator>{SECRET}</creator></core>",
        "docProps/app.xml": f"<app><Manager>{SECRET}</Manager></app>",
        "customXml/item1.xml": f"<item>{SECRET}</item>",
        "word/forgotten.xml": f"<left>{SECRET}</left>",
        "[Content_Types].xml": types.replace("</Types>", core),
    }
    return documents.zipped(parts)


async def test_a_word_document_loses_its_writer_and_keeps_its_words(tmp_path: Path) -> None:
    before = word_document()
    assert SECRET.encode() in b"".join(documents.parts(before).values())
    parts = parts_of(await stripped(tmp_path, before, "a.docx"))
    assert_well_formed(parts)
    everything = b"".join(parts.values())
    for secret in (SECRET.encode(), b"HH", files.SECRET_PLACE, b"2026-03-14", b"rsid", b"C:/Users"):
        assert secret not in everything
    assert set(parts) == {
        *("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/comments.xml"),
        *("word/_rels/document.xml.rels", "word/settings.xml", "word/_rels/settings.xml.rels"),
        *("word/media/bild.jpeg", "word/styles.xml"),
    }
    assert b'w:author="F\xc3\xb6rfattare"' in parts["word/document.xml"]
    assert b"https://www.skr.se" in parts["word/_rels/document.xml.rels"]
    (tmp_path / "into").mkdir()
    found = await reading.read(tmp_path / "target", "a.docx", tmp_path / "into")
    assert found.text == "Tillagt\nKvar"


async def test_a_title_becomes_the_only_property(tmp_path: Path) -> None:
    parts = parts_of(await stripped(tmp_path, word_document(), "a.docx", "Handbok & råd"))
    assert_well_formed(parts)
    assert "<dc:title>Handbok &amp; råd</dc:title>".encode() in parts["docProps/core.xml"]
    assert b"docProps/core.xml" in parts["_rels/.rels"]
    assert b"docProps/core.xml" in parts["[Content_Types].xml"]
    assert SECRET.encode() not in b"".join(parts.values())


async def test_a_workbook_loses_those_who_have_commented(tmp_path: Path) -> None:
    known = f'displayName="{SECRET}" id="{{1}}" userId="hh@a.se" providerId="AD"'
    persons = f"<personList><person {known}/></personList>"
    comments = f"<comments><authors><author>{SECRET}</author></authors></comments>"
    before = documents.zipped(
        documents.parts(office.xlsx({"Blad": [["Kvar", 1]]}))
        | {
            "xl/persons/person.xml": persons.encode(),
            "xl/comments1.xml": comments.encode(),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                {
                    "rId1": (f"{R}/comments", "../comments1.xml"),
                    "rId2": (f"{R}/person", "../persons/person.xml"),
                }
            ).encode(),
        }
    )
    parts = parts_of(await stripped(tmp_path, before, "a.xlsx"))
    everything = b"".join(parts.values())
    assert SECRET.encode() not in everything
    assert b"hh@a.se" not in everything
    assert "<author>Författare</author>".encode() in parts["xl/comments1.xml"]
    (tmp_path / "into").mkdir()
    found = await reading.read(tmp_path / "target", "a.xlsx", tmp_path / "into")
    assert found.text == "Kvar \t1"


async def test_slides_lose_those_who_have_commented(tmp_path: Path) -> None:
    authors = f'<cmAuthorLst><cmAuthor name="{SECRET}" initials="HH"/></cmAuthorLst>'
    before = office.pptx([office.shape("Rubrik", "title")], commentAuthors=authors)
    changed: dict[str, str | bytes] = dict(documents.parts(before))
    changed["ppt/_rels/presentation.xml.rels"] = relations(
        {
            "rId0": (f"{R}/slide", "slides/slide1.xml"),
            "rId7": (f"{R}/commentAuthors", "commentAuthors.xml"),
        }
    )
    parts = parts_of(await stripped(tmp_path, documents.zipped(changed), "a.pptx"))
    assert 'name="Författare"'.encode() in parts["ppt/commentAuthors.xml"]
    assert SECRET.encode() not in b"".join(parts.values())


async def test_an_opendocument_loses_its_writer_and_keeps_its_words(tmp_path: Path) -> None:
    body = (
        f"<text:p>Kvar<office:annotation><dc:creator>{SECRET}</dc:creator><text:p>Hm</text:p>"
        f"</office:annotation></text:p><text:p><text:author-name>{SECRET}</text:author-name></text:p>"
    )
    further: dict[str, str | bytes] = {
        "meta.xml": office.odf_part("document-meta", f"<dc:creator>{SECRET}</dc:creator>"),
        "Thumbnails/thumbnail.png": files.image(),
        "settings.xml": office.odf_part(
            "document-settings",
            f'<config:config-item config:name="PrinterName">{SECRET}</config:config-item>',
        ),
    }
    before = documents.zipped(documents.parts(office.odf("text", body)) | further)
    content = await stripped(tmp_path, before, "a.odt", "Handbok")
    parts = parts_of(content)
    assert SECRET.encode() not in b"".join(parts.values())
    assert set(parts) == {
        "mimetype",
        "content.xml",
        "META-INF/manifest.xml",
        "settings.xml",
        "meta.xml",
    }
    assert next(iter(parts)) == "mimetype"
    assert content[38:].startswith(b"application/vnd.oasis.opendocument.text")
    assert b"<dc:title>Handbok</dc:title>" in parts["meta.xml"]


def told_pdf() -> bytes:
    """A PDF that tells of its writer in every way that PDF has."""
    with pikepdf.open(io.BytesIO(documents.pdf(["Kvar"]))) as made:
        made.docinfo["/Author"] = SECRET
        made.docinfo["/Title"] = f"Utkast av {SECRET}"
        with made.open_metadata() as told:
            told["dc:creator"] = [SECRET]
            told["pdfuaid:part"] = "1"
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[0, 0, 9, 9],
            T=SECRET,
            Contents="Hm",
        )
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            Rect=[0, 0, 9, 9],
            T="namn",
        )
        page = made.pages[0]
        page.Annots = [note, made.make_indirect(field)]
        made.Root.AcroForm = pikepdf.Dictionary(Fields=[page.Annots[1]])
        page.PieceInfo = pikepdf.Dictionary(Tool=pikepdf.Dictionary(User=SECRET))
        page.Resources.XObject = pikepdf.Dictionary(
            I=made.make_stream(
                files.telling("JPEG"),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Filter=[pikepdf.Name.DCTDecode],
            )
        )
        made.Root.OldVersion = made.make_stream(SECRET.encode())
        del made.Root.OldVersion
        written = io.BytesIO()
        made.save(
            written,
        )
    return written.getvalue()


def everything_in(content: bytes) -> bytes:
    """All strings and streams of a PDF, unpacked."""
    found = b""
    with pikepdf.open(io.BytesIO(content)) as document:
        for one in document.objects:
            found += one.unparse(resolved=True)
            if isinstance(one, pikepdf.Stream):
                found += one.read_raw_bytes()
        found += document.trailer.unparse()
    return found


async def test_a_pdf_loses_its_writer_and_keeps_its_words(tmp_path: Path) -> None:
    before = told_pdf()
    assert SECRET.encode() in everything_in(before)
    content = await stripped(tmp_path, before, "a.pdf", "Handbok")
    after = everything_in(content)
    assert SECRET.encode() not in after
    assert files.SECRET_PLACE not in after
    assert not re.search(rb"/CreationDate|/ModDate|/Producer|/PieceInfo", after)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert dict(document.docinfo) == {"/Title": "Handbok"}
        assert str(document.pages[0].Annots[1].T) == "namn"
        with document.open_metadata() as told:
            assert (told["dc:title"], told["pdfuaid:part"]) == ("Handbok", "1")
    (tmp_path / "into").mkdir()
    found = await reading.read(tmp_path / "target", "a.pdf", tmp_path / "into")
    assert found.text == "Kvar"


async def test_an_image_loses_where_it_was_taken(tmp_path: Path) -> None:
    content = await stripped(tmp_path, files.telling("JPEG"), "a.jpg")
    assert files.SECRET_PLACE not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"


async def test_plain_text_is_copied(tmp_path: Path) -> None:
    assert await stripped(tmp_path, "räksmörgås".encode(), "a.txt") == "räksmörgås".encode()


def signed_pdf() -> bytes:
    with pikepdf.open(io.BytesIO(documents.pdf(["Kvar"]))) as made:
        made.Root.Sig = made.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Sig, Name=SECRET, ByteRange=[0, 1, 2, 3])
        )
        written = io.BytesIO()
        made.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.doc", office.doc("Text"), Reason.KIND),
        ("a.rtf", rb"{\rtf1{\info{\author X}} a}", Reason.KIND),
        ("a.svg", b"<svg><metadata>X</metadata></svg>", Reason.KIND),
        ("a.zip", documents.zipped({"a": "b"}), Reason.KIND),
        ("a.docx", b"not a zip", Reason.DAMAGED),
        ("a.pdf", b"%PDF-1.7 nothing", Reason.DAMAGED),
        ("a.pdf", documents.pdf(["Hemligt"], password="x"), Reason.PROTECTED),
        ("a.pdf", signed_pdf(), Reason.SIGNED),
        ("a.png", files.image()[:60], Reason.IMAGE),
    ],
)
async def test_what_cannot_be_rid_of_it_is_told_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, reason: Reason
) -> None:
    with pytest.raises(CannotStrip) as refused:
        await stripped(tmp_path, content, name)
    assert refused.value.reason == reason
    assert {one.name for one in tmp_path.iterdir()} == {"source"}


async def left(tmp_path: Path, content: bytes, name: str) -> list[Leftover]:
    source = tmp_path / "source"
    source.write_bytes(content)
    return await stripping.leftovers(source, name)


async def test_nothing_is_left_in_a_plain_document(tmp_path: Path) -> None:
    assert await left(tmp_path, documents.docx(p("Text")), "a.docx") == []
    assert await left(tmp_path, documents.pdf(["Text"]), "a.pdf") == []
    assert await left(tmp_path, office.xlsx({"Blad": [[1]]}), "a.xlsx") == []
    assert await left(tmp_path, office.pptx([office.shape("Text")]), "a.pptx") == []
    assert await left(tmp_path, office.odf("text", "<text:p>a</text:p>"), "a.odt") == []
    assert await left(tmp_path, b"text", "a.txt") == []


async def test_what_is_left_is_named(tmp_path: Path) -> None:
    assert await left(tmp_path, word_document(), "a.docx") == [Leftover.COMMENTS, Leftover.CHANGES]
    hidden = documents.docx(f"<w:p>{run('x', '<w:vanish/>')}</w:p>")
    assert await left(tmp_path, hidden, "a.docx") == [Leftover.HIDDEN_TEXT]
    book = office.xlsx({"Ett": [[1]], "Två": [[2]]}, hidden="Två")
    assert await left(tmp_path, book, "a.xlsx") == [Leftover.HIDDEN_SHEETS]
    slides = office.pptx([office.shape("Text")], notes="Säg inte")
    assert await left(tmp_path, slides, "a.pptx") == [Leftover.NOTES]
    assert await left(tmp_path, told_pdf(), "a.pdf") == [Leftover.COMMENTS]
    changed = "<text:tracked-changes><text:changed-region/></text:tracked-changes>"
    odt = office.odf("text", f"{changed}<text:p><office:annotation/></text:p>")
    assert await left(tmp_path, odt, "a.odt") == [Leftover.COMMENTS, Leftover.CHANGES]
    assert await left(tmp_path, b"no zip", "a.docx") == [Leftover.UNREADABLE]


WHOLE = {
    "a.docx": word_document(),
    "a.pdf": told_pdf(),
    "a.odt": office.odf("text", f"<text:p>{SECRET}</text:p>"),
    "a.xlsx": office.xlsx({"Blad": [["Kvar", 1]]}),
    "a.jpg": files.telling("JPEG"),
}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(WHOLE)),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8))),
)
def test_whatever_is_broken_in_a_file_it_is_stripped_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    cut: float,
    changes: list[tuple[float, bytes]],
) -> None:
    content = bytearray(WHOLE[name])
    for where, put in changes:
        at = int(where * len(content))
        content[at : at + len(put)] = put
    if cut > 0.3:
        del content[int(cut * len(content)) :]
    folder = tmp_path_factory.mktemp("broken")
    source = folder / "source"
    source.write_bytes(content)
    with suppress(CannotStrip):
        run_now(stripping.strip(source, folder / "target", name))
    with suppress(CannotStrip):
        run_now(stripping.leftovers(source, name))
    assert {one.name for one in folder.iterdir()} <= {"source", "target"}


async def test_a_document_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    whole: dict[str, str | bytes] = dict(documents.parts(documents.docx(p("Kvar"))))
    whole["word/styles.xml"] = b" " * 300_000_000
    whole["word/_rels/document.xml.rels"] = relations({"rId1": (f"{R}/styles", "styles.xml")})
    with pytest.raises(CannotStrip) as refused:
        await stripped(tmp_path, documents.zipped(whole), "a.docx")
    assert refused.value.reason in {Reason.TOO_LARGE, Reason.DAMAGED}
