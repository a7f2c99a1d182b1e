"""Order numbers by the patterns of the schemes: counted per day, at least that wide, growing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from innovation_voucher.casework.models import NumberRow
from orders.services.common import order_number
from vouchers.policy import Policy

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-11")]

HERE = ZoneInfo("Asia/Shanghai")


def numbers(clock: Any, pattern: str, *moments: tuple[int, int, int, int]) -> list[str]:
    """The numbers given at these moments (month, day, hour, minute) of 2026."""
    found = []
    for month, day, hour, minute in moments:
        clock.move_to(datetime(2026, month, day, hour, minute, tzinfo=HERE))
        found.append(order_number(Policy(order_number=pattern)))
    return found


def test_a_pattern_with_the_minute_counts_through_the_day(time_machine: Any) -> None:
    moments = ((7, 10, 15, 22), (7, 10, 15, 23), (7, 10, 18, 0), (7, 11, 9, 0))
    assert numbers(time_machine, "CSJ-{yyyymmddHHMM}-{seq6}", *moments) == [
        "CSJ-202607101522-000001",
        "CSJ-202607101523-000002",
        "CSJ-202607101800-000003",
        "CSJ-202607110900-000001",
    ]


def test_a_daily_pattern_begins_anew_each_day(time_machine: Any) -> None:
    moments = ((8, 29, 9, 0), (8, 29, 23, 59), (8, 30, 0, 0))
    assert numbers(time_machine, "CXQ{yyyymmdd}{seq4}", *moments) == [
        "CXQ202608290001",
        "CXQ202608290002",
        "CXQ202608300001",
    ]


def test_a_monthly_pattern_counts_through_the_month(time_machine: Any) -> None:
    moments = ((1, 5, 9, 0), (1, 31, 9, 0), (2, 1, 9, 0))
    assert numbers(time_machine, "IV{yyyymm}{seq}", *moments) == ["IV2026011", "IV2026012", "IV2026021"]


def test_beyond_its_width_a_number_grows_and_stays_different(time_machine: Any) -> None:
    assert numbers(time_machine, "CXQ{yyyymmdd}{seq4}", (8, 29, 9, 0)) == ["CXQ202608290001"]
    NumberRow.objects.filter(key__startswith="order:").update(value=9_998)
    moments = ((8, 29, 10, 0), (8, 29, 11, 0), (8, 29, 12, 0))
    assert numbers(time_machine, "CXQ{yyyymmdd}{seq4}", *moments) == [
        "CXQ202608299999",
        "CXQ2026082910000",
        "CXQ2026082910001",
    ]
