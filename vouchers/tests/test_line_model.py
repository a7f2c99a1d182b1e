"""The waiting line beside a plain list of it: whatever happens, it is served in order and nothing is overspent."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Organization, User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import invariants
from vouchers.models import BudgetPool, Claim, LedgerEntry, QuotaAccount
from vouchers.services import admit_waiting, claim_or_wait, lapse_claim, revoke_claim, withdraw_claim
from vouchers.services.budgets import line_of, position_of
from vouchers.services.pools import set_pool

from . import factories
from .reviewed import officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-3")]

TOTAL = 1_000
yuan = st.integers(1, 600)


class Model:
    """The line as a list of (claim, amount): whoever is first and fits is served, and nobody before it."""

    def __init__(self) -> None:
        self.total = TOTAL
        self.granted: dict[int, int] = {}
        self.line: list[tuple[int, int]] = []

    @property
    def left(self) -> int:
        return self.total - sum(self.granted.values())

    def come(self, claim: int, amount: int) -> None:
        if self.line or amount > self.left:
            self.line.append((claim, amount))
        else:
            self.granted[claim] = amount

    def serve(self) -> list[int]:
        served = []
        while self.line and self.line[0][1] <= self.left:
            claim, amount = self.line.pop(0)
            self.granted[claim] = amount
            served.append(claim)
        return served

    def leave(self, claim: int) -> None:
        self.line = [place for place in self.line if place[0] != claim]


class LineMachine(RuleBasedStateMachine):
    """Organizations come, give up, lose what they had; the budget grows and shrinks; the head is served."""

    people: list[Organization]
    reviewer: User

    @initialize()
    def begin(self) -> None:
        self.programme = factories.make_programme()
        self.pool = set_pool(self.programme, cast.make_region(), Decimal(TOTAL), by=None)
        self.programme.refresh_from_db()
        self.model = Model()
        self.came = 0
        self.orders: list[int] = []

    def waiting(self, data: Any) -> Claim:
        return Claim.objects.get(pk=data.draw(st.sampled_from([claim for claim, _amount in self.model.line])))

    def granted(self, data: Any) -> Claim:
        return Claim.objects.get(pk=data.draw(st.sampled_from(sorted(self.model.granted))))

    @precondition(lambda self: self.came < len(self.people))
    @rule(amount=yuan)
    def somebody_comes(self, amount: int) -> None:
        self.come(amount)

    def come(self, amount: int) -> None:
        who = self.people[self.came]
        self.came += 1
        claim = claim_or_wait(who, self.programme, amount=Decimal(amount), by=cast.owner_of(who))
        self.orders.append(claim.pk)
        self.model.come(claim.pk, amount)
        assert claim.status == ("approved" if claim.pk in self.model.granted else "waitlisted")

    @rule()
    def the_line_is_served(self) -> None:
        assert [claim.pk for claim in admit_waiting(self.pool)] == self.model.serve()

    @precondition(lambda self: self.model.line)
    @rule(data=st.data(), how=st.sampled_from(["withdraws", "lapses"]))
    def somebody_in_line_goes(self, data: Any, how: str) -> None:
        claim = self.waiting(data)
        if how == "withdraws":
            withdraw_claim(claim, by=cast.owner_of(claim.organization))
        else:
            lapse_claim(claim)
        self.model.leave(claim.pk)

    @precondition(lambda self: self.model.granted)
    @rule(data=st.data())
    def the_bureau_takes_back(self, data: Any) -> None:
        claim = self.granted(data)
        revoke_claim(claim, by=self.reviewer, office=None, reason="已迁出")
        del self.model.granted[claim.pk]

    @precondition(lambda self: self.model.granted)
    @rule(data=st.data())
    def what_is_granted_is_neither_withdrawn_nor_lapsed(self, data: Any) -> None:
        claim = self.granted(data)
        with pytest.raises(Refused), transaction.atomic():
            withdraw_claim(claim, by=cast.owner_of(claim.organization))
        with pytest.raises(Refused), transaction.atomic():
            lapse_claim(claim)

    @rule(more=st.integers(-400, 400))
    def the_budget_is_set(self, more: int) -> None:
        total = max(self.model.total + more, 0)
        try:
            with transaction.atomic():
                set_pool(self.programme, cast.make_region(), Decimal(total), by=None)
        except Refused:
            assert total < self.model.total - self.model.left
        else:
            assert total >= self.model.total - self.model.left
            self.model.total = total

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "model"):
            return
        pool = BudgetPool.objects.get()
        assert (pool.total, pool.budget) == (self.model.total, self.model.left)
        assert pool.waiting == len(self.model.line)
        assert list(line_of(pool).values_list("pk", "granted")) == self.model.line
        approved = Claim.objects.filter(status="approved").values_list("pk", "granted")
        assert dict(approved) == self.model.granted

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        if not hasattr(self, "model"):
            return
        pool = BudgetPool.objects.get()
        granted = QuotaAccount.objects.aggregate(sum=Sum("granted"))["sum"] or Decimal(0)
        assert pool.budget >= 0
        assert granted <= pool.total
        assert granted + pool.budget == pool.total
        assert [line for check in invariants.CHECKS.values() for line in check()] == []

    @invariant()
    def places_are_those_of_submission(self) -> None:
        if not hasattr(self, "model"):
            return
        waiting = [Claim.objects.get(pk=pk) for pk, _amount in self.model.line]
        assert [position_of(claim) for claim in waiting] == list(range(1, len(waiting) + 1))
        assert [claim.pk for claim in waiting] == [pk for pk in self.orders if pk in dict(self.model.line)]


@pytest.fixture
def machine() -> type[LineMachine]:
    """The machine with its people, who are made once: a run only moves claims and money."""

    class Peopled(LineMachine):
        people = [cast.make_organization() for _n in range(8)]
        reviewer = officer()

    return Peopled


def run(machine: type[LineMachine], *, examples: int = 6) -> None:
    """Every run begins on what was there before the first."""

    class Undone(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_the_line_and_its_model_say_the_same(machine: type[LineMachine]) -> None:
    run(machine)


def test_the_model_would_notice_whoever_overtakes(machine: type[LineMachine]) -> None:
    """The control: a place that is written past the verbs is found out."""
    one = machine()
    one.begin()
    for amount in (600, 500, 10):
        one.come(amount)
    one.both_say_the_same()
    last = Claim.objects.latest("pk")
    Claim.objects.filter(pk=last.pk).update(submitted_at=last.submitted_at - timedelta(days=1))
    with pytest.raises(AssertionError):
        one.both_say_the_same()


def test_the_model_would_notice_money_that_nobody_booked(machine: type[LineMachine]) -> None:
    one = machine()
    one.begin()
    one.come(600)
    one.money_is_neither_made_nor_lost()
    BudgetPool.objects.update(budget=401)
    with pytest.raises(AssertionError):
        one.money_is_neither_made_nor_lost()


def test_nothing_is_booked_for_whoever_waits(machine: type[LineMachine]) -> None:
    one = machine()
    one.begin()
    first, second = one.people[:2]
    for who, amount in ((first, TOTAL), (second, 1)):
        claim_or_wait(who, one.programme, amount=Decimal(amount), by=cast.owner_of(who))
    assert LedgerEntry.objects.count() == 1
    assert list(QuotaAccount.objects.values_list("organization", "granted")) == [(first.pk, TOTAL)]
