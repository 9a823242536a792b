"""What is sent while a scanner says no, or nothing: it is nobody else's until it is clean."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum import arrivals, attachments, discussions, folders, placements, uploads
from forum.clamd import Address
from forum.placements import Choice
from forum.refusals import Invalid
from forum.settings import Settings
from forum.uploads import Limits
from storage import door
from storage.arrivals import ArrivalState
from storage.door import Inside
from tests.clamd import SIGNATURE, VIRUS, Clamd, lacking
from tests.conftest import lacking as refuse
from tests.files import sent
from tests.http.records import row, rows
from tests.world import World


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    refuse("clamd", lacking())
    with Clamd(tmp_path_factory.mktemp("clamd")) as started:
        yield started


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


def limits(chosen: Settings, scanner: Address) -> Limits:
    return Limits(uploads.limits(chosen).store, 1024 * 1024, scanner=scanner)


def away(folder: Path) -> Address:
    """A scanner that nobody has started."""
    return Address(path=str(folder / "nobody.ctl"))


async def brought(bob: Inside, limited: Limits, content: bytes) -> int:
    """Have Bob send a file to the network's own folder; return its arrival."""
    came = await sent(limited.store, "Karta.txt", content)
    top = await folders.root(bob)
    found = await arrivals.receive(bob, limited, top.id, came)
    return int(found.id)


async def test_an_infected_file_is_put_aside_and_its_sender_told(
    bob: Inside, chosen: Settings, clamd: Clamd
) -> None:
    limited = limits(chosen, clamd.unix)
    arrival_id = await brought(bob, limited, b"before " + VIRUS)
    found = await arrivals.arrival(bob, arrival_id)
    assert (found.state, found.found, found.blob_id) == (ArrivalState.INFECTED, SIGNATURE, None)
    with pytest.raises(Invalid, match=SIGNATURE):
        await placements.place(bob, arrival_id, Choice.DOCUMENT)
    [suggestion] = await placements.suggest(
        bob, found.folder_id, await arrivals.waiting(bob, found.folder_id)
    )
    assert suggestion.asks
    [aside] = (limited.store.folder / "quarantine").iterdir()
    assert VIRUS in aside.read_bytes()
    with pytest.raises(Invalid, match=SIGNATURE):
        await uploads.receive(bob, limited, await sent(limited.store, "a.txt", VIRUS))
    assert await rows("attachment") == []


async def test_a_file_waits_for_a_scanner_that_is_away_and_can_then_be_placed(
    bob: Inside, chosen: Settings, clamd: Clamd, tmp_path: Path
) -> None:
    down = limits(chosen, away(tmp_path))
    clean, infected = [await brought(bob, down, content) for content in (b"map", VIRUS)]
    for one in (clean, infected):
        assert (await arrivals.arrival(bob, one)).state == ArrivalState.UNSCANNED
        with pytest.raises(Invalid):
            await placements.place(bob, one, Choice.DOCUMENT)
    await arrivals.scan_waiting(down)
    assert (await arrivals.arrival(bob, clean)).state == ArrivalState.UNSCANNED
    await arrivals.scan_waiting(limits(chosen, clamd.unix))
    document = await placements.place(bob, clean, Choice.DOCUMENT)
    assert document.last_number == 1
    assert (await arrivals.arrival(bob, infected)).state == ArrivalState.INFECTED


async def test_an_attachment_that_waits_is_its_senders_alone(
    world: World, bob: Inside, chosen: Settings, clamd: Clamd, tmp_path: Path
) -> None:
    down = limits(chosen, away(tmp_path))
    waiting = [
        await uploads.receive(bob, down, await sent(down.store, name, content))
        for name, content in (("karta.txt", b"map"), ("fel.txt", VIRUS))
    ]
    ids = [one.id for one in waiting]
    await discussions.post_reply(bob, world.thread.id, "Se.", "waiting", files=ids)
    ann = await door.enter(world["ann"], world.network.slug)
    for one in ids:
        assert (await attachments.readable(bob, one)).id == one
        with pytest.raises(door.NotFound):
            await attachments.readable(ann, one)
    before = (await row("thread", id=world.thread.id))["version"]
    await uploads.scan_waiting(limits(chosen, clamd.unix))
    assert (await row("thread", id=world.thread.id))["version"] == before + 2
    assert (await attachments.readable(ann, ids[0])).name == "karta.txt"
    with pytest.raises(attachments.Erased):
        await attachments.readable(bob, ids[1])
    assert await asyncio.to_thread(lambda: list((down.store.folder / "quarantine").iterdir()))
