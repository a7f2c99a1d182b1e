"""The interface for other platforms: a token and its region, one message a grant, answers in Chinese JSON."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import ApiToken, AuditRow
from innovation_voucher.casework.tokens import issue_token, revoke_token
from innovation_voucher.tests import cast
from vouchers.models import Claim, Programme, QuotaAccount

from . import reviewed
from .external import make_elsewhere, row

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]


@pytest.fixture
def scheme() -> Programme:
    return make_elsewhere()


@pytest.fixture
def manager() -> User:
    return cast.make_officer("330000", "manage_programmes", kind="province")


@pytest.fixture
def token(manager: User) -> tuple[ApiToken, str]:
    last_day = calendar.today() + timedelta(days=30)
    return issue_token(
        name="外部平台", scope="external-claims", region=cast.make_region(), last_day=last_day, by=manager
    )


def message(scheme: Programme, organization: Organization, **changes: Any) -> dict[str, Any]:
    said = {"family": scheme.family, "year": scheme.year, "kind": scheme.kind, **row(organization, "SH-1")}
    return {**said, "approved_on": calendar.today().isoformat(), **changes}


def call(secret: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    # Asked in English too, the answers are in Chinese.
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    return client.post(
        reverse("external-claims"),
        text,
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}", **headers},
    )


def test_a_grant_is_taken_and_answered(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str]
) -> None:
    answer = call(token[1], message(scheme, enterprise))
    claim = Claim.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "claim": claim.number,
        "account": QuotaAccount.objects.get().number,
        "status": "approved",
        "amount": "20000.00",
        "new": True,
    }
    assert QuotaAccount.objects.get().available == 20_000


def test_the_platform_is_named_in_the_record(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str]
) -> None:
    call(token[1], message(scheme, enterprise))
    noted = AuditRow.objects.get(verb="claim.imported")
    assert (noted.actor_id, noted.after["source"], noted.after["external"]) == (None, "外部平台", "SH-1")


def test_the_same_again_is_answered_the_same(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str]
) -> None:
    first = call(token[1], message(scheme, enterprise)).json()
    before = reviewed.money()
    again = call(token[1], message(scheme, enterprise))
    assert again.status_code == 200
    assert again.json() == {**first, "new": False}
    assert reviewed.money() == before


@pytest.mark.parametrize("secret", ["", "ivt_", "ivt_guess", "x" * 300])
def test_without_a_token_nothing_is_taken(scheme: Programme, enterprise: Organization, secret: str) -> None:
    answer = call(secret, message(scheme, enterprise))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["message"].startswith("令牌无效")
    assert not Claim.objects.exists()


def test_a_session_opens_nothing(scheme: Programme, enterprise: Organization, manager: User) -> None:
    client = Client()
    client.force_login(manager)
    body = json.dumps(message(scheme, enterprise))
    assert client.post(reverse("external-claims"), body, content_type="application/json").status_code == 401
    assert not Claim.objects.exists()


def test_a_revoked_token_opens_nothing(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str], manager: User
) -> None:
    revoke_token(token[0], by=manager)
    assert call(token[1], message(scheme, enterprise)).status_code == 401
    assert not Claim.objects.exists()


def test_a_token_reaches_its_region_only(scheme: Programme, token: tuple[ApiToken, str]) -> None:
    away = cast.make_organization(region_code=cast.OTHER_COUNTY)
    answer = call(token[1], message(scheme, away))
    assert answer.status_code == 422
    assert answer.json()["error"] == "unknown_organization"
    unknown = call(token[1], message(scheme, away, credit_code=cast.credit_code(5)))
    assert unknown.json()["message"].replace(cast.credit_code(5), "") == answer.json()["message"].replace(
        away.credit_code or "", ""
    )


def test_over_the_cap_says_how_much_is_possible(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str]
) -> None:
    answer = call(token[1], message(scheme, enterprise, amount="50000.01"))
    assert (answer.status_code, answer.json()["error"]) == (422, "claim_limit")
    assert "最多 50,000 元" in answer.json()["message"]
    assert not QuotaAccount.objects.exists()


def test_wrong_values_are_named_by_their_keys(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str]
) -> None:
    answer = call(token[1], message(scheme, enterprise, amount=20000, approved_on=None))
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"amount", "approved_on"}


@pytest.mark.parametrize(
    "change", [{"kind": "none"}, {"year": "last"}, {"year": 99999}, {"family": None}, {"kind": ["external"]}]
)
def test_an_unknown_programme_is_said(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str], change: dict[str, Any]
) -> None:
    answer = call(token[1], message(scheme, enterprise, **change))
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"family": "没有这个方案，核对 family、year 和 kind"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 9000])
def test_what_is_no_object_is_refused(token: tuple[ApiToken, str], body: bytes) -> None:
    answer = call(token[1], body)
    assert (answer.status_code, answer.json()["error"]) == (400, "json")


def test_one_grant_a_message(token: tuple[ApiToken, str]) -> None:
    assert call(token[1], b" " * 10_001).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_posts_are_taken(method: str) -> None:
    answer = getattr(Client(), method)(reverse("external-claims"))
    assert (answer.status_code, answer.json()["error"]) == (405, "method")


def test_a_token_calls_120_times_a_minute(token: tuple[ApiToken, str], settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api_call": "2/m/key"}
    assert [call(token[1], b"").status_code for _ in range(3)] == [400, 400, 429]


def test_who_tries_keys_is_slowed_down(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api_door": "2/m/ip"}
    assert [call("ivt_guess", b"").status_code for _ in range(3)] == [401, 401, 429]


def test_nothing_of_the_message_is_logged(
    scheme: Programme, enterprise: Organization, token: tuple[ApiToken, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    call(token[1], message(scheme, enterprise, amount="50000.01"))
    said = caplog.text
    assert token[1] not in said
    assert str(enterprise.credit_code) not in said
