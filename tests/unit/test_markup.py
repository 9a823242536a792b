"""What Markdown becomes on a page."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.markup import html, patient_workers


@pytest.fixture(scope="module", autouse=True)
async def workers() -> AsyncIterator[None]:
    async with patient_workers():
        yield


async def test_headings_begin_under_the_posts_own_and_skip_no_level() -> None:
    text = "### Först\n\n# Större\n\n#### Under\n\n##### Under\n\n###### Under\n\n# Ny"
    assert re.findall("<(h.)>", await html(text)) == ["h4", "h4", "h5", "h6", "h6", "h4"]


async def test_a_table_scrolls_by_keyboard_and_is_named_by_its_header() -> None:
    shown = await html("|Kommun|Antal *svar*|\n|:-|-:|\n|Ale|3|")
    assert (
        '<div class="table" role="group" tabindex="0" aria-label="Kommun, Antal svar"><table>'
        in shown
    )
    assert '<th class="align-left" scope="col">Kommun</th>' in shown
    assert '<td class="align-right">3</td>' in shown


async def test_an_empty_header_cell_is_no_header() -> None:
    assert '<td></td>\n<th scope="col">b</th>' in await html("||b|\n|-|-|\n|1|2|")


async def test_code_is_focusable_and_takes_no_class_from_the_writer() -> None:
    assert (
        await html("~~~ mention\n<a>\n~~~") == '<pre tabindex="0"><code>&lt;a&gt;\n</code></pre>\n'
    )
    assert await html("    x\n") == '<pre tabindex="0"><code>x\n</code></pre>\n'


async def test_a_task_list_has_named_boxes_that_nobody_can_tick() -> None:
    shown = await html("- [ ] Ring *Ale*\n- [x] Klart")
    assert '<label><input type="checkbox" disabled> Ring <em>Ale</em></label>' in shown
    assert '<label><input type="checkbox" disabled checked> Klart</label>' in shown
    assert '<ul class="contains-task-list">\n<li class="task-list-item">' in shown


async def test_a_task_that_begins_with_a_list_shows_a_sign() -> None:
    assert "☑ " in await html("- [x] - a")


async def test_a_quotation_says_whose_it_is() -> None:
    shown = await html("> Så gör vi.\n> — [Anna Ek](/n/vux/t/1#r2)\n\nTack!")
    assert shown == (
        "<blockquote>\n<p>Så gör vi.<br>\n"
        '— <a href="/n/vux/t/1#r2" rel="nofollow noopener ugc">Anna Ek</a></p>\n'
        "</blockquote>\n<p>Tack!</p>\n"
    )


@pytest.mark.parametrize("nesting", ["> " * 40, "- " * 20, "> - " * 15])
async def test_no_words_vanish_in_deep_nesting(nesting: str) -> None:
    assert "innerst" in await html(nesting + "innerst")


async def test_raw_html_is_shown_as_text() -> None:
    assert (
        await html("<b>fet</b> & <!-- x -->")
        == "<p>&lt;b&gt;fet&lt;/b&gt; &amp; &lt;!-- x --&gt;</p>\n"
    )


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x07", "\u202e", "\u2067", "&#x202E;", "&#8295;", "\ud800"]
)
async def test_characters_that_deceive_are_removed(hidden: str) -> None:
    assert await html(f"fak{hidden}tura") == "<p>faktura</p>\n"


async def test_letters_are_composed_and_line_endings_are_one_kind() -> None:
    assert await html("a\u030angstro\u0308m\r\nrad\rrad") == "<p>ångström<br>\nrad<br>\nrad</p>\n"


async def test_words_after_much_white_space_are_words() -> None:
    assert "ord" in await html("&nbsp;" * 1_000 + "ord")
