"""The enterprise's pages: journeys as a browser without JavaScript walks them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from carriers.tests.factories import make_carrier, make_recognition, make_service
from innovation_voucher.casework import attachments
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from orders.models import Order, OrderMessage
from orders.tests.conftest import client_of
from orders.tests.factories import World, contract_file, make_order, make_world, voucher_of
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7")]

BOOKING = {
    "contact_name": "周甲",
    "contact_phone": "199 0000 0001",
    "quantity": "2",
    "wanted_on": "",
    "need": "两台样机，高低温循环 72 小时",
}
CONTRACT = {
    "contract_name": "样机试验服务合同",
    "contract_number": "HT-118",
    "contract_date": "2026-01-05",
    "contract_amount": "30,000.00",
    "redeemer": "carrier",
    "promise": "on",
}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def once(**data: Any) -> dict[str, Any]:
    return {"_token": new_token(), **data}


def book(world: World, client: Client, **changes: Any) -> Any:
    values = {**BOOKING, "pay": str(world.programme.pk), **changes}
    return client.post(reverse("order-new", args=[world.service.number]), values)


# --- Booking --------------------------------------------------------------------------------


def test_the_form_knows_the_person_the_quota_and_the_estimate(world: World, buyer: Client) -> None:
    page = text_of(buyer.get(reverse("order-new", args=[world.service.number])))
    assert str(world.owner) in page
    assert "50,000" in page
    assert "10,000 ＋ 8,000 × 50% ＝ 14,000 元" in page


def test_from_form_to_check_to_number(world: World, buyer: Client) -> None:
    response = book(world, buyer)
    assert response["Location"] == reverse("order-check", args=[world.service.number])
    check = text_of(buyer.get(response["Location"]))
    assert "两台样机" in check
    assert "预计：10,000 ＋ 26,000 × 50% ＝ 23,000 元" in check
    assert not Order.objects.exists()
    token = once()
    first, again = (buyer.post(response["Location"], token) for _n in range(2))
    order = Order.objects.get()
    assert first["Location"] == again["Location"] == reverse("order-done", args=[order.number])
    assert (order.quantity, order.contact_phone, order.reference_price) == (2, "19900000001", Decimal(36_000))
    done = text_of(buyer.get(first["Location"]))
    assert order.number in done
    assert "在 2 个工作日内答复" in done


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world: World, buyer: Client) -> None:
    response = book(world, buyer, contact_phone="123", need="", quantity="0")
    page = text_of(response)
    assert response.status_code == 422
    assert page.startswith("<!doctype html>")
    for words in ("手机号", "填写需求说明", "数量至少为 1"):
        assert words in page
    assert 'value="123"' in page
    assert reverse("order-check", args=[world.service.number]) == response.request["PATH_INFO"].replace("new", "check")


def test_typed_words_come_back_after_the_check_page(world: World, buyer: Client) -> None:
    book(world, buyer)
    assert "两台样机" in text_of(buyer.get(reverse("order-new", args=[world.service.number])))


def test_fields_of_the_scheme_are_asked_and_kept(db: None) -> None:
    row = {"stage": "order", "key": "situation", "label": "项目情况", "type": "text", "required": True}
    world = make_world(fields=(row,))
    buyer = client_of(world.owner)
    assert "填写项目情况" in text_of(book(world, buyer))
    assert book(world, buyer, pay="own").status_code == 302
    response = book(world, buyer, row_situation="国产替代")
    assert "国产替代" in text_of(buyer.get(response["Location"]))
    buyer.post(response["Location"], once())
    assert Order.objects.get().answers == {"situation": "国产替代"}


def test_who_is_not_verified_reads_why(world: World) -> None:
    newcomer = cast.make_organization(verified=False)
    page = text_of(client_of(cast.owner_of(newcomer)).get(reverse("order-new", args=[world.service.number])))
    assert "完成实名认证后才能预约" in page
    assert reverse("ent-cert") in page


@pytest.mark.feature("ZO-6")
def test_a_region_that_did_not_recognize_the_carrier_offers_no_voucher(world: World, buyer: Client) -> None:
    elsewhere = make_carrier(shown=True)
    make_recognition(elsewhere, cast.make_region(cast.OTHER_COUNTY))
    item = make_service(elsewhere)
    page = text_of(buyer.get(reverse("order-new", args=[item.number])))
    assert "尚未认可该机构" in page
    values = {**BOOKING, "pay": str(world.programme.pk)}
    assert buyer.post(reverse("order-new", args=[item.number]), values).status_code == 422


def test_nothing_is_booked_at_an_unknown_number_or_without_sign_in(world: World, buyer: Client) -> None:
    assert buyer.get(reverse("order-new", args=["FW-0"])).status_code == 404
    response = Client().get(reverse("order-new", args=[world.service.number]))
    assert response["Location"].startswith("/accounts/login/")


# --- One order ------------------------------------------------------------------------------

NEXT = {
    "placed": "现在不需要您操作",
    "accepted": "上传服务合同",
    "contract": "申请使用创新券",
    "issued": "现在不需要您操作",
    "voided": "重新提交创新券",
    "received": "现在不需要您操作",
    "delivered": "确认服务完成",
    "completed": "评价服务",
    "reviewed": "现在不需要您操作",
    "declined": "再次预约",
    "cancelled": "再次预约",
    "lapsed": "再次预约",
}


@pytest.mark.parametrize("state", NEXT)
def test_every_state_names_the_one_next_act(world: World, buyer: Client, state: str) -> None:
    order = make_order(world, state)
    response = buyer.get(reverse("ent-order", args=[order.number]))
    assert response.status_code == 200
    assert f'<h2 class="nextact__what">{NEXT[state]}</h2>' in text_of(response)


def test_orders_of_others_do_not_exist(world: World, stranger: User) -> None:
    order = make_order(world, "delivered")
    client = client_of(stranger)
    gets = [
        "ent-order",
        "ent-order-cancel",
        "ent-use",
        "ent-use-done",
        "ent-order-review",
        "ent-order-contract-template",
    ]
    for name in gets:
        assert client.get(reverse(name, args=[order.number])).status_code == 404, name
    for name in ("ent-order-message", "ent-order-contract", "ent-order-confirm", "ent-order-problem"):
        assert client.post(reverse(name, args=[order.number]), once(text="x", reason="x")).status_code == 404, name
    order.refresh_from_db()
    assert (order.status, OrderMessage.objects.count()) == ("delivered", 0)


def test_a_viewer_reads_but_does_not_act(world: World) -> None:
    order = make_order(world, "delivered")
    client = client_of(cast.make_member(world.enterprise, role="viewer"))
    assert client.get(reverse("ent-order", args=[order.number])).status_code == 200
    assert client.post(reverse("ent-order-confirm", args=[order.number]), once()).status_code == 403
    order.refresh_from_db()
    assert order.status == "delivered"


def test_messages_are_sent_once(world: World, buyer: Client) -> None:
    order = make_order(world)
    address, data = reverse("ent-order-message", args=[order.number]), once(text="能否加急？")
    for _n in range(2):
        assert buyer.post(address, data)["Location"].endswith("#talk")
    assert OrderMessage.objects.count() == 1
    assert "能否加急？" in text_of(buyer.get(reverse("ent-order", args=[order.number])))
    assert buyer.post(address, once(text="")).status_code == 422


@pytest.mark.feature("ZO-10")
def test_the_contract_is_uploaded_and_taken_back_on_the_order(world: World, buyer: Client) -> None:
    order = make_order(world, "accepted")
    address = reverse("ent-order-contract", args=[order.number])
    wrong = buyer.post(address, once(contract=named(b"hello", "a.txt")))
    assert wrong.status_code == 422
    assert "只支持 PDF" in text_of(wrong)
    assert buyer.post(address, once(contract=named(contract_file().read(), "合同.pdf"))).status_code == 302
    (file,) = attachments.files(order, "contract")
    asked = reverse("ent-order-file-remove", args=[order.number, file.token])
    assert "合同.pdf" in text_of(buyer.get(asked))
    assert attachments.files(order)
    assert buyer.post(asked, once()).status_code == 302
    assert attachments.files(order) == []


def named(content: bytes, name: str) -> Any:
    import io

    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.feature("ZO-10")
def test_the_contract_template_is_filled_and_made_once_for_both_sides(
    world: World, buyer: Client, seller: Client
) -> None:
    order = make_order(world, "accepted")
    address = reverse("ent-order-contract-template", args=[order.number])
    first, again = buyer.get(address)["Location"], seller.get(address)["Location"]
    assert first == again
    for client in (buyer, seller):
        response = client.get(first)
        assert b"".join(response.streaming_content if response.streaming else [response.content])[:5] == b"%PDF-"
    from orders.documents import contract_html

    words = contract_html(order)
    for known in (world.enterprise.name, world.carrier.name, "壹万捌仟元整", order.number):
        assert known in words


@pytest.mark.feature("ZO-10")
def test_there_is_no_template_before_the_carrier_accepts(world: World, buyer: Client) -> None:
    order = make_order(world)
    assert buyer.get(reverse("ent-order-contract-template", args=[order.number])).status_code == 403


@pytest.mark.parametrize(("state", "act", "after"), [
    ("placed", "cancel", "cancelled"),
    ("delivered", "confirm", "completed"),
    ("delivered", "problem", "accepted"),
    ("voided", "resubmit", "cancelled"),
])  # fmt: skip
def test_acts_have_a_page_and_happen_on_its_button(
    world: World, buyer: Client, state: str, act: str, after: str
) -> None:
    order = make_order(world, state)
    address = reverse(f"ent-order-{act}", args=[order.number])
    assert order.number in text_of(buyer.get(address))
    order.refresh_from_db()
    before = order.status
    data = once(reason="说明原因")
    assert [buyer.post(address, data).status_code for _n in range(2)] == [302, 302]
    order.refresh_from_db()
    assert (before != after, order.status) == (True, after)


def test_an_act_that_came_too_late_says_where_the_order_stands(world: World, buyer: Client) -> None:
    order = make_order(world, "completed")
    response = buyer.post(reverse("ent-order-cancel", args=[order.number]), once(reason="晚了"))
    assert response.status_code == 422
    assert "订单现在是“已完成”" in text_of(response)


# --- Using a voucher ------------------------------------------------------------------------


@pytest.mark.feature("ZJ-8")
def test_from_the_form_to_the_card_without_javascript(world: World, buyer: Client) -> None:
    order = make_order(world, "accepted")
    address = reverse("ent-use", args=[order.number])
    assert "还差 1 份" in text_of(buyer.get(address))
    calculated = buyer.post(address, once(**CONTRACT, calc="1"))
    assert calculated.status_code == 200
    assert "10,000 ＋ 20,000 × 50% ＝ 20,000 元" in text_of(calculated)
    missing = buyer.post(address, once(**CONTRACT))
    assert missing.status_code == 422
    assert "还差 1 份" in text_of(missing)
    file = {"contract-file": named(contract_file().read(), "合同.pdf")}
    uploaded = buyer.post(address, once(**{**CONTRACT, "contract_name": "改过的名称"}, upload="contract", **file))
    assert uploaded["Location"].endswith("#evidence")
    page = text_of(buyer.get(address))
    assert "改过的名称" in page
    assert "合同.pdf" in page
    check = buyer.post(address, once(**CONTRACT))["Location"]
    assert "20,000.00 元" in text_of(buyer.get(check))
    assert not Voucher.objects.exists()
    token = once()
    first, again = (buyer.post(check, token)["Location"] for _n in range(2))
    assert first == again == reverse("ent-use-done", args=[order.number])
    voucher = voucher_of(order)
    assert (voucher.amount, voucher.contract_name) == (Decimal(20_000), "样机试验服务合同")
    assert f"/q/{voucher.code}/" in text_of(buyer.get(first))


@pytest.mark.feature("ZJ-8")
def test_a_file_that_comes_with_the_form_is_kept_and_a_bad_one_is_said(world: World, buyer: Client) -> None:
    order = make_order(world, "accepted")
    address = reverse("ent-use", args=[order.number])
    bad = buyer.post(address, once(**CONTRACT, **{"contract-file": named(b"hello", "a.txt")}))
    assert bad.status_code == 422
    assert "只支持" in text_of(bad)
    good = buyer.post(address, once(**CONTRACT, **{"contract-file": named(contract_file().read(), "合同.pdf")}))
    assert good["Location"] == reverse("ent-use-check", args=[order.number])
    empty = buyer.post(address, once(**CONTRACT, upload="contract"))
    assert "先选择文件" in text_of(empty)


@pytest.mark.feature("ZJ-8")
def test_a_fixed_redeemer_is_a_line_and_the_promise_is_needed(db: None) -> None:
    world = make_world(redeemer="enterprise")
    order = make_order(world, "accepted")
    buyer = client_of(world.owner)
    address = reverse("ent-use", args=[order.number])
    page = text_of(buyer.get(address))
    assert "本企业（先付全款" in page
    assert 'name="redeemer"' not in page
    refused = buyer.post(address, once(**{**CONTRACT, "promise": "", "redeemer": ""}))
    assert "勾选承诺后才能继续" in text_of(refused)


@pytest.mark.feature("ZJ-8")
def test_what_the_scheme_does_not_pay_is_said_before_the_form(world: World, buyer: Client) -> None:
    order = make_order(world, "contract")
    for organization in (world.enterprise, world.carrier.organization):
        organization.legal_person = "何立"
        organization.save()
    page = text_of(buyer.get(reverse("ent-use", args=[order.number])))
    assert "法定代表人相同，属于关联方" in page
    assert "合同名称" not in page


@pytest.mark.feature("ZO-11")
def test_offline_a_registered_service_is_found_and_used(world: World, buyer: Client) -> None:
    address = reverse("ent-use-offline")
    nothing = text_of(buyer.get(address, {"q": "没有这家"}))
    assert "未登记的机构和服务不能用券" in nothing
    assert reverse("register") in nothing
    found = text_of(buyer.get(address, {"q": world.carrier.name[:4]}))
    assert world.service.title in found
    response = buyer.post(address, once(service=world.service.number))
    order = Order.objects.get()
    assert (response["Location"], order.channel) == (reverse("ent-use", args=[order.number]), "offline")


@pytest.mark.feature("ZO-11")
def test_where_the_county_forbids_it_offline_use_is_closed(db: None) -> None:
    world = make_world(offline_use="no")
    buyer = client_of(world.owner)
    assert "现在不能线下使用创新券" in text_of(buyer.get(reverse("ent-use-offline")))
    assert reverse("ent-use-offline") not in text_of(buyer.get(reverse("ent-orders")))
    buyer.post(reverse("ent-use-offline"), once(service=world.service.number))
    assert not Order.objects.exists()


def test_who_may_use_a_voucher_offline_finds_the_way_in_the_list(world: World, buyer: Client) -> None:
    assert reverse("ent-use-offline") in text_of(buyer.get(reverse("ent-orders")))
