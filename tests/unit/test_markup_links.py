"""Links: the writer's own, pictures, and the addresses that stand in the text."""

import pytest

from tests.markup import Page, html


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


@pytest.mark.parametrize("path", ["/n/vux", "/", "#r2", "/%09/x.se", "</\t/x.se>", "/\\x.se"])
async def test_a_link_may_lead_to_our_own_pages(path: str) -> None:
    (link,) = Page(await html(f"[x]({path})")).links
    assert not link["href"].startswith(("//", "/\\"))


async def test_a_link_to_nowhere_leaves_its_words() -> None:
    assert await html("[så]() ![bild]()") == "<p>så bild</p>\n"


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
