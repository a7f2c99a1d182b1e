"""通兑: the carrier accepts, the region confirms the amount, and only then quota is held."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, ReviewCase
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import post
from orders import services
from orders.pages.next_act import next_act
from orders.statuses import shown, step_of
from orders.subjects import use_answers, use_targets
from orders.tests.conftest import client_of
from orders.tests.factories import World, voucher_of
from orders.tests.late import accept, bucket, decide, fresh, officer, place, region_world
from orders.tests.watch import nothing_changes
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import void_voucher
from vouchers.tests.factories import claim

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-9")]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return region_world()


@pytest.fixture
def reviewer(world: World) -> User:
    return officer()


def code_of(order: Any, **values: Any) -> str:
    return shown(fresh(order), has_contract=values.get("has_contract", False)).code


def test_placing_asks_for_no_voucher(world: World) -> None:
    order = place(world)
    assert (order.voucher, Voucher.objects.count(), bucket(world)) == (None, 0, 50_000)
    assert code_of(order) == "placed"


def test_acceptance_asks_the_region_and_holds_nothing(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, voucher.held) == ("requested", 3_000, 0)
    assert (bucket(world), bucket(world, "held")) == (50_000, 0)
    assert voucher.answers == {"project": "高温合金叶片", "result": "寿命提高两成"}
    assert voucher.redeemer == "carrier"
    case = ReviewCase.objects.get()
    assert (case.amount, case.submitted_by) == (3_000, None)
    assert Message.objects.filter(user=reviewer, kind="task").count() == 1
    assert code_of(order) == "awaiting_amount"


def test_the_region_confirms_and_the_quota_is_held_in_that_moment(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    voucher = decide(reviewer)
    assert (voucher.status, voucher.held, voucher.confirmed_by) == ("confirmed", 3_000, None)
    assert (bucket(world), bucket(world, "held")) == (47_000, 3_000)
    verbs = list(
        AuditRow.objects.filter(subject_id=voucher.pk, verb__startswith="voucher.").values_list("verb", flat=True)
    )
    assert sorted(verbs) == ["voucher.confirmed", "voucher.issued", "voucher.requested"]
    for person in (world.owner, world.seller):
        assert Message.objects.filter(user=person, kind="voucher.confirmed", title__contains="3,000.00").count() == 1
    assert code_of(order) == "accepted"


def test_the_region_may_lower_the_amount_never_raise_it(world: World, reviewer: User) -> None:
    accept(world, place(world))
    with nothing_changes(), pytest.raises(Refused):
        decide(reviewer, amount=Decimal("3000.01"), reason="多给")
    voucher = decide(reviewer, amount=Decimal(2_500), reason="只支持试验费")
    assert (voucher.amount, voucher.held, bucket(world)) == (2_500, 2_500, 47_500)


def test_quota_that_went_elsewhere_is_said_to_the_reviewer(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    QuotaAccount.objects.update(available=2_000, spent=48_000)
    with nothing_changes(), pytest.raises(Refused, match=r"可用额度.*2,000.*3,000"):
        decide(reviewer)
    assert voucher_of(order).status == "requested"
    assert decide(reviewer, amount=Decimal(2_000), reason="余额不足").held == 2_000


def test_frozen_quota_is_not_given(world: World, reviewer: User) -> None:
    accept(world, place(world))
    QuotaAccount.objects.update(frozen_reason="核查中")
    with nothing_changes(), pytest.raises(Refused, match="核查中"):
        decide(reviewer)


def test_another_county_confirms_nothing(world: World) -> None:
    accept(world, place(world))
    elsewhere = officer(cast.OTHER_COUNTY)
    with nothing_changes(), pytest.raises(NotAllowed):
        decide(elsewhere)


def test_refusal_leaves_the_quota_alone_and_the_order_can_be_copied(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    voucher = decide(reviewer, "reject", reason="不属于支持范围")
    assert (voucher.status, bucket(world), LedgerEntry.objects.count()) == ("refused", 50_000, 1)
    again = services.resubmit_order(order, by=world.owner)
    assert code_of(again) == "awaiting_request"


def test_what_the_booking_said_is_before_the_reviewer_and_can_be_returned(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    voucher = voucher_of(order)
    assert ("项目名称", "高温合金叶片") in list(use_answers(voucher))
    assert [key for key, _words in use_targets(voucher)] == ["contract_amount", "project", "result"]
    decide(reviewer, "return", items=[("project", "写明材料牌号")])
    page = client_of(world.owner).get(f"/ent/orders/{order.number}/use/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "写明材料牌号" in html
    assert "合同编号" not in html
    body = {"contract_amount": "6000", "row_project": "GH4169 叶片", "row_result": "改了也不算", "promise": "on"}
    client = client_of(world.owner)
    assert post(client, f"/ent/orders/{order.number}/use/", **body).status_code == 302
    use = services.Use(
        contract_name=order.title,
        contract_amount=Decimal(9_000),
        redeemer="carrier",
        answers={"project": "GH4169 叶片", "result": "改了也不算"},
    )
    mended = services.resubmit_use(order, by=world.owner, use=use)
    assert mended.answers == {"project": "GH4169 叶片", "result": "寿命提高两成"}
    assert (mended.status, mended.contract_amount, mended.held) == ("requested", 6_000, 0)


def test_without_quota_the_carrier_still_accepts_and_the_enterprise_is_told(db: None) -> None:
    world = region_world(quota=0)
    order = accept(world, place(world))
    assert (order.status, fresh(order).voucher) == ("accepted", None)
    message = Message.objects.get(user=world.owner, kind="order.accepted")
    assert "没有申请成功" in message.body
    assert code_of(order) == "awaiting_request"
    plan = next_act(fresh(order), shown(fresh(order), has_contract=False), side="enterprise", rated=False)
    assert (plan.label, plan.url) == ("申请核额", f"/ent/orders/{order.number}/use/")


def test_the_enterprise_asks_by_itself_once_it_has_quota(db: None) -> None:
    world = region_world(quota=0)
    order = accept(world, place(world))
    claim(world.enterprise, world.programme, 20_000)
    client = client_of(world.owner)
    page = client.get(f"/ent/orders/{order.number}/use/")
    html = page.content.decode()
    assert "高温合金叶片" in html
    assert "合同编号" not in html
    body = {"contract_amount": "6,000.00", "row_project": "叶片", "row_result": "", "promise": "on"}
    assert post(client, f"/ent/orders/{order.number}/use/", **body).status_code == 302
    check = client.get(f"/ent/orders/{order.number}/use/check/")
    assert "3,000.00" in check.content.decode()


def test_a_related_carrier_is_not_paid_for(world: World) -> None:
    for organization in (world.enterprise, world.carrier.organization):
        organization.legal_person = "何立"
        organization.save()
    order = accept(world, place(world))
    assert fresh(order).voucher is None
    assert "法定代表人" in Message.objects.get(user=world.owner, kind="order.accepted").body


def test_the_enterprise_takes_its_request_back(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    void_voucher(voucher_of(order), by=world.owner, reason="计划有变")
    assert (voucher_of(order).status, bucket(world), ReviewCase.objects.get().status) == ("voided", 50_000, "withdrawn")


def test_what_the_region_confirmed_cannot_be_voided(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    decide(reviewer)
    with nothing_changes(), pytest.raises(Refused):
        void_voucher(voucher_of(order), by=world.owner, reason="计划有变")


def test_the_steps_name_the_region_and_no_contract(world: World, reviewer: User) -> None:
    order = accept(world, place(world))
    steps, at = step_of(fresh(order), "awaiting_amount", reviewed=False)
    assert ([str(step) for step in steps], at) == (["预约", "机构确认", "核额", "服务", "完成", "评价"], 3)
    decide(reviewer)
    assert step_of(fresh(order), "accepted", reviewed=False)[1] == 4


def test_the_audit_says_that_nobody_pressed_for_the_request(world: World) -> None:
    order = accept(world, place(world))
    row = AuditRow.objects.get(verb="order.voucher_used", subject_id=order.pk)
    assert (row.actor_id, row.after["amount"]) == (None, "3000.00")
    assert audit.words_of("order.voucher_used")


def test_an_order_without_a_voucher_asks_no_region(world: World) -> None:
    order = accept(world, place(world, voucher=False))
    assert (fresh(order).voucher, ReviewCase.objects.count()) == (None, 0)
    assert code_of(order) == "accepted"
