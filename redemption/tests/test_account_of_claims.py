"""The account that an enterprise wrote into its claim is offered on the page of the payee account, and no more."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from accounts.services import active_bank_account
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.crypto import encrypt
from innovation_voucher.tests import cast
from redemption.tests.pages import client_of, post, text_of
from vouchers import services as vouchers
from vouchers.models import Claim, Programme
from vouchers.prefill import account_in_claims
from vouchers.tests import stamped

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-5")]

NUMBER, BANK = "6217000010000000777", "云帆银行武进支行"
PAGE = "/account/bank/"


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return stamped.load(), stamped.firm()


@pytest.fixture
def scheme(built: tuple[Programme, Organization]) -> Programme:
    return deepcopy(built[0])


@pytest.fixture
def firm(built: tuple[Programme, Organization]) -> Organization:
    return deepcopy(built[1])


@pytest.fixture
def payee(firm: Organization) -> Client:
    return client_of(firm)


def written(scheme: Programme, firm: Organization) -> Claim:
    """A draft whose bank section names an account of its own."""
    said = {"bank": BANK, "account_number": NUMBER, "account_holder": firm.name}
    return stamped.drafted(firm, scheme, "high_tech", **said)


def handed_in(scheme: Programme, firm: Organization) -> Claim:
    return vouchers.hand_in_claim(written(scheme, firm), by=cast.owner_of(firm))


def adopt(client: Client, **changes: str) -> Any:
    return post(client, PAGE, **{"bank": BANK, "number": "", "password": cast.PASSWORD, **changes})


def test_the_page_offers_it_and_says_from_which_claim(payee: Client, scheme: Programme, firm: Organization) -> None:
    claim = handed_in(scheme, firm)
    response = payee.get(PAGE)
    said = text_of(response)
    assert f"申领 {claim.number} 里填写的是{BANK}，尾号 0777" in said
    assert response.context["form"]["bank"].value() == BANK
    assert NUMBER not in response.content.decode()


def test_handing_in_changes_no_account(scheme: Programme, firm: Organization) -> None:
    before = list(firm.bank_accounts.values_list("pk", "active"))
    handed_in(scheme, firm)
    assert list(firm.bank_accounts.values_list("pk", "active")) == before
    assert not AuditRow.objects.filter(verb="organization.bank_changed", subject_id=firm.pk).exists()


def test_it_is_adopted_with_the_password_alone(payee: Client, scheme: Programme, firm: Organization) -> None:
    handed_in(scheme, firm)
    assert adopt(payee).status_code == 302
    account = active_bank_account(firm)
    assert account is not None
    assert (account.holder, account.bank, account.number) == (firm.name, BANK, NUMBER)
    assert "里填写的是" not in text_of(payee.get(PAGE))


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_is_adopted(
    payee: Client, scheme: Programme, firm: Organization, password: str
) -> None:
    handed_in(scheme, firm)
    before = list(firm.bank_accounts.values_list("pk", "active"))
    response = adopt(payee, password=password)
    assert response.status_code == 422
    assert NUMBER not in response.content.decode()
    assert list(firm.bank_accounts.values_list("pk", "active")) == before


def test_another_number_may_be_typed(payee: Client, scheme: Programme, firm: Organization) -> None:
    handed_in(scheme, firm)
    assert adopt(payee, number="6222020000000008888").status_code == 302
    account = active_bank_account(firm)
    assert account is not None
    assert account.number == "6222020000000008888"


def test_a_draft_offers_nothing(payee: Client, scheme: Programme, firm: Organization) -> None:
    written(scheme, firm)
    assert account_in_claims(firm) is None
    assert adopt(payee).status_code == 422


def test_what_was_taken_back_offers_nothing(scheme: Programme, firm: Organization) -> None:
    vouchers.withdraw_claim(handed_in(scheme, firm), by=cast.owner_of(firm))
    assert account_in_claims(firm) is None


@pytest.mark.parametrize("number", ["", "12", None])
def test_a_number_that_cannot_be_paid_to_is_not_offered(
    scheme: Programme, firm: Organization, number: str | None
) -> None:
    claim = handed_in(scheme, firm)
    stored = encrypt(number) if number is not None else "plain text"
    Claim.objects.filter(pk=claim.pk).update(answers={**claim.answers, "account_number": stored})
    assert account_in_claims(firm) is None


def test_another_organizations_claim_is_not_offered(scheme: Programme, firm: Organization) -> None:
    handed_in(scheme, firm)
    assert account_in_claims(stamped.firm()) is None


def test_the_claims_form_takes_the_payee_account(payee: Client, scheme: Programme, firm: Organization) -> None:
    account = active_bank_account(firm)
    assert account is not None
    page = payee.get(reverse("ent-claim-new"), {"programme": scheme.pk, "class": "high_tech"})
    assert page.status_code == 200
    form = page.context["form"]
    assert [form[key].value() for key in ("bank", "account_holder")] == [account.bank, account.holder]
    assert f"尾号 {account.last_four}" in text_of(page)
    assert account.number not in page.content.decode()
