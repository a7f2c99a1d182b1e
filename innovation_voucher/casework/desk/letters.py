"""The letter that names everything to mend: as it was sent, and as it would be."""

from copy import copy
from typing import Any

from django.db.models import Q
from django.utils import timezone

from .. import calendar
from ..models import ChainStep, ReturnItem, ReturnReason, ReviewTask
from .cases import CasePage
from .forms import DecisionForm


def reasons_for(key: str) -> list[ReturnReason]:
    """Standard reasons in use for a subject, its own and those of all (one query)."""
    return list(ReturnReason.objects.filter(Q(key=key) | Q(key=""), active=True))


def sent(page: CasePage) -> dict[str, Any]:
    """Variables of the letter of the newest return; the page has one."""
    return {"case": page.case, "task": page.items[0].task, "items": page.items}


def draft(page: CasePage, task: ReviewTask, form: DecisionForm) -> dict[str, Any]:
    """Variables of the letter that a valid form would send now; nothing is written."""
    now, step = timezone.now(), task.step
    case, shown = copy(page.case), copy(task)
    to_applicant = step.return_to == ChainStep.ReturnTo.SUBMITTER
    case.return_due = calendar.add_working_days(calendar.today(), step.return_days) if to_applicant else None
    shown.decided_at, shown.reason = now, form.cleaned_data["reason"].strip()
    return {"case": case, "task": shown, "items": [ReturnItem(words=words) for _target, words in form.items]}
