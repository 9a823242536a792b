"""The allow-list of elements and attributes, and the cleaning away of everything else."""

import re
from typing import Final

import bleach

from forum.links import REL, SAFE_HREF

_ANY: Final = re.compile(".*", re.DOTALL)
_NONE: Final[dict[str, re.Pattern[str]]] = {}
_ALLOWED: Final[dict[str, dict[str, re.Pattern[str]]]] = {
    **dict.fromkeys(("p", "br", "hr", "h4", "h5", "h6", "em", "strong", "code"), _NONE),
    **dict.fromkeys(("blockquote", "label", "table", "thead", "tbody", "tr"), _NONE),
    "a": {
        "href": SAFE_HREF,
        "rel": re.compile(REL),
        "class": re.compile("mention"),
        "title": _ANY,
    },
    "div": {
        "class": re.compile("table"),
        "role": re.compile("group"),
        "tabindex": re.compile("0"),
        "aria-label": _ANY,
    },
    "pre": {"tabindex": re.compile("0")},
    "ul": {"class": re.compile("contains-task-list")},
    "ol": {"class": re.compile("contains-task-list"), "start": re.compile("[0-9]{1,9}")},
    "li": {"class": re.compile("task-list-item")},
    "input": {"type": re.compile("checkbox"), "disabled": _ANY, "checked": _ANY},
    "th": {"scope": re.compile("col"), "class": re.compile("align-(left|center|right)")},
    "td": {"class": re.compile("align-(left|center|right)")},
}


# Words, the three entities that stand for themselves, and allowed elements without attributes but
# a list's first number: bleach gives such a text back as it is, in three quarters of a
# millisecond. Most posts are so.
_PLAIN: Final = re.compile(
    r"(?:[^<>&]++|&(?:amp|lt|gt);|</?(?:p|em|strong|code|blockquote|ul|ol|li|h[456])>|<(?:br|hr)>"
    r'|<ol start="[0-9]{1,9}">)*+'
)


def cleaned(html: str) -> str:
    """Give the HTML with nothing in it but what is allowed; other tags are shown as text."""
    if _PLAIN.fullmatch(html):
        return html
    # A new Cleaner each time: its parser has state, and two threads may render at once.
    return bleach.Cleaner(
        tags=frozenset(_ALLOWED), attributes=_may_have, protocols={"http", "https", "mailto"}
    ).clean(html)


def _may_have(tag: str, name: str, value: str) -> bool:
    pattern = _ALLOWED[tag].get(name)
    return pattern is not None and pattern.fullmatch(value) is not None
