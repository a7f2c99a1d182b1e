"""无券: an order at one's own cost under a scheme that takes quota late; cancelled, served, rated."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services
from orders.models import Order
from orders.services import Rating
from orders.tests.factories import World, booking
from orders.tests.late import accept, bucket, fresh, late_world, place
from orders.tests.watch import nothing_changes
from vouchers.models import LedgerEntry, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return late_world()


def test_the_booking_page_offers_both(world: World) -> None:
    page = text_of(client_of(world.owner).get(f"/ent/order/new/{world.service.number}/"))
    assert "不使用，自费预约" in page
    assert f"使用{world.programme.name}" in page


def test_it_goes_from_booking_to_review_without_any_quota(world: World) -> None:
    order = accept(world, place(world, voucher=False))
    services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="报告已交付")
    services.confirm_completion(order, by=world.owner)
    services.review_service(order, by=world.owner, rating=Rating(stars=5, words="及时"))
    after = fresh(order)
    assert (after.status, after.voucher, after.programme, after.use_voucher) == ("completed", None, None, False)
    assert (Voucher.objects.count(), bucket(world), LedgerEntry.objects.count()) == (0, 50_000, 1)
    assert world.carrier.orders.get().review.stars == 5


def test_it_cannot_be_redeemed_afterwards(world: World) -> None:
    order = accept(world, place(world, voucher=False))
    with nothing_changes(), pytest.raises(Refused, match="没有选择创新券方案"):
        services.secure(order, by=world.owner, amount=Decimal(6_000))


@pytest.mark.parametrize("voucher", [True, False])
def test_it_is_cancelled_while_nobody_has_accepted(world: World, voucher: bool) -> None:
    order = services.cancel_order(place(world, voucher=voucher), by=world.owner, reason="项目推迟")
    assert (order.status, order.end_reason) == ("cancelled", "项目推迟")
    with nothing_changes(), pytest.raises(Refused, match="已取消"):
        accept(world, order)


def test_what_the_carrier_accepted_under_the_scheme_is_not_cancelled_any_more(world: World) -> None:
    order = accept(world, place(world))
    with nothing_changes(), pytest.raises(Refused, match="机构已接单"):
        services.cancel_order(order, by=world.owner, reason="项目推迟")
    page = client_of(world.owner).get(f"/ent/orders/{order.number}/").content.decode()
    assert "取消订单" not in page


def test_the_carrier_may_still_give_it_up(world: World) -> None:
    order = services.decline_order(accept(world, place(world)), by=world.seller, reason="设备检修")
    assert order.status == "declined"


def test_without_the_scheme_an_accepted_order_may_be_taken_back(world: World) -> None:
    order = accept(world, place(world, voucher=False))
    assert services.cancel_order(order, by=world.owner, reason="项目推迟").status == "cancelled"


def test_the_page_places_it(world: World) -> None:
    client = client_of(world.owner)
    body = {
        "contact_name": "周甲",
        "contact_phone": "19900000001",
        "quantity": "1",
        "need": "两台样机",
        "wanted_on": date(calendar.today().year, 12, 31).isoformat(),
        "pay": "own",
    }
    assert client.post(f"/ent/order/new/{world.service.number}/", body).status_code == 302
    assert post(client, f"/ent/order/check/{world.service.number}/").status_code == 302
    order = Order.objects.get()
    assert (order.use_voucher, order.programme, order.planned_amount) == (False, None, None)
    page = text_of(client.get(f"/ent/orders/{order.number}/"))
    assert "不使用创新券" in page


def test_booking_asks_what_a_scheme_wants_only_of_those_who_use_it(db: None) -> None:
    row = {"stage": "order", "key": "project", "type": "text", "label": "项目名称"}
    world = late_world(fields=(row,))
    client, address = client_of(world.owner), f"/ent/order/new/{world.service.number}/"
    body = {"contact_name": "周甲", "contact_phone": "19900000001", "quantity": "1", "need": "两台样机"}
    refused = client.post(address, {**body, "pay": str(world.programme.pk)})
    assert refused.status_code == 422
    assert "填写项目名称" in text_of(refused)
    assert client.post(address, {**body, "pay": "own"}).status_code == 302
    assert booking(world).answers == {}
