"""One request to a drive: who asks, what lies there, and how a thread asks the loop for more."""

import asyncio
import errno
import logging
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wsgidav import dav_error
from wsgidav.dav_error import DAVError, DAVErrorCondition

from forum import drive_entries
from forum.arrivals import NoRoom
from forum.drive_entries import Place
from forum.drive_locks import Locked
from forum.refusals import Invalid
from forum.versions import Stale, Weeded
from storage import door
from storage.blobs import Arriving
from storage.door import Inside
from storage.mounts import DavLock
from web.dav import paths

log = logging.getLogger("web.dav")

T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """What a thread that answers a request knows of it."""

    inside: Inside
    loop: asyncio.AbstractEventLoop
    #: What lies at the addresses that the request names, and in which folders, by WsgiDAV's paths.
    places: dict[str, Place]
    locks: list[DavLock]
    #: Addresses in its If header, and the paths that they stand for.
    addresses: dict[str, str] = field(default_factory=dict)
    #: The locks that the program says it has.
    tokens: list[str] = field(default_factory=list)
    arriving: Arriving | None = None
    #: Whether something is there now that was not there before.
    created: bool = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """In a thread: have the loop do something, as a task of its own. Raises DAVError.

        A task that lives longer than one operation would never recover from a restart of
        PostgreSQL.
        """
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        except Exception as error:
            raise said(error) from error

    def place(self, path: str) -> Place:
        """In a thread: return what lies at a path of WsgiDAV's."""
        if path not in self.places:
            names = paths.decoded(path)
            self.places[path] = self.run(drive_entries.find(self.inside, names))
        return self.places[path]


def said(error: Exception) -> DAVError:
    """Return how a client is told of what is in the way."""
    match error:
        case DAVError():
            return error
        case door.NotFound() | Weeded():
            return DAVError(404)
        case door.Forbidden():
            return DAVError(403)
        case Locked():
            condition = DAVErrorCondition(dav_error.PRECONDITION_CODE_LockConflict)
            condition.add_href(paths.coded(error.path.split("/")))
            return DAVError(423, err_condition=condition)
        case Stale():
            return DAVError(412)
        case Invalid() if "files" in error.errors:
            return DAVError(507, " ".join(error.errors.values()))
        case Invalid():
            return DAVError(403, " ".join(error.errors.values()))
        case NoRoom():
            return DAVError(507)
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return DAVError(507)
        case _:
            log.error("a drive met %s", type(error).__name__, exc_info=error)
            return DAVError(503 if isinstance(error, OSError) else 500)
