"""Being logged in: starting, recognising and ending sessions."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from forum.text import one_line
from forum.tokens import hashed, mint
from storage import clock, database
from storage.people import Person
from storage.sessions import KnownDevice, LoginLink, Session, access_changed, session_and_person

log = logging.getLogger("forum.sessions")

ORDINARY = timedelta(hours=12)
REMEMBERED = timedelta(days=180)
# A session is written to at most this often, not at every page.
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who is asking, and by which session."""

    person: Person
    session: Session


async def start(person: Person, device: str, *, remember: bool) -> str:
    """Begin a session and return the cookie's token.

    It lasts 180 days when it is to be remembered, otherwise 12 hours from its last use.
    """
    token, token_hash = mint()
    now = clock.now()
    await database.write(
        lambda: Session.create(
            token_hash=token_hash,
            person_id=person.id,
            device=one_line(device)[:120],
            remember=remember,
            seen_at=now,
            expires_at=now + (REMEMBERED if remember else ORDINARY),
        )
    )
    return token


async def recognise(token: str, *, by_itself: bool = False) -> LoggedIn | None:
    """Return who this session's cookie stands for, while the session lasts.

    It is used by that, and lasts longer; not when a page asks ``by_itself``: nobody may be there.
    """
    found = await session_and_person(hashed(token))
    if found is None:
        return None
    session, person = found
    now = clock.now()
    if session.ended_at is not None or session.expires_at <= now or not person.active:
        return None
    if now - session.seen_at > SEEN_EVERY and not by_itself:
        lasts = session.expires_at if session.remember else now + ORDINARY
        try:
            await database.write(
                lambda: Session.filter(id=session.id, ended_at=None).update(
                    seen_at=now, expires_at=lasts
                )
            )
        except Exception:
            # A full disk must not keep anybody from reading.
            log.exception("a session could not be prolonged")
    return LoggedIn(person, session)


async def formerly(token: str) -> Person | None:
    """Return whose session this was, also when it has ended: to keep what she had written."""
    found = await session_and_person(hashed(token))
    return found[1] if found else None


async def end(session: Session) -> None:
    """End one session."""
    await end_one(session.person_id, session.id)


async def end_one(person_id: int, session_id: int) -> bool:
    """End one of a person's own sessions; False when she has no such session."""

    async def work() -> bool:
        hers = Session.filter(id=session_id, person_id=person_id, ended_at=None)
        ended: int = await hers.update(ended_at=clock.now())
        if ended:
            await access_changed()
        return ended > 0

    return await database.write(work)


async def end_all(person: Person) -> None:
    """Log the person out everywhere; links she has been sent and known devices go too."""

    async def work() -> None:
        await Session.filter(person_id=person.id, ended_at=None).update(ended_at=clock.now())
        await LoginLink.filter(person_id=person.id, used_at=None).update(used_at=clock.now())
        await KnownDevice.filter(person_id=person.id).delete()
        await access_changed()

    await database.write(work)


async def of(person: Person) -> list[Session]:
    """Return the person's sessions that still last, the latest used first."""
    return await Session.filter(
        person_id=person.id, ended_at=None, expires_at__gt=clock.now()
    ).order_by("-seen_at")
