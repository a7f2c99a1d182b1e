"""Who comes to a panel later, and who is let go."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import Refused
from ..models import Office, Panel, PanelSeat
from ..panelrules import parsed
from ..rules import require
from .rules import active, is_scoring
from .telling import Expert, invite, lock_owned, record


@transaction.atomic
def seat_more(panel: Panel, experts: Sequence[Expert], *, by: Any, office: Office | None, drawn: Any) -> Panel:
    """Further experts, for those who left."""
    fresh = lock_owned(panel, by=by, office=office)
    require(is_scoring(fresh))
    missing = parsed(fresh.rules).size - len(active(fresh.seats.all()))
    if len(experts) > missing:
        raise Refused(_("现缺 %(n)s 名专家，补抽人数不能多于这个数。") % {"n": max(missing, 0)}, "too_many")
    invite(fresh, experts)
    record(fresh, "panel.filled", by=by, office=office, after={"draw": drawn})
    return fresh


@transaction.atomic
def release_seat(seat: PanelSeat, *, by: Any, office: Office | None, reason: str) -> PanelSeat:
    """Let an expert go who has not submitted, with a reason."""
    panel = lock_owned(seat.panel, by=by, office=office)
    require(is_scoring(panel))
    fresh: PanelSeat = panel.seats.get(pk=seat.pk)
    if fresh.status not in (PanelSeat.State.INVITED, PanelSeat.State.DECLARED):
        raise Refused(_("%(who)s现为“%(state)s”，不能更换。") % {"who": fresh, "state": fresh.get_status_display()})
    if not reason.strip():
        raise Refused(_("写明更换的原因。"), "no_reason")
    fresh.replace()
    fresh.reason = reason.strip()
    fresh.save(update_fields=("status", "reason"))
    record(panel, "panel.replaced", by=by, office=office, after={"expert": fresh.label}, reason=fresh.reason)
    return fresh
