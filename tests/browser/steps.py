"""What people do on most pages: find a button, log in, write."""

import pytest
from playwright.async_api import Locator, Page

from forum.language import gettext as _
from storage import door
from storage.people import Person
from tests.world import PASSWORD, World

TITLE = "Hur bedömer ni ledsagarservice i gruppbostad?"
BODY = "Personen bor i gruppbostad och vill gå på **bio** varje vecka."
ANSWER = "Vi beviljar det när *personalen* inte räcker till."

with_and_without_script = pytest.mark.parametrize(
    "script", [True, False], ids=["with script", "without script"]
)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def link(page: Page | Locator, name: str, *, exact: bool = False) -> Locator:
    return page.get_by_role("link", name=name, exact=exact)


async def log_in(page: Page, person: Person) -> None:
    await page.get_by_label(_("Name or e-mail address")).fill(person.username)
    await page.get_by_label(_("Password"), exact=True).fill(PASSWORD)
    await button(page, _("Log in")).click()


def thread_of(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


def composer(page: Page) -> Locator:
    return page.locator("textarea[name=body]")


async def bodies(world: World) -> list[str]:
    inside = await door.enter(world["ann"], world.network.slug)
    replies = await inside.replies.filter(thread_id=world.thread.id).order_by("number")
    return [reply.body for reply in replies]


async def untold(page: Page) -> None:
    """Have the page hear of nothing that others do, as when its network has just gone."""
    await page.route_web_socket("**/live", lambda _socket: None)
