"""The templates, and what they can ask for."""

import json
import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from forum import addresses, arrivals, document_names, file_names, images, language
from forum.draft_content import first_words
from forum.excerpts import plain_excerpt
from storage.roles import Act
from web import publication_words, words

STATIC = Path(__file__).parent / "static"


@lru_cache
def _manifest() -> dict[str, str]:
    """The built files' names, which hold a hash of their content."""
    return dict(json.loads((STATIC / "manifest.json").read_text()))


def static(name: str) -> str:
    """Return the address of a built file."""
    return f"/static/{_manifest()[name]}"


@lru_cache
def icon(name: str) -> Markup:
    """Return an icon for a place where a word stands beside it."""
    address = f"{static('icons.svg')}#{name}"
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(address)


def time_element(moment: datetime | date, form: str = "long") -> Markup:
    """Return a ``time`` with the absolute time as text, which a script may reword ("i dag").

    The form is "long", "short", or "date" for within a sentence, where "i dag" would not fit.
    """
    if isinstance(moment, datetime) and form == "date":
        moment, form = language.local(moment).date(), "long"
    if isinstance(moment, datetime):
        shown = language.long_time(moment) if form == "long" else language.short_date(moment)
        stamp = f'"{language.local(moment).isoformat(timespec="minutes")}" data-when'
    else:
        shown = language.long_date(moment) if form == "long" else language.short_date(moment)
        stamp = f'"{moment.isoformat()}"'
    # Of digits and the names of days and months: there is nothing in it to escape.
    return Markup(f"<time datetime={stamp}>{shown}</time>")  # noqa: S704


_MENTION = re.compile(r'<a class="mention" href="[^"]*">([^<]*)</a>')


def post_html(html: str, lists_members: bool) -> Markup:
    """Return a post's rendered text; to who may not list members, mentions lead nowhere."""
    if not lists_members:
        html = _MENTION.sub(r'<span class="mention">\1</span>', html)
    # Written by forum.markup alone, which has cleaned it.
    return Markup(html)  # noqa: S704


def document_html(html: str, table: str) -> Markup:
    """Return what has been made of a file; ``table`` names each of its tables, which scroll alone.

    The keyboard reaches what is wider than the page. What was Markdown has that already.
    """
    if 'class="table"' not in html:
        opened = Markup('<div class="table" role="group" tabindex="0" aria-label="{}"><table>')
        html = html.replace("<table>", opened.format(table))
        html = html.replace("</table>", "</table></div>")
    # Written by forum.file_reading, which has looked at every sign of it, or by forum.markup, and
    # kept by forum.renditions alone: nothing that somebody has sent is copied into it as it is.
    return Markup(html)  # noqa: S704


def initials(name: str) -> str:
    """Return "MS" for Maria Sandell, to stand in a circle beside her name."""
    parts = [part for part in name.split() if part]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else "?"


@lru_cache(maxsize=4096)
def _safe(words: str) -> Markup:
    # Our own words, from the code and the catalogue: a page has hundreds of them.
    return Markup(words)  # noqa: S704


def gettext(message: str, **values: object) -> Markup:
    """Return a text in the reader's language; what is filled in is escaped."""
    words = _safe(language.gettext(message))
    return words % values if values else words


def pgettext(context: str, message: str, **values: object) -> Markup:
    """Return a text as it is said in this context."""
    words = _safe(language.pgettext(context, message))
    return words % values if values else words


def ngettext(singular: str, plural: str, num: int, **values: object) -> Markup:
    """Return a text in the form that the number wants, which it may name as ``%(num)s``."""
    return _safe(language.ngettext(singular, plural, num)) % {"num": num, **values}


def npgettext(context: str, singular: str, plural: str, num: int, **values: object) -> Markup:
    """Return a text in this context, in the form that the number wants."""
    return _safe(language.npgettext(context, singular, plural, num)) % {"num": num, **values}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("web", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        # The files do not change under a server: looking whether they have costs a page 0.2 ms.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        _=gettext,
        ngettext=ngettext,
        pgettext=pgettext,
        npgettext=npgettext,
        static=static,
        icon=icon,
        time=time_element,
        words=words,
        publication_words=publication_words,
        Act=Act,
        month=language.month,
        post_html=post_html,
        version_file=addresses.version_file,
        document_html=document_html,
        first_words=first_words,
        state_words=arrivals.state_words,
        attachment_address=addresses.attachment,
        publication_address=addresses.public,
        picture_address=addresses.picture,
        own_picture_address=addresses.own_picture,
        SHOWN_IMAGES=images.SHOWN,
    )
    environment.filters.update(
        initials=initials,
        reachable=publication_words.reachable,
        made=publication_words.made,
        listed=language.listed,
        excerpt=plain_excerpt,
        file_size=language.file_size,
        limit_size=language.limit_size,
        stem=lambda name: document_names.split(name)[0],
        file_kind=lambda name: file_names.suffix(name).upper(),
        device=words.device,
        query=lambda values: urlencode({key: value for key, value in values.items() if value}),
        pair=lambda one: (one.id, one.name),
        twice=lambda one: (one, one),
        stored_term=lambda one: (one.stored, one.shown),
        worded=lambda one, of: (one, getattr(words, of)(one)),
        written_in=lambda one: (one, publication_words.written_in(one)),
    )
    return environment


_templates = _environment()


def rendered(template: str, **context: Any) -> Markup:
    """Return the HTML of a template that knows nothing but what it is given."""
    return Markup(_templates.get_template(template).render(**context))  # noqa: S704


def macro(template: str, name: str, *values: object) -> Markup:
    """Return what a template's macro makes of some values; it knows nothing but them."""
    return Markup(getattr(_templates.get_template(template).module, name)(*values))  # noqa: S704
