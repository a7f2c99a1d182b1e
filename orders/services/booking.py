"""Placing a booking: by the enterprise on the portal, or entered for a contract signed offline."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
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
from vouchers.models.policies import Stage
from vouchers.phones import require_confirmed
from vouchers.policy import Policy
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order, OrderLine
from ..schemes import lets_offline
from . import placing
from .common import expected, order_number, order_policy, tell_carrier
from .terms import start_term

Item = Service | Instrument


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many of one item."""

    item: Item
    quantity: int = 1


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What an enterprise asks for; the item is a service or an instrument of the catalogue.

    `more` are further items of the same carrier under the same contract; `amount` is the price (yuan)
    that both sides talked about, if they have.
    """

    item: Item
    contact_name: str
    contact_phone: str
    quantity: int = 1
    more: tuple[Line, ...] = ()
    amount: Decimal | None = None
    wanted_on: date | None = None
    need: str = ""
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        return (Line(item=self.item, quantity=self.quantity), *self.more)

    @property
    def reference_price(self) -> Decimal | None:
        """What the catalogue says that all of it costs; None while one price is open."""
        known = [line.item.price * line.quantity for line in self.lines if line.item.price is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.lines) else None


@transaction.atomic
def place_order(
    *, organization: Organization, programme: Programme | None, booking: Booking, by: User, by_phone: bool = False
) -> Order:
    """Book; `programme` is the scheme whose voucher shall pay, None when none shall.

    Where the scheme says so the voucher is asked for now and quota is held (`placing.ask`). `by_phone`
    enters what was agreed already; the carrier's acceptance confirms it. Raises NotAllowed for people
    who may not act for the organization, Refused when an item cannot be booked from its region.
    """
    require(may_act(by, organization), NotAllowed)
    require_bookable(organization, booking, programme)
    placing.lock_accounts(organization, programme)
    channel = Order.Channel.PHONE if by_phone else Order.Channel.ONLINE
    order = new_order(organization, programme, booking, by=by, channel=channel)
    placing.ask(order, by=by)
    audit.record("order.placed", order, by=by, region=order.region, after={"amount": order.planned_amount})
    due = start_term(order, "order_answer")
    title = _("收到新预约：%(title)s") % {"title": order.title}
    # The day comes first: a long title is cut at its end.
    sms = _("【创新券】请在 %(day)s 前答复，%(title)s。") % {"day": due.due_on, "title": title}
    tell_carrier(order, "order.placed", title, sms=sms)
    return order


def require_bookable(organization: Organization, booking: Booking, programme: Programme | None) -> None:
    """Refused for the first item that the organization cannot book, with the scheme's voucher if one shall pay, or
    that is another carrier's; and for a phone that the scheme asks for and nobody has confirmed.
    """
    policy = policy_of(snapshot(programme, organization.region)) if programme else None
    for line in booking.lines:
        require(rules.may_book(organization, line.item, with_voucher=programme is not None, policy=policy))
        if line.item.carrier_id != booking.item.carrier_id:
            raise Refused(_("不同机构的服务分开预约；一个订单对应一家机构和一份合同。"))
    if policy:
        require_confirmed(organization, policy.fields_of(Stage.ORDER), booking.answers)


@transaction.atomic
def place_offline(*, organization: Organization, programme: Programme, booking: Booking, by: User) -> Order:
    """Enter a contract that both sides have signed already: the order is born and accepted at once.

    Raises Refused where the scheme does not allow it or the carrier is not registered there.
    """
    require(may_act(by, organization), NotAllowed)
    require_bookable(organization, booking, programme)
    order = new_order(organization, programme, booking, by=by, channel=Order.Channel.OFFLINE)
    policy = order_policy(order)
    if policy is None or not lets_offline(policy):
        raise Refused(_("%(name)s不能线下使用，请先在线预约。") % {"name": programme.name})
    order.accept()
    order.accepted_at = order.placed_at
    order.save(update_fields=["status", "accepted_at"])
    audit.record("order.offline", order, by=by, region=order.region)
    title = _("企业登记了线下合同：%(title)s") % {"title": order.title}
    tell_carrier(order, "order.offline", title)
    return order


def new_order(
    organization: Organization, programme: Programme | None, booking: Booking, *, by: User, **more: Any
) -> Order:
    """A saved order in the first state with its items; nobody is told yet."""
    item, several = booking.item, bool(booking.more)
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
        title=_title(booking),
        category_name=item.category.name,
        unit="" if several else item.unit,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        quantity=len(booking.lines) if several else booking.quantity,
        wanted_on=booking.wanted_on,
        need=booking.need,
        use_voucher=programme is not None,
        answers=booking.answers,
        reference_price=booking.reference_price,
        agreed_amount=booking.amount,
        placed_by=by,
        placed_at=timezone.now(),
        **more,
    )
    set_plan(order, policy)
    order.save()
    if several:
        OrderLine.objects.bulk_create([_line(order, line) for line in booking.lines])
    return order


def _title(booking: Booking) -> str:
    if not booking.more:
        return booking.item.title
    rest = _("等 %(n)d 项") % {"n": len(booking.lines)}
    return booking.item.title[: 100 - len(rest)] + rest


def _line(order: Order, line: Line) -> OrderLine:
    item = line.item
    return OrderLine(
        order=order,
        service=item if isinstance(item, Service) else None,
        instrument=item if isinstance(item, Instrument) else None,
        quantity=line.quantity,
        price=item.price,
        title=item.title,
        unit=item.unit,
    )


def set_plan(order: Order, policy: Policy | None) -> None:
    """Write what the voucher is expected to cover, from the agreed amount or the reference price."""
    base = order.agreed_amount if order.agreed_amount is not None else order.reference_price
    if order.programme is None or policy is None or base is None:
        order.planned_amount = None
    else:
        order.planned_amount = expected(order.organization, order.programme, policy, base).amount
