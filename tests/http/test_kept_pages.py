"""No page that is kept is ever older than what it shows, whatever anybody does."""

import re
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest

from forum import language, revisions
from forum.revisions import Wording
from storage import clock, door
from tests.http.walk import POSTS, House, Step
from web import app as web_app

READERS = ("coordinator", "member", "guest")
#: What is made anew for each page, and shows nothing.
FORM_KEY = re.compile(r'name="form_key" value="[^"]*"')
ACTS = [step for step in POSTS if step.in_a_network]


def shown(answer: httpx.Response) -> str:
    """Return what a page shows, without what is made anew for each."""
    return FORM_KEY.sub("", answer.text)


async def read(http: httpx.AsyncClient, there: str, tag: str = "") -> httpx.Response:
    """Ask for the thread as a browser does that may have it."""
    # The confirmation of an act is shown once, and no page with it is kept.
    for cookie in [one for one in http.cookies.jar if one.name == "samverkan-flash"]:
        http.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    return await http.get(there, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize("actor", ["coordinator", "member"])
@pytest.mark.parametrize("step", ACTS, ids=str)
async def test_after_an_act_nobody_is_shown_what_was(house: House, step: Step, actor: str) -> None:
    there = f"/n/{house.world.network.slug}/threads/{house.world.thread.id}"
    cache = web_app.starlette(house.app).state.cache
    async with AsyncExitStack() as stack:
        readers = {who: await stack.enter_async_context(house.visitor(who)) for who in READERS}
        before = {who: await read(http, there) for who, http in readers.items()}
        for who, http in readers.items():
            assert (await read(http, there, before[who].headers["etag"])).status_code == 304
        await house.take(readers[actor], actor, step)
        for who, http in readers.items():
            tag = before[who].headers["etag"]
            kept, asked = await read(http, there), await read(http, there, tag)
            cache.clear()
            fresh = await read(http, there)
            assert shown(kept) == shown(fresh)
            if shown(fresh) != shown(before[who]):
                assert asked.status_code == 200
                assert shown(asked) == shown(fresh)


async def test_in_a_new_year_the_days_of_the_old_one_are_told_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house.world
    inside = await door.enter(world["bob"], world.network.slug)
    await revisions.edit(inside, world.thread.id, 2, Wording("Ändrat i gamla året.", 1))
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with house.visitor("member") as http:
        before = await read(http, there)
        then = clock.today()
        for where in (clock, language):
            monkeypatch.setattr(where, "today", lambda: then + timedelta(days=366))
        after = await read(http, there, before.headers["etag"])
    dated = re.compile(r'/revisions"[^/]+ \d{4}</time>')
    assert [bool(dated.search(page.text)) for page in (before, after)] == [False, True]
