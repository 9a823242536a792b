"""What an operator can set: each setting's name, meaning, default and what is accepted."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from forum import clamd
from storage.targets import target

PREFIX = "SAMVERKAN_"
#: What they are set to is never shown.
SECRET = frozenset({"METRICS_TOKEN", "S3_KEY_ID", "S3_SECRET"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class WrongSetting(ValueError):
    """A setting that cannot be: says its name, the value and what was expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{PREFIX}{name} is {value!r}; expected {expected}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``parse`` raises ValueError, with what was expected, for a wrong value."""

    name: str
    meaning: str
    default: str
    parse: Callable[[str], Any]


def _path(value: str) -> Path:
    try:
        if value.strip():
            return Path(value).expanduser().resolve()
    except RuntimeError:
        pass  # ~somebody who has no account here
    raise ValueError("a folder")


def _database(value: str) -> str:
    if value:
        target(value)
        try:
            urlsplit(value).port  # noqa: B018 (read for what it raises)
        except ValueError:
            raise ValueError("a port number from 1 to 65535 after the host") from None
    return value


_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


def _host(value: str) -> str:
    if not _HOST.fullmatch(value.lower()):
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise ValueError("an address to listen on, such as 127.0.0.1 or 0.0.0.0") from None
    return value


def _email(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueError("an e-mail address")
    return value


def _base_url(value: str) -> str:
    if not value:
        return value
    expected = "an address such as https://samverkan.example; http only on this computer"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(expected) from None
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    shown = f"[{host}]" if ":" in host else host
    # As browsers write it in Origin and Host: without the scheme's own port.
    usual = port is None or port == {"https": 443, "http": 80}.get(parts.scheme)
    address = f"{parts.scheme}://{shown}"
    said = f"{address}:{port}" if port is not None else address
    whole = value.lower() in {said, f"{said}/"}
    if not _HOST.fullmatch(shown) or not safe or not whole or port == 0:
        raise ValueError(expected)
    return address if usual else said


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise ValueError("a port number from 1 to 65535")
    return int(value)


def _networks(value: str) -> tuple[str, ...]:
    try:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        return tuple(str(ipaddress.ip_network(part)) for part in parts)
    except ValueError:
        raise ValueError(
            "addresses or networks with commas, such as 10.0.0.5,10.1.0.0/16"
        ) from None


def _megabytes(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise ValueError("a number of megabytes from 1 to 100")
    return int(value)


def _large(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value[:9]) <= 1_000_000 or len(value) > 7:
        raise ValueError("a number of megabytes from 1 to 1000000")
    return int(value)


def _workers(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 64:
        raise ValueError("a number of processes from 1 to 64")
    return int(value)


_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?")


def _blobs(value: str) -> str:
    if value and not _BUCKET.fullmatch(value):
        raise ValueError("s3://bucket or s3://bucket/prefix")
    return value.rstrip("/")


def _endpoint(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = f"{parts.scheme}://{parts.netloc}" in {value, value.rstrip("/")}
        fine = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = fine = False
    if value and not (whole and fine and "@" not in value):
        raise ValueError("an address such as https://s3.example")
    return value.rstrip("/")


def _clamd(value: str) -> clamd.Address | None:
    return clamd.address(value) if value else None


def _log(value: str) -> str:
    if value not in {"", "json", "text"}:
        raise ValueError("json or text")
    return value


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[!-~]{16,}", value):
        raise ValueError("16 or more letters, digits and signs, without spaces")
    return value


SETTINGS = (
    Setting("DATA", "Folder for the database and other files.", "var", _path),
    Setting(
        "DATABASE_URL",
        "postgres://user:password@host:5432/name; otherwise SQLite in the data folder.",
        "",
        _database,
    ),
    Setting("HOST", "Address to listen on.", "127.0.0.1", _host),
    Setting("PORT", "Port to listen on.", "8000", _port),
    Setting(
        "WORKERS",
        "Processes that serve; several only on PostgreSQL.",
        "1",
        _workers,
    ),
    Setting(
        "BASE_URL",
        "The address people use; otherwise http://127.0.0.1 and the port.",
        "",
        _base_url,
    ),
    Setting(
        "TRUSTED_PROXIES",
        "Proxies whose forwarded client address counts, with commas.",
        "",
        _networks,
    ),
    Setting("BODY_MB", "Largest request body, in megabytes.", "1", _megabytes),
    Setting("ATTACHMENT_MB", "Largest attached file, in megabytes.", "25", _megabytes),
    Setting("DOCUMENT_MB", "Largest file in a folder, in megabytes.", "2048", _large),
    Setting("BLOBS_URL", "s3://bucket/prefix for files; otherwise the data folder.", "", _blobs),
    Setting("S3_ENDPOINT", "Address of an S3 that is not Amazon's.", "", _endpoint),
    Setting("S3_REGION", "Region of the bucket; otherwise what AWS_REGION says.", "", str),
    Setting("S3_KEY_ID", "Key for the bucket; otherwise what AWS offers its programs.", "", str),
    Setting("S3_SECRET", "That key's secret.", "", str),
    Setting(
        "CLAMD",
        "The scanner for viruses, unix:/run/clamav/clamd.ctl or tcp:host:3310; otherwise none.",
        "",
        _clamd,
    ),
    Setting(
        "LOG",
        "How the log is written, json or text; otherwise text on a terminal and json elsewhere.",
        "",
        _log,
    ),
    Setting(
        "METRICS_TOKEN",
        "Who sends it as a Bearer token may read /metrics; without it there is no such page.",
        "",
        _token,
    ),
    Setting("OPERATED_BY", "Who runs the service, for the foot of each page.", "", str),
    Setting("CONTACT_NAME", "Whom to turn to when one cannot log in.", "", str),
    Setting("CONTACT_EMAIL", "That contact's e-mail address.", "", _email),
    Setting("CONTACT_PHONE", "That contact's telephone number.", "", str),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked."""

    data: Path
    database_url: str
    host: str
    port: int
    workers: int
    base_url: str
    trusted_proxies: tuple[str, ...]
    body_mb: int
    attachment_mb: int
    document_mb: int
    blobs_url: str
    s3_endpoint: str
    s3_region: str
    s3_key_id: str
    s3_secret: str = field(repr=False)
    clamd: clamd.Address | None
    log: str
    metrics_token: str = field(repr=False)
    operated_by: str
    contact_name: str
    contact_email: str
    contact_phone: str
    demo: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach the service over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def only_here(self) -> bool:
        """Whether nobody but this computer can reach the service."""
        return not self.secure and self.host in LOOPBACK

    @property
    def origins(self) -> frozenset[str]:
        """The origins a form may be sent from. The names of this computer count as one."""
        parts = urlsplit(self.base_url)
        if parts.hostname not in LOOPBACK:
            return frozenset({self.base_url})
        port = f":{parts.port}" if parts.port else ""
        names = ("127.0.0.1", "localhost", "[::1]")
        return frozenset(f"{parts.scheme}://{name}{port}" for name in names)

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that are answered."""
        return frozenset(origin.split("://")[1] for origin in self.origins)


# A key without its secret opens nothing.
_TOGETHER = "both SAMVERKAN_S3_KEY_ID and SAMVERKAN_S3_SECRET, or neither"
# Each process would wait for the others' writes, and learn of them late.
_ALONE = (
    "1, since only one process can serve from a SQLite file; for several, set"
    " SAMVERKAN_DATABASE_URL to a PostgreSQL database"
)


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read every ``SAMVERKAN_…`` variable. Raises WrongSetting for the first wrong one."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        value = environ.get(PREFIX + setting.name, "") or setting.default
        try:
            values[setting.name.lower()] = setting.parse(value)
        except ValueError as error:
            shown = "…" if setting.name in SECRET else _without_password(value)
            raise WrongSetting(setting.name, shown, str(error)) from None
    values["database_url"] = (
        values["database_url"] or f"sqlite:///{quote(str(values['data'] / 'samverkan.sqlite'))}"
    )
    values["base_url"] = values["base_url"] or _base_url(f"http://127.0.0.1:{values['port']}")
    chosen = Settings(**values)
    if chosen.workers > 1 and target(chosen.database_url).dialect == "sqlite":
        raise WrongSetting("WORKERS", str(chosen.workers), _ALONE)
    if bool(chosen.s3_key_id) != bool(chosen.s3_secret):
        raise WrongSetting("S3_KEY_ID" if chosen.s3_key_id else "S3_SECRET", "…", _TOGETHER)
    # The demo shows everybody's login links, so it is for this computer only, whatever is set.
    return replace(chosen, demo=environ.get(PREFIX + "DEMO") == "1" and chosen.only_here)


def _without_password(value: str) -> str:
    """A database address may hold a password, and errors end up in logs."""
    shown, question, _ = value.partition("?")
    before, at, after = shown.rpartition("@")
    scheme, colon, _ = before.partition("://")
    if at:
        shown = f"{scheme}{colon}…@{after}" if colon else f"…@{after}"
    # "postgres://anna:secret", where the host was forgotten.
    shown = re.sub(r"(://[^/@:\[]+:)(?!\d{1,5}(/|$))[^/]+", r"\1…", shown)
    return f"{shown}?…" if question else shown
