"""快速兑付: a finished service without an order becomes one, where the region allows it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from carriers.models import Category
from carriers.services import recognitions
from carriers.tests.factories import category, make_carrier
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services
from orders.models import Order
from orders.tests.factories import World
from orders.tests.late import bucket, late_world
from orders.tests.watch import nothing_changes
from vouchers.tests.factories import add_override

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-14")]
PAGE = "/ent/quick/"


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    """The county lets quick redemptions in, the programme alone does not."""
    world = late_world(order_required="order", window_from="01-01", window_to="12-20")
    add_override(world.programme, world.enterprise.region, order_required="order_or_quick")
    return world


@pytest.fixture
def buyer(world: World) -> Client:
    return client_of(world.owner)


def facts(world: World, **changes: Any) -> services.QuickFacts:
    values: dict[str, Any] = {
        "carrier": world.carrier,
        "category": category(),
        "amount": Decimal(6_000),
        "contact_name": "周甲",
        "contact_phone": "+8619900000001",
        "need": "两批样品的成分分析",
    }
    return services.QuickFacts(**{**values, **changes})


def place(world: World, organization: Organization | None = None, by: Any = None, **changes: Any) -> Order:
    return services.place_quick(
        organization=organization or world.enterprise,
        programme=world.programme,
        facts=facts(world, **changes),
        by=by or world.owner,
    )


def test_the_order_is_born_done_without_a_service_item(world: World) -> None:
    order = place(world)
    assert (order.status, order.channel, order.service, order.voucher) == ("completed", "quick", None, None)
    assert (order.agreed_amount, order.planned_amount) == (6_000, 3_000)
    assert order.completed_at is not None
    assert order.title == category().name
    acts = Deadline.objects.filter(subject_id=order.pk, closed_at=None).values_list("act", flat=True)
    assert list(acts) == ["rating"]
    assert set(AuditRow.objects.filter(subject_id=order.pk).values_list("verb", flat=True)) >= {
        "order.quick",
        "order.completed",
    }
    assert bucket(world) == 50_000


def test_then_it_is_redeemed_like_any_other(world: World) -> None:
    voucher = services.secure(place(world), by=world.owner)
    assert (voucher.status, voucher.amount, voucher.held, bucket(world)) == ("confirmed", 3_000, 3_000, 47_000)


def test_elsewhere_a_service_is_ordered_first(world: World) -> None:
    other = cast.make_organization(region_code=cast.OTHER_COUNTY)
    with nothing_changes(), pytest.raises(Refused, match="不能快速兑付，请先在线下单"):
        place(world, other, cast.owner_of(other))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal(0)}, "大于 0"),
        ({"category": "parent"}, "选到第三级"),
        ({"category": "excluded"}, "不在创新券补贴范围内"),
    ],
)
def test_facts_that_cannot_be(world: World, changes: dict[str, Any], words: str) -> None:
    kinds = {"parent": "0101", "excluded": "010601"}
    if "category" in changes:
        code = kinds[changes["category"]]
        found = Category.objects.filter(code=code).first() or Category.objects.filter(code__startswith="0106").last()
        changes = {"category": found}
    with nothing_changes(), pytest.raises(Refused, match=words):
        place(world, **changes)


def test_only_a_registered_carrier(world: World) -> None:
    recognition = world.carrier.recognitions.get()
    officer = cast.make_officer(cast.COUNTY, "review_recognition")
    office = cast.make_office("bureau", cast.COUNTY, rights=("review_recognition",))
    recognitions.suspend_recognition(recognition, by=officer, office=office, reason="资质过期")
    with nothing_changes(), pytest.raises(Refused, match="暂停认可"):
        place(world)


def test_a_related_carrier_is_not_paid_for(world: World) -> None:
    for organization in (world.enterprise, world.carrier.organization):
        organization.legal_person = "何立"
        organization.save()
    with nothing_changes(), pytest.raises(Refused, match="法定代表人"):
        place(world)


def test_others_enter_nothing_for_the_enterprise(world: World) -> None:
    viewer = cast.make_member(world.enterprise, role="viewer")
    for person in (world.seller, cast.owner_of(cast.rival()), viewer):
        with nothing_changes(), pytest.raises(NotAllowed):
            place(world, by=person)


def test_an_unverified_enterprise_waits(world: World) -> None:
    world.enterprise.verified_at = None
    with nothing_changes(), pytest.raises(Refused, match="实名认证"):
        place(world)


# --- The page -------------------------------------------------------------------------------


def test_the_page_finds_registered_carriers_and_says_the_window(world: World, buyer: Client) -> None:
    make_carrier(cast.make_organization("carrier", name="没有入库的检测中心"))
    page = text_of(buyer.get(PAGE, {"q": world.carrier.name[:4]}))
    assert f"?carrier={world.carrier.number}" in page
    assert "01-01 至 12-20" in page
    assert "未登记的机构不能用券" in text_of(buyer.get(PAGE, {"q": "没有入库"}))


def test_the_form_makes_the_order_once(world: World, buyer: Client) -> None:
    address = f"{PAGE}?carrier={world.carrier.number}"
    assert category().name in text_of(buyer.get(address))
    body = {
        "category": category().code,
        "amount": "6,000",
        "need": "两批样品的成分分析",
        "contact_name": "周甲",
        "contact_phone": "19900000001",
    }
    answer = post(buyer, address, **body)
    order = Order.objects.get()
    assert (answer.status_code, order.channel, order.agreed_amount) == (302, "quick", 6_000)


def test_what_is_wrong_is_said_and_kept(world: World, buyer: Client) -> None:
    answer = post(buyer, f"{PAGE}?carrier={world.carrier.number}", amount="0", need="成分分析报告", category="")
    html = text_of(answer)
    assert answer.status_code == 422
    for words in ("选择服务类型", "服务金额要大于 0 元", "成分分析报告"):
        assert words in html, words
    assert Order.objects.count() == 0


def test_a_carrier_that_is_not_registered_is_not_found(world: World, buyer: Client) -> None:
    assert buyer.get(PAGE, {"carrier": "C999999"}).status_code == 404


def test_where_it_is_not_allowed_the_page_says_so(world: World) -> None:
    other = cast.make_organization(region_code=cast.OTHER_COUNTY)
    page = client_of(cast.owner_of(other)).get(PAGE)
    assert page.status_code == 200
    assert "现在不能快速兑付" in text_of(page)


def test_who_may_only_look_reads_who_may_act(world: World) -> None:
    viewer = cast.make_member(world.enterprise, role="viewer")
    assert client_of(viewer).get(PAGE).status_code == 403
