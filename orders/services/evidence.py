"""The files of an order: the signed contract and what else its scheme asks for at the use."""

from collections import Counter
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from vouchers.policy import EvidenceSpec, Gap, Policy, evidence_gaps
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from .common import lock_for

STAGE = "use"
CONTRACT = "contract"
#: Key of the document that the portal makes itself.
TEMPLATE_KEY = "contract_template"
#: What a contract may be where no scheme says more.
PLAIN_CONTRACT = EvidenceSpec(
    stage=STAGE, key=CONTRACT, label="合同", max_bytes=20 * 1024 * 1024, maximum=5, formats=("pdf", "jpg", "png")
)


def use_policy(order: Order) -> Policy:
    """The policy that a voucher on this order has, or would be given today; Refused without a scheme."""
    if order.voucher is not None:
        return policy_of(order.voucher.snapshot)
    if order.programme is None:
        raise Refused(_("这个订单没有选择创新券方案，不能使用创新券。"))
    return policy_of(snapshot(order.programme, order.organization.region))


def evidence_rows(order: Order) -> tuple[EvidenceSpec, ...]:
    """What may be uploaded to the order: the scheme's rows; the contract where it has none at all, or names it."""
    rows = use_policy(order).evidence_of(STAGE) if order.programme else ()
    return rows or (PLAIN_CONTRACT,)


def _row(order: Order, key: str) -> EvidenceSpec:
    found = next((row for row in evidence_rows(order) if row.key == key), None)
    if found is None:
        raise Refused(_("这份材料不需要上传。"))
    return found


def _require_open(order: Order, key: str) -> None:
    """While a use is returned only the files that the reviewer named change."""
    asked = reviews.returned_items(order.voucher) if order.voucher is not None else {}
    if asked and "" not in asked and key not in asked:
        raise Refused(_("这份材料不用补正，不能修改。"))


@transaction.atomic
def add_evidence(
    order: Order, key: str, *, by: User, name: str, data: BinaryIO, replaces: Attachment | None = None
) -> Attachment:
    """Keep a file for one evidence row of the order; saved at once, before anything is submitted.

    `replaces` is taken out first. Raises Refused when the row has its maximum or the file is not fit.
    """
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_change_evidence(by, order))
    _require_open(order, key)
    row = _row(order, key)
    if replaces is not None:
        _take_out(order, replaces, by=by)
    if row.maximum is not None and len(attachments.files(order, key)) >= row.maximum:
        raise Refused(_("“%(label)s”最多 %(n)s 份。先删除一份，再上传。") % {"label": row.label, "n": row.maximum})
    file = attachments.attach(order, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    audit.record("order.evidence", order, by=by, region=order.region, after={"key": key, "file": file.name})
    return file


@transaction.atomic
def remove_evidence(order: Order, file: Attachment, *, by: User) -> None:
    """Take a file back before a voucher stands on the order."""
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_change_evidence(by, order))
    _require_open(order, file.key)
    _take_out(order, file, by=by)
    audit.record("order.evidence_removed", order, by=by, region=order.region, before={"file": file.name})


def _take_out(order: Order, file: Attachment, *, by: User) -> None:
    """Only what answers a row of this order's evidence; the carrier's report and other orders' files stay."""
    mine = attachments.files(order)
    if file not in mine or file.key not in {row.key for row in evidence_rows(order)}:
        raise Refused(_("“%(name)s”不是这个订单的用券材料，不能删除。刷新页面查看最新材料。") % {"name": file.name})
    attachments.remove(file, by=by)


def use_gaps(order: Order, policy: Policy) -> list[Gap]:
    """Which evidence of the use stage is still missing (one query)."""
    return evidence_gaps(policy, STAGE, Counter(file.key for file in attachments.files(order)))
