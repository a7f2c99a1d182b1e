"""What papers are given for: an order, under the rules of its voucher or, before it has one, under its own."""

from accounts.models import Organization
from orders.models import Order
from vouchers.models import PolicySnapshot, Voucher
from vouchers.models.parameters import RedeemerRule
from vouchers.policy import Policy
from vouchers.resolve import policy_of

#: A voucher with its order, or an order that gets its voucher when it is redeemed.
Thing = Voucher | Order


def order_of(thing: Thing) -> Order:
    """The order behind which the papers stand."""
    found: Order = thing.order if isinstance(thing, Voucher) else thing
    return found


def handle(order: Order) -> Thing:
    """The order's voucher, which decides once there is one."""
    return order.voucher or order


def snapshot_of(thing: Thing) -> PolicySnapshot:
    """The pinned rules; an order that is redeemed has some."""
    found = thing.snapshot
    if found is None:
        raise ValueError(f"{thing} has no pinned rules")
    return found


def rules_of(thing: Thing) -> Policy:
    """The rules as data."""
    return policy_of(snapshot_of(thing))


def by_carrier(thing: Thing) -> bool:
    """Whether the carrier is paid: fixed when the voucher was requested, or by the rules of an order without one."""
    if isinstance(thing, Voucher):
        return thing.redeemer == Voucher.Redeemer.CARRIER
    return rules_of(thing).redeemer == RedeemerRule.CARRIER


def payee_of(thing: Thing) -> Organization:
    """Who is paid."""
    return thing.carrier.organization if by_carrier(thing) else thing.organization
