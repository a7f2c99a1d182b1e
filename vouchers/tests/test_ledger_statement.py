"""One movement is one statement on PostgreSQL, three elsewhere, with the same outcome."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from innovation_voucher.casework.inserts import SQL
from innovation_voucher.tests import cast
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, LedgerEntry, Programme, QuotaAccount

from . import factories

pytestmark = pytest.mark.feature("X-4")
Way = Callable[[Sequence[SQL]], list[bool]]


@pytest.fixture
def account(enterprise: Organization, programme: Programme) -> QuotaAccount:
    """100 yuan in available."""
    return factories.claim(enterprise, programme, 100)


@pytest.fixture
def pool(programme: Programme) -> BudgetPool:
    """A budget of 50 yuan."""
    return BudgetPool.objects.create(programme=programme, region=cast.make_region(), total=50, budget=50)


@pytest.fixture(params=["one statement", "three statements"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """Both ways of writing a movement, whatever the database prefers; the second is the one of SQLite."""
    if request.param == "three statements":
        monkeypatch.setattr(ledger, "_in_one", ledger._one_by_one)
        yield ledger._one_by_one
    else:
        yield ledger._in_one


def budget(pool: BudgetPool) -> Decimal:
    pool.refresh_from_db()
    return pool.budget


def facts(account: QuotaAccount) -> tuple[Decimal, Decimal, int]:
    account.refresh_from_db()
    return account.granted, account.available, LedgerEntry.objects.filter(account=account).count()


def grant(account: QuotaAccount, amount: int, reference: str = "T/1", **more: object) -> bool:
    """In a savepoint of its own, as a verb has it."""
    with transaction.atomic():
        return ledger.grant(account, Decimal(amount), reference=reference, by=None, **more)  # type: ignore[arg-type]


def test_a_grant_moves_account_and_budget(way: Way, account: QuotaAccount, pool: BudgetPool) -> None:
    assert grant(account, 20, pool=pool)
    assert facts(account) == (120, 120, 2)
    assert budget(pool) == 30


def test_the_same_reference_moves_nothing_again(way: Way, account: QuotaAccount, pool: BudgetPool) -> None:
    assert grant(account, 20, pool=pool)
    assert not grant(account, 20, pool=pool)
    assert facts(account) == (120, 120, 2)
    assert budget(pool) == 30


def test_the_same_reference_for_another_amount_is_a_mistake(way: Way, account: QuotaAccount) -> None:
    grant(account, 20)
    with pytest.raises(ledger.EntryConflict):
        grant(account, 21)
    assert facts(account) == (120, 120, 2)


def test_an_empty_budget_leaves_the_account_alone(way: Way, account: QuotaAccount, pool: BudgetPool) -> None:
    with pytest.raises(ledger.InsufficientQuota) as refused:
        grant(account, 51, pool=pool)
    assert refused.value.code == "pool_empty"
    assert facts(account) == (100, 100, 1)
    assert budget(pool) == 50


def test_a_full_account_leaves_the_budget_alone(way: Way, account: QuotaAccount, pool: BudgetPool) -> None:
    with pytest.raises(ledger.InsufficientQuota) as refused:
        grant(account, 20, pool=pool, cap=Decimal(119))
    assert refused.value.code == "insufficient_quota"
    assert facts(account) == (100, 100, 1)
    assert budget(pool) == 50


def test_the_cap_itself_may_be_reached(way: Way, account: QuotaAccount) -> None:
    assert grant(account, 20, cap=Decimal(120))
    assert facts(account) == (120, 120, 2)


def test_what_is_revoked_fills_the_budget_again(way: Way, account: QuotaAccount, pool: BudgetPool) -> None:
    grant(account, 20, pool=pool)
    assert ledger.revoke(account, Decimal(5), reference="T/2", by=None, pool=pool)
    assert facts(account) == (115, 115, 3)
    assert budget(pool) == 35


def test_no_bucket_gives_more_than_it_holds(way: Way, account: QuotaAccount) -> None:
    with pytest.raises(ledger.InsufficientQuota), transaction.atomic():
        ledger.hold(account, Decimal("100.01"), reference="T/1", by=None)
    assert facts(account) == (100, 100, 1)
    assert ledger.hold(account, Decimal(100), reference="T/1", by=None)
    assert facts(account) == (100, 0, 2)
    assert list(invariants.buckets_add_up()) == []


def test_a_movement_with_a_budget_is_one_statement(account: QuotaAccount, pool: BudgetPool) -> None:
    with CaptureQueriesContext(connection) as queries:
        ledger.grant(account, Decimal(20), reference="T/1", by=None, pool=pool)
    said = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) == 1
    entry, moved, taken = (said[0].index(word) for word in ("INSERT INTO", "SET granted", "SET budget"))
    assert entry < moved < taken, "the entry comes first, the budget last"
