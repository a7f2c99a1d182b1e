"""What the button of an order says whose voucher ended without payment."""

import pytest
from django.urls import reverse

from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.pages.next_act import PLANS, next_act
from orders.statuses import shown
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.services import lapse_voucher, terminate_voucher, void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7")]


def end(world: World, order: Order, how: str) -> Order:
    """The order's issued voucher, ended by whoever may; the bureau ends what was received."""
    if how == "terminated":
        services.receive_voucher(voucher_of(order), by=world.seller, road="link")
    voucher = voucher_of(order)
    if how == "sent back":
        services.return_voucher(voucher, by=world.seller, reason="编号不符")
    elif how == "voided":
        void_voucher(voucher, by=world.owner, reason="填错")
    elif how == "terminated":
        bureau = cast.make_officer(cast.COUNTY, "terminate_voucher")
        terminate_voucher(voucher, by=bureau, office=None, reason="服务未开展")
    else:
        lapse_voucher(voucher)
    return Order.objects.get(pk=order.pk)


ENDS = {"sent back": "作废并重新提交", "voided": "重新提交", "terminated": "重新提交", "lapsed": "重新提交"}


@pytest.mark.parametrize("how", ENDS)
def test_only_what_the_carrier_sent_back_is_still_to_be_given_up(world: World, how: str) -> None:
    order = end(world, make_order(world, "issued"), how)
    act = next_act(order, shown(order, has_contract=True), side="enterprise", rated=False)
    assert (act.label, act.url) == (ENDS[how], reverse("ent-order-resubmit", args=[order.number]))
    page = client_of(world.owner).get(reverse("ent-order", args=[order.number])).content.decode()
    assert f">{ENDS[how]}<" in page.replace("\n", "")


@pytest.mark.parametrize("how", ENDS)
def test_the_carrier_only_waits(world: World, how: str) -> None:
    order = end(world, make_order(world, "issued"), how)
    act = next_act(order, shown(order, has_contract=True), side="carrier", rated=False)
    assert (act.label, act.url) == ("", "")
    assert "重新提交" in str(act.why)


def test_one_press_gives_the_old_order_up_and_copies_it(world: World) -> None:
    order = end(world, make_order(world, "issued"), "sent back")
    fresh = services.resubmit_order(order, by=world.owner)
    order.refresh_from_db()
    assert (order.status, fresh.status, fresh.voucher) == ("cancelled", "accepted", None)
    assert (voucher_of(order).status, voucher_of(order).held) == ("returned_by_carrier", 0)


def test_every_plan_of_a_side_says_its_label_once() -> None:
    both = [
        (side, code) for side, plans in PLANS.items() for code, plan in plans.items() if plan.label and plan.label_of
    ]
    assert both == []
