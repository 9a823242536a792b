"""Links that work once: to log in, and to choose a password."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from forum import language, login_links, passwords, sessions, worker
from forum.language import gettext as _
from forum.login_links import MAILS
from forum.settings import Settings
from storage import clock
from storage.jobs import Job
from storage.letters import Letter
from storage.people import Language, Person
from storage.sessions import KnownDevice, LoginLink, Purpose, Session
from tests.conftest import ORIGIN, Browser, client, running
from tests.world import World

Opened = Callable[..., Browser]
NEW = "sju sjösjuka sjömän"
HOUR = timedelta(hours=1)


async def ask(http: httpx.AsyncClient, name: str) -> httpx.Response:
    return await http.post("/login-links", data={"username": name})


async def work(chosen: Settings) -> None:
    while await worker.do_one(chosen):
        pass


async def link(chosen: Settings, name: str = "ann.alm") -> str:
    """Have a link mailed and return its path."""
    await login_links.ask_for(name, "192.0.2.7")
    await work(chosen)
    return path_in(await Letter.all().order_by("-id").first())


def path_in(letter: Letter | None) -> str:
    assert letter
    found = re.search(rf"{ORIGIN}(/login-links/[\w-]{{43}})\n", letter.text)
    assert found
    return found[1]


async def password_link(person: Person) -> str:
    return (await login_links.password_link(person, ORIGIN)).removeprefix(ORIGIN)


async def aged(by: timedelta) -> None:
    """Let time pass for every link."""
    for one in await LoginLink.all():
        one.expires_at, one.created_at = one.expires_at - by, one.created_at - by
        await one.save()


async def goes_in(http: httpx.AsyncClient) -> bool:
    return (await http.get("/account")).status_code == 200


async def test_an_unknown_address_gets_the_same_answer_byte_for_byte(
    world: World, app: ASGIApp
) -> None:
    await Person.filter(id=world["bob"].id).update(active=False)
    await Person.filter(id=world["gus"].id).update(email=None)
    names = ["ann@kommun.example", "ann.alm", "no@body.example", "no.body", "bob.berg", "gus.gast"]
    answers = []
    for name in names:
        async with client(app) as http:
            response = await ask(http, name)
            page = await http.get(response.headers["location"])
            answers.append(
                (response.status_code, response.content, response.headers.raw, page.content)
            )
    assert answers[0][0] == 303
    assert all(answer == answers[0] for answer in answers)
    # And the page does the same work: one job each.
    assert await Job.all().count() == len(names)


async def test_a_letter_is_written_by_the_worker_only_to_real_addresses(
    world: World, chosen: Settings, browser: Opened
) -> None:
    await Person.filter(id=world["bob"].id).update(active=False)
    await Person.filter(id=world["gus"].id).update(email=None)
    async with browser() as http:
        for name in (" ANN@kommun.example ", "no@body.example", "bob.berg", "gus.gast"):
            await ask(http, name)
        assert await Letter.all().count() == 0
    await work(chosen)
    letter = await Letter.get()
    assert (letter.person_id, letter.recipient) == (world["ann"].id, "ann@kommun.example")
    assert await Job.all().count() == 0
    assert await LoginLink.all().count() == 1


async def test_the_letter_goes_to_the_address_on_file_not_to_what_was_typed(
    world: World, chosen: Settings, browser: Opened
) -> None:
    async with browser() as http:
        # The Kelvin sign is a "k" when case is folded.
        await ask(http, "ann@\u212aommun.example")
        await ask(http, "ann@kommun.example, evil@evil.example")
    await work(chosen)
    assert {letter.recipient for letter in await Letter.all()} == {"ann@kommun.example"}


async def test_the_link_in_the_letter_leads_here_whatever_host_was_asked(
    world: World, chosen: Settings, app: ASGIApp
) -> None:
    async with client(app, **{"X-Forwarded-Host": "evil.example"}) as http:
        assert (await ask(http, "ann.alm")).status_code == 303
        evil = await http.post(
            "/login-links", data={"username": "ann.alm"}, headers={"Host": "evil.example"}
        )
        assert evil.status_code == 400
    await work(chosen)
    assert "evil" not in (await Letter.get()).text


@pytest.mark.parametrize("speaks", list(Language))
async def test_the_letter_is_in_the_language_of_its_reader(
    world: World, chosen: Settings, speaks: Language
) -> None:
    await Person.filter(id=world["ann"].id).update(language=speaks)
    await link(chosen)
    letter = await Letter.get()
    with language.speaking(speaks):
        assert letter.subject == _("Your link to log in to Samverkan")
    assert "Ann Alm" in letter.text


async def test_opening_the_link_does_not_use_it_up_and_the_button_does(
    world: World, chosen: Settings, browser: Opened
) -> None:
    path = await link(chosen)
    async with browser() as scanner, browser() as http:
        for _n in range(3):
            page = await scanner.get(path)
            assert page.status_code == 200
            assert '<form class="stack" method="post"' in page.text
            assert (await scanner.head(path)).status_code == 200
        assert not await goes_in(scanner)
        response = await http.post(path)
        assert (response.status_code, response.headers["location"]) == (303, "/")
        assert await goes_in(http)
        for used in (await scanner.get(path), await scanner.post(path)):
            assert used.status_code == 410
            assert "set-cookie" not in used.headers
        assert not await goes_in(scanner)


async def test_a_link_lives_for_15_minutes(world: World, chosen: Settings, browser: Opened) -> None:
    path = await link(chosen)
    async with browser() as http:
        await aged(timedelta(minutes=14, seconds=50))
        assert (await http.get(path)).status_code == 200
        await aged(timedelta(seconds=11))
        assert (await http.get(path)).status_code == 410
        assert (await http.post(path)).status_code == 410
        assert not await goes_in(http)


async def test_of_two_who_press_the_button_at_once_one_gets_in(
    world: World, chosen: Settings, app: ASGIApp
) -> None:
    path = await link(chosen)

    async def press() -> int:
        async with client(app) as http:
            return (await http.post(path)).status_code

    answers = await asyncio.gather(*(press() for _n in range(6)))
    assert sorted(answers) == [303] + [410] * 5
    assert await Session.filter(person_id=world["ann"].id).count() == 1


async def test_nobody_gets_more_than_five_mails_while_they_last(
    world: World, chosen: Settings, browser: Opened
) -> None:
    async with browser() as http:
        for _n in range(MAILS + 3):
            # The answer does not tell that it was too many.
            assert (await ask(http, "ann.alm")).status_code == 303
        await ask(http, "bob.berg")
    await work(chosen)
    hers = Letter.filter(person_id=world["ann"].id)
    assert await hers.count() == MAILS
    assert await Letter.filter(person_id=world["bob"].id).count() == 1
    # The first still works, and when they have died there are mails again.
    async with browser() as http:
        assert (await http.get(path_in(await hers.order_by("id").first()))).status_code == 200
    await aged(HOUR)
    await link(chosen)
    assert await hers.count() == MAILS + 1


async def test_jobs_taken_by_two_workers_at_once_make_no_more_mails(
    world: World, chosen: Settings
) -> None:
    for _n in range(MAILS + 5):
        await login_links.ask_for("ann.alm", "192.0.2.7")
    await asyncio.gather(work(chosen), work(chosen), work(chosen))
    await work(chosen)
    assert await Letter.all().count() == MAILS


async def test_a_link_is_stored_only_as_its_hash(world: World, chosen: Settings) -> None:
    token = (await link(chosen)).rpartition("/")[2]
    assert token not in str(await LoginLink.all().values())


async def test_logging_in_by_a_link_may_be_remembered(
    world: World, chosen: Settings, browser: Opened
) -> None:
    async with browser() as http:
        response = await http.post(await link(chosen), data={"remember": "yes"})
        assert "Max-Age=15552000" in response.headers["set-cookie"]
        response = await http.post(await link(chosen))
        assert "samverkan=" in response.headers["set-cookie"]
        assert "Max-Age=15552000" not in response.headers["set-cookie"]


async def test_a_link_ends_the_session_that_this_browser_had(
    world: World, chosen: Settings, browser: Opened
) -> None:
    path = await link(chosen)
    async with browser(world["bob"]) as http:
        await http.post(path)
        assert (await Session.get(person_id=world["bob"].id)).ended_at is not None
        assert "Ann Alm" in (await http.get("/account")).text


async def test_links_die_when_she_logs_out_everywhere_or_leaves(
    world: World, chosen: Settings, browser: Opened
) -> None:
    path = await link(chosen)
    await sessions.end_all(world["ann"])
    async with browser() as http:
        assert (await http.post(path)).status_code == 410
        path = await link(chosen)
        await Person.filter(id=world["ann"].id).update(active=False)
        assert (await http.get(path)).status_code == 410
        assert (await http.post(path)).status_code == 410


@pytest.mark.parametrize("token", ["x", "0" * 43, "sent2", "å", "%00", "a" * 3000, "'--"])
@pytest.mark.parametrize("where", ["login-links", "password-links"])
async def test_a_made_up_link_is_dead(
    world: World, browser: Opened, token: str, where: str
) -> None:
    async with browser() as http:
        for response in (
            await http.get(f"/{where}/{token}"),
            await http.post(f"/{where}/{token}", data={"password": NEW}),
        ):
            assert response.status_code in {410, 400, 404, 405}
            assert "set-cookie" not in response.headers


async def test_a_login_link_chooses_no_password_and_a_password_link_does_not_log_in(
    world: World, chosen: Settings, browser: Opened
) -> None:
    logs_in, chooses = await link(chosen), await password_link(world["ann"])
    async with browser() as http:
        wrong = logs_in.replace("login-links", "password-links")
        assert (await http.post(wrong, data={"password": NEW})).status_code == 410
        wrong = chooses.replace("password-links", "login-links")
        assert (await http.post(wrong)).status_code == 410
        assert (await http.get(logs_in)).status_code == 200
        assert (await http.get(chooses)).status_code == 200


async def test_an_empty_name_is_asked_for_again_and_makes_no_job(
    world: World, browser: Opened
) -> None:
    async with browser() as http:
        for name in ("", "  ", "\n"):
            assert (await ask(http, name)).status_code == 422
    assert await Job.all().count() == 0


async def test_choosing_a_password_logs_in_and_ends_what_was(
    world: World, chosen: Settings, browser: Opened
) -> None:
    ann = world["ann"]
    path, another, mailed = await password_link(ann), await password_link(ann), await link(chosen)
    async with browser(ann) as old, browser() as http:
        await KnownDevice.create(token_hash="x" * 64, person_id=ann.id, seen_at=clock.now())
        page = await http.get(path)
        assert "Ann Alm" in page.text
        assert "ann.alm" in page.text
        response = await http.post(path, data={"password": NEW})
        assert (response.status_code, response.headers["location"]) == (303, "/")
        assert await goes_in(http)
        assert not await goes_in(old)
        for dead in (path, another, mailed):
            assert (await http.get(dead)).status_code == 410
            assert (await http.post(dead, data={"password": NEW})).status_code == 410
    assert await passwords.matches(NEW, await Person.get(id=ann.id))
    assert not await KnownDevice.exists(token_hash="x" * 64)


async def test_a_password_link_lives_for_24_hours(world: World, browser: Opened) -> None:
    path = await password_link(world["ann"])
    async with browser() as http:
        await aged(24 * HOUR - timedelta(seconds=10))
        assert (await http.get(path)).status_code == 200
        await aged(timedelta(seconds=11))
        assert (await http.get(path)).status_code == 410
        assert (await http.post(path, data={"password": NEW})).status_code == 410
    assert (await Person.get(id=world["ann"].id)).password_hash == world["ann"].password_hash


@pytest.mark.parametrize("weak", ["", "kort", "password1234", "ann alm ann alm"])
async def test_a_weak_password_leaves_the_link_as_it_was(
    world: World, browser: Opened, weak: str
) -> None:
    path = await password_link(world["ann"])
    async with browser() as http:
        response = await http.post(path, data={"password": weak})
        assert response.status_code == 422
        assert "set-cookie" not in response.headers
        assert not weak or weak not in response.text
        assert (await http.get(path)).status_code == 200
        assert (await http.post(path, data={"password": NEW})).status_code == 303


async def test_of_two_passwords_chosen_at_once_one_counts(world: World, app: ASGIApp) -> None:
    path = await password_link(world["ann"])

    async def choose(password: str) -> int:
        async with client(app) as http:
            return (await http.post(path, data={"password": password})).status_code

    chosen_ones = [NEW, "tolv gröna traktorer"]
    answers = await asyncio.gather(*(choose(one) for one in chosen_ones))
    assert sorted(answers) == [303, 410]
    winner = chosen_ones[answers.index(303)]
    assert await passwords.matches(winner, await Person.get(id=world["ann"].id))


async def test_a_letter_may_be_read_at_the_demo_and_nowhere_else(
    world: World, chosen: Settings, browser: Opened
) -> None:
    await link(chosen)
    async with browser() as http, browser(world["olga"]) as operator:
        for one in (http, operator):
            assert (await one.get("/dev/outbox")).status_code == 404
        assert "/dev/outbox" not in (await http.get("/login-links/sent")).text


async def test_the_demo_shows_its_letters_with_working_links(chosen: Settings) -> None:
    async with running(replace(chosen, demo=True)) as app, client(app) as http:
        path = await link(chosen)
        assert f'<a href="{ORIGIN}{path}">' in (await http.get("/dev/outbox")).text
        assert "/dev/outbox" in (await http.get("/login-links/sent")).text
        assert (await http.post(path)).status_code == 303
        assert await goes_in(http)


async def test_a_name_is_no_way_to_put_links_into_anothers_letter(
    world: World, chosen: Settings
) -> None:
    name = "Ann\r\n\r\nhttps://evil.example"
    await Person.filter(id=world["ann"].id).update(name="Ann Alm")
    await login_links.ask_for(f"ann.alm{name}", "192.0.2.7")
    await work(chosen)
    assert await Letter.all().count() == 0


async def test_the_link_for_a_password_is_for_that_purpose_alone(world: World) -> None:
    token = (await password_link(world["ann"])).rpartition("/")[2]
    with pytest.raises(login_links.DeadLink):
        await login_links.use(token, Purpose.LOGIN)
    assert (await login_links.use(token, Purpose.PASSWORD)).id == world["ann"].id
