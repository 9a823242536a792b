"""Reading aloud, with the device's own voice, and not even a button where it has none."""

import pytest
from playwright.async_api import Page, expect

from forum.language import pgettext
from tests.browser.conftest import Visitors
from tests.browser.steps import button, thread_of
from tests.world import World

pytestmark = pytest.mark.browser

#: A device with voices, as Chromium on a server is not: it notes what it is given to say.
VOICES = """languages => {
    const said = [], waiting = [], heard = []
    class Utterance { constructor (text) { this.text = text } }
    const speech = Object.assign(new EventTarget(), {
        voices: languages.map(lang => ({ lang, name: lang })),
        getVoices () { return this.voices },
        speak (utterance) { said.push([utterance.lang, utterance.text]); waiting.push(utterance) },
        cancel () { heard.push('cancel'); waiting.splice(0).forEach(one => one.onerror?.()) },
        finish () { waiting.splice(0).forEach(one => one.onend?.()) }
    })
    Object.defineProperty(window, 'speechSynthesis', { value: speech })
    Object.assign(window, { SpeechSynthesisUtterance: Utterance, said, heard })
}"""


async def with_voices(page: Page, *languages: str) -> None:
    await page.add_init_script(f"({VOICES})({list(languages)!r})")


async def test_a_post_is_read_and_nothing_but_the_post(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await with_voices(page, "en-GB", "sv_SE")
    await page.goto(thread_of(world))
    first = button(page.locator("#post-1"), pgettext("button", "Read aloud"))
    await first.click()
    assert await page.evaluate("said") == [
        ["sv", "Vi undrar om kvällstimmar som ingen utanför får läsa."]
    ]
    stopping = button(page.locator("#post-1"), pgettext("button", "Stop reading"))
    await expect(stopping).to_be_focused()
    # Another one begins, and the first has stopped.
    await button(page.locator("#post-2"), pgettext("button", "Read aloud")).click()
    await expect(first).to_be_visible()
    await expect(page.get_by_role("button", name=pgettext("button", "Stop reading"))).to_have_count(
        1
    )
    # Pressed again it stops; read to the end, it says so itself.
    await button(page.locator("#post-2"), pgettext("button", "Stop reading")).click()
    assert (await page.evaluate("heard"))[-1] == "cancel"
    await first.click()
    await page.evaluate("speechSynthesis.finish()")
    await expect(first).to_be_visible()


@pytest.mark.parametrize("languages", [(), ("en-US", "de-DE")])
async def test_without_a_voice_for_the_language_there_is_no_button(
    page_of: Visitors, world: World, languages: tuple[str, ...]
) -> None:
    page = await page_of(world["bob"])
    if languages:
        await with_voices(page, *languages)
    await page.goto(thread_of(world))
    await page.locator("[data-equipped]").wait_for()
    await expect(button(page, pgettext("button", "Read aloud"))).to_have_count(0)


async def test_a_voice_that_comes_late_is_found(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await with_voices(page)
    await page.goto(thread_of(world))
    await expect(button(page, pgettext("button", "Read aloud"))).to_have_count(0)
    await page.evaluate(
        "speechSynthesis.voices = [{ lang: 'sv-SE' }],"
        " speechSynthesis.dispatchEvent(new Event('voiceschanged'))"
    )
    await expect(button(page, pgettext("button", "Read aloud"))).to_have_count(2)
    await page.evaluate("speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    await expect(button(page, pgettext("button", "Read aloud"))).to_have_count(2)
