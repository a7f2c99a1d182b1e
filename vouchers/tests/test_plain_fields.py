"""Lists, tiers, shares, bounds and sizes: what is typed, what is stored, and back again."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from vouchers.plain_fields import BoundsField, PairsField, SharesField, SizeField, TiersField, WordsField

LABELS = {"cap_year": "年度上限", "redeem_grace": "到期后兑付截止（月-日）"}
WORDS = WordsField(required=False)
TIERS = TiersField(required=False)
PAIRS = PairsField(required=False, nothing=[])
SHARES = SharesField(required=False, labels={"province": "省", "county": "县（市、区）"})
BOUNDS = BoundsField(required=False, nothing={}, labels=LABELS)
SIZE = SizeField()

READ: list[tuple[Any, str, Any]] = [
    (WORDS, "any, individual", ["any", "individual"]),
    (WORDS, "any，individual；talent\nhigh_tech", ["any", "individual", "talent", "high_tech"]),
    (WORDS, "  ", None),
    (TIERS, "0 100%\n10000 50%", [["0", "1"], ["10000", "0.5"]]),
    (TIERS, "0: 0.25", [["0", "0.25"]]),
    (TIERS, "１０,０００　１２.５％", [["10000", "0.125"]]),
    (TIERS, "", None),
    (PAIRS, "a 甲 乙\nb 丙", [["a", "甲 乙"], ["b", "丙"]]),
    (PAIRS, "", []),
    (SHARES, "省 40%\n县（市、区） 60%", [["province", "0.4"], ["county", "0.6"]]),
    (SHARES, "county 1", [["county", "1"]]),
    (BOUNDS, "年度上限 0 500,000", {"cap_year": ["0", "500000"]}),
    (BOUNDS, "cap_year 0.50 1", {"cap_year": ["0.5", "1"]}),
    (BOUNDS, "", {}),
    (SIZE, "5MB", 5 * 1024 * 1024),
    (SIZE, "500 kb", 500 * 1024),
    (SIZE, "1.5M", 1536 * 1024),
    (SIZE, "12", 12),
]


@pytest.mark.parametrize(("field", "typed", "stored"), READ)
def test_what_is_typed_is_stored_as_plain_data(field: Any, typed: str, stored: Any) -> None:
    assert field.clean(typed) == stored


@pytest.mark.parametrize(("field", "typed", "stored"), READ)
def test_what_is_stored_is_shown_so_that_it_reads_the_same_again(field: Any, typed: str, stored: Any) -> None:
    shown = field.prepare_value(stored)
    assert field.clean(shown or "" if field is not SIZE else shown) == stored
    assert not field.has_changed(stored, shown or "")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (TIERS, "half", "“half”按“起点金额 比例”填写，如 10000 50%"),
        (TIERS, "0 100%\n5 x", "“5 x”按"),
        (TIERS, "1.234 5%", "按“起点金额 比例”填写"),
        (TIERS, "0 1.2.3", "按“起点金额 比例”填写"),
        (PAIRS, "alone", "“alone”须写两项"),
        (SHARES, "市 100%", "“市 100%”按“出资方 比例”填写，如 省 100%"),
        (SHARES, "省 many", "按“出资方 比例”填写"),
        (SHARES, "省", "按“出资方 比例”填写"),
        (BOUNDS, "月度上限 0 5", "“月度上限 0 5”按“参数 最小 最大”填写"),
        (BOUNDS, "年度上限 5", "按“参数 最小 最大”填写"),
        (BOUNDS, "年度上限 low high", "的最小和最大须为数字"),
        (BOUNDS, "年度上限 9 5", "的最小值不能大于最大值"),
        (SIZE, "big", "写成 5MB 或 500KB 的样子"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(field: Any, typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert words in refused.value.messages[0]


@pytest.mark.parametrize(("field", "typed", "stored"), READ[:4])
def test_other_data_is_a_change(field: Any, typed: str, stored: Any) -> None:
    assert field.has_changed(stored, "0 33%")


def test_what_was_typed_stays_as_it_was_typed() -> None:
    assert TIERS.prepare_value("half of it") == "half of it"
    assert SIZE.prepare_value("big") == "big"
    assert BOUNDS.prepare_value(None) is None


@pytest.mark.parametrize("field", [WORDS, TIERS, PAIRS, SHARES, BOUNDS])
def test_an_empty_box_of_a_new_row_is_no_change(field: Any) -> None:
    assert not field.has_changed(None, "")
    assert not field.has_changed(field.nothing, " ")


def test_a_label_with_wide_brackets_is_found() -> None:
    assert BOUNDS.clean("到期后兑付截止（月-日） 1 2") == {"redeem_grace": ["1", "2"]}
