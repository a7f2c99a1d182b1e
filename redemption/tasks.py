"""The sweeps of redemptions: what was never submitted lets go of its vouchers; lists that are over close."""

from datetime import datetime

from innovation_voucher.casework import sweeps
from innovation_voucher.casework.sweeps import Sweep
from innovation_voucher.lib.workdays import shanghai_today

from .models import Publicity, Redemption
from .services.opening import LAST_DAY, UNSUBMITTED, lapse_draft
from .services.publishing import close_publicity


def lapse_drafts(now: datetime, dry_run: bool) -> list[str]:
    """Drafts whose vouchers are over the last day to redeem; the vouchers lapse by their own sweep."""
    day = shanghai_today(now)
    unsubmitted = Redemption.objects.filter(status__in=UNSUBMITTED)
    found = unsubmitted.annotate(last=LAST_DAY).filter(last__lt=day).order_by("pk")
    if dry_run:
        return [_line(row) for row in found]

    def act(pk: int) -> str | None:
        row = lapse_draft(Redemption.objects.get(pk=pk), day=day)
        return _line(row) if row else None

    return sweeps.each(list(found.values_list("pk", flat=True)), act)


def _line(row: Redemption) -> str:
    return f"let go of redemption {row.number}, not submitted"


def close_lists(now: datetime, dry_run: bool) -> list[str]:
    """Public lists whose last day is over; what nobody contests may be paid."""
    day = shanghai_today(now)
    found = Publicity.objects.filter(status=Publicity.State.OPEN, closes_on__lt=day).order_by("pk")
    if dry_run:
        return [f"close {row.number}" for row in found]

    def act(pk: int) -> str | None:
        row = close_publicity(Publicity.objects.get(pk=pk), day=day)
        return f"closed {row.number}" if row else None

    return sweeps.each(list(found.values_list("pk", flat=True)), act)


#: Before the vouchers: what is let go lapses in the same round.
SWEEPS = (
    Sweep("redemption.drafts", 60, lapse_drafts, position=20),
    Sweep("redemption.lists", 60, close_lists, position=20),
)
