"""The page that can be read instead of a published file, made of what was read out of it."""

import html
import re
from collections.abc import Sequence
from itertools import count
from typing import Final

from forum.allowed_html import cleaned
from forum.file_reading.shown_html import is_safe
from forum.language import gettext as _
from forum.language import speaking
from storage.people import Language
from storage.renditions import Rendition, RenditionPage

#: The page's own heading is h1.
FIRST_HEADING: Final = 2
_LAST_HEADING: Final = 6
#: Of plain text, in characters: anybody may ask for it as often as she likes.
MOST_SHOWN: Final = 200_000
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
_PARAGRAPHS: Final = re.compile(r"\n\s*\n")
#: A line that is shorter than this part of the longest was ended on purpose.
_FULL_LINE: Final = 0.6


def page_of(rendition: Rendition, pages: Sequence[RenditionPage], language: Language) -> str:
    """Return the HTML of a version's text, its headings from h2 on; empty where there is none.

    What is added to it is in the publication's own language.
    """
    with speaking(language):
        match rendition.kind:
            case "html" | "table":
                return with_tables(headed(_safe(rendition.html)))
            case "text":
                return _text(rendition.text)
            case "pages":
                return _page_by_page(pages, rendition.page_count)
            case _:
                return ""


def _safe(made: str) -> str:
    # What is rendered Markdown has been cleaned so already; anything else should not be there.
    return made if is_safe(made) else cleaned(made)


def headed(made: str, first: int = FIRST_HEADING) -> str:
    """Return HTML with headings from ``first`` on, none of which skips a rank."""
    ranks: list[int] = []

    def renamed(found: re.Match[str]) -> str:
        closing, rank = found[1], int(found[2])
        if not closing:
            while ranks and ranks[-1] >= rank:
                ranks.pop()
            ranks.append(rank)
        return f"<{closing}h{min(_LAST_HEADING, first + len(ranks) - 1)}>"

    return _HEADING.sub(renamed, made)


def with_tables(made: str) -> str:
    """Return HTML in which tables scroll by themselves; those of Markdown do already."""
    if "<div" in made:
        return made
    number = count(1)

    def opened(_found: re.Match[str]) -> str:
        name = html.escape(_("Table %(number)d") % {"number": next(number)})
        return f'<div class="table" role="group" tabindex="0" aria-label="{name}"><table>'

    return re.sub("<table>", opened, made).replace("</table>", "</table></div>")


def _text(text: str) -> str:
    """Return plain text as paragraphs, as much of it as fits a page."""
    if len(text) <= MOST_SHOWN:
        return paragraphs(text)
    rest = html.escape(_("Only the first part is shown here. The rest is in the file."))
    return f"{paragraphs(text[:MOST_SHOWN])}\n<p>{rest}</p>"


def _page_by_page(pages: Sequence[RenditionPage], every: int) -> str:
    """Return the words of each page below its number; nothing where no page has any."""
    if not any(page.text.strip() for page in pages):
        return ""
    parts, empty, shown, left = [], html.escape(_("There is no text here.")), 0, MOST_SHOWN
    for page in pages:
        left -= len(page.text)
        if left < 0:
            break
        shown += 1
        heading = html.escape(_("Page %(number)d") % {"number": page.number})
        words = paragraphs(page.text) or f"<p>{empty}</p>"
        parts.append(f"<h{FIRST_HEADING}>{heading}</h{FIRST_HEADING}>\n{words}")
    if every > shown:
        rest = _("The first %(shown)d of %(every)d pages are shown here. The rest is in the file.")
        said = rest % {"shown": shown, "every": every}
        parts.append(f"<p>{html.escape(said)}</p>")
    return "\n".join(parts)


def paragraphs(text: str) -> str:
    """Return plain text as paragraphs. Full lines run on, since a phone's are other ones."""
    blocks = [block.splitlines() for block in _PARAGRAPHS.split(text.strip()) if block.strip()]
    return "\n".join(f"<p>{_lines(block)}</p>" for block in blocks)


def _lines(lines: list[str]) -> str:
    full = _FULL_LINE * max(map(len, lines))
    shown = ""
    for line in lines[:-1]:
        shown += html.escape(line.strip(), quote=False) + (" " if len(line) >= full else "<br>")
    return shown + html.escape(lines[-1].strip(), quote=False)
