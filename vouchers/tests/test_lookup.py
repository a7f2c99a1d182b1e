"""额度查询: totals for who knows number and phone; nothing at all for everybody else."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Organization, User
from innovation_voucher.casework.models import AuditRow, Message, Outgoing
from innovation_voucher.tests import cast
from vouchers.lookup import look_up
from vouchers.models import Programme

from . import factories, reviewed
from .pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-5")]

URL = "/quota-lookup/"


@pytest.fixture
def digits(owner: User) -> str:
    return (owner.phone or "")[-4:]


def ask(number: str | None, digits: str, **headers: str) -> Any:
    return Client(headers=headers).post(URL, {"number": number, "digits": digits})


def code_of(organization: Organization) -> str:
    return str(organization.credit_code)


def test_totals_are_shown_by_credit_code(enterprise: Organization, programme: Programme, digits: str) -> None:
    factories.make_voucher(enterprise, programme, contract=8_000)
    response = ask(code_of(enterprise), digits)
    assert response.status_code == 200
    said = text(response)
    for words in (programme.name, "20,000.00", "8,000.00", "12,000.00", f"{programme.year}-12-31"):
        assert words in said


def test_totals_are_shown_by_account_number_however_it_is_typed(
    enterprise: Organization, programme: Programme, digits: str
) -> None:
    account = factories.claim(enterprise, programme)
    typed = f" {account.number[:4]} {account.number[4:].lower()} "
    assert "20,000.00" in text(ask(typed, digits))


def test_only_totals_are_shown(enterprise: Organization, programme: Programme, owner: User, digits: str) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    said = ask(code_of(enterprise), digits).content.decode()
    secrets = (enterprise.name, owner.name, owner.phone, voucher.code, voucher.contract_name, voucher.carrier.name)
    assert voucher.account is not None
    assert not [secret for secret in (*secrets, voucher.account.number) if secret and secret in said]


def test_two_programmes_stand_apart(enterprise: Organization, digits: str) -> None:
    for kind, amount in (("a", 100), ("b", 70)):
        factories.claim(enterprise, factories.make_programme(kind=kind), amount)
    found = look_up(code_of(enterprise), digits)
    assert found is not None
    assert sorted((row.programme.kind, row.balance.granted) for row in found) == [("a", 100), ("b", 70)]


def test_a_handlers_phone_will_do_and_a_viewers_will_not(enterprise: Organization, programme: Programme) -> None:
    handler, viewer = cast.make_member(enterprise), cast.make_member(enterprise, role="viewer")
    assert look_up(code_of(enterprise), (handler.phone or "")[-4:]) == []
    assert look_up(code_of(enterprise), (viewer.phone or "")[-4:]) is None


def test_who_left_opens_nothing_any_more(enterprise: Organization) -> None:
    handler = cast.make_member(enterprise)
    Membership.objects.filter(user=handler).update(active=False)
    assert look_up(code_of(enterprise), (handler.phone or "")[-4:]) is None


def test_without_quota_it_says_so_to_who_may_know(enterprise: Organization, digits: str) -> None:
    assert "还没有到账的额度" in text(ask(code_of(enterprise), digits))


def answers(*asked: tuple[str, str]) -> set[str]:
    """What the page says, without what was typed and what differs with every page."""
    found = set()
    for number, digits in asked:
        response = ask(number, digits)
        assert response.status_code == 422
        found.add(text(response).replace(number, ""))
    return found


def test_unknown_and_wrong_get_the_very_same_page(enterprise: Organization, programme: Programme, digits: str) -> None:
    factories.claim(enterprise, programme)
    wrong = f"{(int(digits) + 1) % 10_000:04d}"
    asked = [(code_of(enterprise), wrong), (cast.credit_code(99), wrong), ("2026NOBODY", wrong)]
    assert len(answers(*asked)) == 1
    assert "没有查到" in answers((code_of(enterprise), wrong)).pop()


def test_unknown_wrong_and_right_ask_the_database_the_same(
    enterprise: Organization, programme: Programme, digits: str
) -> None:
    factories.claim(enterprise, programme)
    shapes = set()
    for number, end in ((code_of(enterprise), digits), (code_of(enterprise), "0000"), ("nobody", "0000")):
        with CaptureQueriesContext(connection) as queries:
            look_up(number, end)
        shapes.add(tuple(query["sql"].partition(" WHERE ")[0] for query in queries.captured_queries))
    assert [len(shape) for shape in shapes] == [3]


def test_an_organization_without_a_phone_is_not_opened_by_blanks(enterprise: Organization, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(phone=None)
    assert look_up(code_of(enterprise), "----") is None or look_up(code_of(enterprise), "0000") is None
    assert ask(code_of(enterprise), "----").status_code == 422


@pytest.mark.parametrize("typed", ["", "123", "12345", "abcd", "１２３"])
def test_digits_that_are_none_are_asked_for(enterprise: Organization, typed: str) -> None:
    response = ask(code_of(enterprise), typed)
    assert response.status_code == 422
    assert code_of(enterprise) in response.content.decode()


def test_five_tries_an_hour_from_one_address(enterprise: Organization, programme: Programme, digits: str) -> None:
    factories.claim(enterprise, programme)
    assert [ask("nobody", "0000").status_code for _ in range(5)] == [422] * 5
    response = ask(code_of(enterprise), digits)
    assert response.status_code == 429
    assert "一小时后再试" in text(response)
    assert "20,000.00" not in text(response)


def test_one_number_is_not_guessed_from_many_addresses(enterprise: Organization, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "quota_lookup": "3/d/key"}
    for number in (code_of(enterprise), cast.credit_code(55)):
        assert [ask(number, "0000").status_code for _ in range(4)] == [422, 422, 422, 429]


def test_looking_changes_and_tells_nothing(
    enterprise: Organization, programme: Programme, digits: str, caplog: pytest.LogCaptureFixture
) -> None:
    factories.claim(enterprise, programme, Decimal(100).to_integral_value())
    before = (*reviewed.money(), Message.objects.count(), Outgoing.objects.count(), AuditRow.objects.count())
    caplog.set_level("INFO")
    ask(code_of(enterprise), digits)
    ask(code_of(enterprise), "0000")
    after = (*reviewed.money(), Message.objects.count(), Outgoing.objects.count(), AuditRow.objects.count())
    assert before == after
    assert code_of(enterprise) not in caplog.text
    assert digits not in caplog.text.replace(code_of(enterprise), "")


def test_the_answer_is_kept_nowhere(enterprise: Organization, digits: str) -> None:
    response = ask(code_of(enterprise), digits)
    assert "no-store" in response["Cache-Control"]


def test_the_front_page_leads_there() -> None:
    page = Client(headers={"accept-language": "zh-hans"}).get(reverse("home")).content.decode()
    assert f'href="{URL}"' in page
    assert "额度查询" in page
