"""Invoices behind an order: each one once, in every scheme, region and year, and never with more than its amount."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused, Stale
from innovation_voucher.lib.identifiers import clean_invoice
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from orders.models import Order
from orders.rules import ENDED_ORDER, ENDED_VOUCHER
from vouchers.models import Voucher
from vouchers.policy import Policy

from .. import asked, invoice_days
from ..models import Invoice, InvoiceAllocation
from ..things import Thing, handle, rules_of
from .gaps import INVOICES
from .opened import open_order
from .pictures import Picture, drop_picture, keep_picture
from .written import entered_for, order_amount


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """What is written on an invoice; `amount` in yuan, tax included."""

    code: str = ""
    number: str
    name: str = ""
    issued_on: date | None = None
    amount: Decimal | None = None


@transaction.atomic
def add_invoice(thing: Thing, *, by: User, facts: InvoiceFacts, picture: Picture | None = None) -> Invoice:
    """Put an invoice behind an order, with its picture (file name, content) where the scheme asks for one.

    The same invoice (code and number) never stands behind two orders beyond what the policy
    allows, in any scheme, region or year, and never with more than its amount. The refusal names
    the other case only to the same organization.
    """
    order = open_order(thing, INVOICES, by)
    policy = rules_of(handle(order))
    code, number = _cleaned(facts)
    invoice_days.require_in_time(policy, order, number, facts.issued_on)
    _check_count(policy, order)
    invoice = _find_or_create(order, code, number, facts)
    amount = _share(policy, order, invoice)
    InvoiceAllocation.objects.create(invoice=invoice, order=order, amount=amount)
    keep_picture(asked.picture_rows(policy).get(asked.INVOICE_PICTURE), order, invoice, picture, by=by)
    after = {"code": code, "number": number}
    audit.record("redemption.invoice_added", handle(order), by=by, region=order.region, after=after)
    return invoice


def _cleaned(facts: InvoiceFacts) -> tuple[str, str]:
    if facts.amount is not None and facts.amount <= 0:
        raise Refused(_("发票金额须大于 0 元。"))
    try:
        return clean_invoice(facts.code, facts.number)
    except ValueError as error:
        raise Refused(str(error)) from error


def _carries_several(order: Order) -> bool:
    """Whether the order's amount may be spread over invoices: a quick redemption may."""
    return order.channel == Order.Channel.QUICK


def _check_count(policy: Policy, order: Order) -> None:
    limit = None if _carries_several(order) else policy.invoices_per_order
    if limit is not None and order.invoice_allocations.count() >= limit:
        raise Refused(_("一个订单最多 %(n)s 张发票，可补下差价订单后再填。") % {"n": limit}, "invoices")


def _find_or_create(order: Order, code: str, number: str, facts: InvoiceFacts) -> Invoice:
    """The invoice row, locked; one that others typed before is found again."""
    try:
        with transaction.atomic():
            return Invoice.objects.create(
                organization=order.organization,
                code=code,
                number=number,
                name=facts.name,
                issued_on=facts.issued_on,
                amount=facts.amount,
            )
    except IntegrityError:
        found = Invoice.objects.select_for_update(of=("self",)).filter(code=code, number=number).first()
    if found is None:
        raise Stale(_("发票 %(number)s 刚刚被删除，请再填一次。") % {"number": number})
    if found.organization_id == order.organization_id and facts.amount not in (None, found.amount):
        raise Refused(_("发票 %(number)s 之前登记的金额不同，对照发票核对。") % {"number": number})
    return found


def _share(policy: Policy, order: Order, invoice: Invoice) -> Decimal | None:
    """How much of the invoice stands behind this order, yuan; None where no amount is asked."""
    others = _others(invoice, order)
    if invoice.allocations.filter(order=order).exists():
        raise Refused(_("发票 %(number)s 已经填过了。") % {"number": invoice.number})
    mine = invoice.organization_id == order.organization_id
    limit = policy.orders_per_invoice
    if not mine or (limit is not None and len(others) >= limit):
        raise Refused(_used_words(invoice, _known(others[0].order, order) if mine else None), "used")
    if limit == 1 or invoice.amount is None:
        return invoice.amount
    left = invoice.amount - sum((other.amount or Decimal(0) for other in others), Decimal("0.00"))
    wanted = _wanted(order)
    if wanted <= left:
        return wanted
    if not _carries_several(order) or left <= 0:
        words = _("发票 %(number)s 还可分摊 %(left)s 元，少于合同金额 %(amount)s 元。")
        raise Refused(
            words % {"number": invoice.number, "left": format_yuan(left), "amount": format_yuan(wanted)}, "share"
        )
    return left


def _others(invoice: Invoice, order: Order) -> list[InvoiceAllocation]:
    """Who else stands on the invoice; what ended without payment stands there no more."""
    rows = invoice.allocations.exclude(order=order).exclude(order__voucher__status__in=ENDED_VOUCHER)
    rows = rows.exclude(order__voucher=None, order__status__in=ENDED_ORDER)
    return list(rows.select_related("order__voucher", "order__carrier").order_by("id"))


def _wanted(order: Order) -> Decimal:
    """What of the order no invoice covers yet, yuan; Refused while its amount is not entered."""
    amount = order_amount(order, entered_for(order))
    if amount is None:
        raise Refused(_("先填写订单 %(number)s 的服务金额，再填发票。") % {"number": order.number}, "amount")
    if not _carries_several(order):
        return amount
    covered = sum((row.amount or Decimal(0) for row in order.invoice_allocations.all()), Decimal("0.00"))
    return max(amount - covered, Decimal("0.00"))


def _known(other: Order, order: Order) -> Order | None:
    """The other order, where the one who types may know of it: a carrier knows only its own."""
    by_enterprise = order.voucher is None or order.voucher.redeemer == Voucher.Redeemer.ENTERPRISE
    return other if by_enterprise or other.carrier_id == order.carrier_id else None


def _used_words(invoice: Invoice, order: Order | None) -> str:
    """Names the other case to its own organization, nothing of it to strangers."""
    words = _("发票 %(number)s 已用于%(where)s，换一张或联系科技局。")
    return words % {"number": invoice.number, "where": _("其他申请") if order is None else _where(order)}


def _where(order: Order) -> str:
    if order.voucher is None:
        return _("订单 %(number)s") % {"number": order.number}
    number = order.voucher.lines.filter(live=True).values_list("redemption__number", flat=True).first()
    return number or _("创新券 %(code)s") % {"code": group_code(order.voucher.code)}


@transaction.atomic
def remove_invoice(thing: Thing, invoice: Invoice, *, by: User) -> None:
    """Take an invoice back while its order is open; one behind no order is forgotten with its picture."""
    order = open_order(thing, INVOICES, by)
    locked = Invoice.objects.select_for_update(of=("self",)).filter(pk=invoice.pk).first()
    if locked is None:
        return
    InvoiceAllocation.objects.filter(order=order, invoice=locked).delete()
    if not locked.allocations.exists():
        drop_picture(locked, by=by)
        locked.delete()
    before = {"code": invoice.code, "number": invoice.number}
    audit.record("redemption.invoice_removed", handle(order), by=by, region=order.region, before=before)
