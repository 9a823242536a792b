"""One-line texts from forms: names, titles and addresses, cleaned alike everywhere."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
# Controls, and the marks that turn the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(value: str) -> str:
    """Return the text in NFC, without control characters, single-spaced."""
    return _SPACE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", value))).strip()


def folded(value: str) -> str:
    """Return the text in lower-case ASCII letters, digits and hyphens: "Ångström" → "angstrom"."""
    plain = value.casefold().translate(
        {ord("ø"): "o", ord("æ"): "ae", ord("đ"): "d", ord("ł"): "l"}
    )
    bare = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", bare.replace(" ", "-"))).strip("-")
