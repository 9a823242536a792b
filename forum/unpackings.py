"""Archives unpacked into a folder by a job, a stretch at a time: what was taken, and what not.

How far it has come is written with each document, so that one that is killed goes on there.
"""

import asyncio
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from forum import arrivals, errands, filing, folders, guesses, quotas, uploads
from forum.language import gettext as _
from forum.language import speaking
from forum.placements import held
from forum.refusals import Invalid
from forum.settings import Settings
from forum.uploads import Limits
from forum.zip_reading import Damaged, Entry, Plan, open_entry, plan
from forum.zip_reading import Limits as ZipLimits
from forum.zip_reasons import explained
from storage import clock, database, door
from storage.arrivals import Unpacking
from storage.blobs import Arriving
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.roles import Act

JOB: Final = "unpackings.run"
#: Other jobs have a turn after so long.
STRETCH_SECONDS: Final = 20.0


async def begin(inside: Inside, arrival_id: int) -> Unpacking:
    """Have an archive that is here unpacked into its folder.

    Raises NotFound, Forbidden, Invalid.
    """
    inside.require(Act.FILE)

    async def work() -> Unpacking:
        arrival = await held(inside, arrival_id)
        within = await folders.below(
            inside, arrival.folder_id, arrival.path.split("/") if arrival.path else []
        )
        row = await inside.create(
            Unpacking,
            person_id=inside.person.id,
            folder_id=within.id,
            name=arrival.name,
            blob_id=await arrivals.content(arrival).kept(),
            created_at=clock.now(),
        )
        await arrival.delete()
        await _go_on_later(inside, row)
        return row

    return await database.write(work)


async def _go_on_later(inside: Inside, row: Unpacking) -> None:
    await Job.create(
        kind=JOB,
        network_id=inside.network.id,
        actor_id=inside.person.id,
        payload={"unpacking": row.id},
        run_at=clock.now(),
    )


async def unpacking(inside: Inside, unpacking_id: int) -> Unpacking:
    """Return what became of an archive of one's own. Raises NotFound."""
    found = await inside.my_unpackings.get_or_none(id=unpacking_id)
    if found is None:
        raise door.NotFound
    return found


async def run(job: Job, settings: Settings) -> None:
    """Unpack a stretch of an archive, and the rest by another job."""
    inside = await errands.entered(job)
    row = await inside.my_unpackings.get_or_none(id=job.payload["unpacking"]) if inside else None
    if inside is None or row is None or row.blob_id is None or row.done_at is not None:
        return
    limits = uploads.into_folder(settings)
    with speaking(inside.person.language):
        async with limits.store.local(row.blob_id) as path:
            planned = await asyncio.to_thread(plan, path, ZipLimits(limits.each))
            if await _stretch(inside, limits, row, path, planned):
                await database.write(partial(_finish, inside, row, planned))
            else:
                await database.write(partial(_go_on_later, inside, row))


async def _stretch(
    inside: Inside, limits: Limits, row: Unpacking, path: Path, planned: Plan
) -> bool:
    """Take what there is time for; say whether that was all."""
    if not row.taken:
        try:
            await database.write(partial(_announce, inside, row, planned))
        except Invalid as invalid:
            planned.entries.clear()
            await _note(inside, row, row.name, " ".join(invalid.errors.values()))
            return True
    until = time.monotonic() + STRETCH_SECONDS
    for entry in planned.entries[row.taken :]:
        if time.monotonic() > until:
            return False
        await _take(inside, limits, row, path, entry)
    return True


async def _announce(inside: Inside, row: Unpacking, planned: Plan) -> None:
    row.entries = len(planned.entries)
    await inside.my_unpackings.filter(id=row.id).update(entries=row.entries)
    await quotas.require(inside, planned.size)


async def _take(inside: Inside, limits: Limits, row: Unpacking, path: Path, entry: Entry) -> None:
    """Make a document of one file, and count it, at once."""
    arriving = await asyncio.to_thread(limits.store.arriving)
    try:
        await asyncio.to_thread(_unpack, path, entry, arriving)
        trouble = await arrivals.looked_through(limits, arriving)
        if not trouble:
            await arriving.finish()
            await database.write(partial(_place, inside, row, entry, arriving))
            return
    except Damaged:
        trouble = _("It is damaged. Make the zip anew.")
    except Invalid as invalid:
        trouble = " ".join(invalid.errors.values())
    finally:
        arriving.discard()
    await _note(inside, row, "/".join(entry.path), trouble)


def _unpack(path: Path, entry: Entry, arriving: Arriving) -> None:
    for piece in open_entry(path, entry):
        arriving.write(piece)


async def _place(inside: Inside, row: Unpacking, entry: Entry, arriving: Arriving) -> None:
    *below, name = entry.path
    if arriving.size:
        await filing.create_document(
            inside,
            row.folder_id,
            name,
            arriving,
            guesses.described(name),
            below=below,
            renamed=True,
        )
    await _count(inside, row)


async def _count(inside: Inside, row: Unpacking) -> None:
    await inside.my_unpackings.filter(id=row.id).update(taken=row.taken + 1)
    database.after_commit(lambda: setattr(row, "taken", row.taken + 1))


async def _note(inside: Inside, row: Unpacking, name: str, why: str) -> None:
    """Write down what was not taken, and why, and pass by it."""
    row.report.setdefault("left", []).append(f"{name}\t{why}")

    async def work() -> None:
        await inside.my_unpackings.filter(id=row.id).update(report=row.report)
        await _count(inside, row)

    await database.write(work)


async def _finish(inside: Inside, row: Unpacking, planned: Plan) -> None:
    """Make the folders that nothing lay in, and tell what was not taken."""
    for names in planned.folders:
        await folders.below(inside, row.folder_id, names)
    left = [*row.report.get("left", []), *_skipped(planned)]
    gone = {line.partition("\t")[0] for line in left}
    paths = ["/".join(entry.path) for entry in planned.entries]
    report = {
        "left": left,
        "taken": [path for path in paths if path not in gone],
        "renamed": [f"{one.told}\t{'/'.join(one.path)}" for one in planned.entries if one.renamed],
    }
    await inside.my_unpackings.filter(id=row.id).update(
        report=report, blob_id=None, done_at=clock.now()
    )
    await inside.record(EventKind.FOLDER_CHANGED, folder_id=row.folder_id)


def _skipped(planned: Plan) -> Iterable[str]:
    if planned.trouble is not None:
        yield f"\t{explained(planned.trouble)}"
    for one in planned.skipped:
        yield f"{one.told}\t{explained(one.reason)}"
