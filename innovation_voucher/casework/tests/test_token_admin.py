"""接口令牌 in the admin: who issues, that the secret is shown once, and revoking."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import ApiToken
from innovation_voucher.casework.tokens import token_of
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]

LIST, ADD = "admin:casework_apitoken_changelist", "admin:casework_apitoken_add"


def staff(region: str, *rights: str) -> User:
    user = cast.make_officer(region, *rights, kind="province")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def page(client: Client) -> Client:
    client.force_login(staff("330000", "manage_programmes"))
    return client


def issue(page: Client, **changes: Any) -> Any:
    said = {
        "name": "外部平台",
        "scope": "external-claims",
        "region": cast.make_region().pk,
        "last_day": (calendar.today() + timedelta(days=9)).isoformat(),
    }
    return page.post(reverse(ADD), {**said, **changes})


def secret_in(response: Any) -> str:
    text: str = response.content.decode()
    return "ivt_" + text.partition("ivt_")[2].partition("<")[0]


def test_the_secret_is_shown_once_and_works(page: Client) -> None:
    response = issue(page)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert token_of(f"Bearer {secret_in(response)}", "external-claims") == ApiToken.objects.get()
    for address in (reverse(LIST), reverse("admin:casework_apitoken_change", args=[ApiToken.objects.get().pk])):
        assert "ivt_" not in page.get(address).content.decode()


@pytest.mark.parametrize("change", [{"scope": "everything"}, {"last_day": "2020-01-01"}, {"name": ""}, {"region": ""}])
def test_a_wrong_form_issues_nothing(page: Client, change: dict[str, str]) -> None:
    assert "ivt_" not in issue(page, **change).content.decode()
    assert not ApiToken.objects.exists()


def test_only_own_regions_are_offered(page: Client) -> None:
    assert "ivt_" not in issue(page, region=cast.make_region("310118").pk).content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_from_the_list(page: Client) -> None:
    secret = secret_in(issue(page))
    token = ApiToken.objects.get()
    page.post(reverse(LIST), {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert token_of(f"Bearer {secret}", "external-claims") is None


def test_a_token_is_not_edited(page: Client) -> None:
    issue(page)
    token = ApiToken.objects.get()
    page.post(reverse("admin:casework_apitoken_change", args=[token.pk]), {"name": "另一个"})
    token.refresh_from_db()
    assert token.name == "外部平台"


def test_others_neither_see_nor_issue(page: Client) -> None:
    issue(page)
    token = ApiToken.objects.get()
    for user in (staff("330100", "review_claim"), staff("310000", "manage_programmes")):
        other = Client()
        other.force_login(user)
        assert token.name not in other.get(reverse(LIST)).content.decode()
        assert "ivt_" not in issue(other).content.decode()
        other.post(reverse(LIST), {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is None
    assert ApiToken.objects.count() == 1
