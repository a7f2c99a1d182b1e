"""Giving a claim its quota, or its place in the line when the budget is used up."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import qualify
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan

from .. import ledger, rules
from ..models import Claim
from .accounts import open_account
from .budgets import join_line, position_of
from .claim_telling import record, tell
from .claimant import Standing, fresh_programme, lock_claimant


def locked_claim(claim: Claim | int) -> Claim:
    """The fresh claim, locked behind its organization as every verb that claims locks it."""
    pk = claim if isinstance(claim, int) else claim.pk
    row = Claim.objects.select_related("organization__region", "organization__bureau").get(pk=pk)
    organization: Organization = lock_claimant(row.organization, by=None)
    rows = Claim.objects.select_for_update(of=("self",)).select_related("region", "snapshot", "account", "pool")
    fresh = rows.get(pk=pk)
    fresh.organization = organization
    fresh.programme = fresh_programme(fresh.programme, organization)
    return fresh


def credit(claim: Claim, found: Standing, amount: Decimal, *, by: User | None, in_line: bool = False) -> None:
    """Move `amount` yuan into the organization's account; nothing at all happens when it does not fit.

    Raises InsufficientQuota ("pool_empty" for the budget) and Refused for an account that cannot be used.
    """
    with transaction.atomic():
        account = open_account(claim.organization, claim.programme, found.policy, day=found.day, known=found.accounts)
        require(rules.is_usable(account, found.day))
        reference = f"{claim.number}/{claim.movements + 1}"
        cap = found.cap_of(account)
        ledger.grant(account, amount, reference=reference, by=by, pool=found.pool, cap=cap, in_line=in_line)
    claim.movements += 1
    claim.account, claim.granted, claim.pool = account, amount, found.pool


def approved(
    claim: Claim, verb: str, *, by: User | None, before: str, office: Office | None = None, reason: str = ""
) -> None:
    """The quota is there: state, record, message."""
    claim.approve()
    claim.decided_at = timezone.now()
    claim.save()
    record(verb, claim, by=by, before=before, office=office, reason=reason, granted=claim.granted)
    title = _("额度 %(amount)s 元已到账") % {"amount": format_yuan(claim.granted or Decimal(0))}
    tell(claim, title, body=reason)
    if claim.class_key:
        qualify(claim.organization, class_key=claim.class_key, year=claim.programme.year, source=claim.number, by=by)


def put_in_line(
    claim: Claim, found: Standing, amount: Decimal, *, by: User | None, office: Office | None = None, reason: str = ""
) -> None:
    """Nothing is left: `amount` yuan are granted when it is the claim's turn."""
    if found.pool is None:
        raise ValueError("a claim cannot wait without a budget")
    before = claim.status
    claim.waitlist()
    claim.granted, claim.pool, claim.decided_at = amount, found.pool, timezone.now()
    claim.save()
    record("claim.waitlisted", claim, by=by, before=before, office=office, reason=reason, granted=amount)
    tell(claim, _("本地区预算已用完，申领 %s 排队等候中") % claim.number, body=_place_words(claim))
    join_line(found.pool)


def _place_words(claim: Claim) -> str:
    return _("现在排第 %(n)d 位，预算有余额时按提交顺序发放 %(amount)s 元") % {
        "n": position_of(claim),
        "amount": format_yuan(claim.granted or Decimal(0)),
    }
