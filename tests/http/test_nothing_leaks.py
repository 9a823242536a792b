"""What belongs to a network is not told to strangers, nor its members to guests, by any road."""

import re

import httpx
import pytest

from forum import areas, bodies, discussions, marks, members, people
from storage import clock, door
from storage.discussions import ThreadKind
from storage.people import View
from storage.roles import Role
from tests.http.walk import GETS, PEOPLE, POSTS, STRANGERS, House, Step, seen, steps
from tests.world import NAMES, SECRET_REPLY, SECRET_TITLE, ask

IN_A_NETWORK = [step for step in steps() if step.in_a_network]
#: What an operator sees of every network: its name, kind and state.
OPERATED = "/operator/"


def missing(house: House, step: Step) -> list[dict[str, str]]:
    """Each parameter of the step in turn made one that does not exist, as long as the real one."""
    return [
        {name: "9" * len(value) if value.isdecimal() else value[:-1] + "x"}
        for name in step.parameters
        for value in (house.values[name],)
    ]


@pytest.mark.parametrize("who", STRANGERS)
async def test_strangers_get_the_same_bytes_whether_it_exists_or_not(
    house: House, who: str
) -> None:
    async with house.visitor(who) as http:
        before = house.rows()
        for step in IN_A_NETWORK:
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
                asked = Step(method, step.path)
                there = await answer(house, http, who, asked)
                for instead in missing(house, step):
                    nowhere = await answer(house, http, who, asked, **instead)
                    assert nowhere == there, (method, step.path, instead)
        assert house.rows() == before


async def answer(
    house: House, http: httpx.AsyncClient, who: str, step: Step, **instead: str
) -> list[str]:
    """All that an answer tells, but for the address that was asked for."""
    response = await house.take(http, who, step, **instead)
    return seen(response, house.address(step, **instead))


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"operator"}))
async def test_an_operators_pages_tell_nobody_else_which_networks_there_are(
    house: House, who: str
) -> None:
    async with house.visitor(who) as http:
        for step in steps():
            if "network_id" in step.parameters:
                there = await answer(house, http, who, step)
                assert await answer(house, http, who, step, network_id="9") == there


def secrets(house: House) -> list[str]:
    """What only members may read, in any letters."""
    world = house.world
    members = [name for key, name in NAMES.items() if key in {"ann", "bob", "gus", "eva"}]
    written = [SECRET_TITLE, "hemligheten", "kvällstimmar", SECRET_REPLY, "delar två"]
    told = ["Boendestöd", "För den som ger stöd", "Lagen och", "Ödehus", "har ingen skrivit"]
    return [*members, *written, *told, world.network.slug, "Siri", "siri@", "ann@", "bob@", "gus@"]


def assert_silent(house: House, who: str, response: httpx.Response, address: str) -> None:
    shown = f"{response.headers}\n{response.text}"
    # She knows where she asked to go and who she is herself.
    known = [address, address.replace("/", "%2F")]
    if name := PEOPLE[who]:
        known += [NAMES[name], house.world[name].email or ""]
    for text in filter(None, known):
        shown = shown.replace(text, "")
    allowed: set[str] = set()
    if who == "operator" and address.startswith(OPERATED):
        allowed = {house.world.network.name, house.world.network.slug}
    for secret in set(secrets(house)) - allowed:
        assert secret.casefold() not in shown.casefold(), (address, secret)


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("who", STRANGERS)
async def test_no_answer_to_a_stranger_holds_a_word_of_the_network(
    house: House, who: str, view: View
) -> None:
    async with house.visitor(who) as http:
        await http.post("/preferences", data={"view": view})
        for step in steps():
            if step.method == "GET" or step.in_a_network:
                address = house.address(step)
                response = await house.take(http, who, step)
                assert_silent(house, who, response, address)
        for address in ("/nowhere", "/n", "/n/", "/n//threads", "/N/BOENDESTOD", "/static/nothing"):
            assert_silent(house, who, await http.get(address), address)
        for headers in ({"Origin": "https://elsewhere.example"}, {"Content-Length": "9999999"}):
            address = house.address(Step("POST", "/n/{slug}/threads"))
            response = await http.post(address, data={"title": "x"}, headers=headers)
            assert response.status_code in {403, 413, 404, 303}
            assert_silent(house, who, response, address)


@pytest.mark.parametrize("who", STRANGERS)
async def test_what_happens_in_a_network_changes_no_page_of_a_stranger(
    house: House, who: str
) -> None:
    async with house.visitor(who) as http:
        before = await every_page(house, http, who)
        await much_happens(house)
        assert await every_page(house, http, who) == before


async def test_what_happens_in_a_network_is_shown_to_its_members(house: House) -> None:
    """Otherwise the test above would prove nothing."""
    async with house.visitor("member") as http:
        before = await every_page(house, http, "member")
        await much_happens(house)
        after = await every_page(house, http, "member")
    changed = {str(step) for step in GETS if after[str(step)] != before[str(step)]}
    assert {"GET /", "GET /networks", "GET /n/{slug}", "GET /n/{slug}/members"} <= changed
    assert {"GET /n/{slug}/threads", "GET /n/{slug}/threads/{thread_id}"} <= changed


async def every_page(house: House, http: httpx.AsyncClient, who: str) -> dict[str, object]:
    """All that the visitor gets to see, without the random key of a form."""
    key = re.compile(r'name="form_key" value="[^"]*"')
    pages: dict[str, object] = {}
    for step in GETS:
        response = await house.take(http, who, step)
        pages[str(step)] = (response.status_code, response.headers, key.sub("", response.text))
    return pages


async def much_happens(house: House) -> None:
    world = house.world
    ann = await door.enter(world["ann"], world.network.slug)
    nils = await people.add_person("Nils Nilsson", "nils@kommun.example")
    await members.add_member(ann, nils, house.furniture.organisation_id)
    nils_inside = await door.enter(nils, world.network.slug)
    await discussions.post_reply(nils_inside, world.thread.id, "Här är allt gott.", "n1")
    await ask(nils_inside, "Fler frågor?", "Ja, @bob.berg och @ann.alm.", world.area_id)
    await ask(ann, "Viktigt", "Läs detta.", world.area_id, ThreadKind.NOTICE)
    await marks.mark_helpful(ann, world.reply.id, helpful=True)
    await marks.mark_solved(ann, world.thread.id, solved=True)
    await areas.add_area(ann, "Ekonomi")


async def both(house: House) -> None:
    """Make Ann a coordinator of the other network too, where she has a thread."""
    world = house.world
    inside = await door.enter(world["charlie"], world.elsewhere.slug)
    home = house.furniture.organisation_id
    await members.add_member(inside, world["ann"], home, role=Role.COORDINATOR)


#: Steps whose address names a row of the network by its id.
BY_ID = [step for step in IN_A_NETWORK if any(name.endswith("_id") for name in step.parameters)]


@pytest.mark.parametrize("who", ["elsewhere", "coordinator"])
async def test_ids_of_one_network_do_not_exist_in_another(house: House, who: str) -> None:
    """Not even for who is a coordinator of both: a row belongs to its network's addresses."""
    await both(house)
    slug = house.world.elsewhere.slug
    async with house.visitor(who) as http:
        assert (await http.get(f"/n/{slug}/settings")).status_code == 200
        before = house.rows()
        for step in BY_ID:
            crossed = await house.take(http, who, step, slug=slug)
            if step.path.endswith("/replies") and step.method == "GET":
                assert crossed.status_code == 303, "leads to where the thread would be"
                crossed = await http.get(crossed.headers["location"])
            assert crossed.status_code == 404, step
        assert house.rows() == before


async def test_ids_in_queries_and_forms_do_not_cross_either(house: House) -> None:
    world = house.world
    inside = await door.enter(world["charlie"], world.elsewhere.slug)
    own_area = (await areas.areas_of(inside))[0].id
    own = await ask(inside, "Min egen fråga", "Bara vår.", own_area)
    here = f"/n/{world.elsewhere.slug}"
    async with house.visitor("elsewhere") as http:
        before = house.rows()
        filtered = await http.get(f"{here}/threads?area={world.area_id}")
        assert filtered.status_code == 404
        preset = await http.get(f"{here}/threads/new?area={world.area_id}")
        assert_silent(house, "elsewhere", preset, "")
        quoted = await http.get(f"{here}/threads/{own.id}?quote=2")
        assert quoted.status_code == 404
        later = f"{clock.now().isoformat()}_{world.thread.id}"
        older = await http.get(f"{here}/threads", params={"before": later})
        assert_silent(house, "elsewhere", older, "")
        form = house.form(Step("POST", "/n/{slug}/threads"), "elsewhere")
        posted = await http.post(f"{here}/threads", data=form)
        assert posted.status_code == 422, "the area that the form names is another network's"
        assert_silent(house, "elsewhere", posted, "")
        assert house.rows() == before


async def test_mentioning_a_member_of_another_network_names_nobody(house: House) -> None:
    here = f"/n/{house.world.elsewhere.slug}/previews"
    async with house.visitor("elsewhere") as http:
        shown = await http.post(here, data={"body": "Hej @ann.alm och @charlie.cederlof"})
    assert "Charlie Cederlöf" in shown.text
    assert_silent(house, "elsewhere", shown, "@ann.alm")
    assert "@ann.alm" in shown.text


async def test_a_guest_is_shown_nobody_who_has_not_written(house: House) -> None:
    async with house.visitor("guest") as http:
        for step in [*GETS, *POSTS]:
            if not step.in_a_network:
                continue
            shown = (await house.take(http, "guest", step)).text.replace(house.address(step), "")
            for hidden in ("Siri", "siri.silver", "Eva Ek", "kommun.example", "/members"):
                assert hidden not in shown, (step, hidden)
    async with house.visitor("member") as http:
        assert "Siri Silver" in (await http.get(f"/n/{house.world.network.slug}/members")).text


async def test_a_guest_is_told_the_same_of_every_membership(house: House) -> None:
    step = Step("GET", "/n/{slug}/members/{membership_id}")
    there, nowhere = house.address(step), house.address(step, membership_id="9")
    async with house.visitor("guest") as http:
        for method in ("GET", "HEAD", "POST"):
            real = await http.request(method, there)
            none = await http.request(method, nowhere)
            assert real.status_code == 403
            assert seen(real, there) == seen(none, nowhere)


@pytest.mark.parametrize("who", ["member", "guest"])
async def test_when_a_membership_ends_the_very_next_request_finds_nothing(
    house: House, who: str
) -> None:
    world = house.world
    name = PEOPLE[who] or ""
    slug = world.network.slug
    membership = (await door.enter(world[name], slug)).membership
    async with house.visitor(who) as http, house.visitor("coordinator") as ann:
        assert (await http.get(f"/n/{slug}")).status_code == 200
        ended = await ann.post(f"/n/{slug}/members/{membership.id}/ending")
        assert ended.status_code == 303
        before = house.rows()
        for step in IN_A_NETWORK:
            response = await house.take(http, who, step)
            assert response.status_code == 404, step
            assert_silent(house, who, response, house.address(step))
        for address in ("/", "/networks", "/account"):
            assert_silent(house, who, await http.get(address), address)
        assert house.rows() == before


async def test_a_reply_that_was_being_written_when_the_membership_ended_is_not_posted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The coordinator is quicker than the door is far from the transaction."""
    world = house.world
    ann = await door.enter(world["ann"], world.network.slug)
    bob = await door.enter(world["bob"], world.network.slug)
    render = bodies.render

    async def slowly(*given: object) -> object:
        rendered = await render(*given)  # type: ignore[arg-type]
        await members.end_member(ann, bob.membership.id)
        return rendered

    monkeypatch.setattr(bodies, "render", slowly)
    step = Step("POST", "/n/{slug}/threads/{thread_id}/replies")
    async with house.visitor("member") as http:
        replies = len(house.rows()["reply"])
        answer = await house.take(http, "member", step)
        assert answer.status_code == 404
        assert_silent(house, "member", answer, house.address(step))
        assert len(house.rows()["reply"]) == replies
