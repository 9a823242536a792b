"""A page as a browser understands it: elements, forms with what is filled in, errors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

import httpx

from tests import multipart
from tests.multipart import Upload

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Tree(HTMLParser):
    """Every element that was begun is ended in its place, or the page is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says {names}"
        element = SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        begun = self.open.pop().tag
        assert begun == tag, f"<{begun}> is ended by </{tag}>"

    def handle_data(self, data: str) -> None:
        inner = self.open[-1]
        if len(inner):
            inner[-1].tail = (inner[-1].tail or "") + data
        else:
            inner.text = (inner.text or "") + data


def words(element: Element) -> str:
    """Return the text within an element, single-spaced as a browser shows it."""
    return re.sub("[ \\t\\n]+", " ", "".join(element.itertext())).strip(" ")


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form goes and what a browser would send from it, before a button is added."""

    action: str
    values: dict[str, str]
    element: Element

    async def send(self, http: httpx.AsyncClient, *files: Upload, **fields: str) -> httpx.Response:
        """Send it with these fields filled in, files chosen, or buttons pressed."""
        data = self.values | fields
        if self.element.get("enctype") != "multipart/form-data":
            lists: dict[str, list[str]] = {}
            for name, value in self._with_lists(data):
                lists.setdefault(name, []).append(value)
            return await http.post(self.action, data=lists)
        inputs = [one for one in self.element.iter("input") if one.get("type") == "file"]
        (field,) = [one for one in inputs if one.get("name")]
        sent = multipart.body(self._with_lists(data), *files, field=field.attrib["name"])
        return await http.post(self.action, **sent)

    def _with_lists(self, data: dict[str, str]) -> list[tuple[str, str]]:
        """Return what is sent, with every value of a field that stands there more than once."""
        filled_in = list(_filled_in(self.element))
        changed = {name: value for name, value in data.items() if (name, value) not in filled_in}
        same = [pair for pair in filled_in if pair[0] in data and pair[0] not in changed]
        return [*same, *changed.items()]


class Page:
    """An answer that is HTML, a whole page or a fragment."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.headers["content-type"] == "text/html; charset=utf-8", response
        tree = _Tree()
        tree.feed(response.text)
        tree.close()
        assert tree.open == [tree.root], f"<{tree.open[-1].tag}> is never ended"
        self.root = tree.root
        self.status = response.status_code
        self.address = response.url.path

    def all(self, path: str) -> list[Element]:
        """Return the elements at an XPath, as ElementTree understands it."""
        return self.root.findall(path)

    def one(self, path: str) -> Element:
        """Return the only element there."""
        (found,) = self.all(path)
        return found

    def with_class(self, name: str) -> list[Element]:
        return [one for one in self.root.iter() if name in one.get("class", "").split()]

    def by_id(self, name: str) -> Element:
        return self.one(f".//*[@id='{name}']")

    @property
    def ids(self) -> list[str]:
        return [one.attrib["id"] for one in self.root.iter() if "id" in one.attrib]

    @property
    def hrefs(self) -> list[str]:
        return [one.attrib["href"] for one in self.root.iter("a") if "href" in one.attrib]

    @property
    def title(self) -> str:
        return words(self.one(".//title"))

    @property
    def heading(self) -> str:
        return words(self.one(".//h1"))

    @property
    def flash(self) -> str:
        """What the page confirms, or nothing."""
        return " ".join(words(one) for one in self.with_class("flash"))

    @property
    def errors(self) -> dict[str, str]:
        """What the summary says, by the id of the field that it leads to.

        Each stands at its field too, and a screen reader is told.
        """
        summaries = self.with_class("error-summary")
        if not summaries:
            return {}
        found = {}
        for link in summaries[0].iter("a"):
            name = link.attrib["href"].removeprefix("#")
            field = self.by_id(name)
            if field.tag in {"input", "select", "textarea"}:
                assert field.get("aria-invalid") == "true", name
                described = field.get("aria-describedby", "").split()
                assert f"{name}-error" in described, name
                assert words(self.by_id(f"{name}-error")) == words(link)
            found[name] = words(link)
        return found

    def actions(self) -> list[str]:
        """Return where the page's forms go, but for the one in the footer."""
        found = [form.get("action", self.address) for form in self.root.iter("form")]
        return [action for action in found if action != "/preferences"]

    def form(self, action: str) -> Form:
        (only,) = self.forms(action)
        return only

    def forms(self, action: str) -> list[Form]:
        """Return the forms that go there, in their order."""
        return [
            Form(action, dict(_filled_in(form)), form)
            for form in self.root.iter("form")
            if form.get("action", self.address) == action
        ]


def _filled_in(form: Element) -> Iterable[tuple[str, str]]:
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "")
        if name is None or field.tag == "button" or kind == "file":
            continue
        if field.tag == "textarea":
            # A browser drops the first line break.
            yield name, (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = [one for one in options if "selected" in one.attrib] or options[:1]
            yield from ((name, one.attrib["value"]) for one in chosen)
        elif kind not in {"radio", "checkbox"} or "checked" in field.attrib:
            yield name, field.get("value", "")
