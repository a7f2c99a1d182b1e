"""The ledger: moves, repeats, limits, and that nothing is ever rewritten."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization
from innovation_voucher.casework import calendar
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, LedgerEntry, Programme, QuotaAccount
from vouchers.models.accounts import BUCKETS

from . import factories

pytestmark = pytest.mark.feature("X-4")


@pytest.fixture
def account(enterprise: Organization, programme: Programme) -> QuotaAccount:
    """100 yuan in available."""
    return factories.claim(enterprise, programme, 100)


def buckets(account: QuotaAccount) -> dict[str, Decimal]:
    account.refresh_from_db()
    return {name: getattr(account, name) for name in BUCKETS if getattr(account, name)}


@pytest.mark.core_sqlite
def test_every_move_takes_from_one_bucket_and_fills_another(account: QuotaAccount) -> None:
    day = calendar.today()
    steps: list[tuple[Callable[..., bool], Decimal, dict[str, Any], dict[str, Decimal]]] = [
        (ledger.hold, Decimal(60), {}, {"available": Decimal(40), "held": Decimal(60)}),
        (ledger.release, Decimal(10), {"day": day}, {"available": Decimal(50), "held": Decimal(50)}),
        (ledger.freeze, Decimal(50), {}, {"available": Decimal(50), "in_batch": Decimal(50)}),
        (ledger.unpay, Decimal(20), {}, {"available": Decimal(50), "held": Decimal(20), "in_batch": Decimal(30)}),
        (ledger.pay, Decimal(30), {}, {"available": Decimal(50), "held": Decimal(20), "spent": Decimal(30)}),
        (
            ledger.recover,
            Decimal(5),
            {},
            {"available": Decimal(50), "held": Decimal(20), "spent": Decimal(25), "recovered": Decimal(5)},
        ),
        (
            ledger.lapse,
            Decimal(20),
            {"source": "held"},
            {"available": Decimal(50), "spent": Decimal(25), "recovered": Decimal(5), "lapsed": Decimal(20)},
        ),
        (ledger.lapse, Decimal(50), {}, {"spent": Decimal(25), "recovered": Decimal(5), "lapsed": Decimal(70)}),
    ]
    for n, (verb, amount, extra, expected) in enumerate(steps, 1):
        assert verb(account, amount, reference=f"T/{n}", by=None, **extra) is True
        assert buckets(account) == expected
    assert list(invariants.buckets_add_up()) == []


def test_a_release_after_the_last_valid_day_lapses(account: QuotaAccount) -> None:
    ledger.hold(account, Decimal(60), reference="T/1", by=None)
    ledger.release(account, Decimal(10), reference="T/2", by=None, day=account.valid_until)
    ledger.release(account, Decimal(50), reference="T/3", by=None, day=account.valid_until + timedelta(days=1))
    assert buckets(account) == {"available": Decimal(50), "lapsed": Decimal(50)}


@pytest.mark.core_sqlite
def test_a_repeated_movement_does_nothing(account: QuotaAccount) -> None:
    assert ledger.hold(account, Decimal(60), reference="T/1", by=None) is True
    assert ledger.hold(account, Decimal(60), reference="T/1", by=None) is False
    assert buckets(account) == {"available": Decimal(40), "held": Decimal(60)}
    assert account.entries.filter(reference="T/1").count() == 1


def test_the_same_reference_for_another_amount_is_a_mistake(account: QuotaAccount) -> None:
    ledger.hold(account, Decimal(60), reference="T/1", by=None)
    with pytest.raises(ledger.EntryConflict):
        ledger.hold(account, Decimal(61), reference="T/1", by=None)
    assert buckets(account) == {"available": Decimal(40), "held": Decimal(60)}


@pytest.mark.parametrize(
    ("verb", "extra"),
    [
        (ledger.hold, {}),
        (ledger.release, {"day": calendar.today()}),
        (ledger.freeze, {}),
        (ledger.unpay, {}),
        (ledger.pay, {}),
        (ledger.recover, {}),
        (ledger.lapse, {}),
        (ledger.revoke, {}),
    ],
)
def test_no_bucket_gives_more_than_it_holds(
    account: QuotaAccount, verb: Callable[..., bool], extra: dict[str, Any]
) -> None:
    before = buckets(account)
    with pytest.raises(ledger.InsufficientQuota):
        verb(account, Decimal("100.01"), reference="T/1", by=None, **extra)
    assert buckets(account) == before
    assert not account.entries.filter(reference="T/1").exists()


@pytest.mark.core_sqlite
def test_the_last_fen_can_be_spent(account: QuotaAccount) -> None:
    ledger.hold(account, Decimal("99.99"), reference="T/1", by=None)
    ledger.hold(account, Decimal("0.01"), reference="T/2", by=None)
    assert buckets(account) == {"held": Decimal(100)}


@pytest.mark.core_sqlite
def test_a_grant_keeps_the_cap_of_the_account(account: QuotaAccount) -> None:
    ledger.grant(account, Decimal(50), reference="T/1", by=None, cap=Decimal(150))
    with pytest.raises(ledger.InsufficientQuota):
        ledger.grant(account, Decimal("0.01"), reference="T/2", by=None, cap=Decimal(150))
    account.refresh_from_db()
    assert account.granted == 150


@pytest.fixture
def pool(programme: Programme, enterprise: Organization) -> BudgetPool:
    return BudgetPool.objects.create(
        programme=programme, region=enterprise.region, total=Decimal(80), budget=Decimal(80)
    )


def test_a_grant_takes_from_the_budget_and_a_revocation_gives_back(account: QuotaAccount, pool: BudgetPool) -> None:
    ledger.grant(account, Decimal(80), reference="T/1", by=None, pool=pool)
    pool.refresh_from_db()
    assert pool.budget == 0
    ledger.revoke(account, Decimal(30), reference="T/2", by=None, pool=pool)
    pool.refresh_from_db()
    account.refresh_from_db()
    assert (pool.budget, account.granted, account.available) == (30, 150, 150)
    assert list(invariants.pools_add_up()) == []


@pytest.mark.core_sqlite
def test_an_empty_budget_rolls_the_grant_back(account: QuotaAccount, pool: BudgetPool) -> None:
    with pytest.raises(ledger.InsufficientQuota) as refused:
        ledger.grant(account, Decimal("80.01"), reference="T/1", by=None, pool=pool)
    assert refused.value.code == "pool_empty"
    pool.refresh_from_db()
    assert pool.budget == 80
    assert buckets(account) == {"available": Decimal(100)}
    assert not LedgerEntry.objects.filter(reference="T/1").exists()


def refused(statement: str) -> bool:
    """Whether the database refuses the statement and all entries stay as they were."""
    before = list(LedgerEntry.objects.values())
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(statement)
    return list(LedgerEntry.objects.values()) == before


@pytest.mark.core_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vouchers_ledgerentry SET amount = amount + 1",
        "UPDATE vouchers_ledgerentry SET reference = 'x'",
        "DELETE FROM vouchers_ledgerentry",
        "UPDATE vouchers_policysnapshot SET digest = 'x'",
        "DELETE FROM vouchers_policysnapshot",
    ],
)
def test_what_was_written_stays(account: QuotaAccount, statement: str) -> None:
    assert refused(statement)


def test_the_ledger_cannot_be_emptied(account: QuotaAccount) -> None:
    with connection.cursor() as cursor:
        # Otherwise the foreign keys that wait to be checked would refuse it, and not our trigger.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refused("TRUNCATE vouchers_ledgerentry CASCADE")


@pytest.mark.core_sqlite
@pytest.mark.parametrize("change", ["available = -1", "granted = granted + 1", "held = held + 1"])
def test_the_table_itself_keeps_accounts_whole(account: QuotaAccount, change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE vouchers_quotaaccount SET {change}")


def test_an_account_that_does_not_add_up_is_found(account: QuotaAccount) -> None:
    QuotaAccount.objects.filter(pk=account.pk).update(available=Decimal(90), held=Decimal(10))
    lines = [*invariants.buckets_add_up(), *invariants.accounts_cover_their_vouchers()]
    assert len(lines) == 3
    assert all(account.number in line for line in lines)
