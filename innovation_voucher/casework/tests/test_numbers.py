"""Numbers have no gaps and no doubles, and look as the pattern says."""

import threading
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, transaction

from innovation_voucher.casework.models import NumberRow
from innovation_voucher.casework.numbers import case_number, formatted, next_number

DAY = date(2026, 3, 9)


@pytest.mark.django_db
def test_each_key_counts_from_one() -> None:
    assert [next_number("a"), next_number("a"), next_number("b"), next_number("a")] == [1, 2, 1, 3]


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back() -> None:
    next_number("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / (next_number("a") - 2)
    assert next_number("a") == 2


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers() -> None:
    taken, gate = [], threading.Barrier(8)

    def take() -> None:
        gate.wait(5)
        taken.extend(next_number("a") for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(taken) == list(range(1, 41))
    assert NumberRow.objects.get(key="a").value == 40


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("CXQ{yyyymmdd}{seq4}", "CXQ202603090007"),
        ("CSJ-{yyyymmddHHMM}-{seq6}", "CSJ-202603091530-000007"),
        ("ZJ{date}-{seq}", "ZJ20260309-7"),
        ("IV{yyyymm}{seq}", "IV2026037"),
        ("{kind}/{yyyy}", "DF/2026"),
        ("plain", "plain"),
    ],
)
def test_patterns(pattern: str, number: str) -> None:
    moment = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
    assert formatted(pattern, day=moment, seq=7, kind="DF") == number


def test_a_number_grows_beyond_its_width() -> None:
    assert formatted("{seq4}", day=DAY, seq=12345) == "12345"


def test_a_date_takes_the_time_of_now() -> None:
    with time_machine.travel(datetime(2026, 3, 9, 1, 5, tzinfo=UTC), tick=False):
        assert formatted("{yyyymmddHHMM}", day=DAY) == "202603090905"


def test_a_field_without_value_is_named() -> None:
    with pytest.raises(ValueError, match="'region'"):
        formatted("{region}-{seq}", day=DAY, seq=1)


@pytest.mark.django_db
def test_a_key_draws_the_number_only_where_the_pattern_asks() -> None:
    assert formatted("{yyyy}", day=DAY, key="a") == "2026"
    assert formatted("{seq2}", day=DAY, key="a") == "01"
    assert formatted("{seq2}", day=DAY, key="a") == "02"


@pytest.mark.django_db
def test_case_numbers_begin_anew_each_year_of_the_business_date() -> None:
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), tick=False):
        assert [case_number("RZ"), case_number("RZ")] == ["RZ-2026-000001", "RZ-2026-000002"]
        assert case_number("DF") == "DF-2026-000001"
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert case_number("RZ") == "RZ-2027-000001"
