"""A document's name works on a drive in Windows, sorts as in Swedish, and is kept as written."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.document_names import (
    acceptable,
    checked,
    free_name,
    is_scratch,
    key,
    split,
    swedish_key,
)
from forum.file_names import LIMIT
from forum.refusals import Invalid

NAMES = st.text(max_size=300) | st.text(
    alphabet=st.sampled_from('aåÅö ./\\:*?"<>|~$\t\n\u202e\u0301\ud8001290²CONcon'), max_size=300
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Anteckningar 14 mars.docx", "Anteckningar 14 mars.docx"),
        ("  Kallelse.pdf ", "Kallelse.pdf"),
        ("a\u030arskrift.pdf", "årskrift.pdf"),
        ("två  blanka.txt", "två  blanka.txt"),
        ("2026 ht", "2026 ht"),
        ("Budget 1.2", "Budget 1.2"),
        ("Konto.docx", "Konto.docx"),
        ("communication.txt", "communication.txt"),
        ("COM10", "COM10"),
        (".htaccess", ".htaccess"),
        ("Vi & dom – 100 % (slut)!", "Vi & dom – 100 % (slut)!"),
        ("👩‍👧.png", "👩‍👧.png"),
        ("ö" * 125 + ".docx", "ö" * 125 + ".docx"),
    ],
)
def test_a_name_is_kept_as_it_was_written(written: str, kept: str) -> None:
    assert checked(written) == kept
    assert acceptable(kept) == kept or "  " in kept


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "Skriv ett namn"),
        ("   ", "Skriv ett namn"),
        ("LSS/SoL", "kan inte innehålla"),
        ("a\\b", "kan inte innehålla"),
        ("Varför?", "kan inte innehålla"),
        ("kl. 10:00", "kan inte innehålla"),
        ("<utkast>", "kan inte innehålla"),
        (".", "sluta med en punkt"),
        ("..", "sluta med en punkt"),
        ("m.m.", "sluta med en punkt"),
        ("exe.\u202egnp", "inte syns"),
        ("rad\nrad", "inte syns"),
        ("nolla\x00", "inte syns"),
        ("halv\ud800", "inte syns"),
        ("CON", "Windows"),
        ("nul.txt", "Windows"),
        ("Com1.docx", "Windows"),
        ("LPT³", "Windows"),
        ("aux .tar.gz", "Windows"),
        ("conout$", "Windows"),
        ("ö" * 126 + ".docx", "för långt"),
        ("x" * 100_000, "för långt"),
        ("Plan 640823-3234.docx", "personnummer"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_what_to_do(written: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(written)
    assert told in refused.value.errors["name"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\Ann\\Karta.pdf", "Karta.pdf"),
        ("Varför? Därför: så.docx", "Varför_ Därför_ så.docx"),
        ("NUL.txt", "_NUL.txt"),
        ("m.m.", "m.m"),
        ("..", "fil"),
        ("." * 300 + "x" * 30, "fil"),
        ("halv\ud800.txt", "halv_.txt"),
        ("rad\nrad.txt", "rad rad.txt"),
        ("Plan 640823-3234.docx", "Plan XXXXXX-XXXX.docx"),
        ("640823-3234\u0307", "XXXXXX-XXX\u1e8a"),
        ("a\u202a\u030akarta.png", "åkarta.png"),
        ("ö" * 300 + ".docx", "ö" * 125 + ".docx"),
    ],
)
def test_what_is_sent_gets_a_name_that_can_be(sent: str, kept: str) -> None:
    assert acceptable(sent) == kept


@given(NAMES)
def test_whatever_is_sent_gets_a_name_that_passes(name: str) -> None:
    kept = acceptable(name)
    assert checked(kept) == kept
    assert acceptable(kept) == kept


@given(NAMES)
def test_whatever_passes_once_passes_again_and_is_short_enough(name: str) -> None:
    try:
        kept = checked(name)
    except Invalid:
        return
    assert checked(kept) == kept
    assert len(kept.encode()) <= LIMIT
    assert len(swedish_key(kept)) <= 1000
    assert "".join(split(kept)) == kept


def test_two_names_are_one_in_whatever_case_and_form_they_are_written() -> None:
    assert key("ÅRSMÖTE.PDF") == key("a\u030arsmo\u0308te.pdf")
    assert key("Årsmöte") != key("Arsmote")


@given(NAMES)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)


def test_names_sort_as_one_would_look_for_them() -> None:
    ordered = [
        "1 Kallelse",
        "01 Kallelser",
        "2 Dagordning.docx",
        "10 Beslut.docx",
        "Möte.docx",
        "Möte 2.docx",
        "möte 10.docx",
        "Möten.docx",
        "Zebra",
        "Återkoppling",
        "Ängsgården",
        "Östergötland",
    ]
    assert sorted(set(ordered), key=swedish_key) == ordered
    assert swedish_key("Möte")[:4] == swedish_key("mo\u0308te")[:4]
    assert swedish_key("Idé 1") < swedish_key("IDE 2") < swedish_key("ide 10")


@given(st.lists(st.integers(0, 10**20), max_size=8))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    names = [f"Möte {number}" for number in numbers]
    assert sorted(names, key=swedish_key) == [f"Möte {number}" for number in sorted(numbers)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Karta.PDF", ("Karta", ".PDF")),
        ("a.tar.gz", ("a.tar", ".gz")),
        ("Möte 14.3", ("Möte 14.3", "")),
        ("Protokoll nr. 3 om LSS", ("Protokoll nr. 3 om LSS", "")),
        (".htaccess", (".htaccess", "")),
        ("Karta", ("Karta", "")),
    ],
)
def test_a_name_is_a_stem_and_a_suffix(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = {key("Karta.pdf"), key("karta (2).PDF"), key("Protokoll (2025).docx"), key("Mapp")}
    assert free_name("Ny.pdf", taken) == "Ny.pdf"
    assert free_name("KARTA.pdf", taken) == "KARTA (3).pdf"
    assert free_name("Karta (2).pdf", taken) == "Karta (3).pdf"
    assert free_name("Protokoll (2025).docx", taken) == "Protokoll (2025) (2).docx"
    assert free_name("Mapp", taken) == "Mapp (2)"


@given(st.text(alphabet=string.ascii_letters + "åäö .()2", min_size=1, max_size=300))
def test_a_free_name_is_free_and_can_be_kept(sent: str) -> None:
    name = acceptable(sent)
    taken = {key(name)}
    for _time in range(12):
        free = free_name(name, taken)
        assert key(free) not in taken
        assert checked(free) == free
        taken.add(key(free))


@pytest.mark.parametrize(
    "name",
    [
        "~$teckningar.docx",
        "~WRD0001.tmp",
        "~WRL0002.tmp",
        "ppt4F.tmp",
        "lu81234abc.tmp",
        ".~lock.Anteckningar.odt#",
        "Cedd4100",
        "8B4E2000",
        "12345000",
        "Anteckningar.docx.sb-1a2b3c4d-XyZ12a",
        ".DS_Store",
        "._Karta.pdf",
        "Thumbs.db",
        "desktop.ini",
        "Desktop.ini",
        "$RECYCLE.BIN",
        "__MACOSX",
        "Icon\r",
        "Anteckningar.odt~",
        ".Anteckningar.txt.swp",
    ],
)
def test_what_programs_write_for_themselves_is_known(name: str) -> None:
    assert is_scratch(name)


@pytest.mark.parametrize(
    "name",
    [
        "Anteckningar.docx",
        "20260300",
        "20260314",
        "deadbeef",
        "A1B2C3D4",
        "~ungefär.docx",
        "tmp.docx",
        ".htaccess",
        "Temp",
        "Thumbs.docx",
        "Decennium 2000",
    ],
)
def test_documents_are_not_taken_for_that(name: str) -> None:
    assert not is_scratch(name)
