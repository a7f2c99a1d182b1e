"""Settlement batches: drawn up, frozen, countersigned by another person, sent, reconciled."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import BankAccount, User
from innovation_voucher.casework import attachments, audit, numbers
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Attachment, Region
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.models import Programme, Voucher

from .. import rules
from ..bankfile import bank_csv, bank_xlsx
from ..models import Payment, PaymentLine, Redemption, SettlementBatch
from .selection import Included, Preview, preview

BANK_FILES = {"xlsx": bank_xlsx, "csv": bank_csv}


def lock_batch(batch: SettlementBatch) -> SettlementBatch:
    """The batch's fresh row: the first lock of every settlement verb."""
    rows = SettlementBatch.objects.select_for_update(of=("self",))
    return rows.select_related("programme", "region", "prepared_by").get(pk=batch.pk)


@transaction.atomic
def create_batch(
    *, programme: Programme, region: Region, period_from: date, period_to: date, by: User
) -> SettlementBatch:
    """Draw up an empty draft for a period; what it would hold is shown by `preview_of`."""
    batch = SettlementBatch(
        number=numbers.case_number("JS"),
        programme=programme,
        region=region,
        period_from=period_from,
        period_to=period_to,
        prepared_by=by,
    )
    require(rules.may_prepare(by, batch), NotAllowed)
    if period_to < period_from:
        raise Refused(_("期间结束不能早于期间开始。"))
    batch.save()
    audit.record("batch.created", batch, by=by, region=region)
    return batch


def preview_of(batch: SettlementBatch) -> Preview:
    """What the draft would hold if it were frozen now by the person who drew it up."""
    return preview(
        programme=batch.programme,
        region=batch.region,
        period_from=batch.period_from,
        period_to=batch.period_to,
        by=batch.prepared_by,
    )


@transaction.atomic
def freeze_batch(batch: SettlementBatch, *, by: User, typed_total: Decimal) -> SettlementBatch:
    """Fix the lines and payees; every amount moves from held to in_batch.

    `typed_total` is the total that the person typed again, yuan; a difference from what would be
    frozen refuses, so that nobody freezes another list than the one on the screen.
    """
    batch = lock_batch(batch)
    require(rules.may_freeze(by, batch), NotAllowed)
    _in_state(batch, SettlementBatch.State.DRAFT)
    found = preview_of(batch)
    if not found.included:
        raise Refused(_("没有可以编入的兑付。调整期间或地区后再试。"))
    if found.total != typed_total:
        raise Refused(
            _("输入的合计是 %(typed)s 元，系统合计是 %(total)s 元，两者须相等。核对明细后再锁定。")
            % {"typed": format_yuan(typed_total), "total": format_yuan(found.total)}
        )
    _freeze_rows(batch, found.included, by=by)
    batch.freeze()
    batch.total = found.total
    batch.count = batch.payments.count()
    batch.frozen_at = timezone.now()
    batch.save(update_fields=["status", "total", "count", "frozen_at"])
    audit.record(
        "batch.frozen", batch, by=by, region=batch.region, after={"total": str(batch.total), "count": batch.count}
    )
    return batch


def _freeze_rows(batch: SettlementBatch, rows: list[Included], *, by: User) -> None:
    """Accounts and vouchers are locked before the redemptions, as everywhere."""
    ids = [row.redemption.pk for row in rows]
    vouchers.lock_vouchers(Redemption.objects.filter(pk__in=ids).values_list("lines__voucher_id", flat=True))
    _lock_payable(ids)
    by_account: dict[int, list[Included]] = defaultdict(list)
    for row in rows:
        by_account[row.account.pk].append(row)
    groups = list(enumerate(by_account.values(), start=1))
    payments = Payment.objects.bulk_create(_payment(batch, n, group[0].account, group) for n, group in groups)
    PaymentLine.objects.bulk_create(
        PaymentLine(payment=payment, redemption=row.redemption, line=line, amount=line.approved)
        for payment, (_n, group) in zip(payments, groups, strict=True)
        for row in group
        for line in row.redemption.lines.all()
        if line.approved
    )
    paid = Voucher.objects.filter(lines__payment_lines__payment__batch=batch)
    vouchers.freeze_vouchers(paid.annotate(part=F("lines__payment_lines__amount")), by=by, note=batch.number)


def _lock_payable(ids: list[int]) -> None:
    """All of them are payable and in no batch, and stay so."""
    locked = Redemption.objects.select_for_update().filter(pk__in=ids, status="payable")
    if len(locked) != len(ids) or PaymentLine.objects.filter(redemption__in=ids, live=True).exists():
        raise Refused(_("有兑付刚刚变了状态，请刷新后重新核对。"))


def _payment(batch: SettlementBatch, index: int, account: BankAccount, group: list[Included]) -> Payment:
    return Payment(
        batch=batch,
        reference=f"{batch.number}-{index:04d}",
        payee=account.organization,
        holder=account.holder,
        bank=account.bank,
        account=account.number,
        last_four=account.last_four,
        amount=sum((row.amount for row in group), Decimal("0.00")),
    )


@transaction.atomic
def countersign_batch(batch: SettlementBatch, *, by: User, typed_total: Decimal) -> SettlementBatch:
    """A second person agrees, typing the total again."""
    batch = lock_batch(batch)
    require(rules.may_countersign(by, batch), NotAllowed)
    _in_state(batch, SettlementBatch.State.FROZEN)
    if typed_total != batch.total:
        raise Refused(
            _("输入的合计与批次合计 %(total)s 元不一致，核对后再复核。") % {"total": format_yuan(batch.total)}
        )
    batch.countersign()
    batch.countersigned_by = by
    batch.countersigned_at = timezone.now()
    batch.save(update_fields=["status", "countersigned_by", "countersigned_at"])
    audit.record("batch.countersigned", batch, by=by, region=batch.region)
    return batch


@transaction.atomic
def export_batch(batch: SettlementBatch, *, by: User, kind: str = "xlsx") -> Attachment:
    """The bank file, made once per kind and kept; its rows add up to the batch's total.

    `kind` is "xlsx" or "csv". The first export sends the payments; later ones give the same file.
    """
    batch = lock_batch(batch)
    require(rules.may_prepare(by, batch), NotAllowed)
    if kind not in BANK_FILES:
        raise Refused(_("银行文件只有 xlsx 和 csv 两种。"))
    kept = attachments.files(batch, f"bank_{kind}")
    if kept:
        return kept[0]
    _in_state(batch, SettlementBatch.State.COUNTERSIGNED, SettlementBatch.State.EXPORTED)
    payments = list(batch.payments.select_related("payee").order_by("reference"))
    _check_totals(batch)
    content = BANK_FILES[kind](batch, payments)
    file = attachments.generated(batch, f"bank_{kind}", name=f"{batch.number}.{kind}", content=content, by=by)
    if batch.status == SettlementBatch.State.COUNTERSIGNED:
        _send(batch, payments)
        batch.file_digest = file.sha256
        batch.save(update_fields=["status", "exported_at", "file_digest"])
    audit.record("batch.exported", batch, by=by, region=batch.region, after={"file": file.name, "sha256": file.sha256})
    return file


def _send(batch: SettlementBatch, payments: list[Payment]) -> None:
    for payment in payments:
        payment.send()
        payment.save(update_fields=["status"])
    batch.export()
    batch.exported_at = timezone.now()


def _check_totals(batch: SettlementBatch) -> None:
    """Batch total, payments and lines agree to the cent, or nothing leaves."""
    payments = batch.payments.aggregate(total=Sum("amount"))["total"]
    lines = PaymentLine.objects.filter(payment__batch=batch).aggregate(total=Sum("amount"))["total"]
    if not (batch.total == payments == lines):
        raise Refused(_("批次合计、拨付合计与明细合计不一致，不能导出。请联系平台运营。"))


@transaction.atomic
def cancel_batch(batch: SettlementBatch, *, by: User, reason: str) -> SettlementBatch:
    """Give up a draft or a frozen batch; what was frozen is held again."""
    batch = lock_batch(batch)
    require(rules.may_prepare(by, batch), NotAllowed)
    _in_state(batch, SettlementBatch.State.DRAFT, SettlementBatch.State.FROZEN)
    lines = list(PaymentLine.objects.filter(payment__batch=batch, live=True).select_related("line__voucher"))
    vouchers.lock_vouchers([line.line.voucher_id for line in lines])
    for line in lines:
        vouchers.unfreeze_voucher(line.line.voucher, amount=line.amount, by=by)
        line.live = False
        line.save(update_fields=["live"])
    if not reason.strip():
        raise Refused(_("写明撤销的原因。"))
    batch.cancel()
    batch.save(update_fields=["status"])
    audit.record("batch.cancelled", batch, by=by, region=batch.region, reason=reason)
    return batch


def _in_state(batch: SettlementBatch, *states: str) -> None:
    if batch.status not in states:
        raise Refused(
            _("批次现在是“%(state)s”，不能办理这一步。刷新页面查看最新状态。") % {"state": batch.get_status_display()}
        )
