"""Amounts in words."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from innovation_voucher.lib.chinese_amount import in_words
from innovation_voucher.lib.money import from_fen


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("18000.50", "壹万捌仟元伍角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10001", "壹万零壹元整"),
        ("100000", "壹拾万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1010101.01", "壹佰零壹万零壹佰零壹元零壹分"),
        ("10500000", "壹仟零伍拾万元整"),
        ("20000001", "贰仟万零壹元整"),
        ("100000000", "壹亿元整"),
        ("120000010000", "壹仟贰佰亿零壹万元整"),
        ("-500", "负伍佰元整"),
    ],
)
def test_an_amount_reads_as_on_a_bank_slip(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@given(st.integers(min_value=1, max_value=10**16))
def test_words_differ_for_neighbours_and_have_no_double_zero(fen: int) -> None:
    words = in_words(from_fen(fen))
    assert words != in_words(from_fen(fen + 1))
    assert "零零" not in words
    assert re.fullmatch("[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]*元?[零壹贰叁肆伍陆柒捌玖角分整]+", words)
