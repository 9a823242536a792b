"""A real server, a real Chromium, and a watch on every page that is opened in it."""

import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
)
from starlette.types import ASGIApp

from forum import sessions, settings
from forum.settings import Settings
from storage.people import Person
from tests.browser import chromium as program
from tests.conftest import lacking
from tests.listening import serving
from web import app as web_app
from web.cookies import name_of
from web.jinja import STATIC

# Not how long a page may take, but how long two busy cores may keep a browser waiting.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests; each visitor has a context of her own in it."""
    lacking("browser", program.lacking())
    if not (STATIC / "manifest.json").exists():
        pytest.fail("web/static is not built: run .venv/bin/python web/build.py")
    async with program.launch() as browser:
        yield browser


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A free port, held from now on: the settings must know it before the server starts."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


@pytest.fixture
def chosen(template: Path, tmp_path: Path, listening: socket.socket) -> Settings:
    """Settings for a demo with this test's own copy of the world, on that port."""
    shutil.copy(template / "samverkan.sqlite", tmp_path / "samverkan.sqlite")
    if (template / "blobs").exists():
        shutil.copytree(template / "blobs", tmp_path / "blobs")
    return settings.from_environment(
        {
            "SAMVERKAN_DATA": str(tmp_path),
            "SAMVERKAN_PORT": str(listening.getsockname()[1]),
            "SAMVERKAN_DEMO": "1",
            "SAMVERKAN_OPERATED_BY": "Kommunal utveckling, Region Jönköpings län",
            "SAMVERKAN_CONTACT_NAME": "Helena Brandt",
            "SAMVERKAN_CONTACT_EMAIL": "helena.brandt@region.example",
            "SAMVERKAN_CONTACT_PHONE": "010-123 45 67",
        }
    )


@pytest.fixture
async def app(chosen: Settings, listening: socket.socket) -> AsyncIterator[ASGIApp]:
    """The application behind uvicorn, in the test's own loop, with its worker inside."""
    application = web_app.application(chosen)
    async with serving(application, listening):
        yield application


@dataclass
class Watch:
    """What a visitor's pages complained of: to the console, of the policy, of lost requests."""

    #: Answers that the test asks for on purpose, such as 422.
    expected: frozenset[int]
    trouble: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of the context, present and future."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.trouble.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # A violation of the policy is an error here too. Answers are watched below, with numbers.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.trouble.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # The browser itself drops what it no longer needs when it leaves a page.
        if request.failure != "net::ERR_ABORTED":
            self.trouble.append(f"{request.failure}: {request.method} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.trouble.append(f"{response.status}: {response.request.method} {response.url}")


@dataclass
class Visitors:
    """Opens browsers for people, and holds them all to a clean record."""

    browser: Browser
    settings: Settings
    opened: list[tuple[BrowserContext, Watch]] = field(default_factory=list)

    async def __call__(
        self,
        person: Person | None = None,
        *,
        script: bool = True,
        width: int = 1280,
        expected: tuple[int, ...] = (),
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
    ) -> Page:
        """Return an empty page in a browser of its own, logged in as ``person``, or as nobody.

        ``expected`` are the error answers that are asked for on purpose.
        """
        context = await self.browser.new_context(
            base_url=self.settings.base_url,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            reduced_motion=reduced_motion,
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(frozenset(expected))
        watch.over(context)
        self.opened.append((context, watch))
        if person is not None:
            await self.log_in(context, person)
        return await context.new_page()

    async def log_in(self, context: BrowserContext, person: Person) -> None:
        """Log her in by the cookie: one form less to wait for."""
        token = await sessions.start(person, "tests", remember=False)
        name = name_of(self.settings, "session")
        await context.add_cookies([{"name": name, "value": token, "url": self.settings.base_url}])

    def watch(self, page: Page) -> Watch:
        """Return the watch that is kept over this page."""
        return next(watch for context, watch in self.opened if context is page.context)

    @property
    def trouble(self) -> list[str]:
        """What any of their pages complained of."""
        return [line for _, watch in self.opened for line in watch.trouble]

    async def close(self) -> None:
        """Close every browser."""
        for context, _ in self.opened:
            await context.close()


@pytest.fixture
async def visitors(chromium: Browser, app: ASGIApp, chosen: Settings) -> AsyncIterator[Visitors]:
    """Browsers into the running server; at the end nothing may have gone wrong in any of them."""
    made = Visitors(chromium, chosen)
    yield made
    trouble = made.trouble
    await made.close()
    assert trouble == []


@pytest.fixture
def page_of(visitors: Visitors) -> Visitors:
    """``await page_of(ann)`` is a browser that Ann is logged in with."""
    return visitors


def local(page: Page) -> str:
    """Return the page's address within the service."""
    return "/" + page.url.split("/", 3)[3]
