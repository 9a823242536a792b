"""Through a real nginx and a real Caddy, set up as the README says: pages, forms, files and
the socket.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from realtime.listener import BEAT_EVERY_SECONDS
from tests import multipart
from tests.conftest import lacking
from tests.drives import LOCKINFO
from tests.faults import caddy, nginx, proxies
from tests.faults.caddy import Caddy
from tests.faults.nginx import Nginx
from tests.faults.serving import Serving, free_port
from tests.faults.test_restart import _log_in, _number, _there, data, told
from tests.world import World

__all__ = ["data", "told"]


@dataclass(frozen=True, slots=True)
class Site:
    """A server and what is before it."""

    server: Serving
    proxy: Nginx | Caddy

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.proxy.url,
            headers={"Origin": self.proxy.url},
            verify=self.proxy.trusting,
            timeout=60,
        )

    def live(self, http: httpx.AsyncClient, origin: str = "") -> connect:
        cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        return connect(
            f"wss://localhost:{self.proxy.port}/live",
            ssl=self.proxy.trusting,
            origin=Origin(origin or self.proxy.url),
            additional_headers={"Cookie": cookies},
            proxy=None,
        )


@pytest.fixture(params=["nginx", "caddy"])
def site(data: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    name: str = request.param
    lacking(name, {"nginx": nginx, "caddy": caddy}[name].lacking())
    folder = tmp_path / name
    folder.mkdir()
    port = free_port()
    before = Nginx if name == "nginx" else Caddy
    with before(folder, port) as proxy:
        settings = {"BASE_URL": proxy.url, "TRUSTED_PROXIES": "127.0.0.1", "LOG": "json"}
        with Serving(data, PORT=str(port), **settings) as server:
            yield Site(server, proxy)


async def test_pages_forms_and_files_come_through(site: Site, told: World) -> None:
    async with site.browser() as http:
        login = await http.get("/", follow_redirects=True)
        assert (login.status_code, login.url.path) == (200, "/login")
        assert "strict-transport-security" in login.headers
        await _log_in(http, told, "bob")
        reply = {"form_key": "k", "body": "Genom en annan."}
        posted = await http.post(f"{_there(told)}/replies", data=reply)
        assert posted.status_code == 303
        page = await http.get(posted.headers["location"])
        assert "Genom en annan." in page.text
        page = await http.get(_there(told))
        kept = await http.get(_there(told), headers={"If-None-Match": page.headers["etag"]})
        assert kept.status_code == 304
        # More than a megabyte, which is as much as nginx takes unless it is told.
        large = multipart.body({"form_key": "f"}, ("protokoll.txt", b"Ett beslut.\n" * 200_000))
        assert (await http.post("/n/boendestod/attachments", **large)).status_code == 200
        foreign = {"Origin": "https://elsewhere.example"}
        refused = await http.post(f"{_there(told)}/replies", data=reply, headers=foreign)
        assert refused.status_code == 403


async def test_who_comes_without_tls_is_led_to_it(site: Site) -> None:
    async with httpx.AsyncClient() as http:
        there = await http.get(f"http://localhost:{site.proxy.plain_port}/help?a=b")
    assert there.status_code in {301, 308}
    # Caddy leads to 443, wherever else it has been told to listen.
    shown = there.headers["location"].replace(f":{site.proxy.port}/", "/")
    assert shown == "https://localhost/help?a=b"


async def test_the_proxy_numbers_requests_and_visitors_do_not(site: Site) -> None:
    async with site.browser() as http:
        # A page that is there has no line.
        answer = await http.get("/login-links/x", headers={"X-Request-ID": "min-egen"})
        number = answer.headers["x-request-id"]
        assert site.proxy.number.fullmatch(number)
    # A line is written when the answer has gone.
    site.server.stop()
    lines = [json.loads(line) for line in site.server.log().splitlines()]
    assert [line["route"] for line in lines if line.get("request") == number] == [
        "/login-links/{token}"
    ]


async def test_attempts_to_log_in_are_counted_by_who_calls_whatever_she_says(
    site: Site, told: World
) -> None:
    """She may send X-Forwarded-For herself; the proxy says whom it has seen."""
    wrong = {"username": told["bob"].username, "password": "fel"}
    async with site.browser() as http:
        said = [
            (
                await http.post(
                    "/login", data=wrong, headers={"X-Forwarded-For": f"203.0.113.{number}"}
                )
            ).status_code
            for number in range(30)
        ]
    assert said[0] == 422
    assert said[-1] == 429


async def test_the_socket_comes_through_and_is_told_of_a_restart(site: Site, told: World) -> None:
    async with site.browser() as ann, site.browser() as bob:
        await _log_in(ann, told, "ann")
        await _log_in(bob, told, "bob")
        with pytest.raises(InvalidStatus) as refused:
            await site.live(bob, origin="https://elsewhere.example")
        assert refused.value.response.status_code == 403
        async with site.live(bob) as socket:
            await socket.send('{"since": {}}')
            assert json.loads(await socket.recv())["type"] == "state"
            reply = {"form_key": "k", "body": "Syns det?"}
            posted = await ann.post(f"{_there(told)}/replies", data=reply)
            heard = json.loads(await socket.recv())
            assert [event["kind"] for event in heard["events"]] == ["reply.created"]
            assert _number(posted) == 3
            site.server.terminate()
            await socket.wait_closed()
            # "Service restart" (RFC 6455's registry): come back.
            assert socket.close_code == 1012


def test_nginx_waits_for_longer_than_the_socket_is_silent() -> None:
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", proxies.block("nginx"))
    assert int(seconds) > 2 * BEAT_EVERY_SECONDS


async def test_a_network_is_opened_as_a_drive_through_it(site: Site) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "forum", "app-password", "add", "bob.berg"],
        env={**os.environ, "SAMVERKAN_DATA": str(site.server.data)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    base = f"{site.proxy.url}/dav/boendestod/"
    async with httpx.AsyncClient(
        auth=("bob.berg", made.stdout.strip()), verify=site.proxy.trusting, timeout=60
    ) as http:
        large = b"x" * (3 * 1024 * 1024)
        assert (await http.put(f"{base}Fil.bin", content=large)).status_code == 201
        headers = {"Destination": f"{base}Åtgärd%20;1.bin", "Overwrite": "F"}
        quoted = {name: value.replace("Å", "%C3%85").replace("ä", "%C3%A4")
                  for name, value in headers.items()}  # fmt: skip
        assert (await http.request("MOVE", f"{base}Fil.bin", headers=quoted)).status_code == 201
        listed = await http.request("PROPFIND", base, headers={"Depth": "1"})
        assert listed.status_code == 207
        assert "Åtgärd ;1.bin" in listed.text
        lock = await http.request("LOCK", f"{base}Ny.txt", content=LOCKINFO.format("exclusive"))
        token = lock.headers["lock-token"]
        saved = await http.put(f"{base}Ny.txt", content=b"ny", headers={"If": f"({token})"})
        assert saved.status_code == 204
        ended = await http.request("UNLOCK", f"{base}Ny.txt", headers={"Lock-Token": token})
        assert ended.status_code == 204
