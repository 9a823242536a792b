"""Texts of our own that would run a script, were any place careless: in each, the script is trap().

They stand in payloads.txt, one a line under the name of their kind, with Python's escapes for what
cannot be seen.
"""

import re
from pathlib import Path

_ESCAPE = re.compile(r"\\(?:\\|n|r|t|x[0-9a-f]{2}|u[0-9a-f]{4})")


def _read() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    payloads: list[str] = []
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("\n"):
        if kind := re.fullmatch(r"# ([\w ,]+)", line):
            payloads = kinds.setdefault(kind[1], [])
        elif line:
            payloads.append(_ESCAPE.sub(_meant, line))
    return kinds


def _meant(escape: re.Match[str]) -> str:
    return escape[0].encode().decode("unicode_escape")


KINDS = _read()
PAYLOADS = [payload for payloads in KINDS.values() for payload in payloads]
