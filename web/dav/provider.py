"""A network as WsgiDAV sees it: folders and documents, with the verbs that change them."""

from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, tostring

from wsgidav.dav_error import (
    HTTP_FORBIDDEN,
    HTTP_INSUFFICIENT_STORAGE,
    HTTP_LOCKED,
    DAVError,
    DAVErrorCondition,
    PRECONDITION_CODE_ProtectedProperty,
)
from wsgidav.dav_provider import DAVCollection, DAVNonCollection, DAVProvider
from wsgidav.lock_man.lock_manager import LockManager

from forum import drive_entries, drive_locks, drive_moves, drive_saves, folders
from forum.drive_entries import Entry, Place
from web.dav import paths
from web.dav.locks import LockStore
from web.dav.visits import Visit

Environ = dict[str, Any]

#: In characters, of a property's name and value: what a program notes for itself is less.
LONGEST_NAME = 500
LONGEST_VALUE = 20_000


class Provider(DAVProvider):  # type: ignore[misc]
    """The network of one request: nothing of it is kept for the next."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self.set_share_path("")
        self.set_lock_manager(LockManager(LockStore(visit)))

    def get_resource_inst(self, path: str, environ: Environ) -> "Node | None":
        """Return what lies at a path, or None."""
        path = paths.coded(paths.decoded(path))
        return node(self.visit.place(path), self.visit, environ)

    def ref_url_to_path(self, ref_url: str) -> str:
        """Return the path of what a lock is on: they are the same here."""
        return ref_url


class Node:
    """What folders and documents have in common."""

    visit: Visit
    at: Place

    def get_ref_url(self) -> str:
        """Return by what locks know it: its path by the names as they are."""
        return paths.coded(self.at.names)

    def get_href(self) -> str:
        """Return its address."""
        names = (self.visit.inside.network.slug, *self.at.names)
        return paths.href(names, folder=self.entry.folder)

    @property
    def entry(self) -> Entry:
        """The folder or document itself."""
        assert self.at.entry is not None
        return self.at.entry

    def get_etag(self) -> str | None:
        """Return what stands for a document's bytes."""
        return None if self.entry.folder else self.entry.tag

    def get_last_modified(self) -> float:
        """Return when it was last saved, in seconds since 1970."""
        return self.entry.changed_at.timestamp()

    def support_etag(self) -> bool:
        """Documents have tags."""
        return not self.entry.folder

    def prevent_locking(self) -> bool:
        """Nobody locks a whole network."""
        return not self.at.names

    def set_property_value(
        self, name: str, value: Element | None, *, dry_run: bool = False
    ) -> None:
        """Note what a program wants to remember of it; None takes that away."""
        if name.startswith("{DAV:}"):
            condition = DAVErrorCondition(PRECONDITION_CODE_ProtectedProperty)
            raise DAVError(HTTP_FORBIDDEN, err_condition=condition)
        text = None if value is None else tostring(value, encoding="unicode")
        if len(name) > LONGEST_NAME or len(text or "") > LONGEST_VALUE:
            raise DAVError(HTTP_INSUFFICIENT_STORAGE)
        if not dry_run:
            inside, tokens = self.visit.inside, self.visit.tokens
            self.visit.run(drive_moves.note(inside, self.entry, {name: text}, tokens))

    def handle_delete(self) -> bool:
        """Put it in the trash, unless a lock is in the way."""
        self._require_unlocked()
        self.visit.run(drive_moves.delete(self.visit.inside, self.at))
        return True

    def _require_unlocked(self) -> None:
        """Look at what is locked here and below: WsgiDAV has looked at the folder around it."""
        path, mine = self.at.path, self.visit.inside.person.id
        for lock in self.visit.locks:
            held = lock.person_id == mine and lock.token in self.visit.tokens
            near = drive_locks.covers(lock, path) or drive_locks.is_below(lock.path, path)
            if near and not held:
                raise DAVError(HTTP_LOCKED)

    def handle_move(self, dest_path: str) -> bool:
        """Move it, over what is there if need be."""
        return self._go(dest_path, "MOVE")

    def handle_copy(self, dest_path: str, *, depth_infinity: bool) -> bool:
        """Copy it, over what is there if need be; a folder without its content if not deep."""
        return self._go(dest_path, "COPY", deep=depth_infinity)

    def _go(self, dest_path: str, method: str, *, deep: bool = True) -> bool:
        there = self.visit.place(dest_path.rstrip("/"))
        inside = self.visit.inside

        async def work() -> None:
            to = drive_moves.target(there)
            if method == "MOVE":
                await drive_moves.move(inside, self.at, to)
            else:
                await drive_moves.copy(inside, self.at, to, deep=deep)

        self.visit.run(work())
        self.visit.created = there.entry is None
        return True


class FolderNode(Node, DAVCollection):  # type: ignore[misc]
    """A folder, or the network itself."""

    def __init__(self, at: Place, visit: Visit, environ: Environ) -> None:
        super().__init__(paths.coded(at.names), environ)
        self.at, self.visit = at, visit

    def get_member_names(self) -> list[str]:
        """What lies in it is told by ``web.dav.propfind``."""
        raise DAVError(HTTP_FORBIDDEN)

    def create_collection(self, name: str) -> None:
        """Make a folder in it."""
        [plain] = paths.decoded(name)
        inside = self.visit.inside
        self.visit.run(folders.create_folder(inside, self.entry.id, plain))

    def create_empty_resource(self, name: str) -> "DocumentNode":
        """Return a document that is about to be saved in it, or make one for a lock."""
        [plain] = paths.decoded(name)
        place = Place((*self.at.names, plain), self.entry, None)
        if self.environ["REQUEST_METHOD"] == "PUT":
            return DocumentNode(place, self.visit, self.environ)
        inside = self.visit.inside
        self.visit.run(drive_saves.create_empty(inside, self.entry.id, plain))
        self.visit.places.pop(paths.coded(place.names), None)
        return DocumentNode(self.visit.place(paths.coded(place.names)), self.visit, self.environ)


class DocumentNode(Node, DAVNonCollection):  # type: ignore[misc]
    """A document, also one that is only about to be."""

    def __init__(self, at: Place, visit: Visit, environ: Environ) -> None:
        super().__init__(paths.coded(at.names), environ)
        self.at, self.visit = at, visit

    def get_content_length(self) -> int:
        """Return its size in bytes."""
        return self.entry.size

    def get_content_type(self) -> str:
        """Return its media type."""
        return self.entry.media_type

    def get_content(self) -> None:
        """What is in it is sent by ``web.stored_files``, which holds no thread meanwhile."""
        raise DAVError(HTTP_FORBIDDEN)

    def support_ranges(self) -> bool:
        """Any part of it can be asked for."""
        return True

    def begin_write(self, *, content_type: str | None = None) -> "_Arrived":
        """Take what has arrived before any thread was asked."""
        return _Arrived()

    def end_write(self, *, with_errors: bool) -> None:
        """Save what has arrived."""
        arriving = self.visit.arriving
        assert arriving is not None
        assert self.at.parent is not None
        seen = self.at.entry
        conditional = "HTTP_IF_MATCH" in self.environ and seen is not None
        based_on = seen.number if seen is not None and conditional else None
        inside, folder_id = self.visit.inside, self.at.parent.id

        async def work() -> Place:
            saved = await drive_saves.save(
                inside, folder_id, self.at.name, arriving, self.visit.tokens, based_on
            )
            if self.visit.tokens:
                return await drive_entries.find(inside, self.at.names)
            return replace(self.at, entry=drive_entries.just_saved(saved))

        self.at = self.visit.run(work())


class _Arrived:
    """What WsgiDAV writes a body to that it is not given."""

    def write(self, batch: bytes) -> None:
        """Take nothing."""

    def close(self) -> None:
        """End."""


def node(at: Place, visit: Visit, environ: Environ) -> Node | None:
    """Return what lies at a place as WsgiDAV's resource."""
    if at.entry is None:
        return None
    return (FolderNode if at.entry.folder else DocumentNode)(at, visit, environ)
