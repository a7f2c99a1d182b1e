"""差价订单: one more order on the first, so that a second invoice may stand behind it."""

from decimal import Decimal
from pathlib import Path

import pytest

from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Message
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.factories import World, make_order, make_world
from orders.tests.ordered import accept, buckets, make_ordered, place

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_ordered(invoices_per_order=1)


def difference(world: World, order: Order, amount: int = 2_000) -> Order:
    return services.place_difference(order, by=world.owner, amount=Decimal(amount), reason="增加一组样品")


def test_it_hangs_on_its_order_with_the_same_parties(world: World) -> None:
    order = accept(world, place(world))
    extra = difference(world, order)
    assert (extra.parent, extra.status, extra.agreed_amount) == (order, "placed", 2_000)
    same = ("organization", "carrier", "service", "programme", "region", "title")
    assert [getattr(extra, name) for name in same] == [getattr(order, name) for name in same]
    assert extra.number != order.number
    assert list(order.differences.all()) == [extra]
    assert (extra.reference_price, extra.accepted_at, extra.need) == (None, None, "增加一组样品")
    assert Message.objects.filter(user=world.seller, kind="order.difference").count() == 1


@pytest.mark.feature("JS-10")
def test_it_holds_quota_of_its_own_and_is_answered_like_a_booking(world: World) -> None:
    order = accept(world, place(world))
    extra = difference(world, order)
    assert (extra.planned_amount, buckets(world)) == (500, (95_750, 4_250, 0))
    assert accept(world, extra, 2_000).status == "accepted"
    assert services.decline_order(extra, by=world.seller, reason="不需要").status == "declined"
    order.refresh_from_db()
    assert (order.status, buckets(world)) == ("accepted", (96_250, 3_750, 0))


def test_a_second_one_hangs_on_the_first_order_too(world: World) -> None:
    order = place(world)
    extra = difference(world, order)
    with pytest.raises(Refused, match="原订单"):
        difference(world, extra)
    difference(world, order, 300)
    assert order.differences.count() == 2


@pytest.mark.parametrize("end", ["cancel", "lapse"])
def test_an_order_that_ended_takes_none(world: World, end: str) -> None:
    order = place(world)
    services.cancel_order(order, by=world.owner, reason="不做") if end == "cancel" else services.lapse_order(order)
    with pytest.raises(Refused):
        difference(world, order)
    assert Order.objects.count() == 1


def test_where_several_invoices_are_allowed_none_is_needed(db: None) -> None:
    world = make_world()
    with pytest.raises(Refused, match="多张发票"):
        difference(world, make_order(world, "completed"))


def test_only_the_enterprise_adds_one(world: World) -> None:
    order = place(world)
    for person in (world.seller, cast.owner_of(cast.rival()), cast.make_member(world.enterprise, role="viewer")):
        with pytest.raises(NotAllowed):
            services.place_difference(order, by=person, amount=Decimal(1), reason="差价")
    assert (Order.objects.count(), buckets(world)) == (1, (96_250, 3_750, 0))
