"""Files are read into text and previews, each kind by its own bytes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from forum import markup
from forum.file_reading import reading
from forum.file_reading.reading import Kind, Reading, Trouble
from tests import documents, files
from tests.documents import item, p, run


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await reading.close()
    await markup.close()


async def read(tmp_path: Path, content: bytes, name: str) -> Reading:
    source, into = tmp_path / "source", tmp_path / "into"
    source.write_bytes(content)
    into.mkdir()
    return await reading.read(source, name, into)


async def test_a_pdf_is_pictures_with_the_text_behind_them(tmp_path: Path) -> None:
    content = documents.pdf(["Nätverksträff på Åsa\nNärvarande: Örjan", "Sida två"])
    found = await read(tmp_path, content, "anteckningar.pdf")
    assert (found.kind, found.trouble, found.page_count) == (Kind.PAGES, None, 2)
    assert found.text == "Nätverksträff på Åsa\nNärvarande: Örjan\nSida två"
    assert [page.text for page in found.pages] == [
        "Nätverksträff på Åsa\nNärvarande: Örjan",
        "Sida två",
    ]
    assert found.searchable
    with Image.open(found.pages[0].path) as picture:
        assert picture.size == (1000, 1416) == (found.pages[0].width, found.pages[0].height)
        darkest, _lightest = picture.convert("L").getextrema()
        assert isinstance(darkest, (int, float))
        assert darkest < 80
    # Pages of words weigh little; on this one is not much.
    assert found.pages[0].path.stat().st_size < 10_000


async def test_of_a_long_pdf_all_is_text_and_the_beginning_pictures(tmp_path: Path) -> None:
    found = await read(tmp_path, documents.pdf([f"Sida {n}" for n in range(1, 61)]), "lång.pdf")
    assert (len(found.pages), found.page_count, found.shown_in_part) == (50, 60, True)
    assert found.text.endswith("Sida 60")
    assert not found.cut


async def test_a_pdf_without_text_is_told_to_be_a_scan(tmp_path: Path) -> None:
    found = await read(tmp_path, files.image("PDF"), "inskannat.pdf")
    assert (found.kind, found.trouble, found.searchable) == (Kind.PAGES, Trouble.SCANNED, False)
    assert len(found.pages) == 1


async def test_a_pdf_with_a_password_is_told_to_have_one(tmp_path: Path) -> None:
    found = await read(tmp_path, documents.pdf(["Hemligt"], password="öppna"), "låst.pdf")
    assert found == Reading(Kind.NONE, trouble=Trouble.PROTECTED)


async def test_a_word_document_keeps_its_headings_and_lists(tmp_path: Path) -> None:
    bold, italic = run("beslutar", "<w:b/>"), run(" nu", '<w:i/><w:b w:val="0"/>')
    body = (
        p("Protokoll", "Rubrik1")
        + p("Beslut", "Mellan")
        + f"<w:p>{run('Vi ')}{bold}{italic}</w:p>"
        + item("Ett", 1)
        + item("Under", 1, 1)
        + item("Två", 1)
        + p("Paus.")
        + item("Tre", 1)
        + item("Punkt", 2)
    )
    found = await read(tmp_path, documents.docx(body), "protokoll.docx")
    assert (found.kind, found.trouble) == (Kind.HTML, None)
    assert found.html.split("\n") == [
        "<h3>Protokoll</h3>",
        "<h4>Beslut</h4>",
        "<p>Vi <strong>beslutar</strong><em> nu</em></p>",
        "<ol><li>Ett<ul><li>Under</li></ul></li><li>Två</li></ol>",
        "<p>Paus.</p>",
        '<ol start="3"><li>Tre</li></ol><ul><li>Punkt</li></ul>',
    ]
    assert found.text.split("\n")[:3] == ["Protokoll", "Beslut", "Vi beslutar nu"]


async def test_a_table_in_word_has_a_head_where_its_writer_gave_it_one(tmp_path: Path) -> None:
    def row(*cells: str, said: str = "") -> str:
        return f"<w:tr><w:trPr>{said}</w:trPr>{''.join(f'<w:tc>{c}</w:tc>' for c in cells)}</w:tr>"

    wide = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("Tillsammans")}'
    body = f"""<w:tbl>{row(p("Kommun"), p("Svar"), said="<w:tblHeader/>")}
        {row(p("Aneby"), p("Ja") + p("men &lt;b&gt;"))}{row(wide)}</w:tbl>"""
    found = await read(tmp_path, documents.docx(body), "tabell.docx")
    assert found.html == (
        '<table><thead><tr><th scope="col">Kommun</th><th scope="col">Svar</th></tr></thead>'
        "<tbody><tr><td>Aneby</td><td>Ja<br>men &lt;b&gt;</td></tr>"
        '<tr><td colspan="2">Tillsammans</td></tr></tbody></table>'
    )
    assert found.text == "Kommun \tSvar\nAneby \tJa men <b>\nTillsammans"


async def test_a_document_in_the_strict_form_of_the_standard_is_read_likewise(
    tmp_path: Path,
) -> None:
    body = p("Protokoll", "Rubrik1") + p("Text")
    parts = {
        name: part.decode()
        .replace(
            "schemas.openxmlformats.org/wordprocessingml/2006",
            "purl.oclc.org/ooxml/wordprocessingml",
        )
        .encode()
        for name, part in documents.parts(documents.docx(body)).items()
    }
    found = await read(tmp_path, documents.zipped(parts), "strikt.docx")
    assert found.html == "<h3>Protokoll</h3>\n<p>Text</p>"


async def test_a_word_that_was_broken_at_the_end_of_a_line_is_one_word(tmp_path: Path) -> None:
    found = await read(tmp_path, documents.pdf(["en genom-\nförandeplan"]), "bruten.pdf")
    assert "genomförandeplan" in found.text


async def test_links_in_word_lead_out_and_run_nothing(tmp_path: Path) -> None:
    body = "".join(
        f'<w:p><w:hyperlink r:id="{key}">{run(words)}</w:hyperlink></w:p>'
        for key, words in (("rId9", "LSS"), ("rId8", "skript"), ("rId77", "ingenstans"))
    )
    found = await read(tmp_path, documents.docx(body), "länkar.docx")
    href = "https://www.skr.se/lss?a=1&amp;b=2"
    assert found.html.split("\n") == [
        f'<p><a href="{href}" rel="nofollow noopener">LSS</a></p>',
        "<p>skript</p>",
        "<p>ingenstans</p>",
    ]


async def test_what_was_deleted_is_not_shown_and_pictures_are_their_descriptions(
    tmp_path: Path,
) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    picture = f'<wp:docPr xmlns:wp="{drawing}" descr="En karta"/>'
    body = (
        f"<w:p><w:del>{run('struket')}</w:del><w:ins>{run('tillagt')}</w:ins></w:p>"
        f"<w:p><w:r><w:drawing>{picture}</w:drawing></w:r></w:p>"
    )
    note = f"<w:footnote>{p('Se lagen.')}</w:footnote>"
    notes = f'<w:footnotes xmlns:w="{documents.W}">{note}</w:footnotes>'
    found = await read(tmp_path, documents.docx(body, footnotes=notes), "spårat.docx")
    assert found.html.split("\n") == ["<p>tillagt</p>", "<p>[En karta]</p>", "<p>Se lagen.</p>"]


async def test_what_stands_above_each_page_is_searched_and_not_shown(tmp_path: Path) -> None:
    header = f'<w:hdr xmlns:w="{documents.W}">{p("Dnr 2026:12")}</w:hdr>'
    related = documents.relations({"rId1": (f"{documents.R}/header", "header1.xml")})
    whole = documents.docx(p("Text"), header1=header)
    content = documents.with_part(whole, "word/_rels/document.xml.rels", related)
    found = await read(tmp_path, content, "a.docx")
    assert (found.text, found.html) == ("Text\nDnr 2026:12", "<p>Text</p>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
async def test_plain_text_is_read_in_the_encodings_that_people_have(
    tmp_path: Path, encoding: str
) -> None:
    found = await read(tmp_path, "Räksmörgås\r\nÅäö – é".encode(encoding), "läs.txt")
    assert found == Reading(Kind.TEXT, "Räksmörgås\nÅäö – é")


async def test_markdown_is_shown_as_posts_are(tmp_path: Path) -> None:
    found = await read(tmp_path, b"# Rubrik\n\n<script>x</script> **fet**", "läs.md")
    assert found.kind is Kind.HTML
    assert "<strong>fet</strong>" in found.html
    assert "<script>" not in found.html
    assert found.text.startswith("# Rubrik")


async def test_markdown_that_is_too_long_for_a_post_is_shown_as_it_was_written(
    tmp_path: Path,
) -> None:
    found = await read(tmp_path, b"ord " * 20_000, "lång.md")
    assert (found.kind, found.html) == (Kind.TEXT, "")


async def test_rtf_gives_its_text(tmp_path: Path) -> None:
    content = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 R\'e4ksm\'f6rg\u229?s\par Tv\'e5}"
    found = await read(tmp_path, content, "gammal.rtf")
    assert (found.kind, found.text) == (Kind.TEXT, "Räksmörgås\nTvå")


async def test_an_image_is_shown_upright_and_tells_nothing_else(tmp_path: Path) -> None:
    content = files.telling("JPEG", orientation=6)
    found = await read(tmp_path, content, "bild.jpg")
    assert (found.kind, found.trouble) == (Kind.IMAGE, Trouble.SCANNED)
    assert (found.pages[0].width, found.pages[0].height) == (40, 60)
    assert files.SECRET_PLACE not in found.pages[0].path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "trouble"),
    [
        ("protokoll.docx", b"no zip at all", Trouble.DAMAGED),
        ("protokoll.docx", b"", Trouble.DAMAGED),
        ("bild.png", b"<svg/>", Trouble.DAMAGED),
        ("program.exe", b"MZ\0\0\x01\x02\x03\0" * 100, Trouble.UNKNOWN),
        ("arkiv.zip", documents.zipped({"a.txt": "a"}), Trouble.UNKNOWN),
    ],
)
async def test_what_is_not_what_it_is_called_says_so(
    tmp_path: Path, name: str, content: bytes, trouble: Trouble
) -> None:
    assert await read(tmp_path, content, name) == Reading(Kind.NONE, trouble=trouble)


async def test_the_bytes_count_and_not_the_name(tmp_path: Path) -> None:
    found = await read(tmp_path, documents.pdf(["Hej"]), "hej.txt")
    assert (found.kind, found.text) == (Kind.PAGES, "Hej")
