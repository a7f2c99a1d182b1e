"""What the ledger refuses, bucket by bucket, and that a refusal leaves no trace."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, LedgerEntry, Programme, QuotaAccount

from . import factories

pytestmark = pytest.mark.feature("X-4")

Move = Callable[..., bool]
#: The bucket that a move takes from.
SOURCES: list[tuple[Move, str, dict[str, Any]]] = [
    (ledger.hold, "available", {}),
    (ledger.lapse, "available", {}),
    (ledger.revoke, "available", {}),
    (ledger.release, "held", {"day": calendar.today()}),
    (ledger.freeze, "held", {}),
    (ledger.lapse, "held", {"source": "held"}),
    (ledger.pay, "in_batch", {}),
    (ledger.unpay, "in_batch", {}),
    (ledger.recover, "spent", {}),
]
NAMES = [f"{verb.__name__} from {source}" for verb, source, _extra in SOURCES]
#: The moves that bring everything into a bucket, one after the other.
WAY: list[tuple[str, Move]] = [("held", ledger.hold), ("in_batch", ledger.freeze), ("spent", ledger.pay)]
BUCKETS = ("available", "held", "in_batch", "spent")


@pytest.fixture
def account(enterprise: Organization, programme: Programme) -> QuotaAccount:
    """100 yuan in available."""
    return factories.claim(enterprise, programme, 100)


def amounts(account: QuotaAccount, *names: str) -> list[Any]:
    """What the account has now under these names."""
    account.refresh_from_db()
    return [getattr(account, name) for name in names]


def bring(account: QuotaAccount, bucket: str) -> None:
    """Put the 100 yuan into the bucket."""
    for number, (name, verb) in enumerate(WAY):
        if BUCKETS.index(bucket) >= BUCKETS.index(name):
            verb(account, Decimal(100), reference=f"W/{number}", by=None)
    account.refresh_from_db()
    assert getattr(account, bucket) == 100


@pytest.mark.parametrize(("verb", "source", "extra"), SOURCES, ids=NAMES)
def test_a_move_takes_all_of_its_own_bucket(
    account: QuotaAccount, verb: Move, source: str, extra: dict[str, Any]
) -> None:
    bring(account, source)
    assert verb(account, Decimal(100), reference="T/1", by=None, **extra)
    account.refresh_from_db()
    assert getattr(account, source) == 0
    assert list(invariants.buckets_add_up()) == []


@pytest.mark.parametrize(("verb", "source", "extra"), SOURCES, ids=NAMES)
def test_a_move_takes_not_a_fen_from_another_bucket(
    account: QuotaAccount, verb: Move, source: str, extra: dict[str, Any]
) -> None:
    bring(account, "held" if source != "held" else "available")
    before = QuotaAccount.objects.values().get(pk=account.pk)
    with pytest.raises(ledger.InsufficientQuota) as refused:
        verb(account, Decimal("0.01"), reference="T/1", by=None, **extra)
    assert refused.value.code == "insufficient_quota"
    assert QuotaAccount.objects.values().get(pk=account.pk) == before
    assert not LedgerEntry.objects.filter(reference="T/1").exists()


@pytest.mark.parametrize(("verb", "source", "extra"), SOURCES, ids=NAMES)
def test_a_refused_reference_is_free_for_a_move_that_fits(
    account: QuotaAccount, verb: Move, source: str, extra: dict[str, Any]
) -> None:
    bring(account, source)
    with pytest.raises(ledger.InsufficientQuota):
        verb(account, Decimal(101), reference="T/1", by=None, **extra)
    assert verb(account, Decimal(99), reference="T/1", by=None, **extra)
    account.refresh_from_db()
    assert getattr(account, source) == 1


def test_one_reference_serves_two_kinds_of_moves(account: QuotaAccount) -> None:
    assert ledger.hold(account, Decimal(40), reference="T/1", by=None)
    assert ledger.freeze(account, Decimal(40), reference="T/1", by=None)
    assert amounts(account, "available", "held", "in_batch") == [60, 0, 40]


def test_one_reference_serves_two_accounts(account: QuotaAccount, programme: Programme) -> None:
    other = factories.claim(cast.rival(), programme, 100)
    assert ledger.hold(account, Decimal(40), reference="T/1", by=None)
    assert ledger.hold(other, Decimal(70), reference="T/1", by=None)
    assert LedgerEntry.objects.filter(reference="T/1").count() == 2


def test_a_release_repeated_after_the_last_valid_day_is_a_mistake(account: QuotaAccount) -> None:
    bring(account, "held")
    ledger.release(account, Decimal(10), reference="T/1", by=None, day=account.valid_until)
    with pytest.raises(ledger.EntryConflict, match="T/1"):
        ledger.release(account, Decimal(10), reference="T/1", by=None, day=account.valid_until + timedelta(days=1))
    assert amounts(account, "available", "held", "lapsed") == [10, 90, 0]


@pytest.fixture
def pool(programme: Programme, enterprise: Organization) -> BudgetPool:
    """80 yuan of budget."""
    return BudgetPool.objects.create(
        programme=programme, region=enterprise.region, total=Decimal(80), budget=Decimal(80)
    )


def test_a_grant_above_the_cap_leaves_the_budget_alone(account: QuotaAccount, pool: BudgetPool) -> None:
    with pytest.raises(ledger.InsufficientQuota) as refused:
        ledger.grant(account, Decimal(50), reference="T/1", by=None, pool=pool, cap=Decimal("149.99"))
    assert refused.value.code == "insufficient_quota"
    pool.refresh_from_db()
    assert [pool.budget, *amounts(account, "granted")] == [80, 100]


def test_a_repeated_grant_takes_from_the_budget_once(account: QuotaAccount, pool: BudgetPool) -> None:
    granted = [ledger.grant(account, Decimal(30), reference="T/1", by=None, pool=pool) for _ in range(3)]
    pool.refresh_from_db()
    assert granted == [True, False, False]
    assert pool.budget == 50


def test_the_last_fen_of_a_budget_is_granted_and_then_nothing(account: QuotaAccount, pool: BudgetPool) -> None:
    assert ledger.grant(account, Decimal("79.99"), reference="T/1", by=None, pool=pool)
    assert ledger.grant(account, Decimal("0.01"), reference="T/2", by=None, pool=pool)
    with pytest.raises(Refused, match="预算已用完"):
        ledger.grant(account, Decimal("0.01"), reference="T/3", by=None, pool=pool)
    assert list(invariants.pools_add_up()) == []


def test_a_refused_revocation_brings_nothing_into_the_budget(account: QuotaAccount, pool: BudgetPool) -> None:
    bring(account, "held")
    with pytest.raises(ledger.InsufficientQuota):
        ledger.revoke(account, Decimal(1), reference="T/1", by=None, pool=pool)
    pool.refresh_from_db()
    assert pool.budget == 80
