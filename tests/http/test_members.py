"""Who is a member, as coordinators add, change and end it, and as others see it."""

from datetime import date, timedelta

import httpx
import pytest

from forum import directory, members, organisations, people
from forum.language import gettext
from forum.organisations import Coverage
from storage import clock, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Function
from storage.organisations import OrganisationKind
from storage.people import Person
from storage.roles import Role
from tests.http.pages import Page, words
from tests.http.records import Browsers, Row, change, events, everything, row, seq
from tests.world import World
from web import flash

JOINED, CHANGED, ENDED = (
    EventKind.MEMBER_JOINED,
    EventKind.MEMBER_CHANGED,
    EventKind.MEMBER_ENDED,
)


def base(world: World) -> str:
    return f"/n/{world.network.slug}"


def day(days: int) -> date:
    return clock.today() + timedelta(days=days)


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def membership(world: World, person: Person) -> Row:
    return await row("membership", network_id=world.network.id, person_id=person.id)


async def organisation(name: str) -> str:
    return str((await row("organisation", name=name))["id"])


async def joined(world: World, name: str, role: Role = Role.MEMBER) -> Person:
    """Open an account and make her a member since a month ago, for Mullsjö."""
    person = await people.add_person(name, f"{name.split()[0].lower()}@kommun.example")
    home = int(await organisation("Mullsjö"))
    ann = await enter(world, "ann")
    await members.add_member(ann, person, home, role=role, starts_on=day(-30))
    return person


async def add(http: httpx.AsyncClient, world: World, **fields: str) -> httpx.Response:
    """Fill in the form that adds a member, and send it."""
    form = Page(await http.get(f"{base(world)}/members/new")).form(f"{base(world)}/members")
    return await form.send(http, **{"organisation": await organisation("Tranås")} | fields)


async def save(
    http: httpx.AsyncClient, world: World, person: Person, **fields: str
) -> httpx.Response:
    """Change what the form on a member's page says, and send it."""
    there = f"{base(world)}/members/{(await membership(world, person))['id']}"
    return await Page(await http.get(there)).form(there).send(http, **fields)


async def end(http: httpx.AsyncClient, world: World, person: Person) -> httpx.Response:
    """Press the button that ends a membership."""
    there = f"{base(world)}/members/{(await membership(world, person))['id']}"
    return await Page(await http.get(there)).form(f"{there}/ending").send(http)


async def gets_in(browser: Browsers, world: World, person: Person) -> bool:
    async with browser(person) as http:
        answers = {
            (await http.get(address)).status_code
            for address in (base(world), f"{base(world)}/threads/{world.thread.id}")
        }
        start = Page(await http.get("/")).hrefs
    assert answers in ({200}, {404})
    assert (base(world) in start) == (answers == {200})
    return answers == {200}


# ---- Adding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "login", ["charlie.cederlof", " Charlie.Cederlof ", "charlie@kommun.example",
              "CHARLIE@Kommun.Example"]
)  # fmt: skip
async def test_a_coordinator_adds_somebody_by_username_or_address(
    world: World, browser: Browsers, login: str
) -> None:
    before, charlie = await seq(world), world["charlie"]
    assert not await gets_in(browser, world, charlie)
    async with browser(world["ann"]) as http:
        answer = await add(http, world, person=login, function="guide", role="guest",
                           ends_on=day(9).isoformat())  # fmt: skip
        page = Page(await http.get(answer.headers["location"]))
    assert answer.status_code == 303
    assert page.flash == flash.words("member-added")
    assert charlie.name in words(page.one(".//table"))
    found = await membership(world, charlie)
    assert (found["function"], found["role"]) == (Function.GUIDE, Role.GUEST)
    assert found["organisation_id"] == int(await organisation("Tranås"))
    assert (found["starts_on"], found["ends_on"]) == (clock.today(), day(9))
    assert await events(world, before) == [(JOINED, world["ann"].id)]
    assert await gets_in(browser, world, charlie)


async def test_a_member_is_a_representative_without_an_end_unless_otherwise_said(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        await add(http, world, person="charlie.cederlof")
    found = await membership(world, world["charlie"])
    assert (found["function"], found["role"]) == (Function.REPRESENTATIVE, Role.MEMBER)
    assert found["ends_on"] is None


BAD_ADDITIONS = {
    "nobody": ({"person": "ingen.alls"}, "person"),
    "nothing": ({"person": " "}, "person"),
    "a member already": ({"person": "bob.berg"}, "person"),
    "no organisation": ({"organisation": ""}, "organisation"),
    "an unknown organisation": ({"organisation": "999999"}, "organisation"),
    "an organisation by name": ({"organisation": "Habo"}, "organisation"),
    "a day that has passed": ({"ends_on": "2020-01-01"}, "ends_on"),
    "no day at all": ({"ends_on": "i höst"}, "ends_on"),
}


@pytest.mark.parametrize("case", BAD_ADDITIONS)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    world: World, browser: Browsers, case: str
) -> None:
    instead, field = BAD_ADDITIONS[case]
    typed = {
        "person": "charlie.cederlof",
        "organisation": await organisation("Tranås"),
        "function": "deputy",
        "role": "coordinator",
        "ends_on": day(9).isoformat(),
    } | instead
    before = await everything()
    async with browser(world["ann"]) as http:
        page = Page(await add(http, world, **typed))
    assert (page.status, list(page.errors)) == (422, [field])
    if field == "organisation":  # what is not in the list cannot be chosen in it
        typed["organisation"] = ""
    shown = page.form(f"{base(world)}/members").values
    assert {name: shown[name] for name in typed} == typed
    assert await everything() == before


# ---- Changing ------------------------------------------------------------------------------


async def test_a_coordinator_changes_what_a_member_is_here(world: World, browser: Browsers) -> None:
    before, bob = await seq(world), world["bob"]
    fields = {
        "organisation": await organisation("Mullsjö"),
        "function": "researcher",
        "role": "guest",
        "ends_on": day(30).isoformat(),
    }
    async with browser(world["ann"]) as http:
        assert (await save(http, world, bob, **fields)).status_code == 303
        there = f"{base(world)}/members/{(await membership(world, bob))['id']}"
        assert Page(await http.get(there)).form(there).values == fields
    found = await membership(world, bob)
    assert (found["function"], found["role"]) == (Function.RESEARCHER, Role.GUEST)
    assert found["ends_on"] == day(30)
    assert await events(world, before) == [(CHANGED, world["ann"].id)]


async def test_what_was_written_for_another_organisation_stays_so(
    world: World, browser: Browsers
) -> None:
    thread = f"{base(world)}/threads/{world.thread.id}"
    async with browser(world["ann"]) as http:
        await save(http, world, world["bob"], organisation=await organisation("Mullsjö"))
        page = Page(await http.get(thread))
    assert words(page.by_id("by-2")).startswith("Bob Berg, Habo")


async def test_a_new_role_holds_at_once(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as anns, browser(world["bob"]) as bobs:
        found = []
        for role in ("coordinator", "guest", "member"):
            assert (await save(anns, world, world["bob"], role=role)).status_code == 303
            found.append([
                (await bobs.get(f"{base(world)}/{page}")).status_code
                for page in ("members/new", "members", "threads/new")
            ])  # fmt: skip
    assert found == [[200, 200, 200], [403, 403, 403], [403, 200, 200]]


BAD_CHANGES = {
    "an unknown organisation": ({"organisation": "999999"}, 422),
    "a day that has passed": ({"ends_on": "2020-01-01"}, 422),
    "no day at all": ({"ends_on": "i höst"}, 422),
    "an unknown role": ({"role": "owner"}, 404),
    "no role": ({"role": ""}, 404),
}


@pytest.mark.parametrize("case", BAD_CHANGES)
async def test_a_change_that_cannot_be_is_refused(
    world: World, browser: Browsers, case: str
) -> None:
    fields, status = BAD_CHANGES[case]
    before = await everything()
    async with browser(world["ann"]) as http:
        answer = await save(http, world, world["bob"], **fields)
    assert answer.status_code == status
    if status == 422:
        assert list(Page(answer).errors) == list(fields)
    assert await everything() == before


@pytest.mark.parametrize("name", ["bob", "gus", "charlie", "olga", "eva"])
async def test_others_than_coordinators_change_no_membership(
    world: World, browser: Browsers, name: str
) -> None:
    mine = await membership(world, world["bob"])
    there = f"{base(world)}/members"
    fields = {"role": "coordinator", "organisation": str(mine["organisation_id"])}
    inside = name in {"bob", "gus"}
    before = await everything()
    async with browser(world[name]) as http:
        for address in (there, f"{there}/{mine['id']}", f"{there}/{mine['id']}/ending"):
            answer = await http.post(address, data=fields | {"person": "charlie.cederlof"})
            assert answer.status_code == (403 if inside else 404)
        if name == "bob":
            assert Page(await http.get(f"{there}/{mine['id']}")).actions() == []
    assert await everything() == before


async def test_a_coordinator_of_another_network_reaches_no_membership_of_this(
    world: World, browser: Browsers
) -> None:
    mine = await membership(world, world["bob"])
    there = f"/n/{world.elsewhere.slug}/members/{mine['id']}"
    fields = {"role": "guest", "organisation": str(mine["organisation_id"])}
    before = await everything()
    async with browser(world["charlie"]) as http:
        assert (await http.get(there)).status_code == 404
        assert (await http.post(there, data=fields)).status_code == 404
        assert (await http.post(f"{there}/ending")).status_code == 404
    assert await everything() == before


# ---- Ending --------------------------------------------------------------------------------


async def test_who_is_ended_is_out_at_once_and_what_she_wrote_stays(
    world: World, browser: Browsers
) -> None:
    before, bob = await seq(world), world["bob"]
    thread = f"{base(world)}/threads/{world.thread.id}"
    async with browser(world["ann"]) as http, browser(bob) as bobs:
        form = Page(await bobs.get(thread)).form(f"{thread}/replies")
        assert (await end(http, world, bob)).status_code == 303
        assert (await form.send(bobs, body="Jag är kvar")).status_code == 404
        assert (await bobs.get(base(world))).status_code == 404
        assert words(Page(await http.get(thread)).by_id("by-2")).startswith("Bob Berg, Habo")
        ended = f"{base(world)}/members/{(await membership(world, bob))['id']}"
        assert f"{ended}/ending" not in Page(await http.get(ended)).actions()
    assert (await membership(world, bob))["ends_on"] == day(-1)
    assert await events(world, before) == [(ENDED, world["ann"].id)]
    assert not await gets_in(browser, world, bob)


async def test_who_has_ended_already_is_not_ended_later(world: World, browser: Browsers) -> None:
    eva = await membership(world, world["eva"])
    await change("membership", eva["id"], ends_on=day(-20))
    before = await everything()
    async with browser(world["ann"]) as http:
        answer = await http.post(f"{base(world)}/members/{eva['id']}/ending")
    assert answer.status_code == 303
    assert await everything() == before


@pytest.mark.parametrize(
    ("starts", "ends", "inside"),
    [(-5, 0, True), (-5, 1, True), (-5, -1, False), (0, None, True), (1, None, False),
     (0, 0, True), (1, 5, False)],
)  # fmt: skip
async def test_a_membership_lasts_from_its_first_day_through_its_last(
    world: World, browser: Browsers, starts: int, ends: int | None, inside: bool
) -> None:
    bob = await membership(world, world["bob"])
    until = None if ends is None else day(ends)
    await change("membership", bob["id"], starts_on=day(starts), ends_on=until)
    assert await gets_in(browser, world, world["bob"]) == inside
    async with browser(world["ann"]) as http:
        page = Page(await http.get(f"{base(world)}/members"))
    (line,) = [one for one in page.all(".//tbody/tr") if "Bob Berg" in words(one)]
    assert bool(line.findall(".//span[@class='stamp draft']")) == (not inside)


async def test_today_can_be_the_last_day_but_not_yesterday(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        for days, status in ((-1, 422), (0, 303)):
            answer = await save(http, world, world["bob"], ends_on=day(days).isoformat())
            assert answer.status_code == status
    assert await gets_in(browser, world, world["bob"])


async def test_who_had_ended_can_come_back_as_something_else(
    world: World, browser: Browsers
) -> None:
    before, eva = await seq(world), world["eva"]
    old = await membership(world, eva)
    async with browser(world["ann"]) as http:
        answer = await add(http, world, person="eva.ek", role="coordinator", function="guide")
    assert answer.status_code == 303
    found = await membership(world, eva)
    assert found["id"] == old["id"], "one row for a person and a network"
    assert (found["role"], found["function"]) == (Role.COORDINATOR, Function.GUIDE)
    assert (found["starts_on"], found["ends_on"]) == (clock.today(), None)
    assert await events(world, before) == [(JOINED, world["ann"].id)]
    assert await gets_in(browser, world, eva)


# ---- The last coordinator ------------------------------------------------------------------


async def _refused_for_the_last_coordinator(
    http: httpx.AsyncClient, world: World, person: Person
) -> None:
    before = await everything()
    answers = [
        await end(http, world, person),
        await save(http, world, person, role="member"),
        await save(http, world, person, role="guest"),
        await save(http, world, person, ends_on=day(0).isoformat()),
        await save(http, world, person, ends_on=day(300).isoformat()),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    for answer in answers:
        assert Page(answer).errors == {
            "role": gettext(
                "The network needs a coordinator. Make somebody else coordinator first."
            )
        }
    assert await everything() == before


async def test_the_last_coordinator_cannot_go_nor_be_made_less(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        await _refused_for_the_last_coordinator(http, world, world["ann"])
        # What else she is can be changed.
        changed = await save(http, world, world["ann"], function="guide")
    assert changed.status_code == 303


@pytest.mark.parametrize("why", ["will end", "has ended", "has not begun", "only a member"])
async def test_a_coordinator_who_will_not_stay_does_not_count(
    world: World, browser: Browsers, why: str
) -> None:
    dana = await joined(world, "Dana Dahl", Role.COORDINATOR)
    found = await membership(world, dana)
    cases: dict[str, dict[str, object]] = {
        "will end": {"ends_on": day(100)},
        "has ended": {"ends_on": day(-1)},
        "has not begun": {"starts_on": day(1)},
        "only a member": {"role": Role.MEMBER.value},
    }
    await change("membership", found["id"], **cases[why])
    async with browser(world["ann"]) as http:
        await _refused_for_the_last_coordinator(http, world, world["ann"])


async def test_one_of_two_coordinators_can_go_and_then_the_other_cannot(
    world: World, browser: Browsers
) -> None:
    dana = await joined(world, "Dana Dahl", Role.COORDINATOR)
    async with browser(world["ann"]) as anns, browser(dana) as danas:
        answer = await end(anns, world, world["ann"])
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (await anns.get(base(world))).status_code == 404
        await _refused_for_the_last_coordinator(danas, world, dana)


async def test_another_networks_coordinator_does_not_count_here(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        await add(http, world, person="charlie.cederlof")
        await _refused_for_the_last_coordinator(http, world, world["ann"])


# ---- What others see -----------------------------------------------------------------------


async def test_members_see_each_other_with_organisation_and_contact(
    world: World, browser: Browsers
) -> None:
    dana = await joined(world, "Dana Ödman")
    await change("person", dana.id, phone="0370-123 45", title="handläggare")
    async with browser(world["bob"]) as http:
        page = Page(await http.get(f"{base(world)}/members"))
        shown = [words(one) for one in page.all(".//tbody/tr/th/a")]
        (line,) = [one for one in page.all(".//tbody/tr") if "Dana" in words(one)]
        hrefs = [one.attrib["href"] for one in line.iter("a")]
        alone = Page(await http.get(hrefs[0]))
        gone = await membership(world, world["eva"])
        assert (await http.get(f"{base(world)}/members/{gone['id'] + 99}")).status_code == 404
    assert shown == ["Ann Alm", "Bob Berg", "Dana Ödman", "Gus Gäst"], "and not Eva, who has ended"
    assert hrefs[1:] == ["mailto:dana@kommun.example", "tel:0370-12345"]
    assert "Mullsjö" in words(line)
    assert {"mailto:dana@kommun.example", "tel:0370-12345"} <= set(alone.hrefs)
    assert "@dana.odman" in [words(one) for one in alone.all(".//code")]


async def test_coordinators_see_who_has_ended_last(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        page = Page(await http.get(f"{base(world)}/members"))
    shown = [words(one) for one in page.all(".//tbody/tr/th/a")]
    assert shown == ["Ann Alm", "Bob Berg", "Gus Gäst", "Eva Ek"]


async def test_a_guest_sees_how_many_members_there_are_and_not_who(
    world: World, browser: Browsers
) -> None:
    dana = await joined(world, "Dana Dahl")
    mine = await membership(world, world["gus"])
    async with browser(world["gus"]) as http:
        for address in ("members", "members/new", f"members/{mine['id']}"):
            assert (await http.get(f"{base(world)}/{address}")).status_code == 403
        for address in ("", "/threads", f"/threads/{world.thread.id}"):
            answer = await http.get(base(world) + address)
            page = Page(answer)
            assert not [one for one in page.hrefs if "/members" in one or "mailto:" in one]
            assert dana.name not in answer.text, "she has written nothing"
            assert str(dana.email) not in answer.text
        network = Page(await http.get(base(world)))
    assert network.with_class("people") == []
    assert "4" in words(network.one(".//h1/../p"))
    assert "Mullsjö" not in words(network.one(".//main"))


async def test_the_network_page_counts_those_who_are_members_today(
    world: World, browser: Browsers
) -> None:
    found = []
    bob = await membership(world, world["bob"])
    async with browser(world["ann"]) as http:
        for ends_on in (None, day(0), day(-1)):
            await change("membership", bob["id"], ends_on=ends_on)
            page = Page(await http.get(base(world)))
            found.append((len(page.all(".//ul[@class='people']/li")),
                          await directory.count_members(await enter(world, "ann"))))  # fmt: skip
    assert found == [(3, 3), (3, 3), (2, 2)]


# ---- "9 av 13 kommuner" --------------------------------------------------------------------


async def test_of_thirteen_municipalities_nine_are_reached(world: World, browser: Browsers) -> None:
    """Two have lost their member, one will get hers, one had a coordinator; guests and regions
    are not counted, nor is a municipality that never had a member here."""
    ann = await enter(world, "ann")
    kinds = {
        **{f"Kommun {n:02}": OrganisationKind.MUNICIPALITY for n in range(10)},
        "Gästkommun": OrganisationKind.MUNICIPALITY,
        "Aldrigkommun": OrganisationKind.MUNICIPALITY,
        "Regionen": OrganisationKind.REGION,
        "Högskolan": OrganisationKind.UNIVERSITY,
        "Föreningen": OrganisationKind.OTHER,
    }
    made: dict[str, int] = {}
    for name, kind in kinds.items():
        home = await organisations.add_organisation(name, kind)
        person = await people.add_person(f"Person {name}")
        if name != "Aldrigkommun":
            role = Role.GUEST if name == "Gästkommun" else Role.MEMBER
            since = day(-9)
            added = await members.add_member(ann, person, home.id, role=role, starts_on=since)
            made[name] = added.id
    # Aneby and Habo have Ann and Bob; Mullsjö had Eva; Tranås has Gus, a guest.
    await change("membership", made["Kommun 07"], ends_on=day(-1))
    await change("membership", made["Kommun 08"], starts_on=day(1))
    await change("membership", made["Kommun 09"], ends_on=day(-1), role="coordinator")
    await change("membership", made["Kommun 00"], ends_on=day(0))

    found = await organisations.coverage(ann)
    reached = ["Aneby", "Habo", *(f"Kommun {n:02}" for n in range(7))]
    missing = ["Kommun 07", "Kommun 08", "Kommun 09", "Mullsjö"]
    assert found == Coverage(reached, missing)
    assert (len(found.reached), found.total) == (9, 13)
    async with browser(world["bob"]) as http:
        for address in (base(world), f"{base(world)}/members"):
            shown = words(Page(await http.get(address)).one(".//main"))
            assert str(found) in shown
            assert found.named_missing() in shown


async def test_two_members_of_a_municipality_count_as_one_and_the_one_who_stays_is_enough(
    world: World,
) -> None:
    dana, frank = await joined(world, "Dana Dahl"), await joined(world, "Frank Falk")
    ann = await enter(world, "ann")
    everyone = ["Aneby", "Habo", "Mullsjö"]
    assert await organisations.coverage(ann) == Coverage(everyone, [])
    await members.end_member(ann, (await membership(world, dana))["id"])
    assert await organisations.coverage(ann) == Coverage(everyone, [])
    await members.end_member(ann, (await membership(world, frank))["id"])
    assert await organisations.coverage(ann) == Coverage(["Aneby", "Habo"], ["Mullsjö"])


async def test_a_network_without_municipalities_says_nothing_of_them(
    world: World, browser: Browsers
) -> None:
    tranas = await row("organisation", name="Tranås")
    await change("organisation", tranas["id"], kind="region")
    async with browser(world["charlie"]) as http:
        shown = words(Page(await http.get(f"/n/{world.elsewhere.slug}")).one(".//main"))
    assert str(Coverage([], [])) not in shown
