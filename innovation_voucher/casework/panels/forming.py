"""A panel comes together: seated from a draw, with its working days."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from .. import calendar, deadlines
from ..errors import NotAllowed, Refused
from ..models import Deadline, Office, Panel, ReviewTask
from ..panelrules import complete, parsed
from ..reviews.tasks import lock_task
from ..rules import require
from .rules import may_run
from .telling import Expert, invite, record

#: The act that a panel awaits, as its deadline is named.
SCORE = "score"


@transaction.atomic
def form_panel(
    task: ReviewTask, experts: Sequence[Expert], *, by: Any, office: Office | None, field: str, seed: str, drawn: Any
) -> Panel:
    """Seat the drawn experts and start their days; `drawn` is the record of the draw.

    Raises Refused when the step has a panel, or fewer experts came than it asks for.
    """
    fresh = lock_task(task)
    require(may_run(by, fresh, office), NotAllowed)
    if Panel.objects.filter(task=fresh).exists():
        raise Refused(_("这一步已抽取专家，刷新页面查看。"), "panel_exists")
    kept = complete(fresh.step.panel_rules)
    rules = parsed(kept)
    if len(experts) < rules.size:
        raise Refused(_("还需 %(n)s 名专家。") % {"n": rules.size - len(experts)}, "too_few")
    panel: Panel = Panel(task=fresh, case=fresh.case, field=field, seed=seed, rules=kept, drawn_by=by)
    panel.due_on = deadlines.plus(calendar.today(), rules.days, "wd")
    panel.save()
    start_days(panel, rules.days)
    invite(panel, experts)
    record(panel, "panel.formed", by=by, office=office, after={"field": field, "seed": seed, "draw": drawn})
    return panel


def start_days(panel: Panel, days: int) -> None:
    """So many working days from today; one before the last, those who are missing are reminded."""
    lapse = Deadline.OnExpiry.LAPSE
    row = deadlines.start(panel, SCORE, days=days, unit="wd", remind_before=1, on_expiry=lapse)
    panel.due_on = row.due_on
