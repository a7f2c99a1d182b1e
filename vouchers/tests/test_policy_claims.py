"""How much may be claimed: caps per year, per claim, per holding."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from vouchers.policy import Policy, claim_problem, claimable, class_problem, revenue_problem

THREE_CAPS = Policy(cap_claim=Decimal(20_000), cap_holding=Decimal(50_000), cap_year=Decimal(100_000))
ONLY_YEAR = Policy(cap_year=Decimal(200_000))


@pytest.mark.feature("ZJ-5")
def test_scenario_8_with_three_caps() -> None:
    claimed = available = Decimal(0)
    for amount, largest in [(20_000, None), (20_000, None), (20_000, 10_000), (10_000, None)]:
        problem = claim_problem(THREE_CAPS, Decimal(amount), claimed=claimed, available=available)
        assert (problem and problem.largest) == largest
        if problem is None:
            claimed, available = claimed + amount, available + amount
    assert available == 50_000
    available -= 30_000  # used
    assert claim_problem(THREE_CAPS, Decimal(20_000), claimed=claimed, available=available) is None
    claimed, available = claimed + 20_000, available + 20_000
    # 30,000 of the year are left: one claim of 20,000, one of 10,000, then nothing.
    available = Decimal(0)
    assert claimable(THREE_CAPS, claimed=claimed, available=available).claimable == 20_000
    assert claimable(THREE_CAPS, claimed=claimed + 20_000, available=Decimal(0)).claimable == 10_000
    assert claimable(THREE_CAPS, claimed=Decimal(100_000), available=Decimal(0)).claimable == 0


@pytest.mark.feature("ZJ-5")
def test_scenario_8_with_only_a_yearly_cap() -> None:
    assert claim_problem(ONLY_YEAR, Decimal(200_000), claimed=Decimal(0), available=Decimal(0)) is None
    problem = claim_problem(ONLY_YEAR, Decimal(200_001), claimed=Decimal(0), available=Decimal(0))
    assert problem is not None
    assert problem.limit == "cap_year"


@pytest.mark.parametrize(
    ("rules", "asked", "claimed", "available", "limit", "words"),
    [
        (ONLY_YEAR, 90_000, 120_000, 0, "cap_year", "申领金额最多 80,000 元（年度上限 200,000，已申领 120,000）"),
        (THREE_CAPS, 20_001, 0, 0, "cap_claim", "申领金额最多 20,000 元（单次最多申领 20,000）"),
        (THREE_CAPS, 20_000, 40_000, 40_000, "cap_holding", "申领金额最多 10,000 元（最多持有 50,000，现持有 40,000）"),
        (ONLY_YEAR, 1, 200_000, 0, "cap_year", "现在不能再申领（年度上限 200,000，已申领 200,000）"),
        (ONLY_YEAR, 0, 0, 0, "positive", "申领金额要大于 0 元"),
    ],
)
def test_the_sentence_names_the_limit_and_the_largest_amount(
    rules: Policy, asked: int, claimed: int, available: int, limit: str, words: str
) -> None:
    problem = claim_problem(rules, Decimal(asked), claimed=Decimal(claimed), available=Decimal(available))
    assert problem is not None
    assert (problem.limit, problem.words) == (limit, words)


def test_the_budget_is_a_limit_like_the_others() -> None:
    problem = claim_problem(
        ONLY_YEAR, Decimal(5_000), claimed=Decimal(0), available=Decimal(0), pool_left=Decimal(3_000)
    )
    assert problem is not None
    assert (problem.limit, problem.largest) == ("pool", 3_000)


def test_without_limits_any_amount_may_be_asked() -> None:
    assert claimable(Policy(), claimed=Decimal(0), available=Decimal(0)).claimable is None
    assert claim_problem(Policy(), Decimal(10**9), claimed=Decimal(0), available=Decimal(0)) is None


money = st.decimals(min_value=0, max_value=10**7, places=2)


@given(st.builds(Policy, cap_year=money, cap_claim=money, cap_holding=money), money, money, money)
def test_what_is_claimable_can_be_claimed_and_not_a_fen_more(
    rules: Policy, claimed: Decimal, available: Decimal, pool: Decimal
) -> None:
    state: dict[str, Any] = {"claimed": claimed, "available": available, "pool_left": pool}
    most = claimable(rules, **state).claimable
    assert most is not None
    assert most >= 0
    more = claim_problem(rules, most + Decimal("0.01"), **state)
    assert more is not None
    assert more.largest == most
    if most > 0:
        assert claim_problem(rules, most, **state) is None


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize(("revenue", "fits"), [("400000000", True), ("400000001", False), (None, False)])
def test_revenue_of_last_year_up_to_the_limit(revenue: str | None, fits: bool) -> None:
    rules = Policy(revenue_max=Decimal(400_000_000))
    assert (revenue_problem(rules, Decimal(revenue) if revenue else None) == "") is fits


def test_without_a_revenue_limit_nothing_is_asked() -> None:
    assert revenue_problem(Policy(), None) == ""


def test_classes_are_asked_where_the_scheme_names_some() -> None:
    rules = Policy(eligible_classes=("high_tech", "talent"))
    assert class_problem(rules, {"high_tech"}) == ""
    assert "不面向" in class_problem(rules, {"any"})
    assert class_problem(Policy(), set()) == ""
