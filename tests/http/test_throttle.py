"""Guessing passwords is slow, and shuts out nobody but the guesser."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from forum import bodies, revisions, thanks, throttle, uploads
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.settings import Settings
from forum.throttle import ADDRESS_TRIES, TRIES
from storage import clock, door
from storage.sessions import FailedLogin
from tests.conftest import ORIGIN, client, running
from tests.files import image
from tests.http.pages import Page, words
from tests.http.records import Browsers, everything
from tests.world import PASSWORD, World

GUESSER = "203.0.113.7"
OTHER = "198.51.100.9"
PROXY = "10.0.0.5"


def at(app: ASGIApp, address: str, **headers: str) -> httpx.AsyncClient:
    """A browser whose requests come from this address."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4711)),
        base_url=ORIGIN,
        headers={"Origin": ORIGIN, **headers},
    )


async def attempt(
    http: httpx.AsyncClient, name: str = "ann.alm", password: str = "fel", forwarded: str = ""
) -> httpx.Response:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    data = {"username": name, "password": password}
    return await http.post("/login", data=data, headers=headers)


async def status(
    http: httpx.AsyncClient, name: str = "ann.alm", password: str = "fel", forwarded: str = ""
) -> int:
    return (await attempt(http, name, password, forwarded)).status_code


async def used_up(name: str = "ann.alm", address: str = GUESSER, tries: int = TRIES) -> None:
    """As many failed attempts as are allowed, without the time they take."""
    await failed([name] * tries, address)


async def failed(names: list[str], address: str, minutes_ago: float = 1) -> None:
    when = clock.now() - timedelta(minutes=minutes_ago)
    await FailedLogin.bulk_create(
        FailedLogin(subject=throttle.subject_of(name), address=throttle.source_of(address), at=when)
        for name in names
    )


@pytest.fixture
async def behind(chosen: Settings) -> AsyncIterator[ASGIApp]:
    """The application behind a proxy that is trusted."""
    async with running(replace(chosen, trusted_proxies=("10.0.0.0/24", "fd00::5/128"))) as app:
        yield app


async def test_the_eleventh_wrong_try_is_told_to_wait_and_the_right_one_too(
    world: World, app: ASGIApp
) -> None:
    async with at(app, GUESSER) as http:
        assert [await status(http) for _n in range(TRIES)] == [422] * TRIES
        response = await attempt(http)
        assert response.status_code == 429
        assert 14 * 60 < int(response.headers["retry-after"]) <= 15 * 60 + 1
        assert '<html lang="sv"' in response.text
        assert _("Too many attempts") in response.text
        assert "15 minuter" in response.text
        assert await status(http, password=PASSWORD) == 429


async def test_the_page_says_the_same_of_unknown_names(world: World, app: ASGIApp) -> None:
    pages = []
    async with at(app, GUESSER) as http:
        for name in ("ann.alm", "no.body"):
            await used_up(name)
            response = await attempt(http, name)
            pages.append((response.status_code, response.text, sorted(response.headers)))
    assert pages[0] == pages[1]


async def test_the_count_does_not_tell_which_name_and_address_belong_together(
    world: World, app: ASGIApp
) -> None:
    await used_up("ann.alm")
    async with at(app, GUESSER) as http:
        assert await status(http, "ann.alm") == 429
        # Were they counted together, this would say that the address is hers.
        assert await status(http, "ann@kommun.example") == 422
        assert await status(http, "bob@kommun.example") == 422


async def test_another_spelling_of_the_name_is_no_new_beginning(world: World, app: ASGIApp) -> None:
    await used_up("ann.alm")
    async with at(app, GUESSER) as http:
        for name in ("ANN.ALM", " ann.alm ", "ann.al\u200em", "ann.alm\t", "ａnn.alm"):
            answer = await status(http, name, PASSWORD)
            assert answer in {422, 429}
            assert (answer == 422) == (name == "ａnn.alm")


async def test_from_another_address_she_still_logs_in(world: World, app: ASGIApp) -> None:
    await used_up()
    async with at(app, GUESSER) as guesser, at(app, OTHER) as http:
        assert await status(guesser, password=PASSWORD) == 429
        assert await status(http, password=PASSWORD) == 303


async def test_others_behind_the_same_address_still_log_in(world: World, app: ASGIApp) -> None:
    await used_up()
    async with at(app, GUESSER) as http:
        assert await status(http, "bob.berg", PASSWORD) == 303


async def test_a_browser_she_has_used_before_still_logs_in_from_there(
    world: World, app: ASGIApp
) -> None:
    async with at(app, GUESSER) as hers, at(app, GUESSER) as guesser:
        assert await status(hers, password=PASSWORD) == 303
        await hers.post("/logout")
        await used_up()
        await failed([f"nobody{n}" for n in range(ADDRESS_TRIES)], GUESSER)
        assert await status(guesser, password=PASSWORD) == 429
        assert await status(hers, password=PASSWORD) == 303


async def test_a_known_browser_is_no_way_to_guess_without_end(world: World, app: ASGIApp) -> None:
    async with at(app, GUESSER) as stolen:
        assert await status(stolen, password=PASSWORD) == 303
        await stolen.post("/logout")
        assert await status(stolen) == 422
        tried = await FailedLogin.get()
        assert tried.address.startswith("device:")
        await FailedLogin.bulk_create(
            FailedLogin(subject=tried.subject, address=tried.address, at=tried.at)
            for _n in range(TRIES - 1)
        )
        assert await status(stolen) == 429
        assert await status(stolen, password=PASSWORD) == 429


async def test_a_browser_known_to_one_is_not_known_to_another(world: World, app: ASGIApp) -> None:
    async with at(app, GUESSER) as bobs:
        assert await status(bobs, "bob.berg", PASSWORD) == 303
        await used_up()
        assert await status(bobs, "ann.alm", PASSWORD) == 429


async def test_a_made_up_device_is_not_known(world: World, app: ASGIApp) -> None:
    await used_up()
    async with at(app, GUESSER) as http:
        for device in ("x", "", "device:", "0" * 43):
            http.cookies.set("samverkan-device", device, domain="127.0.0.1")
            assert await status(http, password=PASSWORD) == 429


async def test_an_address_alone_is_throttled_above_300_an_hour(
    world: World, app: ASGIApp, long: bool
) -> None:
    names = [f"nobody{n}" for n in range(ADDRESS_TRIES)]
    async with at(app, GUESSER) as http, at(app, OTHER) as elsewhere:
        if long:
            assert {await status(http, name) for name in names} == {422}
        else:
            await failed(names, GUESSER)
        response = await attempt(http, "ann.alm", PASSWORD)
        assert response.status_code == 429
        assert 15 * 60 < int(response.headers["retry-after"]) <= 3601
        assert await status(elsewhere, password=PASSWORD) == 303


async def test_299_wrong_tries_by_a_whole_municipality_shut_nobody_out(
    world: World, app: ASGIApp
) -> None:
    await failed([f"colleague{n}" for n in range(ADDRESS_TRIES - 1)], GUESSER)
    async with at(app, GUESSER) as http:
        assert await status(http, password=PASSWORD) == 303


async def test_old_tries_are_forgotten(world: World, app: ASGIApp) -> None:
    await failed(["ann.alm"] * TRIES, GUESSER, minutes_ago=15.1)
    await failed([f"nobody{n}" for n in range(ADDRESS_TRIES)], GUESSER, minutes_ago=60.1)
    async with at(app, GUESSER) as http:
        assert await status(http, password=PASSWORD) == 303


async def test_getting_in_clears_the_count(world: World, app: ASGIApp) -> None:
    await used_up(tries=TRIES - 1)
    async with at(app, GUESSER) as http:
        assert await status(http, password=PASSWORD) == 303
    assert await FailedLogin.all().count() == 0


async def test_getting_into_ones_own_account_clears_no_count_of_another(
    world: World, app: ASGIApp
) -> None:
    await used_up()
    async with at(app, GUESSER) as http:
        assert await status(http, "bob.berg", PASSWORD) == 303
        assert await status(http) == 429


async def test_waiting_at_the_door_does_not_make_the_wait_longer(
    world: World, app: ASGIApp
) -> None:
    await used_up()
    async with at(app, GUESSER) as http:
        first = int((await attempt(http)).headers["retry-after"])
        for _n in range(5):
            again = int((await attempt(http)).headers["retry-after"])
    assert again <= first
    assert await FailedLogin.all().count() == TRIES


async def test_guesses_sent_all_at_once_get_no_further_than_one_after_the_other(
    world: World, app: ASGIApp
) -> None:
    await used_up(tries=TRIES - 2)
    async with at(app, GUESSER) as http:
        answers = await asyncio.gather(*(status(http) for _n in range(12)))
    assert answers.count(422) <= 2
    assert set(answers) <= {422, 429}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"])
async def test_an_address_that_a_stranger_says_he_has_counts_for_nothing(
    world: World, app: ASGIApp, header: str
) -> None:
    await used_up()
    async with at(app, GUESSER, **{header: OTHER}) as http:
        assert await status(http, password=PASSWORD) == 429


async def test_behind_a_trusted_proxy_the_forwarded_address_counts(behind: ASGIApp) -> None:
    await used_up(address=GUESSER)
    async with at(behind, PROXY) as http:
        assert await status(http, password=PASSWORD, forwarded=GUESSER) == 429
        assert await status(http, password=PASSWORD, forwarded=OTHER) == 303


async def test_what_the_guesser_wrote_before_the_proxy_counts_for_nothing(
    behind: ASGIApp,
) -> None:
    await used_up(address=GUESSER)
    async with at(behind, PROXY) as http:
        for forwarded in (
            f"{OTHER}, {GUESSER}",
            f"{OTHER}, {GUESSER}, 10.0.0.9",
            f"10.0.0.9, {GUESSER}",
            f"unknown, {GUESSER}",
            f"{GUESSER}:51234",
        ):
            assert await status(http, password=PASSWORD, forwarded=forwarded) == 429


async def test_past_the_proxy_a_forwarded_address_is_not_believed(behind: ASGIApp) -> None:
    await used_up(address=GUESSER)
    async with at(behind, GUESSER) as http:
        assert await status(http, password=PASSWORD, forwarded=OTHER) == 429


@pytest.mark.parametrize("forwarded", ["", ",", "x" * 5000, "::::", "[", "999.1.1.1", "å"])
async def test_nonsense_from_a_proxy_is_an_address_like_any_other(
    behind: ASGIApp, forwarded: str
) -> None:
    async with at(behind, PROXY) as http:
        response = await http.post(
            "/login",
            data={"username": "no.body", "password": "fel"},
            headers=[(b"X-Forwarded-For", forwarded.encode())],
        )
        assert response.status_code == 422
    assert len((await FailedLogin.get()).address) <= 64


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
async def test_a_household_with_ipv6_is_one_address(
    world: World, app: ASGIApp, address: str, same: str
) -> None:
    await used_up(address=address)
    async with at(app, same) as http:
        assert await status(http, password=PASSWORD) == 429


async def test_the_next_household_with_ipv6_is_another(world: World, app: ASGIApp) -> None:
    await used_up(address="2001:db8:1:2::1")
    async with at(app, "2001:db8:1:3::1") as http:
        assert await status(http, password=PASSWORD) == 303


async def test_a_link_by_mail_works_while_the_password_is_throttled(
    world: World, app: ASGIApp
) -> None:
    await used_up()
    async with at(app, GUESSER) as http:
        assert await status(http, password=PASSWORD) == 429
        response = await http.post("/login-links", data={"username": "ann.alm"})
        assert response.status_code == 303


async def test_links_by_mail_are_asked_for_a_few_times_only(app: ASGIApp, world: World) -> None:
    """The job table is not for strangers to fill, whether or not somebody has the name."""
    async with client(app) as http:
        for name in ("ann.alm", "nobody.atall"):
            answers = [
                await http.post("/login-links", data={"username": name}) for _n in range(TRIES + 1)
            ]
            assert [one.status_code for one in answers] == [303] * TRIES + [429]


# --- What costs much, by person


async def used(what: str, person_id: int, times: int, minutes_ago: float = 1) -> None:
    when, source = clock.now() - timedelta(minutes=minutes_ago), f"person:{person_id}"
    await FailedLogin.bulk_create(
        FailedLogin(subject=what, address=source, at=when) for _n in range(times)
    )


async def test_who_sends_files_without_end_is_told_to_wait_and_keeps_her_text(
    world: World, browser: Browsers
) -> None:
    await used("uploads", world["bob"].id, uploads.AN_HOUR)
    await used("uploads", world["ann"].id, uploads.AN_HOUR, minutes_ago=61)
    here = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["bob"]) as bob, browser(world["ann"]) as ann:
        form = Page(await bob.get(here)).form(f"{here}/replies")
        page = Page(await form.send(bob, ("a.txt", b"a"), body="Se filen."))
        assert page.status == 422
        assert page.errors["files"].startswith("a.txt: ")
        assert "59 minuter" in page.errors["files"]
        assert page.form(f"{here}/replies").values["body"] == "Se filen."
        form = Page(await bob.get("/account/profile")).form("/account/profile")
        page = Page(await form.send(bob, ("jag.png", image())))
        assert "59 minuter" in page.errors["picture"]
        # Others are not held up, nor she herself when the hour is over.
        form = Page(await ann.get(here)).form(f"{here}/replies")
        assert (await form.send(ann, ("a.txt", b"a"), body="Se.")).status_code == 303


async def test_who_changes_a_post_without_end_is_told_to_wait_and_keeps_her_text(
    world: World, browser: Browsers
) -> None:
    await used("edits", world["bob"].id, revisions.AN_HOUR)
    there = f"/n/{world.network.slug}/threads/{world.thread.id}/posts/2/edit"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(there)).form(there)
        page = Page(await form.send(http, body="Ny text."))
        assert page.status == 422
        assert "59 minuter" in page.errors["body"]
        assert page.form(there).values["body"] == "Ny text."
        # What changes nothing is not counted.
        assert (await form.send(http)).status_code == 303


async def test_who_thanks_without_end_is_told_to_wait_and_nothing_is_written(
    world: World, browser: Browsers
) -> None:
    await used("thanks", world["ann"].id, thanks.AN_HOUR)
    there = f"/n/{world.network.slug}/threads/{world.thread.id}/posts/2/thanks"
    before = await everything()
    async with browser(world["ann"]) as http:
        answer = await http.post(there, data={"thanks": "yes"})
    assert answer.status_code == 429
    assert "59 minuter" in answer.text
    assert "e-post" not in words(Page(answer).one(".//main"))
    assert await everything() == before


async def test_who_has_many_texts_rendered_at_once_holds_up_nobody_else(world: World) -> None:
    bob, ann = [await door.enter(world[one], world.network.slug) for one in ("bob", "ann")]
    text = "En mening om [ett ämne](https://kommun.example). " * 60
    asked = [bodies.preview(bob, text) for _ in range(100)]
    *his, hers = await asyncio.gather(*asked, bodies.preview(ann, text), return_exceptions=True)
    assert str(hers).count("ett ämne") == 60
    refused = [str(one) for one in his if isinstance(one, Invalid)]
    assert refused == [_("Many texts are being sent right now. Try again.")] * 92
    assert his[:8] == [hers] * 8
    assert await bodies.preview(bob, text) == hers
