"""Passwords: what makes a good one, and argon2id away from the event loop."""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import folded
from storage.people import Person

SHORTEST = 12
LONGEST = 128
# zxcvbn's score 4: more than 10^10 guesses.
LEAST_SCORE = 4
# It takes most of a second for 64 letters that could be digits.
ESTIMATED_LENGTH = 32
# One word with digits or signs around it, as in "Midsommar2026!": every guesser's second try.
_ONE_WORD = re.compile(r"[\W\d_]*[^\W\d_]{1,13}[\W\d_]+|[\W\d_]+[^\W\d_]{1,13}")
# Swedish words that the library's English lists lack, and the words of the service itself.
COMMON_WORDS = (
    "samverkan", "forum", "natverk", "nätverk", "lösenord", "losenord", "hemligt", "sommar",
    "sommaren", "vinter", "vintern", "hösten", "våren", "hejsan", "hejhej", "sverige", "kommun",
    "kommunen", "region", "jönköping", "jonkoping", "funktionshinder", "boendestöd", "handläggare",
    "samordnare", "välkommen", "valkommen", "måndag", "fredag", "januari", "oktober", "kalle",
    "älskar", "qwertyuiopå", "asdfghjklöä", "ping", "pong", "mitt", "lösen", "byt", "jag", "mig",
    "dig", "socialtjänst",
)  # fmt: skip

# Each hash takes 64 MiB for a while: two at a time, the others wait.
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_hasher = PasswordHasher()
# Verified in place of a missing password, so that an unknown name takes the same time. Of a text
# that nobody has kept, and written out: making it would be a tenth of a server's start.
_DUMMY = (
    "$argon2id$v=19$m=65536,t=3,p=4$Isfg8sv5KCN3e+Q+mspBCA$Nas2BG"
    "kxymYfDXJg1Tp46MMGjp/aL0z+jEe9BYgGjEA"
)


def _weakness(password: str, person: Person) -> str | None:
    if len(password) < SHORTEST:
        return _("Use at least 12 characters. Several words in a row work well.")
    if len(password) > LONGEST:
        return _("Use at most 128 characters.")
    own = re.split(r"[\s@.-]+", f"{person.name} {person.username} {person.email or ''}")
    words = [*own, *map(folded, own), *COMMON_WORDS]
    bare = left = _bare(password)
    for word in filter(lambda word: len(word) > 2, map(_bare, words)):
        left = left.replace(word, "")
    # A row of digits after the words counts as one sign, whatever year it is.
    if left != bare and len(set(re.sub(r"\d+", "0", left))) < 4:
        return _("Do not build the password from your name or from the service’s words.")
    # Without spaces: "1 2 3 4" is no better than "1234".
    squeezed = "".join(password.split())[:ESTIMATED_LENGTH]
    # Imported when somebody chooses a password: its lists of words are much of a server's start.
    from zxcvbn import zxcvbn

    score = zxcvbn(squeezed, user_inputs=words)["score"] if squeezed else 0
    if score < LEAST_SCORE or _ONE_WORD.fullmatch(password):
        return _("The password is too common or too easy to guess. Add some more words.")
    return None


def _bare(text: str) -> str:
    """The letters, of any script, and digits, without marks: "Åsa-2" → "asa2"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


async def hash_password(password: str, person: Person) -> str:
    """Return the argon2id hash. Raises Invalid, with the reason, for a weak password."""
    loop = asyncio.get_running_loop()
    # zxcvbn takes milliseconds too, so it keeps off the loop.
    weakness = await asyncio.to_thread(_weakness, password, person)
    if weakness:
        raise Invalid(password=weakness)
    return await loop.run_in_executor(_threads, _hasher.hash, _typed(password))


def _typed(password: str) -> str:
    """The same letters from every keyboard: some send "ö" as an o and its dots (RFC 8265)."""
    return unicodedata.normalize("NFC", password[: 3 * LONGEST])[:LONGEST]


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def matches(password: str, person: Person | None) -> bool:
    """Say whether this is the person's password; nobody takes as long as somebody."""
    stored = person.password_hash if person else None
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_threads, _verify, stored or _DUMMY, _typed(password))
    return right and stored is not None
