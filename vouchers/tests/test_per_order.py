"""Quota that comes with each voucher: granted and held at once, within the year's cap, taken back when it ends."""

from decimal import Decimal

import pytest

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import ledger
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.resolve import policy_of
from vouchers.services import (
    freeze_voucher,
    issue_voucher,
    lapse_voucher,
    pay_voucher,
    quota_left,
    reduce_hold,
    refuse_voucher,
    resubmit_voucher,
    return_for_correction,
    set_freeze,
    start_redeeming,
    terminate_voucher,
    unfreeze_voucher,
    void_voucher,
)
from vouchers.services.pools import set_pool

from . import factories, per_order, reviewed
from .per_order import ask, buckets

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-2")]


@pytest.fixture
def programme(carrier: Carrier) -> Programme:
    return per_order.make()


def entries() -> list[tuple[str, str, Decimal]]:
    rows = LedgerEntry.objects.order_by("pk").values_list("kind", "reference", "amount")
    return [(kind, reference.rpartition("/")[2], amount) for kind, reference, amount in rows]


def left(organization: Organization, programme: Programme) -> Decimal | None:
    voucher = Voucher.objects.first()
    assert voucher is not None
    return quota_left(organization, programme, policy_of(voucher.snapshot), day=calendar.today())


def taken_all_but(amount: int, organization: Organization, programme: Programme) -> None:
    """Earlier vouchers have taken the year's cap but for `amount` yuan."""
    ask(organization, programme, 2 * (100_000 - amount))


# --- The request ----------------------------------------------------------------------------


def test_quota_is_granted_and_held_with_the_request_and_nothing_is_left_over(
    programme: Programme, enterprise: Organization
) -> None:
    voucher = ask(enterprise, programme, "9099")
    assert (voucher.status, voucher.amount, voucher.held) == ("requested", Decimal("4549.50"), Decimal("4549.50"))
    assert buckets(enterprise) == (Decimal("4549.50"), 0, Decimal("4549.50"))
    assert entries() == [("grant", "1", Decimal("4549.50")), ("hold", "1", Decimal("4549.50"))]
    assert voucher.valid_until.isoformat() == f"{programme.year}-12-31"
    assert invariants.broken() == {}


@pytest.mark.parametrize(("contract", "amount"), [("4000", "2000"), ("9099", "4549.50"), ("300000", "100000")])
def test_scenario_15_amounts(programme: Programme, enterprise: Organization, contract: str, amount: str) -> None:
    assert ask(enterprise, programme, contract).amount == Decimal(amount)


def test_scenario_15_a_contract_below_the_minimum_is_refused(programme: Programme, enterprise: Organization) -> None:
    with pytest.raises(Refused, match="不到 4,000 元"):
        ask(enterprise, programme, "3999.99")
    assert (Voucher.objects.count(), QuotaAccount.objects.count(), LedgerEntry.objects.count()) == (0, 0, 0)


def test_scenario_15_the_rest_of_the_cap_is_what_a_voucher_can_have(
    programme: Programme, enterprise: Organization
) -> None:
    taken_all_but(2_028, enterprise, programme)
    voucher = ask(enterprise, programme, "9099")
    assert voucher.amount == 2_028
    assert buckets(enterprise) == (100_000, 0, 100_000)
    assert left(enterprise, programme) == 0


def test_nothing_is_given_once_the_cap_is_used_up(programme: Programme, enterprise: Organization) -> None:
    taken_all_but(0, enterprise, programme)
    with pytest.raises(Refused, match="本年度的创新券额度已用完"):
        ask(enterprise, programme, "9099")
    assert Voucher.objects.count() == 1
    assert buckets(enterprise) == (100_000, 0, 100_000)


def test_what_is_in_a_batch_or_spent_counts_too(enterprise: Organization, carrier: Carrier) -> None:
    programme = per_order.make(use_chain="")
    paid, batched = (start_redeeming(ask(enterprise, programme, 60_000), by=None) for _n in range(2))
    for voucher in (paid, batched):
        freeze_voucher(voucher, amount=Decimal(30_000), by=None)
    pay_voucher(paid, amount=Decimal(30_000), by=None)
    assert ask(enterprise, programme, 200_000).amount == 40_000
    account = QuotaAccount.objects.get()
    assert (account.spent, account.in_batch, account.held, account.available) == (30_000, 30_000, 40_000, 0)


def test_kinds_that_share_the_cap_count_together(enterprise: Organization, carrier: Carrier) -> None:
    kinds = [per_order.make(kind=kind) for kind in ("a", "b")]
    Programme.objects.update(shared_cap=True)
    for kind in kinds:
        kind.refresh_from_db()
    assert [ask(enterprise, kind, 120_000).amount for kind in kinds] == [60_000, 40_000]


def test_without_a_review_it_is_confirmed_at_once(enterprise: Organization, carrier: Carrier) -> None:
    assert ask(enterprise, per_order.make(use_chain="")).status == "confirmed"


# --- Who may ask ----------------------------------------------------------------------------


def test_only_the_named_classes_ask(enterprise: Organization, carrier: Carrier) -> None:
    programme = per_order.make(eligible_classes=["certified_list"])
    with pytest.raises(Refused, match="不面向您单位的类型"):
        ask(enterprise, programme)
    assert not QuotaAccount.objects.exists()


def test_whoever_is_not_verified_asks_for_nothing(programme: Programme, enterprise: Organization) -> None:
    enterprise.verified_at = None
    with pytest.raises(Refused, match="先完成实名认证"):
        ask(enterprise, programme)


def test_other_regions_and_closed_schemes_give_nothing(programme: Programme, enterprise: Organization) -> None:
    programme.participating.set([cast.make_region(cast.OTHER_COUNTY)])
    with pytest.raises(Refused, match="没有参加"):
        ask(enterprise, programme)
    programme.participating.clear()
    programme.close()
    programme.save()
    with pytest.raises(Refused, match="不受理"):
        ask(enterprise, programme)


def test_a_frozen_account_gives_nothing_more(programme: Programme, enterprise: Organization) -> None:
    ask(enterprise, programme, 20_000)
    officer = reviewed.officer(cast.COUNTY, "terminate_voucher")
    set_freeze(QuotaAccount.objects.get(), by=officer, office=None, reason="核查", until=None)
    with pytest.raises(Refused, match="额度已冻结"):
        ask(enterprise, programme)
    assert buckets(enterprise) == (10_000, 0, 10_000)


# --- The ends -------------------------------------------------------------------------------


def ended_by_refusal(voucher: Voucher) -> None:
    refuse_voucher(voucher, by=None, reason="不在支持范围")


def ended_by_holder(voucher: Voucher) -> None:
    void_voucher(voucher, by=cast.owner_of(voucher.organization), reason="不做了")


def ended_by_time(voucher: Voucher) -> None:
    lapse_voucher(voucher)


def ended_by_bureau(voucher: Voucher) -> None:
    issued = issue_voucher(voucher, by=None)
    officer = reviewed.officer(cast.COUNTY, "terminate_voucher")
    terminate_voucher(issued, by=officer, office=None, reason="服务没有开展")


@pytest.mark.parametrize("end", [ended_by_refusal, ended_by_holder, ended_by_time, ended_by_bureau])
def test_what_ends_unpaid_goes_back_to_the_budget_and_frees_the_cap(
    programme: Programme, enterprise: Organization, end: object
) -> None:
    pool = set_pool(programme, programme.region, Decimal(50_000), by=None)
    programme.refresh_from_db()
    voucher = ask(enterprise, programme, 80_000)
    pool.refresh_from_db()
    assert pool.budget == 10_000
    end(voucher)  # type: ignore[operator]
    pool.refresh_from_db()
    assert pool.budget == 50_000
    assert buckets(enterprise) == (0, 0, 0)
    assert left(enterprise, programme) == 100_000
    assert [kind for kind, _n, _amount in entries()] == ["grant", "hold", "release", "revoke"]
    assert invariants.broken() == {}


def test_what_ends_after_the_last_day_lapses_and_comes_back_to_nobody(
    programme: Programme, enterprise: Organization
) -> None:
    voucher = ask(enterprise, programme, 80_000)
    factories.end_year(QuotaAccount.objects.get())
    lapse_voucher(voucher)
    account = QuotaAccount.objects.get()
    assert (account.lapsed, account.available, account.granted) == (40_000, 0, 40_000)
    assert "revoke" not in [kind for kind, _n, _amount in entries()]


def test_the_reviewer_lowers_and_the_rest_goes_back(programme: Programme, enterprise: Organization) -> None:
    voucher = issue_voucher(ask(enterprise, programme, 80_000), by=None, amount=Decimal(25_000), reason="核减")
    assert (voucher.status, voucher.amount, voucher.held) == ("confirmed", 25_000, 25_000)
    assert buckets(enterprise) == (25_000, 0, 25_000)


def test_what_the_redemption_does_not_need_goes_back(programme: Programme, enterprise: Organization) -> None:
    voucher = start_redeeming(issue_voucher(ask(enterprise, programme, 80_000), by=None), by=None)
    voucher = reduce_hold(voucher, to=Decimal(30_000), by=None)
    assert buckets(enterprise) == (30_000, 0, 30_000)
    freeze_voucher(voucher, amount=Decimal(30_000), by=None)
    unfreeze_voucher(voucher, amount=Decimal(30_000), by=None)
    assert buckets(enterprise) == (30_000, 0, 30_000)
    assert left(enterprise, programme) == 70_000


@pytest.mark.parametrize(("contract", "amount"), [(20_000, 10_000), (120_000, 60_000), (400_000, 100_000)])
def test_a_mended_request_holds_its_new_amount(
    programme: Programme, enterprise: Organization, contract: int, amount: int
) -> None:
    voucher = return_for_correction(ask(enterprise, programme, 80_000), by=None, reason="合同金额不符")
    owner = cast.owner_of(enterprise)
    voucher = resubmit_voucher(voucher, facts=factories.facts(contract), redeemer="enterprise", by=owner)
    assert (voucher.amount, voucher.held) == (amount, amount)
    assert buckets(enterprise) == (amount, 0, amount)
    assert invariants.broken() == {}


# --- The budget -----------------------------------------------------------------------------


def test_an_empty_budget_refuses_and_leaves_nothing_behind(programme: Programme, enterprise: Organization) -> None:
    pool = set_pool(programme, programme.region, Decimal(4_000), by=None)
    programme.refresh_from_db()
    with pytest.raises(ledger.InsufficientQuota) as refused:
        ask(enterprise, programme, "9099")
    assert refused.value.code == "pool_empty"
    pool.refresh_from_db()
    assert pool.budget == 4_000
    assert (Voucher.objects.count(), QuotaAccount.objects.count(), LedgerEntry.objects.count()) == (0, 0, 0)


def test_quota_that_was_claimed_before_is_not_touched(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme()
    factories.claim(enterprise, programme, 20_000)
    voucher = factories.make_voucher(enterprise, programme, carrier, contract=8_000)
    void_voucher(voucher, by=cast.owner_of(enterprise), reason="不做了")
    assert buckets(enterprise) == (20_000, 20_000, 0)
    assert [kind for kind, _n, _amount in entries()] == ["grant", "hold", "release"]


def test_a_scheme_without_a_cap_gives_what_the_contract_is_worth(enterprise: Organization, carrier: Carrier) -> None:
    programme = per_order.make(cap_year=None)
    assert ask(enterprise, programme, 600_000).amount == 300_000
    assert left(enterprise, programme) is None
