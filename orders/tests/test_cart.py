"""预约单: put in, counted, taken out, ordered by carrier; what changed since is said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from carriers.tests.factories import make_carrier, make_instrument, make_recognition, make_service
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services
from orders.models import CartItem, Order, OrderLine
from orders.pages.cart import groups_of
from orders.tests.factories import World, booking
from orders.tests.ordered import accept, buckets, make_ordered
from orders.tests.test_pages_enterprise import BOOKING

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_ordered(price=10_000)


@pytest.fixture
def other(world: World) -> Any:
    """A service of another recognized carrier."""
    carrier = make_carrier(shown=True)
    make_recognition(carrier, world.bureau)
    return make_service(carrier, "金属材料成分分析")


def put(world: World, item: Any, quantity: int = 1) -> CartItem:
    return services.add_to_cart(world.enterprise, item, by=world.owner, quantity=quantity)


def cart_page(world: World) -> str:
    return text_of(client_of(world.owner).get(reverse("ent-cart")))


# --- The verbs ------------------------------------------------------------------------------


def test_an_item_is_put_in_at_the_price_of_the_day_and_counted_up(world: World) -> None:
    put(world, world.service)
    row = put(world, world.service, 2)
    assert (CartItem.objects.count(), row.quantity, row.price) == (1, 3, Decimal(10_000))


def test_the_quantity_is_set_and_the_row_taken_out(world: World) -> None:
    row = services.set_quantity(put(world, world.service), by=world.owner, quantity=7)
    row.refresh_from_db()
    assert row.quantity == 7
    services.remove_from_cart(row, by=world.owner)
    assert not CartItem.objects.exists()


def test_strangers_carriers_and_viewers_put_nothing_in(world: World) -> None:
    viewer = cast.make_member(world.enterprise, role="viewer")
    row = put(world, world.service)
    for person in (viewer, world.seller, cast.owner_of(cast.rival())):
        with pytest.raises(NotAllowed):
            services.add_to_cart(world.enterprise, world.service, by=person)
        with pytest.raises(NotAllowed):
            services.set_quantity(row, by=person, quantity=9)
        with pytest.raises(NotAllowed):
            services.remove_from_cart(row, by=person)
    row.refresh_from_db()
    assert (CartItem.objects.count(), row.quantity) == (1, 1)


def test_what_is_not_offered_is_not_put_in(world: World) -> None:
    world.service.listed = False
    world.service.save(update_fields=["listed"])
    with pytest.raises(Refused, match="下架"):
        put(world, world.service)
    assert not CartItem.objects.exists()


def test_the_database_wants_one_item_and_at_least_one_of_it(world: World) -> None:
    row = put(world, world.service)
    for change in ({"service": None}, {"quantity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CartItem.objects.filter(pk=row.pk).update(**change)


# --- Groups ---------------------------------------------------------------------------------


def test_the_cart_is_grouped_by_carrier_with_sums(world: World, other: Any) -> None:
    put(world, other, 2)
    put(world, world.service)
    put(world, make_instrument(world.carrier), 3)
    found = {group.carrier: group for group in groups_of(world.enterprise)}
    assert {carrier: len(group.rows) for carrier, group in found.items()} == {world.carrier: 2, other.carrier: 1}
    assert found[world.carrier].total == 10_900
    assert found[other.carrier].total == 2_400


def test_a_price_by_agreement_leaves_the_sum_open(world: World) -> None:
    put(world, world.service)
    put(world, make_service(world.carrier, "定制试验", price=None))
    (group,) = groups_of(world.enterprise)
    assert group.total is None
    assert "合计：含面议项目" in cart_page(world)


def test_a_changed_price_and_a_withdrawn_item_are_said(world: World, other: Any) -> None:
    put(world, world.service)
    put(world, other)
    world.service.price = Decimal(12_000)
    world.service.save(update_fields=["price"])
    other.listed = False
    other.save(update_fields=["listed"])
    page = cart_page(world)
    assert "价格有变：加入时 10,000 元，现在 12,000 元" in page
    assert "该项目已下架" in page
    assert "先移除不能预约的项目" in page
    services.set_quantity(CartItem.objects.get(service=world.service), by=world.owner, quantity=1)
    assert "价格有变" not in cart_page(world)


def test_an_empty_cart_says_how_to_fill_it(world: World) -> None:
    assert "预约单是空的" in cart_page(world)


# --- The pages ------------------------------------------------------------------------------


def test_the_page_of_a_service_has_the_button_for_enterprises_only(world: World) -> None:
    page = reverse("service", args=[world.service.number])
    assert "加入预约单" in text_of(client_of(world.owner).get(page))
    assert "加入预约单" not in text_of(Client().get(page))
    assert "加入预约单" not in text_of(client_of(world.seller).get(page))


def test_put_in_counted_and_taken_out_by_post_only(world: World) -> None:
    buyer, number = client_of(world.owner), world.service.number
    assert post(buyer, reverse("ent-cart-add"), number=number).status_code == 302
    count, remove = reverse("ent-cart-quantity", args=[number]), reverse("ent-cart-remove", args=[number])
    assert [buyer.get(path).status_code for path in (reverse("ent-cart-add"), count, remove)] == [405, 405, 405]
    assert post(buyer, count, quantity="4").status_code == 302
    assert CartItem.objects.get().quantity == 4
    for typed in ("0", "10000", "三", ""):
        assert post(buyer, count, quantity=typed).status_code == 422
    assert CartItem.objects.get().quantity == 4
    assert post(buyer, remove).status_code == 302
    assert not CartItem.objects.exists()


def test_the_same_press_twice_puts_it_in_once(world: World) -> None:
    from innovation_voucher.casework.idempotency import new_token

    body = {"_token": new_token(), "number": world.service.number}
    buyer = client_of(world.owner)
    assert [buyer.post(reverse("ent-cart-add"), body).status_code for _n in range(2)] == [302, 302]
    assert CartItem.objects.get().quantity == 1


def test_what_lies_in_no_cart_of_ours_is_not_found(world: World) -> None:
    put(world, world.service)
    rival = client_of(cast.owner_of(cast.rival()))
    number = world.service.number
    assert post(rival, reverse("ent-cart-remove", args=[number])).status_code == 404
    assert post(rival, reverse("ent-cart-quantity", args=[number]), quantity="2").status_code == 404
    assert rival.get(reverse("order-new", args=[world.carrier.number])).status_code == 404
    assert post(rival, reverse("ent-cart-add"), number="FW-0").status_code == 404
    assert CartItem.objects.get().quantity == 1


# --- One order per carrier ------------------------------------------------------------------


def test_a_group_becomes_one_order_with_its_lines_and_leaves_the_cart(world: World, other: Any) -> None:
    put(world, world.service, 2)
    put(world, make_service(world.carrier, "盐雾试验", price=500), 4)
    put(world, other)
    buyer, number = client_of(world.owner), world.carrier.number
    form = text_of(buyer.get(reverse("order-new", args=[number])))
    assert "样机环境可靠性试验 × 2 次" in form
    assert 'name="quantity"' not in form
    values = {**BOOKING, "pay": str(world.programme.pk)}
    response = buyer.post(reverse("order-new", args=[number]), values)
    check = text_of(buyer.get(response["Location"]))
    assert "22,000" in check
    assert "5,500" in check
    done = post(buyer, response["Location"])
    order = Order.objects.get()
    assert done["Location"] == reverse("order-done", args=[order.number])
    assert (order.title, order.reference_price, order.quantity) == ("样机环境可靠性试验等 2 项", 22_000, 2)
    lines = [(line.title, line.quantity, line.price) for line in OrderLine.objects.all()]
    assert lines == [("样机环境可靠性试验", 2, 10_000), ("盐雾试验", 4, 500)]
    assert buckets(world) == (94_500, 5_500, 0)
    assert [row.item for row in CartItem.objects.all()] == [other]
    page = text_of(buyer.get(reverse("ent-order", args=[order.number])))
    assert "盐雾试验 × 4 件" in page


def test_items_of_two_carriers_are_never_one_order(world: World, other: Any) -> None:
    several = booking(world, more=(services.Line(item=other),))
    with pytest.raises(Refused, match="分开预约"):
        services.place_order(organization=world.enterprise, programme=world.programme, booking=several, by=world.owner)
    assert not Order.objects.exists()


def test_one_item_that_cannot_be_booked_stops_the_whole_order(world: World) -> None:
    hidden = make_service(world.carrier, "盐雾试验", listed=False)
    several = booking(world, more=(services.Line(item=hidden),))
    with pytest.raises(Refused, match="下架"):
        services.place_order(organization=world.enterprise, programme=None, booking=several, by=world.owner)
    assert not Order.objects.exists()


def test_the_copy_of_an_order_keeps_its_lines(world: World) -> None:
    several = booking(world, more=(services.Line(item=make_service(world.carrier, "盐雾试验", price=500)),))
    order = services.place_order(
        organization=world.enterprise, programme=world.programme, booking=several, by=world.owner
    )
    order = accept(world, order, 10_000)
    from orders.tests.ordered import voucher_of
    from vouchers.services import void_voucher

    void_voucher(voucher_of(order), by=world.owner, reason="填错")
    fresh = services.resubmit_order(order, by=world.owner)
    assert [line.title for line in fresh.lines.all()] == ["样机环境可靠性试验", "盐雾试验"]


def test_lines_are_never_changed(world: World) -> None:
    several = booking(world, more=(services.Line(item=make_service(world.carrier, "盐雾试验")),))
    services.place_order(organization=world.enterprise, programme=None, booking=several, by=world.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.update(quantity=9)
