"""The ledger beside a plain model of it: whatever happens in whatever order, both say the same."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, LedgerEntry, QuotaAccount
from vouchers.models.accounts import BUCKETS

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-4")]

#: Verb of the ledger -> the bucket it takes from and the one it fills.
MOVES: dict[str, tuple[str, str]] = {
    "grant": ("budget", "available"),
    "hold": ("available", "held"),
    "release": ("held", "available"),
    "freeze": ("held", "in_batch"),
    "pay": ("in_batch", "spent"),
    "unpay": ("in_batch", "held"),
    "lapse": ("available", "lapsed"),
    "revoke": ("available", "budget"),
    "recover": ("spent", "recovered"),
}
BUDGET, CAP = 100_000, 80_000
fen = st.integers(1, 30_000)


class Model:
    """The same rules in whole fen and a dict: no database, no locks, no repeats."""

    def __init__(self) -> None:
        self.buckets = dict.fromkeys(BUCKETS, 0)
        self.budget, self.granted = BUDGET, 0
        self.booked: dict[tuple[str, str], tuple[int, str]] = {}

    def left(self, bucket: str) -> int:
        if bucket == "budget":
            return min(self.budget, CAP - self.granted)
        return self.buckets[bucket]

    def move(self, kind: str, source: str, target: str, amount: int, reference: str) -> str:
        """What must happen: moved, repeated, conflict or refused."""
        if (kind, reference) in self.booked:
            return "repeated" if self.booked[kind, reference] == (amount, target) else "conflict"
        if amount > self.left(source):
            return "refused"
        self.booked[kind, reference] = (amount, target)
        self._shift(source, -amount)
        self._shift(target, amount)
        return "moved"

    def _shift(self, bucket: str, amount: int) -> None:
        if bucket == "budget":
            self.budget += amount
            self.granted -= amount
        else:
            self.buckets[bucket] += amount


class LedgerMachine(RuleBasedStateMachine):
    """Every verb with any amount and often a used reference; after each step both are compared."""

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.numbers = 0
        self.past_end = False
        self.account = QuotaAccount.objects.get()
        self.pool = BudgetPool.objects.get()
        self.act("grant", 30_000, "G/0")

    def act(self, kind: str, amount: int, reference: str) -> None:
        source, target = MOVES[kind]
        if kind == "release" and self.past_end:
            target = "lapsed"
        expected = self.model.move(kind, source, target, amount, reference)
        assert self.really(kind, amount, reference) == expected

    def really(self, kind: str, amount: int, reference: str) -> str:
        verb: Callable[..., bool] = getattr(ledger, kind)
        try:
            with transaction.atomic():
                moved = verb(self.account, Decimal(amount) / 100, reference=reference, by=None, **self.more(kind))
        except ledger.InsufficientQuota:
            return "refused"
        except ledger.EntryConflict:
            return "conflict"
        return "moved" if moved else "repeated"

    def more(self, kind: str) -> dict[str, Any]:
        if kind == "grant":
            return {"pool": self.pool, "cap": Decimal(CAP) / 100}
        if kind == "revoke":
            return {"pool": self.pool}
        return {"day": calendar.today()} if kind == "release" else {}

    def fresh(self) -> str:
        self.numbers += 1
        return f"T/{self.numbers}"

    @rule(kind=st.sampled_from(sorted(MOVES)), amount=fen)
    def any_amount(self, kind: str, amount: int) -> None:
        self.act(kind, amount, self.fresh())

    @rule(kind=st.sampled_from(sorted(MOVES)), part=st.sampled_from([1, 2, 3]))
    def a_part_of_what_is_there(self, kind: str, part: int) -> None:
        left = self.model.left(MOVES[kind][0]) // part
        if left:
            self.act(kind, left, self.fresh())

    @rule(kind=st.sampled_from(sorted(MOVES)))
    def one_fen_too_much(self, kind: str) -> None:
        self.act(kind, self.model.left(MOVES[kind][0]) + 1, self.fresh())

    @precondition(lambda self: len(self.model.booked) > 1)
    @rule(data=st.data(), more=st.sampled_from([0, 1]))
    def the_same_again_or_nearly(self, data: Any, more: int) -> None:
        kind, reference = data.draw(st.sampled_from(sorted(self.model.booked)))
        amount, _target = self.model.booked[kind, reference]
        self.act(kind, amount + more, reference)

    @precondition(lambda self: not self.past_end)
    @rule()
    def the_year_ends(self) -> None:
        factories.end_year(self.account)
        self.account.refresh_from_db()
        self.past_end = True

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "model"):
            return
        row = QuotaAccount.objects.values(*BUCKETS, "granted").get()
        assert {name: int(row[name] * 100) for name in BUCKETS} == self.model.buckets
        assert int(row["granted"] * 100) == self.model.granted
        assert int(BudgetPool.objects.get().budget * 100) == self.model.budget

    def teardown(self) -> None:
        if hasattr(self, "model"):
            assert LedgerEntry.objects.count() == len(self.model.booked)
            assert list(invariants.buckets_add_up()) == []
            assert list(invariants.pools_add_up()) == []


@pytest.fixture
def empty_account() -> QuotaAccount:
    """An account without a fen, under a programme with a budget of 1,000 yuan."""
    enterprise, programme = cast.enterprise(), factories.make_programme()
    BudgetPool.objects.create(
        programme=programme, region=enterprise.region, total=Decimal(BUDGET) / 100, budget=Decimal(BUDGET) / 100
    )
    day = calendar.today()
    return QuotaAccount.objects.create(
        number="T1", organization=enterprise, programme=programme, valid_until=day, redeem_until=day
    )


class Undone(LedgerMachine):
    """Each run starts from the same rows: what it wrote is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            transaction.savepoint_rollback(self.savepoint)


@pytest.mark.slow
def test_the_ledger_and_its_model_say_the_same(empty_account: QuotaAccount) -> None:
    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not LedgerEntry.objects.exists()


def test_the_model_knows_every_kind_of_entry() -> None:
    assert set(MOVES) == set(LedgerEntry.Kind.values)


def test_the_model_would_notice_a_bucket_that_is_written_past_the_ledger(empty_account: QuotaAccount) -> None:
    machine = Undone()
    machine.begin()
    QuotaAccount.objects.update(available=Decimal(299), held=Decimal(1))
    with pytest.raises(AssertionError):
        machine.both_say_the_same()
    with pytest.raises(AssertionError):
        machine.teardown()
    assert not LedgerEntry.objects.exists()


@pytest.mark.core_sqlite
@pytest.mark.parametrize("amount", ["0", "-1", "0.004"])
def test_an_amount_that_is_not_above_zero_moves_nothing(empty_account: QuotaAccount, amount: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.grant(empty_account, Decimal(amount), reference="T/1", by=None)
    assert not LedgerEntry.objects.exists()
    empty_account.refresh_from_db()
    assert empty_account.granted == 0


@pytest.mark.core_sqlite
def test_the_same_reference_may_serve_two_kinds_and_two_accounts(empty_account: QuotaAccount) -> None:
    other = QuotaAccount.objects.create(
        number="T2",
        organization=empty_account.organization,
        programme=empty_account.programme,
        valid_until=calendar.today().replace(year=2030),
        redeem_until=calendar.today().replace(year=2030),
    )
    for account in (empty_account, other):
        assert ledger.grant(account, Decimal(2), reference="T/1", by=None)
        assert ledger.hold(account, Decimal(1), reference="T/1", by=None)
    assert LedgerEntry.objects.filter(reference="T/1").count() == 4


def test_who_moved_it_is_written_beside_the_movement(empty_account: QuotaAccount) -> None:
    owner = cast.owner_of(empty_account.organization)
    ledger.grant(empty_account, Decimal(2), reference="T/1", by=owner)
    ledger.hold(empty_account, Decimal(1), reference="T/1", by=None)
    assert list(LedgerEntry.objects.values_list("kind", "by_id")) == [("grant", owner.pk), ("hold", None)]
