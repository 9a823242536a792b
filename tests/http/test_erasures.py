"""Removing something for good: it is gone from rows, drafts, letters, memory and the files."""

from pathlib import Path

import pytest
from starlette.types import ASGIApp

from forum import discussions, drafts, erasures, hiding, kept_forms, networks, revisions, worker
from forum.erasures import Removal
from forum.language import gettext as _
from forum.language import long_date
from forum.revisions import Wording
from forum.settings import Settings
from storage import clock, database, door, scrubbing
from storage.attachments import Attachment, Blob
from storage.database import dialect
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.letters import Letter
from tests.http.pages import Form, Page, words
from tests.http.records import Browsers, change, events, everything, row, rows, seq
from tests.world import SECRET_REPLY, SECRET_TITLE, World, ask
from web import app as web_app

#: Nothing but what is removed says this.
CANARY = "kanarieord"
TOLD = f"Kalle på Storgatan har en {CANARY} och bor ensam."


def here(world: World, number: int = 2) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}/posts/{number}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def told(world: World) -> None:
    """Bob tells too much in his reply, on a line of its own."""
    wording = Wording(f"{SECRET_REPLY}\n\n{TOLD}", 1)
    await revisions.edit(await enter(world, "bob"), world.thread.id, 2, wording)


async def form_of(world: World, browser: Browsers, number: int = 2) -> Form:
    async with browser(world["ann"]) as http:
        address = here(world, number) + "/erasure"
        return Page(await http.get(address)).form(address)


async def erase(world: World, browser: Browsers, part: str = "text", number: int = 2) -> str:
    form = await form_of(world, browser, number)
    async with browser(world["ann"]) as http:
        answer = await form.send(http, part=part, reason="Berättade om en person.")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


async def held() -> list[str]:
    """The tables in which the canary is."""
    tables = ("thread", "reply", "revision", "draft", "kept_form", "letter", "event", "erasure",
              "job", "mention", "attachment")  # fmt: skip
    return [table for table in tables if CANARY in str(await rows(table))]


async def test_the_post_says_that_something_was_removed_and_when(
    world: World, browser: Browsers
) -> None:
    await told(world)
    before = await seq(world)
    there = await erase(world, browser)
    assert there.endswith("#post-2")
    async with browser(world["gus"]) as http:
        page = Page(await http.get(there.partition("#")[0]))
        history = await http.get(here(world) + "/revisions")
    said = _("Something was removed for good by the coordinator on %(date)s.")
    assert said % {"date": long_date(clock.today())} in words(page.by_id("post-2"))
    assert CANARY not in words(page.root)
    assert CANARY not in history.text
    assert "Berättade om en person." not in history.text
    assert await events(world, before) == [(EventKind.POST_ERASED, world["ann"].id)]
    assert await held() == []


async def test_the_history_shows_the_removed_text_as_removed(
    world: World, browser: Browsers
) -> None:
    await told(world)
    await erase(world, browser)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(here(world) + "/revisions"))
    versions = {one: words(page.by_id(one)) for one in page.ids if one.startswith("version-")}
    assert list(versions) == ["version-3", "version-2", "version-1"]
    sections = [words(one) for one in page.with_class("section")]
    said = _("This text was removed for good by a coordinator on %(date)s.") % {
        "date": long_date(clock.today())
    }
    assert [said in section for section in sections[:3]] == [True, True, False]
    assert SECRET_REPLY in sections[2]
    # The log, with the reason, is for coordinators.
    assert "Berättade om en person." in sections[3]


async def test_one_earlier_text_is_removed_and_the_present_one_stays(
    world: World, browser: Browsers
) -> None:
    await told(world)
    await revisions.edit(await enter(world, "bob"), world.thread.id, 2, Wording("Rättat.", 2))
    (kept,) = await rows("revision", revision=2)
    await erase(world, browser, f"revision-{kept['id']}")
    assert await held() == []
    assert (await row("reply", id=world.reply.id))["body"] == "Rättat."
    assert (await row("revision", revision=1))["body"] == SECRET_REPLY
    assert (await row("revision", revision=2))["erased_at"] is not None


async def test_the_title_is_overwritten_too_when_it_is_changed(
    world: World, browser: Browsers
) -> None:
    ann = await enter(world, "ann")
    wording = Wording("Hej.", 1, f"Om en {CANARY} i Habo")
    await revisions.edit(ann, world.thread.id, 1, wording)
    await revisions.edit(ann, world.thread.id, 1, Wording("Hej igen.", 2, wording.title))
    form = await form_of(world, browser, 1)
    assert form.values["title"] == wording.title
    async with browser(world["ann"]) as http:
        await form.send(http, title="En fråga", reason="Ett namn.")
    assert await held() == []
    assert (await row("thread", id=world.thread.id))["title"] == "En fråga"
    assert (await row("thread", id=world.thread.id))["body"] == "Hej igen."
    assert [one["title"] for one in await rows("revision")] == [SECRET_TITLE, "En fråga"]


async def test_drafts_kept_forms_and_letters_lose_the_lines_that_quote_it(
    world: World, browser: Browsers
) -> None:
    await told(world)
    gus = await enter(world, "gus")
    place = drafts.for_reply(world.thread.id)
    quoting = f"Jag menar så här:\n\n> {TOLD}\n\nOch så här."
    async with browser(world["gus"]) as http:
        await http.post(
            f"/n/{world.network.slug}/drafts", data={"place": place, "body": quoting, "title": ""}
        )
    entries = [("body", quoting), ("page", "1")]
    path = f"/n/{world.network.slug}/threads/{world.thread.id}/replies"
    await kept_forms.keep(gus.person.id, path, entries)
    letter = {"person_id": gus.person.id, "recipient": "g@x.example", "subject": "Nytt svar"}
    await database.write(
        lambda: Letter.create(**letter, text=f"Bob skrev:\n\n{TOLD}\n\nHälsningar")
    )
    assert set(await held()) == {"reply", "draft", "kept_form", "letter"}
    await erase(world, browser)
    assert await held() == []
    (draft,) = await gus.my_drafts.filter(place=place)
    assert draft.content["body"] == "Jag menar så här:\n\n\nOch så här."
    assert (await row("letter", subject="Nytt svar"))["text"] == "Bob skrev:\n\n\nHälsningar"


async def test_another_networks_drafts_are_left_alone(world: World, browser: Browsers) -> None:
    await told(world)
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    area = (await rows("area", network_id=world.elsewhere.id))[0]["id"]
    thread = await ask(charlie, "Annat", f"> {TOLD}", area)
    there = await erase(world, browser)
    assert "quoting" not in there
    assert CANARY in (await row("thread", id=thread.id))["body"]


async def test_posts_that_quote_it_are_listed_so_that_it_is_removed_there_too(
    world: World, browser: Browsers
) -> None:
    await told(world)
    gus = await enter(world, "gus")
    await discussions.post_reply(gus, world.thread.id, f"> {TOLD}\n\nJaha.", "quote")
    await discussions.post_reply(gus, world.thread.id, "> Något annat\n\nJa.", "other")
    there = await erase(world, browser)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(there))
    listed = [one for one in page.hrefs if one.endswith("/erasure")]
    assert listed == [here(world, 3) + "/erasure"]
    assert CANARY not in words(page.root)
    await erase(world, browser, number=3)
    assert await held() == []


async def test_mentions_of_the_text_go_with_it(world: World, browser: Browsers) -> None:
    await revisions.edit(
        await enter(world, "bob"), world.thread.id, 2, Wording(f"@ann.alm: {TOLD}", 1)
    )
    assert len(await rows("mention")) == 1
    await erase(world, browser)
    assert await rows("mention") == []


async def test_an_attachment_is_removed_and_its_name_and_words_with_it(
    world: World, browser: Browsers
) -> None:
    bob = await enter(world, "bob")

    async def attach() -> Attachment:
        blob = await Blob.create(digest="0" * 64, size=3, created_at=clock.now())
        return await bob.create(
            Attachment,
            thread_id=world.thread.id,
            number=2,
            person_id=bob.person.id,
            name=f"{CANARY}.png",
            alt=f"En {CANARY}",
            media_type="image/png",
            size=3,
            blob_id=blob.digest,
            created_at=clock.now(),
        )

    made = await database.write(attach)
    await erase(world, browser, f"attachment-{made.id}")
    assert await held() == []
    kept = await row("attachment", id=made.id)
    assert kept["blob_id"] is None
    assert kept["erased_at"] is not None
    assert (await row("reply", id=world.reply.id))["body"] == SECRET_REPLY


async def test_the_short_version_and_the_summary_are_removed(
    world: World, browser: Browsers
) -> None:
    texts = {"short": CANARY, "short_html": f"<p>{CANARY}</p>",
             "summary": CANARY, "summary_html": f"<p>{CANARY}</p>"}  # fmt: skip
    await change("thread", world.thread.id, **texts)
    ann = await enter(world, "ann")
    await revisions.edit(ann, world.thread.id, 1, Wording("Ny text.", 1, SECRET_TITLE, CANARY))
    assert (await row("revision"))["short"] == CANARY
    for part in ("short", "summary"):
        await erase(world, browser, part, 1)
    assert await held() == []
    assert (await row("thread", id=world.thread.id))["body"] == "Ny text."


async def test_who_was_changing_the_text_meanwhile_is_told_and_keeps_hers(
    world: World, browser: Browsers
) -> None:
    await told(world)
    async with browser(world["bob"]) as http:
        form = Page(await http.get(here(world) + "/edit")).form(here(world) + "/edit")
        await erase(world, browser)
        answer = await form.send(http, body="Utan namn den här gången.")
        page = Page(answer)
        assert answer.status_code == 409
        assert _(
            "The text has been removed for good by a coordinator."
            " Do not write again what was removed."
        ) in words(page.root)
        await page.form(here(world) + "/edit").send(http)
    reply = await row("reply", id=world.reply.id)
    assert reply["body"] == "Utan namn den här gången."
    assert reply["erased_at"] is not None
    texts = [(one["revision"], one["body"]) for one in await rows("revision")]
    assert texts == [(1, SECRET_REPLY), (2, ""), (3, "")]


async def test_removing_the_same_twice_is_removing_it_once(world: World, browser: Browsers) -> None:
    await told(world)
    form = await form_of(world, browser)
    async with browser(world["ann"]) as http:
        for _again in range(2):
            await form.send(http, part="text", reason="Ett namn.")
    assert len(await rows("erasure")) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"part": "text", "reason": " "}, {"reason"}),
        ({"part": "text", "reason": "x" * 301}, {"reason"}),
        ({"part": "text", "reason": "Om 19121212-1212"}, {"reason"}),
        ({"reason": "Ett namn"}, {"part"}),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_removed(
    world: World, browser: Browsers, fields: dict[str, str], wrong: set[str]
) -> None:
    form = await form_of(world, browser)
    before = await everything()
    async with browser(world["ann"]) as http:
        page = Page(await form.send(http, **fields))
    assert page.status == 422
    assert set(page.errors) == wrong
    assert await everything() == before


async def test_it_can_be_done_in_an_archived_network_and_to_a_hidden_post(
    world: World, browser: Browsers
) -> None:
    await told(world)
    ann = await enter(world, "ann")
    await hiding.hide(ann, world.thread.id, 2, hidden=True)
    await networks.change_network(ann, name="Boendestöd", description="", archived=True)
    await erase(world, browser)
    assert await held() == []


async def test_the_log_names_the_post_and_not_what_it_said(
    world: World, browser: Browsers, caplog: pytest.LogCaptureFixture
) -> None:
    await told(world)
    with caplog.at_level("INFO"):
        await erase(world, browser)
    lines = [record.getMessage() for record in caplog.records if "for good" in record.getMessage()]
    assert len(lines) == 1
    assert CANARY not in caplog.text
    assert "Berättade" not in caplog.text


async def test_no_page_with_it_is_kept_in_memory(
    world: World, browser: Browsers, app: ASGIApp
) -> None:
    await told(world)
    async with browser(world["gus"]) as http:
        await http.get(here(world).rpartition("/posts")[0])
    cache = web_app.starlette(app).state.cache
    assert len(cache) > 0
    await erase(world, browser)
    assert len(cache) == 0


async def test_another_process_forgets_its_pages_when_it_is_next_asked_for_one(
    world: World, browser: Browsers, app: ASGIApp
) -> None:
    await told(world)
    cache = web_app.starlette(app).state.cache
    async with browser(world["gus"]) as http:
        await http.get(here(world).rpartition("/posts")[0])
        cache.put("what this process has kept", True)
        await http.get(here(world).rpartition("/posts")[0] + "?page=1")
        assert cache.get("what this process has kept", bool)
        # As the process that was asked to does it, which empties only its own memory at once.
        ann = await door.enter(world["ann"], world.network.slug)
        await erasures.erase(ann, world.thread.id, 2, Removal(frozenset({"text"}), "Uppgifter"))
        await http.get(here(world).rpartition("/posts")[0])
    assert cache.get("what this process has kept", bool) is None


async def test_afterwards_no_file_of_the_database_holds_it(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    if dialect() != "sqlite":
        pytest.skip("PostgreSQL has its own in tests/postgres")

    def holding() -> list[str]:
        files = sorted(Path(chosen.data).glob("samverkan.sqlite*"))
        return [file.name for file in files if CANARY.encode() in file.read_bytes()]

    await told(world)
    # Texts long enough for pages of their own, and rows that come and go around it.
    bob, filling = await enter(world, "bob"), "lång text " * 900
    for number in range(2, 6):
        await revisions.edit(
            bob, world.thread.id, 2, Wording(f"{TOLD}\n\n{filling}\n\n{TOLD} {number}", number)
        )
    # By now it is in the file; of one more text only the write-ahead log knows.
    await scrubbing.scrub()
    await revisions.edit(bob, world.thread.id, 2, Wording(TOLD, 6))
    assert holding() == ["samverkan.sqlite", "samverkan.sqlite-wal"]
    for part in await rows("revision"):
        if CANARY in part["body"]:
            await erase(world, browser, f"revision-{part['id']}")
    await erase(world, browser)
    assert await held() == []
    while await worker.do_one(chosen):
        pass
    assert await Job.all().count() == 0
    assert holding() == []
