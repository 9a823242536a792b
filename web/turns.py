"""Pages that ask for themselves anew take turns: nobody who sits there waits for all of them."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage import quiet
from storage.targets import Dialect
from web.authentication import by_itself

#: So many are made at a time. On SQLite a page is made in one go, and each of the dozen steps of a
#: reply waits for what is being made; PostgreSQL is asked for several at once.
AT_ONCE: dict[Dialect, int] = {"sqlite": 1, "postgres": 4}

#: What somebody is writing is done first, which takes less than this.
PATIENCE_SECONDS = 0.02


class Turns:
    """Has them wait in the order in which they came; a thousand come when something is told.

    Outside all that looks at the database, so that what has waited is no older than if it had just
    been asked for. A turn ends when the answer begins: how long somebody takes to receive it is
    nobody else's business.
    """

    def __init__(self, app: ASGIApp, at_once: int) -> None:
        self.app = app
        self._turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or when it is its turn."""
        # What brings a form is not waited for: it may never end.
        if scope["type"] != "http" or scope["method"] != "GET" or not by_itself(scope):
            await self.app(scope, receive, send)
            return
        await self._turns.acquire()
        mine = True

        def end() -> None:
            nonlocal mine
            if mine:
                mine = False
                self._turns.release()

        async def begun(message: Message) -> None:
            end()
            await send(message)

        try:
            await quiet.wait(PATIENCE_SECONDS)
            await self.app(scope, receive, begun)
        finally:
            end()
