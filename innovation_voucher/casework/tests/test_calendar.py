"""Working days follow the yearly notices, then what people enter, then the weekday."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 14), True),  # a Saturday made up for
        (date(2026, 10, 1), False),  # a Thursday of the holiday
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), True),
        (date(2031, 10, 1), True),  # no notice yet: a Wednesday
    ],
)
def test_a_day_is_worked_or_not(day: date, worked: bool) -> None:
    assert calendar.is_workday(day) is worked
    assert calendar.loaded()(day) is worked


def test_a_day_that_people_enter_counts_at_once() -> None:
    CalendarDay.objects.create(day=date(2031, 10, 1), workday=False)
    assert not calendar.is_workday(date(2031, 10, 1))


def test_working_days_jump_over_the_long_holiday() -> None:
    # 2026-09-30 is a Wednesday; the holiday lasts until the 7th.
    assert calendar.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert calendar.add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_days_left_count_the_due_day_and_not_today() -> None:
    with time_machine.travel(datetime(2026, 9, 29, 16, 30, tzinfo=UTC), tick=False):
        assert calendar.today() == date(2026, 9, 30)
        assert calendar.working_days_left(date(2026, 10, 9)) == 2
        assert calendar.working_days_left(date(2026, 9, 30)) == 0
        assert calendar.working_days_left(date(2026, 9, 28)) == -2
    assert calendar.working_days_left(date(2026, 10, 9), day=date(2026, 10, 8)) == 1


def test_a_list_asks_once(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        worked = calendar.loaded()
        for day in range(1, 28):
            calendar.working_days_left(date(2026, 10, day), worked)
            calendar.add_working_days(date(2026, 10, day), 5, worked)


def test_years_without_a_notice_are_named() -> None:
    assert calendar.uncovered(range(2025, 2029)) == [2027, 2028]


def test_now_is_aware() -> None:
    assert calendar.now().utcoffset() is not None
