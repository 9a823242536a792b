"""Doing the jobs: claimed one at a time, tried again with growing pauses, kept when they fail."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from tortoise.expressions import Q

from forum import (
    arrivals,
    check_outs,
    drive_locks,
    erasures,
    login_links,
    metrics,
    renditions,
    unpackings,
    uploads,
    weedings,
)
from forum.settings import Settings
from storage import clock, database, documents, drafts, events, scrubbing
from storage.jobs import Job, JobState
from storage.letters import Letter
from storage.sessions import FailedLogin, KeptForm, KnownDevice, LoginLink, Session

log = logging.getLogger("forum.worker")

ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)
# A worker that was killed leaves its job claimed; after this long another takes it.
ABANDONED = timedelta(minutes=10)
POLL_SECONDS = 1.0
#: What ends by its time, and what waited for another program.
TEND_EVERY = timedelta(minutes=1)
SWEEP_EVERY = timedelta(hours=1)
SWEEP_FILES_EVERY = timedelta(days=1)
# Ended sessions are kept this long so that what was being written can be given back.
REMEMBER_ENDED = timedelta(days=30)
# As long as the cookie by which a browser is known.
REMEMBER_DEVICE = timedelta(days=365)
# Who has been away for longer fetches anew what she has open; so does who has missed more.
KEEP_EVENTS = timedelta(days=14)
EVENTS_KEPT = 1000
# A draft that nobody has gone on with for so long is forgotten, by the one who wrote it too.
KEEP_DRAFTS = timedelta(days=90)
# What programs have left on a drive for themselves, such as ~$Kallelse.docx.
KEEP_SCRATCH = timedelta(days=1)

WATCHED = {JobState.READY: "waiting", JobState.FAILED: "failed"}

Work = Callable[[Job, Settings], Awaitable[None]]


async def _mail_login_link(job: Job, settings: Settings) -> None:
    await login_links.mail(str(job.payload["login"]), settings.base_url)


async def _mail_welcome(job: Job, settings: Settings) -> None:
    await login_links.welcome(int(job.payload["person"]), settings.base_url)


async def _scrub(_job: Job, settings: Settings) -> None:
    await scrubbing.scrub()
    await uploads.sweep(uploads.limits(settings).store)


async def _scrub_files(_job: Job, settings: Settings) -> None:
    await uploads.sweep(uploads.limits(settings).store)


async def _end_locks(_job: Job, _settings: Settings) -> None:
    await drive_locks.end_expired()


WORK: dict[str, Work] = {
    check_outs.LIFTED: _end_locks,
    erasures.JOB: _scrub,
    unpackings.JOB: unpackings.run,
    weedings.JOB: _scrub_files,
    login_links.JOB: _mail_login_link,
    login_links.WELCOME: _mail_welcome,
    renditions.JOB: renditions.make,
    renditions.RECOGNISE: renditions.recognise,
}
#: What may take a minute each, such as forty files that somebody has just put into a folder, and
#: what may take ten: both are done beside the rest, so that nobody waits as long for a link to log
#: in by.
SLOW = Q(kind__in=[renditions.JOB, unpackings.JOB])
SLOWEST = Q(kind=renditions.RECOGNISE)
QUICK = ~(SLOW | SLOWEST)
EVERY = Q()


async def run(settings: Settings) -> None:
    """Do jobs until cancelled. Several workers may run beside each other."""
    async with asyncio.TaskGroup() as lanes:
        lanes.create_task(_quick(settings))
        lanes.create_task(_beside(settings, SLOW))
        lanes.create_task(_beside(settings, SLOWEST))


async def _quick(settings: Settings) -> None:
    swept, files_swept = clock.now() - SWEEP_EVERY, clock.now() - SWEEP_FILES_EVERY
    tended = clock.now() - TEND_EVERY
    while True:
        try:
            # Jobs first, and each sweep's time before it begins: one that fails holds up nothing.
            while await do_one(settings, QUICK):
                pass
            if clock.now() - tended >= TEND_EVERY:
                tended = clock.now()
                await tend(settings)
            if clock.now() - swept >= SWEEP_EVERY:
                swept = clock.now()
                await sweep()
            if clock.now() - files_swept >= SWEEP_FILES_EVERY:
                files_swept = clock.now()
                await arrivals.sweep(uploads.limits(settings))
                await uploads.sweep(uploads.limits(settings).store)
        except asyncio.CancelledError:
            raise
        except Exception:
            # The database may be restarting. Jobs are rows: nothing is lost by waiting.
            log.exception("the worker waits after an error")
        await asyncio.sleep(POLL_SECONDS)


async def _beside(settings: Settings, which: Q) -> None:
    while True:
        try:
            while await do_one(settings, which):
                pass
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("the worker waits after an error")
        await asyncio.sleep(POLL_SECONDS)


async def do_one(settings: Settings, which: Q = EVERY) -> bool:
    """Do the next job that is due, of ``which``; False when there is none."""
    job = await _claim(which)
    if job is None:
        return False
    try:
        await WORK[job.kind](job, settings)
    except asyncio.CancelledError:
        # The server ends. Left claimed, it would wait for as long as if its worker had died.
        await database.write(partial(_give_back, job))
        raise
    except Exception as error:
        log.warning("job %d (%s) failed: %s", job.id, job.kind, type(error).__name__)
        await database.write(partial(_fail, job, error))
    else:
        await database.write(job.delete)
    return True


async def _claim(which: Q) -> Job | None:
    now = clock.now()
    ready = Job.filter(state=JobState.READY, run_at__lte=now)
    abandoned = Job.filter(
        state=JobState.RUNNING, claimed_at__lt=now - ABANDONED, attempts__lt=ATTEMPTS
    )
    for due in (ready, abandoned):
        job = await due.filter(which).order_by("run_at", "id").first()
        if job is not None and await database.write(partial(_take, job)):
            job.attempts += 1
            return job
    return None


async def _take(job: Job) -> bool:
    """Claim it by a conditional update: of two workers, one gets it."""
    same = Job.filter(id=job.id, state=job.state, claimed_at=job.claimed_at)
    taken: int = await same.update(
        state=JobState.RUNNING, claimed_at=clock.now(), attempts=job.attempts + 1
    )
    return taken > 0


async def _give_back(job: Job) -> None:
    await Job.filter(id=job.id).update(
        state=JobState.READY, claimed_at=None, attempts=job.attempts - 1
    )


async def _fail(job: Job, error: Exception) -> None:
    final = job.attempts >= ATTEMPTS
    await Job.filter(id=job.id).update(
        state=JobState.FAILED if final else JobState.READY,
        run_at=clock.now() + FIRST_PAUSE * 2 ** (job.attempts - 1),
        claimed_at=None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


async def count() -> None:
    """Count the jobs for those who watch over the installation."""
    for state, word in WATCHED.items():
        try:
            jobs = await Job.filter(state=state).count()
        except Exception as error:
            # The other numbers are wanted most of all when the database is gone.
            log.warning("jobs cannot be counted: %s", type(error).__name__)
            jobs = -1
        metrics.JOBS.labels(word).set(jobs)


async def tend(settings: Settings) -> None:
    """Do what is due by the minute."""
    await drive_locks.end_expired()
    await database.write(documents.end_editing)
    await arrivals.scan_waiting(uploads.into_folder(settings))
    await uploads.scan_waiting(uploads.limits(settings))


async def sweep() -> None:
    """Delete what is no longer of use: old attempts, links, forms, drafts and sessions."""
    now = clock.now()

    async def work() -> None:
        # One that has killed its worker each time is not tried for ever.
        await Job.filter(
            state=JobState.RUNNING, claimed_at__lt=now - ABANDONED, attempts__gte=ATTEMPTS
        ).update(state=JobState.FAILED, error="its worker died every time")
        await FailedLogin.filter(at__lt=now - timedelta(hours=1)).delete()
        # Their links are dead by then; until a mail server is configured nothing else ends them.
        await Letter.filter(created_at__lt=now - timedelta(days=1)).delete()
        await KeptForm.filter(expires_at__lt=now).delete()
        await drafts.forget(now - KEEP_DRAFTS)
        await documents.forget_scratch(now - KEEP_SCRATCH)
        await LoginLink.filter(expires_at__lt=now - timedelta(days=1)).delete()
        await KnownDevice.filter(seen_at__lt=now - REMEMBER_DEVICE).delete()
        await Session.filter(expires_at__lt=now - REMEMBER_ENDED).delete()
        await Session.filter(ended_at__lt=now - REMEMBER_ENDED).delete()

    await database.write(work, long=True)
    await events.prune(now - KEEP_EVENTS, EVENTS_KEPT)
