"""Locks on a drive: what is saved under one is one version, and nobody's is overwritten."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from forum import check_outs, drive_locks, trash, worker
from forum.settings import Settings
from storage import clock, door
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from storage.events import EventKind
from tests.conftest import ORIGIN
from tests.drives import Drive, mounted
from tests.filing import revised
from tests.http import records
from tests.world import World

NAME = "Anteckningar.txt"


@pytest.fixture
async def drive(app: ASGIApp, world: World) -> AsyncIterator[Drive]:
    """Bob has the network open, with a document of one version."""
    async with mounted(app, world["bob"], world.network.slug) as opened:
        assert await opened.put(NAME, b"ett") == 201
        yield opened


@pytest.fixture
async def ann_drive(app: ASGIApp, world: World) -> AsyncIterator[Drive]:
    async with mounted(app, world["ann"], world.network.slug) as opened:
        yield opened


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


@pytest.fixture
async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


async def document(inside: Inside) -> Document:
    return await inside.documents.get(name=NAME)


async def saved(drive: Drive, *contents: bytes) -> str:
    """Lock the document and save it so often; return the lock's token."""
    token = await drive.lock(NAME, Timeout="Second-3600")
    for content in contents:
        assert await drive.put(NAME, content, If=f"({token})") == 204
    return token


async def over(inside: Inside) -> None:
    """Have the time of every lock be over."""
    for lock in await inside.dav_locks.all():
        await records.change("dav_lock", lock.id, expires_at=clock.now() - timedelta(seconds=1))


async def test_what_is_saved_under_one_lock_is_one_version(drive: Drive, bob: Inside) -> None:
    token = await saved(drive, b"tv\xc3\xa5", b"tre", b"fyra")
    assert (await document(bob)).last_number == 1
    assert await drive.unlock(NAME, token) == 204
    assert (await document(bob)).last_number == 2
    assert await drive.get(NAME) == b"fyra"


async def test_others_see_the_last_version_and_that_she_is_working(
    drive: Drive, ann_drive: Drive, ann: Inside, world: World
) -> None:
    token = await saved(drive, b"tv\xc3\xa5")
    assert await ann_drive.get(NAME) == b"ett"
    assert await ann_drive.tag(NAME) != await drive.tag(NAME)
    found = await document(ann)
    assert check_outs.editing(found)
    assert found.editor_id == world["bob"].id
    assert await drive.unlock(NAME, token) == 204
    assert not check_outs.editing(await document(ann))
    assert await ann_drive.get(NAME) == b"tv\xc3\xa5"


async def test_nobody_else_saves_meanwhile_but_with_the_token(
    drive: Drive, ann_drive: Drive, bob: Inside
) -> None:
    token = await saved(drive)
    for other in (ann_drive, drive):
        assert await other.put(NAME, b"emellan") == 423
        assert await other.delete(NAME) == 423
        assert await other.move(NAME, "Annat.txt") == 423
        assert not await other.lock(NAME)
    assert await ann_drive.put(NAME, b"stulen", If=f"({token})") in {412, 423}
    assert (await ann_drive.unlock(NAME, token)) == 403
    assert await drive.put(NAME, b"tv\xc3\xa5", If=f"({token})") == 204


async def test_two_may_share_a_lock_that_keeps_others_from_one_of_their_own(
    drive: Drive, ann_drive: Drive, bob: Inside
) -> None:
    first, second = await drive.lock(NAME, "shared"), await ann_drive.lock(NAME, "shared")
    assert first
    assert second
    assert not await drive.lock(NAME)
    assert await drive.unlock(NAME, first) == 204
    assert await ann_drive.unlock(NAME, second) == 204


async def test_a_lock_ends_by_its_time_and_what_was_saved_becomes_a_version(
    drive: Drive, bob: Inside
) -> None:
    await saved(drive, b"tv\xc3\xa5")
    await over(bob)
    assert await drive.get(NAME) == b"tv\xc3\xa5", "she sees it all the time"
    assert await drive_locks.end_expired() == 1
    assert (await document(bob)).last_number == 2
    assert not await bob.dav_locks.all().exists()


async def test_a_lock_lasts_longer_when_its_program_says_so(drive: Drive, bob: Inside) -> None:
    token = await drive.lock(NAME, Timeout="Second-60")
    [before] = await bob.dav_locks.all()
    headers = {"If": f"({token})", "Timeout": "Infinite, Second-4100000000"}
    assert (await drive.ask("LOCK", NAME, headers=headers)).status_code == 200
    [after] = await bob.dav_locks.all()
    assert before.expires_at < after.expires_at <= clock.now() + drive_locks.LONGEST


async def test_a_coordinator_lifts_a_lock_and_nothing_that_was_saved_is_lost(
    chosen: Settings, drive: Drive, ann_drive: Drive, ann: Inside
) -> None:
    token = await saved(drive, b"tv\xc3\xa5")
    await check_outs.end(ann, (await document(ann)).id)
    while await worker.do_one(chosen):
        pass
    found = await document(ann)
    assert (found.last_number, found.editor_id) == (2, None)
    assert await ann_drive.put(NAME, b"tre") == 204
    assert await drive.unlock(NAME, token) in {409, 412}
    assert await drive.put(NAME, b"fyra", If=f"({token})") == 412


async def test_a_version_that_came_meanwhile_stays_and_hers_is_kept_beside_it(
    drive: Drive, ann: Inside, store: Store
) -> None:
    token = await saved(drive, b"Bobs")
    await revised(ann, store, await document(ann), b"Anns", based_on=1)
    assert await drive.unlock(NAME, token) == 204
    assert await drive.names() == ["Anteckningar (Bob Berg).txt", NAME]
    assert await drive.get(NAME) == b"Anns"
    assert await drive.get("Anteckningar (Bob Berg).txt") == b"Bobs"


async def test_what_was_saved_in_a_document_that_is_in_the_trash_is_kept(
    drive: Drive, ann: Inside
) -> None:
    await saved(drive, b"Bobs")
    await trash.put_document(ann, (await document(ann)).id)
    await over(ann)
    assert await drive_locks.end_expired() == 1
    assert await drive.get("Anteckningar (Bob Berg).txt") == b"Bobs"


async def test_who_has_left_meanwhile_has_what_she_saved_kept_until_she_is_back(
    drive: Drive, ann: Inside, world: World
) -> None:
    await saved(drive, b"Bobs")
    [mine] = await records.rows("membership", person_id=world["bob"].id)
    yesterday = clock.today() - timedelta(days=1)
    await records.change("membership", mine["id"], ends_on=yesterday)
    await over(ann)
    assert await drive_locks.end_expired() == 0
    assert await ann.dav_locks.all().count() == 1
    assert (await document(ann)).last_number == 1
    await records.change("membership", mine["id"], ends_on=None)
    assert await drive_locks.end_expired() == 1
    assert (await document(ann)).last_number == 2


async def test_what_is_moved_or_deleted_under_its_lock_has_its_version_first(
    drive: Drive, bob: Inside
) -> None:
    token = await saved(drive, b"tv\xc3\xa5")
    assert await drive.move(NAME, "Flyttad.txt", If=f"({token})") == 201
    assert (await bob.documents.get(name="Flyttad.txt")).last_number == 2
    assert not await bob.dav_locks.all().exists()
    token = await drive.lock("Flyttad.txt")
    assert await drive.put("Flyttad.txt", b"tre", If=f"({token})") == 204
    assert await drive.delete("Flyttad.txt", If=f"({token})") == 204
    assert (await bob.trashed_documents.get()).last_number == 3


async def test_a_lock_where_nothing_is_yet_makes_a_document_that_no_page_shows(
    drive: Drive, bob: Inside
) -> None:
    token = await drive.lock("Ny.txt")
    assert await drive.get("Ny.txt") == b""
    assert (await bob.documents.get(name="Ny.txt")).last_number == 0
    assert await drive.put("Ny.txt", b"nytt", If=f"({token})") == 204
    assert await drive.unlock("Ny.txt", token) == 204
    assert (await bob.documents.get(name="Ny.txt")).last_number == 1
    assert await records.rows("event", kind=str(EventKind.DOCUMENT_CREATED))


async def test_a_folders_lock_holds_for_what_is_in_it(drive: Drive, ann_drive: Drive) -> None:
    assert await drive.mkcol("Mapp") == 201
    assert await drive.put("Mapp/Fil.txt", b"ett") == 201
    token = await drive.lock("Mapp")
    assert await ann_drive.put("Mapp/Fil.txt", b"emellan") == 423
    assert await ann_drive.put("Mapp/Ny.txt", b"ny") == 423
    assert await ann_drive.delete("Mapp") == 423
    assert await drive.put("Mapp/Fil.txt", b"tv\xc3\xa5", If=f"(<x>) ({token})") == 204
    assert await drive.unlock("Mapp", token) == 204
    assert await ann_drive.put("Mapp/Fil.txt", b"tre") == 204


async def test_an_if_header_about_another_address_is_looked_up_there(drive: Drive) -> None:
    assert await drive.put("Annan.txt", b"annan") == 201
    tag = await drive.tag(NAME)
    there = f"<{ORIGIN}{drive.url(NAME)}>"
    elsewhere = "<https://elak.example/dav/x>"
    assert await drive.put(NAME, b"x", If=f'{elsewhere} (["1-99"]) {there} (["1-99"])') == 412
    assert await drive.put(NAME, b"tv\xc3\xa5", If=f'{there} (["1-99"])') == 412
    assert await drive.put(NAME, b"tv\xc3\xa5", If=f"{there} ([{tag}])") == 204


async def test_of_two_who_lock_at_once_one_has_the_lock(drive: Drive, ann_drive: Drive) -> None:
    for _ in range(5):
        first, second = await asyncio.gather(drive.lock(NAME), ann_drive.lock(NAME))
        assert bool(first) != bool(second)
        if first:
            await drive.unlock(NAME, first)
        else:
            await ann_drive.unlock(NAME, second)


async def test_of_two_who_save_what_they_have_seen_at_once_one_is_told(
    drive: Drive, ann_drive: Drive, bob: Inside
) -> None:
    for number in range(10):
        seen = await drive.tag(NAME)
        both = await asyncio.gather(
            drive.put(NAME, b"Bob %d" % number, If_Match=seen),
            ann_drive.put(NAME, b"Ann %d" % number, If_Match=seen),
        )
        assert sorted(both) == [204, 412]
        assert (await document(bob)).last_number == number + 2


async def test_what_programs_keep_for_themselves_goes_after_a_day(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.put("~$teckningar.txt", b"Bob") == 201
    await worker.sweep()
    assert await drive.get("~$teckningar.txt") == b"Bob"
    left = await bob.documents.get(scratch=True)
    await records.change("document", left.id, changed_at=clock.now() - timedelta(days=2))
    await worker.sweep()
    assert await drive.names() == [NAME]


async def test_a_page_that_hands_in_while_it_is_locked_is_not_stopped(
    drive: Drive, ann: Inside, store: Store
) -> None:
    await saved(drive)
    await revised(ann, store, await document(ann), b"Anns")
    assert (await document(ann)).last_number == 2
