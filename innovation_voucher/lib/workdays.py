"""Working days and the business date. Which day is worked is the caller's knowledge."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The longest holiday has some ten days: a calendar without work in a year is a mistake.
_LONGEST_BREAK = 366


def add_workdays(day: date, n: int, is_workday: Callable[[date], bool]) -> date:
    """The n-th working day after the day (before it for n < 0; the day itself for 0).

    Raises ValueError when the calendar has no working day within a year.
    """
    step = timedelta(days=1 if n > 0 else -1)
    left, idle = abs(n), 0
    while left:
        day += step
        if is_workday(day):
            left, idle = left - 1, 0
        elif (idle := idle + 1) > _LONGEST_BREAK:
            raise ValueError(f"the calendar has no working day near {day}")
    return day


def workdays_between(a: date, b: date, is_workday: Callable[[date], bool]) -> int:
    """Working days after a up to and including b; negative when b lies before a.

    So `workdays_between(a, add_workdays(a, n, ...), ...)` is n for n >= 0.
    """
    if b < a:
        return -workdays_between(b, a, is_workday)
    return sum(is_workday(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


def shanghai_today(now: datetime | None = None) -> date:
    """The business date at an aware moment (now when None), in Asia/Shanghai."""
    return (now or timezone.now()).astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """The last moment of the day in Asia/Shanghai, to the microsecond the database keeps."""
    return datetime.combine(day, time.max, SHANGHAI)
