"""电话预约: entered afterwards by either side, confirmed by the other, lapsing like a booking."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from carriers.tests.factories import make_carrier, make_service
from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Message
from innovation_voucher.tests import cast
from orders import services
from orders.listing import MINE, THEIRS, with_shown
from orders.models import Order
from orders.tests.factories import World, booking
from orders.tests.ordered import accept, buckets, make_ordered, voucher_of
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-10")]


@pytest.fixture
def ordered(db: None) -> World:
    return make_ordered()


def enter(world: World, **changes: Any) -> Order:
    """The carrier enters what was agreed."""
    values = {"by": world.seller, "organization": world.enterprise, **changes}
    asked = values.pop("booking", None) or booking(world, amount=Decimal(12_000))
    return services.enter_phone_order(carrier=world.carrier, booking=asked, **values)


def test_entered_by_the_carrier_it_waits_for_the_enterprise(ordered: World) -> None:
    order = enter(ordered)
    assert (order.channel, order.status, order.by_carrier, order.use_voucher) == ("phone", "placed", True, False)
    shown = with_shown(Order.objects.filter(pk=order.pk))[0].shown_status
    assert (shown.code, shown.turn) == ("awaiting_enterprise", "enterprise")
    assert Message.objects.filter(user=ordered.owner, kind="order.entered").count() == 1
    assert [Order.objects.filter(q).count() for q in (MINE, THEIRS)] == [1, 0]
    assert buckets(ordered) == (100_000, 0, 0)


def test_confirmed_with_a_voucher_it_is_held_and_issued_at_once(ordered: World) -> None:
    order = services.confirm_phone_order(enter(ordered), by=ordered.owner, programme=ordered.programme)
    assert (order.status, order.agreed_amount, order.use_voucher) == ("accepted", 12_000, True)
    assert (voucher_of(order).status, buckets(ordered)) == ("confirmed", (97_000, 3_000, 0))
    assert Message.objects.filter(user=ordered.seller, kind="order.phone_confirmed").exists()
    assert deadlines.due(order) is None


def test_confirmed_without_a_voucher_it_is_in_service(world: World) -> None:
    order = services.confirm_phone_order(enter(world), by=world.owner)
    assert (order.status, order.programme, Voucher.objects.count()) == ("accepted", None, 0)


def test_where_vouchers_are_used_later_the_confirmed_order_awaits_its_contract(world: World) -> None:
    order = services.confirm_phone_order(enter(world), by=world.owner, programme=world.programme)
    assert with_shown(Order.objects.filter(pk=order.pk))[0].shown_status.code == "awaiting_contract"
    assert order.planned_amount == Decimal(11_000)


def test_entered_by_the_enterprise_it_waits_for_the_carrier(ordered: World) -> None:
    order = services.place_order(
        organization=ordered.enterprise,
        programme=ordered.programme,
        booking=booking(ordered, amount=Decimal(12_000)),
        by=ordered.owner,
        by_phone=True,
    )
    assert (order.channel, order.by_carrier, buckets(ordered)) == ("phone", False, (97_000, 3_000, 0))
    assert accept(ordered, order, 12_000).status == "accepted"


def test_not_confirmed_in_time_it_lapses_and_the_enterprise_was_reminded(ordered: World) -> None:
    order = enter(ordered)
    due = deadlines.due(order)
    assert due is not None
    ahead = due.due_on - calendar.today()
    deadlines.run_due(calendar.now() + ahead)
    assert Message.objects.filter(user=ordered.owner, kind="order.reminder").count() == 1
    assert not Message.objects.filter(user=ordered.seller, kind="order.reminder").exists()
    deadlines.run_due(calendar.now() + ahead + timedelta(days=1))
    order.refresh_from_db()
    assert (order.status, order.end_reason) == ("lapsed", "企业未在期限内答复")


def test_the_carrier_does_not_answer_for_the_enterprise(ordered: World) -> None:
    order = enter(ordered)
    for act in (
        lambda: accept(ordered, order, 12_000),
        lambda: services.offer_quote(order, by=ordered.seller, offer=services.Offer(amount=Decimal(1))),
    ):
        with pytest.raises(Refused, match="由企业确认"):
            act()
    with pytest.raises(NotAllowed):
        services.confirm_phone_order(order, by=ordered.seller)
    order.refresh_from_db()
    assert order.status == "placed"


def test_either_side_takes_it_back(ordered: World) -> None:
    assert services.decline_order(enter(ordered), by=ordered.seller, reason="登记错了").status == "declined"
    assert services.cancel_order(enter(ordered), by=ordered.owner, reason="不是我单位").status == "cancelled"


def test_what_was_placed_online_is_not_confirmed_by_the_enterprise(world: World) -> None:
    order = services.place_order(organization=world.enterprise, programme=None, booking=booking(world), by=world.owner)
    with pytest.raises(Refused, match="由服务机构确认"):
        services.confirm_phone_order(order, by=world.owner)
    order.refresh_from_db()
    assert order.status == "placed"


def test_a_carrier_enters_only_its_own_services_at_a_price(world: World) -> None:
    foreign = make_service(make_carrier(shown=True))
    with pytest.raises(Refused, match="本机构的服务"):
        enter(world, booking=booking(world, item=foreign, amount=Decimal(1)))
    with pytest.raises(Refused, match="议定的金额"):
        enter(world, booking=booking(world))
    for person in (world.owner, cast.owner_of(make_carrier().organization)):
        with pytest.raises(NotAllowed):
            enter(world, by=person)
    assert not Order.objects.exists()


def test_without_quota_the_confirmation_is_refused_whole(db: None) -> None:
    world = make_ordered(quota=0)
    order = enter(world)
    with pytest.raises(Refused, match="可用额度为 0 元"):
        services.confirm_phone_order(order, by=world.owner, programme=world.programme)
    order.refresh_from_db()
    assert (order.status, order.programme, order.use_voucher) == ("placed", None, False)
