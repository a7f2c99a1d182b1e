"""A panel ends when all have submitted, or enough until the last day."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import deadlines, messaging
from ..models import Panel, PanelSeat
from ..panelrules import parsed
from ..reviews import terms
from ..subjects import subject_of
from .forming import SCORE
from .rules import active, is_scoring, late, submitted
from .telling import lock_panel, record, tell


def end_if_all(panel: Panel) -> None:
    """The last sheet ends the panel, when nobody is missing from it."""
    seats = active(panel.seats.all())
    if len(seats) >= parsed(panel.rules).size and len(submitted(seats)) == len(seats):
        _end(panel, by=None)


def _end(panel: Panel, *, by: Any) -> None:
    panel.end()
    panel.save(update_fields=("status",))
    deadlines.close(panel, SCORE)
    given = submitted(panel.seats.all())
    record(panel, "panel.ended", by=by, after={"round": panel.round, "totals": {s.label: s.total for s in given}})
    _tell_owner(panel, "ended", _("专家评审已提交，待汇总：%(number)s"))


@transaction.atomic
def close_due(panel: Panel, *, act: str) -> None:  # noqa: ARG001  the clock names its act
    """The clock, after the last day: enough sheets end the panel, else the owner is told to act."""
    fresh = lock_panel(panel)
    if not is_scoring(fresh)[0] or not late(fresh):
        return
    if len(submitted(fresh.seats.all())) >= parsed(fresh.rules).quorum:
        _end(fresh, by=None)
    else:
        _tell_owner(fresh, "short", _("评审到期，提交份数不够，须延长或更换专家：%(number)s"))


@transaction.atomic
def remind(panel: Panel, *, act: str) -> None:  # noqa: ARG001
    """The clock, before the last day: those who have not submitted."""
    fresh = lock_panel(panel)
    if is_scoring(fresh)[0]:
        missing = [s.user for s in active(fresh.seats.select_related("user")) if s.status != PanelSeat.State.SUBMITTED]
        tell(fresh, missing, "reminder", _("评审 %(number)s 将于%(month)d月%(day)d日截止"))


def _tell_owner(panel: Panel, kind: str, words: str) -> None:
    case = panel.case
    messaging.notify(
        terms.reviewers(panel.task),
        kind="task",
        title=words % {"number": case.number},
        link=reverse("desk-case", args=(subject_of(case).key, case.number)),
        dedupe=f"panel:{panel.pk}:{kind}:{panel.round}:{panel.due_on}",
    )
