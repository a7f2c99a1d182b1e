"""Who of an office works on what: given to a colleague, or kept away from by a declared interest."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit, memo, messaging, rights
from ..errors import NotAllowed, Refused
from ..models import Interest, Office, ReviewCase, ReviewTask
from ..rules import has_right, is_independent, require
from ..subjects import subject_of
from .tasks import lock_case, lock_task


def colleagues(task: ReviewTask, office: Office) -> QuerySet[Any]:
    """People of the office who hold the step's right there."""
    people: QuerySet[Any] = get_user_model()._default_manager.filter(groups=office.group_id, is_active=True)
    return people.filter(pk__in=rights.holders(task.step.right, task.region).values("pk")).distinct()


@transaction.atomic
def assign(task: ReviewTask, *, to: Any, by: Any, office: Office) -> ReviewTask:
    """Give an open task to a colleague of the office; it stays open to all, the lock is another thing.

    Raises NotAllowed when either lacks the right or the second pair of eyes.
    """
    fresh = lock_task(task)
    require(has_right(by, fresh, office), NotAllowed)
    if not colleagues(fresh, office).filter(pk=to.pk).exists():
        raise NotAllowed(_("%(who)s不在本机构或没有这一步的权限，选其他人。") % {"who": to})
    if not is_independent(to, fresh.case, fresh)[0]:
        raise Refused(_("%(who)s须回避此件，选其他人。") % {"who": to})
    before = fresh.assignee
    fresh.assignee = to
    fresh.save(update_fields=("assignee",))
    if before != to:
        was, now = {"assignee": str(before or "")}, {"step": fresh.step.name, "assignee": str(to)}
        audit.record("review.assigned", fresh.case, by=by, region=fresh.region, office=office, before=was, after=now)
        _tell(fresh, to, by)
    return fresh


def _tell(task: ReviewTask, to: Any, by: Any) -> None:
    case, subject = task.case, subject_of(task.case)
    if to != by:
        messaging.notify(
            [to],
            kind="task",
            title=_("分派给您：%(what)s %(number)s") % {"what": subject.label, "number": case.number},
            body=_("%(who)s，%(title)s；由%(by)s分派") % {"who": case.applicant, "title": case.title, "by": by},
            link=reverse("desk-case", args=(subject.key, case.number)),
            dedupe=f"assigned:{task.pk}:{to.pk}",
        )


@transaction.atomic
def recuse(case: ReviewCase, *, by: Any, office: Office | None, reason: str) -> Interest:
    """Declare an interest in a case: it is hidden from the person, and what they held is free again."""
    if not reason.strip():
        raise Refused(_("写明需要回避的原因。"), "no_reason")
    fresh = lock_case(case)
    found, made = Interest.objects.get_or_create(
        case=fresh, user=by, defaults={"reason": reason.strip(), "at": timezone.now()}
    )
    if made:
        live = fresh.tasks.filter(status__in=(ReviewTask.State.OPEN, ReviewTask.State.WAITING))
        live.filter(holder=by).update(holder=None, held_until=None)
        live.filter(assignee=by).update(assignee=None)
        audit.record("review.recused", fresh, by=by, region=fresh.region, office=office, reason=found.reason)
        memo.forget()
        _tell_office(fresh, office, by)
    return found


def _tell_office(case: ReviewCase, office: Office | None, by: Any) -> None:
    """Tell the colleagues who may do it instead; those who keep away from it too hear nothing."""
    task = case.tasks.exclude(status=ReviewTask.State.DONE).select_related("step", "region").order_by("id").first()
    task = task or case.tasks.select_related("step", "region").latest("id")
    if office is None:
        return
    subject = subject_of(case)
    avoiding = Interest.objects.filter(case=case).values("user")
    messaging.notify(
        colleagues(task, office).exclude(pk__in=avoiding),
        kind="task",
        title=_("%(by)s申请回避：%(what)s %(number)s") % {"by": by, "what": subject.label, "number": case.number},
        body=_("%(who)s，%(title)s；由本机构其他人办理") % {"who": case.applicant, "title": case.title},
        link=reverse("desk-case", args=(subject.key, case.number)),
        dedupe=f"recused:{case.pk}:{by.pk}",
    )
