"""Terms sort by time, are read as people write them, and are guessed from the names of files."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import terms
from forum.language import speaking
from forum.terms import Term
from storage.people import Language

TERMS = st.builds(Term, st.integers(1990, 2099), st.integers(1, 2))


def test_spring_is_january_to_june() -> None:
    assert terms.of(date(2026, 1, 1)) == terms.of(date(2026, 6, 30)) == Term(2026, 1)
    assert terms.of(date(2026, 7, 1)) == terms.of(date(2026, 12, 31)) == Term(2026, 2)


def test_a_term_is_shown_in_the_readers_language() -> None:
    assert [Term(2026, 1).shown, Term(2026, 2).shown] == ["vt 2026", "ht 2026"]
    with speaking(Language.ENGLISH):
        assert [Term(2026, 1).shown, Term(2026, 2).shown] == ["spring 2026", "autumn 2026"]


@given(TERMS, TERMS)
def test_what_is_stored_sorts_by_time(one: Term, other: Term) -> None:
    assert (one < other) == (one.stored < other.stored)
    assert terms.parse(one.stored) == one


@given(TERMS, st.integers(-9, 9))
def test_terms_follow_each_other(term: Term, count: int) -> None:
    assert term.moved(count).moved(-count) == term
    assert (term.moved(count) > term) == (count > 0)
    assert Term(2026, 2).moved(1) == Term(2027, 1)


@pytest.mark.parametrize("language", list(Language))
@given(TERMS)
def test_what_is_shown_can_be_read(language: Language, term: Term) -> None:
    with speaking(language):
        assert terms.parse(term.shown) == term


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("2026-1", Term(2026, 1)),
        ("vt 2026", Term(2026, 1)),
        ("HT26", Term(2026, 2)),
        ("ht-26", Term(2026, 2)),
        ("2026 ht", Term(2026, 2)),
        ("26vt", Term(2026, 1)),
        ("Vårterminen 2026", Term(2026, 1)),
        ("hösten 2026", Term(2026, 2)),
        ("Autumn 2026", Term(2026, 2)),
        ("2026-3", None),
        ("2026", None),
        ("vt", None),
        ("vt 2026 och ht 2026", None),
        ("Chefsnätverket 2026 ht", None),
        ("", None),
    ],
)
def test_a_term_is_read_as_people_write_it(written: str, term: Term | None) -> None:
    assert terms.parse(written) == term


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Anteckningar 14 mars 2026.docx", date(2026, 3, 14)),
        ("Anteckningar den 14:e mars 2026.docx", date(2026, 3, 14)),
        ("Anteckningar_torsdag_14_mars_2026.docx", date(2026, 3, 14)),
        ("14-mars-2026 protokoll.pdf", date(2026, 3, 14)),
        ("Träff 14-15 mars 2026.pdf", date(2026, 3, 14)),
        ("Träff 14 mars 26.pdf", date(2026, 3, 14)),
        ("Möte 14.3.2026.odt", date(2026, 3, 14)),
        ("Möte 14/3-2026", date(2026, 3, 14)),
        ("2026-03-14 Kallelse.pdf", date(2026, 3, 14)),
        ("20260314.pdf", date(2026, 3, 14)),
        ("260314 Minnesanteckningar.docx", date(2026, 3, 14)),
        ("Skanning_20260314-101112.pdf", date(2026, 3, 14)),
        ("Rapport 2026, ändrad 2026-03-14", date(2026, 3, 14)),
        ("2026 ht", Term(2026, 2)),
        ("Program ht26.docx", Term(2026, 2)),
        ("Nyhetsbrev mars 2026.pdf", Term(2026, 1)),
        ("Nyhetsbrev 2026-09.pdf", Term(2026, 2)),
        ("Anteckningar 14 mars.docx", None),
        ("Verksamhetsplan 2026.docx", None),
        ("LSS 1993:387.pdf", None),
        ("RJL 2026-1234.pdf", None),
        ("SOSFS 2012-3.pdf", None),
        ("2026-02-30.pdf", None),
        ("31 april 2026.pdf", Term(2026, 1)),
        ("851203.pdf", None),
        ("Karta.pdf", None),
        ("", None),
    ],
)
def test_a_day_or_a_term_is_guessed_from_a_name(name: str, told: date | Term | None) -> None:
    assert terms.guess(name) == told


def test_a_day_without_a_year_is_one_of_the_folders_term() -> None:
    name = "Anteckningar 14 mars.docx"
    assert terms.guess(name, Term(2019, 1)) == date(2019, 3, 14)
    assert terms.guess(name, Term(2019, 2)) is None
    assert terms.guess("Anteckningar 29 februari.docx", Term(2019, 1)) is None
    assert terms.guess("Anteckningar 14 mars 2026.docx", Term(2019, 1)) == date(2026, 3, 14)


@given(st.text(max_size=100) | st.text(alphabet="0123 -/.vthmarsmaj", max_size=100))
def test_any_name_can_be_asked(name: str) -> None:
    assert terms.parse(name) is None or terms.guess(name) is not None or "-" in name


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_every_day_is_found_in_every_way_of_writing_it(day: date) -> None:
    for shown in (f"{day}", f"{day:%Y%m%d}", f"{day.day}.{day.month}.{day.year}", f"{day:%y%m%d}"):
        assert terms.guess(f"Möte {shown}.docx") == day, shown
