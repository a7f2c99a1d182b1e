"""Why a voucher cannot be used on an order: the way out fits the road, the state and the person who asks."""

from pathlib import Path

import pytest

from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of
from orders import services
from orders.missing import ENDED_STATES, reasons
from orders.models import Order
from orders.tests.factories import World, make_order, make_world
from orders.tests.late import accept, late_world, place
from orders.tests.watch import nothing_changes
from orders.views.getters import orders

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-5", "YRD-11")]

LATER = "服务完成、拿到发票后，直接为这个订单申请兑付。"


def said(order: Order, by: object) -> list[tuple[str, str]]:
    """Each reason with its way out."""
    return [(reason.words, str(reason.todo)) for reason in reasons(orders().get(pk=order.pk), by)]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return late_world()


@pytest.fixture
def late(world: World) -> World:
    return world


@pytest.mark.parametrize("state", ["placed", "accepted", "delivered", "completed"])
def test_where_quota_is_taken_at_the_redemption_nobody_is_told_to_book_again(late: World, state: str) -> None:
    order = place(late)
    if state != "placed":
        accept(late, order)
        Order.objects.filter(pk=order.pk).update(status=state) if state == "accepted" else _serve(late, order, state)
    assert said(order, late.owner) == [("这项创新券在申请兑付时一并使用，现在不用申请。", LATER)]


def _serve(world: World, order: Order, state: str) -> None:
    services.record_service(order, by=world.seller, delivered_on=order.placed_at.date(), result="合格")
    if state == "completed":
        services.confirm_completion(order, by=world.owner)


@pytest.mark.parametrize("state", ENDED_STATES)
def test_what_ended_on_that_road_is_booked_again(late: World, state: str) -> None:
    order = place(late)
    if state == "declined":
        services.decline_order(order, by=late.seller, reason="排期已满")
    elif state == "cancelled":
        services.cancel_order(order, by=late.owner, reason="计划有变")
    else:
        services.lapse_order(order)
    ((_words, todo),) = said(order, late.owner)
    assert todo == "需要时再次预约。"


#: What remains to be done where a voucher is used before the service, by the state of the order.
WAY_OUT = {
    "placed": "等服务机构确认预约；可以在订单页留言催办。",
    "delivered": "服务已经登记完成，创新券须在服务前申请。",
    "completed": "订单已经完成，创新券须在服务前申请。",
    "lapsed": "需要时再次预约。",
}


@pytest.mark.parametrize(("state", "todo"), WAY_OUT.items())
def test_elsewhere_the_way_out_is_that_of_the_state(db: None, state: str, todo: str) -> None:
    world = make_world()
    order = make_order(world, state if state in ("placed", "lapsed") else "accepted")
    if state in ("delivered", "completed"):
        _serve(world, order, state)
    assert [found[1] for found in said(order, world.owner)] == [todo]


def test_who_only_reads_is_sent_to_those_who_may_and_not_to_a_new_booking(db: None) -> None:
    world = make_world()
    order = make_order(world, "contract")
    assert said(order, world.owner) == []
    for role in ("viewer", "finance"):
        reader = cast.make_member(world.enterprise, role=role)
        ((words, todo),) = said(order, reader)
        assert "此事由" in words
        assert todo == "请本单位能办理的人登录后申请。"
        with nothing_changes():
            page = text_of(client_of(reader).get("/ent/orders/missing/", {"number": order.number}))
        assert todo in page
        assert "再次预约" not in page


@pytest.mark.parametrize("number", ["", " ", "x" * 41, "' OR 1=1", "%", "_"])
def test_a_number_that_is_none_finds_no_order(late: World, number: str) -> None:
    order = place(late)
    answer = client_of(late.owner).get("/ent/orders/missing/", {"number": number})
    assert answer.status_code in (200, 422)
    assert answer.context["order"] is None
    assert answer.context["reasons"] == []
    assert [each.number for each in answer.context["newest"]] == [order.number]
