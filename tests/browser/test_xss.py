"""Nothing that somebody writes is ever executed in Chromium, on any page that shows it."""

import pickle
import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Page

from forum import markup
from forum.settings import Settings
from storage import database
from storage.blobs import Store
from storage.people import Person, View
from tests.browser import hostile as hostiles
from tests.browser.conftest import Visitors
from tests.browser.hostile import ALONE, LISTED, PAGES
from tests.browser.hostile_writer import Hostile
from tests.browser.states import SEND
from tests.browser.trap import injected, trapped
from tests.payloads import PAYLOADS
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
async def template(template: Path, tmp_path_factory: pytest.TempPathFactory, long: bool) -> Path:
    """The world with the payloads in their places."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("samverkan.sqlite", "world.pickle"):
        shutil.copy(template / name, folder / name)
    world: World = pickle.loads((folder / "world.pickle").read_bytes())  # noqa: S301
    async with database.opened(f"sqlite:///{folder / 'samverkan.sqlite'}"):
        made = await hostiles.made(world, Store(folder / "blobs"), long=long)
    await markup.close()
    (folder / "hostile.pickle").write_bytes(pickle.dumps(made))
    return folder


@pytest.fixture
def hostile(world: World, template: Path, chosen: Settings) -> Hostile:
    """What has been written, in this test's own copy."""
    shutil.copytree(template / "blobs", chosen.data / "blobs", dirs_exist_ok=True)
    return hostiles.load(template)


@pytest.mark.parametrize("view", View)
async def test_nothing_is_executed_on_any_page_that_shows_it(
    page_of: Visitors, world: World, hostile: Hostile, view: View, long: bool
) -> None:
    assert set(hostile.tried) == {*LISTED, *ALONE}
    for place, tried in hostile.tried.items():
        assert hostile.taken[place] > 0.8 * tried, place
    found = []
    for who in ("ann", "charlie", "olga"):
        # One's own name stands at the head of every page
        await Person.filter(id=world[who].id).update(view=view, name=PAYLOADS[0], title=PAYLOADS[0])
        page = await page_of(world[who])
        sprung = await trapped(page)
        for address in (address for looks, address in PAGES if looks == who):
            if kind := re.match(r"{(\w+)}", address):
                each = hostiles.looked_at(hostile.addresses[kind[1]], long=long)
                found += await looked_at(page, *(address.replace(kind[0], one) for one in each))
            else:
                found += await looked_through(page, address)
        found += sprung
    assert found == []


async def test_nothing_is_executed_where_two_changes_are_compared(
    page_of: Visitors, world: World, hostile: Hostile, long: bool
) -> None:
    """What it says now and what one has written are both hostile, and so are their titles."""
    page = await page_of(world["ann"], expected=(409,))
    sprung = await trapped(page)
    found = []
    shorts = (f"{address}/posts/1" for address in hostile.addresses["short"])
    each = [*hostile.addresses["change"], *shorts]
    for number, address in enumerate(hostiles.looked_at(each, long=long)):
        text = PAYLOADS[-number].replace("\x00", "")
        wanted = {"title": text[:160], "short": text[:600], "body": f"Mitt {text}", "revision": "1"}
        await page.goto("/help")
        async with page.expect_navigation() as navigation:
            await page.evaluate(SEND, [f"{address}/edit", wanted])
        assert (await navigation.value).status == 409
        found += await injected(page)
    assert found + sprung == []


async def looked_at(page: Page, *addresses: str) -> list[str]:
    """Return what is foreign in these pages."""
    found = []
    for address in addresses:
        await page.goto(address)
        found += await injected(page)
    return found


async def looked_through(page: Page, address: str) -> list[str]:
    """Return what is foreign in this page and in all that follow it."""
    found = await looked_at(page, address)
    following = page.locator("a[rel=next]")
    while await following.count():
        found += await looked_at(page, await following.first.get_attribute("href") or "")
    return found
