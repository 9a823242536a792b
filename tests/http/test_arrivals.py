"""Files sent piece by piece: gone on with after a break, and kept when they have come to an end."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from starlette.types import ASGIApp

from forum import arrivals, folders, uploads
from forum.settings import Settings
from storage import clock, door
from storage.door import Inside
from tests.http.records import Browsers, change, row, rows
from tests.world import World

TUS = {"Tus-Resumable": "1.0.0"}
OFFSET = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


def metadata(**said: str) -> str:
    """Return Upload-Metadata as tus-js-client writes it."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items()
    )


def here(world: World) -> str:
    return f"/n/{world.network.slug}/arrivals"


async def begun(http: httpx.AsyncClient, world: World, size: int, **said: str) -> httpx.Response:
    """Announce a file for the network's own folder."""
    inside = await door.enter(world["bob"], world.network.slug)
    described = {"name": "Karta.pdf", "folder": str((await folders.root(inside)).id)} | said
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**described)}
    return await http.post(here(world), headers=headers)


async def sent(
    http: httpx.AsyncClient, address: str, offset: int, content: bytes | AsyncIterator[bytes]
) -> httpx.Response:
    headers = {**OFFSET, "Upload-Offset": str(offset)}
    return await http.patch(address, headers=headers, content=content)


async def test_a_file_comes_in_pieces_and_is_kept_when_it_is_whole(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    async with browser(world["bob"]) as http:
        made = await begun(http, world, 10, name="Åtgärder.pdf", path="Möten/2026")
        assert (made.status_code, made.headers["tus-resumable"]) == (201, "1.0.0")
        address = made.headers["location"]
        first = await sent(http, address, 0, b"01234")
        assert (first.status_code, first.headers["upload-offset"]) == (204, "5")
        told = await http.head(address, headers=TUS)
        assert (told.headers["upload-offset"], told.headers["upload-length"]) == ("5", "10")
        assert told.headers["cache-control"] == "no-store"
        again = await sent(http, address, 0, b"01234")
        assert again.status_code == 409
        last = await sent(http, address, 5, b"56789")
        assert (last.status_code, last.headers["upload-offset"]) == (204, "10")
    found = await row("arrival")
    assert (found["state"], found["name"], found["path"]) == ("here", "Åtgärder.pdf", "Möten/2026")
    blob = uploads.limits(chosen).store.folder / found["blob_id"][:2] / found["blob_id"][2:]
    assert blob.read_bytes() == b"0123456789"


async def test_what_has_come_stays_when_the_sender_is_gone(
    world: World, browser: Browsers, app: ASGIApp
) -> None:
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 10)).headers["location"]
        headers: Mapping[str, str] = {**OFFSET, "Upload-Offset": "0"}
        request = http.build_request("PATCH", address, headers=headers)
        messages: list[dict[str, object]] = [
            {"type": "http.disconnect"},
            {"type": "http.request", "body": b"0123", "more_body": True},
        ]

        async def receive() -> dict[str, object]:
            return messages.pop()

        async def send(_message: object) -> None:
            pass

        await app(_scope(request, http), receive, send)
        told = await http.head(address, headers=TUS)
        assert told.headers["upload-offset"] == "4"
        assert (await sent(http, address, 4, b"456789")).status_code == 204


def _scope(request: httpx.Request, http: httpx.AsyncClient) -> dict[str, object]:
    cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": b"",
        "root_path": "",
        "headers": [*headers, (b"cookie", cookies.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


async def test_two_who_send_the_same_one_do_not_mix(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 6)).headers["location"]
        going = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"012"
            going.set()
            await asyncio.sleep(0.2)
            yield b"345"

        first = asyncio.create_task(sent(http, address, 0, slowly()))
        await going.wait()
        assert (await sent(http, address, 0, b"xxx")).status_code == 423
        assert (await first).status_code == 204


async def test_more_than_was_announced_is_refused(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 3)).headers["location"]
        assert (await sent(http, address, 0, b"0123")).status_code == 413
        assert (await http.head(address, headers=TUS)).headers["upload-offset"] == "0"


async def test_only_its_sender_knows_of_it(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 3)).headers["location"]
    for name, status in (("ann", 404), ("charlie", 404), ("gus", 403), (None, 401)):
        async with browser(world[name] if name else None) as http:
            for method in ("HEAD", "PATCH", "DELETE"):
                answer = await http.request(
                    method, address, headers={**OFFSET, "Upload-Offset": "0"}
                )
                assert answer.status_code == status, (name, method)
    assert len(await rows("arrival")) == 1


async def test_what_is_wrong_is_said_in_words(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    async with browser(world["bob"]) as http:
        large = await begun(http, world, chosen.document_mb * 1024 * 1024 + 1)
        assert (large.status_code, "Karta.pdf" in large.text) == (422, True)
        empty = await begun(http, world, 0)
        assert (empty.status_code, "Karta.pdf" in empty.text) == (422, True)
        personal = await begun(http, world, 3, name="19121212-1212.pdf")
        assert personal.status_code == 422
        assert "1212-1212" not in personal.text
        for headers, status in (
            ({"Upload-Length": "3"}, 412),
            ({**TUS}, 400),
            ({**TUS, "Upload-Length": "-3"}, 400),
            ({**TUS, "Upload-Length": "3", "Upload-Metadata": "name %"}, 400),
        ):
            assert (await http.post(here(world), headers=headers)).status_code == status
        elsewhere = await begun(http, world, 3, folder="999999")
        assert elsewhere.status_code == 404
    assert await rows("arrival") == []


async def test_the_disk_is_asked_before_anything_is_sent(
    world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.blobs import Store

    monkeypatch.setattr(Store, "_free", lambda _self: 100)
    async with browser(world["bob"]) as http:
        answer = await begun(http, world, 3)
        assert answer.status_code == 507
        assert "Karta.pdf" in answer.text


async def test_an_end_that_nobody_was_told_of_is_found_by_asking(
    world: World, bob: Inside, browser: Browsers, chosen: Settings
) -> None:
    """The server wrote the last piece and died before it kept the file."""
    async with browser(world["bob"]) as http:
        address = (await begun(http, world, 4)).headers["location"]
        found = await arrivals.arrival(bob, (await row("arrival"))["id"])
        async with arrivals.going_on(uploads.into_folder(chosen), found) as arriving:
            arriving.write(b"0123")
        told = await http.head(address, headers=TUS)
        assert told.headers["upload-offset"] == "4"
    assert (await row("arrival"))["state"] == "here"


async def test_a_file_that_is_given_up_or_forgotten_leaves_nothing(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    limits = uploads.into_folder(chosen)
    async with browser(world["bob"]) as http:
        for _time in range(2):
            address = (await begun(http, world, 4)).headers["location"]
        await sent(http, address, 0, b"01")
        assert (await http.delete(address, headers=TUS)).status_code == 204
        assert (await http.head(address, headers=TUS)).status_code == 404
    left = await row("arrival")
    await change("arrival", left["id"], changed_at=clock.now() - arrivals.KEPT)
    await arrivals.sweep(limits)
    assert await rows("arrival") == []
    assert list((limits.store.folder / "arriving").iterdir()) == []
