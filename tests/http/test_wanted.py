"""What is wanted: looking for somebody, joining in, choosing, and looking again."""

from datetime import date, timedelta

import httpx
import pytest

from forum import asking, language, members, organisations, people, wanted
from forum.language import gettext
from forum.refusals import Invalid
from storage import clock, door
from storage.discussions import Thread
from storage.door import Inside
from storage.events import EventKind
from storage.networks import NetworkState
from storage.people import Person
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, events, row, rows, seq
from tests.http.test_lists import listed
from tests.http.test_threads import filled_in, number_in, the_form
from tests.world import World, look_for
from web import flash

NEXT_YEAR = clock.today().year + 1


def where(world: World, thread: Thread) -> str:
    return f"/n/{world.network.slug}/threads/{thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def another(world: World) -> Person:
    """Add a member from Mullsjö."""
    homes = {one.name: one.id for one in await organisations.all_organisations()}
    person = await people.add_person("Maj Mo")
    await members.add_member(await enter(world, "ann"), person, homes["Mullsjö"])
    return person


async def shown(http: httpx.AsyncClient, world: World, thread: Thread) -> Page:
    return Page(await http.get(where(world, thread)))


def heading(page: Page) -> str:
    return words(page.by_id("wanted"))


def section(page: Page) -> str:
    return words(page.one(".//section[@aria-labelledby='wanted']"))


# ---- Looking -------------------------------------------------------------------------------


async def test_a_member_looks_for_somebody_in_a_municipality_and_a_month(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = await the_form(http, world, "?kind=wanted")
        home = (await enter(world, "bob")).membership.organisation_id
        assert (form.values["kind"], form.values["wanted_in"]) == ("wanted", str(home))
        named = [words(one) for one in form.element.findall(".//select[@id='wanted_in']/option")]
        assert named[1:] == ["Aneby", "Habo", "Mullsjö"], "the network's, and no other"
        posted = await form.send(http, **filled_in(world, wanted_month=f"{NEXT_YEAR}-02"))
        page = Page(await http.get(posted.headers["location"]))
    thread = await row("thread", id=number_in(posted))
    assert (thread["kind"], thread["wanted_in_id"]) == ("wanted", home)
    assert thread["wanted_month"] == date(NEXT_YEAR, 2, 1)
    assert thread["ends_on"] == asking.last_of(date(NEXT_YEAR, 2, 1)), "it ends by itself"
    assert f"Habo, februari {NEXT_YEAR}." in section(page)
    assert gettext("Nobody has joined in yet.") in section(page)


NO_MONTH = "Write the month as year-month, such as 2027-06."
NO_DATE = "Write the date as year-month-day, such as 2027-06-30."


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"wanted_month": ""}, {"wanted_month": "Choose the month."}),
        ({"wanted_month": "nov"}, {"wanted_month": NO_MONTH}),
        ({"wanted_month": "2020-02"}, {"wanted_month": "Choose this month or a later one."}),
        ({"wanted_in": "999"}, {"wanted_in": "Choose one of the network’s municipalities."}),
        ({"wanted_in": ""}, {"wanted_in": "Choose one of the network’s municipalities."}),
        ({"last_day": "2020-02-01"}, {"last_day": "Choose today or a later day."}),
        ({"last_day": "2100-01-01"}, {"last_day": "Choose a day before the month is over."}),
        ({"last_day": "1/2"}, {"last_day": NO_DATE}),
    ],
    ids=str,
)  # fmt: skip
async def test_where_and_when_must_be_right(
    world: World, browser: Browsers, typed: dict[str, str], errors: dict[str, str]
) -> None:
    async with browser(world["bob"]) as http:
        form = await the_form(http, world, "?kind=wanted")
        fields = filled_in(world, wanted_month="2099-01") | typed
        page = Page(await form.send(http, **fields))
        again = page.form(f"/n/{world.network.slug}/threads").values
    assert page.errors == {name: gettext(said) for name, said in errors.items()}
    kept = {name: value for name, value in typed.items() if name != "wanted_in"}
    assert again.items() >= kept.items()


async def test_a_municipality_outside_the_network_cannot_be_named(
    world: World, browser: Browsers
) -> None:
    tranas = (await row("organisation", name="Tranås"))["id"]
    async with browser(world["bob"]) as http:
        form = await the_form(http, world, "?kind=wanted")
        fields = filled_in(world, wanted_month="2099-01", wanted_in=str(tranas))
        assert set(Page(await form.send(http, **fields)).errors) == {"wanted_in"}


async def test_lists_tell_where_and_when_and_show_what_is_open_alone(
    world: World, browser: Browsers
) -> None:
    bob = await enter(world, "bob")
    still, over, found, closed, hidden = [
        await look_for(bob, world.area_id, title) for title in ("Ett", "Två", "Tre", "Fyra", "Fem")
    ]
    yesterday = clock.today() - timedelta(days=1)
    await change("thread", over.id, ends_on=yesterday)
    await change("thread", found.id, solved_at=clock.now())
    await change("thread", closed.id, closed_at=clock.now())
    await change("thread", hidden.id, hidden_at=clock.now())
    async with browser(world["gus"]) as http:
        assert await listed(http, world, show="wanted") == [still.id]
        everything = words(Page(await http.get(f"/n/{world.network.slug}/threads")).root)
    assert f"Habo, {language.month(clock.today())}." in everything
    assert gettext("The time has run out") in everything
    assert language.pgettext("wanted", "Settled") in everything


# ---- Joining in ----------------------------------------------------------------------------


async def test_members_join_in_and_leave_and_everybody_sees_who_is_in(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "ann"), world.area_id)
    before = await seq(world)
    async with browser(world["bob"]) as http, browser(world["gus"]) as guest:
        for joining, code in (("yes", "joined"), ("no", "left")):
            page = await shown(http, world, thread)
            form = page.form(f"{where(world, thread)}/volunteers")
            (button,) = form.element.iter("button")
            assert button.attrib["value"] == joining
            sent = await form.send(http, joining=joining)
            assert sent.headers["location"] == where(world, thread)
            assert (await shown(http, world, thread)).flash == flash.words(code)
            seen = "Bob Berg, Habo" in section(await shown(guest, world, thread))
            assert seen == (joining == "yes")
        assert (
            f"{where(world, thread)}/volunteers"
            not in (await shown(guest, world, thread)).actions()
        )
    assert await events(world, before) == [(EventKind.THREAD_VOLUNTEERS, world["bob"].id)] * 2
    assert (await row("thread", id=thread.id))["version"] == 3


async def test_joining_twice_is_joining_once(world: World) -> None:
    thread = await look_for(await enter(world, "ann"), world.area_id)
    bob, before = await enter(world, "bob"), await seq(world)
    for joining in (False, True, True):
        await wanted.join(bob, thread.id, joining=joining)
    assert (await row("volunteer"))["organisation_id"] == bob.membership.organisation_id
    assert await seq(world) == before + 1


async def test_neither_the_asker_nor_a_guest_joins_and_nobody_joins_a_question(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "ann"), world.area_id)
    for name, refusal in (("ann", door.Forbidden), ("gus", door.Forbidden)):
        with pytest.raises(refusal):
            await wanted.join(await enter(world, name), thread.id, joining=True)
    with pytest.raises(door.NotFound):
        await wanted.join(await enter(world, "bob"), world.thread.id, joining=True)
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    with pytest.raises(door.NotFound):
        await wanted.join(charlie, thread.id, joining=True)
    assert await rows("volunteer") == []


@pytest.mark.parametrize(
    "over",
    [{"ends_on": clock.today() - timedelta(days=1)}, {"solved_at": clock.now()},
     {"closed_at": clock.now()}, {"hidden_at": clock.now()}],
    ids=["ended", "found", "closed", "hidden"],
)  # fmt: skip
async def test_when_it_is_over_nobody_joins(
    world: World, browser: Browsers, over: dict[str, date]
) -> None:
    thread = await look_for(await enter(world, "ann"), world.area_id)
    await change("thread", thread.id, **over)
    async with browser(world["bob"]) as http:
        page = await shown(http, world, thread)
        assert f"{where(world, thread)}/volunteers" not in page.actions()
        sent = await http.post(f"{where(world, thread)}/volunteers", data={"joining": "yes"})
        assert sent.status_code == 422
        said = gettext("It is over: nobody can join or leave any more.")
        assert Page(sent).errors == {"wanted": said}
    assert await rows("volunteer") == []


# ---- Choosing ------------------------------------------------------------------------------


async def test_the_asker_chooses_and_it_is_shown_who_does_it_together(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    maj = await another(world)
    for person in (world["ann"], maj):
        inside = await door.enter(person, world.network.slug)
        await wanted.join(inside, thread.id, joining=True)
    before = await seq(world)
    async with browser(world["bob"]) as http, browser(world["gus"]) as guest:
        page = await shown(http, world, thread)
        pairing = f"{where(world, thread)}/pairing"
        boxes = {
            one.attrib["value"]: words(parent)
            for parent in page.form(pairing).element.iter("label")
            for one in parent.iter("input")
        }
        assert boxes == {str(world["ann"].id): "Ann Alm, Aneby", str(maj.id): "Maj Mo, Mullsjö"}
        sent = await page.form(pairing).send(http, person=str(maj.id))
        assert sent.headers["location"] == where(world, thread)
        assert (await shown(http, world, thread)).flash == flash.words("paired")
        page = await shown(guest, world, thread)
    together = gettext("%(organisations)s do this together")
    assert heading(page) == together % {"organisations": "Habo och Mullsjö"}
    assert [words(one) for one in page.with_class("joined")[0]] == [
        "Bob Berg, Habo",
        "Maj Mo, Mullsjö",
    ]
    assert await events(world, before) == [(EventKind.THREAD_SOLVED, world["bob"].id)]
    kept = await row("thread", id=thread.id)
    assert (kept["solved_by_id"], kept["version"]) == (world["bob"].id, 4)


async def test_several_can_be_chosen_also_after_the_last_day_for_joining(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    maj = await another(world)
    for person in (world["ann"], maj):
        inside = await door.enter(person, world.network.slug)
        await wanted.join(inside, thread.id, joining=True)
    await change("thread", thread.id, ends_on=clock.today() - timedelta(days=1))
    async with browser(world["ann"]) as http:
        assert heading(await shown(http, world, thread)) == gettext(
            "The time for joining has run out"
        )
        both = {"person": [str(world["ann"].id), str(maj.id)]}
        sent = await http.post(f"{where(world, thread)}/pairing", data=both)
        assert sent.status_code == 303
        assert "Habo, Aneby och Mullsjö" in heading(await shown(http, world, thread))


async def test_who_has_left_the_network_can_no_longer_be_chosen(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    maj = await another(world)
    inside = await door.enter(maj, world.network.slug)
    await wanted.join(inside, thread.id, joining=True)
    await members.end_member(await enter(world, "ann"), inside.membership.id)
    pairing = f"{where(world, thread)}/pairing"
    async with browser(world["bob"]) as http:
        page = await shown(http, world, thread)
        assert pairing not in page.actions()
        assert "Maj Mo" not in section(page)
        page = Page(await http.post(pairing, data={"person": str(maj.id)}))
        said = gettext("One of those you chose has left. Look again, and choose.")
        assert page.errors == {"wanted": said}
    assert (await row("volunteer"))["chosen_at"] is None


@pytest.mark.parametrize("person", ["", "x", "999999"])
async def test_somebody_who_has_joined_must_be_chosen(
    world: World, browser: Browsers, person: str
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    await wanted.join(await enter(world, "ann"), thread.id, joining=True)
    before = await seq(world)
    async with browser(world["bob"]) as http:
        fields = {"person": person} if person else {}
        sent = await http.post(f"{where(world, thread)}/pairing", data=fields)
        assert sent.status_code == 422
        assert set(Page(sent).errors) == {"wanted"}
    assert await seq(world) == before


async def test_only_the_asker_and_coordinators_choose_and_only_once(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    maj = await another(world)
    other = await door.enter(maj, world.network.slug)
    await wanted.join(other, thread.id, joining=True)
    with pytest.raises(door.Forbidden):
        await wanted.pair(other, thread.id, {maj.id})
    with pytest.raises(door.Forbidden):
        await wanted.look_again(other, thread.id, clock.today(), clock.today())
    async with browser(maj) as http:
        assert f"{where(world, thread)}/pairing" not in (await shown(http, world, thread)).actions()
    ann = await enter(world, "ann")
    await wanted.pair(ann, thread.id, {maj.id})
    with pytest.raises(Invalid, match="redan"):
        await wanted.pair(ann, thread.id, {maj.id})
    with pytest.raises(door.NotFound):
        await wanted.pair(ann, world.thread.id, {maj.id})


# ---- Looking again -------------------------------------------------------------------------


async def test_the_asker_looks_again_until_a_new_last_day(world: World, browser: Browsers) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    await wanted.join(await enter(world, "ann"), thread.id, joining=True)
    await wanted.pair(await enter(world, "bob"), thread.id, {world["ann"].id})
    before = await seq(world)
    renewal = f"{where(world, thread)}/renewal"
    async with browser(world["bob"]) as http:
        form = (await shown(http, world, thread)).form(renewal)
        assert form.values["wanted_month"] == f"{clock.today():%Y-%m}"
        sent = await form.send(http, wanted_month=f"{NEXT_YEAR}-03", last_day="")
        assert sent.headers["location"] == where(world, thread)
        page = await shown(http, world, thread)
    assert page.flash == flash.words("looking")
    assert heading(page) == gettext("Who joins in?")
    assert f"mars {NEXT_YEAR}." in section(page)
    assert "Ann Alm, Aneby" in section(page), "she is still in"
    assert f"{where(world, thread)}/pairing" in page.actions()
    assert await events(world, before) == [(EventKind.THREAD_REOPENED, world["bob"].id)]
    kept = await row("thread", id=thread.id)
    assert (kept["solved_at"], kept["ends_on"]) == (None, date(NEXT_YEAR, 3, 31))
    assert (await row("volunteer"))["chosen_at"] is None


async def test_a_month_that_has_passed_cannot_be_looked_for_again(
    world: World, browser: Browsers
) -> None:
    thread = await look_for(await enter(world, "bob"), world.area_id)
    await change("thread", thread.id, wanted_month=date(2020, 2, 1), ends_on=date(2020, 2, 29))
    renewal = f"{where(world, thread)}/renewal"
    async with browser(world["bob"]) as http:
        form = (await shown(http, world, thread)).form(renewal)
        assert form.values["wanted_month"] == ""
        for typed in ({}, {"wanted_month": "2020-02"}, {"wanted_month": "febr"}):
            page = Page(await form.send(http, **typed))
            assert page.status == 422
            assert set(page.errors) == {"wanted_month"}
            assert page.form(renewal).values["wanted_month"] == typed.get("wanted_month", "")


async def test_in_an_archive_it_is_read_and_nothing_more(world: World, browser: Browsers) -> None:
    thread = await look_for(await enter(world, "ann"), world.area_id)
    await wanted.join(await enter(world, "bob"), thread.id, joining=True)
    await change("network", world.network.id, state=NetworkState.ARCHIVED)
    for name in ("ann", "bob"):
        async with browser(world[name]) as http:
            page = await shown(http, world, thread)
            assert "Bob Berg, Habo" in section(page)
            assert [one for one in page.actions() if where(world, thread) in one] in (
                [], [f"{where(world, thread)}/read-mark"],
            )  # fmt: skip
            for noun in ("volunteers", "pairing", "renewal"):
                sent = await http.post(f"{where(world, thread)}/{noun}", data={})
                assert sent.status_code == 403
