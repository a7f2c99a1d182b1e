"""Deadlines under any order of starting, acting and sweeping, and at the edges of days and years."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given, strategies as st

from innovation_voucher.casework import calendar, deadlines, subjects
from innovation_voucher.casework.models import Deadline, Office
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import undone

from . import trial
from .examples import FEW

pytestmark = pytest.mark.django_db

START = date(2026, 12, 21)  # a Monday
Call = tuple[str, str]


def evening(day: date) -> datetime:
    """Late in the working day in Shanghai."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def calls() -> list[Call]:
    return []


@pytest.fixture(autouse=True)
def known(calls: list[Call]) -> Iterator[None]:
    subject = replace(
        trial.SUBJECT,
        key="deadline-properties",
        expire=lambda obj, *, act: calls.append(("expire", act)),
        remind=lambda obj, *, act: calls.append(("remind", act)),
    )
    subjects.register(subject)
    yield
    subjects.unregister(subject)


@pytest.fixture
def office() -> Office:
    return cast.make_office()


@FEW
@given(
    days=st.integers(0, 12),
    before=st.integers(0, 5),
    unit=st.sampled_from(["wd", "d"]),
    swept=st.lists(st.integers(0, 30), max_size=6),
)
def test_whenever_it_is_swept_it_reminds_at_most_once_and_ends_once(
    office: Office, calls: list[Call], days: int, before: int, unit: Any, swept: list[int]
) -> None:
    calls.clear()
    with undone():
        row = deadlines.start(
            office, "act", days=days, unit=unit, remind_before=before, on_expiry="lapse", from_day=START
        )
        sweeps = sorted(START + timedelta(days=n) for n in swept)
        for day in sweeps:
            deadlines.run_due(evening(day))
        reminded = any(row.remind_on and row.remind_on <= day <= row.due_on for day in sweeps)
        over = any(day > row.due_on for day in sweeps)
        assert calls == [("remind", "act")] * reminded + [("expire", "act")] * over
        assert (deadlines.due(office) is None) == over


@FEW
@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=6), closed=st.sets(st.integers(0, 5)))
def test_the_next_due_act_is_the_earliest_of_those_still_open(
    office: Office, days: list[int], closed: set[int]
) -> None:
    with undone():
        for number, n in enumerate(days):
            deadlines.start(office, f"act-{number}", days=n, unit="d", on_expiry="lapse", from_day=START)
        for number in closed:
            deadlines.close(office, f"act-{number}")
        left = [START + timedelta(days=n) for number, n in enumerate(days) if number not in closed]
        found = deadlines.due(office)
        assert (found.due_on if found else None) == (min(left) if left else None)
        deadlines.close(office)
        assert deadlines.due(office) is None


@FEW
@given(again=st.lists(st.integers(0, 20), min_size=1, max_size=5))
def test_starting_anew_leaves_one_row_with_the_last_word(office: Office, again: list[int]) -> None:
    with undone():
        for n in again:
            deadlines.start(office, "act", days=n, unit="d", on_expiry="lapse", from_day=START)
        row = Deadline.objects.get(closed_at=None)
        assert row.due_on == START + timedelta(days=again[-1])


def test_beginning_anew_reminds_anew(office: Office, calls: list[Call]) -> None:
    for _ in range(2):
        deadlines.start(office, "act", days=5, unit="d", remind_before=5, on_expiry="lapse", from_day=START)
        deadlines.run_due(evening(START))
    assert calls == [("remind", "act")] * 2


def test_a_closed_deadline_stays_for_the_record_when_the_act_is_awaited_again(office: Office) -> None:
    first = deadlines.start(office, "act", days=1, unit="d", on_expiry="lapse", from_day=START)
    deadlines.close(office, "act")
    second = deadlines.start(office, "act", days=2, unit="d", on_expiry="lapse", from_day=START)
    assert first.pk != second.pk
    assert Deadline.objects.filter(closed_at__isnull=False).get() == first


@pytest.mark.parametrize(
    ("unit", "start", "days", "due"),
    [
        ("d", date(2026, 12, 31), 1, date(2027, 1, 1)),
        ("d", date(2028, 2, 28), 1, date(2028, 2, 29)),
        ("d", date(2027, 2, 28), 1, date(2027, 3, 1)),
        ("d", date(2028, 2, 29), 366, date(2029, 3, 1)),
        ("d", date(2026, 12, 31), 0, date(2026, 12, 31)),
        ("wd", date(2026, 12, 31), 1, date(2027, 1, 1)),
        ("wd", date(2026, 9, 30), 10, date(2026, 10, 20)),
        ("wd", date(2026, 10, 3), 0, date(2026, 10, 3)),  # no day to wait: even a holiday
    ],
)
def test_the_last_day_over_year_ends_leap_days_and_holidays(
    office: Office, unit: Any, start: date, days: int, due: date
) -> None:
    assert deadlines.start(office, "act", days=days, unit=unit, on_expiry="lapse", from_day=start).due_on == due


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), False),  # the last second of the last day
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), True),
    ],
)
def test_the_last_day_ends_at_midnight_in_shanghai(
    office: Office, calls: list[Call], moment: datetime, over: bool
) -> None:
    deadlines.start(office, "act", days=0, unit="d", on_expiry="lapse", from_day=date(2026, 12, 31))
    assert bool(deadlines.run_due(moment)) is over
    assert calls == [("expire", "act")] * over


def test_today_is_the_first_day_when_none_is_named(office: Office) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), tick=False):
        row = deadlines.start(office, "act", days=3, unit="d", on_expiry="lapse")
    assert row.due_on == date(2027, 1, 4)


@pytest.mark.parametrize("how", ["lapse", "default", "escalate"])
def test_every_other_end_calls_the_subjects_own_verb(office: Office, calls: list[Call], how: str) -> None:
    deadlines.start(office, "act", days=0, unit="d", on_expiry=how, from_day=START)
    lines = deadlines.run_due(evening(START + timedelta(days=1)))
    assert calls == [("expire", "act")]
    assert lines == [f"{how} act of office {office}, due {START}"]


def test_closing_what_nobody_awaits_does_nothing(office: Office) -> None:
    deadlines.close(office)
    deadlines.close(office, "act")
    assert deadlines.due(office, "act") is None
    assert not Deadline.objects.exists()


def test_deadlines_of_another_object_are_not_touched(office: Office, calls: list[Call]) -> None:
    other = cast.make_office("centre")
    for obj in (office, other):
        deadlines.start(obj, "act", days=1, unit="d", on_expiry="lapse", from_day=START)
    deadlines.close(office)
    assert deadlines.due(office) is None
    assert deadlines.due(other) is not None


def test_a_sweep_on_the_day_before_the_reminder_does_nothing(office: Office, calls: list[Call]) -> None:
    row = deadlines.start(office, "act", days=10, unit="wd", remind_before=3, on_expiry="lapse", from_day=START)
    assert row.remind_on == calendar.add_working_days(row.due_on, -3)
    assert deadlines.run_due(evening(row.remind_on - timedelta(days=1))) == []
    assert deadlines.run_due(evening(row.remind_on)) == [f"remind act of office {office}, due {row.due_on}"]
    assert calls == [("remind", "act")]
