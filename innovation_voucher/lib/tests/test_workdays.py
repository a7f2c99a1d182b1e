"""Working days, the business date and the end of a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, strategies as st

from innovation_voucher.lib.workdays import (
    add_workdays,
    end_of_day,
    shanghai_today,
    workdays_between,
)

HOLIDAYS = {date(2026, 10, day) for day in range(1, 9)}
MADE_UP = {date(2026, 10, 10)}

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def is_workday(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday -> Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday -> Monday
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 9, 30), 1, date(2026, 10, 9)),  # over the holiday
        (date(2026, 9, 30), 2, date(2026, 10, 10)),  # the made-up Saturday counts
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
    ],
)
def test_working_days_are_added(start: date, n: int, expected: date) -> None:
    assert add_workdays(start, n, is_workday) == expected


@given(days, st.integers(min_value=1, max_value=60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    end = add_workdays(day, n, is_workday)
    assert is_workday(end)
    assert workdays_between(day, end, is_workday) == n
    assert workdays_between(end, day, is_workday) == -n


@given(days, days, days)
def test_counting_adds_up_over_any_day_between(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    assert workdays_between(first, last, is_workday) == workdays_between(first, middle, is_workday) + workdays_between(
        middle, last, is_workday
    )


def test_no_days_lie_between_a_day_and_itself() -> None:
    assert workdays_between(date(2026, 11, 20), date(2026, 11, 20), is_workday) == 0


def test_a_calendar_without_work_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_workdays(date(2026, 1, 1), 1, lambda day: False)


def test_the_business_date_changes_at_midnight_in_shanghai() -> None:
    before = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert shanghai_today(before) == date(2026, 12, 31)
    assert shanghai_today(before + timedelta(seconds=1)) == date(2027, 1, 1)


def test_today_is_the_clocks_day() -> None:
    with time_machine.travel(datetime(2026, 11, 19, 20, 0, tzinfo=UTC), tick=False):
        assert shanghai_today() == date(2026, 11, 20)


def test_a_day_ends_one_microsecond_before_the_next() -> None:
    end = end_of_day(date(2026, 11, 20))
    assert end.isoformat() == "2026-11-20T23:59:59.999999+08:00"
    assert shanghai_today(end) == date(2026, 11, 20)
    assert shanghai_today(end + timedelta(microseconds=1)) == date(2026, 11, 21)
