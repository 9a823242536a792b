"""Is the installation well? A line for each thing an operator would ask."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

from forum import blob_store, scanning
from forum.clamd import ScannerDown
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
    """Yield a finding for the database, the migrations, the data folder, the disk and the jobs."""
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
