"""Every page in every state: no checker finds anything, and all can read, reach and press."""

import pickle
import re
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page
from starlette.routing import Route
from starlette.types import ASGIApp

from forum import language, markup, sessions
from forum.settings import Settings
from forum.uploads import Limits
from storage import database
from storage.blobs import Store
from storage.people import Language, View
from tests.browser import gallery as galleries
from tests.browser import live
from tests.browser import window as windows
from tests.browser.checkers import in_page
from tests.browser.checkers.in_page import RULES, Alfa, axe, ibm
from tests.browser.checkers.vnu import Vnu, running
from tests.browser.conftest import Visitors
from tests.browser.gallery import Gallery
from tests.browser.states import STATES, State, visit
from tests.browser.window import Window
from tests.conftest import client
from tests.world import World
from web import build
from web.cookies import name_of
from web.jinja import STATIC
from web.pages import help_page
from web.probes import PROBES
from web.routes import routes

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
# Nothing else in a page depends on its colours: axe holds the dark scheme to these in every run,
# and to everything with SAMVERKAN_TEST_LONG=1.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
WIDTHS = (1280, 320)
SCHEMES: tuple[tuple[Literal["light", "dark"], list[str]], ...] = (
    ("light", RULES),
    ("dark", COLOUR_RULES),
)
# IBM's engine and Alfa take a second together. In every run they see each page in these two ways,
# with SAMVERKAN_TEST_LONG=1 in all.
THOROUGHLY = {(1280, "light"), (320, "dark")}

MEASURE = (HERE / "measure.js").read_text()


@pytest.fixture(scope="session")
async def template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with more in it: a page in every state."""
    folder = tmp_path_factory.mktemp("gallery")
    for name in ("samverkan.sqlite", "world.pickle"):
        shutil.copy(template / name, folder / name)
    world: World = pickle.loads((folder / "world.pickle").read_bytes())  # noqa: S301
    async with database.opened(f"sqlite:///{folder / 'samverkan.sqlite'}"):
        made = await galleries.made(world, Limits(Store(folder / "blobs"), 10**8))
    await markup.close()
    (folder / "gallery.pickle").write_bytes(pickle.dumps(made))
    return folder


@pytest.fixture
def gallery(world: World, template: Path) -> Gallery:
    """Where everything is, in this test's own copy."""
    return galleries.load(template)


@pytest.fixture(scope="session")
def listening() -> Iterator[socket.socket]:
    """The same port for all tests, so that the window stays what it is."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


@pytest.fixture(scope="session")
async def shared_window(chromium: Browser) -> AsyncIterator[Window]:
    """The window that every state is shown in."""
    async with windows.opened(chromium) as one:
        yield one


@pytest.fixture
async def window(shared_window: Window, app: ASGIApp) -> AsyncIterator[Window]:
    """The window, in which nothing may have gone wrong at the end."""
    yield shared_window
    assert await shared_window.leave() == []


@pytest.fixture(scope="session")
async def alfa(chromium: Browser) -> AsyncIterator[Alfa]:
    """Alfa, ready to judge."""
    async with in_page.alfa(chromium) as ready:
        yield ready


@pytest.fixture(scope="session")
async def vnu() -> AsyncIterator[Vnu]:
    """The Nu Html Checker, running."""
    async with running() as started:
        yield started


async def measured(page: Page, *names: str, hidden: list[str] | None = None) -> list[str]:
    """Return what the named functions of measure.js find wrong, and which selectors are hidden."""
    found: list[str] = await page.evaluate(
        f"([names, selectors]) => {{ const measure =\n{MEASURE};"
        " return names.flatMap(name => measure[name]()).concat(measure.hidden(selectors)) }",
        [names, hidden or []],
    )
    return found


async def opened(
    window: Window, page_of: Visitors, state: State, gallery: Gallery
) -> tuple[Page, str]:
    """Return a page in this state and the HTML that the server sent for it."""
    person = gallery.people[state.who] if state.who else None
    page = await window.enter(page_of, person, (state.status,) if state.status >= 400 else ())
    answer = await visit(page, state, gallery, page_of.settings.base_url)
    return page, await answer.text()


@pytest.mark.parametrize("state", STATES, ids=str)
async def test_every_page_can_be_used_by_everyone(
    state: State,
    window: Window,
    page_of: Visitors,
    gallery: Gallery,
    alfa: Alfa,
    vnu: Vnu,
    monkeypatch: pytest.MonkeyPatch,
    long: bool,
) -> None:
    if state.broken:
        monkeypatch.delattr(help_page, "page")
    page, html = await opened(window, page_of, state, gallery)
    found = in_the_html(html) + in_the_head(html, gallery, state)
    found += await vnu(html)
    found += await measured(page, "headings", "labels", *(["focus"] if state.sends is None else []))
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        found += [
            f"{width} px: {one}" for one in await measured(page, "sideways", "cut", "targets")
        ]
        for scheme, rules in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            seen = await axe(page, RULES if long else rules)
            if long or (width, scheme) in THOROUGHLY:
                seen += await ibm(page) + await alfa(page)
            found += [f"{width} px, {scheme}: {one}" for one in seen]
    for width in (1280, 640):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += [f"{width} px, 200 %: {one}" for one in await measured(page, "sideways", "cut")]
        if long and width == 1280:
            found += await every_checker(page, alfa)
    assert not found, "\n".join(found)


async def every_checker(page: Page, alfa: Alfa) -> list[str]:
    """Return what the three checkers find in both schemes at the page's present size."""
    found = []
    for scheme, _ in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        seen = await axe(page) + await ibm(page) + await alfa(page)
        found += [f"200 %, {scheme}: {one}" for one in seen]
    return found


@pytest.mark.parametrize("who", ["ann", "easy"])
@pytest.mark.parametrize("line", ["offline", "ended"])
async def test_what_live_updates_say_can_be_used_by_everyone(
    window: Window, page_of: Visitors, gallery: Gallery, alfa: Alfa, who: str, line: str, long: bool
) -> None:
    state = next(one for one in STATES if one.address == "{solved}" and not one.prepare)
    # A socket that opens later takes back what is said.
    async with window.page.expect_response(live.caught_up):
        page, _html = await opened(window, page_of, replace(state, who=who), gallery)
    await page.evaluate(SAYING, line)
    found = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        found += await measured(page, "sideways", "cut", "targets")
        for scheme, _rules in SCHEMES:
            if long or (width, scheme) in THOROUGHLY:
                await page.emulate_media(color_scheme=scheme)
                found += await axe(page) + await ibm(page) + await alfa(page)
    await page.emulate_media(forced_colors="active")
    found += await measured(page, "sideways", "cut", hidden=[".arrived button", ".live-line p"])
    await page.emulate_media(forced_colors="none")
    assert not found, "\n".join(found)


# As its scripts say it.
SAYING = """line => {
    const button = Object.assign(document.createElement('button'), { type: 'button' })
    const place = document.querySelector('[data-live-held]')
    button.textContent = place.dataset.waitingMany.replace('@', 12)
    place.append(button)
    const said = document.querySelector('[data-live-line]')
    said.append(said.querySelector(`template[data-live-says=${line}]`).content.cloneNode(true))
}"""


def in_the_html(html: str) -> list[str]:
    """Styles and scripts within the page: the policy would stop them, so nobody may count on it."""
    inline = re.findall(r"<[^>]*\s(?:style|on\w+)=[^>]*>|<style|<script(?![^>]*\ssrc=)", html)
    return [f"inline: {one}" for one in inline]


def title_of(html: str) -> str:
    """Return the page's title as it stands in the HTML."""
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    return title[1] if title else ""


def in_the_head(html: str, gallery: Gallery, state: State) -> list[str]:
    """Language and title."""
    found = []
    person = gallery.people[state.who] if state.who else None
    wanted = person.language if person else Language.SWEDISH
    if f'<html lang="{wanted}"' not in html:
        found.append(f"the page does not say that it is in {wanted}")
    title = title_of(html)
    if not re.fullmatch(r"\S.*\S – Samverkan", title):
        found.append(f"title: {title}")
    if (state.status in {409, 422}) != title.startswith(language.gettext("Error:")):
        found.append(f"the title does not say whether there is an error: {title}")
    if person and (person.view == View.EASY) != ('data-view="easy"' in html):
        found.append("not the view that she has chosen")
    return found


#: What is no page.
FILES = [
    "/account/picture",
    "/n/{slug}/attachments/{attachment_id:int}/{name}",
    "/n/{slug}/members/{membership_id:int}/picture",
    "/n/{slug}/documents/{document_id:int}/versions/{number:int}/pages/{page:int}",
    "/n/{slug}/folders/{folder_id:int}/zip",
]


#: Where the gallery's places lie, as the beginning of an address.
PLACES = {
    r"{\w*document\w*}": "/n/x/documents/1",
    r"{publish_\w+}": "/n/x/documents/1/publication",
    r"{withdraw\w*}": "/n/x/publications/1/withdrawal",
    r"{folder\w*}": "/n/x/folders/1",
    r"{unpack\w+}": "/n/x/unpackings/1",
    r"{trash_1}": "/n/x/trash/1",
}


def test_every_route_that_shows_a_page_is_among_the_states() -> None:
    places = re.compile(r"{\w*(network|empty|archived|big)}")
    shown = [
        re.sub(r"{(\w+)_link}", r"/\1-links/x", places.sub("/n/x", state.address))
        for state in STATES
        if state.sends is None
    ]
    threads = re.compile(
        r"{\w*(thread|solved|talk|notice|many|files|changed|open|split|asked|wanted)\w*}"
    )
    shown = [threads.sub("/n/x/threads/1", address) for address in shown]
    shown = [re.sub(r"{\w*member}", "/n/x/members/1", address) for address in shown]
    for place, address in PLACES.items():
        shown = [re.sub(place, address, one) for one in shown]
    shown = [re.sub(r"{\w+}", "1", address).partition("?")[0] for address in shown]
    unseen = [
        route.path
        for route in routes(demo=True)
        if isinstance(route, Route) and "GET" in (route.methods or ())
        if not any(route.path_regex.match(address) for address in shown)
    ]
    assert [path for path in unseen if path not in {*FILES, *PROBES}] == []


async def test_no_two_pages_of_one_reader_have_the_same_title(
    app: ASGIApp, chosen: Settings, gallery: Gallery
) -> None:
    """A title is what one finds a tab, a bookmark or the way back by."""
    addresses: dict[tuple[str | None, str], set[str]] = {}
    for state in STATES:
        if state.sends is not None or state.status != 200 or state.broken:
            continue
        extra = await state.prepare(gallery, chosen.base_url) if state.prepare else {}
        address = state.address.format_map({**gallery.places, **extra})
        async with client(app, chosen.base_url) as http:
            if state.who:
                token = await sessions.start(gallery.people[state.who], "tests", remember=False)
                http.cookies.set(name_of(chosen, "session"), token)
            answer = await http.get(address)
        # Whatever else is asked for by these, it is the same page
        path = re.sub(r"[?&](kept|quote|kind|before|term|sort|author|select)=[^&]*", "", address)
        if answer.status_code == 200:
            addresses.setdefault((state.who, title_of(answer.text)), set()).add(path)
    assert {key: paths for key, paths in addresses.items() if len(paths) > 1} == {}


BAD = """() => {
    document.querySelector('main').innerHTML = `
        <h1>One</h1><h1>Two</h1><h4>Too deep</h4><p id="pale">Words</p><img src="data:,">
        <form><input name="a"><button>x</button></form>
        <p id="wide">Wider than the window</p><p id="cut">Words without room</p>`
    const style = (id, rules) => Object.assign(document.querySelector(id).style, rules)
    style('#pale', { color: 'light-dark(#bbb, #444)' })
    style('#wide', { width: '3000px' })
    style('#cut', { width: '3em', overflow: 'hidden', whiteSpace: 'nowrap' })
    style('form button', { padding: 0, fontSize: '8px' })
    document.querySelector('form button').focus()
}"""


@pytest.fixture
async def bad_page(page_of: Visitors) -> Page:
    """A page that was made bad on purpose."""
    page = await page_of()
    await page.goto("/help")
    await page.evaluate(BAD)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_sees_what_is_wrong(bad_page: Page, scheme: Literal["light", "dark"]) -> None:
    await bad_page.emulate_media(color_scheme=scheme)
    seen = "\n".join(await axe(bad_page))
    for rule in ("color-contrast", "image-alt", "label", "heading-order"):
        assert f"axe: {rule}: " in seen


async def test_ibm_sees_what_is_wrong(bad_page: Page) -> None:
    seen = "\n".join(await ibm(bad_page))
    for rule in ("text_contrast_sufficient", "img_alt_valid", "input_label_exists"):
        assert f"ibm: {rule}: " in seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_alfa_sees_what_is_wrong(
    bad_page: Page, scheme: Literal["light", "dark"], alfa: Alfa
) -> None:
    await bad_page.emulate_media(color_scheme=scheme)
    seen = "\n".join(await alfa(bad_page))
    # An image and a control without names, contrast of AA and of AAA, a heading's level
    for rule in ("sia-r2", "sia-r8", "sia-r69", "sia-r66", "sia-r53"):
        assert f"alfa: {rule}: " in seen


async def test_vnu_sees_what_is_wrong(vnu: Vnu) -> None:
    html = "<!doctype html><html lang=sv><head><title>x</title></head><body>"
    assert await vnu(f"{html}<h1>Ett</h1><p>Två</p></body></html>") == []
    for bad in ("<img src=x>", "<p><div></p>", "<ul><p>x</p></ul>", "<b id=a></b><i id=a></i>"):
        seen = "\n".join(await vnu(f"{html}{bad}</body></html>"))
        assert "vnu: error: " in seen
    assert await vnu("a { colour: red }", "text/css")


async def test_style_sheet_and_icons_are_valid(vnu: Vnu) -> None:
    (sheet,) = STATIC.glob(build.read_manifest(STATIC)["main.css"])
    assert await vnu(sheet.read_text(), "text/css") == []
    for icon in (STATIC.parent / "icons").glob("*.svg"):
        assert await vnu(icon.read_text(), "image/svg+xml") == []


MEASURED = ("sideways", "cut", "headings", "labels", "targets", "focus")


async def test_measuring_sees_what_is_wrong(bad_page: Page) -> None:
    seen = "\n".join(await measured(bad_page, *MEASURED))
    for sign in (
        "scrolls sideways",
        "beyond the window: <p id=wide>",
        "cut off: <p id=cut>",
        "2 h1",
        "to <h4>",
        "no label: <input>",
        "not 44: <button>",
        "focus was moved: <button>",
    ):
        assert sign in seen
    for html in ('<p style="color: red">', '<a onclick="x()">', "<script>", "<style>"):
        assert in_the_html(html)
    assert not in_the_html('<script type="module" src="/static/main.js"></script>')


READ = ["h1", ".network-head .name", "article.post .by", "article.post .body", ".stamp.solved"]


async def test_paper_shows_the_text_and_not_the_buttons(
    page_of: Visitors, gallery: Gallery
) -> None:
    page = await page_of(gallery.people["bob"])
    await page.goto(gallery.places["solved"])
    await page.emulate_media(media="print")
    assert await measured(page, "sideways", hidden=READ) == []
    unwanted = ["nav a", "button", "textarea", ".skip", ".site-foot", ".acts a", ".aside"]
    assert await measured(page, hidden=unwanted) == [f"not shown: {one}" for one in unwanted]
    await page.goto(f"{gallery.places['network']}/threads")
    assert await measured(page, "sideways", hidden=["h1", ".ledger .title", ".ledger .when"]) == []
    assert await measured(page, hidden=["nav a"]) == ["not shown: nav a"]


@pytest.mark.parametrize("width", WIDTHS)
async def test_forced_colours_keep_the_words_the_edges_and_what_is_chosen(
    page_of: Visitors, gallery: Gallery, width: int
) -> None:
    page = await page_of(gallery.people["bob"], width=width)
    await page.emulate_media(forced_colors="active", color_scheme="dark")
    await page.goto(gallery.places["solved"])
    assert await measured(page, "sideways", "cut", hidden=[*READ, ".acts button", ".new"]) == []
    edged = [".button:not(.bare)", ".stamp.solved", ".new", ".face", "textarea", ".composer"]
    for selector in edged:
        edge = await page.locator(selector).first.evaluate(
            "one => [getComputedStyle(one).borderTopStyle, getComputedStyle(one).borderTopWidth]"
        )
        assert edge[0] in {"solid", "dashed"}, selector
        assert edge[1] != "0px", selector
    chosen = page.locator(".tabs [aria-current]")
    assert await chosen.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
