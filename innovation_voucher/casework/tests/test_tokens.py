"""Tokens of other platforms: shown once, kept as a digest, ended by people or by their last day."""

from datetime import timedelta

import pytest

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import ApiToken, AuditRow
from innovation_voucher.casework.tokens import issue_token, revoke_token, scopes, token_of
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]

SCOPE = "external-claims"


@pytest.fixture
def manager() -> User:
    return cast.make_officer("330000", "manage_programmes", kind="province")


def issue(by: User, region: str = cast.COUNTY, days: int = 365) -> tuple[ApiToken, str]:
    last_day = calendar.today() + timedelta(days=days)
    return issue_token(name="外部平台", scope=SCOPE, region=cast.make_region(region), last_day=last_day, by=by)


def test_the_secret_is_nowhere_in_the_database(manager: User) -> None:
    token, secret = issue(manager)
    assert len(secret) > 40
    columns = [str(value) for row in ApiToken.objects.values() for value in row.values()]
    said = [str(value) for row in AuditRow.objects.values() for value in row.values()]
    assert not [text for text in (*columns, *said) if secret in text or secret[4:] in text]
    assert AuditRow.objects.get(verb="token.issued").actor_id == manager.pk
    assert token.region.code == cast.COUNTY


def test_every_token_has_a_secret_of_its_own(manager: User) -> None:
    assert issue(manager)[1] != issue(manager)[1]


def test_the_secret_opens_its_scope_and_the_use_is_noted(manager: User) -> None:
    token, secret = issue(manager)
    assert token.used_at is None
    assert token_of(f"Bearer {secret}", SCOPE) == token
    token.refresh_from_db()
    assert token.used_at is not None
    assert token_of(f"Bearer {secret}", "another-scope") is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer ivt_wrong", "Basic {secret}", "{secret}"])
def test_nothing_else_opens(manager: User, header: str) -> None:
    _token, secret = issue(manager)
    assert token_of(header.replace("{secret}", secret), SCOPE) is None


def test_a_revoked_token_opens_nothing_and_is_revoked_once(manager: User) -> None:
    token, secret = issue(manager)
    revoked = revoke_token(token, by=manager)
    assert revoke_token(token, by=manager).revoked_at == revoked.revoked_at
    assert token_of(f"Bearer {secret}", SCOPE) is None
    assert AuditRow.objects.filter(verb="token.revoked").count() == 1


def test_after_its_last_day_it_opens_nothing(manager: User) -> None:
    token, secret = issue(manager)
    ApiToken.objects.filter(pk=token.pk).update(last_day=calendar.today() - timedelta(days=1))
    assert token_of(f"Bearer {secret}", SCOPE) is None


def test_a_token_needs_a_day_ahead(manager: User) -> None:
    with pytest.raises(Refused, match="须晚于今天"):
        issue(manager, days=0)
    assert not ApiToken.objects.exists()


def test_only_who_manages_programmes_there_issues_and_revokes(manager: User) -> None:
    officer = cast.make_officer(cast.COUNTY, "review_claim")
    with pytest.raises(NotAllowed):
        issue(officer)
    with pytest.raises(NotAllowed):
        issue(manager, region="310118")
    token, secret = issue(manager)
    with pytest.raises(NotAllowed):
        revoke_token(token, by=officer)
    assert token_of(f"Bearer {secret}", SCOPE) == token


def test_scopes_have_words() -> None:
    assert dict(scopes())[SCOPE] == "推送其他平台的申领结果"
