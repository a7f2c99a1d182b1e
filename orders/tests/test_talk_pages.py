"""Pages of quotes, bookings by phone and difference orders; the one timeline; the form with its live sum."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services
from orders.models import Order, Quote
from orders.pages.order import OrderPage
from orders.tests.factories import World, booking, make_order
from orders.tests.ordered import accept, buckets, make_ordered, place, quote
from orders.tests.test_pages_enterprise import BOOKING

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-10", "X-6")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_ordered(invoices_per_order=1)


def page(person: Any, name: str, *args: str) -> str:
    return text_of(client_of(person).get(reverse(name, args=args)))


# --- The form -------------------------------------------------------------------------------


def ask(world: World, **changes: Any) -> Any:
    values = {**BOOKING, "quantity": "1", "pay": str(world.programme.pk), **changes}
    return client_of(world.owner).post(reverse("order-new", args=[world.service.number]), values)


def test_the_form_knows_the_registration_the_total_and_the_balance(world: World) -> None:
    said = page(world.owner, "order-new", world.service.number)
    for words in (world.enterprise.name, world.owner.name, "100,000.00", "15,000.00", "3,750.00"):
        assert words in said


def test_the_sum_is_computed_again_on_the_server_and_nothing_is_placed(world: World) -> None:
    response = ask(world, amount="12,000", need="", calc="1")
    said = text_of(response)
    assert (response.status_code, "3,000.00" in said, "12,000.00" in said) == (200, True, True)
    assert "填写需求说明" not in said
    doubled = text_of(ask(world, quantity="2", calc="1"))
    assert "30,000.00" in doubled
    assert "7,500.00" in doubled
    assert not Order.objects.exists()


def test_a_sum_of_nonsense_is_left_out(world: World) -> None:
    said = text_of(ask(world, amount="一万", quantity="很多", calc="1"))
    assert "3,750.00" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agreed": "phone"}, "填写电话里议定的服务金额"),
        ({"amount": "0"}, "议定服务金额要大于 0 元"),
        ({"quantity": "0"}, "数量至少为 1"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box(world: World, changes: dict[str, str], words: str) -> None:
    response = ask(world, **changes)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "两台样机" in text_of(response)


def test_an_open_price_is_asked_for_only_where_quota_is_held_at_once(world: World) -> None:
    world.service.price = None
    world.service.save(update_fields=["price"])
    assert "参考价面议，填写与机构谈定的金额" in text_of(ask(world))
    assert ask(world, pay="own").status_code == 302
    assert ask(world, amount="800").status_code == 302


def test_from_the_form_by_phone_to_the_number(world: World) -> None:
    buyer = client_of(world.owner)
    values = {**BOOKING, "quantity": "1", "pay": str(world.programme.pk), "agreed": "phone", "amount": "12000"}
    response = buyer.post(reverse("order-new", args=[world.service.number]), values)
    check = text_of(buyer.get(response["Location"]))
    for words in ("电话已约定", "12,000 元", "3,000 元", "提交后占用"):
        assert words in check
    done = post(buyer, response["Location"])
    order = Order.objects.get()
    assert order.channel == "phone"
    said = text_of(buyer.get(done["Location"]))
    assert "已为这个订单占用创新券 3,000.00 元" in said


# --- Quotes ---------------------------------------------------------------------------------


def test_the_carrier_quotes_changes_and_withdraws_on_its_pages(world: World) -> None:
    order, seller = place(world), client_of(world.seller)
    address = reverse("order-quote", args=[order.number])
    assert "企业拟用创新券" in text_of(seller.get(address))
    assert post(seller, address, amount="20,000", promised_on="", words="含复测").status_code == 302
    assert 'value="20,000.00"' in text_of(seller.get(address))
    assert post(seller, address, amount="0").status_code == 422
    assert post(seller, address, amount="1", promised_on="2020-01-01").status_code == 422
    assert post(seller, reverse("carrier-booking-withdraw-quote", args=[order.number])).status_code == 302
    assert [quote.status for quote in Quote.objects.all()] == ["withdrawn"]
    accept(world, order)
    assert seller.get(address).status_code == 409


def test_the_enterprise_reads_what_the_quote_takes_and_accepts_it(world: World) -> None:
    order, buyer = place(world), client_of(world.owner)
    quote(world, order, 20_000, words="含复测")
    assert "答复报价" in page(world.owner, "ent-order", order.number)
    address = reverse("ent-order-accept-quote", args=[order.number])
    said = text_of(buyer.get(address))
    for words in ("20,000.00 元", "含复测", "5,000 元"):
        assert words in said
    assert post(buyer, address).status_code == 302
    assert buckets(world) == (95_000, 5_000, 0)
    assert post(buyer, address).status_code == 422


def test_accepting_dearer_on_the_carriers_page_points_to_the_quote(world: World) -> None:
    order = place(world)
    address = reverse("carrier-booking-accept", args=[order.number])
    response = post(client_of(world.seller), address, amount="16,000", promised_on="2099-01-01")
    assert response.status_code == 422
    assert "发报价" in text_of(response)
    assert "改为向企业报价" in text_of(response)


def test_one_timeline_tells_everything_newest_first(world: World) -> None:
    order = place(world)
    services.send_message(order, by=world.owner, text="能否加急？")
    quote(world, order, 20_000)
    services.accept_quote(order, by=world.owner)
    order = Order.objects.select_related("voucher", "organization", "carrier").get()
    events = OrderPage(order, "enterprise", world.owner).events
    moments = [event.at for event in events]
    assert moments == sorted(moments, reverse=True)
    titles = [event.title for event in events]
    for title in ("提交预约", "留言", "机构报价", "企业接受报价", "按议定金额核算券额"):
        assert title in titles
    said = page(world.seller, "carrier-booking", order.number)
    assert said.count("能否加急？") == 2


# --- By phone -------------------------------------------------------------------------------


def entry(world: World, **changes: str) -> dict[str, str]:
    values = {
        "credit_code": world.enterprise.credit_code or "",
        "service": world.service.number,
        "quantity": "1",
        "amount": "12,000",
        "wanted_on": "",
        "contact_name": "周甲",
        "contact_phone": "19900000001",
        "need": "高低温循环",
    }
    return {**values, **changes}


def test_the_carrier_enters_and_the_enterprise_confirms_with_a_voucher(world: World) -> None:
    seller, buyer = client_of(world.seller), client_of(world.owner)
    response = post(seller, reverse("order-phone"), **entry(world))
    order = Order.objects.get()
    assert response["Location"] == reverse("carrier-booking", args=[order.number])
    assert "确认电话预约" in page(world.owner, "ent-order", order.number)
    address = reverse("ent-order-phone", args=[order.number])
    said = text_of(buyer.get(address))
    for words in ("12,000.00 元", "3,000 元", "高低温循环", "自费预约"):
        assert words in said
    assert post(buyer, address, pay="").status_code == 422
    assert post(buyer, address, pay=str(world.programme.pk)).status_code == 302
    order.refresh_from_db()
    assert (order.status, buckets(world)) == ("accepted", (97_000, 3_000, 0))
    assert buyer.get(address).status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "91330000"}, "共 18 位"),
        ({"service": "FW-0"}, "从列出的选项中选择"),
        ({"amount": ""}, "填写议定服务金额"),
        ({"contact_phone": "123"}, "手机号"),
    ],
)
def test_what_the_carrier_mistypes_is_said(world: World, changes: dict[str, str], words: str) -> None:
    response = post(client_of(world.seller), reverse("order-phone"), **entry(world, **changes))
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Order.objects.exists()


def test_an_enterprise_nobody_verified_is_not_found(world: World) -> None:
    newcomer = cast.make_organization(verified=False)
    response = post(client_of(world.seller), reverse("order-phone"), **entry(world, credit_code=newcomer.credit_code))
    assert response.status_code == 422
    assert "没有找到已认证的这家企业" in text_of(response)


def test_readers_of_either_side_enter_and_confirm_nothing(world: World) -> None:
    order = services.enter_phone_order(
        carrier=world.carrier,
        organization=world.enterprise,
        booking=booking(world, amount=Decimal(12_000)),
        by=world.seller,
    )
    reader = client_of(cast.make_member(world.enterprise, role="viewer"))
    clerk = client_of(cast.make_member(world.carrier.organization, role="viewer"))
    assert post(reader, reverse("ent-order-phone", args=[order.number]), pay="own").status_code == 403
    assert post(clerk, reverse("order-phone"), **entry(world)).status_code == 403
    assert (Order.objects.get().status, Order.objects.count()) == ("placed", 1)


# --- Differences ----------------------------------------------------------------------------


@pytest.mark.feature("YRD-10")
def test_a_difference_is_added_on_the_orders_page_and_both_link_each_other(world: World) -> None:
    order, buyer = accept(world, place(world)), client_of(world.owner)
    address = reverse("ent-order-difference", args=[order.number])
    assert address in page(world.owner, "ent-order", order.number)
    assert post(buyer, address, amount="0", reason="").status_code == 422
    response = post(buyer, address, amount="2,000", reason="增加一组样品")
    extra = Order.objects.get(parent=order)
    assert response["Location"] == reverse("ent-order", args=[extra.number])
    assert extra.number in page(world.owner, "ent-order", order.number)
    assert order.number in page(world.seller, "carrier-booking", extra.number)
    assert reverse("ent-order-difference", args=[extra.number]) not in page(world.owner, "ent-order", extra.number)


@pytest.mark.feature("YRD-10")
def test_where_none_is_needed_none_is_offered(db: None) -> None:
    world = make_ordered()
    order = make_order(world)
    assert "差价" not in page(world.owner, "ent-order", order.number)
    response = post(
        client_of(world.owner), reverse("ent-order-difference", args=[order.number]), amount="1", reason="补"
    )
    assert response.status_code == 422
    assert "多张发票" in text_of(response)
