"""Quota that is granted for one voucher: with its hold, and taken back with its release.

Where `grant` is "computed" nothing is claimed in advance. What counts against the yearly cap is then
exactly what vouchers hold, have in a batch or have spent, because what is freed is granted no more.
Amounts in yuan.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Organization, User
from innovation_voucher.casework.rules import Answer, require

from .. import ledger, rules
from ..models import BudgetPool, LedgerEntry, Programme, QuotaAccount, Voucher
from ..models.parameters import ClaimMode, Grant
from ..policy import Policy
from ..resolve import policy_of
from .accounts import ZERO, balance, locked_accounts, open_account
from .budgets import pool_of
from .claimant import eligibility, fresh_programme, lock_claimant, sharing
from .worth import account_for


@dataclass(frozen=True)
class Source:
    """From which account a new voucher is taken, and how much it can have; None = no limit."""

    account: QuotaAccount
    left: Decimal | None


def is_computed(policy: Policy) -> bool:
    """Whether quota comes with each voucher."""
    return policy.grant == Grant.COMPUTED


def quota_left(organization: Organization, programme: Programme, policy: Policy, *, day: date) -> Decimal | None:
    """What a new voucher can have on the day: what is available, or what the cap leaves; None = no limit."""
    if not is_computed(policy):
        return balance(organization, programme, day=day).available
    accounts = QuotaAccount.objects.filter(organization=organization, programme__in=sharing(programme))
    return _room(policy, list(accounts))


def lock_for_use(organization: Organization, programme: Programme | None) -> None:
    """What a use locks before its order; the holder too where quota comes with the voucher: its account may be new."""
    if programme is None:
        return
    if programme.versions.filter(grant=Grant.COMPUTED).exists():
        lock_claimant(organization, by=None)
    locked_accounts(organization, sharing(programme))


def locked_source(organization: Organization, programme: Programme, policy: Policy, *, day: date) -> Source:
    """The locked account for a new voucher; opened where quota comes with it. Raises Refused."""
    if not is_computed(policy):
        account = account_for(locked_accounts(organization, [programme.pk]), day)
        return Source(account, account.available)
    organization = lock_claimant(organization, by=None)
    accounts = locked_accounts(organization, sharing(programme))
    account = open_account(organization, programme, policy, day=day, known=accounts)
    require(rules.is_usable(account, day))
    return Source(account, _room(policy, [account, *(a for a in accounts if a.pk != account.pk)]))


def answers(organization: Organization, programme: Programme, policy: Policy, *, day: date) -> tuple[Answer, ...]:
    """What each rule says to an organization that asks for a voucher; none where its quota was claimed before."""
    if policy.claim_mode != ClaimMode.PER_ORDER:
        return ()
    accounts = list(QuotaAccount.objects.filter(organization=organization, programme=programme))
    return eligibility(organization, fresh_programme(programme, organization), policy, accounts, day)


def reach_of(voucher: Voucher, day: date) -> Decimal | None:
    """The most that a voucher may hold on the day: what it holds, and what is left besides."""
    policy = policy_of(voucher.snapshot)
    usable = voucher.account is not None and rules.is_usable(voucher.account, day)[0]
    if not is_computed(policy) or not usable:
        return rules.within_reach(voucher, day)
    room = quota_left(voucher.organization, voucher.programme, policy, day=day)
    return None if room is None else voucher.held + room


def grant_first(voucher: Voucher, account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> None:
    """Before a hold: grant what is to be held, within the cap and the budget. Raises InsufficientQuota."""
    policy = policy_of(voucher.snapshot)
    if not is_computed(policy):
        return
    shared = QuotaAccount.objects.filter(organization=account.organization_id, programme__in=sharing(voucher.programme))
    cap = _room(policy, list(shared.exclude(pk=account.pk)))
    pool = pool_of(voucher.organization, voucher.programme, policy)
    ledger.grant(account, amount, reference=reference, by=by, pool=pool, cap=cap)


def take_back(voucher: Voucher, account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> None:
    """After a release: what came with the voucher goes back to the budget that gave it."""
    if is_computed(policy_of(voucher.snapshot)):
        ledger.revoke(account, amount, reference=reference, by=by, pool=_pool_behind(voucher, account))


def _room(policy: Policy, accounts: list[QuotaAccount]) -> Decimal | None:
    """What the yearly cap leaves beside these accounts."""
    if policy.cap_year is None:
        return None
    return max(ZERO, policy.cap_year - sum((account.granted for account in accounts), ZERO))


def _pool_behind(voucher: Voucher, account: QuotaAccount) -> BudgetPool | None:
    """The budget from which the voucher's quota was granted."""
    granted = LedgerEntry.objects.filter(account=account, kind=LedgerEntry.Kind.GRANT)
    entry = granted.filter(reference__startswith=f"{voucher.code}/").select_related("pool").last()
    return entry.pool if entry else None
