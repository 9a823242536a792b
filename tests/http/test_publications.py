"""Publishing one version for everybody: looked at first, withdrawn with a word, nothing else."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from forum import adoptions, networks, publications, trash
from forum.publication_copies import Copy, copy_of, page_of
from forum.publications import NotAdopted
from forum.refusals import Invalid
from forum.settings import Settings
from storage import door
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from storage.renditions import RenditionPage, RenditionState
from tests import documents, office
from tests.conftest import Browser
from tests.filing import filed, revised
from tests.http.pages import Form, Page, words
from tests.http.records import events, rows, seq
from tests.http.statements import counted
from tests.publishing import (
    CONTACT,
    SLUG,
    SUMMARY,
    TEXT,
    TITLE,
    adopted,
    publish,
    read_out,
    wording,
)
from tests.unit.test_file_stripping import SECRET, word_document
from tests.world import World

Opened = Callable[..., Browser]
PUBLIC = f"/publikationer/{SLUG}"
FILE = f"{PUBLIC}/fil"
WRITTEN = {"title": TITLE, "summary": SUMMARY, "slug": SLUG, "contact": CONTACT}


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


@pytest.fixture
async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


def address(world: World, document: Document) -> str:
    return f"/n/{world.network.slug}/documents/{document.id}/publication"


async def look(http: httpx.AsyncClient, there: str, **fields: str) -> Page:
    """Fill in the form and press the button that shows what becomes public."""
    form = Page(await http.get(there)).form(there)
    return Page(await form.send(http, **(WRITTEN | fields)))


def confirmation(page: Page) -> Form:
    return page.form(page.address)


# --- Publishing


async def test_a_coordinator_looks_at_what_becomes_public_and_publishes_that(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    there = address(world, document)
    before = await seq(world)
    async with browser(world["ann"]) as http:
        looked = await look(http, there)
        assert (looked.status, looked.heading) == (200, "Det här blir synligt för alla")
        assert "Vänta på svaret." in words(looked.root)
        assert await rows("publication") == []
        answer = await confirmation(looked).send(http, publish="yes")
        assert (answer.status_code, answer.headers["location"]) == (303, PUBLIC)
        shown = Page(await http.get(PUBLIC))
        assert shown.flash == "Nu är den publicerad. Så här ser den ut för alla."
    (row,) = await rows("publication")
    assert (row["number"], row["person_id"], row["document_id"]) == (
        1, world["ann"].id, document.id,
    )  # fmt: skip
    assert await events(world, before) == [("publication.changed", world["ann"].id)]


async def test_anybody_reads_it_with_its_file(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    async with browser() as http:
        page = Page(await http.get(PUBLIC))
        assert (page.status, page.heading) == (200, TITLE)
        said = words(page.one(".//main"))
        for text in (SUMMARY, CONTACT, "Aneby", "Svenska", "Sitt ner i barnets höjd."):
            assert text in said
        assert page.one(".//article").get("lang") == "sv"
        file = await http.get(FILE)
        assert (file.status_code, file.content) == (200, b"Sitt ner.")
        assert file.headers["content-disposition"] == (
            'attachment; filename="S_ m_ter vi barn.txt"; '
            "filename*=UTF-8''S%C3%A5%20m%C3%B6ter%20vi%20barn.txt"
        )
        part = await http.get(FILE, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"Sitt")


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("gus", 403), ("charlie", 404)])
async def test_nobody_but_a_coordinator_publishes(
    world: World, browser: Opened, ann: Inside, store: Store, who: str, status: int
) -> None:
    document = await adopted(ann, store)
    async with browser(world["ann"]) as http:
        form = confirmation(await look(http, address(world, document)))
    async with browser(world[who]) as http:
        assert (await http.get(address(world, document))).status_code == status
        answer = await http.post(address(world, document), data=form.values | {"publish": "yes"})
        assert answer.status_code == status
    async with browser() as http:
        answer = await http.post(address(world, document), data=form.values | {"publish": "yes"})
        assert answer.headers["location"].startswith("/login")
    assert await rows("publication") == []


async def test_a_draft_is_refused_and_it_is_said_what_comes_first(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await filed(ann, store)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(address(world, document)))
        assert page.heading == "Dokumentet är ett utkast"
        assert f"/n/{world.network.slug}/documents/{document.id}" in page.hrefs
        answer = await http.post(address(world, document), data=WRITTEN | {"publish": "yes"})
        assert answer.status_code == 422
    with pytest.raises(NotAdopted):
        await publications.candidate(ann, document.id)


async def test_a_later_draft_is_not_published_and_a_later_adopted_one_only_when_it_is_chosen(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    row = await publish(ann, store, document)
    await revised(ann, store, document, b"Vad som kom senare.")
    await read_out(ann, document, 2, text="Vad som kom senare.")
    async with browser() as http, browser(world["ann"]) as hers:
        assert (await http.get(FILE)).content == b"Sitt ner."
        await adoptions.adopt(ann, document.id, 2)
        assert (await http.get(FILE)).content == b"Sitt ner."
        form = Page(await hers.get(address(world, document)))
        assert form.heading == "Publicera version 2 i stället"
        looked = Page(await form.form(address(world, document)).send(hers))
        await confirmation(looked).send(hers, publish="yes")
        assert (await http.get(FILE)).content == b"Vad som kom senare."
        assert "Vad som kom senare." in (await http.get(PUBLIC)).text
    (now,) = await rows("publication")
    assert (now["id"], now["slug"], now["number"]) == (row.id, SLUG, 2)


async def test_what_was_adopted_meanwhile_is_looked_at_anew(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    async with browser(world["ann"]) as http:
        looked = await look(http, address(world, document))
        await revised(ann, store, document, b"Annat.")
        await read_out(ann, document, 2, text="Annat.")
        await adoptions.adopt(ann, document.id, 2)
        again = Page(await confirmation(looked).send(http, publish="yes"))
        assert (again.status, list(again.errors)) == (422, ["look"])
        assert "Annat." in words(again.one(".//article"))
        assert await rows("publication") == []
        await confirmation(again).send(http, publish="yes")
    (row,) = await rows("publication")
    assert row["number"] == 2


async def test_a_text_that_was_read_anew_meanwhile_is_looked_at_anew(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    async with browser(world["ann"]) as http:
        looked = await look(http, address(world, document))
        await read_out(ann, document, text="Något som ingen har sett.")
        again = Page(await confirmation(looked).send(http, publish="yes"))
        assert list(again.errors) == ["look"]
    assert await rows("publication") == []


async def test_a_copy_is_published_by_nobody_else_and_for_no_other_document(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    other = await adopted(ann, store, "Annat.txt", b"Annat.")
    async with browser(world["ann"]) as http:
        sealed = confirmation(await look(http, address(world, document))).values["copy"]
        broken = f"{sealed[:-1]}{'0' if sealed[-1] != '0' else '1'}"
        for there, copy in ((other, sealed), (document, broken), (document, ""), (document, "å.å")):
            form = WRITTEN | {"owner": "1", "language": "sv", "copy": copy, "publish": "yes"}
            answer = Page(await http.post(address(world, there), data=form))
            assert (answer.status, list(answer.errors)) == (422, ["look"])
    olga = Inside(world["bob"], ann.network, ann.membership)
    assert await Copy.opened(olga, sealed) is None
    assert await rows("publication") == []


async def test_the_same_form_sent_twice_publishes_once(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    async with browser(world["ann"]) as http:
        form = confirmation(await look(http, address(world, document)))
        before = await seq(world)
        answers = await asyncio.gather(*(form.send(http, publish="yes") for _ in range(3)))
        assert {answer.headers["location"] for answer in answers} == {PUBLIC}
    (row,) = await rows("publication")
    assert row["version"] == 1
    assert len(await events(world, before)) == 1


async def test_of_two_coordinators_at_once_the_second_looks_again(
    world: World, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    results = await asyncio.gather(
        publish(ann, store, document, title="Mitt namn"),
        publish(ann, store, document, title="Ditt namn"),
        return_exceptions=True,
    )
    refused = [one for one in results if isinstance(one, Invalid)]
    assert [list(one.errors) for one in refused] == [["look"]]
    assert len(await rows("publication")) == 1


async def test_two_documents_never_get_the_same_address(
    world: World, ann: Inside, store: Store
) -> None:
    one = await adopted(ann, store)
    elsewhere = await door.enter(world["charlie"], world.elsewhere.slug)
    other = await adopted(elsewhere, store, "Annat.txt", b"Annat.")
    results = await asyncio.gather(
        publish(ann, store, one), publish(elsewhere, store, other), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, Invalid)]
    assert [list(one.errors) for one in refused] == [["slug"]]
    assert len(await rows("publication")) == 1


async def test_an_address_is_taken_by_what_is_public_or_was_and_by_nothing_else(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    elsewhere = await door.enter(world["charlie"], world.elsewhere.slug)
    theirs = await adopted(elsewhere, store, "Annat.txt", b"Annat.")
    there = f"/n/{world.elsewhere.slug}/documents/{theirs.id}/publication"
    async with browser(world["ann"]) as http, browser(world["charlie"]) as other:
        # Ann is looking at it: that takes no address.
        await look(http, address(world, document))
        assert (await look(other, there)).status == 200
        row = await publish(ann, store, document)
        assert list((await look(other, there)).errors) == ["slug"]
        await publications.withdraw(ann, row.id, "")
        assert list((await look(other, there)).errors) == ["slug"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"title": "Om 640823-3234"}, "title"),
        ({"summary": ""}, "summary"),
        ({"summary": "Om 640823-3234"}, "summary"),
        ({"summary": "x" * 1001}, "summary"),
        ({"slug": "…", "title": "…!"}, "slug"),
        ({"contact": ""}, "contact"),
        ({"contact": "x" * 201}, "contact"),
        ({"owner": "999999"}, "owner"),
    ],
)
async def test_what_is_written_is_held_to_the_rules(
    world: World, browser: Opened, ann: Inside, store: Store, fields: dict[str, str], wrong: str
) -> None:
    document = await adopted(ann, store)
    async with browser(world["ann"]) as http:
        page = await look(http, address(world, document), **fields)
        assert (page.status, wrong in page.errors) == (422, True)


@pytest.mark.parametrize(
    "said",
    [
        {"personal": True},
        {"text": "Hon är född 640823-3234."},
        {"kind": "html", "html": "<p>640823<br>-3234</p>", "text": "x"},
        {"state": RenditionState.WAITING},
    ],
)
async def test_a_file_with_a_personnummer_or_one_that_nobody_has_read_yet_is_refused(
    world: World, browser: Opened, ann: Inside, store: Store, said: dict[str, Any]
) -> None:
    document = await adopted(ann, store, **said)
    async with browser(world["ann"]) as http:
        page = await look(http, address(world, document))
        assert (page.status, list(page.errors)) == (422, ["file"])
        assert "640823" not in words(page.root)


async def test_what_is_left_in_the_file_is_ticked_or_stops(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(
        ann,
        store,
        "Utkast 3.docx",
        word_document(),
        state=RenditionState.FAILED,
        kind="none",
        text="",
    )
    async with browser(world["ann"]) as http:
        looked = await look(http, address(world, document))
        left = [one.attrib["value"] for one in looked.all(".//input[@name='left']")]
        assert left == ["comments", "tracked_changes", "unread"]
        stopped = Page(await confirmation(looked).send(http, publish="yes"))
        assert (stopped.status, list(stopped.errors)) == (422, ["left"])
        one = Page(await confirmation(looked).send(http, publish="yes", left="unread"))
        assert list(one.errors) == ["left"]
        ticked = [one.get("value") for one in one.all(".//input[@name='left'][@checked]")]
        assert ticked == ["unread"]
        pairs = {**confirmation(looked).values, "publish": "yes", "left": left}
        answer = await http.post(address(world, document), data=pairs)
        assert answer.status_code == 303
        shown = words(Page(await http.get(PUBLIC)).one(".//article"))
        assert "Innehållet går bara att läsa i filen." in shown


async def test_the_file_that_is_fetched_tells_nothing_of_who_wrote_it(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    before = word_document()
    assert "docProps/core.xml" in documents.parts(before)
    await publish(ann, store, await adopted(ann, store, f"{SECRET}.docx", before))
    async with browser() as http:
        answer = await http.get(FILE)
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert SECRET not in f"{answer.headers}"
    found = documents.parts(answer.content)
    told = b"".join(found.values())
    for secret in (SECRET.encode(), b"rsid", b"2026-03-14", b"C:/Users", b"Manager"):
        assert secret not in told
    assert f"<dc:title>{TITLE}</dc:title>".encode() in found["docProps/core.xml"]
    assert "docProps/app.xml" not in found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Karta.bin", b"\x00\x01"),
        ("Gammal.doc", office.doc("Kvar")),
        ("Trasig.docx", b"PK\x03\x04x"),
        ("Trasig.pdf", b"%PDF-1.7\n"),
        ("Hemlig.pdf", documents.pdf(["Kvar"], password="x")),
    ],
)
async def test_a_file_of_which_there_can_be_no_copy_without_names_is_refused(
    world: World, browser: Opened, ann: Inside, store: Store, name: str, content: bytes
) -> None:
    document = await adopted(ann, store, name, content)
    async with browser(world["ann"]) as http:
        page = await look(http, address(world, document))
        assert (page.status, list(page.errors)) == (422, ["file"])
    assert list((store.folder / "arriving").iterdir()) == []


async def test_what_is_written_can_be_changed_before_it_is_published_and_after(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    there = address(world, document)
    async with browser(world["ann"]) as http:
        looked = await look(http, there, accessible="yes")
        form = Page(await confirmation(looked).send(http, change="yes")).form(there)
        assert (form.values["title"], form.values["accessible"]) == (TITLE, "yes")
        looked = Page(await form.send(http, title="Ett annat namn"))
        await confirmation(looked).send(http, publish="yes")
        looked = await look(http, there, title="Ett tredje namn", slug="en-annan-adress")
        await confirmation(looked).send(http, publish="yes")
        page = Page(await http.get(PUBLIC))
        assert page.heading == "Ett tredje namn"
        assert (await http.get("/publikationer/en-annan-adress")).status_code == 404


async def test_who_only_corrects_what_is_written_makes_it_no_newer(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    row = await publish(ann, store, document)
    long_ago = row.published_on.replace(year=2020)
    await ann.publications.filter(id=row.id).update(published_on=long_ago)
    async with browser(world["ann"]) as http:
        looked = await look(http, address(world, document), title="Rättat namn")
        assert " 2020" in words(looked.one(".//article"))
        await confirmation(looked).send(http, publish="yes")
    (now,) = await rows("publication")
    assert (str(now["published_on"])[:4], now["title"]) == ("2020", "Rättat namn")


async def test_only_a_file_that_is_not_said_to_be_accessible_has_the_page_tell_of_help(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    other = await adopted(ann, store, "Annat.txt", b"Annat.")
    await publish(ann, store, other, slug="annat", accessible=True)
    async with browser() as http:
        assert "Behöver du den i en annan form?" in (await http.get(PUBLIC)).text
        assert "i en annan form" not in (await http.get("/publikationer/annat")).text


# --- The page


async def test_the_page_has_headings_from_h2_and_skips_none(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    made = "<h3>Ett</h3><p>a</p><h5>Två</h5><table><tbody><tr><td>b</td></tr></tbody></table>"
    await publish(ann, store, await adopted(ann, store, kind="html", html=made))
    async with browser() as http:
        page = Page(await http.get(PUBLIC))
        text = page.with_class("text")[0]
        found = [(one.tag, words(one)) for one in text.iter() if one.tag.startswith("h")]
        assert found == [("h2", "Ett"), ("h3", "Två")]
        (scrolls,) = page.with_class("table")
        assert (scrolls.get("tabindex"), scrolls.get("aria-label")) == ("0", "Tabell 1")


async def test_a_pdf_is_shown_page_by_page(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store, kind="pages", page_count=3)
    (rendition,) = await rows("rendition")
    (version,) = await rows("version")
    for number, text in ((1, "Första sidan."), (2, "")):
        await ann.create(
            RenditionPage, rendition_id=rendition["id"], number=number, blob_id=version["blob_id"],
            media_type="image/webp", width=1, height=1, text=text,
        )  # fmt: skip
    await publish(ann, store, document)
    async with browser() as http:
        text = words(Page(await http.get(PUBLIC)).with_class("text")[0])
    assert "Sida 1 Första sidan. Sida 2 Här finns ingen text." in text
    assert "de första 2 av 3 sidor" in text


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


async def test_nothing_hostile_runs_on_the_public_pages(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store, kind="html", html=f"<p>a</p>{HOSTILE}", text=HOSTILE)
    hostile: dict[str, Any] = {
        "title": f"T {HOSTILE}",
        "summary": f"S {HOSTILE}",
        "contact": f"K {HOSTILE}",
    }
    row = await publish(ann, store, document, **hostile)
    async with browser() as http, browser(world["ann"]) as hers:
        pages = [await http.get(PUBLIC), await http.get("/publikationer")]
        pages.append(await hers.get(address(world, document)))
        pages.append(await hers.get(f"/n/{world.network.slug}/publications"))
        await publications.withdraw(ann, row.id, HOSTILE)
        pages.append(await http.get(PUBLIC))
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        Page(page)


# --- Withdrawing


async def test_what_is_withdrawn_is_gone_and_says_whom_to_turn_to(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    there = f"/n/{world.network.slug}/publications/{row.id}/withdrawal"
    before = await seq(world)
    async with browser(world["ann"]) as hers, browser() as http:
        form = Page(await hers.get(there)).form(there)
        for _ in range(2):
            answer = await form.send(hers, reason="Det finns en nyare.")
            assert answer.headers["location"] == f"/n/{world.network.slug}/publications"
        listed = words(Page(await hers.get(f"/n/{world.network.slug}/publications")).root)
        assert "Det finns en nyare." in listed
        gone = await http.get(PUBLIC)
        assert gone.status_code == 410
        said = words(Page(gone).one(".//main"))
        assert "Det finns en nyare." in said
        assert CONTACT in said
        for secret in (TITLE, SUMMARY, "Sitt ner"):
            assert secret not in gone.text
        file = await http.get(FILE)
        assert (file.status_code, b"Sitt ner" in file.content) == (410, False)
        assert TITLE not in (await http.get("/publikationer")).text
        assert TITLE not in (await http.get("/publikationer?q=barn")).text
    assert await events(world, before) == [("publication.changed", world["ann"].id)]


async def test_what_was_withdrawn_can_be_published_again_at_its_address(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    row = await publish(ann, store, document)
    await publications.withdraw(ann, row.id, "Ett fel.")
    with pytest.raises(Invalid, match="ändrats"):
        await publish(ann, store, document)  # a form from before it was withdrawn
    await publish(ann, store, document, based_on=2)
    async with browser() as http:
        assert (await http.get(PUBLIC)).status_code == 200
    (now,) = await rows("publication")
    assert (now["id"], now["reason"], now["withdrawn_at"]) == (row.id, "", None)


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("gus", 403), ("charlie", 404)])
async def test_nobody_but_a_coordinator_withdraws_or_sees_the_networks_list(
    world: World, browser: Opened, ann: Inside, store: Store, who: str, status: int
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    base = f"/n/{world.network.slug}/publications"
    async with browser(world[who]) as http:
        assert (await http.get(base)).status_code == status
        assert (await http.get(f"{base}/{row.id}/withdrawal")).status_code == status
        assert (await http.post(f"{base}/{row.id}/withdrawal")).status_code == status
        assert (await http.get(PUBLIC)).status_code == 200


async def test_a_publication_of_another_network_is_not_there(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    async with browser(world["charlie"]) as http:
        there = f"/n/{world.elsewhere.slug}/publications/{row.id}/withdrawal"
        assert (await http.get(there)).status_code == 404
        assert (await http.post(there)).status_code == 404


async def test_what_is_public_of_an_archived_network_stays_so_until_it_is_withdrawn(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    await networks.change_network(ann, name="Boendestöd", description="", archived=True)
    async with browser() as http, browser(world["ann"]) as hers:
        assert (await http.get(PUBLIC)).status_code == 200
        base = f"/n/{world.network.slug}/publications"
        assert (await hers.get(base)).status_code == 200
        answer = await hers.post(f"{base}/{row.id}/withdrawal", data={"reason": ""})
        assert answer.status_code == 303
        assert (await http.get(PUBLIC)).status_code == 410


async def test_what_is_public_of_a_document_in_the_trash_stays_so_until_it_is_withdrawn(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    row = await publish(ann, store, document)
    await trash.put_document(ann, document.id)
    async with browser() as http, browser(world["ann"]) as hers:
        assert (await http.get(PUBLIC)).status_code == 200
        page = Page(await hers.get(f"/n/{world.network.slug}/publications"))
        assert not any("/documents/" in href and "publication" in href for href in page.hrefs)
        await publications.withdraw(ann, row.id, "")
        assert (await http.get(PUBLIC)).status_code == 410


async def test_a_reason_with_a_personnummer_is_refused(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    there = f"/n/{world.network.slug}/publications/{row.id}/withdrawal"
    async with browser(world["ann"]) as http:
        page = Page(await http.post(there, data={"reason": "Om 640823-3234"}))
        assert (page.status, list(page.errors)) == (422, ["reason"])


# --- Nothing leaks


async def test_no_anonymous_question_touches_more_than_what_is_public(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    async with browser() as http:
        with counted() as asked:
            for there in (
                PUBLIC,
                FILE,
                "/publikationer",
                "/publikationer?q=barn&owner=1",
                f"/publikationer?before={SLUG}&language=sv",
                "/publikationer/none",
            ):
                await http.get(there)  # fmt: skip
    assert len(asked) >= 8
    private = {
        "network_id", "network", "document", "document_id", "folder", "thread", "person",
        "person_id", "membership", "version v", "rendition",
    }  # fmt: skip
    for sql in asked:
        said = sql.replace("p.version", "").replace("version = ", "").lower()
        tables = {part.split()[0] for part in said.replace("join", "from").split("from ")[1:]}
        # Of a blob only its size is asked, by the digest that the publication has.
        assert tables <= {"publication", "organisation", "blob"}, sql
        assert not any(f"{word} " in f"{said} " or f".{word}" in said for word in private), sql


async def test_the_names_of_the_network_its_documents_and_people_are_nowhere(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await networks.change_network(
        ann, name="Hemligt nätverk", description="Hemligt", archived=False
    )
    document = await adopted(ann, store, "Hemligt namn på filen.txt")
    row = await publish(ann, store, document)
    secrets = ["hemlig", world.network.slug, world["ann"].name, "ann@", document.adopted_digest]
    async with browser() as http:
        for there in (PUBLIC, FILE, "/publikationer", "/publikationer?q=barn"):
            answer = await http.get(there)
            shown = f"{answer.headers}{answer.text}".casefold()
            assert [one for one in secrets if str(one).casefold() in shown] == [], there
        await publications.withdraw(ann, row.id, "")
        shown = (await http.get(PUBLIC)).text.casefold()
        assert [one for one in secrets if str(one).casefold() in shown] == []


# --- Kept by others


async def test_what_is_public_may_be_kept_a_minute_and_what_is_anybodys_own_not(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    async with browser() as http, browser(world["bob"]) as his:
        for there in (PUBLIC, "/publikationer", FILE):
            first = await http.get(there)
            assert first.headers["cache-control"] == "public, max-age=60"
            tag = first.headers["etag"]
            again = await http.get(there, headers={"If-None-Match": tag})
            assert again.status_code == 304
        for there in (PUBLIC, "/publikationer"):
            assert "Cookie" in (await http.get(there)).headers["vary"]
            hers = await his.get(there)
            assert hers.headers["cache-control"] == "private, no-cache"
            assert hers.headers["etag"] != (await http.get(there)).headers["etag"]
        for there in ("/publikationer/none", f"{PUBLIC}x/fil"):
            assert (await http.get(there)).headers["cache-control"] == "private, no-cache"


async def test_a_page_that_has_become_another_has_another_tag(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    await publish(ann, store, document)
    async with browser() as http:
        tags = [(await http.get(there)).headers["etag"] for there in (PUBLIC, FILE)]
        await publish(ann, store, document, based_on=1, title="Ett annat namn")
        for there, tag in zip((PUBLIC, FILE), tags, strict=True):
            answer = await http.get(there, headers={"If-None-Match": tag})
            assert answer.status_code == 200
        assert "Ett annat namn" in (await http.get("/publikationer")).text


async def test_a_file_that_has_been_altered_is_given_to_nobody(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    row = await publish(ann, store, await adopted(ann, store))
    path = store.shelf.path(row.blob_id)
    assert path is not None
    path.write_bytes(b"Nagot x.")
    async with browser() as http:
        answer = await http.get(FILE)
        assert (answer.status_code, b"Nagot" in answer.content) == (404, False)
        assert (await http.get(PUBLIC)).status_code == 200


async def test_the_page_is_in_the_readers_language_and_its_text_in_its_own(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    async with browser() as http:
        await http.post("/preferences", data={"language": "en", "back": PUBLIC})
        page = Page(await http.get(PUBLIC))
        assert page.one(".//html").get("lang") == "en"
        assert page.one(".//article").get("lang") == "sv"
        assert "LanguageSwedish" in words(page.one(".//article"))


# --- The list


async def titles(http: httpx.AsyncClient, query: str = "") -> list[str]:
    page = Page(await http.get(f"/publikationer{query}"))
    return [words(one) for one in page.all(".//main//h2")]


async def test_what_is_looked_for_is_found_in_title_summary_owner_and_text(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store, text=f"{TEXT}\nEtt café på Åsen."))
    other = await adopted(ann, store, "Annat.txt", b"Annat.", text="Asen heter något annat.")
    await publish(ann, store, other, slug="annat", title="Annat", summary="Om annat.")
    async with browser() as http:
        assert await titles(http) == ["Annat", TITLE]
        for query in ("MÖTER", "funktionsneds", "barnets höjd", "CAFÉ", "cafe", "åsen aneby"):
            assert await titles(http, f"?q={query}") == [TITLE], query
        assert await titles(http, "?q=asen") == ["Annat"]
        for query in ("%25", "_", "finns+inte", "barn+finnsinte"):
            found = await titles(http, f"?q={query}")
            assert found == (["Annat", TITLE] if query in {"%25", "_"} else []), query


async def test_the_list_goes_on_from_page_to_page(
    world: World, browser: Opened, ann: Inside, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.publications.ON_A_PAGE", 2)
    for number in range(5):
        one = await adopted(ann, store, f"{number}.txt", b"%d" % number)
        await publish(ann, store, one, slug=f"nr-{number}", title=f"Nummer {number}")
    async with browser() as http:
        found, there = [], "/publikationer?q=nummer"
        while there:
            page = Page(await http.get(there))
            found += [words(one) for one in page.all(".//main//h2")]
            older = [one for one in page.root.iter("a") if one.get("rel") == "next"]
            there = older[0].attrib["href"] if older else ""
        assert found == [f"Nummer {number}" for number in (4, 3, 2, 1, 0)]


async def test_the_list_can_be_narrowed_by_owner_and_language(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    await publish(ann, store, await adopted(ann, store))
    other = await adopted(ann, store, "Annat.txt", b"Annat.")
    await publish(ann, store, other, slug="annat", title="Annat", owner_id=2, language="en")
    async with browser() as http:
        assert await titles(http, "?owner=2") == ["Annat"]
        assert await titles(http, "?language=sv") == [TITLE]
        assert await titles(http, "?language=xx&owner=x") == ["Annat", TITLE]


async def test_only_so_many_search_at_once(
    world: World, browser: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.publications.AT_ONCE", 0)
    async with browser() as http:
        answer = await http.get("/publikationer?q=barn")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await http.get("/publikationer")).status_code == 200


# --- The copy


async def test_a_copy_that_the_sweep_has_taken_is_made_anew(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    found = await publications.candidate(ann, document.id)
    page = await page_of(ann, found.version, ann.person.language)
    copy = await copy_of(ann, store, found.version, page, TITLE)
    gone = replace(copy, digest="0" * 64)
    with pytest.raises(Invalid, match="ändrats"):
        await publications.publish(ann, wording(ann), gone, page, based_on=0)


async def test_the_documents_page_leads_to_publishing_and_says_what_is_public(
    world: World, browser: Opened, ann: Inside, store: Store
) -> None:
    document = await adopted(ann, store)
    there = f"/n/{world.network.slug}/documents/{document.id}"
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        assert f"{there}/publication" in Page(await hers.get(there)).hrefs
        assert f"{there}/publication" not in Page(await his.get(there)).hrefs
        await publish(ann, store, document)
        for http in (hers, his):
            page = Page(await http.get(there))
            assert "Version 1 är publicerad för alla." in words(page.root)
            assert PUBLIC in page.hrefs
        await revised(ann, store, document, b"Annat.")
        await adoptions.adopt(ann, document.id, 2)
        assert "Publicera den i stället" in words(Page(await hers.get(there)).root)
        assert "Publicera den i stället" not in words(Page(await his.get(there)).root)
