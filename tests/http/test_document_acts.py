"""What is done with documents by their pages: moved, copied, compared, talked about, weeded."""

import pytest

from forum import folders, trash, worker
from forum.settings import Settings
from storage import door
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from tests.filing import filed, revised
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, row, rows
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


@pytest.fixture
async def document(bob: Inside, store: Store) -> Document:
    """Bob's, with two versions."""
    made = await filed(bob, store, "Anteckningar.txt", b"Vi talade om vikarier i maj.\n")
    await revised(bob, store, made, b"Vi talade om vikarier i juni.\n")
    return made


def base(world: World) -> str:
    return f"/n/{world.network.slug}"


def here(world: World, document: Document) -> str:
    return f"{base(world)}/documents/{document.id}"


async def read_all(chosen: Settings) -> None:
    while await worker.do_one(chosen):
        pass


async def test_a_document_is_moved_into_another_folder_and_stays_the_same(
    world: World, browser: Browsers, bob: Inside, document: Document
) -> None:
    there = await folders.create_folder(bob, document.folder_id, "Möten")
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{here(world, document)}/place")).form(
            f"{here(world, document)}/place"
        )
        assert form.values["folder"] == str(document.folder_id)
        moved = await form.send(http, folder=str(there.id), act="move")
        assert moved.headers["location"] == here(world, document)
        page = Page(await http.get(here(world, document)))
    assert "Möten" in words(page.root)
    assert len(await rows("version", document_id=document.id)) == 2


async def test_a_copy_is_shown_and_a_name_that_is_taken_is_asked_for_anew(
    world: World, browser: Browsers, bob: Inside, store: Store, document: Document
) -> None:
    there = await folders.create_folder(bob, document.folder_id, "Möten")
    await filed(bob, store, document.name, b"annat", there.id)
    address = f"{here(world, document)}/place"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(address)).form(address)
        refused = await form.send(http, folder=str(there.id), act="move")
        assert refused.status_code == 422
        again = Page(refused).form(address)
        assert again.values["name"] == document.name
        assert again.values["folder"] == str(there.id)
        moved = await again.send(http, name="Anteckningar maj.txt", act="move")
        assert moved.status_code == 303
        copied = await form.send(http, folder=str(document.folder_id), act="copy")
        assert copied.headers["location"] == f"{base(world)}/documents/3"
        assert (await http.post(address, data={"folder": "999"})).status_code == 404


async def test_two_versions_are_compared_word_by_word(
    world: World, browser: Browsers, document: Document, chosen: Settings
) -> None:
    address = f"{here(world, document)}/comparison?from=1&to=2"
    async with browser(world["gus"]) as http:
        assert "inte inläst än" in words(Page(await http.get(address)).root)
        await read_all(chosen)
        page = Page(await http.get(address))
        assert "maj" in " ".join(words(one) for one in page.root.iter("del"))
        assert "juni" in " ".join(words(one) for one in page.root.iter("ins"))
        same = await http.get(address.replace("to=2", "to=1"))
        assert "Det är samma version" in same.text
        for wrong in ("to=9", "to=x", "to="):
            assert (await http.get(address.replace("to=2", wrong))).status_code == 404
        form = Page(await http.get(here(world, document))).by_id("compare")
        assert form.get("action") == f"{here(world, document)}/comparison"
        chosen_ones = [
            (one.get("name"), one.get("value"))
            for one in Page(await http.get(here(world, document))).root.iter("input")
            if one.get("form") == "compare" and "checked" in one.attrib
        ]
    assert sorted(chosen_ones) == [("from", "1"), ("to", "2")]


async def test_what_was_kept_beside_is_compared_with_the_document(
    world: World,
    browser: Browsers,
    bob: Inside,
    store: Store,
    document: Document,
    chosen: Settings,
) -> None:
    beside = await filed(bob, store, "Anteckningar (Bob).txt", b"Vi talade om vikarier i mars.\n")
    await read_all(chosen)
    address = f"{here(world, document)}/comparison?from=2&beside={beside.id}"
    async with browser(world["ann"]) as http, browser(world["charlie"]) as strangers:
        page = Page(await http.get(address))
        assert "mars" in " ".join(words(one) for one in page.root.iter("ins"))
        assert (await strangers.get(address)).status_code == 404


async def test_a_thread_is_begun_about_a_document_and_both_lead_to_each_other(
    world: World, browser: Browsers, document: Document
) -> None:
    address = f"{here(world, document)}/thread"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(address)).forms(address)[0]
        refused = await form.send(http, title="", body="")
        assert refused.status_code == 422
        begun = await form.send(
            http, title="Stämmer siffrorna?", area=str(world.area_id), body="Vi undrar."
        )
        assert begun.status_code == 303
        thread = Page(await http.get(begun.headers["location"]))
        assert here(world, document) in thread.hrefs
        shown = Page(await http.get(here(world, document)))
        assert begun.headers["location"] in shown.hrefs
        assert "Stämmer siffrorna?" in words(shown.root)


async def test_a_thread_that_there_is_can_be_shown_with_a_document_if_it_is_of_this_network(
    world: World, browser: Browsers, document: Document
) -> None:
    address = f"{here(world, document)}/thread"
    async with browser(world["bob"]) as http:
        for wrong in ("/n/annat-natverk/threads/1", f"{base(world)}/threads/999", "x"):
            refused = await http.post(address, data={"address": wrong})
            assert refused.status_code == 422, wrong
        right = f"http://127.0.0.1:8000{base(world)}/threads/{world.thread.id}?page=1#post-2"
        assert (await http.post(address, data={"address": right})).status_code == 303
        assert (await row("document"))["thread_id"] == world.thread.id
        assert (await http.post(address, data={"address": ""})).status_code == 303
    assert (await row("document"))["thread_id"] is None


async def test_what_is_in_the_trash_is_brought_back_from_there(
    world: World, browser: Browsers, document: Document
) -> None:
    async with browser(world["bob"]) as his, browser(world["gus"]) as guests:
        await his.post(f"{here(world, document)}/trash")
        page = Page(await his.get(f"{base(world)}/trash"))
        assert "Anteckningar.txt" in words(page.root)
        assert "Gallrat" not in words(page.by_id("main"))
        assert (await guests.get(f"{base(world)}/trash")).status_code == 403
        back = await page.form(f"{base(world)}/trash/1/restoration").send(his)
        assert back.headers["location"] == here(world, document)
        assert "Papperskorgen är tom." in (await his.get(f"{base(world)}/trash")).text


async def test_what_is_deleted_for_good_has_a_reason_in_the_log(
    world: World, browser: Browsers, ann: Inside, document: Document
) -> None:
    await trash.put_document(ann, document.id)
    address = f"{base(world)}/trash/1/weeding"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(address)).form(address)
        assert (await form.send(http, reason="")).status_code == 422
        assert (await form.send(http, reason="Beslut 2026/7")).status_code == 303
        shown = words(Page(await http.get(f"{base(world)}/trash")).by_id("main"))
        assert "Beslut 2026/7" in shown
        assert "Ann Alm" in shown
        assert (await http.get(address)).status_code == 404
    assert await rows("document") == []


async def test_a_version_is_weeded_with_a_reason_and_the_current_one_is_not(
    world: World, browser: Browsers, document: Document
) -> None:
    async with browser(world["ann"]) as http:
        old, current = (f"{here(world, document)}/versions/{one}/weeding" for one in (1, 2))
        refused = await http.post(current, data={"reason": "Beslut 2026/7"})
        assert refused.status_code == 422
        form = Page(await http.get(old)).form(old)
        assert (await form.send(http, reason="Beslut 2026/7")).status_code == 303
        assert (await http.get(old)).status_code == 410
    assert (await rows("version"))[0]["blob_id"] is None


async def test_coordinators_see_what_cannot_be_searched_in_and_what_tells_of_a_person(
    world: World, browser: Browsers, bob: Inside, store: Store, chosen: Settings
) -> None:
    await filed(bob, store, "Trasig.pdf", b"%PDF-1.7 och inget mer")
    named = await filed(bob, store, "Lista.txt", b"Anna, 640823-3234\n")
    await revised(bob, store, named, b"Anna\n")
    await filed(bob, store, "Bra.txt", b"Inget att se\n")
    await read_all(chosen)
    address = f"{base(world)}/documents/unsearchable"
    async with browser(world["ann"]) as hers, browser(world["bob"]) as his:
        page = Page(await hers.get(address))
        assert (await his.get(address)).status_code == 403
    assert "Bra.txt" not in words(page.root)
    links = [one for one in page.hrefs if "/versions/" in one]
    assert links == [f"{here(world, named)}/versions/1", f"{base(world)}/documents/1/versions/1"]


async def test_an_archived_networks_documents_can_be_read_and_not_changed(
    world: World, browser: Browsers, document: Document
) -> None:
    await change("network", world.network.id, state="archived")
    async with browser(world["ann"]) as http:
        page = Page(await http.get(here(world, document)))
        assert page.actions() == [f"{here(world, document)}/comparison"]
        assert (await http.get(f"{base(world)}/trash")).status_code == 200
        for act in ("editing", "trash", "adoption", "versions/1/restoration"):
            assert (await http.post(f"{here(world, document)}/{act}")).status_code == 403, act
