"""No text holds the event loop, and none that is legal takes longer than it may."""

import asyncio
import inspect
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from forum import markup_bounds, safe_html
from forum.markup import MarkupRefused, render
from tests.hostile_markup import TEXTS
from tests.markup import MEMBERS, html, patient_workers, table

STALL = 0.05


@pytest.fixture(scope="module", autouse=True)
async def workers() -> AsyncIterator[None]:
    async with patient_workers():
        await render("a" * 3_000)  # starts one
        yield


class StallMonitor:
    """Tells for how long at a stretch this process kept the event loop busy, in CPU seconds.

    CPU and not wall time: what other programs do on a shared machine is no stall of ours.
    """

    async def __aenter__(self) -> "StallMonitor":
        self.worst = 0.0
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def _watch(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.thread_time() - before)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.002)
        self._task.cancel()


async def stall(text: str) -> float:
    """The longest stall while the text is rendered or refused: the best of three."""
    stalls = []
    for _ in range(3):
        async with StallMonitor() as monitor:
            with suppress(MarkupRefused):
                await render(text, MEMBERS)
        stalls.append(monitor.worst)
        if monitor.worst < STALL:
            break
    return min(stalls)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_hostile_text_is_rendered_or_refused_and_never_stalls_the_event_loop(
    text: str,
) -> None:
    assert await stall(text) <= STALL
    assert await stall(text[: markup_bounds.LIGHT_CHARACTERS]) <= STALL


def rendered_here(text: str, limit: float) -> tuple[dict[str, Any], float]:
    """The answer and its CPU seconds in this process: the best of three, or the first within."""
    times = []
    for _ in range(3):
        started = time.thread_time()
        answer = safe_html.html_of(text, {})
        times.append(time.thread_time() - started)
        if times[-1] < limit:
            break
    return answer, min(times)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_short_hostile_text_renders_well_within_the_time_of_a_stall(text: str) -> None:
    light = text[: markup_bounds.LIGHT_CHARACTERS]
    while not markup_bounds.is_light(light):
        light = light[: len(light) * 9 // 10]
    _, seconds = rendered_here(light, STALL)
    assert seconds <= STALL


@pytest.mark.parametrize(
    "text",
    [
        "Så här gör vi i vår kommun när någon söker. " * 727,
        ("Vi gör så **här**, se [länk](https://ale.se/a).\n\n- ett\n- två\n\n" * 400)[:25_000],
        table(2, 1_000),
        table(1_000, 2),
        "*_" * 2_000 + "a",
        "[" * 2_000 + "a",
        "<https://a> " * 900,
        "a\n" * 6_000,
        "- a\n" * 4_000,
        "[a]: b\n\n" * 2_000 + "a",
    ],
    ids=range(10),
)
def test_legal_text_at_a_limit_takes_less_than_the_time_allowed(text: str) -> None:
    answer, seconds = rendered_here(text, markup_bounds.SECONDS)
    assert "html" in answer
    assert seconds < markup_bounds.SECONDS


async def test_ordinary_replies_do_not_need_another_process() -> None:
    reply = "Hej @anna.ek!\n\nVi gör så här i **Ale**:\n\n- ring först\n- skriv sedan\n\n"
    assert markup_bounds.is_light(reply + "Det har fungerat bra sedan i våras, tycker jag. " * 35)
    assert not markup_bounds.is_light("a" * 2_001)
    assert not markup_bounds.is_light("|a|\n|-|\n|b|")


async def test_many_long_texts_at_once_are_all_answered() -> None:
    shown = await asyncio.gather(*(html(f"{n} " + "ord " * 2_000) for n in range(20)))
    assert [text[3:].split()[0] for text in shown] == [str(n) for n in range(20)]


def test_no_text_reaches_pythons_limit_of_recursion() -> None:
    deep = ("[" * 2_000, "> " * 2_000 + "a", "- " * 2_000 + "a", "![" * 1_000, "*a " * 999)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 400)
    try:
        for text in deep:
            safe_html.html_of(text, {})
    finally:
        sys.setrecursionlimit(limit)
