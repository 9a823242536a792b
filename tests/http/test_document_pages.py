"""A document's page: what holds, who works on it, and versions handed in and fetched."""

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from forum import adoptions, check_outs, versions, weedings
from forum.filing import Described
from forum.settings import Settings
from storage import clock, door
from storage.blobs import Store
from storage.documents import Document, DocumentKind
from storage.door import Inside
from tests.filing import filed, revised
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, rows
from tests.world import World

NOTES = Described(
    kind=DocumentKind.MEETING_NOTES,
    term="2026-1",
    description="Det vi kom fram till.",
    record_number="RJL 2026/412",
)


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


@pytest.fixture
async def ann(world: World) -> Inside:
    return await enter(world, "ann")


@pytest.fixture
async def bob(world: World) -> Inside:
    return await enter(world, "bob")


@pytest.fixture
async def document(bob: Inside, store: Store) -> Document:
    """Bob's, with two versions."""
    made = await filed(bob, store, "Anteckningar 14 mars på Åsen.txt", b"ett", described=NOTES)
    await revised(bob, store, made, b"tre")
    return made


def here(world: World, document: Document) -> str:
    return f"/n/{world.network.slug}/documents/{document.id}"


async def page(http: httpx.AsyncClient, address: str) -> Page:
    answer = await http.get(address)
    assert answer.status_code == 200, answer.text
    return Page(answer)


async def said(http: httpx.AsyncClient, address: str) -> str:
    return words((await page(http, address)).root)


async def test_the_page_says_what_it_is_and_who_saved_it(
    world: World, browser: Browsers, document: Document
) -> None:
    async with browser(world["gus"]) as http:
        shown = await said(http, here(world, document))
    assert "Anteckningar 14 mars på Åsen" in shown
    for word in ("Version 2", "Bob Berg", "vt 2026", "RJL 2026/412", "Det vi kom fram till."):
        assert word in shown
    assert "Mötesanteckningar" in shown
    assert "Lämna in ny version" not in shown, "a guest reads"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (DocumentKind.MEETING_NOTES, "Fastställda"),
        (DocumentKind.MEETING_NOTICE, "Fastställd"),
        (DocumentKind.BACKGROUND, "Fastställt"),
    ],
)
async def test_what_is_adopted_is_said_in_the_gender_of_its_kind(
    world: World, browser: Browsers, ann: Inside, store: Store, kind: DocumentKind, word: str
) -> None:
    made = await filed(ann, store, described=Described(kind=kind))
    await adoptions.adopt(ann, made.id, 1)
    async with browser(world["bob"]) as http:
        stamps = [words(one) for one in (await page(http, here(world, made))).all(".//span")]
    assert word in stamps


async def test_a_later_draft_is_told_of_and_the_adopted_one_stays_current(
    world: World, browser: Browsers, ann: Inside, bob: Inside, store: Store, document: Document
) -> None:
    await adoptions.adopt(ann, document.id, 2)
    await revised(bob, store, document, b"fyra")
    async with browser(world["gus"]) as http:
        current = await page(http, here(world, document))
        assert "Version 2, " in words(current.root)
        assert "Det finns ett senare utkast, version 3." in words(current.root)
        assert f"{here(world, document)}/versions/3" in current.hrefs
        draft = await said(http, f"{here(world, document)}/versions/3")
    assert "Version 2 är fastställd och gäller." in draft


async def test_what_is_not_what_was_adopted_is_not_called_so(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    await adoptions.adopt(ann, document.id, 2)
    await change("document", document.id, adopted_digest="0" * 64)
    async with browser(world["gus"]) as http:
        shown = await said(http, here(world, document))
    assert "Inte det som fastställdes" in shown
    assert "Lita inte på den" in shown


async def test_a_version_is_saved_under_the_documents_name(
    world: World, browser: Browsers, document: Document
) -> None:
    name = "Anteckningar 14 mars på Åsen.txt"
    address = f"{here(world, document)}/versions/2/file/{quote(name)}"
    async with browser(world["gus"]) as http:
        assert address in (await page(http, here(world, document))).hrefs
        answer = await http.get(address)
        part = await http.get(address, headers={"Range": "bytes=1-"})
        same = await http.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert answer.content == b"tre"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=UTF-8''{quote(name)}" in disposition
    assert (part.status_code, part.content) == (206, b"re")
    assert same.status_code == 304


async def test_no_answer_tells_a_digest(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    await adoptions.adopt(ann, document.id, 2)
    digests = [str(one["digest"]) for one in await rows_of_blobs()]
    there = here(world, document)
    async with browser(world["ann"]) as http:
        for address in (there, f"{there}/versions/1", f"{there}/versions/2/file/x",
                        f"{there}/versions/2/acts"):  # fmt: skip
            answer = await http.get(address)
            told = f"{answer.headers}{answer.text}"
            assert not [one for one in digests if one in told or one[:16] in told], address


async def rows_of_blobs() -> list[dict[str, object]]:
    return [{"digest": one["blob_id"]} for one in await rows("version")]


async def hand_in(
    http: httpx.AsyncClient, there: str, content: bytes, **values: str
) -> httpx.Response:
    form = Page(await http.get(f"{there}/versions/new")).form(f"{there}/versions")
    return await form.send(http, ("Anteckningar (1).txt", content), **values)


async def test_a_version_is_handed_in_with_its_note(
    world: World, browser: Browsers, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as http:
        answer = await hand_in(http, there, b"fyra", note="Siffrorna rättade")
        assert (answer.status_code, answer.headers["location"]) == (303, there)
        shown = await said(http, there)
    assert "Din version är inlämnad." in shown
    assert "Siffrorna rättade" in shown
    (*_, third) = await rows("version", document_id=document.id)
    assert (third["number"], third["person_id"]) == (3, world["ann"].id)
    assert await rows("arrival") == []


async def test_the_same_file_again_makes_no_version_and_that_is_said(
    world: World, browser: Browsers, document: Document
) -> None:
    async with browser(world["ann"]) as http:
        await hand_in(http, here(world, document), b"tre")
        shown = await said(http, here(world, document))
    assert "så det blev ingen ny" in shown
    assert len(await rows("version", document_id=document.id)) == 2


async def test_without_a_file_the_form_comes_back_with_the_note(
    world: World, browser: Browsers, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{there}/versions/new")).form(f"{there}/versions")
        answer = await form.send(http, note="Nästan")
        again = Page(answer)
    assert answer.status_code == 422
    assert again.form(f"{there}/versions").values["note"] == "Nästan"


async def test_who_was_too_late_is_told_who_made_which_version_and_where_hers_is(
    world: World, browser: Browsers, bob: Inside, store: Store, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as http:
        await revised(bob, store, document, b"Bobs", based_on=2)
        answer = await hand_in(http, there, b"Anns", based_on="2")
        assert answer.status_code == 409
        shown = words(Page(answer).root)
        for word in ("Version 3", "Bob Berg", "Inget är borta", "(Ann Alm).txt"):
            assert word in shown
        (beside,) = [one for one in await rows("document") if one["id"] != document.id]
        assert len(await rows("version", document_id=document.id)) == 3
        assert f"/n/{world.network.slug}/documents/{beside['id']}" in Page(answer).hrefs

        took = await Page(answer).form(f"{there}/versions").send(http)
        assert took.status_code == 303
    (*_, fourth) = await rows("version", document_id=document.id)
    assert (fourth["number"], fourth["person_id"]) == (4, world["ann"].id)
    (gone,) = await rows("document", id=beside["id"])
    assert gone["trash_id"] is not None


async def test_who_takes_over_is_asked_again_when_somebody_else_was_faster(
    world: World, browser: Browsers, bob: Inside, store: Store, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as http:
        await revised(bob, store, document, b"Bobs", based_on=2)
        answer = await hand_in(http, there, b"Anns", based_on="2")
        await revised(bob, store, document, b"Bobs igen", based_on=3)
        again = await Page(answer).form(f"{there}/versions").send(http)
        assert again.status_code == 409
    assert len(await rows("document")) == 2
    assert len(await rows("version", document_id=document.id)) == 4


async def test_who_works_on_it_hands_in_what_she_began_from(
    world: World, browser: Browsers, ann: Inside, bob: Inside, store: Store, document: Document
) -> None:
    await check_outs.begin(ann, document.id)
    await change("version", 1, created_at=clock.now() - timedelta(hours=2))
    await revised(bob, store, document, b"Bobs")
    there = f"{here(world, document)}/versions/new"
    async with browser(world["ann"]) as hers, browser(world["gus"]) as guests:
        form = Page(await hers.get(there)).form(f"{here(world, document)}/versions")
        assert form.values["based_on"] == "2"
        assert (await guests.get(there)).status_code == 403


async def test_fetching_to_edit_hands_over_the_file_and_tells_the_others(
    world: World, browser: Browsers, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        answer = await hers.post(f"{there}/editing", data={"editing": "fetch"})
        assert answer.status_code == 303
        assert (await hers.get(answer.headers["location"])).content == b"tre"
        assert "Du redigerar dokumentet sedan" in await said(hers, there)
        others = await said(his, there)
        assert "Ann Alm redigerar dokumentet sedan" in others
        assert "Hämta och redigera" not in others
        refused = await his.post(f"{there}/editing", data={"editing": "fetch"})
        assert refused.status_code == 422
        assert (await his.post(f"{there}/editing", data={"editing": "done"})).status_code == 403
        await hers.post(f"{there}/editing", data={"editing": "done"})
        assert "redigerar dokumentet" not in await said(his, there)


async def test_time_to_work_on_it_is_over_by_itself_also_on_a_page_that_was_kept(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    await check_outs.begin(ann, document.id)
    there = here(world, document)
    async with browser(world["bob"]) as his:
        for _ in range(3):
            assert "redigerar dokumentet" in await said(his, there)
        await change("document", document.id, edited_until_at=clock.now() - timedelta(minutes=1))
        assert "redigerar dokumentet" not in await said(his, there)


async def test_what_is_said_of_it_is_changed_and_the_ending_stays(
    world: World, browser: Browsers, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{there}/edit")).form(f"{there}/edit")
        assert form.values["name"] == "Anteckningar 14 mars på Åsen"
        assert form.values["term"] == "2026-1"
        answer = await form.send(
            http, name="Minnesanteckningar", held_on="2026-03-14", keywords="vikarier; LSS"
        )
        assert answer.status_code == 303
        wrong = await form.send(http, name="Fel: namn", held_on="i går")
        assert wrong.status_code == 422
    (row,) = await rows("document")
    assert row["name"] == "Minnesanteckningar.txt"
    assert (str(row["held_on"]), row["keywords"]) == ("2026-03-14", "vikarier, LSS")


async def test_a_version_is_named_and_brought_back(
    world: World, browser: Browsers, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["bob"]) as http:
        acts = Page(await http.get(f"{there}/versions/1/acts"))
        assert (await acts.form(f"{there}/versions/1/restoration").send(http)).status_code == 303
        named = await acts.form(f"{there}/versions/1/label").send(http, label="Till nämnden")
        assert named.status_code == 303
        shown = await said(http, there)
        assert "Till nämnden" in shown
        assert "Version 1, tillbakatagen" in shown
        long = await http.post(f"{there}/versions/1/label", data={"label": "x" * 101})
        assert long.status_code == 422
        # What somebody has named, a coordinator alone may call something else.
        kept = await http.post(f"{there}/versions/1/label", data={"label": ""})
        assert kept.status_code == 403


async def test_a_weeded_version_is_a_line_without_a_file(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    await weedings.weed_version(ann, document.id, 1, "Beslut 2026/7")
    there = here(world, document)
    async with browser(world["ann"]) as http:
        shown = await said(http, there)
        assert "Gallrad" in shown
        assert "gallrat" in await said(http, f"{there}/versions/1")
        for lost in ("file/x.txt", "acts"):
            assert (await http.get(f"{there}/versions/1/{lost}")).status_code == 410


async def test_a_coordinator_adopts_what_she_has_looked_at(
    world: World, browser: Browsers, bob: Inside, store: Store, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        looked_at = Page(await hers.get(there)).form(f"{there}/adoption")
        await revised(bob, store, document, b"fyra")
        late = await hers.post(f"{there}/adoption", data={"adopt": "2"})
        assert late.status_code == 422
        assert looked_at.action == f"{there}/adoption"
        assert (await hers.post(f"{there}/adoption", data={"adopt": "3"})).status_code == 303
        assert (await his.post(f"{there}/adoption", data={"retract": "yes"})).status_code == 403
        assert (await his.post(f"{there}/trash")).status_code == 403
        assert (await hers.post(f"{there}/adoption", data={"retract": "yes"})).status_code == 303
        assert (await his.post(f"{there}/trash")).status_code == 303
        assert (await his.get(there)).status_code == 404


async def test_easy_reading_has_two_ways_on_and_the_text(
    world: World, browser: Browsers, document: Document
) -> None:
    await change("person", world["gus"].id, view="easy")
    async with browser(world["gus"]) as http:
        shown = words((await page(http, here(world, document))).by_id("main"))
    assert "Läs" in shown
    assert "Hämta" in shown
    assert "Versioner" not in shown


async def test_a_page_that_nothing_has_happened_to_is_not_sent_again(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    there = here(world, document)
    async with browser(world["bob"]) as http:
        first = await http.get(there)
        same = {"If-None-Match": first.headers["etag"]}
        assert (await http.get(there, headers=same)).status_code == 304
        await versions.label(ann, document.id, 1, "Till nämnden")
        assert (await http.get(there, headers=same)).status_code == 200
