"""Links in parsed text: the writer's own, pictures, and the addresses and mentions found in it."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from forum.markup_bounds import USERNAME, has_words

# No user:password@ before the host, which makes one site look like another; no //host.
SAFE_HREF: Final = re.compile(
    r"https?://[\w.~-]+(:\d{1,5})?([/?#][!-~]*)?|mailto:[!-~]+@[!-~]+|/(?![/\\])[!-~]*|#[!-~]*",
    re.ASCII | re.IGNORECASE,
)
REL: Final = "nofollow noopener ugc"
_ADDRESS: Final = re.compile(
    r"(?P<url>(?<![\w/@.-])(?:(?i:https?)://|(?i:www)\.)[^\s<>\"]{1,2000})"
    r"|(?<![\w.+-])(?P<mail>[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63})"
    rf"|{USERNAME.pattern}"
)


def linked(tokens: list[Token], md: MarkdownIt, env: EnvType) -> Iterator[Token]:
    """Give the inline tokens with every link complete, pictures as links and addresses found.

    Mentions of `env["people"]`, a dict by username, become links and, unless `env["quoted"]`, are
    added to the set `env["mentioned"]`.
    """
    link, words = None, ""
    for token in tokens:
        if token.type == "link_open":
            link, words = (token if token.attrs["href"] else None), ""
            token.attrs["rel"] = REL
        elif token.type == "link_close" and link and not has_words(words):
            yield _text(str(link.attrs["href"]))  # else there is nothing to see, hear or press
        elif token.type == "image":
            # A picture of another site would tell it who reads; those of posts are attachments.
            source = str(token.attrs["src"])
            token = _text(words_of(token.children or []) or source)
            if source and not link:
                yield from _link(token.content, {"href": source, "rel": REL})
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


def words_of(tokens: list[Token]) -> str:
    """Give the words of the inline tokens, without their markup."""
    return " ".join("".join(token.content for token in tokens).split())


def _addressed(text: str, md: MarkdownIt, env: EnvType) -> Iterator[Token]:
    done = 0
    # Own code, not linkify-it: that takes anna.se in @anna.se for a site and has been quadratic
    # again and again. Every pattern here is bounded, and no part of the text is read twice.
    while match := _ADDRESS.search(text, done):
        shown, link = match[0], None
        if match["username"]:
            if person := env["people"].get(match["username"].lower()):
                if not env["quoted"]:
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


def _without_punctuation(address: str) -> str:
    """Give the address without what belongs to the sentence, as GitHub's autolinks have it."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in "?!.,:;*_~'”’»]}" or (address[end - 1] == ")" and unopened > 0):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _outward(shown: str, scheme: str, md: MarkdownIt) -> list[Token] | None:
    scheme = scheme or ("https://" if shown[:4].lower() == "www." else "")
    href = md.normalizeLink(scheme + shown)
    return _link(shown, {"href": href, "rel": REL}) if md.validateLink(href) else None


def _link(words: str, attrs: dict[str, str | int | float]) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs=attrs),
        _text(words),
        Token("link_close", "a", -1),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
