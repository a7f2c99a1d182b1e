"""Both sides agree: the order is in service, and what hangs on it follows."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.money import format_yuan

from ..models import Order
from . import placing
from .asking import ask_region
from .booking import set_plan
from .common import order_policy


def take_on(order: Order, verb: str, *, by: User, amount: Decimal, promised_on: date | None) -> str:
    """Accept a locked order at `amount` yuan under the verb's name; a voucher that came with it is issued.

    Answers words for the enterprise when the voucher that should be asked for now could not be.
    """
    order.accept()
    order.accepted_at = timezone.now()
    order.agreed_amount, order.promised_on = amount, promised_on
    set_plan(order, order_policy(order))
    placing.agree(order, by=by)
    order.save()
    deadlines.close(order, "order_answer")
    deadlines.close(order, "quote_answer")
    after = {"amount": amount, "promised_on": promised_on}
    audit.record(verb, order, by=by, region=order.region, after=after)
    refusal = ask_region(order)
    return _("创新券还没有申请成功：%(why)s。处理后可在订单页再次申请。") % {"why": refusal} if refusal else ""


def refuse_dearer(order: Order, amount: Decimal) -> None:
    """Quota is held for the price that the enterprise ordered at; only the enterprise agrees to more.

    A lower price shrinks the hold when it is accepted; a higher one is offered as a quote, whose
    acceptance asks for more quota.
    """
    voucher = order.voucher
    if voucher is None or voucher.ended_at is not None or amount <= voucher.contract_amount:
        return
    words = _("金额高于企业下单时的 %s 元，企业的额度按该金额占用。改为发报价，企业接受后订单生效。")
    raise Refused(words % format_yuan(voucher.contract_amount), "dearer")
