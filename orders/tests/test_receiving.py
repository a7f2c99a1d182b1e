"""Receiving and sending back: by the bound carrier, once."""

from decimal import Decimal

import pytest

from accounts.models import User
from carriers.models import CarrierRecognition
from carriers.tests.factories import make_carrier
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from orders import services
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import QuotaAccount, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12", "ZJ-8")]


def test_the_bound_carrier_receives_it_and_the_enterprise_is_told(world: World) -> None:
    order = make_order(world, "received")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.confirmed_by) == ("confirmed", world.seller)
    assert AuditRow.objects.get(verb="order.voucher_received").after == {"road": "link"}
    assert Message.objects.filter(user=world.owner, kind="voucher.confirmed").count() == 1


def test_a_second_time_is_refused(world: World) -> None:
    order = make_order(world, "received")
    with pytest.raises(Refused, match="已确认"):
        services.receive_voucher(voucher_of(order), by=world.seller, road="code")
    assert AuditRow.objects.filter(verb="order.voucher_received").count() == 1


def test_nobody_else_receives_or_returns_it(world: World, stranger: User) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    viewer = cast.make_member(world.carrier.organization, role="viewer")
    for person in (world.owner, stranger, cast.owner_of(make_carrier().organization), viewer):
        with pytest.raises(NotAllowed):
            services.receive_voucher(voucher, by=person, road="link")
        with pytest.raises(NotAllowed):
            services.return_voucher(voucher, by=person, reason="x")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.confirmed_at) == ("issued", None)


def test_a_frozen_voucher_and_a_suspended_carrier_wait(world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    Voucher.objects.filter(pk=voucher.pk).update(frozen_reason="核查中")
    with pytest.raises(Refused, match="冻结"):
        services.receive_voucher(voucher, by=world.seller, road="link")
    Voucher.objects.filter(pk=voucher.pk).update(frozen_reason="")
    recognition = CarrierRecognition.objects.get(carrier=world.carrier)
    recognition.suspend()
    recognition.save()
    with pytest.raises(Refused, match="暂停"):
        services.receive_voucher(voucher, by=world.seller, road="link")
    voucher.refresh_from_db()
    assert voucher.status == "issued"


@pytest.mark.feature("ZJ-9")
def test_a_returned_voucher_frees_the_quota_at_once(world: World) -> None:
    order = make_order(world, "issued")
    services.return_voucher(voucher_of(order), by=world.seller, reason="合同编号不符")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.end_reason) == ("returned_by_carrier", "合同编号不符")
    assert QuotaAccount.objects.get(organization=world.enterprise).available == Decimal(50_000)
    assert Message.objects.get(user=world.owner, kind="voucher.returned_by_carrier").body == "合同编号不符"
    with pytest.raises(Refused):
        services.receive_voucher(voucher, by=world.seller, road="link")
