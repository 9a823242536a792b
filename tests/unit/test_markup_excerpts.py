"""Excerpts: the first words of what somebody wrote."""

import time
from collections.abc import AsyncIterator

import pytest

from forum.excerpts import plain_excerpt
from tests.markup import html, patient_workers


@pytest.fixture(scope="module", autouse=True)
async def workers() -> AsyncIterator[None]:
    async with patient_workers():
        yield


async def test_an_excerpt_is_words_and_ends_where_a_word_does() -> None:
    shown = await html(
        "# Rubrik\n\nHur *gör* ni med [studie](https://x.se)plan & <b>?\n\n|a|b|\n|-|-|"
    )
    assert plain_excerpt(shown, 500) == "Rubrik Hur gör ni med studieplan & <b>? a b"
    assert plain_excerpt(shown, 14) == "Rubrik Hur gör…"
    assert plain_excerpt(shown, 16) == "Rubrik Hur gör…"
    assert plain_excerpt("<p>" + "x" * 99 + "</p>", 10) == "x" * 9 + "…"
    assert plain_excerpt("", 10) == ""
    assert plain_excerpt("<p>" + " \n" * 5_000 + "ord</p>", 10) == "ord"


async def test_an_excerpt_reads_no_more_than_it_needs() -> None:
    big = "<p>ord och ord</p>\n" * 100_000
    started = time.process_time()
    assert len(plain_excerpt(big, 200)) <= 201
    assert time.process_time() - started < 0.05
