"""试算 without a database: which limit decided, in the words of the page; days of copies; names of copies."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework.rules import ALLOWED
from vouchers import programme_rules
from vouchers.admin.page_forms import _copy_of
from vouchers.models import Override, Programme
from vouchers.policy import Policy, claimable, subsidy
from vouchers.policy.amounts import ZERO
from vouchers.programme_rules import _within, is_another, may_confirm, may_withdraw
from vouchers.services.drafting import _moved
from vouchers.trials import DECIDED, Trial

HALF = ((ZERO, Decimal("0.5")),)


def trial(amount: str, remaining: str | None = None, **parameters: Any) -> Trial:
    numbers = {name: Decimal(value) for name, value in parameters.items()}
    policy = Policy(**{"subsidy_tiers": HALF, **numbers})
    left = None if remaining is None else Decimal(remaining)
    return Trial(
        policy=policy,
        subsidy=subsidy(policy, Decimal(amount), remaining=left),
        claim=claimable(policy, claimed=ZERO, available=ZERO),
        problem="",
    )


@pytest.mark.parametrize(
    ("amount", "remaining", "parameters", "decided_by", "paid"),
    [
        ("1000", None, {"cap_voucher": "500"}, "tiers", "500"),
        ("1000.02", None, {"cap_voucher": "500"}, "cap_voucher", "500"),
        ("1000", None, {"cap_voucher": "300", "cap_year": "400"}, "cap_voucher", "300"),
        ("1000", None, {"cap_voucher": "400", "cap_year": "300"}, "cap_year", "300"),
        ("1000", "200", {"cap_voucher": "300", "cap_year": "400"}, "remaining", "200"),
        ("1000", "300", {"cap_voucher": "300", "cap_year": "300"}, "remaining", "300"),
        ("1000", "0", {}, "remaining", "0"),
        ("1000", "-5", {}, "remaining", "0"),
        ("999.99", None, {"min_contract": "1000"}, "min_contract", "0"),
        ("1000", None, {"min_contract": "1000"}, "tiers", "500"),
        ("0", None, {}, "tiers", "0"),
    ],
)
def test_the_narrowest_limit_decides_and_is_named(
    amount: str, remaining: str | None, parameters: dict[str, str], decided_by: str, paid: str
) -> None:
    found = trial(amount, remaining, **parameters)
    assert found.subsidy.amount == Decimal(paid)
    assert found.decided_by == str(DECIDED[decided_by])


@pytest.mark.parametrize(
    ("amount", "remaining", "parameters", "words"),
    [
        ("1000", None, {"cap_voucher": "300"}, "单券上限 300 元，按 300 元计"),
        ("1000", None, {"cap_voucher": "333", "rounding_step": "100"}, "单券上限 333 元，按 300 元计"),
        ("1000", "123.45", {}, "可用额度 123.45 元，按 123.45 元计"),
        ("1000", "123.45", {"rounding_step": "1"}, "可用额度 123.45 元，按 123 元计"),
        ("100000", None, {"cap_year": "20000"}, "年度上限 20,000 元，按 20,000 元计"),
        ("1000", None, {"cap_year": "500"}, ""),
        ("1000", None, {"min_contract": "2000"}, ""),
    ],
)
def test_the_sentence_about_the_limit_stands_only_where_one_bit(
    amount: str, remaining: str | None, parameters: dict[str, str], words: str
) -> None:
    found = trial(amount, remaining, **parameters).subsidy
    assert found.limit_words == words
    assert found.words.endswith(words)


def test_what_is_computed_and_what_is_reviewed_are_told_apart() -> None:
    assert trial("1000").decided_by == "补贴比例，没有碰到上限"
    reviewed = Trial(
        policy=Policy(), subsidy=subsidy(Policy(), Decimal(8)), claim=trial("1").claim, problem="不在名单内"
    )
    assert reviewed.decided_by == "由审核人核定，这里是最多的数"
    assert reviewed.subsidy.words == "由审核人核定，最多 8 元"


# --- Days and names of copies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        (date(2026, 1, 1), 1, date(2027, 1, 1)),
        (date(2027, 3, 31), 1, date(2028, 3, 31)),
        (date(2025, 12, 15), 1, date(2026, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2028, 2, 29), 0, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2029, 2, 28), -1, date(2028, 2, 28)),
    ],
)
def test_days_move_by_whole_years(day: date, years: int, moved: date) -> None:
    assert _moved(day, years) == moved


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("2026 年创新券", "2027 年创新券"),
        ("创新券（2026—2026）", "创新券（2027—2027）"),
        ("科技创新券", "科技创新券"),
        ("2025 年延续的创新券", "2025 年延续的创新券"),
    ],
)
def test_a_copy_is_named_after_its_year(name: str, copied: str) -> None:
    said = _copy_of(Programme(pk=7, year=2026, name=name, family="tech", kind="b", region_id=3))
    assert said == {"source": 7, "year": 2027, "name": copied, "region": 3, "family": "tech", "kind": "b"}


# --- Who confirms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "prepared_by", "allowed"),
    [
        (User(pk=1), 1, False),
        (User(pk=1), 2, True),
        (User(pk=1), None, True),
        (None, 1, True),
        (None, None, True),
    ],
)
def test_two_people_are_needed(user: User | None, prepared_by: int | None, allowed: bool) -> None:
    answer = is_another(user, Override(prepared_by_id=prepared_by))
    assert answer[0] is allowed
    assert allowed or "由另一位有“设置规则”权限的人员确认" in answer[1]


def test_rules_of_a_class_are_confirmed_and_withdrawn_by_no_bureau() -> None:
    of_a_class = Override(class_key="talent")
    assert may_confirm(User(pk=1), of_a_class) == (False, "按资格设置的规则由省级主管部门公布。")
    assert may_withdraw(User(pk=1), of_a_class)[0] is False


def test_the_right_is_asked_before_who_prepared_it_and_that_before_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody without the right learns nothing of who wrote it down or when it begins."""
    from_then = date(2020, 1, 1)
    draft = Override(prepared_by_id=1, effective_from=from_then)
    monkeypatch.setattr(Override, "region", object())
    monkeypatch.setattr(programme_rules, "may_set", lambda user, region: (False, "no right"))
    assert may_confirm(User(pk=1), draft) == (False, "no right")
    monkeypatch.setattr(programme_rules, "may_set", lambda user, region: ALLOWED)
    assert "拟定人不能确认" in may_confirm(User(pk=1), draft)[1]
    assert "生效日期须晚于今天" in may_confirm(User(pk=2), draft)[1]
    assert may_withdraw(User(pk=1), draft) == ALLOWED


@pytest.mark.parametrize(
    ("value", "bound", "fits"),
    [
        (Decimal(0), ["0", "0"], True),
        (Decimal("0.00"), ["-1", "0"], True),
        (Decimal("1E+5"), ["0", "100000"], True),
        (Decimal("500000.01"), ["0", "500000"], False),
        (7, [7, 7], True),
        (8, [7.5, 7.9], False),
        (True, [], True),
        ([["0", "1"]], None, True),
        ("03-15", None, True),
    ],
)
def test_without_a_bound_everything_fits_and_ends_belong_to_it(value: Any, bound: Any, fits: bool) -> None:
    assert _within(value, bound) is fits
