"""What somebody had written when her session ended is given back to her, and to nobody else."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import escape, unescape

import httpx
import pytest
from starlette.types import ASGIApp

from forum import kept_forms, login_links, sessions
from forum.form_keys import FormKeys
from forum.kept_forms import AT_MOST
from storage import clock, door
from storage.people import Person
from storage.sessions import KeptForm, Session
from tests.conftest import Browser, client
from tests.http.records import everything
from tests.world import PASSWORD, World
from web.app import starlette

Opened = Callable[..., Browser]
TEXT = 'Vi gör <så> här & har\n\n* en lista\n* på två "rader"\n\nÅÄÖ 🌲'


def key_in(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


def thread_path(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def reply_form(http: httpx.AsyncClient, world: World) -> dict[str, str]:
    page = await http.get(thread_path(world))
    assert page.status_code == 200
    return {"form_key": key_in(page.text), "page": "1", "body": TEXT}


async def thread_form(http: httpx.AsyncClient, world: World) -> dict[str, str]:
    page = await http.get(f"/n/{world.network.slug}/threads/new")
    return {
        "form_key": key_in(page.text),
        "kind": "discussion",
        "title": "Min tråd",
        "area": str(world.area_id),
        "body": TEXT,
    }


def token_of(response: httpx.Response) -> str:
    assert response.status_code == 303
    found = re.fullmatch(r"/login\?kept=([\w-]{43})", response.headers["location"])
    assert found, response.headers["location"]
    return found[1]


def not_kept(response: httpx.Response) -> bool:
    return (response.status_code, response.headers["location"]) == (303, "/login")


async def log_in(
    http: httpx.AsyncClient, kept: str = "", username: str = "ann.alm"
) -> httpx.Response:
    data = {"username": username, "password": PASSWORD, "kept": kept}
    response = await http.post("/login", data=data)
    assert response.status_code == 303
    return response


def given_back(page: str) -> tuple[str, dict[str, str]]:
    """Where the form on the page goes to, and its fields as a browser would send them."""
    form = re.search(r'<form class="composer[^>]*action="([^"]*)".*?</form>', page, re.DOTALL)
    assert form
    fields = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input[^>]*?name="([^"]*)"[^>]*?value="([^"]*)"', form[0])
    }
    for name, value in re.findall(
        r'<textarea[^>]*?name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL
    ):
        fields[unescape(name)] = unescape(value)
    return unescape(form[1]), fields


async def by_date(http: httpx.AsyncClient, person: Person) -> None:
    await Session.filter(person_id=person.id).update(expires_at=clock.now())


async def in_another_tab(http: httpx.AsyncClient, person: Person) -> None:
    await http.post("/logout")
    assert "samverkan" not in http.cookies


async def everywhere(http: httpx.AsyncClient, person: Person) -> None:
    await sessions.end_all(person)


async def cookie_lost(http: httpx.AsyncClient, person: Person) -> None:
    http.cookies.clear()


Ended = Callable[[httpx.AsyncClient, Person], Awaitable[None]]
ENDS: list[Ended] = [by_date, in_another_tab, everywhere, cookie_lost]


@pytest.mark.parametrize("ended", ENDS)
async def test_a_reply_is_there_after_logging_in_and_can_be_sent_to_its_place(
    world: World, browser: Opened, ended: Ended
) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        form = await reply_form(http, world)
        await ended(http, ann)
        kept = token_of(await http.post(f"{thread_path(world)}/replies", data=form))
        assert kept in (await http.get(f"/login?kept={kept}")).text
        response = await log_in(http, kept)
        assert response.headers["location"] == f"/kept/{kept}"
        action, fields = given_back((await http.get(f"/kept/{kept}")).text)
        assert action == f"{thread_path(world)}/replies"
        assert fields == form | {"kept": kept}
        place = f"{world.network.name}: {world.thread.title}"
        assert escape(place) in (await http.get(f"/kept/{kept}")).text
        # Looking at it twice does no harm: it is kept until it has been sent.
        assert (await http.get(f"/kept/{kept}")).status_code == 200
        response = await http.post(action, data=fields)
        assert response.status_code == 303
        assert response.headers["location"] == f"{thread_path(world)}#post-3"
        # Then the token is of no more use.
        assert (await http.get(f"/kept/{kept}")).status_code == 404
        # And who presses the button twice has written once.
        response = await http.post(action, data=fields)
        assert response.headers["location"].endswith("#post-3")
    inside = await door.enter(ann, world.network.slug)
    assert [one.body for one in await inside.replies.filter(author_id=ann.id)] == [TEXT]
    assert await KeptForm.all().count() == 0


async def test_a_new_thread_is_kept_with_all_its_fields(world: World, browser: Opened) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        form = await thread_form(http, world)
        await everywhere(http, ann)
        kept = token_of(await http.post(f"/n/{world.network.slug}/threads", data=form))
        await log_in(http, kept)
        action, fields = given_back((await http.get(f"/kept/{kept}")).text)
        assert fields == form | {"kept": kept}
        assert (await http.post(action, data=fields)).status_code == 303
    inside = await door.enter(ann, world.network.slug)
    thread = await inside.threads.get(title="Min tråd")
    assert (thread.body, thread.kind, thread.area_id) == (TEXT, "discussion", world.area_id)


async def test_a_kept_form_that_comes_back_with_an_error_is_still_kept(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        form = await thread_form(http, world) | {"title": ""}
        await everywhere(http, ann)
        kept = token_of(await http.post(f"/n/{world.network.slug}/threads", data=form))
        await log_in(http, kept)
        action, fields = given_back((await http.get(f"/kept/{kept}")).text)
        response = await http.post(action, data=fields)
        assert response.status_code == 422
        assert f'name="kept" value="{kept}"' in response.text
        assert (await http.get(f"/kept/{kept}")).status_code == 200
        response = await http.post(action, data=fields | {"title": "Nu med rubrik"})
        assert response.status_code == 303
        assert (await http.get(f"/kept/{kept}")).status_code == 404


async def test_a_form_without_a_key_is_kept_for_whose_session_it_was(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        await by_date(http, ann)
        path = f"/n/{world.network.slug}/areas"
        kept = token_of(await http.post(path, data={"name": "Nytt", "description": TEXT}))
        await log_in(http, kept)
        action, fields = given_back((await http.get(f"/kept/{kept}")).text)
        assert (action, fields["name"], fields["description"]) == (path, "Nytt", TEXT)


async def test_another_person_gets_nothing_of_it(world: World, browser: Opened) -> None:
    ann = world["ann"]
    async with browser(ann) as http, browser() as out:
        form = await reply_form(http, world)
        await everywhere(http, ann)
        kept = token_of(await http.post(f"{thread_path(world)}/replies", data=form))
        # At the same computer, a colleague, and somebody from elsewhere, log in.
        for name in ("bob.berg", "charlie.cederlof", "olga.operator"):
            response = await log_in(http, kept, name)
            assert response.headers["location"] == "/"
            page = await http.get(f"/kept/{kept}")
            made_up = await http.get(f"/kept/{'0' * 43}")
            assert page.status_code == made_up.status_code == 404
            assert page.text.replace(kept, "0" * 43) == made_up.text
            # Nor can they make it go away.
            await http.post("/preferences", data={"kept": kept})
            await http.post("/account/session-endings", data={"kept": kept})
        # Whoever is logged out is asked to log in, whether there is such a token or not.
        assert (await out.get(f"/kept/{kept}")).status_code == 303
        assert "gör" not in (await out.get(f"/login?kept={kept}")).text
        await log_in(http, kept)
        assert given_back((await http.get(f"/kept/{kept}")).text)[1]["body"] == TEXT


async def test_after_an_hour_nothing_is_kept(world: World, browser: Opened) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        form = await reply_form(http, world)
        await everywhere(http, ann)
        kept = token_of(await http.post(f"{thread_path(world)}/replies", data=form))
        row = await KeptForm.get()
        assert timedelta(minutes=59) < row.expires_at - clock.now() <= timedelta(hours=1)
        await KeptForm.all().update(expires_at=clock.now())
        response = await log_in(http, kept)
        assert response.headers["location"] == "/"
        assert (await http.get(f"/kept/{kept}")).status_code == 404


async def test_who_logs_in_by_another_way_is_given_it_back_as_well(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        form = await reply_form(http, world)
        await everywhere(http, ann)
        token_of(await http.post(f"{thread_path(world)}/replies", data=form))
    link = await login_links.password_link(ann, "")
    async with browser() as elsewhere:
        response = await elsewhere.post(link, data={"password": "nio runda kakor i en burk"})
        page = await elsewhere.get(response.headers["location"])
    assert given_back(page.text)[1]["body"] == TEXT


async def test_a_form_in_which_nothing_was_written_is_not_kept(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as http:
        await everywhere(http, ann)
        assert not_kept(await http.post("/logout"))
        assert not_kept(await http.post(f"{thread_path(world)}/read-mark", data={"number": "2"}))


async def test_a_forged_key_keeps_nothing(world: World, app: ASGIApp, browser: Opened) -> None:
    ann = world["ann"]
    keys: FormKeys = starlette(app).state.form_keys
    real = keys.mint(ann)
    payload, _, seal = real.rpartition(".")
    nonce = payload.partition(".")[2]
    forged = [
        "",
        ".",
        "..",
        seal,
        f"{ann.id}",
        f"{ann.id}.{nonce}",
        f"{ann.id}.{nonce}.",
        f"{world['bob'].id}.{nonce}.{seal}",
        f"{ann.id}.{nonce}.{'0' * 32}",
        f"{ann.id}.{nonce}0.{seal}",
        f" {real}",
        real + "0",
        real.upper(),
        real.replace(str(ann.id), "２", 1),
        FormKeys(b"another key").mint(ann),
        "é" * 40,
        "🌲.🌲.🌲",
        "1." * 5000,
    ]
    async with browser() as http:
        for key in forged:
            form = {"form_key": key, "body": TEXT}
            assert not_kept(await http.post(f"{thread_path(world)}/replies", data=form)), key
    assert await KeptForm.all().count() == 0


async def test_a_real_key_is_somebodys_even_without_a_cookie(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    key = starlette(app).state.form_keys.mint(world["ann"])
    async with browser() as http:
        form = {"form_key": key, "body": TEXT}
        token_of(await http.post(f"{thread_path(world)}/replies", data=form))
    assert (await KeptForm.get()).person_id == world["ann"].id


async def test_what_a_stranger_posts_is_not_kept(world: World, browser: Opened) -> None:
    async with browser() as http:
        for token in ("", "made up", "0" * 43):
            http.cookies.set("samverkan", token, domain="127.0.0.1")
            form = {"body": TEXT}
            assert not_kept(await http.post(f"{thread_path(world)}/replies", data=form))
    assert await KeptForm.all().count() == 0


@pytest.mark.parametrize("ended", ENDS)
async def test_a_password_is_never_kept(
    world: World, app: ASGIApp, browser: Opened, ended: Ended
) -> None:
    ann = world["ann"]
    secret = "tolv gröna traktorer"
    key = starlette(app).state.form_keys.mint(ann)
    async with browser(ann) as http:
        await ended(http, ann)
        form = {"current_password": PASSWORD, "password": secret, "form_key": key}
        for path in ("/account/password", f"/n/{world.network.slug}/areas"):
            response = await http.post(path, data=form)
            assert not_kept(response)
            assert secret not in response.text
    assert await KeptForm.all().count() == 0


async def test_of_more_than_twenty_the_oldest_makes_room(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    keys: FormKeys = starlette(app).state.form_keys
    path = f"{thread_path(world)}/replies"
    async with browser() as http:
        hers = {"form_key": keys.mint(world["ann"]), "body": TEXT}
        tokens = [token_of(await http.post(path, data=hers)) for _n in range(AT_MOST + 1)]
        # Another's are not hers.
        token_of(await http.post(path, data={"form_key": keys.mint(world["bob"]), "body": TEXT}))
    assert await KeptForm.filter(person_id=world["ann"].id).count() == AT_MOST
    given = [await kept_forms.find(world["ann"], token) is not None for token in tokens]
    assert given == [False] + [True] * AT_MOST


async def test_a_form_that_was_shown_to_somebody_else_is_not_posted(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    """They share a computer: Ann opened the page, and Bob has logged in since."""
    anns = starlette(app).state.form_keys.mint(world["ann"])
    before = await everything()
    async with browser(world["bob"]) as http:
        answer = await http.post(
            f"{thread_path(world)}/replies", data={"form_key": anns, "body": TEXT}
        )
    assert answer.status_code == 403
    assert await everything() == before


async def test_an_address_longer_than_any_of_ours_is_not_kept(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    key = starlette(app).state.form_keys.mint(world["ann"])
    async with browser() as http:
        response = await http.post(f"/n/{'x' * 400}/threads", data={"form_key": key, "body": "x"})
    assert not_kept(response)


async def test_only_the_hash_of_its_token_is_stored(world: World) -> None:
    token = await kept_forms.keep(world["ann"].id, "/n/x/threads", [("body", TEXT)])
    assert token
    assert token not in str(await KeptForm.all().values())
    assert await kept_forms.find(world["ann"], token) == ("/n/x/threads", [("body", TEXT)])
    assert await kept_forms.find(world["bob"], token) is None
    await kept_forms.drop(world["bob"], token)
    assert await kept_forms.find(world["ann"], token)


async def test_what_is_given_back_is_text_and_never_markup(world: World, browser: Opened) -> None:
    nasty = '"></textarea><script>alert(1)</script>'
    token = await kept_forms.keep(
        world["ann"].id, "/n/x/threads", [("title", nasty), ("body", nasty), (nasty, nasty)]
    )
    async with browser(world["ann"]) as http:
        page = (await http.get(f"/kept/{token}")).text
    assert "<script>alert" not in page
    assert given_back(page)[1]["body"] == nasty


async def test_a_form_from_elsewhere_is_not_kept(world: World, app: ASGIApp) -> None:
    key = starlette(app).state.form_keys.mint(world["ann"])
    async with client(app) as http:
        response = await http.post(
            f"{thread_path(world)}/replies",
            data={"form_key": key, "body": TEXT},
            headers={"Origin": "https://evil.example"},
        )
    assert response.status_code == 403
    assert await KeptForm.all().count() == 0


async def test_who_has_lost_her_membership_gets_her_text_but_not_her_place(
    world: World, browser: Opened
) -> None:
    bob = world["bob"]
    async with browser(bob) as http:
        form = await reply_form(http, world)
        await everywhere(http, bob)
        kept = token_of(await http.post(f"{thread_path(world)}/replies", data=form))
        inside = await door.enter(world["ann"], world.network.slug)
        yesterday = clock.today() - timedelta(days=1)
        await inside.memberships.filter(person_id=bob.id).update(ends_on=yesterday)
        await log_in(http, kept, "bob.berg")
        action, fields = given_back((await http.get(f"/kept/{kept}")).text)
        assert fields["body"] == TEXT
        assert (await http.post(action, data=fields)).status_code == 404
        # She can still copy it.
        assert (await http.get(f"/kept/{kept}")).status_code == 200
