"""A booking agreed by phone and entered by the carrier: the enterprise confirms it, with a voucher or without."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from carriers.models import Carrier
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers.models import Programme
from vouchers.models.policies import Stage
from vouchers.phones import require_confirmed
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from . import placing
from .agreement import take_on
from .booking import Booking, new_order, require_bookable
from .common import lock_for, tell_carrier, tell_enterprise
from .terms import start_term


@transaction.atomic
def enter_phone_order(*, carrier: Carrier, organization: Organization, booking: Booking, by: User) -> Order:
    """The carrier enters what it agreed with the enterprise; that lapses like a booking unless confirmed.

    Raises NotAllowed for other carriers' people, Refused for items that are not its own.
    """
    require(may_act(by, carrier.organization), NotAllowed)
    if booking.item.carrier_id != carrier.pk:
        raise Refused(_("只能登记本机构的服务。"))
    if booking.amount is None:
        raise Refused(_("填写电话里议定的金额。"), "amount")
    require_bookable(organization, booking, None)
    order = new_order(
        organization, None, booking, by=by, channel=Order.Channel.PHONE, by_carrier=True, promised_on=booking.wanted_on
    )
    audit.record("order.entered", order, by=by, region=order.region)
    due = start_term(order, "order_answer")
    words = {"name": carrier.name, "title": order.title, "amount": format_yuan(booking.amount)}
    title = _("%(name)s登记了电话预约“%(title)s”，%(amount)s 元，请确认") % words
    sms = _("【创新券】请在 %(day)s 前确认，%(title)s。") % {"day": due.due_on, "title": title}
    tell_enterprise(order, "order.entered", title, sms=sms)
    return order


@transaction.atomic
def confirm_phone_order(
    order: Order, *, by: User, programme: Programme | None = None, answers: dict[str, Any] | None = None
) -> Order:
    """The enterprise agrees to what the carrier entered; the scheme's voucher pays where one is named, with the
    `answers` that the scheme asks for.

    Raises Refused when it is another's turn, the item is not paid for from this region, or no quota is left.
    """
    placing.lock_accounts(order.organization, programme)
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_confirm_phone(by, order))
    if programme is not None:
        _pay_with(order, programme, answers or {}, by=by)
    if order.agreed_amount is None:
        raise Refused(_("这份预约没有议定金额，请机构重新登记。"))
    take_on(order, "order.phone_confirmed", by=by, amount=order.agreed_amount, promised_on=order.promised_on)
    title = _("企业已确认电话预约：%(title)s") % {"title": order.title}
    tell_carrier(order, "order.phone_confirmed", title, sms=_("【创新券】%s。") % title)
    return order


def _pay_with(order: Order, programme: Programme, answers: dict[str, Any], *, by: User) -> None:
    row = snapshot(programme, order.organization.region)
    require_confirmed(order.organization, policy_of(row).fields_of(Stage.ORDER), answers)
    item = order.service or order.instrument
    if item is not None:
        require(rules.may_book(order.organization, item, with_voucher=True, policy=policy_of(row)))
    order.programme, order.use_voucher, order.snapshot, order.answers = programme, True, row, answers
    order.save(update_fields=["programme", "use_voucher", "snapshot", "answers"])
    placing.ask(order, by=by)
