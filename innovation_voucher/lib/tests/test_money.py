"""Amounts as values, as typed text and as a form field."""

import contextlib
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st

from innovation_voucher.lib.money import (
    LIMIT,
    YuanFormField,
    format_yuan,
    from_fen,
    parse_yuan,
    round_to,
    to_fen,
    yuan,
)

amounts = st.integers(min_value=-(10**16), max_value=10**16).map(from_fen)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "3.00"),
        ("18000", "18000.00"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("0.0049999"), "0.00"),
        ("-0.001", "0.00"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_an_amount_has_two_places_halves_away_from_zero(value: int | str | Decimal, expected: str) -> None:
    assert str(yuan(value)) == expected


@pytest.mark.parametrize("value", [0.1, 1.0, True, None, b"1"])
def test_an_amount_is_never_made_from_a_float_or_another_type(value: object) -> None:
    with pytest.raises(TypeError, match="an int, a str or a Decimal"):
        yuan(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "abc", "NaN", "Infinity", "1e99", LIMIT, -LIMIT])
def test_what_is_no_number_or_too_large_is_refused(value: str | Decimal) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        yuan(value)


@given(st.integers(min_value=-(10**17) + 1, max_value=10**17 - 1))
def test_fen_survive_the_way_through_yuan(fen: int) -> None:
    assert to_fen(from_fen(fen)) == fen


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=6))
def test_rounding_is_stable_and_off_by_half_a_fen_at_most(value: Decimal) -> None:
    rounded = yuan(value)
    assert yuan(rounded) == rounded
    assert abs(rounded - value) <= Decimal("0.005")


@given(amounts)
def test_a_shown_amount_can_be_typed_again(amount: Decimal) -> None:
    assert parse_yuan(format_yuan(abs(amount))) == abs(amount)


def test_amounts_are_shown_with_thousands_and_cents() -> None:
    assert format_yuan(Decimal(18000)) == "18,000.00"
    assert format_yuan(0) == "0.00"
    assert format_yuan("-1234567.5") == "-1,234,567.50"


@pytest.mark.parametrize(
    "typed",
    ["18000", "18,000.00", " 18 000 ", "１８０００", "18，000", "¥18,000", "￥18000元", "18000。00",
     "18000.", "018000", "18000 元"],
)  # fmt: skip
def test_people_may_write_an_amount_their_way(typed: str) -> None:
    assert parse_yuan(typed) == Decimal("18000.00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "填写金额，单位为元"),
        ("   ", "填写金额，单位为元"),
        ("一万", "金额只写数字，如 18,000.00"),
        ("5万", "金额只写数字，如 18,000.00"),
        ("1,5", "金额只写数字，如 18,000.00"),
        ("1,0000", "金额只写数字，如 18,000.00"),
        ("1e5", "金额只写数字，如 18,000.00"),
        ("1.2.3", "金额只写数字，如 18,000.00"),
        (".5", "金额只写数字，如 18,000.00"),
        ("٣٤", "金额只写数字，如 18,000.00"),
        ("NaN", "金额只写数字，如 18,000.00"),
        ("-5", "金额不能小于 0"),
        ("¥-5", "金额不能小于 0"),
        ("1.005", "金额最多两位小数"),
        ("9" * 16, "金额太大，检查是否多写了 0"),
    ],
)
def test_what_is_no_amount_is_answered_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        parse_yuan(typed)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_plain_value_error(typed: str) -> None:
    with contextlib.suppress(ValueError):
        amount = parse_yuan(typed)
        assert amount == amount.quantize(Decimal("0.01"))
        assert amount >= 0


@pytest.mark.parametrize(
    ("amount", "step", "mode", "expected"),
    [
        ("12345.67", "100", "down", "12300.00"),
        ("12350.00", "100", "half_up", "12400.00"),
        ("12349.99", "100", "half_up", "12300.00"),
        ("0.015", "0.01", "down", "0.01"),
        ("15000", "10000", "half_up", "20000.00"),
        ("-150", "100", "down", "-100.00"),
    ],
)
def test_amounts_round_to_steps(amount: str, step: str, mode: str, expected: str) -> None:
    rounded = round_to(Decimal(amount), Decimal(step), mode)  # type: ignore[arg-type]
    assert str(rounded) == expected


@given(amounts, st.sampled_from(["0.01", "1", "100", "10000"]))
def test_a_step_rounds_to_the_nearest_multiple(amount: Decimal, step: str) -> None:
    rounded = round_to(amount, Decimal(step), "half_up")
    assert rounded == (amount / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP) * Decimal(step)
    assert abs(rounded - amount) * 2 <= Decimal(step)


def test_a_step_is_above_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        round_to(Decimal(1), Decimal(0), "down")


class Claim(forms.Form):
    amount = YuanFormField(label="金额", min_value=Decimal(100), max_value=Decimal(80000), initial=Decimal(18000))
    extra = YuanFormField(required=False)


def test_the_field_cleans_to_yuan_and_none() -> None:
    form = Claim({"amount": " 18,000 元", "extra": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": Decimal("18000.00"), "extra": None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "填写金额，单位为元"),
        ("99.99", "金额最少 100.00 元"),
        ("80000.01", "金额最多 80,000.00 元"),
        ("三千", "金额只写数字，如 18,000.00"),
    ],
)
def test_the_field_keeps_what_was_typed_beside_its_sentence(typed: str, sentence: str) -> None:
    form = Claim({"amount": typed})
    assert form.errors == {"amount": [sentence]}
    assert form["amount"].value() == typed


def test_the_field_is_a_text_input_with_a_digit_keyboard() -> None:
    html = str(Claim()["amount"])
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'value="18,000.00"' in html


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        (Decimal(18000), "18,000.00", False),
        (Decimal(18000), "18001", True),
        (None, "", False),
        (None, "5", True),
        (Decimal(5), "五", True),
    ],
)
def test_only_another_amount_is_a_change(initial: Decimal | None, data: str, changed: bool) -> None:
    assert YuanFormField(required=False).has_changed(initial, data) is changed


def test_a_failing_field_raises_validation_errors_only() -> None:
    with pytest.raises(ValidationError) as caught:
        YuanFormField().clean("abc")
    assert caught.value.code == "invalid"
