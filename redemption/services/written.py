"""What the payee wrote for an order: in the draft, or in the redemption in which it stands."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from orders.models import Order
from orders.services import settled_amount

from ..models import Pick, RedemptionLine

#: What the contract came to (yuan, None = not entered), and the answers of the scheme's fields.
Written = tuple[Decimal | None, dict[str, Any]]
NOTHING: Written = (None, {})


def written_for(orders: Iterable[Order]) -> dict[int, Written]:
    """What was written for each order, by order id (two queries)."""
    keys = [order.pk for order in orders]
    found: dict[int, Written] = dict.fromkeys(keys, NOTHING)
    lines = RedemptionLine.objects.filter(live=True, voucher__order__in=keys)
    for order, amount, answers in lines.values_list("voucher__order", "contract_amount", "redemption__answers"):
        found[order] = (amount, answers)
    for order, amount, answers in Pick.objects.filter(order__in=keys).values_list(
        "order", "contract_amount", "redemption__answers"
    ):
        found[order] = (amount, answers)
    return found


def entered_for(order: Order) -> Decimal | None:
    """What the payee says the contract of one order came to, yuan."""
    return written_for([order])[order.pk][0]


def order_amount(order: Order, entered: Decimal | None) -> Decimal | None:
    """What the payee entered, else what the voucher or the order says, yuan; None = nobody said."""
    if entered is not None:
        return entered
    return order.voucher.contract_amount if order.voucher is not None else settled_amount(order)
