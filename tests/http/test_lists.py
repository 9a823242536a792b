"""Lists of threads, what is unread in them, and how far each has read."""

import asyncio
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import httpx
import pytest

from forum import (
    areas,
    discussions,
    listings,
    marks,
    members,
    networks,
    organisations,
    people,
    read_marks,
)
from forum.language import ngettext, pgettext
from storage import clock, door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.networks import Network
from storage.people import Person
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, row, rows, seq
from tests.world import World, ask


def here(world: World) -> str:
    return f"/n/{world.network.slug}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def post(world: World, name: str, thread: Thread, text: str = "Svar") -> None:
    nonce = f"{name}{thread.id}{random.random()}"[:32]
    await discussions.post_reply(await enter(world, name), thread.id, text, nonce)


def titles(root: Page | Element) -> list[Element]:
    """The links to threads in the lists of a page or a part of it."""
    return (root.root if isinstance(root, Page) else root).findall(".//a[@class='title']")


def number_of(link: Element) -> int:
    return int(httpx.URL(link.attrib["href"]).path.split("/")[4])


async def listed(http: httpx.AsyncClient, world: World, **query: str | int) -> list[int]:
    """The ids of the threads in a list, from its first page to its last."""
    address, found = f"{here(world)}/threads?{urlencode(query)}", list[int]()
    while address:
        answer = await http.get(address)
        assert answer.status_code == 200
        page = Page(answer)
        found += map(number_of, titles(page))
        following = page.all(".//a[@rel='next']")
        address = following[0].attrib["href"] if following else ""
    return found


# ---- Which threads -------------------------------------------------------------------------


async def test_a_list_can_be_narrowed_to_an_area_to_ones_own_and_to_both(
    world: World, browser: Browsers
) -> None:
    ann, bob = await enter(world, "ann"), await enter(world, "bob")
    other = await areas.add_area(ann, "Boende")
    first = world.thread.id
    second = (await ask(bob, "Två", "?", other.id)).id
    third = (await ask(bob, "Tre", "?", world.area_id, ThreadKind.DISCUSSION)).id
    fourth = (await ask(ann, "Fyra", "!", other.id, ThreadKind.NOTICE)).id
    async with browser(world["bob"]) as http:
        assert await listed(http, world) == [fourth, third, second, first]
        assert await listed(http, world, area=other.id) == [fourth, second]
        assert await listed(http, world, area=world.area_id) == [third, first]
        # Bob has answered the first one: it is his to come back to as well.
        assert await listed(http, world, show="mine") == [third, second, first]
        assert await listed(http, world, show="mine", area=other.id) == [second]
        assert await listed(http, world, show="unanswered", area=other.id) == [second]
        page = Page(await http.get(f"{here(world)}/threads?area={other.id}"))
    chosen = [one.attrib["href"] for one in page.all(".//a[@aria-current='true']")]
    assert [httpx.URL(one).params["area"] for one in chosen] == [str(other.id)] * 2
    assert page.heading == "Boende"


@pytest.mark.parametrize("area", ["elsewhere", "999999", "0", "LSS", "9" * 30])
async def test_an_area_that_is_not_the_networks_has_no_list(
    world: World, browser: Browsers, area: str
) -> None:
    if area == "elsewhere":
        area = str((await row("area", network_id=world.elsewhere.id))["id"])
    async with browser(world["bob"]) as http:
        assert (await http.get(f"{here(world)}/threads?area={area}")).status_code == 404


async def test_a_question_is_unanswered_until_somebody_else_answers_or_it_is_solved(
    world: World, browser: Browsers
) -> None:
    ann, bob = await enter(world, "ann"), await enter(world, "bob")
    asked = await ask(bob, "Fråga", "?", world.area_id)
    solved = await ask(bob, "Löst", "?", world.area_id)
    await ask(bob, "Samtal", "?", world.area_id, ThreadKind.DISCUSSION)
    await ask(ann, "Anslag", "!", world.area_id, ThreadKind.NOTICE)
    async with browser(world["gus"]) as http:
        both = [solved.id, asked.id]
        assert await listed(http, world, show="unanswered") == both
        network = Page(await http.get(here(world)))
        section = network.one(".//section[@aria-labelledby='unanswered']")
        assert [number_of(link) for link in titles(section)] == both
        await marks.mark_solved(bob, solved.id, solved=True)
        assert await listed(http, world, show="unanswered") == [asked.id]
        await marks.mark_solved(bob, solved.id, solved=False)
        await post(world, "bob", asked, "Ingen som vet?")
        assert await listed(http, world, show="unanswered") == [asked.id, solved.id]
        await post(world, "gus", asked)
        assert await listed(http, world, show="unanswered") == [solved.id]
        await post(world, "ann", solved)
        assert await listed(http, world, show="unanswered") == []
        network = Page(await http.get(here(world)))
        assert network.all(".//section[@aria-labelledby='unanswered']") == []


async def test_what_was_written_in_last_comes_first(world: World, browser: Browsers) -> None:
    bob = await enter(world, "bob")
    made = [await ask(bob, f"Fråga {n}", "?", world.area_id) for n in range(3)]
    await post(world, "ann", made[0])
    async with browser(world["gus"]) as http:
        assert await listed(http, world) == [
            one.id for one in (made[0], made[2], made[1], world.thread)
        ]


# ---- Page by page --------------------------------------------------------------------------

MANY = 45


async def many(world: World) -> list[int]:
    """Make 45 threads, all of which were last written in at the same moment."""
    bob = await enter(world, "bob")

    moment = clock.now() - timedelta(days=1)
    await bob.create_many(
        Thread,
        [
            {
                "kind": ThreadKind.QUESTION,
                "title": f"Fråga {number}",
                "area_id": world.area_id,
                "body": "?",
                "body_html": "<p>?</p>",
                "author_id": bob.person.id,
                "organisation_id": bob.membership.organisation_id,
                "created_at": moment,
                "last_posted_at": moment,
                "form_nonce": f"many {number}",
            }
            for number in range(MANY - 1)
        ],
    )
    await change("thread", world.thread.id, last_posted_at=moment)
    return sorted((one["id"] for one in await rows("thread")), reverse=True)


@pytest.mark.parametrize("query", [{}, {"area": "own"}, {"show": "mine"}, {"show": "unanswered"}])
async def test_every_thread_is_listed_once_and_in_order_when_their_moments_are_equal(
    world: World, browser: Browsers, query: dict[str, str]
) -> None:
    expected = await many(world)
    if query.get("show") == "unanswered":
        expected.remove(world.thread.id)
    if "area" in query:
        query = {"area": str(world.area_id)}
    async with browser(world["bob"]) as http:
        assert await listed(http, world, **query) == expected
        first = Page(await http.get(f"{here(world)}/threads?{urlencode(query)}"))
    assert len(titles(first)) == listings.ON_A_PAGE


async def test_who_is_on_an_older_page_misses_nothing_and_sees_nothing_twice_when_more_is_written(
    world: World, browser: Browsers
) -> None:
    expected = await many(world)
    address, found = f"{here(world)}/threads", list[int]()
    bob = await enter(world, "bob")
    async with browser(world["gus"]) as http:
        while address:
            page = Page(await http.get(address))
            found += map(number_of, titles(page))
            following = page.all(".//a[@rel='next']")
            address = following[0].attrib["href"] if following else ""
            await ask(bob, f"Ny {len(found)}", "?", world.area_id)
            await post(world, "ann", await bob.threads.get(id=found[0]))
    assert found == expected


async def test_an_older_page_leads_to_the_latest(world: World, browser: Browsers) -> None:
    await many(world)
    async with browser(world["gus"]) as http:
        first = Page(await http.get(f"{here(world)}/threads?show=unanswered"))
        older = Page(await http.get(first.all(".//a[@rel='next']")[0].attrib["href"]))
        pagers = older.with_class("pager")[0]
        latest = Page(await http.get(pagers.findall("a")[0].attrib["href"]))
    assert [number_of(one) for one in titles(latest)] == [number_of(one) for one in titles(first)]


NOW = "2026-10-01T10:00:00+00:00"
BAD = ["x", "_", "_1", NOW, f"{NOW}_", f"{NOW}_x", "2026-10-01T10:00:00_5", f"{NOW}_-1",
       f"{NOW}_1.5", f"{NOW}_{2**63}", f"{NOW}_{'9' * 30}", "0001-01-01T00:00:00+14:00_1",
       "9999-12-31T23:59:59-14:00_1", "'; --_1", f"{NOW}_1_1",
       "2026-13-01T00:00:00+00:00_1"]  # fmt: skip


@pytest.mark.parametrize("cursor", BAD, ids=range(len(BAD)))
async def test_a_place_in_the_list_that_cannot_be_is_not_found(
    world: World, browser: Browsers, cursor: str
) -> None:
    async with browser(world["bob"]) as http:
        answer = await http.get(f"{here(world)}/threads", params={"before": cursor})
    assert answer.status_code == 404


async def test_a_place_in_the_list_is_a_moment_whatever_zone_it_is_told_in(
    world: World, browser: Browsers
) -> None:
    expected = await many(world)
    moment = (await row("thread", id=expected[0]))["last_posted_at"]
    async with browser(world["bob"]) as http:
        for zone in ("Europe/Stockholm", "UTC"):
            told = moment.astimezone(ZoneInfo(zone)).isoformat()
            before = f"{told}_{expected[4]}"
            assert await listed(http, world, before=before) == expected[5:]


# ---- Unread --------------------------------------------------------------------------------


class Post(NamedTuple):
    """What the rows say of one post."""

    number: int
    author_id: int
    created_at: datetime


async def unread_by_hand(network: Network, person: Person) -> dict[int, list[int]]:
    """Go through every row: which posts of which threads are new to this person."""
    membership = await row("membership", network_id=network.id, person_id=person.id)
    joined = clock.beginning(membership["starts_on"])
    marks = {
        one["thread_id"]: one["number"] for one in await rows("read_mark", person_id=person.id)
    }
    new = {}
    for thread in await rows("thread", network_id=network.id):
        posts = [Post(1, thread["author_id"], thread["created_at"])]
        posts += [
            Post(one["number"], one["author_id"], one["created_at"])
            for one in await rows("reply", thread_id=thread["id"])
        ]
        new[thread["id"]] = [
            post.number
            for post in posts
            if post.author_id != person.id
            and post.created_at >= joined
            and post.number > marks.get(thread["id"], 0)
        ]
    return new


def count_in(text: str) -> int:
    """The number in "3 nya", and 0 in nothing."""
    digits = "".join(one for one in text if one.isdigit())
    return int(digits) if digits else 0


def marked(elements: Iterable[Element]) -> str:
    return " ".join(words(one) for one in elements)


async def compare(http: httpx.AsyncClient, network: Network, person: Person) -> int:
    """Compare every page with what the rows say, and return the number of new posts."""
    new, base = await unread_by_hand(network, person), f"/n/{network.slug}"
    threads = {one["id"]: one for one in await rows("thread", network_id=network.id)}
    with_news = [thread_id for thread_id in threads if new[thread_id]]

    start = Page(await http.get("/"))
    (head,) = [one for one in start.all(".//h2") if one.findall(f"a[@href='{base}']")]
    assert count_in(marked(head.findall("span[@class='new']"))) == len(with_news)

    page = Page(await http.get(base))
    for area in await rows("area", network_id=network.id):
        (link,) = page.all(f".//aside//a[@href='{base}/threads?area={area['id']}']")
        there = [one for one in threads if threads[one]["area_id"] == area["id"]]
        assert count_in(marked(link.findall(".//span[@class='new']"))) == sum(
            bool(new[one]) for one in there
        )
        assert count_in(words(link.findall(".//span[@class='num']")[0]).split()[-2]) == len(there)

    listing = Page(await http.get(f"{base}/threads"))
    items = listing.all(".//ul[@class='ledger']/li")
    assert len(items) == len(threads)
    for item in items:
        thread = threads[number_of(titles(item)[0])]
        unread = new[thread["id"]]
        assert (item.get("class") == "unread") == bool(unread)
        assert marked(item.findall(".//span[@class='new']")) == unread_words(thread, unread)

    for thread_id, unread in new.items():
        shown = Page(await http.get(f"{base}/threads/{thread_id}"))
        of_post = [
            one.attrib["id"] for one in shown.with_class("post") if "unread" in one.attrib["class"]
        ]
        assert of_post == [f"post-{number}" for number in unread]
        assert (f"{base}/threads/{thread_id}/read-mark" in shown.actions()) == bool(unread)
    return sum(map(len, new.values()))


def unread_words(thread: dict[str, object], unread: list[int]) -> str:
    number = len(unread)
    if number == 0:
        return ""
    if number == thread["last_number"]:
        return pgettext("thread", "New")
    if thread["kind"] == "question":
        return ngettext("%(num)s new answer", "%(num)s new answers", number) % {"num": number}
    return ngettext("%(num)s new post", "%(num)s new posts", number) % {"num": number}


@pytest.mark.parametrize("seed", range(2))
async def test_every_count_of_what_is_unread_is_what_the_rows_say(
    world: World, browser: Browsers, seed: int, long: bool
) -> None:
    """Several people post and read at random; some had not joined when it began."""
    chance = random.Random(seed)
    ann = await enter(world, "ann")
    other = await areas.add_area(ann, "Boende")
    home = (await organisations.all_organisations())[0]
    dana = await people.add_person("Dana Dahl")
    await members.add_member(ann, dana, home.id)
    everybody = [world["ann"], world["bob"], world["gus"], dana]
    for person in everybody[1:]:
        membership = await row("membership", network_id=world.network.id, person_id=person.id)
        since = clock.today() - timedelta(days=chance.randrange(6))
        await change("membership", membership["id"], starts_on=since)

    found = 0
    for _ in range(12 if long else 2):
        for _ in range(12):
            await _something(chance, world, everybody, [world.area_id, other.id])
        for person in everybody:
            async with browser(person) as http:
                found += await compare(http, world.network, person)
    assert found > 10, "so few that the comparison says little"


async def _something(
    chance: random.Random, world: World, everybody: list[Person], areas: list[int]
) -> None:
    """Have somebody ask, answer or read; what is written may be some days old."""
    inside = await door.enter(chance.choice(everybody), world.network.slug)
    threads = await inside.threads.order_by("id")
    thread = chance.choice(threads)
    days_ago = clock.now() - timedelta(days=chance.randrange(6), minutes=chance.randrange(600))
    match chance.choice(["ask", "answer", "answer", "answer", "read", "read"]):
        case "ask" if inside.role != "guest" and len(threads) < 6:
            kind = chance.choice([ThreadKind.QUESTION, ThreadKind.DISCUSSION])
            text = f"Fråga {chance.random()}"
            made = await ask(inside, text, "?", chance.choice(areas), kind)
            if chance.random() < 0.5:
                await change("thread", made.id, created_at=days_ago)
        case "answer":
            nonce = str(chance.random())
            reply = await discussions.post_reply(inside, thread.id, "Svar", nonce)
            if chance.random() < 0.5:
                await change("reply", reply.id, created_at=days_ago)
        case _:
            number = chance.randint(1, thread.last_number)
            await read_marks.mark_read(inside, thread.id, number)


async def test_what_was_written_before_one_joined_counts_as_read(
    world: World, browser: Browsers
) -> None:
    """She joins today: midnight in Sweden is the line, whatever UTC says."""
    ann = await enter(world, "ann")
    home = (await organisations.all_organisations())[0]
    dana = await people.add_person("Dana Dahl")
    await members.add_member(ann, dana, home.id)
    midnight = clock.beginning(clock.today())
    await change("thread", world.thread.id, created_at=midnight - timedelta(days=9))
    async with browser(dana) as http:
        for moment, new in ((midnight - timedelta(seconds=1), 0), (midnight, 1)):
            await change("reply", world.reply.id, created_at=moment)
            assert await compare(http, world.network, dana) == new


async def test_ones_own_posts_are_never_unread(world: World, browser: Browsers) -> None:
    bob = await enter(world, "bob")
    thread = await ask(bob, "Fråga", "?", world.area_id)
    await post(world, "ann", thread)
    await post(world, "bob", thread)
    async with browser(world["bob"]) as http:
        page = Page(await http.get(f"{here(world)}/threads/{thread.id}"))
        assert [one.attrib["id"] for one in page.with_class("unread")] == ["post-2"]
        await read_marks.mark_read(bob, thread.id, 2)
        page = Page(await http.get(f"{here(world)}/threads/{thread.id}"))
        assert page.with_class("unread") == []
        await post(world, "bob", thread)
        mark = await row("read_mark", thread_id=thread.id, person_id=world["bob"].id)
        assert mark["number"] == 2, (
            "the mark has not passed her own first reply, which is no matter"
        )
        assert await compare(http, world.network, world["bob"]) >= 0


async def test_an_answer_moves_the_mark_only_when_all_before_it_has_been_read(
    world: World,
) -> None:
    bob = await enter(world, "bob")
    thread = await ask(bob, "Fråga", "?", world.area_id)
    await post(world, "bob", thread)
    where = {"thread_id": thread.id, "person_id": world["bob"].id}
    assert (await row("read_mark", **where))["number"] == 2
    await post(world, "ann", thread)
    await post(world, "bob", thread)
    assert (await row("read_mark", **where))["number"] == 2


async def test_a_title_with_news_leads_to_the_first_new_post(
    world: World, browser: Browsers
) -> None:
    thread = await ask(await enter(world, "bob"), "Fråga", "?", world.area_id)
    async with browser(world["ann"]) as http:
        await read_marks.mark_read(await enter(world, "ann"), thread.id, 1)
        for name in ("gus", "bob"):
            await post(world, name, thread)
        (link,) = [
            one
            for one in titles(Page(await http.get(f"{here(world)}/threads")))
            if number_of(one) == thread.id
        ]
        answer = await http.get(link.attrib["href"])
    assert answer.headers["location"] == f"{here(world)}/threads/{thread.id}#post-2"


# ---- Read marks ----------------------------------------------------------------------------


async def mark(http: httpx.AsyncClient, world: World, number: int | str) -> httpx.Response:
    address = f"{here(world)}/threads/{world.thread.id}/read-mark"
    return await http.post(address, data={"number": str(number)}, headers={"X-Fragment": "none"})


async def test_a_read_mark_never_goes_backwards_nor_past_the_last_post(
    world: World, browser: Browsers
) -> None:
    for _ in range(4):
        await post(world, "bob", world.thread)
    before = await seq(world)
    async with browser(world["gus"]) as http:
        steps = ((3, 3), (2, 3), (5, 5), (1, 5), ("", 5), ("x", 5), ("-9", 5), (99, 6), (6, 6))
        for number, expected in steps:
            answer = await mark(http, world, number)
            assert (answer.status_code, answer.content) == (204, b"")
            found = await row("read_mark", thread_id=world.thread.id, person_id=world["gus"].id)
            assert (found["number"], found["network_id"]) == (expected, world.network.id)
    assert await seq(world) == before, "it is nobody else's business"
    assert (await row("thread", id=world.thread.id))["version"] == world.thread.version + 5


async def test_a_read_mark_is_each_persons_own(world: World, browser: Browsers) -> None:
    others = await rows("read_mark", person_id=world["ann"].id)
    async with browser(world["gus"]) as guss, browser(world["bob"]) as bobs:
        await mark(guss, world, 2)
        assert await rows("read_mark", person_id=world["ann"].id) == others
        assert (await row("read_mark", person_id=world["gus"].id))["number"] == 2
        assert await compare(guss, world.network, world["gus"]) == 0
        assert await compare(bobs, world.network, world["bob"]) == 1


async def test_marks_that_come_at_once_make_one_row_with_the_furthest(
    world: World, browser: Browsers
) -> None:
    for _ in range(4):
        await post(world, "bob", world.thread)
    async with browser(world["gus"]) as http:
        answers = await asyncio.gather(*(mark(http, world, n) for n in (2, 5, 1, 4, 3)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await row("read_mark", person_id=world["gus"].id))["number"] == 5


async def test_without_a_script_a_button_marks_the_page_as_read(
    world: World, browser: Browsers
) -> None:
    thread = f"{here(world)}/threads/{world.thread.id}"
    async with browser(world["gus"]) as http:
        answer = await Page(await http.get(thread)).form(f"{thread}/read-mark").send(http)
        assert (answer.status_code, answer.headers["location"]) == (303, thread)
        page = Page(await http.get(thread))
    assert page.with_class("unread") == []
    assert f"{thread}/read-mark" not in page.actions()


async def test_a_read_mark_can_be_moved_in_an_archived_network(
    world: World, browser: Browsers
) -> None:
    ann = await enter(world, "ann")
    await networks.change_network(ann, name="Boendestöd", description="", archived=True)
    async with browser(world["gus"]) as http:
        assert (await mark(http, world, 2)).status_code == 204


# ---- The start page ------------------------------------------------------------------------


async def test_the_start_page_has_the_networks_with_news_first_and_each_kind_by_name(
    world: World, browser: Browsers
) -> None:
    olga, bob = world["olga"], world["bob"]
    home = (await organisations.all_organisations())[0]
    slugs = {}
    for name in ("Östra", "Ånga", "Ängen", "Zebra", "allra"):
        network = await networks.create_network(olga, name, world["charlie"], home)
        slugs[name] = network.slug
        charlie = await door.enter(world["charlie"], network.slug)
        await members.add_member(charlie, bob, home.id)
        area = await areas.add_area(charlie, "Allt")
        if name in {"Ånga", "Zebra"}:
            await ask(charlie, f"Nytt om {name}", "?", area.id)
    async with browser(bob) as http:
        page = Page(await http.get("/"))
        mine = Page(await http.get("/networks"))
    shown = [words(one.findall("a")[0]) for one in page.all(".//section/header/h2")]
    # Boendestöd has Ann's question, which Bob has answered but not read.
    assert shown == ["Boendestöd", "Zebra", "Ånga", "allra", "Ängen", "Östra"]
    hrefs = [one.attrib["href"] for one in mine.all(".//main//li/a")]
    assert [href.rpartition("/")[2] for href in hrefs[1:]] == [slugs[one] for one in shown[1:]]
    assert page.title.startswith("(3)")


async def test_who_is_a_member_of_nothing_is_told_so(world: World, browser: Browsers) -> None:
    for name in ("olga", "eva"):
        async with browser(world[name]) as http:
            for address in ("/", "/networks"):
                page = Page(await http.get(address))
                assert page.status == 200
                assert not [href for href in page.hrefs if href.startswith("/n/")]
