"""The lists of orders of both sides: tabs with counts, vouchers apart, filters, twenty rows."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovation_voucher.tests.posting import client_of, text_of
from orders import services
from orders.models import Order
from orders.pages.order_lists import CARRIER_VIEWS, ENTERPRISE_VIEWS, KINDS
from orders.tests.factories import World, booking, make_order, make_world
from orders.tests.ordered import quote

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-11")]

LISTS = (("enterprise", "ent-orders"), ("carrier", "carrier-bookings"))


def listed(world: World, side: str = "enterprise", **query: str) -> Any:
    person = world.owner if side == "enterprise" else world.seller
    return client_of(person).get(reverse(dict(LISTS)[side]), query).context["list"]


def counts(listing: Any) -> dict[str, int]:
    return {str(tab["label"]): tab["count"] for tab in listing.tabs}


def numbers(listing: Any) -> set[str]:
    return {order.number for order in listing.rows}


@pytest.fixture(scope="module")
def made(built: World) -> dict[str, Order]:
    """One order in each of some states, and one without a voucher."""
    found = {
        state: make_order(built, state, contract=2_000) for state in ("placed", "accepted", "received", "cancelled")
    }
    found["own"] = services.place_order(
        organization=built.enterprise, programme=None, booking=booking(built), by=built.owner
    )
    found["quoted"] = make_order(built)
    quote(built, found["quoted"], 9_000)
    return found


@pytest.fixture
def several(world: World, made: dict[str, Order]) -> dict[str, Order]:
    return deepcopy(made)


def test_the_tabs_of_both_sides_count_and_hold_their_orders(world: World, several: dict[str, Order]) -> None:
    ours, theirs = listed(world), listed(world, "carrier")
    words = ("全部", "待我办理", "沟通中", "服务中", "已完成", "已失效")
    assert counts(ours) == dict(zip(words, (6, 2, 4, 1, 0, 1), strict=True))
    assert counts(theirs) == dict(zip(words, (6, 3, 4, 1, 0, 1), strict=True))
    for view in ENTERPRISE_VIEWS:
        listing = listed(world, view=view)
        assert listing.page_obj.paginator.count == len(listing.rows) == counts(listing)[str(ENTERPRISE_VIEWS[view][0])]
    assert numbers(listed(world, view="mine")) == {several["accepted"].number, several["quoted"].number}
    assert numbers(listed(world, "carrier", view="mine")) == {several[s].number for s in ("placed", "received", "own")}


def test_orders_with_and_without_a_voucher_stand_apart(world: World, several: dict[str, Order]) -> None:
    listing = listed(world, kind="own")
    assert numbers(listing) == {several["own"].number}
    assert {str(kind["label"]): kind["count"] for kind in listing.kinds} == {
        "全部订单": 6,
        "创新券订单": 5,
        "非创新券订单": 1,
    }
    assert counts(listing)["沟通中"] == 1
    assert counts(listed(world, kind="voucher"))["沟通中"] == 3


@pytest.mark.parametrize("side", ["enterprise", "carrier"])
def test_filters_narrow_by_number_state_day_and_the_other_side(
    world: World, several: dict[str, Order], side: str
) -> None:
    order = several["cancelled"]
    long_ago = timezone.now() - timedelta(days=40)
    Order.objects.filter(pk=order.pk).update(placed_at=long_ago)
    assert numbers(listed(world, side, q=order.number)) == {order.number}
    assert numbers(listed(world, side, status="cancelled")) == {order.number}
    assert numbers(listed(world, side, until=(long_ago + timedelta(days=1)).date().isoformat())) == {order.number}
    assert order.number not in numbers(listed(world, side, since=timezone.localdate().isoformat()))
    other = world.carrier.name if side == "enterprise" else world.enterprise.name
    assert len(listed(world, side, other=other[:4]).rows) == 6
    assert listed(world, side, other="不存在的单位").rows == []


def test_filters_in_use_are_chips_that_take_themselves_away(world: World, several: dict[str, Order]) -> None:
    listing = listed(world, q="样机", status="placed", view="talking", kind="voucher")
    assert [chip["label"] for chip in listing.chips] == ["订单编号、服务或名称：样机", "订单状态：待机构确认"]
    assert listing.chips[0]["url"] == "?status=placed&view=talking&kind=voucher"
    assert {tab["url"] for tab in listing.tabs if tab["current"]} == {
        "?q=%E6%A0%B7%E6%9C%BA&status=placed&kind=voucher&view=talking"
    }


@pytest.mark.parametrize(
    "query", [{"status": "nonsense"}, {"since": "昨天"}, {"view": "x", "kind": "y"}, {"page": "z"}]
)
def test_nonsense_in_the_address_narrows_nothing(
    world: World, several: dict[str, Order], query: dict[str, str]
) -> None:
    assert len(listed(world, **query).rows) == 6


def test_twenty_rows_a_page() -> None:
    world = make_world()
    order = make_order(world, "cancelled")
    copies = [
        {f.attname: getattr(order, f.attname) for f in Order._meta.concrete_fields if f.attname not in ("id", "status")}
        for _n in range(22)
    ]
    Order.objects.bulk_create([Order(**{**row, "number": f"DD-{n}"}) for n, row in enumerate(copies)])
    listing = listed(world)
    assert (len(listing.rows), listing.page_obj.paginator.num_pages, counts(listing)["全部"]) == (20, 2, 23)
    assert len(listed(world, page="2").rows) == 3


def test_the_page_says_when_nothing_fits_and_when_nothing_is_there() -> None:
    world = make_world()
    buyer = client_of(world.owner)
    assert "这里还没有订单" in text_of(buyer.get(reverse("ent-orders")))
    make_order(world)
    assert "没有符合条件的结果" in text_of(buyer.get(reverse("ent-orders"), {"q": "没有这个"}))
    assert "没有符合条件的结果" in text_of(buyer.get(reverse("ent-orders"), {"view": "done"}))


@pytest.mark.parametrize(("side", "name"), LISTS)
def test_many_rows_ask_no_more_than_few(world: World, several: dict[str, Order], side: str, name: str) -> None:
    client = client_of(world.owner if side == "enterprise" else world.seller)
    asked = []
    for status in ("placed", ""):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name), {"status": status})
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_both_sides_have_the_same_tabs() -> None:
    assert list(ENTERPRISE_VIEWS) == list(CARRIER_VIEWS)
    assert list(KINDS) == ["", "voucher", "own"]
