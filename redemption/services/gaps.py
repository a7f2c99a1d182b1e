"""What a voucher still lacks before its redemption can be submitted, and what it is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments, calendar
from innovation_voucher.lib.money import format_yuan, yuan
from orders.models import Order
from vouchers.models import Voucher
from vouchers.policy import Gap, Policy, evidence_gaps, subsidy
from vouchers.resolve import policy_of

from ..models import BankReceipt, Invoice

#: Which order states count as having reached `redeem_from`.
REACHED: dict[str, tuple[str, ...]] = {
    "placed": ("placed", "accepted", "delivered", "completed"),
    "accepted": ("accepted", "delivered", "completed"),
    "delivered": ("delivered", "completed"),
    "completed": ("completed",),
}


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What was given for one voucher. Sums in yuan."""

    counts: dict[str, int]
    invoices: list[Invoice]
    receipts: list[BankReceipt]

    @property
    def invoice_sum(self) -> Decimal:
        """Sum of the invoices that carry an amount."""
        return sum((i.amount for i in self.invoices if i.amount is not None), Decimal("0.00"))

    @property
    def receipt_sum(self) -> Decimal:
        """Sum of the bank receipts."""
        return sum((r.amount for r in self.receipts), Decimal("0.00"))


def papers_of(voucher: Voucher) -> Papers:
    """Files of the order, invoices and receipts of one voucher."""
    return papers_for([voucher])[voucher.pk]


def papers_for(vouchers: Iterable[Voucher]) -> dict[int, Papers]:
    """The papers of many vouchers with a fixed number of queries, by voucher id."""
    rows = list(vouchers)
    orders = {order.voucher_id: order for order in Order.objects.filter(voucher__in=rows)}
    files = attachments.files_for(list(orders.values()))
    result = {}
    invoices: dict[int, list[Invoice]] = {v.pk: [] for v in rows}
    for invoice in Invoice.objects.filter(allocations__voucher__in=rows).prefetch_related("allocations"):
        for allocation in invoice.allocations.all():
            if allocation.voucher_id in invoices:
                invoices[allocation.voucher_id].append(invoice)
    receipts: dict[int, list[BankReceipt]] = {v.pk: [] for v in rows}
    for receipt in BankReceipt.objects.filter(voucher__in=rows):
        receipts[receipt.voucher_id].append(receipt)
    for voucher in rows:
        order = orders.get(voucher.pk)
        counts: dict[str, int] = {}
        for file in files.get(order.pk, []) if order else []:
            counts[file.key] = counts.get(file.key, 0) + 1
        result[voucher.pk] = Papers(counts=counts, invoices=invoices[voucher.pk], receipts=receipts[voucher.pk])
    return result


def gaps(voucher: Voucher, *, order: Order | None = None, papers: Papers | None = None) -> list[Gap]:
    """Everything that is missing, each as a sentence that says what to do; empty = 符合."""
    policy = policy_of(voucher.snapshot)
    papers = papers or papers_of(voucher)
    order = order or Order.objects.get(voucher=voucher)
    return [
        *_order_gaps(policy, order),
        *_window_gaps(policy),
        *evidence_gaps(policy, "redemption", papers.counts),
        *_invoice_gaps(policy, papers),
        *_payment_gaps(policy, voucher, papers),
    ]


def _order_gaps(policy: Policy, order: Order) -> list[Gap]:
    if order.status in REACHED[policy.redeem_from or "accepted"]:
        return []
    return [Gap(key="order", label=_("订单"), missing=1, words=_("请等订单进展到可兑付的环节"))]


def _window_gaps(policy: Policy) -> list[Gap]:
    """A window is two month-day pairs; it may run over the new year."""
    if not policy.window_from or not policy.window_to:
        return []
    today = calendar.today().strftime("%m-%d")
    start, end = policy.window_from, policy.window_to
    inside = start <= today <= end if start <= end else (today >= start or today <= end)
    if inside:
        return []
    words = _("兑付窗口期为 %(start)s 至 %(end)s，届时再提交") % {"start": start, "end": end}
    return [Gap(key="window", label=_("兑付窗口"), missing=1, words=words)]


def _invoice_gaps(policy: Policy, papers: Papers) -> list[Gap]:
    if not policy.invoice_fields:
        return []
    if not papers.invoices:
        return [Gap(key="invoice", label=_("发票"), missing=1, words=_("请填写发票号"))]
    words = {
        "amount": (_("请填写发票金额"), lambda i: i.amount is None),
        "date": (_("请填写开票日期"), lambda i: i.issued_on is None),
    }
    wanted = asked_invoice_fields(policy)
    return [
        Gap(key="invoice", label=_("发票"), missing=1, words=text)
        for name, (text, lacks) in words.items()
        if name in wanted and any(lacks(i) for i in papers.invoices)
    ]


def asked_invoice_fields(policy: Policy) -> set[str]:
    """What is asked of an invoice: the policy's fields, and its amount where a sum is checked."""
    sums = policy.payment_check in ("full", "net", "net_for_carrier") or policy.amount_base in (
        "contract_or_invoices",
        "orders_or_invoices",
        "effective_or_invoices",
    )
    return set(policy.invoice_fields or ()) | ({"amount"} if sums else set())


def _payment_gaps(policy: Policy, voucher: Voucher, papers: Papers) -> list[Gap]:
    check = policy.payment_check or "none"
    if check == "net_for_carrier":
        check = "net" if voucher.redeemer == Voucher.Redeemer.CARRIER else "full"
    if check == "none":
        return []
    if not papers.receipts:
        return [Gap(key="receipt", label=_("银行回单"), missing=1, words=_("请补充银行回单"))]
    if check == "one_receipt":
        return []
    expected = papers.invoice_sum - (voucher.amount if check == "net" else Decimal(0))
    difference = papers.receipt_sum - expected
    if difference == 0:
        return []
    return [Gap(key="receipt", label=_("银行回单"), missing=1, words=_difference_words(difference, check))]


def _difference_words(difference: Decimal, check: str) -> str:
    target = _("发票合计减券额") if check == "net" else _("发票合计")
    more = _("多") if difference > 0 else _("少")
    return _("银行回单合计比%(target)s%(more)s %(amount)s 元，两者须相等") % {
        "target": target,
        "more": more,
        "amount": format_yuan(abs(difference)),
    }


def computed_amount(voucher: Voucher, papers: Papers) -> Decimal:
    """What can be claimed: the subsidy of today's base, never above the voucher's amount, yuan."""
    policy = policy_of(voucher.snapshot)
    base = voucher.contract_amount
    if policy.amount_base not in ("contract", "reviewer", None):
        base = min(base, papers.invoice_sum)
    if policy.amount_base == "reviewer":
        return voucher.amount
    return min(yuan(subsidy(policy, base).amount), voucher.amount)
