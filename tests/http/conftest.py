"""The furnished house that every route is walked through."""

import pickle
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from forum import (
    areas,
    arrivals,
    discussions,
    folders,
    images,
    kept_forms,
    login_links,
    mail,
    markup,
    members,
    people,
    profiles,
    settings,
    trash,
    unpackings,
    uploads,
    wanted,
)
from forum.profiles import Profile
from forum.uploads import Limits
from storage import database, door
from storage.blobs import Store
from storage.people import Person
from storage.publications import Publication
from tests import files, publishing
from tests.conftest import running
from tests.filing import filed, revised, shown_as_pages
from tests.http.walk import Furniture, House
from tests.world import World, ask_all, look_for


@pytest.fixture(scope="session")
async def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's database with the furniture in it, made once; each test has a copy."""
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copy(template / "samverkan.sqlite", folder)
    world: World = pickle.loads((template / "world.pickle").read_bytes())  # noqa: S301
    async with database.opened(f"sqlite:///{folder / 'samverkan.sqlite'}"):
        limits = Limits(Store(folder / "blobs"), 1024 * 1024)
        furniture = await _furniture(world, limits)
        await database.read("SELECT 1 AS one", {})
    await markup.close()
    await images.close()
    (folder / "house.pickle").write_bytes(pickle.dumps((world, furniture)))
    return folder


async def _furniture(world: World, limits: Limits) -> Furniture:
    inside = await door.enter(world["ann"], world.network.slug)
    silent = await people.add_person("Siri Silver", "siri@kommun.example", "enhetschef")
    home = inside.membership.organisation_id
    membership = await members.add_member(inside, silent, home)
    siri = await door.enter(silent, world.network.slug)
    asked = await ask_all(inside, world.area_id)
    wanted_thread = await look_for(inside, world.area_id)
    await wanted.join(siri, wanted_thread.id, joining=True)
    area = await areas.add_area(inside, "Ödehus", "Här har ingen skrivit.")
    charlie = world["charlie"]
    await login_links.mail(charlie.username, "")
    sent = re.search(r"/login-links/(\S+)", (await mail.latest(1))[0].text)
    assert sent
    password = (await login_links.password_link(charlie, "")).rpartition("/")[2]
    attachment_id = await _attached(world, limits)
    await _picture(world["ann"], limits)
    await _picture(silent, limits)
    document_id, trash_id = await _filed(world, limits)
    folder_id, arrival_id, unpacking_id = await _coming(world, limits)
    kept = await kept_forms.keep(charlie.id, "/n/annat-natverk/threads", [("title", "Min fråga")])
    assert kept
    published = await _published(world, limits)
    return Furniture(
        silent,
        membership.id,
        area.id,
        home,
        asked.id,
        wanted_thread.id,
        sent[1],
        password,
        kept,
        attachment_id,
        document_id,
        folder_id,
        arrival_id,
        unpacking_id,
        published.document_id,
        published.id,
        trash_id,
    )


async def _filed(world: World, limits: Limits) -> tuple[int, int]:
    """Bob files a document and changes it twice; another of his goes to the trash."""
    bob = await door.enter(world["bob"], world.network.slug)
    document = await filed(bob, limits.store, "hemligheten.txt", b"Om timmarna.")
    second = await revised(bob, limits.store, document, b"Mer om timmarna.")
    await revised(bob, limits.store, document, b"Allt om timmarna.")
    await shown_as_pages(bob, limits.store, second)
    gone = await filed(bob, limits.store, "hemligheten (1).txt", b"Om timmarna.")
    trashed = await trash.put_document(bob, gone.id)
    return document.id, trashed.id


async def _coming(world: World, limits: Limits) -> tuple[int, int, int]:
    """Bob makes a folder, sends files there, and an archive that is unpacked."""
    bob = await door.enter(world["bob"], world.network.slug)
    top = await folders.root(bob)
    folder = await folders.create_folder(bob, top.id, "Den hemliga mappen")
    coming = await arrivals.begin(bob, limits, folder.id, "karta.txt", 3)
    for name in ("här.txt", "allt.zip"):
        came = await files.sent(limits.store, name, b"Om timmarna.")
        here = await arrivals.receive(bob, limits, folder.id, came)
    unpacking = await unpackings.begin(bob, here.id)
    return folder.id, coming.id, unpacking.id


async def _published(world: World, limits: Limits) -> Publication:
    """Ann publishes a document for everybody."""
    ann = await door.enter(world["ann"], world.network.slug)
    document = await publishing.adopted(ann, limits.store)
    return await publishing.publish(ann, limits.store, document)


async def _attached(world: World, limits: Limits) -> int:
    """Bob posts a file in the thread."""
    bob = await door.enter(world["bob"], world.network.slug)
    came = await files.sent(limits.store, "hemligheten.txt", b"Om timmarna.")
    row = await uploads.receive(bob, limits, came)
    await discussions.post_reply(bob, world.thread.id, "Se filen.", "file", files=[row.id])
    attachment_id: int = row.id
    return attachment_id


async def _picture(person: Person, limits: Limits) -> None:
    shown = Profile(
        person.name, person.title, person.phone, person.language, person.view, person.theme
    )
    came = await files.sent(limits.store, "jag.png", files.image(), "picture")
    await profiles.save(person, shown, limits, came)


@pytest.fixture
async def house(furnished: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The application, as the demo has it, on this test's own copy."""
    shutil.copy(furnished / "samverkan.sqlite", tmp_path)
    shutil.copytree(furnished / "blobs", tmp_path / "blobs")
    chosen = replace(settings.from_environment({"SAMVERKAN_DATA": str(tmp_path)}), demo=True)
    world, furniture = pickle.loads((furnished / "house.pickle").read_bytes())  # noqa: S301
    async with running(chosen) as app:
        yield House(app, chosen, world, furniture)
