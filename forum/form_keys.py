"""The key hidden in a form: makes a form sent twice one post, and says whose form it was.

It holds the person's id, a nonce and a seal, so that what somebody had written can be kept for
her when her session has ended, and for nobody else.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from storage.people import Person
from storage.secrets import secret

SEAL_LENGTH = 32


@dataclass(frozen=True, slots=True)
class FormKeys:
    """Makes and reads the keys of one installation."""

    key: bytes

    def mint(self, person: Person) -> str:
        """Return a key for a form that is shown to this person."""
        payload = f"{person.id}.{secrets.token_hex(8)}"
        return f"{payload}.{self._seal(payload)}"

    def owner(self, form_key: str) -> int | None:
        """Return the id of the person whom the form was shown to, or None for a forged key."""
        payload, _, seal = form_key.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(payload).encode()):
            return None
        return int(payload.partition(".")[0])

    def _seal(self, payload: str) -> str:
        return hmac.new(self.key, payload.encode(), hashlib.sha256).hexdigest()[:SEAL_LENGTH]


async def form_keys() -> FormKeys:
    """Return the maker of this installation's keys."""
    return FormKeys(await secret("forms"))


def nonce(form_key: str, *content: str) -> str:
    """Return what makes this content of this form one post.

    The content counts: who goes back, writes something else and sends it means another post.
    """
    return hashlib.sha256("\0".join((form_key, *content)).encode()).hexdigest()[:32]
