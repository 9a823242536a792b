"""A request without end does not fill the memory, whoever sends it."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.serving import Serving
from web.heads import MOST

A_FEW_MEGABYTES = 100
ENDLESS = [
    b"GET /",
    b"GET /help HTTP/1.1\r\nHost: %b\r\nCookie: ",
    b"GET /help HTTP/1.1\r\nHost: %b\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nLast: ",
]


@pytest.fixture
def serving(template: Path, tmp_path: Path) -> Iterator[Serving]:
    shutil.copy(template / "samverkan.sqlite", tmp_path)
    with Serving(tmp_path) as started:
        yield started


def _taken(serving: Serving, begun: bytes) -> int:
    """Return how many pieces of a request were taken before the server hung up."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as sending:
        sending.sendall(begun.replace(b"%b", f"127.0.0.1:{serving.port}".encode()))
        for sent in range(A_FEW_MEGABYTES):
            try:
                sending.sendall(b"a" * MOST)
            except OSError:
                return sent
    return A_FEW_MEGABYTES


def test_who_sends_a_request_without_end_is_hung_up_on(serving: Serving) -> None:
    for begun in ENDLESS:
        assert _taken(serving, begun) < A_FEW_MEGABYTES
    assert httpx.get(f"{serving.url}/help").status_code == 200


def test_long_headers_and_a_longer_body_are_taken_in(serving: Serving) -> None:
    headers = {"Cookie": "a=" + "b" * (MOST // 2), "Origin": serving.url}
    with httpx.Client(base_url=serving.url, headers=headers) as http:
        for _ in range(3):
            assert http.get("/help").status_code == 200
            parts = (b"a" * MOST for _ in range(20))
            for content in (b"a" * 10 * MOST, parts):
                assert http.post("/login", content=content).status_code != 400
