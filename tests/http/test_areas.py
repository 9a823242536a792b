"""Subject areas: their order and names, as coordinators edit them."""

import httpx
import pytest

from forum import areas
from forum.language import gettext
from storage import door
from storage.events import EventKind
from tests.http.pages import Page, words
from tests.http.records import Browsers, events, everything, row, rows, seq
from tests.world import World, ask
from web import flash

NAMES = ("LSS", "Boende", "Äldre")


def base(world: World) -> str:
    return f"/n/{world.network.slug}/areas"


async def three(world: World) -> list[int]:
    """The ids of three areas; the first, LSS, has a thread."""
    ann = await door.enter(world["ann"], world.network.slug)
    for name in NAMES[1:]:
        await areas.add_area(ann, name)
    return [area.id for area in await areas.areas_of(ann)]


async def order(http: httpx.AsyncClient, world: World) -> list[str]:
    """The names as every page that lists them has them."""
    edited = [words(one) for one in Page(await http.get(base(world))).all(".//section/header/h2")]
    network = f"/n/{world.network.slug}"
    new = Page(await http.get(f"{network}/threads/new")).all(".//select[@name='area']/option")
    offered = [words(one) for one in new if one.attrib["value"]]
    front = Page(await http.get(network)).all(".//aside//li/a/span[1]")
    rail = Page(await http.get(f"{network}/threads")).all(".//ul[@class='plain']/li/a/span[1]")
    assert edited == offered == [words(one) for one in front] == [words(one) for one in rail][1:]
    return edited


async def test_areas_are_moved_up_and_down(world: World, browser: Browsers) -> None:
    lss, boende, aldre = await three(world)
    before = await seq(world)
    async with browser(world["ann"]) as http:
        assert await order(http, world) == ["LSS", "Boende", "Äldre"]
        for area, direction, expected in (
            (aldre, "up", ["LSS", "Äldre", "Boende"]),
            (aldre, "up", ["Äldre", "LSS", "Boende"]),
            (lss, "down", ["Äldre", "Boende", "LSS"]),
            (boende, "up", ["Boende", "Äldre", "LSS"]),
        ):
            page = Page(await http.get(base(world)))
            forms = page.all(f".//form[@action='{base(world)}/{area}/move']")
            assert direction in [
                one.attrib["value"] for form in forms for one in form.iter("button")
            ]
            move = {"direction": direction}
            answer = await http.post(f"{base(world)}/{area}/move", data=move)
            assert (answer.status_code, answer.headers["location"]) == (303, base(world))
            assert await order(http, world) == expected
    assert await events(world, before) == [(EventKind.AREAS_CHANGED, world["ann"].id)] * 4


async def test_the_first_cannot_be_moved_up_nor_the_last_down(
    world: World, browser: Browsers
) -> None:
    first, _, last = await three(world)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(base(world)))
        for area, direction in ((first, "up"), (last, "down")):
            forms = page.all(f".//form[@action='{base(world)}/{area}/move']")
            values = [one.attrib["value"] for form in forms for one in form.iter("button")]
            assert values == ["down" if direction == "up" else "up"]
            await http.post(f"{base(world)}/{area}/move", data={"direction": direction})
        assert await order(http, world) == list(NAMES)


async def test_a_new_area_comes_last_also_after_one_has_been_removed(
    world: World, browser: Browsers
) -> None:
    _, boende, _ = await three(world)
    before = await seq(world)
    async with browser(world["ann"]) as http:
        await http.post(f"{base(world)}/{boende}/removal")
        form = Page(await http.get(base(world))).form(base(world))
        answer = await form.send(http, name="  Fritid \n", description="Om  fritid.")
        assert (answer.status_code, await order(http, world)) == (303, ["LSS", "Äldre", "Fritid"])
    assert (await rows("area"))[-1]["description"] == "Om fritid."
    assert await events(world, before) == [(EventKind.AREAS_CHANGED, world["ann"].id)] * 2


async def test_an_area_is_renamed_and_described_and_its_threads_follow(
    world: World, browser: Browsers
) -> None:
    thread = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(base(world))).form(f"{base(world)}/{world.area_id}")
        assert form.values == {"name": "LSS", "description": "Lagen och hur vi läser den."}
        answer = await form.send(http, name="LSS och SoL", description="Båda lagarna.")
        assert Page(await http.get(answer.headers["location"])).flash == flash.words("saved")
        listed = f"/n/{world.network.slug}/threads?area={world.area_id}"
        assert listed in Page(await http.get(thread)).hrefs
        page = Page(await http.get(listed))
    assert page.heading == "LSS och SoL"
    assert "Båda lagarna." in words(page.one(".//main"))
    assert len(page.all(".//a[@class='title']")) == 1


async def test_an_area_may_keep_its_name_and_another_network_may_have_the_same(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        form = Page(await http.get(base(world))).form(f"{base(world)}/{world.area_id}")
        assert (await form.send(http, description="Ny")).status_code == 303
        assert (await http.post(base(world), data={"name": "Allmänt"})).status_code == 303


LENGTH = "Write a name of 1 to %(limit)d characters."
TAKEN = "There is already a subject area with this name."
BAD_NAMES = {"": LENGTH, " \n ": LENGTH, "å" * 81: LENGTH, "Boende": TAKEN}


@pytest.mark.parametrize("name", BAD_NAMES, ids=["empty", "blank", "long", "taken"])
async def test_a_name_that_is_empty_too_long_or_taken_is_refused_at_its_field(
    world: World, browser: Browsers, name: str
) -> None:
    lss, _, _ = await three(world)
    before = await everything()
    typed = {"name": name, "description": "Det jag skrev."}
    told = gettext(BAD_NAMES[name]) % {"limit": 80}
    async with browser(world["ann"]) as http:
        new = Page(await http.post(base(world), data=typed))
        old = Page(await http.post(f"{base(world)}/{lss}", data=typed))
    for page, field, action in (
        (new, "name-0", base(world)),
        (old, f"name-{lss}", f"{base(world)}/{lss}"),
    ):
        assert (page.status, page.errors) == (422, {field: told})
        if page is new or name.strip():
            values = page.form(action).values
            assert values["description"] == "Det jag skrev."
            # A field of one line holds no line break.
            assert values["name"].split() == name.split()
    assert await everything() == before


async def test_what_was_typed_beside_an_empty_name_is_not_lost(
    world: World, browser: Browsers
) -> None:
    there = f"{base(world)}/{world.area_id}"
    typed = {"name": "", "description": "Det jag skrev."}
    async with browser(world["ann"]) as http:
        assert Page(await http.post(there, data=typed)).form(there).values == typed


async def test_a_name_of_eighty_characters_is_taken(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        assert (await http.post(base(world), data={"name": "å" * 80})).status_code == 303
    assert (await rows("area"))[-1]["name"] == "å" * 80


async def test_only_an_area_without_threads_can_be_removed(world: World, browser: Browsers) -> None:
    lss, boende, aldre = await three(world)
    bob = await door.enter(world["bob"], world.network.slug)
    await ask(bob, "Fråga", "?", aldre)
    async with browser(world["ann"]) as http:
        offered = [one for one in Page(await http.get(base(world))).actions() if "removal" in one]
        assert offered == [f"{base(world)}/{boende}/removal"]
        before = await everything()
        page = Page(await http.post(f"{base(world)}/{lss}/removal"))
        assert (page.status, list(page.errors)) == (422, [f"area-{lss}"])
        assert await everything() == before
        gone = await http.post(f"{base(world)}/{boende}/removal")
        assert Page(await http.get(gone.headers["location"])).flash == flash.words("area-removed")
        assert await order(http, world) == ["LSS", "Äldre"]
        assert (await http.post(f"{base(world)}/{boende}/removal")).status_code == 404


ROADS = ("", "/{area}", "/{area}/move", "/{area}/removal")
FIELDS = {"name": "Nytt", "description": "", "direction": "up"}


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 403), ("gus", 403), ("charlie", 404), ("olga", 404), ("eva", 404)]
)
async def test_others_than_coordinators_edit_no_area(
    world: World, browser: Browsers, name: str, status: int
) -> None:
    _, boende, _ = await three(world)
    before = await everything()
    async with browser(world[name]) as http:
        assert (await http.get(base(world))).status_code == status
        for road in ROADS:
            answer = await http.post(base(world) + road.format(area=boende), data=FIELDS)
            assert answer.status_code == status, road
    assert await everything() == before


@pytest.mark.parametrize("area", ["another network's", "999999"])
async def test_an_area_that_is_not_the_networks_cannot_be_edited(
    world: World, browser: Browsers, area: str
) -> None:
    if area != "999999":
        area = str((await row("area", network_id=world.elsewhere.id))["id"])
    before = await everything()
    async with browser(world["ann"]) as http:
        for road in ROADS[1:]:
            answer = await http.post(base(world) + road.format(area=area), data=FIELDS)
            assert answer.status_code == 404, road
    assert await everything() == before
