"""One case as its page needs it, read with few queries and seen only by those who may."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from .. import audit, memo, rights
from ..errors import NotAllowed
from ..models import ReturnItem, ReviewCase, ReviewTask
from ..reviews.cases import last_return
from ..reviews.rounds import Change, changes
from ..rules import Answer, has_interest, in_reach, may_decide, may_look, part_of, require
from ..subjects import Check, Subject
from ..web import Viewer


def find_case(subject: Subject, number: str, user: Any = None) -> ReviewCase:
    """The newest case under a number with all its tasks; 404 when there is none.

    Of a reader's declared interest, and of a seat as an expert, the request learns on the way.
    """
    reader = user.pk if user else None
    rows = ReviewTask.objects.filter(case__subject_type=subject.content_type, case__number=number)
    rows = rows.select_related("step", "region", "holder", "decided_by", "case__region", "case__submitted_by")
    found: Any = list(rows.annotate(**part_of(reader, "case")).order_by("-case_id", "id"))
    if not found:
        raise Http404
    case: ReviewCase = found[0].case
    tasks = [task for task in found if task.case_id == case.pk]
    for task in tasks:
        task.case = case
    _keep_tasks(case, tasks)
    case.avoided = tasks[0].avoided  # type: ignore[attr-defined]
    if user is not None:
        memo.asked(("part", case.pk, user.pk), lambda: {"avoided": found[0].avoided, "seated": found[0].seated})
    return case


def _keep_tasks(case: ReviewCase, tasks: list[ReviewTask]) -> None:
    """As if the tasks had been prefetched; case and tasks come by one query, and no case is without a task."""
    kept = case.tasks.all()
    kept._result_cache = tasks  # noqa: SLF001
    case._prefetched_objects_cache = {"tasks": kept}  # type: ignore[attr-defined]  # noqa: SLF001


def case_for(viewer: Viewer, subject: Subject, number: str) -> ReviewCase:
    """The case for a reader at a desk.

    404 out of their region or where they keep away, NotAllowed (403) without a part in it.
    """
    case = find_case(subject, number, viewer.user)
    if has_interest(viewer.user, case):
        raise Http404
    if not in_reach(case, viewer.reach) and not _has_part(viewer, case):
        raise Http404
    require(may_look(case, viewer.office, viewer.reach), NotAllowed)
    return case


def _has_part(viewer: Viewer, case: ReviewCase) -> bool:
    """A step may ask its right elsewhere than where the case lies, as at the programme's node."""
    return any(rights.covers(viewer.reach, task.step.right, task.region) for task in case.tasks.all())


@dataclass
class CasePage:
    """What the case page shows besides forms and evidence."""

    case: ReviewCase
    subject: Subject
    viewer: Viewer

    @cached_property
    def obj(self) -> Any:
        """The thing under review."""
        if self.subject.read_with:
            rows = self.subject.model._default_manager.select_related(*self.subject.read_with)
            self.case.subject = rows.get(pk=self.case.subject_id)
        return self.case.subject

    @cached_property
    def task(self) -> ReviewTask | None:
        """The open task, None when the case is decided or with the applicant."""
        return next((t for t in self.case.tasks.all() if t.status == ReviewTask.State.OPEN), None)

    @cached_property
    def answer(self) -> Answer:
        """Whether the reader may decide now, else why not."""
        if self.task is None:
            return False, ""
        return may_decide(self.viewer.user, self.task, self.viewer.office, self.viewer.reach)

    @property
    def done(self) -> list[ReviewTask]:
        """Steps that were decided, in order."""
        return [task for task in self.case.tasks.all() if task.decision]

    @cached_property
    def checks(self) -> list[Check]:
        return self.subject.checks(self.obj)

    @cached_property
    def events(self) -> list[audit.TimelineEntry]:
        return audit.timeline(self.case, self.obj)

    @property
    def returned(self) -> bool:
        """Whether there is a letter to the applicant."""
        return any(task.decision == ReviewTask.Decision.RETURN for task in self.case.tasks.all())

    @cached_property
    def items(self) -> list[ReturnItem]:
        """What the newest return asks to mend."""
        return list(last_return(self.case)) if self.returned else []

    @cached_property
    def changes(self) -> list[Change] | None:
        """What the newest submission changed; None for a first one."""
        return changes(self.case)

    @property
    def url(self) -> str:
        return reverse("desk-case", args=(self.subject.key, self.case.number))

    @property
    def notice_url(self) -> str:
        return reverse("desk-notice", args=(self.subject.key, self.case.number)) if self.returned else ""
