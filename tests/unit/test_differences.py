"""What was added and removed, word by word, whatever the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.differences import MOST, Fate, differences

SAME, REMOVED, ADDED = Fate.SAME, Fate.REMOVED, Fate.ADDED
texts = st.text(alphabet="ab \nå.", max_size=40)


def woven(before: str, after: str) -> list[tuple[Fate, str]]:
    return [(one.fate, one.text) for one in differences(before, after)]


@given(texts, texts)
def test_both_texts_can_be_read_out_of_what_is_woven(before: str, after: str) -> None:
    passages = woven(before, after)
    assert "".join(text for fate, text in passages if fate != ADDED) == before
    assert "".join(text for fate, text in passages if fate != REMOVED) == after
    assert all(text for _, text in passages)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert woven(text, text) == ([(SAME, text)] if text else [])


def test_a_replaced_word_is_removed_and_then_the_new_one_is_added() -> None:
    assert woven("Vi har två grupper.", "Vi har tre grupper.") == [
        (SAME, "Vi har "),
        (REMOVED, "två"),
        (ADDED, "tre"),
        (SAME, " grupper."),
    ]


def test_neighbouring_words_are_replaced_together() -> None:
    assert woven("i dag två grupper", "i dag tre personer") == [
        (SAME, "i dag "),
        (REMOVED, "två grupper"),
        (ADDED, "tre personer"),
    ]


def test_a_text_with_too_many_changes_is_compared_line_by_line() -> None:
    before = "\n".join(f"rad {n} nu, sen, sist\nlika" for n in range(MOST // 3))
    after = before.replace("nu", "då").replace("sen", "förr").replace("sist", "först")
    passages = woven(before, after)
    assert len(passages) == MOST
    assert passages[:3] == [
        (REMOVED, "rad 0 nu, sen, sist\n"),
        (ADDED, "rad 0 då, förr, först\n"),
        (SAME, "lika\n"),
    ]


def test_texts_with_too_many_changed_lines_are_replaced_between_what_they_share() -> None:
    before, after = ("\n".join(f"{letter}{n}" for n in range(500)) for letter in "xy")
    passages = woven(f"lika\n{before}\nslut", f"lika\n{after}\nslut")
    assert passages == [
        (SAME, "lika\n"),
        (REMOVED, f"{before}\n"),
        (ADDED, f"{after}\n"),
        (SAME, "slut"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 16_000, "a " * 10_000 + "b"),
        ("a b " * 8_000, "b a " * 8_000),
        (".\n" * 16_000, ",\n" * 200 + ".\n" * 15_000),
    ],
)
def test_the_longest_texts_are_compared_within_the_bound(before: str, after: str) -> None:
    passages = woven(before, after)
    assert "".join(text for fate, text in passages if fate != REMOVED) == after
    assert len(passages) <= 4 * MOST
