"""Orders that take quota when they are placed, at once against one balance; acceptance against the end of the order."""

from decimal import Decimal

import pytest

from innovation_voucher.casework import invariants
from innovation_voucher.tests.racing import race
from orders import services
from orders.models import Order
from orders.tests.factories import World
from orders.tests.ordered import accept, buckets, make_ordered, place, quote, voucher_of
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.feature("JS-10")]


@pytest.fixture
def world() -> World:
    return make_ordered(quota=10_000)


def test_many_orders_at_once_never_hold_more_than_there_is(world: World) -> None:
    said = race(*[lambda: place(world)] * 5)
    assert said.count("done") == 3
    assert buckets(world) == (0, 10_000, 0)
    worth = sorted(int(voucher.amount) for voucher in Voucher.objects.all())
    assert worth == [2_500, 3_750, 3_750]
    assert Order.objects.count() == 3
    assert len({order.number for order in Order.objects.all()}) == 3
    assert invariants.broken() == {}


def test_accepting_cancelling_and_lapsing_at_once_end_in_one_state(world: World) -> None:
    order = place(world)
    said = race(
        lambda: accept(world, order),
        lambda: services.cancel_order(order, by=world.owner, reason="计划有变"),
        lambda: services.lapse_order(order),
    )
    order.refresh_from_db()
    voucher = voucher_of(order)
    held = int(voucher.held)
    # The enterprise may also cancel what was accepted just before; the clock says nothing to what is over.
    assert "done" in said
    expected = {"accepted": ("confirmed", 3_750), "cancelled": ("voided", 0), "lapsed": ("lapsed", 0)}
    assert (voucher.status, held) == expected[order.status]
    assert buckets(world) == (10_000 - held, held, 0)


def test_two_quotes_accepted_at_once_share_what_is_left(world: World) -> None:
    orders = [place(world, amount=Decimal(10_000)) for _n in range(2)]
    for order in orders:
        quote(world, order, 30_000)
    said = race(*[lambda order=order: services.accept_quote(order, by=world.owner) for order in orders])
    assert said == ["done", "done"]
    assert sorted(int(voucher_of(order).amount) for order in orders) == [2_500, 7_500]
    assert buckets(world) == (0, 10_000, 0)
