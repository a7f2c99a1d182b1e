"""Placing, answering and ending a booking; the talk between both sides."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from carriers.models import Carrier, Instrument, Service
from carriers.rules import bookable
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers.models import Programme
from vouchers.policy import Policy
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order, OrderMessage
from .common import expected_subsidy, lock, order_number, start_term, tell_carrier, tell_enterprise


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What an enterprise asks for. `reference_price` is for the whole quantity, yuan."""

    carrier: Carrier
    service: Service | None = None
    instrument: Instrument | None = None
    contact_name: str
    contact_phone: str
    quantity: int = 1
    wanted_on: date | None = None
    need: str = ""
    use_voucher: bool = True
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def item(self) -> Service | Instrument | None:
        """The service or the instrument, whichever was chosen."""
        return self.service or self.instrument


@transaction.atomic
def place_order(
    *,
    organization: Organization,
    programme: Programme | None,
    booking: Booking,
    by: User,
    channel: str = Order.Channel.ONLINE,
) -> Order:
    """Place a booking with a carrier that the organization's region recognizes.

    Offline bookings are born accepted: both sides have already signed. Raises Refused when the
    person may not act for the organization or the carrier cannot be booked from its region.
    """
    require(may_act(by, organization))
    require(bookable(booking.item or booking.carrier, organization.bureau))
    policy_row = snapshot(programme, organization.bureau) if programme else None
    policy = policy_of(policy_row) if policy_row else None
    order = _new_order(organization, programme, booking, by=by, channel=channel)
    order.number = order_number(programme, policy)
    order.snapshot = policy_row
    _estimate(order, policy)
    order.save()
    audit.record("order.placed", order, by=by, region=order.region, after={"channel": channel})
    if channel == Order.Channel.OFFLINE:
        _accept_offline(order, by=by)
    else:
        start_term(order, policy, "order_answer")
        tell_carrier(order, "order.placed", _("收到新预约：%(title)s") % {"title": order.title})
    return order


def _new_order(
    organization: Organization, programme: Programme | None, booking: Booking, *, by: User, channel: str
) -> Order:
    item = booking.item
    price = item.price if item else None
    return Order(
        organization=organization,
        region=organization.bureau,
        carrier=booking.carrier,
        service=booking.service,
        instrument=booking.instrument,
        programme=programme,
        channel=channel,
        title=item.title if item else booking.need[:100],
        category_name=item.category.name if item else "",
        unit=item.unit if item else "",
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        quantity=booking.quantity,
        wanted_on=booking.wanted_on,
        need=booking.need,
        use_voucher=booking.use_voucher and programme is not None,
        answers=booking.answers,
        reference_price=price * booking.quantity if price is not None else None,
        placed_by=by,
        placed_at=timezone.now(),
    )


def _accept_offline(order: Order, *, by: User) -> None:
    order.accept()
    order.accepted_at = order.placed_at
    order.save(update_fields=["status", "accepted_at"])
    audit.record("order.offline", order, by=by, region=order.region)


def _estimate(order: Order, policy: Policy | None) -> None:
    """Write what the voucher is expected to cover, from the agreed amount or the reference price."""
    base = order.agreed_amount or order.reference_price
    wanted = order.use_voucher and policy is not None and base is not None
    order.planned_amount = expected_subsidy(order, policy, base) if wanted else None


@transaction.atomic
def accept_order(order: Order, *, by: User, amount: Decimal, promised_on: date | None) -> Order:
    """The carrier takes the booking at `amount` yuan, to be done by `promised_on`."""
    order = lock(order)
    require(rules.may_accept(by, order))
    order.accept()
    order.accepted_at = timezone.now()
    order.agreed_amount = amount
    order.promised_on = promised_on
    _estimate(order, policy_of(order.snapshot) if order.snapshot else None)
    order.save()
    deadlines.close(order, "order_answer")
    audit.record(
        "order.accepted",
        order,
        by=by,
        region=order.region,
        after={"amount": str(amount), "promised_on": str(promised_on or "")},
    )
    tell_enterprise(
        order,
        "order.accepted",
        _("机构已确认预约“%(title)s”，议定金额 %(amount)s 元") % {"title": order.title, "amount": format_yuan(amount)},
    )
    return order


@transaction.atomic
def decline_order(order: Order, *, by: User, reason: str) -> Order:
    """The carrier does not take the booking, and says why."""
    order = lock(order)
    require(rules.may_decline(by, order))
    order.decline()
    _end(order, by=by, verb="order.declined", reason=reason)
    tell_enterprise(order, "order.declined", _("机构未接单：%(title)s") % {"title": order.title}, body=reason)
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: User, reason: str) -> Order:
    """The enterprise takes the booking back."""
    order = lock(order)
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


@transaction.atomic
def send_message(order: Order, *, by: User, text: str) -> OrderMessage:
    """Write a message that both sides see and neither can delete."""
    require(rules.may_write(by, order))
    from_carrier = rules.for_carrier(by, order)[0]
    message = OrderMessage.objects.create(
        order=order, author=by, from_carrier=from_carrier, text=text, at=timezone.now()
    )
    tell = tell_enterprise if from_carrier else tell_carrier
    title = _("订单 %(number)s 有新留言") % {"number": order.number}
    tell(order, "order.message", title, body=text, mark=str(message.pk))
    return message
