"""通用: quota is taken in the moment of the redemption, on an order that nobody need have accepted."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction

from carriers.models import Service
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Deadline, Message
from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race
from orders import services
from orders.listing import RUNNING
from orders.models import Order
from orders.pages.next_act import next_act
from orders.statuses import shown, step_of
from orders.tests.conftest import client_of
from orders.tests.factories import World, use_of
from orders.tests.late import accept, bucket, fresh, late_world, place
from orders.tests.watch import nothing_changes
from vouchers import invariants
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import start_redeeming, stop_redeeming

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return late_world()


@transaction.atomic
def secure_all(world: World, orders: list[Order]) -> list[Voucher]:
    """Several in one transaction, as one redemption does it; each cost 3,000."""
    return [services.secure(order, by=world.owner, amount=Decimal(3_000)) for order in orders]


def test_an_unaccepted_order_is_secured_and_done_in_one_go(world: World) -> None:
    order = place(world)
    voucher = services.secure(order, by=world.owner, amount=Decimal(3_000))
    assert (voucher.status, voucher.amount, voucher.held) == ("confirmed", 1_500, 1_500)
    assert (bucket(world), bucket(world, "held")) == (48_500, 1_500)
    after = fresh(order)
    assert (after.status, after.voucher, after.agreed_amount) == ("completed", voucher, 3_000)
    assert after.completed_at is not None
    open_acts = Deadline.objects.filter(subject_id=order.pk, closed_at=None).values_list("act", flat=True)
    assert list(open_acts) == ["rating"]
    assert Message.objects.filter(user=world.seller, kind="order.completed").count() == 1


def test_two_orders_of_3000_are_worth_3000_together(world: World) -> None:
    found = secure_all(world, [place(world), place(world)])
    assert sum(voucher.amount for voucher in found) == 3_000
    redeeming = [start_redeeming(voucher, by=world.owner) for voucher in found]
    assert {voucher.status for voucher in redeeming} == {"redeeming"}
    assert (bucket(world), bucket(world, "held")) == (47_000, 3_000)
    assert [line for check in invariants.CHECKS.values() for line in check()] == []


def test_redeeming_takes_the_hold_once(world: World) -> None:
    voucher = start_redeeming(services.secure(place(world), by=world.owner, amount=Decimal(3_000)), by=None)
    assert LedgerEntry.objects.filter(kind="hold").count() == 1
    assert stop_redeeming(voucher, by=world.owner).held == 0
    assert bucket(world) == 50_000
    assert start_redeeming(voucher, by=world.owner).held == 1_500


def test_what_the_carrier_agreed_to_is_settled(world: World) -> None:
    order = accept(world, place(world), 6_000)
    with nothing_changes(), pytest.raises(Refused, match="已确定为 6,000"):
        services.secure(fresh(order), by=world.owner, amount=Decimal(7_000))
    assert services.secure(fresh(order), by=world.owner).amount == 3_000


def test_a_fixed_price_is_settled_without_acceptance(world: World) -> None:
    Service.objects.update(fixed_price=True)
    order = fresh(place(world))
    assert services.settled_amount(order) == 18_000
    assert services.secure(order, by=world.owner).amount == 9_000


def test_a_reference_price_is_not_settled(world: World) -> None:
    order = fresh(place(world))
    assert services.settled_amount(order) is None
    with nothing_changes(), pytest.raises(Refused, match=f"填写订单 {order.number} 的服务金额"):
        services.secure(order, by=world.owner)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_more_than_nothing(world: World, amount: int) -> None:
    order = place(world)
    with nothing_changes(), pytest.raises(Refused, match="大于 0"):
        services.secure(order, by=world.owner, amount=Decimal(amount))


def test_less_quota_than_computed_gives_what_is_left(world: World) -> None:
    QuotaAccount.objects.update(available=1_000, spent=49_000)
    assert services.secure(place(world), by=world.owner, amount=Decimal(3_000)).amount == 1_000


def test_without_quota_nothing_is_left_behind(world: World) -> None:
    orders = [place(world), place(world)]
    QuotaAccount.objects.update(available=1_500, spent=48_500)
    with nothing_changes(), pytest.raises(Refused, match="可用额度为 0 元"):
        secure_all(world, orders)
    assert {order.status for order in Order.objects.all()} == {"placed"}


def test_an_order_is_secured_once(world: World) -> None:
    order = place(world)
    services.secure(order, by=world.owner, amount=Decimal(3_000))
    with nothing_changes(), pytest.raises(Refused, match="已使用创新券"):
        services.secure(order, by=world.owner, amount=Decimal(3_000))


def test_what_ended_is_not_secured(world: World) -> None:
    order = place(world)
    services.cancel_order(order, by=world.owner, reason="计划有变")
    with nothing_changes(), pytest.raises(Refused, match="已取消"):
        services.secure(order, by=world.owner, amount=Decimal(3_000))


def test_redeem_from_is_obeyed(db: None) -> None:
    world = late_world(redeem_from="accepted")
    order = place(world)
    with nothing_changes(), pytest.raises(Refused, match="待机构确认"):
        services.secure(order, by=world.owner, amount=Decimal(3_000))
    accept(world, order)
    assert services.secure(order, by=world.owner).status == "confirmed"


def test_the_carrier_and_strangers_secure_nothing(world: World) -> None:
    order = place(world)
    viewer = cast.make_member(world.enterprise, role="viewer")
    for person in (world.seller, cast.owner_of(cast.rival()), viewer):
        with nothing_changes(), pytest.raises(NotAllowed):
            services.secure(order, by=person, amount=Decimal(3_000))


def test_the_finance_person_redeems_what_the_owner_ordered(world: World) -> None:
    finance = cast.make_member(world.enterprise, role="finance")
    assert services.secure(place(world), by=finance, amount=Decimal(3_000)).status == "confirmed"


def test_an_order_at_ones_own_cost_has_nothing_to_secure(world: World) -> None:
    order = place(world, voucher=False)
    with nothing_changes(), pytest.raises(Refused, match="没有选择创新券方案"):
        services.secure(order, by=world.owner, amount=Decimal(3_000))


def test_there_is_no_voucher_to_use_before(world: World) -> None:
    order = accept(world, place(world))
    with nothing_changes(), pytest.raises(Refused, match="申请兑付时一并使用"):
        services.use_voucher(order, by=world.owner, use=use_of(6_000, redeemer="enterprise"))
    assert "申请兑付时一并使用" in client_of(world.owner).get(f"/ent/orders/{order.number}/use/").content.decode()
    assert Voucher.objects.count() == 0


def test_an_accepted_order_is_in_service_at_once(world: World) -> None:
    order = fresh(accept(world, place(world)))
    status = shown(order, has_contract=False)
    assert status.code == "accepted"
    assert step_of(order, status.code, reviewed=False)[1] == 3
    assert next_act(order, status, side="enterprise", rated=False).what == "现在不需要您操作"
    assert Order.objects.filter(RUNNING).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_at_once_only_as_much_is_held_as_there_is() -> None:
    world = late_world(quota=1_500)
    orders = [place(world), place(world)]
    said = race(*(lambda o=order: services.secure(o, by=world.owner, amount=Decimal(3_000)) for order in orders))  # type: ignore[misc]
    assert sorted(words == "done" for words in said) == [False, True]
    assert (bucket(world), bucket(world, "held")) == (0, 1_500)
    assert sorted(Order.objects.values_list("status", flat=True)) == ["completed", "placed"]
