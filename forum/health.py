"""Whether this process should be asked for pages: what a load balancer goes by."""

import asyncio
import logging
import tempfile
import time
from pathlib import Path

from forum.settings import Settings
from storage import migrate

log = logging.getLogger("forum.health")

#: Anyone may ask, and a look costs a statement and a file: who asks sooner is told the same again.
ONCE_IN_SECONDS = 1.0
#: Who does not answer within this is as good as gone. Load balancers wait two to five seconds.
PATIENCE_SECONDS = 1.5

_stopping = False


def stop() -> None:
    """Say from now on that this process is about to end."""
    global _stopping
    _stopping = True


class Health:
    """Looks at what every page needs; one look at a time, however many ask."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looking: asyncio.Task[None] | None = None
        self._at = ""
        self._trouble = ""
        self._looked = -ONCE_IN_SECONDS

    async def trouble(self) -> str:
        """Return one word for what is amiss: stopping, database, migrations, folder; or none."""
        if _stopping:
            return "stopping"
        if self._looking is None or self._looking.done():
            if time.monotonic() - self._looked < ONCE_IN_SECONDS:
                return self._trouble
            self._looking = asyncio.create_task(self._look())
        # Not cancelled: a thread that waits for a disk cannot be, and another would wait beside it.
        _done, late = await asyncio.wait({self._looking}, timeout=PATIENCE_SECONDS)
        return self._at if late else self._trouble

    async def _look(self) -> None:
        try:
            self._at = "database"
            complete = await migrate.complete()
            self._at = "migrations" if not complete else "folder"
            if complete:
                await asyncio.to_thread(_write, self._settings.data)
                self._at = ""
        except Exception as error:
            log.warning("not ready: %s (%s)", self._at, type(error).__name__)
        self._trouble = self._at
        self._looked = time.monotonic()


def _write(folder: Path) -> None:
    """Raise OSError unless the folder takes a file; it has no name, and is gone when closed."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(b"samverkan")
