"""The forms of orders at their limits, field by field."""

from datetime import timedelta
from typing import Any

import pytest

from innovation_voucher.casework import calendar
from orders.forms.booking import OWN, BookingForm
from orders.forms.order import AcceptForm, MessageForm, ReasonForm, RecordForm, ReplyForm, ReviewForm
from orders.forms.scan import CodeForm, SendBackForm
from orders.forms.use import UseForm

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7", "ZJ-8")]


def day(days: int) -> str:
    return str(calendar.today() + timedelta(days=days))


USE = {
    "contract_name": "合同",
    "contract_number": "HT-1",
    "contract_amount": "18,000",
    "redeemer": "carrier",
    "promise": "on",
}


def use(**changes: str) -> UseForm:
    return UseForm({**USE, "contract_date": day(0), **changes}, redeemers=("enterprise", "carrier"))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0.01", "0.01"),
        ("0.5", "0.50"),
        ("18000", "18000"),
        ("18,000.5", "18000.50"),
        ("18，000", "18000"),
        ("￥18,000.00", "18000"),
        ("18000 元", "18000"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: str) -> None:
    form = use(contract_amount=typed)
    assert form.is_valid(), form.errors
    assert form.use.contract_amount == form.fields["contract_amount"].clean(amount)


@pytest.mark.parametrize("typed", ["", "0", "0.00", "-1", "1,5", "1e5", "abc", "0.001", "18000.999", "NaN", "9" * 15])
def test_what_is_no_amount_of_a_contract_is_asked_about(typed: str) -> None:
    form = use(contract_amount=typed)
    assert not form.is_valid()
    assert set(form.errors) == {"contract_amount"}


@pytest.mark.parametrize(
    ("field", "typed", "good"),
    [
        ("contract_name", "", False),
        ("contract_name", "   ", False),
        ("contract_name", "合" * 100, True),
        ("contract_name", "合" * 101, False),
        ("contract_number", "H" * 60, True),
        ("contract_number", "H" * 61, False),
        ("contract_number", "H\x00", False),
        ("redeemer", "bureau", False),
        ("redeemer", "enterprise", True),
        ("promise", "", False),
        ("contract_date", "2026-02-30", False),
        ("contract_date", "2026/01/05", True),
    ],
)
def test_each_field_of_the_use_at_its_limit(field: str, typed: str, good: bool) -> None:
    form = use(**{field: typed})
    assert form.is_valid() is good, form.errors
    assert set(form.errors) == (set() if good else {field})


@pytest.mark.parametrize(("days", "good"), [(-400, True), (-1, True), (0, True), (1, False)])
def test_a_contract_is_signed_today_or_before(days: int, good: bool) -> None:
    assert use(contract_date=day(days)).is_valid() is good


BOOKING = {"contact_name": "周甲", "contact_phone": "19900000001", "quantity": "1", "need": "试验", "pay": OWN}


@pytest.mark.parametrize(
    ("field", "typed", "good"),
    [
        ("quantity", "0", False),
        ("quantity", "1", True),
        ("quantity", "9999", True),
        ("quantity", "10000", False),
        ("quantity", "1.5", False),
        ("contact_phone", "199 0000 0001", True),
        ("contact_phone", "+86 19900000001", True),
        ("contact_phone", "1990000000", False),
        ("contact_name", "", False),
        ("contact_name", "甲" * 51, False),
        ("need", "需" * 1000, True),
        ("need", "需" * 1001, False),
        ("wanted_on", "", True),
        ("pay", "", False),
    ],
)
def test_each_field_of_a_booking_at_its_limit(field: str, typed: str, good: bool) -> None:
    form = BookingForm({**BOOKING, field: typed}, schemes=[], rows_of={})
    assert form.is_valid() is good, form.errors
    assert set(form.errors) == (set() if good else {field})


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (1, True)])
def test_what_is_wished_and_promised_lies_not_in_the_past(days: int, good: bool) -> None:
    booking = BookingForm({**BOOKING, "wanted_on": day(days)}, schemes=[], rows_of={})
    accept = AcceptForm({"amount": "1", "promised_on": day(days)})
    assert (booking.is_valid(), accept.is_valid()) == (good, good)


@pytest.mark.parametrize(("days", "good"), [(-1, True), (0, True), (1, False)])
def test_what_is_recorded_lies_not_in_the_future(days: int, good: bool) -> None:
    assert RecordForm({"delivered_on": day(days), "result": "合格"}).is_valid() is good


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "议定金额要大于 0 元"),
        ("0.00", "议定金额要大于 0 元"),
        ("-1", "金额不能小于 0"),
        ("0.01", ""),
        ("0.99", ""),
    ],
)
def test_the_agreed_amount_is_more_than_nothing(amount: str, words: str) -> None:
    form = AcceptForm({"amount": amount, "promised_on": day(0)})
    assert form.errors.get("amount", [""]) == [words]


LONGEST: list[tuple[Any, str, int, dict[str, str]]] = [
    (ReasonForm, "reason", 300, {}),
    (SendBackForm, "reason", 300, {}),
    (MessageForm, "text", 1000, {}),
    (ReplyForm, "text", 500, {}),
    (ReviewForm, "words", 500, {"stars": "5"}),
    (RecordForm, "result", 2000, {"delivered_on": "2026-01-05"}),
]


@pytest.mark.parametrize(("form", "field", "most", "rest"), LONGEST)
def test_words_have_exactly_their_room(form: Any, field: str, most: int, rest: dict[str, str]) -> None:
    good, bad = (form({**rest, field: "字" * n}) for n in (most, most + 1))
    assert good.is_valid(), good.errors
    assert not bad.is_valid()
    assert set(bad.errors) == {field}


@pytest.mark.parametrize(("form", "field"), [(row[0], row[1]) for row in LONGEST if row[0] is not ReviewForm])
@pytest.mark.parametrize("blank", ["", "  ", "\n\n", "\u3000"])
def test_blank_words_are_no_words(form: Any, field: str, blank: str) -> None:
    assert field in form({field: blank, "delivered_on": "2026-01-05"}).errors


@pytest.mark.parametrize("detail", ["efficiency", "skill", "pricing"])
@pytest.mark.parametrize(("typed", "value"), [("", None), ("1", 1), ("5", 5)])
def test_details_of_a_rating_may_be_left_out(detail: str, typed: str, value: int | None) -> None:
    form = ReviewForm({"stars": "3", detail: typed})
    assert form.is_valid()
    assert (form.rating.stars, getattr(form.rating, detail)) == (3, value)


@pytest.mark.parametrize("typed", ["0", "6", "x", "-1", "4.5"])
def test_no_detail_has_other_stars(typed: str) -> None:
    assert "skill" in ReviewForm({"stars": "3", "skill": typed}).errors


def test_a_code_that_is_too_long_is_not_even_read() -> None:
    assert "code" in CodeForm({"code": "7" * 41}).errors
