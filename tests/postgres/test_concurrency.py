"""What happens when people do things at once. SQLite, which has one writer, cannot show it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from tortoise.connection import get_connection

from forum import discussions, members, people, wanted
from forum.throttle import TRIES
from storage import database, door
from storage.networks import Function
from storage.organisations import Organisation
from storage.people import Person
from storage.roles import Role
from storage.secrets import secret
from tests import world as worlds
from tests.conftest import Browser
from tests.world import World

pytestmark = pytest.mark.postgres

Browsers = Callable[..., Browser]
AT_ONCE = 20


@pytest.fixture
async def everybody(world: World, browser: Browsers) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Ann's, Bob's and Gus's browsers."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(browser(world[name]))
            for name in ("ann", "bob", "gus")
        }


async def numbers(sql: str, **values: int) -> list[int]:
    """Return the one column of a SELECT."""
    return [next(iter(row.values())) for row in await database.read(sql, values)]


async def assert_no_gap_in_events(world: World) -> None:
    seqs = await numbers(
        "SELECT seq FROM event WHERE network_id = :network_id ORDER BY id",
        network_id=world.network.id,
    )
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    assert await numbers(
        "SELECT seq FROM network WHERE id = :network_id", network_id=world.network.id
    ) == [len(seqs)]


async def test_replies_at_once_are_numbered_without_gaps(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    inside = await door.enter(world["ann"], world.network.slug)
    thread = await worlds.ask(inside, "Hur gör ni?", "Undrar vi.", world.area_id)
    where = f"/n/{world.network.slug}/threads/{thread.id}/replies"
    browsers = list(everybody.values())
    answers = await asyncio.gather(
        *(
            browsers[index % 3].post(where, data={"form_key": "k", "body": f"Svar {index}."})
            for index in range(AT_ONCE)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {303: AT_ONCE}
    places = [int(answer.headers["location"].rpartition("-")[2]) for answer in answers]
    assert sorted(places) == list(range(2, AT_ONCE + 2))
    written = "SELECT number FROM reply WHERE thread_id = :thread_id ORDER BY number"
    assert await numbers(written, thread_id=thread.id) == list(range(2, AT_ONCE + 2))
    kept = await inside.threads.get(id=thread.id)
    assert (kept.last_number, kept.version) == (AT_ONCE + 1, AT_ONCE + 1)
    await assert_no_gap_in_events(world)


async def test_questions_at_once_are_all_posted(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    """Each holds the network's row by its key before it takes the next number."""
    where = f"/n/{world.network.slug}/threads"
    form = {"kind": "question", "area": str(world.area_id), "body": "Vet någon?"}
    answers = await asyncio.gather(
        *(
            everybody[("ann", "bob")[index % 2]].post(
                where, data={**form, "title": f"Fråga {index}"}
            )
            for index in range(AT_ONCE)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {303: AT_ONCE}
    await assert_no_gap_in_events(world)


async def test_replies_to_different_threads_at_once_are_all_posted(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    inside = await door.enter(world["ann"], world.network.slug)
    threads = [
        await worlds.ask(inside, f"Fråga {index}", "Vet någon?", world.area_id)
        for index in range(AT_ONCE)
    ]
    names = list(everybody)
    answers = await asyncio.gather(
        *(
            everybody[names[index % 3]].post(
                f"/n/{world.network.slug}/threads/{thread.id}/replies",
                data={"form_key": "k", "body": "Ja, vi vet."},
            )
            for index, thread in enumerate(threads)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {303: AT_ONCE}
    await assert_no_gap_in_events(world)


async def test_the_same_form_sent_at_once_makes_one_reply(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    where = f"/n/{world.network.slug}/threads/{world.thread.id}/replies"
    form = {"form_key": "samma", "body": "Tryckte jag två gånger?"}
    answers = await asyncio.gather(*(everybody["bob"].post(where, data=form) for _ in range(10)))
    assert {(one.status_code, one.headers.get("location")) for one in answers} == {
        (303, f"/n/{world.network.slug}/threads/{world.thread.id}#post-3")
    }
    written = "SELECT number FROM reply WHERE thread_id = :thread_id ORDER BY number"
    assert await numbers(written, thread_id=world.thread.id) == [2, 3]
    await assert_no_gap_in_events(world)


async def test_the_same_question_sent_at_once_makes_one_thread(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    form = {"kind": "question", "area": str(world.area_id), "title": "En gång?", "body": "Ja?"}
    where = f"/n/{world.network.slug}/threads"
    answers = await asyncio.gather(*(everybody["bob"].post(where, data=form) for _ in range(10)))
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1


async def test_a_thread_marked_read_in_several_windows_at_once_is_read(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    where = f"/n/{world.network.slug}/threads/{world.thread.id}/read-mark"
    answers = await asyncio.gather(
        *(everybody["gus"].post(where, data={"number": str(n % 2 + 1)}) for n in range(10))
    )
    assert {one.status_code for one in answers} == {303}
    mark = "SELECT number FROM read_mark WHERE thread_id = :thread_id AND person_id = :person_id"
    ids = {"thread_id": world.thread.id, "person_id": world["gus"].id}
    assert await numbers(mark, **ids) == [2]


async def test_an_answer_marked_by_two_at_once_is_marked_once(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    await _two_coordinators(world)
    where = f"/n/{world.network.slug}/replies/{world.reply.id}/help"
    answers = await asyncio.gather(
        *(everybody[name].post(where, data={"helpful": "yes"}) for name in ("ann", "bob") * 3)
    )
    assert {one.status_code for one in answers} == {303}
    events = await numbers("SELECT count(*) FROM event WHERE kind = 'reply.helped'")
    assert events == [1]


async def test_somebody_added_by_two_at_once_is_a_member_once(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    home = await Organisation.get(name="Tranås")
    form = {"person": world["charlie"].username, "organisation": str(home.id), "role": "member"}
    where = f"/n/{world.network.slug}/members"
    answers = await asyncio.gather(*(everybody["ann"].post(where, data=form) for _ in range(4)))
    assert Counter(one.status_code for one in answers) == {303: 1, 422: 3}


async def test_accounts_opened_at_once_in_one_name_get_different_usernames(world: World) -> None:
    opened = await asyncio.gather(*(people.add_person("Dag Dal") for _ in range(2)))
    assert {person.username for person in opened} == {"dag.dal", "dag.dal2"}


async def test_a_key_asked_for_at_once_is_made_once(world: World) -> None:
    assert len(set(await asyncio.gather(*(secret("another") for _ in range(10))))) == 1


async def _two_coordinators(world: World) -> tuple[door.Inside, door.Inside]:
    """Make Ann and Bob the coordinators, whatever they were."""
    ann = await door.enter(world["ann"], world.network.slug)
    await ann.memberships.filter(person_id__in=[world["ann"].id, world["bob"].id]).update(
        role=Role.COORDINATOR, ends_on=None
    )
    return (
        await door.enter(world["ann"], world.network.slug),
        await door.enter(world["bob"], world.network.slug),
    )


async def _coordinators(world: World) -> int:
    rows = await database.read(
        "SELECT count(*) AS n FROM membership WHERE network_id = :network_id"
        " AND role = 'coordinator' AND ends_on IS NULL",
        {"network_id": world.network.id},
    )
    return int(rows[0]["n"])


async def test_two_coordinators_who_end_each_other_at_once_leave_one(
    world: World, long: bool
) -> None:
    for _ in range(20 if long else 2):
        inside = await _two_coordinators(world)
        ended = await asyncio.gather(
            members.end_member(inside[0], inside[1].membership.id),
            members.end_member(inside[1], inside[0].membership.id),
            return_exceptions=True,
        )
        assert sorted(map(_outcome, ended)) == ["NotFound", "done"]
        assert await _coordinators(world) == 1
        await _restored(world)


async def test_two_coordinators_who_leave_at_once_leave_one(world: World, long: bool) -> None:
    for _ in range(20 if long else 3):
        inside = await _two_coordinators(world)
        left = await asyncio.gather(
            *(members.end_member(one, one.membership.id) for one in inside), return_exceptions=True
        )
        assert sorted(map(_outcome, left)) == ["Invalid", "done"]
        assert await _coordinators(world) == 1
        await _restored(world)


async def test_two_coordinators_who_step_down_at_once_leave_one(world: World, long: bool) -> None:
    for _ in range(20 if long else 3):
        inside = await _two_coordinators(world)
        stepped = await asyncio.gather(
            *(
                members.change_member(
                    one,
                    one.membership.id,
                    organisation_id=one.membership.organisation_id,
                    function=Function.OTHER,
                    role=Role.MEMBER,
                    ends_on=None,
                )
                for one in inside
            ),
            return_exceptions=True,
        )
        assert sorted(map(_outcome, stepped)) == ["Invalid", "done"]
        assert await _coordinators(world) == 1
        await _restored(world)


async def _restored(world: World) -> None:
    await database.write(
        lambda: get_connection("default").execute_query(
            "UPDATE membership SET role = 'coordinator', ends_on = NULL WHERE person_id = $1"
            " AND network_id = $2",
            [world["ann"].id, world.network.id],
        )
    )


def _outcome(result: object) -> str:
    return type(result).__name__ if isinstance(result, BaseException) else "done"


async def test_nobody_posts_after_her_membership_has_ended(world: World, long: bool) -> None:
    """Whether a post comes before the end or is refused is a matter of luck, but never after."""
    posted = 0
    for attempt in range(60 if long else 8):
        ann = await door.enter(world["ann"], world.network.slug)
        await ann.memberships.filter(person_id=world["bob"].id).update(ends_on=None)
        bob = await door.enter(world["bob"], world.network.slug)

        outcomes = await asyncio.gather(
            _ended(ann, bob, attempt % 8 * 0.003),
            *(
                discussions.post_reply(bob, world.thread.id, "Hinner jag?", f"{attempt} {number}")
                for number in range(6)
            ),
            return_exceptions=True,
        )
        assert set(map(_outcome, outcomes)) <= {"done", "NotFound"}
        assert outcomes[0] is None
        replies = await database.read(
            "SELECT e.kind, e.seq FROM event e WHERE e.network_id = :network_id"
            " AND (e.actor_id = :person_id OR e.membership_id = :membership_id) ORDER BY e.seq",
            {"network_id": world.network.id, "person_id": world["bob"].id,
             "membership_id": bob.membership.id},
        )  # fmt: skip
        assert replies[-1]["kind"] == "member.ended"
        posted += [*map(_outcome, outcomes)].count("done") - 1
    made = "SELECT count(*) FROM reply WHERE author_id = :person_id"
    assert await numbers(made, person_id=world["bob"].id) == [posted + 1]
    await assert_no_gap_in_events(world)


async def _ended(ann: door.Inside, bob: door.Inside, pause: float) -> None:
    await asyncio.sleep(pause)
    await members.end_member(ann, bob.membership.id)


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        ("UPDATE person SET active = false WHERE username = 'bob.berg'", "NotFound"),
        ("UPDATE network SET state = 'archived'", "Archived"),
    ],
)
@pytest.mark.parametrize("table", ["membership", "thread"])
async def test_what_changed_while_a_post_waited_counts(
    world: World, table: str, meanwhile: str, refusal: str
) -> None:
    """It waits for one of its rows, and is not told what the others were before that."""
    bob = await door.enter(world["bob"], world.network.slug)
    held, waits = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        mine = get_connection("default")
        await mine.execute_query(f"SELECT id FROM {table} FOR UPDATE")
        held.set()
        await waits.wait()
        await mine.execute_query(meanwhile)

    changing = asyncio.create_task(database.write(change))
    await held.wait()
    posting = asyncio.create_task(discussions.post_reply(bob, world.thread.id, "Hinner jag?", "n"))
    await _somebody_waits()
    waits.set()
    await changing
    assert [_outcome(one) for one in await asyncio.gather(posting, return_exceptions=True)] == [
        refusal
    ]


async def _somebody_waits() -> None:
    while not await numbers("SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _renamed(person: Person, name: str) -> None:
    await Person.filter(id=person.id).update(name=name)


async def test_the_victim_of_a_deadlock_is_tried_once_more(world: World) -> None:
    ann, bob = world["ann"], world["bob"]
    both_hold = asyncio.Barrier(2)
    tries: Counter[str] = Counter()
    after: Counter[str] = Counter()

    def renaming(first: Person, second: Person, name: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            tries[name] += 1
            database.after_commit(lambda: after.update([name]))
            await _renamed(first, name)
            if tries.total() <= 2:
                await both_hold.wait()
            await _renamed(second, name)

        return work

    await asyncio.gather(
        database.write(renaming(ann, bob, "framlänges")),
        database.write(renaming(bob, ann, "baklänges")),
    )
    assert sorted(tries.values()) == [1, 2]
    assert after == {"framlänges": 1, "baklänges": 1}
    names = {(await Person.get(id=person.id)).name for person in (ann, bob)}
    assert names == {max(tries, key=lambda name: tries[name])}


async def test_the_loser_of_a_race_is_tried_once_more_and_no_more(world: World) -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        mine = get_connection("default")
        await mine.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await mine.execute_query("SELECT name FROM person")
        if tries <= lost:
            # In a task that was begun outside this transaction: somebody else.
            race.put_nowait(f"namn {tries}")
            await race.join()
        await _renamed(world["bob"], "mitt namn")

    async def others() -> None:
        while True:
            await _renamed(world["bob"], await race.get())
            race.task_done()

    race: asyncio.Queue[str] = asyncio.Queue()
    other = asyncio.create_task(others())
    lost = 1
    await database.write(work)
    assert tries == 2
    assert (await Person.get(id=world["bob"].id)).name == "mitt namn"
    tries, lost = 0, 9
    with pytest.raises(Exception, match="could not serialize"):
        await database.write(work)
    assert tries == 2
    assert (await Person.get(id=world["bob"].id)).name == "namn 2"
    other.cancel()


async def test_of_guesses_sent_at_once_no_more_are_tried_than_of_guesses_in_a_row(
    world: World, browser: Browsers
) -> None:
    form = {"username": world["bob"].username, "password": "jag gissar bara lite"}
    async with browser() as http:
        answers = await asyncio.gather(*(http.post("/login", data=form) for _ in range(50)))
    counts = Counter(answer.status_code for answer in answers)
    assert set(counts) <= {422, 429}
    assert counts[422] <= TRIES
    assert await numbers("SELECT count(*) FROM failed_login") == [counts[422]]


async def test_thanks_sent_at_once_are_said_once_by_each(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    where = f"/n/{world.network.slug}/threads/{world.thread.id}/posts/2/thanks"
    answers = await asyncio.gather(
        *(everybody[name].post(where, data={"thanks": "yes"}) for name in ("ann", "gus") * 5)
    )
    assert {one.status_code for one in answers} == {303}
    thanked = await numbers("SELECT person_id FROM thanks ORDER BY person_id")
    assert thanked == [world["ann"].id, world["gus"].id]
    assert await numbers("SELECT count(*) FROM event WHERE kind = 'post.thanked'") == [2]
    await assert_no_gap_in_events(world)


async def test_who_follows_and_leaves_while_others_name_her_holds_nobody_up(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    """Both make her row: whoever is second must find it, and neither wait for the other."""
    thread = f"/n/{world.network.slug}/threads/{world.thread.id}"
    named = {"body": "Vad säger @gus.gast och @bob.berg?"}
    answers = await asyncio.gather(
        *(
            one
            for index in range(AT_ONCE)
            for one in (
                everybody["ann"].post(f"{thread}/replies", data={**named, "form_key": str(index)}),
                everybody["gus"].post(f"{thread}/follow", data={"following": "no"}),
                everybody["bob"].post(f"{thread}/follow", data={"following": "yes"}),
            )
        )
    )
    assert Counter(one.status_code for one in answers) == {303: 3 * AT_ONCE}
    found = await database.read(
        "SELECT person_id, following FROM follow WHERE thread_id = :id ORDER BY person_id",
        {"id": world.thread.id},
    )
    assert {row["person_id"]: row["following"] for row in found} == {
        world["ann"].id: True,
        world["bob"].id: True,
        world["gus"].id: False,
    }


async def test_somebody_joins_leaves_or_is_chosen_but_nobody_joins_what_is_settled(
    world: World, everybody: dict[str, httpx.AsyncClient], long: bool
) -> None:
    ann, bob = [await door.enter(world[name], world.network.slug) for name in ("ann", "bob")]
    for attempt in range(20 if long else 4):
        looking = await worlds.look_for(ann, world.area_id, f"{attempt} Vem är med?")
        outcomes = await asyncio.gather(
            wanted.join(bob, looking.id, joining=True),
            wanted.join(bob, looking.id, joining=True),
            wanted.pair(ann, looking.id, {world["bob"].id}),
            wanted.pair(ann, looking.id, {world["bob"].id}),
            wanted.join(bob, looking.id, joining=False),
            return_exceptions=True,
        )
        assert set(map(_outcome, outcomes)) <= {"done", "Invalid"}
        solved = await numbers(
            "SELECT count(*) FROM thread WHERE id = :id AND solved_at IS NOT NULL", id=looking.id
        )
        chosen = await numbers(
            "SELECT count(*) FROM volunteer WHERE thread_id = :id AND chosen_at IS NOT NULL",
            id=looking.id,
        )
        assert solved == chosen, "what is settled has somebody who was chosen"
        assert [*map(_outcome, outcomes[2:4])].count("done") == solved[0]
    await assert_no_gap_in_events(world)


async def test_reminders_sent_at_once_are_one(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    asked = await worlds.ask_all(await door.enter(world["bob"], world.network.slug), world.area_id)
    where = f"/n/{world.network.slug}/threads/{asked.id}/reminders"
    answers = await asyncio.gather(*(everybody[name].post(where) for name in ("ann", "bob") * 4))
    assert Counter(one.status_code for one in answers) == {303: 1, 422: 7}
    assert await numbers("SELECT count(*) FROM reminder") == [1]


async def test_of_summaries_saved_at_once_the_first_is_not_overwritten_unseen(
    world: World, everybody: dict[str, httpx.AsyncClient]
) -> None:
    where = f"/n/{world.network.slug}/threads/{world.thread.id}/summary"
    answers = await asyncio.gather(
        *(everybody["ann"].post(where, data={"body": f"Text {index}"}) for index in range(6))
    )
    assert Counter(one.status_code for one in answers) == {303: 1, 422: 5}
