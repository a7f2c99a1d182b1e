"""What waits at a desk: the open tasks of a person's office, counted and filtered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from .. import calendar, rights
from ..models import Interest, ReviewTask
from ..subjects import Subject
from ..web import Viewer

PAGE_SIZE = 20

#: Days before the end from which a task counts as due soon on the inbox.
SOON = 2

#: Columns by which a queue can be sorted; the name stands in the address, with a minus from the end.
SORTS = {"submitted": "case__submitted_at", "due": "due_on", "amount": "case__amount", "applicant": "case__applicant"}

#: Quick views over every queue, in the order of the tabs.
VIEWS: dict[str, Any] = {
    "": gettext_lazy("全部"),
    "late": gettext_lazy("逾期"),
    "today": gettext_lazy("今天到期"),
    "mine": gettext_lazy("我的"),
    "free": gettext_lazy("未分派"),
}


def view_condition(view: str, user: Any) -> Q:
    """Which tasks a quick view shows; an unknown one shows all."""
    today = calendar.today()
    conditions = {
        "late": Q(due_on__lt=today),
        "today": Q(due_on=today),
        "mine": Q(assignee=user) | Q(assignee__isnull=True, holder=user),
        "free": Q(assignee__isnull=True, holder__isnull=True),
    }
    return conditions.get(view, Q())


def visible_tasks(viewer: Viewer) -> QuerySet[ReviewTask]:
    """Tasks of every state that the reader's office may take or has taken, without those they keep away from."""
    kind = viewer.office.kind if viewer.office else ""
    mine = rights.within(viewer.reach, right="step__right", path="region__path")
    avoided = Interest.objects.filter(case=OuterRef("case"), user=viewer.user)
    tasks: QuerySet[ReviewTask] = ReviewTask.objects.filter(mine, ~Exists(avoided), step__office_kind=kind)
    return tasks


def open_tasks(viewer: Viewer, subject: Subject | None = None) -> QuerySet[ReviewTask]:
    """Tasks that wait for the reader's office, the oldest submission first."""
    tasks = visible_tasks(viewer).filter(status=ReviewTask.State.OPEN)
    if subject:
        tasks = tasks.filter(case__subject_type=subject.content_type)
    return tasks.order_by("case__submitted_at", "id")


def pending(viewer: Viewer) -> int:
    """How many tasks wait, for the badge of the menu."""
    return open_tasks(viewer).count()


@dataclass(frozen=True)
class Tally:
    """Counts of one queue on the inbox."""

    subject: Subject
    total: int
    late: int
    soon: int
    mine: int
    oldest: Any
    due: date | None

    @property
    def url(self) -> str:
        return reverse("desk-queue", args=(self.subject.key,))


def tallies(viewer: Viewer, subjects: Iterable[Subject]) -> list[Tally]:
    """Every queue in which something waits (one query)."""
    today = calendar.today()
    soon = calendar.add_working_days(today, SOON)
    rows: Iterable[Any] = (
        open_tasks(viewer)
        .order_by()
        .values("case__subject_type")
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=soon)),
            mine=Count("pk", filter=view_condition("mine", viewer.user)),
            oldest=Min("case__submitted_at"),
            due=Min("due_on"),
        )
    )
    found = {row.pop("case__subject_type"): row for row in rows}
    named = [(subject, found.get(subject.content_type.pk)) for subject in subjects]
    return [Tally(subject=subject, **row) for subject, row in named if row]


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that was told the count, since the tabs had counted already."""

    def __init__(self, tasks: QuerySet[ReviewTask], count: int) -> None:
        super().__init__(tasks, PAGE_SIZE)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


@dataclass
class Queue:
    """One queue as its reader sees it now: `condition` is what the filters ask."""

    viewer: Viewer
    subject: Subject
    view: str = ""
    condition: Q = field(default_factory=Q)
    sort: str = ""

    @property
    def tasks(self) -> QuerySet[ReviewTask]:
        """The filtered tasks, oldest first or as sorted, with what a row shows."""
        chosen = self.condition & view_condition(self.view, self.viewer.user)
        rows = open_tasks(self.viewer, self.subject).filter(chosen)
        rows = rows.select_related("case", "step", "region", "holder", "assignee")
        if order := SORTS.get(self.sort.removeprefix("-")):
            by = F(order).desc(nulls_last=True) if self.sort.startswith("-") else F(order).asc(nulls_last=True)
            rows = rows.order_by(by, "case__submitted_at", "id")
        return rows

    @cached_property
    def _groups(self) -> list[dict[str, Any]]:
        """Counts of every quick view by step, and of what the filters leave (one query)."""
        user = self.viewer.user
        counts = {f"n_{name or 'all'}": Count("pk", filter=Q(pk__gt=0) & view_condition(name, user)) for name in VIEWS}
        chosen = Q(pk__gt=0) & self.condition & view_condition(self.view, user)
        rows = open_tasks(self.viewer, self.subject).order_by().values("step__name")
        groups: Any = rows.annotate(chosen=Count("pk", filter=chosen), **counts)
        return list(groups)

    @property
    def steps(self) -> list[str]:
        """Names of the steps at which something waits."""
        return sorted(row["step__name"] for row in self._groups)

    def count(self, view: str) -> int:
        """How many tasks a quick view holds, without the filters."""
        return sum(row[f"n_{view or 'all'}"] for row in self._groups)

    def page(self, number: Any) -> Any:
        """One page of rows; a number out of range is the nearest page."""
        chosen = sum(row["chosen"] for row in self._groups)
        return CountedPaginator(self.tasks, chosen).get_page(number)

    def following(self) -> ReviewTask | None:
        """The oldest task of the view that nobody else works on now."""
        user = self.viewer.user
        free = Q(holder__isnull=True) | Q(holder=user) | Q(held_until__lte=timezone.now())
        return self.tasks.filter(free, Q(assignee__isnull=True) | Q(assignee=user)).first()

    def place_of(self, task: ReviewTask) -> tuple[int, int]:
        """At which place of how many the task stands in the view (one query); (0, n) when it is not in it."""
        pks = list(self.tasks.values_list("pk", flat=True))
        return pks.index(task.pk) + 1 if task.pk in pks else 0, len(pks)


@dataclass(frozen=True)
class Row:
    """One task on the table."""

    task: ReviewTask
    url: str
    due: str
    tone: str

    @property
    def who(self) -> Any:
        """Who works on it: the colleague to whom it was given, else who took it last."""
        return self.task.assignee or self.task.holder


def rows(tasks: Iterable[ReviewTask], subject: Subject, query: str) -> Iterator[Row]:
    """Tasks with their links, which keep the filters, and the words of their due day."""
    worked = calendar.loaded()
    for task in tasks:
        url = reverse("desk-case", args=(subject.key, task.case.number))
        words, tone = due_words(task.due_on, worked)
        yield Row(task, f"{url}?{query}" if query else url, words, tone)


def due_words(due: date | None, worked: calendar.Worked | None = None) -> tuple[str, str]:
    """How many working days a task may still take, in words, and the tone of the words."""
    if due is None:
        return "", ""
    today = calendar.today()
    if due == today:
        return _("今天到期"), "soon"
    left = calendar.working_days_left(due, worked)
    if due < today:
        # Over a weekend no working day has passed yet, and still the day is gone.
        return (_("逾期 %(n)s 个工作日") % {"n": -left} if left else _("已逾期")), "late"
    return _("还剩 %(n)s 个工作日") % {"n": left}, "soon" if left <= 1 else ""
