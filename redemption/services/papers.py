"""Invoices and bank receipts behind a voucher."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.identifiers import clean_invoice
from orders.models import Order
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.policy import Policy
from vouchers.resolve import policy_of

from .. import rules
from ..models import BankReceipt, Invoice, InvoiceAllocation

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
    allows, in any scheme, region or year; the refusal names the other voucher's case only to the
    same organization.
    """
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    policy = policy_of(voucher.snapshot)
    code, number = _cleaned(facts)
    _check_count(policy, voucher)
    invoice = _find_or_create(voucher, code, number, facts)
    _check_shared(policy, voucher, invoice)
    InvoiceAllocation.objects.create(invoice=invoice, voucher=voucher, amount=facts.amount)
    audit.record(
        "redemption.invoice_added", voucher, by=by, region=voucher.region, after={"code": code, "number": number}
    )
    return invoice


def _cleaned(facts: InvoiceFacts) -> tuple[str, str]:
    try:
        return clean_invoice(facts.code, facts.number)
    except ValueError as error:
        raise Refused(str(error)) from error


def _check_count(policy: Policy, voucher: Voucher) -> None:
    limit = policy.invoices_per_order
    if limit is not None and voucher.invoice_allocations.count() >= limit:
        raise Refused(_("一个订单最多 %(n)s 张发票，可补下差价订单后再填。") % {"n": limit})


def _find_or_create(voucher: Voucher, code: str, number: str, facts: InvoiceFacts) -> Invoice:
    """The invoice row; a rival's row is never taken over."""
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
        return Invoice.objects.select_for_update().get(code=code, number=number)


def _check_shared(policy: Policy, voucher: Voucher, invoice: Invoice) -> None:
    others = invoice.allocations.exclude(voucher=voucher).select_related("voucher")
    mine = invoice.organization_id == voucher.organization_id
    if invoice.allocations.filter(voucher=voucher).exists():
        raise Refused(_("发票 %(number)s 已经填过了。") % {"number": invoice.number})
    if not mine or (policy.orders_per_invoice is not None and others.count() >= policy.orders_per_invoice):
        where = _("创新券 %(code)s") % {"code": others[0].voucher.code} if mine and others else _("其他申请")
        raise Refused(
            _("发票 %(number)s 已用于%(where)s，换一张或联系科技局。") % {"number": invoice.number, "where": where}
        )


@transaction.atomic
def remove_invoice(voucher: Voucher, invoice: Invoice, *, by: User) -> None:
    """Take an invoice back while the voucher is not being redeemed."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    InvoiceAllocation.objects.filter(voucher=voucher, invoice=invoice).delete()
    if not invoice.allocations.exists():
        invoice.delete()
    audit.record(
        "redemption.invoice_removed",
        voucher,
        by=by,
        region=voucher.region,
        before={"code": invoice.code, "number": invoice.number},
    )


@transaction.atomic
def add_receipt(voucher: Voucher, *, by: User, amount: Decimal, paid_on: date | None) -> BankReceipt:
    """Write down what a bank receipt says, yuan."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    receipt = BankReceipt.objects.create(voucher=voucher, amount=amount, paid_on=paid_on)
    audit.record("redemption.receipt_added", voucher, by=by, region=voucher.region, after={"amount": str(amount)})
    return receipt


@transaction.atomic
def remove_receipt(voucher: Voucher, receipt: BankReceipt, *, by: User) -> None:
    """Take a bank receipt back while the voucher is not being redeemed."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    audit.record(
        "redemption.receipt_removed", voucher, by=by, region=voucher.region, before={"amount": str(receipt.amount)}
    )
    receipt.delete()


@transaction.atomic
def add_paper(voucher: Voucher, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of the redemption stage; it hangs on the voucher's order."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    row = policy_of(voucher.snapshot).evidence_row(STAGE, key)
    order = Order.objects.get(voucher=voucher)
    if row.maximum is not None and len(attachments.files(order, key)) >= row.maximum:
        raise Refused(_("“%(label)s”最多 %(n)s 份。先删除一份，再上传。") % {"label": row.label, "n": row.maximum})
    attachment = attachments.attach(order, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    audit.record(
        "redemption.paper_added",
        voucher,
        by=by,
        region=voucher.region,
        after={"key": key, "file": attachment.name},
    )
    return attachment
