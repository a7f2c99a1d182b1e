"""Kinds that share a cap: the cap is one, the quota of each kind is its own."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from vouchers import quota_pages
from vouchers.models import Claim, Programme, QuotaAccount

from . import factories
from .pages import client_of, post, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(db: None) -> tuple[Programme, Programme]:
    """Two kinds of one family with one cap of 100 yuan."""
    both = tuple(factories.make_programme(kind=kind, cap_year=Decimal(100)) for kind in ("a", "b"))
    Programme.objects.update(shared_cap=True)
    return both[0], both[1]


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def meters(enterprise: Organization) -> dict[str, quota_pages.Meter]:
    found = quota_pages.meters(enterprise, calendar.today())
    return {meter.programme.kind: meter for meter in found}


def test_each_meter_shows_its_own_quota_under_the_common_cap(
    enterprise: Organization, kinds: tuple[Programme, Programme]
) -> None:
    account = factories.claim(enterprise, kinds[0], 70)
    first, second = meters(enterprise)["a"], meters(enterprise)["b"]
    assert (first.available, second.available) == (70, 0)
    assert (first.claimed, second.claimed) == (70, 70)
    assert (first.left, second.left) == (30, 30)
    assert account.number in first.ledger_url
    assert (second.ledger_url, second.until) == ("", None)


def test_after_claiming_both_each_leads_to_its_own_ledger(
    enterprise: Organization, kinds: tuple[Programme, Programme]
) -> None:
    accounts = [factories.claim(enterprise, programme, 40) for programme in kinds]
    found = meters(enterprise)
    for kind, account in zip("ab", accounts, strict=True):
        assert found[kind].ledger_url == reverse("ent-ledger", args=[account.number])
        assert found[kind].available == 40


def test_what_is_told_after_a_claim_is_the_quota_of_that_kind(
    client: Client, enterprise: Organization, kinds: tuple[Programme, Programme]
) -> None:
    factories.claim(enterprise, kinds[0], 70)
    response = post(client, "ent-claim-new", query=f"?programme={kinds[1].pk}", amount="30", agree="on")
    assert "现有可用额度 30.00 元" in text(client.get(response.url))


def test_the_other_kind_is_offered_only_what_the_common_cap_leaves(
    client: Client, enterprise: Organization, kinds: tuple[Programme, Programme]
) -> None:
    factories.claim(enterprise, kinds[0], 70)
    response = post(client, "ent-claim-new", query=f"?programme={kinds[1].pk}", amount="31", agree="on")
    assert response.status_code == 422
    assert 'name="instead" value="30.00"' in response.content.decode()
    assert not Claim.objects.filter(programme=kinds[1]).exists()


def test_a_kind_that_does_not_share_has_its_own_cap(
    enterprise: Organization, kinds: tuple[Programme, Programme]
) -> None:
    alone = factories.make_programme(kind="c", cap_year=Decimal(100))
    factories.claim(enterprise, kinds[0], 100)
    assert factories.claim(enterprise, alone, 100).granted == 100
    assert meters(enterprise)["c"].claimed == 100


def test_last_years_family_does_not_count(enterprise: Organization, kinds: tuple[Programme, Programme]) -> None:
    factories.claim(enterprise, kinds[0], 100)
    Programme.objects.filter(pk=kinds[0].pk).update(year=kinds[0].year - 1)
    assert factories.claim(enterprise, kinds[1], 100).granted == 100
    assert QuotaAccount.objects.count() == 2
