"""What the shared floor registers with itself when the apps are loaded."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import attachments, audit, deadlines, idempotency, invariants, messaging, panels
from .models import Panel, ReviewTask
from .panels.access import reads
from .reviews import escalation
from .statuses import Status, Statuses, register_statuses
from .sweeps import Sweep, register as register_sweep

VERBS: dict[str, Any] = {
    "review.opened": _("提交审核"),
    "review.taken": _("领取办理"),
    "review.released": _("放回队列"),
    "review.assigned": _("分派"),
    "review.recused": _("申请回避"),
    "review.agreed": _("同意"),
    "review.called": _("状态更新"),
    "review.approved": _("审核通过"),
    "review.returned": _("退回补正"),
    "review.sent_back": _("退回上一步"),
    "review.rejected": _("不予通过"),
    "review.resubmitted": _("补正后重新提交"),
    "review.withdrawn": _("申请人撤回"),
    "review.expired": _("逾期未补正"),
    "review.overdue": _("逾期未办，已上报"),
    "panel.formed": _("抽取专家"),
    "panel.filled": _("补抽专家"),
    "panel.replaced": _("更换专家"),
    "panel.declared": _("专家声明保密与无利害关系"),
    "panel.recused": _("专家申请回避"),
    "panel.scored": _("专家提交评分"),
    "panel.ended": _("专家评审结束"),
    "panel.extended": _("延长评审期限"),
    "panel.reopened": _("发起复议"),
    "panel.concluded": _("汇总专家意见"),
    "region.zone": _("保存高新区"),
    "office.saved": _("设置机关与机构"),
    "chain.saved": _("设置审核流程"),
    "reason.saved": _("设置补正理由"),
    "calendar.saved": _("设置工作日历"),
    "token.issued": _("发放接口令牌"),
    "token.revoked": _("停用接口令牌"),
}

CASE = Statuses(
    Status(code="open", label=_("审核中"), tone="blue", turn="bureau"),
    Status(code="returned", label=_("待补正"), tone="amber", turn="enterprise"),
    Status(code="approved", label=_("已通过"), tone="green"),
    Status(code="rejected", label=_("未通过"), tone="red"),
    Status(code="withdrawn", label=_("已撤回"), tone="grey"),
    Status(code="expired", label=_("已过期"), tone="grey"),
)

TASK = Statuses(
    Status(code="waiting", label=_("待上一步"), tone="grey"),
    Status(code="open", label=_("待办"), tone="amber", turn="bureau"),
    Status(code="done", label=_("已办"), tone="green"),
    Status(code="skipped", label=_("已跳过"), tone="grey"),
)

PANEL = Statuses(
    Status(code="scoring", label=_("评审中"), tone="purple", turn="expert"),
    Status(code="ended", label=_("待汇总"), tone="amber", turn="bureau"),
    Status(code="concluded", label=_("已汇总"), tone="green"),
)

SEAT = Statuses(
    Status(code="invited", label=_("待声明"), tone="amber", turn="expert"),
    Status(code="declared", label=_("评分中"), tone="blue", turn="expert"),
    Status(code="submitted", label=_("已提交"), tone="green"),
    Status(code="recused", label=_("已回避"), tone="grey"),
    Status(code="replaced", label=_("已更换"), tone="grey"),
)


def register() -> None:
    """Verbs and words of reviews, sweeps and invariants of the shared floor."""
    audit.register_verbs(VERBS)
    register_statuses("casework.ReviewCase", CASE)
    register_statuses("casework.ReviewTask", TASK)
    register_statuses("casework.Panel", PANEL)
    register_statuses("casework.PanelSeat", SEAT)
    attachments.register_reader(reads)
    deadlines.register(Panel, deadlines.Answers(expire=panels.close_due, remind=panels.remind))
    deadlines.register(ReviewTask, deadlines.Answers(expire=escalation.escalate, remind=escalation.remind))
    # First what is due, then what it has to tell, then the seal on both.
    register_sweep(Sweep("deadlines", 300, deadlines.run_due, position=10))
    register_sweep(Sweep("messages", 3, messaging.send_pending, position=80))
    register_sweep(Sweep("audit.seal", 60, _seal, position=90))
    register_sweep(Sweep("tokens", 86400, idempotency.prune, position=95))
    invariants.register("guards", invariants.lost_guards)
    invariants.register("regions", invariants.region_paths)
    invariants.register("audit", audit.verify)


def _seal(_now: datetime, dry_run: bool) -> list[str]:
    sealed = 0 if dry_run else audit.seal()
    return [f"sealed {sealed}"] if sealed else []
