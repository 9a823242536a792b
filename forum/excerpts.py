"""The first words of a rendered body, for lists and search."""

from html.parser import HTMLParser


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
