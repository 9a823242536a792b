"""Files of posts: sent without a script, posted with the text, and fetched by those who may."""

import asyncio
import re
from urllib.parse import quote, unquote

import httpx
import pytest
from starlette.types import ASGIApp

from forum import attachments, discussions, language, sessions, uploads
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.settings import Settings
from forum.uploads import AT_ONCE, Limits
from storage import clock, door
from storage.attachments import Attachment
from storage.door import Inside
from storage.people import Language, View
from storage.sessions import KeptForm
from tests import films, multipart
from tests.files import SECRET_PLACE, image, sent, telling
from tests.http.pages import Form, Page, words
from tests.http.records import Browsers
from tests.multipart import Upload
from tests.world import World
from web.forms import MAX_FIELDS
from web.multipart import MOST_FILES
from web.stored_files import SANDBOX

MEGABYTE = 1024 * 1024
MAP = ("Åsas karta (2).txt", b"Ett kort om mat.\n")


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def reply_form(http: httpx.AsyncClient, world: World) -> Form:
    return Page(await http.get(here(world))).form(f"{here(world)}/replies")


async def reply_with(http: httpx.AsyncClient, world: World, *files: Upload, **more: str) -> Page:
    """Answer with files and return the thread's page."""
    form = await reply_form(http, world)
    answer = await form.send(http, *files, **{"body": "Se filen.", **more})
    assert answer.status_code == 303, answer.text
    return Page(await http.get(answer.headers["location"]))


def links(page: Page) -> list[str]:
    return [href for href in page.hrefs if "/attachments/" in href]


async def inside_as(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def posted(world: World, chosen: Settings, name: str, content: bytes) -> Attachment:
    """Have Bob post a file without any page."""

    bob = await inside_as(world, "bob")
    limits = uploads.limits(chosen)
    row = await uploads.receive(bob, limits, await sent(limits.store, name, content))
    alts = {row.id: "En karta"}
    await discussions.post_reply(
        bob, world.thread.id, "Så här.", name[:30], files=[row.id], alts=alts
    )
    return await bob.attachments.get(id=row.id)


def address(world: World, attachment: Attachment) -> str:
    return f"/n/{world.network.slug}/attachments/{attachment.id}/{quote(attachment.name)}"


# --- Without a script


async def test_files_are_posted_with_the_text_that_they_belong_to(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        page = await reply_with(http, world, MAP, ("tabell.XLSX", b"x" * 1_449_000))
        post = page.by_id("post-3")
        shown = [words(one) for one in post.iter("a") if "/attachments/" in one.get("href", "")]
        assert shown == ["Åsas karta (2).txt TXT, 1\xa0kB", "tabell.XLSX XLSX, 1,4\xa0MB"]
        answer = await http.get(links(page)[0])
        assert answer.content == MAP[1]
    ann = await inside_as(world, "ann")
    rows = await ann.attachments.all().order_by("position")
    assert [(row.number, row.position) for row in rows] == [(3, 0), (3, 1)]


async def test_a_new_thread_has_files_too(world: World, browser: Browsers) -> None:
    base = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        answer = await form.send(http, MAP, title="Karta", area=str(world.area_id), body="Se här.")
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        assert words(page.by_id("post-1")).count("Åsas karta (2).txt") == 1


async def test_an_image_asks_for_words_and_is_then_a_figure(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        answer = await form.send(http, ("karta.jpg", telling("JPEG", 6)), body="Se bilden.")
        page = Page(answer)
        assert page.status == 422
        (field,) = page.errors
        assert page.errors[field] == _(
            "Describe %(name)s, or say that it needs no description."
        ) % {"name": "karta.jpg"}
        again = page.form(f"{here(world)}/replies")
        assert again.values["body"] == "Se bilden."
        assert field == f"alt-{again.values['attachment']}"
        # Sent again as it is, it asks again.
        assert set(Page(await again.send(http)).errors) == {field}
        answer = await again.send(http, **{field: "  En karta med  tolv bilder "})
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        (figure,) = page.with_class("picture")
        (shown,) = figure.iter("img")
        assert shown.attrib["alt"] == "En karta med tolv bilder"
        assert (shown.attrib["width"], shown.attrib["height"]) == ("40", "60")
        picture = await http.get(shown.attrib["src"])
        assert picture.headers["content-type"] == "image/jpeg"
        assert SECRET_PLACE not in picture.content


async def test_a_film_is_posted_without_where_it_was_recorded(
    world: World, browser: Browsers
) -> None:
    film = films.film(in_moov=films.telling(), followed=SECRET_PLACE)
    async with browser(world["bob"]) as http:
        page = await reply_with(http, world, ("träff.mp4", film))
        answer = await http.get(links(page)[0])
    assert answer.headers["content-type"] == "video/mp4"
    assert len(answer.content) == len(film)
    assert answer.content.count(films.PICTURES) == 2
    assert SECRET_PLACE not in answer.content


async def test_a_film_that_is_not_understood_is_refused_with_advice(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        page = Page(await form.send(http, ("träff.mp4", films.film()[:-9]), body="Se filmen."))
        assert page.status == 422
        assert "träff.mp4" in page.errors["files"]
        assert "MP4" in page.errors["files"]
        assert page.form(f"{here(world)}/replies").values["body"] == "Se filmen."
    bob = await inside_as(world, "bob")
    assert not await bob.my_uploads.all().exists()


async def test_an_image_may_say_that_it_needs_no_words(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        page = Page(await form.send(http, ("streck.png", image()), body="x", upload="yes"))
        assert page.status == 200
        form = page.form(f"{here(world)}/replies")
        form.values[f"plain-{form.values['attachment']}"] = "yes"
        answer = await form.send(http)
        page = Page(await http.get(answer.headers["location"]))
        (shown,) = page.one(".//figure").iter("img")
        assert shown.attrib["alt"] == ""
        assert "streck.png" in words(page.one(".//figure"))


async def test_uploading_and_removing_come_back_with_everything_else(
    world: World, browser: Browsers
) -> None:
    action = f"{here(world)}/replies"
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        page = Page(await form.send(http, MAP, body="Halvvägs", upload="yes"))
        assert page.status == 200
        first = page.form(action)
        page = Page(await first.send(http, ("b.txt", b"b"), body="Mer", upload="yes"))
        rows = page.with_class("uploads")[0].findall("li")
        assert len(rows) == 2
        ids = [one.get("value", "") for one in page.root.iter("input")
               if one.get("name") == "attachment"]  # fmt: skip
        fields = [(name, value) for name, value in page.form(action).values.items()
                  if name != "attachment"]  # fmt: skip
        sent_back = [*fields, *(("attachment", one) for one in ids), ("remove", ids[0])]
        page = Page(await http.post(action, **multipart.body(sent_back)))
        assert page.form(action).values["attachment"] == ids[1]
        assert page.form(action).values["body"] == "Mer"
        bob = await inside_as(world, "bob")
        assert [row.name for row in await bob.my_uploads.all()] == ["b.txt"]
        assert (await page.form(action).send(http)).status_code == 303


async def test_the_same_form_sent_twice_with_its_files_is_one_post(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        places = {
            (await form.send(http, MAP, body="En gång.")).headers["location"] for _n in range(2)
        }
        assert len(places) == 1
        page = Page(await (await reply_form(http, world)).send(http, MAP, upload="yes", body="Två"))
        form = page.form(f"{here(world)}/replies")
        places |= {(await form.send(http)).headers["location"] for _n in range(2)}
        assert len(places) == 2
        # The same words with another file are another post.
        form = await reply_form(http, world)
        for content in (b"1", b"2"):
            places.add((await form.send(http, ("a", content), body="!")).headers["location"])
        assert len(places) == 4


async def test_a_form_without_files_is_the_same_from_both_encodings(
    world: World, browser: Browsers
) -> None:
    text = "Åäö 🌲\r\nrad & <b>två</b> + 100 %\r\n"
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        fields = form.values | {"body": text}
        for number, answer in enumerate(
            (
                await http.post(form.action, data=fields | {"form_key": ""}),
                await http.post(form.action, **multipart.body(fields)),
            )
        ):
            assert answer.headers["location"].endswith(f"#post-{3 + number}")
    bob = await inside_as(world, "bob")
    bodies = [one.body for one in await bob.replies.filter(number__gte=3)]
    assert len(set(bodies)) == 1
    assert len(bodies) == 2


# --- What is wrong with a file


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tom.txt", b"", "tom.txt är tom"),
        ("telefon.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Spara den som JPEG"),
        ("bild.png", b"\x89PNG\r\n\x1a\ntrasig", "trasig"),
        ("bomb.png", image("PNG", (9000, 9000)), "50 megapixel"),
        ("stor.bin", b"x" * (26 * MEGABYTE), "större än 25 MB"),
    ],
    ids=["empty", "heic", "damaged", "bomb", "large"],
)
async def test_what_is_wrong_with_a_file_is_told_and_the_text_is_kept(
    world: World, browser: Browsers, name: str, content: bytes, said: str
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        page = Page(await form.send(http, (name, content), MAP, body="Min text."))
        assert page.status == 422
        assert said in page.errors["files"]
        assert name in page.errors["files"]
        again = page.form(form.action)
        assert again.values["body"] == "Min text."
        # What was well has been kept.
        assert MAP[0] in words(page.with_class("uploads")[0])
        assert (await again.send(http)).status_code == 303


async def test_more_files_than_may_be_sent_at_a_time_are_told_by_name(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        many = [(f"{n}.txt", b"x") for n in range(AT_ONCE + 2)]
        page = Page(await form.send(http, *many, body="Text"))
        assert page.status == 422
        for name in ("10.txt", "11.txt"):
            assert name in page.errors["files"]
        ids = [("attachment", row.get("data-attachment", "")) for row in page.root.iter("li")
               if "data-attachment" in row.attrib]  # fmt: skip
        assert len(ids) == AT_ONCE
        fields = [*((k, v) for k, v in page.form(form.action).values.items()
                    if k != "attachment"), *ids]  # fmt: skip
        page = Page(await http.post(form.action, **multipart.body(fields, ("12.txt", b"x"))))
        assert page.status == 422
        assert str(AT_ONCE) in page.errors["files"]


async def test_a_number_of_a_person_in_a_files_name_stops_it(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        page = Page(await form.send(http, ("121212-1212.pdf", b"x"), body="Text"))
        assert page.status == 422
        assert set(page.errors) == {"files"}
        assert "121212" not in words(page.root)
    assert await (await inside_as(world, "bob")).my_uploads.all().count() == 0


async def test_nobody_fills_the_disk_with_what_is_never_posted(
    world: World, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "WAITING", 2)
    bob, limits = await inside_as(world, "bob"), uploads.limits(chosen)
    for number in range(2):
        await uploads.receive(bob, limits, await sent(limits.store, "a", bytes([number])))
    with pytest.raises(Invalid):
        await uploads.receive(bob, limits, await sent(limits.store, "a", b"x"))
    assert not list((limits.store.folder / "arriving").iterdir())


async def test_nothing_is_left_of_a_request_that_comes_to_nothing(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    folder = uploads.limits(chosen).store.folder
    slug = world.network.slug
    async with browser(world["bob"]) as http, browser(world["charlie"]) as stranger:
        for one, path in (
            (http, f"/n/{slug}/threads/999999/replies"),
            (stranger, f"{here(world)}/replies"),
            (http, "/account/profile"),
        ):
            await one.post(path, **multipart.body({"body": "x", "name": ""}, MAP))
        await http.post(f"{here(world)}/replies", **multipart.body({"body": "\0"}, MAP))
        cut = multipart.body({"body": "x"}, MAP)
        await http.post(f"{here(world)}/replies", content=cut["content"][:-9],
                        headers=cut["headers"])  # fmt: skip
    assert not list((folder / "arriving").glob("*"))


# --- Broken and hostile forms


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (multipart.part("body", b"x" * (MEGABYTE + 1)), 413),
        (b"".join(multipart.part(f"f{n}", b"x") for n in range(MAX_FIELDS + 1)), 400),
        (b"".join(multipart.part("files", b"x", f"{n}") for n in range(MOST_FILES + 1)), 400),
        (multipart.part("other", b"x", "a.txt"), 400),
        (b"--" + multipart.BOUNDARY.encode() + b"\r\n\r\nx\r\n", 400),
        (multipart.part("a", b"x").replace(b"name=", b"nam="), 400),
        (multipart.part("a", b"x").replace(b"form-data", b"form-data" + b"; a=b" * 20_000), 400),
        (multipart.part("a", b"x").replace(b"\r\n\r\n", b"\r\nX: y" * 50 + b"\r\n\r\n"), 400),
        (multipart.part("body", b"\x00"), 400),
        (b"no parts at all", 400),
    ],
    ids=["huge field", "many fields", "many files", "unasked file", "no name", "broken name",
         "long header", "many headers", "nul", "none"],
)  # fmt: skip
async def test_a_form_that_no_browser_sends_is_refused(
    world: World, browser: Browsers, parts: bytes, status: int
) -> None:
    async with browser(world["bob"]) as http:
        answer = await http.post(f"{here(world)}/replies", **multipart.sealed(parts))
        assert answer.status_code == status
    async with browser() as out:
        answer = await out.post(f"{here(world)}/replies", **multipart.sealed(parts))
        assert answer.status_code == status


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7", "idna", "unicode_escape", "x"])
async def test_only_utf_8_is_read(world: World, browser: Browsers, charset: str) -> None:
    form = multipart.body({"body": "x"})
    kind = form["headers"]["Content-Type"]
    async with browser(world["bob"]) as http:
        headers = {"Content-Type": f"{kind}; charset={charset}"}
        answer = await http.post(f"{here(world)}/replies", content=form["content"], headers=headers)
        assert answer.status_code == 400
        headers = {"Content-Type": f"{kind}; charset=UTF-8"}
        answer = await http.post(f"{here(world)}/replies", content=form["content"], headers=headers)
        assert answer.status_code == 303


async def test_more_than_all_files_may_be_is_refused_before_it_is_read(
    world: World, browser: Browsers
) -> None:
    form = multipart.body({"body": "x"}, MAP)
    headers = {**form["headers"], "Content-Length": str(260 * MEGABYTE)}
    async with browser(world["bob"]) as http:
        answer = await http.post(f"{here(world)}/replies", content=form["content"], headers=headers)
        assert answer.status_code == 413
        assert "25 MB" in answer.text
        # Elsewhere the small limit holds, whatever the form is.
        for path in ("/preferences", f"/n/{world.network.slug}/previews"):
            body = multipart.body({"body": "x" * 2 * MEGABYTE})
            assert (await http.post(path, **body)).status_code in {400, 413}


# --- Who is logged out


async def test_who_is_logged_out_keeps_the_text_and_is_told_which_files_are_lost(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    bob = world["bob"]
    async with browser(bob) as http:
        form = await reply_form(http, world)
        first = await form.send(http, ("kvar.txt", b"x"), body="Min text.", upload="yes")
        form = Page(first).form(form.action)
        await sessions.end_all(bob)
        answer = await form.send(http, MAP, upload="yes")
        assert answer.headers["location"].startswith("/login?kept=")
        assert not list((uploads.limits(chosen).store.folder / "arriving").iterdir())
        kept = answer.headers["location"].partition("=")[2]
        token = await sessions.start(bob, "", remember=False)
        http.cookies.set("samverkan", token, domain="127.0.0.1")
        page = Page(await http.get(f"/kept/{kept}"))
        assert MAP[0] in words(page.one(".//main"))
        again = page.form(form.action)
        assert set(again.values) >= {"kept", "attachment", "body", "form_key"}
        assert not set(again.values) & {"upload", "lost-file"}
        # What had been uploaded before is posted with it.
        answer = await again.send(http)
        assert answer.status_code == 303
        assert len(links(Page(await http.get(answer.headers["location"])))) == 1
    assert await KeptForm.all().count() == 0


# --- By a script


async def test_a_script_gets_items_for_its_list(world: World, browser: Browsers) -> None:
    there = f"/n/{world.network.slug}/attachments"
    async with browser(world["gus"]) as http:
        answer = await http.post(there, **multipart.body({}, MAP, ("k.png", image())))
        page = Page(answer)
        assert page.status == 200
        assert len(page.all(".//li")) == 2
        assert len([one for one in page.root.iter("input") if "alt-" in one.get("id", "")]) == 1
        for files, said in (((), "Välj en fil"), ((("tom", b""),), "tom är tom")):
            page = Page(await http.post(there, **multipart.body({}, *files)))
            assert page.status == 422
            assert said in words(page.root)
    assert len(await (await inside_as(world, "gus")).my_uploads.all()) == 2


async def test_only_ones_own_unposted_file_can_be_removed(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    bob, limits = await inside_as(world, "bob"), uploads.limits(chosen)
    mine = await uploads.receive(bob, limits, await sent(limits.store, "b", b"b"))
    base = f"/n/{world.network.slug}/attachments"
    script = {"X-Fragment": "none"}
    async with browser(world["bob"]) as http, browser(world["ann"]) as ann:
        assert (await http.post(f"{base}/{row.id}/removal", headers=script)).status_code == 404
        assert (await ann.post(f"{base}/{mine.id}/removal", headers=script)).status_code == 404
        assert (await http.post(f"{base}/{mine.id}/removal", headers=script)).status_code == 204
        assert (await http.post(f"{base}/{mine.id}/removal")).status_code == 404
    assert await bob.my_uploads.all().count() == 0


async def test_nobody_posts_what_another_has_uploaded_or_what_is_elsewhere(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    limits = uploads.limits(chosen)
    ann = await inside_as(world, "ann")
    hers = await uploads.receive(ann, limits, await sent(limits.store, "a", b"a"))
    elsewhere = await door.enter(world["charlie"], world.elsewhere.slug)
    away = await uploads.receive(elsewhere, limits, await sent(limits.store, "b", b"b"))
    async with browser(world["bob"]) as http:
        for one in (hers.id, away.id, 999_999):
            form = await reply_form(http, world)
            answer = await form.send(http, body=f"Nu {one}", attachment=str(one))
            assert answer.status_code == 303
            assert links(Page(await http.get(answer.headers["location"]))) == []
    bob = await inside_as(world, "bob")
    for one in (hers.id, away.id):
        with pytest.raises(Invalid):
            await attachments.attach(bob, world.thread.id, 1, [one], {})
    assert (await ann.my_uploads.get(id=hers.id)).thread_id is None


async def test_what_a_post_has_can_be_changed_kept_and_let_go(
    world: World, chosen: Settings
) -> None:
    first = await posted(world, chosen, "a.png", image())
    bob, limits = await inside_as(world, "bob"), uploads.limits(chosen)
    more = await uploads.receive(bob, limits, await sent(limits.store, "b", b"b"))
    await attachments.attach(bob, world.thread.id, 3, [more.id, first.id], {first.id: "Nya ord"})
    found = await attachments.of_posts(bob, world.thread.id, [1, 2, 3])
    assert [(one.id, one.alt) for one in found[3]] == [(more.id, ""), (first.id, "Nya ord")]
    assert found[1] == found[2] == []
    await attachments.attach(bob, world.thread.id, 3, [more.id], {})
    found = await attachments.of_posts(bob, world.thread.id, [3])
    assert [one.id for one in found[3]] == [more.id]


# --- Who may read


async def test_a_file_that_is_not_posted_is_its_uploaders_alone(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    bob, limits = await inside_as(world, "bob"), uploads.limits(chosen)
    row = await uploads.receive(bob, limits, await sent(limits.store, "a.txt", b"a"))
    for name, status in (("bob", 200), ("ann", 404), ("gus", 404), ("charlie", 404)):
        async with browser(world[name]) as http:
            assert (await http.get(address(world, row))).status_code == status, name


async def test_a_hidden_posts_file_is_for_its_author_and_coordinators(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    ann = await inside_as(world, "ann")
    await ann.replies.filter(number=3).update(hidden_at=clock.now())
    for name, status in (("bob", 200), ("ann", 200), ("gus", 404), ("charlie", 404)):
        async with browser(world[name]) as http:
            assert (await http.get(address(world, row))).status_code == status, name
    await ann.attachments.filter(id=row.id).update(number=1)
    await ann.threads.filter(id=world.thread.id).update(hidden_at=clock.now())
    for name, status in (("ann", 200), ("bob", 404), ("gus", 404)):
        async with browser(world[name]) as http:
            assert (await http.get(address(world, row))).status_code == status, name


async def test_a_file_that_was_removed_for_good_says_so(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    bob = await inside_as(world, "bob")
    await bob.attachments.filter(id=row.id).update(erased_at=clock.now(), blob_id=None, name="")
    async with browser(world["bob"]) as http:
        answer = await http.get(address(world, row))
        assert answer.status_code == 410
        page = Page(await http.get(here(world)))
        assert links(page) == []
        assert _("A file has been removed for good.") in words(page.by_id("post-3"))
    async with browser(world["charlie"]) as http:
        assert (await http.get(address(world, row))).status_code == 404


async def test_a_file_of_another_network_is_not_here(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    async with browser(world["charlie"]) as http:
        there = address(world, row).replace(world.network.slug, world.elsewhere.slug)
        assert (await http.get(there)).status_code == 404


async def test_bytes_that_are_gone_are_a_page_that_is_not_there(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    assert row.blob_id
    path = uploads.limits(chosen).store.shelf.path(row.blob_id)
    assert path
    path.unlink()
    async with browser(world["bob"]) as http:
        assert (await http.get(address(world, row))).status_code == 404


# --- How it is sent


@pytest.mark.parametrize(
    ("name", "content", "kind", "shown"),
    [
        ("a.png", image(), "image/png", True),
        ("a.pdf", image(), "image/png", True),
        ("a.png", b"<script>alert(1)</script>", "application/octet-stream", False),
        ("a.svg", b"<svg onload='alert(1)'/>", "application/octet-stream", False),
        ("a.html", b"<script>alert(1)</script>", "application/octet-stream", False),
        ("a.pdf", b"%PDF-1.7", "application/pdf", False),
        ("a.txt", "å".encode(), "text/plain; charset=utf-8", False),
        ("a.tif", image("TIFF"), "image/tiff", False),
        ("a", b"\0", "application/octet-stream", False),
    ],
    ids=["png", "png called pdf", "html called png", "svg", "html", "pdf", "text", "tiff", "none"],
)
async def test_only_images_are_shown_and_nothing_runs(
    world: World,
    browser: Browsers,
    chosen: Settings,
    name: str,
    content: bytes,
    kind: str,
    shown: bool,
) -> None:
    row = await posted(world, chosen, name, content)
    async with browser(world["gus"]) as http:
        answer = await http.get(address(world, row))
    headers = answer.headers
    assert headers["content-type"] == kind
    assert headers.get_list("content-security-policy") == [SANDBOX]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["content-disposition"].startswith("inline;" if shown else "attachment;")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Åsas karta.pdf", "_sas karta.pdf"),
        ('så "här" 100 %.pdf', "s_ _h_r_ 100 _.pdf"),
        ("a;b'c,d=e.pdf", "a;b'c,d=e.pdf"),
        ("🌲.pdf", "_.pdf"),
        ("?x=1#y.pdf", "?x=1#y.pdf"),
    ],
)
async def test_a_name_survives_the_way(
    world: World, browser: Browsers, chosen: Settings, name: str, plain: str
) -> None:
    await posted(world, chosen, name, b"%PDF")
    async with browser(world["gus"]) as http:
        (link,) = links(Page(await http.get(here(world))))
        answer = await http.get(link)
    said = answer.headers["content-disposition"]
    assert said == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def test_what_one_has_is_not_sent_again_and_a_part_may_be_asked_for(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    content = bytes(range(256)) * 20
    row = await posted(world, chosen, "a.bin", content)
    async with browser(world["gus"]) as http:
        whole = await http.get(address(world, row))
        tag = whole.headers["etag"]
        assert row.blob_id
        assert row.blob_id[:8] not in str(whole.headers)
        for held in (tag, f"W/{tag}", f'"x", {tag}'):
            same = await http.get(address(world, row), headers={"If-None-Match": held})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["content-security-policy"] == SANDBOX
        part = await http.get(
            address(world, row), headers={"Range": "bytes=10-19", "If-Range": tag}
        )
        assert (part.status_code, part.content) == (206, content[10:20])
        assert part.headers["content-security-policy"] == SANDBOX
        beyond = await http.get(address(world, row), headers={"Range": "bytes=99999-"})
        assert beyond.status_code == 416


async def test_the_date_of_a_file_tells_nothing_of_who_else_has_sent_it(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"the same")
    async with browser(world["gus"]) as http:
        before = (await http.get(address(world, row))).headers
        await asyncio.sleep(1.1)
        elsewhere, limits = (
            await door.enter(world["charlie"], world.elsewhere.slug),
            Limits(uploads.limits(chosen).store, MEGABYTE),
        )
        again = await sent(limits.store, "b.txt", b"the same")
        other = await uploads.receive(elsewhere, limits, again)
        assert other.blob_id == row.blob_id
        assert (await http.get(address(world, row))).headers == before


# --- Shown


@pytest.mark.parametrize("view", View)
async def test_files_are_shown_in_every_view(
    world: World, browser: Browsers, chosen: Settings, view: View
) -> None:
    await posted(world, chosen, "karta.png", image())
    await posted(world, chosen, "plan.pdf", b"x" * 182_400)
    async with browser(world["gus"]) as http:
        await http.post("/preferences", data={"view": view})
        page = Page(await http.get(here(world)))
        (shown,) = page.one(".//figure").iter("img")
        assert shown.attrib["alt"] == "En karta"
        assert words(page.with_class("files")[0]) == "plan.pdf PDF, 182\xa0kB"


async def test_sizes_are_written_as_the_reader_writes_them(app: ASGIApp) -> None:

    sizes = [1, 999, 1000, 999_499, 999_500, 1_449_999, 26_214_400]
    assert [language.file_size(size) for size in sizes] == [
        f"{one}" for one in ("1\xa0kB", "1\xa0kB", "1\xa0kB", "999\xa0kB", "1\xa0MB",
                             "1,4\xa0MB", "26,2\xa0MB")
    ]  # fmt: skip
    language.use(Language.ENGLISH)
    assert re.fullmatch(r"1\.4.MB", language.file_size(1_400_000))


# --- Changing a post


async def test_who_changes_her_post_changes_its_files_too(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "karta.png", image())
    action = f"{here(world)}/posts/3/edit"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(action)).form(action)
        assert form.values["attachment"] == str(row.id)
        assert form.values[f"alt-{row.id}"] == "En karta"
        # Other words for the image are no other text.
        answer = await form.send(http, **{f"alt-{row.id}": "En karta om mat"})
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        (shown,) = page.one(".//figure").iter("img")
        assert shown.attrib["alt"] == "En karta om mat"
        # An image that is to lose its words asks for them.
        form = Page(await http.get(action)).form(action)
        page = Page(await form.send(http, **{f"alt-{row.id}": ""}))
        assert set(page.errors) == {f"alt-{row.id}"}
        # Taken away on the form, it stays until that is saved.
        page = Page(await form.send(http, remove=str(row.id)))
        assert page.with_class("uploads")[0].findall("li") == []
        assert (await http.get(address(world, row))).status_code == 200
        form = page.form(action)
        answer = await form.send(http, MAP, body="Ny text.")
        assert answer.status_code == 303
        assert (await http.get(address(world, row))).status_code == 404
        page = Page(await http.get(answer.headers["location"]))
        assert [unquote(one).rpartition("/")[2] for one in links(page)] == [MAP[0]]
    bob = await inside_as(world, "bob")
    assert [one.revision for one in await bob.revisions.all()] == [1]
    reply = await bob.replies.get(number=3)
    assert (reply.revision, reply.body) == (2, "Ny text.")


async def test_of_two_who_change_a_posts_files_at_once_the_second_sees_both_and_chooses(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    await posted(world, chosen, "första.txt", b"1")
    action = f"{here(world)}/posts/3/edit"
    async with browser(world["bob"]) as http:
        one, other = [Page(await http.get(action)).form(action) for _tab in range(2)]
        assert (await one.send(http, ("andra.txt", b"2"))).status_code == 303
        page = Page(await other.send(http, ("tredje.txt", b"3"), body="Ny text."))
        assert page.status == 409
        (there,) = page.all(f".//ul[@aria-label='{_('The files that it has now')}']")
        assert [words(item) for item in there] == ["första.txt", "andra.txt"]
        form = page.form(action)
        assert form.values["body"] == "Ny text."
        listed = [words(name).split()[0] for name in page.all(".//*[@data-name]")]
        assert listed == ["första.txt", "tredje.txt", "andra.txt"]
        # Sent from there, what she has seen is what it gets.
        answer = await form.send(http)
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        assert [unquote(link).rpartition("/")[2] for link in links(page)] == listed
        # And a form from before is told of that again, also when its text is that of the post.
        page = Page(await one.send(http, ("fjärde.txt", b"4"), body="Ny text."))
        assert page.status == 409


async def test_what_another_tab_has_said_of_an_image_is_not_undone(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "karta.png", image())
    action, alt = f"{here(world)}/posts/3/edit", f"alt-{row.id}"
    async with browser(world["bob"]) as http:
        one, other = [Page(await http.get(action)).form(action) for _tab in range(2)]
        assert (await one.send(http, **{alt: "En karta om mat"})).status_code == 303
        page = Page(await other.send(http, MAP))
        assert page.status == 409
        assert page.form(action).values[alt] == "En karta om mat"
        # What she has written herself stands, beside what it says.
        page = Page(await other.send(http, MAP, **{alt: "En annan karta"}))
        assert page.status == 409
        assert page.form(action).values[alt] == "En annan karta"
        (there,) = page.all(f".//ul[@aria-label='{_('The files that it has now')}']")
        assert words(there) == "karta.png En karta om mat"


async def test_who_leaves_the_files_alone_undoes_nothing_that_was_done_to_them(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "karta.png", image())
    action = f"{here(world)}/posts/3/edit"
    async with browser(world["bob"]) as http:
        one, other = [Page(await http.get(action)).form(action) for _tab in range(2)]
        files = {f"alt-{row.id}": "En karta om mat"}
        assert (await one.send(http, MAP, **files)).status_code == 303
        answer = await other.send(http, body="Ny text.")
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        assert len(set(links(page))) == 2
        (shown,) = page.one(".//figure").iter("img")
        assert shown.attrib["alt"] == "En karta om mat"
        # Nor is anything put back that was taken away.
        one = Page(await http.get(action)).form(action)
        page = Page(await one.send(http, remove=str(row.id)))
        stale = Page(await http.get(action)).form(action)
        assert (await page.form(action).send(http)).status_code == 303
        answer = await stale.send(http, body="Nyare text.")
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        assert [unquote(one).rpartition("/")[2] for one in links(page)] == [MAP[0]]


async def test_files_cannot_be_changed_where_the_text_cannot(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.txt", b"a")
    action = f"{here(world)}/posts/3/edit"
    ann = await inside_as(world, "ann")
    async with browser(world["bob"]) as http, browser(world["ann"]) as other:
        form = Page(await http.get(action)).form(action)
        assert (await other.post(action, **multipart.body(form.values, MAP))).status_code == 403
        await ann.threads.filter(id=world.thread.id).update(closed_at=clock.now())
        for text in (form.values["body"], "Ny text."):
            answer = await form.send(http, MAP, body=text)
            assert answer.status_code == 422
    assert [one.id for one in await ann.attachments.all()] == [row.id]


async def test_a_draft_keeps_its_files(world: World, browser: Browsers) -> None:
    base = f"/n/{world.network.slug}"
    async with browser(world["bob"]) as http:
        form = await reply_form(http, world)
        answer = await http.post(
            f"{base}/drafts",
            **multipart.body(form.values | {"body": "Begynt"}, MAP, ("k.png", image())),
        )
        assert answer.status_code == 303
        page = Page(await http.get(here(world)))
        assert len(page.with_class("uploads")[0].findall("li")) == 2
        form = page.form(f"{here(world)}/replies")
        assert form.values["body"] == "Begynt"
        # What is wrong with a file is told, and the others are there.
        large = ("tom.txt", b"")
        page = Page(await http.post(f"{base}/drafts", **multipart.body(form.values, large)))
        assert page.status == 422
        assert "tom.txt" in page.errors["files"]
    bob = await inside_as(world, "bob")
    (draft,) = await bob.my_drafts.all()
    ids = sorted(str(row.id) for row in await bob.my_uploads.all())
    assert sorted(draft.content["attachment"]) == ids
