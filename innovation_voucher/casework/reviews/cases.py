"""Cases: opened when something is submitted, resumed when it was mended, ended by either side."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit, deadlines
from ..errors import Refused
from ..models import ChainStep, Region, ReturnItem, ReviewCase, ReviewTask
from ..subjects import Check
from .rounds import declared
from .tasks import lock_case, skip_waiting, start_at

#: The act that a returned subject awaits, as its deadline is named.
RESUBMIT = "resubmit"

_LIVE = (ReviewCase.State.OPEN, ReviewCase.State.RETURNED)


def _cases_of(subject_obj: Model) -> QuerySet[ReviewCase]:
    kind = ContentType.objects.get_for_model(subject_obj)
    cases: QuerySet[ReviewCase] = ReviewCase.objects.filter(subject_type=kind, subject_id=subject_obj.pk)
    return cases


def live_case(subject_obj: Model) -> ReviewCase | None:
    """The case that is open or returned, if there is one."""
    live = _cases_of(subject_obj).filter(status__in=_LIVE)
    return live.select_related("region", "chain").first()


def lock_case_of(subject_obj: Model) -> ReviewCase | None:
    """Lock the live case before any row of the subject, as a decision does; None without one.

    A verb of the applicant's side that locks its own row (resubmit, withdraw, expire) calls this first:
    in the other order it and a decision would wait for each other.
    """
    case = live_case(subject_obj)
    return lock_case(case) if case else None


def _locked_live(subject_obj: Model) -> ReviewCase:
    fresh = lock_case_of(subject_obj)
    if fresh is None or fresh.status not in _LIVE:
        raise Refused(_("这项申请不在审核中，刷新页面查看现在的状态。"), "no_live_case")
    return fresh


def returned_items(subject_obj: Model, case: ReviewCase | None = None) -> dict[str, list[ReturnItem]]:
    """What the applicant must mend now, by field or evidence key; empty unless returned.

    `case` is the newest of the subject, where the caller has read it.
    """
    case = case or live_case(subject_obj)
    found: dict[str, list[ReturnItem]] = defaultdict(list)
    if case and case.status == ReviewCase.State.RETURNED:
        for item in last_return(case):
            found[item.target].append(item)
    return dict(found)


def last_return(case: ReviewCase) -> QuerySet[ReturnItem]:
    """Items of the newest return of the case, in the order of the letter."""
    newest = case.items.order_by("-task_id").values("task_id")[:1]
    return case.items.filter(task_id__in=newest).select_related("task")


def open_case(
    subject_obj: Model,
    *,
    chain: str,
    number: str,
    title: str,
    applicant: str,
    region: Region,
    home: Region,
    by: Any,
    amount: Decimal | None = None,
    checks: Iterable[Check] = (),
) -> ReviewCase:
    """Send something through a chain; amount in yuan. Refused when it is under review already.

    `region` accepts the case, `home` is the programme's own node (the region again without one).
    The caller holds the lock of the subject and is in a transaction.
    """
    if live_case(subject_obj):
        raise Refused(_("这项申请已在审核中，不用重复提交。"), "live_case")
    steps = _steps(chain)
    with transaction.atomic():
        case: ReviewCase = ReviewCase(
            chain=steps[0].chain,
            subject=subject_obj,
            number=number,
            title=title,
            applicant=applicant,
            region=region,
            home=home,
            amount=amount,
        )
        _stamp(case, by, checks)
        case.save()
        start_at(case, steps)
        audit.record("review.opened", case, by=by, region=region, after={"amount": amount})
    return case


def _steps(chain: str) -> list[ChainStep]:
    found = list(ChainStep.objects.filter(chain__key=chain).select_related("chain").order_by("position"))
    if not found:
        raise Refused(_("这一事项还没有设置审核流程，联系科技主管部门。"), "no_chain")
    return found


def _stamp(case: ReviewCase, by: Any, checks: Iterable[Check]) -> None:
    """Who submitted this round and when, what it declares, and how many of the system's checks fit."""
    results = [check.ok for check in checks]
    case.answers_before, case.answers = case.answers, declared(case)
    case.submitted_by = by
    case.submitted_at = timezone.now()
    case.checks_good = results.count(True)
    case.checks_bad = results.count(False)


@transaction.atomic
def resubmit(subject_obj: Model, *, by: Any, amount: Decimal | None = None, checks: Iterable[Check] = ()) -> ReviewCase:
    """Send a returned subject back, to the step that returned it or to the first, as that step says.

    A new amount (yuan) replaces the old one; without it the old one stays.
    """
    case = _locked_live(subject_obj)
    if case.status != ReviewCase.State.RETURNED:
        raise Refused(_("这项申请没有被退回，不用重新提交。"), "not_returned")
    before = {"round": case.round, "amount": case.amount}
    case.resume()
    case.return_due = None
    case.amount = case.amount if amount is None else amount
    _stamp(case, by, checks)
    case.save()
    start_at(case, _steps_after_return(case))
    deadlines.close(subject_obj, RESUBMIT)
    after = {"round": case.round, "amount": case.amount}
    audit.record("review.resubmitted", case, by=by, region=case.region, before=before, after=after)
    return case


def _steps_after_return(case: ReviewCase) -> list[ChainStep]:
    done = case.tasks.filter(decision=ReviewTask.Decision.RETURN).select_related("step")
    step = done.latest("decided_at").step
    steps = case.chain.steps.order_by("position")
    if step.resume_at == ChainStep.ResumeAt.FIRST:
        return list(steps)
    return list(steps.filter(position__gte=step.position))


@transaction.atomic
def withdraw(subject_obj: Model, *, by: Any) -> ReviewCase:
    """End the case because the applicant takes it back; Refused when nothing is under review."""
    case = _locked_live(subject_obj)
    case.withdraw()
    return _end(case, "review.withdrawn", by)


@transaction.atomic
def expire(subject_obj: Model, *, by: Any = None) -> ReviewCase:
    """End a returned case that was not mended in time; Refused when it is not returned any more."""
    case = _locked_live(subject_obj)
    if case.status != ReviewCase.State.RETURNED:
        raise Refused(_("这项申请已重新提交，没有过期。"), "not_returned")
    case.expire()
    return _end(case, "review.expired", by)


def _end(case: ReviewCase, verb: str, by: Any) -> ReviewCase:
    case.closed_at = timezone.now()
    case.save(update_fields=("status", "closed_at"))
    skip_waiting(case)
    if case.subject is not None:
        deadlines.close(case.subject, RESUBMIT)
    audit.record(verb, case, by=by, region=case.region)
    return case
