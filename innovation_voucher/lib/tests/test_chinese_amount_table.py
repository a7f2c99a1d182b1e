"""Amounts in words at every place where the rules of zeros change."""

from decimal import Decimal

import pytest

from innovation_voucher.lib.chinese_amount import in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.11", "壹角壹分"),
        ("0.99", "玖角玖分"),
        ("1", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角整"),
        ("9.99", "玖元玖角玖分"),
        ("-0.05", "负伍分"),
    ],
)
def test_small_amounts_read_jiao_and_fen(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (11, "壹拾壹元整"),
        (20, "贰拾元整"),
        (100, "壹佰元整"),
        (101, "壹佰零壹元整"),
        (110, "壹佰壹拾元整"),
        (1_000, "壹仟元整"),
        (1_001, "壹仟零壹元整"),
        (1_010, "壹仟零壹拾元整"),
        (1_100, "壹仟壹佰元整"),
        (2_028, "贰仟零贰拾捌元整"),
        (9_099, "玖仟零玖拾玖元整"),
    ],
)
def test_within_ten_thousand_a_gap_reads_as_one_zero(amount: int, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (10_000, "壹万元整"),
        (10_010, "壹万零壹拾元整"),
        (10_100, "壹万零壹佰元整"),
        (11_000, "壹万壹仟元整"),
        (97_972, "玖万柒仟玖佰柒拾贰元整"),
        (100_001, "壹拾万零壹元整"),
        (1_000_000, "壹佰万元整"),
        (10_000_000, "壹仟万元整"),
        (100_000_001, "壹亿零壹元整"),
        (100_010_000, "壹亿零壹万元整"),
        (400_000_000, "肆亿元整"),
        (1_000_000_000_000, "壹万亿元整"),
    ],
)
def test_groups_of_ten_thousand_are_named_once(amount: int, words: str) -> None:
    assert in_words(Decimal(amount)) == words


def test_whole_yuan_end_with_the_word_that_nothing_follows() -> None:
    assert all(in_words(Decimal(amount)).endswith("元整") for amount in (0, 7, 30_000, 10**8))


def test_fen_end_the_amount_without_that_word() -> None:
    assert not any(in_words(Decimal(amount)).endswith("整") for amount in ("0.01", "12.34", "100.05"))


def test_a_debt_reads_as_the_amount_behind_one_word() -> None:
    assert in_words(Decimal("-97972.55")) == "负" + in_words(Decimal("97972.55"))
