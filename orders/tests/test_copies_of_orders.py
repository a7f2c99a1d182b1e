"""What a difference order and an order that is handed in anew take along of the first, and what they do not."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carriers.tests.factories import make_service
from innovation_voucher.casework import deadlines
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services
from orders.models import CartItem, Order, OrderLine
from orders.tests.factories import World
from orders.tests.ordered import accept, buckets, make_ordered, place, voucher_of
from orders.tests.watch import nothing_changes, refused
from vouchers.services import void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10", "JS-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_ordered(invoices_per_order=1)


@pytest.fixture
def several(world: World) -> Order:
    """An order of two items, accepted at 15,500 yuan."""
    more = services.Line(item=make_service(world.carrier, "盐雾试验", price=500))
    return accept(world, place(world, more=(more,), wanted_on=None), 15_500)


def difference(world: World, order: Order, amount: Any = 2_000, reason: str = "增加一组样品") -> Order:
    return services.place_difference(order, by=world.owner, amount=Decimal(amount), reason=reason)


def lines(order: Order) -> list[tuple[str, int]]:
    return [(line.title, line.quantity) for line in order.lines.all()]


BOTH = [("样机环境可靠性试验", 1), ("盐雾试验", 1)]


def test_a_difference_does_not_order_the_items_again(world: World, several: Order) -> None:
    extra = difference(world, several)
    assert (lines(several), lines(extra)) == (BOTH, [])
    assert (extra.quantity, extra.reference_price, extra.agreed_amount) == (1, None, 2_000)
    page = text_of(client_of(world.owner).get(f"/ent/orders/{extra.number}/"))
    assert "盐雾试验 ×" not in page
    assert "增加一组样品" in page


def test_what_is_handed_in_anew_has_the_same_items(world: World, several: Order) -> None:
    void_voucher(voucher_of(several), by=world.owner, reason="填错")
    fresh = services.resubmit_order(several, by=world.owner)
    assert (lines(fresh), lines(Order.objects.get(pk=several.pk))) == (BOTH, BOTH)
    assert OrderLine.objects.count() == 4
    assert (fresh.title, fresh.agreed_amount, fresh.status) == (several.title, 15_500, "accepted")


@pytest.mark.parametrize("state", ["placed", "accepted", "delivered", "completed"])
def test_a_difference_begins_at_the_beginning_wherever_the_order_stands(world: World, state: str) -> None:
    order = place(world)
    if state != "placed":
        order = accept(world, order)
    if state in ("delivered", "completed"):
        services.record_service(order, by=world.seller, delivered_on=order.placed_at.date(), result="合格")
    if state == "completed":
        services.confirm_completion(order, by=world.owner)
    extra = difference(world, order)
    assert (extra.status, extra.channel, extra.by_carrier, extra.placed_by) == ("placed", "online", False, world.owner)
    assert [extra.accepted_at, extra.delivered_at, extra.completed_at, extra.promised_on] == [None] * 4
    assert (voucher_of(extra).status, voucher_of(extra).contract_amount) == ("requested", 2_000)
    assert voucher_of(extra) != voucher_of(order)
    due = deadlines.due(extra)
    assert due is not None
    assert due.act == "order_answer"
    row = AuditRow.objects.get(verb="order.difference")
    assert (row.subject_id, row.reason) == (extra.pk, "增加一组样品")


def test_a_difference_without_quota_leaves_no_order_behind(db: None) -> None:
    world = make_ordered(quota=3_750, invoices_per_order=1)
    order = place(world)
    assert buckets(world) == (0, 3_750, 0)
    refused(lambda: difference(world, order))
    assert Order.objects.count() == 1


def test_ending_the_first_leaves_its_difference_and_its_hold_alone(world: World) -> None:
    order = place(world)
    extra = difference(world, order)
    assert buckets(world) == (95_750, 4_250, 0)
    services.cancel_order(order, by=world.owner, reason="计划有变")
    extra.refresh_from_db()
    assert (extra.status, buckets(world)) == ("placed", (99_500, 500, 0))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "0", "reason": "补"}, "amount"),
        ({"amount": "0.001", "reason": "补"}, "amount"),
        ({"amount": "9" * 30, "reason": "补"}, "amount"),
        ({"amount": "100", "reason": " "}, "reason"),
        ({"amount": "100", "reason": "补" * 301}, "reason"),
    ],
)
def test_a_difference_that_cannot_be_is_asked_about(world: World, typed: dict[str, str], field: str) -> None:
    order, buyer = place(world), client_of(world.owner)
    with nothing_changes():
        answer = post(buyer, f"/ent/orders/{order.number}/difference/", **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


# --- Rows of the cart that are gone or full -------------------------------------------------------


def test_counting_what_somebody_else_took_out_is_no_error_and_brings_nothing_back(world: World) -> None:
    row = services.add_to_cart(world.enterprise, world.service, by=world.owner)
    CartItem.objects.all().delete()
    with pytest.raises(Refused, match="已不在预约单里"):
        services.set_quantity(row, by=world.owner, quantity=3)
    assert not CartItem.objects.exists()


@pytest.mark.parametrize(
    ("there", "more", "then"), [(1, 1, 2), (9_998, 1, 9_999), (9_998, 2, 9_999), (9_999, 9_999, 9_999)]
)
def test_a_row_is_counted_up_to_its_limit_and_no_further(world: World, there: int, more: int, then: int) -> None:
    services.add_to_cart(world.enterprise, world.service, by=world.owner, quantity=there)
    row = services.add_to_cart(world.enterprise, world.service, by=world.owner, quantity=more)
    assert (row.quantity, CartItem.objects.get().quantity) == (then, then)


def test_what_was_ordered_leaves_the_cart_and_the_rest_stays(world: World) -> None:
    other = make_service(world.carrier, "盐雾试验", price=500)
    for item in (world.service, other):
        services.add_to_cart(world.enterprise, item, by=world.owner)
    services.empty_cart(world.enterprise, [world.service], by=world.owner)
    assert [row.item for row in services.cart_of(world.enterprise)] == [other]
    services.empty_cart(world.enterprise, [], by=world.owner)
    assert CartItem.objects.count() == 1
