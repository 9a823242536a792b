"""What a thread says beside its text when it asks every municipality or looks for somebody."""

from calendar import monthrange
from datetime import date

from forum import organisations
from forum.language import gettext as _
from storage import clock
from storage.door import Inside


def last_of(month: date) -> date:
    """Return the last day of the month that a day is in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def question_refused(answer_by: date | None) -> dict[str, str]:
    """Say what is wrong with a question that asks every municipality, by its fields' names."""
    if answer_by is None:
        return {"answer_by": _("Choose the last day for answers.")}
    if answer_by < clock.today():
        return {"answer_by": _("Choose today or a later day.")}
    return {}


async def wanted_refused(
    inside: Inside, municipality_id: int | None, month: date | None, last_day: date | None
) -> dict[str, str]:
    """Say what is wrong with what is wanted, by its fields' names."""
    errors = wanted_dates_refused(month, last_day)
    if municipality_id not in {one.id for one in await organisations.municipalities_of(inside)}:
        errors["wanted_in"] = _("Choose one of the network’s municipalities.")
    return errors


def wanted_dates_refused(month: date | None, last_day: date | None) -> dict[str, str]:
    """Say what is wrong with a month, and with a last day that may not lie after it."""
    today = clock.today()
    if month is None:
        return {"wanted_month": _("Choose the month.")}
    if last_of(month) < today:
        return {"wanted_month": _("Choose this month or a later one.")}
    if last_day is None:
        return {"last_day": _("Choose the last day for joining.")}
    if last_day < today:
        return {"last_day": _("Choose today or a later day.")}
    if last_day > last_of(month):
        return {"last_day": _("Choose a day before the month is over.")}
    return {}
