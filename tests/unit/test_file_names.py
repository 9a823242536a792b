"""Names of files are kept as they were written, but for what nobody can see or what misleads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import file_names
from forum.file_names import LIMIT, cleaned, media_type, suffix


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Genomförandeplan för Åsa (2).docx", "Genomförandeplan för Åsa (2).docx"),
        ("a\u030akarta.png", "åkarta.png"),
        ("a\u202a\u030akarta.png", "åkarta.png"),
        ("C:\\Users\\Anna\\karta.png", "karta.png"),
        ("../../etc/passwd", "passwd"),
        ("karta.png/", "fil"),
        ("", "fil"),
        (" . ", "fil"),
        ("..", "fil"),
        ("exe.\u202egnp.karta", "exe.gnp.karta"),
        ("rad\r\nX-Header: 1.txt", "rad X-Header: 1.txt"),
        ("nolla\x00.txt", "nolla.txt"),
        ("  två   blanka .txt ", "två blanka .txt"),
        ("citat\"och'.txt", "citat\"och'.txt"),
        ("🌲.png", "🌲.png"),
        (".htaccess", ".htaccess"),
    ],
)
def test_a_name_is_kept_as_it_was_written(given_name: str, kept: str) -> None:
    assert cleaned(given_name) == kept


@given(st.text(max_size=600))
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    kept = cleaned(name)
    assert 1 <= len(kept.encode()) <= LIMIT
    assert not set(kept) & set("/\\\r\n\x00\u202e\u2066")
    assert kept.strip(". ")
    assert cleaned(kept) == kept


def test_a_long_name_keeps_its_suffix_and_whole_letters() -> None:
    kept = cleaned("ö" * 300 + ".docx")
    assert kept == "ö" * 125 + ".docx"
    assert cleaned("x" * 300) == "x" * LIMIT
    assert cleaned("a." + "x" * 300) == ("a." + "x" * 300)[:LIMIT]


def test_what_a_browser_would_run_is_only_bytes() -> None:
    for name in ("a.html", "a.svg", "a.xhtml", "a.xml", "a.js", "a.mjs", "a.swf", "a", "a.png"):
        assert media_type(name) == file_names.ANY_TYPE
    assert media_type("Protokoll.PDF") == "application/pdf"


def test_a_suffix_is_what_one_would_call_it() -> None:
    assert suffix("a.tar.GZ") == "gz"
    for name in ("a", ".gitignore", "a.", "a.docx och mer", "a.b c", "a.superlong", "Möte 14.3"):
        assert suffix(name) == ""
