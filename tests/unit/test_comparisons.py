"""Two versions of a document: what differs is found, folded, bounded and told in words."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import comparisons
from forum.alignment import aligned
from forum.comparisons import MOST_SHOWN, Comparison, Kind, compare, paragraphs
from forum.differences import Fate
from forum.language import speaking
from storage.people import Language
from web import words
from web.jinja import macro

MINUTES = """\
Anteckningar 14 mars
Närvarande: Aneby, Eksjö, Habo och Vetlanda.
1. Föregående anteckningar
Anteckningarna lades till handlingarna.
3. Yrkesresan
Varje kommun anmäler platser.
4. Arbete och sysselsättning
Jönköping redovisar övergångar från daglig verksamhet: 41 personer under 2023.
Nästa möte är den 23 maj."""
ADOPTED = (
    MINUTES.replace("anmäler platser.", "anmäler platser senast 25 april.")
    .replace("41 personer under 2023", "14 personer under 2024")
    .replace("Anteckningarna lades till handlingarna.\n", "")
    + "\nVid anteckningarna: Maria Sandell"
)


def kinds(told: Comparison) -> list[list[Kind]]:
    return [[one.kind for one in place.paragraphs] for place in told.places]


def shown(told: Comparison) -> str:
    return re.sub(
        r"\s+", " ", re.sub("<[^>]+>", "", macro("documents/comparison.html", "shown", told))
    )


def test_paragraphs_are_changed_added_and_removed() -> None:
    told = compare(MINUTES, ADOPTED)
    assert (told.changed, told.added, told.removed) == (2, 1, 1)
    assert kinds(told) == [
        [Kind.SAME, Kind.REMOVED],
        [Kind.SAME, Kind.CHANGED],
        [Kind.SAME, Kind.CHANGED],
        [Kind.SAME, Kind.ADDED],
    ]
    assert [place.alike_before for place in told.places] == [2, 0, 0, 0]
    assert told.alike_after == 0


def test_words_are_marked_in_a_paragraph_that_is_changed() -> None:
    figures = compare(MINUTES, ADOPTED).places[2].paragraphs[1]
    assert [(one.fate, one.text) for one in figures.passages] == [
        (Fate.SAME, "Jönköping redovisar övergångar från daglig verksamhet: "),
        (Fate.REMOVED, "41"),
        (Fate.ADDED, "14"),
        (Fate.SAME, " personer under "),
        (Fate.REMOVED, "2023"),
        (Fate.ADDED, "2024"),
        (Fate.SAME, "."),
    ]


def test_what_differs_is_told_in_words_that_can_be_heard() -> None:
    told = compare(MINUTES, ADOPTED)
    assert words.compared(told) == ("2 stycken ändrade, 1 stycke tillagt och 1 stycke borttaget")
    page = shown(told)
    assert "Skillnad 1 av 4" in page
    assert "2 stycken är lika" in page
    assert "verksamhet: borttaget: 41 slut på det borttagna. tillagt: 14 slut på det" in page
    assert "3. Yrkesresan" in page
    assert macro("documents/comparison.html", "shown", told).count("<h3") == 4
    with speaking(Language.ENGLISH):
        assert words.compared(compare("a\nb", "a\nc d\ne f")) == (
            "2 paragraphs added and 1 paragraph removed"
        )


def test_what_is_written_in_a_document_is_no_markup() -> None:
    html = macro("documents/comparison.html", "shown", compare("a", "<script>alert(1)</script>"))
    assert "<script" not in html


def test_the_same_words_are_told_to_be_the_same() -> None:
    told = compare(MINUTES, MINUTES.replace("\n", "\r\n\r\n") + "\n ")
    assert (told.differing, told.places, told.alike_after) == (0, [], 9)
    assert "Orden är desamma" in shown(told)
    assert compare("", "") == Comparison()


def test_lines_that_break_in_another_place_are_the_same() -> None:
    """As in a PDF, which has lines and no paragraphs."""
    one = "Habo och Mullsjö har gemensam beredskap under sommaren\noch prövar en form i höst.\nSlut"
    other = "Habo och Mullsjö har gemensam beredskap\nunder sommaren och prövar en\n"
    other += "form i höst.\nSlut"
    assert compare(one, other).differing == 0
    assert paragraphs(one)[-1] == "Slut"
    names = "Närvarande var Anna Ek, Bo Ström, Maria Sandell,\nEva Lind och Åsa Berg."
    assert compare(names, names.replace("Sandell,\nEva", "Sandell, Eva")).differing == 0


def test_cells_of_a_row_stand_apart() -> None:
    assert paragraphs("Aneby \t12\t \t3") == ["Aneby | 12 |  | 3"]


def test_a_paragraph_that_was_moved_is_removed_and_added() -> None:
    told = compare("ett två\ntre fyra\nfem sex", "tre fyra\nfem sex\nett två")
    assert (told.changed, told.added, told.removed) == (0, 1, 1)


def test_an_added_heading_does_not_shift_what_follows() -> None:
    before = "Beslut:\nVi börjar i höst.\nBeslut:\nVi väntar med resten."
    after = (
        "Beslut:\nVi börjar i höst.\nBeslut:\nHabo leder arbetet.\nBeslut:\nVi väntar med resten."
    )
    told = compare(before, after)
    assert (told.changed, told.added, told.removed) == (0, 2, 0)


def text(count: int, seed: int = 1, length: int = 30) -> list[str]:
    chance = random.Random(seed)
    some = [f"ord{chance.randrange(10_000)}" for _ in range(2_000)]
    return [" ".join(chance.choices(some, k=length)) + "." for _ in range(count)]


def test_a_word_that_is_replaced_everywhere_is_a_change_everywhere() -> None:
    before = [f"{one} Kommunen svarar. {one}" for one in text(3_000)]
    after = [one.replace("Kommunen", "Regionen") for one in before]
    del after[1500]
    told = compare("\n".join(before), "\n".join(after))
    assert (told.changed, told.added, told.removed) == (2_999, 0, 1)


def test_what_differs_is_shown_up_to_a_bound_and_counted_beyond() -> None:
    before = text(1_000, length=5)
    told = compare("\n".join(before), "\n".join(f"Nytt {one}" for one in before))
    assert told.changed == 1_000
    assert sum(len(place.paragraphs) for place in told.places) == MOST_SHOWN
    assert told.left_out == 1_000 - MOST_SHOWN
    assert "800 stycken till skiljer sig" in shown(told)


def test_the_longest_texts_are_compared_within_the_bounds() -> None:
    """Two million characters each: steps are counted, for seconds depend on the machine."""
    long = text(9_000)
    noise = ["a", "b"] * 500_000
    for before, after in (
        (long, text(9_000, seed=2)),
        (noise, noise[1:]),
        (["a b " * 500_000], ["b a " * 500_000]),
        (["a" * 2_000_000], ["b" * 2_000_000]),
    ):
        told = compare("\n".join(before), "\n".join(after))
        assert sum(len(place.paragraphs) for place in told.places) <= 2 * MOST_SHOWN
        assert len(macro("documents/comparison.html", "shown", told)) < 600_000
        assert told.cut == (len(before) > comparisons.MOST_COMPARED)
    assert "slutet inte jämfördes" in shown(compare("\n".join(noise), "a"))


LINES = st.lists(
    st.text(alphabet="abå. ", max_size=8) | st.sampled_from(["Beslut:", "Vi börjar i höst nu."]),
    max_size=12,
)


@given(LINES, LINES)
def test_every_paragraph_is_told_once_and_in_order(before: list[str], after: list[str]) -> None:
    pairs = aligned(before, after)
    assert [i for i, _j in pairs if i is not None] == list(range(len(before)))
    assert [j for _i, j in pairs if j is not None] == list(range(len(after)))


@given(LINES, LINES)
def test_the_new_text_can_be_read_out_of_what_is_shown(before: list[str], after: list[str]) -> None:
    told = compare("\n".join(before), "\n".join(after))
    new = paragraphs("\n".join(after))
    read = [
        "".join(one.text for one in paragraph.passages if one.fate != Fate.REMOVED)
        for place in told.places
        for paragraph in place.paragraphs
        if paragraph.kind != Kind.REMOVED
    ]
    assert [one for one in read if one not in new] == []
    assert told.differing or told.alike_after == len(new)


@pytest.mark.parametrize("size", [0, 1, 60, 200])
def test_nothing_against_something_is_added_or_removed(size: int) -> None:
    whole = "\n".join(text(size))
    assert (compare("", whole).added, compare(whole, "").removed) == (size, size)
