"""Who writes the hostile texts, and what is remembered of where they stand."""

from collections import defaultdict
from dataclasses import dataclass, field

from forum import organisations, uploads
from storage import door
from storage.attachments import Attachment
from storage.blobs import Store
from storage.discussions import Thread
from storage.door import Inside
from storage.organisations import Organisation
from tests import files
from tests.world import World


@dataclass
class Hostile:
    """Where the payloads stand: addresses by the kind of thing that is there."""

    addresses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: How many payloads each place was given, and has taken; the others it has refused.
    tried: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Writer:
    """Who writes what next: named by the latest payload that each place has taken."""

    world: World
    hostile: Hostile
    ann: Inside
    author: Inside
    #: Who wrote before the author.
    earlier: Inside
    home: Organisation
    organisation: Organisation
    area_id: int
    thread: Thread
    #: What every file is a copy of, under another name.
    files: tuple[Attachment, Attachment]
    store: Store

    @property
    def slug(self) -> str:
        """The network's part of addresses."""
        return self.ann.network.slug

    def nonce(self, place: str) -> str:
        """Return what no other form of this place has."""
        return f"{place}-{len(self.hostile.addresses[place])}"


async def writer(world: World, hostile: Hostile, limits: uploads.Limits) -> Writer:
    """Return who begins: Ann, with the two files."""
    ann = await door.enter(world["ann"], world.network.slug)
    (home, *_others) = await organisations.all_organisations()
    paper = await files.sent(limits.store, "papper.txt", b"Text.")
    picture = await files.sent(limits.store, "bild.png", files.image())
    received = (
        await uploads.receive(ann, limits, paper),
        await uploads.receive(ann, limits, picture),
    )
    return Writer(
        world,
        hostile,
        ann,
        ann,
        ann,
        home,
        home,
        world.area_id,
        world.thread,
        files=received,
        store=limits.store,
    )
