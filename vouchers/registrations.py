"""What the app registers when it is loaded: words of acts, states, files, checks, panels."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboard import register_panel
from innovation_voucher.casework import audit, invariants as registry, sweeps, tokens
from innovation_voucher.casework.attachments import register_owner
from innovation_voucher.casework.messaging import register_kinds
from innovation_voucher.casework.subjects import register as register_subject

from . import invariants, panels, rules, statuses, tasks
from .cases import SUBJECT
from .models import Voucher

VERBS: dict[str, Any] = {
    "claim.granted_instantly": _("申领额度，即时到账"),
    "claim.drafted": _("填写申领"),
    "claim.edited": _("修改申领"),
    "claim.file_added": _("上传材料"),
    "claim.file_removed": _("删除材料"),
    "claim.awaits_stamp": _("填好申领表，待盖章"),
    "claim.submitted": _("提交申领"),
    "claim.resubmitted": _("补正后重新提交"),
    "claim.withdrawn": _("撤回申领"),
    "claim.approved": _("审核通过，额度到账"),
    "claim.returned": _("退回补正"),
    "claim.rejected": _("申领未通过"),
    "claim.waitlisted": _("预算已用完，进入等候"),
    "claim.admitted": _("轮到发放，额度到账"),
    "claim.lapsed": _("申领失效"),
    "claim.revoked": _("收回未使用的额度"),
    "claim.imported": _("导入其他平台的申领结果"),
    "claim.external_approved": _("其他平台已核定，额度到账"),
    "external.checked": _("核对外部申领结果"),
    "external.imported": _("导入外部申领结果"),
    "programme.rules_published": _("公布规则"),
    "programme.cloned": _("复制方案"),
    "programme.version_drafted": _("新建一版规则草稿"),
    "programme.saved": _("修改方案"),
    "programme.rules_saved": _("修改规则草稿"),
    "programme.budget_set": _("设置地区预算"),
    "programme.opened": _("开放受理"),
    "programme.closed": _("结束受理"),
    "override.prepared": _("拟定本地规则"),
    "override.confirmed": _("确认本地规则"),
    "override.withdrawn": _("撤回本地规则草案"),
    "account.lapsed": _("额度到期失效"),
    "voucher.requested": _("申请使用创新券"),
    "voucher.agreed": _("按议定金额核算券额"),
    "voucher.issued": _("生成创新券"),
    "voucher.confirmed": _("创新券已确认"),
    "voucher.refused": _("使用审核未通过"),
    "voucher.returned": _("退回补正"),
    "voucher.resubmitted": _("补正后重新提交"),
    "voucher.voided": _("企业作废"),
    "voucher.returned_by_carrier": _("机构退回"),
    "voucher.terminated": _("科技局终止"),
    "voucher.lapsed": _("到期失效"),
    "voucher.redeeming": _("申请兑付"),
    "voucher.redeeming_stopped": _("撤回兑付"),
    "voucher.hold_reduced": _("核减后退回差额"),
    "voucher.redemption_rejected": _("不予兑付"),
    "voucher.in_batch": _("列入结算批次"),
    "voucher.out_of_batch": _("撤出结算批次"),
    "voucher.paid": _("拨付到账"),
    "voucher.frozen": _("科技局冻结"),
    "voucher.unfrozen": _("解除冻结"),
    "account.frozen": _("科技局冻结额度账户"),
    "account.unfrozen": _("解除额度账户冻结"),
    "voucher.reprinted": _("重新打印"),
}

#: What tokens of other platforms can be for.
SCOPES: dict[str, Any] = {"external-claims": _("推送其他平台的申领结果")}


def register() -> None:
    """Called once, in `AppConfig.ready()`."""
    audit.register_verbs(VERBS)
    tokens.register_scopes(SCOPES)
    statuses.register()
    register_kinds({"rules": _("规则设置")})
    register_owner(Voucher, rules.may_see)
    register_subject(SUBJECT)
    for name, check in invariants.CHECKS.items():
        registry.register(name, check)
    for sweep in tasks.SWEEPS:
        sweeps.register(sweep)
    register_panel("enterprise", 20, panels.quota)
    register_panel("enterprise", 30, panels.waiting)
