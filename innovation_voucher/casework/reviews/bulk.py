"""One act over several cases: each in a transaction of its own, with words for each that was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import Refused, Stale
from ..models import BulkRun, Office, ReviewTask
from ..rights import Reach
from ..rules import Answer, may_agree_in_bulk, may_decide, require
from ..subjects import subject_of
from .decisions import decide
from .sharing import assign
from .tasks import how_it_ended


@dataclass(frozen=True)
class Candidate:
    """One chosen task, whether it can be agreed to in bulk, and the words when not."""

    task: ReviewTask
    answer: Answer

    @property
    def fits(self) -> bool:
        return self.answer[0]

    @property
    def why(self) -> str:
        return self.answer[1]


def candidates(tasks: Iterable[ReviewTask], *, by: Any, office: Office | None, reach: Reach) -> list[Candidate]:
    """What would happen to each of the tasks if they were agreed to now."""
    return [Candidate(task, _may_agree(task, by, office, reach)) for task in tasks]


def _may_agree(task: ReviewTask, by: Any, office: Office | None, reach: Reach | None = None) -> Answer:
    if task.status != ReviewTask.State.OPEN:
        return False, how_it_ended(task)
    answer = may_decide(by, task, office, reach)
    if not answer[0]:
        return answer
    answer = may_agree_in_bulk(task)
    return answer if answer[0] else (False, _with_checks(task, answer[1]))


def _with_checks(task: ReviewTask, words: str) -> str:
    """The reason, and by name what the system's checks found wrong."""
    bad = [str(check.rule) for check in subject_of(task.case).checks(task.case.subject) if check.ok is False]
    return f"{words.rstrip('。')}：{'；'.join(bad)}" if bad and task.case.checks_bad else words


def start_run(
    token: str, *, act: str, key: str, tasks: Sequence[int], by: Any, query: str = ""
) -> tuple[BulkRun, bool]:
    """The run of a form, and whether it is new: a second POST of the same form finds the first one's.

    Raises Stale for the token of another person's form, queue or act.
    """
    fields = {"user": by, "key": key, "act": act, "at": timezone.now(), "asked": list(tasks), "query": query[:500]}
    try:
        with transaction.atomic():
            return BulkRun.objects.create(token=token, **fields), True
    except IntegrityError:
        run = BulkRun.objects.filter(token=token, user=by, key=key, act=act).first()
    if run is None:
        raise Stale(_("这一页已过期，返回队列重新选择。"))
    return run, False


def approve_all(run: BulkRun, *, by: Any, office: Office | None, reason: str) -> BulkRun:
    """Agree to every case of the run that may be; a refused one changes nothing and is told with words."""
    for task in _tasks_of(run):
        _keep(run, task, _try_to_approve(task, by, office, reason))
    return run


def _try_to_approve(task: ReviewTask, by: Any, office: Office | None, reason: str) -> str:
    """Empty when it is done, else why not."""
    try:
        with transaction.atomic():
            require(_may_agree(task, by, office))
            decide(task, by=by, office=office, decision=ReviewTask.Decision.APPROVE, reason=reason)
    except Refused as refused:
        return str(refused)
    return ""


def assign_all(run: BulkRun, *, to: Any, by: Any, office: Office) -> BulkRun:
    """Give every case of the run to a colleague; a refused one stays with whom it was."""
    for task in _tasks_of(run):
        _keep(run, task, _try_to_assign(task, to, by, office))
    return run


def _try_to_assign(task: ReviewTask, to: Any, by: Any, office: Office) -> str:
    try:
        assign(task, to=to, by=by, office=office)
    except Refused as refused:
        return str(refused)
    return ""


def _tasks_of(run: BulkRun) -> Iterable[ReviewTask]:
    """The chosen tasks one by one, each read anew when its turn comes."""
    rows = ReviewTask.objects.select_related("case__region", "step", "region", "holder", "decided_by")
    for pk in run.asked:
        task: ReviewTask = rows.get(pk=pk)
        yield task


def _keep(run: BulkRun, task: ReviewTask, words: str) -> None:
    run.results[str(task.pk)] = words
    run.save(update_fields=("results",))


def outcome(run: BulkRun, task: ReviewTask) -> tuple[bool, str]:
    """Whether a case of the run was done, and the words of the other ones."""
    words = run.results.get(str(task.pk))
    if words is None:
        return False, _("没有办理，仍在队列里。")
    return not words, words
