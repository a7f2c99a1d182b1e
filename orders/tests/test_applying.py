"""Applying for a voucher order by order: quote and amount, district, agency, valid at once; refused and taken back."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from carriers.models import CarrierRecognition, MutualList
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Message, ReviewTask
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import post
from orders import services
from orders.listing import with_shown
from orders.models import Order
from orders.subjects import use_checks, use_targets
from orders.tests.applying import accepted, agency, apply, applying_world, decide, district
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import void_voucher
from vouchers.tests.per_order import buckets

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-2")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return applying_world()


def status(order: Order) -> str:
    (row,) = with_shown(Order.objects.select_related("voucher", "snapshot").filter(pk=order.pk))
    return str(row.shown_status.code)


# --- The application ------------------------------------------------------------------------


def test_an_accepted_order_waits_for_its_application(world: World) -> None:
    assert status(accepted(world, quoted=False)) == "awaiting_application"


def test_a_quote_an_amount_and_a_text_are_all_that_is_asked(world: World) -> None:
    order = accepted(world)
    voucher = apply(world, order)
    assert (voucher.status, voucher.amount, voucher.contract_number, voucher.contract_date) == (
        "requested", Decimal("4549.50"), "", None,
    )  # fmt: skip
    assert voucher.answers == {"description": "样机试验"}
    assert buckets(world.enterprise) == (Decimal("4549.50"), 0, Decimal("4549.50"))
    assert status(order) == "awaiting_amount"


def test_without_a_quote_nothing_is_asked_for(world: World) -> None:
    with pytest.raises(Refused, match="合同、协议或报价单"):
        apply(world, accepted(world, quoted=False))
    assert (Voucher.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def test_before_the_carrier_has_answered_nothing_is_asked_for(world: World) -> None:
    with pytest.raises(Refused, match="待机构确认"):
        apply(world, make_order(world, "placed"))
    assert not Voucher.objects.exists()


def test_an_order_applies_once(world: World) -> None:
    order = accepted(world)
    apply(world, order)
    with pytest.raises(Refused, match="已经使用过创新券"):
        apply(world, order)
    assert Voucher.objects.count() == 1


@pytest.mark.parametrize("amount", ["3999.99", "0.01"])
def test_scenario_15_small_contracts_are_refused(world: World, amount: str) -> None:
    with pytest.raises(Refused, match="不到 4,000 元"):
        apply(world, accepted(world), amount)
    assert not QuotaAccount.objects.exists()


def test_the_estimate_is_what_is_granted(world: World) -> None:
    order = accepted(world)
    for amount, worth in (("4000", "2000"), ("9099", "4549.50"), ("300000", "100000")):
        assert services.estimate(order, Decimal(amount)).amount == Decimal(worth)
    apply(world, order, 195_944)
    other = accepted(world)
    assert services.estimate(other, Decimal(9_099)).amount == Decimal(2_028)
    assert apply(world, other).amount == Decimal(2_028)


def test_another_enterprise_applies_for_nothing_here(world: World, stranger: Any) -> None:
    order = accepted(world)
    use = services.Use(contract_name="x", contract_amount=Decimal(9_099), redeemer="enterprise")
    with pytest.raises(NotAllowed):
        services.use_voucher(order, by=stranger, use=use)
    assert not QuotaAccount.objects.exists()


# --- District, then agency ------------------------------------------------------------------


def test_scenario_15_after_both_reviews_it_is_issued_and_confirmed(world: World) -> None:
    order, first, second = accepted(world), district(), agency()
    apply(world, order)
    with pytest.raises(NotAllowed):
        decide(second, "approve")
    decide(first, "approve")
    assert voucher_of(order).status == "requested"
    decide(second, "approve")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.held) == ("confirmed", Decimal("4549.50"))
    assert status(order) == "accepted"
    for person in (world.owner, world.seller):
        assert Message.objects.filter(user=person, kind="voucher.confirmed", title__contains="4,549.50").count() == 1


def test_scenario_15_the_district_rejects_and_the_agency_never_sees_it(world: World) -> None:
    order, first, second = accepted(world), district(), agency()
    voucher = apply(world, order)
    decide(first, "reject", reason="不属于创新活动")
    assert [(t.step.office_kind, t.status) for t in ReviewTask.objects.order_by("pk")] == [
        ("bureau", "done"), ("agency", "skipped"),
    ]  # fmt: skip
    assert not Message.objects.filter(user=second).exists()
    assert client_of(second).get(reverse("desk-inbox")).content.decode().count(f"YQ-{voucher.code}") == 0
    assert buckets(world.enterprise) == (0, 0, 0)
    assert status(order) == "awaiting_resubmit"


def test_one_person_does_not_take_both_steps(world: World) -> None:
    apply(world, accepted(world))
    both = district()
    cast.make_office("agency", "330000", rights=("review_use",), name="另一机构").group.user_set.add(both)
    reviews.decide(ReviewTask.objects.get(status="open"), by=both, office=None, decision="approve")
    with pytest.raises(NotAllowed, match="另一步骤"):
        reviews.decide(ReviewTask.objects.get(status="open"), by=both, office=None, decision="approve")


def test_it_is_taken_back_until_the_second_review_has_passed(world: World) -> None:
    order, first, second = accepted(world), district(), agency()
    apply(world, order)
    decide(first, "approve")
    void_voucher(voucher_of(order), by=world.owner, reason="项目取消")
    assert (voucher_of(order).status, buckets(world.enterprise)) == ("voided", (0, 0, 0))
    again = services.resubmit_order(order, by=world.owner)
    apply(world, again)
    decide(first, "approve")
    decide(second, "approve")
    with pytest.raises(Refused):
        void_voucher(voucher_of(again), by=world.owner, reason="项目取消")
    assert voucher_of(again).status == "confirmed"


def test_a_return_names_only_what_was_asked(world: World) -> None:
    voucher = apply(world, accepted(world))
    keys = [key for key, _label in use_targets(voucher)]
    assert keys == ["contract_amount", "description", "quote"]


# --- The pages ------------------------------------------------------------------------------


def test_the_form_asks_for_no_contract_and_shows_the_computed_amount(world: World) -> None:
    order, buyer = accepted(world), client_of(world.owner)
    page = buyer.get(reverse("ent-use", args=[order.number])).content.decode()
    for words in ("科技创新活动描述", "合同、协议或报价单", "报价单.pdf", "100,000.00"):
        assert words in page, words
    assert "合同编号" not in page
    data = {"contract_amount": "9099", "row_description": "样机试验", "promise": "on", "calc": "1"}
    assert "4,549.50" in post(buyer, reverse("ent-use", args=[order.number]), **data).content.decode()


def test_too_long_a_text_and_too_small_an_amount_keep_what_was_typed(world: World) -> None:
    order, buyer = accepted(world), client_of(world.owner)
    data = {"contract_amount": "9099", "row_description": "字" * 1001, "promise": "on"}
    answer = post(buyer, reverse("ent-use", args=[order.number]), **data)
    assert answer.status_code == 422
    assert "字" * 1001 in answer.content.decode()


def test_the_order_page_offers_the_application(world: World) -> None:
    order = accepted(world, quoted=False)
    page = client_of(world.owner).get(reverse("ent-order", args=[order.number])).content.decode()
    assert "立刻申请" in page
    assert "待申请创新券" in page
    assert "合同还没有上传" not in page


def test_the_booking_page_says_what_is_left_of_the_year(world: World) -> None:
    apply(world, accepted(world), 20_000)
    page = client_of(world.owner).get(reverse("order-new", args=[world.service.number])).content.decode()
    assert "可用额度 90,000 元" in page


# --- Carriers on a list of mutual recognition --------------------------------------------------


@pytest.fixture
def abroad(db: None) -> World:
    """The carrier lies in another province and no region here recognizes it."""
    world = applying_world(provider_scope="labels_or_mutual")
    CarrierRecognition.objects.all().delete()
    return world


def put_on_list(world: World) -> None:
    listing = MutualList.objects.create(name="互认名单", region=world.programme.region)
    listing.members.set([world.programme.region, cast.make_region("310000")])
    firm = world.carrier.organization
    place, code = cast.make_region("310000"), firm.credit_code or ""
    listing.entries.create(place=place, laboratory="开放实验室", legal_entity=firm.name, credit_code=code)


@pytest.mark.feature("TJ-4")
def test_scenario_16_on_the_list_the_home_regions_chain_and_quota_decide(abroad: World) -> None:
    put_on_list(abroad)
    order, first, second = accepted(abroad), district(), agency()
    voucher = apply(abroad, order)
    assert (order.region, voucher.programme) == (abroad.bureau, abroad.programme)
    assert [check.ok for check in use_checks(voucher)] == [True, True, True]
    decide(first, "approve")
    decide(second, "approve")
    assert voucher_of(order).status == "confirmed"
    assert buckets(abroad.enterprise)[2] == Decimal("4549.50")


@pytest.mark.feature("TJ-4")
def test_scenario_16_off_the_list_there_is_no_voucher_and_the_page_says_why(abroad: World) -> None:
    with pytest.raises(Refused, match="不在互认名单上"):
        make_order(abroad, "placed")
    assert not Order.objects.exists()
    page = client_of(abroad.owner).get(reverse("order-new", args=[abroad.service.number])).content.decode()
    assert "不在互认名单上" in page
    assert "使用测试创新券" not in page


@pytest.mark.feature("TJ-4")
def test_a_carrier_that_left_the_list_is_paid_no_more(abroad: World) -> None:
    put_on_list(abroad)
    order = accepted(abroad)
    MutualList.objects.get().entries.all().delete()
    with pytest.raises(Refused, match="不在互认名单上"):
        apply(abroad, order)
    assert not Voucher.objects.exists()
