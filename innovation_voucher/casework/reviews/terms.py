"""The working days of a step: a reminder before they are over, and word to those above when they are.

The clock runs on the task: it stands while the applicant has the case, and a case that comes back
opens a new task with days of its own.
"""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import audit, deadlines, messaging, rights
from ..models import Deadline, Office, ReviewTask
from ..subjects import subject_of

#: The act that an open task awaits, as its deadline is named.
DECIDE = "decide"
#: Working days before the last one at which the reviewers are reminded; shorter steps have no reminder.
_REMIND_BEFORE = 1


def start(task: ReviewTask) -> date:
    """Start the step's own working days today; answers the last one."""
    days = task.step.working_days
    remind = _REMIND_BEFORE if days > _REMIND_BEFORE else 0
    escalate = Deadline.OnExpiry.ESCALATE
    return deadlines.start(task, DECIDE, days=days, unit="wd", remind_before=remind, on_expiry=escalate).due_on


def reviewers(task: ReviewTask) -> QuerySet[Any]:
    """People who may take the task: the right there, and an office of the step's kind."""
    sitting = Office.objects.filter(kind=task.step.office_kind).values("group")
    people: QuerySet[Any] = get_user_model()._default_manager.filter(groups__in=sitting)
    return people.filter(pk__in=rights.holders(task.step.right, task.region).values("pk")).distinct()


def superiors(task: ReviewTask) -> QuerySet[Any]:
    """Who holds the step's right one level above; at the top others who look after the region's cases."""
    above = task.region.parent
    if above is None:
        return rights.holders("view_cases", task.region).exclude(pk__in=_ids(reviewers(task)))
    return rights.holders(task.step.right, above)


def nearest(task: ReviewTask) -> QuerySet[Any]:
    """The reviewers whose own work it is: without those above, unless there is nobody else."""
    own = reviewers(task).exclude(pk__in=_ids(superiors(task)))
    return own if own.exists() else reviewers(task)


def _ids(people: QuerySet[Any]) -> QuerySet[Any]:
    return people.order_by().values("pk")


def remind(task: ReviewTask, *, act: str) -> None:
    """The clock: the last day of the step comes near."""
    day = _day(task)
    words = _("待办将于%(month)d月%(day)d日到期：%(what)s") % {"month": day.month, "day": day.day, "what": _what(task)}
    _tell(nearest(task), task, words, act=f"{act}:{day}")


@transaction.atomic
def escalate(task: ReviewTask, *, act: str) -> None:
    """The clock: the step is overdue. Recorded once on the case; its reviewers and those above are told."""
    rows = ReviewTask.objects.select_for_update(of=("self",)).select_related("step", "region__parent", "case__region")
    task = rows.get(pk=task.pk)
    if task.status != ReviewTask.State.OPEN:
        return
    due = _day(task)
    after = {"step": task.step.name, "due": due}
    audit.record("review.overdue", task.case, by=None, region=task.region, after=after)
    words = {"month": due.month, "day": due.day, "what": _what(task)}
    _tell(nearest(task), task, _("待办已逾期（%(month)d月%(day)d日到期）：%(what)s") % words, act=f"{act}:over")
    where = {"where": task.region.name, **words}
    title = _("%(where)s有逾期未办（%(month)d月%(day)d日到期）：%(what)s") % where
    _tell(superiors(task), task, title, act=f"{act}:above")


def _day(task: ReviewTask) -> date:
    """An open task has its last day since it was opened."""
    if task.due_on is None:
        raise ValueError(f"task {task.pk} has no last day")
    return task.due_on


def _what(task: ReviewTask) -> str:
    names = {"what": subject_of(task.case).label, "number": task.case.number, "step": task.step.name}
    return _("%(what)s %(number)s（%(step)s）") % names


def _tell(people: QuerySet[Any], task: ReviewTask, title: str, *, act: str) -> None:
    case = task.case
    messaging.notify(
        people,
        kind="task.term",
        title=title,
        body=_("%(who)s，%(title)s") % {"who": case.applicant, "title": case.title},
        link=reverse("desk-case", args=(subject_of(case).key, case.number)),
        dedupe=f"task:{task.pk}:{act}",
    )
