"""报价: the carrier offers a price and a day, changes or withdraws it; the enterprise accepts it, or time does not."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan

from .. import rules
from ..models import Order, Quote
from .agreement import take_on
from .common import lock_for, lock_with_voucher, tell_carrier, tell_enterprise
from .terms import start_term


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the carrier offers; `amount` in yuan."""

    amount: Decimal
    promised_on: date | None = None
    words: str = ""


def open_quote(order: Order) -> Quote | None:
    """The quote that waits for the enterprise (one query)."""
    return order.quotes.filter(status=Quote.State.OFFERED).first()


def quote_words(quote: Quote) -> str:
    """Amount, day and words of a quote in one line."""
    day = _("%s 前交付") % quote.promised_on if quote.promised_on else ""
    amount = _("报价 %s 元") % format_yuan(quote.amount)
    return "，".join(part for part in (amount, day, quote.words) if part)


@transaction.atomic
def offer_quote(order: Order, *, by: User, offer: Offer) -> Quote:
    """The carrier offers a price, or changes the one that it offered; the enterprise has its term anew."""
    order = lock_for(order, rules.for_carrier, by)
    require(rules.may_quote(by, order))
    _withdraw_open(order)
    quote = Quote.objects.create(
        order=order,
        amount=offer.amount,
        promised_on=offer.promised_on,
        words=offer.words,
        offered_by=by,
        offered_at=timezone.now(),
    )
    deadlines.close(order, "order_answer")
    due = start_term(order, "quote_answer")
    audit.record("order.quoted", order, by=by, region=order.region, reason=quote_words(quote))
    words = {"title": order.title, "amount": format_yuan(quote.amount)}
    title = _("机构对“%(title)s”报价 %(amount)s 元，请答复") % words
    sms = _("【创新券】请在 %(day)s 前答复，%(title)s。") % {"day": due.due_on, "title": title}
    tell_enterprise(order, "order.quoted", title, body=quote_words(quote), sms=sms, mark=str(quote.pk))
    return quote


def _withdraw_open(order: Order) -> bool:
    quote = open_quote(order)
    if quote is not None:
        quote.withdraw()
        quote.save()
    return quote is not None


@transaction.atomic
def withdraw_quote(order: Order, *, by: User) -> Order:
    """The carrier takes its quote back; the booking waits for its answer again, from today on."""
    order = lock_for(order, rules.for_carrier, by)
    require(rules.in_state(order, Order.State.PLACED))
    if not _withdraw_open(order):
        raise Refused(_("现在没有待答复的报价，刷新页面查看最新进展。"))
    deadlines.close(order, "quote_answer")
    start_term(order, "order_answer")
    audit.record("order.quote_withdrawn", order, by=by, region=order.region)
    title = _("机构撤回了报价：%(title)s") % {"title": order.title}
    tell_enterprise(order, "order.quote_withdrawn", title, mark=str(order.quotes.count()))
    return order


@transaction.atomic
def accept_quote(order: Order, *, by: User) -> Order:
    """The enterprise agrees: the order is accepted at the quote's price and day.

    A voucher that came with the order is computed anew; what it holds grows or shrinks to that.
    """
    order = lock_with_voucher(order, rules.for_enterprise, by)
    require(rules.in_state(order, Order.State.PLACED))
    quote = open_quote(order)
    if quote is None:
        raise Refused(_("现在没有待答复的报价，刷新页面查看最新进展。"))
    quote.accept()
    quote.save()
    take_on(order, "order.quote_accepted", by=by, amount=quote.amount, promised_on=quote.promised_on)
    title = _("企业已接受报价：%(title)s") % {"title": order.title}
    tell_carrier(order, "order.quote_accepted", title, sms=_("【创新券】%s。") % title)
    return order
