"""The order whose papers may be changed now, under its locks."""

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from orders.models import Order
from vouchers import services as vouchers

from .. import rules
from ..things import Thing, handle, order_of

_WITH = ("snapshot", "region", "programme", "organization", "carrier__organization", "service")


def opened_targets(order: Order) -> set[str] | None:
    """What the letter of a returned redemption opens again; None when none is returned."""
    if order.voucher is None:
        return None
    lines = order.voucher.lines.filter(live=True, redemption__status="returned")
    line = lines.select_related("redemption").first()
    return set(reviews.returned_items(line.redemption)) if line else None


def lock_order(thing: Thing) -> Order:
    """The fresh order, locked behind its account and voucher, with the voucher's fresh row."""
    order = order_of(thing)
    voucher = vouchers.lock_voucher(order.voucher) if order.voucher is not None else None
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related(*_WITH)
    fresh = rows.get(pk=order.pk)
    if voucher is None and fresh.voucher is not None:
        voucher = vouchers.lock_voucher(fresh.voucher)
    fresh.voucher = voucher
    return fresh


def open_order(thing: Thing, target: str, by: User) -> Order:
    """The locked order, when this paper of it may be changed now."""
    order = lock_order(thing)
    require(rules.for_payee(by, handle(order)), NotAllowed)
    require(rules.may_mend(by, handle(order), target, opened_targets(order)))
    return order
