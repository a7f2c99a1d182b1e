"""As what one may claim, and until when a certificate is good: pure functions on a policy."""

from datetime import date
from decimal import Decimal

import pytest

from vouchers.policy import (
    ClassSpec,
    Policy,
    class_label,
    class_problem,
    class_row,
    declared,
    month_problem,
    options,
    revenue_problem,
)
from vouchers.policy.rows import Row

pytestmark = pytest.mark.feature("JS-4")

POLICY = Policy.from_json(
    {
        "eligible_classes": ["listed", "certified", "incubated"],
        "revenue_max": "400000000",
        "classes": [
            {"key": "listed", "label": "科小", "proof": "list"},
            {"key": "certified", "label": "高企", "proof": "declared", "months": 36},
            {"key": "incubated", "label": "在孵", "proof": "declared"},
            {"key": "former", "label": "往年资格", "proof": "declared"},
        ],
    }
)


def test_a_policy_tells_its_classes_again() -> None:
    assert Policy.from_json(POLICY.to_json()) == POLICY
    assert [row.key for row in POLICY.classes] == ["listed", "certified", "incubated", "former"]


def test_a_class_has_the_name_that_the_scheme_gives_it() -> None:
    assert class_label(POLICY, "certified") == "高企"
    assert (class_label(POLICY, "any"), class_row(POLICY, "any")) == ("", None)
    assert class_row(POLICY, "listed") == ClassSpec(key="listed", label="科小", proof="list")


def test_what_is_declared_is_told_from_what_a_list_says() -> None:
    assert declared(POLICY) == ("certified", "incubated", "former")
    assert declared(Policy()) == ()


@pytest.mark.parametrize(
    ("classes", "found"),
    [
        ((), []),
        (("any",), []),
        (("former",), []),
        (("incubated", "listed"), ["listed", "incubated"]),
        (("any", "certified"), ["certified"]),
    ],
)
def test_one_may_choose_among_eligible_classes_that_one_has(classes: tuple[str, ...], found: list[str]) -> None:
    assert [row.key for row in options(POLICY, classes)] == found


def test_who_is_not_listed_reads_which_list_it_is() -> None:
    assert "当年的科小名单" in class_problem(POLICY, {"any"})
    assert class_problem(POLICY, {"listed"}) == ""


@pytest.mark.parametrize(
    ("month", "day", "good"),
    [
        ("2021-08", date(2024, 8, 1), True),
        ("2021-08", date(2024, 8, 31), True),
        ("2021-07", date(2024, 8, 1), False),
        ("2021-12", date(2024, 12, 31), True),
        ("2021-12", date(2025, 1, 1), False),
        ("2024-08", date(2024, 8, 1), True),
        ("2024-09", date(2024, 8, 31), False),
        ("2022-01", date(2025, 1, 1), True),
    ],
)
def test_months_of_a_certificate_are_compared_not_days(month: str, day: date, good: bool) -> None:
    """Scenario 5: in 2024-08 a certificate of 2021-08 is taken, of 2021-07 not."""
    assert (month_problem(POLICY, "certified", {"certificate_month": month}, day) == "") is good


def test_the_oldest_month_that_is_taken_is_named() -> None:
    words = month_problem(POLICY, "certified", {"certificate_month": "2021-07"}, date(2024, 8, 5))
    assert "2021-08 或以后" in words
    january = month_problem(POLICY, "certified", {"certificate_month": "2000-01"}, date(2025, 1, 5))
    assert "2022-01 或以后" in january
    december = month_problem(POLICY, "certified", {"certificate_month": "2000-01"}, date(2024, 12, 5))
    assert "2021-12 或以后" in december


def test_a_certificate_from_the_future_is_asked_about() -> None:
    assert "晚于本月" in month_problem(POLICY, "certified", {"certificate_month": "2024-09"}, date(2024, 8, 5))


@pytest.mark.parametrize("class_key", ["", "listed", "incubated", "any"])
def test_only_classes_with_a_certificate_compare_months(class_key: str) -> None:
    assert month_problem(POLICY, class_key, {"certificate_month": "1999-01"}, date(2024, 8, 5)) == ""


@pytest.mark.parametrize("answers", [{}, {"certificate_month": ""}, {"certificate_month": None}])
def test_a_month_that_is_missing_is_no_old_month(answers: dict[str, str | None]) -> None:
    assert month_problem(POLICY, "certified", answers, date(2024, 8, 5)) == ""


@pytest.mark.parametrize(("revenue", "good"), [("400000000", True), ("400000000.01", False), ("400000001", False)])
def test_revenue_up_to_the_limit_and_not_one_yuan_more(revenue: str, good: bool) -> None:
    words = revenue_problem(POLICY, Decimal(revenue))
    assert (words == "") is good
    assert good or "400,000,000 元" in words


def test_an_unknown_column_of_a_row_is_an_error() -> None:
    with pytest.raises(TypeError):
        ClassSpec.read({"key": "a", "label": "甲", "colour": "red"})
    assert issubclass(ClassSpec, Row)
