"""A claim that the bureau reviews, as the applicant walks it: written, handed in, mended, taken back."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework import attachments, calendar, numbers, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import subject_for
from innovation_voucher.lib.money import yuan

from .. import claim_rules, rules
from ..models import Claim, Programme
from ..policy import Gap, evidence_gaps
from ..resolve import policy_of
from .budgets import leave_line
from .claim_telling import record, tell
from .claimant import Standing, lock_claimant, locked_standing, standing_of
from .claims import PREFIX
from .granting import locked_claim
from .waiting import admit_later

STAGE = "claim"
AMOUNT = "amount"
State = Claim.State


# --- Writing ----------------------------------------------------------------------------------


@transaction.atomic
def draft_claim(
    organization: Organization, programme: Programme, *, amount: Decimal, by: User, answers: dict[str, Any]
) -> Claim:
    """Begin a claim of `amount` yuan that the bureau will review; nobody but the applicant sees it yet."""
    organization = lock_claimant(organization, by=by)
    found = locked_standing(organization, programme)
    _may_ask(found, yuan(amount), answers)
    require(claim_rules.runs_none(organization, found.programme))
    claim = Claim(
        number=numbers.case_number(PREFIX),
        organization=organization,
        programme=found.programme,
        region=organization.bureau,
        snapshot=found.snapshot,
        asked=yuan(amount),
        answers=answers,
    )
    claim.save()
    record("claim.drafted", claim, by=by, before="", asked=claim.asked)
    return claim


def _may_ask(found: Standing, amount: Decimal, answers: dict[str, Any]) -> None:
    require((not found.refusal, found.refusal))
    require(claim_rules.is_reviewed(found.policy))
    require(rules.has_revenue(found.policy, answers))
    found.require_within(amount)


@transaction.atomic
def edit_claim(claim: Claim, *, amount: Decimal, by: User, answers: dict[str, Any]) -> Claim:
    """Change a draft, or of a returned claim what the bureau named; everything else stays as it is."""
    reviews.lock_case_of(claim)
    claim = _locked_for(claim, by)
    require(claim_rules.may_edit(claim))
    open_now = open_keys(claim)
    if AMOUNT in open_now:
        claim.asked = yuan(amount)
    claim.answers = {**claim.answers, **{key: value for key, value in answers.items() if key in open_now}}
    found = standing_of(claim, day=calendar.today(), locked=True)
    require(rules.has_revenue(found.policy, claim.answers))
    found.require_within(claim.asked)
    claim.save()
    record("claim.edited", claim, by=by, before=claim.status, asked=claim.asked)
    return claim


def open_keys(claim: Claim) -> set[str]:
    """What may change now: everything in a draft; amount, fields and evidence that a return names."""
    if claim.snapshot is None or claim.status not in claim_rules.OPEN:
        return set()
    policy = policy_of(claim.snapshot)
    every = {AMOUNT, *(row.key for row in policy.fields_of(STAGE)), *(row.key for row in policy.evidence_of(STAGE))}
    if claim.status == State.DRAFT:
        return every
    named = set(reviews.returned_items(claim))
    # A return that is pinned to nothing reopens everything.
    return named & every if named <= every else every


# --- Handing in -------------------------------------------------------------------------------


@transaction.atomic
def submit_claim(
    organization: Organization, programme: Programme, *, amount: Decimal, by: User, answers: dict[str, Any]
) -> Claim:
    """Write and hand in a claim without evidence in one go; its case waits for the bureau."""
    return hand_in_claim(draft_claim(organization, programme, amount=amount, by=by, answers=answers), by=by)


@transaction.atomic
def hand_in_claim(claim: Claim, *, by: User) -> Claim:
    """Send a draft to the bureau, by the rules of today; they stay the claim's rules from then on."""
    claim = _locked_for(claim, by)
    require(_in_state(claim, State.DRAFT))
    found = locked_standing(claim.organization, claim.programme)
    _may_ask(found, claim.asked, claim.answers)
    claim.snapshot = found.snapshot
    _require_evidence(claim)
    claim.submit()
    claim.submitted_at = timezone.now()
    claim.save()
    _open_case(claim, found, by)
    record("claim.submitted", claim, by=by, before=State.DRAFT, asked=claim.asked)
    tell(claim, _("额度申领已提交，受理编号 %s") % claim.number)
    return claim


@transaction.atomic
def resubmit_claim(
    claim: Claim, *, by: User, amount: Decimal | None = None, answers: dict[str, Any] | None = None
) -> Claim:
    """Send a returned claim back, with what was mended; it keeps its place by its first submission."""
    if amount is not None or answers:
        claim = edit_claim(claim, amount=claim.asked if amount is None else amount, by=by, answers=answers or {})
    reviews.lock_case_of(claim)
    claim = _locked_for(claim, by)
    require(_in_state(claim, State.RETURNED))
    found = standing_of(claim, day=calendar.today(), locked=True)
    require(rules.is_unfrozen(found.accounts, found.programme, found.day))
    found.require_within(claim.asked)
    _require_evidence(claim)
    claim.submit()
    claim.save()
    reviews.resubmit(claim, by=by, amount=claim.asked, checks=subject_for(claim).checks(claim))
    record("claim.resubmitted", claim, by=by, before=State.RETURNED, asked=claim.asked)
    tell(claim, _("额度申领已重新提交，受理编号 %s") % claim.number, about=f"{timezone.now():%Y%m%d%H%M%S%f}")
    return claim


def _open_case(claim: Claim, found: Standing, by: User) -> None:
    reviews.open_case(
        claim,
        chain=found.policy.claim_chain or "",
        number=claim.number,
        title=claim.programme.name,
        applicant=claim.organization.name,
        region=claim.region,
        home=claim.programme.region,
        by=by,
        amount=claim.asked,
        checks=subject_for(claim).checks(claim),
    )


def claim_gaps(claim: Claim) -> list[Gap]:
    """Which evidence of the claim is still missing (one query where any is asked for)."""
    if claim.snapshot is None:
        return []
    policy = policy_of(claim.snapshot)
    if not policy.evidence_of(STAGE):
        return []
    return evidence_gaps(policy, STAGE, Counter(file.key for file in attachments.files(claim)))


def _require_evidence(claim: Claim) -> None:
    missing = claim_gaps(claim)
    if missing:
        raise Refused("；".join(gap.words for gap in missing), "gaps")


# --- Taking back ------------------------------------------------------------------------------


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User) -> Claim:
    """Take it back before quota was granted; whoever waits behind it moves up."""
    case = reviews.lock_case_of(claim)
    claim = _locked_for(claim, by)
    require(claim_rules.may_withdraw(claim))
    before = claim.status
    if case is not None:
        reviews.withdraw(claim, by=by)
    claim.withdraw()
    claim.save(update_fields=["status"])
    record("claim.withdrawn", claim, by=by, before=before)
    if before == State.WAITLISTED and claim.pool is not None:
        leave_line(claim.pool)
        admit_later(claim.pool)
    return claim


def _locked_for(claim: Claim, by: User) -> Claim:
    claim = locked_claim(claim)
    require(may_act(by, claim.organization), NotAllowed)
    return claim


def _in_state(claim: Claim, state: str) -> tuple[bool, str]:
    words = _("这份申领%(state)s，不能提交") % {"state": claim.get_status_display()}
    return claim.status == state, words
