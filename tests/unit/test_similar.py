"""Titles are alike when they share long words, their stems or the parts of their compounds."""

import string
import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.similar import ALIKE, LONGEST_WORD, REMEMBERED, likeness, words_of


def alike(one: str, other: str) -> bool:
    return likeness(words_of(one), words_of(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ledsagarservice på semester?", "Vem betalar ledsagning?"),
        ("Hur bedömer ni boendestöd?", "Bedömning av boendestöd för unga"),
        ("Boende för äldre med LSS", "Gruppboende eller servicebostad?"),
        ("Genomförandeplaner", "Vem skriver genomförandeplanen?"),
        ("ÖVERENSKOMMELSE MED REGIONEN", "överenskommelser"),
        ("LSS", "LSS och SoL"),
        ("AKK i daglig verksamhet", "Kurs i AKK"),
    ],
)
def test_titles_about_the_same_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hur gör ni med vikarier?", "Hur gör ni med bilar?"),
        ("Vad tycker ni om det?", "Vad tycker personen om det?"),
        ("Ledsagning", "Ledning och styrning"),
        ("Avgift för mat", "Matematik"),
        ("", "Boendestöd"),
        ("?!", "Boendestöd"),
        ("12", "34"),
    ],
)
def test_common_words_and_chance_are_not_enough(one: str, other: str) -> None:
    assert not alike(one, other)


WORDS = st.text(alphabet=string.ascii_lowercase + "åäö ?0123456789", max_size=60)


@given(WORDS, WORDS)
def test_likeness_is_a_share_and_a_title_is_most_like_itself(one: str, other: str) -> None:
    here, there = words_of(one), words_of(other)
    assert likeness(here, there) >= 0
    assert likeness(here, here) == pytest.approx(1 if here else 0)


def test_what_somebody_types_fills_no_memory() -> None:
    random = Random(1)
    tracemalloc.start()
    try:
        for _ in range(2 * REMEMBERED):
            words = words_of("".join(random.choices(string.ascii_lowercase, k=160)))
            assert words
            assert max(map(len, words)) <= LONGEST_WORD
            likeness(words, ["gruppboende"])
        assert tracemalloc.get_traced_memory()[0] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()
