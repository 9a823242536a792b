"""How the demo's people, networks and discussions are written down."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from inspect import cleandoc

from forum.people import username_for
from forum.text import folded
from storage import clock
from storage.discussions import ThreadKind
from storage.networks import Function, NetworkKind
from storage.roles import Role

#: Working days before today, and what the clock showed in Sweden. Never today itself: whatever
#: the time is now, it lies behind us.
When = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person. Her address is at a domain that no mail can reach (RFC 2606)."""

    name: str
    organisation: str
    title: str
    phone: str = ""
    operator: bool = False
    easy: bool = False
    #: She has stopped working there; what she wrote remains.
    left: bool = False

    @property
    def username(self) -> str:
        return username_for(self.name)

    @property
    def email(self) -> str:
        return f"{self.username}@{folded(self.organisation)}.example"


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership, in days from today."""

    username: str
    function: Function = Function.REPRESENTATIVE
    role: Role = Role.MEMBER
    since: int = 420
    ended: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply. ``quotes`` is the number of a post in the thread and a passage from it.

    ``first`` is what it said until it was ``edited``.
    """

    by: str
    when: When
    body: str
    helped: When | None = None
    quotes: tuple[int, str] | None = None
    first: str = ""
    edited: When | None = None


@dataclass(frozen=True, slots=True)
class Thank:
    """Thanks ("Tack") by somebody for a post, by its number."""

    by: str
    when: When
    number: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A thread with its replies."""

    by: str
    when: When
    area: str
    title: str
    body: str
    answers: tuple[Answer, ...] = ()
    kind: ThreadKind = ThreadKind.QUESTION
    solved: When | None = None
    #: When a coordinator pinned it on top, or closed it.
    pinned: When | None = None
    closed: When | None = None
    #: A notice's last day on top, in days from today.
    on_top: int = 0
    #: A question that asks every municipality: the last day for answers, in days from today.
    answer_by: int | None = None
    #: When a coordinator reminded those who had not answered.
    reminded: When | None = None
    #: What the asker says that the answers came to.
    summary: tuple[When, str] | None = None
    #: Who has joined in what is wanted. It is to happen in the asker's municipality, next month.
    joined: tuple[tuple[str, When], ...] = ()
    thanks: tuple[Thank, ...] = ()
    #: A coordinator's short version.
    short: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A network with its members and what they have written."""

    slug: str
    name: str
    description: str
    coordinator: str
    areas: tuple[tuple[str, str], ...]
    seats: tuple[Seat, ...]
    topics: tuple[Topic, ...]
    kind: NetworkKind = NetworkKind.NETWORK
    parent: str = ""
    archived: bool = False


def seats(usernames: str, function: Function = Function.REPRESENTATIVE) -> tuple[Seat, ...]:
    """Return a plain seat for each of the usernames, which have spaces between them."""
    return tuple(Seat(username, function) for username in usernames.split())


_BLOCK = re.compile(r"\s*([-*|>#]|\d+\.) ")


def markdown(written: str) -> str:
    """Return the text as it was meant.

    A line break is a line break to readers, so those that only keep the source narrow are undone.
    """
    lines: list[str] = []
    for line in cleandoc(written).split("\n"):
        if lines and lines[-1] and line and not _BLOCK.match(line):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return "\n".join(lines)


def moment(when: When) -> datetime:
    """Return the moment in UTC."""
    back, hours = when
    day = clock.today()
    while back > 0:
        day -= timedelta(days=1)
        back -= day.weekday() < 5
    local = datetime.combine(day, time.fromisoformat(hours.replace(".", ":")), clock.STOCKHOLM)
    return local.astimezone(UTC)
