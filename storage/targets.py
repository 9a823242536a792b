"""Which database: what its address says, and what Tortoise wants to know of it."""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

Dialect = Literal["sqlite", "postgres"]

MODELS = [
    "storage.people",
    "storage.sessions",
    "storage.organisations",
    "storage.networks",
    "storage.discussions",
    "storage.readers",
    "storage.revisions",
    "storage.attachments",
    "storage.documents",
    "storage.arrivals",
    "storage.renditions",
    "storage.publications",
    "storage.mounts",
    "storage.events",
    "storage.jobs",
    "storage.letters",
    "storage.secrets",
    "aerich.models",
]
BUSY_MS = 5000


@dataclass(frozen=True, slots=True)
class Target:
    """Which database: its dialect and either a file or an address."""

    dialect: Dialect
    path: str = ""
    url: str = ""


def target(url: str) -> Target:
    """Understand ``sqlite:///file`` or ``postgres://user:secret@host:port/name``.

    Raises ValueError for anything else, with what was expected.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path).lstrip("/")
        if not path:
            raise ValueError("sqlite:///path/to/file")
        return Target("sqlite", path=f"/{path}")
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return Target("postgres", url=url)
    raise ValueError("sqlite:///path/to/file or postgres://user:password@host:5432/name")


def configuration(where: Target, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Return what Tortoise wants to know. Migrations on SQLite turn foreign keys off."""
    sqlite = where.dialect == "sqlite"
    connection = _sqlite(where, foreign_keys=foreign_keys) if sqlite else _postgres(where)
    return {
        "connections": {"default": connection},
        "apps": {"storage": {"models": MODELS, "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _sqlite(where: Target, *, foreign_keys: bool) -> dict[str, Any]:
    return {
        "engine": "storage.sqlite",
        "credentials": {
            "file_path": where.path,
            "busy_timeout": BUSY_MS,
            # FULL: what was acknowledged survives a power cut, not only a killed process.
            "synchronous": "FULL",
            "foreign_keys": "ON" if foreign_keys else "OFF",
            # What is overwritten or deleted leaves nothing in the file: see storage.scrubbing.
            "secure_delete": "ON",
        },
    }


def _postgres(where: Target) -> dict[str, Any]:
    parts = urlsplit(where.url)
    return {
        "engine": "storage.postgres",
        "credentials": {
            "host": parts.hostname or "localhost",
            "port": parts.port or 5432,
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "database": unquote(parts.path.strip("/")),
            # asyncpg reads the address itself, with its options: sslmode and the like.
            "dsn": where.url,
            "minsize": 1,
            "maxsize": 10,
            "application_name": "samverkan",
        },
    }
