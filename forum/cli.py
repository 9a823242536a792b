"""The command ``samverkan``."""

import asyncio
import code
import json
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import date
from functools import wraps
from typing import Any, TypeVar

import click

from forum import (
    language,
    login_links,
    members,
    networks,
    organisations,
    people,
    seeds,
    settings,
    worker,
)
from forum.checks import check as findings
from forum.refusals import Invalid
from forum.settings import SETTINGS, Settings, WrongSetting
from storage import clock, database, door
from storage.migrate import migrate
from storage.networks import Function, Network, NetworkKind
from storage.organisations import Organisation, OrganisationKind
from storage.people import Language, Person
from storage.roles import Act, Role

F = TypeVar("F", bound=Callable[..., Any])


def _with_settings(command: F) -> F:
    """Give the group an option for each setting, also read from its environment variable."""
    for setting in reversed(SETTINGS):
        command = click.option(
            "--" + setting.name.lower().replace("_", "-"),
            setting.name.lower(),
            envvar=settings.PREFIX + setting.name,
            show_envvar=True,
            help=setting.meaning + (f" Default: {setting.default}" if setting.default else ""),
        )(command)
    return command


@click.group(
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "SAMVERKAN",
        "show_default": True,
    }
)
@_with_settings
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
    try:
        context.obj = settings.from_environment(os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from None


def _with_database(
    command: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Run an async command with the database open; a verb's refusal becomes a clear error."""

    @wraps(command)
    def run(chosen: Settings, **options: Any) -> None:
        async def work() -> None:
            async with database.opened(chosen.database_url):
                await command(chosen, **options)

        _prepare(chosen)
        try:
            asyncio.run(work())
        except Invalid as invalid:
            raise click.ClickException(str(invalid)) from None

    return click.pass_obj(run)


def _prepare(chosen: Settings) -> list[str]:
    """Make the data folder and bring the schema up to date."""
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{chosen.data}: {error.strerror}") from None
    try:
        return asyncio.run(migrate(chosen.database_url))
    except OSError as error:
        raise click.ClickException(f"the database cannot be reached: {error}") from None


@main.command()
@click.pass_obj
def setup(chosen: Settings) -> None:
    """Bring the database to the present schema. Safe to repeat."""
    applied = _prepare(chosen)
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to do")


@main.command()
@click.pass_obj
def serve(chosen: Settings) -> None:
    """Serve the pages, with a worker inside."""
    _prepare(chosen)
    _serve(chosen)


def _serve(chosen: Settings) -> None:
    # Only this command needs a web server, and only here does a floor point upwards: by name.
    import uvicorn

    uvicorn.run(
        "web.app:create",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        # Which proxies count is decided in web.app, in one place.
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="info",
        # Addresses hold thread ids and one-time tokens; they stay out of the logs.
        access_log=False,
        timeout_graceful_shutdown=8,
    )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON on standard output.")
@click.pass_obj
def demo(chosen: Settings, as_json: bool) -> None:
    """Fill an empty database with invented people and discussions, and serve it."""
    if not chosen.only_here:
        raise click.ClickException("the demo has known passwords: it is for this computer only")
    os.environ[settings.PREFIX + "DEMO"] = "1"
    _prepare(chosen)

    async def fill() -> list[seeds.Login]:
        async with database.opened(chosen.database_url):
            return await seeds.fill()

    logins = asyncio.run(fill())
    if not logins:
        raise click.ClickException(
            f"{chosen.data} holds other people than the demo’s; set SAMVERKAN_DATA to a new folder"
        )
    if as_json:
        rows = [
            {"username": one.username, "password": one.password, "role": one.role} for one in logins
        ]
        click.echo(json.dumps({"url": chosen.base_url, "logins": rows}))
    else:
        click.echo(f"\nSamverkan: {chosen.base_url}\n")
        for one in logins:
            click.echo(f"  {one.role:<20} {one.username:<20} {one.password}")
        click.echo(f"\nOutbox (login links): {chosen.base_url}/dev/outbox\n")
    sys.stdout.flush()
    _serve(chosen)


@main.command(name="worker")
@_with_database
async def work(chosen: Settings) -> None:
    """Do jobs until stopped; the server has a worker of its own as well."""
    await worker.run(chosen)


@main.command()
@click.pass_obj
def shell(chosen: Settings) -> None:
    """Open Python with the models imported; ``run(…)`` awaits with the database open."""

    def run(awaitable: Coroutine[Any, Any, Any]) -> Any:
        async def opened() -> Any:
            async with database.opened(chosen.database_url):
                return await awaitable

        return asyncio.run(opened())

    _prepare(chosen)
    names = {"run": run, "Person": Person, "Network": Network, "Organisation": Organisation,
             "door": door, "database": database, "settings": chosen}  # fmt: skip
    code.interact(banner="run(Person.all()) and so on", local=names)


@main.command()
@click.pass_obj
def check(chosen: Settings) -> None:
    """Say how the installation is: a line for each thing; exit 1 on trouble."""

    async def look() -> bool:
        well = True
        async for finding in findings(chosen):
            mark = "ok     " if finding.well else "TROUBLE"
            click.echo(f"{mark} {finding.subject}: {finding.says}")
            well = well and finding.well
        return well

    if not asyncio.run(look()):
        raise SystemExit(1)


@main.group()
def network() -> None:
    """Networks."""


@network.command("add")
@click.argument("name")
@click.option("--slug", default="", help="Its address; otherwise made from the name.")
@click.option("--kind", type=click.Choice([kind.value for kind in NetworkKind]), default="network",
              help="What it is.")  # fmt: skip
@click.option("--description", default="", help="What it is for.")
@click.option("--parent", default="", help="Address of the network that a work group belongs to.")
@click.option(
    "--actor",
    required=True,
    envvar="SAMVERKAN_ACTOR",
    help="Username of the operator who creates it.",
)
@click.option("--coordinator", required=True, help="Username of its first coordinator.")
@click.option("--organisation", required=True, help="The organisation that she represents.")
@_with_database
async def network_add(_chosen: Settings, name: str, **options: str) -> None:
    """Create a network with its first coordinator."""
    above = await _network(options["parent"]) if options["parent"] else None
    try:
        made = await networks.create_network(
            await _person(options["actor"]),
            name,
            await _person(options["coordinator"]),
            await _organisation(options["organisation"]),
            kind=NetworkKind(options["kind"]),
            description=options["description"],
            slug=options["slug"],
            parent_id=above.id if above else None,
        )
    except door.Forbidden:
        raise click.ClickException(f"{options['actor']} is not an operator") from None
    click.echo(made.slug)


@main.group()
def area() -> None:
    """Subject areas."""


@area.command("add")
@click.argument("network_slug", metavar="NETWORK")
@click.argument("name")
@click.option("--description", default="", help="What it is about.")
@click.option(
    "--actor",
    required=True,
    envvar="SAMVERKAN_ACTOR",
    help="Username of a coordinator of the network.",
)
@_with_database
async def area_add(_chosen: Settings, network_slug: str, name: str, description: str,
                   actor: str) -> None:  # fmt: skip
    """Add a subject area to a network, last."""
    inside = await _enter(actor, network_slug)
    made = await networks.add_area(inside, name, description)
    click.echo(made.name)


@main.group()
def organisation() -> None:
    """Organisations."""


@organisation.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]),
              default="municipality", help="What it is.")  # fmt: skip
@_with_database
async def organisation_add(_chosen: Settings, name: str, kind: str) -> None:
    """Add an organisation."""
    made = await organisations.add_organisation(name, OrganisationKind(kind))
    click.echo(made.name)


@main.group()
def person() -> None:
    """People."""


@person.command("add")
@click.argument("name")
@click.option("--email", default="", help="E-mail address.")
@click.option("--title", default="", help="What she works as.")
@click.option("--operator", is_flag=True, help="May create networks; reads none by it.")
@_with_database
async def person_add(_chosen: Settings, name: str, email: str, title: str, operator: bool) -> None:
    """Open an account and print its username."""
    made = await people.add_person(name, email, title, operator=operator)
    click.echo(made.username)


@person.command("password-link")
@click.argument("username")
@_with_database
async def person_password_link(chosen: Settings, username: str) -> None:
    """Print a link with which the person chooses a password, once, within 24 hours."""
    click.echo(await login_links.password_link(await _person(username), chosen.base_url))


@main.group()
def member() -> None:
    """Members of networks."""


@member.command("add")
@click.argument("network_slug", metavar="NETWORK")
@click.argument("username")
@click.option("--organisation", required=True, help="The organisation that she represents.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="member",
              help="What she may do.")  # fmt: skip
@click.option("--function", type=click.Choice([one.value for one in Function]),
              default="representative", help="What she is in the network.")  # fmt: skip
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, as 2027-06-30.")
@click.option(
    "--actor",
    required=True,
    envvar="SAMVERKAN_ACTOR",
    help="Username of a coordinator of the network.",
)
@_with_database
async def member_add(_chosen: Settings, network_slug: str, username: str, organisation: str,
                     role: str, function: str, until: Any, actor: str) -> None:  # fmt: skip
    """Make somebody a member of a network."""
    inside = await _enter(actor, network_slug)
    last_day: date | None = until.date() if until else None
    represented = await _organisation(organisation)
    await members.add_member(
        inside,
        await _person(username),
        represented.id,
        role=Role(role),
        function=Function(function),
        starts_on=clock.today(),
        ends_on=last_day,
    )
    click.echo(f"{username} is a {role} of {network_slug}")


async def _person(username: str) -> Person:
    found = await people.find(username)
    if found is None:
        raise click.ClickException(f"nobody has the username {username}")
    return found


async def _organisation(name: str) -> Organisation:
    found = await Organisation.get_or_none(name=name)
    if found is None:
        raise click.ClickException(f"there is no organisation {name}; add it first")
    return found


async def _network(slug: str) -> Network:
    found = await Network.get_or_none(slug=slug)
    if found is None:
        raise click.ClickException(f"there is no network {slug}")
    return found


async def _enter(actor: str, slug: str) -> door.Inside:
    """The command line goes through the door like everybody else, as somebody."""
    try:
        inside = await door.enter(await _person(actor), slug)
        inside.require(Act.MANAGE_AREAS)
    except door.NotFound:
        raise click.ClickException(f"there is no network {slug} that {actor} is in") from None
    except door.Forbidden:
        raise click.ClickException(f"{actor} is not a coordinator of {slug}") from None
    return inside
