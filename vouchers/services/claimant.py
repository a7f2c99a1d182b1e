"""Where an organization stands under a programme: what decides whether and how much it may claim."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, QuerySet, Value, When

from accounts.models import Organization, User
from accounts.rules import may_act
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import Answer, require

from .. import rules
from ..models import BudgetPool, Claim, PolicySnapshot, Programme, QuotaAccount
from ..policy import Claimable, ClaimProblem, ClassSpec, Policy, claim_problem, claimable, options
from ..resolve import KIND_CLASSES, classes_under, policy_of, snapshot, taking_part
from .accounts import ZERO, Balance, added_up, locked_accounts
from .budgets import pool_of


class ClaimRefused(Refused):
    """A limit bit; `problem` names it and the largest amount that is allowed."""

    code = "claim_limit"

    def __init__(self, problem: ClaimProblem) -> None:
        super().__init__(problem.words)
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an organization stands under a programme: the rules that hold for it, what it has, what it may claim.

    `class_key` is the class as which it asks, `options` those among which it may choose; both are empty
    where the scheme names none.
    """

    day: date
    organization: Organization
    programme: Programme
    snapshot: PolicySnapshot
    policy: Policy
    accounts: list[QuotaAccount]
    balance: Balance
    pool: BudgetPool | None
    refusal: str
    class_key: str = ""
    options: tuple[ClassSpec, ...] = ()

    def claimable(self) -> Claimable:
        """How much may be claimed by the caps and by what is left in the budget now (one query with a budget)."""
        return claimable(self.policy, **self._used, pool_left=self.pool_left())

    def within_caps(self) -> Claimable:
        """How much may be asked for where the budget is only needed later."""
        return claimable(self.policy, **self._used)

    def problem(self, amount: Decimal, *, ask_pool: bool = False) -> ClaimProblem | None:
        """Which limit forbids the amount; the budget is only asked when it has refused already."""
        return claim_problem(self.policy, amount, **self._used, pool_left=self.pool_left() if ask_pool else None)

    def require_within(self, amount: Decimal, *, ask_pool: bool = False) -> None:
        """Raise ClaimRefused with the limit that forbids the amount."""
        problem = self.problem(amount, ask_pool=ask_pool)
        if problem:
            raise ClaimRefused(problem)

    def pool_left(self) -> Decimal | None:
        """What the budget has for the next who claims: nothing while others wait; None without a budget."""
        if self.pool is None:
            return None
        left, waiting = BudgetPool.objects.values_list("budget", "waiting").get(pk=self.pool.pk)
        return ZERO if waiting else left

    def cap_of(self, account: QuotaAccount) -> Decimal | None:
        """What this one account may hold of the yearly cap: the law that the UPDATE itself checks."""
        if self.policy.cap_year is None:
            return None
        elsewhere = sum((a.granted for a in self.accounts if a.pk != account.pk), ZERO)
        return self.policy.cap_year - elsewhere

    @property
    def _used(self) -> dict[str, Decimal]:
        return {"claimed": self.balance.claimed, "available": self.balance.available}


def standing(
    organization: Organization,
    programme: Programme,
    *,
    day: date | None = None,
    accounts: list[QuotaAccount] | None = None,
    class_key: str = "",
) -> Standing:
    """For the pages: everything that decides whether and how much can be claimed now, before a form is filled in.

    `accounts` are all of the organization's with their programmes, where a page has read them already.
    """
    day = day or calendar.today()
    fresh = fresh_programme(programme, organization)
    if accounts is not None:
        shared = [account for account in accounts if account.programme.counts_with(fresh)]
        return standing_with(organization, fresh, shared, day, class_key=class_key)
    rows = QuotaAccount.objects.filter(organization=organization, programme__in=sharing(fresh)).order_by("pk")
    return standing_with(organization, fresh, list(rows), day, class_key=class_key)


def locked_standing(organization: Organization, programme: Programme, *, class_key: str = "") -> Standing:
    """Where a locked organization stands; its accounts stay locked until the end of the transaction."""
    fresh = fresh_programme(programme, organization)
    accounts = locked_accounts(organization, sharing(fresh))
    return standing_with(organization, fresh, accounts, calendar.today(), class_key=class_key)


def standing_of(claim: Claim, *, day: date, locked: bool = False) -> Standing:
    """By the rules that were in force when the claim was submitted, as they stand on the day."""
    organization, programme = claim.organization, claim.programme
    shared = sharing(programme)
    rows = QuotaAccount.objects.filter(organization=organization, programme__in=shared).order_by("pk")
    accounts = locked_accounts(organization, shared) if locked else list(rows)
    return standing_with(organization, programme, accounts, day, row=claim.snapshot, class_key=claim.class_key)


def lock_claimant(organization: Organization, *, by: User | None) -> Organization:
    """The organization's fresh row, locked: one claim of it at a time, so limits over accounts cannot be raced.

    Raises NotAllowed for people who may not act for it; `by` is None for the bureau and the clock.
    """
    fresh = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    # Where it lies was read with it and never moves; a second joined reading costs more than the lock.
    if (fresh.region_id, fresh.bureau_id) == (organization.region_id, organization.bureau_id):
        fresh.region, fresh.bureau = organization.region, organization.bureau
    if by is not None:
        require(may_act(by, fresh), NotAllowed)
    return fresh


def fresh_programme(programme: Programme, organization: Organization) -> Programme:
    """The programme's fresh row with `participates`, unless it is one of `programmes_before` (one query)."""
    if hasattr(programme, "participates"):
        return programme
    return programmes_before(organization).get(pk=programme.pk)


def programmes_before(organization: Organization) -> QuerySet[Programme]:
    """Programmes with `participates`: whether the organization's region takes part."""
    takes_part = Case(When(taking_part(organization.region), then=Value(True)), default=Value(False))
    return Programme.objects.annotate(participates=takes_part)


def sharing(programme: Programme) -> list[int]:
    """The programmes whose claims count against the same yearly cap."""
    if not programme.shared_cap:
        return [programme.pk]
    family = Programme.objects.filter(family=programme.family, year=programme.year, shared_cap=True)
    return list(family.values_list("pk", flat=True))


def eligibility(
    organization: Organization,
    programme: Programme,
    policy: Policy,
    accounts: list[QuotaAccount],
    day: date,
    *,
    class_key: str = "",
) -> tuple[Answer, ...]:
    """What each rule says to an organization that asks for quota, however it is granted.

    `programme` knows whether the region `participates`.
    """
    return (
        rules.is_known(organization),
        rules.is_open(programme, day),
        rules.takes_part(organization, programme, bool(getattr(programme, "participates", False))),
        rules.has_class(policy, classes_under(policy, organization, day), class_key),
        rules.is_unfrozen(accounts, programme, day),
    )


def standing_with(
    organization: Organization,
    programme: Programme,
    accounts: list[QuotaAccount],
    day: date,
    *,
    row: PolicySnapshot | None = None,
    class_key: str = "",
) -> Standing:
    """Put together from rows that are known; `row` are rules that were fixed before.

    Who can ask as one class only asks as that one; who has the choice and names none sees what holds for all.
    """
    among: tuple[ClassSpec, ...] = ()
    if row is None:
        row, among = _rules_for(organization, programme, class_key, day)
        if not class_key and len(among) == 1:
            class_key = among[0].key
            row = snapshot(programme, organization.region, class_key=class_key, day=day)
    policy = policy_of(row)
    answers = eligibility(organization, programme, policy, accounts, day, class_key=class_key)
    known, is_open, takes_part, *rest = answers
    _allowed, refusal = rules.first_no(known, is_open, takes_part, rules.has_mode(policy), *rest)
    return Standing(
        day=day,
        organization=organization,
        programme=programme,
        snapshot=row,
        policy=policy,
        accounts=accounts,
        balance=added_up(accounts, day),
        pool=pool_of(organization, programme, policy),
        refusal=refusal,
        class_key=class_key,
        options=among,
    )


def _rules_for(
    organization: Organization, programme: Programme, class_key: str, day: date
) -> tuple[PolicySnapshot, tuple[ClassSpec, ...]]:
    """The rules for a class, by default that of every such organization; and the classes to choose among."""
    first = class_key or next(iter(KIND_CLASSES.get(organization.kind, ())), "")
    row = snapshot(programme, organization.region, class_key=first, day=day)
    policy = policy_of(row)
    return row, options(policy, classes_under(policy, organization, day) if policy.classes else ())
