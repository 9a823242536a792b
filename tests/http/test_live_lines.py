"""What the log says of sockets: one line where something went otherwise than it should."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp
from websockets.exceptions import InvalidStatus

from forum import sessions
from forum.settings import Settings
from realtime.connections import LOGGED_OUT
from tests.http.test_live import Opening, app, dial, listening, served, tab
from tests.http.test_observed import heard
from tests.world import World

__all__ = ["app", "heard", "listening", "served", "tab"]

Lines = list[dict[str, Any]]


def told(heard: Lines) -> Lines:
    """Return the lines about sockets, each of which has a number that is its own."""
    lines = [line for line in heard if "socket" in line]
    assert len({line["request"] for line in lines}) == len(lines)
    kept = ("socket", "reason", "code")
    return [{name: line[name] for name in kept if name in line} for line in lines]


async def test_a_socket_that_is_refused_has_a_line_that_says_why(
    world: World, served: Settings, app: ASGIApp, heard: Lines
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    for refused in (
        dial(served, token, path="/live/hemligt"),
        dial(served, token, "https://hemligt.example"),
        dial(served, "hemligt"),
    ):
        with pytest.raises(InvalidStatus):
            await refused
    reasons = ("path", "origin", "session")
    assert told(heard) == [{"socket": "refused", "reason": reason} for reason in reasons]
    said = str([line for line in heard if "socket" in line])
    assert "hemligt" not in said
    assert token not in said


async def test_a_socket_that_is_closed_has_a_line_unless_its_page_was_left(
    world: World, tab: Opening, heard: Lines
) -> None:
    async with tab(world["bob"]):
        pass
    async with tab(world["bob"]) as one:
        await sessions.end_all(world["bob"])
        assert await one.closed() == LOGGED_OUT
    async with tab(world["ann"]) as one:
        await one.socket.send("x" * 20_000)
        assert await one.closed() == 1009
        await asyncio.sleep(0.1)
    assert told(heard) == [{"socket": "closed", "code": code} for code in (LOGGED_OUT, 1009)]
