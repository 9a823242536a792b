"""Which parts of a file are sent to who asks for a part (RFC 9110, 14)."""

import pytest

from web import ranges
from web.ranges import Part, Several, Unsatisfiable


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("bytes=0-0", [(0, 1)]),
        ("bytes=10-19", [(10, 20)]),
        ("bytes=10-", [(10, 100)]),
        ("bytes=-10", [(90, 100)]),
        ("bytes=-1000", [(0, 100)]),
        ("bytes=90-1000", [(90, 100)]),
        ("Bytes = 1-2", [(1, 3)]),
        ("bytes=50-59, 0-9", [(0, 10), (50, 60)]),
        ("bytes=0-9,5-14,15-20", [(0, 21)]),
        ("bytes=0-9,,200-", [(0, 10)]),
        # What is not understood asks for nothing.
        ("", []),
        ("bytes", []),
        ("bytes=", []),
        ("bytes=-", []),
        ("bytes=a-b", []),
        ("bytes=5-2", []),
        ("bytes=0-9,x", []),
        ("bytes=1-2-3", []),
        ("bytes=٣-٤", []),
        ("lines=0-9", []),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 202, 2)), []),
        ("bytes=" + "9" * 400 + "-", []),
    ],
)
def test_parts_are_what_is_asked_for(header: str, parts: list[Part]) -> None:
    assert ranges.asked(header, 100) == parts


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=200-,300-"])
def test_parts_that_lie_beyond_the_end_are_refused(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        ranges.asked(header, 100)


def test_of_nothing_there_is_no_part() -> None:
    with pytest.raises(Unsatisfiable):
        ranges.asked("bytes=0-", 0)


def test_several_parts_are_as_long_as_is_said() -> None:
    content, parts = bytes(range(100)), [(0, 10), (95, 100)]
    around = Several(parts, 100, "text/plain; charset=utf-8")
    pieces = zip(parts, around.heads, strict=True)
    body = b"".join(head + content[one[0] : one[1]] + b"\r\n" for one, head in pieces) + around.end
    assert len(body) == around.length
    assert b"Content-Range: bytes 95-99/100" in body
