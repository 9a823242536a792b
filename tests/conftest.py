"""What the tests share: a world in a database of their own, and browsers into it."""

import asyncio
import os
import pickle
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from forum import language, markup, sessions, settings
from forum.settings import Settings
from storage import database
from storage.migrate import migrate
from storage.people import Language, Person
from tests import world as worlds
from tests.buckets import Moto
from tests.world import World
from web import app as web_app
from web.cookies import name_of

ORIGIN = "http://127.0.0.1:8000"


def lacking(what: str, reason: str | None) -> None:
    """Skip a test for what this machine lacks; where it is required, that is a failure."""
    if reason is None:
        return
    if what in os.environ.get("SAMVERKAN_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def long() -> bool:
    """Whether the full counts are to be run."""
    return os.environ.get("SAMVERKAN_TEST_LONG") == "1"


@pytest.fixture(scope="session")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the world in it, made once; each test has a copy."""
    folder = tmp_path_factory.mktemp("template")
    url = f"sqlite:///{folder / 'samverkan.sqlite'}"
    await migrate(url)
    async with database.opened(url):
        world = await worlds.made()
        await database.read("SELECT 1 AS one", {})
    (folder / "world.pickle").write_bytes(pickle.dumps(world))
    await markup.close()
    return folder


@pytest.fixture
def chosen(template: Path, tmp_path: Path) -> Settings:
    """Settings for this test's own copy of the world."""
    for name in ("samverkan.sqlite",):
        shutil.copy(template / name, tmp_path / name)
    return settings.from_environment({"SAMVERKAN_DATA": str(tmp_path)})


@pytest.fixture
async def app(chosen: Settings) -> AsyncIterator[ASGIApp]:
    """The application, without its worker: tests call it themselves."""
    async with running(chosen) as started:
        yield started


@asynccontextmanager
async def running(chosen: Settings) -> AsyncIterator[ASGIApp]:
    """Start an application with its database open, as the server does."""
    started = web_app.application(chosen, work=False)
    async with web_app.starlette(started).router.lifespan_context(web_app.starlette(started)):
        yield started


@pytest.fixture
def world(app: ASGIApp, template: Path) -> World:
    """The people and what they have written."""
    made: World = pickle.loads((template / "world.pickle").read_bytes())  # noqa: S301
    return made


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    """A bucket's server."""
    with Moto(tmp_path_factory.mktemp("moto")) as started:
        yield started


Browser = AbstractAsyncContextManager[httpx.AsyncClient]


@pytest.fixture
def browser(app: ASGIApp, chosen: Settings) -> Callable[..., Browser]:
    """Return ``browser(person)``: a client that is logged in as her, or as nobody."""

    @asynccontextmanager
    async def opened(person: Person | None = None) -> AsyncIterator[httpx.AsyncClient]:
        async with client(app) as http:
            if person is not None:
                token = await sessions.start(person, "tests", remember=False)
                http.cookies.set(name_of(chosen, "session"), token, domain="127.0.0.1")
            yield http

    return opened


def client(app: ASGIApp, origin: str = ORIGIN, **headers: str) -> httpx.AsyncClient:
    """A browser that sends our own Origin with every request."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=origin,
        headers={"Origin": origin, **headers},
        event_hooks={"response": [_without_number]},
    )


async def _without_number(response: httpx.Response) -> None:
    """Each answer has a number of its own; by the rest, answers are compared."""
    del response.headers["X-Request-ID"]


@pytest.fixture(autouse=True)
def swedish() -> None:
    """Every test begins in Swedish."""
    language.use(Language.SWEDISH)


def run(coroutine: object) -> object:
    """Run a coroutine on a loop of its own, for tests that are about processes."""
    return asyncio.run(coroutine)  # type: ignore[arg-type]
