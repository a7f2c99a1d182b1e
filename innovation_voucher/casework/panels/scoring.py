"""The sheet of an expert: kept while it is filled in, then given for good."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import Refused
from ..models import PanelSeat
from ..panelrules import PanelRules, parsed
from ..rules import require
from .declaring import locked
from .ending import end_if_all
from .rules import may_score
from .telling import record

LONGEST = 500


@transaction.atomic
def save_sheet(seat: PanelSeat, *, by: Any, points: Mapping[str, int | None], comment: str) -> PanelSeat:
    """Keep what is filled in so far (暂存); points by key of the criterion, None = not given yet."""
    panel, fresh = locked(seat, by)
    require(may_score(fresh))
    _keep(fresh, parsed(panel.rules), points, comment)
    fresh.save(update_fields=("points", "comment"))
    return fresh


@transaction.atomic
def submit_sheet(seat: PanelSeat, *, by: Any, points: Mapping[str, int | None], comment: str) -> PanelSeat:
    """Give the whole sheet; it cannot be changed any more. The last one ends the panel.

    Raises Refused when a row is missing, or a low total has no opinion.
    """
    panel, fresh = locked(seat, by)
    require(may_score(fresh))
    rules = parsed(panel.rules)
    _keep(fresh, rules, points, comment)
    missing = [row.label for row in rules.criteria if row.key not in fresh.points]
    if missing:
        raise Refused(_("还没有评分：%(rows)s") % {"rows": "、".join(missing)}, "incomplete")
    total = sum(fresh.points.values())
    if total < rules.comment_below and not fresh.comment:
        raise Refused(_("总分低于 %(n)s 分，写明评审意见。") % {"n": rules.comment_below}, "no_comment")
    fresh.submit()
    fresh.total, fresh.submitted_at = total, timezone.now()
    fresh.save()
    record(panel, "panel.scored", by=by, after={"expert": fresh.label, "total": total, "round": panel.round})
    end_if_all(panel)
    return fresh


def _keep(seat: PanelSeat, rules: PanelRules, points: Mapping[str, int | None], comment: str) -> None:
    """Take over what fits the sheet."""
    kept = {}
    for row in rules.criteria:
        given = points.get(row.key)
        if given is None:
            continue
        if not 0 <= given <= row.points:
            raise Refused(_("%(row)s填 0 到 %(most)s 分。") % {"row": row.label, "most": row.points}, "points")
        kept[row.key] = given
    seat.points, seat.comment = kept, comment.strip()[:LONGEST]
