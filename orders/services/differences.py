"""差价订单: an order that hangs on another one of the same parties, so that a further invoice may stand behind it."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan

from .. import rules
from ..models import Order
from . import placing
from .anew import copy_of
from .common import lock_for, tell_carrier
from .terms import start_term


@transaction.atomic
def place_difference(order: Order, *, by: User, amount: Decimal, reason: str) -> Order:
    """Book the difference of `amount` yuan to an order; the carrier answers it like any booking.

    Raises NotAllowed for strangers, Refused where one order may have several invoices anyway, on an
    order that has ended, and on a difference order.
    """
    placing.lock_accounts(order.organization, order.programme)
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_add_difference(by, order))
    fresh = copy_of(
        order,
        parent=order,
        channel=Order.Channel.ONLINE,
        by_carrier=False,
        need=reason,
        quantity=1,
        reference_price=None,
        agreed_amount=amount,
        planned_amount=None,
        promised_on=None,
        placed_by=by,
        placed_at=timezone.now(),
        accepted_at=None,
        delivered_at=None,
        completed_at=None,
    )
    placing.ask(fresh, by=by)
    start_term(fresh, "order_answer")
    words = {"number": order.number, "amount": format_yuan(amount)}
    audit.record("order.difference", fresh, by=by, region=fresh.region, reason=reason, before={"order": order.number})
    title = _("企业对订单 %(number)s 补下差价订单 %(amount)s 元") % words
    tell_carrier(fresh, "order.difference", title, body=reason, sms=_("【创新券】%s，请答复。") % title)
    return fresh
