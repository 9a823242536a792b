"""The command ``samverkan``."""

import asyncio
import code
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import click

from forum import (
    administration,
    blob_check,
    images,
    language,
    logs,
    markup,
    seeds,
    serving,
    settings,
    uploads,
    worker,
)
from forum.checks import Finding
from forum.checks import check as findings
from forum.console import Commands, option, prepare, with_database, with_settings
from forum.demo.illustrating import illustrate
from forum.demo.publishing import publish_some
from forum.demo.shelves import fill_shelves
from forum.file_reading import reading, stripping
from forum.settings import SETTINGS, Settings, WrongSetting
from storage import database, door
from storage.networks import Network
from storage.organisations import Organisation
from storage.people import Language, Person

WORKERS = settings.PREFIX + "WORKERS"


@click.group(
    cls=Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "SAMVERKAN",
        "show_default": True,
    },
)
@with_settings
@click.pass_context
def main(context: click.Context, /, **given: str | None) -> None:
    """Samverkan: discussions and documents for networks across organisations."""
    for setting in SETTINGS:
        value = given[setting.name.lower()]
        if value is not None:
            # The server is started by name and reads its settings from the environment again.
            os.environ[settings.PREFIX + setting.name] = value
    # An operator's tool, in the language of its options and of what others say of them.
    language.use(Language.ENGLISH)
    context.obj = _chosen()


def _chosen() -> Settings:
    try:
        return settings.from_environment(os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.pass_obj
def setup(chosen: Settings) -> None:
    """Bring the database to the present schema. Safe to repeat."""
    applied = prepare(chosen)
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to do")


@main.command()
@option("--workers", envvar=WORKERS, default="1", help="Processes; several on PostgreSQL only.")
def serve(workers: str) -> None:
    """Serve the pages, with a worker for jobs inside."""
    os.environ[WORKERS] = workers
    chosen = _chosen()
    prepare(chosen)
    if not chosen.only_here and asyncio.run(_is_demo(chosen)):
        raise click.ClickException(
            "this database holds the demo, whose passwords everybody knows; choose another"
        )
    serving.serve(chosen)


async def _is_demo(chosen: Settings) -> bool:
    async with database.opened(chosen.database_url):
        return await seeds.filled()


@main.command()
@option("--json", "as_json", is_flag=True, help="Print one line of JSON on standard output.")
@click.pass_obj
def demo(chosen: Settings, as_json: bool) -> None:
    """Fill an empty database with invented people and discussions, and serve it."""
    if not chosen.only_here:
        raise click.ClickException("the demo has known passwords: it is for this computer only")
    os.environ[settings.PREFIX + "DEMO"] = "1"
    prepare(chosen)

    async def fill() -> list[seeds.Login]:
        async with database.opened(chosen.database_url):
            logins = await seeds.fill()
            if logins:
                await illustrate(uploads.limits(chosen))
                await fill_shelves(uploads.into_folder(chosen))
                await publish_some(chosen)
            for pool in (images, reading, stripping, markup):
                await pool.close()
            return logins

    logins = asyncio.run(fill())
    if not logins:
        raise click.ClickException(
            f"{chosen.data} holds other people than the demo’s; set SAMVERKAN_DATA to a new folder"
        )
    # It invites when it answers, which several processes would do at different times.
    alone = replace(chosen, workers=1)
    serving.serve(alone, lambda: _invite(chosen, logins, as_json=as_json))


def _invite(chosen: Settings, logins: list[seeds.Login], *, as_json: bool) -> None:
    """Say where to go and who to be, once somebody answers there."""
    if as_json:
        rows = [
            {
                "username": one.username,
                "password": None if one.changed else one.password,
                "role": one.role,
            }
            for one in logins
        ]
        click.echo(json.dumps({"url": chosen.base_url, "logins": rows}))
    else:
        click.echo(f"\nSamverkan: {chosen.base_url}\n")
        for one in logins:
            password = "(the password has been changed)" if one.changed else one.password
            click.echo(f"  {one.role:<20} {one.username:<20} {password}")
        click.echo(f"\nOutbox (login links): {chosen.base_url}/dev/outbox\n")
    sys.stdout.flush()


@main.command(name="worker")
@with_database
async def work(chosen: Settings) -> None:
    """Do jobs until stopped; the server has a worker of its own as well."""
    logs.begin(chosen.log)
    await worker.run(chosen)


@main.command()
@click.pass_obj
def shell(chosen: Settings) -> None:
    """Open Python with the models imported; ``run(…)`` awaits with the database open."""
    prepare(chosen)
    names = {
        "Person": Person,
        "Network": Network,
        "Organisation": Organisation,
        "database": database,
        "door": door,
        "settings": chosen,
    }
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()
        # Open for the whole session: a query wants the database as soon as it is written down.
        runner.run(opened.enter_async_context(database.opened(chosen.database_url)))
        names["run"] = lambda awaitable: runner.run(_awaited(awaitable))
        try:
            code.interact(banner="run(Person.all()) and so on", local=names)
        finally:
            runner.run(opened.aclose())


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


@main.command()
@option("--blobs", is_flag=True, help="Also read every file, and say which are not what was sent.")
@click.pass_obj
def check(chosen: Settings, *, blobs: bool) -> None:
    """Say how the installation is: a line for each thing; exit 1 on trouble."""

    async def look() -> set[str]:
        troubles = await _said(findings(chosen))
        if blobs and not troubles & {"database", "migrations"}:
            async with database.opened(chosen.database_url):
                troubles |= await _said(blob_check.check(chosen, _progress))
        return troubles

    if asyncio.run(look()):
        raise SystemExit(1)


async def _said(found: AsyncIterator[Finding]) -> set[str]:
    """Say what is found, and return what is in trouble."""
    troubles = set()
    async for finding in found:
        click.echo(f"{'ok     ' if finding.well else 'TROUBLE'} {finding.subject}: {finding.says}")
        if not finding.well:
            troubles.add(finding.subject)
    return troubles


def _progress(read: int, files: int, size: int, whole: int) -> None:
    if sys.stderr.isatty():
        percent = 100 * size // max(whole, 1)
        end = "\r" if read < files else "\n"
        click.echo(f"{read} of {files} files, {percent} %{end}", err=True, nl=False)


for group in administration.GROUPS:
    main.add_command(group)
