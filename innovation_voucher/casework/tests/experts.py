"""Panels for tests: a chain whose second step asks experts, its people, and a panel as far as is asked."""

from typing import Any

from accounts.models import User
from innovation_voucher.casework import panels
from innovation_voucher.casework.models import Panel, PanelSeat, ReviewTask
from innovation_voucher.tests import cast

from .trial import RIGHT, make_chain, open_case, open_task

#: Two rows of at most 60 and 40 points.
RULES: dict[str, Any] = {
    "size": 3,
    "quorum": 2,
    "days": 5,
    "criteria": [
        {"key": "need", "label": "必要性", "points": 60},
        {"key": "cost", "label": "费用合理性", "points": 40},
    ],
}


def make_task(rules: dict[str, Any] | None = None, **step: Any) -> ReviewTask:
    """An open task whose step is decided after experts have scored."""
    make_chain({"panel": True, "panel_rules": {**RULES, **(rules or {})}, **step})
    return open_task(open_case())


def owner(name: str = "方组织") -> User:
    """A person of the office that owns the step."""
    return cast.make_officer(cast.COUNTY, RIGHT, name=name)


def invite(count: int = 3) -> list[tuple[User, str]]:
    """New experts with their numbers."""
    return [(cast.make_user(f"专家{number}"), f"E-{number:04d}") for number in range(1, count + 1)]


def form(task: ReviewTask, by: User, count: int = 3) -> Panel:
    """A panel with new experts, drawn in no particular way."""
    return panels.form_panel(task, invite(count), by=by, office=None, field="检测", seed="00", drawn=["E-0001"])


def seats(panel: Panel) -> list[PanelSeat]:
    """Its seats in order, fresh."""
    return list(PanelSeat.objects.filter(panel=panel).select_related("panel__task__step", "user").order_by("id"))


def score(seat: PanelSeat, need: int = 50, cost: int = 30, comment: str = "") -> PanelSeat:
    """Declare where it is still to be done, and submit."""
    panels.declare(seat, by=seat.user)
    return panels.submit_sheet(seat, by=seat.user, points={"need": need, "cost": cost}, comment=comment)


def score_all(panel: Panel, *totals: int) -> Panel:
    """Everybody submits; each total is at most 100."""
    for seat, total in zip(seats(panel), totals or (80, 80, 80), strict=True):
        score(seat, need=min(total, 60), cost=max(total - 60, 0), comment="意见")
    return Panel.objects.get(pk=panel.pk)


def concluded(task: ReviewTask, by: User) -> Panel:
    """Scored by all and summed up."""
    return panels.conclude(score_all(form(task, by)), by=by, office=None, summary="同意兑付")
