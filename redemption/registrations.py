"""What the app registers when it is loaded: words of acts, states, files, the subject, checks, panels."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboard import register_panel
from innovation_voucher.casework import audit, invariants as registry, subjects, sweeps
from innovation_voucher.casework.attachments import register_owner
from innovation_voucher.casework.statuses import register_statuses
from innovation_voucher.casework.web import register_viewer

from . import invariants, notice_rules, panels, rules, statuses, tasks
from .expert_pages import roles_of
from .models import Objection, Payment, Publicity, Redemption, SettlementBatch
from .subjects import SUBJECT

VERBS: dict[str, Any] = {
    "redemption.invoice_added": _("填写发票"),
    "redemption.invoice_removed": _("删除发票"),
    "redemption.contract_added": _("添加合同"),
    "redemption.contract_removed": _("删除合同"),
    "redemption.paper_received": _("收到纸质件"),
    "redemption.receipt_added": _("填写银行回单"),
    "redemption.receipt_removed": _("删除银行回单"),
    "redemption.paper_added": _("上传兑付材料"),
    "redemption.paper_removed": _("删除兑付材料"),
    "redemption.drafted": _("新建兑付草稿"),
    "redemption.written": _("填写兑付内容"),
    "redemption.gathered": _("加入兑付草稿"),
    "redemption.left_out": _("移出兑付草稿"),
    "redemption.opened": _("发起兑付"),
    "redemption.line_dropped": _("移出一张创新券"),
    "redemption.lines_lowered": _("逐券核定金额"),
    "redemption.consent_asked": _("提请企业确认"),
    "redemption.consent_given": _("企业同意兑付"),
    "redemption.consent_refused": _("企业不同意兑付"),
    "redemption.submitted": _("提交兑付"),
    "redemption.resubmitted": _("补正后重新提交"),
    "redemption.withdrawn": _("撤回兑付"),
    "redemption.approved": _("核定通过"),
    "redemption.returned": _("退回补正"),
    "redemption.rejected": _("不予兑付"),
    "redemption.expired": _("补正超期"),
    "redemption.paid": _("已拨付"),
    "redemption.sent_back": _("银行退回款项"),
    "redemption.published": _("开始公示"),
    "redemption.contested": _("收到异议，暂停办理"),
    "redemption.resumed": _("异议不成立，继续办理"),
    "redemption.reopened": _("异议成立，重新审核"),
    "redemption.released": _("公示结束，待拨付"),
    "publicity.created": _("起草公示"),
    "publicity.opened": _("发布公示"),
    "publicity.closed": _("公示结束"),
    "expert.saved": _("登记专家"),
    "expert.conflict": _("专家声明回避单位"),
    "objection.received": _("收到异议"),
    "objection.dismissed": _("异议不成立"),
    "objection.upheld": _("异议成立"),
    "batch.created": _("新建结算批次"),
    "batch.frozen": _("锁定批次"),
    "batch.countersigned": _("复核批次"),
    "batch.exported": _("导出银行文件"),
    "batch.results": _("导入银行结果"),
    "batch.reconciled": _("核对批次"),
    "batch.cancelled": _("撤销批次"),
    "batch.explained": _("说明差异"),
    "batch.receipt_added": _("上传银行回单"),
    "batch.signed": _("提交核对结果"),
}


def register() -> None:
    """Called once, in `AppConfig.ready()`."""
    audit.register_verbs(VERBS)
    register_statuses(Redemption._meta.label, statuses.REDEMPTION)
    register_statuses(SettlementBatch._meta.label, statuses.BATCH)
    register_statuses(Payment._meta.label, statuses.PAYMENT)
    register_statuses(Publicity._meta.label, statuses.PUBLICITY)
    register_statuses(Objection._meta.label, statuses.OBJECTION)
    subjects.register(SUBJECT)
    register_owner(SettlementBatch, rules.may_see_batch)
    register_owner(Objection, notice_rules.may_see_objection)
    for name, check in invariants.CHECKS.items():
        registry.register(name, check)
    for sweep in tasks.SWEEPS:
        sweeps.register(sweep)
    register_viewer(roles_of)
    register_panel("enterprise", 5, panels.to_confirm)
    register_panel("enterprise", 40, panels.redemptions)
    register_panel("carrier", 40, panels.redemptions)
