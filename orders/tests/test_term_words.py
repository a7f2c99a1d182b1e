"""What pages say of terms comes from the scheme's rows; what nobody set is the portal's own."""

import pytest
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Message
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order, ServiceRecord
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.services import terminate_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-9", "ZO-8", "ZO-9")]

OWN_TERMS = (
    {"act": "order_answer", "days": 4, "unit": "wd", "on_expiry": "lapse"},
    {"act": "completion", "days": 7, "unit": "d", "on_expiry": "default"},
    {"act": "rating", "days": 20, "unit": "d", "on_expiry": "default"},
)


@pytest.fixture
def strict(db: None) -> World:
    """A scheme with terms of its own."""
    return make_world(terms=OWN_TERMS)


def text(client: Client, name: str, number: str) -> str:
    return client.get(reverse(name, args=[number])).content.decode()


def test_the_booking_names_the_schemes_answer_time(strict: World) -> None:
    buyer = client_of(strict.owner)
    assert "机构在 4 个工作日内答复" in text(buyer, "order-new", strict.service.number)
    assert "在 4 个工作日内答复" in text(buyer, "order-done", make_order(strict).number)


def test_without_a_row_the_portals_own_time_is_named(world: World, buyer: Client, seller: Client) -> None:
    order = make_order(world)
    assert "在 2 个工作日内答复" in text(buyer, "order-done", order.number)
    assert "2 个工作日内未答复的，预约自动失效" in text(seller, "carrier-booking", order.number)


def test_the_carrier_reads_the_schemes_times_at_every_step(strict: World) -> None:
    seller = client_of(strict.seller)
    assert "4 个工作日内未答复" in text(seller, "carrier-booking", make_order(strict).number)
    assert "7 天内未办理的自动确认" in text(seller, "carrier-record", make_order(strict, "received").number)
    delivered = text(seller, "carrier-booking", make_order(strict, "delivered", contract=2_000).number)
    assert "7 天内未办理的自动确认" in delivered
    assert "15 天" not in delivered


def test_a_term_that_only_reminds_promises_nothing(db: None) -> None:
    gentle = make_world(
        terms=tuple({**row, "on_expiry": "remind"} for row in OWN_TERMS),
    )
    seller = client_of(gentle.seller)
    assert "请在 4 个工作日内答复" in text(seller, "carrier-booking", make_order(gentle).number)
    delivered = text(seller, "carrier-booking", make_order(gentle, "delivered").number)
    assert "应在 7 天内确认完成" in delivered
    assert "自动确认" not in delivered


def test_the_rating_page_names_the_schemes_time(strict: World) -> None:
    order = make_order(strict, "completed")
    assert "完成后 20 天内未评价" in text(client_of(strict.owner), "ent-order-review", order.number)


def test_the_days_of_the_default_review_win_over_the_row(db: None) -> None:
    world = make_world(terms=OWN_TERMS, auto_review_days=45)
    order = make_order(world, "completed")
    assert services.term_for(order, "rating").days == 45


# --- What the carrier hears and may do when a voucher ended ----------------------------------


def test_the_carrier_is_told_of_an_order_that_is_handed_in_anew(world: World) -> None:
    old = make_order(world, "voided")
    fresh = services.resubmit_order(old, by=world.owner)
    note = Message.objects.get(user=world.seller, kind="order.copied")
    assert fresh.number in note.title
    assert note.link == reverse("carrier-booking", args=[fresh.number])


@pytest.mark.feature("ZJ-9")
@pytest.mark.parametrize(("end", "word"), [("voided", "已作废"), ("terminated", "已终止")])
def test_no_service_is_recorded_on_an_ended_voucher(world: World, seller: Client, end: str, word: str) -> None:
    order = make_order(world, "voided" if end == "voided" else "received")
    if end == "terminated":
        officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
        terminate_voucher(voucher_of(order), by=officer, office=None, reason="合同未履行")
    assert f"这个订单的创新券{word}，不能登记服务" in text(seller, "carrier-record", order.number)
    with pytest.raises(Refused, match=word):
        services.record_service(order, by=world.seller, delivered_on=order.placed_at.date(), result="已做")
    assert Order.objects.get(pk=order.pk).status == "accepted"
    assert ServiceRecord.objects.count() == 0
