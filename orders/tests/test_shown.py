"""Status, steps and next act as pure functions: every combination against a plain model."""

from itertools import product
from typing import Any

import pytest
from django.urls import resolve

from carriers.models import Service
from orders.models import Order
from orders.pages.next_act import PLANS, next_act
from orders.statuses import ORDER, STEPS, STEPS_WITHOUT, shown, step_of
from vouchers.models import PolicySnapshot, Voucher

pytestmark = pytest.mark.feature("ZJ-7")

NONE = ""
VOUCHERS = (NONE, *Voucher.State.values)
ENDED = {"voided", "returned_by_carrier", "terminated", "refused", "lapsed"}
ALL = list(product(Order.State.values, VOUCHERS, (True, False), (True, False)))


def order_of(status: str, voucher: str = NONE, *, with_voucher: bool = True) -> Order:
    """An order that no database has seen, with everything its addresses need."""
    order = Order(number="DD1", status=status, use_voucher=with_voucher, end_reason="")
    order.service = Service(number="FW-1")
    if voucher:
        order.voucher = Voucher(code="7K3M9QTX2B8F", status=voucher)
    return order


def model(status: str, voucher: str, with_voucher: bool, contract: bool) -> str:
    """The same said plainly: the machine's state, and for an accepted order what it lacks."""
    if status != "accepted":
        return status
    if voucher in ENDED:
        return "awaiting_resubmit"
    if voucher == "requested":
        return "awaiting_amount"
    if voucher == "returned":
        return "awaiting_mend"
    if voucher == "issued":
        return "awaiting_receipt"
    if voucher or not with_voucher:
        return "accepted"
    return "awaiting_use" if contract else "awaiting_contract"


@pytest.mark.parametrize("status", Order.State.values)
def test_the_shown_status_of_every_combination(status: str) -> None:
    for state, voucher, with_voucher, contract in ALL:
        if state == status:
            order = order_of(status, voucher, with_voucher=with_voucher)
            found = shown(order, has_contract=contract).code
            assert found == model(status, voucher, with_voucher, contract), (voucher, with_voucher, contract)


#: What an accepted order without a voucher waits for, by where its policy takes the quota.
BY_HOLD = {"region_confirms": "awaiting_request", "application": "awaiting_application", "redemption": "accepted"}


@pytest.mark.parametrize(("hold_at", "code"), BY_HOLD.items())
def test_a_scheme_without_a_signed_contract_waits_for_its_own_act(hold_at: str, code: str) -> None:
    order = order_of("accepted")
    order.snapshot = PolicySnapshot(pk=1, digest=f"shown-{hold_at}", data={"hold_at": hold_at})
    assert [shown(order, has_contract=contract).code for contract in (True, False)] == [code, code]


def test_every_status_of_the_table_can_be_reached() -> None:
    reached = {model(*case) for case in ALL} | set(BY_HOLD.values()) | {"talking", "awaiting_enterprise"}
    assert reached == {ORDER[code].code for code in ORDER}


@pytest.mark.feature("X-6", "JS-10")
@pytest.mark.parametrize("status", Order.State.values)
@pytest.mark.parametrize(("quoted", "entered", "code"), [(1, 0, "talking"), (0, 1, "awaiting_enterprise")])
def test_a_quote_and_a_call_show_only_before_the_acceptance(status: str, quoted: int, entered: int, code: str) -> None:
    order = order_of(status, with_voucher=False)
    order.by_carrier = bool(entered)
    found = shown(order, has_contract=False, quoted=bool(quoted)).code
    assert found == (code if status == "placed" else status)


def test_looking_at_an_order_changes_nothing_of_it() -> None:
    order = order_of("accepted", "issued")
    before = {key: value for key, value in vars(order).items() if key != "_state"}
    shown(order, has_contract=True)
    step_of(order, "awaiting_receipt", reviewed=False)
    assert {key: value for key, value in vars(order).items() if key != "_state"} == before


# --- Steps ----------------------------------------------------------------------------------

#: What the step that is current is called, by shown status.
NAMED = {
    "placed": "机构确认",
    "talking": "机构确认",
    "awaiting_enterprise": "机构确认",
    "awaiting_contract": "合同",
    "awaiting_use": "用券",
    "awaiting_amount": "用券",
    "awaiting_mend": "用券",
    "awaiting_receipt": "用券",
    "awaiting_resubmit": "用券",
    "accepted": "服务",
    "delivered": "完成",
    "completed": "评价",
}


@pytest.mark.parametrize("code", NAMED)
def test_the_current_step_is_the_one_that_is_waited_for(code: str) -> None:
    steps, now = step_of(Order(use_voucher=True), code, reviewed=False)
    assert (steps, str(steps[now - 1])) == (STEPS, NAMED[code])


@pytest.mark.parametrize("code", ["placed", "accepted", "delivered", "completed"])
def test_without_a_voucher_the_same_steps_have_the_same_names(code: str) -> None:
    steps, now = step_of(Order(use_voucher=False), code, reviewed=False)
    assert (steps, str(steps[now - 1])) == (STEPS_WITHOUT, NAMED[code])


@pytest.mark.parametrize("code", ["declined", "cancelled", "lapsed"])
@pytest.mark.parametrize("reviewed", [True, False])
def test_what_ended_before_its_time_stands_in_no_step(code: str, reviewed: bool) -> None:
    assert step_of(Order(use_voucher=True), code, reviewed=reviewed)[1] == 0


@pytest.mark.parametrize("with_voucher", [True, False])
def test_the_road_only_leads_forward(with_voucher: bool) -> None:
    road = ("placed", "accepted", "delivered", "completed")
    order = Order(use_voucher=with_voucher)
    numbers = [step_of(order, code, reviewed=False)[1] for code in road]
    assert numbers == sorted(set(numbers))
    assert step_of(order, "completed", reviewed=True)[1] == numbers[-1] + 1


# --- The next act ---------------------------------------------------------------------------


def box(status: str, voucher: str, side: str, *, rated: bool = False, contract: bool = True) -> Any:
    order = order_of(status, voucher)
    return next_act(order, shown(order, has_contract=contract), side=side, rated=rated)


def turn_of(status: str, voucher: str) -> str:
    return ORDER[model(status, voucher, True, True)].turn


CASES = [(status, voucher) for status, voucher in product(Order.State.values, VOUCHERS)]


@pytest.mark.parametrize("side", PLANS)
def test_exactly_the_side_whose_turn_it_is_has_an_act(side: str) -> None:
    for status, voucher in CASES:
        turn, found = turn_of(status, voucher), box(status, voucher, side)
        if turn:
            assert (found.tone == "act") is (turn == side), (status, voucher)
            assert bool(found.url) is (turn == side), (status, voucher)


@pytest.mark.parametrize("side", PLANS)
def test_every_address_of_every_box_exists(side: str) -> None:
    for (status, voucher), rated, contract in product(CASES, (True, False), (True, False)):
        found = box(status, voucher, side, rated=rated, contract=contract)
        for address in (found.url, found.more_url):
            if address and not address.startswith("#"):
                resolve(address.split("?")[0])
        assert bool(found.url) == bool(found.label), (status, voucher)


@pytest.mark.parametrize("side", PLANS)
def test_who_must_wait_reads_for_whom(side: str) -> None:
    names = {"enterprise": "企业", "carrier": "机构", "bureau": "科技局"}
    for status, voucher in CASES:
        turn, found = turn_of(status, voucher), box(status, voucher, side)
        if turn and turn != side:
            assert found.tone == "wait"
            assert names[turn] in str(found.turn), (status, voucher, found.turn)


@pytest.mark.parametrize("status", ["declined", "cancelled", "lapsed"])
def test_an_ended_order_says_the_reason_that_was_given(status: str) -> None:
    order = order_of(status)
    order.end_reason = "排期已满"
    found = next_act(order, shown(order, has_contract=False), side="enterprise", rated=False)
    assert (found.tone, found.why, found.url) == ("stop", "排期已满", "/ent/order/new/FW-1/")
    assert next_act(order, shown(order, has_contract=False), side="carrier", rated=False).url == ""


@pytest.mark.parametrize("side", PLANS)
def test_a_rated_order_asks_nobody_for_anything(side: str) -> None:
    found = box("completed", "paid", side, rated=True)
    assert (found.tone, found.url, found.label) == ("done", "", "")
    assert "已完成并评价" in str(found.why)


def test_an_ended_order_whose_service_is_gone_offers_no_dead_link() -> None:
    order = order_of("declined")
    order.service = None
    found = next_act(order, ORDER["declined"], side="enterprise", rated=False)
    assert found.url == ""
