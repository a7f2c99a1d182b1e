"""Why an order is not among those that may apply: one page, answered by the rules that refuse the act."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from carriers.models import CarrierRecognition
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders.missing import reasons
from orders.models import Order
from orders.tests.applying import accepted, apply, applying_world
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world
from orders.views.getters import orders
from vouchers.models import Voucher
from vouchers.services import void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-5")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return applying_world()


def why(world: World, order: Order) -> list[str]:
    """The words of the reasons."""
    return [reason.words for reason in reasons(orders().get(pk=order.pk), world.owner)]


def page(world: World, number: str) -> str:
    answer = client_of(world.owner).get(reverse("order-missing"), {"number": number})
    return str(answer.content.decode())


def test_an_order_that_may_apply_is_sent_to_the_application(world: World) -> None:
    order = accepted(world)
    assert why(world, order) == []
    found = page(world, order.number)
    assert "这个订单可以申请创新券" in found
    assert reverse("ent-use", args=[order.number]) in found


def test_what_the_carrier_has_not_accepted_waits(world: World) -> None:
    order = make_order(world, "placed")
    (words,) = why(world, order)
    assert "待机构确认" in words
    assert "等服务机构确认预约" in page(world, order.number)


@pytest.mark.parametrize("state", ["declined", "cancelled", "lapsed"])
def test_what_ended_is_booked_again(world: World, state: str) -> None:
    assert "需要时再次预约" in page(world, make_order(world, state).number)


def test_an_order_that_has_its_voucher_leads_to_it(world: World) -> None:
    order = accepted(world)
    voucher = apply(world, order)
    assert why(world, order) == ["这个订单已经使用过创新券。需要重新提交时，请先作废原来的券。"]
    assert reverse("ent-voucher", args=[voucher.code]) in page(world, order.number)


def test_one_whose_voucher_ended_is_handed_in_again(world: World) -> None:
    order = accepted(world)
    void_voucher(apply(world, order), by=world.owner, reason="改期")
    assert "在订单页重新提交" in page(world, order.number)


def test_a_contract_below_the_minimum_is_named_with_both_amounts(world: World) -> None:
    order = accepted(world)
    Order.objects.filter(pk=order.pk).update(agreed_amount=Decimal("3999.99"))
    assert why(world, order) == ["合同金额 3,999.99 元，不到 4,000 元"]
    Order.objects.filter(pk=order.pk).update(agreed_amount=Decimal(4000))
    assert why(world, order) == []


def test_a_used_up_cap_is_named(world: World) -> None:
    apply(world, accepted(world), 200_000)
    order = accepted(world)
    assert why(world, order) == ["可用额度为 0 元"]
    assert reverse("ent-quota") in page(world, order.number)


def test_an_order_at_the_firms_own_cost_is_of_no_scheme(world: World) -> None:
    order = accepted(world)
    Order.objects.filter(pk=order.pk).update(programme=None, snapshot=None, use_voucher=False)
    assert why(world, order) == ["这个订单没有选择创新券方案，不能使用创新券。"]


def _unlisted(world: World) -> None:
    CarrierRecognition.objects.all().delete()


def _unverified(world: World) -> None:
    world.enterprise.verified_at = None
    world.enterprise.save()


def _closed(world: World) -> None:
    world.programme.close()
    world.programme.save()


def _elsewhere(world: World) -> None:
    world.programme.participating.set([cast.make_region(cast.OTHER_COUNTY)])


def _related(world: World) -> None:
    for side in (world.enterprise, world.carrier.organization):
        side.legal_person = "何立"
        side.save()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_unlisted, "不在互认名单上"),
        (_unverified, "先完成实名认证"),
        (_closed, "不受理"),
        (_elsewhere, "没有参加"),
        (_related, "法定代表人"),
    ],
)
def test_each_rule_that_refuses_the_act_is_said_here(change: Callable[[World], None], words: str) -> None:
    world = applying_world(provider_scope="labels_or_mutual")
    order = accepted(world)
    change(world)
    (found,) = why(world, order)
    assert words in found
    assert words in page(world, order.number)


def test_who_is_on_no_list_is_told_so() -> None:
    world = applying_world(eligible_classes=["certified_list"])
    (found,) = why(world, accepted(world))
    assert "不面向您单位的类型" in found


def test_several_reasons_stand_together(world: World) -> None:
    order = accepted(world)
    Order.objects.filter(pk=order.pk).update(agreed_amount=Decimal(100))
    _unverified(world)
    assert len(why(world, order)) == 2
    assert "有 2 个原因" in page(world, order.number)


def test_another_schemes_order_is_answered_by_its_own_rules() -> None:
    world = make_world(quota=0)
    order = make_order(world, "contract")
    assert why(world, order) == ["可用额度为 0 元"]


def test_a_foreign_order_is_not_there_and_looking_changes_nothing(world: World, stranger: object) -> None:
    order = accepted(world)
    before = AuditRow.objects.count(), Voucher.objects.count()
    answer = client_of(stranger).get(reverse("order-missing"), {"number": order.number})  # type: ignore[arg-type]
    assert "没有找到这个编号" in answer.content.decode()
    assert order.title not in answer.content.decode()
    assert (AuditRow.objects.count(), Voucher.objects.count()) == before


def test_the_number_may_be_typed_in_small_letters_and_must_be_given(world: World) -> None:
    order = accepted(world)
    assert "这个订单可以申请创新券" in page(world, order.number.lower())
    assert "填写订单编号，或在下面选择一个订单" in page(world, "")
    plain = client_of(world.owner).get(reverse("order-missing")).content.decode()
    assert order.number in plain
