"""Who may do what with a panel, and why not."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from .. import calendar
from ..models import Office, Panel, PanelSeat, ReviewTask
from ..panelrules import parsed
from ..rules import ALLOWED, Answer, has_right, is_independent

_GONE = (PanelSeat.State.RECUSED, PanelSeat.State.REPLACED)


def active(seats: Iterable[PanelSeat]) -> list[PanelSeat]:
    """Those who still sit in the panel."""
    return [seat for seat in seats if seat.status not in _GONE]


def submitted(seats: Iterable[PanelSeat]) -> list[PanelSeat]:
    """Those whose sheets are fixed."""
    return [seat for seat in seats if seat.status == PanelSeat.State.SUBMITTED]


def may_run(user: Any, task: ReviewTask, office: Office | None) -> Answer:
    """The office that owns the step runs its panel, with the eyes of somebody who did no other step."""
    if not task.step.panel:
        return False, _("这一步不用专家评审。")
    answer = has_right(user, task, office)
    return is_independent(user, task.case, task) if answer[0] else answer


def is_scoring(panel: Panel) -> Answer:
    """Whether experts still come and go."""
    if panel.task.status != ReviewTask.State.OPEN:
        return False, _("这一步已办结，评审不再变动。")
    if panel.status != Panel.State.SCORING:
        return False, _("评审已结束，专家和评分不再变动。")
    return ALLOWED


def late(panel: Panel) -> bool:
    """Whether the last day has passed; what was not given by then is locked."""
    return calendar.today() > panel.due_on


def may_look(seat: PanelSeat) -> Answer:
    """An expert reads the case after the declaration, until they leave or the step is decided."""
    if seat.status in _GONE:
        return False, _("您已不在这件评审里。")
    if seat.status == PanelSeat.State.INVITED:
        return False, _("先确认保密与回避声明。")
    return ALLOWED


def may_score(seat: PanelSeat) -> Answer:
    """The sheet is open from the declaration to the last day, while the panel scores."""
    answer = may_look(seat)
    if not answer[0]:
        return answer
    if seat.status == PanelSeat.State.SUBMITTED:
        return False, _("评分已提交，不能再修改。")
    answer = is_scoring(seat.panel)
    if not answer[0]:
        return answer
    if late(seat.panel):
        day = seat.panel.due_on
        words = _("评审已于%(month)d月%(day)d日截止，评分已锁定。需要延长时，请联系组织评审的机构。")
        return False, words % {"month": day.month, "day": day.day}
    return ALLOWED


def waits_for(panel: Panel) -> Answer:
    """Whether the owner may sum up: the sheets are in, and not too far apart unless scored twice."""
    if panel.status == Panel.State.CONCLUDED:
        return False, _("评审已汇总。")
    if panel.status != Panel.State.ENDED:
        return False, _("专家还没有全部提交，提交齐或到期后汇总。")
    rules = parsed(panel.rules)
    totals = [seat.total or 0 for seat in submitted(panel.seats.all())]
    if panel.round == 1 and rules.too_far_apart(totals):
        return False, _("最高分与最低分相差超过 %(n)s 分，须先复议。") % {"n": rules.spread}
    return ALLOWED
