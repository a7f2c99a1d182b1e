"""Which way an order goes under its policy: what a voucher on it needs, and when its quota is taken."""

from vouchers.models.parameters import HoldAt
from vouchers.models.policies import Stage
from vouchers.policy import FieldSpec, Policy
from vouchers.resolve import policy_of

from .models import Order

State = Order.State
_ROAD = (State.PLACED, State.ACCEPTED, State.DELIVERED, State.COMPLETED)
#: Evidence of the use that says that there is a contract to look at.
_CONTRACT = ("use", "contract")


def policy_for(order: Order) -> Policy | None:
    """The policy under which the order stands; None for one without a scheme."""
    return policy_of(order.snapshot) if order.snapshot_id and order.snapshot else None


def has_reached(order: Order, state: str) -> bool:
    """Whether the order stands at `state` or further on its road; what ended early has reached nothing."""
    return order.status in _ROAD[_ROAD.index(State(state)) :]


def asks_contract(policy: Policy | None) -> bool:
    """Whether a signed contract is looked at before a voucher is used; without a scheme both may keep one."""
    return policy is None or any((row.stage, row.key) == _CONTRACT for row in policy.evidence)


def asks_region(policy: Policy | None) -> bool:
    """Whether the region confirms the amount once the carrier has accepted, and quota is taken then."""
    return policy is not None and policy.hold_at == HoldAt.REGION_CONFIRMS


def applies(policy: Policy | None) -> bool:
    """Whether each order applies for a voucher of its own, with a draft of the contract."""
    return policy is not None and policy.hold_at == HoldAt.APPLICATION


def holds_late(policy: Policy | None) -> bool:
    """Whether quota is taken only in the moment of the redemption: there is no voucher before."""
    return policy is not None and policy.hold_at == HoldAt.REDEMPTION


def asked_with_order(policy: Policy | None) -> bool:
    """Whether the voucher is asked for when the order is placed, and follows it from then on."""
    return policy is not None and policy.hold_at == HoldAt.ORDER_PLACED


def comes_with_order(order: Order) -> bool:
    """Whether the order's voucher was asked for with it."""
    return asked_with_order(policy_for(order))


def asked_rows(policy: Policy) -> tuple[FieldSpec, ...]:
    """What the request for a voucher answers; what the booking said, where that is what the region reads."""
    booked = policy.fields_of(Stage.ORDER) if asks_region(policy) else ()
    return (*booked, *policy.fields_of(Stage.USE))
