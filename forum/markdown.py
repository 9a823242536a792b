"""Markdown as HTML: CommonMark with tables and tasks, made to fit a page where h3 is the post's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from forum.links import SAFE_HREF, linked, words_of

# Python frames grow with it too, so not more; with the parser's own 20, words vanished from
# the tenth level of a list.
MAX_NESTING: Final = 50


def to_html(text: str, people: Mapping[str, Mapping[str, str]]) -> tuple[str, set[str]]:
    """Give the HTML of the Markdown `text`, and the usernames of `people` that became links.

    `people` have username, name and href, and stand under their usernames. Nothing bounds the
    work here: `markup_bounds.check` comes first.
    """
    env: dict[str, Any] = {"people": people, "mentioned": set(), "quoted": False}
    return _parser.render(text, env), env["mentioned"]


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        return bool(SAFE_HREF.fullmatch(url))


def _adapt(state: StateCore) -> None:
    """Make the parsed text fit a page: a rule that runs after the parser's own."""
    tokens, ranks, quotations = state.tokens, list[int](), 0
    for at, token in enumerate(tokens):
        if token.type in {"blockquote_open", "blockquote_close"}:
            quotations += token.nesting
            # Whoever quotes a mention does not call on that member once more.
            state.env["quoted"] = quotations > 0
        elif token.type == "inline":
            token.children = list(linked(token.children or [], state.md, state.env))
        elif token.type == "heading_open":
            token.tag = tokens[at + 2].tag = _heading(int(token.tag[1]), ranks)
        elif token.type in {"th_open", "td_open"}:
            _adapt_cell(token, tokens[at + 1], tokens[at + 2])
        elif token.type == "list_item_open" and "checked" in token.meta:
            _adapt_task(token, tokens[at + 2])
        elif token.type == "table_open":
            token.meta["name"] = _header_words(tokens, at)


def _heading(rank: int, ranks: list[int]) -> str:
    # A post's own heading is h3. No level is skipped, whatever the writer began with.
    while ranks and ranks[-1] >= rank:
        ranks.pop()
    ranks.append(rank)
    return f"h{min(3 + len(ranks), 6)}"


def _adapt_cell(opening: Token, content: Token, closing: Token) -> None:
    if alignment := str(opening.attrs.pop("style", "")):
        opening.attrs["class"] = alignment.replace("text-align:", "align-")
    if opening.type == "th_open" and content.content.strip():
        opening.attrs["scope"] = "col"
    else:  # an empty header cell heads nothing
        opening.tag = closing.tag = "td"


def _adapt_task(item: Token, content: Token) -> None:
    # A label, so that the box has a name. Where the item begins with a list, a sign will do.
    if content.type == "inline":
        checked = item.meta.pop("checked")
        box = f'<input type="checkbox" disabled{" checked" if checked else ""}>'
        start, end = Token("html_inline", "", 0), Token("html_inline", "", 0)
        start.content, end.content = f"<label>{box} ", "</label>"
        content.children = [start, *(content.children or []), end]


def _header_words(tokens: list[Token], at: int) -> str:
    names = []
    while tokens[at].type != "tr_close":
        if tokens[at].type == "inline":
            names.append(words_of(tokens[at].children or []))
        at += 1
    return ", ".join(filter(None, names))[:200]


class _Renderer(RendererHTML):
    """Elements with more to them than a tag; every method is a rule named for its token."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # Focusable, since long lines scroll; no class, since its words would be the writer's.
        return f'<pre tabindex="0"><code>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    code_block = fence

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        signs = {True: "☑ ", False: "☐ ", None: ""}
        opening = self.renderToken(tokens, idx, options, env)
        return opening + signs[tokens[idx].meta.get("checked")]

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        # What scrolls must take focus, and what takes focus needs a name. Its header row is one
        # in the writer's own language. Not role="region": two tables may have the same header.
        name = escapeHtml(tokens[idx].meta["name"])
        return f'<div class="table" role="group" tabindex="0" aria-label="{name}"><table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table></div>\n"


_parser: Final = _Parser(
    "commonmark",
    # A line break is a line break, as in the mail people are used to; CommonMark allows it. The
    # built-in task lists, since the plug-in looks back over the whole list for every item.
    {
        "html": False,
        "breaks": True,
        "xhtmlOut": False,
        "tasklists": True,
        "maxNesting": MAX_NESTING,
    },
    renderer_cls=_Renderer,
).enable("table")
_parser.core.ruler.push("adapt", _adapt)
