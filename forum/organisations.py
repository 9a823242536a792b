"""Organisations, and the one way to count municipalities."""

from dataclasses import dataclass, field

from forum import names
from forum.language import gettext as _
from forum.language import listed, ngettext, swedish_key
from forum.refusals import Invalid
from forum.threads import read_through
from storage import database
from storage.discussions import Thread
from storage.door import Inside
from storage.networks import PRESENT
from storage.organisations import Organisation, OrganisationKind
from storage.statements import Row


async def add_organisation(name: str, kind: OrganisationKind) -> Organisation:
    """Add an organisation. Raises Invalid for an empty or taken name."""
    name = names.checked(name)

    async def add() -> Organisation:
        if await Organisation.exists(name=name):
            raise Invalid(name=_("There is already an organisation with this name."))
        return await Organisation.create(name=name, kind=kind)

    return await database.write(add)


async def all_organisations() -> list[Organisation]:
    """Return every organisation in Swedish order."""
    return sorted(await Organisation.all(), key=lambda one: swedish_key(one.name))


async def by_id(organisation_id: int) -> Organisation | None:
    """Return one organisation."""
    return await Organisation.get_or_none(id=organisation_id)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality, for choosing one."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of a network's municipalities have been reached, and which are missing."""

    reached: list[str]
    missing: list[str]
    #: The ids of those that are missing.
    missing_ids: list[int] = field(default_factory=list, compare=False)

    @property
    def total(self) -> int:
        """How many municipalities the network has."""
        return len(self.reached) + len(self.missing)

    def __str__(self) -> str:
        """Return "9 av 13 kommuner"."""
        return ngettext(
            "%(reached)d of %(total)d municipality",
            "%(reached)d of %(total)d municipalities",
            self.total,
        ) % {"reached": len(self.reached), "total": self.total}

    def named_missing(self) -> str:
        """Return "Aneby, Habo och Mullsjö"."""
        return listed(self.missing)


# A network's municipalities are those that have, or once had, a member in it who is no guest.
_MUNICIPALITIES = f"""
    SELECT o.id, o.name, MAX(CASE WHEN {PRESENT} THEN 1 ELSE 0 END) AS reached
    FROM membership m JOIN organisation o ON o.id = m.organisation_id
        JOIN person p ON p.id = m.person_id
    WHERE m.network_id = :network_id AND m.role <> 'guest' AND o.kind = 'municipality'
    GROUP BY o.id, o.name
"""  # noqa: S608 (put together from constants)

# An answer that is hidden does not count, nor does a guest's, whatever municipality she is from.
_ANSWERED = """
    SELECT DISTINCT r.organisation_id FROM reply r
    JOIN membership m ON m.network_id = :network_id AND m.person_id = r.author_id
    WHERE r.thread_id = :thread_id AND r.network_id = :network_id AND r.hidden_at IS NULL
        AND m.role <> 'guest'
"""


async def coverage(inside: Inside) -> Coverage:
    """Count the network's municipalities that have a member in it today who is no guest.

    Every "9 av 13 kommuner" comes from here and from ``answers``.
    """
    rows = await inside.read(_MUNICIPALITIES)
    return _covered(_in_order(rows), {row["id"] for row in rows if row["reached"]})


async def municipalities_of(inside: Inside) -> list[Municipality]:
    """Return the network's municipalities in Swedish order."""
    return _in_order(await inside.read(_MUNICIPALITIES))


async def answers(
    inside: Inside, thread: Thread, municipalities: list[Municipality] | None = None
) -> Coverage:
    """Count the network's municipalities, but for the asker's own, that have answered a thread.

    ``municipalities`` are those of the network, for who knows them already.
    """
    if municipalities is None:
        municipalities = await municipalities_of(inside)
    rows = await read_through(inside, thread, _ANSWERED)
    answered = {row["organisation_id"] for row in rows}
    asked = [one for one in municipalities if one.id != thread.organisation_id]
    return _covered(asked, answered)


def _in_order(rows: list[Row]) -> list[Municipality]:
    found = [Municipality(row["id"], row["name"]) for row in rows]
    return sorted(found, key=lambda one: swedish_key(one.name))


def _covered(municipalities: list[Municipality], reached: set[int]) -> Coverage:
    missing = [one for one in municipalities if one.id not in reached]
    return Coverage(
        reached=[one.name for one in municipalities if one.id in reached],
        missing=[one.name for one in missing],
        missing_ids=[one.id for one in missing],
    )
