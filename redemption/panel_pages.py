"""What the pages of panels read, for the offices that own a step of experts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from carriers.models import Category
from innovation_voucher.casework import panels, rights
from innovation_voucher.casework.models import Panel, PanelSeat, ReviewCase, ReviewTask
from innovation_voucher.casework.panelrules import PanelRules, complete, parsed
from innovation_voucher.casework.panels.rules import active, submitted
from innovation_voucher.casework.rules import Answer
from innovation_voucher.casework.subjects import Subject
from innovation_voucher.casework.web import Viewer

from . import services
from .models import Redemption

SHOWN = (ReviewTask.State.OPEN, ReviewTask.State.DONE)


def tasks(viewer: Viewer) -> QuerySet[ReviewTask]:
    """Steps of experts that the reader's office owns and whose turn has come."""
    kind = viewer.office.kind if viewer.office else ""
    mine = rights.within(viewer.reach, right="step__right", path="region__path")
    rows = ReviewTask.objects.filter(mine, step__panel=True, step__office_kind=kind, status__in=SHOWN)
    rows = rows.exclude(case__interests__user=viewer.user)
    given = Count("drawn__seats", filter=Q(drawn__seats__status="submitted"))
    seated = Count("drawn__seats", filter=~Q(drawn__seats__status__in=("recused", "replaced")))
    found = rows.annotate(given=given, seated=seated).select_related("case__subject_type", "step", "drawn")
    return found.order_by("due_on", "id")


@dataclass
class PanelPage:
    """One step of experts: its panel if it has one, and what the reader may do."""

    task: ReviewTask
    subject: Subject
    viewer: Viewer

    @property
    def case(self) -> ReviewCase:
        return self.task.case

    @cached_property
    def panel(self) -> Panel | None:
        """The panel with its seats."""
        seats = Prefetch("seats", PanelSeat.objects.select_related("user__expert").order_by("id"))
        found: Panel | None = getattr(self.task, "drawn", None)
        if found:
            prefetch_related_objects([found], seats)
            found.task, found.case = self.task, self.case
        return found

    @cached_property
    def rules(self) -> PanelRules:
        return parsed(self.panel.rules if self.panel else complete(self.task.step.panel_rules))

    @cached_property
    def answer(self) -> Answer:
        """Whether the reader runs this panel now."""
        if self.task.status != ReviewTask.State.OPEN:
            return False, ""
        return panels.may_run(self.viewer.user, self.task, self.viewer.office)

    @property
    def seats(self) -> list[PanelSeat]:
        return list(self.panel.seats.all()) if self.panel else []

    @property
    def missing(self) -> int:
        """Places that experts left and nobody has filled."""
        return max(self.rules.size - len(active(self.seats)), 0)

    @property
    def totals(self) -> list[int]:
        return [seat.total or 0 for seat in submitted(self.seats)]

    @property
    def mean(self) -> str:
        return f"{sum(self.totals) / len(self.totals):.1f}" if self.totals else ""

    @property
    def spread(self) -> int:
        return max(self.totals) - min(self.totals) if self.totals else 0

    @property
    def too_far(self) -> bool:
        return self.rules.too_far_apart(self.totals)

    @property
    def heads(self) -> list[str]:
        """Rows of the table of points."""
        return [row.label for row in self.rules.criteria]

    @property
    def table(self) -> list[tuple[PanelSeat, list[Any]]]:
        """Seats with their points; those of sheets that are not given stay hidden from the owner."""
        keys = [row.key for row in self.rules.criteria]
        return [(seat, _shown(seat, keys)) for seat in self.seats]

    @property
    def replaceable(self) -> list[tuple[str, str]]:
        """Seats that may be given to somebody else."""
        open_ones = (PanelSeat.State.INVITED, PanelSeat.State.DECLARED)
        return [(str(seat.pk), seat.label) for seat in self.seats if seat.status in open_ones]

    @cached_property
    def field(self) -> Category | None:
        """The first level of the service's category, as a proposal."""
        if not isinstance(self.case.subject, Redemption):
            return None
        name = self.case.subject.lines.values_list("voucher__service_category", flat=True).first()
        rows = Category.objects.filter(name=name).select_related("parent__parent")
        found: Category | None = rows.first()
        return found.trail[0] if found else None

    @cached_property
    def known(self) -> services.Candidates | None:
        """Who could be drawn of the proposed field."""
        return services.candidates(self.case, self.field) if self.field and not self.panel else None


def _shown(seat: PanelSeat, keys: list[str]) -> list[Any]:
    given = seat.status == PanelSeat.State.SUBMITTED
    return [seat.points.get(key, "") if given else "" for key in keys]


def page_of(viewer: Viewer, subject: Subject, number: str) -> PanelPage:
    """The newest step of experts of a case; 404 for whoever has no part in it."""
    rows = tasks(viewer).filter(case__subject_type=subject.content_type, case__number=number)
    task = (
        rows.select_related(
            "drawn__drawn_by", "drawn__concluded_by", "case__region", "case__submitted_by", "region", "holder"
        )
        .order_by("-id")
        .first()
    )
    if task is None:
        raise Http404
    task.case.subject = subject.model._default_manager.select_related(*subject.read_with).get(pk=task.case.subject_id)
    return PanelPage(task, subject, viewer)
