"""SIGTERM: who has begun is answered, nothing acknowledged is lost, and it is over soon."""

import asyncio
import itertools
import json
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.faults.serving import Serving
from tests.faults.test_restart import Row, _log_in, _number, _there, _written, data, told
from tests.world import World

__all__ = ["data", "told"]

#: What whoever starts and stops services may count on.
SECONDS = 10


async def _post(http: httpx.AsyncClient, world: World, texts: Iterator[str]) -> list[Row]:
    """Post until the server has gone, and return what was acknowledged."""
    acknowledged: list[Row] = []
    for text in texts:
        form = {"form_key": "k", "body": text}
        try:
            answer = await http.post(f"{_there(world)}/replies", data=form)
        except httpx.TransportError:
            break
        assert answer.status_code == 303, answer.text
        acknowledged.append((_number(answer), text))
    return acknowledged


async def test_replies_under_load_survive_the_end_and_it_comes_soon(
    data: Path, told: World, long: bool
) -> None:
    texts = (f"Svar nummer {number}." for number in itertools.count())
    acknowledged: list[Row] = []
    for _ in range(5 if long else 1):
        with Serving(data) as server:
            async with server.browser() as ann, server.browser() as bob:
                await _log_in(ann, told, "ann")
                await _log_in(bob, told, "bob")
                going = [asyncio.create_task(_post(http, told, texts)) for http in (ann, bob) * 4]
                await asyncio.sleep(3 if long else 1)
                assert await asyncio.to_thread(server.stop) <= SECONDS
                # It ended in its own time, not cut off at the last moment.
                assert server.ended_by == signal.SIGTERM
                acknowledged += itertools.chain(*await asyncio.gather(*going))
    # Whoever had begun was answered: what is there was acknowledged, but for the world's reply.
    assert sorted(acknowledged) == _written(data)[1:]
    assert acknowledged


def _connected(server: Serving) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", server.port), timeout=30))


async def test_who_stays_in_the_middle_of_a_request_is_not_waited_for_in_vain(
    data: Path, told: World
) -> None:
    with (
        Serving(data) as server,
        closing(socket.create_connection(("127.0.0.1", server.port))) as slow,
    ):
        head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        slow.sendall(f"{head}Origin: {server.url}\r\nContent-Length: 99\r\n\r\nuser".encode())
        async with server.browser() as http:
            assert (await http.get("/help")).status_code == 200
        assert await asyncio.to_thread(server.stop) <= SECONDS


async def test_a_kept_connection_is_closed_and_no_new_one_is_taken(data: Path, told: World) -> None:
    with Serving(data) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/health/ready")).text == "ok"
            assert await asyncio.to_thread(server.stop) <= 5
            with pytest.raises(httpx.TransportError):
                await http.get("/health/ready")


def live(server: Serving, http: httpx.AsyncClient) -> connect:
    cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    return connect(
        f"ws://127.0.0.1:{server.port}/live",
        origin=Origin(server.url),
        additional_headers={"Cookie": cookies, "X-Forwarded-For": "203.0.113.77"},
        proxy=None,
    )


async def test_open_pages_are_told_to_come_back(data: Path, told: World) -> None:
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            tabs = [await live(server, http) for _ in range(20)]
            for tab in tabs:
                await tab.send('{"since": {}}')
                assert "state" in str(await tab.recv())
            # One more has been opened, and nothing said on it yet.
            tabs.append(await live(server, http))
            # They hold up nothing.
            assert await asyncio.to_thread(server.stop) <= 5
            for tab in tabs:
                await tab.wait_closed()
            # "Service restart" (RFC 6455's registry).
            assert [tab.close_code for tab in tabs] == [1012] * 21


async def test_the_log_of_a_real_day_tells_of_nobody(data: Path, told: World) -> None:
    """The whole server writes it, uvicorn and what breaks included."""
    visitor, device = "203.0.113.77", "Hannas telefon"
    from_proxy = {"X-Forwarded-For": visitor, "User-Agent": device}
    with Serving(data, LOG="json", TRUSTED_PROXIES="127.0.0.1") as server:
        async with server.browser() as http:
            http.headers.update(from_proxy)
            await http.post("/login", data={"username": "hanna.hemlig", "password": "fel lösen"})
            await _log_in(http, told, "bob")
            token = next(iter(http.cookies.values()))
            form = {"form_key": "k", "body": "Hanna säger något hemligt."}
            assert (await http.post(f"{_there(told)}/replies", data=form)).status_code == 303
            assert (await http.get(f"{_there(told)}?sida=hemlig")).status_code == 200
            async with live(server, http) as tab:
                await tab.send('{"since": {}}')
                await tab.recv()
            assert (await http.get("/login-links/hemlig-lapp")).status_code == 410
            assert (await http.get("/n/hemligt-natverk/threads/4711")).status_code == 404
            with closing(sqlite3.connect(data / "samverkan.sqlite")) as breaking:
                breaking.execute(
                    "CREATE TRIGGER broken BEFORE INSERT ON reply BEGIN"
                    " SELECT RAISE(ABORT, 'Hanna, hemlig, hanna@kommun.example'); END"
                )
                breaking.commit()
            broken = await http.post(f"{_there(told)}/replies", data={**form, "body": "Hemligt 2"})
            assert broken.status_code == 500
            number = broken.headers["x-request-id"]
            assert number in broken.text
            given = await http.get("/login-links/x", headers={"X-Request-ID": "proxy-7"})
            assert given.headers["x-request-id"] == "proxy-7"
        with _connected(server) as rude:
            rude.sendall(b"HEMLIG hanna\r\n\r\n")
            rude.recv(999)
        server.stop()
        written = server.log()
    lines = [json.loads(line) for line in written.splitlines()]
    low = written.lower()
    for word in ("hanna", "hemlig", "bob", token.lower(), visitor, "fel lösen", "4711", "sida"):
        assert word not in low, word
    assert [line["message"] for line in lines if "127.0.0.1" in str(line)] == [
        f"Uvicorn running on {server.url} (Press CTRL+C to quit)"
    ]
    mine = [line for line in lines if line.get("request") == number]
    assert {line.get("status") for line in mine} == {500, None}
    (failed,) = [line for line in mine if "errors" in line]
    assert any("forum/discussions.py" in place for place in failed["errors"][0]["at"])
    assert "proxy-7" in {line.get("request") for line in lines}
