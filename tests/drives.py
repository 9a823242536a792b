"""Programs that have opened a network as a drive, by the requests that they send."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
from starlette.types import ASGIApp

from forum import app_passwords
from storage.people import Person
from tests.conftest import ORIGIN

LOCKINFO = (
    '<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:{}/></D:lockscope>'
    "<D:locktype><D:write/></D:locktype><D:owner><D:href>någon</D:href></D:owner></D:lockinfo>"
)

NONE: Mapping[str, str] = {}


@dataclass(slots=True)
class Drive:
    """A network that somebody has open."""

    http: httpx.AsyncClient
    base: str

    async def ask(
        self,
        method: str,
        path: str = "",
        content: bytes = b"",
        headers: Mapping[str, str] = NONE,
    ) -> httpx.Response:
        """Send a request. In the names of headers, _ stands for a hyphen."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(method, self.url(path), content=content, headers=said)

    def url(self, path: str) -> str:
        return self.base + quote(path)

    async def put(self, path: str, content: bytes, **headers: str) -> int:
        return (await self.ask("PUT", path, content, headers)).status_code

    async def get(self, path: str) -> bytes | None:
        """Return what is in a document; None when there is none."""
        answer = await self.ask("GET", path)
        return answer.content if answer.status_code == 200 else None

    async def delete(self, path: str, **headers: str) -> int:
        return (await self.ask("DELETE", path, headers=headers)).status_code

    async def mkcol(self, path: str) -> int:
        return (await self.ask("MKCOL", path)).status_code

    async def move(self, path: str, to: str, *, over: bool = False, **headers: str) -> int:
        there = {"Destination": f"{ORIGIN}{self.url(to)}", "Overwrite": "T" if over else "F"}
        return (await self.ask("MOVE", path, headers={**there, **headers})).status_code

    async def copy(self, path: str, to: str, *, over: bool = False, depth: str = "") -> int:
        there = {"Destination": self.url(to), "Overwrite": "T" if over else "F"}
        deep = {"Depth": depth} if depth else {}
        return (await self.ask("COPY", path, headers={**there, **deep})).status_code

    async def lock(self, path: str, scope: str = "exclusive", **headers: str) -> str:
        """Lock something, and return the token as If headers say it; empty when refused."""
        answer = await self.ask("LOCK", path, LOCKINFO.format(scope).encode(), headers)
        return answer.headers.get("lock-token", "") if answer.status_code in {200, 201} else ""

    async def unlock(self, path: str, token: str) -> int:
        return (await self.ask("UNLOCK", path, headers={"Lock-Token": token})).status_code

    async def names(self, path: str = "") -> list[str]:
        """Return what lies in a folder, by its displayed names."""
        answer = await self.ask("PROPFIND", path, headers={"Depth": "1"})
        assert answer.status_code == 207, answer
        found = ElementTree.fromstring(answer.content)  # noqa: S314 (our own)
        return sorted(one.text or "" for one in list(found.iter("{DAV:}displayname"))[1:])

    async def tag(self, path: str) -> str:
        """Return a document's tag as PROPFIND says it."""
        answer = await self.ask("PROPFIND", path, headers={"Depth": "0"})
        [tag] = re.findall("<D:getetag>(.*?)</D:getetag>", answer.text)
        return str(tag)


@asynccontextmanager
async def mounted(app: ASGIApp, person: Person, slug: str) -> AsyncIterator[Drive]:
    """Open a network as a drive, with an app password of hers."""
    password = await app_passwords.add(person, "tests")
    async with client(app, (person.username, password)) as http:
        yield Drive(http, f"/dav/{slug}/")


def client(app: ASGIApp, auth: tuple[str, str] | None = None) -> httpx.AsyncClient:
    """A program: no cookie, no Origin."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=ORIGIN,
        auth=auth,
    )
