"""The commands that add networks, subject areas, organisations, people and members."""

from typing import Any

import click

from forum import (
    app_passwords,
    areas,
    login_links,
    members,
    networks,
    organisations,
    people,
    quotas,
)
from forum.console import option, with_database
from forum.settings import Settings
from storage import clock, door
from storage.door import Inside
from storage.networks import Function, Network, NetworkKind
from storage.organisations import Organisation, OrganisationKind
from storage.people import Person
from storage.roles import Act, Role


@click.group()
def network() -> None:
    """Networks."""


@network.command("add")
@click.argument("name")
@option("--slug", default="", help="Its address; otherwise made from the name.")
@option("--kind", type=click.Choice([kind.value for kind in NetworkKind]), default="network",
              help="What it is.")  # fmt: skip
@option("--description", default="", help="What it is for.")
@option("--parent", default="", help="Address of the network that a work group belongs to.")
@option(
    "--actor",
    required=True,
    envvar="SAMVERKAN_ACTOR",
    help="Username of the operator who creates it.",
)
@option("--coordinator", required=True, help="Username of its first coordinator.")
@option("--organisation", required=True, help="The organisation that she represents.")
@with_database
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


@network.command("quota")
@click.argument("slug")
@click.argument("gigabytes", default="")
@option(
    "--actor", required=True, envvar="SAMVERKAN_ACTOR", help="Username of the operator who says so."
)
@with_database
async def network_quota(_chosen: Settings, slug: str, gigabytes: str, actor: str) -> None:
    """Say how many gigabytes of files a network may keep; without a number, any."""
    named = await _network(slug)
    try:
        await quotas.set_limit(await _person(actor), named, gigabytes)
    except door.Forbidden:
        raise click.ClickException(f"{actor} is not an operator") from None
    click.echo(f"{slug}: {gigabytes or 'no limit'}")


#: Of a command that writes in a network, which goes through the door as somebody.
_as_coordinator = option(
    "--actor",
    required=True,
    envvar="SAMVERKAN_ACTOR",
    help="Username of a coordinator of the network.",
)


@click.group()
def area() -> None:
    """Subject areas."""


@area.command("add")
@click.argument("network_slug", metavar="NETWORK")
@click.argument("name")
@option("--description", default="", help="What it is about.")
@_as_coordinator
@with_database
async def area_add(_chosen: Settings, network_slug: str, name: str, description: str,
                   actor: str) -> None:  # fmt: skip
    """Add a subject area to a network, last."""
    inside = await _enter(actor, network_slug, Act.MANAGE_AREAS)
    made = await areas.add_area(inside, name, description)
    click.echo(made.name)


@click.group()
def organisation() -> None:
    """Organisations."""


@organisation.command("add")
@click.argument("name")
@option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]),
              default="municipality", help="What it is.")  # fmt: skip
@with_database
async def organisation_add(_chosen: Settings, name: str, kind: str) -> None:
    """Add an organisation."""
    made = await organisations.add_organisation(name, OrganisationKind(kind))
    click.echo(made.name)


@click.group()
def person() -> None:
    """People."""


@person.command("add")
@click.argument("name")
@option("--email", default="", help="E-mail address.")
@option("--title", default="", help="What she works as.")
@option("--operator", is_flag=True, help="May create networks; reads none by it.")
@with_database
async def person_add(_chosen: Settings, name: str, email: str, title: str, operator: bool) -> None:
    """Open an account and print its username."""
    made = await people.add_person(name, email, title, operator=operator)
    click.echo(made.username)


@person.command("password-link")
@click.argument("username")
@with_database
async def person_password_link(chosen: Settings, username: str) -> None:
    """Print a link with which the person chooses a password, once, within 24 hours."""
    click.echo(await login_links.password_link(await _person(username), chosen.base_url))


@click.group("app-password")
def app_password() -> None:
    """Passwords for programs that open networks as a drive."""


@app_password.command("add")
@click.argument("username")
@option("--name", default="samverkan app-password", help="Where it will be used.")
@with_database
async def app_password_add(_chosen: Settings, username: str, name: str) -> None:
    """Make an app password and print it; it is not to be seen again."""
    click.echo(await app_passwords.add(await _person(username), name))


@click.group()
def member() -> None:
    """Members of networks."""


@member.command("add")
@click.argument("network_slug", metavar="NETWORK")
@click.argument("username")
@option("--organisation", required=True, help="The organisation that she represents.")
@option("--role", type=click.Choice([role.value for role in Role]), default="member",
              help="What she may do.")  # fmt: skip
@option("--function", type=click.Choice([one.value for one in Function]),
              default="representative", help="What she is in the network.")  # fmt: skip
@option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="First day; otherwise today.")
@option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, as 2027-06-30.")
@_as_coordinator
@with_database
async def member_add(
    _chosen: Settings, network_slug: str, username: str, from_: Any, until: Any, **options: str
) -> None:
    """Make somebody a member of a network."""
    inside = await _enter(options["actor"], network_slug, Act.MANAGE_MEMBERS)
    represented = await _organisation(options["organisation"])
    await members.add_member(
        inside,
        await _person(username),
        represented.id,
        role=Role(options["role"]),
        function=Function(options["function"]),
        starts_on=from_.date() if from_ else clock.today(),
        ends_on=until.date() if until else None,
    )
    click.echo(f"{username} is a {options['role']} of {network_slug}")


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


async def _enter(actor: str, slug: str, act: Act) -> Inside:
    """The command line goes through the door like everybody else, as somebody."""
    try:
        inside = await door.enter(await _person(actor), slug)
        inside.require(act)
    except door.NotFound:
        raise click.ClickException(f"there is no network {slug} that {actor} is in") from None
    except door.Archived:
        raise click.ClickException(f"{slug} is archived") from None
    except door.Forbidden:
        raise click.ClickException(f"{actor} is not a coordinator of {slug}") from None
    return inside


GROUPS = (network, area, organisation, person, app_password, member)
