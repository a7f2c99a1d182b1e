"""What the head of an office is told of: a case that was returned again for what nobody had named before."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from .. import messaging, rights
from ..models import Office, ReviewTask
from ..subjects import subject_of


def tell_heads(task: ReviewTask, *, by: Any) -> None:
    """Tell who sets the rules in the office that a case was returned again for a new cause."""
    case, subject = task.case, subject_of(task.case)
    sitting = Office.objects.filter(kind=task.step.office_kind).values("group")
    heads = rights.holders("set_rules", task.region).filter(groups__in=sitting).exclude(pk=by.pk)
    messaging.notify(
        heads.distinct(),
        kind="task",
        title=_("再次退回且理由不同：%(what)s %(number)s") % {"what": subject.label, "number": case.number},
        body=_("%(who)s 的申请第 %(n)s 次退回，提出了上次没有告知的内容，按一次性告知的要求核实。")
        % {"who": case.applicant, "n": case.round},
        link=reverse("desk-case", args=(subject.key, case.number)),
        dedupe=f"again:{task.pk}",
    )
