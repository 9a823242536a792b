"""The built files: kept for ever, and compressed once, when they were built."""

import gzip
import json

import pytest

from tests.http.records import Browsers
from web.jinja import STATIC, static

NAMES = sorted(json.loads((STATIC / "manifest.json").read_text()))


@pytest.mark.parametrize("name", NAMES)
async def test_a_built_file_is_the_same_compressed_or_not(browser: Browsers, name: str) -> None:
    async with browser() as http:
        plain = await http.get(static(name), headers={"Accept-Encoding": "identity"})
        packed = await http.get(static(name), headers={"Accept-Encoding": "gzip"})
    assert plain.status_code == packed.status_code == 200
    assert packed.content == plain.content
    assert packed.headers["content-type"] == plain.headers["content-type"]
    text = not name.endswith(".woff2")
    assert (packed.headers.get("content-encoding") == "gzip") == text
    if text:
        built = STATIC / f"{static(name).removeprefix('/static/')}.gz"
        assert gzip.decompress(built.read_bytes()) == plain.content
        assert int(packed.headers["content-length"]) == built.stat().st_size
    for answer in (plain, packed):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in answer.headers["vary"]


async def test_only_names_with_a_hash_are_served(browser: Browsers) -> None:
    async with browser() as http:
        for name in ("manifest.json", ".inputs", "../app.py", "main.css"):
            for accepted in ("gzip", "identity"):
                answer = await http.get(f"/static/{name}", headers={"Accept-Encoding": accepted})
                assert answer.status_code == 404
