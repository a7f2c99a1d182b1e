"""Every type of field at its limits: the last value that is taken and the first that is not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from innovation_voucher.tests import cast
from vouchers.forms import AnswersForm, EndForm, answers_form, clean_month
from vouchers.policy import FieldSpec


def field(type_: str, **changes: Any) -> FieldSpec:
    return FieldSpec(**{"stage": "use", "key": "answer", "label": "此项", "type": type_, **changes})


def filled(row: FieldSpec, given: str) -> AnswersForm:
    return answers_form([row])({"answer": given})


@pytest.mark.parametrize(
    ("type_", "max_length", "most"),
    [("text", None, 100), ("long_text", None, 1000), ("text", 1, 1), ("text", 300, 300), ("long_text", 200, 200)],
)
def test_a_text_may_have_so_many_characters_and_not_one_more(type_: str, max_length: int | None, most: int) -> None:
    row = field(type_, max_length=max_length)
    assert filled(row, "字" * most).is_valid()
    assert not filled(row, "字" * (most + 1)).is_valid()


def test_a_text_that_is_too_long_stays_in_the_form() -> None:
    form = filled(field("text", max_length=3), "四个字了")
    assert not form.is_valid()
    assert form["answer"].value() == "四个字了"


@pytest.mark.parametrize("given", ["0", "1", " 12 ", "2147483647"])
def test_an_integer_from_zero_on_is_taken(given: str) -> None:
    form = filled(field("integer"), given)
    assert form.is_valid(), form.errors
    assert form.answers == {"answer": int(given)}


@pytest.mark.parametrize("given", ["-1", "1.5", "一", "1e3", "0x1", "NaN"])
def test_what_is_no_count_is_refused(given: str) -> None:
    assert list(filled(field("integer"), given).errors) == ["answer"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0.01", "0.01"), ("1", "1.00"), ("12,345.60", "12345.60"), ("¥ 8000", "8000.00"), ("８０００", "8000.00")],
)
def test_yuan_are_kept_with_two_places_as_text(given: str, kept: str) -> None:
    form = filled(field("yuan"), given)
    assert form.is_valid(), form.errors
    assert form.answers == {"answer": kept}


@pytest.mark.parametrize("given", ["1.001", "NaN", "Infinity", "12 or 13", "1..2"])
def test_what_is_no_amount_is_refused(given: str) -> None:
    assert list(filled(field("yuan"), given).errors) == ["answer"]


@pytest.mark.parametrize("given", ["2024-02-29", "2026-12-31", "2000-01-01"])
def test_a_day_of_the_calendar_is_kept_as_iso_text(given: str) -> None:
    form = filled(field("date"), given)
    assert form.is_valid(), form.errors
    assert form.answers == {"answer": given}


@pytest.mark.parametrize("given", ["2025-02-29", "2026-13-01", "2026-00-10", "明天", "20261120x"])
def test_a_day_that_never_is_is_refused(given: str) -> None:
    assert list(filled(field("date"), given).errors) == ["answer"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-01", "2026-01"),
        ("2026-12", "2026-12"),
        ("2026.8", "2026-08"),
        ("2026/08", "2026-08"),
        ("2026年12月", "2026-12"),
        (" 2026-8 ", "2026-08"),
    ],
)
def test_a_month_is_kept_in_one_form(given: str, kept: str) -> None:
    assert clean_month(given) == kept


@pytest.mark.parametrize("given", ["2026-00", "2026-13", "26-08", "2026", "八月", "2026-", "-08", "2026-1x"])
def test_a_month_that_never_is_is_told_its_form(given: str) -> None:
    form = filled(field("month"), given)
    assert form.errors == {"answer": ["年月写成 2026-08"]}


@pytest.mark.parametrize(("given", "fits"), [("a", True), ("b", True), ("A", False), ("甲", False), ("a,b", False)])
def test_a_choice_is_made_by_its_key(given: str, fits: bool) -> None:
    assert filled(field("choice", choices=(("a", "甲"), ("b", "乙"))), given).is_valid() is fits


@pytest.mark.parametrize("type_", ["text", "long_text", "integer", "yuan", "date", "month", "phone", "credit_code"])
def test_an_empty_answer_is_asked_for_where_the_row_says_so(type_: str) -> None:
    assert not filled(field(type_), "").is_valid()
    assert filled(field(type_, required=False), "").is_valid()


@pytest.mark.parametrize("type_", ["text", "long_text", "yuan", "month", "phone", "credit_code"])
def test_spaces_alone_are_no_answer(type_: str) -> None:
    assert not filled(field(type_), " \u3000 ").is_valid()


@pytest.mark.parametrize("type_", ["integer", "yuan", "date"])
def test_no_answer_is_kept_as_nothing(type_: str) -> None:
    form = answers_form([field(type_, required=False)])({})
    assert form.is_valid()
    assert form.answers == {"answer": None}


def test_an_optional_id_number_that_is_empty_is_not_encrypted() -> None:
    form = filled(field("person_id", required=False), "")
    assert form.is_valid()
    assert form.answers == {"answer": ""}


@pytest.mark.parametrize(
    ("type_", "given", "sentence"),
    [
        ("phone", "1380000", "手机号需 11 位数字"),
        ("credit_code", cast.credit_code(2)[:-1], "统一社会信用代码共 18 位，这里有 17 位"),
        ("person_id", "110101", "身份证号共 18 位，前 17 位是数字，末位是数字或 X"),
    ],
)
def test_a_number_is_refused_with_its_own_sentence(type_: str, given: str, sentence: str) -> None:
    assert filled(field(type_), given).errors == {"answer": [sentence]}


def test_every_wrong_field_is_told_at_once() -> None:
    rows = [field("integer", key="count"), field("month", key="month"), field("text", key="title")]
    form = answers_form(rows)({"count": "-1", "month": "x", "title": ""})
    assert list(form.errors) == ["count", "month", "title"]


def test_rows_become_fields_in_their_order_with_label_and_help() -> None:
    rows = [field("text", key="b", label="乙", help="写全称"), field("yuan", key="a", label="甲")]
    form = answers_form(rows)()
    assert [(name, found.label, found.help_text) for name, found in form.fields.items()] == [
        ("b", "乙", "写全称"),
        ("a", "甲", ""),
    ]


def test_two_forms_of_one_scheme_share_nothing() -> None:
    first, second = answers_form([field("text", key="a")]), answers_form([field("text", key="b")])
    assert (list(first.base_fields), list(second.base_fields)) == (["a"], ["b"])
    assert list(AnswersForm.base_fields) == []


def test_a_long_text_is_written_in_an_area_and_a_choice_by_radios() -> None:
    form = answers_form([field("long_text", key="a"), field("choice", key="b", choices=(("x", "甲"),))])()
    assert isinstance(form.fields["a"].widget, forms.Textarea)
    assert isinstance(form.fields["b"].widget, forms.RadioSelect)


def test_amounts_and_days_are_cleaned_as_such_before_they_are_stored() -> None:
    form = answers_form([field("yuan", key="a"), field("date", key="b")])({"a": "7", "b": "2026-11-20"})
    assert form.is_valid()
    assert (form.cleaned_data["a"], form.cleaned_data["b"]) == (Decimal("7.00"), date(2026, 11, 20))


@pytest.mark.parametrize(("reason", "fits"), [("", False), (" ", False), ("因" * 300, True), ("因" * 301, False)])
def test_the_reason_of_an_end_is_given_within_300_characters(reason: str, fits: bool) -> None:
    assert EndForm({"reason": reason}).is_valid() is fits
