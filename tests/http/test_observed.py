"""Each request has a number and a line in the log that tells of nobody; routes are counted."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.connection import get_connection

from forum import logs
from forum.metrics import REQUESTS
from forum.settings import Settings
from storage import database
from tests.conftest import ORIGIN, client, running
from tests.http.walk import GETS, POSTS, House
from tests.world import NAMES, PASSWORD, SECRET_BODY, SECRET_REPLY, SECRET_TITLE, World
from web import observed
from web.observed import Observed

PROXY = "10.0.0.5"
VISITOR = "203.0.113.77"


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.Json())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """The lines of the log, as they are written where they are kept."""
    handler, root = _Heard(), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    for name in levels:
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
async def behind(chosen: Settings) -> AsyncIterator[ASGIApp]:
    """The application behind a proxy that it trusts."""
    async with running(replace(chosen, trusted_proxies=(f"{PROXY}/32",))) as app:
        yield app


def called(app: ASGIApp, address: str) -> httpx.AsyncClient:
    """A client that really calls from an address."""
    transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN})


async def number(http: httpx.AsyncClient, given: str) -> str:
    headers = {b"X-Request-ID": given.encode(), b"X-Forwarded-For": VISITOR.encode()}
    answer = await http.get("/help", headers=headers)
    (said,) = answer.headers.get_list("x-request-id")
    return said


async def test_every_answer_has_a_number_of_its_own(app: ASGIApp) -> None:
    async with called(app, "127.0.0.1") as http:
        numbers = []
        for path in ("/help", "/help", "/nowhere", "/", "/health/live", "/static/nothing"):
            numbers += (await http.get(path)).headers.get_list("x-request-id")
        refused = await http.get("/help", headers={"Host": "elsewhere.example"})
        numbers += refused.headers.get_list("x-request-id")
        numbers += (await http.post("/login", headers={"Origin": "null"})).headers.get_list(
            "x-request-id"
        )
    assert len(set(numbers)) == 8
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in numbers)


async def test_a_number_is_taken_from_a_proxy_that_is_trusted_and_from_nobody_else(
    app: ASGIApp, behind: ASGIApp
) -> None:
    given = "req-7.A_b"
    async with called(behind, PROXY) as proxy, called(behind, "10.0.0.6") as other:
        assert await number(proxy, given) == given
        assert await number(other, given) != given
    async with called(app, PROXY) as nobody:
        assert await number(nobody, given) != given


@pytest.mark.parametrize("given", ["", "a b", "<script>", "x" * 65, "å", 'a"b', "a,b", "a\tb"])
async def test_a_number_that_is_none_is_not_taken(behind: ASGIApp, given: str) -> None:
    async with called(behind, PROXY) as proxy:
        assert re.fullmatch("[0-9a-f]{12}", await number(proxy, given))


async def test_the_page_for_an_unforeseen_error_shows_the_number_of_its_lines(
    app: ASGIApp, heard: list[dict[str, Any]]
) -> None:
    await get_connection("default").execute_query("DROP TABLE login_link")
    async with called(app, "127.0.0.1") as http:
        answer = await http.get("/login-links/hemlig-lapp")
        said = answer.headers["x-request-id"]
        assert answer.status_code == 500
        assert f"Felnummer: {said}." in answer.text
        assert "Felnummer" not in (await http.get("/nowhere")).text
    mine = [line for line in heard if line["request"] == said]
    assert [line["route"] for line in mine if "route" in line] == ["/login-links/{token}"]
    assert [line["level"] for line in mine if "route" in line] == ["warning"]


async def test_a_page_that_is_answered_from_memory_is_seen_as_any_other(
    house: House, heard: list[dict[str, Any]]
) -> None:
    thread = "/n/{slug}/threads/{thread_id}"
    before = counted("GET", thread, "200")
    async with house.visitor("member") as http:
        for _ in range(5):
            await http.get(thread.format(**house.values))
            await http.get(thread.format(**house.values) + "?page=99")
    assert counted("GET", thread, "200") == before + 5
    # A page that was found has no line, unless it took long.
    assert [(line["route"], line["status"]) for line in heard] == [(thread, 404)] * 5
    assert len({line["request"] for line in heard}) == 5


async def test_what_takes_long_has_a_line(
    house: House, heard: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observed, "SLOW_SECONDS", 0.0)
    async with house.visitor("member") as http:
        await http.get("/help")
    assert [(line["route"], line["status"]) for line in heard] == [("/help", 200)]


def counted(method: str, route: str, status: str) -> float:
    found: float = REQUESTS.labels(method, route, status)._value.get()
    return found


async def test_what_is_asked_for_makes_no_new_labels(app: ASGIApp) -> None:
    def labels() -> set[tuple[str, ...]]:
        (counted,) = REQUESTS.collect()
        return {tuple(sample.labels.values()) for sample in counted.samples}

    async with called(app, "127.0.0.1") as http:
        for path in ("/a", "/n/x/threads/7", "/n/x/threads/8", "/login-links/abc"):
            await http.get(path)
        before = labels()
        for path in ("/b", "/n/y/threads/17", "/n/z/threads/18", "/login-links/xyz"):
            await http.get(path)
        assert labels() == before
        for method in ("BREW", "PURGE", "LOCK"):
            await http.request(method, "/a")
    assert labels() - before == {("other", "-", "404")}


async def test_a_socket_has_a_number_and_its_own_way_to_write(chosen: Settings) -> None:
    """A function around ``send`` would cost each of 10,000 sockets another call for each event."""
    scope: Scope = {"type": "websocket", "headers": [], "client": ("127.0.0.1", 1)}
    given: list[Send] = []

    async def send(_message: Message) -> None: ...

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def take(_scope: Scope, _receive: Receive, send: Send) -> None:
        given.append(send)

    await Observed(take, chosen)(scope, receive, send)
    assert given == [send]
    assert scope["state"]["request_id"] == logs.request.get()


async def test_probes_that_go_well_are_not_worth_a_line(
    app: ASGIApp, heard: list[dict[str, Any]]
) -> None:
    async with client(app) as http:
        await http.get("/health/live")
        await http.get("/health/ready")
    assert heard == []


#: What every line about a request has, and nothing more.
FIELDS = {"time", "level", "logger", "request", "method", "route", "status", "ms"}


def forbidden(world: World) -> set[str]:
    """What no line may hold, in lower case."""
    people = [part for name in NAMES.values() for part in name.split()]
    usernames = [person.username for person in world.people.values()]
    texts = [SECRET_TITLE, SECRET_BODY, SECRET_REPLY, "hemlig", "kvällstimmar", "Siri", "Ödehus"]
    places = [world.network.slug, world.network.name, world.elsewhere.slug]
    asked = [VISITOR, "127.0.0.1", "hemligheten.txt", PASSWORD, "?", "python-httpx", "kommun"]
    return {word.lower() for word in [*people, *usernames, *texts, *places, *asked]}


@pytest.mark.parametrize("who", ["coordinator", "elsewhere", "nobody"])
async def test_a_days_work_leaves_no_name_text_token_or_address_in_the_log(
    house: House, heard: list[dict[str, Any]], who: str
) -> None:
    async with house.visitor(who) as http:
        http.headers["X-Forwarded-For"] = VISITOR
        cookies = list(http.cookies.values())
        for step in [*GETS, *POSTS]:
            await house.take(http, who, step)
            await http.get(house.address(step) + "?q=hemligt&page=2")
    tokens = [house.furniture.login_token, house.furniture.password_token]
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in heard).lower()
    words = forbidden(house.world) | {one.lower() for one in [*tokens, *cookies] if one}
    assert {word for word in words if word in written} == set()
    requests = [line for line in heard if line["logger"] == "web.observed"]
    assert len(requests) >= len(POSTS)
    assert all(line.keys() == FIELDS for line in requests)
    routes = {step.path for step in [*GETS, *POSTS]}
    assert {line["route"] for line in requests} <= {*routes, "-"}


async def test_what_an_error_says_is_not_written_down_but_where_it_arose(
    app: ASGIApp, heard: list[dict[str, Any]]
) -> None:
    async def fail() -> None:
        await get_connection("default").execute_query("SELECT 'Anna' FROM \"Bo Ek\"")

    try:
        await database.write(fail)
    except Exception:
        logging.getLogger("forum.worker").exception("the worker waits after an error")
    logging.getLogger("asyncio").error("Exception in callback f(b'POST /n/anna name=Bo Ek')")
    ours, others = heard
    assert ours["message"] == "the worker waits after an error"
    assert ours["errors"][0]["kind"] == "tortoise.exceptions.OperationalError"
    assert any("storage/database.py" in place for place in ours["errors"][0]["at"])
    assert ours["errors"][-1]["kind"] == "sqlite3.OperationalError"
    assert others["message"].startswith("said at test_observed:")
    written = json.dumps(heard, ensure_ascii=False)
    assert "Bo Ek" not in written
    assert "'Anna'" not in written
