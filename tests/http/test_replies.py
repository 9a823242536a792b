"""Answering: numbers and addresses that stay, quoting, mentions, marks, and what is refused."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from forum import discussions, marks, members, networks, organisations, people
from forum.language import gettext, ngettext
from forum.organisations import Coverage
from storage import clock, database, door
from storage.discussions import Reply, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.people import Person
from storage.roles import Role
from tests.http.pages import Form, Page, words
from tests.http.records import Browsers, change, events, everything, row, rows, seq
from tests.world import World, ask
from web import flash

CREATED, HELPED, UNMARKED = (
    EventKind.REPLY_CREATED,
    EventKind.REPLY_HELPED,
    EventKind.REPLY_UNMARKED,
)


def here(world: World, thread_id: int | None = None) -> str:
    return f"/n/{world.network.slug}/threads/{thread_id or world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def the_form(http: httpx.AsyncClient, thread: str, query: str = "") -> Form:
    return Page(await http.get(thread + query)).form(f"{thread}/replies")


async def member(world: World, name: str, role: Role = Role.MEMBER) -> Person:
    """Open an account and make her a member since a month ago."""
    person = await people.add_person(name)
    home = (await organisations.all_organisations())[0]
    since = clock.today() - timedelta(days=30)
    ann = await enter(world, "ann")
    await members.add_member(ann, person, home.id, role=role, starts_on=since)
    return person


async def bobs_question(world: World) -> int:
    """Bob asks, Ann and Gus answer: numbers 2 and 3."""
    thread = await ask(await enter(world, "bob"), "Bobs fråga", "Hur gör ni?", world.area_id)
    for name in ("ann", "gus"):
        await discussions.post_reply(await enter(world, name), thread.id, f"Svar, {name}.", name)
    return int(thread.id)


async def filled(world: World, thread_id: int, up_to: int) -> None:
    """Give a thread posts up to this number, in one go."""
    inside = await enter(world, "bob")
    thread = await inside.threads.get(id=thread_id)

    async def fill() -> None:
        await inside.create_many(
            Reply,
            [
                {
                    "thread_id": thread_id,
                    "number": number,
                    "body": f"Inlägg {number}",
                    "body_html": f"<p>Inlägg {number}</p>",
                    "author_id": inside.person.id,
                    "organisation_id": inside.membership.organisation_id,
                    "created_at": clock.now(),
                    "form_nonce": f"{thread_id}-{number}",
                }
                for number in range(thread.last_number + 1, up_to + 1)
            ],
        )
        await inside.threads.filter(id=thread_id).update(last_number=up_to)

    await database.write(fill)


# ---- Answering -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "bob", "gus"])
async def test_an_answer_gets_the_next_number_and_its_place(
    world: World, browser: Browsers, name: str
) -> None:
    before, old = await seq(world), await row("thread", id=world.thread.id)
    async with browser(world[name]) as http:
        answer = await (await the_form(http, here(world))).send(http, body="Så **här** gör vi.")
        page = Page(await http.get(answer.headers["location"]))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here(world)}#post-3")
    reply = (await rows("reply", thread_id=world.thread.id))[-1]
    assert (reply["number"], reply["author_id"]) == (3, world[name].id)
    assert (reply["body"], reply["network_id"]) == ("Så **här** gör vi.", world.network.id)
    thread = await row("thread", id=world.thread.id)
    assert (thread["version"], thread["last_number"]) == (old["version"] + 1, 3)
    assert thread["last_posted_at"] == reply["created_at"] > old["last_posted_at"]
    assert await events(world, before) == [(CREATED, world[name].id)]
    (event,) = await rows("event", network_id=world.network.id, seq=before + 1)
    assert (event["thread_id"], event["reply_id"]) == (world.thread.id, reply["id"])
    assert [words(one) for one in page.by_id("post-3").findall(".//strong")] == ["här"]
    assert page.flash == flash.words("replied")


async def test_who_reloads_the_address_of_the_form_comes_back_to_the_thread(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        answer = await http.get(f"{here(world)}/replies")
    assert (answer.status_code, answer.headers["location"]) == (303, here(world))


async def test_an_answer_in_error_comes_back_on_the_page_where_it_was_written(
    world: World, browser: Browsers
) -> None:
    await filled(world, world.thread.id, 45)
    before = await everything()
    async with browser(world["bob"]) as http:
        form = await the_form(http, here(world), "?page=2")
        page = Page(await form.send(http, body="*" * 2001))
        shown = Page(await form.send(http, body="Så *här*", preview="yes"))
    for one in (page, shown):
        assert "post-22" in one.ids
        again = one.form(f"{here(world)}/replies")
        assert again.values["page"] == "2"
        assert again.values["form_key"] == form.values["form_key"]
    assert (page.status, list(page.errors)) == (422, ["body"])
    assert page.form(f"{here(world)}/replies").values["body"] == "*" * 2001
    (preview,) = shown.with_class("preview")
    assert (shown.status, words(preview.findall(".//em")[0])) == (200, "här")
    assert shown.form(f"{here(world)}/replies").values["body"] == "Så *här*"
    assert await everything() == before


async def test_answers_sent_at_once_get_a_number_each(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as bobs, browser(world["gus"]) as guss:
        forms = [(http, await the_form(http, here(world))) for http in (bobs, guss) * 4]
        answers = await asyncio.gather(
            *(form.send(http, body=f"Svar {n}") for n, (http, form) in enumerate(forms))
        )
    assert {answer.status_code for answer in answers} == {303}
    numbers = [one["number"] for one in await rows("reply", thread_id=world.thread.id)]
    assert numbers == list(range(2, 11))
    assert (await row("thread", id=world.thread.id))["version"] == world.thread.version + 9


async def test_a_form_sent_twice_makes_one_answer(world: World, browser: Browsers) -> None:
    before = await seq(world)
    async with browser(world["bob"]) as http:
        form = await the_form(http, here(world))
        answers = await asyncio.gather(*(form.send(http, body="Tack!") for _ in range(3)))
        answers.append(await form.send(http, body="Tack!"))
        assert {answer.headers["location"] for answer in answers} == {f"{here(world)}#post-3"}
        assert await events(world, before) == [(CREATED, world["bob"].id)]
        assert (await row("thread", id=world.thread.id))["last_number"] == 3
        other = await form.send(http, body="Tack så mycket!")
        again = await (await the_form(http, here(world))).send(http, body="Tack!")
    assert other.headers["location"] == f"{here(world)}#post-4"
    assert again.headers["location"] == f"{here(world)}#post-5"


# ---- Addresses -----------------------------------------------------------------------------

PLACES = {1: 1, 2: 1, 21: 1, 22: 2, 41: 2, 42: 3, 45: 3}


async def places(http: httpx.AsyncClient, world: World) -> dict[int, str]:
    found = {}
    for number in PLACES:
        answer = await http.get(f"{here(world)}/posts/{number}")
        assert answer.status_code == 303
        found[number] = answer.headers["location"]
    return found


async def test_a_posts_address_leads_to_its_place_for_ever(world: World, browser: Browsers) -> None:
    await filled(world, world.thread.id, 45)
    async with browser(world["gus"]) as http:
        found = await places(http, world)
        for number, there in found.items():
            url = httpx.URL(there)
            assert int(url.params.get("page", "1")) == PLACES[number]
            page = Page(await http.get(there))
            assert page.by_id(url.fragment).tag == "article"
            assert f"{here(world)}/posts/{number}" in page.hrefs
        await filled(world, world.thread.id, 70)
        assert await places(http, world) == found


@pytest.mark.parametrize("number", ["0", "3", "999999999999999", "9" * 25, "x", "-1"])
async def test_a_post_that_is_not_there_has_no_address(
    world: World, browser: Browsers, number: str
) -> None:
    async with browser(world["bob"]) as http:
        assert (await http.get(f"{here(world)}/posts/{number}")).status_code == 404


def shown(page: Page) -> list[int]:
    return [int(one.removeprefix("post-")) for one in page.ids if one.startswith("post-")]


@pytest.mark.parametrize("last", [1, 2, 21, 22, 41, 42])
async def test_twenty_answers_stand_on_a_page(world: World, browser: Browsers, last: int) -> None:
    thread = await ask(await enter(world, "bob"), "Lång", "Tråd", world.area_id)
    await filled(world, thread.id, last)
    there = here(world, thread.id)
    found, address = [], there
    async with browser(world["gus"]) as http:
        while address:
            page = Page(await http.get(address))
            found.append(shown(page))
            following = page.all(".//a[@rel='next']")
            address = following[0].attrib["href"] if following else ""
            if len(found) > 1:
                back = Page(await http.get(page.all(".//a[@rel='prev']")[0].attrib["href"]))
                assert shown(back) == found[-2]
        assert (await http.get(f"{there}?page={len(found) + 1}")).status_code == 404
    every = list(range(1, last + 1))
    assert found == [every[:21], *(every[at : at + 20] for at in range(21, last, 20))]


async def test_the_first_pages_stay_as_they_are_when_more_is_written(
    world: World, browser: Browsers
) -> None:
    await filled(world, world.thread.id, 30)
    async with browser(world["gus"]) as http:
        first = shown(Page(await http.get(here(world))))
        second = shown(Page(await http.get(f"{here(world)}?page=2")))
        await filled(world, world.thread.id, 60)
        assert shown(Page(await http.get(here(world)))) == first == list(range(1, 22))
        assert shown(Page(await http.get(f"{here(world)}?page=2")))[: len(second)] == second


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "1.0", "999999999999999", "9" * 25])
async def test_a_page_out_of_range_is_not_found(world: World, browser: Browsers, page: str) -> None:
    async with browser(world["bob"]) as http:
        assert (await http.get(f"{here(world)}?page={page}")).status_code == 404
        assert (await http.get(f"{here(world)}?page=1")).status_code == 200


# ---- Quoting -------------------------------------------------------------------------------


async def test_a_post_is_quoted_with_its_author_and_a_link_to_it(
    world: World, browser: Browsers
) -> None:
    await filled(world, world.thread.id, 30)
    (quoted,) = await rows("reply", thread_id=world.thread.id, number=25)
    await change("reply", quoted["id"], body="Första raden.\n\n- andra\n- tredje")
    async with browser(world["gus"]) as http:
        page = Page(await http.get(f"{here(world)}?page=2"))
        (link,) = [href for href in page.hrefs if "quote=25" in href]
        form = Page(await http.get(link)).form(f"{here(world)}/replies")
        body = form.values["body"]
        assert body.splitlines()[:5] == ["> Första raden.", ">", "> - andra", "> - tredje", ">"]
        assert body.endswith("\n\n")
        answer = await form.send(http, body=body + "Det gör vi med.")
        number = answer.headers["location"].rpartition("-")[2]
        reply = Page(await http.get(answer.headers["location"])).by_id(f"post-{number}")
        (block,) = reply.findall(".//blockquote")
        (author,) = block.findall(".//a")
        assert words(author) == "Bob Berg"
        there = await http.get(author.attrib["href"], follow_redirects=True)
    assert "post-25" in Page(there).ids
    assert author.attrib["href"].rpartition("-")[2].rpartition("/")[2] == "25"
    assert words(reply.findall(".//div[@class='body prose']/p")[0]) == "Det gör vi med."


@pytest.mark.parametrize(("number", "author"), [(1, "Ann Alm"), (2, "Bob Berg")])
async def test_the_question_and_the_answer_can_be_quoted(
    world: World, browser: Browsers, number: int, author: str
) -> None:
    async with browser(world["gus"]) as http:
        form = await the_form(http, here(world), f"?quote={number}")
    body = world.thread.body if number == 1 else world.reply.body
    assert form.values["body"].startswith(f"> {body}\n")
    assert author in form.values["body"]


@pytest.mark.parametrize("number", ["3", "999999999999999"])
async def test_what_is_not_there_cannot_be_quoted(
    world: World, browser: Browsers, number: str
) -> None:
    async with browser(world["bob"]) as http:
        assert (await http.get(f"{here(world)}?quote={number}")).status_code == 404


# ---- Mentions ------------------------------------------------------------------------------


async def test_a_member_who_is_mentioned_becomes_a_link_and_a_row(
    world: World, browser: Browsers
) -> None:
    membership = await row("membership", network_id=world.network.id, person_id=world["ann"].id)
    body = "Hej @Ann.Alm och @gus.gast, hälsa @ann.alm! `@bob.berg`"
    async with browser(world["bob"]) as http:
        answer = await (await the_form(http, here(world))).send(http, body=body)
        text = Page(await http.get(answer.headers["location"])).by_id("post-3")
    links = text.findall(".//div[@class='body prose']//a")
    assert [words(link).lstrip("@") for link in links] == ["Ann Alm", "Gus Gäst", "Ann Alm"]
    assert links[0].attrib["href"] == f"/n/{world.network.slug}/members/{membership['id']}"
    reply = (await rows("reply"))[-1]
    mentions = await rows("mention")
    assert {one["person_id"] for one in mentions} == {world["ann"].id, world["gus"].id}
    assert [(one["thread_id"], one["reply_id"], one["network_id"]) for one in mentions] == [
        (world.thread.id, reply["id"], world.network.id)
    ] * 2


async def test_a_mention_in_the_question_itself_belongs_to_no_reply(world: World) -> None:
    thread = await ask(await enter(world, "bob"), "Fråga", "Vad säger @ann.alm?", world.area_id)
    mention = await row("mention")
    assert (mention["thread_id"], mention["reply_id"]) == (thread.id, None)
    assert mention["person_id"] == world["ann"].id


async def test_only_who_is_a_member_here_today_can_be_mentioned(
    world: World, browser: Browsers
) -> None:
    dana, frank = await member(world, "Dana Dahl"), await member(world, "Frank Falk")
    of = {one["person_id"]: one["id"] for one in await rows("membership")}
    tomorrow = clock.today() + timedelta(days=1)
    await change("membership", of[dana.id], starts_on=tomorrow)
    await change("membership", of[frank.id], ends_on=clock.today())
    body = "@eva.ek @charlie.cederlof @olga.operator @dana.dahl @ingen.alls @frank.falk"
    async with browser(world["bob"]) as http:
        answer = await (await the_form(http, here(world))).send(http, body=body)
        text = Page(await http.get(answer.headers["location"])).by_id("post-3")
    links = text.findall(".//div[@class='body prose']//a")
    assert [words(link).lstrip("@") for link in links] == ["Frank Falk"]
    assert [one["person_id"] for one in await rows("mention")] == [frank.id]


# ---- What is refused changes nothing -------------------------------------------------------

REFUSED = {
    "a reply without words": ("bob", "{thread}/replies", {"body": " \n"}, 422),
    "a reply by a former member": ("eva", "{thread}/replies", {"body": "Hej"}, 404),
    "a reply by a stranger": ("charlie", "{thread}/replies", {"body": "Hej"}, 404),
    "a reply by the operator": ("olga", "{thread}/replies", {"body": "Hej"}, 404),
    "a reply to no thread": ("bob", "{base}/threads/999999/replies", {"body": "Hej"}, 404),
    "a guest's mark": ("gus", "{base}/replies/{reply}/help", {"helpful": "yes"}, 403),
    "another member's mark": ("dana", "{base}/replies/{reply}/help", {"helpful": "yes"}, 403),
    "another member's solution": ("dana", "{thread}/solution", {"solved": "yes"}, 403),
    "a guest's solution": ("gus", "{thread}/solution", {"solved": "yes"}, 403),
    "a stranger's mark": ("charlie", "{base}/replies/{reply}/help", {"helpful": "yes"}, 404),
    "a mark on no reply": ("ann", "{base}/replies/999999/help", {"helpful": "yes"}, 404),
    "a mark in a discussion": ("ann", "{base}/replies/{talk_reply}/help", {"helpful": "yes"}, 404),
    "a solved discussion": ("ann", "{talk}/solution", {"solved": "yes"}, 404),
    "a solved notice": ("ann", "{notice}/solution", {"solved": "yes"}, 404),
    "a mark across networks": ("charlie", "/n/annat-natverk/replies/{reply}/help",
                               {"helpful": "yes"}, 404),
    "a reply across networks": ("charlie", "/n/annat-natverk/threads/{thread_id}/replies",
                                {"body": "Hej"}, 404),
    "a read mark across networks": ("charlie", "/n/annat-natverk/threads/{thread_id}/read-mark",
                                    {"number": "1"}, 404),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_refused_writes_no_row_and_no_event(
    world: World, browser: Browsers, case: str
) -> None:
    name, address, fields, status = REFUSED[case]
    dana = await member(world, "Dana Dahl")
    question, ann = await bobs_question(world), await enter(world, "ann")
    talk = await ask(ann, "Samtal", "Om allt.", world.area_id, ThreadKind.DISCUSSION)
    notice = await ask(ann, "Anslag", "Läs!", world.area_id, ThreadKind.NOTICE)
    talk_reply = await discussions.post_reply(ann, talk.id, "Ja.", "ja")
    (reply,) = await rows("reply", thread_id=question, number=2)
    at = address.format(
        base=f"/n/{world.network.slug}",
        thread=here(world, question),
        thread_id=question,
        reply=reply["id"],
        talk=here(world, talk.id),
        notice=here(world, notice.id),
        talk_reply=talk_reply.id,
    )
    before = await everything()
    async with browser(dana if name == "dana" else world[name]) as http:
        assert (await http.post(at, data=fields)).status_code == status
    assert await everything() == before


async def test_an_archived_network_can_be_read_but_not_written_in(
    world: World, browser: Browsers
) -> None:
    question, ann = await bobs_question(world), await enter(world, "ann")
    (reply, _) = await rows("reply", thread_id=question)
    home = (await rows("organisation"))[0]["id"]
    await networks.change_network(ann, name="Boendestöd", description="", archived=True)
    base, thread = f"/n/{world.network.slug}", here(world, question)
    new = {"title": "T", "area": str(world.area_id), "body": "Hej", "kind": "question"}
    joining = {"person": "charlie.cederlof", "organisation": str(home), "role": "member"}
    before = await everything()
    for name in ("ann", "bob", "gus"):
        async with browser(world[name]) as http:
            for address in (base, f"{base}/threads", thread, f"{thread}/posts/2"):
                answer = await http.get(address, follow_redirects=True)
                assert answer.status_code == 200, address
            # How far she has read is her own business, here too.
            assert set(Page(await http.get(base)).actions()) <= {f"{base}/read-marks"}
            page = Page(await http.get(thread))
            writing = {f"{thread}/replies", f"{thread}/solution"}
            assert not writing & set(page.actions())
            assert not [one for one in page.hrefs if "quote=" in one or "/threads/new" in one]
            assert (await http.get(f"{base}/threads/new")).status_code == 403
            for address, fields in {
                f"{base}/threads": new,
                f"{thread}/replies": {"body": "Hej"},
                f"{base}/previews": {"body": "Hej"},
                f"{thread}/solution": {"solved": "yes"},
                f"{base}/replies/{reply['id']}/help": {"helpful": "yes"},
                f"{base}/members": joining,
                f"{base}/areas": {"name": "Ny"},
                f"{base}/areas/{world.area_id}": {"name": "Ny"},
                f"{base}/areas/{world.area_id}/move": {"direction": "up"},
                f"{base}/areas/{world.area_id}/removal": {},
            }.items():
                answer = await http.post(address, data=fields)
                assert answer.status_code == 403, (name, address)
    assert await everything() == before


# ---- Marks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bob", "ann"])
async def test_the_asker_or_a_coordinator_marks_what_helped_and_takes_the_mark_away(
    world: World, browser: Browsers, name: str
) -> None:
    question = await bobs_question(world)
    thread, who = here(world, question), world[name]
    replies = await rows("reply", thread_id=question)
    before, version = await seq(world), (await row("thread", id=question))["version"]

    async with browser(who) as http:

        async def press(reply_id: int, helpful: str) -> Page:
            """Press the button that is offered, and see what it leads to."""
            action = f"/n/{world.network.slug}/replies/{reply_id}/help"
            (number,) = [one["number"] for one in replies if one["id"] == reply_id]
            # A coordinator who has not asked finds it among what is seldom done with a post.
            there = thread if name == "bob" else f"{thread}/posts/{number}/acts"
            form = Page(await http.get(there)).form(action)
            assert [one.get("value") for one in form.element.iter("button")] == [helpful]
            answer = await form.send(http, helpful=helpful)
            assert answer.status_code == 303
            return Page(await http.get(answer.headers["location"]))

        await press(replies[0]["id"], "yes")
        page = await press(replies[1]["id"], "yes")
        assert [one.get("id") for one in page.with_class("answer")] == ["post-2", "post-3"]
        assert {f"{thread}/posts/2", f"{thread}/posts/3"} <= set(page.hrefs)
        assert who.name in words(page.by_id("post-2").findall(".//p[@class='solved-line']")[0])
        marked = await rows("reply", thread_id=question)
        assert [(one["helped_by_id"], one["version"]) for one in marked] == [(who.id, 2)] * 2
        page = await press(replies[0]["id"], "no")
    assert [one.get("id") for one in page.with_class("answer")] == ["post-3"]
    first, second = await rows("reply", thread_id=question)
    assert (first["helped_at"], first["helped_by_id"]) == (None, None)
    assert second["helped_at"] is not None
    assert (await row("thread", id=question))["version"] == version + 3
    assert await events(world, before) == [
        (HELPED, who.id), (HELPED, who.id), (UNMARKED, who.id)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["bob", "ann"])
async def test_the_asker_or_a_coordinator_says_that_a_question_is_solved_and_opens_it_again(
    world: World, browser: Browsers, name: str
) -> None:
    question = await bobs_question(world)
    thread, who = here(world, question), world[name]
    before, version = await seq(world), (await row("thread", id=question))["version"]
    async with browser(who) as http:
        for solved in ("yes", "no", "yes"):
            form = Page(await http.get(thread)).form(f"{thread}/solution")
            assert [one.get("value") for one in form.element.iter("button")] == [solved]
            answer = await form.send(http, solved=solved)
            page = Page(await http.get(answer.headers["location"]))
            assert len(page.with_class("solved")) == (solved == "yes")
            found = await row("thread", id=question)
            assert (found["solved_at"] is not None) == (solved == "yes")
            assert found["solved_by_id"] == (who.id if solved == "yes" else None)
    assert found["version"] == version + 3
    assert [kind for kind, _ in await events(world, before)] == [
        EventKind.THREAD_SOLVED,
        EventKind.THREAD_REOPENED,
        EventKind.THREAD_SOLVED,
    ]


async def test_a_mark_made_twice_is_made_once(world: World, browser: Browsers) -> None:
    question = await bobs_question(world)
    (reply, _) = await rows("reply", thread_id=question)
    before = await seq(world)
    async with browser(world["bob"]) as bobs, browser(world["ann"]) as anns:
        for http in (bobs, anns):
            help_ = f"/n/{world.network.slug}/replies/{reply['id']}/help"
            assert (await http.post(help_, data={"helpful": "yes"})).status_code == 303
            solution = f"{here(world, question)}/solution"
            assert (await http.post(solution, data={"solved": "yes"})).status_code == 303
    assert [kind for kind, _ in await events(world, before)] == [HELPED, EventKind.THREAD_SOLVED]
    assert (await row("reply", id=reply["id"]))["helped_by_id"] == world["bob"].id


async def test_only_who_may_mark_is_offered_it_and_only_in_a_question(
    world: World, browser: Browsers
) -> None:
    dana = await member(world, "Dana Dahl")
    question, ann = await bobs_question(world), await enter(world, "ann")
    talk = await ask(ann, "Samtal", "Om allt.", world.area_id, ThreadKind.DISCUSSION)
    await discussions.post_reply(ann, talk.id, "Ja.", "ja")
    offered = {}
    for person in (world["ann"], world["bob"], world["gus"], dana):
        async with browser(person) as http:
            for thread_id in (question, talk.id):
                page = Page(await http.get(here(world, thread_id)))
                menus = [one for one in page.hrefs if one.endswith("/acts")]
                pages = [page, *[Page(await http.get(one)) for one in menus]]
                actions = [action for one in pages for action in one.actions()]
                marks = [one for one in actions if one.endswith(("/help", "/solution"))]
                offered[person.name, thread_id] = len(marks)
    assert offered == {
        ("Ann Alm", question): 3, ("Bob Berg", question): 3,
        ("Gus Gäst", question): 0, ("Dana Dahl", question): 0,
        ("Ann Alm", talk.id): 0, ("Bob Berg", talk.id): 0,
        ("Gus Gäst", talk.id): 0, ("Dana Dahl", talk.id): 0,
    }  # fmt: skip


async def test_a_mark_on_another_page_can_be_reached_from_the_first(
    world: World, browser: Browsers
) -> None:
    await filled(world, world.thread.id, 30)
    (late,) = await rows("reply", thread_id=world.thread.id, number=27)
    ann = await enter(world, "ann")
    await marks.mark_helpful(ann, late["id"], helpful=True)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world)))
    assert "post-27" not in page.ids
    assert f"{here(world)}/posts/27" in page.hrefs


async def test_the_thread_tells_which_municipalities_have_answered(
    world: World, browser: Browsers
) -> None:
    """A guest's answer does not count, and neither does the asker's own."""
    question = await bobs_question(world)
    await discussions.post_reply(await enter(world, "bob"), question, "Mer.", "mer")
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world, question)))
    facts = dict(zip(map(words, page.all(".//dt")), map(words, page.all(".//dd")), strict=True))
    # Aneby and Mullsjö have or had members, as Bob's own Habo; Ann of Aneby has answered.
    reached = str(Coverage(["Aneby"], ["Mullsjö"]))
    assert facts[gettext("Answers from")] == f"{reached}: Aneby"
    assert ngettext("%(num)s answer", "%(num)s answers", 3) % {"num": 3} in words(
        page.one(".//h1/../p")
    )


# ---- Confirmations -------------------------------------------------------------------------


async def test_a_confirmation_is_shown_once(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        answer = await (await the_form(http, here(world))).send(http, body="Tack!")
        there = answer.headers["location"]
        shown_first = Page(await http.get(there)).flash
        shown_then = Page(await http.get(there)).flash
    assert (shown_first, shown_then) == (flash.words("replied"), "")


async def test_a_made_up_confirmation_is_not_shown(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        http.cookies.set("samverkan-flash", "<b>hej</b>", domain="127.0.0.1")
        assert Page(await http.get(here(world))).flash == ""


async def test_what_nobody_can_see_is_not_stored_either(world: World, browser: Browsers) -> None:
    """The limit on a text's length is a limit on what is kept."""
    async with browser(world["bob"]) as http:
        form = await the_form(http, here(world))
        assert (await form.send(http, body="Hej\x01\u202e du" + "\x01" * 50_000)).status_code == 303
    assert (await rows("reply"))[-1]["body"] == "Hej du"
