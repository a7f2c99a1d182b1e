"""Number patterns and their sequences, for any pattern that a scheme may write."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, strategies as st

from innovation_voucher.casework.models import NumberRow
from innovation_voucher.casework.numbers import case_number, formatted, next_number
from innovation_voucher.tests.kept import undone

from .examples import FEW

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = st.text(st.characters(blacklist_characters="{}", blacklist_categories=["Cs"]), max_size=8)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  Hypothesis adds it
LAST_SECOND = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@given(before=WORDS, after=WORDS, number=st.integers(1, 10**9), width=st.integers(1, 9))
def test_the_number_is_padded_never_cut_and_all_else_stays(before: str, after: str, number: int, width: int) -> None:
    written = formatted(f"{before}{{seq{width}}}{after}", day=date(2026, 1, 1), seq=number)
    digits = written[len(before) : len(written) - len(after)]
    assert written.startswith(before)
    assert written.endswith(after)
    assert int(digits) == number
    assert len(digits) == max(width, len(str(number)))


@given(moment=MOMENTS)
def test_a_moment_is_written_in_the_time_of_shanghai(moment: datetime) -> None:
    written = formatted("{yyyy}|{yyyymm}|{yyyymmdd}|{date}|{yyyymmddHHMM}", day=moment)
    local = moment.astimezone(SHANGHAI)
    assert written == "|".join(local.strftime(f) for f in ("%Y", "%Y%m", "%Y%m%d", "%Y%m%d", "%Y%m%d%H%M"))


@given(day=st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_a_date_is_written_as_it_is_at_any_hour(day: date) -> None:
    for hour in (0, 15, 16, 23):
        with time_machine.travel(datetime(2026, 6, 1, hour, tzinfo=UTC), tick=False):
            assert formatted("{yyyymmdd}", day=day) == f"{day:%Y%m%d}"


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (LAST_SECOND, "CXQ20261231-2026"),
        (NEW_YEAR, "CXQ20270101-2027"),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), "CXQ20280229-2028"),
    ],
)
def test_a_voucher_of_the_last_second_belongs_to_the_old_year(moment: datetime, number: str) -> None:
    assert formatted("CXQ{yyyymmdd}-{yyyy}", day=moment) == number


@pytest.mark.parametrize("pattern", ["{seq}", "{SEQ4}", "{yyyymmddhh}", "{Date}", "{seq44}", "券{ 不知 }{no}"])
def test_a_field_that_nobody_knows_is_an_error_that_quotes_the_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(pattern))):
        formatted(pattern, day=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("pattern", "written"),
    [("", ""), ("券", "券"), ("{}", "{}"), ("{{yyyy}}", "{2026}"), ("{yyyy", "{yyyy"), ("{地区}号", "滨江号")],
)
def test_braces_around_nothing_stay_as_they_are(pattern: str, written: str) -> None:
    assert formatted(pattern, day=date(2026, 1, 1), 地区="滨江") == written


@pytest.mark.parametrize(("pattern", "written"), [("{seq}{seq3}", "7007"), ("{seq9}", "000000007"), ("{seq1}", "7")])
def test_one_number_fills_every_place(pattern: str, written: str) -> None:
    assert formatted(pattern, day=date(2026, 1, 1), seq=7) == written


@pytest.mark.django_db
def test_a_pattern_with_two_places_draws_one_number() -> None:
    assert formatted("{seq2}/{seq4}", day=date(2026, 1, 1), key="twice") == "01/0001"
    assert next_number("twice") == 2


@pytest.mark.django_db
def test_a_number_that_is_given_wins_over_the_one_drawn() -> None:
    assert formatted("{seq}", day=date(2026, 1, 1), key="given", seq=9) == "9"


@pytest.mark.django_db
@FEW
@given(asked=st.lists(st.sampled_from(["甲", "乙", "ZJ:2026", "ZJ:2026 ", "zj:2026"]), max_size=12))
def test_each_key_counts_for_itself_without_gaps(asked: list[str]) -> None:
    with undone():
        given_out = [(key, next_number(key)) for key in asked]
        for key in set(asked):
            numbers = [number for name, number in given_out if name == key]
            assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
@FEW
@given(kept=st.lists(st.booleans(), max_size=8))
def test_whatever_rolls_back_no_number_is_lost_or_given_twice(kept: list[bool]) -> None:
    with undone():
        numbers = []
        for keep in kept:
            with transaction.atomic():
                number = next_number("rolled")
                transaction.set_rollback(not keep)
            numbers += [number] if keep else []
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
def test_a_key_may_be_long_and_in_any_script() -> None:
    key = "券" * 80
    assert [next_number(key), next_number(key)] == [1, 2]
    assert NumberRow.objects.get(key=key).value == 2


@pytest.mark.django_db
def test_the_last_case_of_the_year_and_the_first_of_the_next() -> None:
    with time_machine.travel(LAST_SECOND, tick=False):
        assert case_number("SL") == "SL-2026-000001"
    with time_machine.travel(NEW_YEAR, tick=False):
        assert case_number("SL") == "SL-2027-000001"
    with time_machine.travel(LAST_SECOND, tick=False):
        assert case_number("SL") == "SL-2026-000002"


@pytest.mark.django_db
def test_case_numbers_grow_beyond_a_million() -> None:
    NumberRow.objects.create(key="SL-2026", value=999_999)
    with time_machine.travel(LAST_SECOND, tick=False):
        assert case_number("SL") == "SL-2026-1000000"
