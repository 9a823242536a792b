"""Putting the pages together into one application."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from forum import images, markup, settings, worker
from forum.file_reading import reading, stripping
from forum.form_keys import form_keys
from forum.health import Health
from forum.settings import Settings
from realtime.hub import Hub
from realtime.listener import Listener
from realtime.socket import Live
from storage import database
from storage.targets import target
from web import cookies, turns
from web.authentication import Authentication
from web.caches import Cache, Recent
from web.errors import HANDLERS
from web.observed import Observed
from web.origin import SameOrigin
from web.routes import routes
from web.safety import BodyLimit, KnownHost, SafeHeaders
from web.turns import Turns
from web.unchanged import Unchanged

LOADING_AFTER_SECONDS = 1


async def _load() -> None:
    """Load what renders texts, in a thread, when the first pages have been answered."""
    await asyncio.sleep(LOADING_AFTER_SECONDS)
    await asyncio.to_thread(markup.load)


def create() -> ASGIApp:
    """Return the application that the environment describes; what ``serve`` starts."""
    return application(settings.from_environment(os.environ))


def starlette(app: ASGIApp) -> Starlette:
    """Return the Starlette application within what ``application`` has put around it."""
    while not isinstance(app, Starlette):
        app = app.app  # type: ignore[attr-defined]
    return app


def application(chosen: Settings, *, work: bool = True) -> ASGIApp:
    """Return the application, with a worker inside unless ``work`` is false."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with database.opened(chosen.database_url):
            app.state.form_keys = await form_keys()
            listener = Listener(app.state.hub)
            tasks = [worker.run(chosen), _load(), listener.run()] if work else []
            working = [asyncio.create_task(task) for task in tasks]
            yield
            for one in working:
                one.cancel()
                with suppress(asyncio.CancelledError):
                    await one
            await markup.close()
            await images.close()
            await reading.close()
            await stripping.close()

    app = Starlette(
        routes=routes(demo=chosen.demo),
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(BodyLimit, settings=chosen),
            Middleware(Authentication, settings=chosen),
            Middleware(SameOrigin, settings=chosen),
        ],
    )
    # A slash too many is a page that is not there: the redirect would name the inner http address.
    app.router.redirect_slashes = False
    app.state.settings = chosen
    app.state.health = Health(chosen)
    app.state.cache = Cache()
    app.state.asked = Recent()
    app.state.hub = Hub()
    cookie = cookies.name_of(chosen, "session")
    live = Live(app, app.state.hub, cookie=cookie, origins=chosen.origins)
    # Outside Starlette, so that its page for an unforeseen error carries the headers too.
    outer: ASGIApp = Unchanged(SafeHeaders(KnownHost(live, chosen), chosen), app.state.cache)
    outer = Turns(outer, turns.AT_ONCE[target(chosen.database_url).dialect])
    if chosen.trusted_proxies:
        outer = ProxyHeadersMiddleware(outer, trusted_hosts=list(chosen.trusted_proxies))  # type: ignore[arg-type, assignment]
    # Before the proxies' word is taken: who is one of them is told by who has really called.
    return Observed(outer, chosen)
