"""The request to the region that follows a carrier's acceptance, where the policy has the region confirm the amount."""

from django.db import transaction

from innovation_voucher.casework.errors import Refused
from vouchers.policy import redeemers

from ..models import Order
from ..roads import asks_region
from .evidence import use_policy
from .use import Use, bind


def order_use(order: Order) -> Use:
    """What the order itself says of the use: the agreed amount and the answers of the booking."""
    if order.agreed_amount is None:
        raise ValueError(f"order {order.number} has no agreed amount")
    who = redeemers(use_policy(order))[0]
    return Use(contract_name=order.title, contract_amount=order.agreed_amount, redeemer=who, answers=order.answers)


def ask_region(order: Order) -> str:
    """Send a locked order, accepted just now, to its region by what the enterprise asked for when it placed it.

    Its accounts are locked before it. Answers why that cannot be, empty when it is done: the carrier's
    acceptance stands either way, and the enterprise may ask by itself later.
    """
    if order.programme is None or not order.use_voucher or not asks_region(use_policy(order)):
        return ""
    try:
        with transaction.atomic():
            bind(order, order_use(order), by=None)
    except Refused as refused:
        order.voucher = None
        return str(refused.message)
    return ""
