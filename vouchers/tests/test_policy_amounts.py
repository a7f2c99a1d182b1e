"""The numbers of the schemes, as their policies say them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from vouchers.policy import Policy, plain, rate_words, subsidy
from vouchers.policy.amounts import tiers_in_order


def policy(tiers: Any = None, **parameters: Any) -> Policy:
    data = {"subsidy_tiers": tiers, **parameters}
    return Policy.from_json({key: value for key, value in data.items() if value is not None})


FULL_THEN_HALF = [["0", "1"], ["10000", "0.5"]]
QUARTER = {"tiers": [["0", "0.25"]], "rounding_step": "1", "rounding_mode": "down", "cap_year": "100000"}
NORTH = {**QUARTER, "tiers": [["0", "0.35"]], "cap_year": "140000"}
HALF = {"tiers": [["0", "0.5"]], "cap_year": "100000", "min_contract": "4000"}
HALF_DOWN = {"tiers": [["0", "0.5"]], "rounding_mode": "down"}


@pytest.mark.feature("ZJ-8")
@pytest.mark.parametrize(
    ("rules", "base", "remaining", "amount", "decided_by"),
    [
        # ZJ, scenario 9
        ({"tiers": FULL_THEN_HALF}, "8000", None, "8000", "tiers"),
        ({"tiers": FULL_THEN_HALF}, "30000", None, "20000", "tiers"),
        ({"tiers": FULL_THEN_HALF}, "10000", None, "10000", "tiers"),
        ({"tiers": FULL_THEN_HALF}, "10000.01", None, "10000.01", "tiers"),
        ({"tiers": FULL_THEN_HALF}, "0", None, "0", "tiers"),
        ({"tiers": FULL_THEN_HALF, "cap_voucher": "15000"}, "30000", None, "15000", "cap_voucher"),
        ({"tiers": FULL_THEN_HALF, "tiers_apply": "whole"}, "30000", None, "15000", "tiers"),
        ({"tiers": FULL_THEN_HALF, "tiers_apply": "whole"}, "9999.99", None, "9999.99", "tiers"),
        # JS, scenarios 2, 3, 4, 7
        (QUARTER, "100", None, "25", "tiers"),
        (NORTH, "100", None, "35", "tiers"),
        (QUARTER, "15000", None, "3750", "tiers"),
        (QUARTER, "8112", None, "2028", "tiers"),
        (QUARTER, "400000", "100000", "100000", "tiers"),
        (QUARTER, "400004", "100000", "100000", "remaining"),
        (QUARTER, "400004", None, "100000", "cap_year"),
        (QUARTER, "400000", "97972", "97972", "remaining"),
        (QUARTER, "14000", None, "3500", "tiers"),
        (QUARTER, "12000", None, "3000", "tiers"),
        (QUARTER, "101", None, "25", "tiers"),
        (QUARTER, "400000", "97972.50", "97972", "remaining"),
        # CSJ, scenarios 13, 14
        (HALF_DOWN, "6000", None, "3000", "tiers"),
        (HALF_DOWN, "3000", None, "1500", "tiers"),
        (HALF_DOWN, "0.03", None, "0.01", "tiers"),
        # TJ, scenario 15
        (HALF, "3999.99", None, "0", "min_contract"),
        (HALF, "4000", None, "2000", "tiers"),
        (HALF, "9099", None, "4549.50", "tiers"),
        (HALF, "300000", None, "100000", "cap_year"),
        (HALF, "9099", "2028", "2028", "remaining"),
        # ZO: the reviewer decides, the base is the most
        ({"amount_base": "reviewer"}, "50000", "30000", "30000", "remaining"),
        ({"amount_base": "reviewer"}, "12000", "30000", "12000", "reviewer"),
    ],
)
def test_a_contract_is_worth_what_the_scheme_says(
    rules: dict[str, Any], base: str, remaining: str | None, amount: str, decided_by: str
) -> None:
    found = subsidy(policy(**rules), Decimal(base), remaining=None if remaining is None else Decimal(remaining))
    assert (found.amount, found.decided_by) == (Decimal(amount), decided_by)


@pytest.mark.feature("ZJ-8")
def test_the_formula_stands_in_words() -> None:
    found = subsidy(policy(FULL_THEN_HALF), Decimal(18000))
    assert found.words == "10,000 ＋ 8,000 × 50% ＝ 14,000 元"
    assert found.limit_words == ""


def test_the_limit_that_bit_stands_behind_the_formula() -> None:
    found = subsidy(policy(FULL_THEN_HALF), Decimal(30000), remaining=Decimal("2028.50"))
    assert found.words == "10,000 ＋ 20,000 × 50% ＝ 20,000 元；可用额度 2,028.50 元，按 2,028.50 元计"


def test_a_contract_below_the_minimum_is_told_the_minimum() -> None:
    assert subsidy(policy(**HALF), Decimal("3999.99")).words == "合同金额不到 4,000 元，不能使用创新券"


def test_an_exhausted_quota_gives_nothing() -> None:
    assert subsidy(policy(FULL_THEN_HALF), Decimal(5000), remaining=Decimal(0)).amount == 0
    assert subsidy(policy(FULL_THEN_HALF), Decimal(5000), remaining=Decimal(-1)).amount == 0


def test_numbers_in_words() -> None:
    assert [plain(Decimal(a)) for a in ("10000", "4549.50", "0")] == ["10,000", "4,549.50", "0"]
    assert [rate_words(Decimal(a)) for a in ("0.5", "0.125", "1")] == ["50%", "12.5%", "100%"]


@pytest.mark.parametrize(
    ("tiers", "fit"),
    [
        (FULL_THEN_HALF, True),
        ([["1", "0.5"]], False),
        ([["0", "1.01"]], False),
        ([["0", "0.5"], ["0", "0.4"]], False),
        ([["0", "0.5"], ["20", "0.4"], ["10", "0.3"]], False),
    ],
)
def test_tiers_start_at_zero_and_rise(tiers: Any, fit: bool) -> None:
    assert tiers_in_order(policy(tiers).subsidy_tiers or ()) is fit


def test_no_tiers_are_not_in_order() -> None:
    assert not tiers_in_order(())


amounts = st.decimals(min_value=0, max_value=10**9, places=2)
rates = st.decimals(min_value=0, max_value=1, places=4)
steps = st.sampled_from(["0.01", "1", "100"])


@st.composite
def policies(draw: Any) -> Policy:
    starts = sorted(set(draw(st.lists(st.integers(1, 10**6), max_size=4))))
    tiers = [[str(start), str(draw(rates))] for start in [0, *starts]]
    return policy(
        tiers,
        rounding_step=draw(steps),
        rounding_mode=draw(st.sampled_from(["half_up", "down"])),
        tiers_apply=draw(st.sampled_from(["marginal", "whole"])),
        cap_voucher=draw(st.none() | amounts.map(str)),
        cap_year=draw(st.none() | amounts.map(str)),
    )


@given(policies(), amounts, st.none() | amounts)
def test_a_subsidy_keeps_every_limit_and_the_step(rules: Policy, base: Decimal, remaining: Decimal | None) -> None:
    found = subsidy(rules, base, remaining=remaining)
    limits = [limit for limit in (remaining, rules.cap_voucher, rules.cap_year) if limit is not None]
    assert found.amount >= 0
    assert all(found.amount <= limit for limit in limits)
    assert found.amount % (rules.rounding_step or 1) == 0
    assert found.amount <= base + (rules.rounding_step or 0)


@given(policies(), amounts, amounts)
def test_marginal_tiers_never_pay_less_for_more(rules: Policy, one: Decimal, other: Decimal) -> None:
    if rules.tiers_apply == "whole":
        return
    low, high = sorted((one, other))
    assert subsidy(rules, low).amount <= subsidy(rules, high).amount


@given(policies(), amounts)
def test_the_parts_of_a_base_are_the_base(rules: Policy, base: Decimal) -> None:
    assert sum((part.base for part in subsidy(rules, base).parts), Decimal(0)) == base


@given(policies(), amounts)
def test_rules_survive_being_stored(rules: Policy, base: Decimal) -> None:
    again = Policy.from_json(rules.to_json())
    assert again == rules
    assert again.digest == rules.digest
    assert subsidy(again, base) == subsidy(rules, base)
