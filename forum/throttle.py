"""Slowing down those who guess, without shutting anybody out.

Attempts are counted by what was typed and where it came from together, so that a stranger
elsewhere cannot lock anybody out; and by the address alone, generously, since a whole
municipality shares one. What costs much is counted by the person who does it.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from forum.language import ngettext
from forum.refusals import Throttled, TooOften
from forum.text import one_line
from storage import clock, database
from storage.sessions import FailedLogin

WINDOW = timedelta(minutes=15)
TRIES = 10
ADDRESS_WINDOW = timedelta(hours=1)
ADDRESS_TRIES = 300
PERSON_WINDOW = timedelta(hours=1)


async def attempt(subject: str, source: str) -> None:
    """Count an attempt. Raises Throttled, with the number of seconds to wait, for one too many.

    It is written before it is counted, and counted before anything is tried: of many attempts
    sent at once, no more get through than of attempts sent one after the other. Who is over the
    limit already is refused without a write, so that a flood keeps nobody from writing.
    """
    await _count(subject, source, spare=1)
    written = await database.write(
        lambda: FailedLogin.create(subject=subject, address=source, at=clock.now())
    )
    try:
        await _count(subject, source, spare=0)
    except Throttled:
        await database.write(written.delete)
        raise


async def forget(subject: str, source: str) -> None:
    """Count no more what was tried before it went well."""
    await database.write(lambda: FailedLogin.filter(subject=subject, address=source).delete())


async def count(what: str, person_id: int, an_hour: int) -> None:
    """Within a write: count what a person does. Raises TooOften above ``an_hour``."""
    now, source = clock.now(), f"person:{person_id}"
    done = FailedLogin.filter(subject=what, address=source, at__gt=now - PERSON_WINDOW)
    if await done.count() >= an_hour:
        raise TooOften(_seconds(await done.order_by("at").first(), PERSON_WINDOW, now))
    await FailedLogin.create(subject=what, address=source, at=now)


def advice(often: TooOften) -> str:
    """Return what is said to who does something too often."""
    minutes = -(-often.retry_after // 60)
    return ngettext(
        "You have done this very often in the last hour. Wait %(minutes)d minute and try again.",
        "You have done this very often in the last hour. Wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def subject_of(login: str) -> str:
    """Return what was typed, never whose it is: a name that nobody has is throttled alike.

    Were a username and an e-mail address counted together, the count would tell that they
    belong to one person.
    """
    return hashlib.sha256(one_line(login).casefold().encode()).hexdigest()


def source_of(address: str) -> str:
    """Return the address, or the /64 of an IPv6 one, since a single household has that many."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


async def _count(subject: str, source: str, *, spare: int) -> None:
    now = clock.now()
    tries = FailedLogin.filter(subject=subject, address=source, at__gt=now - WINDOW)
    if await tries.count() + spare > TRIES:
        raise Throttled(_seconds(await tries.order_by("at").first(), WINDOW, now))
    from_address = FailedLogin.filter(address=source, at__gt=now - ADDRESS_WINDOW)
    if await from_address.count() + spare > ADDRESS_TRIES:
        raise Throttled(_seconds(await from_address.order_by("at").first(), ADDRESS_WINDOW, now))


def _seconds(oldest: FailedLogin | None, window: timedelta, now: datetime) -> int:
    """Until the oldest counted attempt is forgotten."""
    return max(1, int((oldest.at + window - now).total_seconds()) + 1) if oldest else 1
