"""Markdown into safe HTML: the work of forum.markup, done in this process or in a worker.

Importing this takes a quarter of a server's start: it is done when the server answers already.
"""

import unicodedata
from typing import Any

from forum import allowed_html, markdown, markup_bounds
from forum.markup_bounds import MarkupRefused


def html_of(text: str, people: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Render a text, JSON in, JSON out.

    The text is tidied already. Gives `html` and `mentioned`, or `refused`: the arguments of
    MarkupRefused.
    """
    try:
        text = unicodedata.normalize("NFC", text)
        markup_bounds.check(text)
        html, mentioned = markdown.to_html(text, people)
        # Entities can name characters that were tidied away, so tidy once more.
        html = markup_bounds.without_unwanted(html)
        markup_bounds.check_html(html)
        return {"html": allowed_html.cleaned(html), "mentioned": sorted(mentioned)}
    except MarkupRefused as refused:
        return {"refused": refused.args}


# Much in the libraries is made at first use, 20 to 50 ms of it: now rather than on the event loop.
html_of("**a** `b` [c](https://d.se) &amp; e@f.se\n\n- [ ] g\n\n|h|\n|-|\n", {})
