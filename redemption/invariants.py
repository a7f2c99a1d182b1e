"""What must hold for redemptions and payments at any time; each check yields one line per broken row."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from innovation_voucher.casework.models import ReviewTask
from vouchers.models import LedgerEntry, Voucher

from .models import Invoice, Payment, PaymentLine, PublicityRow, Redemption, RedemptionLine, SettlementBatch

_ZERO = Decimal(0)
FIXED = ("frozen", "countersigned", "exported", "reconciled")


def batches_add_up() -> Iterator[str]:
    """A fixed batch is the sum of its payments, each payment the sum of its lines."""
    for batch in SettlementBatch.objects.filter(status__in=FIXED).annotate(paid=Sum("payments__amount")):
        if batch.total != (batch.paid or _ZERO):
            yield f"batch {batch.number}: total {batch.total}, payments {batch.paid}"
    rows = Payment.objects.annotate(sum=Sum("lines__amount")).exclude(amount=F("sum"))
    yield from (f"payment {row.reference}: amount {row.amount}, lines {row.sum}" for row in rows)


def reconciled_batches_are_answered() -> Iterator[str]:
    """In a reconciled batch every payment is paid or failed."""
    rows = Payment.objects.filter(batch__status="reconciled").exclude(status__in=("paid", "failed"))
    yield from (f"payment {row.reference}: {row.status} in a reconciled batch" for row in rows)


def lines_have_their_entries() -> Iterator[str]:
    """What vouchers have in batches, and what they were paid, is what the ledger froze and paid."""
    waiting = _sums(PaymentLine.objects.filter(live=True, payment__status__in=("pending", "sent")))
    paid = _sums(PaymentLine.objects.filter(live=True, payment__status="paid"))
    booked = _paid_entries()
    for voucher in Voucher.objects.only("code", "in_batch", "status").iterator():
        if voucher.in_batch != waiting.get(voucher.pk, _ZERO):
            yield f"voucher {voucher.code}: in_batch is not the sum of its payment lines"
        if paid.get(voucher.pk, _ZERO) != booked.get(voucher.code, _ZERO):
            yield f"voucher {voucher.code}: the ledger paid another amount than its payment lines"


def _sums(lines: Iterable[PaymentLine]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for voucher, amount in lines.values_list("line__voucher", "amount"):  # type: ignore[attr-defined]
        sums[voucher] = sums.get(voucher, _ZERO) + amount
    return sums


def _paid_entries() -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for reference, amount in LedgerEntry.objects.filter(kind="pay").values_list("reference", "amount"):
        code = reference.rpartition("/")[0]
        sums[code] = sums.get(code, _ZERO) + amount
    return sums


def lines_are_in_one_batch() -> Iterable[str]:
    """A redemption line stands in at most one batch at a time."""
    twice = PaymentLine.objects.filter(live=True).values("line").annotate(n=Count("pk")).filter(n__gt=1)
    return (f"line {row['line']}: in {row['n']} batches" for row in twice)


def invoices_are_not_overdrawn() -> Iterator[str]:
    """What stands on an invoice is at most its amount."""
    live = Q(allocations__order__voucher__status__in=("confirmed", "redeeming", "paid"))
    rows = Invoice.objects.filter(amount__isnull=False).annotate(used=Sum("allocations__amount", filter=live))
    yield from (f"invoice {row.pk}: {row.used} of {row.amount} are used" for row in rows.filter(used__gt=F("amount")))


def amounts_only_fall() -> Iterator[str]:
    """approved <= claimed <= computed <= the voucher's amount."""
    wrong = RedemptionLine.objects.filter(
        Q(computed__gt=F("voucher__amount")) | Q(claimed__gt=F("computed")) | Q(approved__gt=F("claimed"))
    )
    yield from (f"line {line.pk}: amounts rise" for line in wrong)


def hands_are_different() -> Iterator[str]:
    """Who opened, who reviewed, who prepared and who countersigned the payment of a redemption are different people."""
    kind = ContentType.objects.get_for_model(Redemption)
    deciders: dict[int, set[int]] = {}
    tasks = ReviewTask.objects.filter(case__subject_type=kind, decided_by__isnull=False)
    openers = Redemption.objects.filter(created_by__isnull=False).values_list("pk", "created_by")
    for subject, person in [*tasks.values_list("case__subject_id", "decided_by"), *openers]:
        deciders.setdefault(subject, set()).add(person)
    lines = PaymentLine.objects.filter(live=True).values_list(
        "redemption", "payment__batch__number", "payment__batch__prepared_by", "payment__batch__countersigned_by"
    )
    for redemption, number, preparer, second in lines.distinct():
        if preparer == second or deciders.get(redemption, set()) & {preparer, second}:
            yield f"batch {number}: one person has two parts in redemption {redemption}"


def lists_are_paid_as_shown() -> Iterator[str]:
    """The newest list of a redemption shows exactly what its lines were given."""
    newest = PublicityRow.objects.filter(redemption=OuterRef("redemption")).order_by("-publicity")
    rows = PublicityRow.objects.filter(publicity=Subquery(newest.values("publicity")[:1]))
    waiting = ("in_publicity", "contested", "payable", "paid", "recovered")
    wrong = rows.filter(redemption__status__in=waiting).exclude(amount=F("line__approved"))
    yield from (f"publicity row {row.pk}: {row.amount} was shown" for row in wrong)


CHECKS = {
    "publicity.amounts": lists_are_paid_as_shown,
    "batch.sums": batches_add_up,
    "batch.answered": reconciled_batches_are_answered,
    "batch.entries": lines_have_their_entries,
    "batch.once": lines_are_in_one_batch,
    "batch.hands": hands_are_different,
    "invoice.amount": invoices_are_not_overdrawn,
    "redemption.amounts": amounts_only_fall,
}
