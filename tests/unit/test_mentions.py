"""Mentions: whom a text may mean, and who becomes a link."""

import time

import pytest

from forum.markup import render, usernames_in
from tests.markup import MEMBERS


async def test_a_mention_of_a_member_becomes_a_link_with_the_name() -> None:
    rendered = await render("Hej @anna.ek.", MEMBERS)
    assert rendered.html == '<p>Hej <a class="mention" href="/n/vux/p/anna.ek">@Anna Ek</a>.</p>\n'
    assert rendered.mentioned == {"anna.ek"}


@pytest.mark.parametrize(
    "text", ["@Anna.Ek", "(@anna.ek)", "**@anna.ek**", "@anna.ek, du", "@anna.ek: ja", "@anna.ek…"]
)
async def test_a_mention_may_stand_among_punctuation(text: str) -> None:
    assert (await render(text, MEMBERS)).mentioned == {"anna.ek"}
    assert usernames_in(text) == {"anna.ek"}


@pytest.mark.parametrize(
    "text",
    [
        "`@anna.ek`", "    @anna.ek", "~~~\n@anna.ek\n~~~", "[@anna.ek](https://x.se)",
        "info@anna.ek", "@@anna.ek", "https://x.se/@anna.ek", "@anna.ek@x.se", "@anna.ekö",
        "@anna.ek.nu", "@anna_ek", "@anna", "@bo.okänd", "anna.ek", "@ anna.ek", "å@anna.ek",
    ],
)  # fmt: skip
async def test_what_only_looks_like_a_mention_is_none(text: str) -> None:
    rendered = await render(text, MEMBERS)
    assert rendered.mentioned == frozenset()
    assert "mention" not in rendered.html


async def test_a_name_is_text_whatever_is_in_it() -> None:
    rendered = await render("@bo.ek2", MEMBERS)
    assert ">@Bo &quot;&lt;b&gt;&amp;</a>" in rendered.html
    assert rendered.mentioned == {"bo.ek2"}


def test_candidates_are_found_lower_case_and_outside_mail_addresses() -> None:
    text = "@Anna.Ek, @anna-karin.ek2. info@ale.se @x.y@z.se @åke @slut.-"
    assert usernames_in(text) == {"anna.ek", "anna-karin.ek2", "slut"}


def test_candidates_are_at_most_fifty_and_found_in_linear_time() -> None:
    assert len(usernames_in(" ".join(f"@a.b{n}" for n in range(99)))) == 50
    for hostile in ("@", "@a", "a.", "@a.", "a@", "@a-", "@" + "a." * 9):
        text = hostile * (1_000_000 // len(hostile))
        started = time.process_time()
        usernames_in(text)
        assert time.process_time() - started < 1
