"""What casework must know of redemptions: the chain's verbs, who sees one, its checks."""

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.people import people_of
from innovation_voucher.casework import attachments, audit, subjects
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.statuses import register_statuses
from innovation_voucher.casework.subjects import Check
from innovation_voucher.lib.money import format_yuan
from orders.models import Order
from vouchers.resolve import policy_of

from . import rules, services, statuses
from .models import Redemption, SettlementBatch

VERBS = {
    "redemption.invoice_added": gettext_lazy("填写发票"),
    "redemption.invoice_removed": gettext_lazy("删除发票"),
    "redemption.receipt_added": gettext_lazy("填写银行回单"),
    "redemption.receipt_removed": gettext_lazy("删除银行回单"),
    "redemption.paper_added": gettext_lazy("上传兑付材料"),
    "redemption.submitted": gettext_lazy("提交兑付"),
    "redemption.resubmitted": gettext_lazy("补正后重新提交"),
    "redemption.withdrawn": gettext_lazy("撤回兑付"),
    "redemption.approved": gettext_lazy("核定通过"),
    "redemption.returned": gettext_lazy("退回补正"),
    "redemption.rejected": gettext_lazy("不予兑付"),
    "redemption.expired": gettext_lazy("补正超期"),
    "redemption.paid": gettext_lazy("已拨付"),
    "redemption.sent_back": gettext_lazy("银行退回款项"),
    "batch.created": gettext_lazy("新建结算批次"),
    "batch.frozen": gettext_lazy("锁定批次"),
    "batch.countersigned": gettext_lazy("复核批次"),
    "batch.exported": gettext_lazy("导出银行文件"),
    "batch.results": gettext_lazy("导入银行结果"),
    "batch.reconciled": gettext_lazy("核对批次"),
    "batch.cancelled": gettext_lazy("撤销批次"),
}


def checks(redemption: Redemption) -> list[Check]:
    """What the machine compares, line by line, for the reviewer."""
    rows: list[Check] = []
    for line in redemption.lines.select_related("voucher__snapshot", "voucher__carrier"):
        voucher = line.voucher
        papers = services.papers_of(voucher)
        missing = services.gaps(voucher, papers=papers)
        rows.append(
            Check(
                rule=_("材料齐全"),
                expected=_("齐全"),
                found="；".join(gap.words for gap in missing) or _("齐全"),
                ok=not missing,
            )
        )
        rows.append(
            Check(
                rule=_("申请金额不超过券额"),
                expected=format_yuan(voucher.amount),
                found=format_yuan(line.claimed),
                ok=line.claimed <= voucher.amount,
            )
        )
        until = voucher.redeem_until
        rows.append(
            Check(
                rule=_("在兑付截止日前提交"),
                expected=until.isoformat(),
                found=redemption.submitted_at.date().isoformat() if redemption.submitted_at else "",
                ok=redemption.submitted_at is None or redemption.submitted_at.date() <= until,
            )
        )
    return rows


def files_of(redemption: Redemption) -> list[Attachment]:
    """The evidence stands on the orders of the redemption's vouchers."""
    from_orders = Order.objects.filter(voucher__lines__redemption=redemption)
    return [file for rows in attachments.files_for(list(from_orders)).values() for file in rows]


def labels_of(redemption: Redemption) -> dict[str, str]:
    """What a returned item may be pinned to: evidence keys, invoices, receipts."""
    rows = policy_of(redemption.snapshot).evidence
    return {row.key: row.label for row in rows} | {
        "invoices": _("发票信息"),
        "receipts": _("银行回单"),
    }


def register() -> None:
    """Called once by AppConfig.ready."""
    audit.register_verbs(VERBS)
    register_statuses("redemption.Redemption", statuses.REDEMPTION)
    register_statuses("redemption.SettlementBatch", statuses.BATCH)
    register_statuses("redemption.Payment", statuses.PAYMENT)
    subjects.register(
        subjects.Subject(
            model=Redemption,
            key="redeem",
            label=gettext_lazy("兑付审核"),
            approve=services.approve,
            return_=services.return_,
            reject=services.reject,
            may_see=rules.may_see,
            facts_template="redemption/_facts.html",
            checks=checks,
            parties=lambda redemption: people_of(redemption.payee),
            region=lambda redemption: redemption.region,
            url=lambda redemption: reverse("ent-redeem", args=[redemption.number]),
            expire=services.expire,
            files_of=files_of,
        )
    )


def may_see_batch(user: rules.Person, batch: SettlementBatch) -> bool:
    """Bank files are for those who settle or countersign in the batch's region."""
    return rules.may_prepare(user, batch)[0] or rules.may_countersign(user, batch)[0]
