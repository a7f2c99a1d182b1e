"""What this floor tells the shared one when the apps are loaded."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.statuses import register_statuses
from innovation_voucher.casework.subjects import register as register_subject
from innovation_voucher.casework.web import register_absence, register_viewer

from .cases import SUBJECT
from .memberships import sits_at_no_desk
from .statuses import VERIFICATION
from .viewer import roles_of

VERBS: dict[str, Any] = {
    "organization.registered": _("注册"),
    "organization.bank_changed": _("变更收款账户"),
    "organization.phone_confirmed": _("验证手机号"),
    "user.saved": _("保存用户"),
    "user.factor_removed": _("解除两步验证"),
    "registration_rules.saved": _("保存注册规则"),
    "verification.started": _("开始填写"),
    "verification.autofilled": _("自动更新企业信息"),
    "verification.submitted": _("提交认证"),
    "verification.approved": _("认证通过"),
    "verification.returned": _("退回补正"),
    "verification.rejected": _("认证未通过"),
    "verification.expired": _("逾期未补正"),
    "verification.withdrawn": _("撤回认证"),
    "verification.superseded": _("由新的认证替代"),
    "list.opened": _("新建资格名单"),
    "list.saved": _("保存资格名单"),
    "list.imported": _("导入资格名单"),
    "qualification.noted": _("按资格取得额度"),
    "qualification.flagged": _("移出名单，待核实"),
}


def register() -> None:
    """Verbs, words of states, the subject of the chain, and whose roles people have."""
    audit.register_verbs(VERBS)
    register_statuses("accounts.Verification", VERIFICATION)
    register_subject(SUBJECT)
    register_viewer(roles_of)
    register_absence(sits_at_no_desk)
