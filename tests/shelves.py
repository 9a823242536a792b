"""What lies on a shelf, looked at and spoilt behind the store's back."""

from pathlib import Path
from typing import Protocol

import obstore
from obstore.store import S3Store

from storage.blobs.bucket import Place


class Spoilt(Protocol):
    """What a disk or somebody else may do to bytes."""

    def names(self) -> list[str]:
        """Return the names of all that lies there."""

    def content(self, name: str) -> bytes:
        """Return what lies there."""

    def put(self, name: str, content: bytes) -> None:
        """Put other bytes there."""

    def take(self, name: str) -> None:
        """Take them away."""


class OnDisk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        """Look into it."""
        self._folder = folder

    def names(self) -> list[str]:
        return sorted(str(one.relative_to(self._folder)) for one in self._folder.glob("*/*"))

    def content(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def put(self, name: str, content: bytes) -> None:
        (self._folder / name).parent.mkdir(exist_ok=True)
        (self._folder / name).write_bytes(content)

    def take(self, name: str) -> None:
        (self._folder / name).unlink()


class InBucket:
    """A bucket, with the folder in which files for it arrive."""

    def __init__(self, place: Place, folder: Path) -> None:
        """Look into both."""
        bucket, _, prefix = place.url.removeprefix("s3://").partition("/")
        self._store = S3Store(
            bucket,
            prefix=prefix,
            config={
                "endpoint": place.endpoint,
                "access_key_id": "key",
                "secret_access_key": "secret",
            },
            client_options={"allow_http": True},
        )
        self._here = OnDisk(folder)

    def names(self) -> list[str]:
        there = [one["path"] for some in obstore.list(self._store) for one in some]
        return sorted([*there, *self._here.names()])

    def content(self, name: str) -> bytes:
        return bytes(obstore.get(self._store, name).bytes())

    def put(self, name: str, content: bytes) -> None:
        obstore.put(self._store, name, content)

    def take(self, name: str) -> None:
        obstore.delete(self._store, name)
