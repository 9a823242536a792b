"""A network as a drive on PostgreSQL: the same verbs, and locks of which one of two is taken."""

import asyncio

from starlette.types import ASGIApp

from storage import door
from tests.drives import mounted
from tests.world import World


async def test_what_programs_do_ends_the_same(app: ASGIApp, world: World) -> None:
    async with mounted(app, world["bob"], world.network.slug) as drive:
        assert await drive.mkcol("Mapp") == 201
        assert await drive.put("Mapp/Möte.docx", b"ett") == 201
        assert await drive.put("Mapp/~WRD0001.tmp", b"tva") == 201
        assert await drive.move("Mapp/Möte.docx", "Mapp/~WRL0002.tmp") == 201
        assert await drive.move("Mapp/~WRD0001.tmp", "Mapp/Möte.docx") == 201
        assert await drive.delete("Mapp/~WRL0002.tmp") == 204
        token = await drive.lock("Mapp/Möte.docx")
        for content in (b"tre", b"fyra"):
            assert await drive.put("Mapp/Möte.docx", content, If=f"({token})") == 204
        assert await drive.unlock("Mapp/Möte.docx", token) == 204
        assert await drive.delete("Mapp/Möte.docx") == 204
        assert await drive.put("Mapp/Möte.docx", b"fem") in {201, 204}
        assert await drive.copy("Mapp", "Kopia") == 201
        assert await drive.names("Kopia") == ["Möte.docx"]
        assert await drive.get("Kopia/Möte.docx") == b"fem"
        assert await drive.delete("Kopia") == 204
    inside = await door.enter(world["bob"], world.network.slug)
    [document] = await inside.documents.all()
    assert document.last_number == 4


async def test_of_two_who_lock_or_save_at_once_one_wins(app: ASGIApp, world: World) -> None:
    async with (
        mounted(app, world["bob"], world.network.slug) as bob,
        mounted(app, world["ann"], world.network.slug) as ann,
    ):
        assert await bob.put("Fil.txt", b"ett") == 201
        for number in range(10):
            tokens = await asyncio.gather(bob.lock("Fil.txt"), ann.lock("Fil.txt"))
            assert sorted(map(bool, tokens)) == [False, True]
            for one, token in zip((bob, ann), tokens, strict=True):
                if token:
                    assert await one.unlock("Fil.txt", token) == 204
            seen = await bob.tag("Fil.txt")
            both = await asyncio.gather(
                bob.put("Fil.txt", b"Bob %d" % number, If_Match=seen),
                ann.put("Fil.txt", b"Ann %d" % number, If_Match=seen),
            )
            assert sorted(both) == [204, 412]
