"""A question that asks every municipality: who has answered, who is reminded, the summary."""

from datetime import date, timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from forum import discussions, members, organisations, people, reminders, summaries
from forum.language import gettext, long_date, ngettext
from forum.refusals import Invalid
from storage import clock, door
from storage.discussions import Reply, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.networks import NetworkState
from storage.people import Person
from storage.roles import Role
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, events, row, rows, seq
from tests.http.test_lists import listed, titles
from tests.http.test_threads import filled_in, number_in, the_form
from tests.world import World, ask_all
from web import app as web_app
from web import flash


def here(world: World) -> str:
    return f"/n/{world.network.slug}"


def where(world: World, thread: Thread) -> str:
    return f"{here(world)}/threads/{thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def answer(inside: Inside, thread: Thread) -> Reply:
    return await discussions.post_reply(inside, thread.id, "Tre.", f"{inside.person.id}")


async def another(world: World, name: str, organisation: str, role: Role = Role.MEMBER) -> Person:
    """Add a member from a municipality."""
    homes = {one.name: one.id for one in await organisations.all_organisations()}
    person = await people.add_person(name)
    ann = await enter(world, "ann")
    await members.add_member(ann, person, homes[organisation], role=role)
    return person


async def reached(world: World, thread: Thread) -> tuple[list[str], list[str]]:
    found = await organisations.answers(await enter(world, "bob"), thread)
    return found.reached, found.missing


def asked(page: Page, name: str = "coverage") -> str:
    (section,) = [one for one in page.all(".//section") if one.get("aria-labelledby") == name]
    return words(section)


# ---- Asking --------------------------------------------------------------------------------


async def test_a_member_asks_every_municipality_until_a_day(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await the_form(http, world)
        assert date.fromisoformat(form.values["answer_by"]) > clock.today(), "a likely day"
        assert "asks_all" not in form.values
        last = clock.today().isoformat()
        posted = await form.send(http, **filled_in(world, asks_all="yes", answer_by=last))
        thread = await row("thread", id=number_in(posted))
        assert thread["answer_by"] == clock.today()
        page = Page(await http.get(posted.headers["location"]))
    said = asked(page)
    # Ann is of Aneby, Eva was of Mullsjö; Bob of Habo asks, and Gus of Tranås is a guest.
    count = ngettext(
        "%(reached)d of %(total)d municipality", "%(reached)d of %(total)d municipalities", 2
    ) % {"reached": 0, "total": 2}
    assert gettext("Answers from %(coverage)s") % {"coverage": count} in said
    assert gettext("Missing: %(names)s.") % {"names": "Aneby och Mullsjö"} in said
    assert f"{gettext('Answer by')} {long_date(clock.today())}." in said


@pytest.mark.parametrize(
    ("answer_by", "said"),
    [
        ("", "Choose the last day for answers."),
        ("2020-02-29", "Choose today or a later day."),
        ("imorgon", "Write the date as year-month-day, such as 2027-06-30."),
    ],
)
async def test_who_asks_all_says_until_when(
    world: World, browser: Browsers, answer_by: str, said: str
) -> None:
    typed = filled_in(world, asks_all="yes", answer_by=answer_by, title="")
    async with browser(world["bob"]) as http:
        page = Page(await (await the_form(http, world)).send(http, **typed))
    assert page.errors == {"title": gettext("Write a title."), "answer_by": gettext(said)}
    assert page.form(f"{here(world)}/threads").values["asks_all"] == "yes"


@pytest.mark.parametrize("instead", [{}, {"kind": "discussion", "asks_all": "yes"}])
async def test_a_day_alone_asks_nobody(
    world: World, browser: Browsers, instead: dict[str, str]
) -> None:
    typed = filled_in(world, answer_by="2099-01-01", **instead)
    async with browser(world["bob"]) as http:
        posted = await (await the_form(http, world)).send(http, **typed)
        page = Page(await http.get(posted.headers["location"]))
    assert (await row("thread", id=number_in(posted)))["answer_by"] is None
    assert "coverage" not in page.ids


async def test_when_the_time_is_over_the_page_says_so(world: World, browser: Browsers) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    await change("thread", thread.id, answer_by=date(2026, 1, 31))
    async with browser(world["gus"]) as http:
        said = asked(Page(await http.get(where(world, thread))))
    assert f"{gettext('The time for answers ended')} 31 januari 2026." in said


# ---- Who has answered ----------------------------------------------------------------------


async def test_an_answer_by_any_member_is_the_municipalitys(
    world: World, browser: Browsers
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    assert await reached(world, thread) == ([], ["Aneby", "Mullsjö"])
    await answer(await enter(world, "ann"), thread)
    assert await reached(world, thread) == (["Aneby"], ["Mullsjö"])
    maj = await another(world, "Maj Mo", "Mullsjö")
    await answer(await door.enter(maj, here(world)[3:]), thread)
    assert await reached(world, thread) == (["Aneby", "Mullsjö"], [])
    async with browser(world["gus"]) as http:
        page = Page(await http.get(where(world, thread)))
    assert gettext("Every municipality has answered.") in asked(page)


async def test_neither_the_askers_own_municipality_nor_a_guest_nor_what_is_hidden_counts(
    world: World,
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    colleague = await another(world, "Hugo Hall", "Habo")
    guest = await another(world, "Gun Guld", "Aneby", Role.GUEST)
    for person in (colleague, guest, world["gus"], world["bob"]):
        await answer(await door.enter(person, world.network.slug), thread)
    assert await reached(world, thread) == ([], ["Aneby", "Mullsjö"])
    hidden = await answer(await enter(world, "ann"), thread)
    await change("reply", hidden.id, hidden_at=clock.now())
    assert await reached(world, thread) == ([], ["Aneby", "Mullsjö"])


async def test_lists_mark_what_ones_own_municipality_has_not_answered(
    world: World, browser: Browsers
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    mark = gettext("Your municipality has not answered")
    ann = await enter(world, "ann")
    colleague = await another(world, "Alf Al", "Aneby")
    async with browser(world["ann"]) as http, browser(colleague) as hers:
        for page in (f"{here(world)}/threads", here(world), "/", where(world, thread)):
            assert mark in words(Page(await http.get(page)).root), page
        assert await listed(http, world, show="asked") == [thread.id]
        for person in (world["bob"], world["gus"]):
            async with browser(person) as other:
                assert mark not in words(Page(await other.get(f"{here(world)}/threads")).root)
                assert await listed(other, world, show="asked") == []
        # A colleague's answer is an answer.
        await answer(await door.enter(colleague, world.network.slug), thread)
        for one in (http, hers):
            assert mark not in words(Page(await one.get(f"{here(world)}/threads")).root)
            assert await listed(one, world, show="asked") == []
    assert ann.membership.organisation_id != thread.organisation_id


@pytest.mark.parametrize("over", ["solved_at", "closed_at", "hidden_at"])
async def test_a_question_that_is_done_with_asks_nobody_any_more(
    world: World, browser: Browsers, over: str
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    await change("thread", thread.id, **{over: clock.now()})
    async with browser(world["ann"]) as http:
        assert await listed(http, world, show="asked") == []
        page = Page(await http.get(where(world, thread)))
    assert gettext("Your municipality has not answered") not in asked(page)
    assert f"{where(world, thread)}/reminders" not in page.actions()


# ---- Reminding -----------------------------------------------------------------------------


async def test_the_asker_reminds_the_silent_and_nobody_else(
    world: World, browser: Browsers
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    maj = await another(world, "Maj Mo", "Mullsjö")
    await another(world, "Gun Guld", "Mullsjö", Role.GUEST)
    await answer(await enter(world, "ann"), thread)
    before = await seq(world)
    async with browser(world["bob"]) as http:
        page = Page(await http.get(where(world, thread)))
        sent = await page.form(f"{where(world, thread)}/reminders").send(http)
        assert sent.headers["location"] == where(world, thread)
        page = Page(await http.get(where(world, thread)))
    assert page.flash == flash.words("reminded")
    assert gettext("Reminder sent") in asked(page)
    assert await events(world, before) == [(EventKind.THREAD_REMINDED, world["bob"].id)]
    told = await row("event", seq=before + 1, network_id=world.network.id)
    assert told["audience"] == "persons"
    hers = await (await door.enter(maj, world.network.slug)).events.order_by("-seq").first()
    assert hers is not None
    assert (hers.kind, hers.persons) == (EventKind.THREAD_REMINDED, [maj.id])
    for name in ("ann", "bob", "gus"):
        seen = (await enter(world, name)).events.filter(kind=EventKind.THREAD_REMINDED)
        assert not await seen.exists()
    assert (await row("thread", id=thread.id))["version"] == 3


async def test_who_is_reminded_sees_it_until_her_municipality_has_answered(
    world: World, browser: Browsers
) -> None:
    thread = await ask_all(await enter(world, "bob"), world.area_id)
    heading = gettext("You are reminded")
    async with browser(world["ann"]) as http:
        for page in (here(world), "/"):
            assert heading not in words(Page(await http.get(page)).root)
        await reminders.remind(await enter(world, "bob"), thread.id)
        network = Page(await http.get(here(world)))
        section = network.one(".//section[@aria-labelledby='reminded']")
        (title,) = titles(section)
        assert title.attrib["href"].startswith(where(world, thread))
        assert heading in words(Page(await http.get("/")).root)
        await answer(await enter(world, "ann"), thread)
        for page in (here(world), "/"):
            assert heading not in words(Page(await http.get(page)).root)
    async with browser(world["bob"]) as http:
        assert heading not in words(Page(await http.get(here(world))).root)


async def test_one_reminds_once_a_day(app: ASGIApp, world: World, browser: Browsers) -> None:
    bob = await enter(world, "bob")
    thread = await ask_all(bob, world.area_id)
    await reminders.remind(bob, thread.id)
    before = await seq(world)
    async with browser(world["ann"]) as http:
        page = Page(await http.post(f"{where(world, thread)}/reminders"))
    assert page.status == 422
    said = gettext("A reminder has been sent today. You can send another tomorrow.")
    assert page.errors == {"coverage": said}
    assert page.title.startswith(gettext("Error:"))
    assert await seq(world) == before
    # Nor is it offered until then.
    sent, address = await row("reminder"), f"{where(world, thread)}/reminders"
    async with browser(world["bob"]) as http:
        assert address not in Page(await http.get(where(world, thread))).actions()
        await change("reminder", sent["id"], at=clock.now() - timedelta(days=1))
        web_app.starlette(app).state.cache.clear()
        assert address in Page(await http.get(where(world, thread))).actions()
    await reminders.remind(bob, thread.id)
    assert len(await rows("reminder")) == 2


async def test_when_everybody_has_answered_nobody_is_reminded(world: World) -> None:
    bob = await enter(world, "bob")
    thread = await ask_all(bob, world.area_id)
    # Of Mullsjö there is no member any more, so nobody to remind.
    await answer(await enter(world, "ann"), thread)
    with pytest.raises(Invalid, match="påminna"):
        await reminders.remind(bob, thread.id)
    await change("thread", thread.id, solved_at=clock.now())
    with pytest.raises(Invalid, match="avslutad"):
        await reminders.remind(bob, thread.id)
    assert await rows("reminder") == []


async def test_only_the_asker_and_coordinators_remind_and_only_when_all_are_asked(
    world: World, browser: Browsers
) -> None:
    thread = await ask_all(await enter(world, "ann"), world.area_id)
    async with browser(world["bob"]) as http:
        assert (
            f"{where(world, thread)}/reminders"
            not in Page(await http.get(where(world, thread))).actions()
        )
    with pytest.raises(door.Forbidden):
        await reminders.remind(await enter(world, "bob"), thread.id)
    with pytest.raises(door.NotFound):
        await reminders.remind(await enter(world, "ann"), world.thread.id)
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    with pytest.raises(door.NotFound):
        await reminders.remind(charlie, thread.id)


# ---- The summary ---------------------------------------------------------------------------


async def write(http: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    """Send the form for a summary as it is shown now."""
    form = Page(await http.get(f"{address}/summary")).form(f"{address}/summary")
    return await form.send(http, **fields)


async def test_the_asker_writes_a_summary_that_stands_under_the_question_on_every_page(
    world: World, browser: Browsers
) -> None:
    bob = await enter(world, "bob")
    thread = await ask_all(bob, world.area_id)
    for number in range(2, 25):
        await discussions.post_reply(bob, thread.id, f"Svar {number}", f"n{number}")
    before, version = await seq(world), (await row("thread", id=thread.id))["version"]
    async with browser(world["bob"]) as http:
        assert f"{where(world, thread)}/summary" in Page(await http.get(where(world, thread))).hrefs
        sent = await write(http, where(world, thread), body="Alla har **tre**, @ann.alm.")
        assert sent.headers["location"] == where(world, thread)
        assert Page(await http.get(where(world, thread))).flash == flash.words("summarised")
    async with browser(world["gus"]) as http:
        for page in ("", "?page=2"):
            found = Page(await http.get(where(world, thread) + page))
            section = found.one(".//section[@aria-labelledby='summary']")
            assert words(section.findall(".//strong")[0]) == "tre"
            assert "Bob Berg" in words(section)
            assert "/members/" not in str([one.attrib for one in section.iter("a")])
    assert await events(world, before) == [(EventKind.THREAD_SUMMARISED, world["bob"].id)]
    kept = await row("thread", id=thread.id)
    assert (kept["summary_by_id"], kept["version"]) == (world["bob"].id, version + 1)


async def test_of_two_who_write_at_once_the_second_sees_the_first_and_chooses(
    world: World, browser: Browsers
) -> None:
    address = where(world, world.thread)
    async with browser(world["ann"]) as http:
        first = Page(await http.get(f"{address}/summary")).form(f"{address}/summary")
        assert (await first.send(http, body="Det ena.")).status_code == 303
        page = Page(await first.send(http, body="Det andra."))
        assert page.status == 422
        assert set(page.errors) == {"body"}
        assert "Det ena." in asked(page, "theirs")
        again = page.form(f"{address}/summary")
        assert again.values["body"] == "Det andra."
        assert (await again.send(http)).status_code == 303
    assert (await row("thread", id=world.thread.id))["summary"] == "Det andra."


async def test_an_empty_text_removes_the_summary(world: World, browser: Browsers) -> None:
    address = where(world, world.thread)
    async with browser(world["ann"]) as http:
        assert (await write(http, address, body="Så.")).status_code == 303
        assert (await write(http, address, body=" \n")).status_code == 303
        page = Page(await http.get(address))
    assert page.flash == flash.words("summary-removed")
    assert "summary" not in page.ids
    kept = await row("thread", id=world.thread.id)
    assert (kept["summary"], kept["summary_html"]) == ("", "")
    assert kept["summary_by_id"] is kept["summary_at"] is None


async def test_a_summary_is_shown_before_it_is_saved_and_refused_as_any_text(
    world: World, browser: Browsers
) -> None:
    address = where(world, world.thread)
    async with browser(world["ann"]) as http:
        shown = Page(await write(http, address, body="Så **här**.", preview="yes"))
        assert words(shown.with_class("preview")[0].findall(".//strong")[0]) == "här"
        refused = Page(await write(http, address, body="ord " * 8001))
        assert set(refused.errors) == {"body"}
        harmless = await write(http, address, body="<script>alert(1)</script>")
        assert harmless.status_code == 303
        assert "<script>alert" not in (await http.get(address)).text
    assert (await row("thread", id=world.thread.id))["summary"].startswith("<script>")


async def test_only_the_asker_and_coordinators_summarise_and_only_a_question(
    world: World, browser: Browsers
) -> None:
    address = where(world, world.thread)
    for name in ("bob", "gus"):
        async with browser(world[name]) as http:
            assert f"{address}/summary" not in Page(await http.get(address)).hrefs
            assert (await http.get(f"{address}/summary")).status_code == 403
            assert (await http.post(f"{address}/summary", data={"body": "x"})).status_code == 403
    ann = await enter(world, "ann")
    await change("thread", world.thread.id, kind="discussion")
    with pytest.raises(door.NotFound):
        await summaries.summarise(ann, world.thread.id, "Så.", "")
    with pytest.raises(door.NotFound):
        await summaries.summarise(ann, 999_999, "Så.", "")


async def test_in_an_archive_it_is_read_and_nothing_more(world: World, browser: Browsers) -> None:
    thread = await ask_all(await enter(world, "ann"), world.area_id)
    await summaries.summarise(await enter(world, "ann"), thread.id, "Alla har tre.", "")
    await change("network", world.network.id, state=NetworkState.ARCHIVED)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(where(world, thread)))
        assert "Alla har tre." in asked(page, "summary")
        assert asked(page)
        assert f"{where(world, thread)}/reminders" not in page.actions()
        assert f"{where(world, thread)}/summary" not in page.hrefs
        assert (await http.get(f"{where(world, thread)}/summary")).status_code == 403
        for noun in ("reminders", "summary"):
            sent = await http.post(f"{where(world, thread)}/{noun}", data={"body": "x"})
            assert sent.status_code == 403
