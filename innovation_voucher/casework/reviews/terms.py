"""The working days of a step, and the people who answer for them.

The clock runs on the task: it stands while the applicant has the case, and a case that comes back
opens a new task with days of its own.
"""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from .. import deadlines, rights
from ..models import Deadline, Office, ReviewTask

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
