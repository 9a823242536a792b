"""``python -m bench``: measure, and print what was found beside what should be."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import click
import uvloop

from bench import (
    browsers,
    drives,
    fetching,
    folders,
    idle,
    live,
    mixed,
    pages,
    replies,
    sites,
    uploads,
    weight,
)
from bench.figures import Figure, as_json, table
from bench.filling import Size
from bench.servers import SERVERS_CORE, VISITORS_CORE
from bench.sites import Site
from storage.targets import Dialect

Opening = Callable[[Dialect], AbstractAsyncContextManager[Site]]
PARTS: dict[str, Callable[[Site, float], Awaitable[list[Figure]]]] = {
    "pages": pages.measure,
    "replies": replies.measure,
    "mixed": mixed.measure,
    "weight": weight.measure,
    "live": live.measure,
    "idle": idle.measure,
    "fetching": fetching.measure,
    "browsers": browsers.measure,
    "drives": drives.measure,
    "folders": folders.measure,
    "uploads": uploads.measure,
}


@click.command(context_settings={"show_default": True})
@click.argument("parts", nargs=-1, type=click.Choice([*PARTS, "all"]))
@click.option("--database", type=click.Choice(["sqlite", "postgres", "both"]), default="both")
@click.option("--replies", default=200_000, help="How many replies the database holds.")
@click.option("--megabytes", default=1024, help="How large the file is that is sent.")
@click.option("--seconds", default=5.0, help="How long each figure is measured.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(tempfile.gettempdir()) / "samverkan-bench",
    help="Where the databases are made: on a real disk. Filled files are kept there.",
)
@click.option(
    "--postgres-core",
    type=click.Choice(["forum", "visitors"]),
    default="forum",
    help="Whose core PostgreSQL shares; with the visitors', it is as on a machine of its own.",
)
@click.option("--json", "machine", is_flag=True, help="Print JSON instead of a table.")
def main(
    parts: tuple[str, ...],
    database: str,
    replies: int,
    megabytes: int,
    seconds: float,
    folder: Path,
    postgres_core: str,
    machine: bool,
) -> None:
    """Measure how fast and how heavy the forum is."""
    chosen = list(PARTS) if not parts or "all" in parts else [*parts]
    dialects: list[Dialect] = [one for one in ("sqlite", "postgres") if database in {one, "both"}]
    os.sched_setaffinity(0, {VISITORS_CORE})
    core = SERVERS_CORE if postgres_core == "forum" else VISITORS_CORE
    opened = partial(sites.opened, size=Size(replies, megabytes), folder=folder, database_core=core)
    figures = uvloop.run(_measured(chosen, dialects, seconds, opened))
    click.echo(as_json(figures) if machine else table(figures))


async def _measured(
    parts: list[str], dialects: list[Dialect], seconds: float, opened: Opening
) -> list[Figure]:
    figures: list[Figure] = []
    for dialect in dialects:
        for part in parts:
            # A fresh copy for each: replies that were posted would weigh on what follows.
            async with opened(dialect) as site:
                click.echo(f"{part} on {dialect} …", err=True)
                figures += await PARTS[part](site, seconds)
    return figures


if __name__ == "__main__":
    main()
