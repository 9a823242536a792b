"""Who is here and who is writing: seen by those who have switched it on, and disturbing nobody."""

import pytest
from playwright.async_api import Locator, Page, expect

from forum import members
from forum.language import gettext as _
from storage import database, door
from storage.people import Person, View
from tests.browser.checkers.in_page import RULES, axe
from tests.browser.conftest import Visitors
from tests.browser.steps import button, composer, thread_of
from tests.browser.test_accessibility import measured
from tests.browser.test_live import HIDEABLE, hide, opened
from tests.world import World

pytestmark = pytest.mark.browser


async def want(*persons: Person, **changes: object) -> None:
    ids = [person.id for person in persons]
    await database.write(lambda: Person.filter(id__in=ids).update(**{"presence": True, **changes}))


def line(page: Page) -> Locator:
    return page.locator("[data-presence]")


async def top_of(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("width", [1280, 360])
async def test_ann_sees_that_bob_reads_and_writes_once_both_have_switched_it_on(
    page_of: Visitors, world: World, width: int
) -> None:
    ann = await page_of(world["ann"], width=width)
    bob = await page_of(world["bob"], width=width)
    for page in (ann, bob):
        await opened(page, thread_of(world))
    await composer(bob).press_sequentially("Jag")
    await ann.wait_for_timeout(2000)
    await expect(line(ann)).to_be_empty()
    for page in (ann, bob):
        await page.goto("/account/profile")
        await page.get_by_label(_("Show when I am logged in, read and write")).check()
        await button(page, _("Save")).click()
        await page.wait_for_url("**/account")
        await page.goto(thread_of(world))
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")
    await composer(ann).focus()
    before = await top_of(composer(ann))
    await composer(bob).fill("")
    await composer(bob).press_sequentially("Jag tänker")
    await expect(line(ann).get_by_role("paragraph")).to_have_text(
        ["Läser tråden: Bob Berg", "Bob Berg skriver …"]
    )
    await expect(line(bob).get_by_role("paragraph")).to_have_text(["Läser tråden: Ann Alm"])
    assert await top_of(composer(ann)) == before
    await expect(composer(ann)).to_be_focused()
    # What he writes, and that he has stopped.
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")
    await expect(line(ann)).not_to_have_attribute("aria-live", "polite")
    await button(bob, _("Send the answer")).click()
    await bob.wait_for_url("**#post-3")
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")
    await bob.close()
    await expect(line(ann)).to_be_empty()


async def test_the_networks_page_names_who_is_here(page_of: Visitors, world: World) -> None:
    charlie = world["charlie"]
    await want(world["ann"], world["bob"], charlie)
    inside = await door.enter(world["ann"], world.network.slug)
    await members.add_member(inside, charlie, inside.membership.organisation_id)
    await database.write(lambda: Person.filter(id=charlie.id).update(name="<b>$& @ Cederlöf"))
    ann, bob = await page_of(world["ann"]), await page_of(world["bob"])
    await opened(ann, f"/n/{world.network.slug}")
    await opened(bob, "/")
    await expect(line(ann)).to_have_text("Här nu: Bob Berg")
    other = await page_of(charlie)
    await opened(other, thread_of(world))
    await expect(line(ann)).to_have_text("Här nu: Bob Berg och <b>$& @ Cederlöf")
    await expect(line(other)).to_be_empty()
    await bob.close()
    await expect(line(ann)).to_have_text("Här nu: <b>$& @ Cederlöf")


async def test_a_tab_in_the_background_reads_nothing(page_of: Visitors, world: World) -> None:
    await want(world["ann"], world["bob"])
    ann, bob = await page_of(world["ann"]), await page_of(world["bob"])
    await bob.add_init_script(HIDEABLE)
    for page in (ann, bob):
        await opened(page, thread_of(world))
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")
    await hide(bob, True)
    await expect(line(ann)).to_be_empty()
    await hide(bob, False)
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")


async def test_who_switches_it_off_is_gone_from_pages_and_sees_nobody(
    page_of: Visitors, world: World
) -> None:
    await want(world["ann"], world["bob"])
    ann, bob = await page_of(world["ann"]), await page_of(world["bob"])
    for page in (ann, bob):
        await opened(page, thread_of(world))
    await expect(line(ann)).to_have_text("Läser tråden: Bob Berg")
    await expect(line(bob)).to_have_text("Läser tråden: Ann Alm")
    settings = await bob.context.new_page()
    await settings.goto("/account/profile")
    await settings.get_by_label(_("Show when I am logged in, read and write")).uncheck()
    await button(settings, _("Save")).click()
    for page in (ann, bob):
        await expect(line(page)).to_be_empty()


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("width", [1280, 320])
async def test_every_checker_is_content_with_it(
    page_of: Visitors, world: World, width: int, view: View
) -> None:
    long = "Bartholomäus-Maximilian " + "Wolfeschlegelsteinhausenbergerdorff" * 2
    await want(world["ann"], view=view)
    await want(world["bob"], name=long)
    # Colours that change slowly would be looked at halfway.
    ann = await page_of(world["ann"], width=width, reduced_motion="reduce")
    bob = await page_of(world["bob"])
    for page in (ann, bob):
        await opened(page, thread_of(world))
    await composer(bob).press_sequentially("Jag")
    await expect(line(ann)).to_contain_text("skriver …")
    found = await measured(ann, "sideways", "cut", "headings", "labels")
    for scheme in ("light", "dark"):
        await ann.emulate_media(color_scheme=scheme)
        found += await axe(ann, RULES)
    assert not found, "\n".join(found)
