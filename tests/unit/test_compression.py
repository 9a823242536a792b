"""Compressed pages are gzip files, and what is kept deflated is what it was."""

import gzip as library

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from web.compression import accepts_gzip, deflated, gzip, inflated


@given(st.text(max_size=400))
def test_a_text_is_what_it_was(text: str) -> None:
    # Python's own library checks the sum and the length.
    assert library.decompress(gzip(text)).decode() == text
    assert inflated(deflated(text.encode())).decode() == text


def test_a_long_text_takes_little() -> None:
    long = "Åtta kommuner har svarat. " * 40_000
    assert library.decompress(gzip(long)).decode() == long
    assert len(gzip(long)) * 50 < len(long)
    assert len(deflated(long.encode())) * 50 < len(long)


def test_the_same_page_is_always_the_same_file() -> None:
    # No name and no time is in its head (RFC 1952, 2.3).
    assert gzip("<p>") == gzip("<p>")
    assert gzip("<p>")[3:8] == bytes(5)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
    ],
)
def test_what_a_browser_takes(said: str, meant: bool) -> None:
    headers = [(b"accept-encoding", said.encode())]
    assert accepts_gzip(Request({"type": "http", "headers": headers})) == meant
