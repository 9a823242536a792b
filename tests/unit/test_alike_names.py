"""A file whose name differs by what people add for versions is one; another meeting's is not."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.alike_names import Index, core


@dataclass(frozen=True)
class Document:
    name: str


def asked(name: str, *present: str) -> tuple[str, bool] | None:
    match = Index([Document(one) for one in present]).alike(name)
    return (match.named.name, match.certain) if match else None


@pytest.mark.parametrize(
    "name",
    [
        "Riktlinje.docx",
        "RIKTLINJE.DOCX",
        "Riktlinje (1).docx",
        "Riktlinje(2).docx",
        "Riktlinje [3].docx",
        "Riktlinje - Kopia.docx",
        "Riktlinje - Kopia (2).docx",
        "Riktlinje kopia 2.docx",
        "Riktlinje – kopia.docx",
        "Kopia av Riktlinje.docx",
        "Riktlinje - Copy.docx",
        "Copy of Riktlinje.docx",
        "Riktlinje v2.docx",
        "Riktlinje_v.2.docx",
        "Riktlinje-V2.1.docx",
        "Riktlinje ver 3.docx",
        "Riktlinje version 2.docx",
        "Riktlinje rev.docx",
        "Riktlinje rev 4.docx",
        "Riktlinje_slutversion.docx",
        "Riktlinje slutlig.docx",
        "Riktlinje slutlig version.docx",
        "Riktlinje FINAL.docx",
        "Riktlinje_final_2.docx",
        "Riktlinje ny.docx",
        "Riktlinje (ny).docx",
        "Riktlinje ny version.docx",
        "Riktlinje utkast.docx",
        "Utkast Riktlinje.docx",
        "Utkast till Riktlinje.docx",
        "Riktlinje, utkast 2.docx",
        "Riktlinje - reviderad v3 (1).docx",
        "Riktlinje 2026-03-14.docx",
        "Riktlinje 20260314.docx",
        "260314 Riktlinje.docx",
        "Riktlinje_2026-03-14_v2.docx",
    ],
)
def test_what_people_add_for_versions_is_a_new_version(name: str) -> None:
    assert asked(name, "Karta.pdf", "Riktlinje.docx") == ("Riktlinje.docx", True)
    assert asked("Riktlinje.docx", name) == (name, True)


@pytest.mark.parametrize(
    ("name", "present"),
    [
        ("Anteckningar 23 maj.docx", "Anteckningar 14 mars.docx"),
        ("Anteckningar 2026-05-23.docx", "Anteckningar 2026-03-14.docx"),
        ("260523 Anteckningar.docx", "Anteckningar 14 mars 2026.docx"),
        ("Anteckningar 14 mars.docx", "Anteckningar.docx"),
        ("Anteckningar 14 mars 2027.docx", "Anteckningar 14 mars 2026.docx"),
        ("Verksamhetsplan 2027.docx", "Verksamhetsplan 2026.docx"),
        ("Verksamhetsplan 2027.docx", "Verksamhetsplan.docx"),
        ("Plan 2026-2027.docx", "Plan 2025-2026.docx"),
        ("Program ht 2026.docx", "Program vt 2026.docx"),
        ("Program ht26.docx", "Program vt26 slutversion.docx"),
        ("Nyhetsbrev april.pdf", "Nyhetsbrev mars.pdf"),
        ("Nyhetsbrev april 2026.pdf", "Nyhetsbrev mars 2026.pdf"),
        ("Veckobrev v 12.docx", "Veckobrev v 11.docx"),
        ("Veckobrev vecka 5.docx", "Veckobrev vecka 4.docx"),
        ("Riktlinje.odt", "Riktlinje.docx"),
        ("Riktlinje.doc", "Riktlinje v2.docx"),
        ("Budget.ods", "Budget.xlsx"),
    ],
)
def test_another_day_or_another_kind_of_file_is_a_document_of_its_own(
    name: str, present: str
) -> None:
    assert asked(name, "Karta.pdf", present) == (present, False)


@pytest.mark.parametrize(
    ("name", "present"),
    [
        ("Anteckningar 14 mars v2.docx", "Anteckningar 14 mars.docx"),
        ("Anteckningar 14 mars 2026.docx", "Anteckningar 14 mars.docx"),
        ("Anteckningar 2026-03-14.docx", "Anteckningar den 14 mars.docx"),
        ("Anteckningar 14 mars 260320.docx", "Anteckningar 14 mars.docx"),
        ("Verksamhetsplan 2026 slutversion.docx", "Verksamhetsplan 2026 utkast.docx"),
        ("2026-03-14 v2.docx", "2026-03-14.docx"),
        ("Karta.JPEG", "karta.jpg"),
    ],
)
def test_the_same_day_is_the_same_document(name: str, present: str) -> None:
    assert asked(name, "Anteckningar 23 maj.docx", present) == (present, True)


@pytest.mark.parametrize(
    ("name", "present"),
    [
        ("Riktlinje.pdf", "Riktlinje.docx"),
        ("Riktlinje boendestöd.docx", "Riktlinje.docx"),
        ("Ny LSS-lag.docx", "LSS.docx"),
        ("Bilaga 2.docx", "Bilaga 1.docx"),
        ("Möte 2.docx", "Möte.docx"),
        ("2026-05-23.docx", "2026-03-14.docx"),
        ("SOSFS 2012-3.pdf", "SOSFS 2012-4.pdf"),
        ("IMG_20260314_101112.jpg", "IMG_20260314_101530.jpg"),
        ("Version 2.docx", "Version 3.docx"),
        ("Utkast.docx", "Kopia.docx"),
        ("Slutrapport.docx", "Rapport.docx"),
        ("Vårdplan.docx", "Plan.docx"),
        ("Finaldag.docx", "Dag.docx"),
        ("Nyheter.docx", "Heter.docx"),
    ],
)
def test_what_merely_looks_alike_is_not_asked_about(name: str, present: str) -> None:
    assert asked(name, present) is None


def test_the_same_name_goes_before_what_is_alike() -> None:
    present = ["Riktlinje v2.docx", "Riktlinje.docx", "Riktlinje (1).docx"]
    assert asked("riktlinje (1).docx", *present) == ("Riktlinje (1).docx", True)
    assert asked("Riktlinje v3.docx", *present) == ("Riktlinje v2.docx", True)
    assert asked("Riktlinje.odt", *present) == ("Riktlinje v2.docx", False)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Anteckningar från chefsnätverket 14 mars 2026_slutversion (2).docx", True),
        ("ANTECKNINGAR_FRÅN_CHEFSNÄTVERKET.docx", True),
        ("Anteckningar från chefsna\u0308tverket, vt26.docx", True),
        ("Anteckningar från vägledarna.docx", False),
    ],
)
def test_a_core_is_the_words_that_are_left(name: str, left: bool) -> None:
    assert (core(name) == "anteckningar från chefsnätverket") == left


MARKS = ["Riktlinje", "LSS", "kopia", "av", "(1)", "v2", "ny", "utkast", "2026-03-14", "-", "_"]
WORDS = st.lists(st.sampled_from([*MARKS, "14", "mars", "2026", "vecka", "5"]), max_size=12)


@given(WORDS.map(" ".join) | st.text(max_size=60), st.sampled_from(["", ".docx", ".odt", ".pdf"]))
def test_every_name_is_a_version_of_itself_and_of_its_copies(name: str, suffix: str) -> None:
    assert asked(name + suffix, name + suffix) == (name + suffix, True)
    assert core(name) or not name.strip(" _-.,;+–\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0")


def test_a_thousand_files_are_looked_up_among_ten_thousand_of_one_name() -> None:
    present = Index([Document(f"Träff 14 mars {1990 + n % 40} kl {n}.docx") for n in range(9_000)])
    assert present.alike("Träff 14 mars 2020 kl 30.docx") is not None
    many = Index([Document(f"Träff {1 + n % 28} mars {1990 + n % 40}.docx") for n in range(9_000)])
    found = [many.alike(f"Träff {1 + n % 28} april.docx") for n in range(1_000)]
    assert all(one and not one.certain for one in found)
