"""Files looked through for viruses on their way in, and what is said of those with one."""

import asyncio
import logging
from typing import Final

from forum import clamd, scanning
from forum.clamd import ScannerDown
from forum.language import gettext as _
from forum.scanning import Found, Verdict
from storage.blobs import Arriving, Lost, Store

log = logging.getLogger("forum.virus_checks")

CLEAN: Final = Verdict(Found.CLEAN)


async def check(scanner: clamd.Address | None, arriving: Arriving) -> Verdict | None:
    """Have a file looked through, and put in quarantine unless it is clean.

    None when the scanner is away: nobody but its sender may have it until it has been.
    """
    if scanner is None:
        return CLEAN
    try:
        verdict = await scanning.scan(scanner, arriving.path)
    except ScannerDown as down:
        log.error("a file waits for the scanner: %s", down)
        return None
    if verdict.found != Found.CLEAN:
        name = await scanning.quarantine(arriving)
        log.warning("a file is in quarantine as %s: %s", name, verdict.signature or verdict.found)
    return verdict


async def check_kept(scanner: clamd.Address, store: Store, digest: str) -> Verdict | None:
    """Have bytes looked through that were kept while the scanner was away. Raises ScannerDown.

    None when they are lost.
    """
    try:
        async with store.local(digest) as path:
            verdict = await scanning.scan(scanner, path)
    except Lost as lost:
        log.error("a file that waits cannot be looked through: %s", lost)
        return None
    if verdict.found != Found.CLEAN:
        arriving = await asyncio.to_thread(store.arriving)
        async for piece in store.stream(digest):
            await asyncio.to_thread(arriving.write, piece)
        name = await scanning.quarantine(arriving)
        log.warning("a file that waited is in quarantine as %s: %s", name, verdict.signature)
    return verdict


def words(found: str) -> str:
    """Return what is said of a file in which this was found; nothing: it is too large to look."""
    if not found:
        return _("It is too large to be looked through for viruses. Ask whoever runs the service.")
    return _("There is a virus in it (%(name)s). It is not kept.") % {"name": found}
