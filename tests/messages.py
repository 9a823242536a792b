"""The texts that need words in every language: read out of the code and the templates.

``python -m tests.messages`` brings the Swedish catalogue up to date with them; what is new has an
empty translation, and a test fails until it is filled in.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "forum/locale/sv/LC_MESSAGES/messages.po"
# Fixed, so that refreshing the catalogue changes nothing but texts.
HEADER = """\
# Swedish texts of Samverkan.
# This file is distributed under the same license as Samverkan.
#
msgid ""
msgstr ""
"Project-Id-Version: Samverkan\\n"
"POT-Creation-Date: 2026-11-22 00:00+0000\\n"
"PO-Revision-Date: 2026-11-22 00:00+0000\\n"
"Language: sv\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}}


def used() -> Catalog:
    """Return every text that the code and the templates ask to have translated."""
    catalogue = Catalog(locale="sv", project="Samverkan", charset="utf-8")
    for folder in ("forum", "web"):
        found = extract_from_dir(
            ROOT / folder,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            directory_filter=lambda path: Path(path).name not in {"node_modules", "static"},
        )
        for file, line, message, _comments, context in sorted(found, key=lambda one: one[:2]):
            catalogue.add(message, None, [(f"{folder}/{file}", line)], context=context)
    return catalogue


def swedish() -> Catalog:
    """Return the Swedish catalogue as it is written."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="sv")


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages, without the header."""
    return (message for message in catalogue if message.id)


def update() -> None:
    """Write the catalogue anew: what is used, with the words there are."""
    catalogue = swedish() if CATALOGUE.exists() else used()
    catalogue.update(used(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=100, include_lineno=False, omit_header=True)


if __name__ == "__main__":
    update()
