"""Organisations, and the one way to count municipalities."""

from dataclasses import dataclass

from forum.language import gettext as _
from forum.language import listed, ngettext, swedish_key
from forum.refusals import Invalid
from forum.text import one_line
from storage import database
from storage.door import Inside
from storage.organisations import Organisation, OrganisationKind


async def add_organisation(name: str, kind: OrganisationKind) -> Organisation:
    """Add an organisation. Raises Invalid for an empty or taken name."""
    name = one_line(name)
    if not 1 <= len(name) <= 120:
        raise Invalid(name=_("Write a name of 1 to 120 characters."))

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
class Coverage:
    """Which of a network's municipalities have been reached, and which are missing."""

    reached: list[str]
    missing: list[str]

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


async def coverage(inside: Inside, organisation_ids: set[int] | None = None) -> Coverage:
    """Count the municipalities of a network that are among ``organisation_ids``.

    A network's municipalities are those that have, or once had, a member in it who is no guest;
    without ``organisation_ids``, those with such a member today are counted as reached. Every
    "9 av 13 kommuner" comes from here.
    """
    rows = await inside.read(
        """
        SELECT o.id, o.name, MAX(CASE WHEN p.active AND m.starts_on <= :today
            AND (m.ends_on IS NULL OR m.ends_on >= :today) THEN 1 ELSE 0 END) AS present
        FROM membership m JOIN organisation o ON o.id = m.organisation_id
            JOIN person p ON p.id = m.person_id
        WHERE m.network_id = :network_id AND m.role <> 'guest' AND o.kind = 'municipality'
        GROUP BY o.id, o.name
        """
    )
    reached: list[str] = []
    missing: list[str] = []
    for row in sorted(rows, key=lambda row: swedish_key(row["name"])):
        hit = row["present"] if organisation_ids is None else row["id"] in organisation_ids
        (reached if hit else missing).append(row["name"])
    return Coverage(reached, missing)
