"""What can be done with a batch on its page: in which state, by whom, with which form and verb."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from innovation_voucher.casework.rules import Answer
from innovation_voucher.lib.forms import PortalForm

from .. import rules, services
from ..forms import ConfirmForm, ReasonForm, ResultForm, TotalForm
from ..models import SettlementBatch

State = SettlementBatch.State
#: Does the act; answers the words for the person and where to go (empty = back to the batch).
Run = Callable[[SettlementBatch, User, dict[str, Any]], tuple[str, str]]


@dataclass(frozen=True)
class Act:
    """One form on the page of a batch. `slug` stands in its address; `danger` draws it apart."""

    slug: str
    states: tuple[str, ...]
    may: Callable[[User, SettlementBatch], Answer]
    title: Any
    button: Any
    form: type[PortalForm]
    run: Run
    help: Any = ""
    danger: bool = False


def _freeze(batch: SettlementBatch, by: User, data: dict[str, Any]) -> tuple[str, str]:
    services.freeze_batch(batch, by=by, typed_total=data["typed_total"])
    return _("批次已锁定，等待另一人复核"), ""


def _countersign(batch: SettlementBatch, by: User, data: dict[str, Any]) -> tuple[str, str]:
    services.countersign_batch(batch, by=by, typed_total=data["typed_total"])
    return _("已复核，可以导出银行文件"), ""


def _export(kind: str) -> Run:
    def run(batch: SettlementBatch, by: User, _data: dict[str, Any]) -> tuple[str, str]:
        file = services.export_batch(batch, by=by, kind=kind)
        return "", reverse("file", args=[file.token])

    return run


def _results(batch: SettlementBatch, by: User, data: dict[str, Any]) -> tuple[str, str]:
    found = services.import_results(batch, by=by, name=data["file"].name, data=data["file"])
    words = _("已登记：成功 %(paid)s 笔，退回 %(failed)s 笔，之前登记过 %(known)s 笔，没有采用 %(problems)s 行")
    counts = {"paid": found.paid, "failed": found.failed, "known": found.known, "problems": len(found.problems)}
    return words % counts, ""


def _reconcile(batch: SettlementBatch, by: User, _data: dict[str, Any]) -> tuple[str, str]:
    services.reconcile_batch(batch, by=by)
    return _("系统合计与银行合计相符，批次已核对"), ""


def _cancel(batch: SettlementBatch, by: User, data: dict[str, Any]) -> tuple[str, str]:
    services.cancel_batch(batch, by=by, reason=data["reason"])
    return _("批次已撤销，明细回到待拨付"), ""


_BANK = (State.COUNTERSIGNED, State.EXPORTED, State.RECONCILED)

ACTS = (
    Act(
        "freeze",
        (State.DRAFT,),
        rules.may_freeze,
        gettext_lazy("③ 锁定批次"),
        gettext_lazy("锁定批次"),
        TotalForm,
        _freeze,
        gettext_lazy("锁定后明细、收款账户和金额不能再改，由另一人复核。"),
    ),
    Act(
        "countersign",
        (State.FROZEN,),
        rules.may_countersign,
        gettext_lazy("双人复核"),
        gettext_lazy("复核并锁定"),
        TotalForm,
        _countersign,
        gettext_lazy("制单人不能复核自己的批次。复核后不能撤销。"),
    ),
    Act(
        "export-xlsx",
        _BANK,
        rules.may_prepare,
        gettext_lazy("导出银行文件（XLSX）"),
        gettext_lazy("下载 XLSX"),
        ConfirmForm,
        _export("xlsx"),
        gettext_lazy("第一次导出后，款项记为已发送；再次下载得到同一份文件。"),
    ),
    Act(
        "export-csv",
        _BANK,
        rules.may_prepare,
        gettext_lazy("导出银行文件（CSV）"),
        gettext_lazy("下载 CSV"),
        ConfirmForm,
        _export("csv"),
    ),
    Act(
        "results",
        (State.EXPORTED,),
        rules.may_prepare,
        gettext_lazy("导入银行结果"),
        gettext_lazy("导入结果"),
        ResultForm,
        _results,
    ),
    Act(
        "reconcile",
        (State.EXPORTED,),
        rules.may_prepare,
        gettext_lazy("核对批次"),
        gettext_lazy("两边相符，核对批次"),
        ConfirmForm,
        _reconcile,
        gettext_lazy("每一笔都有银行结果、差额为 0.00 时才能核对。核对后批次关闭。"),
    ),
    Act(
        "cancel",
        (State.DRAFT, State.FROZEN),
        rules.may_prepare,
        gettext_lazy("撤销批次"),
        gettext_lazy("撤销批次"),
        ReasonForm,
        _cancel,
        gettext_lazy("撤销后明细回到待拨付，可以编入别的批次。"),
        danger=True,
    ),
)
