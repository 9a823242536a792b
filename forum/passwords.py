"""Passwords: what makes a good one, and argon2id away from the event loop."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import folded
from storage.people import Person

SHORTEST = 12
LONGEST = 128
# zxcvbn's score 2: more than 10^8 guesses.
WEAKEST_SCORE = 2
ESTIMATED_LENGTH = 64
# Swedish words that the library's English lists lack, and the words of the service itself.
COMMON_WORDS = (
    "samverkan", "forum", "natverk", "nätverk", "lösenord", "losenord", "hemligt", "sommar",
    "sommaren", "vinter", "vintern", "hösten", "våren", "hejsan", "hejhej", "sverige", "kommun",
    "kommunen", "region", "jönköping", "jonkoping", "funktionshinder", "boendestöd", "handläggare",
    "samordnare", "välkommen", "valkommen", "måndag", "fredag", "januari", "oktober", "kalle",
    "älskar", "qwertyuiopå", "asdfghjklöä", "ping", "pong",
)  # fmt: skip

# Each hash takes 64 MiB for a while: two at a time, the others wait.
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_hasher = PasswordHasher()
# Verified in place of a missing password, so that an unknown name takes the same time.
_DUMMY = _hasher.hash("nobody has this password")


def _weakness(password: str, person: Person) -> str | None:
    if len(password) < SHORTEST:
        return _("Use at least 12 characters. Several words in a row work well.")
    if len(password) > LONGEST:
        return _("Use at most 128 characters.")
    own = re.split(r"[\s@.-]+", f"{person.name} {person.username} {person.email or ''}")
    words = [*own, *map(folded, own), *COMMON_WORDS]
    folded_password = folded(password)
    for word in filter(lambda word: len(word) > 2, map(folded, words)):
        folded_password = folded_password.replace(word, "")
    if len(set(folded_password)) < 4:
        return _("Do not build the password from your name or from the service’s words.")
    if zxcvbn(password[:ESTIMATED_LENGTH], user_inputs=words)["score"] <= WEAKEST_SCORE:
        return _("The password is too common or too easy to guess. Add some more words.")
    return None


async def hash_password(password: str, person: Person) -> str:
    """Return the argon2id hash. Raises Invalid, with the reason, for a weak password."""
    loop = asyncio.get_running_loop()
    # zxcvbn takes milliseconds too, so it keeps off the loop.
    weakness = await asyncio.to_thread(_weakness, password, person)
    if weakness:
        raise Invalid(password=weakness)
    return await loop.run_in_executor(_threads, _hasher.hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def matches(password: str, person: Person | None) -> bool:
    """Say whether this is the person's password; nobody takes as long as somebody."""
    stored = person.password_hash if person else None
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_threads, _verify, stored or _DUMMY, password[:LONGEST])
    return right and stored is not None
