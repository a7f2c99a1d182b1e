"""What the clock says of a step: a reminder before its days are over, and word to those above when they are."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import audit, messaging
from ..models import ReviewTask
from ..subjects import subject_of
from .terms import nearest, superiors


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
