"""Logging in, what the cookies say, and how a session ends."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie

import httpx
import pytest
from starlette.types import ASGIApp
from tortoise.connection import get_connection

from forum import passwords, sessions
from forum.settings import Settings
from forum.throttle import TRIES
from forum.tokens import hashed
from storage import clock
from storage.people import Person
from storage.sessions import FailedLogin, KnownDevice, LoginLink, Session
from tests.conftest import Browser, client, running
from tests.world import PASSWORD, World
from web.redirects import local

Opened = Callable[..., Browser]
NEW = "sju sjösjuka sjömän"


async def log_in(
    http: httpx.AsyncClient, username: str = "ann.alm", password: str = PASSWORD, **fields: str
) -> httpx.Response:
    return await http.post("/login", data={"username": username, "password": password, **fields})


def cookies(response: httpx.Response) -> dict[str, Morsel[str]]:
    """Return the cookies that an answer sets, with their attributes."""
    set_: dict[str, Morsel[str]] = {}
    for line in response.headers.get_list("set-cookie"):
        set_.update(SimpleCookie(line))
    return set_


async def goes_in(http: httpx.AsyncClient) -> bool:
    response = await http.get("/account")
    assert response.status_code in {200, 303}
    return response.status_code == 200


async def goes_in_by(app: ASGIApp, token: str) -> bool:
    async with client(app) as http:
        http.cookies.set("samverkan", token, domain="127.0.0.1")
        return await goes_in(http)


@asynccontextmanager
async def public(chosen: Settings) -> AsyncIterator[tuple[ASGIApp, httpx.AsyncClient]]:
    """The application as it is reached over HTTPS, and a browser there."""
    secure = replace(chosen, base_url="https://samverkan.example")
    async with running(secure) as app, client(app, "https://samverkan.example") as http:
        yield app, http


@pytest.mark.parametrize(
    "name", ["ann.alm", " Ann.Alm ", "ANN.ALM", "ann@kommun.example", " Ann@KOMMUN.example\t"]
)
async def test_she_logs_in_by_name_or_address_in_any_case(
    world: World, browser: Opened, name: str
) -> None:
    async with browser() as http:
        response = await log_in(http, name)
        assert response.status_code == 303
        assert response.headers["location"] == "/"
        assert await goes_in(http)


@pytest.mark.parametrize("wrong", ["", PASSWORD.upper(), PASSWORD + " ", f" {PASSWORD}", "fel"])
async def test_another_password_does_not_let_her_in(
    world: World, browser: Opened, wrong: str
) -> None:
    async with browser() as http:
        response = await log_in(http, password=wrong)
        assert response.status_code == 422
        assert "set-cookie" not in response.headers
        assert not await goes_in(http)


async def test_a_name_written_in_the_form_comes_back_escaped_and_the_password_never(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        response = await log_in(http, '"><script>alert(1)</script>', "ett hemligt ord här")
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text
    assert "hemligt ord" not in response.text


async def _refused(http: httpx.AsyncClient, name: str) -> tuple[int, str, list[tuple[str, str]]]:
    response = await log_in(http, name, "inte det här heller")
    headers = [(key, value) for key, value in response.headers.items() if key != "content-length"]
    return response.status_code, response.text.replace(name, "NAME"), headers


async def test_nobody_can_tell_a_wrong_password_from_an_unknown_name(
    world: World, browser: Opened
) -> None:
    await Person.filter(id=world["bob"].id).update(password_hash=None)
    await Person.filter(id=world["gus"].id).update(active=False)
    names = ["ann.alm", "ann@kommun.example", "bob.berg", "gus.gast", "no.body", "no@body.example"]
    async with browser() as http:
        answers = [await _refused(http, name) for name in names]
    assert answers[0][0] == 422
    assert all(answer == answers[0] for answer in answers)


async def test_every_attempt_is_checked_against_one_hash(
    world: World, browser: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    really = passwords._verify

    def counted(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return really(password_hash, password)

    monkeypatch.setattr(passwords, "_verify", counted)
    await Person.filter(id=world["bob"].id).update(password_hash=None)
    async with browser() as http:
        for name in ("ann.alm", "no.body", "bob.berg", "no@body.example"):
            await log_in(http, name, "inte det här")
    assert len(checked) == 4
    assert all(one.startswith("$argon2id$") for one in checked)
    # With the same cost, or the time would tell.
    assert len({one.split("$")[3] for one in checked}) == 1


async def test_an_unknown_name_takes_the_same_work_as_a_known_one(
    world: World, browser: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    """The same statements beside the same argon2id: seconds would only tell of the machine."""
    statements: dict[str, int] = {}
    async with browser() as http:
        for name in ("ann.alm", "no.body"):
            with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
                caplog.clear()
                await log_in(http, name, "fel")
                statements[name] = sum(r.name == "tortoise.db_client" for r in caplog.records)
    assert statements["ann.alm"] == statements["no.body"] > 0


async def test_on_this_computer_the_cookie_is_for_this_host_and_hidden_from_scripts(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        set_ = cookies(await log_in(http))
    assert set_.keys() == {"samverkan", "samverkan-device"}
    for cookie in set_.values():
        assert cookie["path"] == "/"
        assert cookie["httponly"]
        assert cookie["samesite"].lower() == "lax"
        assert not cookie["secure"]
        assert not cookie["domain"]
    assert set_["samverkan"]["max-age"] == ""
    assert len(set_["samverkan"].value) >= 43


async def test_over_https_every_cookie_is_held_to_this_host(chosen: Settings) -> None:
    async with public(chosen) as (_app, http):
        seen = cookies(await log_in(http, remember="yes"))
        seen |= cookies(await http.post("/preferences", data={"language": "en"}))
        seen |= cookies(await http.post("/logout"))
        assert not await goes_in(http)
    assert seen.keys() == {
        "__Host-samverkan", "__Host-samverkan-device", "__Host-samverkan-language",
        "__Host-samverkan-flash",
    }  # fmt: skip
    for cookie in seen.values():
        assert cookie["path"] == "/"
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"].lower() == "lax"
        assert not cookie["domain"]


async def test_over_https_the_plain_cookie_says_nothing(chosen: Settings) -> None:
    # Another host of the same domain, or somebody on the wire, can set that one.
    async with public(chosen) as (_app, http):
        person = await Person.get(username="ann.alm")
        token = await sessions.start(person, "", remember=False)
        http.cookies.set("samverkan", token, domain="samverkan.example")
        assert not await goes_in(http)
        http.cookies.set("__Host-samverkan", token, domain="samverkan.example")
        assert await goes_in(http)


async def test_a_token_that_somebody_put_there_before_login_is_worth_nothing(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    async with browser() as http:
        http.cookies.set("samverkan", "planted", domain="127.0.0.1")
        token = cookies(await log_in(http))["samverkan"].value
    assert token != "planted"
    assert not await goes_in_by(app, "planted")
    assert await goes_in_by(app, token)


async def test_the_session_that_one_had_is_rotated_at_login(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    async with browser() as http:
        first = cookies(await log_in(http))["samverkan"].value
        second = cookies(await log_in(http))["samverkan"].value
    assert first != second
    assert not await goes_in_by(app, first)
    assert await goes_in_by(app, second)


async def test_only_hashes_of_the_tokens_are_stored(world: World, browser: Opened) -> None:
    async with browser() as http:
        set_ = cookies(await log_in(http))
    session = await Session.get(person_id=world["ann"].id)
    device = await KnownDevice.get(person_id=world["ann"].id)
    assert session.token_hash == hashed(set_["samverkan"].value)
    assert device.token_hash == hashed(set_["samverkan-device"].value)


async def test_a_remembered_session_lasts_180_days_and_its_cookie_too(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        set_ = cookies(await log_in(http, remember="yes"))
        assert set_["samverkan"]["max-age"] == str(180 * 24 * 3600)
        session = await Session.get(person_id=world["ann"].id)
        days = (session.expires_at - clock.now()) / timedelta(days=1)
        assert 179.9 < days <= 180
        # It is not used for weeks, and used: its end stays where it was.
        later = clock.now() + timedelta(days=1)
        seen = clock.now() - timedelta(days=100)
        await Session.filter(id=session.id).update(seen_at=seen, expires_at=later)
        assert await goes_in(http)
        assert (await Session.get(id=session.id)).expires_at == later
        await Session.filter(id=session.id).update(expires_at=clock.now())
        assert not await goes_in(http)


async def test_an_ordinary_session_lasts_12_hours_from_its_last_use(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        await log_in(http)
        session = await Session.get(person_id=world["ann"].id)
        assert 11.9 < (session.expires_at - clock.now()) / timedelta(hours=1) <= 12
        # Eleven hours later she reads on.
        then = clock.now() - timedelta(hours=11)
        ends = clock.now() + timedelta(hours=1)
        await Session.filter(id=session.id).update(seen_at=then, expires_at=ends)
        assert await goes_in(http)
        assert (await Session.get(id=session.id)).expires_at > clock.now() + timedelta(hours=11)
        # She comes back a second too late.
        await Session.filter(id=session.id).update(expires_at=clock.now() - timedelta(seconds=1))
        assert not await goes_in(http)
        assert not await goes_in(http)


async def test_an_ended_session_is_not_brought_back_by_being_used(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        await log_in(http)
        then = clock.now() - timedelta(hours=1)
        await Session.filter(person_id=world["ann"].id).update(seen_at=then, ended_at=clock.now())
        assert not await goes_in(http)
        assert (await Session.get(person_id=world["ann"].id)).seen_at == then


async def test_a_session_is_not_written_to_at_every_page(world: World, browser: Opened) -> None:
    async with browser() as http:
        await log_in(http)
        before = await Session.get(person_id=world["ann"].id)
        assert await goes_in(http)
        assert (await Session.get(id=before.id)).seen_at == before.seen_at


async def test_logging_out_ends_the_session_on_the_server_and_clears_the_cache(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    async with browser() as http:
        token = cookies(await log_in(http))["samverkan"].value
        response = await http.post("/logout")
        assert response.status_code == 303
        assert response.headers["location"] == "/login"
        assert '"cache"' in response.headers["clear-site-data"]
        assert cookies(response)["samverkan"]["max-age"] == "0"
        assert cookies(response)["samverkan"].value == ""
        assert not await goes_in(http)
    assert not await goes_in_by(app, token)


async def test_logging_out_by_an_address_alone_is_not_possible(
    world: World, browser: Opened
) -> None:
    async with browser(world["ann"]) as http:
        for path in ("/logout", "/account/logout-everywhere", "/account/session-endings"):
            assert (await http.get(path)).status_code == 405
        assert await goes_in(http)


async def test_logging_out_everywhere_ends_all_of_hers_and_nobody_elses(
    world: World, browser: Opened
) -> None:
    ann, bob = world["ann"], world["bob"]
    async with browser(ann) as one, browser(ann) as two, browser(bob) as other:
        await log_in(one)
        response = await one.post("/account/logout-everywhere")
        assert response.headers["location"] == "/login"
        assert '"cache"' in response.headers["clear-site-data"]
        assert not await goes_in(one)
        assert not await goes_in(two)
        assert await goes_in(other)
    assert not await KnownDevice.exists(person_id=ann.id)
    assert not await LoginLink.exists(person_id=ann.id, used_at=None)


async def test_one_of_her_own_sessions_can_be_ended_and_not_anothers(
    world: World, browser: Opened
) -> None:
    ann, bob = world["ann"], world["bob"]
    async with browser(ann) as one, browser(ann) as two, browser(bob) as other:
        ids = [session.id for session in await Session.filter(person_id=ann.id).order_by("id")]
        bobs = (await Session.get(person_id=bob.id)).id
        for wrong in (str(bobs), "0", "-1", "9" * 30, "x", ""):
            response = await one.post("/account/session-endings", data={"session": wrong})
            assert response.status_code == 303
            assert "flash" not in response.headers.get("set-cookie", "")
        assert await goes_in(other)
        await one.post("/account/session-endings", data={"session": str(ids[-1])})
        assert await goes_in(one)
        assert not await goes_in(two)


async def test_her_page_lists_her_sessions_that_last_and_no_tokens(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as one, browser(ann) as two:
        await two.post("/logout")
        await sessions.start(ann, "<b>Skrivbord</b>", remember=False)
        page = (await one.get("/account")).text
        assert page.count('name="session"') == 1
        assert "<b>Skrivbord" not in page
        for session in await Session.all():
            assert session.token_hash not in page
        assert (one.cookies.get("samverkan") or "none") not in page


async def change(http: httpx.AsyncClient, present: str, wanted: str) -> httpx.Response:
    data = {"current_password": present, "password": wanted}
    return await http.post("/account/password", data=data)


async def test_changing_the_password_ends_other_sessions_and_this_browser_goes_on(
    world: World, app: ASGIApp, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser() as here, browser(ann) as there:
        before = cookies(await log_in(here))["samverkan"].value
        response = await change(here, PASSWORD, NEW)
        assert response.status_code == 303
        after = cookies(response)["samverkan"].value
        assert await goes_in(here)
        assert not await goes_in(there)
        assert before != after
        assert not await goes_in_by(app, before)
        assert (await log_in(there, password=PASSWORD)).status_code == 422
        assert (await log_in(there, password=NEW)).status_code == 303


async def test_a_remembered_browser_stays_remembered_when_the_password_changes(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        await log_in(http, remember="yes")
        set_ = cookies(await change(http, PASSWORD, NEW))
    assert set_["samverkan"]["max-age"] == str(180 * 24 * 3600)


@pytest.mark.parametrize(
    ("present", "wanted", "field"),
    [
        ("fel", NEW, "current_password"),
        ("", NEW, "current_password"),
        (PASSWORD, "kort", "password"),
        (PASSWORD, "", "password"),
        (PASSWORD, "sommar202612", "password"),
        (PASSWORD, "ann alm ann alm", "password"),
    ],
)
async def test_a_wrong_or_weak_password_changes_nothing(
    world: World, browser: Opened, present: str, wanted: str, field: str
) -> None:
    ann = world["ann"]
    async with browser(ann) as here, browser(ann) as there:
        response = await change(here, present, wanted)
        assert response.status_code == 422
        assert f'href="#{field}' in response.text or f'id="{field}' in response.text
        assert wanted == "" or wanted not in response.text
        assert await goes_in(there)
        assert await goes_in(here)
    assert (await Person.get(id=ann.id)).password_hash == ann.password_hash


async def test_whoever_finds_a_computer_unlocked_cannot_guess_the_password(
    world: World, browser: Opened
) -> None:
    async with browser(world["ann"]) as http:
        assert (await change(http, "gissning", NEW)).status_code == 422
        tried = await FailedLogin.get()
        await FailedLogin.bulk_create(
            FailedLogin(subject=tried.subject, address=tried.address, at=tried.at)
            for _n in range(TRIES - 1)
        )
        assert (await change(http, "gissning", NEW)).status_code == 429
        assert (await change(http, PASSWORD, NEW)).status_code == 429
        assert await goes_in(http)


async def test_who_has_no_password_yet_chooses_one_without_the_old(
    world: World, browser: Opened
) -> None:
    await Person.filter(id=world["ann"].id).update(password_hash=None)
    async with browser(world["ann"]) as http:
        assert "current_password" not in (await http.get("/account/password")).text
        assert (await change(http, "", NEW)).status_code == 303
        assert await goes_in(http)


ELSEWHERE = [
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n//evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "/\u2028/evil.example",
    "//evil.example\\@127.0.0.1:8000",
    "//127.0.0.1:8000@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "?next=//evil.example",
    "@evil.example",
    "//[",
    "//\u2100.example",
    "/n/x\r\nSet-Cookie: samverkan=x",
    "\u3000//evil.example",
]
HERE = [
    "/",
    "/account",
    "/n/boendestod/threads?area=1&before=2026-01-01T00:00:00+00:00_7",
    "/n/boendestod#post-2",
    "/n/å/threads",
    "/%2f/evil.example",
    "/.//evil.example",
    "/login?next=//evil.example",
]


@pytest.mark.parametrize("address", ELSEWHERE)
async def test_nobody_is_led_elsewhere_after_logging_in(
    world: World, browser: Opened, address: str
) -> None:
    assert local(address) == "/"
    async with browser() as out, browser(world["ann"]) as http:
        form = await out.get("/login", params={"next": address})
        assert form.status_code == 200
        assert 'name="next" value="/"' in form.text
        response = await http.get("/login", params={"next": address})
        assert (response.status_code, response.headers["location"]) == (303, "/")


async def test_a_form_whose_next_was_changed_leads_nowhere_else(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        response = await log_in(http, next="//evil.example", kept="")
        assert response.headers["location"] == "/"
        response = await log_in(http, kept="../../evil?x#y")
        assert response.headers["location"] == "/"


@pytest.mark.parametrize("address", HERE)
def test_a_page_of_ours_is_where_one_is_led(address: str) -> None:
    assert local(address) == address
    there = httpx.URL("http://127.0.0.1:8000/login").join(address)
    assert there.host == "127.0.0.1"


async def test_who_must_log_in_first_comes_back_to_the_page_with_its_query(
    world: World, browser: Opened
) -> None:
    path = f"/n/{world.network.slug}/threads?show=mine&area={world.area_id}"
    async with browser() as http:
        response = await http.get(path)
        assert response.status_code == 303
        form = await http.get(response.headers["location"])
        found = re.search(r'name="next" value="([^"]*)"', form.text)
        assert found
        response = await log_in(http, next=found[1].replace("&amp;", "&"))
        assert response.headers["location"] == path
        assert (await http.get(path)).status_code == 200


async def test_who_has_left_cannot_log_in_and_her_sessions_end(
    world: World, browser: Opened
) -> None:
    ann = world["ann"]
    async with browser(ann) as http, browser() as new:
        assert await goes_in(http)
        await Person.filter(id=ann.id).update(active=False)
        assert not await goes_in(http)
        network = await http.get(f"/n/{world.network.slug}")
        assert network.status_code == 303
        assert (await log_in(new)).status_code == 422


async def test_a_page_is_in_the_language_of_whoever_reads_it(world: World, browser: Opened) -> None:
    async with browser() as http:
        assert '<html lang="sv"' in (await http.get("/login")).text
        await http.post("/preferences", data={"language": "en"})
        assert '<html lang="en"' in (await http.get("/login")).text
        await log_in(http)
        # Her own choice counts for more than this browser's.
        assert '<html lang="sv"' in (await http.get("/account")).text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_choosing_a_language_leads_nowhere_else(
    world: World, browser: Opened, back: str
) -> None:
    async with browser() as http:
        response = await http.post("/preferences", data={"language": "en", "back": back})
    assert response.headers["location"] == "/"


async def test_many_at_once_all_get_in(world: World, app: ASGIApp) -> None:
    async def one() -> int:
        async with client(app) as http:
            return (await log_in(http)).status_code

    assert await asyncio.gather(*(one() for _ in range(6))) == [303] * 6
    assert await FailedLogin.all().count() == 0


async def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(
    world: World, browser: Opened
) -> None:
    """It may stand open on a computer that she has left."""
    async with browser(world["ann"]) as http:
        then = clock.now() - timedelta(hours=1)
        await Session.all().update(seen_at=then)
        assert (await http.get("/", headers={"X-Fragment": "live"})).status_code == 200
        assert (await Session.get(person_id=world["ann"].id)).seen_at == then
        assert (await http.get("/")).status_code == 200
        assert (await Session.get(person_id=world["ann"].id)).seen_at > then


async def test_who_only_reads_is_let_in_although_nothing_can_be_written(
    world: World, browser: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk must not close the forum to its readers ten minutes later."""
    async with browser(world["ann"]) as http:
        await Session.all().update(seen_at=clock.now() - timedelta(hours=1))
        connection = get_connection("default")
        await connection.execute_query("PRAGMA query_only = ON")
        try:
            assert (await http.get("/")).status_code == 200
        finally:
            await connection.execute_query("PRAGMA query_only = OFF")
    assert "a session could not be prolonged" in caplog.text
