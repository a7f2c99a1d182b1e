"""The bank's answer: matched row by row, paid or sent back, and the batch reconciled."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.casework.rules import require
from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.money import format_yuan, parse_yuan
from vouchers import services as vouchers

from .. import rules
from ..bankfile import FAILED_WORDS, PAID_WORDS, cell, missing_columns
from ..models import Payment, PaymentLine, Redemption, SettlementBatch
from .batches import lock_batch
from .redeeming import tell_payee

#: So many problems of a file are kept with the batch.
SHOWN = 100


@dataclass
class Results:
    """What a result file said.

    `known` rows had been applied before; `problems` are rows that were not applied, each with its
    number in the file and why.
    """

    paid: int = 0
    failed: int = 0
    known: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Totals:
    """System against bank, yuan."""

    system: Decimal
    paid: Decimal
    failed: Decimal
    waiting: Decimal

    @property
    def answered(self) -> Decimal:
        """What the bank has answered for."""
        return self.paid + self.failed

    @property
    def unpaid(self) -> Decimal:
        """System total less what the bank has paid."""
        return self.system - self.paid

    @property
    def difference(self) -> Decimal:
        """System total less what the bank has answered for."""
        return self.system - self.answered


def totals(batch: SettlementBatch) -> Totals:
    """Sums of the batch by what became of its payments."""
    sums = dict(batch.payments.values_list("status").annotate(total=Sum("amount")).order_by())
    zero = Decimal("0.00")
    waiting = sums.get("pending", zero) + sums.get("sent", zero)
    return Totals(system=batch.total, paid=sums.get("paid", zero), failed=sums.get("failed", zero), waiting=waiting)


@transaction.atomic
def import_results(batch: SettlementBatch, *, by: User, name: str, data: BinaryIO) -> Results:
    """Apply the bank's result file; rows already applied are skipped, strange rows are named.

    Raises Refused when the file cannot be read or the batch was not exported.
    """
    batch = lock_batch(batch)
    require(rules.may_prepare(by, batch), NotAllowed)
    if batch.status != SettlementBatch.State.EXPORTED:
        raise Refused(_("导出银行文件之后才能导入结果。"))
    content = data.read()
    rows = _rows(content, name)
    results = Results()
    lines = PaymentLine.objects.filter(payment__batch=batch)
    vouchers.lock_vouchers(lines.values_list("line__voucher_id", flat=True))
    list(Redemption.objects.select_for_update().filter(payment_lines__in=lines).order_by("pk").values_list("pk"))
    payments = {p.reference: p for p in batch.payments.select_for_update()}
    for row in rows:
        problem = _apply(payments.get(cell(row, "reference")), row, results, by=by)
        if problem:
            results.problems.append((row.number, problem))
    _keep(batch, content, name, by=by)
    after = {**asdict(results), "problems": results.problems[:SHOWN], "more": max(0, len(results.problems) - SHOWN)}
    audit.record("batch.results", batch, by=by, region=batch.region, after=after)
    return results


def _rows(content: bytes, name: str) -> list[spreadsheets.Row]:
    """The rows of the file; Refused when it cannot be read or lacks a column."""
    try:
        rows = spreadsheets.read_rows(BytesIO(content), name)
    except ValueError as error:
        raise Refused(str(error)) from error
    missing = missing_columns(rows[0]) if rows else []
    if missing or not rows:
        names = "、".join(missing) or _("数据行")
        raise Refused(_("结果文件缺少：%(names)s。对照说明补上后再传。") % {"names": names})
    return rows


def _keep(batch: SettlementBatch, content: bytes, name: str, *, by: User) -> None:
    """The bank's own file stays with the batch."""
    kind = "csv" if name.lower().endswith(".csv") else "xlsx"
    number = len(attachments.files(batch, "results")) + 1
    attachments.generated(batch, "results", name=f"{batch.number}-{number}.{kind}", content=content, by=by)


def _apply(payment: Payment | None, row: dict[str, str], results: Results, *, by: User) -> str:
    """Apply one row; the reason when it was not applied."""
    if payment is None:
        return _("流水号“%(reference)s”不在本批次") % {"reference": cell(row, "reference")}
    problem = _amount_problem(payment, cell(row, "amount"))
    if problem:
        return problem
    word = cell(row, "result")
    if word not in PAID_WORDS + FAILED_WORDS:
        return _("结果“%(word)s”无法识别，应为 成功 或 退回") % {"word": word}
    done = Payment.State.PAID if word in PAID_WORDS else Payment.State.FAILED
    if payment.status == done:
        results.known += 1
        return ""
    if payment.status != Payment.State.SENT:
        return _("这一笔已登记为“%(state)s”") % {"state": payment.get_status_display()}
    if done == Payment.State.PAID:
        _paid(payment, cell(row, "bank_reference"), by=by)
        results.paid += 1
    else:
        _failed(payment, cell(row, "reason"), by=by)
        results.failed += 1
    return ""


def _amount_problem(payment: Payment, text: str) -> str:
    try:
        amount = parse_yuan(text)
    except ValueError as error:
        return str(error)
    if amount != payment.amount:
        return _("金额 %(bank)s 与系统 %(ours)s 不一致") % {
            "bank": format_yuan(amount),
            "ours": format_yuan(payment.amount),
        }
    return ""


def _paid(payment: Payment, bank_reference: str, *, by: User) -> None:
    payment.pay()
    payment.bank_reference = bank_reference[:60]
    payment.settled_at = timezone.now()
    payment.save(update_fields=["status", "bank_reference", "settled_at"])
    for line in payment.lines.select_related("line__voucher", "redemption__payee", "redemption__region"):
        vouchers.pay_voucher(line.line.voucher, amount=line.amount, by=by)
        _redemption_paid(line, by=by)


def _redemption_paid(line: PaymentLine, *, by: User) -> None:
    """The redemption is paid with its last line."""
    redemption = line.redemption
    redemption.refresh_from_db()
    waiting = redemption.payment_lines.filter(live=True).exclude(payment__status=Payment.State.PAID)
    if redemption.status != "payable" or waiting.exists():
        return
    redemption.pay()
    redemption.paid_at = timezone.now()
    redemption.failure = ""
    redemption.save(update_fields=["status", "paid_at", "failure"])
    audit.record("redemption.paid", redemption, by=by, region=redemption.region)
    title = _("兑付 %(number)s 已拨付 %(amount)s 元")
    paid = sum(x.amount for x in redemption.payment_lines.filter(live=True))
    tell_payee(redemption, "paid", title % {"number": redemption.number, "amount": format_yuan(paid)})


def _failed(payment: Payment, reason: str, *, by: User) -> None:
    payment.fail()
    payment.failure = reason[:200]
    payment.settled_at = timezone.now()
    payment.save(update_fields=["status", "failure", "settled_at"])
    for line in payment.lines.select_related("line__voucher", "redemption__payee", "redemption__region"):
        vouchers.unfreeze_voucher(line.line.voucher, amount=line.amount, by=by)
        line.live = False
        line.save(update_fields=["live"])
        redemption = line.redemption
        redemption.refresh_from_db()
        redemption.failure = reason[:200] or _("银行没有写明原因")
        redemption.save(update_fields=["failure"])
        audit.record("redemption.sent_back", redemption, by=by, region=redemption.region, reason=reason)
        title = _("兑付 %(number)s 的款项被银行退回，请更新收款账户") % {"number": redemption.number}
        tell_payee(redemption, "sent_back", title, body=reason, mark=payment.reference)


@transaction.atomic
def reconcile_batch(batch: SettlementBatch, *, by: User) -> SettlementBatch:
    """Close the batch once every payment is answered and paid + failed = total."""
    batch = lock_batch(batch)
    require(rules.may_prepare(by, batch), NotAllowed)
    if batch.status != SettlementBatch.State.EXPORTED:
        raise Refused(_("批次现在是“%(state)s”，不能核对。") % {"state": batch.get_status_display()})
    sums = totals(batch)
    if sums.waiting or sums.difference:
        raise Refused(
            _("还有 %(amount)s 元没有银行结果，导入完整的结果文件后再核对。")
            % {"amount": format_yuan(sums.waiting or sums.difference)}
        )
    batch.reconcile()
    batch.reconciled_at = timezone.now()
    batch.save(update_fields=["status", "reconciled_at"])
    audit.record("batch.reconciled", batch, by=by, region=batch.region)
    return batch


def last_results(batch: SettlementBatch) -> dict[str, Any] | None:
    """What the newest result file said, as it was recorded; None before the first."""
    kind = ContentType.objects.get_for_model(batch)
    row = AuditRow.objects.filter(subject_type=kind, subject_id=batch.pk, verb="batch.results").first()
    return dict(row.after) if row else None
