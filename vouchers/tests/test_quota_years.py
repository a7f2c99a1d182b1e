"""Quota by year: each claim with its result, what it brought, what is left, and what can be done with it."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.casework import calendar
from innovation_voucher.lib.workdays import SHANGHAI
from innovation_voucher.tests import cast
from vouchers import ledger
from vouchers.models import Claim, Programme, QuotaAccount
from vouchers.quota_years import claims_of, row_of
from vouchers.services import withdraw_claim

from . import stamped as js
from .pages import client_of, text
from .reviewed import decide

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-8")]


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return js.load(), js.firm()


@pytest.fixture
def firm(world: tuple[Programme, Organization]) -> Organization:
    return world[1]


@pytest.fixture
def client(firm: Organization) -> Client:
    return client_of(cast.owner_of(firm))


@pytest.fixture
def granted(scheme: Programme, firm: Organization) -> Claim:
    """100,000 granted, of which 2,028 are held for a voucher."""
    js.enlist(firm)
    claim = js.stamped(js.to_stamp(firm, scheme, "listed_sme"))
    account = QuotaAccount.objects.get(claims=claim)
    ledger.hold(account, Decimal(2_028), reference="TEST/1", by=None)
    return Claim.objects.select_related("account", "programme", "snapshot").get(pk=claim.pk)


def labels(claim: Claim) -> list[str]:
    fresh = Claim.objects.select_related("account", "programme", "snapshot").get(pk=claim.pk)
    return [str(label) for label, _url in row_of(fresh, calendar.today()).actions]


def test_total_and_what_is_left(granted: Claim) -> None:
    row = row_of(granted, calendar.today())
    assert (row.total, row.left, row.over) == (Decimal(100_000), Decimal(97_972), False)
    assert row.until is not None
    assert (row.until.month, row.until.day) == (12, 31)


def test_in_january_the_row_stays_and_nothing_is_usable(client: Client, granted: Claim, scheme: Programme) -> None:
    """Scenario 3, its end."""
    january = datetime(scheme.year + 1, 1, 1, 8, tzinfo=SHANGHAI)
    with calendar.acting_at(january):
        row = row_of(granted, calendar.today())
        page = text(client.get(reverse("quota-years")))
    assert (row.total, row.left, row.over) == (Decimal(100_000), Decimal(0), True)
    assert "去使用" not in [str(label) for label, _url in row.actions]
    assert f"{scheme.year} 江苏省科技创新券" in page
    assert "100,000.00" in page
    assert "已到期" in page


def test_the_page_shows_result_amounts_and_acts(client: Client, granted: Claim) -> None:
    """Scenario 3: the list shows total 100,000 and remaining 97,972."""
    page = text(client.get(reverse("quota-years")))
    for words in (
        "已到账",
        "100,000.00",
        "97,972.00",
        f"{granted.programme.year}-12-31",
        "查看详情",
        "审核记录",
        "去使用",
    ):
        assert words in page


def test_what_can_be_done_follows_the_state(scheme: Programme, firm: Organization) -> None:
    waiting = js.to_stamp(firm, scheme, "talent")
    assert labels(waiting) == ["查看详情", "下载申领表", "上传申领表", "审核记录"]
    submitted = js.stamped(waiting)
    assert labels(submitted) == ["查看详情", "下载申领表", "审核记录"]
    approved = decide(submitted, js.bureau(), "approve")
    assert labels(approved) == ["查看详情", "下载申领表", "审核记录", "去使用"]


def test_what_was_refused_brought_nothing(scheme: Programme, firm: Organization) -> None:
    claim = js.stamped(js.to_stamp(firm, scheme, "talent"))
    decide(claim, js.bureau(), "reject", reason="证明不足")
    row = row_of(claims_of(firm).get(), calendar.today())
    assert (row.total, row.left, row.until, row.claim.status) == (Decimal(0), Decimal(0), None, "rejected")


def test_drafts_are_no_row_and_others_claims_neither(scheme: Programme, firm: Organization) -> None:
    js.drafted(firm, scheme, "talent")
    js.to_stamp(js.firm(), scheme, "talent")
    assert not claims_of(firm).exists()


def test_the_newest_year_comes_first(scheme: Programme, firm: Organization) -> None:
    first = withdraw_claim(js.to_stamp(firm, scheme, "talent"), by=cast.owner_of(firm))
    second = js.to_stamp(firm, scheme, "talent")
    assert [claim.number for claim in claims_of(firm)] == [second.number, first.number]


def test_without_a_claim_the_page_leads_to_one(client: Client, scheme: Programme) -> None:
    page = text(client.get(reverse("quota-years")))
    assert "还没有提交过申领" in page


def test_the_quota_page_leads_to_the_years(client: Client, granted: Claim) -> None:
    assert reverse("quota-years") in client.get(reverse("ent-quota")).content.decode()


@pytest.mark.feature("JS-6")
def test_the_bureau_sees_who_left_the_list_after_the_grant(granted: Claim, firm: Organization) -> None:
    officer = js.bureau()
    claim = js.stamped(js.to_stamp(js.firm(), granted.programme, "talent"))
    desk = client_of(officer)
    assert "已从" not in text(desk.get(reverse("desk-claim-revoke", args=[granted.number])))
    js.enlist(js.firm(), mode="replace")
    assert "已从“科小名单" in text(desk.get(reverse("desk-claim-revoke", args=[granted.number])))
    assert "已从" not in text(desk.get(reverse("desk-case", args=["claim", claim.number])))
    overview = desk.get(reverse("desk-vouchers"))
    assert firm.name in text(overview)
    assert reverse("desk-claim-revoke", args=[granted.number]) in overview.content.decode()
    assert firm.name not in text(client_of(js.bureau(js.NORTH)).get(reverse("desk-vouchers")))
