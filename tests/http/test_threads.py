"""Asking, discussing, and writing notices: the form, what it refuses, and what it makes."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest

from forum import areas, discussions, marks, members, networks, organisations, people, titles
from forum.language import gettext, ngettext
from storage import clock, door
from storage.discussions import ThreadKind
from storage.events import EventKind
from storage.organisations import OrganisationKind
from storage.roles import Role
from tests.http.pages import Form, Page, words
from tests.http.records import Browsers, change, events, everything, row, rows, seq
from tests.world import World, ask
from web import flash

TITLE = "Hur bedömer ni ledsagarservice?"
BODY = "När personen bor i **gruppbostad**."


def here(world: World) -> str:
    return f"/n/{world.network.slug}"


async def the_form(http: httpx.AsyncClient, world: World, query: str = "") -> Form:
    page = Page(await http.get(f"{here(world)}/threads/new{query}"))
    assert page.status == 200
    return page.form(f"{here(world)}/threads")


def filled_in(world: World, **instead: str) -> dict[str, str]:
    return {"title": TITLE, "area": str(world.area_id), "body": BODY, **instead}


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)


def number_in(response: httpx.Response) -> int:
    assert response.status_code == 303, response.status_code
    return int(response.headers["location"].rpartition("/")[2])


# ---- Posting -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["question", "discussion"])
async def test_a_member_starts_a_thread_and_reads_it(
    world: World, browser: Browsers, kind: str
) -> None:
    before, bob = await seq(world), world["bob"]
    async with browser(bob) as http:
        posted = await (await the_form(http, world)).send(http, **filled_in(world, kind=kind))
        page = Page(await http.get(posted.headers["location"]))
    thread = await row("thread", id=number_in(posted))
    assert (thread["kind"], thread["title"], thread["body"]) == (kind, TITLE, BODY)
    assert (thread["network_id"], thread["area_id"]) == (world.network.id, world.area_id)
    assert (thread["author_id"], thread["version"], thread["last_number"]) == (bob.id, 1, 1)
    home = await row("organisation", id=thread["organisation_id"])
    assert home["name"] == "Habo"
    assert page.heading == TITLE
    assert page.flash == flash.words("asked" if kind == "question" else "posted")
    post = page.by_id("post-1")
    assert words(post.findall(".//strong")[0]) == "gruppbostad"
    assert words(page.by_id("by-1")).startswith("Bob Berg, Habo")
    assert await events(world, before) == [(EventKind.THREAD_CREATED, bob.id)]
    assert [one["thread_id"] for one in await rows("event", seq=before + 1)] == [thread["id"]]
    assert (await row("read_mark", thread_id=thread["id"]))["person_id"] == bob.id


async def test_the_form_begins_with_a_question_and_takes_kind_and_area_from_the_link(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    other = await areas.add_area(ann, "Boende")
    async with browser(world["ann"]) as http:
        plain = await the_form(http, world)
        linked = await the_form(http, world, f"?kind=discussion&area={other.id}")
    assert (plain.values["kind"], plain.values["area"]) == ("question", "")
    assert (linked.values["kind"], linked.values["area"]) == ("discussion", str(other.id))


async def test_the_only_area_is_chosen_already(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        assert (await the_form(http, world)).values["area"] == str(world.area_id)


async def test_an_unknown_kind_is_a_question(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        posted = await (await the_form(http, world)).send(http, **filled_in(world, kind="party"))
    assert (await row("thread", id=number_in(posted)))["kind"] == "question"


# ---- What is refused -----------------------------------------------------------------------


async def test_every_field_that_is_wrong_is_told_at_once_and_nothing_is_written(
    world: World, browser: Browsers
) -> None:
    before = await everything()
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        page = Page(await form.send(http, kind="notice", title=" ", area="", body="\n", ends_on=""))
    assert page.status == 422
    assert page.errors == {
        "title": gettext("Write a title."),
        "area": gettext("Choose a subject area."),
        "ends_on": gettext("Choose the last day that the notice is shown on top."),
        "body": gettext("Write something first."),
    }
    (summary,) = page.with_class("error-summary")
    assert words(summary.findall("h2")[0]) == ngettext(
        "There is %(num)s thing to correct", "There are %(num)s things to correct", 4
    ) % {"num": 4}
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    assert page.title.startswith(gettext("Error:"))
    assert len(page.ids) == len(set(page.ids))
    assert await everything() == before


WRONG = {
    "title": {"title": "x" * (titles.TITLE_LIMIT + 1)},
    "no title": {"title": ""},
    "area": {"area": "999999"},
    "body": {"body": "ord " * 8001},
    "date": {"ends_on": "30/6 2027"},
    "past date": {"ends_on": "2020-02-29"},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_nothing_that_was_typed_is_lost(world: World, browser: Browsers, wrong: str) -> None:
    typed = (
        filled_in(
            world,
            kind="notice",
            ends_on=later(3).isoformat(),
            # What belongs to other kinds of threads is not lost either.
            asks_all="yes",
            answer_by="2099-01-31",
            wanted_in=str(world.thread.organisation_id),
            wanted_month="2099-01",
            last_day="2099-01-02",
            short="Kort sagt: **allt**.",
            body="\n\n  Först </textarea><xss> & \"allt\"\nsedan – 'resten' &amp; 🙂\n\n",
        )
        | WRONG[wrong]
    )
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        # As browsers do it: they send CR LF.
        answer = await form.send(http, **typed | {"body": typed["body"].replace("\n", "\r\n")})
        page = Page(answer)
        again = page.form(f"{here(world)}/threads").values
    assert page.status == 422
    assert len(page.errors) == 1
    if wrong == "area":  # what is not in the list cannot be chosen in it
        typed["area"] = ""
    own = {name: form.values[name] for name in ("form_key", "place", "draft_saved")}
    assert again == typed | own


async def test_what_came_back_with_an_error_can_be_corrected_and_posted(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        refused = await (await the_form(http, world)).send(http, **filled_in(world, title=""))
        corrected = Page(refused).form(f"{here(world)}/threads")
        posted = await corrected.send(http, title=TITLE)
    thread = await row("thread", id=number_in(posted))
    assert (thread["title"], thread["body"]) == (TITLE, BODY)


TITLES = {
    "x": "x",
    "å" * 160: "å" * 160,
    " " * 300 + "😀" * 160 + "\t": "😀" * 160,
    "Två\r\nrader  och\tmellanrum": "Två rader och mellanrum",
    "vän\u202eder \x1bpå\u2066 sig": "vänder på sig",
    "o\u0308" * 160: "ö" * 160,
}


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
async def test_a_title_has_one_line_of_up_to_160_characters(
    world: World, browser: Browsers, title: str
) -> None:
    async with browser(world["bob"]) as http:
        posted = await (await the_form(http, world)).send(http, **filled_in(world, title=title))
    assert (await row("thread", id=number_in(posted)))["title"] == TITLES[title]


@pytest.mark.parametrize("title", ["", "  \n\t ", "\u202e", "å" * 161], ids=range(4))
async def test_a_title_that_is_empty_or_too_long_is_refused(
    world: World, browser: Browsers, title: str
) -> None:
    before = await everything()
    async with browser(world["bob"]) as http:
        refused = await (await the_form(http, world)).send(http, **filled_in(world, title=title))
    said = gettext("Write a title.")
    if title.startswith("å"):
        said = gettext("The title may have at most %(limit)d characters.") % {"limit": 160}
    assert (refused.status_code, Page(refused).errors) == (422, {"title": said})
    assert await everything() == before


@pytest.mark.parametrize("area", ["elsewhere", "", "0", "-1", "LSS", "9" * 15, "9" * 40])
async def test_an_area_that_is_not_the_networks_own_is_refused(
    world: World, browser: Browsers, area: str
) -> None:
    before = await everything()
    if area == "elsewhere":
        area = str((await row("area", network_id=world.elsewhere.id))["id"])
    async with browser(world["bob"]) as http:
        refused = await (await the_form(http, world)).send(http, **filled_in(world, area=area))
    assert refused.status_code == 422
    assert Page(refused).errors == {"area": gettext("Choose a subject area.")}
    assert await everything() == before


async def test_a_network_without_areas_says_so_instead_of_showing_a_form(
    world: World, browser: Browsers
) -> None:
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    (area,) = await areas.areas_of(charlie)
    await areas.remove_area(charlie, area.id)
    async with browser(world["charlie"]) as http:
        page = Page(await http.get(f"/n/{world.elsewhere.slug}/threads/new"))
    assert page.actions() == []
    assert gettext("There are no subject areas yet.") in words(page.one(".//main"))


# ---- Notices -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bob", "gus"])
async def test_others_than_coordinators_write_no_notice(
    world: World, browser: Browsers, name: str
) -> None:
    before = await everything()
    notice = filled_in(world, kind="notice", ends_on=later(3).isoformat())
    async with browser(world[name]) as http:
        assert (await http.get(f"{here(world)}/threads/new?kind=notice")).status_code == 403
        assert (await http.post(f"{here(world)}/threads", data=notice)).status_code == 403
    assert await everything() == before


async def test_only_coordinators_are_offered_to_write_a_notice(
    world: World, browser: Browsers
) -> None:
    offered = {}
    for name in ("ann", "bob"):
        async with browser(world[name]) as http:
            form = (await the_form(http, world)).element
        offered[name] = [
            one.get("value") for one in form.iter("input") if one.get("name") == "kind"
        ]
    assert offered == {"ann": ["question", "discussion", "wanted", "notice"],
                       "bob": ["question", "discussion", "wanted"]}  # fmt: skip


async def on_top(http: httpx.AsyncClient, world: World) -> list[str]:
    """The notices on the network's page, in their order."""
    page = Page(await http.get(here(world)))
    return [section.findall(".//h2/a")[0].attrib["href"] for section in page.with_class("notice")]


async def test_a_notice_is_on_top_through_its_last_day_and_in_the_lists_for_ever(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        notice = filled_in(world, kind="notice", ends_on=later(3).isoformat())
        there = (await form.send(http, **notice)).headers["location"]
        notice_id = int(there.rpartition("/")[2])
        assert (await row("thread", id=notice_id))["ends_on"] == later(3)
        page = Page(await http.get(there))
        assert later(3).isoformat() in [one.get("datetime") for one in page.all(".//dd/time")]
    async with browser(world["gus"]) as http:
        for days, shown in ((3, [there]), (0, [there]), (-1, [])):
            await change("thread", notice_id, ends_on=later(days))
            assert await on_top(http, world) == shown, days
        assert there in Page(await http.get(f"{here(world)}/threads")).hrefs


async def test_the_newest_notice_comes_first_whatever_is_answered(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    made = [
        await ask(ann, f"Anslag {number}", "Läs!", world.area_id, ThreadKind.NOTICE)
        for number in range(3)
    ]
    await discussions.post_reply(ann, made[0].id, "Mer om detta.", "mer")
    async with browser(world["bob"]) as http:
        shown = await on_top(http, world)
    assert shown == [f"{here(world)}/threads/{one.id}" for one in reversed(made)]


async def test_another_networks_notices_are_not_on_top_here(
    world: World, browser: Browsers
) -> None:
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    (area,) = await areas.areas_of(charlie)
    await ask(charlie, "Anslag", "Läs!", area.id, ThreadKind.NOTICE)
    async with browser(world["bob"]) as http:
        assert await on_top(http, world) == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "Choose the last day that the notice is shown on top."),
        (-1, "Choose today or a later day."),
        (0, None),
    ],
)
async def test_a_notice_needs_a_last_day_that_has_not_passed(
    world: World, browser: Browsers, days: int | None, said: str | None
) -> None:
    ends_on = "" if days is None else later(days).isoformat()
    async with browser(world["ann"]) as http:
        form = await the_form(http, world, "?kind=notice")
        answer = await form.send(http, **filled_in(world, kind="notice", ends_on=ends_on))
        assert answer.status_code == (422 if said else 303)
        if said:
            assert Page(answer).errors == {"ends_on": gettext(said)}


@pytest.mark.parametrize("text", ["30/6 2027", "2027-02-30", "imorgon", "2027-06"])
async def test_a_date_that_is_none_is_explained(world: World, browser: Browsers, text: str) -> None:
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        page = Page(await form.send(http, **filled_in(world, kind="notice", ends_on=text)))
    assert page.errors == {
        "ends_on": gettext("Write the date as year-month-day, such as 2027-06-30.")
    }


async def test_a_question_has_no_last_day(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        posted = await form.send(http, **filled_in(world, ends_on=later(3).isoformat()))
    assert (await row("thread", id=number_in(posted)))["ends_on"] is None


# ---- Guests --------------------------------------------------------------------------------


async def test_a_guest_answers_but_does_not_ask(world: World, browser: Browsers) -> None:
    thread = f"{here(world)}/threads/{world.thread.id}"
    before = await everything()
    async with browser(world["gus"]) as http:
        assert (await http.get(f"{here(world)}/threads/new")).status_code == 403
        for more in ({}, {"preview": "yes"}, {"title": ""}):
            asked = await http.post(f"{here(world)}/threads", data=filled_in(world, **more))
            assert asked.status_code == 403
        assert await everything() == before
        for address in (here(world), f"{here(world)}/threads", thread):
            asking = f"{here(world)}/threads/new"
            hrefs = Page(await http.get(address)).hrefs
            assert not [href for href in hrefs if href.startswith(asking)]
        form = Page(await http.get(thread)).form(f"{thread}/replies")
        assert (await form.send(http, body="Hos oss går det bra.")).status_code == 303
    assert [one["author_id"] for one in await rows("reply")][-1] == world["gus"].id


# ---- Preview -------------------------------------------------------------------------------


async def test_without_a_script_the_preview_is_on_the_page_with_all_that_was_typed(
    world: World, browser: Browsers
) -> None:
    typed = filled_in(world, kind="notice", ends_on=later(3).isoformat())
    before = await everything()
    async with browser(world["ann"]) as http:
        form = await the_form(http, world)
        page = Page(await form.send(http, **typed, preview="yes"))
        again = page.form(f"{here(world)}/threads")
        (preview,) = page.with_class("preview")
        assert page.status == 200
        assert [words(one) for one in preview.findall(".//strong")] == ["gruppbostad"]
        assert again.values == form.values | typed
        assert await everything() == before
        assert (await again.send(http)).status_code == 303


async def test_a_preview_needs_no_more_than_a_text(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        form = await the_form(http, world)
        page = Page(await form.send(http, title="", area="", body="*Så*", preview="yes"))
        assert (page.status, page.errors, len(page.with_class("preview"))) == (200, {}, 1)
        empty = Page(await form.send(http, title="", area="", body=" ", preview="yes"))
        assert (empty.status, list(empty.errors)) == (422, ["body"])


@pytest.mark.parametrize("name", ["bob", "gus"])
async def test_a_script_gets_the_preview_as_a_fragment(
    world: World, browser: Browsers, name: str
) -> None:
    before = await everything()
    async with browser(world[name]) as http:
        shown = await http.post(f"{here(world)}/previews", data={"body": "**Så** @ann.alm <xss>"})
        refused = await http.post(f"{here(world)}/previews", data={"body": "*" * 2001})
    page = Page(shown)
    assert [one.tag for one in page.root] == ["section"]
    assert (shown.status_code, words(page.one(".//strong"))) == (200, "Så")
    assert page.one(".//h3[@data-preview-heading]").get("tabindex") == "-1"
    assert "<xss" not in shown.text
    # A guest, who may not list members, does not find them out by trying names.
    named = [words(link) for link in page.all(".//a")]
    assert named == (["@Ann Alm"] if name == "bob" else [])
    assert [words(one) for one in Page(refused).with_class("field-error")] == [
        TOO_MANY % {"limit": 2_000, "character": "*"}
    ]
    assert await everything() == before


# ---- Bounds of the text --------------------------------------------------------------------

TOO_MANY = gettext("The text may hold the character %(character)s at most %(limit)d times.")
BOUNDS = {
    "empty": ("", gettext("Write something first.")),
    "blank": (" \n\t\u00a0\n", gettext("Write something first.")),
    "invisible": ("\u200b\u202e&#8203;", gettext("Write something first.")),
    "too long": (
        "å" * 32_001,
        gettext("The text may have at most %(limit)d characters; it has %(found)d. Shorten it.")
        % {"limit": 32_000, "found": 32_001},
    ),
    "cells": (
        "|".join(["a"] * 41) + "\n" + "|".join(["-"] * 41) + "\n" + "a|\n" * 50,
        gettext("Tables may have at most %(limit)d cells together. Divide the table.")
        % {"limit": 2_000},
    ),
    "marks": ("_" * 2_001, TOO_MANY % {"limit": 2_000, "character": "_"}),
    "html": (
        "€" * 22_000,
        gettext("The text has too much formatting. Simplify it or divide it in two."),
    ),
}


@pytest.mark.parametrize("bound", BOUNDS)
async def test_a_text_beyond_a_bound_comes_back_with_the_reason(
    world: World, browser: Browsers, bound: str
) -> None:
    body, said = BOUNDS[bound]
    before = await everything()
    thread = f"{here(world)}/threads/{world.thread.id}"
    async with browser(world["bob"]) as http:
        asked = Page(await (await the_form(http, world)).send(http, **filled_in(world, body=body)))
        reply = Page(await http.get(thread)).form(f"{thread}/replies")
        answered = Page(await reply.send(http, body=body))
        preview = await http.post(f"{here(world)}/previews", data={"body": body})
    assert (asked.status, asked.errors) == (422, {"body": said})
    assert (answered.status, answered.errors) == (422, {"body": said})
    assert [words(one) for one in Page(preview).with_class("field-error")] == [said]
    assert asked.form(f"{here(world)}/threads").values["body"] == body
    assert answered.form(f"{thread}/replies").values["body"] == body
    assert await everything() == before


async def test_a_text_at_the_limit_is_taken_as_it_is(world: World, browser: Browsers) -> None:
    body = "Två ord. " * 3555 + "å" * 5
    assert len(body) == 32_000
    async with browser(world["bob"]) as http:
        posted = await (await the_form(http, world)).send(http, **filled_in(world, body=body))
    assert (await row("thread", id=number_in(posted)))["body"] == body


# ---- The same form twice -------------------------------------------------------------------


async def test_a_form_sent_twice_makes_one_thread(world: World, browser: Browsers) -> None:
    before, there = await seq(world), len(await rows("thread"))
    async with browser(world["bob"]) as http:
        form = await the_form(http, world)
        first = await form.send(http, **filled_in(world))
        second = await form.send(http, **filled_in(world))
    assert number_in(first) == number_in(second)
    assert len(await rows("thread")) == there + 1
    assert await events(world, before) == [(EventKind.THREAD_CREATED, world["bob"].id)]


async def test_a_form_sent_many_times_at_once_makes_one_thread(
    world: World, browser: Browsers
) -> None:
    there = len(await rows("thread"))
    async with browser(world["bob"]) as http:
        form = await the_form(http, world)
        answers = await asyncio.gather(*(form.send(http, **filled_in(world)) for _ in range(5)))
    assert len({number_in(answer) for answer in answers}) == 1
    assert len(await rows("thread")) == there + 1


@pytest.mark.parametrize(
    "other", [{"title": "En annan fråga"}, {"body": "En annan text."}, {"kind": "discussion"}]
)
async def test_the_same_form_with_something_else_in_it_makes_another_thread(
    world: World, browser: Browsers, other: dict[str, str]
) -> None:
    async with browser(world["bob"]) as http:
        form = await the_form(http, world)
        first = await form.send(http, **filled_in(world))
        second = await form.send(http, **filled_in(world, **other))
    assert number_in(first) != number_in(second)


async def test_the_same_words_in_another_form_make_another_thread(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        first = await (await the_form(http, world)).send(http, **filled_in(world))
        second = await (await the_form(http, world)).send(http, **filled_in(world))
    assert number_in(first) != number_in(second)


# ---- Escaping ------------------------------------------------------------------------------

EVIL = "<xss onload=alert(1)>\"'&amp;</title></textarea>"


async def test_what_people_write_is_shown_as_text_wherever_it_stands(
    world: World, browser: Browsers
) -> None:
    """One name for all that can be named, and every page on which it can be read."""
    home = await organisations.add_organisation(f"O {EVIL}", OrganisationKind.MUNICIPALITY)
    eve = await people.add_person(f"Eve {EVIL} Evil", "eve@kommun.example", f"W {EVIL}")
    network = await networks.create_network(
        world["olga"], f"N {EVIL}", eve, home, description=f"D {EVIL}", slug="evil"
    )
    inside = await door.enter(eve, "evil")
    area = await areas.add_area(inside, f"A {EVIL}", f"B {EVIL}")
    joined = await members.add_member(inside, world["bob"], home.id, role=Role.COORDINATOR)
    asked = await ask(inside, f"T {EVIL}", f"{EVIL} @{eve.username}", area.id)
    noted = await ask(inside, f"U {EVIL}", EVIL, area.id, ThreadKind.NOTICE)
    reply = await discussions.post_reply(inside, asked.id, EVIL, "evil")
    await marks.mark_helpful(inside, reply.id, helpful=True)
    base, thread = "/n/evil", f"/n/evil/threads/{asked.id}"
    addresses = {
        "/": "TNAO",
        "/networks": "N",
        base: "TUNDAO",
        f"{base}/threads": "TUNAO",
        f"{base}/threads?area={area.id}": "TUNAB",
        f"{base}/threads/new": "NA",
        thread: "TNAOW",
        f"{thread}?quote=2": "TNAO",
        f"{base}/threads/{noted.id}": "UNA",
        f"{base}/members": "NOW",
        f"{base}/members/new": "NO",
        f"{base}/members/{inside.membership.id}": "NOW",
        f"{base}/members/{joined.id}": "NO",
        f"{base}/areas": "NAB",
        f"{base}/settings": "ND",
    }
    of_operator = {
        "/operator/networks": "N",
        "/operator/networks/new": "NO",
        f"/operator/networks/{network.id}/coordinators": "NO",
    }
    for name, pages in (("bob", addresses), ("olga", of_operator)):
        async with browser(world[name]) as http:
            for address, shown in pages.items():
                await _is_harmless(await http.get(address), shown)
            if name == "bob":
                for path, fields in {
                    f"{base}/threads": {"title": f"T {EVIL}", "body": "", "ends_on": EVIL},
                    f"{thread}/replies": {"body": EVIL, "preview": "yes"},
                    f"{base}/members": {"person": EVIL, "name": EVIL, "ends_on": EVIL},
                    f"{base}/areas": {"name": f"A {EVIL}" * 3, "description": f"B {EVIL}"},
                }.items():
                    await _is_harmless(await http.post(path, data=fields), "N")


async def _is_harmless(response: httpx.Response, shown: str) -> None:
    assert response.status_code in {200, 422}, response.url
    assert "<xss" not in response.text.lower(), response.url
    page = Page(response)
    for element in page.root.iter():
        assert element.tag != "xss"
        assert not [name for name in element.attrib if name.startswith("on")], element.attrib
    texts = "".join(page.root.itertext()) + "".join(
        value for element in page.root.iter() for value in element.attrib.values()
    )
    missing = [letter for letter in shown if f"{letter} {EVIL}" not in texts]
    assert not missing, f"{response.url} does not show {missing} as it was written"
