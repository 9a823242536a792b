"""What is counted, for Prometheus: requests, sockets, jobs and how late events are.

No number here tells of a person, a network or a thread: labels have few values, all of them ours.
"""

import os
from functools import cache
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

#: Where the processes of one server keep their numbers, so that any of them tells the sum of all.
#: The library reads it when it is imported: it stands in the environment before a process begins.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST

# When each was first counted: half as many lines again, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OURS = CollectorRegistry()

REQUESTS = Counter(
    "samverkan_requests",
    "Requests that have been answered.",
    ("method", "route", "status"),
    registry=_OURS,
)
LATENCY = Histogram(
    "samverkan_request_seconds",
    "From a request to the end of its answer.",
    ("method", "route"),
    buckets=_SECONDS,
    registry=_OURS,
)
SOCKETS = Gauge(
    "samverkan_sockets", "Sockets that are open.", multiprocess_mode="livesum", registry=_OURS
)
DROPS = Counter(
    "samverkan_socket_drops",
    "Sockets that the server has closed, by why: slow, ended, changed and the like.",
    ("reason",),
    registry=_OURS,
)
EVENT_LAG = Histogram(
    "samverkan_event_lag_seconds",
    "From an event's row to its being written to the sockets of one process.",
    buckets=_SECONDS,
    registry=_OURS,
)
JOBS = Gauge(
    "samverkan_jobs",
    "Jobs that wait, or have failed for good; -1 when the database does not answer.",
    ("state",),
    multiprocess_mode="mostrecent",
    registry=_OURS,
)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer to a route, and how long it took."""
    counted, timed = _of(method if method in _METHODS else "other", route, status)
    counted.inc()
    timed.observe(seconds)


@cache
def _of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Return what such an answer is counted by; the library is slower to find it each time."""
    return REQUESTS.labels(method, route, str(status)), LATENCY.labels(method, route)


def text() -> bytes:
    """Return every number as Prometheus reads it; of several processes, the sum of all."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return generate_latest(_OURS)
    together = CollectorRegistry()
    MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def forget(process: int) -> None:
    """Take away what only a living process has, its open sockets; what it counted stays."""
    if folder := os.environ.get(FOLDER):
        mark_process_dead(process, path=folder)  # type: ignore[no-untyped-call]


def keep_in(folder: Path) -> None:
    """Have the processes that are started from now on keep their numbers together in a folder."""
    os.environ[FOLDER] = str(folder)
