"""State × transition: what the machine allows, and nothing else; and that the tables speak of every state."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed, can_proceed

from orders.models import Order, Quote
from orders.pages.next_act import CARRIER, ENTERPRISE, next_act
from orders.statuses import ORDER, step_of
from orders.tests.factories import World, make_order

EDGES = {
    "accept": {"placed"},
    "deliver": {"accepted"},
    "reopen": {"delivered"},
    "complete": {"placed", "accepted", "delivered"},
    "decline": {"placed", "accepted"},
    "cancel": {"placed", "accepted"},
    "lapse": {"placed", "accepted"},
}


@pytest.mark.parametrize(("state", "verb"), list(product(Order.State.values, EDGES)))
def test_each_transition_starts_from_its_states_only(state: str, verb: str) -> None:
    order = Order(status=state)
    assert can_proceed(getattr(order, verb)) is (state in EDGES[verb])
    if state not in EDGES[verb]:
        with pytest.raises(TransitionNotAllowed):
            getattr(order, verb)()
        assert order.status == state


@pytest.mark.parametrize(("state", "verb"), list(product(Quote.State.values, ("accept", "withdraw", "expire"))))
def test_a_quote_is_answered_once(state: str, verb: str) -> None:
    assert can_proceed(getattr(Quote(status=state), verb)) is (state == "offered")


@pytest.mark.django_db
def test_the_database_refuses_a_leap_and_a_false_start(world: World) -> None:
    order = make_order(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(status="delivered")
    values = {f.attname: getattr(order, f.attname) for f in Order._meta.concrete_fields if f.attname != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.bulk_create([Order(**{**values, "number": "DD1", "status": "completed"})])
    order.refresh_from_db()
    assert (order.status, Order.objects.count()) == ("placed", 1)


@pytest.mark.django_db
def test_messages_records_and_scans_cannot_be_rewritten(world: World) -> None:
    from orders import services
    from orders.models import OrderMessage, ServiceRecord

    order = make_order(world, "delivered")
    services.send_message(order, by=world.owner, text="你好")
    for model, change in ((OrderMessage, {"text": "再见"}), (ServiceRecord, {"result": "不合格"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")
        assert model.objects.count() == 1


@pytest.mark.parametrize("code", ORDER)
@pytest.mark.parametrize("side", ["enterprise", "carrier"])
def test_every_status_says_what_comes_next_to_both_sides(code: str, side: str) -> None:
    found = next_act(Order(number="DD1", status="placed"), ORDER[code], side=side, rated=True)
    assert found.what
    assert found.why
    if found.tone == "act":
        assert ORDER[code].turn in (side, "") or code in ("accepted", "awaiting_receipt")


def test_no_act_is_offered_to_the_side_whose_turn_it_is_not() -> None:
    for plans, side, other in ((ENTERPRISE, "enterprise", "carrier"), (CARRIER, "carrier", "enterprise")):
        acting = {code for code, plan in plans.items() if plan.what and ORDER[code].turn}
        assert {ORDER[code].turn for code in acting} == {side}, other


@pytest.mark.parametrize("use_voucher", [True, False])
def test_steps_never_run_past_their_end(use_voucher: bool) -> None:
    for code in ORDER:
        steps, now = step_of(Order(use_voucher=use_voucher), code, reviewed=True)
        assert 0 <= now <= len(steps) + 1
