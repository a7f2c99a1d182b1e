"""Placing a booking: by the enterprise on the portal, or entered for a contract signed offline."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from carriers.models import Instrument, Service
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from vouchers.models import Programme
from vouchers.policy import Policy
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from .common import expected, order_number, order_policy, tell_carrier
from .terms import start_term

#: Values of the policy's `offline_use` that let a signed contract in without a booking.
OFFLINE_ALLOWED = ("registered", "yes")


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What an enterprise asks for; the item is a service or an instrument of the catalogue."""

    item: Service | Instrument
    contact_name: str
    contact_phone: str
    quantity: int = 1
    wanted_on: date | None = None
    need: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def place_order(*, organization: Organization, programme: Programme | None, booking: Booking, by: User) -> Order:
    """Book; `programme` is the scheme whose voucher shall pay, None when none shall.

    Raises NotAllowed for people who may not act for the organization, Refused when the item cannot
    be booked from its region.
    """
    require(may_act(by, organization), NotAllowed)
    order = _new_order(organization, programme, booking, by=by)
    scheme = order_policy(order)
    require(rules.may_book(organization, booking.item, with_voucher=programme is not None, policy=scheme))
    order.save()
    audit.record("order.placed", order, by=by, region=order.region)
    due = start_term(order, "order_answer")
    title = _("收到新预约：%(title)s") % {"title": order.title}
    # The day comes first: a long title is cut at its end.
    sms = _("【创新券】请在 %(day)s 前答复，%(title)s。") % {"day": due.due_on, "title": title}
    tell_carrier(order, "order.placed", title, sms=sms)
    return order


@transaction.atomic
def place_offline(*, organization: Organization, programme: Programme, booking: Booking, by: User) -> Order:
    """Enter a contract that both sides have signed already: the order is born and accepted at once.

    Raises Refused where the scheme does not allow it or the carrier is not registered there.
    """
    require(may_act(by, organization), NotAllowed)
    require(rules.may_book(organization, booking.item, with_voucher=True))
    order = _new_order(organization, programme, booking, by=by, channel=Order.Channel.OFFLINE)
    policy = order_policy(order)
    if policy is None or policy.offline_use not in OFFLINE_ALLOWED:
        raise Refused(_("%(name)s不能线下使用，请先在线预约。") % {"name": programme.name})
    order.save()
    order.accept()
    order.accepted_at = order.placed_at
    order.save(update_fields=["status", "accepted_at"])
    audit.record("order.offline", order, by=by, region=order.region)
    title = _("企业登记了线下合同：%(title)s") % {"title": order.title}
    tell_carrier(order, "order.offline", title)
    return order


def _new_order(
    organization: Organization,
    programme: Programme | None,
    booking: Booking,
    *,
    by: User,
    channel: str = Order.Channel.ONLINE,
) -> Order:
    item = booking.item
    policy_row = snapshot(programme, organization.region) if programme else None
    policy = policy_of(policy_row) if policy_row else None
    order = Order(
        number=order_number(policy),
        organization=organization,
        region=organization.bureau,
        carrier=item.carrier,
        service=item if isinstance(item, Service) else None,
        instrument=item if isinstance(item, Instrument) else None,
        programme=programme,
        snapshot=policy_row,
        channel=channel,
        title=item.title,
        category_name=item.category.name,
        unit=item.unit,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        quantity=booking.quantity,
        wanted_on=booking.wanted_on,
        need=booking.need,
        use_voucher=programme is not None,
        answers=booking.answers,
        reference_price=item.price * booking.quantity if item.price is not None else None,
        placed_by=by,
        placed_at=timezone.now(),
    )
    set_plan(order, policy)
    return order


def set_plan(order: Order, policy: Policy | None) -> None:
    """Write what the voucher is expected to cover, from the agreed amount or the reference price."""
    base = order.agreed_amount if order.agreed_amount is not None else order.reference_price
    if order.programme is None or policy is None or base is None:
        order.planned_amount = None
    else:
        order.planned_amount = expected(order.organization, order.programme, policy, base).amount
