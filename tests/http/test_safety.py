"""What every request and answer is held to: origin, headers, host, size, and never a 500."""

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlencode

import httpx
import pytest
from starlette.routing import Route
from starlette.types import ASGIApp, Message
from tortoise.connection import get_connection

from forum import kept_forms, login_links, sessions, throttle
from forum.language import gettext as _
from forum.settings import Settings
from storage import clock
from storage.database import dialect
from storage.people import Person
from storage.sessions import FailedLogin
from tests.conftest import ORIGIN, Browser, client, running
from tests.http.walk import BY_PROGRAM
from tests.world import World
from web.files import FOREVER
from web.forms import MAX_FIELDS
from web.jinja import STATIC
from web.routes import routes
from web.safety import CONTENT_SECURITY_POLICY
from web.stored_files import SANDBOX

Opened = Callable[..., Browser]
MEGABYTE = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


# --- The routes and what their forms hold


@dataclass(frozen=True, slots=True)
class Posting:
    """A POST route, as somebody could use it, and the fields it reads."""

    route: str
    fields: tuple[str, ...]
    where: dict[str, object]

    @property
    def path(self) -> str:
        path = self.route
        for name, value in self.where.items():
            path = re.sub(rf"\{{{name}(:int)?\}}", quote(str(value), safe=""), path)
        assert "{" not in path, path
        return path


FIELDS: dict[str, tuple[str, ...]] = {
    "/login": ("username", "password", "remember", "next", "kept"),
    "/login-links": ("username",),
    "/login-links/{token}": ("remember",),
    "/password-links/{token}": ("password",),
    "/preferences": ("language", "view", "theme", "back"),
    "/logout": (),
    "/account/profile": (
        "name", "title", "phone", "language", "view", "theme", "presence", "without_picture",
        "picture",
    ),
    "/account/password": ("current_password", "password"),
    "/account/app-passwords": ("name",),
    "/account/app-passwords/removals": ("password",),
    "/account/session-endings": ("session",),
    "/account/logout-everywhere": (),
    "/operator/networks/new": (
        "name", "slug", "kind", "description", "parent", "person", "organisation",
    ),
    "/operator/networks/{network_id:int}/coordinators": ("person", "organisation"),
    "/operator/networks/{network_id:int}/quota": ("gigabytes",),
    "/n/{slug}/threads": (
        "form_key", "kind", "title", "area", "body", "ends_on", "asks_all", "answer_by",
        "wanted_in", "wanted_month", "last_day", "preview", "kept", "attachment", "alt-1",
        "plain-1", "upload", "remove",
        "short", "next", "titled", "place",
    ),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/edit": (
        "form_key", "title", "body", "revision", "preview", "kept",
    ),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/hiding": ("hidden",),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/erasure": ("part", "title", "reason"),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/split": ("title", "kind"),
    "/n/{slug}/threads/{thread_id:int}/pin": ("pinned",),
    "/n/{slug}/threads/{thread_id:int}/closure": ("closed",),
    "/n/{slug}/threads/{thread_id:int}/area": ("area",),
    "/n/{slug}/threads/{thread_id:int}/replies": (
        "form_key", "body", "page", "preview", "kept", "attachment", "alt-1", "plain-1", "upload",
        "remove",
    ),
    "/n/{slug}/attachments": ("form_key", "files"),
    "/n/{slug}/attachments/{attachment_id:int}/removal": (),
    "/n/{slug}/threads/{thread_id:int}/solution": ("solved",),
    "/n/{slug}/replies/{reply_id:int}/help": ("helpful",),
    "/n/{slug}/threads/{thread_id:int}/read-mark": ("number",),
    "/n/{slug}/threads/{thread_id:int}/reminders": (),
    "/n/{slug}/threads/{thread_id:int}/summary": ("form_key", "body", "based_on", "preview"),
    "/n/{slug}/threads/{thread_id:int}/volunteers": ("joining",),
    "/n/{slug}/threads/{thread_id:int}/pairing": ("person",),
    "/n/{slug}/threads/{thread_id:int}/renewal": ("wanted_month", "last_day"),
    "/n/{slug}/threads/{thread_id:int}/follow": ("following", "page"),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/thanks": ("thanks",),
    "/n/{slug}/read-marks": (),
    "/read-marks": (),
    "/n/{slug}/drafts": (
        "form_key", "place", "draft_saved", "draft_writer", "title", "body", "ends_on",
    ),
    "/n/{slug}/drafts/removals": ("discard", "place"),
    "/n/{slug}/threads/{thread_id:int}/posts/{number:int}/filing": ("attachment", "folder"),
    "/n/{slug}/folders/{folder_id:int}/folders": ("name",),
    "/n/{slug}/folders/{folder_id:int}/edit": ("name", "folder"),
    "/n/{slug}/folders/{folder_id:int}/selection": ("document", "act", "folder"),
    "/n/{slug}/folders/{folder_id:int}/trash": (),
    "/n/{slug}/folders/{folder_id:int}/files": ("kind", "term"),
    "/n/{slug}/folders/{folder_id:int}/placements": ("arrival", "kind", "term"),
    "/n/{slug}/documents/{document_id:int}/edit": (
        "name", "kind", "term", "held_on", "description", "keywords", "organisation",
        "record_number",
    ),
    "/n/{slug}/documents/{document_id:int}/place": ("folder", "act", "name"),
    "/n/{slug}/documents/{document_id:int}/thread": (
        "form_key", "kind", "title", "area", "body", "address",
    ),
    "/n/{slug}/documents/{document_id:int}/versions/{number:int}/weeding": ("reason",),
    "/n/{slug}/trash/{trash_id:int}/restoration": (),
    "/n/{slug}/trash/{trash_id:int}/weeding": ("reason",),
    "/n/{slug}/documents/{document_id:int}/editing": ("editing",),
    "/n/{slug}/documents/{document_id:int}/adoption": ("adopt", "retract"),
    "/n/{slug}/documents/{document_id:int}/versions": (
        "file", "arrival", "beside", "based_on", "note",
    ),
    "/n/{slug}/documents/{document_id:int}/versions/{number:int}/restoration": (),
    "/n/{slug}/documents/{document_id:int}/versions/{number:int}/label": ("label",),
    "/n/{slug}/documents/{document_id:int}/trash": (),
    "/n/{slug}/previews": ("body",),
    "/n/{slug}/members": ("person", "organisation", "function", "role", "ends_on"),
    "/n/{slug}/members/{membership_id:int}": ("organisation", "function", "role", "ends_on"),
    "/n/{slug}/members/{membership_id:int}/ending": (),
    "/n/{slug}/areas": ("name", "description"),
    "/n/{slug}/areas/{area_id:int}": ("name", "description"),
    "/n/{slug}/areas/{area_id:int}/move": ("direction",),
    "/n/{slug}/areas/{area_id:int}/removal": (),
    "/n/{slug}/documents/{document_id:int}/publication": (
        "title", "summary", "slug", "language", "owner", "contact", "accessible", "copy",
        "based_on", "left", "publish", "change",
    ),
    "/n/{slug}/publications/{publication_id:int}/withdrawal": ("reason",),
    "/n/{slug}/settings": ("name", "description", "archived"),
}  # fmt: skip

# What a form holds when nothing is wrong with it, so that a nasty field is reached at all.
USUAL = {
    "kind": "question", "title": "Rubrik", "body": "Text", "person": "eva.ek", "role": "member",
    "function": "other", "name": "Namn", "description": "Om", "solved": "yes", "helpful": "yes",
    "username": "no.body", "password": "fel", "direction": "up", "number": "1", "page": "1",
    "area": "1", "organisation": "1", "session": "0", "place": "new", "discard": "new",
    "revision": "1", "part": "text", "reason": "Ett namn",
    "asks_all": "yes", "answer_by": "2099-01-01", "wanted_month": "2099-01",
    "thanks": "yes", "following": "yes",
}  # fmt: skip


def postings(world: World, token: str = "0" * 43) -> list[Posting]:
    where = {
        "slug": world.network.slug,
        "thread_id": world.thread.id,
        "reply_id": world.reply.id,
        "number": 2,
        "area_id": world.area_id,
        "membership_id": 4,
        "network_id": world.elsewhere.id,
        "token": token,
        "attachment_id": 1,
        "document_id": 1,
        "folder_id": 1,
        "unpacking_id": 1,
        "trash_id": 1,
        "page": 1,
        "name": "karta.png",
        "publication_id": 1,
        "publication": "sa-moter-vi-barn",
    }
    return [Posting(route, fields, where) for route, fields in FIELDS.items()]


def test_every_route_that_takes_a_form_is_tried_here() -> None:
    posts = {
        route.path
        for route in routes(demo=True)
        # What a script speaks to takes no form.
        if isinstance(route, Route) and "POST" in (route.methods or ())
        if route.path_format not in BY_PROGRAM
    }
    assert posts == FIELDS.keys()


def gets() -> list[str]:
    return [
        route.path
        for route in routes(demo=True)
        if isinstance(route, Route) and "GET" in (route.methods or ())
    ]


# --- Headers


def careful(response: httpx.Response) -> None:
    """Every answer tells browsers to be careful with it."""
    headers = response.headers
    # A file of somebody's is held to more.
    policy = SANDBOX if "content-disposition" in headers else CONTENT_SECURITY_POLICY
    assert headers.get_list("content-security-policy") == [policy]
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["same-origin"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert "server" not in headers
    assert headers["cache-control"] in {
        "private, no-cache",
        "private, no-store",
        "no-store",
        FOREVER,
    }


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    policy = dict(part.strip().split(" ", 1) for part in CONTENT_SECURITY_POLICY.split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    for loose in ("unsafe", "*", "http:", "https:", "blob:"):
        assert loose not in CONTENT_SECURITY_POLICY


async def test_every_kind_of_answer_carries_the_headers(world: World, browser: Opened) -> None:
    seen: dict[int, httpx.Response] = {}
    slug = world.network.slug
    when = clock.now()
    await FailedLogin.bulk_create(
        FailedLogin(subject=throttle.subject_of("ann.alm"), address="127.0.0.1", at=when)
        for _n in range(throttle.TRIES)
    )
    built = json.loads((STATIC / "manifest.json").read_text())["icons.svg"]
    async with browser(world["ann"]) as http, browser(world["gus"]) as guest, browser() as out:
        for response in (
            await http.get("/account"),
            await http.get(f"/static/{built}"),
            await out.get("/"),
            await guest.get(f"/n/{slug}/members"),
            await http.post("/logout", headers={"Origin": "null"}),
            await http.get("/nothing"),
            await http.get("/static/nothing"),
            await out.get("/login-links/dead"),
            await http.put("/account"),
            await http.post(f"/n/{slug}/threads", content=b"x=" + b"y" * MEGABYTE, headers=FORM),
            await http.post(f"/n/{slug}/threads", data={"title": ""}),
            await out.post("/login", data={"username": "ann.alm", "password": "fel"}),
            await http.post(f"/n/{slug}/threads", content=b"x=%00", headers=FORM),
            await http.get("/", headers={"Host": "evil.example"}),
            await http.post(f"/n/{slug}/threads/{world.thread.id}/read-mark",
                            headers={"X-Fragment": "none"}),
            await http.get("/account/"),
        ):  # fmt: skip
            careful(response)
            seen[response.status_code] = response
        await drop("event")
        broken = await http.post(f"/n/{slug}/areas", data={"name": "Nytt"})
        careful(broken)
        seen[broken.status_code] = broken
    assert set(seen) >= {200, 204, 303, 400, 403, 404, 405, 410, 413, 422, 429, 500}
    for status in (403, 404, 405, 413, 422, 429, 500):
        assert '<html lang="sv"' in seen[status].text
        assert "</html>" in seen[status].text


async def test_a_page_is_never_stored_for_others_and_a_built_file_for_ever(
    world: World, browser: Opened
) -> None:
    names = json.loads((STATIC / "manifest.json").read_text()).values()
    async with browser(world["ann"]) as http:
        for path in ("/", "/login", "/account", f"/n/{world.network.slug}", "/nothing"):
            response = await http.get(path)
            assert response.headers["cache-control"] == "private, no-cache"
            assert "Cookie" in response.headers["vary"]
        for name in names:
            response = await http.get(f"/static/{name}")
            assert response.status_code == 200
            assert response.headers["cache-control"] == FOREVER
            assert response.headers["vary"] == "Accept-Encoding"
        response = await http.get("/static/nothing.css")
        assert response.headers["cache-control"] == "private, no-cache"


async def test_browsers_are_held_to_https_only_where_it_is_spoken(
    world: World, browser: Opened, chosen: Settings
) -> None:
    async with browser() as http:
        assert "strict-transport-security" not in (await http.get("/login")).headers


async def test_over_https_browsers_are_held_to_it(chosen: Settings) -> None:
    secure = replace(chosen, base_url="https://samverkan.example")
    async with running(secure) as app, client(app, "https://samverkan.example") as http:
        for path in ("/login", "/nothing", "/static/nothing", "/"):
            sent = (await http.get(path)).headers["strict-transport-security"]
            assert int(sent.removeprefix("max-age=").partition(";")[0]) >= 31536000
        unknown = await http.get("/", headers={"Host": "127.0.0.1:8000"})
        assert unknown.status_code == 400
        for origin in ("http://samverkan.example", "https://samverkan.example:8443"):
            response = await http.post("/preferences", headers={"Origin": origin})
            assert response.status_code == 403


class Inline(HTMLParser):
    """Collects what a strict policy would have to block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and not re.match(
                r"/(?!/)|\?|#|mailto:|tel:|$", value or ""
            ):
                self.found.append(f"{tag} {name}={value}")


async def test_no_page_has_a_script_a_style_or_a_foreign_address_in_it(
    world: World, browser: Opened
) -> None:
    where = {**postings(world)[0].where, "number": 2, "network_id": world.network.id}
    login_token = await login_token_for(world["ann"])
    where["token"] = login_token
    shown = 0
    for person in (world["ann"], world["olga"], world["gus"], None):
        async with browser(person) as http:
            for path in gets():
                response = await http.get(Posting(path, (), where).path)
                assert response.status_code < 500
                inline = Inline()
                inline.feed(response.text)
                assert inline.found == [], path
                shown += response.status_code == 200
    assert shown > 40


async def login_token_for(person: Person) -> str:
    link = await login_links.password_link(person, "")
    return link.rpartition("/")[2]


# --- Origin


FOREIGN: list[dict[str, str]] = [
    {},
    {"Origin": ""},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://127.0.0.1:8000@evil.example"},
    {"Origin": "http://127.0.0.1:8000/"},
    {"Origin": "http://127.0.0.1:8000 https://evil.example"},
    {"Origin": "http://evil.example#http://127.0.0.1:8000"},
    {"Origin": "file://"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "none"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Referer": ORIGIN + "/"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_from_elsewhere_does_nothing(
    world: World, browser: Opened, headers: dict[str, str]
) -> None:
    async with browser(world["ann"]) as http, browser() as out:
        for one in (http, out):
            del one.headers["Origin"]
            for path in ("/login", "/logout", "/login-links", "/preferences", "/nothing"):
                response = await one.post(path, headers=headers, data={"language": "en"})
                assert response.status_code == 403
                assert _("The form did not come from this service") in response.text
                careful(response)
        assert (await http.get("/account")).status_code == 200


async def test_it_holds_for_every_route_and_every_unsafe_method(
    world: World, browser: Opened
) -> None:
    async with browser(world["ann"]) as http:
        for posting in postings(world):
            response = await http.post(posting.path, headers={"Origin": "https://evil.example"})
            assert response.status_code == 403
            assert _("The form did not come from this service") in response.text
        for method in ("PUT", "PATCH", "DELETE", "PROPFIND", "X"):
            response = await http.request(method, "/account", headers={"Origin": "null"})
            assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ORIGIN},
        {"Origin": ORIGIN.upper()},
        {"Origin": "http://localhost:8000"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
async def test_our_own_forms_are_taken(
    world: World, browser: Opened, headers: dict[str, str]
) -> None:
    async with browser(world["ann"]) as http:
        response = await http.post("/preferences", data={"theme": "dark"}, headers=headers)
        assert response.status_code == 303
    assert (await Person.get(id=world["ann"].id)).theme == "dark"


async def test_reading_a_page_asks_for_no_origin(world: World, browser: Opened) -> None:
    async with browser(world["ann"]) as http:
        headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert (await http.get("/account", headers=headers)).status_code == 200
        # And nobody elsewhere may read the answer.
        assert "access-control-allow-origin" not in (await http.get("/", headers=headers)).headers


# --- Host


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000.evil.example", "", "localhost",
     "127.0.0.1:8000@evil.example", "evil.example:8000", "å"],
)  # fmt: skip
async def test_only_our_own_host_is_answered(app: ASGIApp, host: str) -> None:
    answer = await raw(app, "/login", host=host.encode())
    assert answer.status_code == 400
    careful(answer)
    assert host == "" or host not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "LOCALHOST:8000", "[::1]:8000"])
async def test_the_names_of_this_computer_are_answered(app: ASGIApp, host: str) -> None:
    assert (await raw(app, "/login", host=host.encode())).status_code == 200


async def raw(
    app: ASGIApp,
    path: str,
    *,
    host: bytes = b"127.0.0.1:8000",
    method: str = "GET",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    body: bytes = b"",
) -> httpx.Response:
    """Send a request that no client would, as uvicorn would hand it on."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(path), "raw_path": path.encode(), "query_string": query,
        "root_path": "", "headers": [(b"host", host), *headers], "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    try:
        await app(scope, receive, send)
    except Exception:
        # Starlette raises it again for the server's log, after the page has been sent.
        assert messages
        assert messages[0]["status"] == 500
    content = b"".join(message.get("body", b"") for message in messages[1:])
    sent = [(name.decode(), value.decode()) for name, value in messages[0]["headers"]]
    sent = [(name, value) for name, value in sent if name != "content-encoding"]
    return httpx.Response(messages[0]["status"], headers=sent, content=content)


# --- Size and form


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    for number in range(size // 65536 + 1):
        yield b"f%d=" % number + b"x" * 65536 + b"&"


async def test_a_body_over_the_limit_is_refused_announced_or_not(
    world: World, browser: Opened
) -> None:
    path = f"/n/{world.network.slug}/previews"
    async with browser(world["ann"]) as http, browser() as out:
        announced = await http.post(path, content=b"body=" + b"x" * MEGABYTE, headers=FORM)
        chunked = await http.post(path, content=in_pieces(MEGABYTE), headers=FORM)
        assert "content-length" not in chunked.request.headers
        stranger = await out.post("/login", content=in_pieces(MEGABYTE), headers=FORM)
        lying = await http.post(
            path, content=in_pieces(MEGABYTE), headers={**FORM, "Content-Length": "10"}
        )
        for response in (announced, chunked, stranger, lying):
            assert response.status_code == 413
            assert _("What you sent is too large") in response.text
            careful(response)


async def test_a_body_at_the_limit_is_read(world: World, browser: Opened) -> None:
    fields = b"&".join(b"a%d=" % n + b"x" * 200_000 for n in range(5))
    async with browser(world["ann"]) as http:
        content = fields + b"x" * (MEGABYTE - len(fields) - 12) + b"&theme=light"
        assert len(content) == MEGABYTE
        response = await http.post("/preferences", content=content, headers=FORM)
        assert response.status_code == 303


async def test_too_many_fields_are_refused(world: World, browser: Opened) -> None:
    many = {f"f{n}": "x" for n in range(MAX_FIELDS + 1)}
    path = f"/n/{world.network.slug}/previews"
    async with browser(world["ann"]) as http:
        for sent in ({"data": many}, {"files": {k: (None, v) for k, v in many.items()}}):
            response = await http.post(path, **sent)
            assert response.status_code == 400
            careful(response)
        enough = {f"f{n}": "x" for n in range(MAX_FIELDS)}
        assert (await http.post(path, data=enough)).status_code < 500


async def test_a_file_in_an_ordinary_form_is_refused(world: World, browser: Opened) -> None:
    async with browser(world["ann"]) as http:
        for posting in postings(world):
            if posting.fields:
                files = {posting.fields[0]: ("x.txt", b"content", "text/plain")}
                response = await http.post(posting.path, files=files)
                assert response.status_code in {400, 403, 404, 410}, posting.path


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n%b\r\n--b--\r\n'
BODIES = [
    (b"application/x-www-form-urlencoded", b"body=%00"),
    (b"application/x-www-form-urlencoded", b"%00=x"),
    (b"application/x-www-form-urlencoded", b"body=\x00"),
    (b"application/x-www-form-urlencoded", b"body=%ff%fe&title=\xff\xfe&\xff=1"),
    (b"application/x-www-form-urlencoded", b"body=%ed%a0%80"),
    (b"application/x-www-form-urlencoded", b"body=%"),
    (b"application/x-www-form-urlencoded", b"&&&=&=x&body"),
    (b"application/x-www-form-urlencoded; charset=utf-16", b"body=x"),
    (b"application/json", b'{"body": 1}'),
    (b"text/plain", b"body=x"),
    (b"", b"body=x"),
    (b"\xff\xfe", b"body=x"),
    (b"multipart/form-data", b"x"),
    (b"multipart/form-data; boundary=", b"x"),
    (b"multipart/form-data; boundary=b", b""),
    (b"multipart/form-data; boundary=b", b"garbage"),
    (b"multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--"),
    (
        b"multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
    ),
    (b"multipart/form-data; boundary=b", MULTIPART % b"\x00"),
    (b"multipart/form-data; boundary=b", MULTIPART % b"\xff\xfe"),
    (b"multipart/form-data; boundary=b; charset=unicode_escape", MULTIPART % rb"\ud800"),
    (b"multipart/form-data; boundary=b; charset=raw_unicode_escape", MULTIPART % rb"\udfff"),
    (b"multipart/form-data; boundary=b; charset=utf-7", MULTIPART % b"+2AA-"),
    (b"multipart/form-data; boundary=b; charset=idna", MULTIPART % b"xn--a\xff"),
    (b"multipart/form-data; boundary=b; charset=punycode", MULTIPART % b"\xff-\xff"),
    (b"multipart/form-data; boundary=b; charset=undefined", MULTIPART % b"x"),
    (b"multipart/form-data; boundary=b; charset=hex", MULTIPART % b"zz"),
    (b"multipart/form-data; boundary=b; charset=zlib", MULTIPART % b"zz"),
    (b"multipart/form-data; boundary=b; charset=nonsense", MULTIPART % b"x"),
    (b"multipart/form-data; boundary=\xff; charset=\xff", MULTIPART % b"x"),
    (b"multipart/form-data; boundary=" + b"b" * 5000, MULTIPART % b"x"),
]


@pytest.mark.parametrize(("content_type", "body"), BODIES, ids=range(len(BODIES)))
async def test_a_body_that_no_browser_sends_is_never_our_fault(
    world: World, app: ASGIApp, content_type: bytes, body: bytes
) -> None:
    token = await sessions.start(world["ann"], "", remember=False)
    headers = (
        (b"origin", ORIGIN.encode()),
        (b"content-type", content_type),
        (b"cookie", b"samverkan=" + token.encode()),
    )
    slug = world.network.slug
    for path in (
        "/login",
        "/login-links",
        f"/n/{slug}/threads",
        f"/n/{slug}/threads/{world.thread.id}/replies",
        "/preferences",
    ):
        answer = await raw(app, path, method="POST", headers=headers, body=body)
        assert answer.status_code in {200, 303, 400, 422}, path
        careful(answer)
        # The same when it would have to be kept.
        key = (b"cookie", b"samverkan=" + token.encode()[:-1])
        answer = await raw(app, path, method="POST", headers=(*headers[:2], key), body=body)
        assert answer.status_code in {200, 303, 400, 422}, path


FORM_BYTES = ((b"content-type", b"application/x-www-form-urlencoded"),)
COOKIES = [b"\xff\xfe", b"\x00", b'"\\355\\240\\200"', b"", b"=", b"x" * 8000, b"%00", b"a;b;;=;",
           "å🌲".encode(), b'"', b"'; DROP TABLE session; --"]  # fmt: skip


@pytest.mark.parametrize("value", COOKIES, ids=lambda value: repr(value)[:40])
async def test_a_cookie_that_we_never_set_is_nobody(
    world: World, app: ASGIApp, value: bytes
) -> None:
    headers = (
        (b"origin", ORIGIN.encode()),
        *FORM_BYTES,
        (b"cookie", b"samverkan-device=" + value),
    )
    body = b"username=ann.alm&password=fel"
    answer = await raw(app, "/login", method="POST", headers=headers, body=body)
    assert answer.status_code == 422
    for name in (b"samverkan", b"samverkan-device", b"samverkan-language", b"samverkan-flash", b""):
        cookie = (b"cookie", name + b"=" + value)
        for path in ("/login", "/account", "/static/x"):
            answer = await raw(app, path, headers=(cookie,))
            assert answer.status_code in {200, 303, 404}
            careful(answer)
        answer = await raw(
            app, "/login-links", method="POST", headers=((b"origin", ORIGIN.encode()), cookie)
        )
        assert answer.status_code == 422


# --- Addresses


HUGE = [2**31, 2**63 - 1, 2**63, 2**64, 10**18 - 1, 10**18, 10**30, 10**300]
NASTY_NUMBERS = [str(number) for number in HUGE] + [
    "0", "-1", "00", "1e3", "1.0", "%201", "%EF%BC%91", "%D9%A1", "0x1", "9" * 5000, "NaN",
]  # fmt: skip
NASTY_WORDS = [
    "%00", "boendestod%00", "%FF%FE", "%ED%A0%80", "..", "%2e%2e", "%2F", "%5C", "å", "x" * 5000,
    "%27%20OR%201=1%20--", "%F0%9F%8C%B2", "boendestod%20", "BOENDESTOD", "%0d%0aX:1", "%",
    "{slug}",
]  # fmt: skip


def nasty_paths(world: World) -> list[str]:
    where = {**postings(world)[0].where, "number": 2}
    made = set()
    for route in {*gets(), *FIELDS}:
        for name in re.findall(r"\{(\w+)(?::int)?\}", route):
            is_number = f"{{{name}:int}}" in route
            for nasty in NASTY_NUMBERS if is_number else NASTY_WORDS:
                kept_place = re.sub(rf"\{{{name}(:int)?\}}", "@@", route)
                path = Posting(kept_place, (), where).path
                made.add(path.replace("@@", nasty))
    return sorted(made)


async def test_no_address_is_our_fault(world: World, app: ASGIApp, long: bool) -> None:
    paths = nasty_paths(world)
    token = (b"cookie", b"samverkan=" + (await new_session(world["ann"])).encode())
    operator = (b"cookie", b"samverkan=" + (await new_session(world["olga"])).encode())
    origin = (b"origin", ORIGIN.encode())
    for number, path in enumerate(paths):
        who = operator if path.startswith("/operator") else token
        answer = await raw(app, path, headers=(who,))
        assert answer.status_code in {200, 303, 307, 400, 403, 404, 405, 410}, path[:200]
        careful(answer)
        if long or number % 3 == 0:
            answer = await raw(app, path, method="POST", headers=(who, origin))
            assert answer.status_code in {303, 307, 400, 403, 404, 405, 410, 422}, path[:200]


async def new_session(person: Person) -> str:
    return await sessions.start(person, "", remember=False)


@pytest.mark.parametrize("number", HUGE, ids=range(len(HUGE)))
async def test_a_number_too_large_for_the_database_is_a_page_that_is_not_there(
    world: World, browser: Opened, number: int
) -> None:
    slug = world.network.slug
    async with browser(world["ann"]) as http:
        for path in (f"threads/{number}", f"members/{number}", f"threads/{number}/posts/1"):
            assert (await http.get(f"/n/{slug}/{path}")).status_code == 404
        thread = f"/n/{slug}/threads/{world.thread.id}"
        for query in (f"page={number}", f"quote={number}"):
            response = await http.get(f"{thread}?{query}")
            # More than 15 digits are no number at all.
            assert response.status_code in {200, 404}
        response = await http.post(f"/n/{slug}/replies/{number}/help", data={"helpful": "yes"})
        assert response.status_code == 404


QUERIES = {
    "/login": ("next", "kept"),
    "/login-links": ("login",),
    "/n/{slug}/threads": ("show", "area"),
    "/n/{slug}/threads/new": ("kind", "area"),
    "/n/{slug}/threads/{thread_id:int}": ("page", "quote"),
}


async def test_no_query_is_our_fault(world: World, app: ASGIApp) -> None:
    cookie = (b"cookie", b"samverkan=" + (await new_session(world["ann"])).encode())
    where = postings(world)[0].where
    for route, names in QUERIES.items():
        path = Posting(route, (), where).path
        for name in names:
            for nasty in [*NASTY_NUMBERS, *NASTY_WORDS, "", "%ff", "[", "//[", "x" * 90_000]:
                query = f"{name}={nasty}".encode()
                for headers in ((cookie,), ()):
                    answer = await raw(app, path, query=query, headers=headers)
                    assert answer.status_code in {200, 303, 400, 404}, (path, query[:99])
        for query in (b"\xff\xfe", b"%00", b"&&&", b"a=b" * 999, b"=" * 99):
            answer = await raw(app, path, query=query, headers=(cookie,))
            assert answer.status_code in {200, 303, 400, 404}


CURSORS = [
    "x", "_", "_1", "2026-01-01_1", "2026-01-01T00:00:00+00:00_", "2026-01-01T00:00:00+00:00_x",
    "0001-01-01T00:00:00+23:59_1", "9999-12-31T23:59:59-23:59_1", "2026-01-01T00:00:00+00:00_-1",
    "2026-01-01T00:00:00+00:00_1_1", "2026-01-01T00:00:00+00:00_٣",
    f"2026-01-01T00:00:00+00:00_{2**63}", f"2026-01-01T00:00:00+00:00_{'9' * 5000}",
]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS, ids=lambda cursor: str(cursor)[:50])
async def test_no_place_in_a_list_is_our_fault(world: World, browser: Opened, cursor: str) -> None:
    async with browser(world["ann"]) as http:
        path = f"/n/{world.network.slug}/threads"
        response = await http.get(path, params={"before": cursor})
        assert response.status_code in {200, 404}


# --- Fields


NASTY = [
    "",
    " ",
    "\t\r\n\x0b\x0c\x1c",
    "x" * 50_000,
    "'; DROP TABLE person; --",
    "%s%n%x{0}{{7*7}}{% raw %}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202e\u2066\ufeff\u200b\ufffe\uffff",
    "🌲" * 2000,
    "a" + "\u0301\u0316" * 5_000,
    "٣²½Ⅷ",
    str(2**31),
    str(2**63),
    "9" * 5000,
    "-1",
    "0",
    "1.5",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "2026-W01-1",
    "\u0662\u0660\u0662\u0666-01-01",
    "../../../../etc/passwd",
    "//evil.example",
    "@" * 3000,
    " ".join(f"@name{n}" for n in range(1500)),
    "=" * 1500 + ":",
    "[" * 2500,
    "\\",
    "%00%ff",
    "null",
    "coordinator",
    "yes",
]


async def test_no_field_of_any_form_is_our_fault(world: World, browser: Opened, long: bool) -> None:
    people = {"ann": world["ann"], "olga": world["olga"]}
    # Those that end what the others need come last.
    last = ("ending", "removal", "erasure", "/settings", "password", "everywhere", "/logout")
    ordered = sorted(postings(world), key=lambda one: any(end in one.route for end in last))
    for posting in ordered:
        person = people["olga" if posting.route.startswith("/operator") else "ann"]
        async with browser(person) as http:
            for form in forms(posting, long):
                response = await http.post(posting.path, data=form)
                said = (posting.route, {name: value[:40] for name, value in form.items()})
                assert response.status_code in {
                    200,
                    204,
                    303,
                    400,
                    403,
                    404,
                    409,
                    410,
                    413,
                    422,
                    429,
                }, said
                careful(response)
                assert "<script>alert" not in response.text, said
                assert "<img src=x" not in response.text, said
                if response.headers.get("location", "").startswith("/login"):
                    token = await new_session(person)
                    http.cookies.set("samverkan", token, domain="127.0.0.1")


#: Beside the one that posts.
BUTTONS = {"preview", "upload", "remove"}


def forms(posting: Posting, long: bool) -> list[dict[str, str]]:
    """All fields nasty, then each by itself, in turn; in the long run, each with every value."""
    usual = {name: USUAL.get(name, "") for name in posting.fields if name not in BUTTONS}
    made = [dict.fromkeys(posting.fields, nasty) for nasty in NASTY]
    costly = posting.route in {"/login", "/password-links/{token}", "/account/password"}
    for place, name in enumerate(posting.fields):
        for number, nasty in enumerate(NASTY):
            if long or (not costly and number % (2 * len(posting.fields)) == place):
                made.append(usual | {name: nasty})
    return made[::7] if costly and not long else made


async def test_every_form_survives_a_storm_of_its_own_fields_sent_twice(
    world: World, browser: Opened
) -> None:
    async with browser(world["ann"]) as http:
        for posting in postings(world):
            if "{slug}" in posting.route and "ending" not in posting.route:
                body = urlencode([(name, value) for name in posting.fields for value in ("x", "")])
                response = await http.post(posting.path, content=body.encode(), headers=FORM)
                assert response.status_code < 500, posting.route


# --- When something breaks


async def drop(table: str) -> None:
    """Break the database as no migration would."""
    connection = get_connection("default")
    if dialect() == "sqlite":
        await connection.execute_query("PRAGMA foreign_keys = OFF")
        await connection.execute_query(f'DROP TABLE "{table}"')
    else:
        await connection.execute_query(f'DROP TABLE "{table}" CASCADE')


@pytest.mark.parametrize("table", ["session", "area", "membership"])
async def test_what_nobody_foresaw_gives_a_page_and_tells_nothing(
    world: World, browser: Opened, table: str
) -> None:
    async with browser(world["ann"]) as http:
        await drop(table)
        response = await http.get(f"/n/{world.network.slug}")
    assert response.status_code == 500
    assert _("Something went wrong here") in response.text
    assert '<html lang="sv"' in response.text
    for tell in ("Traceback", "sqlite", "no such table", table, "SELECT", ".py"):
        assert tell not in response.text
    careful(response)


async def test_a_stranger_learns_nothing_from_the_wrong_method(
    world: World, browser: Opened
) -> None:
    async with browser(world["charlie"]) as http:
        for slug in (world.network.slug, "nothing-here"):
            assert (await http.get(f"/n/{slug}")).status_code == 404
            response = await http.post(f"/n/{slug}", headers={"Origin": ORIGIN})
            assert response.status_code == 405
            assert response.headers["allow"]


# --- Built files


@pytest.mark.parametrize(
    "path",
    [
        "/static/manifest.json",
        "/static//manifest.json",
        "/static/./manifest.json",
        "/static/x/../manifest.json",
        "/static/%2e/manifest.json",
        "/static/manifest.json/",
        "/static/manifest%2ejson",
        "/static/",
        "/static",
        "/static/.",
        "/static/..",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/..%5capp.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/../../../../../../etc/passwd",
        "/static/%00",
        "/static/icons.svg%00",
        "/static/" + "x" * 5000,
        "/static/" + "x/" * 3000,
        "/static/%ff",
        "/static/.git/config",
    ],
)
async def test_nothing_but_built_files_is_served(app: ASGIApp, path: str) -> None:
    answer = await raw(app, path)
    assert answer.status_code in {307, 400, 404}, path
    assert "root:" not in answer.text
    assert "import" not in answer.text.partition("<body")[0]
    careful(answer)


async def test_a_built_file_takes_no_form(world: World, browser: Opened) -> None:
    built = json.loads((STATIC / "manifest.json").read_text())["icons.svg"]
    async with browser() as http:
        assert (await http.post(f"/static/{built}")).status_code == 405
        assert (await http.head(f"/static/{built}")).status_code == 200


async def test_what_is_kept_and_what_is_logged_in_are_no_different_to_head(
    world: World, browser: Opened
) -> None:
    token = await kept_forms.keep(world["ann"].id, "/n/x/threads", [("body", "hemligt")])
    async with browser(world["ann"]) as http:
        response = await http.head(f"/kept/{token}")
        assert (response.status_code, response.content) == (200, b"")
    async with browser(world["bob"]) as http:
        assert (await http.head(f"/kept/{token}")).status_code == 404
