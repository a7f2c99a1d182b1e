"""Boxes of lines at their edges: numbers no rule can hold, sizes of nothing, other signs, required boxes."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from vouchers.admin.forms import field_of
from vouchers.models import EvidenceRow, FieldRow, Override, ProgrammeVersion
from vouchers.parameter_fields import labels, numbers
from vouchers.plain_fields import (
    BoundsField,
    LinesField,
    PairsField,
    SharesField,
    SizeField,
    TiersField,
    WordsField,
    parse_rate,
    short,
)

WORDS = WordsField(required=False)
TIERS = TiersField(required=False)
PAIRS = PairsField(required=False, nothing=[])
SHARES = SharesField(required=False, labels={"province": "省", "county": "县（市、区）"})
BOUNDS = BoundsField(required=False, nothing={}, labels={"cap_year": "年度上限", "valid_days": "有效天数"})
SIZE = SizeField()
EVERY = [WORDS, TIERS, PAIRS, SHARES, BOUNDS]


def refusal(field: Any, typed: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return str(refused.value.messages[0])


# --- Numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("100000.00", "100000"),
        ("1E+5", "100000"),
        ("0.50", "0.5"),
        ("0.00", "0"),
        ("0.0001", "0.0001"),
        ("12.340", "12.34"),
    ],
)
def test_one_number_has_one_text(number: str, text: str) -> None:
    assert short(Decimal(number)) == text


@pytest.mark.parametrize(
    ("typed", "rate"), [("50%", "0.5"), ("0.5", "0.5"), (".5", "0.5"), ("0%", "0"), ("12.5%", "0.125"), ("100%", "1")]
)
def test_a_rate_is_read_with_and_without_its_sign(typed: str, rate: str) -> None:
    assert parse_rate(typed) == Decimal(rate)


@pytest.mark.parametrize("typed", ["", "%", ".", "NaN", "inf", "-5%", "1e5", "1e999999%", "50%%", "5 0", "１"])
def test_what_is_no_share_is_no_rate(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        parse_rate(typed)


@pytest.mark.parametrize("end", ["NaN", "nan", "sNaN", "Infinity", "-inf", "1e5", "1E+999999", "0x10", "٣"])
@pytest.mark.parametrize("line", ["年度上限 {} 5", "年度上限 0 {}"])
def test_a_bound_that_nothing_can_be_compared_with_is_asked_about(line: str, end: str) -> None:
    assert "的最小和最大须为数字" in refusal(BOUNDS, line.format(end))


@pytest.mark.parametrize("rate", ["NaN", "Infinity", "1e9", "-40%", "%", "四成"])
def test_a_share_that_cannot_be_paid_is_asked_about(rate: str) -> None:
    assert "按“出资方 比例”填写，如 省 100%" in refusal(SHARES, f"省 {rate}")


@pytest.mark.parametrize("line", ["-1 50%", "0 -50%", "0 NaN", "1e5 50%", "1,00 50%", "0 50% 60%", "50%", "0"])
def test_a_tier_that_cannot_be_computed_is_asked_about(line: str) -> None:
    assert f"“{line}”按“起点金额 比例”填写" in refusal(TIERS, f"0 100%\n{line}")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("年度上限 5 5", {"cap_year": ["5", "5"]}),
        ("年度上限 -1 5", {"cap_year": ["-1", "5"]}),
        ("年度上限 0. 5.50", {"cap_year": ["0", "5.5"]}),
        ("年度上限 0 1,000,000", {"cap_year": ["0", "1000000"]}),
        ("有效天数 ３０ １８０\n\n年度上限 0 9", {"valid_days": ["30", "180"], "cap_year": ["0", "9"]}),
    ],
)
def test_bounds_are_kept_as_plain_numbers(typed: str, stored: dict[str, list[str]]) -> None:
    assert BOUNDS.clean(typed) == stored


# --- Sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0", "0MB", "0.0KB", "0.0001K", "-5MB", "5TB", "MB", "5,000KB", "5MB 6MB", "NaN"])
def test_a_size_of_nothing_is_no_limit(typed: str) -> None:
    assert refusal(SIZE, typed) == "写成 5MB 或 500KB 的样子"


@pytest.mark.parametrize(
    ("bytes_", "shown"),
    [
        (1, "1B"),
        (1023, "1023B"),
        (1024, "1KB"),
        (1025, "1025B"),
        (1536 * 1024, "1536KB"),
        (1024**2, "1MB"),
        (3 * 1024**3, "3GB"),
        (0, 0),
    ],
)
def test_bytes_are_shown_in_the_largest_unit_that_divides_them(bytes_: int, shown: Any) -> None:
    assert SIZE.prepare_value(bytes_) == shown


def test_a_row_that_was_stored_without_a_size_can_still_be_opened_and_mended() -> None:
    assert SIZE.has_changed(0, "5MB")
    assert not SIZE.has_changed(5 * 1024**2, "5MB")


def test_the_same_size_in_other_words_is_the_same_size() -> None:
    assert SIZE.clean("１０ｍｂ") == SIZE.clean("10 M") == SIZE.clean("10240KB") == 10 * 1024**2


# --- Lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", EVERY)
def test_a_sign_that_no_column_takes_is_refused_before_it_is_stored(field: Any) -> None:
    assert "空字符" in refusal(field, "any\x00 1 2")
    assert field.has_changed(field.nothing, "any\x00 1 2")


@pytest.mark.parametrize("field", EVERY)
@pytest.mark.parametrize("blank", ["", " \t ", "\r\n\r\n", "\u3000"])
def test_blanks_of_every_kind_are_an_empty_box(field: Any, blank: str) -> None:
    assert field.clean(blank) == field.nothing


@pytest.mark.parametrize("build", [WordsField, TiersField, PairsField])
def test_a_required_box_is_asked_for(build: type[LinesField]) -> None:
    with pytest.raises(ValidationError) as refused:
        build(nothing=[]).clean("  \n")
    assert refused.value.code == "required"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a、b, c;d；e，f", ["a", "b", "c", "d", "e", "f"]),
        (",,a,,", ["a"]),
        ("ａｎｙ", ["any"]),
        ("a\r\nb", ["a", "b"]),
    ],
)
def test_words_end_at_every_sign_that_people_put_between(typed: str, stored: list[str]) -> None:
    assert WORDS.clean(typed) == stored


def test_a_share_of_somebody_with_blanks_in_the_name_is_found() -> None:
    field = SharesField(required=False, labels={"both": "省 和 市"})
    assert field.clean("省 和 市 100%") == [["both", "1"]]
    assert field.prepare_value([["both", "1"], ["gone", "0.5"]]) == "省 和 市 100%\ngone 50%"


def test_the_first_line_that_cannot_be_read_is_the_one_that_is_named() -> None:
    assert "“b”" in refusal(PAIRS, "a 甲\nb\nc")


# --- The boxes of rules ----------------------------------------------------------------------------


def test_only_numbers_have_a_least_and_a_most() -> None:
    names = numbers()
    assert {"cap_year", "valid_days", "sample_rate", "rounding_step"} <= set(names)
    assert not {"redeem_grace", "subsidy_tiers", "stamped_form", "redeemer", "claim_link"} & set(names)
    assert all(labels()[name] == label for name, label in names.items())


@pytest.mark.parametrize(
    "line", ["到期后兑付截止（月-日） 1 2", "补贴比例 0 1", "redeem_grace 1 2", "须上传盖章表 0 1", "兑付方 0 1"]
)
def test_bounds_of_what_is_no_number_are_refused_where_rules_are_written(line: str) -> None:
    field: Any = field_of(ProgrammeVersion._meta.get_field("bounds"))  # type: ignore[arg-type]
    assert "按“参数 最小 最大”填写" in refusal(field, line)
    assert field.clean("抽查比例 0.05 1") == {"sample_rate": ["0.05", "1"]}


@pytest.mark.parametrize(
    ("model", "name", "build"),
    [
        (FieldRow, "choices", PairsField),
        (FieldRow, "classes", WordsField),
        (EvidenceRow, "formats", WordsField),
        (EvidenceRow, "max_bytes", SizeField),
        (Override, "cost_share", SharesField),
        (ProgrammeVersion, "bounds", BoundsField),
    ],
)
def test_columns_of_rules_have_boxes_of_lines(model: Any, name: str, build: type) -> None:
    assert type(field_of(model._meta.get_field(name))) is build


@pytest.mark.parametrize(("model", "name"), [(FieldRow, "help"), (EvidenceRow, "key"), (Override, "effective_from")])
def test_other_columns_keep_the_admins_own(model: Any, name: str) -> None:
    assert field_of(model._meta.get_field(name)) is None
