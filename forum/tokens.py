"""Tokens that prove something: only their SHA-256 is stored."""

import hashlib
import secrets


def mint() -> tuple[str, str]:
    """Return a new token of 256 bits and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hashed(token)


def hashed(token: str) -> str:
    """Return the hash under which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
