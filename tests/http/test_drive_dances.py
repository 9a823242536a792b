"""How programs save: whatever they move about, it ends as a new version of the same document."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from forum import adoptions
from storage import clock, door
from storage.documents import Document
from storage.door import Inside
from storage.roles import Role
from tests.drives import Drive, mounted
from tests.http import records
from tests.world import World

NAME = "Anteckningar i Örebro.docx"


@pytest.fixture
async def drive(app: ASGIApp, world: World) -> AsyncIterator[Drive]:
    """Bob has the network open, with a document of one version."""
    async with mounted(app, world["bob"], world.network.slug) as opened:
        assert await opened.put(NAME, b"ett") == 201
        yield opened


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


async def is_the_same_with_two_versions(inside: Inside, drive: Drive, *others: str) -> Document:
    """The document has its id still, and got one version; nothing else is left on the drive."""
    [document] = await inside.documents.filter(scratch=False, last_number__gt=0)
    assert (document.id, document.name, document.last_number) == (1, NAME, 2)
    assert await drive.get(NAME) == b"tv\xc3\xa5"
    assert await drive.names() == sorted([NAME, *others])
    assert not await inside.trash.all().exists()
    return document


NEW = b"tv\xc3\xa5"


async def test_word_moves_the_old_file_away_and_the_new_one_in(drive: Drive, bob: Inside) -> None:
    assert await drive.put("~$teckningar i Örebro.docx", b"Bob") == 201
    assert await drive.put("~WRD0001.tmp", NEW) == 201
    assert await drive.move(NAME, "~WRL0002.tmp") == 201
    assert await drive.move("~WRD0001.tmp", NAME) == 201
    assert await drive.get("~WRL0002.tmp") == b"ett", "what it moves back if something is wrong"
    assert await drive.delete("~WRL0002.tmp") == 204
    assert await drive.delete("~$teckningar i Örebro.docx") == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_word_moves_the_old_file_back_when_it_could_not_save(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.put("~WRD0001.tmp", NEW) == 201
    assert await drive.move(NAME, "~WRL0002.tmp") == 201
    assert await drive.move("~WRL0002.tmp", NAME) == 201
    assert await drive.get(NAME) == b"ett"
    assert (await bob.documents.get(id=1)).last_number == 1


async def test_excel_writes_to_a_number_first(drive: Drive, bob: Inside) -> None:
    assert await drive.put("5E1F3A00", NEW) == 201
    assert await drive.move(NAME, "5A7B1C00.tmp") == 201
    assert await drive.move("5E1F3A00", NAME) == 201
    assert await drive.delete("5A7B1C00.tmp") == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_explorer_puts_nothing_then_locks_and_puts_it_all(drive: Drive, bob: Inside) -> None:
    assert await drive.put(NAME, b"") == 204
    token = await drive.lock(NAME, Timeout="Second-3600")
    assert await drive.put(NAME, NEW, If=f"({token})") == 204
    assert await drive.unlock(NAME, token) == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_gedit_moves_the_new_file_over_the_old_one(drive: Drive, bob: Inside) -> None:
    assert await drive.put(".goutputstream-X1Y2Z3", NEW) == 201
    assert await drive.move(".goutputstream-X1Y2Z3", NAME, over=True) == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_kde_writes_to_a_part_and_moves_it_over(drive: Drive, bob: Inside) -> None:
    assert await drive.put(f"{NAME}.part", NEW) == 201
    assert await drive.move(f"{NAME}.part", NAME, over=True) == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_vim_moves_the_old_file_away_and_writes_a_new_one(drive: Drive, bob: Inside) -> None:
    assert await drive.put(f".{NAME}.swp", b"x") == 201
    assert await drive.move(NAME, f"{NAME}~") == 201
    assert await drive.put(NAME, NEW) in {201, 204}
    assert await drive.delete(f"{NAME}~") == 204
    assert await drive.delete(f".{NAME}.swp") == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_macos_writes_beside_it_and_swaps(drive: Drive, bob: Inside) -> None:
    temporary, away = f"{NAME}.sb-1a2b3c4d-AbCdEf", f"{NAME}.sb-1a2b3c4d-GhIjKl"
    assert await drive.put(f"._{NAME}", b"Mac") == 201
    assert await drive.put(temporary, NEW) == 201
    assert await drive.move(NAME, away) == 201
    assert await drive.move(temporary, NAME) == 201
    assert await drive.delete(away) == 204
    assert await drive.delete(f"._{NAME}") == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_textedit_writes_into_a_folder_of_its_own(drive: Drive, bob: Inside) -> None:
    folder = ".TemporaryItems"
    assert await drive.mkcol(folder) == 201
    assert await drive.put(f"{folder}/{NAME}", NEW) == 201
    assert await drive.move(f"{folder}/{NAME}", NAME, over=True) == 204
    assert await drive.delete(folder) == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_libreoffice_locks_writes_and_unlocks(drive: Drive, bob: Inside) -> None:
    token = await drive.lock(NAME, Timeout="Second-180")
    assert await drive.put(f".~lock.{NAME}#", b"Bob") == 201
    for content in (b"en", b"en till", NEW):
        assert await drive.put(NAME, content, If=f"({token})") == 204
        assert await drive.get(NAME) == content, "who saves sees what she has saved"
    assert (await bob.documents.get(id=1)).last_number == 1
    assert await drive.unlock(NAME, token) == 204
    assert await drive.delete(f".~lock.{NAME}#") == 204
    await is_the_same_with_two_versions(bob, drive)


async def test_who_deletes_it_first_and_moves_the_new_one_in(drive: Drive, bob: Inside) -> None:
    assert await drive.put("sparat.tmp", NEW) == 201
    assert await drive.delete(NAME) == 204
    assert await drive.move("sparat.tmp", NAME) == 201
    await is_the_same_with_two_versions(bob, drive)


async def test_who_deletes_it_first_and_writes_it_anew(drive: Drive, bob: Inside) -> None:
    assert await drive.delete(NAME) == 204
    assert await drive.put(NAME, NEW) in {201, 204}
    await is_the_same_with_two_versions(bob, drive)


async def test_a_backup_stays_beside_it_as_the_program_has_left_it(
    drive: Drive, bob: Inside
) -> None:
    backup = f"{NAME}.bak"
    assert await drive.move(NAME, backup) == 201
    assert await drive.put(NAME, NEW) in {201, 204}
    assert await drive.get(backup) == b"ett"
    await is_the_same_with_two_versions(bob, drive, backup)


async def test_what_was_put_away_a_while_ago_does_not_come_back(drive: Drive, bob: Inside) -> None:
    assert await drive.delete(NAME) == 204
    [trash] = await bob.trash.all()
    await records.change("trash", trash.id, at=clock.now() - timedelta(minutes=11))
    assert await drive.put(NAME, NEW) == 201
    assert (await bob.documents.get()).id != 1


async def test_nor_does_what_somebody_else_has_put_away(
    app: ASGIApp, world: World, drive: Drive, bob: Inside
) -> None:
    async with mounted(app, world["ann"], world.network.slug) as ann:
        assert await ann.delete(NAME) == 204
    assert await drive.put(NAME, NEW) == 201
    assert (await bob.documents.get()).id != 1


async def test_who_renames_a_document_and_puts_another_there_has_two(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.move(NAME, "Gamla anteckningar.docx") == 201
    assert await drive.put(NAME, NEW) == 201
    assert await drive.names() == sorted([NAME, "Gamla anteckningar.docx"])
    assert (await bob.documents.get(id=1)).name == "Gamla anteckningar.docx"


async def test_a_crash_midway_loses_nothing(drive: Drive, bob: Inside) -> None:
    assert await drive.put("~WRD0001.tmp", NEW) == 201
    assert await drive.move(NAME, "~WRL0002.tmp") == 201
    assert await drive.get("~WRL0002.tmp") == b"ett"
    assert await drive.get("~WRD0001.tmp") == NEW
    assert not (await bob.documents.get(id=1)).scratch, "it is no program's own file"


async def test_an_adopted_document_gets_a_draft_and_stays_adopted(
    world: World, drive: Drive, bob: Inside
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    assert ann.role == Role.COORDINATOR
    await adoptions.adopt(ann, 1, 1)
    assert await drive.put("~WRD0001.tmp", NEW) == 201
    assert await drive.move(NAME, "~WRL0002.tmp") == 201
    assert await drive.move("~WRD0001.tmp", NAME) == 201
    assert await drive.delete("~WRL0002.tmp") == 204
    document = await is_the_same_with_two_versions(bob, drive)
    assert document.adopted_number == 1


async def test_the_same_content_makes_no_version(drive: Drive, bob: Inside) -> None:
    assert await drive.put("~WRD0001.tmp", b"ett") == 201
    assert await drive.move("~WRD0001.tmp", NAME, over=True) == 204
    assert await drive.put(NAME, b"ett") == 204
    assert (await bob.documents.get()).last_number == 1


async def test_what_is_saved_for_the_first_time_is_a_document_once_it_has_its_name(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.mkcol(".TemporaryItems") == 201
    for temporary in (".TemporaryItems/Nytt.txt", "~WRD0003.tmp"):
        assert await drive.put(temporary, b"nytt") == 201
        assert (await bob.documents.get(name=temporary.rpartition("/")[2])).scratch
        assert await drive.move(temporary, "Nytt.txt") == 201
        found = await bob.documents.get(name="Nytt.txt")
        assert not found.scratch
        version = await bob.versions.get(document_id=found.id)
        assert await bob.renditions.filter(version_id=version.id).exists()
        assert await drive.move("Nytt.txt", f"Nytt {found.id}.txt") == 201


async def test_a_folder_with_an_odd_name_is_a_folder(drive: Drive, bob: Inside) -> None:
    for name in ("12345000", "Utkast~", "Gammalt.tmp"):
        assert await drive.mkcol(name) == 201
        assert await drive.put(f"{name}/Fil.txt", b"x") == 201
        [document] = await bob.documents.filter(name="Fil.txt")
        assert not document.scratch
        assert await drive.delete(name) == 204
        assert (await bob.trash.all().count()) > 0
