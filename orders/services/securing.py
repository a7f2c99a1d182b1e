"""An order whose quota is taken only when it is redeemed: its voucher is made then, and the order is done."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.policy import redeemers

from .. import rules
from ..models import Order
from .common import lock_for
from .delivery import finish
from .evidence import use_policy
from .use import Use, may_pay_for, voucher_facts


def settled_amount(order: Order) -> Decimal | None:
    """What the service costs where that is settled: agreed by both, or a fixed price; None = to be entered, yuan."""
    if order.agreed_amount is not None:
        return order.agreed_amount
    fixed = order.service is not None and order.service.fixed_price
    return order.reference_price if fixed else None


@transaction.atomic
def secure(order: Order, *, by: User, amount: Decimal | None = None) -> Voucher:
    """Bind quota to an order in the transaction of its redemption; answers a confirmed voucher that holds it.

    `amount` (yuan) is what the service cost where nothing was settled before. The order is completed
    with it, from placed on as `redeem_from` allows. Raises NotAllowed for strangers; Refused with the
    reason when the service is not paid for, the amount is missing or settled otherwise, or the quota
    does not suffice.
    """
    vouchers.locked_accounts(order.organization, [order.programme_id] if order.programme_id else [])
    order = lock_for(order, rules.for_payer, by)
    policy = use_policy(order)
    require(rules.may_secure(by, order, policy))
    require(may_pay_for(order, policy))
    cost = _cost(order, amount)
    use = Use(contract_name=order.title, contract_amount=cost, redeemer=redeemers(policy)[0], answers=order.answers)
    voucher = vouchers.secure_voucher(**voucher_facts(order, use), by=by)
    order.voucher, order.snapshot, order.agreed_amount = voucher, voucher.snapshot, cost
    order.save(update_fields=["voucher", "snapshot", "agreed_amount"])
    after = {"voucher": voucher.code, "amount": voucher.amount}
    audit.record("order.voucher_used", order, by=by, region=order.region, after=after)
    if order.status != Order.State.COMPLETED:
        finish(order, by=by)
    return voucher


def _cost(order: Order, amount: Decimal | None) -> Decimal:
    settled = settled_amount(order)
    if settled is not None and amount is not None and amount != settled:
        words = _("订单 %(number)s 的金额已确定为 %(amount)s 元，不能更改。")
        raise Refused(words % {"number": order.number, "amount": format_yuan(settled)}, "settled")
    cost = settled if settled is not None else amount
    if cost is None or cost <= 0:
        words = _("填写订单 %(number)s 的服务金额，按发票和合同填写，须大于 0 元。")
        raise Refused(words % {"number": order.number}, "amount")
    return cost
