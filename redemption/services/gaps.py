"""What a voucher still lacks before its redemption can be submitted, and what it is worth."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments, calendar
from innovation_voucher.lib.money import format_yuan, yuan
from orders.models import Order
from vouchers.models import Voucher
from vouchers.policy import Gap, Policy, evidence_gaps, subsidy
from vouchers.resolve import policy_of

from ..models import BankReceipt, Invoice, InvoiceAllocation

INVOICES = "invoices"
RECEIPTS = "receipts"

#: Amount bases that look at the invoices as well.
WITH_INVOICES = ("contract_or_invoices", "orders_or_invoices", "effective_or_invoices")

T = TypeVar("T", InvoiceAllocation, BankReceipt)

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
    allocations: list[InvoiceAllocation]
    receipts: list[BankReceipt]

    @property
    def invoices(self) -> list[Invoice]:
        """The invoices behind the voucher."""
        return [allocation.invoice for allocation in self.allocations]

    @property
    def invoice_sum(self) -> Decimal:
        """What the invoices give to this voucher."""
        return sum((a.amount for a in self.allocations if a.amount is not None), Decimal("0.00"))

    @property
    def receipt_sum(self) -> Decimal:
        """Sum of the bank receipts."""
        return sum((r.amount for r in self.receipts), Decimal("0.00"))


def papers_of(voucher: Voucher) -> Papers:
    """Files of the order, invoices and receipts of one voucher."""
    return papers_for([voucher])[voucher.pk]


def papers_for(vouchers: Iterable[Voucher]) -> dict[int, Papers]:
    """The papers of many vouchers by voucher id: three queries when their orders were selected with them."""
    rows = list(vouchers)
    orders = {voucher.order.pk: voucher.pk for voucher in rows if hasattr(voucher, "order")}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for order_id, files in attachments.files_for(Order(pk=pk) for pk in orders).items():
        counts[orders[order_id]].update(file.key for file in files)
    allocations = InvoiceAllocation.objects.filter(voucher__in=rows).select_related("invoice").order_by("id")
    behind = _by_voucher(allocations)
    receipts = _by_voucher(BankReceipt.objects.filter(voucher__in=rows).order_by("id"))
    return {
        voucher.pk: Papers(
            counts=dict(counts[voucher.pk]), allocations=behind[voucher.pk], receipts=receipts[voucher.pk]
        )
        for voucher in rows
    }


def _by_voucher(found: Iterable[T]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for row in found:
        grouped[row.voucher_id].append(row)
    return grouped


def gaps(voucher: Voucher, *, papers: Papers | None = None) -> list[Gap]:
    """Everything that is missing, each as a sentence that says what to do; empty = 符合."""
    policy = policy_of(voucher.snapshot)
    papers = papers or papers_of(voucher)
    return [
        *_order_gaps(policy, voucher.order),
        *_window_gaps(policy),
        *evidence_gaps(policy, "redemption", papers.counts),
        *_invoice_gaps(policy, papers),
        *_payment_gaps(policy, voucher, papers),
    ]


def _order_gaps(policy: Policy, order: Order) -> list[Gap]:
    if order.status in REACHED[policy.redeem_from or "accepted"]:
        return []
    return [Gap(key="order", label=_("订单"), missing=1, words=_("请等订单进展到可兑付的环节"))]


def in_window(policy: Policy, day: date) -> bool:
    """Whether the scheme takes redemptions on the day.

    A window is two month-day pairs ("11-01", "03-15"); it may run over the new year.
    """
    start, end = policy.window_from, policy.window_to
    if not start or not end:
        return True
    today = day.strftime("%m-%d")
    return start <= today <= end if start <= end else today >= start or today <= end


def _window_gaps(policy: Policy) -> list[Gap]:
    if in_window(policy, calendar.today()):
        return []
    words = _("兑付窗口期为 %(start)s 至 %(end)s，届时再提交")
    dates = {"start": policy.window_from, "end": policy.window_to}
    return [Gap(key="window", label=_("兑付窗口"), missing=1, words=words % dates)]


def _invoice_gaps(policy: Policy, papers: Papers) -> list[Gap]:
    if not policy.invoice_fields:
        return []
    if not papers.invoices:
        return [Gap(key=INVOICES, label=_("发票"), missing=1, words=_("请填写发票号"))]
    wanted = asked_invoice_fields(policy)
    found = []
    if "amount" in wanted and any(invoice.amount is None for invoice in papers.invoices):
        found.append(_("请填写发票金额"))
    if "date" in wanted and any(invoice.issued_on is None for invoice in papers.invoices):
        found.append(_("请填写开票日期"))
    return [Gap(key=INVOICES, label=_("发票"), missing=1, words=words) for words in found]


def asked_invoice_fields(policy: Policy) -> set[str]:
    """What is asked of an invoice: the policy's fields, and its amount where a sum is checked."""
    sums = policy.payment_check in ("full", "net", "net_for_carrier") or policy.amount_base in WITH_INVOICES
    return set(policy.invoice_fields or ()) | ({"amount"} if sums or policy.orders_per_invoice != 1 else set())


def payment_check(policy: Policy, voucher: Voucher) -> str:
    """How receipts and invoices are compared for this voucher: none, one_receipt, full or net."""
    if policy.payment_check == "net_for_carrier":
        return "net" if voucher.redeemer == Voucher.Redeemer.CARRIER else "full"
    return policy.payment_check or "none"


def expected_receipts(policy: Policy, voucher: Voucher, papers: Papers) -> Decimal | None:
    """What the receipts must add up to, yuan; None where no sum is compared."""
    check = payment_check(policy, voucher)
    if check not in ("full", "net"):
        return None
    return papers.invoice_sum - (voucher.amount if check == "net" else Decimal(0))


def _payment_gaps(policy: Policy, voucher: Voucher, papers: Papers) -> list[Gap]:
    check = payment_check(policy, voucher)
    expected = expected_receipts(policy, voucher, papers)
    if expected is not None and expected < 0 and papers.invoices:
        return [Gap(key=INVOICES, label=_("发票"), missing=0, words=_("发票合计不到券额，核对发票金额或补充发票"))]
    # A voucher that covers the whole contract leaves nothing to pay to the carrier.
    if check == "none" or (expected is not None and papers.receipt_sum == expected and papers.invoices):
        return []
    if not papers.receipts:
        return [Gap(key=RECEIPTS, label=_("银行回单"), missing=1, words=_("请补充银行回单"))]
    if expected is None or not papers.invoices:
        return []
    difference = papers.receipt_sum - expected
    return [Gap(key=RECEIPTS, label=_("银行回单"), missing=0, words=_difference_words(difference, check))]


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
    if policy.amount_base in WITH_INVOICES:
        base = min(base, papers.invoice_sum)
    if policy.amount_base == "reviewer":
        return voucher.amount
    return min(yuan(subsidy(policy, base).amount), voucher.amount)
