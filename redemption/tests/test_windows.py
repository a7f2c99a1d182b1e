"""The window in which a scheme takes redemptions, over every day of a year, against a plain model."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from redemption import services
from vouchers.policy import Policy

#: 2028 has a 29th of February.
DAYS = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
PLAIN_YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

month_days = st.sampled_from([f"{day:%m-%d}" for day in DAYS])
#: A whole year an example takes its time on a busy machine.
YEARS = settings(max_examples=30, deadline=None)


def open_days(start: str, end: str, days: list[date] = DAYS) -> list[date]:
    return [day for day in days if services.in_window(Policy(window_from=start, window_to=end), day)]


def walked(start: str, end: str) -> list[date]:
    """Model: begin at the first day and walk on, over the new year too, until the last one."""
    index = next(i for i, day in enumerate(DAYS) if f"{day:%m-%d}" == start)
    found = []
    while True:
        day = DAYS[index % len(DAYS)]
        found.append(day)
        if f"{day:%m-%d}" == end:
            return sorted(found)
        index += 1


@YEARS
@given(month_days, month_days)
def test_a_window_is_open_on_the_days_between_its_ends_and_on_no_other(start: str, end: str) -> None:
    # The walk from the day after the end to the day before the start is the closed part.
    assert open_days(start, end) == walked(start, end)


@YEARS
@given(month_days)
def test_a_window_of_one_day_is_open_on_that_day_alone(day: str) -> None:
    assert [f"{found:%m-%d}" for found in open_days(day, day)] == [day]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("01-01", "12-31", 365),
        ("03-01", "04-15", 46),
        ("11-01", "03-15", 61 + 31 + 28 + 15),
        ("12-31", "01-01", 2),
        ("02-28", "03-01", 2),
    ],
)
def test_a_window_has_so_many_days_in_a_plain_year(start: str, end: str, count: int) -> None:
    assert len(open_days(start, end, PLAIN_YEAR)) == count


@pytest.mark.parametrize(("start", "end"), [("", ""), ("03-01", ""), ("", "03-01")])
def test_a_window_without_both_ends_is_always_open(start: str, end: str) -> None:
    assert open_days(start, end) == DAYS


def test_the_last_of_february_is_inside_a_window_that_ends_then() -> None:
    leap = date(2028, 2, 29)
    assert services.in_window(Policy(window_from="02-01", window_to="02-29"), leap)
    assert not services.in_window(Policy(window_from="02-01", window_to="02-28"), leap)
    assert services.in_window(Policy(window_from="02-01", window_to="02-29"), date(2026, 2, 28))


@YEARS
@given(month_days, month_days)
def test_windows_that_meet_cover_the_year_once(start: str, middle: str) -> None:
    days = sorted({start, middle})
    if len(days) < 2:
        return
    ends = {day: DAYS[[f"{d:%m-%d}" for d in DAYS].index(day) - 1] for day in days}
    first = open_days(days[0], f"{ends[days[1]]:%m-%d}")
    second = open_days(days[1], f"{ends[days[0]]:%m-%d}")
    assert sorted(first + second) == DAYS
