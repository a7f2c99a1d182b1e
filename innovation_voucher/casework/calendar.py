"""The business date, and the working days of the portal: the table of special days, else the weekday."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from innovation_voucher.lib import workdays

from .models import CalendarDay

SATURDAY = 5

#: Answers whether a day is worked; asks the database no more.
Worked = Callable[[date], bool]


#: The moment for which a sweep was asked to act; None = the real one.
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def acting_at(moment: datetime) -> Iterator[None]:
    """Everything inside takes the moment for now: a year end is rehearsed before it comes."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def now() -> datetime:
    """This moment by the portal's clock: the one that is acted for, else the real one.

    Decides terms and business dates; what happened is stamped with the real time.
    """
    return _moment.get() or timezone.now() + settings.CLOCK_OFFSET


def today() -> date:
    """The business date in Asia/Shanghai."""
    return workdays.shanghai_today(now())


def loaded() -> Worked:
    """The whole calendar in one query, for a page or a sweep that asks for many days."""
    special = dict(CalendarDay.objects.values_list("day", "workday"))
    return lambda day: special.get(day, day.weekday() < SATURDAY)


def is_workday(day: date) -> bool:
    """Whether the day is worked (one query)."""
    special = CalendarDay.objects.filter(day=day).values_list("workday", flat=True).first()
    return day.weekday() < SATURDAY if special is None else special


def add_working_days(day: date, n: int, worked: Worked | None = None) -> date:
    """The n-th working day after the day (before it for n < 0; the day itself for 0)."""
    return workdays.add_workdays(day, n, worked or loaded())


def working_days_left(due: date, worked: Worked | None = None, *, day: date | None = None) -> int:
    """Working days after today (or `day`) up to and including the due day; negative when overdue.

    A list gives every row the same `worked = calendar.loaded()`.
    """
    return workdays.workdays_between(day or today(), due, worked or loaded())


def uncovered(years: Iterable[int]) -> list[int]:
    """Those years of which the table knows no day, so that weekdays alone decide."""
    return [year for year in years if not CalendarDay.objects.filter(day__year=year).exists()]
