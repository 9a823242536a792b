"""The log: a line for each thing, for people on a terminal and as JSON for machines.

Nothing personal is written where it is kept: routes instead of addresses, which hold ids and
tokens; the kinds of errors and where they arose instead of what they say, which may be a row.
"""

import json
import logging
import logging.config
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from uvicorn.logging import DefaultFormatter

#: The number of the request that is being answered; what is logged meanwhile carries it.
request: ContextVar[str] = ContextVar("request", default="")

#: Whose words are known. Of all others only the place is told: asyncio repeats what was received.
OURS: Final = frozenset({"forum", "realtime", "storage", "uvicorn", "web"})

# json.dumps would make another encoder for each line.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def begin(form: str) -> None:
    """Write the log as ``json``, as ``text``, or as suits where it goes when that is empty."""
    logging.config.dictConfig(configuration(form))


def configuration(form: str) -> dict[str, Any]:
    """Return what logging is set up by, in this process and in those that it starts."""
    chosen = form or ("text" if sys.stderr.isatty() else "json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": {"()": "forum.logs.Text"}, "json": {"()": "forum.logs.Json"}},
        "filters": {"impersonal": {"()": "forum.logs.Impersonal"}},
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": chosen,
                "filters": ["impersonal"],
            }
        },
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {name: {"level": "INFO"} for name in sorted(OURS)},
    }


# Those of uvicorn name the client and the address; those of websockets come with every page that is
# opened, and with what realtime/lines tells more of.
_OF_SOCKETS = ('%s - "WebSocket ', "connection open", "connection rejected ")


class Impersonal(logging.Filter):
    """Leaves out libraries' lines about sockets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is written."""
        return not str(record.msg).startswith(_OF_SOCKETS)


class Text(DefaultFormatter):
    """Lines for one's own terminal, with whole tracebacks."""

    def __init__(self) -> None:
        super().__init__("%(levelprefix)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """Return the line, with the request's number at its end."""
        number = request.get()
        return super().formatMessage(record) + (f"  [{number}]" if number else "")


class Json(logging.Formatter):
    """A JSON object on each line (RFC 8259), times in UTC (RFC 3339)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if number := request.get():
            line["request"] = number
        line |= getattr(record, "fields", None) or {"message": _said(record)}
        if record.exc_info and record.exc_info[1]:
            line["errors"] = list(_errors(record.exc_info[1]))
        return _encode(line)


def _said(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage().strip()
    return f"said at {record.module}:{record.lineno}"


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield the kind of an error and where it arose, then the same of what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        yield {
            "kind": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        error = error.__cause__ or error.__context__
