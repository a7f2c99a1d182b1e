"""Claiming quota at once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework import audit, calendar, messaging, numbers
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan, yuan

from .. import ledger, rules
from ..models import BudgetPool, Claim, PolicySnapshot, Programme, QuotaAccount
from ..policy import Claimable, ClaimProblem, Policy, claim_problem, claimable
from ..resolve import classes_of, policy_of, snapshot, taking_part
from .accounts import ZERO, Balance, added_up, locked_accounts, open_account
from .pools import pool_of

PREFIX = "SL"


class ClaimRefused(Refused):
    """A limit bit; `problem` names it and the largest amount that is allowed."""

    code = "claim_limit"

    def __init__(self, problem: ClaimProblem) -> None:
        super().__init__(problem.words)
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an organization stands under a programme: the rules that hold for it, what it has, what it may claim."""

    day: date
    organization: Organization
    programme: Programme
    snapshot: PolicySnapshot
    policy: Policy
    accounts: list[QuotaAccount]
    balance: Balance
    pool: BudgetPool | None
    refusal: str

    def claimable(self) -> Claimable:
        """How much may be claimed by the caps and by what is left in the budget now (one query with a budget)."""
        return claimable(self.policy, **self._used, pool_left=self._pool_left())

    def problem(self, amount: Decimal, *, ask_pool: bool = False) -> ClaimProblem | None:
        """Which limit forbids the amount; the budget is only asked when it has refused already."""
        return claim_problem(self.policy, amount, **self._used, pool_left=self._pool_left() if ask_pool else None)

    @property
    def _used(self) -> dict[str, Decimal]:
        return {"claimed": self.balance.claimed, "available": self.balance.available}

    def _pool_left(self) -> Decimal | None:
        if self.pool is None:
            return None
        return BudgetPool.objects.values_list("budget", flat=True).get(pk=self.pool.pk)


def standing(
    organization: Organization,
    programme: Programme,
    *,
    day: date | None = None,
    accounts: list[QuotaAccount] | None = None,
) -> Standing:
    """For the pages: everything that decides whether and how much can be claimed now, before a form is filled in.

    `accounts` are all of the organization's with their programmes, where a page has read them already.
    """
    day = day or calendar.today()
    fresh = _programme(programme, organization)
    if accounts is not None:
        shared = [account for account in accounts if account.programme.counts_with(fresh)]
        return _standing(organization, fresh, shared, day)
    rows = QuotaAccount.objects.filter(organization=organization, programme__in=_sharing(fresh)).order_by("pk")
    return _standing(organization, fresh, list(rows), day)


def lock_claimant(organization: Organization, *, by: User) -> Organization:
    """The organization's fresh row, locked: one claim of it at a time, so limits over accounts cannot be raced.

    Raises NotAllowed for people who may not act for it.
    """
    fresh = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    # Where it lies was read with it and never moves; a second joined reading costs more than the lock.
    if (fresh.region_id, fresh.bureau_id) == (organization.region_id, organization.bureau_id):
        fresh.region, fresh.bureau = organization.region, organization.bureau
    require(may_act(by, fresh), NotAllowed)
    return fresh


def locked_standing(organization: Organization, programme: Programme) -> Standing:
    """Where a locked organization stands; its accounts stay locked until the end of the transaction."""
    fresh = _programme(programme, organization)
    return _standing(organization, fresh, locked_accounts(organization, _sharing(fresh)), calendar.today())


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
    day, amount = found.day, yuan(amount)
    require((not found.refusal, found.refusal))
    require(rules.has_revenue(found.policy, answers or {}))
    _limits_hold(found, amount)
    account = open_account(found.organization, found.programme, found.policy, day=day, known=found.accounts)
    require(rules.is_usable(account, day))
    return _grant(found, account, amount, by, answers or {})


def _limits_hold(found: Standing, amount: Decimal, *, ask_pool: bool = False) -> None:
    problem = found.problem(amount, ask_pool=ask_pool)
    if problem:
        raise ClaimRefused(problem)


def _grant(
    found: Standing,
    account: QuotaAccount,
    amount: Decimal,
    by: User,
    answers: dict[str, Any],
) -> Claim:
    now = timezone.now()
    claim = Claim(
        number=numbers.case_number(PREFIX),
        organization=found.organization,
        programme=found.programme,
        region=found.organization.bureau,
        snapshot=found.snapshot,
        account=account,
        asked=amount,
        granted=amount,
        answers=answers,
        movements=1,
        submitted_at=now,
        decided_at=now,
    )
    claim.submit()
    claim.save()
    claim.approve()
    claim.save(update_fields=["status"])
    _record(claim, found, by)
    try:
        ledger.grant(
            account,
            amount,
            reference=f"{claim.number}/1",
            by=by,
            pool=found.pool,
            cap=_cap_of_account(found, account),
        )
    except ledger.InsufficientQuota:
        _limits_hold(found, amount, ask_pool=True)
        raise
    return claim


def _record(claim: Claim, found: Standing, by: User) -> None:
    after = {"status": claim.status, "granted": claim.granted, "account": claim.account.number if claim.account else ""}
    digest = found.policy.digest
    audit.record(
        "claim.granted_instantly",
        claim,
        by=by,
        region=claim.region,
        before={"status": Claim.State.DRAFT},
        after=after,
        policy_digest=digest,
    )
    messaging.notify(
        [by],
        kind="claim.granted",
        title=_("额度 %(amount)s 元已到账") % {"amount": format_yuan(claim.asked)},
        body=_("申领编号 %(number)s") % {"number": claim.number},
        link=reverse("ent-claim", args=[claim.number]),
        dedupe=f"claim.granted:{claim.number}",
    )


def _programme(programme: Programme, organization: Organization) -> Programme:
    """The programme's fresh row with `participates`, unless it is one of `programmes_before` (one query)."""
    if hasattr(programme, "participates"):
        return programme
    return programmes_before(organization).get(pk=programme.pk)


def programmes_before(organization: Organization) -> QuerySet[Programme]:
    """Programmes with `participates`: whether the organization's region takes part."""
    takes_part = Case(When(taking_part(organization.region), then=Value(True)), default=Value(False))
    return Programme.objects.annotate(participates=takes_part)


def _sharing(programme: Programme) -> list[int]:
    """The programmes whose claims count against the same yearly cap."""
    if not programme.shared_cap:
        return [programme.pk]
    family = Programme.objects.filter(family=programme.family, year=programme.year, shared_cap=True)
    return list(family.values_list("pk", flat=True))


def _standing(
    organization: Organization,
    programme: Programme,
    accounts: list[QuotaAccount],
    day: date,
) -> Standing:
    classes = classes_of(organization)
    row = snapshot(programme, organization.region, class_key=classes[0] if classes else "", day=day)
    policy = policy_of(row)
    pool = pool_of(organization, programme, policy)
    _allowed, refusal = rules.first_no(
        rules.is_known(organization),
        rules.is_open(programme, day),
        rules.takes_part(organization, programme, bool(getattr(programme, "participates", False))),
        rules.has_mode(policy),
        rules.has_class(policy, classes),
    )
    total = added_up(accounts, day)
    return Standing(
        day=day,
        organization=organization,
        programme=programme,
        snapshot=row,
        policy=policy,
        accounts=accounts,
        balance=total,
        pool=pool,
        refusal=refusal,
    )


def _cap_of_account(found: Standing, account: QuotaAccount) -> Decimal | None:
    """What this one account may hold of the yearly cap: the law that the UPDATE itself checks."""
    if found.policy.cap_year is None:
        return None
    elsewhere = sum((a.granted for a in found.accounts if a.pk != account.pk), ZERO)
    return found.policy.cap_year - elsewhere
