"""What a version looks like: read by a job, shown on the document's page, and told live."""

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from forum import check_outs, members, renditions, weedings, worker
from forum.file_reading import programs
from forum.settings import Settings
from storage import clock, door
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from storage.jobs import Job
from tests import documents as samples
from tests import files
from tests.conftest import lacking
from tests.filing import filed, revised
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, events, row, rows, seq
from tests.world import World


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


@pytest.fixture
async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


def here(world: World, document: Document) -> str:
    return f"/n/{world.network.slug}/documents/{document.id}"


async def read_all(chosen: Settings) -> None:
    while await worker.do_one(chosen):
        pass


async def test_a_pdf_becomes_pages_with_the_text_behind(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(
        bob, store, "Kallelse.pdf", samples.pdf(["Välkomna till Eksjö", "Punkt"])
    )
    before = await seq(world)
    async with browser(world["gus"]) as http:
        waiting = words(Page(await http.get(here(world, document))).root)
        assert "Förhandsvisningen görs" in waiting
        await read_all(chosen)
        assert await events(world, before) == [("document.read", world["bob"].id)]
        page = Page(await http.get(here(world, document)))
        assert "Välkomna till Eksjö" in words(page.root)
        assert "Sida 2 av 2" in words(page.root)
        images = [one.attrib for one in page.root.iter("img") if "/pages/" in one.attrib["src"]]
        assert len(images) == 2
        assert all({"width", "height", "alt"} <= one.keys() for one in images)
        assert images[1]["loading"] == "lazy"
        picture = await http.get(images[0]["src"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
        assert (await http.get(images[0]["src"].replace("/pages/1", "/pages/9"))).status_code == 404
        text = Page(await http.get(here(world, document) + "?as=text"))
        assert not [one for one in text.root.iter("img") if "/pages/" in one.attrib["src"]]
        assert "Välkomna till Eksjö" in words(text.root)


async def test_a_word_file_becomes_html_whose_tables_scroll_alone(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    cell = f"<w:tc>{samples.p('Aneby')}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"
    body = samples.docx(samples.p("Vikarier i maj", "Rubrik1") + table)
    document = await filed(bob, store, "Plan.docx", body)
    await read_all(chosen)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world, document)))
    assert "Vikarier i maj" in [words(one) for one in page.all(".//h3")]
    (frame,) = page.with_class("table")
    assert (frame.get("tabindex"), frame.get("aria-label")) == ("0", "Tabell")
    assert [words(one) for one in frame.iter("td")] == ["Aneby", "Aneby"]


@pytest.mark.parametrize("name", ["Text.txt", "Text.md", "Text.docx", "Text.csv"])
async def test_what_a_file_says_is_shown_as_words_and_never_run(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings, name: str
) -> None:
    said = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    content = said.encode()
    if name.endswith("docx"):
        content = samples.docx(samples.p(said.replace("<", "&lt;")))
    document = await filed(bob, store, name, content)
    await read_all(chosen)
    async with browser(world["gus"]) as http:
        answer = await http.get(here(world, document))
    assert "alert(1)" in answer.text
    page = Page(answer)
    assert page.all(".//main//script") == []
    assert not [one for one in page.root.iter("img") if one.get("src") == "x"]
    assert not [one for one in page.hrefs if "javascript" in one]


async def test_a_file_that_cannot_be_read_says_so_and_does_no_harm(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store, "Trasig.pdf", b"%PDF-1.7 och inget mer")
    await read_all(chosen)
    assert (await row("rendition"))["state"] == "failed"
    async with browser(world["gus"]) as http:
        shown = words(Page(await http.get(here(world, document))).root)
    assert "Filen verkar vara skadad" in shown
    assert "Går inte att söka i" in shown


async def test_a_personnummer_warns_who_handed_it_in_and_coordinators_alone(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store, "Lista.txt", b"Anna, 640823-3234\n")
    await read_all(chosen)
    for name, warned in (("bob", True), ("ann", True), ("gus", False)):
        async with browser(world[name]) as http:
            shown = words(Page(await http.get(here(world, document))).root)
        assert ("ser ut som ett personnummer" in shown) is warned, name


async def test_the_job_done_twice_is_as_if_done_once(
    world: World, bob: Inside, store: Store, chosen: Settings
) -> None:
    await filed(bob, store, "Kallelse.pdf", samples.pdf(["En", "Två"]))
    (job,) = await Job.filter(kind=renditions.JOB)
    await renditions.make(job, chosen)
    before = await seq(world)
    await renditions.make(job, chosen)
    assert len(await rows("rendition_page")) == 2
    assert await seq(world) == before


async def test_what_a_killed_worker_left_is_taken_away_and_the_job_done_again(
    world: World, bob: Inside, store: Store, chosen: Settings
) -> None:
    await filed(bob, store, "Kallelse.pdf", samples.pdf(["En"]))
    (job,) = await Job.filter(kind=renditions.JOB)
    left: Path = chosen.data / "reading" / str(job.id)
    left.mkdir(parents=True)
    (left / "page-1.webp").write_bytes(b"half")
    await change("job", job.id, state="running", claimed_at=clock.now() - timedelta(hours=1))
    await read_all(chosen)
    assert (await row("rendition"))["state"] == "ready"
    assert await rows("job") == []
    assert not left.exists()


async def test_what_whoever_has_left_the_network_had_put_there_is_read_all_the_same(
    world: World, ann: Inside, bob: Inside, store: Store, chosen: Settings
) -> None:
    await filed(bob, store, "Text.txt", b"Vi ses.")
    await members.end_member(ann, bob.membership.id)
    await read_all(chosen)
    assert (await row("rendition"))["state"] == "ready"


async def test_what_has_been_weeded_meanwhile_is_not_read(
    world: World, ann: Inside, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store, "Text.txt", b"ett")
    await revised(bob, store, document, b"tre")
    await weedings.weed_version(ann, document.id, 1, "Beslut 2026/7")
    await read_all(chosen)
    assert [one["version_id"] for one in await rows("rendition")] == [2]
    assert await rows("job") == []


async def test_bytes_that_are_gone_are_told_of(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store, "Text.txt", b"Vi ses.")
    shutil.rmtree(store.folder / str((await row("version"))["blob_id"])[:2])
    await read_all(chosen)
    async with browser(world["gus"]) as http:
        assert "Filen verkar vara skadad" in (await http.get(here(world, document))).text


async def test_an_image_is_shown(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store, "Karta över Åsen.png", files.image(size=(300, 200)))
    await read_all(chosen)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world, document)))
    (image,) = [one for one in page.root.iter("img") if "/pages/" in one.attrib["src"]]
    assert image.attrib["alt"] == "Karta över Åsen"


async def test_time_to_work_on_a_document_ends_with_an_event(
    world: World, bob: Inside, store: Store, chosen: Settings
) -> None:
    document = await filed(bob, store)
    await check_outs.begin(bob, document.id, timedelta(minutes=1))
    before = await seq(world)
    await worker.tend(chosen)
    assert await seq(world) == before
    await change("document", document.id, edited_until_at=clock.now())
    await worker.tend(chosen)
    assert await events(world, before) == [("document.edited", None)]
    assert (await row("document"))["editor_id"] is None


async def test_a_scanned_page_is_read_by_a_program_where_one_is_installed(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    lacking("tesseract", None if "swe" in programs.languages() else "no tesseract with Swedish")
    document = await filed(bob, store, "Inskannat.png", scanned("Vikarier i maj"))
    before = await seq(world)
    await read_all(chosen)
    told = [kind for kind, _actor in await events(world, before)]
    assert told == ["document.read", "document.read"]
    assert (await row("rendition"))["searchable"]
    async with browser(world["gus"]) as http:
        shown = words(Page(await http.get(here(world, document))).root)
    assert "Vikarier i maj" in shown
    assert "Ett program har läst texten" in shown


def scanned(text: str) -> bytes:
    picture = Image.new("RGB", (900, 200), "white")
    ImageDraw.Draw(picture).text((60, 60), text, "black", ImageFont.load_default(64))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
