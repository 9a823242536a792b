"""Writing with one box: the first sentence is the title, and the subject area is chosen for one."""

import re
from dataclasses import replace

from forum import bodies, similar
from forum.new_threads import NewThread
from forum.text import one_line
from forum.titles import TITLE_LIMIT
from storage.door import Inside

# What Markdown begins a line with, and the marks within one.
_LINE_MARK = re.compile(r"^\s*(?:[#>*+-]+|\d+[.)])\s+")
_MARK = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
# A sentence ends by ! or ?. After a full stop another must begin: words are cut short by it too.
_END = re.compile(r"[!?…][.!?…]*[\"”’)]*(?=\s|$)|\.+[\"”’)]*(?=\s+[\"”(]?[^\W_a-zåäö]|\s*$)")
_CUT_SHORT = re.compile(
    r"(?:\b(?:t\.ex|bl\.a|m\.m|o\.s\.v|d\.v\.s|kl|ca|nr|tel|resp)|\b\w)\.$", re.I
)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text as a title: one line, without marks, not too long."""
    lines = [_LINE_MARK.sub("", line) for line in text.split("\n")]
    first = next((one_line(_MARK.sub("", line)) for line in lines if one_line(line)), "")
    for found in _END.finditer(first):
        sentence = first[: found.end()]
        if not _CUT_SHORT.search(sentence) or found.end() == len(first):
            first = sentence
            break
    # A statement has no full stop as a title; a question keeps its mark.
    title = first.removesuffix(".") if not first.endswith("..") else first
    if len(title) <= TITLE_LIMIT:
        return title
    cut = title[: TITLE_LIMIT - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-") + "…"


async def named(inside: Inside, wanted: NewThread) -> NewThread:
    """Return what somebody has written with a title and a subject area chosen for her.

    Raises Invalid when there is no text, or one that cannot be taken.
    """
    await bodies.preview(inside, wanted.body)
    title = first_sentence(wanted.body)
    return replace(wanted, title=title, area_id=await area_for(inside, title))


async def area_for(inside: Inside, title: str) -> int | None:
    """Return the subject area of the thread that is most alike, or else the most used one."""
    alike = await similar.threads(inside, title)
    if alike:
        return alike[0].area_id
    rows = await inside.read(
        """
        SELECT a.id, (SELECT COUNT(*) FROM thread t
            WHERE t.area_id = a.id AND t.network_id = :network_id) AS threads
        FROM area a WHERE a.network_id = :network_id ORDER BY threads DESC, a.position, a.id LIMIT 1
        """
    )
    return rows[0]["id"] if rows else None
