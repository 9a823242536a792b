"""The trap of the tests of XSS sees what it is there for, and the payloads are many."""

import re
from collections.abc import AsyncIterator
from html import escape

import pytest
from playwright.async_api import Browser, Page, Route

from tests.browser.trap import injected, trapped
from tests.payloads import KINDS, PAYLOADS
from web.safety import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.browser

ELSEWHERE = "https://samverkan.example"
# The parser drops these, or they are markup of a kind that our own pages have too.
INERT = [
    "<frameset onload=trap()><frame src=javascript:parent.trap()></frameset>",
    "<img src=x: onerror=trap() //",
    "<img src=x: onerror=trap()<",
    "<p id=reply name=body class=error-summary data-error-summary autofocus>x</p>",
    '<svg><?xml-stylesheet href="javascript:trap()"?></svg>',
    "<svg><![CDATA[<img src=x: onerror=trap()>]]></svg>",
]
MARKUP = [kind for kind in KINDS if kind not in {"addresses", "Markdown", "templates"}]


def test_there_are_more_than_three_hundred_payloads() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) > 300
    assert len(KINDS) == 10


@pytest.fixture
async def elsewhere(chromium: Browser) -> AsyncIterator[Page]:
    """A page that none of our rules hold for."""
    context = await chromium.new_context()
    yield await context.new_page()
    await context.close()


async def serve(page: Page, html: str, **headers: str) -> None:
    """Have the page show this HTML."""

    async def answer(route: Route) -> None:
        if route.request.url == f"{ELSEWHERE}/":
            await route.fulfill(body=html, content_type="text/html", headers=headers)
        else:
            await route.abort()

    await page.route("**", answer)
    await page.goto(f"{ELSEWHERE}/")


async def test_the_trap_sees_what_is_executed_where_nothing_is_escaped(elsewhere: Page) -> None:
    sprung = await trapped(elsewhere)
    payloads = [payload for kind in MARKUP for payload in KINDS[kind]]
    numbered = [re.sub(r"trap\(\)", f"trap({n})", one) for n, one in enumerate(payloads)]
    frames = "".join(f'<iframe srcdoc="{escape(one)}"></iframe>' for one in numbered)
    await serve(elsewhere, f"<!doctype html>{frames}")
    assert len(set(sprung)) > 100


async def test_the_trap_sees_foreign_markup_that_the_policy_stops(elsewhere: Page) -> None:
    sprung = await trapped(elsewhere)
    complaints: list[str] = []
    elsewhere.on("console", lambda message: complaints.append(message.text))
    html = "<script>trap()</script><img src=x: onerror=trap()><p style='color:red'>x</p>"
    await serve(elsewhere, html, **{"Content-Security-Policy": CONTENT_SECURITY_POLICY})
    assert sprung == []
    for stopped in ("inline script", "inline event handler", "inline style"):
        assert any(stopped in one and "Security Policy" in one for one in complaints), stopped
    assert len(await injected(elsewhere)) >= 3


async def test_the_trap_knows_what_a_page_of_ours_never_has(elsewhere: Page) -> None:
    missed = []
    await serve(elsewhere, "")
    for kind in ("tags", "attributes", "SVG and MathML"):
        for payload in KINDS[kind]:
            await elsewhere.set_content(f"<!doctype html><body><p>{payload}", wait_until="commit")
            if not await injected(elsewhere):
                missed.append(payload)
    assert missed == INERT
