"""What a form holds, as a draft keeps it: by the fields' names, within bounds."""

from typing import Any

from forum import personal_numbers
from forum.kept_forms import WRITTEN, Entries, has_words
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line

#: Characters in all: a post, its title and its short version.
LONGEST = 40_000
FIRST_WORDS = 80
# What belongs to the form and not to what is written in it.
WRITER = "draft_writer"
_OWN = frozenset({"form_key", "place", "draft_saved", WRITER, "kept", "preview", "page", "next"})


def content_of(entries: Entries) -> dict[str, Any]:
    """Return a form's fields as a draft keeps them; what stands in several fields is a list.

    Raises Invalid, for ``draft``, with what keeps it from being saved.
    """
    content: dict[str, Any] = {}
    for name, value in entries:
        if name in _OWN:
            continue
        if name in content:
            earlier = content[name]
            content[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            content[name] = value
    _check(entries)
    return content


def _check(entries: Entries) -> None:
    if sum(len(name) + len(value) for name, value in entries) > LONGEST:
        raise Invalid(
            draft=_("The text is too long to be saved as a draft: at most %(limit)d characters.")
            % {"limit": LONGEST}
        )
    if any(personal_numbers.holds_one(value) for name, value in entries if has_words(name)):
        raise Invalid(draft=_("The draft is not saved.") + " " + personal_numbers.explanation())


def entries_of(content: dict[str, Any]) -> Entries:
    """Return a draft's content as a form's fields."""
    return [
        (name, str(value))
        for name, held in content.items()
        if name not in _OWN
        for value in (held if isinstance(held, list) else [held])
    ]


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two forms hold the same."""
    return sorted(entries_of(one)) == sorted(entries_of(other))


def is_written(content: dict[str, Any]) -> bool:
    """Say whether there is something to keep: a text or a file, not only choices."""
    kept = (*WRITTEN, "attachment")
    return any(name in kept and value.strip() for name, value in entries_of(content))


def first_words(content: dict[str, Any]) -> str:
    """Return the title, or how the text begins."""
    words = one_line(str(content.get("title") or content.get("body") or ""))
    return words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS].rstrip()}…"
