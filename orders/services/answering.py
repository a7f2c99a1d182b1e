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

from .. import rules
from ..models import Order, OrderMessage, Quote
from . import placing
from .agreement import refuse_dearer, take_on
from .common import lock_behind_voucher, lock_for, lock_with_voucher, tell_carrier, tell_enterprise

#: How many of its last bookings tell how fast a carrier answers.
ANSWERS_KEPT = 30


@transaction.atomic
def accept_order(order: Order, *, by: User, amount: Decimal, promised_on: date | None) -> Order:
    """The carrier takes the booking at `amount` yuan, to be done by `promised_on`.

    A voucher that came with the order is issued at what that is worth; a price above the one that its
    quota is held for is refused: it takes a quote that the enterprise accepts.
    """
    order = lock_with_voucher(order, rules.for_carrier, by)
    require(rules.may_accept(by, order))
    refuse_dearer(order, amount)
    body = take_on(order, "order.accepted", by=by, amount=amount, promised_on=promised_on)
    _note_answer_time(order.carrier)
    words = {"title": order.title, "amount": format_yuan(amount)}
    title = _("机构已确认预约“%(title)s”，议定金额 %(amount)s 元") % words
    tell_enterprise(order, "order.accepted", title, body=body, sms=_("【创新券】%s。") % title)
    return order


@transaction.atomic
def decline_order(order: Order, *, by: User, reason: str) -> Order:
    """The carrier does not take the booking, and says why; a voucher that came with it lapses."""
    order = lock_with_voucher(order, rules.for_carrier, by)
    require(rules.may_decline(by, order))
    order.decline()
    _end(order, by=by, verb="order.declined", reason=reason)
    placing.give_up(order, by=by, reason=_("机构未接单：%(why)s") % {"why": reason})
    _note_answer_time(order.carrier)
    title = _("机构未接单：%(title)s") % {"title": order.title}
    tell_enterprise(order, "order.declined", title, body=reason, sms=_("【创新券】%s，可换一家机构预约。") % title)
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: User, reason: str) -> Order:
    """The enterprise takes the booking back; a voucher that came with it is void, its quota free."""
    order = lock_with_voucher(order, rules.for_enterprise, by)
    require(rules.may_cancel(by, order))
    order.cancel()
    _end(order, by=by, verb="order.cancelled", reason=reason)
    placing.give_up(order, by=by, reason=reason, void=True)
    tell_carrier(order, "order.cancelled", _("企业已取消预约：%(title)s") % {"title": order.title}, body=reason)
    return order


@transaction.atomic
def lapse_order(order: Order, *, by: None = None) -> Order:
    """The clock ends a booking or a quote that nobody answered in time; harmless when it was answered."""
    order = lock_behind_voucher(order)
    if order.status != Order.State.PLACED:
        return order
    order.lapse()
    late_enterprise = order.by_carrier or order.quotes.filter(status=Quote.State.OFFERED).exists()
    reason = _("企业未在期限内答复") if late_enterprise else _("机构未在期限内答复")
    _end(order, by=by, verb="order.lapsed", reason=reason)
    placing.give_up(order, by=by, reason=reason)
    title = _("预约已失效：%(title)s") % {"title": order.title}
    tell_enterprise(order, "order.lapsed", title, body=reason, sms=_("【创新券】%s，需要时重新预约。") % title)
    return order


def _end(order: Order, *, by: User | None, verb: str, reason: str) -> None:
    order.ended_at = timezone.now()
    order.end_reason = reason[:300]
    order.save()
    deadlines.close(order)
    for quote in order.quotes.filter(status=Quote.State.OFFERED):
        quote.expire()
        quote.save()
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
