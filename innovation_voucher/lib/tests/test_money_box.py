"""The box for yuan in the portal's forms: what people type is read or asked about, never guessed."""

from decimal import Decimal

import pytest
from django import forms

from innovation_voucher.lib.forms import MoneyField, MoneyInput, PortalForm
from innovation_voucher.lib.money import NoAmount, parse_yuan


class Contract(PortalForm):
    amount = MoneyField(label="合同金额")
    paid = MoneyField(label="已付金额", required=False, min_value=Decimal("0.01"))


def errors(**typed: str) -> dict[str, list[str]]:
    form = Contract({"amount": "1", **typed})
    return {name: [str(word) for word in words] for name, words in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", "0"),
        ("18,000", "18000"),
        ("18000.5", "18000.5"),
        ("¥ 18，000.05 元", "18000.05"),
        ("１８０００．５", "18000.5"),
        ("0018", "18"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, amount: str) -> None:
    form = Contract({"amount": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal(amount)


@pytest.mark.parametrize("typed", ["1,5", "1e5", "1,80,00", "18 000,5", "五千", "12元5角", "0x10", "1.2.3", "NaN"])
def test_what_could_mean_two_things_is_asked_about(typed: str) -> None:
    assert errors(amount=typed) == {"amount": ["合同金额填写数字，如 18,000.00"]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "金额不能小于 0"),
        ("0.001", "金额最多两位小数"),
        ("9" * 17, "金额太大，检查是否多写了 0"),
        ("", "填写合同金额"),
        ("   ", "填写合同金额"),
    ],
)
def test_each_mistake_has_its_sentence(typed: str, words: str) -> None:
    assert errors(amount=typed) == {"amount": [words]}


def test_fourteen_digits_are_the_most() -> None:
    assert list(errors(amount="9" * 13)) == ["amount"]
    assert errors(amount="9" * 12) == {}


@pytest.mark.parametrize("typed", ["", " ", None])
def test_an_optional_box_may_stay_empty(typed: str | None) -> None:
    form = Contract({"amount": "1", **({"paid": typed} if typed is not None else {})})
    assert form.is_valid()
    assert form.cleaned_data["paid"] is None


def test_a_least_amount_is_kept() -> None:
    assert list(errors(paid="0")) == ["paid"]
    assert errors(paid="0.01") == {}


@pytest.mark.parametrize("typed", ["1,5", "18000.001", "五千元"])
def test_what_was_typed_stays_in_the_box(typed: str) -> None:
    form = Contract({"amount": typed})
    assert not form.is_valid()
    assert f'value="{typed}"' in str(form["amount"])


@pytest.mark.parametrize("value", [Decimal("12.30"), 12])
def test_a_number_from_code_is_taken_as_it_is(value: Decimal | int) -> None:
    assert MoneyField().clean(value) == value


def test_an_amount_that_is_written_in_no_way_is_told_from_one_that_is_too_large() -> None:
    with pytest.raises(NoAmount):
        parse_yuan("1,5")
    with pytest.raises(ValueError, match="太大") as error:
        parse_yuan("9" * 16)
    assert not isinstance(error.value, NoAmount)


def test_the_box_brings_the_keyboard_of_digits_and_no_number_input() -> None:
    html = str(Contract()["amount"])
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'autocomplete="off"' in html
    assert isinstance(MoneyField().widget, MoneyInput)


def test_attributes_of_the_author_stay_beside_ours() -> None:
    field = MoneyField(widget=MoneyInput({"class": "govuk-input--width-10", "autocomplete": "transaction-amount"}))
    assert isinstance(field.widget, forms.TextInput)
    assert field.widget.attrs == {
        "inputmode": "decimal",
        "autocomplete": "transaction-amount",
        "class": "govuk-input--width-10",
    }
