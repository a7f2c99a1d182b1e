"""Limits that several rows share, under many at once: caps over two kinds, one reference, first budgets."""

import threading
from collections.abc import Callable
from decimal import Decimal
from itertools import count, cycle
from typing import Any

import pytest

from innovation_voucher.tests import cast
from vouchers import ledger
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.services import claim_instantly, return_by_carrier, void_voucher
from vouchers.services.pools import set_pool
from vouchers.services.publishing import publish

from . import factories, per_order
from .test_race import all_is_whole, race

pytestmark = [pytest.mark.feature("X-4"), pytest.mark.django_db(transaction=True), pytest.mark.slow]


def in_turn(acts: Any) -> Callable[[], object]:
    """An act that does the next of several, however many threads ask."""
    lock, rest = threading.Lock(), cycle(acts)

    def act() -> object:
        with lock:
            following = next(rest)
        return following()

    return act


def test_two_kinds_with_one_cap_are_granted_exactly_the_cap() -> None:
    enterprise = cast.enterprise()
    owner = cast.owner_of(enterprise)
    kinds = [factories.make_programme(kind=kind, cap_year=Decimal(100)) for kind in ("a", "b")]
    Programme.objects.update(shared_cap=True)
    acts = [lambda kind=kind: claim_instantly(enterprise, kind, amount=Decimal(9), by=owner) for kind in kinds]
    assert race(in_turn(acts), each=3) == 11
    assert sum(account.granted for account in QuotaAccount.objects.all()) == 99
    assert {claim.programme_id for claim in Claim.objects.all()} == {kind.pk for kind in kinds}
    all_is_whole()


@pytest.mark.feature("TJ-2")
def test_vouchers_that_bring_their_quota_are_granted_exactly_the_cap() -> None:
    enterprise, carrier = cast.enterprise(), factories.make_carrier()
    programme = per_order.make(cap_year=Decimal(25_000))
    assert race(lambda: per_order.ask(enterprise, programme, 20_000, carrier), each=1) == 3
    amounts = sorted(Voucher.objects.values_list("amount", flat=True))
    assert amounts == [5_000, 10_000, 10_000]
    assert per_order.buckets(enterprise) == (25_000, 0, 25_000)
    all_is_whole()


def test_a_day_account_is_opened_once_however_many_claim_at_once() -> None:
    enterprise = cast.enterprise()
    owner = cast.owner_of(enterprise)
    programme = factories.make_programme(valid_days=90)
    assert race(lambda: claim_instantly(enterprise, programme, amount=Decimal(1), by=owner), each=2) == 16
    assert QuotaAccount.objects.get().granted == 16
    all_is_whole()


def test_the_last_of_a_budget_goes_to_one_of_two_enterprises() -> None:
    programme = factories.make_programme()
    people = [cast.enterprise(), cast.rival()]
    set_pool(programme, people[0].region, Decimal(100), by=None)
    programme.refresh_from_db()
    acts = [lambda o=o: claim_instantly(o, programme, amount=Decimal(100), by=cast.owner_of(o)) for o in people]
    assert race(in_turn(acts), each=1) == 1
    assert BudgetPool.objects.get().budget == 0
    assert Claim.objects.count() == LedgerEntry.objects.count() == 1
    all_is_whole()


def test_the_same_grant_sent_by_many_is_granted_once() -> None:
    programme, enterprise = factories.make_programme(), cast.enterprise()
    account = factories.claim(enterprise, programme, 10)
    pool = set_pool(programme, enterprise.region, Decimal(100), by=None)
    race(lambda: ledger.grant(account, Decimal(60), reference="G/1", by=None, pool=pool))
    account.refresh_from_db()
    pool.refresh_from_db()
    assert (account.granted, pool.budget) == (70, 40)
    assert LedgerEntry.objects.filter(reference="G/1").count() == 1


def test_holds_and_releases_in_any_order_leave_nothing_behind() -> None:
    account = factories.claim(cast.enterprise(), factories.make_programme(), 50)
    numbers = count(1)

    def there_and_back() -> object:
        number = next(numbers)
        ledger.hold(account, Decimal(10), reference=f"H/{number}", by=None)
        return ledger.release(account, Decimal(10), reference=f"H/{number}", by=None, day=account.valid_until)

    race(there_and_back)
    account.refresh_from_db()
    assert (account.available, account.held) == (50, 0)
    assert LedgerEntry.objects.filter(kind="hold").count() == LedgerEntry.objects.filter(kind="release").count()


def test_a_voucher_that_both_sides_end_gives_its_quota_back_once() -> None:
    voucher = factories.make_voucher()
    acts = [
        lambda: void_voucher(voucher, by=None, reason="填错"),
        lambda: return_by_carrier(voucher, by=None, reason="不符"),
    ]
    assert race(in_turn(acts), each=1) == 1
    assert QuotaAccount.objects.get().available == 20_000
    assert Voucher.objects.get().status in {"voided", "returned_by_carrier"}
    assert LedgerEntry.objects.filter(kind="release").count() == 1
    all_is_whole()


def test_the_first_budget_of_a_region_is_one_row() -> None:
    programme, region = factories.make_programme(), cast.make_region()
    totals = [lambda t=t: set_pool(programme, region, Decimal(t), by=None) for t in (100, 200)]
    assert race(in_turn(totals), each=1) == 8
    pool = BudgetPool.objects.get()
    assert pool.total == pool.budget
    assert pool.total in (100, 200)


def test_rules_are_published_by_one_of_many() -> None:
    programme = factories.make_programme()
    draft = programme.versions.create(number=2, effective_from=programme.opens_on, claim_mode="instant")
    assert race(lambda: publish(draft, by=None), each=1) == 1
    assert programme.versions.filter(published_at__isnull=False).count() == 2
