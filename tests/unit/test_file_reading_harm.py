"""Files that are meant to harm what reads them, or that are broken, give a Reading that says so."""

import asyncio
import json
import os
import signal
import zipfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.file_reading import reading
from forum.file_reading.reading import Kind, Reading, Trouble
from tests import documents, files, office
from tests.conftest import run
from tests.documents import W, p
from tests.unit.test_file_reading import read
from tests.unit.test_render_pool import children

LAUGHS = (
    "<!DOCTYPE l ["
    + '<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await reading.close()


def of_document(document: str) -> bytes:
    return documents.package(
        "word/document.xml", "wordprocessingml.document", {"word/document.xml": document}
    )


async def test_a_billion_laughs_are_not_heard(tmp_path: Path) -> None:
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body>'
    found = await read(tmp_path, of_document(f"{LAUGHS}{body}</w:document>"), "skratt.docx")
    assert found == Reading(Kind.NONE, trouble=Trouble.DAMAGED)


async def test_an_entity_brings_in_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("HEMLIGT")
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body>'
    found = await read(tmp_path, of_document(f"{declared}{body}</w:document>"), "fil.docx")
    assert found == Reading(Kind.NONE, trouble=Trouble.DAMAGED)


async def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    source, into = tmp_path / "source", tmp_path / "into"
    into.mkdir()
    source.write_bytes(documents.docx(p("Början")))
    with zipfile.ZipFile(source) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    before, after = parts.pop("word/document.xml").split(b"</w:body>")
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in parts.items():
            file.writestr(name, content)
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(before)
            for _ in range(400):
                part.write(b" " * 1024 * 1024)
            part.write(b"</w:body>" + after)
    assert source.stat().st_size < 4 * 1024 * 1024
    found = await reading.read(source, "bomb.docx", into)
    assert (found.text, found.cut, found.shown_in_part) == ("Början", True, True)


@pytest.mark.parametrize("within", ["", "<w:p>"])
async def test_no_depth_is_too_deep(tmp_path: Path, within: str) -> None:
    deep = f'<w:document xmlns:w="{W}"><w:body>{within}{"<w:sdt>" * 500_000}'
    found = await read(tmp_path, of_document(deep), "djup.docx")
    assert found == Reading(Kind.NONE, trouble=Trouble.TOO_LARGE)


async def test_a_paragraph_of_a_million_words_is_shown_in_part(tmp_path: Path) -> None:
    found = await read(tmp_path, documents.docx(p("ord " * 1_000_000) + p("slut")), "lång.docx")
    assert (len(found.text), found.cut, found.shown_in_part) == (2_000_000, True, True)
    assert found.html == ""


async def test_a_table_without_end_is_shown_in_part_and_read_whole(tmp_path: Path) -> None:
    row = f"<w:tr>{'<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>' * 30}</w:tr>"
    found = await read(tmp_path, documents.docx(f"<w:tbl>{row * 1000}</w:tbl>"), "tabell.docx")
    assert found.shown_in_part
    assert found.html.count("<td>") <= 10_000
    assert found.text.count("x") == 30_000


async def test_a_pdf_whose_pages_lead_in_a_ring_is_read(tmp_path: Path) -> None:
    made = pikepdf.open(as_file(tmp_path, documents.pdf(["En sida"])))
    made.Root.Pages.Kids.append(made.Root.Pages)
    made.Root.Pages.Count = 1_000_000
    made.save(tmp_path / "ring.pdf")
    found = await read(tmp_path, (tmp_path / "ring.pdf").read_bytes(), "ring.pdf")
    assert found.kind in {Kind.PAGES, Kind.NONE}


@pytest.mark.parametrize(
    ("times", "seconds", "trouble"),
    # PDFium sees a ring; two rings that cross keep it busy for longer than the world will last.
    [(1, 60.0, Trouble.SCANNED), (2, 2.0, Trouble.TOO_SLOW)],
)
async def test_a_pdf_that_draws_itself_within_itself_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, seconds: float, trouble: Trouble
) -> None:
    monkeypatch.setattr(reading.pool, "seconds", seconds)
    made = pikepdf.open(as_file(tmp_path, documents.pdf(["En sida"])))
    form = made.make_stream(b"/X Do " * times)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [0, 0, 100, 100]
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
    made.pages[0].Resources.XObject = pikepdf.Dictionary(X=form)
    made.pages[0].Contents = made.make_stream(b"/X Do")
    made.save(tmp_path / "own.pdf")
    found = await read(tmp_path, (tmp_path / "own.pdf").read_bytes(), "själv.pdf")
    assert found.trouble == trouble


@pytest.mark.parametrize("box", [(0, 0, 1e30, 1e30), (0, 0, 1e-9, 800), (0, 0, 1, 10_000_000)])
async def test_pages_of_any_size_become_no_larger_pictures(
    tmp_path: Path, box: tuple[float, ...]
) -> None:
    made = pikepdf.open(as_file(tmp_path, documents.pdf(["En sida", "Två"])))
    made.pages[0].MediaBox = pikepdf.Array([str_number(side) for side in box])
    made.save(tmp_path / "huge.pdf")
    found = await read(tmp_path, (tmp_path / "huge.pdf").read_bytes(), "stor.pdf")
    assert found.page_count == 2
    assert all(page.width <= 1000 and page.height <= 4000 for page in found.pages)


def str_number(side: float) -> object:
    return pikepdf.Object.parse(f"{side:.10f}".encode())


def as_file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "made"
    path.write_bytes(content)
    return path


async def test_cells_at_the_ends_of_a_sheet_take_no_more_memory_than_there_is(
    tmp_path: Path,
) -> None:
    whole = office.xlsx({"Blad": [["början"]]})
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    found = await read(
        tmp_path, changed(whole, "xl/worksheets/sheet1.xml", "</sheetData>", far), "a.xlsx"
    )
    assert found.kind is Kind.NONE
    assert found.trouble in {Trouble.DAMAGED, Trouble.TOO_LARGE}


async def test_a_cell_that_is_repeated_for_ever_is_read_in_part(tmp_path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='{0}' office:value-type='string'>"
    row = f"<table:table-row table:number-rows-repeated='{{0}}'>{cell}<text:p>x</text:p>"
    body = f"{row.format(1_000_000)}</table:table-cell></table:table-row>"
    content = office.odf("spreadsheet", f'<table:table table:name="a">{body}</table:table>')
    found = await read(tmp_path, content, "a.ods")
    assert len(found.text) <= 2_000_000
    assert len(found.html) <= 400_000


async def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    whole = office.xlsx({"Blad": [["början"]]})
    bomb = changed(whole, "xl/worksheets/sheet1.xml", "</sheetData>", " " * 300_000_000)
    found = await read(tmp_path, bomb, "a.xlsx")
    assert found == Reading(Kind.NONE, trouble=Trouble.TOO_LARGE)


def changed(content: bytes, name: str, before: str, after: str) -> bytes:
    """A zip file in one part of which something is replaced."""
    part = documents.parts(content)[name].replace(before.encode(), after.encode())
    return documents.with_part(content, name, part)


async def test_an_image_of_more_pixels_than_there_is_room_for_is_not_opened(tmp_path: Path) -> None:
    bomb = files.image("PNG", (8_000, 8_000))
    assert len(bomb) < 2_000_000
    found = await read(tmp_path, bomb, "bomb.png")
    assert found == Reading(Kind.NONE, trouble=Trouble.TOO_LARGE)


async def test_what_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read(tmp_path, b"hej", "hej.txt")
    (tmp_path / "into").rename(tmp_path / "before")
    monkeypatch.setattr(reading.pool, "seconds", 0.3)
    found = await read(tmp_path, documents.pdf([f"Sida {n}" for n in range(3000)]), "lång.pdf")
    assert found == Reading(Kind.NONE, trouble=Trouble.TOO_SLOW)


async def test_one_whose_worker_was_killed_is_read_by_the_next(tmp_path: Path) -> None:
    slow = documents.pdf([f"Sida {n}" for n in range(300)])
    assert await reading.pool.call("builtins:len", "awake") == 5
    reader = asyncio.create_task(read(tmp_path, slow, "lång.pdf"))
    await asyncio.sleep(0.2)
    assert kill_workers() == 1
    found = await reader
    assert (found.page_count, found.trouble) == (300, None)


async def test_one_that_kills_whatever_reads_it_is_damaged(tmp_path: Path) -> None:
    slow = documents.pdf([f"Sida {n}" for n in range(2000)])
    reader = asyncio.create_task(read(tmp_path, slow, "lång.pdf"))
    while not reader.done():
        kill_workers()
        await asyncio.sleep(0.3)
    assert await reader == Reading(Kind.NONE, trouble=Trouble.DAMAGED)


def kill_workers() -> int:
    found = [pid for pid in children() if is_reader(pid)]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return len(found)


def is_reader(pid: int) -> bool:
    with suppress(OSError):  # it is gone
        return b"forum.file_reading.work" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p><script>alert(1)</script>",
        "<img src=x onerror=y>",
        '<p class="x">a</p>',
        '<a href="javascript:alert(1)" rel="nofollow noopener">x</a>',
        '<a href="https://a.se" onclick="x" rel="nofollow noopener">x</a>',
        "</p></div>",
        "<table>",
        "<p><strong>a</p></strong>",
        "a & b",
    ],
)
async def test_html_of_a_reader_that_was_taken_over_is_not_shown(tmp_path: Path, html: str) -> None:
    with pytest.raises(ValueError, match="html"):
        reading._checked(said_by_a_reader(tmp_path, html=html))


@pytest.mark.parametrize("name", ["link.webp", "../secret", "/etc/passwd", "missing.webp"])
async def test_a_picture_that_leads_elsewhere_is_none(tmp_path: Path, name: str) -> None:
    page = {"name": name, "width": 1, "height": 1, "text": ""}
    into = said_by_a_reader(tmp_path, pages=[page])
    (tmp_path / "secret").write_text("HEMLIGT")
    (into / "link.webp").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match=name):
        reading._checked(into)


def said_by_a_reader(tmp_path: Path, **changed: object) -> Path:
    said = {"kind": "html", "markup": False, "text": "", "cut": False, "html": "", "pages": []}
    said |= {"page_count": 0, "shown_in_part": False, "trouble": None}
    into = tmp_path / "into"
    into.mkdir()
    (into / "reading.json").write_text(json.dumps(said | changed))
    return into


WHOLE = {
    "a.docx": documents.docx(p("Rubrik", "Rubrik1") + p("Text") + documents.item("Ett", 1)),
    "a.pdf": documents.pdf(["Sida ett", "Sida två"]),
    "a.rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 R\'e4k{\b fet}\u229?s\par}",
    "a.png": files.image("PNG"),
    "a.odt": office.odf("text", "<text:h>Rubrik</text:h><text:p>Text</text:p>"),
    "a.odp": office.odf("presentation", "<draw:page><text:p>Text</text:p></draw:page>"),
    "a.pptx": office.pptx([office.shape("Rubrik", "title") + office.shape("Text")], "Not"),
    "a.xlsx": office.xlsx({"Ett": [["Kommun", 1.5]], "Två": [["Åneby"]]}),
    "a.xls": office.xls([["Åsa", "Ö"]]),
    "a.doc": office.doc("Räksmörgås"),
    "a.ppt": office.ppt("Räksmörgås"),
    "a.csv": b"a;b\n1;2\n",
    "a.md": b"# Rubrik\n\n- ett\n",
}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(sorted(WHOLE)),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8))),
)
def test_whatever_is_broken_in_a_file_it_gives_a_reading(
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
    found = run(read(tmp_path_factory.mktemp("broken"), bytes(content), name))
    assert isinstance(found, Reading)
