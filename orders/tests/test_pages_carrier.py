"""The carrier's pages, the ratings, the lists and how many queries they take."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carriers.tests.factories import make_carrier
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order, ServiceReview
from orders.tests.conftest import client_of
from orders.tests.factories import World, contract_file, make_order, voucher_of

pytestmark = pytest.mark.django_db

NEXT = {
    "placed": "答复预约",
    "accepted": "现在不需要您操作",
    "contract": "现在不需要您操作",
    "issued": "接收创新券",
    "voided": "现在不需要您操作",
    "received": "登记服务完成",
    "delivered": "现在不需要您操作",
    "completed": "现在不需要您操作",
    "declined": "现在不需要您操作",
}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def once(**data: Any) -> dict[str, Any]:
    return {"_token": new_token(), **data}


@pytest.mark.parametrize("state", NEXT)
def test_every_state_names_the_carriers_next_act(world: World, seller: Client, state: str) -> None:
    order = make_order(world, state)
    response = seller.get(reverse("carrier-booking", args=[order.number]))
    assert response.status_code == 200
    assert f'<h2 class="nextact__what">{NEXT[state]}</h2>' in text_of(response)


@pytest.mark.feature("ZO-8")
def test_the_carrier_answers_on_the_page(world: World, seller: Client) -> None:
    order = make_order(world)
    address = reverse("carrier-booking-accept", args=[order.number])
    yesterday = calendar.today() - timedelta(days=1)
    wrong = seller.post(address, once(amount="0", promised_on=str(yesterday)))
    assert wrong.status_code == 422
    assert "议定金额要大于 0 元" in text_of(wrong)
    assert "不能早于今天" in text_of(wrong)
    later = calendar.today() + timedelta(days=9)
    data = once(amount="18,000 元", promised_on=str(later))
    assert [seller.post(address, data).status_code for _n in range(2)] == [302, 302]
    order.refresh_from_db()
    assert (order.status, order.agreed_amount) == ("accepted", Decimal(18_000))


@pytest.mark.feature("ZO-8")
def test_other_carriers_do_not_see_the_booking(world: World) -> None:
    order = make_order(world)
    client = client_of(cast.owner_of(make_carrier().organization))
    for name in ("carrier-booking", "carrier-booking-decline", "carrier-record"):
        assert client.get(reverse(name, args=[order.number])).status_code == 404, name
    post = once(amount="1", promised_on=str(calendar.today()))
    assert client.post(reverse("carrier-booking-accept", args=[order.number]), post).status_code == 404
    order.refresh_from_db()
    assert order.status == "placed"


def test_the_enterprise_has_no_business_on_the_carriers_pages(world: World, buyer: Client) -> None:
    order = make_order(world)
    assert buyer.get(reverse("carrier-booking", args=[order.number])).status_code == 403
    assert buyer.get(reverse("carrier-scan")).status_code == 403


@pytest.mark.feature("ZO-8")
def test_declining_asks_why(world: World, seller: Client) -> None:
    order = make_order(world)
    address = reverse("carrier-booking-decline", args=[order.number])
    assert "写明原因" in text_of(seller.post(address, once(reason="")))
    assert seller.post(address, once(reason="排期已满")).status_code == 302
    assert Order.objects.get().status == "declined"


@pytest.mark.feature("ZO-9")
def test_the_service_is_recorded_with_its_file(world: World, seller: Client) -> None:
    order = make_order(world, "received")
    address = reverse("carrier-record", args=[order.number])
    tomorrow = calendar.today() + timedelta(days=1)
    assert "不能晚于今天" in text_of(seller.post(address, once(delivered_on=str(tomorrow), result="x")))
    file = contract_file()
    file.name = "报告.pdf"
    data = once(delivered_on=str(calendar.today()), result="合格", file=file)
    assert seller.post(address, data).status_code == 302
    assert [each.name for each in attachments.files(order, "service_result")] == ["报告.pdf"]
    assert "合格" in text_of(seller.get(reverse("carrier-booking", args=[order.number])))


@pytest.mark.feature("ZO-9")
def test_the_record_waits_for_the_voucher(world: World, seller: Client) -> None:
    order = make_order(world, "issued")
    address = reverse("carrier-record", args=[order.number])
    assert "请先接收这个订单的创新券" in text_of(seller.get(address))
    data = once(delivered_on=str(calendar.today()), result="合格")
    assert seller.post(address, data).status_code == 422
    assert not order.records.exists()


# --- Ratings --------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-12")
def test_five_radios_with_words_and_optional_details(world: World, buyer: Client) -> None:
    order = make_order(world, "completed")
    address = reverse("ent-order-review", args=[order.number])
    page = text_of(buyer.get(address))
    assert page.count('name="stars"') == 5
    assert "★★★★★ 非常满意" in page
    assert "选择总体评价" in text_of(buyer.post(address, once(words="好")))
    assert buyer.post(address, once(stars="4", skill="5", words="及时", anonymous="on")).status_code == 302
    review = ServiceReview.objects.get()
    assert (review.stars, review.skill, review.efficiency, review.anonymous) == (4, 5, None, True)
    assert "您已评价过" in text_of(buyer.get(address))


@pytest.mark.feature("ZJ-12")
def test_lists_of_both_sides_tell_defaults_from_real_reviews(world: World, buyer: Client, seller: Client) -> None:
    rated, default, waiting = (make_order(world, state) for state in ("reviewed", "completed", "completed"))
    services.default_review(default)
    open_ones = text_of(buyer.get(reverse("ent-reviews")))
    assert (waiting.number in open_ones, rated.number in open_ones) == (True, False)
    done = text_of(buyer.get(reverse("ent-reviews"), {"view": "done"}))
    assert "改为我的评价" in done
    address = reverse("carrier-review-reply", args=[rated.number])
    assert address in text_of(seller.get(reverse("carrier-reviews")))
    assert seller.post(address, once(text="谢谢")).status_code == 302
    assert seller.get(address).status_code == 409
    assert "谢谢" in text_of(seller.get(reverse("carrier-reviews"), {"view": "all"}))


# --- Lists ----------------------------------------------------------------------------------


def counts(client: Client, name: str) -> dict[str, int]:
    tabs = client.get(reverse(name)).context["list"].tabs
    return {str(tab["label"]): tab["count"] for tab in tabs}


def test_every_order_stands_in_the_tabs_where_people_look_for_it(world: World, buyer: Client, seller: Client) -> None:
    for state in ("placed", "accepted", "contract", "issued", "voided", "received", "delivered", "completed", "lapsed"):
        make_order(world, state, contract=1_000)
    assert counts(buyer, "ent-orders") == {
        "全部": 9,
        "待我办理": 5,
        "沟通中": 5,
        "服务中": 2,
        "已完成": 1,
        "已失效": 1,
    }
    assert counts(seller, "carrier-bookings") == {
        "全部": 9,
        "待我办理": 3,
        "沟通中": 5,
        "服务中": 2,
        "已完成": 1,
        "已失效": 1,
    }
    assert counts(seller, "carrier-vouchers") == {"待确认": 1, "已收到": 3, "已结束": 1}


def test_words_narrow_the_list_and_can_be_cleared(world: World, buyer: Client) -> None:
    order = make_order(world)
    make_order(world)
    page = buyer.get(reverse("ent-orders"), {"q": order.number})
    assert [row.number for row in page.context["list"].rows] == [order.number]
    assert "清除筛选" in text_of(buyer.get(reverse("ent-orders"), {"q": "没有这个"}))


def test_an_empty_list_says_what_to_do_first(world: World, buyer: Client, seller: Client) -> None:
    assert "去找服务" in text_of(buyer.get(reverse("ent-orders")))
    for name in ("carrier-bookings", "carrier-vouchers", "carrier-reviews"):
        assert "这里还没有" in text_of(seller.get(reverse(name)))


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def copies(order: Order, n: int) -> None:
    """Further orders in the same state, without the journey."""
    for serial in range(n):
        order.pk, order.number, order.voucher = None, f"{order.number[:12]}-{serial}", None
        order._state.adding = True
        Order.objects.bulk_create([order])


LISTS: dict[str, tuple[str, Callable[[World], Any]]] = {
    "ent-orders": ("buyer", make_order),
    "carrier-bookings": ("seller", make_order),
}


@pytest.mark.parametrize("name", LISTS)
def test_thirty_rows_take_no_more_queries_than_one(world: World, name: str) -> None:
    side, make = LISTS[name]
    client = client_of(world.owner if side == "buyer" else world.seller)
    order = make(world)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.get(reverse(name))  # rules are kept from the commit on
    one = queries(client, reverse(name))
    copies(order, 29)
    page = client.get(reverse(name))
    assert (len(page.context["list"].rows), page.context["list"].page_obj.paginator.count) == (20, 30)
    assert queries(client, reverse(name)) == one
    assert one <= 10


def test_thirty_vouchers_take_no_more_queries_than_one(world: World, seller: Client) -> None:
    make_order(world, "issued", contract=100)
    one = queries(seller, f"{reverse('carrier-vouchers')}?view=waiting")
    for _n in range(3):
        make_order(world, "issued", contract=100)
    assert queries(seller, f"{reverse('carrier-vouchers')}?view=waiting") == one


# --- First pages ----------------------------------------------------------------------------


def test_the_first_page_of_each_side_names_what_waits(world: World, buyer: Client, seller: Client) -> None:
    order = make_order(world, "accepted")
    make_order(world)
    make_order(world, "issued", contract=1_000)
    page = text_of(buyer.get(reverse("ent-home")))
    assert f"待上传合同：{order.title}" in page
    tiles = {tile["label"]: tile["number"] for tile in tiles_of(seller)}
    assert tiles == {"券待确认": 1, "预约待答复": 1, "服务中": 1}


def tiles_of(client: Client) -> Any:
    response = client.get(reverse("carrier-home"))
    return next(panel.context["tiles"] for panel in response.context["panels"] if "tiles" in panel.context)


def test_a_voucher_of_the_list_opens_its_page(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    assert reverse("verify", args=[voucher.code]) in text_of(seller.get(reverse("carrier-vouchers")))
