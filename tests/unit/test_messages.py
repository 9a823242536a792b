"""The words: every text has its Swedish, and no template says anything that is not a text."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

from tests.messages import ROOT, messages, swedish, used

TEMPLATES = sorted((ROOT / "web/templates").rglob("*.html"))


def named(message: Message) -> str:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}|{first}" if message.context else first


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


# ---- The catalogue --------------------------------------------------------------------------


def untranslated(texts: Catalog, catalogue: Catalog) -> list[str]:
    """The texts without Swedish, with an empty form, or with words that somebody should look at."""
    found = []
    for text in messages(texts):
        message = catalogue.get(text.id, text.context)
        if message is None or message.fuzzy:
            found.append(named(text))
            continue
        words = forms(message.string)
        wanted = 1 if isinstance(text.id, str) else catalogue.num_plurals
        if len(words) != wanted or not all(form.strip() for form in words):
            found.append(named(text))
    return found


def unused(texts: Catalog, catalogue: Catalog) -> list[str]:
    kept = [*messages(catalogue), *catalogue.obsolete.values()]
    return [named(one) for one in kept if texts.get(one.id, one.context) is None]


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def placeholders(text: str) -> set[str]:
    # What is left of a % is a slip, which would raise when the text is shown.
    rest = PLACEHOLDER.sub("", text).replace("%%", "")
    return {*PLACEHOLDER.findall(text), *re.findall(r"%.?", rest)}


def with_other_placeholders(catalogue: Catalog) -> list[str]:
    return [
        named(one)
        for one in messages(catalogue)
        if any(
            form and placeholders(form) != placeholders(forms(one.id)[-1])
            for form in forms(one.string)
        )
    ]


def with_html(catalogue: Catalog) -> list[str]:
    return [
        named(one)
        for one in messages(catalogue)
        if any(re.search(r"[<>]|&#?\w+;", form) for form in (*forms(one.id), *forms(one.string)))
    ]


def test_every_text_has_its_swedish() -> None:
    assert untranslated(used(), swedish()) == []


def test_the_catalogue_has_nothing_that_is_not_used() -> None:
    assert unused(used(), swedish()) == []


def test_swedish_has_the_placeholders_of_the_english() -> None:
    assert with_other_placeholders(swedish()) == []


def test_no_text_holds_html() -> None:
    assert with_html(swedish()) == []


def test_the_header_vouches_for_the_catalogue() -> None:
    assert not swedish().fuzzy
    assert swedish().num_plurals == 2


def made(*entries: Message) -> Catalog:
    catalogue = Catalog(locale="sv")
    for one in entries:
        catalogue.add(one.id, one.string, flags=one.flags, context=one.context)
    return catalogue


SAVE = Message("Save", "Spara")
ANSWERS = Message(("%(num)s answer", "%(num)s answers"), ("%(num)s svar", "%(num)s svar"))
OPEN = Message("Open", "Öppen", context="thread")


@pytest.mark.parametrize(
    "bad",
    [
        made(ANSWERS, OPEN),
        made(Message("Save", ""), ANSWERS, OPEN),
        made(Message("Save", " "), ANSWERS, OPEN),
        made(Message("Save", "Spara", flags={"fuzzy"}), ANSWERS, OPEN),
        made(SAVE, Message(ANSWERS.id, ("%(num)s svar", "")), OPEN),
        made(SAVE, Message(ANSWERS.id, ("%(num)s svar",)), OPEN),
        made(SAVE, ANSWERS, Message("Open", "Öppen")),
        made(SAVE, ANSWERS, Message("Open", "Öppet", context="meeting")),
    ],
)
def test_a_text_without_swedish_is_found(bad: Catalog) -> None:
    texts = made(SAVE, ANSWERS, OPEN)
    assert untranslated(texts, texts) == []
    assert len(untranslated(texts, bad)) == 1


def test_a_text_that_nobody_uses_is_found() -> None:
    texts = made(SAVE, ANSWERS)
    assert unused(texts, texts) == []
    assert unused(texts, made(SAVE, ANSWERS, OPEN)) == ["thread|Open"]
    catalogue = made(SAVE)
    catalogue.obsolete["Old"] = Message("Old", "Gammal")
    assert unused(texts, catalogue) == ["Old"]


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("Hello %(name)s", "Hej"),
        ("Hello", "Hej %(name)s"),
        ("Hello %(name)s", "Hej %(namn)s"),
        ("At most %(limit)d", "Högst %(limit)s"),
        ("Hello %(name)s", "Hej %(name)s, 100 % rätt"),
        ("Hello %(name)s", "Hej %(name) s"),
        (("%(num)s answer", "%(num)s answers"), ("ett svar", "%(num)s svar")),
        (("%(num)s answer", "%(num)s answers"), ("%(num)s svar", "%(num) svar")),
    ],
)
def test_another_placeholder_is_found(
    english: str | tuple[str, str], words: str | tuple[str, str]
) -> None:
    assert with_other_placeholders(made(SAVE, ANSWERS, Message("100%%", "100 %%"))) == []
    assert len(with_other_placeholders(made(Message(english, words)))) == 1


@pytest.mark.parametrize("words", ["<b>Spara</b>", "Spara<br>", "Spara&nbsp;nu", "&#8211;"])
def test_html_in_a_text_is_found(words: str) -> None:
    assert with_html(made(Message("Q & A, 100 %%", "Frågor & svar, 100 %%"))) == []
    assert with_html(made(Message("Save", words))) == ["Save"]


# ---- The templates --------------------------------------------------------------------------

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# A name and languages in their own words are the same in every language.
SAME = re.compile("Samverkan|English|Svenska")
LETTER = re.compile(r"[^\W\d_]")
# Codes in expressions ("question", "/threads") are not words that somebody reads.
SENTENCE = re.compile(r"^[A-ZÅÄÖ][a-zåäö]|[^\W\d_] [^\W\d_]")
READ_ALOUD_OR_SHOWN = {
    *("title", "alt", "placeholder", "data-label"),
    *("aria-label", "aria-description", "aria-roledescription", "aria-valuetext"),
}

parser = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def bare_words(source: str) -> list[str]:
    """The words in a template that do not go through gettext: shown, in attributes, in calls."""
    template = parser.parse(source)
    reader = Reader()
    macros = {one.name: one for one in template.find_all(nodes.Macro)}
    called = {
        call.node.name
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
    }
    # A macro may be a part of a tag: it is read where it is called, when that is in its own file.
    inside = {name: macro for name, macro in macros.items() if name in called}
    reader.feed("".join(spoken(template, inside)))
    reader.close()
    return reader.found


def spoken(
    node: nodes.Node, macros: dict[str, nodes.Macro], *, coded: bool = False
) -> Iterator[str]:
    """Yield what a template writes by itself, every branch of it, in the order of the file.

    ``coded``: among an expression's arguments, where only what looks like a sentence is words.
    """
    match node:
        case nodes.TemplateData(data=text):
            yield text
        case nodes.Const(value=str(text)) if not coded or SENTENCE.search(text):
            yield text
        case nodes.Macro(name=name) if name in macros:
            return
        case nodes.Compare():
            return
        case nodes.Call(node=nodes.Name(name=name)) if name in GETTEXT:
            return
        case nodes.Call(node=nodes.Name(name=name), args=given, kwargs=named_ones) if (
            name in macros
        ):
            rest = {other: macro for other, macro in macros.items() if other != name}
            for statement in macros[name].body:
                yield from spoken(statement, rest)
            for argument in (*given, *named_ones):
                yield from spoken(argument, rest, coded=True)
        case _:
            plain = isinstance(node, nodes.Output | nodes.CondExpr | nodes.Concat | nodes.Or)
            for child in node.iter_child_nodes():
                shown = (plain and not coded) or isinstance(child, nodes.Stmt)
                yield from spoken(child, macros, coded=not shown)


class Reader(HTMLParser):
    """Collects what a reader sees or hears of a page, but for code samples."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag == "code"
        for name, value in attrs:
            if name in READ_ALOUD_OR_SHOWN:
                self._hear(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._hear(data)

    def _hear(self, text: str) -> None:
        if LETTER.search(SAME.sub("", text)):
            self.found.append(" ".join(text.split()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_template_says_nothing_untranslated(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Spara</p>",
        "ordet ensamt",
        "<p>{% if x %}{{ _('Yes') }}{% else %}nej{% endif %}</p>",
        "{% for x in y %}<li>{{ x }} st</li>{% endfor %}",
        "{% block title %}Trådar{% endblock %}",
        "<title>Trådar – Samverkan</title>",
        "<p>{{ 'ja' if x else '' }}</p>",
        "<p>{{ name or 'okänd' }}</p>",
        "<p>{{ 'antal: ' ~ x }}</p>",
        "<p>{{ form.text('name', 'Namn') }}</p>",
        "<p>{{ form.text('name', _('Name'), hint='för- och efternamn, och kommun') }}</p>",
        "{% for key, label in (('all', 'Alla'), ('mine', _('Mine'))) %}{{ label }}{% endfor %}",
        "{% set heading = 'Alla trådar' %}",
        "{% macro row(x) %}<p>Rad</p>{% endmacro %}",
        "{% macro row(x) %}<p>Rad</p>{% endmacro %}{{ row(1) }}",
        "{% macro row(x) %}<p>{{ x }}</p>{% endmacro %}{{ row('Rad') }}",
        *(f'<p {name}="{{{{ x }}}} stycken"></p>' for name in sorted(READ_ALOUD_OR_SHOWN)),
        "<button aria-label=\"{{ 'stäng' }}\">×</button>",
        "<p><code>x</code> är kod</p>",
    ],
)
def test_bare_words_in_a_template_are_found(source: str) -> None:
    assert len(bare_words(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "{# Hej #}<p class='stack' id='x'>{{ _('Save') }} – {{ x }}, 3 %.</p>",
        '<a title="{{ _("Save") }}" href="/threads?show={{ "mine" if x else "all" }}">×</a>',
        "<p>{{ ngettext('%(num)s answer', '%(num)s answers', x) }}{{ pgettext('a b', 'C d') }}</p>",
        "<p>{% trans %}Save it{% endtrans %}</p>",
        "<title>{{ x }} – Samverkan</title><b>{% if x %}English{% else %}Svenska{% endif %}</b>",
        "<p>{% if x == 'Åsa Ek' %}{{ time(x, 'short') }}{% endif %}</p>",
        "<code>[{{ _('text') }}](https://…)</code>",
        "{% macro told(by) %} aria-describedby=\"{{ by }}\"{% endmacro %}<p{{ told('x') }}></p>",
        "{% macro to(n) %}{{ base }}/posts/{{ n }}{% endmacro %}<a href='{{ to(2) }}'>#2</a>",
    ],
)
def test_translated_words_codes_and_names_are_let_through(source: str) -> None:
    assert bare_words(source) == []
