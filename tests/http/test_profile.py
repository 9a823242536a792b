"""One's own profile, one's picture, and the page that other members see."""

import httpx
import pytest

from forum import discussions, uploads
from forum.language import gettext as _
from forum.settings import Settings
from storage import clock, door
from storage.people import PEOPLE_EPOCH, Epoch, Language, Person, Theme, View
from tests.files import SECRET_PLACE, image, telling
from tests.http.pages import Page, words
from tests.http.records import Browsers
from tests.multipart import Upload
from tests.world import World, ask


async def save(http: httpx.AsyncClient, *files: Upload, **fields: str) -> httpx.Response:
    form = Page(await http.get("/account/profile")).form("/account/profile")
    return await form.send(http, *files, **fields)


async def epoch() -> int:
    found = await Epoch.get_or_none(name=PEOPLE_EPOCH)
    return found.value if found else 0


async def test_what_one_tells_of_oneself_is_saved_and_shown(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        answer = await save(http, name=" Bob  Bergström", title="enhetschef", phone="036-10 50 00",
                            language="en", view="easy", theme="dark")  # fmt: skip
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        page = await http.get("/account")
        assert "Bob Bergström" in page.text
        assert "036-10 50 00" in page.text
        assert '<html lang="en"' in page.text
    bob = await Person.get(id=world["bob"].id)
    assert (bob.language, bob.view, bob.theme) == (Language.ENGLISH, View.EASY, Theme.DARK)
    assert bob.username == "bob.berg"


async def test_others_see_that_one_is_here_only_once_one_has_said_so(
    world: World, browser: Browsers
) -> None:
    assert not any([person.presence async for person in Person.all()])
    async with browser(world["bob"]) as http:
        await save(http, presence="yes")
        assert (await Person.get(id=world["bob"].id)).presence
        form = Page(await http.get("/account/profile")).form("/account/profile")
        assert form.values.pop("presence") == "yes"
        await form.send(http)
        assert not (await Person.get(id=world["bob"].id)).presence


async def test_a_telephone_number_need_not_be_shown(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        await save(http, phone="036-10 50 00")
        await save(http, phone=" ")
    assert (await Person.get(id=world["bob"].id)).phone == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 121), ("title", "x" * 121), ("phone", "ring mig"),
     ("phone", "1" * 41)],
)  # fmt: skip
async def test_what_cannot_be_taken_is_told_at_its_field(
    world: World, browser: Browsers, field: str, value: str
) -> None:
    async with browser(world["bob"]) as http:
        page = Page(await save(http, **{"title": "chef", field: value}))
        assert page.status == 422
        assert set(page.errors) == {field}
        assert page.form("/account/profile").values[field] == value
    assert await Person.get(id=world["bob"].id) == world["bob"]
    assert (await Person.get(id=world["bob"].id)).title == "stödpedagog"


async def test_another_name_is_on_old_posts_at_once(world: World, browser: Browsers) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["bob"]) as http, browser(world["gus"]) as guest:
        assert "Bob Berg<" in (await guest.get(there)).text
        before = await epoch()
        await save(http, name="Bob Bergström")
        assert await epoch() > before
        assert "Bob Bergström<" in (await guest.get(there)).text
        before = await epoch()
        await save(http, phone="1", theme="dark")
        assert await epoch() == before


async def test_a_picture_stands_beside_what_one_has_written(
    world: World, browser: Browsers
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["bob"]) as http, browser(world["ann"]) as ann:
        held = (await ann.get(there)).headers.get("etag", "")
        before = await epoch()
        answer = await save(http, ("jag.jpg", telling("JPEG", 6)))
        assert answer.status_code == 303
        assert await epoch() > before
        page = Page(await ann.get(there, headers={"If-None-Match": held}))
        (face,) = [one for one in page.by_id("post-2").iter("img") if one.get("class") == "face"]
        assert face.attrib["alt"] == ""
        picture = await ann.get(face.attrib["src"])
        assert picture.headers["content-type"] == "image/webp"
        assert picture.headers["cache-control"].startswith("private, max-age=")
        assert SECRET_PLACE not in picture.content
        digest = (await Person.get(id=world["bob"].id)).picture
        assert digest
        assert digest[:8] not in f"{page.hrefs}{face.attrib}{picture.headers}"
        own = await http.get("/account/picture")
        assert own.content == picture.content
        assert own.headers["cache-control"] == "private, no-cache"
        # Another picture has another address.
        await save(http, ("jag.png", image()))
        page = Page(await ann.get(there))
        (other,) = [one for one in page.by_id("post-2").iter("img") if one.get("class") == "face"]
        assert other.attrib["src"] != face.attrib["src"]
        form = Page(await http.get("/account/profile")).form("/account/profile")
        await form.send(http, without_picture="yes")
        assert "<img" not in (await ann.get(there)).text
        assert (await http.get("/account/picture")).status_code == 404
        assert (await ann.get(other.attrib["src"])).status_code == 404


async def test_a_guest_and_a_stranger_see_no_picture(world: World, browser: Browsers) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    bob = await door.enter(world["bob"], world.network.slug)
    picture = f"/n/{world.network.slug}/members/{bob.membership.id}/picture"
    async with browser(world["bob"]) as http:
        await save(http, ("jag.png", image()))
    for name, status in (("ann", 200), ("gus", 403), ("charlie", 404), ("olga", 404)):
        async with browser(world[name]) as http:
            assert (await http.get(picture)).status_code == status, name
    async with browser(world["gus"]) as http:
        post = Page(await http.get(there)).by_id("post-2")
        assert list(post.iter("img")) == []
        assert "BB" in words(post)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("jag.txt", b"text", "Välj en bild"),
        ("jag.png", b"\x89PNG\r\n\x1a\n", "trasig"),
        ("jag.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "JPEG"),
        ("jag.png", b"", "tom"),
        ("jag.png", b"x" * (26 * 1024 * 1024), "25 MB"),
    ],
    ids=["text", "damaged", "heic", "empty", "large"],
)
async def test_a_picture_that_is_none_is_refused_and_nothing_is_changed(
    world: World, browser: Browsers, chosen: Settings, name: str, content: bytes, said: str
) -> None:
    async with browser(world["bob"]) as http:
        page = Page(await save(http, (name, content), name="Nytt"))
        assert page.status == 422
        assert said in page.errors["picture"]
        assert page.form("/account/profile").values["name"] == "Nytt"
    bob = await Person.get(id=world["bob"].id)
    assert (bob.name, bob.picture) == ("Bob Berg", None)
    assert not list((uploads.limits(chosen).store.folder / "arriving").glob("*"))


async def test_one_sees_whom_one_represents_and_who_changes_it(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        page = Page(await http.get("/account/profile"))
        shown = words(page.one(".//main"))
        assert "Boendestöd" in shown
        assert "Habo" in shown
        assert _("A network’s coordinator changes which organisation you represent there.") in shown
    async with browser(world["olga"]) as http:
        assert (
            _("You are not a member of any network yet.")
            in (await http.get("/account/profile")).text
        )


async def test_a_members_page_tells_who_she_is_and_what_she_has_written(
    world: World, browser: Browsers
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    for number in range(5):
        await ask(bob, f"Fråga {number}", "?", world.area_id)
    hidden = await discussions.post_reply(bob, world.thread.id, "Göms.", "hidden")
    await bob.replies.filter(id=hidden.id).update(hidden_at=clock.now())
    page_of_bob = f"/n/{world.network.slug}/members/{bob.membership.id}"
    async with browser(world["bob"]) as http:
        await save(http, phone="036-10 50 00")
        assert "/account/profile" in Page(await http.get(page_of_bob)).hrefs
    async with browser(world["ann"]) as http:
        page = Page(await http.get(page_of_bob))
        shown = words(page.one(".//main"))
        for word in ("Bob Berg", "stödpedagog", "Habo", "036-10 50 00", "bob@kommun.example",
                     "@bob.berg", _("Member since")):  # fmt: skip
            assert word in shown, word
        posts = [href for href in page.hrefs if "/posts/" in href]
        assert len(posts) == 5
        assert posts[0].endswith("/posts/1")
        assert not any(href.endswith(f"/posts/{hidden.number}") for href in posts)
        assert "/account/profile" not in page.hrefs
    async with browser(world["gus"]) as http:
        assert (await http.get(page_of_bob)).status_code == 403


async def test_what_is_written_elsewhere_is_not_on_a_members_page_here(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    async with browser(world["bob"]) as http:
        page = await http.get(f"/n/{world.network.slug}/members/{ann.membership.id}")
        assert world.thread.title in page.text
    elsewhere = await door.enter(world["charlie"], world.elsewhere.slug)
    area = await elsewhere.areas.get()
    await ask(elsewhere, "Bara här", "?", area.id)
    async with browser(world["charlie"]) as http:
        page = await http.get(f"/n/{world.elsewhere.slug}/members/{elsewhere.membership.id}")
        assert "Bara här" in page.text
        assert world.thread.title not in page.text
