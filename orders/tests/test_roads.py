"""The roads of the schemes without a database: what each asks for, and whose turn it is at every point of it."""

from itertools import product
from typing import Any

import pytest
from django.db.models import Exists, Q

from orders import roads
from orders.listing import MINE, OVER, RUNNING, TALKING, THEIRS
from orders.models import Order
from orders.pages.next_act import PLANS, next_act
from orders.statuses import STEPS, STEPS_REGION, STEPS_WITHOUT, shown, step_of
from vouchers.models import PolicySnapshot, Voucher
from vouchers.models.parameters import HoldAt
from vouchers.policy import EvidenceSpec, FieldSpec, Policy

pytestmark = pytest.mark.feature("ZJ-7", "JS-10", "YRD-11", "TJ-5")

CONTRACT = EvidenceSpec(stage="use", key="contract", label="合同", max_bytes=1_000_000)
WISH = FieldSpec(stage="order", key="project", label="项目名称", type="text")
PLAN = FieldSpec(stage="use", key="plan", label="实施计划", type="text")
STATES = Order.State.values
#: Where quota is taken -> (asks_region, applies, holds_late, asked_with_order).
ROADS: dict[str | None, tuple[bool, bool, bool, bool]] = {
    "use_requested": (False, False, False, False),
    "use_submitted": (False, False, False, False),
    "order_placed": (False, False, False, True),
    "region_confirms": (True, False, False, False),
    "redemption": (False, False, True, False),
    "application": (False, True, False, False),
    None: (False, False, False, False),
}
QUESTIONS = (roads.asks_region, roads.applies, roads.holds_late, roads.asked_with_order)


def order_on(hold_at: str | None, status: str = "accepted", voucher: str = "", **more: Any) -> Order:
    """An order that no database has seen, under a scheme whose quota is taken there; None = without a scheme."""
    order = Order(number="DD1", status=status, **{"use_voucher": hold_at is not None, **more})
    if hold_at is not None:
        data = {"hold_at": hold_at, "evidence": [{"stage": "use", "key": "contract", "label": "合同", "max_bytes": 1}]}
        order.snapshot = PolicySnapshot(pk=1, digest=f"roads-{hold_at}", data=data)
    if voucher:
        order.voucher = Voucher(code="7K3M9QTX2B8F", status=voucher)
    return order


def test_every_moment_of_taking_quota_has_its_row() -> None:
    assert set(ROADS) - {None} == set(HoldAt.values)


@pytest.mark.parametrize(("hold_at", "answers"), ROADS.items())
def test_each_moment_answers_at_most_one_question_with_yes(
    hold_at: str | None, answers: tuple[bool, bool, bool, bool]
) -> None:
    assert tuple(question(Policy(hold_at=hold_at)) for question in QUESTIONS) == answers


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_a_scheme_there_is_nothing_to_ask(question: Any) -> None:
    assert question(None) is False


@pytest.mark.parametrize(
    ("policy", "asks"),
    [
        (None, True),
        (Policy(), False),
        (Policy(evidence=(CONTRACT,)), True),
        (Policy(evidence=(EvidenceSpec(stage="redemption", key="contract", label="合同", max_bytes=1),)), False),
        (Policy(evidence=(EvidenceSpec(stage="use", key="quote", label="报价单", max_bytes=1),)), False),
    ],
)
def test_only_a_contract_of_the_use_is_looked_at_before_it(policy: Policy | None, asks: bool) -> None:
    assert roads.asks_contract(policy) is asks


@pytest.mark.parametrize("hold_at", [hold_at for hold_at in ROADS if hold_at])
def test_only_the_region_reads_what_the_booking_said(hold_at: str) -> None:
    keys = [row.key for row in roads.asked_rows(Policy(hold_at=hold_at, fields=(PLAN, WISH)))]
    assert keys == (["project", "plan"] if hold_at == "region_confirms" else ["plan"])


REACHED = {"placed": 1, "accepted": 2, "delivered": 3, "completed": 4}


@pytest.mark.parametrize(("status", "wanted"), list(product(STATES, REACHED)))
def test_what_ended_early_has_reached_nothing(status: str, wanted: str) -> None:
    assert roads.has_reached(Order(status=status), wanted) is (REACHED.get(status, 0) >= REACHED[wanted])


@pytest.mark.parametrize("hold_at", ROADS)
def test_an_order_stands_under_the_policy_it_was_placed_with(hold_at: str | None) -> None:
    order = order_on(hold_at)
    policy = roads.policy_for(order)
    assert (policy.hold_at if policy else None) == hold_at
    assert roads.comes_with_order(order) is (hold_at == "order_placed")


#: The steps of each road, with a voucher.
STEPS_OF = {
    "order_placed": STEPS_WITHOUT,
    "redemption": STEPS_WITHOUT,
    "region_confirms": STEPS_REGION,
    None: STEPS_WITHOUT,
}


@pytest.mark.parametrize(("hold_at", "own"), list(product(ROADS, (False, True))))
def test_the_steps_are_those_of_the_road(hold_at: str | None, own: bool) -> None:
    order = order_on(hold_at, **({"use_voucher": False} if own else {}))
    steps, at = step_of(order, "accepted", reviewed=False)
    assert steps == (STEPS_WITHOUT if own else STEPS_OF.get(hold_at, STEPS))
    assert steps[at - 1] == "服务"
    assert step_of(order, "completed", reviewed=True)[1] == len(steps) + 1


# --- Whose turn: the lists ask the database what the status says of one order -------------------


def holds(part: Any, facts: dict[str, Any]) -> bool:
    """Whether a condition of the lists holds for an order of these facts."""
    if isinstance(part, Q):
        answers = [holds(child, facts) for child in part.children]
        return (all(answers) if part.connector == Q.AND else any(answers)) is not part.negated
    if isinstance(part, Exists):
        return bool(facts["quoted"])
    name, value = part
    found = facts[name.removesuffix("__in")]
    return found in value if name.endswith("__in") else found == value


def facts_of(order: Order, *, quoted: bool, rated: bool) -> dict[str, Any]:
    """What the conditions of the lists look at."""
    policy = roads.policy_for(order)
    return {
        "status": order.status,
        "use_voucher": order.use_voucher,
        "by_carrier": order.by_carrier,
        "voucher": order.voucher and "there",
        "voucher__status": order.voucher and order.voucher.status,
        "snapshot__data__hold_at": policy and policy.hold_at,
        "review": "there" if rated else None,
        "quoted": quoted,
    }


def orders_on(hold_at: str | None) -> list[tuple[Order, bool, bool]]:
    """Every order that can be on this road: with its open quote, and whether it was rated."""
    vouchers = ("", *Voucher.State.values) if hold_at else ("",)
    found = [(order_on(hold_at, status, voucher), False, False) for status, voucher in product(STATES, vouchers)]
    placed = [(order_on(hold_at, "placed"), True, False), (order_on(hold_at, "placed", by_carrier=True), False, False)]
    return [*found, *placed, (order_on(hold_at, "completed"), False, True)]


@pytest.mark.parametrize("hold_at", ROADS)
def test_each_side_finds_in_its_tab_exactly_what_waits_for_it(hold_at: str | None) -> None:
    for order, quoted, rated in orders_on(hold_at):
        facts = facts_of(order, quoted=quoted, rated=rated)
        status = shown(order, has_contract=True, quoted=quoted)
        unrated = order.status == "completed" and not rated
        assert holds(MINE, facts) is (status.turn == "enterprise" or unrated), facts
        assert holds(THEIRS, facts) is (status.turn == "carrier"), facts


@pytest.mark.parametrize("hold_at", ROADS)
def test_every_order_of_a_road_stands_at_one_stage_of_its_life(hold_at: str | None) -> None:
    for order, quoted, rated in orders_on(hold_at):
        facts = facts_of(order, quoted=quoted, rated=rated)
        stages = [holds(stage, facts) for stage in (TALKING, RUNNING, OVER)]
        assert [*stages, order.status == "completed"].count(True) == 1, facts


@pytest.mark.parametrize(("hold_at", "side"), list(product(ROADS, PLANS)))
def test_on_every_road_one_side_acts_and_the_other_reads_for_whom_it_waits(hold_at: str | None, side: str) -> None:
    for order, quoted, rated in orders_on(hold_at):
        status = shown(order, has_contract=False, quoted=quoted)
        if status.turn:
            box = next_act(order, status, side=side, rated=rated)
            assert (box.tone == "act") is (status.turn == side), (status.code, side)
            assert bool(box.url) is (status.turn == side), (status.code, side)
