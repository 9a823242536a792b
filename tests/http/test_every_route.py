"""Every route × every kind of visitor has the answer that expected_answers.csv says, or fails."""

import csv
import re
from pathlib import Path

import httpx
import pytest

from tests.http.walk import GETS, OTHERS, PEOPLE, POSTS, House, Step, steps

FILE = Path(__file__).with_name("expected_answers.csv")


def _lines() -> list[dict[str, str]]:
    written = [line for line in FILE.read_text().splitlines() if line and line[0] != "#"]
    return list(csv.DictReader(written, skipinitialspace=True, strict=True))


LINES = _lines()
EXPECTED = {
    (f"{line['method'].strip()} {line['path'].strip()}", who): line[who].strip()
    for line in LINES
    for who in PEOPLE
    if line[who].strip()
}


def expected(house: House, step: Step, who: str) -> str:
    answer = EXPECTED.get((str(step), who))
    if answer is None:
        pytest.fail(f"{FILE.name} does not say what {step} answers to {who}")
    return answer.format(**house.values)


def given(response: httpx.Response) -> str:
    """The status and, when it leads elsewhere, the path."""
    there = httpx.URL(response.headers["location"]).path if response.has_redirect_location else ""
    there = re.sub("^/kept/.+", "/kept/TOKEN", there)
    return f"{response.status_code} {there}".strip()


def test_the_file_has_a_line_for_each_route_and_method_and_no_other() -> None:
    written = [f"{line['method'].strip()} {line['path'].strip()}" for line in LINES]
    assert sorted(written) == sorted(map(str, steps()))
    assert set(EXPECTED) == {(str(step), who) for step in steps() for who in PEOPLE}


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_page_answers_each_visitor_as_the_file_says(house: House, who: str) -> None:
    answers, right = {}, {}
    async with house.visitor(who) as http:
        before = house.rows()
        for step in GETS:
            answers[str(step)] = given(await house.take(http, who, step))
            right[str(step)] = expected(house, step, who)
        assert answers == right
        assert house.rows() == before, "a page that is only read changes nothing"


# Each on a database of its own, so that no form answers as it does because of another one.
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", [*POSTS, *OTHERS], ids=str)
async def test_every_form_answers_each_visitor_as_the_file_says(
    house: House, step: Step, who: str
) -> None:
    async with house.visitor(who) as http:
        before = house.rows()
        answer = given(await house.take(http, who, step))
        assert answer == expected(house, step, who)
        if answer[:3] in {"403", "404"}:
            assert house.rows() == before, "who may not, changes nothing"


@pytest.mark.parametrize("who", ["coordinator", "guest", "elsewhere", "nobody"])
async def test_head_answers_with_the_status_and_the_headers_of_the_page(
    house: House, who: str
) -> None:
    async with house.visitor(who) as http:
        for step in GETS:
            page = await http.get(house.address(step))
            head = await http.head(house.address(step))
            assert (head.status_code, head.headers) == (page.status_code, page.headers), step


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
#: To a POST, "sent" is the token of a link, though of none that there is; to a GET, "removal" is
#: what a file is called.
TAKEN = {
    "/login-links/sent": {"POST"},
    "/n/{slug}/attachments/{attachment_id}/removal": {"GET", "HEAD"},
    # Whoever is not let in is told that before anything else.
    "/dav/{path}": METHODS,
}


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_wrong_method_is_told_so_and_changes_nothing(house: House, who: str) -> None:
    by_path = {path: set(methods) for path, methods in TAKEN.items()}
    for step in steps():
        methods = {"GET", "HEAD"} if step.method == "GET" else {step.method}
        by_path.setdefault(step.path, set()).update(methods)
    async with house.visitor(who) as http:
        before = house.rows()
        for path, right in by_path.items():
            for method in METHODS - right:
                answer = await http.request(method, house.address(Step(method, path)))
                assert answer.status_code == 405, (method, path)
        assert house.rows() == before
