"""Folders as pages: what lies in them, what is put there, and what is asked of it."""

import io
import zipfile

import httpx
import pytest

from forum import adoptions, check_outs, discussions, folders, trash, unpackings, uploads, worker
from forum.filing import Described
from forum.language import gettext as _
from forum.settings import Settings
from storage import clock, door
from storage.blobs import Store
from storage.documents import DocumentKind
from storage.door import Inside
from tests.files import sent
from tests.filing import filed, revised, zipped
from tests.http.pages import Form, Page, words
from tests.http.records import Browsers, change, row, rows
from tests.multipart import Upload
from tests.world import World


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


def here(world: World) -> str:
    return f"/n/{world.network.slug}/documents"


def text(page: Page) -> str:
    return words(page.root)


async def shown(http: httpx.AsyncClient, address: str) -> Page:
    answer = await http.get(address)
    assert answer.status_code == 200, answer.text
    return Page(answer)


async def bring(
    http: httpx.AsyncClient, address: str, *files: Upload, **said: str
) -> httpx.Response:
    """Send files with the folder's form."""
    return await form_of(await shown(http, address), "files").send(http, *files, **said)


def form_of(page: Page, noun: str) -> Form:
    """Return the page's form that makes this."""
    [action] = [one for one in page.actions() if one.endswith(f"/{noun}")]
    return page.form(action)


async def test_a_folder_tells_of_each_document_what_one_looks_for(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    notes = Described(DocumentKind.MEETING_NOTES, "2026-1")
    document = await filed(bob, store, "Anteckningar 14 mars.docx", b"x", described=notes)
    await adoptions.adopt(ann, document.id, 1)
    async with browser(world["gus"]) as http:
        seen = text(await shown(http, here(world)))
    for part in ("Anteckningar 14 mars", "Word", "Bob Berg, Habo", "vt 2026", "Fastställda"):
        assert part in seen, part


async def test_a_guest_is_offered_nothing_that_she_may_not_do(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    document = await filed(bob, store)
    async with browser(world["gus"]) as http:
        page = await shown(http, here(world))
        assert [one for one in page.actions() if "/folders/" in one] == []
        sent = await http.post(
            f"/n/{world.network.slug}/folders/{document.folder_id}/folders", data={"name": "Min"}
        )
        assert sent.status_code == 403


async def test_several_files_are_put_into_a_folder_at_once(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        answer = await bring(
            http,
            here(world),
            ("Kallelse 3 april 2026.docx", b"one"),
            ("Åtgärder.pdf", b"two"),
        )
        assert (answer.status_code, answer.headers["location"]) == (303, here(world))
        seen = text(await shown(http, here(world)))
    assert "Kallelse 3 april 2026" in seen
    found = {one["name"]: one for one in await rows("document")}
    notice = found["Kallelse 3 april 2026.docx"]
    assert (notice["kind"], notice["term"]) == ("meeting_notice", "2026-1")
    assert str(notice["held_on"]) == "2026-04-03"
    assert found["Åtgärder.pdf"]["kind"] == "other"
    assert await rows("arrival") == []


async def test_what_somebody_sends_is_a_document_even_if_programs_use_such_names(
    world: World, browser: Browsers
) -> None:
    names = ("Budget.tmp", "~$Kallelse.docx", "1A2B3C00")
    async with browser(world["bob"]) as http:
        await bring(http, here(world), *((name, name.encode()) for name in names))
        seen = text(await shown(http, here(world)))
    for name in ("Budget", "~$Kallelse", "1A2B3C00"):
        assert name in seen, name
    assert [one for one in await rows("document") if one["scratch"]] == []


async def test_a_name_that_is_there_already_asks_whether_it_is_a_new_version(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    document = await filed(bob, store, "Riktlinje.docx", b"one")
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world), ("Riktlinje (1).docx", b"two"), ("Ny.txt", b"new"))
        assert answer.headers["location"].endswith("/placements")
        page = await shown(http, answer.headers["location"])
        assert _("New version of %(document)s") % {"document": "Riktlinje.docx"} in text(page)
        form = form_of(page, "placements")
        done = await form.send(http)
        assert done.headers["location"] == here(world)
    assert [one["number"] for one in await rows("version", document_id=document.id)] == [1, 2]
    assert {one["name"] for one in await rows("document")} == {"Riktlinje.docx", "Ny.txt"}


async def test_the_choice_of_each_file_is_taken(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    await filed(bob, store, "Riktlinje.docx", b"one")
    await filed(bob, store, "Mall.docx", b"one")
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world), ("Riktlinje.docx", b"2"), ("Mall v2.docx", b"3"))
        page = await shown(http, answer.headers["location"])
        first, second = await rows("arrival")
        form = form_of(page, "placements")
        chosen = {f"choice-{first['id']}": "document", f"choice-{second['id']}": "leave"}
        await form.send(http, **chosen)
    assert {one["name"] for one in await rows("document")} == {
        "Riktlinje.docx", "Riktlinje (2).docx", "Mall.docx",
    }  # fmt: skip
    assert await rows("arrival") == []
    assert len(await rows("version")) == 3


async def test_others_do_not_see_what_waits(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    await filed(bob, store, "Riktlinje.docx", b"one")
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world), ("Riktlinje hemlig (1).docx", b"2"),
                             ("Riktlinje.docx", b"3"))  # fmt: skip
        waiting = answer.headers["location"]
    async with browser(world["ann"]) as http:
        assert (await http.get(waiting)).headers["location"] == here(world)


async def test_a_zip_is_unpacked_and_told_of(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    packed = zipped({"Möten/Kallelse.txt": b"Kom.", "Åtgärder.txt": b"Nu.", "../ut.txt": b"Fel"})
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world), ("Allt.zip", packed))
        page = await shown(http, answer.headers["location"])
        form = form_of(page, "placements")
        done = await form.send(http)
        before = text(await shown(http, done.headers["location"]))
        assert _("You can leave the page: it goes on.") in before
        while await worker.do_one(chosen):
            pass
        seen = text(await shown(http, done.headers["location"]))
    assert "../ut.txt" in seen
    assert _("Its path leads out of the folder.") in seen
    assert {one["name"] for one in await rows("document")} == {"Kallelse.txt", "Åtgärder.txt"}
    assert (await row("unpacking"))["blob_id"] is None
    [folder] = await rows("folder", name="Möten")
    assert len(await rows("document", folder_id=folder["id"])) == 1


async def test_an_unpacking_that_was_cut_off_goes_on_where_it_was(
    world: World, bob: Inside, browser: Browsers, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = zipped({f"{n}.txt": str(n).encode() for n in range(6)})
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world), ("Sex.zip", packed))
        page = await shown(http, answer.headers["location"])
        form = form_of(page, "placements")
        await form.send(http)
    monkeypatch.setattr(unpackings, "STRETCH_SECONDS", -1.0)
    for _time in range(3):
        await worker.do_one(chosen)
    monkeypatch.setattr(unpackings, "STRETCH_SECONDS", 20.0)
    while await worker.do_one(chosen):
        pass
    assert sorted(one["name"] for one in await rows("document")) == [f"{n}.txt" for n in range(6)]


async def test_folders_are_made_renamed_moved_and_put_in_the_trash(
    world: World, bob: Inside, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        page = await shown(http, here(world))
        form = form_of(page, "folders")
        made = await form.send(http, name="Möten")
        await form.send(http, name="2026")
        again = Page(await form.send(http, name="möten"))
        assert again.status == 422
        assert _("There is a folder with this name already.") in text(again)
        meetings, year = [one for one in await rows("folder") if one["parent_id"]]
        edit = await shown(http, f"{made.headers['location']}/edit")
        form = form_of(edit, "edit")
        done = await form.send(http, name="Nätverksmöten", folder=str(year["id"]))
        assert done.status_code == 303
        way = await folders.way(bob, meetings["id"])
        assert [one.name for one in way] == ["", "2026", "Nätverksmöten"]
        form = form_of(edit, "trash")
        await form.send(http)
    assert len(await rows("trash")) == 1
    await trash.restore(bob, (await row("trash"))["id"])


async def test_a_folder_is_fetched_whole_as_a_zip(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    outer = await folders.create_folder(bob, (await folders.root(bob)).id, "Möten")
    inner = await folders.create_folder(bob, outer.id, "2026 vt")
    await folders.create_folder(bob, outer.id, "Tom")
    adopted = await filed(bob, store, "Åtgärder.txt", b"adopted", inner.id)
    await adoptions.adopt(ann, adopted.id, 1)
    await revised(bob, store, adopted, b"a draft")
    gone = await filed(bob, store, "Slängd.txt", b"gone", inner.id)
    await trash.put_document(bob, gone.id)
    await filed(bob, store, "Utanför.txt", b"elsewhere")
    async with browser(world["gus"]) as http:
        answer = await http.get(f"/n/{world.network.slug}/folders/{outer.id}/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["2026 vt/", "2026 vt/Åtgärder.txt", "Tom/"]
        assert archive.read("2026 vt/Åtgärder.txt") == b"adopted"
    assert "filename*=UTF-8''M%C3%B6ten.zip" in answer.headers["content-disposition"]


async def test_what_is_chosen_is_fetched_moved_or_put_in_the_trash(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    documents = [await filed(bob, store, f"{name}.txt", name.encode()) for name in "abc"]
    to = await folders.create_folder(bob, documents[0].folder_id, "Arkiv")
    await filed(bob, store, "b.txt", b"there", to.id)
    first, second, third = [str(one.id) for one in documents]
    async with browser(world["bob"]) as http:
        page = await shown(http, f"{here(world)}?select=yes")
        form = form_of(page, "selection")
        answer = await http.post(form.action, data={"document": [first, third], "act": "zip"})
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.namelist() == ["a.txt", "c.txt"]
        asked = Page(
            await http.post(form.action, data={"document": [first, second], "act": "move"})
        )
        again = Page(await form_of(asked, "selection").send(http, folder=str(to.id)))
        assert "b.txt" in again.errors["folder"]
        assert (await row("document", id=documents[0].id))["folder_id"] == to.id
        await http.post(form.action, data={"document": [second, third], "act": "trash"})
    assert len(await rows("trash")) == 2
    async with browser(world["gus"]) as http:
        assert (
            await http.post(form.action, data={"document": first, "act": "trash"})
        ).status_code == 403


async def test_the_files_of_a_post_are_put_into_a_folder(
    world: World, bob: Inside, store: Store, chosen: Settings, browser: Browsers
) -> None:
    limits = uploads.limits(chosen)
    came = await sent(limits.store, "Samtalskarta 14 mars 2026.pdf", b"map")
    row_ = await uploads.receive(bob, limits, came)
    await discussions.post_reply(bob, world.thread.id, "Se.", "map", files=[row_.id])
    folder = await folders.create_folder(bob, (await folders.root(bob)).id, "AKK")
    thread = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["ann"]) as http:
        [there] = [one for one in (await shown(http, thread)).hrefs if one.endswith("/filing")]
        form = form_of(await shown(http, there), "filing")
        done = await form.send(http, folder=str(folder.id))
        assert done.headers["location"].endswith(f"/folders/{folder.id}")
        none = Page(await form.send(http, attachment="0"))
        assert none.errors == {"files": _("Choose one or more files.")}
    document = await row("document")
    assert (document["name"], document["folder_id"]) == (row_.name, folder.id)
    assert str(document["held_on"]) == "2026-03-14"
    [version] = await rows("version", document_id=document["id"])
    assert version["blob_id"] == row_.blob_id
    async with browser(world["gus"]) as http:
        assert [one for one in (await shown(http, thread)).hrefs if one.endswith("/filing")] == []


async def test_a_form_without_a_file_leaves_none(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    async with browser(world["bob"]) as http:
        answer = await bring(http, here(world))
        assert answer.status_code == 422
    assert list((chosen.data / "blobs").glob("*/*")) == []


async def test_a_check_out_that_ends_by_itself_is_gone_from_the_page(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    document = await filed(bob, store)
    await check_outs.begin(bob, document.id)
    async with browser(world["ann"]) as http:
        page = await http.get(here(world))
        tag = {"If-None-Match": page.headers["etag"]}
        assert (await http.get(here(world), headers=tag)).status_code == 304
        await change("document", document.id, edited_until_at=clock.now())
        assert (await http.get(here(world), headers=tag)).status_code == 200
