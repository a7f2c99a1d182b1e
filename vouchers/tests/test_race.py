"""Many at once: first that the race happens without the guard, then that the guard is exact."""

import threading
from collections.abc import Callable
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection, connections

from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import invariants, ledger
from vouchers.models import BudgetPool, Claim, LedgerEntry, QuotaAccount, Voucher
from vouchers.resolve import snapshot
from vouchers.services import claim_instantly, confirm_voucher, request_voucher, void_voucher

from . import factories

pytestmark = [pytest.mark.feature("X-4"), pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT_ONCE, EACH = 8, 5


def race(act: Callable[[], object], *, at_once: int = AT_ONCE, each: int = EACH) -> int:
    """Run the act in many threads that start together; how often it was not refused."""
    start = threading.Barrier(at_once)
    done: list[object] = []
    broken: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            for _n in range(each):
                try:
                    done.append(act())
                except Refused:
                    continue
        except BaseException as error:  # noqa: BLE001  shown by the test
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return len(done)


def all_is_whole() -> None:
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


@pytest.fixture
def account() -> QuotaAccount:
    """100 yuan in available."""
    enterprise = cast.enterprise()
    return factories.claim(enterprise, factories.make_programme(), 100)


def test_read_check_write_spends_more_than_there_is(account: QuotaAccount) -> None:
    """The control: what the ledger would do if it read first and wrote the sum afterwards."""
    numbers = count(1)
    meet = threading.Barrier(AT_ONCE)

    def naive() -> None:
        available = QuotaAccount.objects.get(pk=account.pk).available
        meet.wait()
        if available < 20:
            raise Refused("used up")
        LedgerEntry.objects.create(
            account=account,
            kind="hold",
            source="available",
            target="held",
            amount=Decimal(20),
            reference=f"N/{next(numbers)}",
            at=account.programme.versions.get().published_at,
        )
        QuotaAccount.objects.filter(pk=account.pk).update(available=available - 20, held=100 - available + 20)

    assert race(naive, each=2) * 20 > 100
    assert list(invariants.buckets_add_up()) != []


def test_holds_stop_at_exactly_what_is_available(account: QuotaAccount) -> None:
    numbers = count(1)
    done = race(lambda: ledger.hold(account, Decimal(20), reference=f"H/{next(numbers)}", by=None))
    account.refresh_from_db()
    assert done == 5
    assert (account.available, account.held) == (0, 100)
    assert list(invariants.buckets_add_up()) == []


def test_one_reference_moves_once_however_often_it_is_sent(account: QuotaAccount) -> None:
    race(lambda: ledger.hold(account, Decimal(20), reference="H/1", by=None))
    account.refresh_from_db()
    assert (account.available, account.held) == (80, 20)


def test_claims_stop_at_exactly_the_cap() -> None:
    enterprise = cast.enterprise()
    owner = cast.owner_of(enterprise)
    programme = factories.make_programme(cap_year=Decimal(100))
    done = race(lambda: claim_instantly(enterprise, programme, amount=Decimal(10), by=owner))
    account = QuotaAccount.objects.get()
    assert done == Claim.objects.filter(status="approved").count() == 10
    assert account.granted == 100
    all_is_whole()


def test_a_budget_is_given_out_exactly_once() -> None:
    programme = factories.make_programme()
    people = [cast.make_organization() for _n in range(AT_ONCE)]
    BudgetPool.objects.create(programme=programme, region=people[0].region, total=Decimal(100), budget=Decimal(100))
    waiting = iter([(organization, cast.owner_of(organization)) for organization in people])
    lock = threading.Lock()
    mine = threading.local()

    def claim() -> object:
        if not hasattr(mine, "one"):
            with lock:
                mine.one = next(waiting)
        organization, owner = mine.one
        return claim_instantly(organization, programme, amount=Decimal(7), by=owner)

    assert race(claim) == 14
    assert BudgetPool.objects.get().budget == 2
    all_is_whole()


def test_vouchers_never_bind_more_than_the_quota() -> None:
    enterprise = cast.enterprise()
    owner = cast.owner_of(enterprise)
    programme = factories.make_programme()
    carrier = factories.make_carrier()
    factories.claim(enterprise, programme, 100)
    row = snapshot(programme, enterprise.region)

    def use() -> Voucher:
        return request_voucher(
            organization=enterprise,
            carrier=carrier,
            programme=programme,
            snapshot=row,
            region=enterprise.bureau,
            facts=factories.facts(30),
            redeemer="enterprise",
            by=owner,
        )

    race(use, each=2)
    # Three in full, the fourth cut to the last ten yuan.
    assert sorted(v.amount for v in Voucher.objects.all()) == [10, 30, 30, 30]
    all_is_whole()


def test_void_and_confirm_have_one_winner() -> None:
    voucher = factories.make_voucher()
    owner = cast.owner_of(voucher.organization)
    acts = iter([lambda: confirm_voucher(voucher, by=owner), lambda: void_voucher(voucher, by=owner, reason="错")] * 4)
    lock = threading.Lock()

    def next_act() -> object:
        with lock:
            act = next(acts)
        return act()

    assert race(next_act, each=1) == 1
    voucher.refresh_from_db()
    assert voucher.status in {"confirmed", "voided"}
    assert voucher.held == (voucher.amount if voucher.status == "confirmed" else 0)
    all_is_whole()


def test_these_tests_run_where_locks_are_real() -> None:
    assert connection.vendor == "postgresql"
