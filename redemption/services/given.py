"""What was given for an order that is to be redeemed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from innovation_voucher.casework import attachments
from orders.models import Order
from vouchers.models import Voucher
from vouchers.resolve import policy_of

from .. import asked
from ..models import BankReceipt, ContractPaper, Invoice, InvoiceAllocation
from ..things import Thing, order_of
from .written import NOTHING, written_for

T = TypeVar("T", InvoiceAllocation, BankReceipt, ContractPaper)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What was given for one order. Sums in yuan.

    `entered` is what the payee says the contract came to, or the sum of those that are listed,
    `answers` what it wrote in the scheme's fields: of the draft, or of the redemption in which the order stands.
    """

    counts: dict[str, int]
    allocations: list[InvoiceAllocation]
    receipts: list[BankReceipt]
    contracts: list[ContractPaper] = field(default_factory=list)
    entered: Decimal | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def invoices(self) -> list[Invoice]:
        """The invoices behind the order."""
        return [allocation.invoice for allocation in self.allocations]

    @property
    def invoice_sum(self) -> Decimal:
        """What the invoices give to this order."""
        return sum((a.amount for a in self.allocations if a.amount is not None), Decimal("0.00"))

    @property
    def receipt_sum(self) -> Decimal:
        """Sum of the bank receipts."""
        return sum((r.amount for r in self.receipts), Decimal("0.00"))


def papers_of(thing: Thing) -> Papers:
    """Files of the order, invoices and receipts of one voucher or order."""
    return papers_by_order([order_of(thing)])[order_of(thing).pk]


def papers_for(vouchers: Iterable[Voucher]) -> dict[int, Papers]:
    """The papers of many vouchers by voucher id: three queries when their orders were selected with them.

    What was written is read only where a scheme asks for it.
    """
    rows = list(vouchers)
    orders = {voucher.order.pk: voucher.pk for voucher in rows if hasattr(voucher, "order")}
    policies = [policy_of(voucher.snapshot) for voucher in rows]
    asks, lists = any(map(asked.writes, policies)), any(map(asked.itemizes, policies))
    found = papers_by_order([Order(pk=pk) for pk in orders], written=asks, listed=lists)
    return {orders[pk]: papers for pk, papers in found.items()}


def papers_by_order(orders: Iterable[Order], *, written: bool = True, listed: bool = True) -> dict[int, Papers]:
    """The papers of many orders by order id; what no scheme among theirs asks for is not read."""
    rows = list(orders)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for order_id, files in attachments.files_for(rows).items():
        counts[order_id].update(file.key for file in files)
    allocations = InvoiceAllocation.objects.filter(order__in=rows).select_related("invoice__image").order_by("id")
    behind = _by_order(allocations)
    receipts = _by_order(BankReceipt.objects.filter(order__in=rows).select_related("image").order_by("id"))
    papers = ContractPaper.objects.filter(order__in=rows).select_related("image").order_by("id")
    contracts = _by_order(papers) if listed else defaultdict(list)
    said = written_for(rows) if written else dict.fromkeys((order.pk for order in rows), NOTHING)
    return {
        order.pk: Papers(
            counts=dict(counts[order.pk]),
            allocations=behind[order.pk],
            receipts=receipts[order.pk],
            contracts=contracts[order.pk],
            entered=_sum_of(contracts[order.pk]) or said[order.pk][0],
            answers=said[order.pk][1],
        )
        for order in rows
    }


def _sum_of(contracts: list[ContractPaper]) -> Decimal | None:
    return sum((paper.amount for paper in contracts), Decimal("0.00")) or None


def _by_order(found: Iterable[T]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for row in found:
        grouped[row.order_id].append(row)
    return grouped
