"""Easy reading: three cards at most, writing in one box, and short versions first."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from forum import (
    accounts,
    areas,
    discussions,
    marks,
    members,
    organisations,
    read_marks,
    reminders,
)
from forum.new_threads import NewThread
from forum.short_versions import LIMIT
from storage import clock, door
from storage.discussions import Thread, ThreadKind
from storage.people import View
from storage.roles import Role
from tests import multipart
from tests.conftest import Browser
from tests.files import telling
from tests.http.pages import Form, Page, words
from tests.http.records import change, row
from tests.world import SECRET_TITLE, World, ask

Opened = Callable[..., Browser]


@pytest.fixture
async def easy(world: World, browser: Opened) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser, in easy reading."""
    await accounts.prefer(world["bob"], view=View.EASY)
    async with browser(world["bob"]) as http:
        yield http


def cards(page: Page) -> dict[str, str]:
    """The cards of the start page: where each leads, and what it says."""
    (tiles,) = page.with_class("tiles")
    return {one.attrib["href"]: words(one) for one in tiles.iter("a")}


def listed(page: Page) -> list[str]:
    return [
        words(one.findall("span")[0])
        for tiles in page.with_class("tiles")
        for one in tiles.iter("a")
    ]


# ---- The start -----------------------------------------------------------------------------


async def test_the_start_has_three_cards_at_most_and_one_way_to_write(
    world: World, easy: httpx.AsyncClient
) -> None:
    page = Page(await easy.get("/"))
    assert cards(page) == {"/to-answer": "Att svara på", "/new-posts": "Nytt 1 ny"}
    assert "/write" in page.hrefs
    ann = await door.enter(world["ann"], world.network.slug)
    await ask(ann, "Vem vet?", "?", world.area_id)
    page = Page(await easy.get("/"))
    assert cards(page) == {"/to-answer": "Att svara på 1 fråga", "/new-posts": "Nytt 2 nya"}
    assert len(cards(page)) <= 3


async def test_to_answer_are_others_open_questions_and_those_my_municipality_is_asked(
    world: World, easy: httpx.AsyncClient
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    bob = await door.enter(world["bob"], world.network.slug)
    await ask(bob, "Min egen fråga", "?", world.area_id)
    solved = await ask(ann, "En löst fråga", "?", world.area_id)
    await marks.mark_solved(ann, solved.id, solved=True)
    await ask(ann, "En diskussion", "?", world.area_id, ThreadKind.DISCUSSION)
    await ask(ann, "En öppen fråga", "?", world.area_id)
    asked = await _asked_of_all(world, "Alla kommuners fråga")
    gus = await door.enter(world["gus"], world.network.slug)
    await discussions.post_reply(gus, asked.id, "En gäst svarar.", "guest")
    page = Page(await easy.get("/to-answer"))
    assert listed(page) == ["Alla kommuners fråga", "En öppen fråga"]
    await discussions.post_reply(bob, asked.id, "Habo svarar.", "habo")
    assert listed(Page(await easy.get("/to-answer"))) == ["En öppen fråga"]


async def test_a_reminder_is_on_the_start_until_the_municipality_has_answered(
    world: World, easy: httpx.AsyncClient
) -> None:
    asked = await _asked_of_all(world, "Alla kommuners fråga")
    soon = await _asked_of_all(world, "En som brådskar")
    await change("thread", soon.id, answer_by=clock.today() + timedelta(days=1))
    ann = await door.enter(world["ann"], world.network.slug)
    bob = await door.enter(world["bob"], world.network.slug)
    assert Page(await easy.get("/")).with_class("next") == []
    # The one with the least time left is on top, in the list too.
    assert listed(Page(await easy.get("/to-answer"))) == ["En som brådskar", "Alla kommuners fråga"]
    for thread in (asked, soon):
        await reminders.remind(ann, thread.id)
        page = Page(await easy.get("/"))
        (shown,) = page.with_class("next")
        assert thread.title in words(shown)
        (link,) = shown.iter("a")
        assert link.attrib["href"] == f"/n/{world.network.slug}/threads/{thread.id}"
        assert len(cards(page)) + 1 <= 3
    for thread in (asked, soon):
        await discussions.post_reply(bob, thread.id, "Habo svarar.", f"habo {thread.id}")
    assert Page(await easy.get("/")).with_class("next") == []


async def _asked_of_all(world: World, title: str) -> Thread:
    ann = await door.enter(world["ann"], world.network.slug)
    wanted = NewThread(
        kind=ThreadKind.QUESTION,
        title=title,
        area_id=world.area_id,
        body="?",
        asks_all=True,
        answer_by=clock.today() + timedelta(days=7),
    )
    return await discussions.create_thread(ann, wanted, title)


async def test_what_is_new_leads_to_the_first_new_post_and_goes_when_it_is_read(
    world: World, easy: httpx.AsyncClient
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    bob = await door.enter(world["bob"], world.network.slug)
    await read_marks.mark_read(bob, world.thread.id, 2)
    await discussions.post_reply(ann, world.thread.id, "Nu mer.", "more")
    page = Page(await easy.get("/new-posts"))
    assert listed(page) == [SECRET_TITLE]
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    assert f"{there}/posts/3" in page.hrefs
    await read_marks.mark_read(bob, world.thread.id, 3)
    page = Page(await easy.get("/new-posts"))
    assert listed(page) == []
    assert "Du har läst allt." in words(page.root)


async def test_nothing_of_other_networks_is_listed(world: World, easy: httpx.AsyncClient) -> None:
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    area = await charlie.areas.first()
    assert area
    await ask(charlie, "En fråga på annat håll", "?", area.id)
    for address in ("/", "/to-answer", "/new-posts"):
        assert "på annat håll" not in (await easy.get(address)).text


async def test_one_is_asked_where_to_write_only_when_there_is_a_choice(
    world: World, easy: httpx.AsyncClient
) -> None:
    new = f"/n/{world.network.slug}/threads/new"
    assert (await easy.get("/write")).headers["location"] == new
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    home = (await organisations.all_organisations())[0].id
    joined = await members.add_member(charlie, world["bob"], home)
    page = Page(await easy.get("/write"))
    assert [href for href in page.hrefs if href.endswith("/new")] == [
        f"/n/{world.elsewhere.slug}/threads/new",
        new,
    ]
    # A guest may not ask there.
    await members.change_member(
        charlie, joined.id, organisation_id=home, function=joined.function, role=Role.GUEST,
        ends_on=None,
    )  # fmt: skip
    assert (await easy.get("/write")).headers["location"] == new


# ---- One box -------------------------------------------------------------------------------


async def test_a_question_is_written_in_one_box_and_sent_with_its_title(
    world: World, easy: httpx.AsyncClient
) -> None:
    base = f"/n/{world.network.slug}/threads"
    first = Page(await easy.get(f"{base}/new")).form(base)
    assert [one.tag for one in first.element.iter() if one.tag in {"textarea", "select"}] == [
        "textarea"
    ]
    text = "Hur gör ni på kvällen? Vi är två."
    second = Page(await first.send(easy, body=text, next="yes"))
    assert second.status == 200
    form = second.form(base)
    assert (form.values["title"], form.values["body"]) == ("Hur gör ni på kvällen?", text)
    assert "Frågan hamnar under LSS." in words(second.root)
    answer = await form.send(easy, title="Hur gör ni?")
    assert answer.status_code == 303
    posted = await row("thread", title="Hur gör ni?")
    assert (posted["kind"], posted["body"], posted["area_id"]) == ("question", text, world.area_id)


async def test_the_area_is_that_of_the_thread_most_alike_or_the_most_used(
    world: World, easy: httpx.AsyncClient
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    money = await areas.add_area(ann, "Ekonomi", "")
    await ask(ann, "Vad kostar en hyrbil?", "?", money.id)
    base = f"/n/{world.network.slug}/threads"
    for text, area in (("Får man hyra en hyrbil?", money.id), ("Vad är ett flygplan?", 0)):
        if not area:
            for number in range(2):
                await ask(ann, f"Utan likhet {number}", "?", world.area_id)
        form = Page(await easy.get(f"{base}/new")).form(base)
        titled = Page(await form.send(easy, body=text, next="yes")).form(base)
        assert titled.values["area"] == str(area or world.area_id)


@pytest.mark.parametrize("body", ["", " \n ", "Det gäller 640823-3234."])
async def test_what_cannot_be_taken_is_told_at_the_box(
    world: World, easy: httpx.AsyncClient, body: str
) -> None:
    base = f"/n/{world.network.slug}/threads"
    form = Page(await easy.get(f"{base}/new")).form(base)
    page = Page(await form.send(easy, body=body, next="yes"))
    assert (page.status, set(page.errors)) == (422, {"body"})
    assert page.form(base).values["body"] == body


async def test_a_missing_title_is_told_at_the_title_with_the_text_still_there(
    world: World, easy: httpx.AsyncClient
) -> None:
    base = f"/n/{world.network.slug}/threads"
    form = Page(await easy.get(f"{base}/new")).form(base)
    form = Page(await form.send(easy, body="Vad gör ni?", next="yes")).form(base)
    page = Page(await form.send(easy, title=""))
    assert (page.status, set(page.errors)) == (422, {"title"})
    assert page.form(base).values["body"] == "Vad gör ni?"


# ---- Kort och lättläst ---------------------------------------------------------------------


async def notice(world: World, short: str, who: str = "ann") -> Thread:
    inside = await door.enter(world[who], world.network.slug)
    wanted = NewThread(
        kind=ThreadKind.NOTICE if who == "ann" else ThreadKind.DISCUSSION,
        title="Träffen är flyttad",
        area_id=world.area_id,
        body="Hela texten om varför träffen är flyttad.",
        ends_on=clock.today(),
        short=short,
    )
    return await discussions.create_thread(inside, wanted, f"notice {short}")


async def test_a_short_version_comes_first_and_the_whole_text_is_behind_it(
    world: World, browser: Opened
) -> None:
    posted = await notice(world, "Träffen är **flyttad**.")
    async with browser(world["gus"]) as http:
        for address in (f"/n/{world.network.slug}", f"/n/{world.network.slug}/threads/{posted.id}"):
            page = Page(await http.get(address))
            (short,) = page.with_class("short")
            (whole,) = page.with_class("whole")
            assert words(short) == "Träffen är flyttad."
            assert [one.tag for one in short.iter()] == ["div", "p", "strong"]
            assert "open" not in whole.attrib
            assert "Hela texten om varför träffen är flyttad." in words(whole)
            found = list(page.root.iter())
            assert found.index(short) < found.index(whole)


async def test_without_one_nothing_is_said_of_it(world: World, browser: Opened) -> None:
    posted = await notice(world, " \n")
    async with browser(world["gus"]) as http:
        page = Page(await http.get(f"/n/{world.network.slug}/threads/{posted.id}"))
        assert page.with_class("short") == page.with_class("whole") == []


async def test_only_coordinators_write_one(world: World, browser: Opened) -> None:
    posted = await notice(world, "Kort sagt.", "bob")
    assert (posted.short, posted.short_html) == ("", "")
    for name, there in (("ann", True), ("bob", False)):
        async with browser(world[name]) as http:
            page = Page(await http.get(f"/n/{world.network.slug}/threads/new"))
            assert ("short" in page.ids) is there


@pytest.mark.parametrize("short", ["x" * (LIMIT + 1), "Om 640823-3234"])
async def test_one_that_cannot_be_taken_is_told_at_its_field(
    world: World, browser: Opened, short: str
) -> None:
    base = f"/n/{world.network.slug}/threads"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        page = Page(
            await form.send(http, title="Nu", body="Text.", short=short, area=str(world.area_id))
        )
        assert (page.status, set(page.errors)) == (422, {"short"})
        again = page.form(base)
        assert again.values["short"] == short
        answer = await again.send(http, short="x" * LIMIT)
        assert answer.status_code == 303


async def test_a_short_version_is_changed_with_its_text_and_has_a_history(
    world: World, browser: Opened
) -> None:
    posted = await notice(world, "Den är flyttad.")
    there = f"/n/{world.network.slug}/threads/{posted.id}/posts/1"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{there}/edit")).form(f"{there}/edit")
        assert form.values["short"] == "Den är flyttad."
        answer = await form.send(http, short="x" * (LIMIT + 1))
        assert set(Page(answer).errors) == {"short"}
        assert (await form.send(http, short="Den är inställd.")).status_code == 303
        history = words(Page(await http.get(f"{there}/revisions")).root)
        assert "inställd" in history
        assert "Den är flyttad." in history
        # It can be taken away again.
        form = Page(await http.get(f"{there}/edit")).form(f"{there}/edit")
        assert (await form.send(http, short="")).status_code == 303
    found = await row("thread", id=posted.id)
    assert (found["short"], found["short_html"], found["revision"]) == ("", "", 3)


async def test_who_is_no_coordinator_any_more_leaves_the_short_version(
    world: World, browser: Opened
) -> None:
    posted = await notice(world, "Den är flyttad.")
    ann = await door.enter(world["ann"], world.network.slug)
    await change("membership", ann.membership.id, role="member")
    there = f"/n/{world.network.slug}/threads/{posted.id}/posts/1"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{there}/edit")).form(f"{there}/edit")
        assert "short" not in form.values
        assert (await form.send(http, body="En ny text.")).status_code == 303
    found = await row("thread", id=posted.id)
    assert (found["short"], found["body"]) == ("Den är flyttad.", "En ny text.")


async def test_one_picture_goes_with_the_short_version_and_the_others_with_the_text(
    world: World, browser: Opened
) -> None:
    base = f"/n/{world.network.slug}/threads"
    texts = {
        "kind": "notice",
        "title": "Träffen är flyttad",
        "ends_on": clock.today().isoformat(),
        "area": str(world.area_id),
        "short": "Till Habo.",
        "body": "Hela texten.",
    }
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        asked = Page(await form.send(http, ("karta.jpg", telling("JPEG", 6)), **texts)).form(base)
        picture = asked.values["attachment"]
        answer = await asked.send(http, **{f"alt-{picture}": "En karta", "picture": picture})
        assert answer.status_code == 303
        for address in (answer.headers["location"], f"/n/{world.network.slug}"):
            page = Page(await http.get(address))
            (shown,) = page.with_class("short-picture")
            assert [one.attrib["alt"] for one in shown.iter("img")] == ["En karta"]
            assert page.with_class("picture") == []
            assert (await http.get(next(shown.iter("img")).attrib["src"])).status_code == 200


async def test_the_picture_of_a_short_version_is_changed_with_it(
    world: World, browser: Opened
) -> None:
    posted = await notice(world, "Till Habo.")
    there = f"/n/{world.network.slug}/threads/{posted.id}"
    edit = f"{there}/posts/1/edit"
    async with browser(world["ann"]) as http:

        async def saved(form: Form, **fields: str) -> Page:
            assert (await form.send(http, **fields)).status_code == 303
            page = Page(await http.get(there))
            assert len(page.with_class("short-picture")) + len(page.with_class("picture")) == 1
            return page

        form = Page(await http.get(edit)).form(edit)
        form = Page(await form.send(http, ("karta.jpg", telling("JPEG", 6)))).form(edit)
        picture = form.values["attachment"]
        page = await saved(form, **{f"alt-{picture}": "En karta", "picture": picture})
        assert page.with_class("short-picture")
        # The box is ticked from the beginning, so the picture stays when the words are changed.
        form = Page(await http.get(edit)).form(edit)
        assert form.values["picture"] == picture
        assert (await saved(form, short="Inte till Habo.")).with_class("short-picture")
        # Without the short version it is the text's.
        form = Page(await http.get(edit)).form(edit)
        assert (await saved(form, short="")).with_class("picture")


async def test_who_is_no_coordinator_any_more_leaves_the_picture_too(
    world: World, browser: Opened
) -> None:
    posted = await notice(world, "Till Habo.")
    there = f"/n/{world.network.slug}/threads/{posted.id}"
    edit = f"{there}/posts/1/edit"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(edit)).form(edit)
        form = Page(await form.send(http, ("karta.jpg", telling("JPEG", 6)))).form(edit)
        picture = form.values["attachment"]
        await form.send(http, **{f"alt-{picture}": "En karta", "picture": picture})
        ann = await door.enter(world["ann"], world.network.slug)
        await change("membership", ann.membership.id, role="member")
        form = Page(await http.get(edit)).form(edit)
        assert "attachment" not in form.values
        assert (await form.send(http, body="En ny text.")).status_code == 303
        assert Page(await http.get(there)).with_class("short-picture")


async def test_there_is_room_for_one_picture_and_none_without_a_short_version(
    world: World, browser: Opened
) -> None:
    base = f"/n/{world.network.slug}/threads"
    texts = {"title": "Karta", "area": str(world.area_id), "body": "Se här."}
    images = [("karta.jpg", telling("JPEG", 6)), ("mer.jpg", telling("JPEG", 1))]
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        page = Page(await form.send(http, *images, **texts))
        both = [one.attrib["value"] for one in page.all(".//input[@name='attachment']")]
        fields = list((page.form(base).values | texts).items())
        fields = [pair for pair in fields if not pair[0].startswith(("attachment", "alt-"))]
        fields += [("attachment", one) for one in both] + [(f"alt-{one}", "Karta") for one in both]
        two = [("picture", one) for one in both]
        refused = Page(await http.post(base, **multipart.body([*fields, *two])))
        assert (refused.status, set(refused.errors)) == (422, {"files"})
        # The boxes that were ticked still are.
        assert len(refused.all(".//input[@name='picture'][@checked]")) == 2
        answer = await http.post(base, **multipart.body([*fields, two[0]]))
        assert answer.status_code == 303
        page = Page(await http.get(answer.headers["location"]))
        assert (len(page.with_class("short-picture")), len(page.with_class("picture"))) == (0, 2)
