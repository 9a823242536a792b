"""Who begins a thread is shown those of her network that are like it."""

from collections.abc import Callable

import pytest

from forum import marks, similar
from storage import clock, door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from tests.conftest import Browser
from tests.http.pages import Page, words
from tests.http.records import change
from tests.http.statements import counted
from tests.world import SECRET_TITLE, World, ask

Opened = Callable[..., Browser]
PART = {"X-Fragment": "similar"}


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


async def titles(inside: Inside, title: str) -> list[str]:
    return [one.title for one in await similar.threads(inside, title)]


async def test_the_most_alike_comes_first_and_five_at_most(world: World, bob: Inside) -> None:
    for number in range(7):
        await ask(bob, f"Boendestöd på kvällen {number}", "?", world.area_id)
    await ask(bob, "Avgiften för boendestöd", "?", world.area_id)
    found = await titles(bob, "Vilken avgift har ni för boendestöd?")
    assert len(found) == similar.AT_MOST
    assert found[0] == "Avgiften för boendestöd"
    # Of those that are equally alike, the latest.
    assert found[1:] == [f"Boendestöd på kvällen {number}" for number in (6, 5, 4, 3)]


async def test_swedish_letters_are_found_in_capitals_too(world: World, bob: Inside) -> None:
    await ask(bob, "ÖVERENSKOMMELSER OM HJÄLPMEDEL", "?", world.area_id)
    for title in ("överenskommelse", "Hjälpmedel", "hjälpmedlen"):
        assert await titles(bob, title) == ["ÖVERENSKOMMELSER OM HJÄLPMEDEL"]


@pytest.mark.parametrize(
    "title", ["", "?", "hur gör ni", "%", "_____", "ööö ååå", "a" * 5000, "'\""]
)
async def test_what_says_nothing_finds_nothing(bob: Inside, title: str) -> None:
    assert await titles(bob, title) == []


async def test_hidden_threads_and_those_of_other_networks_are_not_shown(
    world: World, bob: Inside
) -> None:
    hidden = await ask(bob, "Boendestöd i hemlighet", "?", world.area_id)
    await change("thread", hidden.id, hidden_at=clock.now())
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    area = await charlie.areas.first()
    assert area
    await ask(charlie, "Boendestöd i ett annat nätverk", "?", area.id)
    assert await titles(bob, "Boendestöd") == []
    assert await titles(charlie, SECRET_TITLE) == []


async def test_a_script_gets_the_part_and_others_a_page(
    world: World, bob: Inside, browser: Opened
) -> None:
    solved = await ask(bob, "Vem har en mall för boendestöd?", "?", world.area_id)
    await marks.mark_solved(bob, solved.id, solved=True)
    there = f"/n/{world.network.slug}/threads/similar"
    async with browser(world["gus"]) as http:
        part = await http.get(there, params={"title": "Mall boendestöd"}, headers=PART)
        assert "<html" not in part.text
        assert words(Page(part).by_id("alike")) == "1 liknande tråd"
        (found,) = Page(part).all(".//li")
        assert words(found) == "Vem har en mall för boendestöd? Löst"
        page = Page(await http.get(there, params={"title": "Mall boendestöd"}))
        assert page.heading == "Liknande trådar"
        assert f"/n/{world.network.slug}/threads/{solved.id}" in page.hrefs
        nothing = await http.get(there, params={"title": "Fjäll"}, headers=PART)
        assert nothing.text.strip() == ""


async def test_a_form_that_comes_back_shows_them_without_script(
    world: World, browser: Opened
) -> None:
    base = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        for button in ({}, {"preview": "yes"}):
            answer = await form.send(http, title="Hemligheten och timmarna", area="0", **button)
            assert [words(one) for one in Page(answer).with_class("alike")[0].iter("a")] == [
                SECRET_TITLE
            ]


async def test_ten_thousand_titles_are_asked_for_once_and_forty_compared(
    world: World, bob: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _many(bob, world.area_id, 10_000)
    compared = []
    likeness = similar.likeness

    def counting(one: list[str], other: list[str]) -> float:
        compared.append(other)
        return likeness(one, other)

    monkeypatch.setattr(similar, "likeness", counting)
    with counted() as statements:
        found = await titles(bob, "Överenskommelse om boendestöd på helgen")
    assert len(statements) == 1
    assert len(compared) == similar.CANDIDATES
    assert len(found) == similar.AT_MOST


async def _many(inside: Inside, area_id: int, number: int) -> None:
    now = clock.now()
    await inside.create_many(
        Thread,
        [
            {
                "kind": ThreadKind.QUESTION,
                "title": f"Boendestöd nummer {at}",
                "area_id": area_id,
                "body": "?",
                "body_html": "<p>?</p>",
                "author_id": inside.person.id,
                "organisation_id": inside.membership.organisation_id,
                "created_at": now,
                "last_posted_at": now,
                "form_nonce": str(at),
            }
            for at in range(number)
        ],
    )
