"""Parameters in words and in boxes at their edges: empty lists, small shares, keys nobody knows any more."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from vouchers.changes import parameter_changes
from vouchers.models import Override, ProgrammeVersion
from vouchers.models.parameters import Parameters
from vouchers.parameter_fields import INVOICE_FIELDS, NOT_SET, columns, labels, parameter_field
from vouchers.parameter_help import GROUPS, HELP
from vouchers.parameter_words import NOTHING, value_words

NAMES = Parameters.parameter_names()
LISTS = ["eligible_classes", "excluded_categories", "invoice_fields", "subsidy_tiers", "cost_share"]
YES_NO = [name for name, column in columns().items() if isinstance(column, models.BooleanField)]
CHOICES = [(name, key) for name, column in columns().items() for key, _label in column.choices or ()]


def field_of(name: str, **more: Any) -> Any:
    return parameter_field(name, **more)


# --- Words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_is_a_dash_and_no_change_from_nothing(name: str) -> None:
    assert value_words(name, []) == NOTHING
    assert parameter_changes(Override(), Override(**{name: []})) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_set_is_a_dash(name: str) -> None:
    assert value_words(name, None) == value_words(name, "") == NOTHING


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("cap_year", Decimal(0), "0 元"),
        ("cap_year", Decimal("1234567.5"), "1,234,567.50 元"),
        ("rounding_step", Decimal("0.01"), "0.01 元"),
        ("valid_days", 0, "0"),
        ("sample_rate", Decimal(0), "0%"),
        ("sample_rate", Decimal(1), "100%"),
        ("sample_rate", Decimal("0.0001"), "0.01%"),
        ("sample_rate", "0.125", "12.5%"),
        ("subsidy_tiers", [["0", "0"], ["0.5", "1"]], "0 元起 0%；0.50 元起 100%"),
        ("subsidy_tiers", [[0, 1], [10000, 0.5]], "0 元起 100%；10,000 元起 50%"),
        ("subsidy_tiers", [["1000000", "0.3333"]], "1,000,000 元起 33.33%"),
        ("cost_share", [["somebody", "1"]], "somebody 100%"),
        ("cost_share", [["programme", 0.25]], "方案所属地区 25%"),
        ("invoice_fields", ["image", "colour"], "影像、colour"),
        ("eligible_classes", ["any"], "各类企业"),
        ("redeemer", "nobody", "nobody"),
        ("claim_link", "https://a.example.cn/", "https://a.example.cn/"),
    ],
)
def test_edges_of_values_in_words(name: str, value: Any, words: str) -> None:
    assert value_words(name, value) == words


@pytest.mark.parametrize(("name", "key"), CHOICES)
def test_a_choice_is_never_shown_by_its_key(name: str, key: str) -> None:
    said = value_words(name, key)
    assert said == str(dict(columns()[name].flatchoices)[key])
    assert said != key


@pytest.mark.parametrize("name", YES_NO)
def test_no_is_an_answer_and_not_nothing(name: str) -> None:
    assert value_words(name, False) == "否"
    [change] = parameter_changes(Override(), Override(**{name: False}))
    assert (change.before, change.after) == (NOTHING, "否")


def test_the_same_number_written_otherwise_is_no_change() -> None:
    old = ProgrammeVersion(cap_year=Decimal(5), sample_rate=Decimal("0.05"), subsidy_tiers=[["0", "0.50"]])
    new = ProgrammeVersion(cap_year=Decimal("5.00"), sample_rate=Decimal("0.0500"), subsidy_tiers=[["0.00", "0.5"]])
    assert parameter_changes(old, new) == []


def test_a_fen_is_a_change() -> None:
    [change] = parameter_changes(Override(cap_claim=Decimal(5)), Override(cap_claim=Decimal("5.01")))
    assert (change.label, change.before, change.after) == ("单次申领上限", "5 元", "5.01 元")


# --- Names and explanations ------------------------------------------------------------------------


def test_no_two_parameters_are_called_the_same() -> None:
    """Bounds are written by these names: two of one name would set the wrong one."""
    said = list(map(str, labels().values()))
    assert sorted(set(said)) == sorted(said)
    assert not [label for label in said if "，" in label or not label.strip()]


def test_groups_begin_with_parameters_in_the_order_of_the_columns() -> None:
    starts = [NAMES.index(first) for _head, first in GROUPS]
    assert starts[0] == 0
    assert starts == sorted(set(starts))


def test_explanations_ask_for_nothing_that_sounds_like_a_code() -> None:
    assert [name for name in NAMES if "JSON" in str(HELP[name]) or "[[" in str(HELP[name])] == []


# --- Boxes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", YES_NO)
@pytest.mark.parametrize(("typed", "kept"), [("yes", True), ("no", False), ("", None)])
def test_yes_no_and_not_set_are_three_answers(name: str, typed: str, kept: bool | None) -> None:
    field = field_of(name)
    assert field.clean(typed) is kept
    assert field.has_changed(not kept, typed)
    assert not field.has_changed(kept, typed)


@pytest.mark.parametrize("typed", ["True", "1", "是", "YES", "on"])
def test_another_yes_is_no_answer(typed: str) -> None:
    with pytest.raises(ValidationError):
        field_of("stamped_form").clean(typed)


@pytest.mark.parametrize("name", ["redeemer", "hold_at", "stamped_form"])
def test_the_empty_choice_says_what_it_means(name: str) -> None:
    assert field_of(name).choices[0] == ("", NOT_SET)
    assert field_of(name, not_set="按方案规定（企业）").choices[0] == ("", "按方案规定（企业）")


def test_another_hint_stands_in_place_of_the_explanation() -> None:
    assert field_of("cap_year", help_text="方案规定：5 元").help_text == "方案规定：5 元"
    assert field_of("cap_year").help_text == HELP["cap_year"]


@pytest.mark.parametrize("name", sorted({name for name, _key in CHOICES}))
def test_few_choices_are_all_seen_and_many_are_folded(name: str) -> None:
    field = field_of(name)
    wanted = forms.RadioSelect if len(list(columns()[name].choices or ())) <= 4 else forms.Select
    assert type(field.widget) is wanted
    assert [key for key, _label in field.choices] == ["", *(key for key, _label in columns()[name].choices or ())]


@pytest.mark.parametrize(
    ("ticked", "kept"), [([], None), (["amount"], ["amount"]), (list(INVOICE_FIELDS), list(INVOICE_FIELDS))]
)
def test_ticks_are_kept_as_a_list(ticked: list[str], kept: Any) -> None:
    assert field_of("invoice_fields").clean(ticked) == kept


def test_whoever_pays_is_one_of_the_levels_and_not_nobody() -> None:
    field = field_of("cost_share")
    assert "none" not in field.labels
    with pytest.raises(ValidationError, match="按“出资方 比例”填写"):
        field.clean("不设 100%")
    assert field.clean("省 40%\n市 60%") == [["province", "0.4"], ["city", "0.6"]]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("cap_year", "1.234"),
        ("cap_year", "-0.01"),
        ("cap_year", "1e9"),
        ("valid_days", "1.5"),
        ("valid_days", "99999999"),
        ("sample_rate", "0.00001"),
        ("sample_rate", "NaN"),
        ("redeem_grace", "2026-03-15"),
        ("claim_link", "not a link"),
        ("order_number", "x" * 61),
    ],
)
def test_what_its_column_cannot_hold_is_refused_in_its_box(name: str, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field_of(name).clean(typed)
    assert refused.value.messages[0]


def test_a_link_without_its_scheme_is_taken_as_a_safe_one() -> None:
    assert field_of("claim_link").clean("apply.example.cn/voucher") == "https://apply.example.cn/voucher"
