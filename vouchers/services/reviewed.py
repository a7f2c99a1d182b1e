"""A claim that the bureau reviews, as the applicant walks it: written, handed in, mended, taken back."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework import calendar, deadlines, numbers, reviews
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan

from .. import claim_rules, rules
from ..claim_specs import AMOUNT, asks_amount, evidence_of, fields_of, problems_of, rules_of
from ..models import Claim, Programme
from ..phones import require_confirmed
from ..rule_gaps import STAMPED
from .accounts import ZERO
from .budgets import leave_line
from .claim_telling import record
from .claimant import Standing, lock_claimant, locked_standing, standing_of
from .claims import PREFIX
from .gaps import require_evidence
from .granting import locked_claim
from .sending import require_fit, send, send_again
from .stamping import await_stamp
from .waiting import admit_later

State = Claim.State


# --- Writing ----------------------------------------------------------------------------------


@transaction.atomic
def draft_claim(
    organization: Organization,
    programme: Programme,
    *,
    amount: Decimal | None = None,
    by: User,
    answers: dict[str, Any],
    class_key: str = "",
) -> Claim:
    """Begin a claim of `amount` yuan as one of a class; nobody but the applicant sees it yet.

    Where the scheme grants all that the cap leaves, no amount is given. Answers may still be missing.
    """
    organization = lock_claimant(organization, by=by)
    found = locked_standing(organization, programme, class_key=class_key)
    claim = Claim(
        organization=organization,
        programme=found.programme,
        region=organization.bureau,
        snapshot=found.snapshot,
        class_key=found.class_key,
        asked=_asked(found, amount),
        answers=answers,
    )
    require_fit(found, claim, day=found.day, complete=False)
    require(claim_rules.runs_none(organization, found.programme))
    claim.number = numbers.case_number(PREFIX)
    claim.save()
    record("claim.drafted", claim, by=by, before="", asked=claim.asked)
    return claim


def _asked(found: Standing, amount: Decimal | None) -> Decimal:
    """The amount that was named, or all that the caps leave."""
    if asks_amount(found.policy):
        return yuan(amount or 0)
    return found.within_caps().claimable or ZERO


@transaction.atomic
def edit_claim(claim: Claim, *, amount: Decimal | None = None, by: User, answers: dict[str, Any]) -> Claim:
    """Change a draft, or of a returned claim what the bureau named; everything else stays as it is."""
    reviews.lock_case_of(claim)
    claim = _locked_for(claim, by)
    require(claim_rules.may_edit(claim))
    open_now = open_keys(claim)
    if AMOUNT in open_now and amount is not None:
        claim.asked = yuan(amount)
    claim.answers = {**claim.answers, **{key: value for key, value in answers.items() if key in open_now}}
    found = standing_of(claim, day=calendar.today(), locked=True)
    problems = problems_of(found.policy, claim.class_key, claim.answers, found.day)
    require((not problems, "；".join(problems.values())))
    found.require_within(claim.asked)
    claim.save()
    record("claim.edited", claim, by=by, before=claim.status, asked=claim.asked)
    return claim


def open_keys(claim: Claim) -> set[str]:
    """What may change now: all in a draft, what a return names; the scan of the form is handed in by itself."""
    if claim.snapshot is None or claim.status not in claim_rules.OPEN:
        return set()
    answers = {row.key for row in fields_of(claim)} | ({AMOUNT} if asks_amount(rules_of(claim)) else set())
    every = answers | {row.key for row in evidence_of(claim)}
    if claim.status == State.DRAFT:
        return every - {STAMPED}
    named = set(reviews.returned_items(claim))
    # A return that is pinned to nothing reopens everything.
    found = named & every if named <= every else every
    return found - {STAMPED} if found & answers else found


# --- Handing in -------------------------------------------------------------------------------


@transaction.atomic
def submit_claim(
    organization: Organization, programme: Programme, *, amount: Decimal, by: User, answers: dict[str, Any]
) -> Claim:
    """Write and hand in a claim without evidence in one go; its case waits for the bureau."""
    return hand_in_claim(draft_claim(organization, programme, amount=amount, by=by, answers=answers), by=by)


@transaction.atomic
def hand_in_claim(claim: Claim, *, by: User) -> Claim:
    """Hand in a draft by the rules of today, which stay the claim's own from then on: first its form is stamped."""
    claim = _locked_for(claim, by)
    require(_in_state(claim, State.DRAFT))
    found = locked_standing(claim.organization, claim.programme, class_key=claim.class_key)
    claim.snapshot = found.snapshot
    if not asks_amount(found.policy):
        claim.asked = _asked(found, None)
    require_fit(found, claim, day=found.day)
    require_confirmed(claim.organization, fields_of(claim), claim.answers)
    require_evidence(claim)
    if found.policy.stamped_form:
        await_stamp(claim, by=by)
    else:
        send(claim, found, by=by)
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
    require_confirmed(claim.organization, fields_of(claim), claim.answers, among=open_keys(claim))
    require_evidence(claim)
    (await_stamp if _answers_changed(claim) else send_again)(claim, by=by)
    return claim


def _answers_changed(claim: Claim) -> bool:
    """Whether what the stamped form says was opened to be mended: then a new one is stamped."""
    if not rules_of(claim).stamped_form:
        return False
    return bool(open_keys(claim) - {row.key for row in evidence_of(claim)})


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
    deadlines.close(claim, STAMPED)
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
