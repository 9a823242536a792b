"""The second lock: what the allow-list lets through, whoever wrote the HTML."""

import time

import bleach
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.allowed_html import _PLAIN, cleaned

PIECES = ["<p>", "</p>", "<em>", "</em>", "<strong>", "<br>", "<ul>", "<li>", "</li>", "</ul>",
          "&amp;", "&lt;", "&quot;", "ord ", "åäö", "<", ">", "&", "<script>", "<p class=x>",
          "<a href='javascript:x'>", "<img src=x onerror=y>",
          "</script>", "<!--", "-->"]  # fmt: skip
NESTED = (
    "<p>Hej <strong>du</strong> &amp; <em>ni</em><br>\nUng &lt; 18</p>\n<ul>\n<li>ett</li>\n</ul>"
    '<ol start="12"><li>tolv</li></ol>'
)


def test_a_plain_text_is_as_bleach_would_have_it() -> None:
    tags, attributes = {"p", "em", "strong", "br", "ul", "ol", "li"}, {"ol": ["start"]}
    assert _PLAIN.fullmatch(NESTED)
    assert cleaned(NESTED) == bleach.clean(NESTED, tags, attributes) == NESTED


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick=x>y</p>",
        "<p/onclick=x>y",
        "<P>y</P><svg onload=x>",
        "<a href='javascript:x'>y</a>",
        "<p>y</p><!-- <script> -->",
        "<p\x0conclick=x>",
        "<style>*{}</style>",
        "&quot;",
        "<br/>",
        '<ol start="1" onclick="x">',
        '<ol start="1234567890">',
    ],
)
def test_what_is_not_plain_goes_to_bleach(html: str) -> None:
    assert not _PLAIN.fullmatch(html)
    assert "<script" not in cleaned(html)
    assert "<svg" not in cleaned(html)
    assert "<style" not in cleaned(html)


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_attribute_and_no_other_element_passes_as_plain(pieces: list[str]) -> None:
    html = "".join(pieces)
    if _PLAIN.fullmatch(html):
        assert not {"<script>", "<!--", "<p class=x>", "<img src=x onerror=y>"} & set(pieces)
        assert "javascript:" not in html


def test_it_is_decided_in_one_go() -> None:
    began = time.process_time()
    for text in ("<p>" * 50_000 + "<", "a" * 500_000 + "<", "&amp;" * 100_000 + "&"):
        assert not _PLAIN.fullmatch(text)
    assert time.process_time() - began < 2
