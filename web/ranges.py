"""Which parts of a file a request asks for (RFC 9110, 14)."""

import re
import secrets
from collections.abc import Sequence
from typing import Final

#: From the first byte to before the second number.
Part = tuple[int, int]

#: Who asks for more parts than this at a time is sent the whole.
MOST: Final = 100
_ONE = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """No part that is asked for lies within the file."""


def asked(header: str, size: int) -> list[Part]:
    """Return the parts in their order, joined where they meet; none when all is to be sent.

    What cannot be understood asks for nothing. Raises Unsatisfiable.
    """
    unit, _, said = header.partition("=")
    wanted = [one.strip() for one in said.split(",") if one.strip()]
    if unit.strip().lower() != "bytes" or not 1 <= len(wanted) <= MOST:
        return []
    parts = []
    for one in wanted:
        match = _ONE.fullmatch(one)
        if match is None or one == "-":
            return []
        first, last = match.groups()
        if first and last and int(last) < int(first):
            return []
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last) + 1, size) if first and last else size
        if start < end:
            parts.append((start, end))
    if not parts:
        raise Unsatisfiable
    return _joined(sorted(parts))


def _joined(parts: Sequence[Part]) -> list[Part]:
    joined = [parts[0]]
    for start, end in parts[1:]:
        before = joined[-1]
        if start <= before[1]:
            joined[-1] = (before[0], max(before[1], end))
        else:
            joined.append((start, end))
    return joined


class Several:
    """What stands around several parts in one answer (RFC 9110, 14.6)."""

    def __init__(self, parts: Sequence[Part], size: int, media_type: str) -> None:
        boundary = secrets.token_hex(13)
        self.media_type = f"multipart/byteranges; boundary={boundary}"
        self.heads = [
            f"--{boundary}\r\nContent-Type: {media_type}\r\n"
            f"Content-Range: bytes {start}-{end - 1}/{size}\r\n\r\n".encode()
            for start, end in parts
        ]
        self.end = f"--{boundary}--\r\n".encode()
        between = sum(len(head) + 2 for head in self.heads)
        self.length = sum(end - start for start, end in parts) + between + len(self.end)
