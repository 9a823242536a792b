"""Networks: what coordinators change of them, and what an operator may do from outside."""

import pytest

from forum import members, networks
from storage import clock, door
from storage.events import EventKind
from storage.networks import Function, NetworkKind, NetworkState
from storage.roles import Role
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, events, everything, row, rows, seq
from tests.world import SECRET_TITLE, World
from web import flash

NEW = "/operator/networks/new"


def base(world: World) -> str:
    return f"/n/{world.network.slug}"


async def organisation(name: str) -> str:
    return str((await row("organisation", name=name))["id"])


async def filled_in(**instead: str) -> dict[str, str]:
    return {
        "name": "Vägledare i länet",
        "person": "bob.berg",
        "organisation": await organisation("Habo"),
        **instead,
    }


# ---- Settings ------------------------------------------------------------------------------


async def test_a_coordinator_renames_and_describes_the_network_and_its_address_stays(
    world: World, browser: Browsers
) -> None:
    before = await seq(world)
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{base(world)}/settings")).form(f"{base(world)}/settings")
        assert form.values == {"name": "Boendestöd", "description": world.network.description}
        answer = await form.send(
            http, name=" Stöd i \n boendet ", description="För alla.\nI länet."
        )
        page = Page(await http.get(answer.headers["location"]))
        front = Page(await http.get(base(world)))
    assert (answer.status_code, page.flash) == (303, flash.words("saved"))
    found = await row("network", id=world.network.id)
    assert (found["name"], found["description"]) == ("Stöd i boendet", "För alla.\nI länet.")
    assert (found["slug"], front.heading) == (world.network.slug, "Stöd i boendet")
    assert await events(world, before) == [(EventKind.NETWORK_CHANGED, world["ann"].id)]


async def test_a_network_is_archived_and_brought_back(world: World, browser: Browsers) -> None:
    thread = f"{base(world)}/threads/{world.thread.id}"
    async with browser(world["ann"]) as http:
        for archived in (True, False):
            form = Page(await http.get(f"{base(world)}/settings")).form(f"{base(world)}/settings")
            assert ("archived" in form.values) == (not archived)
            values = {one: form.values[one] for one in ("name", "description")}
            box = {"archived": "yes"} if archived else {}
            assert (await http.post(form.action, data=values | box)).status_code == 303
            state = NetworkState.ARCHIVED if archived else NetworkState.ACTIVE
            assert (await row("network", id=world.network.id))["state"] == state
            assert (f"{thread}/replies" in Page(await http.get(thread)).actions()) == (not archived)
            async with browser(world["bob"]) as bobs:
                for address in ("/", "/networks"):
                    assert base(world) in Page(await bobs.get(address)).hrefs
                answer = await bobs.post(f"{thread}/replies", data={"body": f"Hej {archived}"})
            assert answer.status_code == (403 if archived else 303)


@pytest.mark.parametrize("name", ["", " \n", "å" * 121], ids=["empty", "blank", "long"])
async def test_a_network_needs_a_name_of_one_line(
    world: World, browser: Browsers, name: str
) -> None:
    before = await everything()
    typed = {"name": name, "description": "Det jag skrev.", "archived": "yes"}
    async with browser(world["ann"]) as http:
        page = Page(await http.post(f"{base(world)}/settings", data=typed))
    assert (page.status, list(page.errors)) == (422, ["name"])
    assert page.form(f"{base(world)}/settings").values == typed
    assert await everything() == before


@pytest.mark.parametrize(("name", "status"), [("bob", 403), ("gus", 403), ("olga", 404)])
async def test_others_than_coordinators_change_no_settings(
    world: World, browser: Browsers, name: str, status: int
) -> None:
    before = await everything()
    async with browser(world[name]) as http:
        assert (await http.get(f"{base(world)}/settings")).status_code == status
        answer = await http.post(f"{base(world)}/settings", data={"name": "Annat"})
        assert answer.status_code == status
    assert await everything() == before


# ---- Operators -----------------------------------------------------------------------------


async def test_an_operator_creates_a_network_with_a_coordinator_and_does_not_get_in(
    world: World, browser: Browsers
) -> None:
    there = "/n/vagledare-i-lanet"
    async with browser(world["olga"]) as http:
        form = Page(await http.get(NEW)).form(NEW)
        fields = await filled_in(description="För vägledare.", kind="project")
        answer = await form.send(http, **fields)
        page = Page(await http.get(answer.headers["location"]))
        assert (answer.status_code, page.flash) == (303, flash.words("network-created"))
        assert "Vägledare i länet" in [words(one) for one in page.all(".//tbody/tr/th")]
        for address in (there, f"{there}/threads", f"{there}/members", f"{there}/settings"):
            assert (await http.get(address)).status_code == 404
        assert there not in Page(await http.get("/")).hrefs
    found = await row("network", slug="vagledare-i-lanet")
    assert (found["kind"], found["parent_id"]) == (NetworkKind.PROJECT, None)
    assert (found["state"], found["description"]) == (NetworkState.ACTIVE, "För vägledare.")
    only = await row("membership", network_id=found["id"])
    assert (only["person_id"], only["role"]) == (world["bob"].id, Role.COORDINATOR)
    assert (only["starts_on"], only["ends_on"]) == (clock.today(), None)
    assert only["organisation_id"] == int(await organisation("Habo"))
    (event,) = await rows("event", network_id=found["id"])
    assert (event["seq"], event["actor_id"]) == (1, world["olga"].id)
    assert event["membership_id"] == only["id"]
    async with browser(world["bob"]) as http:
        assert (await http.get(f"{there}/members/new")).status_code == 200


async def test_a_work_group_belongs_to_a_network_and_inherits_no_member(
    world: World, browser: Browsers
) -> None:
    async with browser(world["olga"]) as http:
        fields = await filled_in(kind="work_group", parent=str(world.network.id), person="gus.gast")
        assert (await Page(await http.get(NEW)).form(NEW).send(http, **fields)).status_code == 303
    found = await row("network", slug="vagledare-i-lanet")
    assert (found["kind"], found["parent_id"]) == (NetworkKind.WORK_GROUP, world.network.id)
    assert len(await rows("membership", network_id=found["id"])) == 1
    statuses = {}
    for name in ("ann", "bob", "gus"):
        async with browser(world[name]) as http:
            statuses[name] = (await http.get("/n/vagledare-i-lanet")).status_code
    assert statuses == {"ann": 404, "bob": 404, "gus": 200}, "nor are coordinators above it let in"


SLUGS = {
    "the name": ({}, "vagledare-i-lanet"),
    "one's own": ({"slug": "Vägledare"}, "vagledare"),
    "signs": ({"name": "LSS & SoL – 9 kap. §§ 1–2!"}, "lss-sol-9-kap-12"),
    "foreign letters": ({"name": "Bokmål og Øl"}, "bokmal-og-ol"),
    "too long": ({"name": "ab " * 40}, "-".join(["ab"] * 20)),
}


@pytest.mark.parametrize("case", SLUGS)
async def test_an_address_is_made_of_letters_that_everybody_can_type(
    world: World, browser: Browsers, case: str
) -> None:
    fields, slug = SLUGS[case]
    async with browser(world["olga"]) as http:
        answer = await http.post(NEW, data=await filled_in(**fields))
    assert answer.status_code == 303
    assert (await rows("network"))[-1]["slug"] == slug
    async with browser(world["bob"]) as http:
        assert (await http.get(f"/n/{slug}")).status_code == 200


BAD_NETWORKS = {
    "no name": ({"name": " "}, ["name"]),
    "a long name": ({"name": "å" * 121}, ["name"]),
    "an address without letters": ({"slug": "–!"}, ["slug"]),
    "a name without letters": ({"name": "日本"}, ["slug"]),
    "a reserved address": ({"slug": "new"}, ["slug"]),
    "a taken address": ({"slug": "Boendestöd"}, ["slug"]),
    "a taken name": ({"name": "Boendestöd"}, ["slug"]),
    "nobody": ({"person": "ingen.alls"}, ["person"]),
    "no organisation": ({"organisation": ""}, ["organisation"]),
    "nobody and nothing": ({"person": "", "organisation": "999999"}, ["person", "organisation"]),
    "no such parent": ({"parent": "999999"}, ["parent"]),
}


@pytest.mark.parametrize("case", BAD_NETWORKS)
async def test_a_network_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    world: World, browser: Browsers, case: str
) -> None:
    instead, fields = BAD_NETWORKS[case]
    typed = await filled_in(description="Det jag skrev.", kind="work_group", slug="", parent="")
    typed |= instead
    before = await everything()
    async with browser(world["olga"]) as http:
        page = Page(await http.post(NEW, data=typed))
    assert (page.status, list(page.errors)) == (422, fields)
    # What is not in a list cannot be chosen in it.
    typed |= {one: "" for one in ("organisation", "parent") if typed[one] == "999999"}
    assert page.form(NEW).values == typed
    assert await everything() == before


@pytest.mark.parametrize("name", ["eva", "charlie", "bob"])
async def test_an_operator_names_a_coordinator_of_a_network_that_she_does_not_read(
    world: World, browser: Browsers, name: str
) -> None:
    """Who has ended or is a member already becomes coordinator; a stranger joins as one."""
    before, person = await seq(world), world[name]
    old = await rows("membership", network_id=world.network.id, person_id=person.id)
    there = f"/operator/networks/{world.network.id}/coordinators"
    async with browser(world["olga"]) as http:
        fields = {"person": str(person.email), "organisation": await organisation("Tranås")}
        answer = await Page(await http.get(there)).form(there).send(http, **fields)
        page = Page(await http.get(answer.headers["location"]))
        assert (answer.status_code, page.flash) == (303, flash.words("coordinator-named"))
        assert (await http.get(base(world))).status_code == 404
    found = await row("membership", network_id=world.network.id, person_id=person.id)
    assert (found["role"], found["ends_on"]) == (Role.COORDINATOR, None)
    assert found["starts_on"] <= clock.today()
    assert not old or (old[0]["id"], old[0]["function"]) == (found["id"], found["function"])
    assert old or found["function"] == Function.OTHER
    ((_, actor),) = await events(world, before)
    assert actor == world["olga"].id
    async with browser(person) as http:
        assert (await http.get(f"{base(world)}/settings")).status_code == 200


async def test_a_coordinator_who_cannot_be_named_is_refused(
    world: World, browser: Browsers
) -> None:
    there = f"/operator/networks/{world.network.id}/coordinators"
    before = await everything()
    async with browser(world["olga"]) as http:
        page = Page(await http.post(there, data={"person": "ingen.alls", "organisation": "x"}))
        unknown = await http.get("/operator/networks/999999/coordinators")
    assert (page.status, list(page.errors)) == (422, ["person", "organisation"])
    assert page.form(there).values["person"] == "ingen.alls"
    assert unknown.status_code == 404
    assert await everything() == before


async def test_an_operator_sees_names_and_nothing_from_within(
    world: World, browser: Browsers
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    await networks.change_network(ann, name="Östra", description="Hemlig", archived=True)
    async with browser(world["olga"]) as http:
        answer = await http.get("/operator/networks")
        naming = await http.get(f"/operator/networks/{world.network.id}/coordinators")
    page = Page(answer)
    assert [words(one) for one in page.all(".//tbody/tr/th")] == ["Annat nätverk", "Östra"]
    for shown in (answer.text, naming.text):
        for hidden in ("Hemlig", SECRET_TITLE, world["ann"].name, str(world["ann"].email), "LSS"):
            assert hidden not in shown


async def test_an_operator_who_is_a_member_reads_as_one(world: World, browser: Browsers) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    home = int(await organisation("Aneby"))
    await members.add_member(ann, world["olga"], home, role=Role.GUEST)
    async with browser(world["olga"]) as http:
        assert (await http.get(base(world))).status_code == 200
        assert (await http.get(f"{base(world)}/members")).status_code == 403
        assert (await http.get(f"{base(world)}/settings")).status_code == 403


@pytest.mark.parametrize("name", ["ann", "bob", "gus", "charlie", "eva"])
async def test_others_than_operators_are_told_that_there_is_no_such_page(
    world: World, browser: Browsers, name: str
) -> None:
    coordinators = f"/operator/networks/{world.network.id}/coordinators"
    before = await everything()
    async with browser(world[name]) as http:
        for address in ("/operator/networks", NEW, coordinators):
            assert (await http.get(address)).status_code == 404
        for address in (NEW, coordinators):
            assert (await http.post(address, data=await filled_in())).status_code == 404
        start = Page(await http.get("/"))
    assert not [one for one in start.hrefs if one.startswith("/operator")]
    assert await everything() == before


async def test_who_is_no_operator_any_longer_is_none_at_once(
    world: World, browser: Browsers
) -> None:
    async with browser(world["olga"]) as http:
        assert (await http.get(NEW)).status_code == 200
        await change("person", world["olga"].id, operator=False)
        assert (await http.get(NEW)).status_code == 404
        assert (await http.post(NEW, data=await filled_in())).status_code == 404
    assert len(await rows("network")) == 2


async def test_an_operator_does_not_name_herself_and_so_let_herself_in(
    world: World, browser: Browsers
) -> None:
    home = await organisation("Habo")
    before = await everything()
    async with browser(world["olga"]) as http:
        answer = await http.post(
            f"/operator/networks/{world.network.id}/coordinators",
            data={"person": world["olga"].username, "organisation": home},
        )
        assert (answer.status_code, list(Page(answer).errors)) == (422, ["person"])
        assert (await http.get(f"/n/{world.network.slug}")).status_code == 404
    assert await everything() == before
