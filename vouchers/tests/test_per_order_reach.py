"""How far a voucher that brings its quota can grow: the cap, the budget, a frozen account, the last day."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import ledger
from vouchers.models import BudgetPool, LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.resolve import policy_of, snapshot
from vouchers.services import (
    agree_voucher,
    lift_freeze,
    lock_for_use,
    per_order as verbs,
    resubmit_voucher,
    return_for_correction,
    set_freeze,
    void_voucher,
)
from vouchers.services.pools import set_pool

from . import factories, per_order, reviewed
from .per_order import ask, buckets

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-2")]


@pytest.fixture
def programme(carrier: Carrier) -> Programme:
    return per_order.make()


def reach(voucher: Voucher) -> Decimal | None:
    """Read as the verbs read it, from the row itself."""
    return verbs.reach_of(Voucher.objects.get(pk=voucher.pk), calendar.today())


def mended(voucher: Voucher, contract: int) -> Voucher:
    """Returned, and handed in again on a contract of so many yuan."""
    returned = return_for_correction(voucher, by=None, reason="合同金额不符")
    owner = cast.owner_of(voucher.organization)
    return resubmit_voucher(returned, facts=factories.facts(contract), redeemer="enterprise", by=owner)


def freeze(account: QuotaAccount) -> None:
    officer = reviewed.officer(cast.COUNTY, "terminate_voucher")
    set_freeze(account, by=officer, office=None, reason="核查", until=None)


def budget(programme: Programme, total: int) -> BudgetPool:
    pool = set_pool(programme, programme.region, Decimal(total), by=None)
    programme.refresh_from_db()
    return pool


def entries() -> list[tuple[str, Decimal]]:
    return list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount"))


# --- What a voucher can hold at most ----------------------------------------------------------


def test_its_own_hold_counts_as_free_for_it_and_that_of_others_does_not(
    programme: Programme, enterprise: Organization
) -> None:
    first, second = ask(enterprise, programme, 20_000), ask(enterprise, programme, 60_000)
    assert (reach(first), reach(second)) == (70_000, 90_000)


def test_another_enterprise_takes_nothing_of_the_cap(programme: Programme, enterprise: Organization) -> None:
    voucher = ask(enterprise, programme, 20_000)
    ask(cast.enterprise(), programme, 180_000)
    assert reach(voucher) == 100_000


def test_without_a_cap_there_is_no_limit(enterprise: Organization, carrier: Carrier) -> None:
    assert reach(ask(enterprise, per_order.make(cap_year=None), 20_000)) is None


@pytest.mark.parametrize("stop", ["frozen", "over"])
def test_an_account_that_gives_nothing_lets_its_vouchers_keep_what_they_hold(
    programme: Programme, enterprise: Organization, stop: str
) -> None:
    voucher = ask(enterprise, programme, 20_000)
    account = QuotaAccount.objects.get()
    freeze(account) if stop == "frozen" else factories.end_year(account)
    assert reach(voucher) == 10_000


def test_a_claimed_quota_reaches_as_far_as_its_account(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme()
    account = factories.claim(enterprise, programme, 20_000)
    voucher = factories.make_voucher(enterprise, programme, carrier, contract=8_000)
    assert reach(voucher) == 20_000
    freeze(account)
    assert reach(voucher) == 8_000


# --- Mending --------------------------------------------------------------------------------


def test_mending_takes_what_the_cap_leaves_beside_other_vouchers(
    programme: Programme, enterprise: Organization
) -> None:
    ask(enterprise, programme, 120_000)
    voucher = mended(ask(enterprise, programme, 20_000), 200_000)
    assert (voucher.amount, voucher.held) == (40_000, 40_000)
    assert buckets(enterprise) == (100_000, 0, 100_000)
    assert invariants.broken() == {}


def test_mending_beyond_the_budget_is_refused_and_the_first_amount_stays(
    programme: Programme, enterprise: Organization
) -> None:
    pool = budget(programme, 15_000)
    returned = return_for_correction(ask(enterprise, programme, 20_000), by=None, reason="合同金额不符")
    before = entries()
    with pytest.raises(ledger.InsufficientQuota) as refused:
        resubmit_voucher(returned, facts=factories.facts(60_000), redeemer="enterprise", by=cast.owner_of(enterprise))
    assert refused.value.code == "pool_empty"
    kept = Voucher.objects.get()
    pool.refresh_from_db()
    assert (kept.status, kept.amount, kept.held, kept.contract_amount) == ("returned", 10_000, 10_000, 20_000)
    assert (pool.budget, entries()) == (5_000, before)


def test_what_was_granted_in_two_steps_goes_back_whole(programme: Programme, enterprise: Organization) -> None:
    pool = budget(programme, 50_000)
    voucher = mended(ask(enterprise, programme, 20_000), 60_000)
    pool.refresh_from_db()
    assert pool.budget == 20_000
    void_voucher(voucher, by=cast.owner_of(enterprise), reason="不做了")
    pool.refresh_from_db()
    assert pool.budget == 50_000
    assert buckets(enterprise) == (0, 0, 0)
    assert invariants.broken() == {}


def test_a_frozen_account_does_not_let_a_mended_request_grow(programme: Programme, enterprise: Organization) -> None:
    voucher = ask(enterprise, programme, 20_000)
    freeze(QuotaAccount.objects.get())
    voucher = mended(voucher, 60_000)
    assert (voucher.amount, voucher.held) == (10_000, 10_000)
    assert buckets(enterprise) == (10_000, 0, 10_000)


def test_a_budget_that_came_later_gets_nothing_that_it_never_gave(
    programme: Programme, enterprise: Organization
) -> None:
    voucher = ask(enterprise, programme, 20_000)
    pool = budget(programme, 50_000)
    void_voucher(voucher, by=cast.owner_of(enterprise), reason="不做了")
    pool.refresh_from_db()
    assert (pool.total, pool.budget) == (50_000, 50_000)
    assert buckets(enterprise) == (0, 0, 0)


# --- The price that both agree on -------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "amount"), [("12000", "6000"), ("20000", "10000"), ("60000", "30000"), ("900000", "100000")]
)
def test_hold_and_grant_follow_the_agreed_price(
    programme: Programme, enterprise: Organization, agreed: str, amount: str
) -> None:
    voucher = agree_voucher(ask(enterprise, programme, 20_000), contract_amount=Decimal(agreed), by=None)
    assert (voucher.amount, voucher.held, voucher.contract_amount) == (
        Decimal(amount),
        Decimal(amount),
        Decimal(agreed),
    )
    assert buckets(enterprise) == (Decimal(amount), 0, Decimal(amount))
    assert voucher.agreed_at is not None


def test_a_dearer_price_takes_only_what_others_leave(programme: Programme, enterprise: Organization) -> None:
    ask(enterprise, programme, 170_000)
    voucher = agree_voucher(ask(enterprise, programme, 20_000), contract_amount=Decimal(60_000), by=None)
    assert (voucher.amount, buckets(enterprise)) == (15_000, (100_000, 0, 100_000))


def test_at_its_own_price_a_cut_voucher_stays_cut(programme: Programme, enterprise: Organization) -> None:
    other = ask(enterprise, programme, 190_000)
    voucher = ask(enterprise, programme, 20_000)
    assert voucher.amount == 5_000
    void_voucher(other, by=cast.owner_of(enterprise), reason="不做了")
    assert agree_voucher(voucher, contract_amount=Decimal(20_000), by=None).amount == 5_000
    assert buckets(enterprise) == (5_000, 0, 5_000)


# --- Where a new one comes from ---------------------------------------------------------------


def test_one_account_serves_all_vouchers_of_the_year(programme: Programme, enterprise: Organization) -> None:
    accounts = {ask(enterprise, programme, contract).account_id for contract in (8_000, 20_000)}
    assert accounts == {QuotaAccount.objects.get().pk}


def test_without_a_claim_there_is_no_source_where_quota_is_claimed_first(
    enterprise: Organization, carrier: Carrier
) -> None:
    programme = factories.make_programme()
    policy = policy_of(snapshot(programme, enterprise.region))
    with pytest.raises(Refused):
        verbs.locked_source(enterprise, programme, policy, day=calendar.today())
    assert not QuotaAccount.objects.exists()


def test_the_freeze_is_what_refuses_and_its_end_what_allows(programme: Programme, enterprise: Organization) -> None:
    ask(enterprise, programme, 20_000)
    account = QuotaAccount.objects.get()
    freeze(account)
    policy = policy_of(snapshot(programme, enterprise.region))
    with pytest.raises(Refused, match="冻结"):
        verbs.locked_source(enterprise, programme, policy, day=calendar.today())
    lift_freeze(account, by=reviewed.officer(cast.COUNTY, "terminate_voucher"), office=None, reason="核查完毕")
    source = verbs.locked_source(enterprise, programme, policy, day=calendar.today())
    assert (source.account.pk, source.left) == (account.pk, 90_000)


def test_rules_of_a_claim_speak_only_where_the_order_is_the_claim(
    programme: Programme, enterprise: Organization
) -> None:
    claimed = factories.make_programme(kind="claimed")
    said = [
        verbs.answers(enterprise, each, policy_of(snapshot(each, enterprise.region)), day=calendar.today())
        for each in (programme, claimed)
    ]
    assert said[1] == ()
    assert len(said[0]) > 1
    assert all(allowed for allowed, _reason in said[0])


@pytest.mark.parametrize("computed", [True, False])
def test_the_holder_is_locked_only_where_its_account_may_be_new(
    enterprise: Organization, carrier: Carrier, computed: bool
) -> None:
    programme = per_order.make() if computed else factories.make_programme()
    with CaptureQueriesContext(connection) as asked:
        lock_for_use(enterprise, programme)
    locks = [row["sql"] for row in asked.captured_queries if "FOR " in row["sql"] and "UPDATE" in row["sql"]]
    assert any('FROM "accounts_organization"' in sql for sql in locks) is computed
    assert any('FROM "vouchers_quotaaccount"' in sql for sql in locks)


def test_an_order_at_ones_own_cost_locks_nothing(enterprise: Organization) -> None:
    with CaptureQueriesContext(connection) as asked:
        lock_for_use(enterprise, None)
    assert len(asked) == 0
