"""What a publication is found by, and what somebody looks for, in the same letters."""

import re
import unicodedata
from typing import Final

#: Of what is looked through, in characters: some eighty pages. What stands later is not found.
LOOKED_THROUGH: Final = 200_000
#: Of what somebody looks for.
WORDS: Final = 6
LONGEST_WORD: Final = 40
_OTHER: Final = re.compile(r"[^\w]+|_+")
# Letters of the Swedish alphabet, which are not a and o with a mark.
_KEPT: Final = {"å": "\ue000", "ä": "\ue001", "ö": "\ue002"}
_AWAY: Final = str.maketrans(_KEPT)
_BACK: Final = str.maketrans({kept: letter for letter, kept in _KEPT.items()})


def folded(*texts: str) -> str:
    """Return texts in small letters and digits with spaces between words, without accents.

    "Café Åäö" becomes "cafe åäö".
    """
    small = unicodedata.normalize("NFC", "\n".join(texts)[:LOOKED_THROUGH]).casefold()
    apart = unicodedata.normalize("NFKD", small.translate(_AWAY)).translate(_BACK)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return _OTHER.sub(" ", bare).strip()


def words_of(query: str) -> list[str]:
    """Return the words that somebody looks for: a few, each once."""
    words = folded(query[: 2 * WORDS * LONGEST_WORD]).split()
    return [word[:LONGEST_WORD] for word in dict.fromkeys(words)][:WORDS]
