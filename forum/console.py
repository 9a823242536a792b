"""What every command of ``samverkan`` stands on: settings, the schema, an open database."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any, TypeVar

import asyncpg
import click
from tortoise.exceptions import BaseORMException

from forum import settings
from forum.refusals import Invalid
from forum.settings import SETTINGS, Settings
from storage import database
from storage.migrate import migrate

F = TypeVar("F", bound=Callable[..., Any])

#: Every option can be given as an environment variable too, and its help says which.
option = partial(click.option, show_envvar=True)


class Commands(click.Group):
    """The commands. Who gives one of them a setting is told where settings stand."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the line names."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            name = error.option_name
            if not any(name in option.opts for option in self.params):
                raise
            where = f"{ctx.command_path} {name} … {ctx.invoked_subcommand}"
            said = f"{error.message.rstrip('.')}; settings stand before the command: {where}"
            raise click.NoSuchOption(name, said, ctx=error.ctx) from None


def with_settings(command: F) -> F:
    """Give the group an option for each setting, also read from its environment variable."""
    for setting in reversed(SETTINGS):
        command = option(
            "--" + setting.name.lower().replace("_", "-"),
            setting.name.lower(),
            envvar=settings.PREFIX + setting.name,
            help=setting.meaning + (f" Default: {setting.default}" if setting.default else ""),
        )(command)
    return command


def with_database(
    command: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Run an async command with the database open; a verb's refusal becomes a clear error."""

    @wraps(command)
    def run(chosen: Settings, **options: Any) -> None:
        async def work() -> None:
            async with database.opened(chosen.database_url):
                await command(chosen, **options)

        prepare(chosen)
        try:
            asyncio.run(work())
        except Invalid as invalid:
            raise click.ClickException(str(invalid)) from None

    return click.pass_obj(run)


def prepare(chosen: Settings) -> list[str]:
    """Make the data folder and bring the schema up to date."""
    try:
        chosen.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{chosen.data}: {error.strerror}") from None
    if not os.access(chosen.data, os.W_OK):
        raise click.ClickException(f"{chosen.data} cannot be written to")
    try:
        return asyncio.run(migrate(chosen.database_url))
    except (OSError, sqlite3.Error, asyncpg.PostgresError, BaseORMException) as error:
        raise click.ClickException(f"the database cannot be used: {error}") from None
