"""One-line texts from forms: names, titles and addresses, cleaned alike everywhere."""

import re
import unicodedata

# Longer than any of these texts may be. Normalising takes time that is quadratic in a run of
# combining marks: half a megabyte of them would hold the event loop for minutes.
LONGEST = 2000
_SPACE = re.compile(r"\s+")
# Controls, and the marks that turn the direction of the text around them.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# Letters that do not come apart into an ASCII letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)


def one_line(value: str) -> str:
    """Return the text, or its first 2,000 characters, in NFC, single-spaced, without controls."""
    # What is not seen may part a letter from its mark, so it goes first.
    plain = unicodedata.normalize("NFC", UNSEEN.sub("", value[:LONGEST]))
    return _SPACE.sub(" ", plain).strip()


def folded(value: str) -> str:
    """Return the text in lower-case ASCII letters, digits and hyphens: "Ångström" → "angstrom"."""
    plain = value[:LONGEST].casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", bare.replace(" ", "-"))).strip("-")
