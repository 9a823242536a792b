"""A draft is saved as one types, is there on every device, and is nobody else's."""

import json
import secrets
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from forum import drafts, personal_numbers, worker
from forum.draft_content import LONGEST
from forum.drafts import AT_MOST, Writing
from forum.refusals import Invalid
from storage import clock, database, door
from storage.door import Inside
from tests.conftest import Browser
from tests.http.pages import Form, Page, words
from tests.http.records import change, events, everything, row, rows, seq
from tests.world import World

Opened = Callable[..., Browser]
TEXT = "Vi **prövade** det\n\noch då"
NUMBER = "640823-3234"
SCRIPT = {"X-Fragment": "draft"}


def new_thread(world: World) -> str:
    return f"/n/{world.network.slug}/threads/new"


def thread(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def composer(http: httpx.AsyncClient, world: World, address: str = "") -> Form:
    """The form for a new thread, or the one for a reply, as a browser has it."""
    there = address or new_thread(world)
    page = Page(await http.get(there))
    replies = there.startswith(thread(world))
    form = page.form(f"{thread(world)}/replies" if replies else f"/n/{world.network.slug}/threads")
    # The script says which page it writes in.
    form.values["draft_writer"] = secrets.token_hex()
    return form


async def save(http: httpx.AsyncClient, world: World, form: Form, **written: str) -> httpx.Response:
    """Save what is written in a form, and bring the form up to date, as the script does."""
    form.values.update(written)
    answer = await http.post(drafts_of(world), data=form.values, headers=SCRIPT)
    if answer.status_code == 200:
        line = Page(answer)
        for name in ("place", "draft_saved"):
            form.values[name] = line.one(f".//input[@name='{name}']").attrib["value"]
    return answer


async def press_save(
    http: httpx.AsyncClient, world: World, form: Form, **written: str
) -> httpx.Response:
    """Save what is written in a form as one does without script."""
    return await http.post(drafts_of(world), data=form.values | written)


def drafts_of(world: World) -> str:
    return f"/n/{world.network.slug}/drafts"


def told(answer: httpx.Response) -> str:
    """What the line below the form says."""
    return " ".join(words(one) for one in Page(answer).all(".//*[@data-draft-told]"))


async def bodies() -> list[str]:
    """The texts of all drafts."""
    return sorted(json.loads(one["content"])["body"] for one in await rows("draft"))


# ---- There again ---------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
async def test_a_thread_that_was_begun_is_there_on_another_device(
    world: World, browser: Opened, script: bool
) -> None:
    written = {"kind": "discussion", "title": "Halvvägs", "body": TEXT, "area": str(world.area_id)}
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        way = save if script else press_save
        answer = await way(office, world, await composer(office, world), **written)
        if script:
            assert told(answer).startswith("Utkast sparat")
        else:
            assert answer.headers["location"] == new_thread(world)
            assert Page(await office.get(new_thread(world))).flash == "Utkastet har sparats."
        there = await composer(phone, world)
        assert {name: there.values[name] for name in written} == written


async def test_a_reply_that_was_begun_is_there_and_stands_on_the_start_page(
    world: World, browser: Opened
) -> None:
    async with browser(world["gus"]) as office, browser(world["gus"]) as phone:
        await save(office, world, await composer(office, world, thread(world)), body=TEXT)
        start = Page(await phone.get("/"))
        (there,) = [one for one in start.hrefs if one.endswith("#reply") and "draft" not in one]
        assert there == f"{thread(world)}#reply"
        assert words(start.with_class("drafts")[0]).startswith(f"Svar på ”{world.thread.title}”")
        assert (await composer(phone, world, thread(world))).values["body"] == TEXT
        # Other threads have none.
        page = Page(await phone.get(f"{thread(world)}?quote=1"))
        body = page.form(f"{thread(world)}/replies").values["body"]
        assert body.startswith(f"{TEXT}\n\n> ")


async def test_every_field_of_the_form_comes_back(world: World, browser: Opened) -> None:
    async with browser(world["ann"]) as http:
        form = await composer(http, world)
        written = {"kind": "notice", "ends_on": "2031-02-03", "body": TEXT}
        await save(http, world, form, **written)
        there = await composer(http, world)
        assert {name: there.values[name] for name in written} == written


async def test_a_draft_is_there_after_being_logged_out(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        form = await composer(http, world, thread(world))
        await save(http, world, form, body=TEXT)
        await http.post("/logout")
        before = await everything()
        # The script is sent to the login and keeps nothing; what it cannot save is in the form.
        answer = await save(http, world, form, body=f"{TEXT} och mer")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert await everything() == before
        # Who presses the button herself has it kept as any other form.
        answer = await press_save(http, world, form, body=f"{TEXT} och mer")
        assert "kept=" in answer.headers["location"]
    async with browser(world["bob"]) as http:
        assert (await composer(http, world, thread(world))).values["body"] == TEXT


async def test_a_draft_makes_no_event(world: World, browser: Opened) -> None:
    before = await seq(world)
    async with browser(world["bob"]) as http:
        form = await composer(http, world)
        for text in ("V", "Vi", "Vi har", ""):
            await save(http, world, form, body=text)
    assert await events(world, before) == []


# ---- Gone again ----------------------------------------------------------------------------


async def test_posting_takes_the_draft_away(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        written = {"title": "Klart", "body": TEXT, "area": str(world.area_id)}
        form = await composer(http, world)
        await save(http, world, form, **written)
        # The last save was answered after the form had been sent: the form knows less than it did.
        form.values["draft_saved"] = ""
        assert (await form.send(http)).status_code == 303
        assert await rows("draft") == []

        await save(http, world, await composer(http, world, thread(world)), body=TEXT)
        # Opened again, on whichever device, and posted without being saved once more
        form = await composer(http, world, thread(world))
        assert (await form.send(http)).status_code == 303
        assert await rows("draft") == []


async def test_a_post_that_is_refused_leaves_the_draft(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        form = await composer(http, world)
        await save(http, world, form, body=TEXT)
        answer = await form.send(http)
        assert answer.status_code == 422
        again = Page(answer).form(f"/n/{world.network.slug}/threads")
        assert len(await rows("draft")) == 1
        answer = await again.send(http, title="Nu så", area=str(world.area_id))
        assert answer.status_code == 303
        assert await rows("draft") == []


@pytest.mark.parametrize("place", ["new", "reply"])
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside another device"])
async def test_a_form_that_was_refused_goes_on_with_what_its_page_saved_last(
    world: World, browser: Opened, place: str, beside: bool
) -> None:
    there = new_thread(world) if place == "new" else thread(world)
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        form = await composer(office, world, there)
        if beside:
            await save(phone, world, await composer(phone, world, there), body="Hemifrån")
        else:
            await save(office, world, form, body="Från jobbet")
        # The answer to the last save comes when the form has already been sent.
        known = {name: form.values[name] for name in ("place", "draft_saved")}
        await save(office, world, form, body=TEXT)
        answer = await form.send(office, **known, body=f"{TEXT} {NUMBER}")
        assert answer.status_code == 422
        again = Page(answer).form(form.action)
        # The page that comes back is another one to the script.
        again.values["draft_writer"] = secrets.token_hex()
        await save(office, world, again, body=f"{TEXT} och mer")
        assert len(await rows("draft")) == 1 + beside
        # The page before, which the back button brings, does not write over that.
        await save(office, world, form, body="Som det var")
        assert len(await rows("draft")) == 2 + beside
        answer = await again.send(office, title="Nu så", area=str(world.area_id))
        assert answer.status_code == 303
        assert await bodies() == (["Hemifrån", "Som det var"] if beside else ["Som det var"])


async def test_posting_takes_away_what_its_page_saved_beside_another_device(
    world: World, browser: Opened
) -> None:
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        form = await composer(office, world, thread(world))
        await save(phone, world, await composer(phone, world, thread(world)), body="Hemifrån")
        known = {name: form.values[name] for name in ("place", "draft_saved")}
        # Two answers are lost on the way.
        await save(office, world, form, body="Från jobbet")
        await save(office, world, form, **known, body="Från jobbet, mer")
        assert len(await rows("draft")) == 2
        assert (await form.send(office, **known)).status_code == 303
        assert await bodies() == ["Hemifrån"]


async def test_one_that_is_emptied_or_discarded_is_gone(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        form = await composer(http, world, thread(world))
        await save(http, world, form, body=TEXT)
        assert told(await save(http, world, form, body="  \n")) == ""
        assert await rows("draft") == []
        await save(http, world, form, body=TEXT)
        page = Page(await http.get(thread(world)))
        (discard,) = page.all(".//button[@name='discard']")
        form = page.form(f"{thread(world)}/replies")
        answer = await http.post(
            discard.attrib["formaction"],
            data=form.values | {"discard": discard.attrib["value"]},
        )
        assert answer.headers["location"] == f"{thread(world)}#reply"
        assert await rows("draft") == []
        assert (await composer(http, world, thread(world))).values["body"] == ""


async def test_choices_alone_are_no_draft(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        form = await composer(http, world)
        await save(http, world, form, kind="discussion", area=str(world.area_id))
    assert await rows("draft") == []


async def test_what_nobody_has_touched_for_ninety_days_is_forgotten(world: World) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    for place, days in (("new", 91), (f"thread-{world.thread.id}", 89)):
        draft = await drafts.save(bob, Writing(place), [("body", TEXT)])
        assert draft
        await change("draft", draft.id, saved_at=clock.now() - timedelta(days=days))
    await worker.sweep()
    assert (await row("draft"))["place"] == f"thread-{world.thread.id}"


# ---- Two devices ---------------------------------------------------------------------------


async def test_what_two_devices_write_at_once_is_kept_by_both(
    world: World, browser: Opened
) -> None:
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        at_work, at_home = await composer(office, world), await composer(phone, world)
        await save(office, world, at_work, body="Från jobbet")
        await save(phone, world, at_home, body="Hemifrån")
        await save(office, world, at_work, body="Från jobbet, mer")
        await save(phone, world, at_home, body="Hemifrån, mer")
        found = {one["place"]: one["content"] for one in await rows("draft")}
        assert len(found) == 2
        # The latest is in the form, and the other one a link away.
        page = Page(await office.get(new_thread(world)))
        form = page.form(f"/n/{world.network.slug}/threads")
        assert form.values["body"] == "Hemifrån, mer"
        (other,) = [href for href in page.hrefs if href.startswith("?draft=")]
        other_form = await composer(office, world, new_thread(world) + other)
        assert other_form.values["body"] == "Från jobbet, mer"
        # Posting one leaves the other.
        answer = await form.send(office, title="Klart", area=str(world.area_id))
        assert answer.status_code == 303
        assert (await composer(phone, world)).values["body"] == "Från jobbet, mer"


async def test_a_device_goes_on_where_another_left_off(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        at_work = await composer(office, world)
        await save(office, world, at_work, body="Början")
        at_home = await composer(phone, world)
        await save(phone, world, at_home, body="Början och slutet")
        assert len(await rows("draft")) == 1
        # The page that is still open at work has not seen what was written at home.
        await save(office, world, at_work, body="Början och mitten")
        assert len(await rows("draft")) == 2


async def test_the_same_text_on_two_devices_is_one_draft(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        at_work, at_home = await composer(office, world), await composer(phone, world)
        await save(office, world, at_work, body=TEXT)
        await save(phone, world, at_home, body=TEXT)
        assert len(await rows("draft")) == 1


async def test_posting_from_a_form_that_has_not_seen_the_draft_leaves_it(
    world: World, browser: Opened
) -> None:
    async with browser(world["bob"]) as office, browser(world["bob"]) as phone:
        form = await composer(office, world, thread(world))
        await save(phone, world, await composer(phone, world, thread(world)), body="Hemifrån")
        assert (await form.send(office, body="Från jobbet")).status_code == 303
        assert (await composer(phone, world, thread(world))).values["body"] == "Hemifrån"


# ---- Nobody else's, and bounded ------------------------------------------------------------


async def test_nobody_else_sees_a_draft(world: World, browser: Opened) -> None:
    secret = "Det här har jag inte bestämt mig för"
    async with browser(world["bob"]) as http:
        await save(http, world, await composer(http, world), title=secret, body=secret)
        await save(http, world, await composer(http, world, thread(world)), body=secret)
    for name in ("ann", "gus"):
        async with browser(world[name]) as http:
            for address in ("/", f"/n/{world.network.slug}", new_thread(world), thread(world)):
                assert secret not in (await http.get(address)).text
            await http.post(f"/n/{world.network.slug}/drafts/removals", data={"discard": "new"})
    assert len(await rows("draft")) == 2


async def test_where_one_may_not_write_nothing_is_saved(world: World, browser: Opened) -> None:
    before = await everything()
    there = f"/n/{world.network.slug}/drafts"
    async with browser(world["gus"]) as http:
        assert (await http.post(there, data={"place": "new", "body": TEXT})).status_code == 403
    async with browser(world["charlie"]) as http:
        own = f"/n/{world.elsewhere.slug}/drafts"
        for address, place in (
            (there, "new"),
            (own, f"thread-{world.thread.id}"),
            (own, "thread-999999"),
            (own, "thread-0"),
            (own, "thread-1~1"),
            (own, "new~100"),
            (own, "elsewhere"),
            (own, ""),
        ):
            answer = await http.post(address, data={"place": place, "body": TEXT})
            assert answer.status_code == 404, place
    assert await everything() == before


async def test_a_form_that_another_opened_is_not_saved_as_mine(
    world: World, browser: Opened
) -> None:
    async with browser(world["ann"]) as http:
        form = await composer(http, world)
    async with browser(world["bob"]) as http:
        assert (await save(http, world, form, body=TEXT)).status_code == 403
    assert await rows("draft") == []


@pytest.mark.parametrize("field", ["title", "body"])
@pytest.mark.parametrize("place", ["new", "reply"])
async def test_a_personal_number_is_not_saved_and_the_form_says_why(
    world: World, browser: Opened, field: str, place: str
) -> None:
    there = new_thread(world) if place == "new" else thread(world)
    async with browser(world["bob"]) as http:
        form = await composer(http, world, there)
        await save(http, world, form, body=TEXT)
        answer = await save(http, world, form, **{field: f"Om {NUMBER}"})
        assert personal_numbers.explanation() in told(answer)
        assert NUMBER not in answer.text
        # Mended, it is saved where it was.
        assert told(await save(http, world, form, **{field: "Om ingen"})).startswith("Utkast")
        assert len(await rows("draft")) == 1
        answer = await press_save(http, world, form, body=f"Om {NUMBER}")
        assert answer.status_code == 422
        page = Page(answer)
        assert personal_numbers.explanation() in page.errors["draft"]
        assert page.form(form.action).values["body"] == f"Om {NUMBER}"
    assert NUMBER not in str(await rows("draft"))


async def test_a_draft_is_as_long_as_a_post_at_most(world: World, browser: Opened) -> None:
    async with browser(world["bob"]) as http:
        form = await composer(http, world)
        assert told(await save(http, world, form, body="å" * 32_000)).startswith("Utkast sparat")
        answer = await save(http, world, form, body="å" * LONGEST)
        assert str(LONGEST) in told(answer)
        assert (await composer(http, world)).values["body"] == "å" * 32_000


async def test_there_are_fifty_at_most_in_a_network(world: World) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    await database.write(lambda: _fifty(bob))
    with pytest.raises(Invalid) as refused:
        await drafts.save(bob, Writing("new"), [("body", TEXT)])
    assert str(AT_MOST) in refused.value.errors["draft"]
    # What there is can be gone on with.
    assert await drafts.save(bob, Writing("new~2", saved=""), [("body", "0")])
    await drafts.remove(bob, "new~2")
    assert await drafts.save(bob, Writing("new"), [("body", TEXT)])


async def _fifty(bob: Inside) -> None:
    for number in range(AT_MOST):
        place = f"new~{number + 2}"
        assert await drafts.save(bob, Writing(place), [("body", str(number))])
