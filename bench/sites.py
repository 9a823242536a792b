"""A filled installation on one of the databases, and those who visit it."""

import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import migrations
from bench import filling, texts
from bench.client import Load, load, request
from bench.filling import SLUG, VISITORS, Size
from bench.servers import Serving, free_port, on_core, processor_seconds
from forum import sessions, settings
from forum.form_keys import form_keys
from storage import database
from storage.migrate import migrate
from storage.people import Person
from storage.targets import Dialect
from tests.postgres.server import Server
from web.cookies import name_of

#: As a careful operator sets it: what has been acknowledged is on the disk. The rest is Debian's.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "listen_addresses": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in, and what her browser sends with everything."""

    headers: Mapping[str, str]
    #: The key of a form that was shown to her; with other content it means another post.
    form_key: str

    def get(self, path: str, **more: str) -> bytes:
        """Return a request for a page."""
        return request("GET", path, {**self.headers, **more})

    def post(self, path: str, body: bytes) -> bytes:
        """Return a request that sends a form."""
        return request("POST", path, self.headers, body)


@dataclass(frozen=True, slots=True)
class Site:
    """An installation that can be served."""

    dialect: Dialect
    size: Size
    folder: Path
    port: int
    environment: Mapping[str, str]
    visitors: list[Visitor]
    #: The database's own process, if it has one.
    database_pid: int | None = None

    def thread(self, thread_id: int) -> str:
        """Return a thread's address."""
        return f"/n/{SLUG}/threads/{thread_id}"

    @property
    def hot_thread(self) -> int:
        """A thread in the middle with exactly 20 replies: a full first page and no second."""
        return self.size.threads // 36 * 18 + 1


@asynccontextmanager
async def opened(
    dialect: Dialect, *, size: Size, folder: Path, database_core: int
) -> AsyncIterator[Site]:
    """Fill a database of the dialect within the folder, which should be on a real disk."""
    # PostgreSQL runs as somebody else, who must get through.
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="site-", dir=folder) as name:
        data = Path(name)
        if dialect == "sqlite":
            stored = await _stored(size, folder)
            shutil.copy(stored, data / "samverkan.sqlite")
            yield await _site(dialect, size, data, {})
        else:
            with on_core(database_core):
                server = Server(DURABLE, folder)
            with server:
                url = server.url(await server.create())
                await migrate(url)
                await filling.fill_postgres(url, size)
                site = await _site(dialect, size, data, {"SAMVERKAN_DATABASE_URL": url})
                yield replace(site, database_pid=server.pid)


async def served(
    site: Site,
    server: Serving,
    visitors: list[Iterator[bytes]],
    seconds: float,
    *,
    status: int = 200,
) -> Load:
    """Let visitors ask a server for a while; count its work and the database's.

    Raises RuntimeError when an answer has another status.
    """

    def databases() -> float:
        return processor_seconds(site.database_pid) if site.database_pid else 0

    own, others = server.processor_seconds(), databases()
    seen = await load(server.port, visitors, seconds)
    if set(seen.statuses) != {status}:
        raise RuntimeError(f"{status} was expected, and {seen.statuses} came")
    own, others = server.processor_seconds() - own, databases() - others
    return replace(seen, servers=own + others, database=others)


async def _stored(size: Size, folder: Path) -> Path:
    """Return a filled SQLite file, made once for each size, schema and way of filling."""
    sources = [Path(filling.__file__), Path(texts.__file__)]
    sources += sorted(Path(migrations.__file__).parent.rglob("*.py"))
    made_of = b"".join(source.read_bytes() for source in sources)
    digest = hashlib.sha256(made_of).hexdigest()[:12]
    stored = folder / f"{size.replies}-{digest}.sqlite"
    if not stored.exists():
        making = stored.with_suffix(".making")
        making.unlink(missing_ok=True)
        await migrate(f"sqlite:///{making}")
        filling.fill_sqlite(str(making), size)
        making.rename(stored)
    return stored


async def _site(dialect: Dialect, size: Size, data: Path, more: Mapping[str, str]) -> Site:
    port = free_port()
    environment = {"SAMVERKAN_DATA": str(data), "SAMVERKAN_PORT": str(port), **more}
    chosen = settings.from_environment(environment)
    async with database.opened(chosen.database_url):
        keys = await form_keys()
        visitors = []
        for person in await Person.filter(id__lte=VISITORS).order_by("id"):
            token = await sessions.start(person, "bench", remember=False)
            headers = _sent(chosen.base_url, f"{name_of(chosen, 'session')}={token}")
            visitors.append(Visitor(headers, keys.mint(person)))
    return Site(dialect, size, data, port, environment, visitors)


def _sent(base_url: str, cookie: str) -> dict[str, str]:
    """Return what Chromium sends with a click within the same site."""
    return {
        "Host": base_url.removeprefix("http://"),
        "Connection": "keep-alive",
        "Upgrade-Insecure-Requests": "1",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/140.0.0.0 Safari/537.36",
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*",
        "Origin": base_url,
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Accept-Language": "sv-SE,sv;q=0.9,en;q=0.8",
        "Cookie": cookie,
    }
