"""Pieces that were compressed apart are one gzip file together."""

import gzip as library

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from web.compression import accepts_gzip, gzip, piece


@given(st.lists(st.text(max_size=400), max_size=8))
def test_pieces_are_one_file_that_holds_them_all(texts: list[str]) -> None:
    # Python's own library checks the sum and the length.
    pieces = [piece(text) for text in texts]
    assert library.decompress(gzip(pieces)).decode() == "".join(texts)
    between = [part for pair in zip(pieces, texts, strict=True) for part in pair]
    assert library.decompress(gzip(between)).decode() == "".join(text * 2 for text in texts)


def test_a_long_piece_is_as_long_as_it_was() -> None:
    long = "Åtta kommuner har svarat. " * 40_000
    packed = gzip([piece("<p>"), piece(long), piece("</p>")])
    assert library.decompress(packed).decode() == f"<p>{long}</p>"
    assert len(packed) * 50 < len(long)
    assert piece(long).plain().decode() == long


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
