"""The demo in a database: all of it or nothing, once, and never among real people."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from forum import (
    images,
    listings,
    markup,
    my_networks,
    organisations,
    passwords,
    people,
    reading,
    seeds,
    settings,
    uploads,
    wanted,
)
from forum.demo.illustrating import ALT, NAME, SLUG, illustrate
from forum.demo.networks import NETWORKS
from forum.demo.publishing import SLUG as PUBLISHED
from forum.demo.publishing import publish_some
from forum.demo.shelves import fill_shelves
from forum.excerpts import plain_excerpt
from forum.file_reading import reading as file_reading
from forum.file_reading import stripping
from forum.language import long_time
from forum.reading_posts import posts_of
from storage import clock, database, door, publications
from storage.blobs import Store
from storage.migrate import migrate
from storage.networks import Network, NetworkKind
from storage.people import Person, View
from storage.roles import Role

ROOT = Path(__file__).parents[2]
TABLES = ("person", "organisation", "network", "membership", "area", "thread", "reply", "mention",
          "read_mark", "event")  # fmt: skip


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[None]:
    url = f"sqlite:///{file}"
    await migrate(url)
    async with database.opened(url):
        yield


@pytest.fixture(scope="module")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    async with opened(file):
        assert await seeds.fill() == list(seeds.LOGINS)
    await markup.close()
    return file


@pytest.fixture
async def demo(filled: Path, tmp_path: Path) -> AsyncIterator[None]:
    async with opened(Path(shutil.copy(filled, tmp_path / "demo.sqlite"))):
        yield


async def counts() -> dict[str, int]:
    return {
        table: (await database.read(f"SELECT COUNT(*) AS n FROM {table}", {}))[0]["n"]
        for table in TABLES
    }


async def enter(username: str, slug: str) -> door.Inside:
    return await door.enter(await Person.get(username=username), slug)


@pytest.mark.usefixtures("demo")
class TestFilled:
    async def test_a_second_time_changes_nothing(self) -> None:
        before = await counts()
        assert all(before.values())
        assert await seeds.fill() == list(seeds.LOGINS)
        assert await counts() == before

    async def test_the_logins_work_and_nobody_else_has_a_password(self) -> None:
        for login in seeds.LOGINS:
            assert await passwords.matches(login.password, await people.find(login.username))
        assert await Person.filter(password_hash__isnull=False).count() == len(seeds.LOGINS)

    async def test_the_service_user_guide_has_easy_pages_and_one_network(self) -> None:
        sam = await Person.get(username=seeds.LOGINS[2].username)
        assert sam.view == View.EASY
        assert [one.network.slug for one in await door.enter_all(sam)] == ["vagledare"]

    async def test_each_login_has_something_unread_and_something_read(self) -> None:
        for login in seeds.LOGINS:
            mine = await my_networks.my_networks(await Person.get(username=login.username), 5)
            unread = sum(one.unread for one in mine)
            threads = [await one.inside.threads.count() for one in mine]
            assert 0 < unread < sum(threads) / 2

    async def test_every_page_of_every_thread_can_be_read(self) -> None:
        several = 0
        for room in NETWORKS:
            inside = await enter(room.coordinator, room.slug)
            for thread in await inside.threads:
                view = await reading.view(inside, thread.id)
                several += view.pages > 1
                for page in range(1, view.pages + 1):
                    shown = await reading.view(inside, thread.id, page)
                    for post in await posts_of(inside, shown):
                        assert long_time(post.created_at)
                        assert post.membership_id is not None
                        # A name that nobody has would have stayed as it was written.
                        assert "@" not in plain_excerpt(post.body_html, 9000) or (
                            'class="mention"' in post.body_html
                        )
        assert several == 1

    async def test_events_count_without_gaps(self) -> None:
        rows = await database.read(
            """
            SELECT n.seq, MIN(e.seq) AS first, MAX(e.seq) AS last, COUNT(*) AS n
            FROM network n JOIN event e ON e.network_id = n.id GROUP BY n.id, n.seq
            """,
            {},
        )
        assert len(rows) == len(NETWORKS)
        for row in rows:
            assert row["first"] == 1
            assert row["seq"] == row["last"] == row["n"]

    async def test_nothing_lies_ahead(self) -> None:
        for table, column in (("thread", "created_at"), ("thread", "last_posted_at"),
                              ("thread", "solved_at"), ("reply", "created_at"),
                              ("reply", "helped_at"), ("read_mark", "at"), ("thread", "summary_at"),
                              ("volunteer", "at"), ("thanks", "at"), ("follow", "at")):  # fmt: skip
            rows = await database.read(f"SELECT MAX({column}) AS last_at FROM {table}", {})
            assert rows[0]["last_at"] < clock.now()

    async def test_threads_are_as_new_as_their_last_post(self) -> None:
        rows = await database.read(
            """
            SELECT t.id FROM thread t LEFT JOIN reply r ON r.thread_id = t.id
            GROUP BY t.id, t.created_at, t.last_posted_at, t.last_number
            HAVING t.last_posted_at <> COALESCE(MAX(r.created_at), t.created_at)
                OR t.last_number <> 1 + COUNT(r.id)
            """,
            {},
        )
        assert rows == []

    async def test_the_main_network_has_what_a_visitor_should_see(self) -> None:
        inside = await enter("maria.sandell", "lss-handlaggare")
        assert (await organisations.coverage(inside)).missing == ["Mullsjö"]
        assert len(await listings.notices_on_top(inside)) == 1
        asked = next(t for t in await inside.threads if t.answer_by)
        answers = await organisations.answers(inside, asked)
        assert len(answers.reached) == 9
        assert answers.missing == ["Aneby", "Habo", "Mullsjö", "Värnamo"]
        assert "Tolv timmar" in asked.summary
        unanswered = await listings.threads(inside, listings.Filter.UNANSWERED)
        assert len(unanswered.rows) >= 3
        assert (await listings.threads(inside)).next is not None

    async def test_a_guide_looks_for_another_and_two_have_joined_in(self) -> None:
        inside = await enter("olle.brask", "vagledare")
        (row,) = (await listings.threads(inside, listings.Filter.WANTED)).rows
        assert (row.wanted_in, row.wanted_still) == ("Vaggeryd", True)
        search = await wanted.search(inside, await inside.threads.get(id=row.id))
        assert [one.organisation for one in search.present] == ["Eksjö", "Värnamo"]

    async def test_kinds_of_networks_and_guests(self) -> None:
        group = await Network.get(kind=NetworkKind.WORK_GROUP)
        assert group.parent_id == (await Network.get(slug="chefsnatverket")).id
        guest = await enter("ebba.torell", group.slug)
        assert guest.role == Role.GUEST
        assert guest.membership.ends_on is not None
        assert await Network.filter(state="archived").count() == 1


async def test_the_map_is_attached_once_and_described(demo: None, tmp_path: Path) -> None:
    limits = uploads.Limits(Store(tmp_path / "blobs"), 10**7)
    for _again in range(2):
        await illustrate(limits)
    await images.close()
    inside = await enter("karin.oberg", SLUG)
    (row,) = await inside.attachments.all()
    assert (row.name, row.media_type, row.alt) == (NAME, "image/png", ALT)
    assert (row.width, row.height) == (1200, 900)
    assert row.blob_id
    assert (await limits.store.find(row.blob_id)).size == row.size < 100_000
    thread = await inside.threads.get(id=row.thread_id)
    assert thread.created_at == row.created_at
    assert await inside.my_uploads.all().count() == 0


async def test_a_guide_is_published_once_for_everybody(demo: None, tmp_path: Path) -> None:
    chosen = settings.from_environment({"SAMVERKAN_DATA": str(tmp_path)})
    await fill_shelves(uploads.into_folder(chosen))
    for _again in range(2):
        await publish_some(chosen)
    for pool in (file_reading, stripping, markup):
        await pool.close()
    (listed,) = await publications.listed(
        ["slinga"], owner_id=None, language="sv", before="", limit=9
    )
    assert (listed.slug, listed.title) == (PUBLISHED, "Så förbereder vi en slinga")
    html = await publications.html_of(listed)
    assert html is not None
    assert "<h2>Så förbereder vi en slinga</h2>" in html
    assert "<h3>Innan</h3>" in html


async def test_among_real_people_nothing_is_added_and_no_login_is_given(tmp_path: Path) -> None:
    async with opened(tmp_path / "real.sqlite"):
        await people.add_person("Helena Brandt", "helena.brandt@kommun.se")
        before = await counts()
        assert await seeds.fill() == []
        assert await counts() == before


async def test_a_demo_that_is_killed_halfway_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "killed.sqlite"
    async with opened(file):
        pass
    program = f"""
import asyncio, os, signal
from forum import seeds
from storage import database
tell, told = seeds.tell, []
async def killed(cast, room, visits):
    if len(told) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    told.append(await tell(cast, room, visits))
seeds.tell = killed
async def main():
    async with database.opened("sqlite:///{file}"):
        await seeds.fill()
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert died.returncode == -9
    async with opened(file):
        assert not any((await counts()).values())
        assert await seeds.fill() == list(seeds.LOGINS)
    await markup.close()
