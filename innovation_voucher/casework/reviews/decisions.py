"""The decision on one step: agree, return with everything to mend, or refuse."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit, calendar, deadlines
from ..errors import NotAllowed, Refused
from ..models import ChainStep, Deadline, Office, ReturnItem, ReviewCase, ReviewTask
from ..rules import has_right, is_free, is_independent, may_agree, panel_has_spoken, require
from ..subjects import Award, Given, Target, subject_of
from .cases import RESUBMIT
from .heads import tell_heads
from .naming import call_by
from .tasks import lock_task, open_task, skip_waiting, start_at

#: Working days before the end at which the applicant is reminded of a return.
_REMIND_BEFORE = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class _Act:
    """One decision under its locks; `case` and `task` are the fresh rows."""

    case: ReviewCase
    task: ReviewTask
    by: Any
    office: Office | None
    amount: Decimal | None
    reason: str
    items: Sequence[Target]
    lines: Mapping[int, Award]


@transaction.atomic
def decide(
    task: ReviewTask,
    *,
    by: Any,
    office: Office | None,
    decision: str,
    amount: Decimal | None = None,
    reason: str = "",
    items: Iterable[Target] = (),
    lines: Given | None = None,
) -> ReviewCase:
    """Decide an open task: "approve", "return" or "reject"; returns the case as it then stands.

    `amount` (yuan) may be lowered with a reason where the step allows it, never raised; None keeps
    it. `lines` give each part of the amount by itself; their sum is the amount. `items` are (target,
    words), all at once. The last approval, a return to the submitter and a
    rejection call the subject's own verb in this transaction. Raises Stale when somebody was
    first, NotAllowed without the right or the second pair of eyes, Refused for what must be mended.
    """
    fresh = lock_task(task)
    require(has_right(by, fresh, office), NotAllowed)
    require(is_independent(by, fresh.case, fresh), NotAllowed)
    require(is_free(by, fresh))
    awards = {key: Award(*row) for key, row in (lines or {}).items()}
    if awards:
        amount = sum((award.amount for award in awards.values()), Decimal("0.00"))
    amount = None if amount is None else amount.quantize(_CENT)
    kept = [(target.strip(), words.strip()) for target, words in items if words.strip()]
    _ACTS[ReviewTask.Decision(decision)](_Act(fresh.case, fresh, by, office, amount, reason.strip(), kept, awards))
    return fresh.case


def _approve(act: _Act) -> None:
    require(panel_has_spoken(act.task))
    require(may_agree(act.case, act.task.step, act.amount, act.reason))
    before = act.case.amount
    agreed = before if act.amount is None else act.amount
    keep_lines = subject_of(act.case).keep_lines
    if act.lines and keep_lines:
        keep_lines(act.case.subject, act.lines, by=act.by, office=act.office, reason=act.reason)
    _finish(act, ReviewTask.Decision.APPROVE, agreed)
    act.case.amount = agreed
    following = act.case.tasks.filter(status=ReviewTask.State.WAITING).select_related("step").order_by("id").first()
    _record(act, "review.agreed", before={"amount": before}, after={"amount": agreed})
    if following:
        act.case.save(update_fields=("amount",))
        call_by(act.case, act.task.step, by=act.by, office=act.office)
        following.case = act.case
        open_task(following)
        return
    act.case.approve()
    _close(act.case)
    _record(act, "review.approved", after={"amount": agreed})
    subject_of(act.case).approve(act.case.subject, by=act.by, office=act.office, amount=agreed, reason=act.reason)
    # After the verb: it locks the subject's row where the order of locks wants it.
    call_by(act.case, act.task.step, by=act.by, office=act.office)


def _return(act: _Act) -> None:
    if not act.items:
        raise Refused(_("写明需要补正的内容，至少一项。"), "no_items")
    _finish(act, ReviewTask.Decision.RETURN)
    skip_waiting(act.case)
    ReturnItem.objects.bulk_create(
        ReturnItem(case=act.case, task=act.task, round=act.case.round, target=target, words=words)
        for target, words in act.items
    )
    previous = _previous(act.task.step)
    if previous:
        steps = act.case.chain.steps.filter(position__gte=previous.position).order_by("position")
        start_at(act.case, list(steps))
        _record(act, "review.sent_back", after={"items": [list(item) for item in act.items]})
        return
    _return_to_submitter(act)


def _previous(step: ChainStep) -> ChainStep | None:
    """The step that gets the case back, None when it is the applicant."""
    if step.return_to != ChainStep.ReturnTo.PREVIOUS:
        return None
    return step.chain.steps.filter(position__lt=step.position).order_by("-position").first()


def _return_to_submitter(act: _Act) -> None:
    days = act.task.step.return_days
    due = calendar.add_working_days(calendar.today(), days)
    act.case.return_()
    act.case.return_due = due
    act.case.new_cause = act.case.new_cause or _names_new_cause(act)
    act.case.save(update_fields=("status", "return_due", "new_cause"))
    if act.case.new_cause:
        tell_heads(act.task, by=act.by)
    _record(act, "review.returned", after={"items": [list(item) for item in act.items], "due": due})
    subject = subject_of(act.case)
    obj: Any = act.case.subject
    subject.return_(obj, by=act.by, office=act.office, items=act.items, due=due, reason=act.reason)
    if subject.expire:
        lapse = Deadline.OnExpiry.LAPSE
        deadlines.start(obj, RESUBMIT, days=days, unit="wd", remind_before=_REMIND_BEFORE, on_expiry=lapse)


def _names_new_cause(act: _Act) -> bool:
    """Whether an earlier return of the case left out what this one asks: everything is to be named at once."""
    earlier = set(act.case.items.exclude(task=act.task).values_list("target", flat=True))
    return bool(earlier) and any(target not in earlier for target, _words in act.items)


def _reject(act: _Act) -> None:
    if not act.reason:
        raise Refused(_("写明不予通过的理由。"), "no_reason")
    require(panel_has_spoken(act.task))
    _finish(act, ReviewTask.Decision.REJECT)
    skip_waiting(act.case)
    act.case.reject()
    _close(act.case)
    _record(act, "review.rejected")
    subject_of(act.case).reject(act.case.subject, by=act.by, office=act.office, reason=act.reason)


_ACTS: dict[ReviewTask.Decision, Callable[[_Act], None]] = {
    ReviewTask.Decision.APPROVE: _approve,
    ReviewTask.Decision.RETURN: _return,
    ReviewTask.Decision.REJECT: _reject,
}


def _finish(act: _Act, decision: ReviewTask.Decision, amount: Decimal | None = None) -> None:
    """Stamp the task with what was decided, by whom and when."""
    task = act.task
    task.finish()
    task.decision, task.decided_by, task.decided_at = decision, act.by, timezone.now()
    task.reason, task.amount = act.reason, amount
    task.holder, task.held_until = act.by, None
    task.save()
    deadlines.close(task)


def _close(case: ReviewCase) -> None:
    case.closed_at = timezone.now()
    case.save(update_fields=("status", "amount", "closed_at"))


def _record(act: _Act, verb: str, before: Any = None, after: Any = None) -> None:
    audit.record(
        verb,
        act.case,
        by=act.by,
        region=act.task.region,
        office=act.office,
        before=before,
        after={"step": act.task.step.name, **(after or {})},
        reason=act.reason,
    )
