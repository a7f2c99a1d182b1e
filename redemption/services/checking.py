"""The third party's check of a paid batch: differences explained, receipts kept, the result signed."""

from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.uploads import Rule

from .. import rules
from ..models import Payment, SettlementBatch
from .batches import lock_batch
from .results import totals

RECEIPT = "receipt"
RECEIPT_RULE = Rule(formats=("pdf", "jpg", "jpeg", "png"), max_bytes=20 * 1024 * 1024)


def _lock_for_check(batch: SettlementBatch, by: User) -> SettlementBatch:
    batch = lock_batch(batch)
    require(rules.may_see_as_agency(by, batch), NotAllowed)
    require(rules.may_check(batch))
    return batch


@transaction.atomic
def explain_differences(batch: SettlementBatch, *, by: User, given: Mapping[str, tuple[str, str]]) -> int:
    """Write cause and words beside payments that the bank sent back, by their reference; how many changed."""
    batch = _lock_for_check(batch, by)
    changed = []
    for payment in batch.payments.filter(reference__in=given, status=Payment.State.FAILED):
        cause, words = given[payment.reference]
        if (payment.cause, payment.explanation) != (cause, words.strip()):
            payment.cause, payment.explanation = cause, words.strip()
            payment.save(update_fields=["cause", "explanation"])
            changed.append(payment.reference)
    if changed:
        audit.record("batch.explained", batch, by=by, region=batch.region, after={"payments": changed})
    return len(changed)


@transaction.atomic
def add_bank_receipt(batch: SettlementBatch, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a receipt of the bank with the batch; what it says is imported by the province."""
    batch = _lock_for_check(batch, by)
    file = attachments.attach(batch, RECEIPT, name=name, data=data, rule=RECEIPT_RULE, by=by)
    audit.record("batch.receipt_added", batch, by=by, region=batch.region, after={"file": file.name})
    return file


@transaction.atomic
def sign_batch(batch: SettlementBatch, *, by: User, words: str) -> SettlementBatch:
    """提交核对结果: every payment is answered and every difference explained; read-only from then on."""
    batch = _lock_for_check(batch, by)
    if totals(batch).waiting:
        raise Refused(_("还有拨付没有银行结果，省级主管部门导入结果后再提交。"))
    open_rows = unexplained(batch)
    if open_rows:
        raise Refused(_("还有 %(n)s 笔差异没有说明，说明后再提交。") % {"n": open_rows})
    batch.signed_by, batch.signed_at, batch.signed_words = by, timezone.now(), words.strip()[:300]
    batch.save(update_fields=["signed_by", "signed_at", "signed_words"])
    audit.record("batch.signed", batch, by=by, region=batch.region, reason=batch.signed_words)
    return batch


def unexplained(batch: SettlementBatch) -> int:
    """How many payments that the bank sent back nobody has explained."""
    return batch.payments.filter(status=Payment.State.FAILED, cause="").count()
