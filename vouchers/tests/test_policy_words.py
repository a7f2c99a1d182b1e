"""What a subsidy says of itself: every shape of tiers, every rounding, every limit."""

from decimal import Decimal
from typing import Any

import pytest

from vouchers.policy import Policy, plain, rate_words, subsidy
from vouchers.policy.amounts import Part


def rules(*tiers: tuple[str, str], **parameters: Any) -> Policy:
    pairs = tuple((Decimal(start), Decimal(rate)) for start, rate in tiers)
    return Policy(subsidy_tiers=pairs or None, **parameters)


THREE = (("0", "1"), ("10000", "0.5"), ("50000", "0.2"))
LATE = (("0", "0"), ("5000", "0.3"))


@pytest.mark.parametrize(
    ("tiers", "base", "words"),
    [
        ((("0", "1"),), "8000", "8,000 ＝ 8,000 元"),
        ((("0", "0.5"),), "9099", "9,099 × 50% ＝ 4,549.50 元"),
        ((("0", "0.125"),), "800", "800 × 12.5% ＝ 100 元"),
        (THREE, "10000", "10,000 ＝ 10,000 元"),
        (THREE, "50000", "10,000 ＋ 40,000 × 50% ＝ 30,000 元"),
        (THREE, "60000", "10,000 ＋ 40,000 × 50% ＋ 10,000 × 20% ＝ 32,000 元"),
        (LATE, "6000", "5,000 × 0% ＋ 1,000 × 30% ＝ 300 元"),
        (LATE, "0", "0 ＝ 0 元"),
    ],
)
def test_every_step_of_the_tiers_stands_in_the_formula(
    tiers: tuple[tuple[str, str], ...], base: str, words: str
) -> None:
    assert subsidy(rules(*tiers), Decimal(base)).words == words


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("9999.99", "9,999.99 ＝ 9,999.99 元"),
        ("10000", "10,000 × 50% ＝ 5,000 元"),
        ("50000", "50,000 × 20% ＝ 10,000 元"),
    ],
)
def test_whole_tiers_take_one_rate_for_everything(base: str, words: str) -> None:
    found = subsidy(rules(*THREE, tiers_apply="whole"), Decimal(base))
    assert found.words == words
    assert [part.base for part in found.parts] == [Decimal(base)]


@pytest.mark.parametrize(
    ("step", "mode", "base", "amount"),
    [
        ("0.01", "half_up", "0.03", "0.02"),
        ("0.01", "down", "0.03", "0.01"),
        ("1", "half_up", "101", "51"),
        ("1", "down", "101", "50"),
        ("1", "half_up", "100.98", "50"),
        ("100", "half_up", "299.98", "100"),
        ("100", "half_up", "300", "200"),
        ("100", "down", "399.98", "100"),
        (None, None, "0.01", "0.01"),
    ],
)
def test_half_of_a_base_is_rounded_as_the_scheme_says(
    step: str | None, mode: str | None, base: str, amount: str
) -> None:
    policy = rules(("0", "0.5"), rounding_step=Decimal(step) if step else None, rounding_mode=mode)
    found = subsidy(policy, Decimal(base))
    assert found.amount == Decimal(amount)
    assert found.words.endswith(f"＝ {plain(Decimal(amount))} 元")


@pytest.mark.parametrize(
    ("caps", "remaining", "decided_by", "amount", "limit_words"),
    [
        ({"cap_voucher": 500}, None, "cap_voucher", "500", "单券上限 500 元，按 500 元计"),
        ({"cap_year": 400}, None, "cap_year", "400", "年度上限 400 元，按 400 元计"),
        ({"cap_voucher": 500, "cap_year": 400}, None, "cap_year", "400", "年度上限 400 元，按 400 元计"),
        ({"cap_voucher": 500}, "300.55", "remaining", "300.55", "可用额度 300.55 元，按 300.55 元计"),
        ({"cap_voucher": 500}, "500", "remaining", "500", "可用额度 500 元，按 500 元计"),
        ({"cap_voucher": 1000}, "1000", "tiers", "1000", ""),
        ({}, "0", "remaining", "0", "可用额度 0 元，按 0 元计"),
    ],
)
def test_the_tightest_limit_decides_and_what_is_left_is_named_first(
    caps: dict[str, int], remaining: str | None, decided_by: str, amount: str, limit_words: str
) -> None:
    policy = rules(("0", "1"), **{name: Decimal(cap) for name, cap in caps.items()})
    found = subsidy(policy, Decimal(1_000), remaining=None if remaining is None else Decimal(remaining))
    assert (found.decided_by, found.amount, found.limit_words) == (decided_by, Decimal(amount), limit_words)


@pytest.mark.parametrize(("step", "amount"), [("0.01", "97972.55"), ("1", "97972"), ("100", "97900")])
def test_a_limit_is_rounded_down_to_the_step_also_where_sums_round_up(step: str, amount: str) -> None:
    policy = rules(("0", "1"), rounding_step=Decimal(step), rounding_mode="half_up")
    found = subsidy(policy, Decimal(200_000), remaining=Decimal("97972.55"))
    assert found.amount == Decimal(amount)
    assert found.limit_words == f"可用额度 97,972.55 元，按 {plain(Decimal(amount))} 元计"


def test_the_minimum_counts_itself_and_bites_below() -> None:
    policy = rules(("0", "0.5"), min_contract=Decimal("4000.50"))
    assert subsidy(policy, Decimal("4000.50")).decided_by == "tiers"
    found = subsidy(policy, Decimal("4000.49"))
    assert (found.amount, found.words) == (Decimal(0), "合同金额不到 4,000.50 元，不能使用创新券")


def test_without_tiers_a_limit_follows_the_reviewers_sentence() -> None:
    found = subsidy(Policy(cap_voucher=Decimal(10_000)), Decimal(12_000))
    assert found.words == "由审核人核定，最多 12,000 元；单券上限 10,000 元，按 10,000 元计"
    assert found.decided_by == "cap_voucher"


def test_each_part_carries_its_base_and_rate() -> None:
    found = subsidy(rules(*THREE), Decimal(60_000))
    assert [(part.base, part.rate) for part in found.parts] == [
        (Decimal(10_000), Decimal(1)),
        (Decimal(40_000), Decimal("0.5")),
        (Decimal(10_000), Decimal("0.2")),
    ]


def test_a_tier_that_is_not_reached_has_no_part() -> None:
    assert len(subsidy(rules(*THREE), Decimal("10000.00")).parts) == 1
    assert len(subsidy(rules(*THREE), Decimal("10000.01")).parts) == 2


@pytest.mark.parametrize(
    ("rate", "words"),
    [("0", "0%"), ("0.0001", "0.01%"), ("0.1", "10%"), ("0.333", "33.3%"), ("0.50", "50%"), ("1.00", "100%")],
)
def test_a_rate_reads_as_a_percentage_without_idle_zeros(rate: str, words: str) -> None:
    assert rate_words(Decimal(rate)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1234567.8", "1,234,567.80"), ("0.01", "0.01"), ("1E+5", "100,000"), ("-2500", "-2,500"), ("999", "999")],
)
def test_an_amount_in_text_has_fen_only_where_there_are_some(amount: str, words: str) -> None:
    assert plain(Decimal(amount)) == words


def test_a_step_at_full_rate_needs_no_percentage() -> None:
    assert Part(base=Decimal(10_000), rate=Decimal("1.0")).words == "10,000"
    assert Part(base=Decimal(10_000), rate=Decimal("0.99")).words == "10,000 × 99%"
