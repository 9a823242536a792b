"""The locks of a network, as WsgiDAV's lock manager asks for them."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import tostring

from defusedxml import ElementTree
from wsgidav.lock_man.lock_manager import generate_lock_token

from forum import drive_locks
from forum.drive_locks import Wanted
from storage import clock
from storage.mounts import DavLock
from web.dav import paths
from web.dav.visits import Visit

Lock = dict[str, Any]


class LockStore:
    """Those that there were when the request came, and what it changes of them."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def open(self) -> None:
        """There is nothing to open."""

    def close(self) -> None:
        """Nor to close."""

    def get(self, token: str) -> Lock | None:
        """Return a lock by its token."""
        return next((_said(one) for one in self.visit.locks if one.token == token), None)

    def get_lock_list(
        self, path: str, *, include_root: bool, include_children: bool, token_only: bool
    ) -> list[Lock]:
        """Return the locks on a path, or below it."""
        there = "/".join(paths.decoded(path))
        return [
            _said(one)
            for one in self.visit.locks
            if (include_root and one.path == there)
            or (include_children and drive_locks.is_below(one.path, there))
        ]

    def create(self, path: str, lock: Lock) -> None:
        """Keep a lock, unless another has come meanwhile."""
        place = self.visit.place(paths.coded(paths.decoded(path)))
        entry = place.entry
        new = Wanted(
            token=generate_lock_token(),
            path=place.path,
            owner=_bare(lock["owner"]),
            exclusive=lock["scope"] == "exclusive",
            deep=lock["depth"] == "infinity",
            document_id=entry.id if entry and not entry.folder else None,
        )
        asked = _asked(lock["timeout"])
        kept = self.visit.run(drive_locks.take(self.visit.inside, new, asked))
        self.visit.locks.append(kept)
        lock |= _said(kept)

    def refresh(self, token: str, *, timeout: float) -> Lock:
        """Have a lock last longer."""
        kept = self.visit.run(drive_locks.refresh(self.visit.inside, token, _asked(timeout)))
        self.visit.locks = [kept if one.token == token else one for one in self.visit.locks]
        return _said(kept)

    def delete(self, token: str) -> None:
        """End a lock."""
        self.visit.run(drive_locks.end(self.visit.inside, token))


def _bare(owner: bytes) -> str:
    """Return what a program says of the owner, to stand within other XML."""
    return tostring(ElementTree.fromstring(owner), encoding="unicode") if owner else ""


def _asked(seconds: float) -> timedelta:
    """Return what a client asks for; it may ask for ever."""
    longest = drive_locks.LONGEST
    return longest if seconds < 0 else timedelta(seconds=min(seconds, longest.total_seconds()))


def _said(lock: DavLock) -> Lock:
    """Return a lock in WsgiDAV's words."""
    return {
        "root": paths.coded(lock.path.split("/")),
        "type": "write",
        "scope": "exclusive" if lock.exclusive else "shared",
        "depth": "infinity" if lock.deep else "0",
        "owner": lock.owner.encode(),
        "timeout": max(1, (lock.expires_at - clock.now()).total_seconds()),
        "expire": lock.expires_at.timestamp(),
        "principal": str(lock.person_id),
        "token": lock.token,
    }
