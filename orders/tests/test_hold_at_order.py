"""The voucher that is asked for with the order: held at once, issued at acceptance, free again when the order ends."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from carriers.models import Category
from innovation_voucher.casework import calendar, deadlines, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.statuses import STEPS_WITHOUT, shown, step_of
from orders.tests.factories import World, booking
from orders.tests.ordered import accept, account_of, buckets, make_ordered, place, voucher_of
from vouchers.models import Voucher
from vouchers.services import set_freeze, start_redeeming, void_voucher
from vouchers.tests.factories import claim

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return make_ordered()


@pytest.mark.feature("JS-11")
def test_scenario_2_an_order_of_15_000_holds_3_750_until_it_lapses(world: World) -> None:
    """Scenario 2: 15,000 hold 3,750, 96,250 are left; the order lapses and 100,000 are there again."""
    order = place(world)
    assert (order.planned_amount, buckets(world)) == (Decimal(3_750), (96_250, 3_750, 0))
    voucher = voucher_of(order)
    assert (voucher.status, voucher.held, voucher.contract_amount) == ("requested", Decimal(3_750), Decimal(15_000))
    due = Deadline.objects.get(act="order_answer", closed_at=None).due_on
    deadlines.run_due(calendar.now() + (due - calendar.today()) + timedelta(days=1))
    order.refresh_from_db()
    voucher.refresh_from_db()
    assert (order.status, voucher.status, voucher.held) == ("lapsed", "lapsed", 0)
    assert buckets(world) == (100_000, 0, 0)
    assert invariants.broken() == {}


@pytest.mark.feature("JS-11")
@pytest.mark.parametrize(("share", "worth"), [("0.25", 25), ("0.35", 35)])
def test_scenario_2_a_hundred_yuan_are_worth_the_regions_share(db: None, share: str, worth: int) -> None:
    """Scenario 2: of 100 yuan 25 in Changzhou, 35 in Xuzhou."""
    world = make_ordered(price=100, subsidy_tiers=[["0", share]])
    assert place(world).planned_amount == worth


def test_acceptance_issues_and_confirms_at_once_by_nobody(world: World) -> None:
    order = accept(world, place(world))
    voucher = voucher_of(order)
    assert (order.status, voucher.status, voucher.confirmed_by) == ("accepted", "confirmed", None)
    assert voucher.agreed_at is not None
    assert buckets(world) == (96_250, 3_750, 0)
    verbs = list(AuditRow.objects.filter(subject_label=voucher.code).order_by("id").values_list("verb", flat=True))
    assert verbs == ["voucher.requested", "voucher.agreed", "voucher.issued", "voucher.confirmed"]


def test_an_accepted_order_is_in_service_without_contract_and_use(world: World) -> None:
    order = accept(world, place(world))
    status = shown(order, has_contract=False)
    assert status.code == "accepted"
    assert step_of(order, status.code, reviewed=False) == (STEPS_WITHOUT, 3)


def test_a_lower_price_shrinks_the_hold(world: World) -> None:
    order = accept(world, place(world), 14_000)
    assert (order.planned_amount, voucher_of(order).contract_amount) == (Decimal(3_500), Decimal(14_000))
    assert buckets(world) == (96_500, 3_500, 0)


def test_a_lower_price_never_takes_quota_that_came_later(db: None) -> None:
    world = make_ordered(quota=2_028)
    order = place(world)
    assert order.planned_amount == 2_028
    claim(world.enterprise, world.programme, 5_000)
    order = accept(world, order, 14_999)
    assert (order.planned_amount, buckets(world)) == (Decimal(2_028), (5_000, 2_028, 0))


def test_a_higher_price_is_refused_and_points_to_the_quote(world: World) -> None:
    order = place(world)
    with pytest.raises(Refused, match="发报价") as refused:
        accept(world, order, "15000.01")
    assert refused.value.code == "dearer"
    order.refresh_from_db()
    assert (order.status, order.agreed_amount, buckets(world)) == ("placed", None, (96_250, 3_750, 0))


def test_the_negotiated_amount_goes_before_the_reference_price(world: World) -> None:
    order = place(world, amount=Decimal(12_000), quantity=2)
    assert (order.reference_price, order.agreed_amount, order.planned_amount) == (30_000, 12_000, 3_000)


def test_without_any_price_nothing_is_placed(db: None) -> None:
    world = make_ordered(price=None)
    with pytest.raises(Refused, match="议定服务金额"):
        place(world)
    assert not Order.objects.exists()
    assert not Voucher.objects.exists()
    assert place(world, amount=Decimal(800)).planned_amount == 200


def test_the_balance_caps_the_voucher_and_an_empty_one_refuses(db: None) -> None:
    world = make_ordered(quota=4_000)
    assert place(world).planned_amount == 3_750
    assert place(world).planned_amount == 250
    with pytest.raises(Refused, match="可用额度为 0 元"):
        place(world)
    assert (Order.objects.count(), buckets(world)) == (2, (0, 4_000, 0))


def test_without_a_voucher_nothing_is_held(world: World) -> None:
    services.place_order(organization=world.enterprise, programme=None, booking=booking(world), by=world.owner)
    assert (buckets(world), Voucher.objects.count()) == ((100_000, 0, 0), 0)


def test_what_is_not_paid_for_is_refused_when_it_is_ordered(world: World) -> None:
    # The rules exclude this branch; the service moves into it.
    world.service.category = Category.objects.filter(code__startswith="0106").latest("code")
    world.service.save(update_fields=["category"])
    with pytest.raises(Refused, match="补贴范围"):
        place(world)
    assert buckets(world) == (100_000, 0, 0)


# --- The order ends -------------------------------------------------------------------------


def test_declined_by_the_carrier_before_and_after_acceptance(world: World) -> None:
    for order in (place(world), accept(world, place(world))):
        ended = services.decline_order(order, by=world.seller, reason="排期已满")
        assert (ended.status, voucher_of(ended).status) == ("declined", "lapsed")
        assert voucher_of(ended).end_reason == "机构未接单：排期已满"
    assert buckets(world) == (100_000, 0, 0)


def test_cancelled_by_the_enterprise_before_and_after_acceptance(world: World) -> None:
    for order in (place(world), accept(world, place(world))):
        ended = services.cancel_order(order, by=world.owner, reason="计划有变")
        assert (ended.status, voucher_of(ended).status) == ("cancelled", "voided")
    assert buckets(world) == (100_000, 0, 0)
    assert invariants.broken() == {}


def test_until_the_carrier_accepts_and_no_longer(db: None) -> None:
    world = make_ordered(cancel_until="carrier_accepts", confirmation="carrier_confirms")
    assert services.cancel_order(place(world), by=world.owner, reason="计划有变").status == "cancelled"
    order = accept(world, place(world))
    with pytest.raises(Refused):
        services.cancel_order(order, by=world.owner, reason="计划有变")
    with pytest.raises(Refused):
        void_voucher(voucher_of(order), by=world.owner, reason="计划有变")
    order.refresh_from_db()
    assert (order.status, buckets(world)) == ("accepted", (96_250, 3_750, 0))


def test_once_redeeming_neither_side_ends_the_order(world: World) -> None:
    order = accept(world, place(world))
    start_redeeming(voucher_of(order), by=world.owner)
    with pytest.raises(Refused):
        services.cancel_order(order, by=world.owner, reason="计划有变")
    with pytest.raises(Refused, match="已经申请兑付"):
        services.decline_order(order, by=world.seller, reason="排期已满")
    assert buckets(world) == (96_250, 3_750, 0)


def test_a_frozen_voucher_is_not_issued(world: World) -> None:
    order = place(world)
    office = cast.make_office("bureau", world.bureau.code, rights=("terminate_voucher",))
    officer = cast.make_officer(world.bureau.code, office=office)
    set_freeze(voucher_of(order), by=officer, office=office, reason="收到举报", until=None)
    with pytest.raises(Refused, match="冻结"):
        accept(world, order)
    order.refresh_from_db()
    assert (order.status, voucher_of(order).status) == ("placed", "requested")


def test_a_stranger_neither_accepts_nor_ends(world: World) -> None:
    order, stranger = place(world), cast.owner_of(cast.rival())
    for act in (services.cancel_order, services.decline_order):
        with pytest.raises(NotAllowed):
            act(order, by=stranger, reason="不相干")
    assert (buckets(world), voucher_of(order).status) == ((96_250, 3_750, 0), "requested")


def test_a_voucher_voided_alone_is_asked_for_anew_by_the_copy(world: World) -> None:
    order = accept(world, place(world))
    void_voucher(voucher_of(order), by=world.owner, reason="填错")
    order.refresh_from_db()
    assert shown(order, has_contract=False).code == "awaiting_resubmit"
    fresh = services.resubmit_order(order, by=world.owner)
    assert (fresh.status, voucher_of(fresh).status, buckets(world)) == ("accepted", "confirmed", (96_250, 3_750, 0))


def test_after_the_last_valid_day_the_hold_goes_to_lapsed(world: World) -> None:
    order = place(world)
    account = account_of(world)
    account.valid_until = calendar.today() - timedelta(days=1)
    account.save(update_fields=["valid_until"])
    services.lapse_order(order)
    assert account_of(world).lapsed == 3_750
    assert account_of(world).held == 0


def test_the_form_of_using_a_voucher_is_not_offered(world: World) -> None:
    order = accept(world, place(world))
    client = Client()
    client.force_login(world.owner)
    page = client.get(f"/ent/orders/{order.number}/").content.decode()
    assert "申请使用创新券" not in page
    assert "3,750.00" in page
