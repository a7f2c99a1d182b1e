"""Claiming at once: who may, how much, and that a refusal changes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from vouchers import ledger
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services import ClaimRefused, balance, claim_instantly, standing
from vouchers.services.publishing import close_programme

from . import factories

pytestmark = pytest.mark.feature("ZJ-5")

Capture = Any


def nothing_changed() -> bool:
    return not (Claim.objects.exists() or QuotaAccount.objects.exists() or LedgerEntry.objects.exists())


@pytest.mark.core_sqlite
def test_a_claim_is_granted_at_once(enterprise: Organization, owner: User, programme: Programme) -> None:
    claim = claim_instantly(enterprise, programme, amount=Decimal(20_000), by=owner)
    account = QuotaAccount.objects.get()
    assert claim.status == "approved"
    assert (claim.asked, claim.granted, claim.region) == (20_000, 20_000, enterprise.bureau)
    assert (account.granted, account.available, account.valid_until.isoformat()[5:]) == (20_000, 20_000, "12-31")
    assert account.redeem_until == date(account.valid_until.year + 1, 3, 15)
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.reference, entry.amount) == ("grant", f"{claim.number}/1", 20_000)
    row = AuditRow.objects.get(verb="claim.granted_instantly")
    assert (row.actor_id, row.policy_digest) == (owner.pk, claim.snapshot.digest if claim.snapshot else "")
    assert "20,000.00" in Message.objects.get(user=owner).title


@pytest.mark.core_sqlite
def test_scenario_8_with_three_caps(enterprise: Organization, owner: User, programme: Programme) -> None:
    """Scenario 8: 20,000 twice, 20,000 refused, 10,000 taken; 30,000 used, 20,000 claimable; stop at 100,000."""
    factories.add_override(
        programme, enterprise.region, cap_claim=Decimal(20_000), cap_holding=Decimal(50_000), cap_year=Decimal(100_000)
    )

    def claim(amount: int) -> Claim:
        return claim_instantly(enterprise, programme, amount=Decimal(amount), by=owner)

    claim(20_000)
    claim(20_000)
    with pytest.raises(ClaimRefused) as refused:
        claim(20_000)
    assert refused.value.problem.largest == 10_000
    claim(10_000)
    account = QuotaAccount.objects.get()
    ledger.hold(account, Decimal(30_000), reference="T/1", by=None)
    assert standing(enterprise, programme).claimable().claimable == 20_000
    claim(20_000)
    ledger.hold(account, Decimal(40_000), reference="T/2", by=None)
    claim(20_000)
    claim(10_000)
    ledger.hold(account, Decimal(30_000), reference="T/3", by=None)
    with pytest.raises(ClaimRefused) as refused:
        claim(1)
    assert refused.value.problem.limit == "cap_year"
    account.refresh_from_db()
    assert (account.granted, account.available, account.held) == (100_000, 0, 100_000)


@pytest.mark.parametrize(("amount", "granted"), [(200_000, True), (200_001, False)])
def test_scenario_8_with_only_a_yearly_cap(
    enterprise: Organization, owner: User, programme: Programme, amount: int, granted: bool
) -> None:
    """Scenario 8: one claim of 200,000, but not of 200,001."""
    if granted:
        assert claim_instantly(enterprise, programme, amount=Decimal(amount), by=owner).granted == amount
        return
    with pytest.raises(ClaimRefused, match="申领金额最多 200,000 元"):
        claim_instantly(enterprise, programme, amount=Decimal(amount), by=owner)
    assert nothing_changed()


def test_caps_of_one_county_are_not_those_of_another(programme: Programme) -> None:
    strict = cast.make_organization(region_code=cast.OTHER_COUNTY)
    free = cast.make_organization()
    factories.add_override(programme, strict.region, cap_year=Decimal(1_000))
    with pytest.raises(ClaimRefused):
        claim_instantly(strict, programme, amount=Decimal(1_001), by=cast.owner_of(strict))
    assert claim_instantly(free, programme, amount=Decimal(1_001), by=cast.owner_of(free)).granted == 1_001


def test_who_is_not_verified_cannot_claim(programme: Programme) -> None:
    organization = cast.make_organization(verified=False)
    with pytest.raises(Refused, match="先完成实名认证"):
        claim_instantly(organization, programme, amount=Decimal(1), by=cast.owner_of(organization))
    assert nothing_changed()


def test_a_region_that_takes_no_part_cannot_claim(enterprise: Organization, owner: User, programme: Programme) -> None:
    programme.participating.add(cast.make_region(cast.OTHER_COUNTY))
    with pytest.raises(Refused, match="没有参加"):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    assert nothing_changed()
    programme.participating.add(cast.make_region("330100"))
    assert claim_instantly(enterprise, programme, amount=Decimal(1), by=owner).granted == 1


def test_another_province_cannot_claim(programme: Programme) -> None:
    stranger = cast.make_organization(region_code="320102")
    with pytest.raises(Refused, match="没有参加"):
        claim_instantly(stranger, programme, amount=Decimal(1), by=cast.owner_of(stranger))
    assert nothing_changed()


def test_a_closed_programme_takes_no_claims(enterprise: Organization, owner: User, programme: Programme) -> None:
    close_programme(programme, by=None)
    with pytest.raises(Refused, match="现在不受理申领"):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    assert nothing_changed()


def test_before_the_first_day_nobody_claims(enterprise: Organization, owner: User, programme: Programme) -> None:
    Programme.objects.update(opens_on=calendar.today() + timedelta(days=1))
    with pytest.raises(Refused, match="申领时间为"):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    assert nothing_changed()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"claim_mode": "reviewed", "claim_chain": "any"}, "需经审核"),
        ({"claim_channel": "link"}, "在其他平台申领"),
        ({"eligible_classes": ["listed"]}, "不面向您单位的类型"),
        ({"revenue_max": Decimal(100)}, "填写上年度营业收入"),
    ],
)
def test_rules_of_the_scheme_stop_a_claim(
    enterprise: Organization, owner: User, parameters: dict[str, Any], words: str
) -> None:
    programme = factories.make_programme(**parameters)
    with pytest.raises(Refused, match=words):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    assert nothing_changed()


def test_a_revenue_within_the_limit_is_read_from_the_answers(enterprise: Organization, owner: User) -> None:
    programme = factories.make_programme(revenue_max=Decimal(100))
    with pytest.raises(Refused, match="不超过 100 元"):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner, answers={"revenue": "100.01"})
    claim = claim_instantly(enterprise, programme, amount=Decimal(1), by=owner, answers={"revenue": "100"})
    assert claim.answers == {"revenue": "100"}


@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_only_owner_and_handler_claim(enterprise: Organization, programme: Programme, role: str) -> None:
    reader = cast.make_member(enterprise, role=role)
    with pytest.raises(NotAllowed):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=reader)
    with pytest.raises(NotAllowed):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=cast.make_user())
    assert nothing_changed()


def test_an_entrepreneur_claims_like_an_enterprise(programme: Programme) -> None:
    person = cast.entrepreneur()
    assert claim_instantly(person, programme, amount=Decimal(5), by=cast.owner_of(person)).granted == 5


@pytest.mark.feature("X-3")
def test_the_budget_of_the_county_is_first_come_first_served(
    enterprise: Organization, owner: User, programme: Programme
) -> None:
    pool = BudgetPool.objects.create(
        programme=programme, region=enterprise.region, total=Decimal(30_000), budget=Decimal(30_000)
    )
    claim_instantly(enterprise, programme, amount=Decimal(20_000), by=owner)
    with pytest.raises(ClaimRefused) as refused:
        claim_instantly(enterprise, programme, amount=Decimal(10_001), by=owner)
    assert (refused.value.problem.limit, refused.value.problem.largest) == ("pool", 10_000)
    pool.refresh_from_db()
    assert pool.budget == 10_000


def test_a_frozen_account_gets_nothing(enterprise: Organization, owner: User, programme: Programme) -> None:
    account = factories.claim(enterprise, programme, 10)
    QuotaAccount.objects.update(frozen_reason="核查中")
    with pytest.raises(Refused, match="额度已冻结：核查中"):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    account.refresh_from_db()
    assert account.granted == 10


def test_quota_that_is_valid_for_days_opens_an_account_per_day(enterprise: Organization, owner: User) -> None:
    programme = factories.make_programme(valid_days=90, cap_year=Decimal(100))
    account = factories.claim(enterprise, programme, 40)
    assert account.valid_until == calendar.today() + timedelta(days=90)
    # As if it had been claimed yesterday.
    QuotaAccount.objects.update(valid_until=account.valid_until - timedelta(days=1))
    factories.claim(enterprise, programme, 40)
    assert QuotaAccount.objects.count() == 2
    with pytest.raises(ClaimRefused) as refused:
        claim_instantly(enterprise, programme, amount=Decimal(21), by=owner)
    assert refused.value.problem.largest == 20
    assert balance(enterprise, programme).available == 80


def test_kinds_of_a_family_may_share_the_cap(enterprise: Organization, owner: User) -> None:
    one = factories.make_programme(kind="a", cap_year=Decimal(100))
    other = factories.make_programme(kind="b", cap_year=Decimal(100))
    Programme.objects.update(shared_cap=True)
    factories.claim(enterprise, one, 70)
    with pytest.raises(ClaimRefused) as refused:
        claim_instantly(enterprise, other, amount=Decimal(31), by=owner)
    assert refused.value.problem.largest == 30


def test_last_years_quota_is_not_available(enterprise: Organization, programme: Programme) -> None:
    account = factories.claim(enterprise, programme, 100)
    factories.end_year(account)
    found = balance(enterprise, programme)
    assert (found.available, found.lapsed, found.valid_until) == (0, 100, None)


def test_a_claim_takes_at_most_twelve_queries(
    enterprise: Organization, owner: User, programme: Programme, django_capture_on_commit_callbacks: Capture
) -> None:
    BudgetPool.objects.create(
        programme=programme, region=enterprise.region, total=Decimal(1_000), budget=Decimal(1_000)
    )
    with django_capture_on_commit_callbacks(execute=True):
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    with CaptureQueriesContext(connection) as seen:
        claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    asked = [q["sql"] for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 12, "\n".join(asked)


def test_a_claim_is_recorded_with_its_time(enterprise: Organization, owner: User, programme: Programme) -> None:
    before = timezone.now()
    claim = claim_instantly(enterprise, programme, amount=Decimal(1), by=owner)
    assert claim.submitted_at == claim.decided_at
    assert claim.decided_at is not None
    assert before <= claim.decided_at <= timezone.now()
