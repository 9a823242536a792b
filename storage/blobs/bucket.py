"""Blobs as objects in a bucket (S3): ``ab/cdef…`` below a prefix, altered ones in ``damaged/``.

Objects are given to nobody but this server: by whose leave somebody reads a file, the door decides.

The library's own futures now and then abort a process that ends, after all has been done
(pyo3-async-runtimes, issue 40): a command would fail that has not. So it is called in threads, of
its own: those of asyncio are everybody's, and an upload takes long.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from storage.blobs.shelves import DIGEST, Lost, Shelved, Unreachable

if TYPE_CHECKING:
    # Not there when it runs.
    from obstore import ObjectMeta
    from obstore.store import S3Config

#: What is larger is sent in parts of this size, so many at a time: both are held in memory.
_PART: Final = 8 * 1024 * 1024
_AT_ONCE: Final = 3
#: A part, or a megabyte that somebody waits for.
_REQUEST: Final = timedelta(seconds=60)
_SILENCE: Final = timedelta(seconds=15)
_ASKING: Final = ThreadPoolExecutor(16, "bucket")
_SENDING: Final = ThreadPoolExecutor(4, "bucket-sending")
_DAMAGED: Final = "damaged/"
_PROBE: Final = "probe"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is, and by which key it is opened. What is empty, AWS's variables tell."""

    #: ``s3://bucket/prefix``.
    url: str
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)


class Bucket:
    """A shelf in S3, or in what speaks as it does."""

    def __init__(self, place: Place) -> None:
        parts = urlsplit(place.url)
        self._name = place.url
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config=_told(place),
            client_options={
                "allow_http": True,
                "timeout": _REQUEST,
                "read_timeout": _SILENCE,
                "connect_timeout": _SILENCE / 3,
            },
            # Somebody waits. What is down for longer is told of.
            retry_config={"max_retries": 3, "retry_timeout": _REQUEST},
        )

    def path(self, digest: str) -> None:
        """Return none: the bytes lie elsewhere."""

    async def bring(self, path: Path, digest: str) -> None:
        """Upload a file, also when its digest is known: this one is whole."""
        try:
            await self._asked(partial(self._put, _key(digest), path), _SENDING)
        except FileNotFoundError:
            raise self._not_there() from None

    def _put(self, key: str, path: Path) -> None:
        obstore.put(self._store, key, path, chunk_size=_PART, max_concurrency=_AT_ONCE)

    async def place(self, path: Path, digest: str, size: int) -> None:
        """Look whether it is there; a sweep may have taken it since it was brought."""
        found = await self.find(digest)
        if found is None or found.size != size:
            await self.bring(path, digest)

    async def find(self, digest: str) -> Shelved | None:
        """Return what lies there."""
        try:
            return _shelved(
                await self._asked(partial(obstore.head, self._store, _key(digest))), digest
            )
        except FileNotFoundError:
            return None

    async def read(self, digest: str, start: int, length: int) -> bytes:
        """Return these bytes by a request of their own: no connection waits for who reads them."""
        try:
            return await self._asked(partial(self._read, _key(digest), start, length))
        except FileNotFoundError:
            raise Lost(digest, "missing") from None

    def _read(self, key: str, start: int, length: int) -> bytes:
        return bytes(obstore.get_range(self._store, key, start=start, length=length))

    async def remove(self, found: Shelved) -> None:
        """Delete the object."""
        await self._delete(_DAMAGED + found.digest if found.damaged else _key(found.digest))

    async def set_aside(self, found: Shelved) -> None:
        """Copy the object to where nothing is served from, and delete it where it was."""
        aside = _DAMAGED + found.digest
        await self._asked(partial(obstore.copy, self._store, _key(found.digest), aside))
        await self._delete(_key(found.digest))

    async def _delete(self, key: str) -> None:
        with suppress(FileNotFoundError):
            await self._asked(partial(obstore.delete, self._store, key))

    async def everything(self) -> AsyncIterator[list[Shelved]]:
        """Yield all objects, a thousand at a time."""
        lots = obstore.list(self._store, chunk_size=1000)
        while some := await self._asked(partial(next, lots, [])):
            yield [one for told in some if (one := _named(told))]

    async def try_out(self) -> None:
        """Raise OSError unless an object can be put there, read and deleted."""
        try:
            await self._asked(partial(obstore.put, self._store, _PROBE, b"samverkan"))
            await self._asked(partial(obstore.delete, self._store, _PROBE))
        except FileNotFoundError:
            raise self._not_there() from None

    async def _asked(self, verb: Callable[[], T], by: ThreadPoolExecutor = _ASKING) -> T:
        """Ask in a thread. Raises Unreachable for what the library may raise, without its words.

        They hold what the other side has said, and that may be a key.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(by, verb)
        except (PermissionDeniedError, UnauthenticatedError):
            raise Unreachable(f"{self._name} does not let us in") from None
        except BaseError as error:
            raise Unreachable(f"{self._name} cannot be used ({type(error).__name__})") from None

    def _not_there(self) -> Unreachable:
        return Unreachable(f"{self._name} is not there")


def _told(place: Place) -> "S3Config":
    told: S3Config = {}
    if place.endpoint:
        told["endpoint"] = place.endpoint
    if place.region:
        told["region"] = place.region
    if place.key_id:
        told["access_key_id"] = place.key_id
        told["secret_access_key"] = place.secret
    return told


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def _named(told: "ObjectMeta") -> Shelved | None:
    name = told["path"]
    damaged = name.startswith(_DAMAGED)
    digest = name.removeprefix(_DAMAGED) if damaged else name.replace("/", "")
    ours = DIGEST.fullmatch(digest) and (damaged or name == _key(digest))
    return _shelved(told, digest, damaged=damaged) if ours else None


def _shelved(told: "ObjectMeta", digest: str, *, damaged: bool = False) -> Shelved:
    return Shelved(digest, told["size"], told["last_modified"], told["e_tag"] or "", damaged)
