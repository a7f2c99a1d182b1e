"""Claiming quota at once."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from innovation_voucher.casework import audit, messaging, numbers
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan, yuan

from .. import claim_rules, ledger, rules
from ..models import Claim, Programme, QuotaAccount
from ..phones import require_confirmed
from .accounts import open_account
from .claimant import ClaimRefused, Standing, lock_claimant, locked_standing
from .granting import put_in_line

PREFIX = "SL"


@transaction.atomic
def claim_instantly(
    organization: Organization,
    programme: Programme,
    *,
    amount: Decimal,
    by: User,
    answers: dict[str, Any] | None = None,
) -> Claim:
    """Grant `amount` yuan at once; nobody looks.

    Raises NotAllowed for people who may not act for the organization, Refused with the sentence when
    the programme, the region or the organization does not fit, ClaimRefused when a limit bit.
    """
    organization = lock_claimant(organization, by=by)
    return grant_instantly(locked_standing(organization, programme), amount=amount, by=by, answers=answers)


@transaction.atomic
def grant_instantly(found: Standing, *, amount: Decimal, by: User, answers: dict[str, Any] | None = None) -> Claim:
    """The claim of who was locked and stands as `found`; raises as `claim_instantly` does."""
    claim = _begun(found, yuan(amount), answers or {})
    account = open_account(found.organization, found.programme, found.policy, day=found.day, known=found.accounts)
    require(rules.is_usable(account, found.day))
    return _grant(claim, found, account, by)


@transaction.atomic
def claim_or_wait(
    organization: Organization,
    programme: Programme,
    *,
    amount: Decimal,
    by: User,
    answers: dict[str, Any] | None = None,
) -> Claim:
    """As `claim_instantly`; where only the budget does not hold the amount, the claim takes its place in the line."""
    organization = lock_claimant(organization, by=by)
    return grant_or_wait(locked_standing(organization, programme), amount=amount, by=by, answers=answers)


@transaction.atomic
def grant_or_wait(found: Standing, *, amount: Decimal, by: User, answers: dict[str, Any] | None = None) -> Claim:
    """The claim of who was locked and stands as `found`, granted or in the line."""
    try:
        return grant_instantly(found, amount=amount, by=by, answers=answers)
    except ClaimRefused as refused:
        if refused.problem.limit != "pool":
            raise
    claim = _begun(found, yuan(amount), answers or {})
    require(claim_rules.runs_none(found.organization, found.programme))
    claim.number = numbers.case_number(PREFIX)
    claim.submit()
    claim.save()
    put_in_line(claim, found, claim.asked, by=by)
    return claim


def _begun(found: Standing, amount: Decimal, answers: dict[str, Any]) -> Claim:
    """An unsaved claim within the caps."""
    require((not found.refusal, found.refusal))
    require(claim_rules.is_instant(found.policy))
    require(rules.has_revenue(found.policy, answers))
    require_confirmed(found.organization, found.policy.fields_of("claim"), answers)
    found.require_within(amount)
    return Claim(
        organization=found.organization,
        programme=found.programme,
        region=found.organization.bureau,
        snapshot=found.snapshot,
        pool=found.pool,
        asked=amount,
        answers=answers,
        submitted_at=timezone.now(),
    )


def _grant(claim: Claim, found: Standing, account: QuotaAccount, by: User) -> Claim:
    """The budget comes last: its row is the one for which everybody waits."""
    claim.number = numbers.case_number(PREFIX)
    claim.account, claim.granted, claim.movements, claim.decided_at = account, claim.asked, 1, claim.submitted_at
    claim.submit()
    claim.save()
    claim.approve()
    claim.save(update_fields=["status"])
    _record(claim, found, by)
    reference, cap = f"{claim.number}/1", found.cap_of(account)
    try:
        ledger.grant(account, claim.asked, reference=reference, by=by, pool=found.pool, cap=cap)
    except ledger.InsufficientQuota:
        found.require_within(claim.asked, ask_pool=True)
        raise
    return claim


def _record(claim: Claim, found: Standing, by: User) -> None:
    after = {"status": claim.status, "granted": claim.granted, "account": claim.account.number if claim.account else ""}
    audit.record(
        "claim.granted_instantly",
        claim,
        by=by,
        region=claim.region,
        before={"status": Claim.State.DRAFT},
        after=after,
        policy_digest=found.policy.digest,
    )
    messaging.notify(
        [by],
        kind="claim.granted",
        title=_("额度 %(amount)s 元已到账") % {"amount": format_yuan(claim.asked)},
        body=_("申领编号 %(number)s") % {"number": claim.number},
        link=reverse("ent-claim", args=[claim.number]),
        dedupe=f"claim.granted:{claim.number}",
    )
