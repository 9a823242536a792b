"""What is wanted ("Efterlysning"): who joins in, whom the asker chooses, and looking again."""

from dataclasses import dataclass
from datetime import date

from forum.asking import wanted_dates_refused
from forum.language import gettext as _
from forum.language import listed
from forum.marks import may_mark
from forum.refusals import Invalid
from forum.threads import change_thread, locked_thread
from storage import clock, database, door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.networks import PRESENT
from storage.readers import Volunteer
from storage.roles import Act


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who has said "Jag är med"."""

    person_id: int
    name: str
    organisation: str
    chosen: bool
    #: Whether she is still a member, and so can be chosen.
    present: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted, with who has joined in, the first one first."""

    open: bool
    joined: list[Joined]
    #: Whether the reader has joined in.
    mine: bool

    @property
    def present(self) -> list[Joined]:
        """Those whom the asker can choose among."""
        return [one for one in self.joined if one.present]

    @property
    def chosen(self) -> list[Joined]:
        """Those whom the asker has chosen."""
        return [one for one in self.joined if one.chosen]

    def together(self, asker: str) -> str:
        """Return the organisations that do it together: "Vaggeryd och Värnamo"."""
        return listed(list(dict.fromkeys([asker, *(one.organisation for one in self.chosen)])))


def is_wanted(thread: Thread) -> bool:
    """Say whether a thread looks for somebody."""
    return thread.kind == ThreadKind.WANTED


def is_open(thread: Thread) -> bool:
    """Say whether one can still join in: by the date alone, no job is needed."""
    ended = thread.ends_on is None or thread.ends_on < clock.today()
    return not ended and (thread.solved_at or thread.closed_at or thread.hidden_at) is None


async def search(inside: Inside, thread: Thread) -> Search:
    """Return how the search stands."""
    people = await _joined(inside, thread)
    mine = any(one.person_id == inside.person.id for one in people)
    return Search(is_open(thread), people, mine)


async def _joined(inside: Inside, thread: Thread) -> list[Joined]:
    rows = await inside.read(
        f"""
        SELECT v.person_id, p.name, o.name AS organisation,
            CASE WHEN v.chosen_at IS NULL THEN 0 ELSE 1 END AS chosen,
            CASE WHEN m.role <> 'guest' AND {PRESENT} THEN 1 ELSE 0 END AS present
        FROM volunteer v JOIN person p ON p.id = v.person_id
            JOIN organisation o ON o.id = v.organisation_id
            JOIN membership m ON m.network_id = :network_id AND m.person_id = v.person_id
        WHERE v.network_id = :network_id AND v.thread_id = :thread_id
        ORDER BY v.id
        """,  # noqa: S608 (put together from constants)
        thread_id=thread.id,
    )
    return [
        Joined(**row | {"chosen": bool(row["chosen"]), "present": bool(row["present"])})
        for row in rows
    ]


async def join(inside: Inside, thread_id: int, *, joining: bool) -> None:
    """Say "Jag är med", or that one cannot any longer.

    Raises NotFound for nothing wanted, Forbidden for the asker, Invalid when it is over.
    """

    async def say() -> None:
        thread = await _locked(inside, Act.VOLUNTEER, thread_id)
        if thread.author_id == inside.person.id:
            raise door.Forbidden("join oneself")
        if not is_open(thread):
            raise Invalid(volunteers=_("It is over: nobody can join or leave any more."))
        mine = inside.volunteers.filter(thread_id=thread_id, person_id=inside.person.id)
        if await mine.exists() == joining:
            return
        if joining:
            await inside.create(
                Volunteer,
                thread_id=thread_id,
                person_id=inside.person.id,
                organisation_id=inside.membership.organisation_id,
                at=clock.now(),
            )
        else:
            await mine.delete()
        await change_thread(inside, thread)
        await inside.record(EventKind.THREAD_VOLUNTEERS, thread_id=thread_id)

    await database.write(say)


async def pair(inside: Inside, thread_id: int, person_ids: set[int]) -> None:
    """Choose who does it together with the asker. It is found now, and nobody else can join.

    Raises NotFound, Forbidden for others than the asker and coordinators, Invalid when nobody is
    chosen who is there to be, or when it has been done already.
    """

    async def choose() -> None:
        thread = await _asked(inside, thread_id)
        if thread.solved_at is not None:
            raise Invalid(person=_("Somebody has been chosen already."))
        there = {one.person_id for one in (await search(inside, thread)).present}
        if not person_ids:
            raise Invalid(person=_("Choose at least one."))
        if not person_ids <= there:
            raise Invalid(person=_("One of those you chose has left. Look again, and choose."))
        now = clock.now()
        chosen = inside.volunteers.filter(thread_id=thread_id, person_id__in=sorted(person_ids))
        await chosen.update(chosen_at=now)
        await change_thread(inside, thread, solved_at=now, solved_by_id=inside.person.id)
        await inside.record(EventKind.THREAD_SOLVED, thread_id=thread_id)

    await database.write(choose)


async def look_again(
    inside: Inside, thread_id: int, month: date | None, last_day: date | None
) -> None:
    """Look for somebody again, until a new last day; whoever was chosen is so no longer.

    Raises NotFound, Forbidden for others than the asker and coordinators, Invalid for wrong dates.
    """

    async def renew() -> None:
        thread = await _asked(inside, thread_id)
        if errors := wanted_dates_refused(month, last_day):
            raise Invalid(**errors)
        await inside.volunteers.filter(thread_id=thread_id).update(chosen_at=None)
        await change_thread(
            inside,
            thread,
            wanted_month=month,
            ends_on=last_day,
            solved_at=None,
            solved_by_id=None,
        )
        await inside.record(EventKind.THREAD_REOPENED, thread_id=thread_id)

    await database.write(renew)


async def _locked(inside: Inside, act: Act, thread_id: int) -> Thread:
    thread = await locked_thread(inside, act, thread_id)
    if thread.kind != ThreadKind.WANTED:
        raise door.NotFound
    return thread


async def _asked(inside: Inside, thread_id: int) -> Thread:
    """Lock what she may decide about."""
    thread = await _locked(inside, Act.MARK, thread_id)
    if not may_mark(inside, thread.author_id) or thread.closed_at or thread.hidden_at:
        raise door.Forbidden("choose")
    return thread
