"""The door: the only way to a network's rows, already narrowed to what this member may see."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from storage import clock, database, events
from storage.arrivals import Arrival, Quota, Unpacking
from storage.attachments import Attachment
from storage.discussions import Mention, Reply, Thread
from storage.documents import Document, Folder, Trash, Version, Weeding
from storage.events import NO_CHANGES, Audience, Changes, Event, EventKind
from storage.mounts import DavLock, DavProperty
from storage.networks import PRESENT, Area, Membership, Network, NetworkState, lasts
from storage.owned import Owned
from storage.people import Person
from storage.publications import Publication
from storage.readers import Draft, Follow, ReadMark, Reminder, Thanks, Volunteer
from storage.renditions import Rendition, RenditionPage
from storage.revisions import Erasure, Revision, Split
from storage.roles import IN_ARCHIVE, Act, Role, may
from storage.statements import Row, columns, made
from storage.steady import remembered

OwnedRow = TypeVar("OwnedRow", bound=Owned)


class NotFound(Exception):
    """No such network, or not a member of it: the same answer, so that nobody can tell."""


class Forbidden(Exception):
    """A member, but her role does not allow this."""


class Archived(Forbidden):
    """The network is archived: it can be read but not written in."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A person who has entered a network: her rows, and the only creators of new ones."""

    person: Person
    network: Network
    membership: Membership

    @property
    def role(self) -> Role:
        """What she is in this network."""
        return self.membership.role

    def may(self, act: Act) -> bool:
        """Say whether she may do this here and now."""
        return _refusal(act, self.role, self.network.state) is None

    def require(self, act: Act) -> None:
        """Raise Forbidden, or Archived, unless she may do this here and now."""
        if refusal := _refusal(act, self.role, self.network.state):
            raise refusal

    async def recheck(self, act: Act) -> None:
        """Within a write: raise unless she still may, and hold her membership as it is.

        She may have been removed between the door and the transaction.
        """
        await self._rechecked(act, _HERS + database.holding("FOR UPDATE OF m"))

    async def locked(self, act: Act, model: type[OwnedRow], row_id: int) -> OwnedRow:
        """Within a write: recheck as ``recheck`` does, and return a row, held as it is.

        Raises NotFound for no such row, too.
        """
        sql = _WITH_ROW.format(model._meta.db_table) + database.holding("FOR UPDATE OF m, held")
        return made(model, await self._rechecked(act, sql, row_id=row_id))

    async def _rechecked(self, act: Act, sql: str, **values: int) -> Row:
        """Recheck by what is held, her membership among it; return the rest of that."""
        held = await self.read(sql, membership_id=self.membership.id, **values)
        if not held:
            raise NotFound
        # Not joined to it: they would be read as they were before the wait for the locks.
        [now] = await self.read(_AROUND)
        [mine] = held
        lasting = lasts(mine.pop("her_starts_on"), mine.pop("her_ends_on"))
        if not now["active"] or not lasting:
            raise NotFound
        if refusal := _refusal(act, mine.pop("her_role"), now["state"]):
            raise refusal
        return mine

    async def hold(self) -> None:
        """Within a write: let nobody else change the network's own arrangement meanwhile."""
        await Network.filter(id=self.network.id).select_for_update(no_key=True).get()

    def _of(self, model: type[OwnedRow]) -> QuerySet[OwnedRow]:
        return QuerySet(model).filter(network_id=self.network.id)

    @property
    def threads(self) -> QuerySet[Thread]:
        """Every thread of the network."""
        return self._of(Thread)

    @property
    def replies(self) -> QuerySet[Reply]:
        """Every reply of the network."""
        return self._of(Reply)

    @property
    def mentions(self) -> QuerySet[Mention]:
        """Every mention of the network."""
        return self._of(Mention)

    @property
    def areas(self) -> QuerySet[Area]:
        """The subject areas."""
        return self._of(Area)

    @property
    def attachments(self) -> QuerySet[Attachment]:
        """Every attachment of a post; whether the post is hidden is for the verb to see."""
        return self._of(Attachment).exclude(thread_id=None)

    @property
    def my_uploads(self) -> QuerySet[Attachment]:
        """What she has uploaded and not posted yet; nobody else sees it."""
        return self._of(Attachment).filter(thread_id=None, person_id=self.person.id)

    @property
    def thanks(self) -> QuerySet[Thanks]:
        """Every "Tack" of the network."""
        return self._of(Thanks)

    @property
    def volunteers(self) -> QuerySet[Volunteer]:
        """Everybody who has said "Jag är med"."""
        return self._of(Volunteer)

    @property
    def reminders(self) -> QuerySet[Reminder]:
        """When the silent were reminded."""
        return self._of(Reminder)

    @property
    def splits(self) -> QuerySet[Split]:
        """Which replies were made threads of their own."""
        return self._of(Split)

    @property
    def revisions(self) -> QuerySet[Revision]:
        """Earlier texts of every post; whether the post is hidden is for the verb to see."""
        return self._of(Revision)

    @property
    def folders(self) -> QuerySet[Folder]:
        """Every folder that is not in the trash."""
        return self._of(Folder).filter(trash_id=None)

    @property
    def trashed_folders(self) -> QuerySet[Folder]:
        """The folders in the trash."""
        return self._of(Folder).exclude(trash_id=None)

    @property
    def documents(self) -> QuerySet[Document]:
        """Every document that is not in the trash."""
        return self._of(Document).filter(trash_id=None)

    @property
    def trashed_documents(self) -> QuerySet[Document]:
        """The documents in the trash."""
        return self._of(Document).exclude(trash_id=None)

    @property
    def versions(self) -> QuerySet[Version]:
        """Every version; whether its document is in the trash is for the verb to see."""
        return self._of(Version)

    @property
    def renditions(self) -> QuerySet[Rendition]:
        """What versions look like in a page."""
        return self._of(Rendition)

    @property
    def rendition_pages(self) -> QuerySet[RenditionPage]:
        """Their pages as images."""
        return self._of(RenditionPage)

    @property
    def trash(self) -> QuerySet[Trash]:
        """What has been put in the trash."""
        return self._of(Trash)

    @property
    def weedings(self) -> QuerySet[Weeding]:
        """What was deleted for good, and why. Raises Forbidden for others than coordinators."""
        self.require(Act.WEED)
        return self._of(Weeding)

    @property
    def my_arrivals(self) -> QuerySet[Arrival]:
        """The files that she herself is sending; nobody else sees them."""
        return self._of(Arrival).filter(person_id=self.person.id)

    @property
    def my_unpackings(self) -> QuerySet[Unpacking]:
        """The archives that she has had unpacked."""
        return self._of(Unpacking).filter(person_id=self.person.id)

    @property
    def quota(self) -> QuerySet[Quota]:
        """How much the network may keep, where that is its own."""
        return self._of(Quota)

    @property
    def publications(self) -> QuerySet[Publication]:
        """What has been published from here, and withdrawn."""
        return self._of(Publication)

    @property
    def dav_locks(self) -> QuerySet[DavLock]:
        """What programs that have the network as a drive hold."""
        return self._of(DavLock)

    @property
    def dav_properties(self) -> QuerySet[DavProperty]:
        """What such programs have noted of folders and documents."""
        return self._of(DavProperty)

    @property
    def erasures(self) -> QuerySet[Erasure]:
        """What was removed for good. Raises Forbidden for others than coordinators."""
        self.require(Act.ERASE)
        return self._of(Erasure)

    @property
    def every_draft(self) -> QuerySet[Draft]:
        """Everybody's drafts, to remove something from them and not to read. Raises Forbidden."""
        self.require(Act.ERASE)
        return self._of(Draft)

    @property
    def my_drafts(self) -> QuerySet[Draft]:
        """What she herself is writing; nobody sees another's."""
        return self._of(Draft).filter(person_id=self.person.id)

    @property
    def my_follows(self) -> QuerySet[Follow]:
        """Which threads she herself follows or has left."""
        return self._of(Follow).filter(person_id=self.person.id)

    @property
    def events(self) -> QuerySet[Event]:
        """What has happened here, as far as she may be told of it."""
        # Raw, since JSON is asked in each database's own way: the row's own id when she is named.
        named = RawSQL(f'CASE WHEN {events.names(self.person.id)} THEN "event"."id" END')
        told = Q(audience=Audience.MEMBERS) | Q(audience=Audience.PERSONS, id=named)
        if self.role == Role.COORDINATOR:
            told |= Q(audience=Audience.COORDINATORS)
        return self._of(Event).filter(told)

    async def oldest_event(self) -> int | None:
        """Return the number of the first event that has not been pruned."""
        row = await self.look_up("SELECT MIN(seq) AS seq FROM event WHERE network_id = :network_id")
        return row["seq"] if row else None

    @property
    def my_read_marks(self) -> QuerySet[ReadMark]:
        """How far she herself has read; nobody sees another's."""
        return self._of(ReadMark).filter(person_id=self.person.id)

    @property
    def my_membership(self) -> QuerySet[Membership]:
        """Her own membership."""
        return self._of(Membership).filter(id=self.membership.id)

    @property
    def memberships(self) -> QuerySet[Membership]:
        """Everybody's memberships, ended ones too. Raises Forbidden for a guest."""
        self.require(Act.LIST_MEMBERS)
        return self._of(Membership)

    async def create(self, model: type[OwnedRow], **values: Any) -> OwnedRow:
        """Make one row of this network."""
        return await model.create(**values, network_id=self.network.id)

    async def create_many(self, model: type[OwnedRow], rows: list[dict[str, Any]]) -> None:
        """Make several rows of this network."""
        made = [model(**row, network_id=self.network.id) for row in rows]
        if made:
            await QuerySet(model).bulk_create(made)

    async def get_or_create(
        self, model: type[OwnedRow], defaults: dict[str, Any], **key: Any
    ) -> tuple[OwnedRow, bool]:
        """Return the row with this key, and whether it had to be made. Call it within a write."""
        found = await self._of(model).filter(**key).select_for_update().get_or_none()
        if found is not None:
            return found, False
        return await self.create(model, **defaults, **key), True

    async def read(self, sql: str, **values: Any) -> list[Row]:
        """Return rows of raw SQL, which must say ``:network_id``.

        ``:network_id``, ``:role``, ``:person_id`` and ``:today`` are always bound.
        """
        return await database.read(sql, self._bound(sql, values))

    async def read_few(self, sql: str, **values: Any) -> list[Row]:
        """Return rows of raw SQL as ``read`` does, a few dozen at most that are found by keys."""
        return await database.read_few(sql, self._bound(sql, values))

    async def look_up(self, sql: str, **values: Any) -> Row | None:
        """Return the only row of raw SQL as ``read`` does, when it is found by unique keys."""
        return await database.look_up(sql, self._bound(sql, values))

    async def change(self, sql: str, **values: Any) -> list[Row]:
        """Within a write: change rows by raw SQL, which is held to the same as ``read``."""
        return await database.change(sql, self._bound(sql, values))

    def _bound(self, sql: str, values: dict[str, Any]) -> dict[str, Any]:
        if ":network_id" not in sql:
            raise ValueError("a statement without :network_id would reach every network")
        return {
            **values,
            "network_id": self.network.id,
            "role": str(self.role),
            "person_id": self.person.id,
            "today": clock.today(),
        }

    async def record(
        self,
        kind: EventKind,
        *,
        audience: Audience = Audience.MEMBERS,
        persons: list[int] | None = None,
        beside: Changes = NO_CHANGES,
        **ids: int,
    ) -> None:
        """Write the event of a change, as the last statement of its transaction.

        ``persons`` are the ids of those who may be told, when the audience is persons. ``beside``
        is changed in the same round trip: rows that nothing else of this write depends on. It
        takes the network's row lock, so that ``seq`` has no gaps and commits in order.
        """
        values = dict(beside.values)
        for sql in beside.statements:
            values = self._bound(sql, values)
        await events.record(
            self.network.id,
            kind,
            self.person.id,
            audience=audience,
            persons=persons,
            beside=Changes(beside.statements, values),
            **ids,
        )


_HERS = """
    SELECT m.role AS her_role, m.starts_on AS her_starts_on, m.ends_on AS her_ends_on
    FROM membership m WHERE m.id = :membership_id AND m.network_id = :network_id
"""
# The membership is locked first.
_WITH_ROW = """
    SELECT m.role AS her_role, m.starts_on AS her_starts_on, m.ends_on AS her_ends_on, held.*
    FROM membership m, "{}" held
    WHERE m.id = :membership_id AND m.network_id = :network_id
    AND held.id = :row_id AND held.network_id = :network_id
"""
_AROUND = """
    SELECT p.active, n.state FROM person p, network n
    WHERE p.id = :person_id AND n.id = :network_id
"""


async def enter(person: Person, slug: str) -> Inside:
    """Let a member in. Raises NotFound for a stranger and for a network that is not there."""
    found = await _membership(person.id, slug)
    if found is None or not person.active:
        raise NotFound
    membership, network = found
    if not membership.present:
        raise NotFound
    return Inside(person, network, membership)


@remembered
async def _membership(person_id: int, slug: str) -> tuple[Membership, Network] | None:
    """Return what a person is or was in a network, with that network."""
    # One query decides, so that a network that exists takes a stranger no longer than none.
    row = await database.look_up(
        f"""
        SELECT {columns(Membership, "m")}, {columns(Network, "n")}
        FROM membership m JOIN network n ON n.id = m.network_id
        WHERE n.slug = :slug AND m.person_id = :person_id
        """,  # noqa: S608 (names of columns)
        {"slug": slug, "person_id": person_id},
    )
    return (made(Membership, row, "m_"), made(Network, row, "n_")) if row else None


async def enter_all(person: Person) -> list[Inside]:
    """Let a person into every network that she is a member of today."""
    mine = await QuerySet(Membership).filter(person_id=person.id)
    memberships = {row.network_id: row for row in mine if row.present}
    if not memberships or not person.active:
        return []
    networks = await Network.filter(id__in=list(memberships))
    return [Inside(person, network, memberships[network.id]) for network in networks]


async def coordinators(network: Network) -> list[int]:
    """Return the persons who coordinate a network today.

    For work that somebody began who has left since: one of them is let in instead.
    """
    mine = QuerySet(Membership).filter(network_id=network.id, role=Role.COORDINATOR)
    return [row.person_id for row in await mine.order_by("id") if row.present]


async def roles(person_ids: Collection[int]) -> dict[int, dict[int, Role]]:
    """Return what each of these persons is today, by the ids of her networks.

    For who has let them in before and keeps the door open for them.
    """
    found: dict[int, dict[int, Role]] = {person_id: {} for person_id in person_ids}
    every = sorted(found)
    for first in range(0, len(every), _AT_ONCE):
        some = ", ".join(f"{one:d}" for one in every[first : first + _AT_ONCE])
        rows = await database.read(_ROLES.format(some), {"today": clock.today()})
        for row in rows:
            found[row["person_id"]][row["network_id"]] = Role(row["role"])
    return found


async def shown_as_present(network_id: int, person_ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of these few persons who may be shown to be here today.

    They are members, may see who the others are, and want it.
    """
    if not person_ids:
        return {}
    roles = ", ".join(f"'{role}'" for role in Role if may(role, Act.LIST_MEMBERS))
    some = ", ".join(f"{one:d}" for one in person_ids)
    values = {"network_id": network_id, "today": clock.today()}
    rows = await database.read_few(_SHOWN.format(roles, some), values)
    return {row["id"]: row["name"] for row in rows}


_SHOWN = f"""
    SELECT p.id, p.name FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.network_id = :network_id AND m.role IN ({{}}) AND m.person_id IN ({{}})
    AND p.presence AND {PRESENT}
"""  # noqa: S608 (numbers, and roles by their names)
_AT_ONCE = 500
_ROLES = f"""
    SELECT m.person_id, m.network_id, m.role FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.person_id IN ({{}}) AND {PRESENT}
"""  # noqa: S608 (numbers)


def _refusal(act: Act, role: Role, state: NetworkState) -> Forbidden | None:
    if not may(role, act):
        return Forbidden(act)
    if state == NetworkState.ARCHIVED and act not in IN_ARCHIVE:
        return Archived(act)
    return None
