"""Forms whose fields a policy names."""

from datetime import date
from decimal import Decimal

import pytest

from innovation_voucher.lib.crypto import decrypt
from innovation_voucher.tests import cast
from vouchers.claim_forms import ClaimForm
from vouchers.forms import BUILDERS, answers_form
from vouchers.models import FieldRow
from vouchers.policy import FieldSpec


def spec(type_: str, **changes: object) -> FieldSpec:
    values = {"stage": "use", "key": "it", "label": "此项", "type": type_, **changes}
    return FieldSpec(**values)  # type: ignore[arg-type]


def test_every_type_of_row_has_a_field() -> None:
    assert set(BUILDERS) == set(FieldRow.Type.values)


@pytest.mark.parametrize(
    ("row", "given", "kept"),
    [
        (spec("text"), " 样机 ", "样机"),
        (spec("long_text"), "一\n二", "一\n二"),
        (spec("integer"), "12", 12),
        (spec("yuan"), "1,234.5 元", "1234.50"),
        (spec("date"), "2026-11-20", "2026-11-20"),
        (spec("month"), "2026年8月", "2026-08"),
        (spec("month"), "2026/8", "2026-08"),
        (spec("choice", choices=(("a", "甲"), ("b", "乙"))), "b", "b"),
        (spec("phone"), "+86 199 0000 0001", "19900000001"),
        (spec("credit_code"), cast.credit_code(1).lower(), cast.credit_code(1)),
        (spec("text", required=False), "", ""),
        (spec("date", required=False), "", None),
    ],
)
def test_answers_are_kept_as_plain_values(row: FieldSpec, given: str, kept: object) -> None:
    form = answers_form([row])({"it": given})
    assert form.is_valid(), form.errors
    assert form.answers == {"it": kept}


@pytest.mark.parametrize(
    ("row", "given"),
    [
        (spec("text"), ""),
        (spec("text", max_length=3), "四个字了"),
        (spec("long_text", max_length=200), "字" * 201),
        (spec("integer"), "-1"),
        (spec("yuan"), "abc"),
        (spec("month"), "2026-13"),
        (spec("month"), "去年"),
        (spec("choice", choices=(("a", "甲"),)), "z"),
        (spec("phone"), "123"),
        (spec("credit_code"), "123"),
        (spec("person_id"), "123"),
    ],
)
def test_what_does_not_fit_is_refused(row: FieldSpec, given: str) -> None:
    form = answers_form([row])({"it": given})
    assert not form.is_valid()
    assert list(form.errors) == ["it"]


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "fits"), [(cast.COUNTY, True), ("999999", False)])
def test_a_region_must_exist(given: str, fits: bool) -> None:
    cast.make_region(cast.COUNTY)
    assert answers_form([spec("region")])({"it": given}).is_valid() is fits


@pytest.mark.parametrize("type_", ["person_id", "secret"])
def test_a_secret_number_is_stored_encrypted(type_: str) -> None:
    number = cast.resident_id(7)
    form = answers_form([spec(type_)])({"it": number})
    assert form.is_valid()
    stored = form.answers["it"]
    assert number not in stored
    assert decrypt(stored) == number


def test_known_values_are_filled_in() -> None:
    row = spec("text", prefill="organization.name")
    form = answers_form([row], prefill={"organization.name": "云帆"})()
    assert form.fields["it"].initial == "云帆"


def test_own_fields_stand_before_those_of_the_policy() -> None:
    form = answers_form([spec("yuan")], base=ClaimForm)({"amount": "5", "agree": "on", "it": "7"})
    assert form.is_valid()
    assert list(form.fields) == ["amount", "agree", "it"]
    assert form.cleaned_data["amount"] == Decimal(5)
    assert form.answers == {"it": "7.00"}


def test_days_are_days() -> None:
    form = answers_form([spec("date")])({"it": "2026-02-30"})
    assert not form.is_valid()
    assert answers_form([spec("date")])({"it": date(2026, 2, 3).isoformat()}).is_valid()
