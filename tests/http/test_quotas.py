"""How much a network may keep: an operator says so, and who sends more is told in time."""

import pytest

from forum import quotas
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.settings import Settings
from storage import door
from storage.blobs import Store
from storage.door import Forbidden, Inside
from tests.filing import filed, revised
from tests.http.pages import Page
from tests.http.records import Browsers, rows
from tests.http.test_arrivals import begun
from tests.world import World

KILOBYTE = 1024


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


async def limit(world: World, size: int) -> None:
    await quotas.set_limit(world["olga"], world.network, str(size / quotas.GIGABYTE))


async def test_what_would_be_more_than_the_network_may_keep_is_refused(
    world: World, bob: Inside, store: Store, browser: Browsers
) -> None:
    await limit(world, 2 * KILOBYTE)
    document = await filed(bob, store, content=b"x" * KILOBYTE)
    assert (await quotas.room(bob)).left == KILOBYTE
    with pytest.raises(Invalid) as refused:
        await revised(bob, store, document, b"y" * (KILOBYTE + 1))
    assert "1 kB" in refused.value.errors["files"].replace("\xa0", " ")
    with pytest.raises(Invalid):
        await filed(bob, store, "Ny.txt", b"y" * (KILOBYTE + 1))
    async with browser(world["bob"]) as http:
        assert (await begun(http, world, KILOBYTE + 1)).status_code == 422
        assert (await begun(http, world, KILOBYTE)).status_code == 201
    await filed(bob, store, "Ny.txt", b"y" * KILOBYTE)
    assert (await quotas.room(bob)).left == 0


async def test_an_operator_says_how_much_and_nobody_else(world: World, browser: Browsers) -> None:
    here = f"/operator/networks/{world.network.id}/quota"
    async with browser(world["olga"]) as http:
        form = Page(await http.get(here)).form(here)
        wrong = Page(await form.send(http, gigabytes="mycket"))
        assert wrong.errors == {
            "gigabytes": _("Write a number, such as 5 or 0.5. Leave it empty for no limit.")
        }
        await form.send(http, gigabytes="0,5")
        assert [one["bytes"] for one in await rows("quota")] == [quotas.GIGABYTE // 2]
        assert Page(await http.get(here)).form(here).values["gigabytes"] == "0.5"
        await form.send(http, gigabytes="")
        assert await rows("quota") == []
    async with browser(world["ann"]) as http:
        assert (await http.get(here)).status_code == 404
    with pytest.raises(Forbidden):
        await quotas.set_limit(world["ann"], world.network, "1")
