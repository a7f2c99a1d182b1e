"""Small parts without a database: what a scheme asks besides, prices that are asked for, filters as they are typed."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from orders.forms.booking import OWN, PHONE, BookingForm
from orders.forms.cart import QuantityForm
from orders.forms.filters import OrderFilters
from orders.forms.paying import PayForm
from orders.forms.quote import DifferenceForm, QuoteForm
from orders.pages.cart import _price
from orders.services import Booking, Line
from vouchers.policy import FieldSpec

pytestmark = pytest.mark.feature("JS-10", "X-6")

EMAIL = FieldSpec(stage="order", key="email", label="Email", type="text")
NOTE = FieldSpec(stage="order", key="note", label="备注", type="text", required=False)
SCHEMES = [(7, "甲券"), (8, "乙券")]
ROWS = {"7": (EMAIL, NOTE), "8": ()}
TYPED = {"contact_name": "周甲", "contact_phone": "19900000001", "quantity": "1", "need": "试验", "pay": "7"}


def pay(**typed: str) -> PayForm:
    return PayForm(typed, schemes=SCHEMES, rows_of=ROWS)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"pay": "7"}, {"row_email"}),
        ({"pay": "7", "row_email": "a@example.com"}, set()),
        ({"pay": "8"}, set()),
        ({"pay": OWN}, set()),
        ({"pay": "9"}, {"pay"}),
        ({}, {"pay"}),
    ],
)
def test_only_what_the_chosen_scheme_asks_must_be_answered(typed: dict[str, str], wrong: set[str]) -> None:
    assert set(pay(**typed).errors) == wrong


def test_what_one_must_answer_is_not_called_optional() -> None:
    form = PayForm(schemes=SCHEMES, rows_of=ROWS)
    assert (form.fields["row_email"].required, form.fields["row_note"].required) == (True, False)


def test_answers_come_back_under_the_keys_of_the_rows() -> None:
    form = pay(pay="7", row_email="a@example.com", row_note="")
    assert form.is_valid()
    assert form.answers == {"email": "a@example.com"}


def book(*, need_price: frozenset[str] = frozenset(), counted: bool = False, **typed: str) -> BookingForm:
    values: dict[str, Any] = {**TYPED, "row_email": "a@example.com", **typed}
    return BookingForm(values, schemes=SCHEMES, rows_of=ROWS, need_price=need_price, counted=counted)


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, False),
        ({"agreed": PHONE}, True),
        ({"agreed": PHONE, "amount": "800"}, False),
        ({"need_price": frozenset({"7"})}, True),
        ({"need_price": frozenset({"7"}), "amount": "800"}, False),
        ({"need_price": frozenset({"7"}), "pay": OWN}, False),
        ({"need_price": frozenset({"8"})}, False),
    ],
)
def test_a_price_is_asked_for_where_nothing_can_be_computed_without(changes: dict[str, Any], asked: bool) -> None:
    assert ("amount" in book(**changes).errors) is asked


def test_what_lies_counted_in_the_cart_is_not_counted_again() -> None:
    form = book(counted=True)
    assert "quantity" not in form.fields
    assert form.is_valid()


def test_a_price_that_is_no_number_is_said_once() -> None:
    assert list(book(amount="八百", agreed=PHONE).errors) == ["amount"]
    assert len(book(amount="八百", agreed=PHONE).errors["amount"]) == 1


@pytest.mark.parametrize(
    ("typed", "valid"), [("1", True), ("9999", True), ("0", False), ("10000", False), ("1.5", False)]
)
def test_a_quantity_is_a_whole_number_from_one(typed: str, valid: bool) -> None:
    assert QuantityForm({"quantity": typed}).is_valid() is valid


@pytest.mark.parametrize("form", [QuoteForm, DifferenceForm])
@pytest.mark.parametrize("amount", ["", "0", "-1", "0.001", "一万"])
def test_a_quote_and_a_difference_cost_something(form: Any, amount: str) -> None:
    assert "amount" in form({"amount": amount, "reason": "增加样品"}).errors


def test_a_quote_becomes_an_offer() -> None:
    form = QuoteForm({"amount": "9,200", "promised_on": "2099-12-01", "words": "含复测"})
    assert form.is_valid()
    assert (form.offer.amount, form.offer.words) == (Decimal(9_200), "含复测")


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        ("", []),
        ("q=样机", ["q"]),
        ("other=中心&status=placed", ["other", "status"]),
        ("since=2026-01-01&until=昨天", ["since"]),
        ("status=nonsense", []),
        ("q=%20", []),
    ],
)
def test_only_filters_that_narrow_are_in_use(query: str, chips: list[str]) -> None:
    filters = OrderFilters(QueryDict(query), other="carrier", view="all", kind="")
    assert [name for name, _words in filters.in_use] == chips
    assert bool(filters.condition) is bool(chips)


class Thing:
    def __init__(self, price: int | None) -> None:
        self.price = None if price is None else Decimal(price)


@pytest.mark.parametrize(
    ("prices", "total"), [(((100, 2), (50, 1)), 250), (((100, 2), (None, 1)), None), (((None, 1),), None)]
)
def test_the_total_of_several_items_is_known_when_every_price_is(prices: Any, total: int | None) -> None:
    (first, count), *rest = prices
    more = tuple(Line(item=Thing(price), quantity=n) for price, n in rest)  # type: ignore[arg-type]
    booking = Booking(item=Thing(first), quantity=count, contact_name="", contact_phone="", more=more)  # type: ignore[arg-type]
    assert booking.reference_price == total
    assert len(booking.lines) == len(prices)


def test_a_price_in_words() -> None:
    assert [_price(amount) for amount in (None, Decimal(1_200), Decimal("0.5"))] == ["面议", "1,200 元", "0.50 元"]
