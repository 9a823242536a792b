"""Slides, workbooks, OpenDocument, and Office before 2007 are read, each in its own way."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from forum.file_reading import old_office, programs, reading
from forum.file_reading.found import Unreadable
from forum.file_reading.reading import Kind, Reading, Trouble
from tests import files, office
from tests.conftest import lacking
from tests.office import shape
from tests.unit.test_file_reading import read


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await reading.close()


async def test_an_opendocument_text_keeps_its_headings_lists_and_tables(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/>'
        '<text:list-level-style-bullet text:level="2"/></text:list-style>'
    )
    body = (
        "<text:tracked-changes><text:p>struket</text:p></text:tracked-changes>"
        '<text:h text:outline-level="2">Beslut</text:h>'
        '<text:p>Vi <text:span text:style-name="T1">beslutar</text:span> på<text:s/>'
        '<text:a xlink:href="https://skr.se">SKR</text:a><text:line-break/>'
        "<text:note><text:note-body><text:p>not</text:p></text:note-body></text:note></text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>Ett</text:p>'
        "<text:list><text:list-item><text:p>Under</text:p></text:list-item></text:list>"
        "</text:list-item><text:list-item><text:p>Två</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>Kommun</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>Åneby</text:p></table:table-cell>"
        "<table:covered-table-cell/></table:table-row></table:table>"
        "<text:p><draw:frame><draw:text-box><text:p>I ruta</text:p></draw:text-box></draw:frame>"
        "<draw:frame><svg:desc>En karta</svg:desc></draw:frame></text:p>"
    )
    found = await read(tmp_path, office.odf("text", body, styles), "protokoll.odt")
    link = '<a href="https://skr.se" rel="nofollow noopener">SKR</a>'
    assert found.html.split("\n") == [
        "<h4>Beslut</h4>",
        f"<p>Vi <strong>beslutar</strong> på {link}<br> (not)</p>",
        "<ol><li>Ett<ul><li>Under</li></ul></li><li>Två</li></ol>",
        '<table><thead><tr><th scope="col">Kommun</th></tr></thead>'
        "<tbody><tr><td>Åneby</td></tr></tbody></table>",
        "<p>[En karta]</p>",
        "<p>I ruta</p>",
    ]
    assert (found.kind, found.trouble) == (Kind.HTML, None)
    assert "struket" not in found.text


async def test_an_opendocument_with_a_password_says_so(tmp_path: Path) -> None:
    told = "<m:file-entry><m:encryption-data/></m:file-entry>"
    manifest = f'<m:manifest xmlns:m="{{}}manifest:1.0">{told}</m:manifest>'
    content = office.odf(
        "text",
        "",
        **{"META-INF__manifest.xml": manifest.format("urn:oasis:names:tc:opendocument:xmlns:")},
    )
    assert await read(tmp_path, content, "a.odt") == Reading(Kind.NONE, trouble=Trouble.PROTECTED)


async def test_an_office_document_with_a_password_says_so(tmp_path: Path) -> None:
    content = office.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})
    assert await read(tmp_path, content, "a.docx") == Reading(Kind.NONE, trouble=Trouble.PROTECTED)


async def test_slides_are_read_one_by_one_under_their_titles(tmp_path: Path) -> None:
    slides = [
        shape("Punkt ett\nPunkt två", "body") + shape("Vårens träff", "title"),
        shape("Bara text") + shape("12", "sldNum"),
    ]
    found = await read(tmp_path, office.pptx(slides, notes="Säg detta"), "bilder.pptx")
    assert found.html.split("\n") == [
        "<h3>1. Vårens träff</h3>",
        "<ul><li>Punkt ett</li><li>Punkt två</li></ul>",
        "<h3>2.</h3>",
        "<p>Bara text</p>",
    ]
    assert "Säg detta" in found.text
    assert "Säg detta" not in found.html


async def test_slides_of_opendocument_are_read_likewise(tmp_path: Path) -> None:
    page = (
        "<draw:page><draw:frame><draw:text-box><text:p>Text</text:p></draw:text-box></draw:frame>"
        '<draw:frame presentation:class="title"><draw:text-box><text:p>Rubrik</text:p>'
        "</draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box>"
        "<text:p>Not</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    found = await read(tmp_path, office.odf("presentation", page), "bilder.odp")
    assert found.html.split("\n") == ["<h3>1. Rubrik</h3>", "<p>Text</p>"]
    assert found.text == "1. Rubrik\nText\nNot"


async def test_a_workbook_is_tables_and_hidden_sheets_are_only_searched(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Svar": [["Kommun", "Antal"], ["Aneby", 12], ["Eksjö", 0.1]],
        "Hemligt": [["dolt ord"]],
        "Mer": [[1, 2], [3, 4]],
    }
    found = await read(tmp_path, office.xlsx(sheets, hidden="Hemligt"), "svar.xlsx")
    assert (found.kind, found.page_count) == (Kind.TABLE, 3)
    assert found.html.split("\n") == [
        "<h3>Svar</h3>",
        '<table><thead><tr><th scope="col">Kommun</th><th scope="col">Antal</th></tr></thead>'
        "<tbody><tr><td>Aneby</td><td>12</td></tr><tr><td>Eksjö</td><td>0.1</td></tr></tbody></table>",
        "<h3>Mer</h3>",
        "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>",
    ]
    assert "dolt ord" in found.text


async def test_a_long_table_is_shown_in_part_and_searched_whole(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Rad", "Värde"], *([f"rad{n}", float(n)] for n in range(5000))]
    found = await read(tmp_path, office.xlsx({"Blad": rows}), "lång.xlsx")
    assert found.shown_in_part
    assert found.html.count("<tr>") == 500
    assert found.text.endswith("rad4999 \t4999")
    assert not found.cut


async def test_tables_of_opendocument_and_of_old_excel_are_read_too(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = f"<table:table-row>{cell.format('Åsa')}{cell.format('Ö')}</table:table-row>"
    body = f'<table:table table:name="Blad1">{row}</table:table>'
    wanted = "<table><tbody><tr><td>Åsa</td><td>Ö</td></tr></tbody></table>"
    found = await read(tmp_path, office.odf("spreadsheet", body), "a.ods")
    assert (found.kind, found.html) == (Kind.TABLE, wanted)
    (tmp_path / "into").rename(tmp_path / "before")
    found = await read(tmp_path, office.xls([["Åsa", "Ö"]]), "a.xls")
    assert (found.kind, found.html) == (Kind.TABLE, wanted)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
async def test_comma_separated_values_are_a_table(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = 'Kommun;Svar\r\nÅneby;"Ja, ""visst"""\r\nÖdeshög;\r\n'.replace(";", separator)
    found = await read(tmp_path, text.encode(encoding), "svar.csv")
    assert found.kind == Kind.TABLE
    assert '<th scope="col">Kommun</th><th scope="col">Svar</th>' in found.html
    assert '<tr><td>Åneby</td><td>Ja, "visst"</td></tr><tr><td>Ödeshög</td></tr>' in found.html


async def test_old_word_documents_give_their_text(tmp_path: Path) -> None:
    lacking("catdoc", None if programs.is_there("catdoc") else "catdoc is not installed")
    found = await read(tmp_path, office.doc("Räksmörgås på Åland\nSlut"), "a.doc")
    assert (found.kind, found.text) == (Kind.TEXT, "Räksmörgås på Åland\nSlut")


@pytest.mark.parametrize("kind", ["doc", "ppt"])
def test_where_no_program_is_installed_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable) as refused:
        old_office.gather(tmp_path / "source", kind, tmp_path)
    assert refused.value.trouble == Trouble.NOT_INSTALLED
    assert programs.languages() == []


async def test_old_slides_give_their_text(tmp_path: Path) -> None:
    lacking("catdoc", None if programs.is_there("catppt") else "catppt is not installed")
    found = await read(tmp_path, office.ppt("Räksmörgås på Åland"), "a.ppt")
    assert (found.kind, found.text) == (Kind.TEXT, "Räksmörgås på Åland")


async def test_scanned_pages_are_recognised(tmp_path: Path) -> None:
    lacking("tesseract", None if "swe" in programs.languages() else "tesseract has no Swedish")
    lines = ["Minnesanteckningar från nätverksträffen", "Åtgärd: Örjan återkommer om hjälpmedel"]
    for kind in ("PDF", "PNG"):
        source = tmp_path / kind
        source.write_bytes(office.scan(lines, kind))
        (tmp_path / f"into-{kind}").mkdir()
        said = await reading.recognise(source, f"a.{kind}", tmp_path / f"into-{kind}")
        assert said
        assert said.split("\n") == lines


async def test_all_pages_of_a_scan_are_recognised(tmp_path: Path) -> None:
    lacking("tesseract", None if "swe" in programs.languages() else "tesseract has no Swedish")
    first, second = (
        Image.open(io.BytesIO(office.scan([line]))) for line in ("Åtgärd", "Överblick")
    )
    source = tmp_path / "source"
    first.save(source, "TIFF", save_all=True, append_images=[second], compression="tiff_lzw")
    assert await reading.recognise(source, "a.tif", tmp_path) == "Åtgärd\nÖverblick"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF", "TIFF"])
async def test_images_of_every_kind_are_shown(tmp_path: Path, kind: str) -> None:
    found = await read(tmp_path, files.image(kind), f"a.{kind.lower()}")
    assert (found.kind, found.page_count, found.shown_in_part) == (Kind.IMAGE, 1, False)
    with Image.open(found.pages[0].path) as shown:
        assert (shown.format, shown.size) == ("WEBP", (60, 40))


async def test_nothing_is_recognised_in_what_is_no_picture(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"text")
    assert not await reading.recognise(source, "a.txt", tmp_path)
