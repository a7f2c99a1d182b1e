"""What the pages of experts read, and who comes to them."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import PanelSeat, ReviewTask
from innovation_voucher.casework.panelrules import PanelRules, parsed
from innovation_voucher.casework.web import Role, viewer_of

AUDIENCE = "expert"
GONE = (PanelSeat.State.RECUSED, PanelSeat.State.REPLACED)
WORKING = Q(
    status__in=(PanelSeat.State.INVITED, PanelSeat.State.DECLARED),
    panel__status="scoring",
    panel__task__status=ReviewTask.State.OPEN,
)


def roles_of(user: Any) -> Iterator[Role]:
    """The part of an expert, for whom the register has marked as one (no query)."""
    if user.is_expert:
        yield Role(AUDIENCE, AUDIENCE, _("评审专家"))


def expert_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For experts acting as such; others read who may come here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if viewer_of(request).audience != AUDIENCE:
            raise NotAllowed(_("这里由专家库的评审专家使用。如您也是评审专家，请先切换身份。"))
        return view(request, *args, **kwargs)

    return guarded


def seats(user: Any) -> QuerySet[PanelSeat]:
    """All seats that the person ever had, the one that ends first before the others."""
    rows = PanelSeat.objects.filter(user=user)
    return rows.select_related("panel__task__step", "panel__case__subject_type").order_by("panel__due_on", "-id")


def seat_of(user: Any, number: str) -> PanelSeat:
    """The person's newest seat in a case, 404 when they keep away from it or it was given to another."""
    rows = seats(user).exclude(status__in=GONE).exclude(panel__case__interests__user=user)
    newest = rows.filter(panel__case__number=number).order_by("-id").values("pk")[:1]
    return get_object_or_404(rows, pk__in=newest)


def rules_of(seat: PanelSeat) -> PanelRules:
    """The sheet of the seat's panel."""
    return parsed(seat.panel.rules)


def facts(seat: PanelSeat) -> list[dict[str, Any]]:
    """What was declared in the case; an applicant is named unless the panel is blind."""
    case, rows = seat.case, []
    if not rules_of(seat).blind:
        rows.append({"label": _("申请单位"), "value": case.applicant})
    # A file has a digest behind its name; files stand beside the sheet.
    said = [pair for pair in case.answers if len(pair) == len(("label", "value"))]
    return rows + [{"label": label, "value": value} for label, value in said if value]
