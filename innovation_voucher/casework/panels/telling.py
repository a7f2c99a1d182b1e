"""The lock of a panel, its rows in the audit, and what its experts are told."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from .. import audit, messaging
from ..errors import NotAllowed
from ..models import Office, Panel, PanelSeat
from ..reviews.tasks import lock_case
from ..rules import require
from .rules import may_run

#: A person with the number under which offices know them.
Expert = tuple[Any, str]


def lock_panel(panel: Panel) -> Panel:
    """The fresh panel with its task; all verbs on one panel wait for each other here."""
    rows = Panel.objects.select_for_update(of=("self",)).select_related("task__step", "task__region", "case__region")
    fresh: Panel = rows.get(pk=panel.pk)
    fresh.task.case = fresh.case
    return fresh


def lock_owned(panel: Panel, *, by: Any, office: Office | None) -> Panel:
    """The fresh panel for an act of its owner, after its case."""
    lock_case(panel.case_id)
    fresh = lock_panel(panel)
    require(may_run(by, fresh.task, office), NotAllowed)
    return fresh


def record(
    panel: Panel, verb: str, *, by: Any, office: Office | None = None, after: Any = None, reason: str = ""
) -> None:
    """One row about the case: experts stand in it by their numbers only."""
    audit.record(verb, panel.case, by=by, region=panel.task.region, office=office, after=after, reason=reason)


def tell(panel: Panel, users: Sequence[Any], kind: str, words: str) -> None:
    """Tell experts, once per round, last day and kind; `words` name number, month and day."""
    day = panel.due_on
    title = words % {"number": panel.case.number, "month": day.month, "day": day.day}
    messaging.notify(
        users,
        kind=f"panel.{kind}",
        title=title,
        link=reverse("start"),
        sms=_("【创新券】%(title)s") % {"title": title},
        dedupe=f"panel:{panel.pk}:{kind}:{panel.round}:{day}",
    )


def invite(panel: Panel, experts: Sequence[Expert]) -> None:
    """Seat people and ask them to score."""
    rows = [PanelSeat(panel=panel, user=user, label=label) for user, label in experts]
    for seat in rows:
        seat.save()
    tell(panel, [seat.user for seat in rows], "invited", _("评审邀请：%(number)s，%(month)d月%(day)d日前完成"))
