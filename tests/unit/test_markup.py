"""What Markdown becomes: safe HTML for a page, within bounds, without holding the event loop."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forum import markup
from forum.markup import MarkupRefused, Mention, plain_excerpt, render, usernames_in

LONG = os.environ.get("SAMVERKAN_TEST_LONG") == "1"
ANNA = Mention("anna.ek", "Anna Ek", "/n/vux/p/anna.ek")
BO = Mention("bo.ek2", 'Bo "<b>&', "/n/vux/p/bo.ek2")
MEMBERS = {"anna.ek": ANNA, "bo.ek2": BO}


@pytest.fixture(scope="module", autouse=True)
async def workers() -> AsyncIterator[None]:
    # A busy test machine must not refuse what is legal; CPU time is asserted on its own below.
    seconds, markup.pool._seconds = markup.pool._seconds, 5.0
    yield
    markup.pool._seconds = seconds
    await markup.close()


async def html(text: str) -> str:
    return (await render(text, MEMBERS)).html


async def refusal(text: str) -> MarkupRefused:
    with pytest.raises(MarkupRefused) as caught:
        await render(text, MEMBERS)
    return caught.value


# ---- What may be in a page -----------------------------------------------------------------

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


SCHEMES = """
javascript:alert(1)
JaVaScRiPt:alert(1)
java&#115;cript:alert(1)
&#106;avascript:alert(1)
&#x6A;avascript:alert(1)
&#0000106avascript:alert(1)
javascript&colon;alert(1)
javascript&#58;alert(1)
java\tscript:alert(1)
java&Tab;script:alert(1)
java&NewLine;script:alert(1)
java&#10;script:alert(1)
java&#x0D;script:alert(1)
java&#0;script:alert(1)
&#1;javascript:alert(1)
&#32;javascript:alert(1)
%20javascript:alert(1)
\x01javascript:alert(1)
\x1bjavascript:alert(1)
\u00a0javascript:alert(1)
\u200bjavascript:alert(1)
\u202ejavascript:alert(1)
\ufeffjavascript:alert(1)
java\u00adscript:alert(1)
ｊavascript:alert(1)
javascript\uff1aalert(1)
javascript\\:alert(1)
\\javascript:alert(1)
javascript://example.org/%0aalert(1)
javascript:/*https://example.org*/alert(1)
vbscript:msgbox(1)
VBScript:msgbox(1)
livescript:x
data:text/html,<script>alert(1)</script>
data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==
data:image/svg+xml,<svg/onload=alert(1)>
data:image/png;base64,AAAA
DATA:,x
blob:https://example.org/1
file:///etc/passwd
ftp://example.org/
filesystem:https://example.org/
view-source:javascript:alert(1)
jar:https://example.org!/
feed:javascript:alert(1)
about:blank
intent://x#Intent;end
tel:112
ws://example.org
//example.org/x
\\\\example.org\\x
///example.org
&#47;&#47;example.org
https:example.org
https:/example.org
https:///example.org
https://
https://samverkan.se@example.org/
https://samverkan.se:x@example.org/
https://samverkan.se%40@example.org
https:\\\\example.org
https://exa mple.org
mailto:
?q=1
x/y
.
""".strip().split("\n")

# One payload a line; the escapes are Python's.
HTML = [
    line.encode().decode("unicode_escape")
    for line in r"""
<script>alert(1)</script>
<ScRiPt/x>alert(1)</sCrIpT >
<script\n>alert(1)</script\n>
<<script>script>alert(1)<</script>/script>
<scr\x00ipt>alert(1)</scr\x00ipt>
<scr\u202eipt>alert(1)</scr\u202eipt>
<img src=x onerror=alert(1)>
<img src="x" onerror="alert(1)"/>
<img/src/onerror=alert(1)>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script xlink:href=data:,alert(1) />
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg><p><style><a title="</style><img src onerror=alert(1)>">
<math><mtext><table><mglyph><style><!--</style><a title="--&gt;&lt;img onerror=x src&gt;">
<math><mi><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(1) src=1>">
<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=x src>">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><p title="</noembed><img src=x onerror=alert(1)>">
<title><a title="</title><img src=x onerror=alert(1)>">
<textarea><a title="</textarea><img src=x onerror=alert(1)>">
<xmp><p title="</xmp><svg/onload=alert(1)>">
<style><!--</style><script>alert(1)//--></script>
<!--><img src=x onerror=alert(1)>-->
<!--!><img src=x onerror=alert(1)>-->
<!-- --!><img src=x onerror=alert(1)> -->
<![CDATA[<img src=x onerror=alert(1)>]]>
<!DOCTYPE html [<!ENTITY x "y">]>
<?xml version="1.0"?><?php echo 1 ?>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>">
<object data="data:text/html,<script>alert(1)</script>">
<embed src=javascript:alert(1)>
<base href="javascript:/">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<link rel=stylesheet href=data:,*{}>
<form action=javascript:alert(1)><button>x</button></form>
<input onfocus=alert(1) autofocus>
<details open ontoggle=alert(1)>
<a href="javascript:alert(1)">x</a>
<a class="mention" href="https://example.org">@Anna Ek</a>
<p style="position:fixed;inset:0">x</p>
<div class="mention" id="x" onclick="alert(1)">x</div>
<table background="javascript:alert(1)">
<x onclick=alert(1)>x</x>
<template><script>alert(1)</script></template>
<slot name=x></slot><portal src=x>
<isindex action=javascript:alert(1) type=image>
<video><source onerror=alert(1)></video>
<marquee onstart=alert(1)>
<body onload=alert(1)>
</p></div></article><script>alert(1)</script>
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
&#x3c;img src=x onerror=alert(1)&#x3e;
&amp;lt;script&amp;gt;
**<img src=x onerror=alert(1)>**
`<img src=x onerror=alert(1)>`
[<img src=x onerror=alert(1)>](https://example.org)
[x](https://example.org "\\"><img src=x onerror=alert(1)>")
[x](https://example.org '&quot; onclick=&quot;alert(1)')
[x](https://example.org/"onmouseover="alert(1))
[x](<https://example.org/" onmouseover="alert(1)>)
[x](https://example.org/`onmouseover=alert(1))
![x" onerror="alert(1)](https://example.org/x.png)
![x](https://example.org/x.png"onerror="alert(1))
![<script>alert(1)</script>](https://example.org/x.png)
https://example.org/"onmouseover="alert(1)
https://example.org/<script>alert(1)</script>
www.example.org/'onmouseover='alert(1)
"onclick="alert(1)"@example.org
<https://example.org/"onclick="alert(1)>
<javascript:alert(1)>
<JAVASCRIPT:alert(1)>
<vbscript:x>
<data:text/html,x>
# <script>alert(1)</script>
> <script>alert(1)</script>
- <script>alert(1)</script>
    <script>alert(1)</script>
@anna.ek<script>alert(1)</script>@anna.ek
|<script>|x|\n|-|-|\n|<img src=x onerror=alert(1)>|"|
|" onfocus="alert(1)" x="|b|\n|-|-|\n|c|d|
|a|b|\n|:-" onclick="|-|\n|c|d|
~~~ "><script>alert(1)</script>\nx\n~~~
~~~ mention" onclick="alert(1)\nx\n~~~
```html onload=alert(1)\n<script>\n```
- [x] <script>alert(1)</script>
- [ ] [ ](javascript:alert(1))
[a]: javascript:alert(1)\n\n[a] x
[a]: <java&#10;script:alert(1)>\n\n[a] x
[a]: https://example.org "><script>alert(1)</script>"\n\n[a] x
[a]: //example.org\n\n[a] x
[\u202egro.elpmaxe](https://example.org)
[&#x202e;&#x2066;x](https://example.org)
[![x](javascript:alert(1))](javascript:alert(1))
[![x](https://example.org/a)](https://example.org/b)
[a [b](https://example.org/b) c](https://example.org/a)
![a [b](https://example.org/b) c](https://example.org/a)
""".strip().splitlines()
]
FORMS = ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "x {} y", "[x][a]\n\n[a]: {}")
PAYLOADS = dict.fromkeys(HTML + [form.format(scheme) for scheme in SCHEMES for form in FORMS])


def test_there_are_more_than_a_hundred_payloads() -> None:
    assert len(HTML) + len(SCHEMES) > 150


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_becomes_nothing_but_allowed_markup(payload: str) -> None:
    for text in (payload, f"a *b {payload} c* d\n{payload}", f"> - {payload}\n\n{payload}"):
        answer = markup.render_here(markup._tidied(text), {})
        Page(answer["html"])


@pytest.mark.parametrize("scheme", SCHEMES, ids=range(len(SCHEMES)))
async def test_a_link_with_a_doubtful_address_stays_text(scheme: str) -> None:
    for text in (f"[x]({scheme})", f"[x](<{scheme}>)", f"![x]({scheme})"):
        assert ">x</a>" not in await html(text)


@pytest.mark.parametrize("path", ["/n/vux", "/", "#r2", "/%09/x.se", "</\t/x.se>", "/\\x.se"])
async def test_a_link_may_lead_to_our_own_pages(path: str) -> None:
    (link,) = Page(await html(f"[x]({path})")).links
    assert not link["href"].startswith(("//", "/\\"))


async def test_a_link_to_nowhere_leaves_its_words() -> None:
    assert await html("[så]() ![bild]()") == "<p>så bild</p>\n"


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


# ---- What Markdown becomes -----------------------------------------------------------------


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


async def test_a_picture_becomes_a_link_with_its_words() -> None:
    assert ">Karta över *Ale*</a>" not in await html("![Karta över *Ale*](https://x.se/k.png)")
    page = Page(await html("![Karta över *Ale*](https://x.se/k.png) ![](https://x.se/l.png)"))
    assert page.text.split("\n")[0] == "Karta över Ale https://x.se/l.png"
    assert [link["href"] for link in page.links] == ["https://x.se/k.png", "https://x.se/l.png"]


async def test_a_picture_in_a_link_leaves_one_link() -> None:
    page = Page(await html("[![Karta](https://x.se/k.png)](https://x.se)"))
    assert (page.text.strip(), len(page.links)) == ("Karta", 1)


@pytest.mark.parametrize("words", ["", " ", "&#8203;", "&nbsp;"])
async def test_a_link_without_words_shows_its_address(words: str) -> None:
    assert "https://x.se" in Page(await html(f"[{words}](https://x.se)")).text


async def test_a_quotation_says_whose_it_is() -> None:
    shown = await html("> Så gör vi.\n> — [Anna Ek](/n/vux/t/1#r2)\n\nTack!")
    assert shown == (
        "<blockquote>\n<p>Så gör vi.<br>\n"
        '— <a href="/n/vux/t/1#r2" rel="nofollow noopener ugc">Anna Ek</a></p>\n'
        "</blockquote>\n<p>Tack!</p>\n"
    )


@pytest.mark.parametrize(
    ("text", "words", "href"),
    [
        ("Se https://skr.se.", "https://skr.se", "https://skr.se"),
        ("(https://skr.se/a_(b))", "https://skr.se/a_(b)", "https://skr.se/a_(b)"),
        ("(se https://skr.se/a)", "https://skr.se/a", "https://skr.se/a"),
        ("”https://skr.se/?a=1&b=2”", "https://skr.se/?a=1&b=2", "https://skr.se/?a=1&b=2"),
        ("www.skr.se, sa hon", "www.skr.se", "https://www.skr.se"),
        ("HTTP://Skr.se", "HTTP://Skr.se", "HTTP://Skr.se"),
        ("https://malmö.se/å", "https://malmö.se/å", "https://xn--malm-8qa.se/%C3%A5"),
        ("<https://skr.se>", "https://skr.se", "https://skr.se"),
        ("mejla anna.ek@ale.se.", "anna.ek@ale.se", "mailto:anna.ek@ale.se"),
        ("mailto:anna@ale.se", "anna@ale.se", "mailto:anna@ale.se"),
    ],
)
async def test_addresses_become_links(text: str, words: str, href: str) -> None:
    shown = await html(text)
    assert [link["href"].replace("&amp;", "&") for link in Page(shown).links] == [href]
    assert f">{words}</a>".replace("&", "&amp;") in shown


@pytest.mark.parametrize(
    "text",
    ["xhttps://skr.se", "`https://skr.se`", "https://", "www.", "a@b", "ftp://x.se", "skr.se"],
)
async def test_other_words_do_not_become_links(text: str) -> None:
    assert Page(await html(text)).links == []


async def test_no_address_is_made_a_link_inside_a_link() -> None:
    page = Page(await html("[https://a.se anna@b.se @anna.ek](https://c.se)"))
    assert [link["href"] for link in page.links] == ["https://c.se"]


@pytest.mark.parametrize("nesting", ["> " * 40, "- " * 20, "> - " * 15])
async def test_no_words_vanish_in_deep_nesting(nesting: str) -> None:
    assert "innerst" in await html(nesting + "innerst")


# ---- Mentions ------------------------------------------------------------------------------


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


# ---- Excerpts ------------------------------------------------------------------------------


async def test_an_excerpt_is_words_and_ends_where_a_word_does() -> None:
    shown = await html(
        "# Rubrik\n\nHur *gör* ni med [studie](https://x.se)plan & <b>?\n\n|a|b|\n|-|-|"
    )
    assert plain_excerpt(shown, 500) == "Rubrik Hur gör ni med studieplan & <b>? a b"
    assert plain_excerpt(shown, 14) == "Rubrik Hur gör…"
    assert plain_excerpt(shown, 16) == "Rubrik Hur gör…"
    assert plain_excerpt("<p>" + "x" * 99 + "</p>", 10) == "x" * 9 + "…"
    assert plain_excerpt("", 10) == ""
    assert plain_excerpt("<p>" + " \n" * 5_000 + "ord</p>", 10) == "ord"


async def test_words_after_much_white_space_are_words() -> None:
    assert "ord" in await html("&nbsp;" * 1_000 + "ord")


async def test_an_excerpt_reads_no_more_than_it_needs() -> None:
    big = "<p>ord och ord</p>\n" * 100_000
    started = time.process_time()
    assert len(plain_excerpt(big, 200)) <= 201
    assert time.process_time() - started < 0.05


# ---- Bounds --------------------------------------------------------------------------------


def table(columns: int, rows: int) -> str:
    """A table whose rows under the header are as short as they can be written."""
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|\n" * (rows - 1)


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


@pytest.mark.parametrize("character", markup.MARKS)
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
    quotes, letters = divmod(markup.MAX_HTML - wrapping, len("&quot;"))
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
    monkeypatch.setattr(markup.pool, "_seconds", markup.SECONDS)
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
    made = len(re.findall("<t[hd][ >]", markup._parser.render(text, {"people": {}})))
    assert made <= markup._cells(text)


# ---- Time ----------------------------------------------------------------------------------

# From CommonMark's pathological tests, markdown-it's and other parsers' issues, and own search.
HOSTILE = [
    "[", "]", "[[", "[]", "[](", "[a](<b", "[a](", "[a][b]", "![", "![[]()", "](\n", "[\n", "[a\n",
    "*", "_", "*_", "**a ", "*a_ ", "a**b", "_a __a ", "***a** b* ", "**a *a ", "~", "~~a ",
    "`", "`a", "`a``", "``` a", "```\n", "~~~\n", "\\", "\\[", "\\`", "a\\\n", "a  \n",
    "<", "<<", "<a", "<a>", "</", "<a href=", "<!--", "<!A ", "<?", "<![CDATA[", "<a@b", "<x:",
    "<>", "&", "&#", "&#x", "&a", "&amp", "&amp;", "&lt;", "&#1234567;", "&#x202e;",
    ">", "> ", ">\n", "> > > ", "   > a\n", ">- ", "- ", "-\n", "- - ", "* a\n", "+ a\n",
    "  - a\n", "1. ", "1. 1. ", "1)\n", "- [ ] a\n", "- a\n\n", "#", "# ", "###### a\n", "=\n",
    "a\n=\n", "---\n", "|", "||", "|-", "|a|\n", "a|b\n", "|-|-|\n", "|a|b|\n|-|-|\n", "-|-\n",
    "|\n",
    "[a]: b\n", "[a]: b\n\n", "[a]: <b\n", "[a]: b 'c\n", "[a]:\n", "[a]: b (c\n", "[a]", "[^a]",
    "http://", "http://a", "http://a.se/(", "http://a.se ", "https://a.se\n", "www.", "www.a.se ",
    "mailto:", "a@b.se ", "@", "@a", "a@", "a.", "a@a.", "@anna.ek ", "://", ":", "!", "(", ")",
    "'", '"', "\t", " ", "\n", " \n", "a\n", "a\n\n", "    a\n", "\u0301", "\u0315\u0300", "\ufb2c",
    "😀", "å", "é", "\u00a0", "\u2028", "\x00", "x", "word ", "{", "$", "%", "=",
]  # fmt: skip


def hostile_texts() -> Iterator[str]:
    for unit in HOSTILE if LONG else HOSTILE[::4]:
        yield unit * (markup.MAX_CHARACTERS // len(unit))
    yield "a" + "[a]: /b\na\n>>>>>>>>>>" * 195
    yield "+\n" + "|\n- a\n" * 5_000
    yield "[" * 2_000 + "a" + "](b)" * 2_000
    yield "*" * 2_000 + "a" + "*" * 2_000
    yield "[x]: /" + "y" * 16_000 + "\n" + "[x]" * 1_990
    yield "[x]: <" + "&amp;" * 1_900 + ">\n\n" + "[x] " * 1_990
    yield "`" * 1_000 + "".join("`" * n + "a" for n in range(240))
    yield "> " * 15_000 + "a"
    yield "- " * 15_000 + "a"
    yield "".join("  " * n + "- a\n" for n in range(170))
    yield "".join(">" * n + " a\n" for n in range(1, 240))
    yield table(60, 33)
    yield "|*a*|b|\n|-|-|\n" + "|*a*|`b`|\n" * 990
    yield "|a" * 7_000 + "|\n" + "|-" * 7_000 + "|\n"
    yield "a\n" + "|-" * 15_000
    yield "![" * 1_900 + "](x)" * 1_900
    yield "<" * 1_999 + "a" * 20_000 + ">"
    yield "<!A " * 1_900 + "x" * 20_000
    yield "[a](" * 1_900 + "(" * 20_000
    yield "http://" + "a." * 15_000 + "se"
    yield "http://a.se/" + ")" * 30_000
    yield "a" * 30_000 + "@" + "b." * 900


class StallMonitor:
    """Tells for how long at a stretch this process kept the event loop busy, in CPU seconds.

    CPU and not wall time: what other programs do on a shared machine is no stall of ours.
    """

    async def __aenter__(self) -> "StallMonitor":
        self.worst = 0.0
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def _watch(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.thread_time() - before)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.002)
        self._task.cancel()


async def stall(text: str) -> float:
    """The longest stall while the text is rendered or refused: the best of three."""
    stalls = []
    for _ in range(3):
        async with StallMonitor() as monitor:
            with suppress(MarkupRefused):
                await render(text, MEMBERS)
        stalls.append(monitor.worst)
        if monitor.worst < 0.05:
            break
    return min(stalls)


async def test_hostile_text_is_rendered_or_refused_and_never_stalls_the_event_loop() -> None:
    await render("a" * 3_000)
    slow = {}
    for text in hostile_texts():
        for part in (text, text[: markup.LIGHT_CHARACTERS]):
            if (worst := await stall(part)) > 0.05:
                slow[part[:40]] = worst
    assert slow == {}


async def test_short_hostile_text_renders_well_within_the_time_of_a_stall() -> None:
    slow = {}
    for text in hostile_texts():
        light = text[: markup.LIGHT_CHARACTERS]
        while not markup._is_light(light):
            light = light[: len(light) * 9 // 10]
        times = []
        for _ in range(3):
            started = time.thread_time()
            markup.render_here(light, {})
            times.append(time.thread_time() - started)
        if min(times) > 0.05:
            slow[text[:40]] = min(times)
    assert slow == {}


@pytest.mark.parametrize(
    "text",
    [
        "Så här gör vi i vår kommun när någon söker. " * 727,
        ("Vi gör så **här**, se [länk](https://ale.se/a).\n\n- ett\n- två\n\n" * 400)[:25_000],
        table(2, 1_000),
        table(1_000, 2),
        "*_" * 2_000 + "a",
        "[" * 2_000 + "a",
        "<https://a> " * 900,
        "a\n" * 6_000,
        "- a\n" * 4_000,
        "[a]: b\n\n" * 2_000 + "a",
    ],
    ids=range(10),
)
def test_legal_text_at_a_limit_takes_less_than_the_time_allowed(text: str) -> None:
    times = []
    for _ in range(3):
        started = time.thread_time()
        assert "html" in markup.render_here(text, {})
        times.append(time.thread_time() - started)
    assert min(times) < markup.SECONDS


async def test_ordinary_replies_do_not_need_another_process() -> None:
    reply = "Hej @anna.ek!\n\nVi gör så här i **Ale**:\n\n- ring först\n- skriv sedan\n\n"
    assert markup._is_light(reply + "Det har fungerat bra sedan i våras, tycker jag. " * 35)
    assert not markup._is_light("a" * 2_001)
    assert not markup._is_light("|a|\n|-|\n|b|")


async def test_many_long_texts_at_once_are_all_answered() -> None:
    shown = await asyncio.gather(*(html(f"{n} " + "ord " * 2_000) for n in range(20)))
    assert [text[3:].split()[0] for text in shown] == [str(n) for n in range(20)]


MARKDOWN = st.lists(
    st.sampled_from([*HOSTILE, *HTML, *(f"[x]({scheme})" for scheme in SCHEMES), "\n", " "])
    | st.text(max_size=8),
    max_size=30,
).map("".join)


@settings(
    max_examples=20_000 if LONG else 300,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(MARKDOWN)
@example("[a](" * 50)
def test_whatever_is_written_becomes_allowed_markup_or_is_refused(text: str) -> None:
    people = {"anna.ek": {"username": "anna.ek", "name": ANNA.name, "href": ANNA.href}}
    answer = markup.render_here(markup._tidied(text), people)
    if "refused" not in answer:
        Page(answer["html"])


def test_no_text_reaches_pythons_limit_of_recursion() -> None:
    limit = sys.getrecursionlimit()
    depth = len(list(iter_frames()))
    sys.setrecursionlimit(depth + 400)
    try:
        for text in (
            "[" * 2_000,
            "> " * 2_000 + "a",
            "- " * 2_000 + "a",
            "![" * 1_000,
            "*a " * 999,
        ):
            markup.render_here(text, {})
    finally:
        sys.setrecursionlimit(limit)


def iter_frames() -> Iterator[object]:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]
