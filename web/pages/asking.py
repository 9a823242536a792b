"""What the form for a new thread holds for one kind of thread alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from forum import asking
from forum.refusals import Invalid
from storage import clock
from storage.discussions import Thread, ThreadKind
from storage.networks import Membership
from web.forms import Form

#: How long municipalities have, unless somebody says otherwise.
DAYS_TO_ANSWER = 14


@dataclass(frozen=True, slots=True)
class Asking:
    """What the fields show."""

    asks_all: bool
    answer_by: str
    wanted_in: str
    wanted_month: str
    last_day: str


def shown(form: Form | None, mine: Membership) -> Asking:
    """Return what the fields show: what was typed, or what is likely."""
    if form is None:
        in_time = clock.today() + timedelta(days=DAYS_TO_ANSWER)
        return Asking(
            asks_all=False,
            answer_by=in_time.isoformat(),
            wanted_in=str(mine.organisation_id),
            wanted_month="",
            last_day="",
        )
    return Asking(
        asks_all="asks_all" in form,
        answer_by=form.text("answer_by"),
        wanted_in=form.text("wanted_in"),
        wanted_month=form.text("wanted_month"),
        last_day=form.text("last_day"),
    )


def filled_in(form: Form, kind: ThreadKind) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a thread of this kind has beside its text, and what is no date, by field."""
    if kind == ThreadKind.NOTICE:
        values, errors = _days(form, "ends_on")
        return values, errors
    if kind == ThreadKind.QUESTION and "asks_all" in form:
        values, errors = _days(form, "answer_by")
        return {"asks_all": True, **values}, errors
    if kind == ThreadKind.WANTED:
        return _wanted(form)
    return {}, {}


def again(form: Form | None, thread: Thread) -> dict[str, str]:
    """Return what the fields for looking again show: the same month, unless it has passed."""
    if form is not None:
        return {"month": form.text("wanted_month"), "last_day": form.text("last_day")}
    month = thread.wanted_month
    ahead = month is not None and asking.last_of(month) >= clock.today()
    return {"month": f"{month:%Y-%m}" if ahead else "", "last_day": ""}


def _days(form: Form, name: str) -> tuple[dict[str, date | None], dict[str, str]]:
    try:
        return {name: form.day(name)}, {}
    except Invalid as invalid:
        return {name: None}, invalid.errors


def _wanted(form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    days, errors = _days(form, "last_day")
    month = None
    try:
        month = form.month("wanted_month")
    except Invalid as invalid:
        errors |= invalid.errors
    last_day = days["last_day"]
    if last_day is None and month is not None and not errors:
        last_day = asking.last_of(month)
    values = {"wanted_in": form.number("wanted_in"), "wanted_month": month, "ends_on": last_day}
    return values, errors
