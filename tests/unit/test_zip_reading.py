"""A zip that somebody sends becomes folders and files, or reasons; never more than it says."""

import io
import os
import shutil
import stat
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.document_names import checked, key
from forum.zip_reading import Damaged, Entry, Limits, Plan, open_entry, plan
from forum.zip_reasons import Reason, explained
from tests.zips import FAT, STORED, UNIX, Member, made, unicode_path

MEGABYTE = 1024 * 1024
LIMITS = Limits(each=100 * MEGABYTE)
SLOW_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

Planned = Callable[..., Plan]


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    """Plan for the bytes of a zip."""

    def it(content: bytes, limits: Limits = LIMITS) -> Plan:
        (tmp_path / "sent.zip").write_bytes(content)
        return plan(tmp_path / "sent.zip", limits)

    return it


def unpacked(tmp_path: Path, entry: Entry) -> bytes:
    return b"".join(open_entry(tmp_path / "sent.zip", entry))


def paths(planned: Plan) -> list[str]:
    return ["/".join(entry.path) for entry in planned.entries]


def reasons(planned: Plan) -> list[tuple[str, Reason]]:
    return [(one.told, one.reason) for one in planned.skipped]


def test_folders_and_files_come_as_they_were_packed(planned: Planned, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as there:
        there.writestr("Chefsnätverket/2026 ht/Anteckningar 14 mars.docx", b"ett" * 100_000)
        there.writestr("Chefsnätverket/Tomt/", b"")
        there.writestr("Läs mig.txt", b"", zipfile.ZIP_STORED)
    found = planned(content.getvalue())
    assert paths(found) == ["Chefsnätverket/2026 ht/Anteckningar 14 mars.docx", "Läs mig.txt"]
    assert found.folders == [
        ("Chefsnätverket",),
        ("Chefsnätverket", "2026 ht"),
        ("Chefsnätverket", "Tomt"),
    ]
    assert found.size == 300_000
    assert (found.skipped, found.trouble) == ([], None)
    assert not any(entry.renamed for entry in found.entries)
    assert unpacked(tmp_path, found.entries[0]) == b"ett" * 100_000
    assert unpacked(tmp_path, found.entries[1]) == b""


@pytest.mark.parametrize("long", [False, True])
def test_what_stands_around_a_zip_does_not_matter(
    planned: Planned, tmp_path: Path, long: bool
) -> None:
    around = {"before": b"#!/bin/sh\n" * 50, "comment": b"PK\5\6" + b"!" * 40}
    content = made(Member(b"a.txt", long=long), Member(b"b.txt", long=long), long=long, **around)
    found = planned(content)
    assert paths(found) == ["a.txt", "b.txt"]
    assert [unpacked(tmp_path, one) for one in found.entries] == [b"Ett dokument.\n"] * 2


@pytest.mark.parametrize(
    "content", [b"", b"Inte en zip.", b"PK\5\6", b"PK\3\4" + bytes(500), bytes(100_000)]
)
def test_what_is_no_zip_is_told_so(planned: Planned, content: bytes) -> None:
    assert planned(content).trouble == Reason.NO_ZIP


def test_an_empty_zip_holds_nothing(planned: Planned) -> None:
    assert planned(made()) == Plan()


SWEDISH = ["Möten/Åtgärder för Örjan.docx", "Möten/färdig.pdf"]


@pytest.mark.parametrize(
    "members",
    [
        # macOS: UTF-8, the letters apart from their marks, and no flag.
        [Member(unicodedata.normalize("NFD", name).encode()) for name in SWEDISH],
        # Java, .NET and Python: UTF-8 with the flag.
        [Member(name.encode(), flags=0x800) for name in SWEDISH],
        # Windows and 7-Zip: DOS's code page, and UTF-8 with the flag for what is not in it.
        [Member(name.encode("cp850"), host=FAT) for name in SWEDISH],
        [Member(name.encode("cp437"), host=FAT) for name in SWEDISH],
        # Info-ZIP and WinZip: the name in UTF-8 beside another.
        [
            Member(name.encode("cp850"), extra=unicode_path(name.encode("cp850"), name))
            for name in SWEDISH
        ],
        [Member(name.encode("cp1252"), host=FAT) for name in SWEDISH],
        [Member(name.encode("mac_roman"), host=7) for name in SWEDISH],
    ],
    ids=["macOS", "flag", "850", "437", "Info-ZIP", "1252", "old Mac"],
)
def test_swedish_letters_come_right_from_every_program(
    planned: Planned, members: list[Member]
) -> None:
    found = planned(made(*members))
    assert paths(found) == SWEDISH
    assert not any(entry.renamed for entry in found.entries)


def test_names_are_read_in_one_way_in_the_whole_zip(planned: Planned) -> None:
    """One name alone could be either: the others tell."""
    mixed = [Member("Uppföljning – höst.txt".encode("cp1252")), Member("Öl.txt".encode("cp1252"))]
    assert paths(planned(made(*mixed))) == ["Uppföljning – höst.txt", "Öl.txt"]
    windows = [Member("Möte.txt".encode("cp850")), Member("Möte – 2.txt".encode(), flags=0x800)]
    assert paths(planned(made(*windows))) == ["Möte.txt", "Möte – 2.txt"]


def test_a_name_in_utf_8_is_not_believed_when_it_is_of_another_name(planned: Planned) -> None:
    other = Member(b"a.txt", extra=unicode_path(b"b.txt", "../../c.txt"))
    assert paths(planned(made(other))) == ["a.txt"]


def test_a_name_that_breaks_its_own_word_is_not_read(planned: Planned) -> None:
    found = planned(made(Member(b"\xff\xfe.txt", flags=0x800), Member(b"b.txt")))
    assert paths(found) == ["b.txt"]
    assert [one.reason for one in found.skipped] == [Reason.NO_NAME]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (Member(b"/etc/passwd"), Reason.OUTSIDE),
        (Member(b"../../etc/passwd"), Reason.OUTSIDE),
        (Member(b"a/../../b"), Reason.OUTSIDE),
        (Member(b"a/.."), Reason.OUTSIDE),
        (Member(b"..\\..\\b", host=FAT), Reason.OUTSIDE),
        (Member(b"C:\\Windows\\b", host=FAT), Reason.OUTSIDE),
        (Member(b"C:/b"), Reason.OUTSIDE),
        (Member(b"\\\\server\\b", host=FAT), Reason.OUTSIDE),
        (Member(b"../"), Reason.OUTSIDE),
        (Member("länk".encode(), attributes=stat.S_IFLNK << 16), Reason.SPECIAL),
        (
            Member("länk från Windows".encode(), host=FAT, attributes=stat.S_IFLNK << 16),
            Reason.SPECIAL,
        ),
        (Member("kö".encode(), attributes=stat.S_IFIFO << 16), Reason.SPECIAL),
        (Member(b"enhet", attributes=stat.S_IFBLK << 16), Reason.SPECIAL),
        (Member(b"diskens namn", host=FAT, attributes=0x08), Reason.SPECIAL),
        (Member("lösenord".encode(), flags=0x1), Reason.ENCRYPTED),
        (Member("starkt lösenord".encode(), flags=0x41), Reason.ENCRYPTED),
        (Member(b"AES", method=99, flags=0x1), Reason.ENCRYPTED),
        (Member(b"deflate64", method=9), Reason.PACKING),
        (Member(b"bzip2", method=12), Reason.PACKING),
        (Member(b"lzma", method=14), Reason.PACKING),
        (Member(b"stor", size=100 * MEGABYTE + 1), Reason.TOO_LARGE),
        (Member("bomb som säger det".encode(), size=50 * MEGABYTE), Reason.BOMB),
        (Member(b"bomb", content=b"0" * 20 * MEGABYTE), Reason.BOMB),
        (Member("inte så lång".encode(), method=STORED, size=3), Reason.DAMAGED),
        (Member(b"annanstans", offset=1), Reason.DAMAGED),
        (Member("långt bort".encode(), offset=2**40, long=True), Reason.DAMAGED),
        (Member("längst bort".encode(), offset=2**64 - 1, long=True), Reason.DAMAGED),
        (Member(b"ofantlig", packed_size=2**63, long=True), Reason.DAMAGED),
        (Member("för lång".encode(), packed_size=1000), Reason.DAMAGED),
        (Member(b"1/" * 21 + b"a"), Reason.TOO_DEEP),
        (Member(b"__MACOSX/._a"), Reason.SCRATCH),
        (Member(b"Mapp/.DS_Store"), Reason.SCRATCH),
        (Member(b"~$teckningar.docx"), Reason.SCRATCH),
        (Member(b""), Reason.NO_NAME),
        (Member(b"./"), Reason.NO_NAME),
        (Member(b"a" * 5000), Reason.NO_NAME),
        (Member(b"Plan 640823-3234.docx"), Reason.PERSONAL_NUMBER),
        (Member(b"640823-3234/Plan.docx"), Reason.PERSONAL_NUMBER),
    ],
    ids=lambda one: str(one) if isinstance(one, Reason) else one.name[:20].decode(),
)
def test_what_cannot_be_taken_is_told_why_and_the_rest_is_taken(
    planned: Planned, tmp_path: Path, member: Member, reason: Reason
) -> None:
    found = planned(made(Member(b"god.txt"), member, Member(b"ocks\xc3\xa5.txt")))
    assert [one.reason for one in found.skipped] == [reason]
    assert paths(found) == ["god.txt", "också.txt"]
    assert [unpacked(tmp_path, one) for one in found.entries] == [b"Ett dokument.\n"] * 2
    assert "640823" not in found.skipped[0].told


def test_a_personal_number_is_not_repeated(planned: Planned) -> None:
    found = planned(made(Member(b"Plan 640823-3234.docx")))
    assert reasons(found) == [("Plan XXXXXX-XXXX.docx", Reason.PERSONAL_NUMBER)]


def test_names_become_such_as_windows_takes(planned: Planned) -> None:
    found = planned(
        made(
            Member(b"Var\xc3\xb6r?/10:30.txt"),
            Member(b"a\\b.txt"),
            Member(b"C\\d.txt", host=FAT),
            Member(b"./e//f.txt"),
        )
    )
    assert [(entry.path, entry.renamed) for entry in found.entries] == [
        (("Varör_", "10_30.txt"), True),
        (("a_b.txt",), True),
        (("C", "d.txt"), False),
        (("e", "f.txt"), False),
    ]


def test_what_has_the_name_of_another_is_told(planned: Planned) -> None:
    found = planned(
        made(
            Member("Möte.txt".encode()),
            Member("mo\u0308te.TXT".encode()),
            Member(b"Mapp/a.txt"),
            Member(b"MAPP/b.txt"),
            Member(b"mapp"),
            Member("möte.txt/c.txt".encode()),
        )
    )
    assert paths(found) == ["Möte.txt", "Mapp/a.txt", "Mapp/b.txt"]
    assert found.folders == [("Mapp",)]
    assert [one.reason for one in found.skipped] == [Reason.DUPLICATE] * 3


def test_folders_are_known_however_they_are_marked(planned: Planned) -> None:
    found = planned(
        made(
            Member(b"a", b"", attributes=(stat.S_IFDIR | 0o755) << 16),
            Member(b"b", b"", host=FAT, attributes=0x10),
            Member(b"c\\", b"", host=FAT),
        )
    )
    assert (found.folders, found.entries) == ([("a",), ("b",), ("c",)], [])


def test_too_many_entries_are_refused_as_a_whole(planned: Planned) -> None:
    content = made(*(Member(b"%d.txt" % number, b"") for number in range(11)))
    assert planned(content, Limits(each=1, entries=10)).trouble == Reason.TOO_MANY
    assert len(planned(content, Limits(each=1, entries=11)).entries) == 11


def test_a_directory_that_is_cut_short_or_divided_is_told(planned: Planned) -> None:
    whole = made(Member(b"a.txt"), Member(b"b.txt"))
    second = whole.rindex(b"PK\1\2")
    assert planned(whole[:second] + b"XX" + whole[second + 2 :]).trouble == Reason.DAMAGED
    end = whole.rindex(b"PK\5\6")
    assert planned(whole[: end + 4] + b"\1" + whole[end + 5 :]).trouble == Reason.DIVIDED


def test_entries_that_lie_within_each_other_are_not_taken(planned: Planned) -> None:
    """As in D. Fifield's "A better zip bomb": every header quotes the next, to the one kernel."""
    kernel = Member(b"kernel", b"0" * MEGABYTE)
    kernel_file = kernel.header(central=False) + kernel.bytes_packed()
    quoting, content = list[Member](), kernel_file
    for number in range(20):
        # A block of deflate that is stored, and holds the header that follows it.
        header = len(content)
        block = b"\0" + header.to_bytes(2, "little") + (header ^ 0xFFFF).to_bytes(2, "little")
        name = b"%02d" % number
        outer = Member(name, packed=block + content, size=MEGABYTE)
        content = outer.header(central=False) + outer.bytes_packed()
        quoting.append(outer)
        if len(content) > 0xF000:
            break
    # The outermost comes first; the others begin within it.
    outermost = quoting.pop()
    inner = [
        Member(one.name, packed=b"", size=MEGABYTE, packed_size=len(one.bytes_packed()))
        for one in quoting
    ]
    whole = outermost.header(central=False) + outermost.bytes_packed()
    directory = outermost.header(central=True)
    for one, origin in zip(inner, quoting, strict=True):
        one.at = whole.index(origin.header(central=False))
        directory += one.header(central=True)
    end = made()[:12] + len(directory).to_bytes(4, "little") + len(whole).to_bytes(4, "little")
    found = planned(whole + directory + end + b"\0\0")
    assert found.entries == []
    assert {one.reason for one in found.skipped} == {Reason.OVERLAPPING}


def test_two_entries_of_the_same_bytes_are_not_taken(planned: Planned) -> None:
    found = planned(made(Member(b"a"), Member(b"b", offset=0), Member(b"c")))
    assert paths(found) == ["c"]
    assert [one.reason for one in found.skipped] == [Reason.OVERLAPPING] * 2


def test_a_zip_within_a_zip_stays_a_file(planned: Planned, tmp_path: Path) -> None:
    inner = made(Member(b"0" * 100, b"0" * MEGABYTE))
    for _layer in range(5):
        inner = made(*(Member(b"%d.zip" % number, inner) for number in range(4)))
    found = planned(inner)
    assert paths(found) == ["0.zip", "1.zip", "2.zip", "3.zip"]
    assert unpacked(tmp_path, found.entries[0])[:4] == b"PK\3\4"


@pytest.mark.parametrize(
    "member",
    [
        Member(b"a", b"0" * 3 * MEGABYTE, size=MEGABYTE + 5),
        Member(b"a", b"0" * 3 * MEGABYTE, size=4 * MEGABYTE),
        Member(b"a", checksum=1),
        Member(b"a", method=STORED, checksum=1),
        Member(b"a", packed=b"\xff" * 50),
        Member(b"a", packed=b""),
        Member(b"a", b"x" * 50, packed=zlib.compress(b"x" * 50)[2:-6]),
        Member(b"a", b"x", packed=b"\x4b\x04\x00" + b"x" * 3 * MEGABYTE),
    ],
    ids=["more", "less", "checksum", "stored", "nonsense", "nothing", "cut", "followed"],
)
def test_bytes_that_are_not_what_was_said_end_in_an_error(
    planned: Planned, tmp_path: Path, member: Member
) -> None:
    (entry,) = planned(made(member)).entries
    sizes = list[int]()
    with pytest.raises(Damaged):
        sizes.extend(len(piece) for piece in open_entry(tmp_path / "sent.zip", entry))
    assert sum(sizes) <= entry.size
    assert all(0 < size <= MEGABYTE for size in sizes)


def test_a_file_that_is_cut_off_while_it_is_read_ends_in_an_error(
    planned: Planned, tmp_path: Path
) -> None:
    (entry,) = planned(made(Member(b"a", os.urandom(MEGABYTE), STORED))).entries
    os.truncate(tmp_path / "sent.zip", MEGABYTE // 2)
    with pytest.raises(Damaged):
        unpacked(tmp_path, entry)


def test_every_reason_is_told_in_words() -> None:
    assert len({explained(reason) for reason in Reason}) == len(Reason)


@pytest.mark.skipif(not shutil.which("zip"), reason="needs Info-ZIP's zip")
def test_what_info_zip_makes_is_taken_but_for_links(planned: Planned, tmp_path: Path) -> None:
    folder = tmp_path / "Möten"
    folder.mkdir()
    (folder / "Åtgärder.txt").write_bytes(b"ett\n" * 1000)
    (folder / "Tomt").mkdir()
    (folder / "länk").symlink_to("/etc/passwd")
    subprocess.run(["zip", "-qry", "made.zip", "Möten"], cwd=tmp_path, check=True)
    found = planned((tmp_path / "made.zip").read_bytes())
    assert paths(found) == ["Möten/Åtgärder.txt"]
    assert found.folders == [("Möten",), ("Möten", "Tomt")]
    assert reasons(found) == [("Möten/länk", Reason.SPECIAL)]
    assert unpacked(tmp_path, found.entries[0]) == b"ett\n" * 1000


NAMES = st.binary(max_size=40) | st.text(
    alphabet=st.sampled_from("aåÅö./\\: \u0301\u202e?~$"), max_size=30
).map(str.encode)
MEMBERS = st.builds(
    Member,
    name=NAMES,
    content=st.binary(max_size=50),
    method=st.sampled_from([0, 8, 8, 8, 9]),
    flags=st.sampled_from([0, 0, 0x800, 1]),
    host=st.sampled_from([FAT, UNIX, 19]),
    attributes=st.sampled_from([0, 0, 0x10, 0o100644 << 16, 0o120777 << 16]),
    size=st.none() | st.integers(0, 2**32 - 1),
    packed_size=st.none() | st.integers(0, 2**32 - 1),
    offset=st.none() | st.integers(0, 500),
    extra=st.binary(max_size=30),
    long=st.booleans(),
)


def read_through(tmp_path: Path, found: Plan) -> None:
    """Read everything that is to be taken, as an upload would."""
    for entry in found.entries:
        size = 0
        try:
            for piece in open_entry(tmp_path / "sent.zip", entry):
                size += len(piece)
        except Damaged:
            pass
        assert size <= entry.size


@SLOW_FILES
@given(st.lists(MEMBERS, max_size=6), st.booleans())
def test_whatever_is_in_a_zip_gets_a_place_or_a_reason(
    planned: Planned, tmp_path: Path, members: list[Member], long: bool
) -> None:
    found = planned(made(*members, long=long))
    assert found.trouble is None
    assert len(found.entries) + len(found.skipped) <= len(members)
    taken = [*(entry.path for entry in found.entries), *found.folders]
    assert all(checked(part) == part for path in taken for part in path)
    keys = [tuple(map(key, path)) for path in taken]
    assert len(set(keys)) == len(keys)
    assert {entry.path[:-1] for entry in found.entries} <= {(), *found.folders}
    read_through(tmp_path, found)


@SLOW_FILES
@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_bytes_there_are_nothing_goes_wrong(
    planned: Planned, tmp_path: Path, noise: bytes, at: int
) -> None:
    whole = made(Member(b"a.txt"), Member("å/b.txt".encode(), method=STORED), long=at % 2 == 0)
    for content in (noise, whole[:at] + noise + whole[at:], whole[:at] + noise, noise + whole):
        read_through(tmp_path, planned(content))


@SLOW_FILES
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6))
def test_whichever_bytes_are_altered_nothing_goes_wrong(
    planned: Planned, tmp_path: Path, alterations: list[tuple[int, int]]
) -> None:
    whole = bytearray(made(Member(b"a.txt", long=True), Member(b"b.txt"), long=True))
    for at, value in alterations:
        whole[at % len(whole)] = value
    read_through(tmp_path, planned(bytes(whole)))
