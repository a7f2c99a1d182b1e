"""Answering and ending a booking; the talk between both sides."""

from datetime import date
from decimal import Decimal
from statistics import median

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from carriers import services as carriers
from carriers.models import Carrier
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers

from .. import rules
from ..models import Order, OrderMessage
from .asking import ask_region
from .booking import set_plan
from .common import lock, lock_for, order_policy, tell_carrier, tell_enterprise

#: How many of its last bookings tell how fast a carrier answers.
ANSWERS_KEPT = 30


@transaction.atomic
def accept_order(order: Order, *, by: User, amount: Decimal, promised_on: date | None) -> Order:
    """The carrier takes the booking at `amount` yuan, to be done by `promised_on`."""
    # Locks are taken in one order everywhere: accounts, then the order.
    vouchers.locked_accounts(order.organization, [order.programme_id] if order.programme_id else [])
    order = lock_for(order, rules.for_carrier, by)
    require(rules.may_accept(by, order))
    order.accept()
    order.accepted_at = timezone.now()
    order.agreed_amount = amount
    order.promised_on = promised_on
    set_plan(order, order_policy(order))
    order.save()
    deadlines.close(order, "order_answer")
    after = {"amount": amount, "promised_on": promised_on}
    audit.record("order.accepted", order, by=by, region=order.region, after=after)
    _note_answer_time(order.carrier)
    refusal = ask_region(order)
    words = {"title": order.title, "amount": format_yuan(amount)}
    title = _("机构已确认预约“%(title)s”，议定金额 %(amount)s 元") % words
    body = _("创新券还没有申请成功：%(why)s。处理后可在订单页再次申请。") % {"why": refusal} if refusal else ""
    tell_enterprise(order, "order.accepted", title, body=body, sms=_("【创新券】%s。") % title)
    return order


@transaction.atomic
def decline_order(order: Order, *, by: User, reason: str) -> Order:
    """The carrier does not take the booking, and says why."""
    order = lock_for(order, rules.for_carrier, by)
    require(rules.may_decline(by, order))
    order.decline()
    _end(order, by=by, verb="order.declined", reason=reason)
    _note_answer_time(order.carrier)
    tell_enterprise(order, "order.declined", _("机构未接单：%(title)s") % {"title": order.title}, body=reason)
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: User, reason: str) -> Order:
    """The enterprise takes the booking back."""
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_cancel(by, order))
    order.cancel()
    _end(order, by=by, verb="order.cancelled", reason=reason)
    tell_carrier(order, "order.cancelled", _("企业已取消预约：%(title)s") % {"title": order.title}, body=reason)
    return order


@transaction.atomic
def lapse_order(order: Order, *, by: None = None) -> Order:
    """The clock ends a booking that nobody answered in time; harmless when it was answered."""
    order = lock(order)
    if order.status != Order.State.PLACED:
        return order
    order.lapse()
    _end(order, by=by, verb="order.lapsed", reason=_("机构未在期限内答复"))
    tell_enterprise(order, "order.lapsed", _("预约已失效：%(title)s") % {"title": order.title})
    return order


def _end(order: Order, *, by: User | None, verb: str, reason: str) -> None:
    order.ended_at = timezone.now()
    order.end_reason = reason[:300]
    order.save()
    deadlines.close(order)
    audit.record(verb, order, by=by, region=order.region, reason=reason)


def _note_answer_time(carrier: Carrier) -> None:
    """Tell the catalogue the median of the carrier's last answers, in minutes."""
    # A booking that the enterprise or the clock ended was never answered.
    theirs = Q(accepted_at__isnull=False) | Q(status=Order.State.DECLINED)
    times = (
        Order.objects.filter(theirs, carrier=carrier, channel=Order.Channel.ONLINE)
        .order_by("-id")
        .values_list("placed_at", "accepted_at", "ended_at")[:ANSWERS_KEPT]
    )
    # A set: the copy of an order that was handed in anew bears the moments of the original.
    answers = {(placed, accepted or ended) for placed, accepted, ended in times}
    minutes = [(answer - placed).total_seconds() / 60 for placed, answer in answers if answer]
    carriers.set_answer_minutes(carrier, round(median(minutes)) if minutes else None)


@transaction.atomic
def send_message(order: Order, *, by: User, text: str) -> OrderMessage:
    """Write a message that both sides see and neither can delete."""
    require(rules.for_either(by, order), NotAllowed)
    from_carrier = rules.for_carrier(by, order)[0]
    message = OrderMessage.objects.create(
        order=order, author=by, from_carrier=from_carrier, text=text, at=timezone.now()
    )
    tell = tell_enterprise if from_carrier else tell_carrier
    title = _("订单 %(number)s 有新留言") % {"number": order.number}
    tell(order, "order.message", title, body=text, mark=str(message.pk))
    return message


@transaction.atomic
def remind_enterprise(order: Order, *, by: User) -> None:
    """The carrier asks the enterprise for the contract, at most once a day."""
    order = lock_for(order, rules.for_carrier, by)
    require(rules.in_state(order, Order.State.ACCEPTED))
    if order.voucher is not None or not order.use_voucher:
        raise Refused(_("现在不需要企业上传合同。"))
    title = _("服务机构提醒您上传合同：%(title)s") % {"title": order.title}
    tell_enterprise(order, "order.reminder", title, mark=f"contract:{timezone.localdate()}")
    audit.record("order.reminded", order, by=by, region=order.region)
