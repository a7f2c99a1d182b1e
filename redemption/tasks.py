"""The sweep of redemptions: what was never submitted does not hold its vouchers for ever."""

from datetime import datetime

from django.db.models import Max

from innovation_voucher.casework import sweeps
from innovation_voucher.casework.sweeps import Sweep
from innovation_voucher.lib.workdays import shanghai_today

from .models import Redemption
from .services.opening import UNSUBMITTED, lapse_draft


def lapse_drafts(now: datetime, dry_run: bool) -> list[str]:
    """Drafts whose vouchers are over the last day to redeem; the vouchers lapse by their own sweep."""
    day = shanghai_today(now)
    unsubmitted = Redemption.objects.filter(status__in=UNSUBMITTED, lines__live=True)
    found = unsubmitted.annotate(last=Max("lines__voucher__redeem_until")).filter(last__lt=day).order_by("pk")
    if dry_run:
        return [_line(row) for row in found]

    def act(pk: int) -> str | None:
        row = lapse_draft(Redemption.objects.get(pk=pk), day=day)
        return _line(row) if row else None

    return sweeps.each(list(found.values_list("pk", flat=True)), act)


def _line(row: Redemption) -> str:
    return f"let go of redemption {row.number}, not submitted"


#: Before the vouchers: what is let go lapses in the same round.
SWEEPS = (Sweep("redemption.drafts", 60, lapse_drafts, position=20),)
