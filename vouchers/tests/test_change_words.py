"""Each parameter by itself: a change of it is told once, under its group, old and new."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from innovation_voucher.lib.money import YuanField
from vouchers.changes import group_of, parameter_changes
from vouchers.models import Override, ProgrammeVersion
from vouchers.models.parameters import Parameters
from vouchers.parameter_fields import CHAINS, columns, labels, parameter_field
from vouchers.parameter_words import NOTHING, value_words
from vouchers.programme_rules import _within

NAMES = Parameters.parameter_names()

ADDRESSES = ("https://a.example.cn/", "https://b.example.cn/")
LISTS: dict[str, tuple[Any, Any]] = {
    "eligible_classes": (["any"], ["any", "individual"]),
    "excluded_categories": (["0106"], ["0106", "0107"]),
    "invoice_fields": (["number"], ["number", "amount"]),
    "subsidy_tiers": ([["0", "1"]], [["0", "0.5"], ["10000", "0.25"]]),
    "cost_share": ([["county", "1"]], [["county", "0.5"], ["province", "0.5"]]),
}


def samples(name: str) -> tuple[Any, Any]:
    """Two different values of a parameter."""
    column = columns()[name]
    if name in LISTS:
        return LISTS[name]
    if column.choices:
        first, second, *_rest = [key for key, _label in column.flatchoices]
        return first, second
    if isinstance(column, models.BooleanField):
        return False, True
    if isinstance(column, YuanField | models.DecimalField):
        return Decimal("0.25"), Decimal("0.5")
    if isinstance(column, models.PositiveSmallIntegerField):
        return 3, 30
    return ADDRESSES if name == "claim_link" else ("03-15", "04-16")


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_another_value_is_one_change_under_its_head(name: str) -> None:
    old, new = samples(name)
    [change] = parameter_changes(ProgrammeVersion(**{name: old}), ProgrammeVersion(**{name: new}))
    assert (change.group, change.label) == (group_of(name), labels()[name])
    assert change.before != change.after
    assert NOTHING not in (change.before, change.after)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_comes_or_goes_is_told_with_a_dash(name: str) -> None:
    value = samples(name)[0]
    [came] = parameter_changes(Override(), Override(**{name: value}))
    [went] = parameter_changes(Override(**{name: value}), Override())
    assert (came.before, went.after) == (NOTHING, NOTHING)
    assert came.after == went.before == value_words(name, value)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CHAINS])
def test_what_the_field_shows_is_read_as_the_same_value(name: str) -> None:
    field = parameter_field(name)
    for value in samples(name):
        shown = field.prepare_value(value)
        typed = shown if isinstance(shown, list) else str(shown)
        assert field.clean(typed) == value
        assert not field.has_changed(value, typed)


def rejected() -> Iterator[tuple[str, str]]:
    """What no field of that kind can read."""
    for name in NAMES:
        column = columns()[name]
        if isinstance(column, YuanField | models.DecimalField | models.PositiveSmallIntegerField):
            yield name, "很多"
        elif column.choices or isinstance(column, models.BooleanField) or name == "invoice_fields":
            yield name, "something-else"


@pytest.mark.parametrize(("name", "typed"), list(rejected()))
def test_what_cannot_be_meant_is_refused(name: str, typed: str) -> None:
    field = parameter_field(name)
    with pytest.raises(ValidationError):
        field.clean([typed] if name == "invoice_fields" else typed)


@pytest.mark.parametrize("name", ["cap_year", "valid_days", "min_contract", "sample_rate"])
def test_no_number_is_below_zero(name: str) -> None:
    from_form = parameter_field(name)
    assert [fine for fine in ("0", "1") if from_form.clean(fine) is None] == []
    if name != "sample_rate":
        with pytest.raises(ValidationError):
            from_form.clean("-1")


@pytest.mark.parametrize(
    ("value", "bound", "fits"),
    [
        (Decimal(5), None, True),
        (Decimal(5), ["5", "5"], True),
        (Decimal("4.99"), ["5", "9"], False),
        (Decimal("9.01"), ["5", "9"], False),
        (30, ["30", "180"], True),
        (181, ["30", "180"], False),
        (Decimal("0.05"), ["0.05", "1"], True),
        (0, ["1", "2"], False),
    ],
)
def test_bounds_hold_their_ends(value: Any, bound: list[str] | None, fits: bool) -> None:
    assert _within(value, bound) is fits
