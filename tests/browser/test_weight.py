"""What a first visit costs on the wire, and what a thread's page weighs beside its posts' texts."""

import pytest
from playwright.async_api import Page, Request

from forum import discussions
from forum.addresses import POSTS_ON_A_PAGE
from storage import door
from tests.browser.conftest import Visitors
from tests.browser.steps import thread_of
from tests.world import World, ask

pytestmark = pytest.mark.browser

KILOBYTE = 1000
MOST, REQUESTS, BARE = 90 * KILOBYTE, 12, 40 * KILOBYTE


async def full(world: World) -> list[str]:
    """Fill a page of the thread; return the HTML of its posts' texts."""
    bob = await door.enter(world["bob"], world.network.slug)
    for number in range(3, POSTS_ON_A_PAGE + 2):
        await discussions.post_reply(bob, world.thread.id, f"Svar *{number}*.", f"full-{number}")
    replies = await bob.replies.filter(thread_id=world.thread.id).order_by("number")
    thread = await bob.threads.get(id=world.thread.id)
    return [thread.body_html, *(reply.body_html for reply in replies)]


@pytest.mark.parametrize("place", ["/login", "/", "thread", "new"])
async def test_a_first_visit_is_light(page_of: Visitors, world: World, place: str) -> None:
    await full(world)
    places = {"thread": thread_of(world), "new": f"/n/{world.network.slug}/threads/new"}
    page = await page_of(None if place == "/login" else world["ann"])
    came = await loaded(page, places.get(place, place))
    assert len(came) <= REQUESTS, came
    assert sum(came.values()) <= MOST, came


async def loaded(page: Page, address: str) -> dict[str, int]:
    """Open a page in a browser that has seen nothing; return what each address weighed."""
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    await page.goto(address, wait_until="networkidle")
    sizes = [(request.url, await request.sizes()) for request in done]
    return {url: size["responseHeadersSize"] + size["responseBodySize"] for url, size in sizes}


@pytest.mark.parametrize("who", ["gus", "bob", "ann"])
async def test_a_thread_weighs_little_beside_its_texts(
    page_of: Visitors, world: World, who: str
) -> None:
    """Of a guest, of who has asked and can mark each answer, and of a coordinator."""
    bob = await door.enter(world["bob"], world.network.slug)
    ann = await door.enter(world["ann"], world.network.slug)
    question = await ask(bob, "Hur många har ni?", "Vi har **tre**.", world.area_id)
    replies = [
        await discussions.post_reply(ann, question.id, f"Svar *{number}*.", f"of-ann-{number}")
        for number in range(POSTS_ON_A_PAGE)
    ]
    texts = [question.body_html, *(reply.body_html for reply in replies)]
    page = await page_of(world[who])
    answer = await page.goto(f"/n/{world.network.slug}/threads/{question.id}")
    assert answer is not None
    html = await answer.text()
    assert all(text in html for text in texts)
    bare = len(html.encode()) - sum(len(text.encode()) for text in texts)
    assert bare <= BARE


async def test_each_post_has_a_heading_that_says_whose_it_is(
    page_of: Visitors, world: World
) -> None:
    await full(world)
    page = await page_of(world["gus"])
    await page.goto(thread_of(world))
    posts = page.locator("article.post")
    assert await posts.count() == POSTS_ON_A_PAGE + 1
    for post in await posts.all():
        (heading, *_within) = await post.get_by_role("heading").all()
        assert (await heading.inner_text()).startswith(("Ann Alm, Aneby", "Bob Berg, Habo"))
