"""The owner of a panel: more days, a second look, and the summary."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import Refused
from ..models import Office, Panel, PanelSeat, ReviewTask
from ..rules import require
from .forming import start_days
from .rules import active, is_scoring, submitted, waits_for
from .telling import lock_owned, record, tell

MOST_DAYS = 20


@transaction.atomic
def extend(panel: Panel, *, by: Any, office: Office | None, days: int) -> Panel:
    """Give so many working days from today; late experts may go on."""
    fresh = lock_owned(panel, by=by, office=office)
    require(is_scoring(fresh))
    _restart(fresh, days)
    fresh.save(update_fields=("due_on",))
    record(fresh, "panel.extended", by=by, office=office, after={"due": fresh.due_on})
    return fresh


def _restart(panel: Panel, days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("评审期限填 1 到 %(n)s 个工作日。") % {"n": MOST_DAYS}, "days")
    start_days(panel, days)
    waiting = active(panel.seats.exclude(status=PanelSeat.State.SUBMITTED).select_related("user"))
    tell(panel, [seat.user for seat in waiting], "extended", _("评审 %(number)s 的期限改为%(month)d月%(day)d日"))


@transaction.atomic
def score_again(panel: Panel, *, by: Any, office: Office | None, days: int, reason: str) -> Panel:
    """复议: the totals lie too far apart, everybody scores a second time; what they gave is kept to start from."""
    fresh = lock_owned(panel, by=by, office=office)
    if fresh.status != Panel.State.ENDED or fresh.task.status != ReviewTask.State.OPEN or fresh.round > 1:
        raise Refused(_("评审结束后、汇总前可以复议一次。"))
    if not reason.strip():
        raise Refused(_("写明复议的原因，专家会看到。"), "no_reason")
    fresh.score_again()
    for seat in submitted(fresh.seats.all()):
        seat.reopen()
        seat.save(update_fields=("status",))
    _restart(fresh, days)
    fresh.save(update_fields=("status", "round", "due_on"))
    record(fresh, "panel.reopened", by=by, office=office, after={"due": fresh.due_on}, reason=reason.strip())
    return fresh


@transaction.atomic
def conclude(panel: Panel, *, by: Any, office: Office | None, summary: str) -> Panel:
    """The owner's 汇总意见; from now on the step can be decided."""
    fresh = lock_owned(panel, by=by, office=office)
    require(waits_for(fresh))
    if not summary.strip():
        raise Refused(_("写明汇总意见。"), "no_summary")
    fresh.conclude()
    fresh.summary, fresh.concluded_by, fresh.concluded_at = summary.strip(), by, timezone.now()
    fresh.save(update_fields=("status", "summary", "concluded_by", "concluded_at"))
    record(fresh, "panel.concluded", by=by, office=office, reason=fresh.summary)
    return fresh
