"""How much a text may hold: what is at a bound passes, and one more is refused."""

import re
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum import markdown, markup, markup_bounds
from forum.markup import render
from tests.markup import LONG, Page, html, patient_workers, refusal, table


@pytest.fixture(scope="module", autouse=True)
async def workers() -> AsyncIterator[None]:
    async with patient_workers():
        yield


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "\u202e", "[a]: https://x.se", "---", "&nbsp;"]
)
async def test_a_text_without_words_is_refused(text: str) -> None:
    assert (await refusal(text)).reason == "empty"


async def test_text_at_the_limit_of_length_passes_and_one_more_is_refused() -> None:
    prose = ("Så här gör vi i vår kommun när någon söker. " * 800)[:32_000]
    assert len(Page(await html(prose)).text) >= 31_999
    refused = await refusal(prose + "x")
    assert (refused.reason, refused.limit, refused.found) == ("too_long", 32_000, 32_001)


async def test_windows_line_endings_do_not_count_twice() -> None:
    await render(("x" * 79 + "\r\n") * 400)


async def test_long_text_of_swedish_letters_passes() -> None:
    await render("å" * 32_000)


@pytest.mark.parametrize("character", markup_bounds.MARKS)
async def test_marks_at_the_limit_pass_and_one_more_is_refused(character: str) -> None:
    text = f"a{character}b " * 2_000
    assert "a" in await html(text)
    refused = await refusal(text + character)
    assert (refused.reason, refused.limit) == ("too_many_marks", 2_000)
    assert (refused.found, refused.character) == (2_001, character)


@pytest.mark.parametrize(("columns", "rows"), [(2, 1_000), (20, 100), (100, 20), (1_000, 2)])
async def test_cells_at_the_limit_pass_and_one_row_more_is_refused(columns: int, rows: int) -> None:
    shown = await html("före\n\n" + table(columns, rows) + "\nefter")
    assert len(re.findall("<t[hd][ >]", shown)) == 2_000
    refused = await refusal(table(columns, rows + 1))
    assert (refused.reason, refused.limit) == ("too_many_cells", 2_000)
    assert refused.found == 2_000 + columns


@pytest.mark.parametrize("prefix", ["", "> ", ">> ", "> > ", "   "])
async def test_cells_are_counted_over_all_tables_and_inside_quotations(prefix: str) -> None:
    text = "\n\n".join([table(60, 10)] * 4)
    quoted = "".join(f"{prefix}{line}\n" for line in text.splitlines())
    assert (await refusal(quoted)).reason == "too_many_cells"


async def test_html_at_the_limit_passes_and_a_byte_more_is_refused() -> None:
    wrapping = len("<p></p>\n")
    quotes, letters = divmod(markup_bounds.MAX_HTML - wrapping, len("&quot;"))
    text = '"' * quotes + "a" * letters
    await render(text)
    refused = await refusal(text + "a")
    assert (refused.reason, refused.limit, refused.found) == ("too_much_html", 65_536, 65_537)


async def test_text_that_takes_too_long_is_refused_and_the_next_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def endless(function: object, *args: object) -> object:
        return await call(time.sleep, 60)

    call = markup.pool.call
    monkeypatch.setattr(markup.pool, "seconds", markup_bounds.SECONDS)
    monkeypatch.setattr(markup.pool, "call", endless)
    refused = await refusal("a" * 3_000)
    assert (refused.reason, refused.limit) == ("too_slow", 1)
    monkeypatch.undo()
    assert "aaa" in await html("a" * 3_000)


LINES = st.lists(
    st.text(alphabet="|-: >a\\`\t*1.", max_size=12)
    | st.sampled_from(["|a|b|", "|-|-|", "a|b", "-|-", "> |a|b|", "> |-|-|", "- |a|", "  |-|", ""]),
    max_size=12,
)


@settings(max_examples=20_000 if LONG else 300, deadline=None, derandomize=not LONG)
@given(LINES)
@example(["|a|b|", "|-|-|", "# x", "|a|b|c|", "|-|-|-|", "|"])
def test_no_table_gets_past_the_count_of_cells(lines: list[str]) -> None:
    text = "\n".join(lines)
    made = len(re.findall("<t[hd][ >]", markdown.to_html(text, {})[0]))
    assert made <= markup_bounds.cells(text)
