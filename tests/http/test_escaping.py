"""Whatever people, networks, areas, threads and files are called, a page keeps its shape.

So a text is a text: nothing in it becomes an element or an attribute. What Markdown makes of a body
is held to its own list of elements in tests/unit/test_markup_xss.py.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from forum import areas, directory, discussions, networks, organisations, people, uploads
from forum.refusals import Invalid
from storage import clock, door
from storage.attachments import Attachment, Blob
from storage.door import Inside
from storage.organisations import OrganisationKind
from storage.people import Person
from tests.http.pages import Page
from tests.http.records import Browsers
from tests.markup import LONG
from tests.payloads import PAYLOADS
from tests.world import World, ask

PIECES = ["<", ">", '"', "'", "&", "`", "=", "</", "-->", "{{", "}}", "&lt;", "&#34;", "å", " "]
TEXTS = st.lists(st.sampled_from(PAYLOADS + PIECES) | st.text(max_size=6), max_size=5).map("".join)
numbers = count(1)


@settings(
    max_examples=1_000 if LONG else 25,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
    # Each try makes a network: to look for the shortest text that fails would take minutes.
    phases=[Phase.explicit, Phase.generate],
)
@given(text=TEXTS)
async def test_a_page_keeps_its_shape_whatever_is_written(
    browser: Browsers, world: World, text: str
) -> None:
    # Letters first: who is called nothing but signs gets no username, and is refused
    assert await shapes(browser, world, f"x {text}") == await shapes(browser, world, "Ett namn")


async def shapes(browser: Browsers, world: World, text: str) -> list[list[str]]:
    """Return the shapes of the pages of a network in which everything is called by this text."""
    number = next(numbers)
    try:
        person, addresses = await called(world, text, number)
    except Invalid:
        assume(False)
        raise
    found = []
    async with browser(person) as http:
        for address in addresses:
            answer = await http.get(address)
            assert answer.status_code == 200
            found.append(list(shape(Page(answer).root)))
    return found


async def called(world: World, text: str, number: int) -> tuple[Person, list[str]]:
    """Make that network; return who is in it and its addresses."""
    # Numbered where nobody else may have the same
    home = await organisations.add_organisation(
        f"{number} {text}"[:120], OrganisationKind.MUNICIPALITY
    )
    person = await people.add_person(text[:120], title=text[:120])
    await Person.filter(id=person.id).update(phone=text[:40])
    network = await networks.create_network(
        world["olga"], text[:120], person, home, description=text, slug=f"escaping-{number}"
    )
    inside = await door.enter(person, network.slug)
    area = await areas.add_area(inside, text[:80], text[:300])
    thread = await ask(inside, text[:160], text, area.id)
    await discussions.post_reply(inside, thread.id, text, "reply", **await attached(inside, text))
    (member,) = await directory.members_of(inside)
    here = f"/n/{network.slug}"
    own = ["", "/threads", "/threads/new", "/areas", "/members", "/members/new", "/settings"]
    own += [f"/threads/{thread.id}", f"/threads/{thread.id}?quote=2", f"/members/{member.id}"]
    own += [f"/threads/{thread.id}/posts/2/{form}" for form in ("edit", "split", "erasure")]
    return person, ["/", "/networks", "/account", *(here + one for one in own)]


async def attached(inside: Inside, text: str) -> dict[str, Any]:
    """Make a file and an image that are called by this text, and an image described by it."""
    blob, _new = await Blob.get_or_create(
        digest="0" * 64, defaults={"size": 1, "created_at": clock.now()}
    )
    rows = [
        await inside.create(
            Attachment,
            person_id=inside.person.id,
            name=uploads.checked_name(f"{text}.{kind}"),
            media_type=media_type,
            size=1,
            blob_id=blob.digest,
            width=width,
            height=width,
            created_at=clock.now(),
        )
        for kind, media_type, width in (("txt", "text/plain", None), ("png", "image/png", 1))
    ]
    ids = [row.id for row in rows]
    return {"files": ids, "alts": dict.fromkeys(ids, text)}


def shape(element: Element) -> Iterator[str]:
    """The elements and the names of their attributes, but for what Markdown has made."""
    yield f"<{element.tag} {' '.join(sorted(element.keys()))}>"
    if element.tag == "select":
        # However many organisations there are by now
        yield from sorted({line for option in element for line in shape(option)})
    elif "prose" not in element.get("class", "").split():
        for inner in element:
            yield from shape(inner)
    yield f"</{element.tag}>"
