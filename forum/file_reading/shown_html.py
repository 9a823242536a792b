"""The HTML that previews consist of, sign by sign; what is anything else is not shown.

It is made by forum.file_reading.blocks and nothing of a file is ever copied into it as it is. It is
looked at here in the server's own process, since the one that reads a stranger's file may have
become the stranger's. That needs no library: a parser of HTML that mends what is wrong would take
seconds for a long table.
"""

import re
from typing import Final

REL: Final = "nofollow noopener"
_TAGS: Final = "p|h[3456]|em|strong|ul|ol|li|table|thead|tbody|tr|td|th"
#: Words, entities that stand for themselves, elements without attributes, and these few with one.
_SHOWN: Final = re.compile(
    rf"(?:[^<>&]++|&(?:amp|lt|gt);|<br>|</?(?:{_TAGS})>|</a>"
    r'|<ol start="[0-9]{1,6}">|<td colspan="[0-9]{1,2}">'
    r'|<th scope="col"(?: colspan="[0-9]{1,2}")?>'
    r'|<a href="(?:https?://|mailto:)(?:[^\s"<>&\\]|&amp;){1,2000}+" rel="nofollow noopener">)*+'
)
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)")


def is_safe(html: str) -> bool:
    """Whether it is what a preview may hold, and all that it opens is closed in it."""
    if not _SHOWN.fullmatch(html):
        return False
    opened: list[str] = []
    for closing, name in _TAG.findall(html):
        if not closing:
            opened += [name] if name != "br" else []
        elif not opened or opened.pop() != name:
            return False
    return not opened
