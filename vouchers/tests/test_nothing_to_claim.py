"""Where nothing is left to claim the pages say why and what to do instead of showing a button."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from vouchers.models import BudgetPool, Claim, Programme

from . import factories
from .pages import client_of, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-5")]

HOLDING = {"cap_holding": Decimal(50_000), "cap_year": Decimal(100_000)}


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def has_button(response: Any) -> bool:
    return 'class="govuk-button" href="/ent/quota/claim/' in response.content.decode()


def test_who_has_claimed_the_year_reads_it_and_is_sent_to_the_services(
    client: Client, enterprise: Organization
) -> None:
    programme = factories.make_programme(cap_year=Decimal(100_000))
    assert has_button(client.get("/ent/quota/"))
    factories.claim(enterprise, programme, 100_000)
    for address in ("/ent/quota/", "/ent/"):
        page = client.get(address)
        assert "现在不能再申领（年度上限 100,000，已申领 100,000）。下一年度开放申领后再申领。" in text(page)
        assert "用现有额度预约服务" in text(page)
        assert not has_button(page)


def test_the_page_of_the_claim_says_the_same_and_has_no_form(client: Client, enterprise: Organization) -> None:
    factories.claim(enterprise, factories.make_programme(cap_year=Decimal(100_000)), 100_000)
    page = client.get("/ent/quota/claim/")
    assert "下一年度开放申领后再申领" in text(page)
    assert "预约服务" in text(page)
    assert 'name="amount"' not in page.content.decode()
    assert post(client, "ent-claim-new", amount="1", agree="on").status_code == 422
    assert Claim.objects.count() == 1


def test_who_holds_all_that_may_be_held_uses_some_and_claims_again(client: Client, enterprise: Organization) -> None:
    programme = factories.make_programme(**HOLDING)
    factories.claim(enterprise, programme, 50_000)
    page = client.get("/ent/quota/")
    assert "现在不能再申领（最多持有 50,000，现持有 50,000）。用掉一部分额度后再申领。" in text(page)
    assert not has_button(page)
    factories.make_voucher(enterprise, programme, contract=1_000)
    page = client.get("/ent/quota/")
    assert has_button(page)
    assert "现在不能再申领" not in text(page)


def test_nobody_is_sent_to_the_services_without_quota(client: Client, enterprise: Organization) -> None:
    programme = factories.make_programme(cap_year=Decimal(8_000))
    factories.make_voucher(enterprise, programme, contract=8_000, quota=8_000)
    page = client.get("/ent/quota/")
    assert "年度上限 8,000，已申领 8,000" in text(page)
    assert "用现有额度预约服务" not in text(page)


def test_an_empty_budget_keeps_the_button_and_says_that_there_is_a_line(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    BudgetPool.objects.create(programme=programme, region=enterprise.region, total=Decimal(300), budget=Decimal(300))
    assert "进入等候" not in text(client.get("/ent/quota/"))
    factories.claim(enterprise, programme, 300)
    page = client.get("/ent/quota/")
    assert "本地区预算剩余 0。可以提交申领进入等候，有预算时按提交顺序发放。" in text(page)
    assert has_button(page)
