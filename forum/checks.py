"""Is the installation well? A line for each thing an operator would ask."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

from forum import blob_store, scanning
from forum.clamd import ScannerDown
from forum.confinement import Held
from forum.file_reading import programs, reading
from forum.render_pool import WorkerLostError
from forum.settings import Settings
from storage import database, migrate, targets
from storage.blobs.disk import Disk
from storage.jobs import Job, JobState
from storage.sqlite import prove_writable

LEAST_FREE = 500 * 1024 * 1024
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``samverkan check``."""

    subject: str
    well: bool
    says: str


async def check(settings: Settings) -> AsyncIterator[Finding]:
    """Yield a finding for each thing that can be amiss, from the database to the mail."""
    where = targets.target(settings.database_url)
    try:
        if where.dialect == "sqlite":
            prove_writable(where.path)
        missing = await migrate.missing(settings.database_url)
    except Exception as error:
        yield Finding("database", False, f"cannot be used: {error}")
        return
    if migrate.is_new(where):
        yield Finding("database", False, f"{where.path} is not there yet; run: samverkan setup")
        return
    yield Finding("database", True, f"answers ({where.dialect})")
    if missing:
        yield Finding("migrations", False, f"missing: {', '.join(missing)}; run: samverkan setup")
    else:
        yield Finding("migrations", True, "all applied")
    yield await _blobs(settings)
    yield await _confined()
    yield _programs()
    free = shutil.disk_usage(settings.data if settings.data.exists() else "/").free
    yield Finding("disk", free >= LEAST_FREE, f"{free // 1024**2} MB free in the data folder")
    yield await _scanner(settings)
    if not missing:
        async with database.opened(settings.database_url):
            failed = await Job.filter(state=JobState.FAILED).count()
            waiting = await Job.filter(state=JobState.READY).count()
        yield Finding("jobs", failed == 0, f"{waiting} waiting, {failed} failed for good")
    yield Finding("mail", True, "no mail server is configured; letters wait in the outbox")


async def _scanner(settings: Settings) -> Finding:
    if settings.clamd is None:
        return Finding("scanner", True, "none is configured; files are not looked through")
    try:
        await scanning.ping(settings.clamd, _PATIENCE_SECONDS)
    except ScannerDown as down:
        return Finding("scanner", False, f"does not answer, and files wait: {down}")
    return Finding("scanner", True, f"answers ({settings.clamd})")


async def _blobs(settings: Settings) -> Finding:
    """Files arrive in the data folder, and are kept there or in a bucket: both must take one."""
    store = blob_store.store(settings)
    try:
        await Disk(store.folder).try_out()
    except OSError as error:
        return Finding("blobs", False, f"the data folder cannot be written to: {error.strerror}")
    if not settings.blobs_url:
        return Finding("blobs", True, f"the data folder {settings.data} can be written to")
    try:
        await store.shelf.try_out()
    except OSError as error:
        return Finding("blobs", False, str(error))
    return Finding("blobs", True, f"{settings.blobs_url} and the data folder can be written to")


async def _confined() -> Finding:
    """What opens strangers' files is to have no network: asked of such a process itself."""
    try:
        held = await reading.confined()
    except WorkerLostError:
        return Finding("confinement", False, "the process that reads files does not start")
    finally:
        await reading.close()
    match held:
        case Held.SECCOMP:
            return Finding("confinement", True, "what reads files has no network (seccomp)")
        case Held.NAMESPACE:
            says = "what reads files has no network (a namespace), but reaches sockets in folders"
            return Finding("confinement", True, says)
        case _:
            says = "what reads files has the network that the server has: no seccomp, no namespaces"
            return Finding("confinement", False, says)


def _programs() -> Finding:
    """Nothing is amiss without them, but less is found."""
    if lacking := programs.lacking():
        return Finding("programs", True, f"not installed: {'; '.join(lacking)}")
    return Finding("programs", True, "all that read files are installed")
