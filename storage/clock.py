"""What rows ask about time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """Return the present moment, aware and in UTC, as every row stores it."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date in Sweden: memberships and notices begin and end by it."""
    return datetime.now(STOCKHOLM).date()


def beginning(day: date) -> datetime:
    """Return the first moment of a day in Sweden, in UTC."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)
