"""Personnummer and samordningsnummer are found however they are written, and nothing else is.

No number here belongs to anybody: 640823-3234 and 701063-2391 are the examples of Skatteverket's
own brochures SKV 704 and SKV 707, and the others are made of days and check digits by the tests.
"""

import calendar
import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import personal_numbers
from forum.personal_numbers import holds_one, holds_one_when_shown, masked
from forum.refusals import Invalid
from storage import clock

EXAMPLE = "640823-3234"
COORDINATION = "701063-2391"


def check_digit(nine: str) -> str:
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product if product < 10 else product - 9
    return str(-total % 10)


def made(born: date, birth_number: int, *, added: int = 0, sign: str = "-") -> str:
    six = f"{born:%y%m}{born.day + added:02}"
    return f"{six}{sign}{birth_number:03}{check_digit(f'{six}{birth_number:03}')}"


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        COORDINATION,
        "6408233234",
        "19640823-3234",
        "196408233234",
        "640823 3234",
        "640823\u00a03234",
        "640823\t3234",
        "640823 - 3234",
        "640823+3234",
        "18640823+3234",
        f"Personen ({EXAMPLE}) bor i gruppbostad.",
        f"pnr:{EXAMPLE}, född i Habo",
        f"{EXAMPLE}/{COORDINATION}",
        f"- {EXAMPLE}\n- en rad till",
        "Handlingsplan_640823-3234.docx",
        "Handlingsplan196408233234v2.pdf",
    ],
)
def test_a_number_is_found_in_every_way_of_writing_it(text: str) -> None:
    assert holds_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "６４０８２３－３２３４",
        "٦٤٠٨٢٣-٣٢٣٤",
        "640823\u20113234",
        "640823–3234",
        "640823\u22123234",
        "6408\u200b23-32\u200d34",
        "640823\u00ad-3234",
        "640823\u20093234",
        "\u2066640823\u2069-3234",
        "6\ufe0f40823-3234",
    ],
)
def test_other_digits_hyphens_and_what_nobody_sees_hide_no_number(text: str) -> None:
    assert holds_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Vi har 13 kommuner.",
        "640823-3235",
        "640823-0009",
        "641323-3237",
        "640231-3237",
        "640892-3232",
        "Ring 036-10 50 00 eller 070-123 45 67.",
        "+46 70 123 45 67",
        "0701234567",
        "Dnr 2026/1234, RJL 2026-001234",
        "Bankgiro 5050-1055, plusgiro 4 12 40 29-4",
        "Konto 8327-9 934 567 890-1",
        "IBAN SE35 5000 0000 0549 1000 0003",
        "Organisationsnummer 232100-0057",
        "1640823-3234",
        "640823-32341",
        "12-640823-3234",
        "640823-3234-1",
        "00640823323400",
        "640823\n3234",
        "2026-11-22 13.00",
        "https://example.org/9f640823323477",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_one(text)


def test_nobody_is_born_tomorrow() -> None:
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    assert holds_one(f"{today:%Y}"[:2] + made(today, 238))
    assert not holds_one(f"{tomorrow:%Y}"[:2] + made(tomorrow, 238))
    # Without a century it is somebody who is nearly a hundred.
    assert holds_one(made(tomorrow, 238))


def test_a_leap_day_is_one_in_the_century_that_the_number_means() -> None:
    leap = made(date(2000, 2, 29), 238)
    assert holds_one(leap)
    assert holds_one(f"20{leap}")
    assert not holds_one(f"19{leap}")
    assert not holds_one(leap.replace("-", "+"))


DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
BIRTH_NUMBERS = st.integers(1, 999)
WORDS = st.text(alphabet=string.ascii_letters + " åäö.,:;()\n", max_size=30)


@given(DAYS, BIRTH_NUMBERS, st.sampled_from([0, 60]), st.booleans(), WORDS, WORDS)
def test_every_number_that_can_be_is_found_and_masked(
    born: date, number: int, added: int, century: bool, before: str, after: str
) -> None:
    sign = "+" if clock.today().year - born.year >= 100 and not century else "-"
    if not century and sign == "-" and clock.today().year - born.year == 100:
        return
    ten = made(born, number, added=added, sign=sign)
    text = f"{before}{born.year // 100 if century else ''}{ten}{after}"
    assert holds_one(text)
    assert not holds_one(masked(text))
    assert masked(text).startswith(before)
    assert masked(text).endswith(after)
    assert not any(character.isdigit() for character in masked(text))


@given(DAYS, BIRTH_NUMBERS, st.integers(1, 9))
def test_a_wrong_check_digit_is_no_number(born: date, number: int, off: int) -> None:
    right = made(born, number)
    assert not holds_one(right[:-1] + str((int(right[-1]) + off) % 10))


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), BIRTH_NUMBERS)
def test_without_a_day_there_is_no_number(year: int, month: int, day: int, number: int) -> None:
    six = f"{year:02}{month:02}{day:02}"
    text = f"{six}-{number:03}{check_digit(f'{six}{number:03}')}"
    days = {
        calendar.monthrange(century + year, month)[1] if 1 <= month <= 12 else 0
        for century in (1900, 2000)
    }
    possible = 1 <= (day - 60 if day > 60 else day) <= max(days)
    assert holds_one(text) <= possible


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert not holds_one(masked(text))


@pytest.mark.parametrize(
    "rendered",
    [
        "<p><strong>640823</strong>-3234</p>",
        "<p>640823&#45;3234</p>",
        "<p>640823<em>-</em>32<code>34</code></p>",
    ],
)
def test_marks_and_entities_do_not_part_a_number(rendered: str) -> None:
    assert holds_one_when_shown(rendered)


def test_two_paragraphs_are_not_one_number() -> None:
    assert not holds_one_when_shown("<p>640823</p>\n<p>3234</p>")


def test_the_explanation_stands_by_each_field_and_repeats_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        personal_numbers.refuse(title=f"Om {EXAMPLE}", body="Inget.", name=COORDINATION)
    assert set(refused.value.errors) == {"title", "name"}
    assert not any(character.isdigit() for character in str(refused.value))
    personal_numbers.refuse(title="Om ingen", body="Inget.")
