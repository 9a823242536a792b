"""Help: whom to turn to, for members and for those who cannot log in."""

from collections.abc import Callable

from forum import members, organisations
from storage import door
from storage.roles import Role
from tests.conftest import Browser
from tests.http.pages import Page, words
from tests.world import World

Opened = Callable[..., Browser]


async def helped(browser: Opened, world: World, name: str | None) -> Page:
    async with browser(world[name] if name else None) as http:
        return Page(await http.get("/help"))


def people(page: Page) -> list[str]:
    return [words(one) for one in page.all(".//main//h3")]


async def test_a_member_sees_who_coordinates_her_networks_and_how_to_reach_them(
    world: World, browser: Opened
) -> None:
    page = await helped(browser, world, "bob")
    (named,) = people(page)
    assert world["ann"].name in named
    assert f"Samordnar {world.network.name}." in words(page.root)
    assert f"mailto:{world['ann'].email}" in page.hrefs


async def test_somebody_who_coordinates_several_is_named_once(
    world: World, browser: Opened
) -> None:
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    home = (await organisations.all_organisations())[0].id
    await members.add_member(charlie, world["ann"], home, role=Role.COORDINATOR)
    await members.add_member(charlie, world["bob"], home)
    page = await helped(browser, world, "bob")
    assert len(people(page)) == 2
    assert sum(world["ann"].name in one for one in people(page)) == 1


async def test_others_are_told_of_no_coordinator_by_name(world: World, browser: Opened) -> None:
    # A guest may not list members, a stranger is in no network of hers, and Ann is the only one.
    for name in (None, "gus", "charlie", "ann"):
        page = await helped(browser, world, name)
        assert f"mailto:{world['ann'].email}" not in page.hrefs
        assert people(page) == []


async def test_who_is_logged_in_reads_what_others_see_of_her_and_where_to_change_it(
    world: World, browser: Opened
) -> None:
    page = await helped(browser, world, "bob")
    assert "Vilka som är här just nu" in [words(one) for one in page.all(".//main//h2")]
    assert "Det är avstängt tills du slår på det." in words(page.root)
    assert "/account/profile" in page.hrefs
    assert "/account/profile" not in (await helped(browser, world, None)).hrefs


async def test_the_way_in_comes_first_for_who_is_not_in(world: World, browser: Opened) -> None:
    async def headings(name: str | None) -> list[str]:
        page = await helped(browser, world, name)
        return [words(one) for one in page.all(".//main//h2")]

    assert (await headings(None))[0] == "Kommer du inte in?"
    assert (await headings("bob"))[0] == "Hit kan du vända dig"
