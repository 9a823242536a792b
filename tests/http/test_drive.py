"""A network as a drive: who may do what, what is told, and what is not."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from starlette.types import ASGIApp

from forum import adoptions, throttle
from forum.settings import Settings
from storage import clock, database, door
from storage.arrivals import Quota
from storage.door import Inside
from storage.mounts import AppPassword
from storage.networks import Network, NetworkState
from storage.people import Person
from tests.conftest import ORIGIN, running
from tests.drives import Drive, client, mounted
from tests.http import records
from tests.http.records import Browsers
from tests.world import PASSWORD, World

TEXT = b"Vi talade om vikarier.\n"
NAME = "Anteckningar.txt"
PROP = (
    b'<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:">'
    b"<D:set><D:prop><Z:Win32LastModifiedTime>Sun, 22 Nov 2026 05:00:00 GMT"
    b"</Z:Win32LastModifiedTime></D:prop></D:set></D:propertyupdate>"
)


@pytest.fixture
async def drive(app: ASGIApp, world: World) -> AsyncIterator[Drive]:
    """Bob has the network open, with a document and a folder."""
    async with mounted(app, world["bob"], world.network.slug) as opened:
        assert await opened.put(NAME, TEXT) == 201
        assert await opened.mkcol("Mapp") == 201
        yield opened


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


# ---- Who may do what -----------------------------------------------------------------------

VERBS = ("PROPFIND", "GET", "PUT", "PUT new", "MKCOL", "MOVE", "COPY", "PROPPATCH", "LOCK",
         "DELETE adopted", "DELETE")  # fmt: skip

RIGHTS = {
    "ann": (207, 200, 204, 201, 201, 201, 201, 207, 200, 204, 204),
    "bob": (207, 200, 204, 201, 201, 201, 201, 207, 200, 403, 204),
    "gus": (207, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403),
    "eva": (404,) * 11,
    "charlie": (404,) * 11,
    "olga": (404,) * 11,
}


async def each_verb(drive: Drive) -> tuple[int, ...]:
    ask = drive.ask
    there = {"Destination": drive.url("Mapp/Kopia.txt")}
    token = await ask("LOCK", NAME, b"")
    assert token.status_code in {400, 403, 404}, "there is nothing to be refreshed"
    answers = [
        await ask("PROPFIND", "", headers={"Depth": "1"}),
        await ask("GET", NAME),
        await ask("PUT", NAME, b"annat"),
        await ask("PUT", "Mapp/Ny.txt", b"nytt"),
        await ask("MKCOL", "Mapp/Mapp"),
        await ask("MOVE", "Mapp/Mapp", headers={"Destination": drive.url("Mapp/Annan")}),
        await ask("COPY", NAME, headers=there),
        await ask("PROPPATCH", NAME, PROP),
    ]
    statuses = [one.status_code for one in answers]
    token_said = await drive.lock("Mapp")
    statuses.append(200 if token_said else (await ask("LOCK", "Mapp", b"x")).status_code)
    if token_said:
        await drive.unlock("Mapp", token_said)
    statuses += [await drive.delete("Fastställt.txt"), await drive.delete(NAME)]
    return tuple(statuses)


@pytest.mark.parametrize("who", RIGHTS)
async def test_each_may_do_on_a_drive_what_she_may_on_the_pages(
    app: ASGIApp, world: World, drive: Drive, who: str
) -> None:
    assert await drive.put("Fastställt.txt", TEXT) == 201
    ann = await door.enter(world["ann"], world.network.slug)
    await adoptions.adopt(ann, (await ann.documents.get(name="Fastställt.txt")).id, 1)
    async with mounted(app, world[who], world.network.slug) as hers:
        assert await each_verb(hers) == RIGHTS[who]


async def test_an_archived_network_can_only_be_read(
    app: ASGIApp, world: World, drive: Drive
) -> None:
    archived = Network.filter(id=world.network.id).update(state=NetworkState.ARCHIVED)
    await database.write(lambda: archived)
    async with mounted(app, world["ann"], world.network.slug) as ann:
        assert await each_verb(ann) == (207, 200, *[403] * 9)


async def test_a_network_that_is_not_there_is_as_one_that_one_is_not_in(
    app: ASGIApp, world: World
) -> None:
    answers = []
    for slug in (world.network.slug, "finns-inte"):
        async with mounted(app, world["charlie"], slug) as stranger:
            for method in ("PROPFIND", "GET", "PUT", "DELETE", "LOCK", "MKCOL"):
                answer = await stranger.ask(method, "x.txt", headers={"Depth": "0"})
                del answer.headers["x-request-id"]
                answers.append((answer.status_code, answer.content, answer.headers))
    assert answers[:6] == answers[6:]
    assert {status for status, _body, _headers in answers} == {404}


async def test_what_changes_in_her_rights_counts_at_the_next_request(
    app: ASGIApp, world: World, drive: Drive
) -> None:
    async with mounted(app, world["gus"], world.network.slug) as gus:
        assert await gus.get(NAME) == TEXT
        [mine] = await records.rows("membership", person_id=world["gus"].id)
        yesterday = clock.today() - timedelta(days=1)
        await records.change("membership", mine["id"], ends_on=yesterday)
        assert (await gus.ask("GET", NAME)).status_code == 404
    await database.write(lambda: AppPassword.filter(person_id=world["bob"].id).delete())
    assert (await drive.ask("GET", NAME)).status_code == 401
    async with mounted(app, world["ann"], world.network.slug) as ann:
        assert await ann.get(NAME) == TEXT
        await database.write(lambda: Person.filter(id=world["ann"].id).update(active=False))
        assert (await ann.ask("GET", NAME)).status_code == 401


# ---- Who is let in -------------------------------------------------------------------------


async def test_a_cookie_opens_no_drive(browser: Browsers, world: World) -> None:
    async with browser(world["bob"]) as http:
        answer = await http.get(f"/dav/{world.network.slug}/")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Basic realm="Samverkan", charset="UTF-8"'


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic x", "Basic ====", "Bearer x", "Basic " + "A" * 5000,
     "Basic " + base64.b64encode(b"bob.berg:fel").decode(),
     "Basic " + base64.b64encode(b"\xff\x00:\xff").decode()],
)  # fmt: skip
async def test_nobody_without_an_app_password_learns_anything(
    app: ASGIApp, world: World, header: str
) -> None:
    async with client(app) as http:
        for path in ("/dav", "/dav/", f"/dav/{world.network.slug}/", "/dav/x/y", "/dav//"):
            for method in ("GET", "PROPFIND", "PUT", "LOCK", "POST", "BREW"):
                headers = {"Authorization": header} if header else {}
                answer = await http.request(method, path, headers=headers)
                assert answer.status_code in {401, 429}, (method, path)
                assert answer.content == b""


async def test_the_password_for_the_pages_opens_no_drive(app: ASGIApp, world: World) -> None:
    async with client(app, ("bob.berg", PASSWORD)) as http:
        assert (await http.get(f"/dav/{world.network.slug}/")).status_code == 401


async def test_guessing_is_slowed_down_but_not_who_has_it_open(
    app: ASGIApp, world: World, drive: Drive
) -> None:
    async with client(app, ("bob.berg", "fel")) as guesser:
        for _guess in range(throttle.TRIES):
            assert (await guesser.get("/dav/")).status_code == 401
        refused = await guesser.get("/dav/")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
    assert await drive.get(NAME) == TEXT


async def test_over_http_from_elsewhere_no_password_is_taken(
    chosen: Settings, world: World
) -> None:
    async with running(replace(chosen, host="0.0.0.0")) as app, client(app) as http:  # noqa: S104
        answer = await http.get("/dav/")
        assert answer.status_code == 403
        assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elak.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}],
    ids=str,
)  # fmt: skip
async def test_a_page_of_another_site_gets_nothing_by_a_password_that_the_browser_keeps(
    drive: Drive, headers: dict[str, str]
) -> None:
    for method in ("GET", "PUT", "DELETE", "PROPFIND", "OPTIONS", "POST"):
        answer = await drive.ask(method, NAME, headers=headers)
        assert answer.status_code == 403, method
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert await drive.get(NAME) == TEXT


async def test_windows_is_told_what_it_looks_for_and_nothing_else(
    app: ASGIApp, world: World
) -> None:
    async with client(app) as http:
        told = []
        for path in ("/", "/dav", "/dav/", f"/dav/{world.network.slug}/", "/dav/finns-inte/x"):
            answer = await http.options(path)
            del answer.headers["x-request-id"]
            assert answer.status_code == 200
            assert answer.headers["dav"] == "1, 2"
            assert answer.headers["ms-author-via"] == "DAV"
            told.append((answer.headers, answer.content))
        assert all(one == told[0] for one in told)


# ---- What is there -------------------------------------------------------------------------


async def test_her_networks_are_folders_to_be_read(app: ASGIApp, world: World) -> None:
    async with mounted(app, world["bob"], world.network.slug) as drive:
        drive.base = "/dav/"
        assert await drive.names() == [world.network.name]
        for method in ("PUT", "DELETE", "MKCOL", "LOCK", "GET", "PROPPATCH"):
            assert (await drive.ask(method, "")).status_code == 405
        for method in ("PUT", "DELETE", "MKCOL", "LOCK", "MOVE"):
            answer = await drive.ask(method, world.network.slug)
            assert answer.status_code == 405
    async with mounted(app, world["charlie"], "") as stranger:
        stranger.base = "/dav/"
        mine = [inside.network.name for inside in await door.enter_all(world["charlie"])]
        assert await stranger.names() == sorted(mine)


async def test_names_come_back_as_they_were_given(drive: Drive) -> None:
    names = ["Åtgärder i Örebro (2).docx", "Übersicht & 100 %.txt", "a;b=c#d+e@f'g.txt", "日本.txt"]
    for name in names:
        assert await drive.put(f"Mapp/{name}", name.encode()) == 201
        assert await drive.get(f"Mapp/{name}") == name.encode()
        assert await drive.move(f"Mapp/{name}", f"Mapp/x{name}") == 201
        assert await drive.copy(f"Mapp/x{name}", f"Mapp/{name}") == 201
        assert await drive.delete(f"Mapp/x{name}") == 204
    assert await drive.names("Mapp") == sorted(names)


async def test_a_name_is_the_same_in_capitals_and_as_macos_writes_it(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.put("Mapp/Möte.txt", b"ett") == 201
    assert await drive.put("mapp/mo\u0308te.TXT", b"tv\xc3\xa5") == 204
    [document] = await bob.documents.filter(name="Möte.txt")
    assert document.last_number == 2
    assert await drive.move("Mapp/Möte.txt", "Mapp/MÖTE.txt") == 201
    assert (await bob.documents.get(id=document.id)).name == "MÖTE.txt"


@pytest.mark.parametrize("name", ["Vad?.txt", "a:b.txt", "slut.", "con.txt", "19640823-3234.txt"])
async def test_a_name_that_cannot_be_is_refused_whole(drive: Drive, bob: Inside, name: str) -> None:
    before = sorted(await drive.names())
    assert await drive.put(name, TEXT) == 403
    assert await drive.mkcol(name) == 403
    assert await drive.move(NAME, name) == 403
    assert await drive.copy(NAME, name) == 403
    assert sorted(await drive.names()) == before


async def test_a_part_of_a_document_can_be_asked_for(drive: Drive) -> None:
    part = await drive.ask("GET", NAME, headers={"Range": "bytes=3-8"})
    assert (part.status_code, part.content) == (206, TEXT[3:9])
    whole = await drive.ask("GET", NAME)
    assert whole.headers["etag"] == await drive.tag(NAME)
    assert "filename" in whole.headers["content-disposition"]
    assert "sandbox" in whole.headers["content-security-policy"]
    held = {"If-None-Match": whole.headers["etag"]}
    assert (await drive.ask("GET", NAME, headers=held)).status_code == 304
    head = await drive.ask("HEAD", NAME)
    assert head.headers["content-length"] == str(len(TEXT))


async def test_a_tag_tells_nothing_of_who_else_has_the_same(
    app: ASGIApp, drive: Drive, bob: Inside
) -> None:
    assert await drive.put("Mapp/Samma.txt", TEXT) == 201
    assert await drive.tag(NAME) != await drive.tag("Mapp/Samma.txt")
    [version] = await bob.versions.filter(document_id=1)
    assert str(version.blob_id)[:8] not in (await drive.tag(NAME))


async def test_who_has_seen_another_version_is_told_so(drive: Drive) -> None:
    seen = await drive.tag(NAME)
    assert await drive.put(NAME, b"ett", If_Match=seen) == 204
    assert await drive.put(NAME, b"tv\xc3\xa5", If_Match=seen) == 412
    assert await drive.put(NAME, b"x", If_None_Match="*") == 412
    assert await drive.get(NAME) == b"ett"


async def test_a_page_for_browsers_is_elsewhere(drive: Drive) -> None:
    for path in ("", "Mapp"):
        answer = await drive.ask("GET", path)
        assert (answer.status_code, answer.content) == (405, b"")


async def test_nothing_in_it_makes_no_version_and_no_page_shows_it(
    drive: Drive, bob: Inside
) -> None:
    assert await drive.put("Tom.txt", b"") == 201
    assert await drive.put(NAME, b"") == 204
    assert await drive.get(NAME) == TEXT
    assert await drive.get("Tom.txt") == b""
    assert "Tom.txt" in await drive.names()
    assert (await bob.documents.get(name="Tom.txt")).last_number == 0
    assert await drive.delete("Tom.txt") == 204
    assert not await bob.trash.all().exists()


async def test_what_is_deleted_is_in_the_trash(drive: Drive, bob: Inside) -> None:
    assert await drive.put("Mapp/Fil.txt", TEXT) == 201
    assert await drive.delete(NAME) == 204
    assert await drive.delete("Mapp") == 204
    assert sorted(str(one.name) for one in await bob.trash.all()) == [NAME, "Mapp"]
    assert await drive.names() == []


async def test_a_programs_own_files_are_deleted_for_real(drive: Drive, bob: Inside) -> None:
    assert await drive.put("~$teckningar.txt", b"Bob") == 201
    assert (await bob.documents.get(name="~$teckningar.txt")).scratch
    assert not await records.rows("job", kind="renditions.make", run_at=None)
    assert await drive.delete("~$teckningar.txt") == 204
    assert not await bob.trash.all().exists()
    assert not await bob.documents.filter(scratch=True).exists()


async def test_a_folder_is_copied_with_what_is_in_it_or_without(drive: Drive) -> None:
    assert await drive.put("Mapp/Fil.txt", TEXT) == 201
    assert await drive.mkcol("Mapp/Under") == 201
    assert await drive.copy("Mapp", "Allt") == 201
    assert await drive.copy("Mapp", "Tom", depth="0") == 201
    assert await drive.names("Allt") == ["Fil.txt", "Under"]
    assert await drive.names("Tom") == []
    assert await drive.copy("Mapp", "Allt") == 412
    assert await drive.copy("Mapp", "Allt", over=True) == 204


async def test_a_copy_over_a_document_is_a_version_of_it(drive: Drive, bob: Inside) -> None:
    assert await drive.put("Mapp/Annan.txt", b"annan") == 201
    assert await drive.copy("Mapp/Annan.txt", NAME, over=True) == 204
    document = await bob.documents.get(name=NAME)
    assert (document.id, document.last_number) == (1, 2)
    assert await drive.get("Mapp/Annan.txt") == b"annan"


async def test_nothing_goes_to_another_network_or_another_server(drive: Drive) -> None:
    for there in ("https://elak.example/dav/x/y", "/dav/annat-natverk/x.txt", "/login", "//", ""):
        answer = await drive.ask("MOVE", NAME, headers={"Destination": there})
        assert answer.status_code == 502, there
    assert (await drive.ask("MOVE", NAME)).status_code == 400
    assert await drive.get(NAME) == TEXT


async def test_everything_below_everything_is_not_told_at_once(drive: Drive) -> None:
    for depth in ({}, {"Depth": "infinity"}):
        answer = await drive.ask("PROPFIND", "", headers=depth)
        assert answer.status_code == 403
        assert b"propfind-finite-depth" in answer.content


@pytest.mark.parametrize(
    "body",
    [b"<", b"<x/>", b'<D:propfind xmlns:D="DAV:"/>',
     b'<!DOCTYPE x [<!ENTITY a "aaaa">]><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
     b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><D:propfind xmlns:D="DAV:"><D:allprop/>'
     b"</D:propfind>"],
)  # fmt: skip
async def test_xml_that_means_nothing_or_harm_is_refused(drive: Drive, body: bytes) -> None:
    assert (await drive.ask("PROPFIND", "", body, {"Depth": "0"})).status_code == 400
    for method in ("PROPPATCH", "LOCK"):
        assert (await drive.ask(method, NAME, body)).status_code in {400, 403}


async def test_what_a_program_notes_is_told_again_and_follows_the_document(drive: Drive) -> None:
    assert (await drive.ask("PROPPATCH", NAME, PROP)).status_code == 207
    assert await drive.move(NAME, "Mapp/Flyttad.txt") == 201
    answer = await drive.ask("PROPFIND", "Mapp/Flyttad.txt", headers={"Depth": "0"})
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 (our own)
    [noted] = tree.iter("{urn:schemas-microsoft-com:}Win32LastModifiedTime")
    assert noted.text == "Sun, 22 Nov 2026 05:00:00 GMT"


async def test_a_file_larger_than_one_may_be_is_refused(chosen: Settings, world: World) -> None:
    async with (
        running(replace(chosen, document_mb=1)) as app,
        mounted(app, world["bob"], world.network.slug) as drive,
    ):
        assert await drive.put("Stor.bin", b"x" * (1024 * 1024 + 1)) == 413
        assert await drive.put("Lagom.bin", b"x" * (1024 * 1024)) == 201
        assert await drive.names() == ["Lagom.bin"]


async def test_a_file_for_which_the_network_has_no_room_is_refused(
    drive: Drive, bob: Inside
) -> None:
    await database.write(lambda: bob.create(Quota, bytes=100))
    assert await drive.put("Stor.bin", b"x" * 101) == 507
    assert await drive.put("Liten.bin", b"x" * 10) == 201
