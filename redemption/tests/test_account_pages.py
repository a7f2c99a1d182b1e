"""Changing the payee account."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import BankAccount, Organization
from innovation_voucher.tests import cast
from redemption.tests.pages import LIST, client_of, post, text_of

pytestmark = pytest.mark.django_db


def bank(client: Client, **changes: str) -> Any:
    values = {"bank": "云帆银行科创支行", "number": "6222 0200 0000 0007 777", "password": cast.PASSWORD}
    return post(client, reverse("account-bank"), **{**values, **changes})


def test_the_account_is_changed_with_the_password(client: Client, organization: Organization) -> None:
    old = organization.bank_accounts.get(active=True)
    assert bank(client).url == LIST
    new = organization.bank_accounts.get(active=True)
    assert (new.number, new.holder, new.last_four) == ("6222020000000007777", organization.name, "7777")
    assert BankAccount.objects.get(pk=old.pk).active is False


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "密码不对"),
        ({"password": ""}, "填写登录密码"),
        ({"number": "12"}, "银行账号由 8 至 32 位数字组成"),
        ({"bank": ""}, "填写开户银行"),
    ],
)
def test_a_wrong_box_changes_no_account(
    changes: dict[str, str], words: str, client: Client, organization: Organization
) -> None:
    response = bank(client, **changes)
    assert response.status_code == 422
    assert words in text_of(response)
    assert organization.bank_accounts.get().last_four == "1234"
    assert cast.PASSWORD not in response.content.decode()


@pytest.mark.parametrize(("role", "status"), [("finance", 302), ("handler", 403), ("viewer", 403)])
def test_owner_and_finance_change_the_account(role: str, status: int, organization: Organization) -> None:
    client = client_of(organization, role)
    assert bank(client).status_code == status
    assert organization.bank_accounts.count() == (2 if status == 302 else 1)
