"""The line before an empty budget: first come, first served, and nobody overtakes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organization, User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Message, Outgoing
from innovation_voucher.casework.sweeps import run
from innovation_voucher.lib.workdays import SHANGHAI
from innovation_voucher.tests import cast
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services import (
    ClaimRefused,
    admit_waiting,
    claim_instantly,
    claim_or_wait,
    lapse_claim,
    revoke_claim,
    withdraw_claim,
)
from vouchers.services.budgets import left_words, position_of
from vouchers.services.pools import set_pool

from .reviewed import ask, decide, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-3")]


def pool_for(programme: Programme, total: int) -> BudgetPool:
    """The county's budget, set or raised."""
    pool = set_pool(programme, cast.make_region(), Decimal(total), by=None)
    programme.refresh_from_db()
    return pool


def wait(programme: Programme, amount: int, organization: Organization | None = None) -> Claim:
    """One more organization that wants so much and may wait."""
    who = organization or cast.make_organization()
    return claim_or_wait(who, programme, amount=Decimal(amount), by=cast.owner_of(who))


def whole() -> bool:
    return [line for check in invariants.CHECKS.values() for line in check()] == []


def states() -> list[str]:
    return list(Claim.objects.order_by("pk").values_list("status", flat=True))


def test_who_may_wait_is_granted_at_once_while_the_budget_lasts(programme: Programme) -> None:
    pool_for(programme, 100)
    assert wait(programme, 60).status == "approved"
    assert BudgetPool.objects.get().budget == 40


def test_what_does_not_fit_waits_and_moves_no_money(programme: Programme) -> None:
    pool = pool_for(programme, 100)
    claim = wait(programme, 101)
    pool.refresh_from_db()
    assert (claim.status, claim.asked, claim.granted, claim.account) == ("waitlisted", 101, 101, None)
    assert (pool.budget, pool.waiting, left_words(pool)) == (100, 1, "剩余 100.00 元，1 件排队")
    assert not QuotaAccount.objects.exists()
    message = Message.objects.get(kind="claim.waitlisted")
    assert "现在排第 1 位" in message.body
    assert Outgoing.objects.get(channel="sms").body.startswith("额度申领已进入等候")
    assert whole()


def test_nobody_overtakes_whoever_waits_however_little_is_asked(programme: Programme, enterprise: Organization) -> None:
    pool_for(programme, 100)
    wait(programme, 101)
    before = money()
    with pytest.raises(ClaimRefused, match="本地区预算剩余 0") as refused:
        claim_instantly(enterprise, programme, amount=Decimal(1), by=cast.owner_of(enterprise))
    assert refused.value.problem.limit == "pool"
    assert money() == before
    assert wait(programme, 1, enterprise).status == "waitlisted"


def test_other_limits_refuse_instead_of_queueing(programme: Programme, enterprise: Organization) -> None:
    pool_for(programme, 0)
    with pytest.raises(ClaimRefused, match="年度上限 200,000"):
        wait(programme, 200_001, enterprise)
    assert not Claim.objects.exists()


def test_an_organization_has_one_place_in_the_line(programme: Programme, enterprise: Organization) -> None:
    pool_for(programme, 0)
    wait(programme, 10, enterprise)
    with pytest.raises(Refused, match="还在办理"):
        wait(programme, 10, enterprise)
    assert BudgetPool.objects.get().waiting == 1


def test_a_filled_budget_goes_to_the_first_ones_in_order(programme: Programme) -> None:
    pool = pool_for(programme, 0)
    claims = [wait(programme, amount) for amount in (50, 30, 10)]
    assert [position_of(claim) for claim in claims] == [1, 2, 3]
    BudgetPool.objects.update(total=85, budget=85)
    assert [claim.number for claim in admit_waiting(pool)] == [claim.number for claim in claims[:2]]
    assert states() == ["approved", "approved", "waitlisted"]
    pool.refresh_from_db()
    assert (pool.budget, pool.waiting) == (5, 1)
    assert position_of(Claim.objects.get(pk=claims[2].pk)) == 1
    assert [entry.reference for entry in LedgerEntry.objects.order_by("pk")] == [f"{c.number}/1" for c in claims[:2]]
    assert whole()


def test_a_partial_fit_does_not_overtake(programme: Programme) -> None:
    pool = pool_for(programme, 0)
    wait(programme, 50)
    wait(programme, 10)
    BudgetPool.objects.update(total=49, budget=49)
    assert admit_waiting(pool) == []
    assert states() == ["waitlisted", "waitlisted"]
    assert BudgetPool.objects.get().budget == 49


def test_the_order_is_that_of_submission_not_of_approval() -> None:
    scheme, reviewer = make_reviewed(), officer()
    pool = pool_for(scheme, 0)
    first, second = ask(cast.enterprise(), scheme, 70), ask(cast.rival(), scheme, 60)
    for claim in (second, first):
        decide(claim, reviewer, "approve")
    assert position_of(Claim.objects.get(pk=first.pk)) == 1
    BudgetPool.objects.update(total=70, budget=70)
    assert [claim.pk for claim in admit_waiting(pool)] == [first.pk]


def test_an_approval_without_a_budget_waits_with_the_agreed_amount() -> None:
    scheme, reviewer = make_reviewed(), officer()
    pool = pool_for(scheme, 0)
    claim = decide(ask(cast.enterprise(), scheme), reviewer, "approve", amount=Decimal(30_000), reason="核减")
    assert (claim.status, claim.asked, claim.granted) == ("waitlisted", 50_000, 30_000)
    assert not QuotaAccount.objects.exists()
    BudgetPool.objects.update(total=30_000, budget=30_000)
    assert len(admit_waiting(pool)) == 1
    assert QuotaAccount.objects.get().available == 30_000


def test_raising_the_budget_admits_after_the_commit(
    programme: Programme, django_capture_on_commit_callbacks: Any
) -> None:
    pool_for(programme, 0)
    wait(programme, 50)
    with django_capture_on_commit_callbacks(execute=True):
        pool_for(programme, 49)
    assert states() == ["waitlisted"]
    with django_capture_on_commit_callbacks(execute=True):
        pool_for(programme, 50)
    assert states() == ["approved"]
    row = AuditRow.objects.get(verb="claim.admitted")
    assert (row.actor_id, row.after["granted"]) == (None, "50.00")


def test_a_revocation_feeds_the_next_in_line(django_capture_on_commit_callbacks: Any) -> None:
    scheme, reviewer = make_reviewed(), officer()
    pool_for(scheme, 50_000)
    granted = in_state("approved", cast.enterprise(), scheme, reviewer)
    waiting = decide(ask(cast.rival(), scheme, 20_000), reviewer, "approve")
    assert waiting.status == "waitlisted"
    with django_capture_on_commit_callbacks(execute=True):
        revoke_claim(granted, by=reviewer, office=None, reason="迁出")
    waiting.refresh_from_db()
    pool = BudgetPool.objects.get()
    assert (waiting.status, pool.budget, pool.waiting) == ("approved", 30_000, 0)
    assert whole()


@pytest.mark.parametrize("end", [withdraw_claim, lapse_claim])
def test_who_leaves_the_line_lets_the_next_one_up(
    programme: Programme, end: Any, django_capture_on_commit_callbacks: Any
) -> None:
    pool_for(programme, 10)
    first, second = wait(programme, 50), wait(programme, 10)
    by = cast.owner_of(first.organization) if end is withdraw_claim else None
    with django_capture_on_commit_callbacks(execute=True):
        end(first, by=by)
    second.refresh_from_db()
    assert (second.status, BudgetPool.objects.get().waiting) == ("approved", 0)
    assert whole()


def test_whose_cap_is_used_up_meanwhile_lapses_and_keeps_nobody_waiting(enterprise: Organization, owner: User) -> None:
    scheme, reviewer = make_reviewed(cap_year=Decimal(60_000)), officer()
    pool = pool_for(scheme, 0)
    first = decide(ask(enterprise, scheme), reviewer, "approve")
    second = decide(ask(cast.rival(), scheme, 10), reviewer, "approve")
    year = scheme.year
    QuotaAccount.objects.create(
        number="A1", organization=enterprise, programme=scheme, valid_until=f"{year}-12-31",
        redeem_until=f"{year + 1}-03-15", granted=20_000, available=20_000,
    )  # fmt: skip
    BudgetPool.objects.update(total=60_000, budget=60_000)
    assert [claim.pk for claim in admit_waiting(pool)] == [second.pk]
    first.refresh_from_db()
    assert first.status == "lapsed"
    assert "最多 40,000 元" in Message.objects.get(kind="claim.lapsed", user=owner).body
    assert BudgetPool.objects.get().waiting == 0


def test_a_frozen_account_lapses_in_its_turn(programme: Programme, enterprise: Organization) -> None:
    claim_instantly(enterprise, programme, amount=Decimal(1), by=cast.owner_of(enterprise))
    pool = pool_for(programme, 0)
    wait(programme, 10, enterprise)
    QuotaAccount.objects.update(frozen_reason="核查中")
    BudgetPool.objects.update(total=10, budget=10)
    assert admit_waiting(pool) == []
    assert states() == ["approved", "lapsed"]
    assert "额度已冻结：核查中" in Message.objects.get(kind="claim.lapsed").body


def test_the_sweep_says_first_and_then_does(programme: Programme) -> None:
    pool_for(programme, 0)
    claims = [wait(programme, amount) for amount in (50, 30, 10)]
    assert run("claims.waiting") == []
    BudgetPool.objects.update(total=85, budget=85)
    said = run("claims.waiting", dry_run=True)
    assert [line.split(":")[0] for line in said] == [f"admit {claim.number}" for claim in claims[:2]]
    assert states() == ["waitlisted"] * 3
    assert run("claims.waiting") == [f"admit {claims[0].number} {claims[1].number}"]
    assert run("claims.waiting") == []
    assert states() == ["approved", "approved", "waitlisted"]


def test_a_budget_outside_the_programmes_region_is_not_set(programme: Programme) -> None:
    with pytest.raises(Refused, match="不在测试创新券的主管地区和参与地区内"):
        set_pool(programme, cast.make_region("320000"), Decimal(1), by=None)
    assert not BudgetPool.objects.exists()


def test_whoever_is_not_in_line_is_not_granted_past_it(programme: Programme) -> None:
    pool = pool_for(programme, 100)
    first = wait(programme, 101)
    account = QuotaAccount.objects.create(
        number="A1", organization=cast.rival(), programme=programme,
        valid_until=timezone.localdate() + timedelta(days=30), redeem_until=timezone.localdate() + timedelta(days=60),
    )  # fmt: skip
    with pytest.raises(ledger.InsufficientQuota):
        ledger.grant(account, Decimal(1), reference="X/1", by=None, pool=pool)
    withdraw_claim(first, by=cast.owner_of(first.organization))
    assert ledger.grant(account, Decimal(1), reference="X/1", by=None, pool=pool)
    with pytest.raises(ledger.InsufficientQuota):
        ledger.grant(account, Decimal(1), reference="X/2", by=None, pool=pool, in_line=True)


def test_a_line_that_is_counted_wrong_is_found(programme: Programme) -> None:
    pool = pool_for(programme, 0)
    wait(programme, 10)
    BudgetPool.objects.update(waiting=3)
    assert list(invariants.lines_are_counted()) == [f"pool {pool.pk}: 3 in line, 1 wait"]


def test_a_claim_that_waits_for_nothing_has_no_place(programme: Programme, enterprise: Organization) -> None:
    claim = claim_instantly(enterprise, programme, amount=Decimal(1), by=cast.owner_of(enterprise))
    with pytest.raises(ValueError, match="waits for no budget"):
        position_of(claim)


# --- The end of the year ----------------------------------------------------------------------------


@pytest.mark.feature("X-10")
def test_what_was_not_granted_in_its_year_lapses_whoever_it_waited_for(enterprise: Organization) -> None:
    scheme, reviewer = make_reviewed(), officer()
    people = [cast.make_organization() for _n in range(4)]
    found = ("draft", "submitted", "returned", "approved")
    claims = [in_state(state, who, scheme, reviewer) for state, who in zip(found, people, strict=True)]
    claims.append(in_state("waitlisted", enterprise, scheme, reviewer))
    assert run("claims.lapse") == []
    last = datetime(scheme.year, 12, 31, 23, 59, tzinfo=SHANGHAI)
    assert run("claims.lapse", at=last) == []
    january = last + timedelta(minutes=1)
    said = run("claims.lapse", at=january, dry_run=True)
    assert len(said) == 4
    assert "approved" not in " ".join(said)
    assert len(run("claims.lapse", at=january)) == 4
    assert states() == ["lapsed", "lapsed", "lapsed", "approved", "lapsed"]
    assert BudgetPool.objects.get().waiting == 0
    assert run("claims.lapse", at=january) == []
    told = Message.objects.get(kind="claim.lapsed", user=cast.owner_of(enterprise))
    assert told.body == f"{scheme.year} 年度已结束，没有发放额度"
    assert whole()
