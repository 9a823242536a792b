"""What the tests of markup share: members, ways to render, and a strict reader of pages."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import pytest

from forum import markup
from forum.markup import MarkupRefused, Mention, render

LONG = os.environ.get("SAMVERKAN_TEST_LONG") == "1"
ANNA = Mention("anna.ek", "Anna Ek", "/n/vux/p/anna.ek")
BO = Mention("bo.ek2", 'Bo "<b>&', "/n/vux/p/bo.ek2")
MEMBERS = {"anna.ek": ANNA, "bo.ek2": BO}


@asynccontextmanager
async def patient_workers() -> AsyncIterator[None]:
    """Let rendering take five times as long: a busy test machine must not refuse what is legal.

    CPU time is asserted on its own, in test_markup_time.py.
    """
    seconds, markup.pool.seconds = markup.pool.seconds, 5.0
    yield
    markup.pool.seconds = seconds
    await markup.close()


async def html(text: str) -> str:
    return (await render(text, MEMBERS)).html


async def refusal(text: str) -> MarkupRefused:
    with pytest.raises(MarkupRefused) as caught:
        await render(text, MEMBERS)
    return caught.value


def table(columns: int, rows: int) -> str:
    """A table whose rows under the header are as short as they can be written."""
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|\n" * (rows - 1)


TAGS = {
    "a": {"href", "rel", "class", "title"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "pre": {"tabindex"},
    "ul": {"class"},
    "ol": {"class", "start"},
    "li": {"class"},
    "input": {"type", "disabled", "checked"},
    "th": {"scope", "class"},
    "td": {"class"},
} | dict.fromkeys(
    "p br hr h4 h5 h6 em strong code blockquote label table thead tbody tr".split(),  # noqa: SIM905
    frozenset[str](),
)
VOID = {"br", "hr", "input"}
CLASSES = {
    "mention", "table", "contains-task-list", "task-list-item",
    "align-left", "align-center", "align-right",
}  # fmt: skip


class Page(HTMLParser):
    """Reads a page as a browser would and holds every tag to what is allowed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[dict[str, str]] = []
        self.text = ""
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        assert tag in TAGS, tag
        assert set(values) <= TAGS[tag], values
        assert values.get("class", "mention") in CLASSES
        assert values.get("tabindex", "0") == "0"
        if tag == "a":
            self.check_link(values)
        if tag == "input":
            assert values["type"] == "checkbox"
            assert "disabled" in values
        if tag not in VOID:
            self.open.append(tag)

    def check_link(self, values: dict[str, str]) -> None:
        assert re.match(r"https?://[^/?#@\\]|mailto:|/(?![/\\])|#", values["href"], re.IGNORECASE)
        assert re.fullmatch(r"[!-~]+", values["href"])
        if values.get("class") == "mention":
            assert values["href"] in {ANNA.href, BO.href}
        else:
            assert values["rel"] == "nofollow noopener ugc"
        assert "a" not in self.open
        self.links.append(values)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", data)
        self.text += data
