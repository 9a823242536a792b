"""Every page in every state that it has, and how one gets there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from playwright.async_api import Page, Response

from forum import app_passwords, drafts, kept_forms, login_links, mail, sessions
from forum.drafts import Writing
from storage import clock, database, door
from storage.sessions import FailedLogin
from tests.browser.gallery import LONG_NAME, LONG_TITLE, RICH, Gallery

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
Prepare = Callable[[Gallery, str], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class State:
    """One page in one state: who looks, where, what is sent to get there, what is answered."""

    name: str
    who: str | None
    address: str
    sends: Mapping[str, str] | None = None
    status: int = 200
    #: Makes what must be fresh, given the service's address; returns further places.
    prepare: Prepare | None = None
    #: The form is sent from a page that is not ours.
    foreign: bool = False
    #: The page's verb is made to fail.
    broken: bool = False

    def __str__(self) -> str:
        return self.name


# ---- How one gets there --------------------------------------------------------------------

SEND = """([address, fields]) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: address })
    for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement('textarea'), { name, value }))
    }
    form.hidden = true
    document.body.append(form)
    form.submit()
}"""


async def visit(page: Page, state: State, gallery: Gallery, base_url: str) -> Response:
    """Bring the page into the state and return the server's answer."""
    extra = await state.prepare(gallery, base_url) if state.prepare else {}
    address = base_url + state.address.format_map({**gallery.places, **extra})
    if state.sends is None:
        answer = await page.goto(address)
    else:
        await page.goto("about:blank" if state.foreign else f"{base_url}/help")
        fields = {
            name: value.format_map({**gallery.places, **extra})
            for name, value in state.sends.items()
        }
        async with page.expect_navigation() as navigation:
            await page.evaluate(SEND, [address, fields])
        answer = await navigation.value
    assert answer is not None
    assert answer.status == state.status
    return answer


async def a_password_link(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Make a link to choose a password by."""
    link = await login_links.password_link(gallery.people["bob"], base_url)
    return {"password_link": link.removeprefix(base_url)}


async def a_login_link(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Mail a link to log in by."""
    await login_links.mail(gallery.people["bob"].username, base_url)
    (letter,) = await mail.latest(1)
    link = next(part for part in letter.text.split("\n\n") if part.startswith(base_url))
    return {"login_link": link.removeprefix(base_url)}


async def a_kept_thread(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Keep what Bob had written."""
    entries = [("kind", "question"), ("title", LONG_TITLE), ("area", "1"), ("body", RICH)]
    path = gallery.places["network"] + "/threads"
    token = await kept_forms.keep(gallery.people["bob"].id, path, entries)
    return {"token": str(token)}


async def some_drafts(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Have Bob begin a thread, and a reply on two devices."""
    slug = gallery.places["network"].removeprefix("/n/")
    inside = await door.enter(gallery.people["bob"], slug)
    solved = f"thread-{gallery.places['solved'].rpartition('/')[2]}"
    for place, written in (
        ("new", [("kind", "question"), ("title", LONG_TITLE), ("body", RICH)]),
        (f"{solved}~2", [("body", LONG_TITLE)]),
        (solved, [("body", RICH)]),
    ):
        await drafts.save(inside, Writing(place), written)
    return {}


async def too_many_guesses(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Have more wrong logins come from this address than a whole municipality makes."""
    now = clock.now()

    async def guess() -> None:
        guesses = [FailedLogin(subject="x", address="127.0.0.1", at=now) for _ in range(301)]
        await FailedLogin.bulk_create(guesses)

    await database.write(guess)
    return {}


async def some_devices(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Log Ann in elsewhere."""
    for agent in (FIREFOX, "curl/8"):
        await sessions.start(gallery.people["ann"], agent, remember=True)
    return {}


async def some_app_passwords(gallery: Gallery, base_url: str) -> Mapping[str, str]:
    """Ann and who reads easy pages open networks as drives, one of Ann's by a long name."""
    for who, name in (("ann", "Datorn på jobbet"), ("ann", "x" * 80), ("easy", "Min dator")):
        await app_passwords.add(gallery.people[who], name)
    return {}


# ---- The states ----------------------------------------------------------------------------

HUGE = "x" * 1_200_000
NO_TITLE = {"kind": "notice", "title": "", "ends_on": "2001-01-01", "body": ""}
WRITTEN = {"kind": "question", "title": LONG_TITLE, "area": "{area}", "body": RICH}
EASY = {"kind": "question", "body": "Fråga nummer ett? Vad gör ni?", "next": "yes"}
UNTITLED = {"kind": "question", "body": RICH, "title": "", "titled": "yes", "area": "{area}"}
ALIKE = WRITTEN | {"area": "0"}
NUMBERED = WRITTEN | {"place": "new", "body": "Det gäller 640823-3234."}
WRONG_DATES = {"wanted_in": "", "wanted_month": "2001-01", "last_day": "2001-01-01"}
NOT_ALL = NO_TITLE | {"kind": "question", "asks_all": "yes", "answer_by": "2001-01-01"}
NOT_WANTED = NO_TITLE | WRONG_DATES | {"kind": "wanted"}
MEANWHILE = {"body": RICH, "based_on": "an earlier one"}
OTHER_FILES = {"files_were": "1.0"}
CHANGED = {"title": "Mitt", "body": "Det **jag** skrev.", "revision": "1"}
DESCRIBE = {"body": RICH, "attachment": "{upload}"}
PUBLISHED = {
    "title": LONG_TITLE,
    "summary": LONG_TITLE,
    "slug": "ny",
    "owner": "1",
    "language": "sv",
    "contact": "publikationer@lanet.example, 036-12 34 56",
}
FETCH = {"editing": "fetch"}
TOO_LONG = "x" * 400
MISLABELLED = {"label": TOO_LONG}
TOO_LATE = {"beside": "{beside_id}", "based_on": "2"}
MISNAMED = {"name": "a:b", "description": "x" * 1100, "held_on": "2026-01-01"}
WEAK = {"current_password": "fel", "password": "lösenord"}

STATES = (
    # Before one is logged in
    State("log in", None, "/login"),
    State("log in, something kept", None, "/login?kept=x"),
    State("log in, wrong", None, "/login", {"username": LONG_NAME, "password": "fel"}, 422),
    State("ask for a link", None, "/login-links"),
    State("ask for a link, for nobody", None, "/login-links", {"username": ""}, 422),
    State("a link is sent", None, "/login-links/sent"),
    State("log in by a link", None, "{login_link}", prepare=a_login_link),
    State("a dead link", None, "/login-links/dead", status=410),
    State("choose a password", None, "{password_link}", prepare=a_password_link),
    State("choose a password, weak", None, "{password_link}", WEAK, 422, prepare=a_password_link),
    State("a dead link for a password", None, "/password-links/dead", status=410),
    State("help, logged out", None, "/help"),
    State("the outbox", None, "/dev/outbox", prepare=a_login_link),
    State("the outbox, empty", None, "/dev/outbox"),
    # One's own pages
    State("help", "bob", "/help"),
    State("start", "ann", "/"),
    State("start, in English", "english", "/"),
    State("start, guest", "gus", "/"),
    State("start, drafts", "bob", "/", prepare=some_drafts),
    State("start, no networks", "new", "/"),
    State("start, reminded", "long", "/"),
    State("start, easy", "easy", "/"),
    State("start, easy, nothing", "alone", "/"),
    State("start, easy, reminded", "late", "/"),
    State("to answer, easy", "easy", "/to-answer"),
    State("to answer, nothing", "alone", "/to-answer"),
    State("to answer", "bob", "/to-answer"),
    State("what is new, easy", "easy", "/new-posts"),
    State("what is new, nothing", "alone", "/new-posts"),
    State("write, easy", "easy", "/write"),
    State("write, nowhere", "alone", "/write"),
    State("my networks", "ann", "/networks"),
    State("my networks, none", "new", "/networks"),
    State("my page", "ann", "/account", prepare=some_devices),
    State("my page, long", "long", "/account"),
    State("my page, easy", "easy", "/account"),
    State("my profile", "ann", "/account/profile"),
    State("my profile, long, picture", "long", "/account/profile"),
    State("my profile, easy", "easy", "/account/profile"),
    State("my profile, in no network", "new", "/account/profile"),
    State("my profile, refused", "long", "/account/profile", {"name": "", "phone": "x"}, 422),
    State("another password", "ann", "/account/password"),
    State("another password, refused", "ann", "/account/password", WEAK, 422),
    State("app passwords, none", "new", "/account/app-passwords"),
    State("app passwords", "ann", "/account/app-passwords", prepare=some_app_passwords),
    State("app passwords, easy", "easy", "/account/app-passwords", prepare=some_app_passwords),
    State("an app password, just made", "ann", "/account/app-passwords", {"name": "Min dator"}),
    State("an app password, refused", "long", "/account/app-passwords", {"name": ""}, 422),
    State("what was kept", "bob", "/kept/{token}", prepare=a_kept_thread),
    # The operator's
    State("every network", "olga", "/operator/networks"),
    State("new network", "olga", "/operator/networks/new"),
    State("new network, refused", "olga", "/operator/networks/new", {"person": "x"}, 422),
    State("coordinator", "olga", "/operator/networks/{big_id}/coordinators"),
    State("coordinator, refused", "olga", "/operator/networks/{big_id}/coordinators", {}, 422),
    # A network
    State("network, coordinator", "ann", "{network}"),
    State("network, member", "bob", "{network}"),
    State("network, guest", "gus", "{network}"),
    State("network, reminded", "long", "{network}"),
    State("network, easy", "easy", "{network}"),
    State("network, empty, coordinator", "ann", "{empty}"),
    State("network, empty, member", "bob", "{empty}"),
    State("network, long", "bob", "{big}"),
    State("network, archived, coordinator", "ann", "{archived}"),
    State("network, archived, guest", "gus", "{archived}"),
    # Its threads
    State("threads", "ann", "{network}/threads"),
    State("threads, unanswered, by area", "bob", "{network}/threads?show=unanswered&area={area}"),
    State("threads, long area", "bob", "{network}/threads?area={long_area}"),
    State("threads, none of mine", "gus", "{network}/threads?show=mine"),
    State("threads, to answer", "long", "{network}/threads?show=asked"),
    State("threads, nothing to answer", "gus", "{network}/threads?show=asked"),
    State("threads, wanted", "bob", "{network}/threads?show=wanted"),
    State("threads, nothing wanted", "bob", "{empty}/threads?show=wanted"),
    State("threads, followed", "ann", "{network}/threads?show=following"),
    State("threads, none followed", "bob", "{empty}/threads?show=following"),
    State("threads, older", "bob", "{network}/threads?before=2099-01-01T00:00:00Z_1"),
    State("threads, empty", "bob", "{empty}/threads"),
    State("threads, long", "bob", "{big}/threads?show=unanswered"),
    State("threads, archived", "bob", "{archived}/threads"),
    State("threads, with something new", "bob", "{network}/threads?show=unread"),
    State("threads, easy", "easy", "{network}/threads"),
    State("new thread, member", "bob", "{network}/threads/new"),
    State("new thread, notice", "ann", "{network}/threads/new?kind=notice"),
    State("new thread, wanted", "bob", "{network}/threads/new?kind=wanted"),
    State("new thread, asks all, refused", "bob", "{network}/threads", NOT_ALL, 422),
    State("new thread, wanted, refused", "bob", "{network}/threads", NOT_WANTED, 422),
    State("new thread, easy", "easy", "{network}/threads/new"),
    State("new thread, easy, nothing written", "easy", "{network}/threads", {"next": "yes"}, 422),
    State("new thread, easy, its title", "easy", "{network}/threads", EASY),
    State("new thread, easy, no title", "easy", "{network}/threads", UNTITLED, 422),
    State("new thread, easy, discussion", "easy", "{network}/threads/new?kind=discussion"),
    State("new thread, no areas, easy", "easy", "{empty}/threads/new"),
    State("new thread, no areas, coordinator", "ann", "{empty}/threads/new"),
    State("new thread, no areas, member", "bob", "{empty}/threads/new"),
    State("new thread, refused", "ann", "{network}/threads", NO_TITLE, 422),
    State("new thread, preview", "bob", "{network}/threads", WRITTEN | {"preview": "yes"}),
    State("new thread, begun", "bob", "{network}/threads/new", prepare=some_drafts),
    State("new thread, draft refused", "bob", "{network}/drafts", NUMBERED, 422),
    State("similar threads", "bob", "{network}/threads/similar?title=Många+frågor"),
    State("similar threads, none", "bob", "{network}/threads/similar?title=Xyz"),
    State("new thread, like others, refused", "bob", "{network}/threads", ALIKE, 422),
    # A thread
    State("thread, with something new", "ann", "{thread}"),
    State("thread, guest", "gus", "{thread}"),
    State("thread, easy", "easy", "{solved}"),
    State("thread, in English", "english", "{solved}"),
    State("thread, solved, asker", "bob", "{solved}"),
    State("thread, discussion, long", "bob", "{talk}"),
    State("thread, notice", "bob", "{notice}"),
    State("thread, notice, easy", "easy", "{notice}"),
    State("thread, second page", "gus", "{many}?page=2"),
    State("thread, a post's address", "bob", "{many}/posts/40"),
    State("thread, the form's address", "bob", "{thread}/replies"),
    State("thread, long", "bob", "{big_thread}"),
    State("thread, archived", "bob", "{archived_thread}"),
    State("thread, quoting", "bob", "{solved}?quote=2"),
    State("thread, begun on two devices", "bob", "{solved}", prepare=some_drafts),
    State("thread, refused", "bob", "{thread}/replies", {"body": ""}, 422),
    State("thread, preview", "bob", "{thread}/replies", {"body": RICH, "preview": "yes"}),
    State("thread, the first new post", "gus", "{many}/unread"),
    State("thread, asks all, asker", "bob", "{asked}"),
    State("thread, asks all, silent", "long", "{asked}"),
    State("thread, asks all, easy", "easy", "{asked}"),
    State("thread, asks all, over, asker", "long", "{asked_over}"),
    State("thread, asks all, over, guest", "gus", "{asked_over}"),
    State("thread, asks all, archived", "ann", "{archived_asked}"),
    State("thread, reminded today", "bob", "{asked}/reminders", {}, 422),
    State("summary", "ann", "{thread}/summary"),
    State("summary, again", "long", "{asked_over}/summary"),
    State("summary, written meanwhile", "long", "{asked_over}/summary", MEANWHILE, 422),
    State("summary, preview", "ann", "{thread}/summary", {"body": RICH, "preview": "yes"}),
    State("thread, wanted, asker", "bob", "{wanted}"),
    State("thread, wanted, joined", "long", "{wanted}"),
    State("thread, wanted, nobody yet", "ann", "{wanted_nobody}"),
    State("thread, wanted, guest", "gus", "{wanted}"),
    State("thread, wanted, easy", "easy", "{wanted}"),
    State("thread, wanted, ended, asker", "bob", "{wanted_ended}"),
    State("thread, wanted, settled, asker", "bob", "{wanted_paired}"),
    State("thread, wanted, archived", "bob", "{archived_wanted}"),
    State("thread, wanted, nobody chosen", "bob", "{wanted}/pairing", {}, 422),
    State("thread, wanted, too late", "long", "{wanted_ended}/volunteers", {}, 422),
    State("thread, wanted, not again", "bob", "{wanted_ended}/renewal", WRONG_DATES, 422),
    # Posts that were changed, hidden, moved and removed
    State("changed thread, coordinator", "ann", "{changed}"),
    State("changed thread, author", "bob", "{changed}"),
    State("changed thread, guest", "gus", "{changed}"),
    State("changed thread, easy", "easy", "{changed}"),
    State("closed thread, too late", "bob", "{changed}/replies", {"body": RICH}, 422),
    State("changed thread, made from a post", "gus", "{split}"),
    State("change a post", "bob", "{open}/posts/1/edit"),
    State("change a post, refused", "bob", "{open}/posts/1/edit", NO_TITLE, 422),
    State("change a post, preview", "bob", "{open}/posts/1/edit", CHANGED | {"preview": "yes"}),
    State("change a post, two at once", "bob", "{open}/posts/1/edit", CHANGED, 409),
    State("history", "gus", "{changed}/posts/2/revisions"),
    State("history, long", "ann", "{open}/posts/1/revisions"),
    State("history, easy", "easy", "{open}/posts/1/revisions"),
    State("history, hidden", "ann", "{changed}/posts/3/revisions"),
    State("history, removed", "ann", "{changed}/posts/6/revisions"),
    State("remove for good", "ann", "{open}/posts/1/erasure"),
    State("remove for good, refused", "ann", "{open}/posts/1/erasure", {"title": ""}, 422),
    State(
        "remove for good, quoted",
        "ann",
        "{open}/posts/1/erasure?quoting={changed_id}.2+{changed_id}.1",
    ),
    State("remove for good, nothing left", "ann", "{changed}/posts/4/erasure?quoting=x"),
    State("remove for good, archived", "ann", "{archived_thread}/posts/2/erasure"),
    State("what to do with a post", "ann", "{many}/posts/2/acts"),
    State("what to do with a hidden post", "ann", "{changed}/posts/4/acts"),
    State("split", "ann", "{many}/posts/2/split"),
    State("split, refused", "ann", "{many}/posts/2/split", {"title": ""}, 422),
    State("another area", "ann", "{changed}/area"),
    State("another area, refused", "ann", "{changed}/area", {"area": "0"}, 422),
    # Files
    State("files", "bob", "{files}"),
    State("files, guest, long", "gus", "{files}"),
    State("files, easy", "easy", "{files}"),
    State("files, changed", "bob", "{files}/posts/1/edit"),
    State("files, two at once", "bob", "{files}/posts/1/edit", CHANGED | OTHER_FILES, 409),
    State("files, one to describe", "bob", "{thread}/replies", DESCRIBE, 422),
    State("files, one kept", "bob", "{thread}/replies", DESCRIBE | {"upload": "yes"}),
    State("files, new thread", "bob", "{network}/threads", WRITTEN | DESCRIBE, 422),
    # Its members
    State("members, coordinator", "ann", "{network}/members"),
    State("members, member", "bob", "{network}/members"),
    State("members, easy", "easy", "{network}/members"),
    State("members, hardly any", "ann", "{empty}/members"),
    State("new member", "ann", "{network}/members/new"),
    State("new member, refused", "ann", "{network}/members", {"person": "ingen alls"}, 422),
    State("a member, coordinator", "ann", "{member}"),
    State("a member, member", "bob", "{member}"),
    State("a member, long", "ann", "{long_member}"),
    State("a member, refused", "ann", "{member}", {"role": "member", "ends_on": "2001-01-01"}, 422),
    # What anybody may read, and what becomes of documents so
    State("publications", None, "/publikationer"),
    State("publications, in English", "english", "/publikationer?q=samtal"),
    State("publications, none found", None, "/publikationer?q=xyz"),
    State("publications, more", "bob", "/publikationer?before=rapport&owner=1&language=sv"),
    State("publications, easy", "easy", "/publikationer"),
    State("a publication", None, "/publikationer/vagledning"),
    State("a publication, long, only a file", "bob", "/publikationer/lang"),
    State("a publication, page by page", None, "/publikationer/rapport"),
    State("a publication, easy", "easy", "/publikationer/vagledning"),
    State("a publication, in English", "english", "/publikationer/vagledning"),
    State("a publication, withdrawn", None, "/publikationer/tillbakadragen", status=410),
    State("its file, withdrawn", None, "/publikationer/tillbakadragen/fil", status=410),
    State("publications of a network", "ann", "{publications}"),
    State("publications of a network, none", "ann", "{empty}/publications"),
    State("publications of a network, archived", "ann", "{archived}/publications"),
    State("publish", "ann", "{publish_ready}"),
    State("publish, a draft", "ann", "{publish_draft}"),
    State("publish, instead", "ann", "{publish_instead}"),
    State("publish, changed", "ann", "{publish_pages}"),
    State("publish, refused", "ann", "{publish_ready}", {"summary": "", "slug": "rapport"}, 422),
    State("publish, looked at", "ann", "{publish_ready}", PUBLISHED),
    State("publish, something left", "ann", "{publish_left}", PUBLISHED),
    State("publish, look again", "ann", "{publish_left}", PUBLISHED | {"publish": "yes"}, 422),
    State("withdraw", "ann", "{withdraw}"),
    State("withdraw, refused", "ann", "{withdraw}", {"reason": "Om 640823-3234"}, 422),
    State("withdraw, done before", "ann", "{withdraw_again}"),
    # Documents
    State("a document, member", "bob", "{document}"),
    State("a document, coordinator", "ann", "{document}"),
    State("a document, guest", "gus", "{document}"),
    State("a document, easy", "easy", "{document}"),
    State("a document, in English", "english", "{document}"),
    State("a document, archived", "ann", "{archived_document}"),
    State("a document, pages, open in a program", "bob", "{document_pages}"),
    State("a document, its worker", "long", "{document_pages}"),
    State("a document, coordinator may lift", "ann", "{document_pages}"),
    State("a document, as text", "gus", "{document_pages}?as=text"),
    State("a document, pages, easy", "easy", "{document_pages}"),
    State("a document, waiting", "bob", "{document_waiting}"),
    State("a document, waiting, easy", "easy", "{document_waiting}"),
    State("a document, damaged", "gus", "{document_damaged}"),
    State("a document, with a personnummer", "bob", "{document_text}"),
    State("a document, scanned", "gus", "{document_scanned}"),
    State("a document, not what was adopted", "ann", "{document_broken}"),
    State("a document, mine", "bob", "{document_mine}"),
    State("a document, taken by another", "bob", "{document_pages}/editing", FETCH, 422),
    State("a document, adopted too late", "ann", "{document}/adoption", {"adopt": "2"}, 422),
    State("a version", "bob", "{document}/versions/2"),
    State("a version, weeded", "ann", "{document}/versions/1"),
    State("a version, weeded, its file", "gus", "{document}/versions/1/file/x", status=410),
    State("a draft after the adopted version", "ann", "{document}/versions/6"),
    State("what to do with a version", "ann", "{document}/versions/2/acts"),
    State("what to do with a version, guest", "gus", "{document}/versions/2/acts"),
    State(
        "name a version, refused", "ann", "{document}/versions/2/label", {"label": TOO_LONG}, 422
    ),
    State("weed a version", "ann", "{document}/versions/2/weeding"),
    State("weed a version, refused", "ann", "{document}/versions/2/weeding", {}, 422),
    State("hand in", "bob", "{document_pages}/versions/new"),
    State("hand in, easy", "easy", "{document}/versions/new"),
    State("hand in, no file", "bob", "{document}/versions", {"note": TOO_LONG}, 422),
    State("hand in, too late", "bob", "{document}/versions", TOO_LATE, 409),
    State("change a document", "bob", "{document}/edit"),
    State("change a document, refused", "bob", "{document}/edit", MISNAMED, 422),
    State("place a document", "bob", "{document}/place"),
    State("place a document, taken", "bob", "{document}/place", {"folder": "{other_folder}"}, 422),
    State("compare", "gus", "{document}/comparison?from=2&to=5"),
    State("compare, nothing to", "gus", "{document_mine}/comparison"),
    State("compare, the same", "gus", "{document}/comparison?from=2&to=2"),
    State("compare, kept beside", "bob", "{document}/comparison?from=5&beside={beside_id}"),
    State("talk about a document", "bob", "{document}/thread"),
    State("talk about a document, refused", "bob", "{document}/thread", {"title": ""}, 422),
    State("talk about a document, no thread", "bob", "{document}/thread", {"address": "x"}, 422),
    State("trash, coordinator", "ann", "{network}/trash"),
    State("trash, member", "bob", "{network}/trash"),
    State("trash, empty", "ann", "{empty}/trash"),
    State("trash, archived", "ann", "{archived}/trash"),
    State("weed", "ann", "{trash_1}/weeding"),
    State("weed, refused", "ann", "{trash_1}/weeding", {"reason": ""}, 422),
    State("documents to look after", "ann", "{network}/documents/unsearchable"),
    State("documents to look after, none", "ann", "{empty}/documents/unsearchable"),
    # Folders
    State("documents", "bob", "{network}/documents"),
    State("documents, easy", "easy", "{network}/documents"),
    State("documents, none", "ann", "{empty}/documents"),
    State("documents, archived", "bob", "{archived}/documents"),
    State("a folder", "bob", "{folder}"),
    State("a folder, guest", "gus", "{folder}"),
    State("a folder, easy", "easy", "{folder}"),
    State("a folder, narrowed", "bob", "{folder}?kind=template&term=2025-2&sort=term"),
    State("a folder, none of that kind", "bob", "{folder_asking}?term=1999-1"),
    State("a folder, choosing", "bob", "{folder}?select=yes"),
    State("a folder, none chosen", "bob", "{folder}/selection", {"act": "zip"}, 422),
    State("a folder, deep and empty", "bob", "{folder_deep}"),
    State("a folder, files wait", "bob", "{folder_asking}"),
    State("a folder, new one refused", "bob", "{folder}/folders", {"name": "Mallar"}, 422),
    State("a folder, no file sent", "bob", "{folder_empty}/files", {"kind": ""}, 422),
    State("change a folder", "bob", "{folder}/edit"),
    State("change a folder, refused", "bob", "{folder}/edit", {"name": "a:b", "folder": "0"}, 422),
    State("place files", "bob", "{folder_asking}/placements"),
    State("unpacking", "bob", "{unpacking}"),
    State("unpacked", "bob", "{unpacked}"),
    State("file what came with a post", "bob", "{files}/posts/1/filing"),
    State("file what came with a post, none", "bob", "{thread}/posts/1/filing"),
    State("room for files", "olga", "/operator/networks/{big_id}/quota"),
    State(
        "room for files, refused",
        "olga",
        "/operator/networks/{big_id}/quota",
        {"gigabytes": LONG_NAME},
        422,
    ),
    # What a coordinator edits
    State("areas", "ann", "{network}/areas"),
    State("areas, none", "ann", "{empty}/areas"),
    State("areas, new one refused", "ann", "{network}/areas", {"name": ""}, 422),
    State("areas, old one refused", "ann", "{network}/areas/{area}", {"name": "x" * 90}, 422),
    State("areas, not removed", "ann", "{network}/areas/{area}/removal", {}, 422),
    State("settings", "ann", "{network}/settings"),
    State("settings, long, refused", "ann", "{big}/settings", {"name": ""}, 422),
    # What can go wrong
    State("not understood", "bob", "{network}/threads", {"body": "\x00"}, 400),
    State("not found", "bob", "/nowhere", status=404),
    State("not found, logged out", None, "/nowhere", status=404),
    State("forbidden", "bob", "{network}/settings", status=403),
    State("forbidden, easy", "easy", "{network}/settings", status=403),
    State("forbidden, archived", "ann", "{archived}/threads", WRITTEN, 403),
    State("forbidden, from elsewhere", None, "/login", {}, 403, foreign=True),
    State("not that way", "bob", "/logout", status=405),
    State("too large", "bob", "{network}/threads", {"body": HUGE}, 413),
    State("too many", None, "/login", {"username": "x"}, 429, prepare=too_many_guesses),
    State("broken", "bob", "/help", status=500, broken=True),
)
