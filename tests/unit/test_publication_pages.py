"""Pages that are made of what was read out of files, and what they are found by."""

import pytest

from forum.public_search import LOOKED_THROUGH, WORDS, folded, words_of
from forum.publication_pages import MOST_SHOWN, headed, page_of, paragraphs, with_tables
from storage.people import Language
from storage.renditions import Rendition, RenditionPage


def read(kind: str, **said: object) -> Rendition:
    return Rendition(kind=kind, **said)


@pytest.mark.parametrize(
    ("made", "first", "wanted"),
    [
        ("<h3>a</h3><h4>b</h4><h3>c</h3>", 2, "<h2>a</h2><h3>b</h3><h2>c</h2>"),
        ("<h5>a</h5><h3>b</h3><h6>c</h6>", 2, "<h2>a</h2><h2>b</h2><h3>c</h3>"),
        ("<h2>a</h2><h6>b</h6><h4>c</h4>", 4, "<h4>a</h4><h5>b</h5><h5>c</h5>"),
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>", 4, "<h4>a</h4><h5>b</h5><h6>c</h6><h6>d</h6>"),
        ("<p>&lt;h3&gt;</p>", 2, "<p>&lt;h3&gt;</p>"),
    ],
)
def test_headings_begin_where_they_should_and_skip_no_rank(
    made: str, first: int, wanted: str
) -> None:
    assert headed(made, first) == wanted


def test_each_table_scrolls_by_itself_and_has_a_name() -> None:
    made = with_tables("<table></table><p>a</p><table></table>")
    assert made.count('<div class="table" role="group" tabindex="0" aria-label="Tabell 1">') == 1
    assert made.count('aria-label="Tabell 2"') == 1
    assert made.count("</table></div>") == 2
    assert with_tables(made) == made


def test_full_lines_of_a_text_run_on_and_short_ones_end() -> None:
    text = "En rad som är full av ord\noch en rad till som hör dit\nKort\n\nNytt stycke & <b>"
    assert paragraphs(text) == (
        "<p>En rad som är full av ord och en rad till som hör dit Kort</p>\n"
        "<p>Nytt stycke &amp; &lt;b&gt;</p>"
    )
    assert paragraphs("Kort\nEn mycket längre rad som följer") == (
        "<p>Kort<br>En mycket längre rad som följer</p>"
    )
    assert paragraphs(" \n\n ") == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<p onclick="x">a</p>',
        "<p><b>a",
        '<a href="javascript:x">a</a>',
    ],
)
def test_html_that_no_preview_holds_is_shown_as_text_or_left_out(hostile: str) -> None:
    made = page_of(read("html", html=hostile), [], Language.SWEDISH)
    assert "<script" not in made
    assert "<p onclick" not in made
    assert 'href="javascript' not in made


def test_what_is_added_is_in_the_publications_own_language() -> None:
    pages = [RenditionPage(number=1, text="Text."), RenditionPage(number=2, text=" ")]
    made = page_of(read("pages", page_count=2), pages, Language.ENGLISH)
    assert made == ("<h2>Page 1</h2>\n<p>Text.</p>\n<h2>Page 2</h2>\n<p>There is no text here.</p>")


@pytest.mark.parametrize("kind", ["image", "none", "pages", "text"])
def test_of_a_file_without_text_there_is_no_page(kind: str) -> None:
    pages = [RenditionPage(number=1, text="")]
    assert page_of(read(kind, text="", page_count=1), pages, Language.SWEDISH) == ""


def test_a_long_text_is_cut_and_says_so() -> None:
    made = page_of(read("text", text="ord " * MOST_SHOWN), [], Language.SWEDISH)
    assert made.endswith("<p>Bara den första delen visas här. Resten finns i filen.</p>")
    assert len(made) < MOST_SHOWN + 200
    pages = [RenditionPage(number=one, text="ord " * (MOST_SHOWN // 10)) for one in range(1, 9)]
    made = page_of(read("pages", page_count=8), pages, Language.SWEDISH)
    assert "de första 2 av 8 sidor" in made


def test_words_are_found_whatever_their_letters_are_written_as() -> None:
    assert folded("Café", "ÅÄÖ-dagen!", "e\u0301n_ruta") == "cafe åäö dagen en ruta"
    assert folded("A\u030angström, Müller & Straße") == "ångström muller strasse"
    assert len(folded("å" * 2 * LOOKED_THROUGH)) == LOOKED_THROUGH


def test_of_what_somebody_looks_for_a_few_words_count() -> None:
    assert words_of("Möte, möte och MÖTE") == ["möte", "och"]
    assert words_of("%_% ' \" ;") == []
    assert len(words_of(" ".join(f"ord{number}" for number in range(50)))) == WORDS
    assert [len(word) for word in words_of("x" * 10_000)] == [40]
