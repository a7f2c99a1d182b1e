"""What the enterprise reads in January: where last year's quota went, and why a voucher is over."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, sweeps
from vouchers.models import Programme, QuotaAccount, Voucher

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2027, 1, 1, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with calendar.acting_at(datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def year(december: None, db: None) -> Programme:
    return factories.make_programme(year=2026)


@pytest.fixture
def client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def page(client: Client, name: str, *args: str) -> str:
    with calendar.acting_at(FIRST):
        response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def clock() -> None:
    for name in ("vouchers.lapse", "quota.lapse"):
        sweeps.run(name, at=FIRST)


def test_the_table_of_earlier_years_says_where_all_of_it_went(
    client: Client, year: Programme, enterprise: Organization
) -> None:
    factories.make_voucher(enterprise, year, state="confirmed", quota=20_000)
    clock()
    text = page(client, "ent-quota")
    account = QuotaAccount.objects.get()
    row = text[text.index("往年额度") :]
    assert account.number in row
    for figure in ("20,000.00", "14,000.00", "6,000.00"):
        assert figure in row
    assert (account.occupied, account.lapsed) == (14_000, 6_000)


def test_the_ledger_names_the_end_of_the_year(client: Client, year: Programme, enterprise: Organization) -> None:
    account = factories.claim(enterprise, year, 5_000)
    clock()
    text = page(client, "ent-ledger", account.number)
    assert "到期失效" in text
    assert "系统" in text


def test_a_lapsed_voucher_says_why_on_its_card_and_on_its_page(
    client: Client, year: Programme, enterprise: Organization
) -> None:
    voucher = factories.make_voucher(enterprise, year)
    clock()
    for text in (page(client, "ent-vouchers"), page(client, "ent-voucher", voucher.code)):
        assert "服务机构没有在 2026-12-31 前确认" in text
        assert "已失效" in text


def test_a_voucher_that_was_issued_late_names_the_last_day_of_its_carrier(
    client: Client, year: Programme, enterprise: Organization
) -> None:
    voucher = factories.make_voucher(enterprise, year)
    Voucher.objects.filter(pk=voucher.pk).update(confirm_until="2027-01-12")
    clock()
    assert "服务机构须在 2027-01-12 前确认" in page(client, "ent-vouchers")
    facts = page(client, "ent-voucher", voucher.code)
    assert "2027-01-12" in facts[facts.index("机构确认截止") :]
    voucher.refresh_from_db()
    assert voucher.status == "issued"
