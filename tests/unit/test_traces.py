"""How quotations of a removed text are known, and what is left alone."""

import pytest

from forum.traces import Text, traces

REMOVED = Text(
    "Kalle i Habo har **diabetes** och bor på Storgatan.\n\nJa.",
    "<p>Kalle i Habo har <strong>diabetes</strong> och bor på Storgatan.</p><p>Ja.</p>",
)


@pytest.mark.parametrize(
    "line",
    [
        "> Kalle i Habo har **diabetes** och bor på Storgatan.",
        "> Kalle i Habo har diabetes och bor",
        "> > alle i Habo har diab",
        ">Kalle",
        "> Ja.",
        "Kalle i Habo har diabetes",
        "Som du skrev: Kalle i Habo har diabetes och bor på Storgatan. Är det så?",
    ],
)
def test_a_line_that_holds_a_passage_of_it_is_taken_out(line: str) -> None:
    known = traces([REMOVED])
    assert known.held_by(f"Hej!\n{line}\n\nTack.")
    assert known.taken_from(f"Hej!\n{line}\n\nTack.") == "Hej!\n\nTack."


@pytest.mark.parametrize(
    "line", ["Ja.", "Kalle", "> Jag", "> — [Bob Berg](/n/x/threads/1/posts/2)", "", ">", "I Habo"]
)
def test_what_is_somebodys_own_is_left(line: str) -> None:
    known = traces([REMOVED])
    assert not known.held_by(line)
    assert known.taken_from(line) == line


def test_what_remains_in_another_text_of_the_post_is_no_trace() -> None:
    kept = Text("Vi har tre grupper om dagen.")
    known = traces([Text("Vi har tre grupper om dagen.\nKalle går i den ena.")], [kept])
    assert known.taken_from("> Vi har tre grupper om dagen.\n> Kalle går i den ena.") == (
        "> Vi har tre grupper om dagen."
    )


def test_nothing_removed_leaves_no_trace() -> None:
    assert not traces([Text("")]).held_by("> Vad som helst")
