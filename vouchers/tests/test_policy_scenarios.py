"""The scenarios of the schemes told as stories: each voucher leaves less for the next."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from vouchers.policy import (
    EvidenceSpec,
    Policy,
    claim_problem,
    claimable,
    evidence_gaps,
    redeemers,
    revenue_problem,
    subsidy,
)

QUARTER = Policy(
    subsidy_tiers=((Decimal(0), Decimal("0.25")),),
    rounding_step=Decimal(1),
    rounding_mode="down",
    cap_year=Decimal(100_000),
    revenue_max=Decimal(400_000_000),
)
HALF_WITH_MINIMUM = Policy(
    subsidy_tiers=((Decimal(0), Decimal("0.5")),),
    cap_year=Decimal(100_000),
    min_contract=Decimal(4_000),
)
HALF = Policy(subsidy_tiers=((Decimal(0), Decimal("0.5")),), rounding_mode="down")
REVIEWED = Policy(cap_year=Decimal(50_000), amount_base="reviewer")


def left_after(policy: Policy, quota: Decimal, contracts: Sequence[str]) -> list[Decimal]:
    """What is left of the quota after each contract, one after the other."""
    found = []
    for contract in contracts:
        quota -= subsidy(policy, Decimal(contract), remaining=quota).amount
        found.append(quota)
    return found


@pytest.mark.feature("JS-4")
def test_scenario_2_an_order_holds_a_quarter_and_its_lapse_gives_it_back() -> None:
    quota = Decimal(100_000)
    held = subsidy(QUARTER, Decimal(15_000), remaining=quota).amount
    assert held == 3_750
    assert quota - held == 96_250
    assert quota - held + held == subsidy(QUARTER, Decimal(400_000), remaining=quota).amount


@pytest.mark.feature("JS-4")
def test_scenario_3_a_contract_of_8112_leaves_97972() -> None:
    assert left_after(QUARTER, Decimal(100_000), ["8112"]) == [Decimal(97_972)]


@pytest.mark.feature("JS-4")
def test_scenario_4_what_is_left_limits_the_largest_contract() -> None:
    assert left_after(QUARTER, Decimal(100_000), ["8112", "400000", "4"]) == [97_972, 0, 0]


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize(("contract", "amount"), [("399996", 99_999), ("400000", 100_000), ("400004", 100_000)])
def test_scenario_4_the_yearly_cap_bites_only_above_400000(contract: str, amount: int) -> None:
    """Scenario 4: 400,000 and 400,004 both give 100,000."""
    found = subsidy(QUARTER, Decimal(contract))
    assert found.amount == amount
    assert bool(found.limit_words) is (contract == "400004")


@pytest.mark.feature("JS-4")
def test_scenario_4_the_words_tell_what_was_computed_and_what_is_left() -> None:
    """Scenario 4: 97,972 left and a contract of 400,000 give 97,972."""
    found = subsidy(QUARTER, Decimal(400_000), remaining=Decimal(97_972))
    assert found.words == "400,000 × 25% ＝ 100,000 元；可用额度 97,972 元，按 97,972 元计"
    assert found.limit_words == "可用额度 97,972 元，按 97,972 元计"


@pytest.mark.feature("JS-4")
def test_scenario_5_one_yuan_above_the_revenue_is_told_the_limit() -> None:
    assert revenue_problem(QUARTER, Decimal(400_000_000)) == ""
    assert revenue_problem(QUARTER, Decimal(400_000_001)) == "上年度营业收入不超过 400,000,000 元的单位才能申领"
    assert revenue_problem(QUARTER, Decimal("400000000.01")) != ""


@pytest.mark.feature("JS-4")
def test_scenario_7_contract_entered_and_recognized_each_give_a_quarter() -> None:
    amounts = [subsidy(QUARTER, Decimal(contract)).amount for contract in (15_000, 14_000, 12_000)]
    assert amounts == [3_750, 3_500, 3_000]
    assert left_after(QUARTER, Decimal(100_000), ["12000"]) == [97_000]


@pytest.mark.feature("ZJ-5")
def test_scenario_8_the_sentence_of_the_third_claim_names_the_holding() -> None:
    rules = Policy(cap_claim=Decimal(20_000), cap_holding=Decimal(50_000), cap_year=Decimal(100_000))
    state = {"claimed": Decimal(40_000), "available": Decimal(40_000)}
    deciding = claimable(rules, **state).deciding
    assert deciding is not None
    assert (deciding.name, deciding.left) == ("cap_holding", Decimal(10_000))
    assert claim_problem(rules, Decimal(10_000), **state) is None


@pytest.mark.feature("ZJ-5")
def test_scenario_8_the_year_ends_at_100000_whatever_was_used() -> None:
    rules = Policy(cap_claim=Decimal(20_000), cap_holding=Decimal(50_000), cap_year=Decimal(100_000))
    problem = claim_problem(rules, Decimal("0.01"), claimed=Decimal(100_000), available=Decimal(0))
    assert problem is not None
    assert problem.words == "现在不能再申领（年度上限 100,000，已申领 100,000）"


def test_scenario_12_the_reviewer_decides_below_what_was_granted() -> None:
    found = subsidy(REVIEWED, Decimal(12_000), remaining=Decimal(30_000))
    assert (found.amount, found.words) == (Decimal(12_000), "由审核人核定，最多 12,000 元")


def test_scenario_13_two_orders_of_3000_come_back_as_3000() -> None:
    assert sum(subsidy(HALF, Decimal(3_000)).amount for _order in range(2)) == 3_000
    assert subsidy(HALF, Decimal(6_000)).amount == 3_000


def test_scenario_13_a_difference_order_pays_what_one_order_over_both_would() -> None:
    total = subsidy(HALF, Decimal(5_999)).amount + subsidy(HALF, Decimal(1)).amount
    assert total == subsidy(HALF, Decimal(6_000)).amount


def test_scenario_14_region_and_enterprise_share_6000_evenly() -> None:
    contract = Decimal(6_000)
    confirmed = subsidy(HALF, contract).amount
    assert (confirmed, contract - confirmed) == (Decimal(3_000), Decimal(3_000))


@pytest.mark.parametrize(
    ("contract", "amount"),
    [("3999.99", "0"), ("4000", "2000"), ("9099", "4549.50"), ("200000", "100000"), ("300000", "100000")],
)
def test_scenario_15_half_of_a_contract_from_4000_on(contract: str, amount: str) -> None:
    assert subsidy(HALF_WITH_MINIMUM, Decimal(contract)).amount == Decimal(amount)


def test_scenario_15_after_97972_used_the_rest_is_2028() -> None:
    left = Decimal(100_000) - Decimal(97_972)
    found = subsidy(HALF_WITH_MINIMUM, Decimal(9_099), remaining=left)
    assert (found.amount, found.decided_by) == (Decimal(2_028), "remaining")
    assert found.words == "9,099 × 50% ＝ 4,549.50 元；可用额度 2,028 元，按 2,028 元计"


def test_scenario_15_below_the_minimum_no_step_is_computed() -> None:
    found = subsidy(HALF_WITH_MINIMUM, Decimal("3999.99"), remaining=Decimal(100_000))
    assert (found.parts, found.limit_words, found.decided_by) == ((), "", "min_contract")


def test_scenario_17_a_voucher_of_december_keeps_its_own_rule() -> None:
    december = Policy(redeemer="carrier", cap_year=Decimal(100_000))
    stored = december.to_json()
    january = Policy(redeemer="enterprise", cap_year=Decimal(100_000))
    assert redeemers(Policy.from_json(stored)) == ("carrier",)
    assert redeemers(january) == ("enterprise",)
    assert Policy.from_json(stored).digest != january.digest


def test_scenario_6_one_contract_is_asked_and_a_second_is_too_many() -> None:
    contract = EvidenceSpec(
        stage="redemption", key="contract", label="合同", max_bytes=50 * 2**20, minimum=1, maximum=1, formats=("pdf",)
    )
    rules = Policy(evidence=(contract,))
    assert [gap.missing for gap in evidence_gaps(rules, "redemption", {})] == [1]
    assert evidence_gaps(rules, "redemption", {"contract": 1}) == []
    (gap,) = evidence_gaps(rules, "redemption", {"contract": 2})
    assert (gap.missing, gap.words) == (0, "合同最多 1 份，现有 2 份，删除多余的")
