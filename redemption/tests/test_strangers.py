"""Who has nothing to do with a redemption finds nothing and changes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.tests import cast
from redemption.models import Invoice, Redemption
from redemption.tests import factories
from redemption.tests.pages import LIST, client_of, every_page, post

pytestmark = pytest.mark.django_db


def test_a_rival_finds_nothing_and_changes_nothing(organization: Organization) -> None:
    redemption = factories.returned(organization)
    stranger = client_of(cast.rival())
    for url in every_page(redemption):
        answers = [stranger.get(url).status_code, post(stranger, url).status_code]
        assert set(answers) <= {404, 405}, url
        assert 404 in answers, url
    assert Redemption.objects.get().status == "returned"
    assert Invoice.objects.get().allocations.count() == 1


def test_a_rival_cannot_hand_in_what_is_not_its_own(organization: Organization) -> None:
    voucher = factories.ready(organization)
    stranger = client_of(cast.rival())
    post(stranger, reverse("redeem-submit"), v=voucher.code)
    assert voucher.code not in stranger.get(reverse("redeem-check"), {"v": voucher.code}, follow=True).content.decode()
    assert not Redemption.objects.exists()


def test_who_is_not_signed_in_is_asked_to(organization: Organization) -> None:
    redemption = factories.submitted(organization)
    for url in (LIST, reverse("ent-redeem", args=[redemption.number]), reverse("account-bank")):
        assert Client().get(url).status_code == 302


def test_an_officer_is_told_whose_pages_these_are(organization: Organization) -> None:
    client = Client()
    client.force_login(factories.officer())
    assert client.get(LIST).status_code == 403


def test_reading_never_changes_anything(client: Client, organization: Organization) -> None:
    redemption = factories.returned(organization)
    before = Redemption.objects.values().get()
    for url in [LIST, reverse("redeem-check"), reverse("redeem-submit"), *every_page(redemption)]:
        client.get(url)
    assert Redemption.objects.values().get() == before
    assert Invoice.objects.count() == 1
