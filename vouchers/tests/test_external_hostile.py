"""Messages of another platform that nobody should send: each is answered with a sentence, none with a crash."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import ApiToken, AuditRow, Message
from innovation_voucher.casework.tokens import issue_token
from innovation_voucher.tests import cast
from vouchers.models import Claim, Programme, QuotaAccount

from . import reviewed
from .external import make_elsewhere, row

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]

NOBODY = "没有这个方案，核对 family、year 和 kind"


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return make_elsewhere(), cast.enterprise()


@pytest.fixture
def enterprise(request: pytest.FixtureRequest) -> Organization:
    """Beside the kept scheme its own enterprise, else a new one."""
    found: Organization = request.getfixturevalue("world")[1] if "scheme" in request.fixturenames else cast.enterprise()
    return found


@pytest.fixture
def manager() -> User:
    return cast.make_officer("330000", "manage_programmes", kind="province")


@pytest.fixture
def secret(manager: User) -> str:
    return issue(manager)


def issue(by: User, *, scope: str = "external-claims", region: str = cast.COUNTY) -> str:
    last_day = calendar.today() + timedelta(days=30)
    return issue_token(name="外部平台", scope=scope, region=cast.make_region(region), last_day=last_day, by=by)[1]


def message(scheme: Programme, organization: Organization, **changes: Any) -> dict[str, Any]:
    said = {"family": scheme.family, "year": scheme.year, "kind": scheme.kind, **row(organization, "SH-1")}
    return {**said, "approved_on": calendar.today().isoformat(), **changes}


def send(secret: str, body: Any, kind: str = "application/json", scheme: str = "Bearer") -> Any:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    # A crash is an answer of 500 here, as it is for the platform.
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"{scheme} {secret}"}
    return client.post(reverse("external-claims"), text, content_type=kind, headers=headers)


def untouched() -> bool:
    return not (Claim.objects.exists() or QuotaAccount.objects.exists() or Message.objects.exists())


@pytest.mark.parametrize("text", ["js\0", "\0", "\ud800", "js\udfff", "长" * 900, "' OR 1=1 --", "%", "../js"])
@pytest.mark.parametrize("key", ["family", "kind"])
def test_a_programme_is_not_found_by_odd_names(
    scheme: Programme, enterprise: Organization, secret: str, key: str, text: str
) -> None:
    answer = send(secret, message(scheme, enterprise, **{key: text}))
    assert (answer.status_code, answer.json()["fields"]) == (422, {"family": NOBODY})
    assert untouched()


@pytest.mark.parametrize(
    "year", [None, "", True, -2026, 2026.0, "二〇二六", "２０２６", "0000", "9999", "02026", [2026], {}]
)
def test_a_programme_is_not_found_by_odd_years(
    scheme: Programme, enterprise: Organization, secret: str, year: Any
) -> None:
    answer = send(secret, message(scheme, enterprise, year=year))
    assert (answer.status_code, answer.json()["fields"]) == (422, {"family": NOBODY})
    assert untouched()


def test_the_year_may_be_a_text_or_a_number(scheme: Programme, enterprise: Organization, secret: str) -> None:
    first = send(secret, message(scheme, enterprise, year=str(scheme.year)))
    again = send(secret, message(scheme, enterprise, year=scheme.year))
    assert (first.status_code, again.status_code) == (201, 200)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("key", ["external_number", "credit_code", "name", "amount", "approved_on"])
@pytest.mark.parametrize("value", ["\ud83d", "a\0b", True, 1, None, [], {"$gt": ""}])
def test_what_is_no_text_is_named_by_its_key(
    scheme: Programme, enterprise: Organization, secret: str, key: str, value: Any
) -> None:
    answer = send(secret, message(scheme, enterprise, **{key: value}))
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "fields",
        "message": "有内容需要改正",
        "fields": {key: '每一项都写成文字，例如 "50000.00"'},
    }
    assert untouched()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e4", "0x10", "9" * 15, "1" * 5000, "+1", "10,00", "-0"])
def test_no_odd_amount_becomes_quota(scheme: Programme, enterprise: Organization, secret: str, amount: str) -> None:
    answer = send(secret, message(scheme, enterprise, amount=amount))
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert untouched()


def test_the_largest_amount_is_refused_where_no_cap_stands(enterprise: Organization, secret: str) -> None:
    open_ended = make_elsewhere(cap_year=None)
    answer = send(secret, message(open_ended, enterprise, amount="1" + "0" * 15))
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"amount"})
    assert untouched()


def test_keys_that_nobody_asked_for_change_nothing(scheme: Programme, enterprise: Organization, secret: str) -> None:
    more = {"status": "approved", "granted": "50000", "region": "110000", "by": 1, "__class__": "x"}
    answer = send(secret, message(scheme, enterprise, **more))
    assert (answer.status_code, answer.json()["amount"]) == (201, "20000.00")
    assert Claim.objects.get().region == enterprise.bureau


def test_the_last_of_two_same_keys_counts_and_only_once(
    scheme: Programme, enterprise: Organization, secret: str
) -> None:
    said = json.dumps(message(scheme, enterprise))
    twice = said[:-1] + ', "amount": "1.00"}'
    assert send(secret, twice.encode()).json()["amount"] == "1.00"
    assert QuotaAccount.objects.get().granted == 1


@pytest.mark.parametrize("body", [b'{"year": ' + b"9" * 5000 + b"}", b'{"a":' * 1800, b"null", b"NaN", b"{} {}"])
def test_what_json_cannot_bear_is_no_object(secret: str, body: bytes) -> None:
    answer = send(secret, body)
    assert (answer.status_code, answer.json()["error"]) == (400, "json")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_kind_that_a_message_claims_to_be_does_not_matter(
    scheme: Programme, enterprise: Organization, secret: str, kind: str
) -> None:
    assert send(secret, message(scheme, enterprise), kind).status_code == 201


def test_10000_bytes_are_read_and_one_more_is_not(scheme: Programme, enterprise: Organization, secret: str) -> None:
    body = json.dumps(message(scheme, enterprise)).encode()
    assert send(secret, body.ljust(10_001)).status_code == 413
    assert untouched()
    assert send(secret, body.ljust(10_000)).status_code == 201


@pytest.mark.parametrize("scheme_word", ["Basic", "Token", "", "Bearer Bearer"])
def test_only_a_bearer_enters(scheme: Programme, enterprise: Organization, secret: str, scheme_word: str) -> None:
    assert send(secret, message(scheme, enterprise), scheme=scheme_word).status_code == 401
    assert untouched()


def test_a_token_for_something_else_opens_nothing(scheme: Programme, enterprise: Organization, manager: User) -> None:
    other = issue(manager, scope="another-scope")
    assert send(other, message(scheme, enterprise)).status_code == 401
    assert ApiToken.objects.get(scope="another-scope").used_at is None
    assert untouched()


def test_a_refused_message_leaves_no_money_and_no_record(
    scheme: Programme, enterprise: Organization, secret: str
) -> None:
    send(secret, message(scheme, enterprise))
    before, noted = reviewed.money(), AuditRow.objects.count()
    for change in ({"amount": "20000.01"}, {"external_number": "SH-2", "amount": "30000.01"}, {"name": "别家公司"}):
        assert send(secret, message(scheme, enterprise, **change)).status_code == 422
    assert (reviewed.money(), AuditRow.objects.count()) == (before, noted)
