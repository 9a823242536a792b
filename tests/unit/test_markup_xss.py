"""Nothing that somebody writes becomes more than the markup that a page may have."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forum import markup_bounds, safe_html
from tests.hostile_markup import HTML, PIECES, SCHEMES
from tests.markup import ANNA, LONG, Page, html

FORMS = ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "x {} y", "[x][a]\n\n[a]: {}")
PAYLOADS = dict.fromkeys(HTML + [form.format(scheme) for scheme in SCHEMES for form in FORMS])


def test_there_are_more_than_a_hundred_payloads() -> None:
    assert len(HTML) + len(SCHEMES) > 150


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_becomes_nothing_but_allowed_markup(payload: str) -> None:
    for text in (payload, f"a *b {payload} c* d\n{payload}", f"> - {payload}\n\n{payload}"):
        answer = safe_html.html_of(markup_bounds.tidied(text), {})
        Page(answer["html"])


@pytest.mark.parametrize("scheme", SCHEMES, ids=range(len(SCHEMES)))
async def test_a_link_with_a_doubtful_address_stays_text(scheme: str) -> None:
    for text in (f"[x]({scheme})", f"[x](<{scheme}>)", f"![x]({scheme})"):
        assert ">x</a>" not in await html(text)


MARKDOWN = st.lists(
    st.sampled_from([*PIECES, *HTML, *(f"[x]({scheme})" for scheme in SCHEMES), "\n", " "])
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
    answer = safe_html.html_of(markup_bounds.tidied(text), people)
    if "refused" not in answer:
        Page(answer["html"])
