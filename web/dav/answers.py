"""A request that changes something, answered by WsgiDAV in a thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from wsgidav import util
from wsgidav.dav_error import (
    HTTP_CREATED,
    HTTP_NO_CONTENT,
    DAVError,
    get_http_status_code,
)
from wsgidav.request_server import RequestServer

from web.dav import paths
from web.dav.provider import Provider
from web.dav.visits import Visit, said

#: What changes something: everything else is answered without WsgiDAV.
METHODS = frozenset({"PUT", "DELETE", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK"})
THREADS = 8
_CONFIG: dict[str, Any] = {"hotfixes": {}, "block_size": 65536}

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dav")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Answer:
    """What a client is told."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""


async def answer(visit: Visit, environ: Environ) -> Answer:
    """Return WsgiDAV's answer. What has begun comes to its end, also when the client goes away."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _answered, visit, environ)


def environ(method: str, names: list[str], headers: dict[str, str], body: bytes) -> Environ:
    """Return what WsgiDAV is told of a request: its headers by their names in lower case."""
    told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return told | {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": paths.coded(names),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("content-type", ""),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgidav.verbose": 0,
        "wsgidav.config": _CONFIG,
    }


def _answered(visit: Visit, environ: Environ) -> Answer:
    answer = Answer()

    def start(status: str, headers: Headers, exc_info: object = None) -> None:
        answer.status, answer.headers = int(status[:3]), headers

    provider = Provider(visit)
    environ |= {
        "wsgidav.app": _Only(provider),
        "wsgidav.provider": provider,
        "wsgidav.auth.user_name": str(visit.inside.person.id),
    }
    _understand_if(visit, environ)
    try:
        answer.body = b"".join(_Requests(provider)(environ, start))
    except Exception as error:
        return refused(visit, said(error))
    return _plain(answer)


class _Requests(RequestServer):  # type: ignore[misc]
    def _send_response(
        self, environ: Environ, start: Any, root: Any, success: int, errors: list[Any]
    ) -> Any:
        """Say what has really been done of a move or a copy that our own verb has done."""
        if environ["REQUEST_METHOD"] in {"COPY", "MOVE"}:
            created = environ["wsgidav.provider"].visit.created
            success = HTTP_CREATED if created else HTTP_NO_CONTENT
        return super()._send_response(environ, start, root, success, errors)


@dataclass(slots=True)
class _Only:
    """The one network that a request is about, where WsgiDAV asks for the one of an address."""

    provider: Provider

    def resolve_provider(self, path: str) -> tuple[str, Provider]:
        return "", self.provider


def _understand_if(visit: Visit, environ: Environ) -> None:
    """Have the addresses in an If header be what WsgiDAV compares with, and tell the verbs."""
    util.parse_if_header_dict(environ)
    found = environ["wsgidav.conditions.if"]
    if found:
        environ["wsgidav.conditions.if"] = {
            visit.addresses.get(url, url): conditions for url, conditions in found.items()
        }
    visit.tokens[:] = environ["wsgidav.ifLockTokenList"]


def refused(visit: Visit, error: DAVError) -> Answer:
    """Return what a client is told of what is in the way."""
    status = get_http_status_code(error)
    if error.err_condition:
        slug = visit.inside.network.slug
        locked = [paths.decoded(one) for one in error.err_condition.hrefs]
        addresses = [paths.href([slug, *names], folder=False) for names in locked]
        error.err_condition.hrefs = addresses
        body = error.err_condition.as_string().encode()
        return Answer(status, [("Content-Type", "application/xml; charset=utf-8")], body)
    told = error.context_info or ""
    body = str(told).encode() if status in {403, 507} else b""
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8")], body)


def _plain(answer: Answer) -> Answer:
    """Without the page that WsgiDAV makes of a status, which names it and its version."""
    kinds = [value for name, value in answer.headers if name.lower() == "content-type"]
    if kinds and kinds[0].startswith("text/html"):
        answer.body = b""
    kept = {"etag", "lock-token"} | ({"content-type"} if answer.body else set())
    answer.headers = [(name, value) for name, value in answer.headers if name.lower() in kept]
    return answer
