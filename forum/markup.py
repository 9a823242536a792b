"""Markdown in, safe HTML out: the only writer of `body_html`.

Text is tidied, bounded, parsed by markdown-it-py and then cleaned by bleach's allow-list, which
is a second lock: with `html=False` the parser passes no markup of the writer's own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from typing import Any, Final, Literal

import bleach
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from forum.render_pool import PoolFullError, RenderPool, TooSlowError, WorkerLostError

MAX_CHARACTERS: Final = 32_000
MAX_CELLS: Final = 2_000
MAX_MARKS: Final = 2_000
MAX_HTML: Final = 64 * 1024
MAX_MENTIONS: Final = 50
SECONDS: Final = 1.0
# Characters that the parser's time grows with worse than evenly, or has. The five, and
# ">": reference definitions between deep quotations took 3 s at 8,000 characters.
MARKS: Final = "[*_&<>"
# Python frames grow with it too, so not more; with the parser's own 20, words vanished from
# the tenth level of a list.
MAX_NESTING: Final = 50

# Text this short and plain is rendered on the event loop: see `_is_light`.
LIGHT_CHARACTERS: Final = 2_000
LIGHT_MARKS: Final = 100

Reason = Literal[
    "empty", "too_long", "too_many_cells", "too_many_marks", "too_much_html", "too_slow"
]


@dataclass(frozen=True, slots=True)
class Mention:
    """A member who can be mentioned in this network."""

    username: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML, and the usernames that became links in it."""

    html: str
    mentioned: frozenset[str]


class MarkupRefused(ValueError):
    """The text is beyond a bound: which, its value, what was found and of which character."""

    def __init__(
        self, reason: Reason, limit: int, found: int | None = None, character: str | None = None
    ) -> None:
        super().__init__(reason, limit, found, character)
        self.reason, self.limit, self.found, self.character = reason, limit, found, character


# ---- For pages and verbs -------------------------------------------------------------------

# A full stop ends a sentence, not a name; the atomic group keeps `@anna.ekö` from being @anna.
_USERNAME: Final = r"(?<![\w@/.+-])@(?P<username>(?>[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*))(?![\w@])"


def usernames_in(text: str) -> frozenset[str]:
    """Give the usernames, lower case and at most 50, that the Markdown `text` may mention.

    Whether somebody has them, and whether they stand in code, is for `render` to see.
    """
    found: set[str] = set()
    for match in re.finditer(_USERNAME, text[: 2 * MAX_CHARACTERS]):
        found.add(match["username"].lower())
        if len(found) == MAX_MENTIONS:
            break
    return frozenset(found)


async def render(text: str, members: Mapping[str, Mention] = {}) -> Rendered:
    """Render the Markdown `text`; mentions of `members`, by username, become links.

    Raises MarkupRefused. What is not short and plain is rendered in another process, so that the
    event loop is never held.
    """
    text = _tidied(text)
    _bound("too_long", MAX_CHARACTERS, len(text))
    people = {username: asdict(member) for username, member in members.items()}
    if _is_light(text):
        answer = render_here(text, people)
    else:
        try:
            answer = await pool.call(render_here, text, people)
        except (TooSlowError, WorkerLostError, PoolFullError) as error:
            raise MarkupRefused("too_slow", int(SECONDS)) from error
    if refused := answer.get("refused"):
        raise MarkupRefused(*refused)
    return Rendered(answer["html"], frozenset(answer["mentioned"]))


def render_here(text: str, people: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Do the work of `render` in this process, for it and its workers: JSON in, JSON out."""
    try:
        text = unicodedata.normalize("NFC", text)
        _check(text)
        env: dict[str, Any] = {"people": people, "mentioned": set()}
        # Entities can name characters that were tidied away, so tidy once more.
        html = _UNWANTED.sub("", _parser.render(text, env))
        _bound("too_much_html", MAX_HTML, len(html.encode()))
        if not _has_words(re.sub("<[^>]*>", "", html)):
            raise MarkupRefused("empty", 1, 0)
        return {"html": _cleaned(html), "mentioned": sorted(env["mentioned"])}
    except MarkupRefused as refused:
        return {"refused": refused.args}


def plain_excerpt(text_html: str, length: int) -> str:
    """Give the words of a rendered body, at most `length` characters; "…" when there was more."""
    collector = _Words(convert_charrefs=True)
    for start in range(0, len(text_html), 4 * length):
        collector.feed(text_html[start : start + 4 * length])
        if collector.size > length:
            break
    else:
        collector.close()
    words = " ".join("".join(collector.parts).split())
    if len(words) <= length:
        return words
    cut = words[:length]
    whole = cut if words[length] == " " else cut.rpartition(" ")[0]
    return (whole or cut[:-1]).rstrip(" ,.;:–-") + "…"


async def close() -> None:
    """End the processes that render; the next long text starts them anew."""
    await pool.close()


class _Words(HTMLParser):
    """The text of a page so far, and how many characters of it are not white space."""

    parts: list[str]
    size: int

    def reset(self) -> None:
        super().reset()
        self.parts, self.size = [], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"a", "em", "strong", "code"}:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self.size += sum(map(len, data.split()))


# ---- Bounds --------------------------------------------------------------------------------

# Controls, what makes text run backwards over its surroundings, and what UTF-8 or XML refuse.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Nothing becomes an element without one of these, so their number bounds the work.
_STRUCTURE: Final = re.compile(r"[\n\[*_&<`!|#>+~:@\\(-]|www\.")
_DELIMITER_ROW: Final = re.compile(r"[ \t>]*([|:-][|: \t-]*)")


def _tidied(text: str) -> str:
    return _UNWANTED.sub("", re.sub("\r\n?|\u2028|\u2029", "\n", text))


def _is_light(text: str) -> bool:
    if len(text) > LIGHT_CHARACTERS or _cells(text):
        return False
    return sum(1 for _ in _STRUCTURE.finditer(text)) <= LIGHT_MARKS


def _check(text: str) -> None:
    if not _has_words(text):
        raise MarkupRefused("empty", 1, 0)
    _bound("too_long", MAX_CHARACTERS, len(text))
    for character in MARKS:
        _bound("too_many_marks", MAX_MARKS, text.count(character), character)
    _bound("too_many_cells", MAX_CELLS, _cells(text))


def _bound(reason: Reason, limit: int, found: int, character: str | None = None) -> None:
    if found > limit:
        raise MarkupRefused(reason, limit, found, character)


def _has_words(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def _cells(text: str) -> int:
    """Count at least as many table cells as the parser will make, header cells too.

    It fills short rows up to the header's width, which is what makes tables expensive. A table
    ends at an empty line at the latest; what may end it before that is not looked at.
    """
    cells = columns = 0
    above = ""
    for line in text.split("\n"):
        if not line.strip(" \t>"):
            columns = 0
        elif "|" in above and (row := _DELIMITER_ROW.fullmatch(line)):
            width = sum(1 for cell in row[1].split("|") if cell.strip())
            cells += columns or width
            columns = max(columns, width)
        else:
            cells += columns
        above = line
    return cells


# ---- What the parser is told ---------------------------------------------------------------

# No user:password@ before the host, which makes one site look like another; no //host.
_SAFE_HREF: Final = re.compile(
    r"https?://[\w.~-]+(:\d{1,5})?([/?#][!-~]*)?|mailto:[!-~]+@[!-~]+|/(?![/\\])[!-~]*|#[!-~]*",
    re.ASCII | re.IGNORECASE,
)
_REL: Final = "nofollow noopener ugc"
_ADDRESS: Final = re.compile(
    r"(?P<url>(?<![\w/@.-])(?:(?i:https?)://|(?i:www)\.)[^\s<>\"]{1,2000})"
    r"|(?<![\w.+-])(?P<mail>[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63})"
    rf"|{_USERNAME}"
)


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


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        return bool(_SAFE_HREF.fullmatch(url))


def _adapt(state: StateCore) -> None:
    """Make the parsed text fit a page: a rule that runs after the parser's own."""
    tokens, ranks = state.tokens, list[int]()
    for at, token in enumerate(tokens):
        if token.type == "inline":
            token.children = list(_linked(token.children or [], state.md, state.env))
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
            names.append(_words_of(tokens[at].children or []))
        at += 1
    return ", ".join(filter(None, names))[:200]


def _words_of(tokens: list[Token]) -> str:
    return " ".join("".join(token.content for token in tokens).split())


# ---- Links, addresses and mentions ---------------------------------------------------------


def _linked(tokens: list[Token], md: MarkdownIt, env: EnvType) -> Iterator[Token]:
    """Give the tokens with every link complete, pictures as links and addresses found."""
    link, words = None, ""
    for token in tokens:
        if token.type == "link_open":
            link, words = (token if token.attrs["href"] else None), ""
            token.attrs["rel"] = _REL
        elif token.type == "link_close" and link and not _has_words(words):
            yield _text(str(link.attrs["href"]))  # else there is nothing to see, hear or press
        elif token.type == "image":
            # Pictures come with attachments later; one of another site would tell it who reads.
            source = str(token.attrs["src"])
            token = _text(_words_of(token.children or []) or source)
            if source and not link:
                yield from _link(token.content, {"href": source, "rel": _REL})
                continue
        elif token.type == "text" and not link:
            yield from _addressed(token.content, md, env)
            continue
        words += token.content
        # `[x]()` leads nowhere: its words stay, the link goes.
        if link or not token.type.startswith("link_"):
            yield token
        if token.type == "link_close":
            link = None


def _addressed(text: str, md: MarkdownIt, env: EnvType) -> Iterator[Token]:
    done = 0
    # Own code, not linkify-it: that takes anna.se in @anna.se for a site and has been quadratic
    # again and again. Every pattern here is bounded, and no part of the text is read twice.
    while match := _ADDRESS.search(text, done):
        shown, link = match[0], None
        if match["username"]:
            if person := env["people"].get(match["username"].lower()):
                env["mentioned"].add(person["username"])
                link = _link("@" + person["name"], {"class": "mention", "href": person["href"]})
        else:
            shown = _without_punctuation(shown)
            link = _outward(shown, "mailto:" if match["mail"] else "", md)
        end = match.start() + len(shown)
        yield _text(text[done : match.start() if link else end])
        yield from link or ()
        done = end
    yield _text(text[done:])


def _outward(shown: str, scheme: str, md: MarkdownIt) -> list[Token] | None:
    scheme = scheme or ("https://" if shown[:4].lower() == "www." else "")
    href = md.normalizeLink(scheme + shown)
    return _link(shown, {"href": href, "rel": _REL}) if md.validateLink(href) else None


def _without_punctuation(address: str) -> str:
    """Give the address without what belongs to the sentence, as GitHub's autolinks have it."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in "?!.,:;*_~'”’»]}" or (address[end - 1] == ")" and unopened > 0):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _link(words: str, attrs: dict[str, str | int | float]) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs=attrs),
        _text(words),
        Token("link_close", "a", -1),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


# ---- The allow-list ------------------------------------------------------------------------

_ANY: Final = re.compile(".*", re.DOTALL)
_NONE: Final[dict[str, re.Pattern[str]]] = {}
_ALLOWED: Final[dict[str, dict[str, re.Pattern[str]]]] = {
    **dict.fromkeys(("p", "br", "hr", "h4", "h5", "h6", "em", "strong", "code"), _NONE),
    **dict.fromkeys(("blockquote", "label", "table", "thead", "tbody", "tr"), _NONE),
    "a": {
        "href": _SAFE_HREF,
        "rel": re.compile(_REL),
        "class": re.compile("mention"),
        "title": _ANY,
    },
    "div": {
        "class": re.compile("table"),
        "role": re.compile("group"),
        "tabindex": re.compile("0"),
        "aria-label": _ANY,
    },
    "pre": {"tabindex": re.compile("0")},
    "ul": {"class": re.compile("contains-task-list")},
    "ol": {"class": re.compile("contains-task-list"), "start": re.compile("[0-9]{1,9}")},
    "li": {"class": re.compile("task-list-item")},
    "input": {"type": re.compile("checkbox"), "disabled": _ANY, "checked": _ANY},
    "th": {"scope": re.compile("col"), "class": re.compile("align-(left|center|right)")},
    "td": {"class": re.compile("align-(left|center|right)")},
}


def _may_have(tag: str, name: str, value: str) -> bool:
    pattern = _ALLOWED[tag].get(name)
    return pattern is not None and pattern.fullmatch(value) is not None


def _cleaned(html: str) -> str:
    # A new Cleaner each time: its parser has state, and two threads may render at once.
    return bleach.Cleaner(
        tags=frozenset(_ALLOWED), attributes=_may_have, protocols={"http", "https", "mailto"}
    ).clean(html)


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

pool: Final = RenderPool("forum.markup", seconds=SECONDS)

# Much in the libraries is made at first use, 20 to 50 ms of it: now rather than on the event loop.
render_here("**a** `b` [c](https://d.se) &amp; e@f.se\n\n- [ ] g\n\n|h|\n|-|\n", {})
