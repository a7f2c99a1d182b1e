"""A voucher that is asked for with its order: held when it is placed, issued once both sides agree.

Accounts are locked before orders; the verbs that call `ask` have called `lock_accounts` first, those that
call `agree` or `give_up` came through `common.lock_with_voucher`.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from vouchers import services as vouchers
from vouchers.models import Programme, Voucher
from vouchers.policy import redeemers
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from ..roads import asked_with_order
from .use import Use, may_pay_for, send_on, voucher_facts


def lock_accounts(organization: Organization, programme: Programme | None) -> None:
    """Lock the quota on which a voucher of the scheme would draw; nothing without a scheme."""
    if programme is not None:
        vouchers.locked_accounts(organization, [programme.pk])


def price_of(order: Order) -> Decimal | None:
    """The price (yuan) on which a voucher is computed now; None while it is open."""
    return order.agreed_amount if order.agreed_amount is not None else order.reference_price


def ask(order: Order, *, by: User) -> None:
    """Ask for the voucher of a saved order where its scheme wants that now, and write it on the order.

    Raises Refused when the price is open, the service is not paid for, the parties are related or no
    quota is left.
    """
    if order.programme is None:
        return
    policy, price = policy_of(snapshot(order.programme, order.organization.region)), price_of(order)
    if not asked_with_order(policy):
        return
    if price is None:
        raise Refused(_("填写议定服务金额，系统据此计算拟用券额。"), "amount")
    require(may_pay_for(order, policy))
    use = Use(contract_name=order.title, contract_amount=price, redeemer=redeemers(policy)[0])
    order.voucher = vouchers.request_voucher(**voucher_facts(order, use), by=by)
    order.snapshot, order.planned_amount = order.voucher.snapshot, order.voucher.amount
    order.save(update_fields=["voucher", "snapshot", "planned_amount"])


def agree(order: Order, *, by: User) -> None:
    """Both sides agreed on the price: the voucher is issued at what it is worth now, or goes to its review."""
    voucher = order.voucher
    if voucher is None or voucher.status != Voucher.State.REQUESTED or order.agreed_amount is None:
        return
    voucher = vouchers.agree_voucher(voucher, contract_amount=order.agreed_amount, by=by)
    order.voucher = send_on(order, voucher, by=by)
    order.planned_amount = order.voucher.amount


def give_up(order: Order, *, by: User | None, reason: str, void: bool = False) -> None:
    """The order has ended: its voucher is void (taken back by the holder) or lapses, and the hold is free."""
    if order.voucher is None or rules.voucher_ended(order):
        return
    if void:
        vouchers.void_voucher(order.voucher, by=by, reason=reason)
    else:
        vouchers.lapse_voucher(order.voucher, by=by, reason=reason)
