"""A template with holes, filled in, is what it would have been with the words in it."""

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from web.stencils import NONE, Holes, Stencil, Words, holes, yes

TEMPLATE = Environment(autoescape=True).from_string(
    '<p title="100 % {{ it.name }}">{% if it.text %}{{ it.text }}, {% endif %}'
    "%(name)s {{ it.name }}</p>"
)
HOSTILE = st.sampled_from(
    ["%", "%s", "%(name)s", "%%", "\0name\0", "{{ it.name }}", "<b>", "&", '"', "\n", "å", ""]
)
TEXTS = st.lists(st.one_of(st.text(max_size=20), HOSTILE), max_size=6).map("".join)


def filled(words: Words) -> str:
    return Stencil(TEMPLATE.render(it=Holes(holes(words)))).fill(words)


@given(TEXTS, TEXTS)
def test_whatever_the_words_are_they_stand_in_their_holes_and_nowhere_else(
    name: str, text: str
) -> None:
    words = {"name": escape(name), "text": escape(text)}
    assert filled(words) == TEMPLATE.render(it=words)


def test_a_word_that_is_not_there_is_empty_and_asked_for_in_vain() -> None:
    words = {"name": escape("Ann"), "text": NONE, "unused": yes(1)}
    assert holes(words) == ("name", "unused")
    assert filled(words) == '<p title="100 % Ann">%(name)s Ann</p>'


def test_what_is_filled_in_is_markup_and_is_not_escaped_again() -> None:
    assert escape(Stencil("<p>\0name\0</p>").fill({"name": escape("<b>")})) == "<p>&lt;b&gt;</p>"


def test_only_the_template_loses_its_indentation() -> None:
    stencil = Stencil("<div>\n    <pre>\0name\0</pre>\n\n\n</div>\n")
    words = {"name": Markup("if so:\n    stop")}
    assert stencil.fill(words) == "<div>\n<pre>if so:\n    stop</pre>\n</div>\n"


def test_a_word_is_there_when_what_is_said_is_true() -> None:
    assert [bool(yes(one)) for one in (True, 1, "a", False, 0, "", None)] == [True] * 3 + [
        False
    ] * 4
