"""What an application for a voucher is called after a step: on the order, on the voucher, on the timeline."""

from pathlib import Path

import pytest
from django.urls import reverse

from innovation_voucher.casework.models import ChainStep
from innovation_voucher.casework.statuses import status_of
from orders.listing import with_shown
from orders.models import Order
from orders.tests.applying import accepted, agency, apply, applying_world, decide, district
from orders.tests.conftest import client_of
from orders.tests.factories import World, voucher_of
from vouchers.cards import card_of
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-2")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    world = applying_world()
    ChainStep.objects.filter(name="初审").update(passed_label="区初审通过")
    ChainStep.objects.filter(name="复审").update(passed_label="复审通过")
    return world


def order_label(order: Order) -> str:
    (row,) = with_shown(Order.objects.select_related("voucher", "snapshot").filter(pk=order.pk))
    return str(row.shown_status.label)


def test_between_the_steps_the_order_says_which_it_has_passed(world: World) -> None:
    order = accepted(world)
    apply(world, order)
    assert order_label(order) == "待科技局核额"
    decide(district(), "approve")
    assert order_label(order) == "区初审通过"
    page = client_of(world.owner).get(reverse("ent-order", args=[order.number])).content.decode()
    assert "初审：区初审通过" in page


def test_after_the_last_step_the_voucher_says_so_everywhere(world: World) -> None:
    order = accepted(world)
    apply(world, order)
    decide(district(), "approve")
    decide(agency(), "approve")
    voucher = Voucher.objects.select_related("programme", "snapshot").get()
    assert voucher.status == "confirmed"
    assert (str(status_of(voucher).label), str(card_of(voucher).tag.label)) == ("复审通过", "复审通过")
    buyer = client_of(world.owner)
    for name, args in (("ent-vouchers", []), ("ent-voucher", [voucher.code]), ("ent-order", [order.number])):
        assert "复审通过" in buyer.get(reverse(name, args=args)).content.decode(), name
    assert order_label(order) == "服务中"


def test_what_was_returned_says_so_whatever_was_passed(world: World) -> None:
    order = accepted(world)
    apply(world, order)
    decide(district(), "approve")
    decide(agency(), "return", items=[("description", "写明技术难题")])
    voucher = voucher_of(order)
    assert (voucher.passed_label, str(status_of(voucher).label)) == ("区初审通过", "待补正")
    assert order_label(order) == "待补正"
