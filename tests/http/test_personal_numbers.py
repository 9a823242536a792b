"""A personnummer stops before anything is stored, with an explanation that does not repeat it."""

from collections.abc import Callable

import pytest

from forum import kept_forms, personal_numbers
from storage import door
from tests.conftest import Browser
from tests.http.pages import Page
from tests.http.records import everything
from tests.world import World

Opened = Callable[..., Browser]

#: The example of Skatteverket's brochure SKV 704.
NUMBER = "640823-3234"
PARTED = "**640823**-3234"


@pytest.mark.parametrize(
    ("title", "body", "fields"),
    [
        (f"Om {NUMBER}", "Vad gör ni?", {"title"}),
        ("Vad gör ni?", f"Det gäller {NUMBER}.", {"body"}),
        ("Vad gör ni?", f"Det gäller {PARTED}.", {"body"}),
        (f"Om {NUMBER}", f"Det gäller {NUMBER}.", {"title", "body"}),
    ],
)
async def test_a_thread_with_one_is_not_posted(
    world: World, browser: Opened, title: str, body: str, fields: set[str]
) -> None:
    base = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        before = await everything()
        answer = await form.send(http, title=title, body=body, area=str(world.area_id))
        assert answer.status_code == 422
        assert Page(answer).errors == dict.fromkeys(fields, personal_numbers.explanation())
        # What she has written is still in the form, for her to mend.
        back = Page(answer).form(base).values
        assert (back["title"], back["body"]) == (title, body)
        assert await everything() == before


async def test_a_reply_with_one_is_neither_posted_nor_shown_as_it_would_be(
    world: World, browser: Opened
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["gus"]) as http:
        form = Page(await http.get(there)).form(f"{there}/replies")
        before = await everything()
        for button in ({}, {"preview": "yes"}):
            answer = await form.send(http, body=f"Vi känner {PARTED}.", **button)
            assert Page(answer).errors == {"body": personal_numbers.explanation()}
        shown = await http.post(f"/n/{world.network.slug}/previews", data={"body": NUMBER})
        assert personal_numbers.explanation() in shown.text
        assert NUMBER not in shown.text
        assert await everything() == before


async def test_what_is_kept_when_one_is_logged_out_is_kept_without_it(world: World) -> None:
    entries = [("title", f"Om {NUMBER}"), ("body", f"Text.\n{NUMBER}"), ("area", "1"),
               ("alt-7", f"Brev till {NUMBER}"), ("lost-file", f"{NUMBER}.pdf")]  # fmt: skip
    token = await kept_forms.keep(world["bob"].id, "/n/x/threads", entries)
    assert token
    found = await kept_forms.find(world["bob"], token)
    assert found
    masked = "XXXXXX-XXXX"
    assert found[1] == [("title", f"Om {masked}"), ("body", f"Text.\n{masked}"), ("area", "1"),
                        ("alt-7", f"Brev till {masked}"),
                        ("lost-file", f"{masked}.pdf")]  # fmt: skip


async def test_other_numbers_are_posted(world: World, browser: Opened) -> None:
    base = f"/n/{world.network.slug}/threads"
    async with browser(world["bob"]) as http:
        form = Page(await http.get(f"{base}/new")).form(base)
        answer = await form.send(
            http,
            title="Vem svarar på 036-10 50 00?",
            body="Dnr 2026/1234567890.",
            area=str(world.area_id),
        )
        assert answer.status_code == 303
    inside = await door.enter(world["bob"], world.network.slug)
    assert await inside.threads.filter(title="Vem svarar på 036-10 50 00?").exists()
