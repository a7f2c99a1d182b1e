"""Checking what is ready and handing it in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import BankAccount, Organization
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from redemption.tests.pages import LIST, post, text_of
from vouchers.models import Voucher

pytestmark = pytest.mark.django_db


@pytest.mark.feature("ZJ-11")
def test_all_takes_the_two_complete_ones_of_three(client: Client, organization: Organization) -> None:
    programme = factories.make_programme()
    complete = [factories.ready(organization, programme) for _index in range(2)]
    lacking = factories.make_voucher(organization, programme)
    check = client.get(reverse("redeem-check"), {"all": 1})
    text = text_of(check)
    assert "2 张创新券" in text
    assert "申请兑付合计 28,000.00 元" in text
    codes = re.findall(r'name="v" value="(\w+)"', check.content.decode())
    assert codes == [voucher.code for voucher in complete]
    response = post(client, reverse("redeem-submit"), v=codes)
    assert response.url == f"{LIST}?tab=open"
    assert "已提交 2 件兑付" in text_of(client.get(response.url))
    assert Redemption.objects.filter(status="in_review").count() == 2
    assert Voucher.objects.get(pk=lacking.pk).status == "confirmed"


def test_ticked_ones_alone_are_checked(client: Client, organization: Organization) -> None:
    programme = factories.make_programme()
    one, two = (factories.ready(organization, programme) for _index in range(2))
    body = client.get(reverse("redeem-check"), {"v": two.code}).content.decode()
    assert two.code in body
    assert one.code not in body


def test_without_a_tick_the_list_says_so(client: Client, organization: Organization) -> None:
    factories.make_voucher(organization)
    response = client.get(reverse("redeem-check"), {"all": 1}, follow=True)
    assert "还没有选择材料齐全的创新券" in text_of(response)


def test_one_that_lost_a_paper_meanwhile_is_named_and_the_other_goes(
    client: Client, organization: Organization
) -> None:
    programme = factories.make_programme()
    one, two = (factories.ready(organization, programme) for _index in range(2))
    services.remove_receipt(two, two.order.receipts.get(), by=cast.owner_of(organization))
    response = post(client, reverse("redeem-submit"), v=[one.code, two.code])
    text = text_of(client.get(response.url))
    assert "已提交 1 件兑付" in text
    assert "请补充银行回单" in text
    assert Redemption.objects.count() == 1


def test_the_same_form_twice_hands_in_once(client: Client, organization: Organization) -> None:
    voucher = factories.ready(organization)
    token = new_token()
    answers = [client.post(reverse("redeem-submit"), {"_token": token, "v": voucher.code}) for _time in range(2)]
    assert answers[0].url == answers[1].url == reverse("ent-redeem", args=[Redemption.objects.get().number])
    assert Redemption.objects.count() == 1


def test_without_an_account_the_button_is_off_and_leads_to_the_account(
    client: Client, organization: Organization
) -> None:
    factories.ready(organization)
    BankAccount.objects.filter(organization=organization).update(active=False)
    response = client.get(reverse("redeem-check"), {"all": 1})
    assert "还没有收款账户，填写后才能提交" in text_of(response)
    assert 'href="/account/bank/"' in response.content.decode()
    assert 'disabled aria-disabled="true"' in response.content.decode()
