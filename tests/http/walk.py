"""Every route, with its parameters from the world of the tests and its form from a browser."""

import base64
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import httpx
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from forum import sessions
from forum.settings import Settings
from storage import clock
from storage.people import Person
from tests import multipart, publishing
from tests.conftest import client
from tests.world import PASSWORD, World
from web import app as web_app
from web import jinja
from web.cookies import name_of
from web.routes import routes

#: What somebody is to the network of the walk, and who that is in the world.
PEOPLE: dict[str, str | None] = {
    "operator": "olga",
    "coordinator": "ann",
    "member": "bob",
    "guest": "gus",
    "ended": "eva",
    "elsewhere": "charlie",
    "nobody": None,
}
STRANGERS = ("operator", "ended", "elsewhere", "nobody")
LATER_PASSWORD = "sju blanka stenar vid en bro"


class Sent(TypedDict, total=False):
    """What to give to httpx."""

    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One route with one of its methods."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def in_a_network(self) -> bool:
        return self.path.startswith("/n/{slug}")


def steps() -> list[Step]:
    """Return every route of the demo, which has the most, with each of its methods."""
    found: list[Step] = []
    for route in routes(demo=True):
        if isinstance(route, Mount):
            found.append(Step("GET", route.path_format))
        elif isinstance(route, Route):
            methods = set(route.methods or ())
            if "GET" in methods:
                methods.remove("HEAD")
            found += [Step(method, route.path_format) for method in sorted(methods)]
        else:
            raise TypeError(f"{route!r}: say how the walk goes through such a route")
    return found


#: Where a form brings a file, and in which field.
FILES = {
    "/n/{slug}/attachments": "files",
    "/n/{slug}/documents/{document_id}/versions": "file",
    "/n/{slug}/folders/{folder_id}/files": "files",
}
#: What a script speaks to, with headers and no form.
BY_PROGRAM = ("/n/{slug}/arrivals", "/n/{slug}/arrivals/{arrival_id}")
GETS = [step for step in steps() if step.method == "GET"]
POSTS = [step for step in steps() if step.method == "POST" and step.path not in BY_PROGRAM]
OTHERS = [step for step in steps() if step.path in BY_PROGRAM]


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the walk needs beside the world: a member who has written nothing, an empty subject
    area, and the links and the kept form of Charlie's."""

    silent: Person
    membership_id: int
    area_id: int
    organisation_id: int
    #: A question that asks every municipality, and something that is wanted, both Ann's; Siri of
    #: Aneby has joined in.
    asked_id: int
    wanted_id: int
    login_token: str
    password_token: str
    kept_token: str
    attachment_id: int
    #: One of Bob's with three versions, and the folder that it lies in.
    document_id: int
    folder_id: int
    #: A file of Bob's that is coming there, and an archive of his that is unpacked there.
    arrival_id: int
    unpacking_id: int
    #: A document of Ann's that has been adopted and published.
    public_document_id: int
    publication_id: int
    #: Another of Bob’s, in the trash.
    trash_id: int


@dataclass(frozen=True, slots=True)
class House:
    """A running application with a database of its own."""

    app: ASGIApp
    settings: Settings
    world: World
    furniture: Furniture

    @asynccontextmanager
    async def visitor(self, who: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which this one of PEOPLE is logged in."""
        name = PEOPLE[who]
        # Compressed, a page is longer or shorter by the address that it was asked for by.
        async with client(self.app, **{"Accept-Encoding": "identity"}) as http:
            if name is not None:
                token = await sessions.start(self.world[name], "the walk", remember=False)
                http.cookies.set(name_of(self.settings, "session"), token, domain="127.0.0.1")
            yield http

    @property
    def values(self) -> dict[str, str]:
        """What the parameters of the paths stand for."""
        return {
            "slug": self.world.network.slug,
            "network": f"/n/{self.world.network.slug}",
            "network_id": str(self.world.network.id),
            "thread_id": str(self.world.thread.id),
            "next_thread_id": str(self.furniture.wanted_id + 1),
            "asked_id": str(self.furniture.asked_id),
            "wanted_id": str(self.furniture.wanted_id),
            "number": "2",
            "reply_id": str(self.world.reply.id),
            "area_id": str(self.furniture.area_id),
            "attachment_id": str(self.furniture.attachment_id),
            "document_id": str(self.furniture.document_id),
            "folder_id": str(self.furniture.folder_id),
            "next_folder_id": str(self.furniture.folder_id + 1),
            "arrival_id": str(self.furniture.arrival_id),
            "unpacking_id": str(self.furniture.unpacking_id),
            "trash_id": str(self.furniture.trash_id),
            "trashed_id": str(self.furniture.document_id + 1),
            "page": "1",
            "name": "hemligheten.txt",
            "publication_id": str(self.furniture.publication_id),
            "publication": publishing.SLUG,
            "membership_id": str(self.furniture.membership_id),
            "path": jinja.static("main.css").removeprefix("/static/"),
        }

    def address(self, step: Step, **instead: str) -> str:
        """Return the step's address in the world, some parameters taken from ``instead``."""
        token = {
            "/login-links/{token}": self.furniture.login_token,
            "/password-links/{token}": self.furniture.password_token,
            "/kept/{token}": self.furniture.kept_token,
        }.get(step.path, "")
        threads = {
            "reminders": self.furniture.asked_id,
            "summary": self.furniture.asked_id,
            "volunteers": self.furniture.wanted_id,
            "pairing": self.furniture.wanted_id,
            "renewal": self.furniture.wanted_id,
        }
        if special := threads.get(step.path.rpartition("/")[2]):
            instead = {"thread_id": str(special), **instead}
        if step.path.endswith("/posts/{number}/filing"):
            # Bob's, which brought a file.
            instead = {"number": "3", **instead}
        if step.path.endswith("/publication"):
            instead = {"document_id": str(self.furniture.public_document_id), **instead}
        return step.path.format(**{**self.values, "token": token, **instead})

    def form(self, step: Step, who: str) -> dict[str, str]:
        """Return what the browser of one of PEOPLE would send from the step's form."""
        name = PEOPLE[who]
        keys = web_app.starlette(self.app).state.form_keys
        key = {"form_key": keys.mint(self.world[name])} if name else {}
        organisation = {"organisation": str(self.furniture.organisation_id)}
        forms: dict[str, dict[str, str]] = {
            "/login": {"username": "charlie.cederlof", "password": PASSWORD},
            "/login-links": {"username": "charlie.cederlof"},
            "/login-links/{token}": {},
            "/password-links/{token}": {"password": LATER_PASSWORD},
            "/preferences": {"language": "en", "back": "/help"},
            "/logout": {},
            "/account/profile": {"name": "Nytt Namn", "title": "", "phone": ""},
            "/account/app-passwords": {"name": "Min dator"},
            "/account/app-passwords/removals": {"password": "1"},
            "/account/password": {"current_password": PASSWORD, "password": LATER_PASSWORD},
            "/account/session-endings": {"session": "1"},
            "/account/logout-everywhere": {},
            "/operator/networks/new": {
                "name": "Nytt nätverk",
                "kind": "project",
                "person": "charlie.cederlof",
                **organisation,
            },
            "/operator/networks/{network_id}/coordinators": {
                "person": "charlie.cederlof",
                **organisation,
            },
            "/n/{slug}/threads": {
                **key,
                "kind": "question",
                "title": "Vem har en mall?",
                "area": str(self.world.area_id),
                "body": "Vi söker en.",
            },
            "/n/{slug}/threads/{thread_id}/replies": {**key, "body": "Vi har en.", "page": "1"},
            "/n/{slug}/threads/{thread_id}/posts/{number}/edit": {
                **key,
                "body": "Så här menade vi.",
                "revision": "1",
            },
            "/n/{slug}/threads/{thread_id}/posts/{number}/hiding": {"hidden": "yes"},
            "/n/{slug}/threads/{thread_id}/posts/{number}/erasure": {
                "part": "text",
                "reason": "Berättade om en person.",
            },
            "/n/{slug}/threads/{thread_id}/posts/{number}/split": {
                "title": "En egen fråga",
                "kind": "question",
            },
            "/n/{slug}/threads/{thread_id}/pin": {"pinned": "yes"},
            "/n/{slug}/threads/{thread_id}/closure": {"closed": "yes"},
            "/n/{slug}/threads/{thread_id}/area": {"area": str(self.furniture.area_id)},
            "/n/{slug}/threads/{thread_id}/solution": {"solved": "yes"},
            "/n/{slug}/replies/{reply_id}/help": {"helpful": "yes"},
            "/n/{slug}/threads/{thread_id}/read-mark": {"number": "2"},
            "/n/{slug}/threads/{thread_id}/reminders": {},
            "/n/{slug}/threads/{thread_id}/summary": {"body": "Alla *gör* lika."},
            "/n/{slug}/threads/{thread_id}/volunteers": {"joining": "yes"},
            "/n/{slug}/threads/{thread_id}/pairing": {"person": str(self.furniture.silent.id)},
            "/n/{slug}/threads/{thread_id}/renewal": {"wanted_month": "2099-01"},
            "/n/{slug}/threads/{thread_id}/follow": {"following": "yes"},
            "/n/{slug}/threads/{thread_id}/posts/{number}/thanks": {"thanks": "yes"},
            "/n/{slug}/read-marks": {},
            "/read-marks": {},
            "/n/{slug}/drafts": {
                **key,
                "place": f"thread-{self.world.thread.id}",
                "draft_saved": "",
                "body": "Vi har en, men",
            },
            "/n/{slug}/drafts/removals": {"discard": f"thread-{self.world.thread.id}"},
            "/n/{slug}/attachments": key,
            "/n/{slug}/attachments/{attachment_id}/removal": {},
            "/n/{slug}/documents/{document_id}/edit": {"name": "Ett nytt namn", **organisation},
            "/n/{slug}/documents/{document_id}/editing": {"editing": "begin"},
            "/n/{slug}/documents/{document_id}/place": {
                "folder": str(self.furniture.folder_id),
                "act": "move",
            },
            "/n/{slug}/documents/{document_id}/thread": {
                **key,
                "kind": "question",
                "title": "Stämmer siffrorna?",
                "area": str(self.world.area_id),
                "body": "Vi undrar.",
            },
            "/n/{slug}/documents/{document_id}/versions/{number}/weeding": {"reason": "Beslut 7"},
            "/n/{slug}/trash/{trash_id}/restoration": {},
            "/n/{slug}/trash/{trash_id}/weeding": {"reason": "Beslut 7"},
            "/n/{slug}/documents/{document_id}/adoption": {"adopt": "3"},
            "/n/{slug}/documents/{document_id}/trash": {},
            "/n/{slug}/documents/{document_id}/versions": {"based_on": "3", "note": "Rättat."},
            "/n/{slug}/documents/{document_id}/versions/{number}/restoration": {},
            "/n/{slug}/documents/{document_id}/versions/{number}/label": {"label": "Som skickad"},
            "/n/{slug}/threads/{thread_id}/posts/{number}/filing": {
                "attachment": str(self.furniture.attachment_id),
                "folder": str(self.furniture.folder_id),
            },
            "/n/{slug}/folders/{folder_id}/folders": {"name": "En mapp i mappen"},
            "/n/{slug}/folders/{folder_id}/edit": {"name": "Ett annat namn"},
            "/n/{slug}/folders/{folder_id}/selection": {
                "document": str(self.furniture.document_id),
                "act": "trash",
            },
            "/n/{slug}/folders/{folder_id}/trash": {},
            "/n/{slug}/folders/{folder_id}/files": key,
            "/n/{slug}/folders/{folder_id}/placements": {},
            "/operator/networks/{network_id}/quota": {"gigabytes": "5"},
            "/n/{slug}/previews": {"body": "Så **här**."},
            "/n/{slug}/members": {
                "person": "charlie.cederlof",
                "function": "guide",
                "role": "member",
                **organisation,
            },
            "/n/{slug}/members/{membership_id}": {
                "function": "deputy",
                "role": "guest",
                "ends_on": clock.today().isoformat(),
                **organisation,
            },
            "/n/{slug}/members/{membership_id}/ending": {},
            "/n/{slug}/areas": {"name": "Ekonomi", "description": "Vad det kostar."},
            "/n/{slug}/areas/{area_id}": {"name": "Annat", "description": "Allt annat."},
            "/n/{slug}/areas/{area_id}/move": {"direction": "up"},
            "/n/{slug}/areas/{area_id}/removal": {},
            "/n/{slug}/documents/{document_id}/publication": {
                "title": publishing.TITLE,
                "summary": publishing.SUMMARY,
                "language": "sv",
                "contact": publishing.CONTACT,
                "owner": str(self.furniture.organisation_id),
            },
            "/n/{slug}/publications/{publication_id}/withdrawal": {"reason": "En nyare finns."},
            "/n/{slug}/settings": {"name": "Ett nytt namn", "description": "", "archived": "yes"},
        }
        if step.path not in forms:
            raise LookupError(f"{step}: say what form a browser sends there")
        return forms[step.path]

    async def take(
        self, http: httpx.AsyncClient, who: str, step: Step, **instead: str
    ) -> httpx.Response:
        """Send the step's request as a browser of this one of PEOPLE does."""
        form = self.form(step, who) if step in POSTS else None
        address = self.address(step, **instead)
        if step in OTHERS:
            return await http.request(step.method, address, **self._by_program(step))
        if form is not None and (field := FILES.get(step.path)):
            sent = multipart.body(form, ("karta.txt", b"En karta."), field=field)
            return await http.post(address, **sent)
        return await http.request(step.method, address, data=form)

    def _by_program(self, step: Step) -> Sent:
        """Return what a script sends: the beginning of a file, or the whole of it."""
        said = f"name {_base64('karta.txt')},folder {_base64(str(self.furniture.folder_id))}"
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Metadata": said}
        if step.method != "PATCH":
            return {"headers": headers}
        headers |= {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        return {"headers": headers, "content": b"map"}

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table."""
        path = Path(self.settings.data) / "samverkan.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
                for (name,) in tables.fetchall()
            }


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def seen(response: httpx.Response, told: str) -> list[str]:
    """Return all that an answer tells, but for the time and what the visitor has ``told`` it."""
    headers = [(name, value) for name, value in response.headers.multi_items() if name != "date"]
    shown = f"{response.status_code}\n{headers}\n{response.text}"
    return shown.replace(told, "¤").replace(told.replace("/", "%2F"), "¤").splitlines()
