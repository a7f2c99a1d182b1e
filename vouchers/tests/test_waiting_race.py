"""The line under many at once: first that a naive admission overspends, then that ours is exact and in order."""

import threading
from decimal import Decimal

import pytest
from django.db.models import F

from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services import admit_waiting, claim_or_wait, lapse_claim
from vouchers.services.budgets import line_of
from vouchers.services.pools import set_pool

from . import factories
from .reviewed import ask, decide, make_reviewed, officer
from .test_race import all_is_whole

pytestmark = [
    pytest.mark.feature("X-3"),
    pytest.mark.feature("X-4"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
]


@pytest.fixture
def line() -> tuple[BudgetPool, Programme]:
    """Six who wait for 10 each, and a budget that has just been filled with 30."""
    programme = factories.make_programme()
    pool = set_pool(programme, cast.make_region(), Decimal(0), by=None)
    programme.refresh_from_db()
    for _n in range(6):
        who = cast.make_organization()
        claim_or_wait(who, programme, amount=Decimal(10), by=cast.owner_of(who))
    BudgetPool.objects.update(total=30, budget=30)
    return pool, programme


def test_without_the_guard_two_admit_the_same_head(line: tuple[BudgetPool, Programme]) -> None:
    """The control: read the head and the budget, meet, then write what was read."""
    pool, _programme = line
    meet = threading.Barrier(4)
    served: list[int] = []

    def naive() -> None:
        head = line_of(pool).values_list("pk", flat=True).first()
        left = BudgetPool.objects.get(pk=pool.pk).budget
        meet.wait()
        if head is not None and left >= 10:
            served.append(head)
            BudgetPool.objects.filter(pk=pool.pk).update(budget=left - 10)

    race(*[naive] * 4)
    assert len(served) == 4
    assert len(set(served)) == 1
    assert BudgetPool.objects.get().budget == 20


def test_many_admit_at_once_and_the_first_three_are_granted(line: tuple[BudgetPool, Programme]) -> None:
    pool, _programme = line
    race(*[lambda: admit_waiting(pool)] * 6)
    in_order = list(Claim.objects.order_by("submitted_at", "pk").values_list("status", flat=True))
    assert in_order == ["approved"] * 3 + ["waitlisted"] * 3
    pool.refresh_from_db()
    assert (pool.budget, pool.waiting, LedgerEntry.objects.count()) == (0, 3, 3)
    all_is_whole()


def test_newcomers_admissions_and_ends_leave_a_line_that_adds_up(line: tuple[BudgetPool, Programme]) -> None:
    pool, programme = line
    people = [cast.make_organization() for _n in range(4)]
    head = line_of(pool).first()
    assert head is not None
    acts = [lambda o=o: claim_or_wait(o, programme, amount=Decimal(1), by=cast.owner_of(o)) for o in people]
    race(*acts, lambda: admit_waiting(pool), lambda: admit_waiting(pool), lambda: lapse_claim(head))
    admit_waiting(pool)
    pool.refresh_from_db()
    granted = sum(account.granted for account in QuotaAccount.objects.all())
    assert granted + pool.budget == 30
    assert pool.budget < 10 or not line_of(pool).exists()
    assert pool.waiting == line_of(pool).count()
    all_is_whole()


def test_two_approvals_on_the_last_of_a_budget_have_one_winner_and_one_in_line() -> None:
    scheme = make_reviewed()
    people = [cast.enterprise(), cast.rival()]
    set_pool(scheme, people[0].region, Decimal(100), by=None)
    scheme.refresh_from_db()
    claims, officers = [ask(who, scheme, 100) for who in people], [officer(), officer()]
    said = race(*[lambda n=n: decide(claims[n], officers[n], "approve") for n in (0, 1)])
    assert said == ["done", "done"]
    assert sorted(Claim.objects.values_list("status", flat=True)) == ["approved", "waitlisted"]
    assert BudgetPool.objects.get().budget == 0
    all_is_whole()


def test_caps_hold_while_two_kinds_are_approved_at_once() -> None:
    """One organization, two reviewed kinds that share a cap of 100, each asked for 60."""
    enterprise, kinds = cast.enterprise(), []
    for kind in ("a", "b"):
        scheme = make_reviewed(cap_year=Decimal(100))
        Programme.objects.filter(pk=scheme.pk).update(kind=kind, shared_cap=True)
        kinds.append(Programme.objects.get(pk=scheme.pk))
    claims, officers = [ask(enterprise, kind, 60) for kind in kinds], [officer(), officer()]
    said = race(*[lambda n=n: decide(claims[n], officers[n], "approve") for n in (0, 1)])
    assert sorted(word == "done" for word in said) == [False, True]
    assert sum(account.granted for account in QuotaAccount.objects.all()) == 60
    assert BudgetPool.objects.filter(waiting__gt=F("total")).count() == 0
    all_is_whole()
