"""Invoices and bank receipts behind a voucher."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.identifiers import clean_invoice
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from orders.models import Order
from orders.rules import ENDED_VOUCHER
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.policy import EvidenceSpec, Policy
from vouchers.resolve import policy_of

from .. import rules
from ..models import BankReceipt, Invoice, InvoiceAllocation
from .gaps import INVOICES, RECEIPTS

#: Stage of the evidence rows that belong here.
STAGE = "redemption"


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """What is written on an invoice; `amount` in yuan, tax included."""

    code: str = ""
    number: str
    issued_on: date | None = None
    amount: Decimal | None = None


@transaction.atomic
def add_invoice(voucher: Voucher, *, by: User, facts: InvoiceFacts) -> Invoice:
    """Put an invoice behind a voucher.

    The same invoice (code and number) never stands behind two vouchers beyond what the policy
    allows, in any scheme, region or year, and never with more than its amount. The refusal names
    the other voucher only to the same organization.
    """
    voucher = _open(voucher, INVOICES, by)
    policy = policy_of(voucher.snapshot)
    code, number = _cleaned(facts)
    _check_count(policy, voucher)
    invoice = _find_or_create(voucher, code, number, facts)
    amount = _share(policy, voucher, invoice)
    InvoiceAllocation.objects.create(invoice=invoice, voucher=voucher, amount=amount)
    audit.record(
        "redemption.invoice_added", voucher, by=by, region=voucher.region, after={"code": code, "number": number}
    )
    return invoice


def opened_targets(voucher: Voucher) -> set[str] | None:
    """What the letter of a returned redemption opens again; None when none is returned."""
    line = voucher.lines.filter(live=True, redemption__status="returned").select_related("redemption").first()
    return set(reviews.returned_items(line.redemption)) if line else None


def _open(voucher: Voucher, target: str, by: User) -> Voucher:
    """The locked voucher, when this paper of it may be changed now."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.for_payee(by, voucher), NotAllowed)
    require(rules.may_mend(by, voucher, target, opened_targets(voucher)))
    return voucher


def _cleaned(facts: InvoiceFacts) -> tuple[str, str]:
    if facts.amount is not None and facts.amount <= 0:
        raise Refused(_("发票金额须大于 0 元。"))
    try:
        return clean_invoice(facts.code, facts.number)
    except ValueError as error:
        raise Refused(str(error)) from error


def _check_count(policy: Policy, voucher: Voucher) -> None:
    limit = policy.invoices_per_order
    if limit is not None and voucher.invoice_allocations.count() >= limit:
        raise Refused(_("一个订单最多 %(n)s 张发票，可补下差价订单后再填。") % {"n": limit})


def _find_or_create(voucher: Voucher, code: str, number: str, facts: InvoiceFacts) -> Invoice:
    """The invoice row, locked; one that others typed before is found again."""
    try:
        with transaction.atomic():
            return Invoice.objects.create(
                organization=voucher.organization,
                code=code,
                number=number,
                issued_on=facts.issued_on,
                amount=facts.amount,
            )
    except IntegrityError:
        found = Invoice.objects.select_for_update().filter(code=code, number=number).first()
    if found is None:
        raise Stale(_("发票 %(number)s 刚刚被删除，请再填一次。") % {"number": number})
    if found.organization_id == voucher.organization_id and facts.amount not in (None, found.amount):
        raise Refused(_("发票 %(number)s 之前登记的金额不同，对照发票核对。") % {"number": number})
    return found


def _share(policy: Policy, voucher: Voucher, invoice: Invoice) -> Decimal | None:
    """How much of the invoice stands behind this voucher, yuan; None where no amount is asked."""
    others = invoice.allocations.exclude(voucher=voucher).exclude(voucher__status__in=ENDED_VOUCHER)
    others = others.select_related("voucher").order_by("id")
    if invoice.allocations.filter(voucher=voucher).exists():
        raise Refused(_("发票 %(number)s 已经填过了。") % {"number": invoice.number})
    mine = invoice.organization_id == voucher.organization_id
    limit = policy.orders_per_invoice
    if not mine or (limit is not None and len(others) >= limit):
        raise Refused(_used_words(invoice, _known(others[0].voucher, voucher) if mine else None))
    if limit == 1 or invoice.amount is None:
        return invoice.amount
    left = invoice.amount - sum((other.amount or Decimal(0) for other in others), Decimal("0.00"))
    if voucher.contract_amount > left:
        raise Refused(
            _("发票 %(number)s 还可分摊 %(left)s 元，少于合同金额 %(amount)s 元。")
            % {
                "number": invoice.number,
                "left": format_yuan(left),
                "amount": format_yuan(voucher.contract_amount),
            }
        )
    return voucher.contract_amount


def _known(other: Voucher, voucher: Voucher) -> Voucher | None:
    """The other voucher, where the one who types may know of it: a carrier knows only its own."""
    by_enterprise = voucher.redeemer == Voucher.Redeemer.ENTERPRISE
    return other if by_enterprise or other.carrier_id == voucher.carrier_id else None


def _used_words(invoice: Invoice, voucher: Voucher | None) -> str:
    """Names the other case to its own organization, nothing of it to strangers."""
    where = _("其他申请")
    if voucher is not None:
        number = voucher.lines.filter(live=True).values_list("redemption__number", flat=True).first()
        where = number or _("创新券 %(code)s") % {"code": group_code(voucher.code)}
    words = _("发票 %(number)s 已用于%(where)s，换一张或联系科技局。")
    return words % {"number": invoice.number, "where": where}


@transaction.atomic
def remove_invoice(voucher: Voucher, invoice: Invoice, *, by: User) -> None:
    """Take an invoice back while its voucher is open; one behind no voucher is forgotten."""
    voucher = _open(voucher, INVOICES, by)
    locked = Invoice.objects.select_for_update().filter(pk=invoice.pk).first()
    if locked is None:
        return
    InvoiceAllocation.objects.filter(voucher=voucher, invoice=locked).delete()
    if not locked.allocations.exists():
        locked.delete()
    before = {"code": invoice.code, "number": invoice.number}
    audit.record("redemption.invoice_removed", voucher, by=by, region=voucher.region, before=before)


@transaction.atomic
def add_receipt(voucher: Voucher, *, by: User, amount: Decimal, paid_on: date | None) -> BankReceipt:
    """Write down what a bank receipt says, yuan."""
    voucher = _open(voucher, RECEIPTS, by)
    if amount <= 0:
        raise Refused(_("回单金额须大于 0 元。"))
    receipt = BankReceipt.objects.create(voucher=voucher, amount=amount, paid_on=paid_on)
    audit.record("redemption.receipt_added", voucher, by=by, region=voucher.region, after={"amount": str(amount)})
    return receipt


@transaction.atomic
def remove_receipt(voucher: Voucher, receipt: BankReceipt, *, by: User) -> None:
    """Take a bank receipt back while its voucher is open."""
    voucher = _open(voucher, RECEIPTS, by)
    before = {"amount": str(receipt.amount)}
    if BankReceipt.objects.filter(pk=receipt.pk, voucher=voucher).delete()[0]:
        audit.record("redemption.receipt_removed", voucher, by=by, region=voucher.region, before=before)


@transaction.atomic
def add_paper(voucher: Voucher, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of the redemption stage; it hangs on the voucher's order."""
    voucher = _open(voucher, key, by)
    row, order = _row(voucher, key), Order.objects.get(voucher=voucher)
    if row.maximum is not None and len(attachments.files(order, key)) >= row.maximum:
        raise Refused(_("“%(label)s”最多 %(n)s 份。先删除一份，再上传。") % {"label": row.label, "n": row.maximum})
    file = attachments.attach(order, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    after = {"key": key, "file": file.name}
    audit.record("redemption.paper_added", voucher, by=by, region=voucher.region, after=after)
    return file


@transaction.atomic
def remove_paper(voucher: Voucher, file: Attachment, *, by: User) -> None:
    """Take a file of the redemption stage back while its voucher is open."""
    voucher = _open(voucher, file.key, by)
    row, order = _row(voucher, file.key), Order.objects.get(voucher=voucher)
    if file not in attachments.files(order, row.key):
        raise Refused(_("这份材料不属于这张券。"))
    attachments.remove(file, by=by)
    before = {"key": file.key, "file": file.name}
    audit.record("redemption.paper_removed", voucher, by=by, region=voucher.region, before=before)


def _row(voucher: Voucher, key: str) -> EvidenceSpec:
    try:
        return policy_of(voucher.snapshot).evidence_row(STAGE, key)
    except LookupError as error:
        raise Refused(_("这份材料不需要上传。")) from error
