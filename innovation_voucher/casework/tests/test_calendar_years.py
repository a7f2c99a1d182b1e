"""The calendar over year ends, leap days and years without a notice, against a plain model."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, strategies as st

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import CalendarDay
from innovation_voucher.tests.kept import undone

from .examples import FEW

pytestmark = pytest.mark.django_db

DAYS = st.dates(date(2025, 12, 1), date(2028, 3, 31))


def by_hand(day: date, n: int) -> date:
    """Counting on the fingers: one day on, one finger when it is worked."""
    special = dict(CalendarDay.objects.values_list("day", "workday"))
    step = timedelta(days=1 if n > 0 else -1)
    while n:
        day += step
        if special.get(day, day.weekday() < 5):
            n -= 1 if n > 0 else -1
    return day


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # two days off, a free Saturday, a Sunday made up for
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # no notice yet for 2027: a plain Friday
        (date(2026, 12, 31), 2, date(2027, 1, 4)),
        (date(2027, 1, 4), -2, date(2026, 12, 31)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday made up for
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the spring festival
        (date(2026, 2, 27), 1, date(2026, 2, 28)),  # no leap day, a Saturday made up for
        (date(2026, 2, 28), 1, date(2026, 3, 2)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day, a Tuesday
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
        (date(2026, 9, 19), 1, date(2026, 9, 20)),  # a Sunday made up for
    ],
)
def test_the_next_working_day_is_found_over_breaks_and_year_ends(start: date, n: int, end: date) -> None:
    assert calendar.add_working_days(start, n) == end


def test_a_notice_that_is_entered_later_moves_what_is_reckoned_afterwards() -> None:
    assert calendar.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 1)
    CalendarDay.objects.create(day=date(2027, 1, 1), workday=False, name="元旦")
    CalendarDay.objects.create(day=date(2027, 1, 2), workday=True, name="元旦调休")
    assert calendar.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 2)


def test_what_a_page_has_loaded_does_not_change_under_its_hands() -> None:
    worked = calendar.loaded()
    CalendarDay.objects.create(day=date(2027, 1, 1), workday=False)
    assert calendar.add_working_days(date(2026, 12, 31), 1, worked) == date(2027, 1, 1)
    assert not calendar.is_workday(date(2027, 1, 1))


@FEW
@given(day=DAYS, n=st.integers(-40, 40))
def test_adding_is_counting_by_hand(day: date, n: int) -> None:
    assert calendar.add_working_days(day, n) == by_hand(day, n)


@FEW
@given(day=DAYS, n=st.integers(1, 40))
def test_the_day_reached_is_worked_and_counts_back(day: date, n: int) -> None:
    worked = calendar.loaded()
    end = calendar.add_working_days(day, n, worked)
    assert worked(end)
    assert calendar.working_days_left(end, worked, day=day) == n


@FEW
@given(entered=st.dictionaries(DAYS, st.booleans(), max_size=8), asked=DAYS)
def test_one_question_and_the_loaded_calendar_agree(entered: dict[date, bool], asked: date) -> None:
    with undone():
        for day, workday in entered.items():
            CalendarDay.objects.update_or_create(day=day, defaults={"workday": workday})
        worked = calendar.loaded()
        assert all(worked(day) is workday is calendar.is_workday(day) for day, workday in entered.items())
        assert worked(asked) is calendar.is_workday(asked)


@pytest.mark.parametrize(
    ("due", "left"),
    [
        (date(2026, 12, 31), 0),
        (date(2027, 1, 1), 1),
        (date(2027, 1, 3), 1),  # the weekend adds none
        (date(2027, 1, 4), 2),
        (date(2026, 12, 30), -1),
        (date(2026, 12, 26), -4),  # negative when overdue
    ],
)
def test_days_left_around_the_new_year(due: date, left: int) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 4, tzinfo=UTC), tick=False):
        assert calendar.working_days_left(due) == left


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2028, 2, 29, 16, 0, tzinfo=UTC), date(2028, 3, 1)),
        # Clocks elsewhere are set forward on this night, in Shanghai they are not.
        (datetime(2027, 3, 27, 16, 0, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 10, 30, 15, 59, tzinfo=UTC), date(2027, 10, 30)),
    ],
)
def test_the_business_day_turns_at_midnight_in_shanghai_all_year(moment: datetime, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert calendar.today() == day
        assert calendar.now() == moment


def test_only_years_without_any_day_are_uncovered() -> None:
    assert calendar.uncovered([2024, 2025, 2026]) == []
    assert calendar.uncovered([2026, 2027, 2028]) == [2027, 2028]
    CalendarDay.objects.create(day=date(2027, 12, 31), workday=True)
    assert calendar.uncovered([2027, 2028]) == [2028]
    assert calendar.uncovered([]) == []


def test_each_notice_gives_back_a_weekend_day_only() -> None:
    days = CalendarDay.objects.all()
    assert all(row.day.weekday() >= 5 for row in days if row.workday)
    assert all(row.day.weekday() < 5 for row in days if not row.workday)
