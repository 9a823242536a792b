"""The first sentence of what somebody writes is its title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.easy_writing import first_sentence
from forum.titles import TITLE_LIMIT


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hur gör ni? Vi undrar.", "Hur gör ni?"),
        ("Vi vill veta mer. Kan ni hjälpa oss?", "Vi vill veta mer"),
        ("Hur gör ni\nVi undrar.", "Hur gör ni"),
        ("\n\n  Hej!  \n\nVad gör ni?", "Hej!"),
        ("Hur gör ni t.ex. på kvällen? Vi undrar.", "Hur gör ni t.ex. på kvällen?"),
        ("Vi ses kl. 10 i Habo. Kommer du?", "Vi ses kl. 10 i Habo"),
        ("Vad kostar det, ca. 50 kr? Vi undrar.", "Vad kostar det, ca. 50 kr?"),
        ("Vi har 7.5 timmar. Räcker det?", "Vi har 7.5 timmar"),
        ("Anna B. vill veta. Svara henne.", "Anna B. vill veta"),
        ("Jaha… Och sedan?", "Jaha…"),
        ("”Får jag?” Så frågar de.", "”Får jag?”"),
        ("## **Kan** man *det*?\n\nVi undrar.", "Kan man det?"),
        ("- Ett\n- Två", "Ett"),
        ("1. Ett\n2. Två", "Ett"),
        ("2 * 3 * 4 är 24. Eller?", "2 * 3 * 4 är 24"),
        ("Vem kan? vi undrar", "Vem kan?"),
        ("Utan tecken", "Utan tecken"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_it_ends_where_the_next_one_begins(text: str, title: str) -> None:
    assert first_sentence(text) == title


def test_a_long_one_is_cut_between_two_words() -> None:
    title = first_sentence("ord " * 100)
    assert len(title) <= TITLE_LIMIT
    assert title.endswith("ord…")
    assert len(first_sentence("x" * 400)) == TITLE_LIMIT


@given(st.text(max_size=400))
def test_it_is_one_line_that_a_title_has_room_for(text: str) -> None:
    title = first_sentence(text)
    assert len(title) <= TITLE_LIMIT
    assert "\n" not in title
    assert title == title.strip()
