"""Hostile and long words: escaped on pages, whole in the record, cut in an SMS, plain in the contract."""

import re
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Message, Outgoing
from orders import services
from orders.documents import contract_html, contract_template
from orders.models import Order, OrderMessage
from orders.tests.factories import World, booking, make_order
from vouchers.services import void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-6", "ZO-10")]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><b>粗</b>",
    "{{ request.user.password }}{% debug %}",
    "&lt;script&gt;",
    "\u202e反向\u202c",
    "' OR 1=1 --",
    "100% %s %(title)s {0}",
]


def pages(order: Order, buyer: Client, seller: Client) -> list[str]:
    return [
        buyer.get(reverse("ent-order", args=[order.number])).content.decode(),
        seller.get(reverse("carrier-booking", args=[order.number])).content.decode(),
    ]


def is_escaped(page: str, words: str) -> bool:
    """The page holds no element that the words would make."""
    return not any(tag in page for tag in re.findall(r"<\w[^>]*>", words))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_message_is_shown_as_it_was_written_and_does_nothing(
    world: World, buyer: Client, seller: Client, words: str
) -> None:
    order = make_order(world)
    address = reverse("ent-order-message", args=[order.number])
    assert buyer.post(address, {"_token": new_token(), "text": words}).status_code == 302
    assert OrderMessage.objects.get().text == words
    assert Message.objects.get(user=world.seller, kind="order.message").body == words
    for page in (*pages(order, buyer, seller), seller.get(reverse("inbox")).content.decode()):
        assert is_escaped(page, words)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_was_wrong_comes_back_into_the_box_escaped(world: World, buyer: Client, words: str) -> None:
    order = make_order(world)
    response = buyer.post(
        reverse("ent-order-message", args=[order.number]), {"_token": new_token(), "text": words + "长" * 1000}
    )
    assert response.status_code == 422
    assert is_escaped(response.content.decode(), words)
    assert not OrderMessage.objects.exists()


@pytest.mark.parametrize("words", HOSTILE[:4])
def test_reasons_and_needs_are_escaped_on_both_sides(world: World, buyer: Client, seller: Client, words: str) -> None:
    order = services.place_order(
        organization=world.enterprise, programme=world.programme, booking=booking(world, need=words), by=world.owner
    )
    services.decline_order(order, by=world.seller, reason=words)
    for page in pages(order, buyer, seller):
        assert is_escaped(page, words)


@pytest.mark.parametrize(("length", "status"), [(1, 302), (1000, 302), (1001, 422)])
def test_a_message_has_room_for_a_thousand_characters(world: World, buyer: Client, length: int, status: int) -> None:
    order = make_order(world)
    address = reverse("ent-order-message", args=[order.number])
    response: Any = buyer.post(address, {"_token": new_token(), "text": "字" * length})
    assert (response.status_code, OrderMessage.objects.count()) == (status, int(status == 302))


def test_an_order_with_the_longest_title_tells_people_within_their_limits(world: World) -> None:
    type(world.service).objects.filter(pk=world.service.pk).update(title="长" * 100)
    world.service.refresh_from_db()
    order = make_order(world, "issued")
    void_voucher(order.voucher, by=world.owner, reason="填错")
    assert all(len(row.body) <= 70 for row in Outgoing.objects.all())
    assert all(len(row.title) <= 200 for row in Message.objects.all())
    assert Outgoing.objects.filter(kind="order.placed").get().body.startswith("【创新券】请在 ")


def test_a_reason_longer_than_its_column_is_cut_on_the_order_and_whole_for_the_reader(world: World) -> None:
    reason = "因" * 400
    order = services.decline_order(make_order(world), by=world.seller, reason=reason)
    assert order.end_reason == reason[:300]
    assert Message.objects.get(kind="order.declined").body == reason


# --- The contract template ------------------------------------------------------------------


def named(world: World, name: str) -> Order:
    """An accepted order whose enterprise has that name."""
    type(world.enterprise).objects.filter(pk=world.enterprise.pk).update(name=name)
    return Order.objects.select_related("organization", "carrier__organization").get(
        pk=make_order(world, "accepted").pk
    )


def pdf_text(content: bytes) -> str:
    """The words of all pages, without any space."""
    document = pypdfium2.PdfDocument(content)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def test_the_template_says_in_the_pdf_who_what_and_how_much(world: World) -> None:
    order = named(world, world.enterprise.name)
    made = contract_template(order, by=world.owner)
    with made.file.open() as content:
        text = pdf_text(content.read())
    for words in (
        order.number,
        world.enterprise.name,
        world.carrier.name,
        order.title,
        order.need.replace(" ", ""),
        "18,000.00元",
        "壹万捌仟元整",
        f"{order.promised_on:%Y-%m-%d}",
        order.contact_phone,
        str(world.enterprise.credit_code),
    ):
        assert words in text, words
    assert made.name == f"技术服务合同模板-{order.number}.pdf"


@pytest.mark.parametrize("name", [*HOSTILE, "<h1>甲</h1>", "<style>*{display:none}</style>"])
def test_a_name_in_the_template_makes_no_element(world: World, name: str) -> None:
    order = named(world, "甲方")
    plain = contract_html(order)
    order.organization.name = name
    hostile = contract_html(order)
    assert hostile.count("<") == plain.count("<")
    assert escape(name) in hostile


def test_a_template_without_an_amount_leaves_room_for_it(world: World) -> None:
    order = named(world, world.enterprise.name)
    order.agreed_amount = order.promised_on = None
    page = contract_html(order)
    assert "含税总价 ______ 元，大写：______。" in page
    assert "None" not in page
