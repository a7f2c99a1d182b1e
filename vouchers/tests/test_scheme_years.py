"""A year under each scheme by its numbers alone: contract after contract until nothing is left."""

from decimal import Decimal
from typing import Any

import pytest

from vouchers.policy import Policy, claimable, redeemers, subsidy

FULL_THEN_HALF = [["0", "1"], ["10000", "0.5"]]
SCHEMES: dict[str, dict[str, Any]] = {
    "quarter": {"subsidy_tiers": [["0", "0.25"]], "rounding_step": "1", "rounding_mode": "down", "cap_year": "100000"},
    "north": {"subsidy_tiers": [["0", "0.35"]], "rounding_step": "1", "rounding_mode": "down", "cap_year": "140000"},
    "marginal": {"subsidy_tiers": FULL_THEN_HALF, "rounding_step": "0.01", "rounding_mode": "half_up"},
    "half": {"subsidy_tiers": [["0", "0.5"]], "cap_year": "100000", "min_contract": "4000"},
    "half_down": {"subsidy_tiers": [["0", "0.5"]], "rounding_mode": "down"},
}


def policy(name: str, **changes: Any) -> Policy:
    return Policy.from_json({**SCHEMES[name], **changes})


def year(rules: Policy, quota: str, contracts: list[str]) -> list[str]:
    """What each contract of the year is worth, each against what the ones before have left."""
    left, worth = Decimal(quota), []
    for contract in contracts:
        amount = subsidy(rules, Decimal(contract), remaining=left).amount
        left -= amount
        worth.append(f"{amount.normalize():f}")
    return [*worth, f"left {left.normalize():f}"]


YEARS = [
    # scenario 2: 15,000 binds 3,750
    ("quarter", "100000", ["15000"], ["3750", "left 96250"]),
    ("north", "140000", ["100", "15000"], ["35", "5250", "left 134715"]),
    # scenario 3: 8,112 leaves 97,972; scenario 4: the next one of 400,000 takes it all
    ("quarter", "100000", ["8112", "400000", "100"], ["2028", "97972", "0", "left 0"]),
    ("quarter", "100000", ["400004"], ["100000", "left 0"]),
    # scenario 7: claimed 3,500 of 14,000
    ("quarter", "100000", ["14000"], ["3500", "left 96500"]),
    # scenario 9
    ("marginal", "50000", ["8000", "30000", "30000", "30000"], ["8000", "20000", "20000", "2000", "left 0"]),
    # scenarios 13 and 14: two orders of 3,000, one of 6,000
    ("half_down", "10000", ["3000", "3000", "6000"], ["1500", "1500", "3000", "left 4000"]),
    # scenario 15: 97,972 are used and 2,028 are left
    ("half", "100000", ["195944", "9099", "9099"], ["97972", "2028", "0", "left 0"]),
    ("half", "100000", ["3999.99", "4000", "9099"], ["0", "2000", "4549.5", "left 93450.5"]),
    ("half", "100000", ["300000", "4000"], ["100000", "0", "left 0"]),
]


@pytest.mark.parametrize(("scheme", "quota", "contracts", "worth"), YEARS)
def test_a_year_of_contracts(scheme: str, quota: str, contracts: list[str], worth: list[str]) -> None:
    assert year(policy(scheme), quota, contracts) == worth


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("contract", ["1", "333.33", "4000", "99999.99", "400004"])
def test_the_sum_of_a_year_is_never_above_its_quota(scheme: str, contract: str) -> None:
    *worth, left = year(policy(scheme), "100000", [contract] * 12)
    assert sum(Decimal(amount) for amount in worth) + Decimal(left.removeprefix("left ")) == 100_000
    assert all(Decimal(amount) >= 0 for amount in worth)


def test_a_lapsed_order_gives_its_next_contract_the_whole_quota() -> None:
    """Scenario 2: after the order of 15,000 has lapsed, 100,000 are there again."""
    rules = policy("quarter")
    held = subsidy(rules, Decimal(15_000), remaining=Decimal(100_000)).amount
    assert Decimal(100_000) - held == 96_250
    assert subsidy(rules, Decimal(400_000), remaining=Decimal(100_000) - held + held).amount == 100_000


@pytest.mark.parametrize(
    ("contract", "recognized", "paid"),
    [("14000", "12000", "3000"), ("14000", "14000", "3500"), ("14000", "20000", "3500"), ("14000", "0", "0")],
)
def test_what_the_reviewer_recognizes_is_paid_up_to_what_was_claimed(contract: str, recognized: str, paid: str) -> None:
    """Scenario 7: claimed 14,000/3,500, recognized 12,000, pays 3,000; a dearer one pays no more."""
    claimed = subsidy(policy("quarter"), Decimal(contract)).amount
    assert subsidy(policy("quarter"), Decimal(recognized), remaining=claimed).amount == Decimal(paid)


@pytest.mark.parametrize(
    ("claims", "uses", "largest"),
    [([], 0, 20_000), ([20_000, 20_000], 0, 10_000), ([20_000, 20_000, 10_000], 30_000, 20_000),
     ([20_000] * 4, 80_000, 20_000), ([20_000] * 5, 100_000, 0)],
)  # fmt: skip
def test_scenario_8_at_every_station(claims: list[int], uses: int, largest: int) -> None:
    rules = Policy(cap_claim=Decimal(20_000), cap_holding=Decimal(50_000), cap_year=Decimal(100_000))
    found = claimable(rules, claimed=Decimal(sum(claims)), available=Decimal(sum(claims) - uses))
    assert found.claimable == largest


def test_caps_and_shares_of_two_regions_agree() -> None:
    """Contradiction 2: 140,000 : 100,000 = 35 : 25, so one contract exhausts both caps."""
    full = Decimal(400_000)
    north, south = policy("north"), policy("quarter")
    assert subsidy(north, full).amount == north.cap_year
    assert subsidy(south, full).amount == south.cap_year


@pytest.mark.parametrize(
    ("rule", "choice"),
    [("choice", ("enterprise", "carrier")), (None, ("enterprise", "carrier")), ("enterprise", ("enterprise",))],
)
def test_who_redeems_is_what_the_pinned_policy_says(rule: str | None, choice: tuple[str, ...]) -> None:
    """Scenario 17 stands on this: each voucher asks its own snapshot."""
    assert redeemers(policy("half", **({"redeemer": rule} if rule else {}))) == choice


def test_a_step_of_a_yuan_drops_the_fen_also_at_the_limit() -> None:
    found = subsidy(policy("quarter"), Decimal(400_000), remaining=Decimal("99.99"))
    assert (found.amount, found.decided_by) == (99, "remaining")
    assert "可用额度 99.99 元，按 99 元计" in found.words
