"""App passwords: made, shown once, listed, taken back; and what lets a program in."""

import re
from datetime import timedelta

import pytest

from forum import app_passwords, throttle
from forum.refusals import Invalid, Throttled
from forum.throttle import TRIES
from storage import clock, database
from storage.mounts import AppPassword
from storage.people import Person
from tests.http.pages import Page
from tests.http.records import Browsers
from tests.world import World

ADDRESS = "/account/app-passwords"
HERE = "203.0.113.7"


async def test_an_app_password_is_shown_once_and_only_its_hash_is_kept(
    browser: Browsers, world: World
) -> None:
    async with browser(world["bob"]) as http:
        form = Page(await http.get(ADDRESS)).form(ADDRESS)
        made = await form.send(http, name="Datorn på jobbet")
        assert made.headers["cache-control"] == "no-store"
        [shown] = re.findall(r"<code>((?:[a-z2-7]{4}-){7}[a-z2-7]{4})</code>", made.text)
        assert "Datorn på jobbet" in made.text
        again = (await http.get(ADDRESS)).text
        assert "Datorn på jobbet" in again
        assert shown not in again
    row = await AppPassword.get()
    assert shown not in {row.digest, row.name}
    assert len(row.digest) == 64
    assert (await app_passwords.recognise("bob.berg", shown, HERE)).id == world["bob"].id


async def test_it_is_taken_back_by_its_owner_alone(browser: Browsers, world: World) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    row = await AppPassword.get()
    async with browser(world["ann"]) as http:
        await http.post(f"{ADDRESS}/removals", data={"password": str(row.id)})
    assert await AppPassword.exists(id=row.id)
    async with browser(world["bob"]) as http:
        page = Page(await http.get(ADDRESS))
        gone = await page.form(f"{ADDRESS}/removals").send(http, password=str(row.id))
        assert gone.headers["location"] == ADDRESS
    with pytest.raises(app_passwords.Wrong):
        await app_passwords.recognise("bob.berg", password, HERE)


async def test_it_opens_no_page(browser: Browsers, world: World) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    async with browser() as http:
        data = {"username": "bob.berg", "password": password}
        assert (await http.post("/login", data=data)).status_code == 422
        answer = await http.get("/account", auth=("bob.berg", password))
        assert answer.headers["location"].startswith("/login")


async def test_it_is_the_same_in_capitals_without_hyphens_and_with_the_address(
    world: World,
) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    for login in ("bob.berg", " Bob.Berg ", str(world["bob"].email)):
        for typed in (password, password.replace("-", "").upper(), f" {password}\n"):
            found = await app_passwords.recognise(login, typed, HERE)
            assert found.id == world["bob"].id


async def test_another_name_goes_with_no_password(world: World) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    for login in ("ann.alm", "", "bob", "None"):
        with pytest.raises(app_passwords.Wrong):
            await app_passwords.recognise(login, password, HERE)


async def test_who_is_no_longer_active_is_not_let_in(world: World) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    await database.write(lambda: Person.filter(id=world["bob"].id).update(active=False))
    with pytest.raises(app_passwords.Wrong):
        await app_passwords.recognise("bob.berg", password, HERE)


async def test_guesses_are_slowed_down_and_the_drive_that_is_right_goes_on(world: World) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    for _guess in range(TRIES):
        with pytest.raises(app_passwords.Wrong):
            await app_passwords.recognise("bob.berg", "fel", HERE)
    with pytest.raises(Throttled):
        await app_passwords.recognise("bob.berg", "fel", HERE)
    assert (await app_passwords.recognise("bob.berg", password, HERE)).id == world["bob"].id
    # Nor is she shut out of the pages by a drive that has an old password.
    await throttle.attempt(throttle.subject_of("bob.berg"), HERE)


async def test_it_says_when_it_was_last_used_but_is_not_written_to_each_time(
    world: World,
) -> None:
    password = await app_passwords.add(world["bob"], "Min dator")
    assert (await AppPassword.get()).used_at is None
    await app_passwords.recognise("bob.berg", password, HERE)
    first = (await AppPassword.get()).used_at
    assert first is not None
    await app_passwords.recognise("bob.berg", password, HERE)
    assert (await AppPassword.get()).used_at == first
    earlier = clock.now() - timedelta(hours=1)
    await database.write(lambda: AppPassword.all().update(used_at=earlier))
    await app_passwords.recognise("bob.berg", password, HERE)
    used = (await AppPassword.get()).used_at
    assert used is not None
    assert used > earlier


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "19640823-3234"])
async def test_a_name_that_says_nothing_or_too_much_is_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        await app_passwords.add(world["bob"], name)
    assert list(refused.value.errors) == ["name"]
    assert not await AppPassword.exists()


async def test_nobody_has_more_of_them_than_she_can_look_through(world: World) -> None:
    for number in range(app_passwords.AT_MOST):
        await app_passwords.add(world["bob"], f"Dator {number}")
    with pytest.raises(Invalid):
        await app_passwords.add(world["bob"], "En till")
    assert await AppPassword.all().count() == app_passwords.AT_MOST
