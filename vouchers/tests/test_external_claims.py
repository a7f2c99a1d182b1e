"""What another platform granted becomes quota here: once, within the caps, with ledger and pool."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import NameHistory, Organization
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services import revoke_claim, set_freeze
from vouchers.services.pools import set_pool

from . import factories, reviewed
from .external import bring, importer, make_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]


@pytest.fixture
def scheme() -> Programme:
    return make_elsewhere()


def test_a_grant_is_imported_and_approved_with_account_and_ledger(scheme: Programme, enterprise: Organization) -> None:
    claim, new = bring(scheme, enterprise)
    assert new
    assert (claim.status, claim.asked, claim.granted) == ("approved", 20_000, 20_000)
    assert (claim.external_number, claim.external_on) == ("SH-2026-0001", calendar.today())
    account = QuotaAccount.objects.get()
    assert (account, account.available, account.granted) == (claim.account, 20_000, 20_000)
    assert [entry.reference for entry in LedgerEntry.objects.all()] == [f"{claim.number}/1"]
    assert invariants.broken() == {}


@pytest.mark.feature("YRD-4")
def test_the_account_has_a_number_of_the_schemes_pattern(scheme: Programme, enterprise: Organization) -> None:
    claim, _new = bring(scheme, enterprise)
    assert claim.account is not None
    assert claim.account.number.startswith(f"{scheme.year}Q")
    assert len(claim.account.number) == 17


def test_the_same_again_answers_the_same_and_changes_nothing(scheme: Programme, enterprise: Organization) -> None:
    first, _new = bring(scheme, enterprise)
    before = reviewed.money()
    again, new = bring(scheme, enterprise)
    assert (again, new) == (first, False)
    assert reviewed.money() == before


@pytest.mark.parametrize("change", [{"amount": Decimal(20_001)}, {"approved_on": date(2020, 1, 1)}])
def test_the_same_number_with_other_facts_is_refused(
    scheme: Programme, enterprise: Organization, change: dict[str, Any]
) -> None:
    bring(scheme, enterprise)
    before = reviewed.money()
    with pytest.raises(Refused, match="SH-2026-0001 已导入为 20,000 元"):
        bring(scheme, enterprise, **change)
    assert reviewed.money() == before


def test_the_number_of_somebody_elses_grant_is_refused(scheme: Programme, enterprise: Organization) -> None:
    bring(scheme, enterprise)
    other = cast.make_organization()
    with pytest.raises(Refused, match="内容与这次不同"):
        bring(scheme, other)
    assert not Claim.objects.filter(organization=other).exists()


def test_each_programme_has_numbers_of_its_own(scheme: Programme, enterprise: Organization) -> None:
    other = factories.make_programme(kind="b", claim_mode="external")
    assert bring(scheme, enterprise)[1]
    assert bring(other, enterprise)[1]
    assert Claim.objects.filter(external_number="SH-2026-0001").count() == 2


def test_a_second_grant_adds_to_the_same_account_up_to_the_cap(scheme: Programme, enterprise: Organization) -> None:
    bring(scheme, enterprise)
    bring(scheme, enterprise, external_number="SH-2", amount=Decimal(30_000))
    assert QuotaAccount.objects.get().available == 50_000
    before = reviewed.money()
    with pytest.raises(Refused, match="年度上限 50,000，已申领 50,000"):
        bring(scheme, enterprise, external_number="SH-3", amount=Decimal("0.01"))
    assert reviewed.money() == before


def test_an_amount_over_the_cap_is_refused_with_the_largest(scheme: Programme, enterprise: Organization) -> None:
    with pytest.raises(Refused, match="最多 50,000 元"):
        bring(scheme, enterprise, amount=Decimal("50000.01"))
    assert not QuotaAccount.objects.exists()


def test_it_is_taken_from_the_regions_budget(scheme: Programme, enterprise: Organization) -> None:
    set_pool(scheme, enterprise.region, Decimal(25_000), by=None)
    bring(scheme, enterprise)
    assert BudgetPool.objects.get().budget == 5_000
    before = reviewed.money()
    with pytest.raises(Refused):
        bring(scheme, enterprise, external_number="SH-2", amount=Decimal("5000.01"))
    assert reviewed.money() == before
    assert BudgetPool.objects.get().budget == 5_000


def test_who_is_not_registered_here_is_told_to_register(scheme: Programme, enterprise: Organization) -> None:
    nobody = cast.credit_code(777)
    with pytest.raises(Refused, match=f"没有统一社会信用代码为 {nobody} 的单位"):
        bring(scheme, enterprise, credit_code=nobody)


def test_an_organization_of_another_region_is_as_unknown_as_nobody(scheme: Programme, enterprise: Organization) -> None:
    away = cast.make_organization(region_code=cast.OTHER_COUNTY)
    with pytest.raises(Refused, match="没有统一社会信用代码为"):
        bring(scheme, enterprise, credit_code=away.credit_code)
    assert not Claim.objects.exists()


def test_who_is_not_verified_gets_nothing_yet(scheme: Programme) -> None:
    with pytest.raises(Refused, match="先完成实名认证"):
        bring(scheme, cast.make_organization(verified=False))
    assert not QuotaAccount.objects.exists()


@pytest.mark.feature("YRD-1")
def test_only_participating_regions_get_quota(scheme: Programme, enterprise: Organization) -> None:
    scheme.participating.set([cast.make_region(cast.OTHER_COUNTY)])
    with pytest.raises(Refused, match="没有参加"):
        bring(scheme, enterprise)
    assert not Claim.objects.exists()


def test_where_claims_are_made_here_nothing_is_imported(enterprise: Organization) -> None:
    here = factories.make_programme(kind="here")
    with pytest.raises(Refused, match="由本平台受理申领"):
        bring(here, enterprise)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("days", [1, -800])
def test_the_day_lies_between_the_opening_and_today(scheme: Programme, enterprise: Organization, days: int) -> None:
    with pytest.raises(Refused, match="核定日期须在"):
        bring(scheme, enterprise, approved_on=calendar.today() + timedelta(days=days))
    assert not Claim.objects.exists()


def test_a_frozen_account_gets_no_more(scheme: Programme, enterprise: Organization) -> None:
    claim, _new = bring(scheme, enterprise)
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    assert claim.account is not None
    set_freeze(claim.account, by=officer, office=None, reason="核查中", until=None)
    with pytest.raises(Refused, match="额度已冻结：核查中"):
        bring(scheme, enterprise, external_number="SH-2")
    assert QuotaAccount.objects.get().available == 20_000


def test_a_name_that_is_given_must_be_the_organizations(scheme: Programme, enterprise: Organization) -> None:
    with pytest.raises(Refused, match="单位名称与本平台登记的不一致"):
        bring(scheme, enterprise, name="另一家有限公司")
    assert bring(scheme, enterprise, name=enterprise.name)[1]


def test_a_former_name_will_do(scheme: Programme, enterprise: Organization) -> None:
    NameHistory.objects.create(organization=enterprise, name="旧名有限公司", until=timezone.now())
    assert bring(scheme, enterprise, name="旧名有限公司")[1]


def test_who_and_whence_are_recorded_and_the_people_are_told(scheme: Programme, enterprise: Organization) -> None:
    officer = importer()
    claim, _new = bring(scheme, enterprise, by=officer)
    rows = AuditRow.objects.filter(verb__in=["claim.imported", "claim.external_approved"]).order_by("id")
    assert [(row.verb, row.actor_id) for row in rows] == [
        ("claim.imported", officer.pk),
        ("claim.external_approved", officer.pk),
    ]
    assert rows[0].after["source"] == "测试"
    assert Message.objects.get(user=cast.owner_of(enterprise)).title == "额度 20,000.00 元已到账"
    assert claim.number in Message.objects.get().link


def test_people_without_the_right_import_nothing(scheme: Programme, enterprise: Organization) -> None:
    stranger = cast.make_officer(cast.OTHER_COUNTY, "review_claim")
    with pytest.raises(NotAllowed, match="其他平台的申领结果由"):
        bring(scheme, enterprise, by=stranger)
    assert not Claim.objects.exists()


def test_the_bureau_takes_back_what_is_not_used(scheme: Programme, enterprise: Organization) -> None:
    claim, _new = bring(scheme, enterprise)
    revoked = revoke_claim(claim, by=reviewed.officer(), office=None, reason="其他平台已撤销")
    assert revoked.status == "revoked"
    assert QuotaAccount.objects.get().available == 0
    assert invariants.broken() == {}
