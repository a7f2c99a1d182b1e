"""What an expert says first: secrecy is kept and nothing binds them to the case, or they keep away."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import memo
from ..errors import NotAllowed, Refused
from ..models import Interest, Panel, PanelSeat
from ..rules import require
from .ending import end_if_all
from .rules import is_scoring
from .telling import lock_panel, record


def locked(seat: PanelSeat, by: Any) -> tuple[Panel, PanelSeat]:
    """The panel, then the person's own seat."""
    panel = lock_panel(seat.panel)
    fresh: PanelSeat = panel.seats.get(pk=seat.pk)
    fresh.panel = panel
    if fresh.user_id != by.pk:
        raise NotAllowed(_("这份评分由另一位专家办理。"))
    return panel, fresh


@transaction.atomic
def declare(seat: PanelSeat, *, by: Any) -> PanelSeat:
    """Promise secrecy and that there is no conflict; the case opens. Twice is once."""
    panel, fresh = locked(seat, by)
    if fresh.status == PanelSeat.State.DECLARED:
        return fresh
    require(is_scoring(panel))
    if fresh.status != PanelSeat.State.INVITED:
        raise Refused(_("您现为“%(state)s”，不用再声明。") % {"state": fresh.get_status_display()})
    fresh.declare()
    fresh.declared_at = timezone.now()
    fresh.save(update_fields=("status", "declared_at"))
    record(panel, "panel.declared", by=by, after={"expert": fresh.label})
    return fresh


@transaction.atomic
def recuse(seat: PanelSeat, *, by: Any, reason: str) -> PanelSeat:
    """Declare a conflict of interest: the case is hidden from the expert, at a desk too."""
    panel, fresh = locked(seat, by)
    require(is_scoring(panel))
    if fresh.status not in (PanelSeat.State.INVITED, PanelSeat.State.DECLARED):
        raise Refused(_("您现为“%(state)s”，不能再申请回避。") % {"state": fresh.get_status_display()})
    if not reason.strip():
        raise Refused(_("写明需要回避的原因。"), "no_reason")
    fresh.recuse()
    fresh.reason, fresh.points, fresh.comment = reason.strip(), {}, ""
    fresh.save(update_fields=("status", "reason", "points", "comment"))
    words = {"reason": fresh.reason, "at": timezone.now()}
    Interest.objects.get_or_create(case=panel.case, user=by, defaults=words)
    memo.forget()
    record(panel, "panel.recused", by=by, after={"expert": fresh.label}, reason=fresh.reason)
    end_if_all(panel)
    return fresh
