"""Files in a real browser: by keyboard, pasted, dropped, without script, and never run."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from forum import discussions, uploads
from forum.language import gettext as _
from forum.language import pgettext
from forum.settings import Settings
from storage import door
from storage.attachments import Attachment
from tests import files
from tests.browser.conftest import Visitors
from tests.browser.steps import button, composer, link, thread_of
from tests.browser.test_keyboard import at_both_widths, enter, tab, tab_to
from tests.world import World

pytestmark = pytest.mark.browser

ALT = "Describe the image for who does not see it"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files to choose."""
    made = tmp_path / "chosen"
    made.mkdir()
    (made / "karta.png").write_bytes(files.image(size=(900, 600)))
    (made / "Åsas plan.txt").write_text("En plan.")
    return made


async def attached(world: World, chosen: Settings, name: str, content: bytes) -> Attachment:
    bob = await door.enter(world["bob"], world.network.slug)
    limits = uploads.limits(chosen)
    row = await uploads.receive(bob, limits, await files.sent(limits.store, name, content))
    await discussions.post_reply(
        bob, world.thread.id, "Se filen.", name, files=[row.id], alts={row.id: "En karta"}
    )
    return row


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [1280, 320])
async def test_files_are_chosen_described_and_posted(
    page_of: Visitors, world: World, folder: Path, script: bool, width: int
) -> None:
    page = await page_of(world["bob"], script=script, width=width, expected=(422,))
    await page.goto(thread_of(world))
    await composer(page).fill("Se **bilden**.")
    await page.get_by_label(_("Attach files")).set_input_files(sorted(folder.iterdir()))
    if not script:
        await button(page, _("Upload")).click()
    await expect(page.locator("[data-attachment]")).to_have_count(2)
    await button(page, _("Send the answer")).click()
    # Nothing was said of the image: it is asked for once, and all the rest is there.
    await expect(page.get_by_role("alert").first).to_contain_text("karta.png")
    await expect(composer(page)).to_have_value("Se **bilden**.")
    await page.get_by_label(_(ALT)).fill("En karta med tolv bilder")
    await button(page, _("Send the answer")).click()
    post = page.locator("article.post").last
    shown = post.get_by_role("img", name="En karta med tolv bilder")
    await shown.scroll_into_view_if_needed()
    await expect(shown).to_be_visible()
    await expect(link(post, "Åsas plan.txt")).to_contain_text("TXT, 1\xa0kB")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def choosing(page_of: Visitors, world: World, width: int = 1280) -> Page:
    """Open the thread in a browser whose file chooser is ours.

    It is so from some time after the first asks for it: one that is asked for with the key that
    opens it may come too late.
    """
    page = await page_of(world["bob"], width=width)
    page.on("filechooser", lambda _chooser: None)
    await page.goto(thread_of(world))
    return page


async def test_files_are_chosen_and_removed_by_keyboard(
    page_of: Visitors, world: World, folder: Path
) -> None:
    page = await choosing(page_of, world)
    field = page.get_by_label(_("Attach files"))
    await field.focus()
    async with page.expect_file_chooser() as opening:
        await page.keyboard.press("Space")
    await (await opening.value).set_files(folder / "karta.png")
    status = page.locator("[data-upload-status]")
    await expect(status).to_have_text(_("%(name)s has been uploaded.") % {"name": "karta.png"})
    await expect(field).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name=pgettext("button", "Remove"))).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    plain = page.get_by_label(_("The image needs no description"))
    await expect(plain).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-attachment]")).to_have_count(0)
    await expect(field).to_be_focused()
    await expect(status).to_have_text(_("%(name)s has been removed.") % {"name": "karta.png"})


@at_both_widths
async def test_an_image_is_chosen_described_and_posted_by_keyboard(
    page_of: Visitors, world: World, folder: Path, width: int
) -> None:
    page = await choosing(page_of, world, width)
    await tab_to(page, composer(page))
    await page.keyboard.type("Se bilden.")
    field = page.get_by_label(_("Attach files"))
    await tab_to(page, field)
    async with page.expect_file_chooser() as opening:
        await page.keyboard.press("Space")
    await (await opening.value).set_files(folder / "karta.png")
    status = page.locator("[data-upload-status]")
    await expect(status).to_have_text(_("%(name)s has been uploaded.") % {"name": "karta.png"})
    described = page.get_by_label(_(ALT))
    while not await described.evaluate("element => element === document.activeElement"):
        await tab(page, "Shift+Tab")
    await page.keyboard.type("En karta med tolv bilder")
    await tab_to(page, button(page, _("Send the answer")))
    await enter(page)
    shown = page.locator("#post-3").get_by_role("img", name="En karta med tolv bilder")
    await expect(shown).to_be_visible()


GIVE = """([selector, kind, names, text]) => {
    const data = new DataTransfer()
    for (const name of names) data.items.add(new File(['x'], name, { type: 'text/plain' }))
    if (text) data.setData('text/plain', text)
    const event = kind === 'paste'
        ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })
    return document.querySelector(selector).dispatchEvent(event)
}"""


async def give(page: Page, kind: str, names: list[str], text: str = "") -> bool:
    """Paste or drop files; says whether the browser may do what it does by itself."""
    untouched: bool = await page.evaluate(GIVE, ["textarea[name=body]", kind, names, text])
    return untouched


async def test_files_are_pasted_and_dropped(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    assert not await give(page, "paste", ["klistrad.txt"])
    await expect(page.locator("[data-attachment]")).to_have_count(1)
    assert not await give(page, "dragover", ["x.txt"])
    assert not await give(page, "drop", ["släppt 1.txt", "släppt 2.txt"])
    await expect(page.locator("[data-attachment] [data-name]")).to_contain_text(
        ["klistrad.txt", "släppt 1.txt", "släppt 2.txt"]
    )
    # A text that brings a picture of itself is pasted as the text it is.
    assert await give(page, "paste", ["bild.txt"], "Orden")
    assert await give(page, "drop", [])
    await expect(page.locator("[data-attachment]")).to_have_count(3)


async def test_a_file_that_is_too_large_is_told_before_it_leaves(
    page_of: Visitors, world: World, tmp_path: Path
) -> None:
    page = await page_of(world["bob"])
    large = tmp_path / "stor.bin"
    with large.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    await page.goto(thread_of(world))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    await page.get_by_label(_("Attach files")).set_input_files(large)
    await expect(page.get_by_role("alert")).to_contain_text("25 MB")
    assert "POST" not in sent


async def test_enter_in_a_field_posts_and_neither_uploads_nor_removes(
    page_of: Visitors, world: World, folder: Path
) -> None:
    page = await page_of(world["bob"])
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await page.get_by_label(_("Attach files")).set_input_files(folder / "karta.png")
    await expect(page.locator("[data-attachment]")).to_have_count(1)
    await page.get_by_label(_("Title")).first.fill("En karta")
    await page.get_by_label(_("Subject area")).select_option(label="LSS")
    await composer(page).fill("Se här.")
    await page.get_by_label(_(ALT)).fill("Kartan")
    await page.get_by_label(_(ALT)).press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("En karta")
    await expect(page.get_by_role("img", name="Kartan")).to_have_count(1)


HOSTILE = {
    "a.html": b"<title>x</title><script>document.title = 'run'; alert(1)</script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script>"
    b"</svg>",
    "a.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "a.png": b"<html><script>alert(1)</script></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_file_that_wants_to_run_is_only_saved(
    page_of: Visitors, world: World, chosen: Settings, name: str
) -> None:
    row = await attached(world, chosen, name, HOSTILE[name])
    page = await page_of(world["ann"])
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await page.goto(thread_of(world))
    there = f"/n/{world.network.slug}/attachments/{row.id}/{name}"
    async with page.expect_download() as saving:
        await link(page.locator("article.post").last, name).click()
    assert (await (await saving.value).path()).read_bytes() == HOSTILE[name]
    # Nor is it run when one of our own pages asks for it as a script.
    loaded = await page.evaluate(
        """async there => {
            const answer = await fetch(there)
            const script = Object.assign(document.createElement('script'), { src: there })
            const tried = new Promise(done => {
                script.onload = () => done('ran')
                script.onerror = () => done('stopped')
            })
            document.head.append(script)
            return [answer.headers.get('content-security-policy'), await tried]
        }""",
        there,
    )
    assert loaded == ["default-src 'none'; sandbox", "stopped"]
    assert dialogs == []
    page_of.watch(page).trouble.clear()


async def test_an_image_opens_by_itself_and_paper_has_its_name(
    page_of: Visitors, world: World, chosen: Settings
) -> None:
    row = await attached(world, chosen, "karta.png", files.image(size=(900, 600)))
    page = await page_of(world["ann"])
    await page.goto(thread_of(world))
    await page.emulate_media(media="print")
    await expect(page.get_by_text("karta.png")).to_be_visible()
    answer = await page.goto(f"/n/{world.network.slug}/attachments/{row.id}/karta.png")
    assert answer is not None
    assert answer.headers["content-type"] == "image/png"
    assert await page.evaluate("document.images[0].naturalWidth") == 900
    page_of.watch(page).trouble.clear()


async def test_a_picture_is_chosen_and_seen_by_others(
    page_of: Visitors, world: World, folder: Path
) -> None:
    page = await page_of(world["bob"], script=False)
    await page.goto("/account")
    await link(page, _("Change my profile")).click()
    await page.get_by_label(_("Choose a picture")).set_input_files(folder / "karta.png")
    await button(page, _("Save")).click()
    await expect(page.locator(".flash")).to_contain_text(_("The change has been saved."))
    ann = await page_of(world["ann"])
    await ann.goto(thread_of(world))
    face = ann.locator("#post-2 img.face")
    await face.scroll_into_view_if_needed()
    assert (
        await face.evaluate("async face => { await face.decode(); return face.naturalWidth }")
        == 256
    )
