"""Clients that send files into a folder while their server dies again and again."""

import asyncio
import base64
import hashlib
import random
import string
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from random import Random

import httpx

from tests import multipart

TUS = {"Tus-Resumable": "1.0.0"}
OFFSET = "application/offset+octet-stream"
#: In bytes: a note, pages, photographs, scans, a film.
SIZES = (300, 20_000, 20_000, 700_000, 3_000_000, 3_000_000, 8_000_000, 20_000_000)
PIECE = 1 << 16
PAUSE_SECONDS = 0.3


def content(number: int) -> bytes:
    """Return the bytes of a file."""
    made = Random(number)
    return made.randbytes(made.choice(SIZES))


def name(number: int) -> str:
    """Return the name of a file, which is like no other's."""
    letters = Random(f"name {number}").choices(string.ascii_lowercase, k=12)
    return f"{''.join(letters)}.bin"


@dataclass
class Sending:
    """What all clients have sent."""

    slug: str
    folder_id: int
    #: By name: the SHA-256 of what somebody was told is here.
    acknowledged: dict[str, str] = field(default_factory=dict)
    #: How often a server was gone while it was asked something.
    interrupted: int = 0
    #: How often a file was gone on with, after so many bytes.
    resumed: list[int] = field(default_factory=list)
    #: No more files are begun.
    enough: bool = False
    _last: int = 0

    def next(self) -> int:
        """Return the next file's number."""
        self._last += 1
        return self._last

    def acknowledge(self, number: int) -> None:
        """Remember that this one must be there for ever."""
        self.acknowledged[name(number)] = hashlib.sha256(content(number)).hexdigest()

    async def by_pieces(self, http: httpx.AsyncClient) -> None:
        """Send files as tus-js-client does, and place each, until there are enough."""
        while not self.enough:
            number = self.next()
            await self._whole(http, number)
            self.acknowledge(number)
            await self._placed(http)

    async def _whole(self, http: httpx.AsyncClient, number: int) -> None:
        address = None
        while True:
            try:
                if address is None:
                    address = await self._begun(http, number)
                if await self._went_on(http, address, number):
                    return
            except httpx.TransportError as error:
                await self._lost(error)
            except Lost:
                # As a browser does that is told that there is no such upload any more.
                address = None

    async def _begun(self, http: httpx.AsyncClient, number: int) -> str:
        described = {"name": name(number), "folder": str(self.folder_id)}
        pairs = (
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items()
        )
        headers = {"Upload-Length": str(len(content(number))), "Upload-Metadata": ",".join(pairs)}
        answer = await http.post(f"/n/{self.slug}/arrivals", headers=TUS | headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def _went_on(self, http: httpx.AsyncClient, address: str, number: int) -> bool:
        """Send the rest of a file; say whether somebody has told that all of it is here."""
        told = await http.head(address, headers=TUS)
        if told.status_code == 404:
            raise Lost
        assert told.status_code == 200, told.status_code
        whole, offset = content(number), int(told.headers["upload-offset"])
        if offset == len(whole):
            return True
        if offset:
            self.resumed.append(offset)
        headers = TUS | {"Content-Type": OFFSET, "Upload-Offset": str(offset)}
        answer = await http.patch(address, headers=headers, content=_pieces(whole[offset:]))
        assert answer.status_code == 204, (answer.status_code, answer.text)
        return int(answer.headers["upload-offset"]) == len(whole)

    async def _placed(self, http: httpx.AsyncClient) -> None:
        """Say that what has come is to be documents; again, where nobody answered."""
        while True:
            try:
                answer = await http.post(self._files, **multipart.body({}))
            except httpx.TransportError as error:
                await self._lost(error)
                continue
            # Nothing waits when the same was asked before, or by her other tab.
            assert answer.status_code in {303, 422}, (answer.status_code, answer.text)
            return

    async def by_form(self, http: httpx.AsyncClient) -> None:
        """Send files two at a time with the form, until there are enough."""
        while not self.enough:
            numbers = [self.next(), self.next()]
            files = [(name(number), content(number)) for number in numbers]
            try:
                answer = await http.post(self._files, **multipart.body({}, *files))
            except httpx.TransportError as error:
                await self._lost(error)
                continue
            assert answer.status_code == 303, (answer.status_code, answer.text)
            for number in numbers:
                self.acknowledge(number)

    @property
    def _files(self) -> str:
        return f"/n/{self.slug}/folders/{self.folder_id}/files"

    async def _lost(self, error: httpx.TransportError) -> None:
        self.interrupted += not isinstance(error, httpx.ConnectError)
        await asyncio.sleep(PAUSE_SECONDS * random.random())


class Lost(Exception):
    """The server does not know of the upload."""


async def _pieces(rest: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(rest), PIECE):
        yield rest[start : start + PIECE]
        # A network takes its time.
        await asyncio.sleep(0.001)
