"""The line before an empty budget: granted strictly in the order of submission, or ended by time."""

from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require

from .. import claim_rules, ledger
from ..models import BudgetPool, Claim
from ..rule_gaps import STAMPED
from .budgets import leave_line, line_of
from .claim_telling import record, tell
from .claimant import standing_of
from .granting import approved, credit, locked_claim

State = Claim.State


def admit_waiting(pool: BudgetPool, *, by: User | None = None) -> list[Claim]:
    """Grant to the first of the line for as long as the budget holds what it agreed; answers who got it.

    One that does not fit keeps all behind it waiting, however little they ask. One that can be granted
    no more (its cap is used up, its account frozen) lapses with the reason. A transaction per claim.
    """
    done = []
    while (head := line_of(pool).values_list("pk", flat=True).first()) is not None:
        try:
            claim = _admit(head, by)
        except ledger.InsufficientQuota as refused:
            if refused.code == "pool_empty":
                break
            claim = _give_up(head, by, str(refused))
        except Refused as refused:
            claim = _give_up(head, by, str(refused))
        if claim is not None and claim.status == State.APPROVED:
            done.append(claim)
    return done


@transaction.atomic
def _admit(pk: int, by: User | None) -> Claim | None:
    """Grant one claim of the line; None when somebody else was first."""
    claim = locked_claim(pk)
    if claim.status != State.WAITLISTED or claim.granted is None:
        return None
    found = standing_of(claim, day=calendar.today(), locked=True)
    found.require_within(claim.granted)
    credit(claim, found, claim.granted, by=by, in_line=True)
    approved(claim, "claim.admitted", by=by, before=State.WAITLISTED)
    return claim


def _give_up(pk: int, by: User | None, why: str) -> Claim | None:
    """End what can be granted no more; None when somebody else ended it meanwhile."""
    try:
        return lapse_claim(pk, by=by, reason=why)
    except Refused:
        return None


def admit_later(pool: BudgetPool) -> None:
    """Once this transaction is committed, and its locks are gone; the sweep catches what is missed."""
    transaction.on_commit(partial(admit_waiting, pool), robust=True)


# --- Ends -------------------------------------------------------------------------------------


def claims_over(day: date) -> QuerySet[Claim]:
    """Claims without quota whose programme's year has ended before the day: what they ask for could not be used."""
    return Claim.objects.filter(status__in=claim_rules.LAPSABLE, programme__year__lt=day.year).order_by("pk")


@transaction.atomic
def lapse_claim(claim: Claim | int, *, by: User | None = None, reason: str = "") -> Claim:
    """The claim's time is over before quota was granted; its case ends with it.

    Refused for a claim that was decided already.
    """
    row = claim if isinstance(claim, Claim) else Claim.objects.get(pk=claim)
    case = reviews.lock_case_of(row)
    fresh = locked_claim(row)
    require(claim_rules.may_lapse(fresh))
    before = fresh.status
    if case is not None:
        (reviews.expire if before in claim_rules.MENDING else reviews.withdraw)(fresh, by=by)
    fresh.lapse()
    deadlines.close(fresh, STAMPED)
    fresh.decided_at = timezone.now()
    fresh.save(update_fields=["status", "decided_at"])
    why = reason or _("没有在期限内办理")
    record("claim.lapsed", fresh, by=by, before=before, reason=why)
    if before != State.DRAFT:
        tell(fresh, _("额度申领 %s 已失效") % fresh.number, body=why)
    if before == State.WAITLISTED and fresh.pool is not None:
        leave_line(fresh.pool)
        admit_later(fresh.pool)
    return fresh
