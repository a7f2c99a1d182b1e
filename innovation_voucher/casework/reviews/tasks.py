"""Tasks of a case: made for every step at once, opened one after another."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import deadlines, messaging
from ..errors import Stale
from ..models import ChainStep, Region, ReviewCase, ReviewTask
from ..subjects import subject_of
from . import terms
from .naming import call_by, step_before


def lock_case(case: ReviewCase | int) -> ReviewCase:
    """The fresh case, first of all locks."""
    pk = case if isinstance(case, int) else case.pk
    rows = ReviewCase.objects.select_for_update(of=("self",)).select_related("region", "home", "chain")
    fresh: ReviewCase = rows.get(pk=pk)
    return fresh


def lock_task(task: ReviewTask) -> ReviewTask:
    """The fresh task under the lock of its case; Stale when it is no longer open."""
    case = lock_case(task.case_id)
    rows = ReviewTask.objects.select_for_update(of=("self",)).select_related("step", "region", "holder", "decided_by")
    fresh: ReviewTask = rows.get(pk=task.pk)
    fresh.case = case
    if fresh.status != ReviewTask.State.OPEN:
        raise Stale(how_it_ended(fresh))
    return fresh


def how_it_ended(task: ReviewTask) -> str:
    """What to tell the one who came too late."""
    if task.decided_at:
        at = timezone.localtime(task.decided_at).strftime("%H:%M")
        return _("此件已由%(who)s于 %(at)s 办结。") % {"who": task.decided_by, "at": at}
    return _("此件现为“%(state)s”，不需要您办理。") % {"state": task.case.get_status_display()}


def region_of(step: ChainStep, case: ReviewCase) -> Region:
    """Where a step asks its right; a city or province that is missing above is the next one up."""
    if step.scope == ChainStep.Scope.PROGRAMME:
        return case.home
    if step.scope == ChainStep.Scope.OWN:
        return case.region
    levels = {ChainStep.Scope.CITY: ("city", "province"), ChainStep.Scope.PROVINCE: ("province",)}
    above = Region.objects.filter(code__in=case.region.ancestor_codes, level__in=levels[ChainStep.Scope(step.scope)])
    return above.order_by("-path").first() or case.region


def start_at(case: ReviewCase, steps: Iterable[ChainStep]) -> None:
    """One waiting task for each step, the first of them open; the subject is called by the step before."""
    tasks = [ReviewTask.objects.create(case=case, step=step, region=region_of(step, case)) for step in steps]
    call_by(case, step_before(tasks[0].step))
    open_task(tasks[0])


def open_task(task: ReviewTask) -> None:
    """Start the clock of a task and tell those who may take it."""
    task.open()
    task.opened_at = timezone.now()
    task.due_on = terms.start(task)
    task.save(update_fields=("status", "opened_at", "due_on"))
    _notify(task)


def skip_waiting(case: ReviewCase) -> None:
    """End the tasks that will not come to their turn."""
    live = (ReviewTask.State.WAITING, ReviewTask.State.OPEN)
    for task in case.tasks.select_for_update().filter(status__in=live):
        task.skip()
        task.save(update_fields=("status",))
        deadlines.close(task)


def _notify(task: ReviewTask) -> None:
    case = task.case
    subject = subject_of(case)
    messaging.notify(
        terms.reviewers(task),
        kind="task",
        title=_("待办：%(what)s %(number)s（%(step)s）")
        % {"what": subject.label, "number": case.number, "step": task.step.name},
        body=_("%(who)s，%(title)s") % {"who": case.applicant, "title": case.title},
        link=reverse("desk-case", args=(subject.key, case.number)),
        dedupe=f"task:{task.pk}",
    )
