"""Pages of the side that is paid: the list, one redemption, mend, withdraw, the first page."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from redemption.tests.pages import LIST, client_of, papers_url, post, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.feature("ZJ-11")
def test_the_list_says_of_every_voucher_whether_it_fits_or_what_it_lacks(
    client: Client, organization: Organization
) -> None:
    programme = factories.make_programme()
    complete = factories.ready(organization, programme)
    lacking = factories.make_voucher(organization, programme)
    response = client.get(LIST)
    text = text_of(response)
    assert "1 张券材料齐全，可兑付 14,000.00 元" in text
    assert "符合" in text
    assert "缺 2 项 请填写发票号 、 请补充银行回单" in text
    body = response.content.decode()
    assert f'href="/redeem/papers/{lacking.code}/#invoices"' in body
    assert re.search(rf'value="{lacking.code}" disabled', body)
    assert not re.search(rf'value="{complete.code}" disabled', body)


@pytest.mark.feature("ZJ-11")
def test_what_carriers_redeem_is_in_their_list_and_the_enterprise_is_told(
    client: Client, organization: Organization
) -> None:
    """Scenario 11: what the carrier redeems is absent from the enterprise's list."""
    voucher = factories.ready(organization, redeemer="carrier")
    text = text_of(client.get(LIST))
    assert voucher.service_title not in text
    assert "由机构申请，这里没有需要您提交的" in text
    assert "另有 1 张券约定由服务机构兑付，不在此列" in text
    carrier = client_of(voucher.carrier.organization)
    page = text_of(carrier.get("/carrier/redeem/"))
    assert voucher.service_title in page
    assert organization.name in page


def test_an_empty_list_says_what_will_bring_it_to_life(client: Client) -> None:
    assert "机构确认创新券之后会出现在这里" in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("tab", "words"),
    [("open", "待拨付"), ("paid", "这一类还没有兑付申请"), ("ended", "已撤回"), ("nonsense", "待申请")],
)
def test_tabs_hold_what_is_under_way_and_what_is_over(
    tab: str, words: str, client: Client, organization: Organization
) -> None:
    programme = factories.make_programme()
    factories.payable(organization, programme)
    withdrawn = factories.submitted(organization, programme)
    services.withdraw_redemption(withdrawn, by=cast.owner_of(organization))
    response = client.get(LIST, {"tab": tab})
    assert words in text_of(response)


@pytest.mark.parametrize("tab", ["", "open"])
def test_a_long_list_takes_the_same_queries(
    tab: str, client: Client, organization: Organization, django_assert_max_num_queries: Any
) -> None:
    programme = factories.make_programme()
    make = factories.submitted if tab else factories.ready
    counts = []
    for number in (1, 5):
        for _index in range(number):
            make(organization, programme, contract=1_000)
        client.get(LIST, {"tab": tab})
        with django_assert_max_num_queries(12) as captured:
            client.get(LIST, {"tab": tab})
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- One redemption -----------------------------------------------------------------------------


def test_a_redemption_shows_three_amounts_the_steps_and_the_account(client: Client, organization: Organization) -> None:
    redemption = factories.submitted(organization)
    factories.decide(redemption, amount=Decimal(12_000), reason="一项试验不在范围内")
    text = text_of(client.get(reverse("ent-redeem", args=[redemption.number])))
    for words in ("18,000.00", "14,000.00", "12,000.00", "审核意见：一项试验不在范围内", "待拨付", "尾号 1234"):
        assert words in text


@pytest.mark.parametrize("who", ["payee", "carrier", "officer"])
def test_both_sides_and_the_bureau_see_it(who: str, organization: Organization) -> None:
    redemption = factories.submitted(organization)
    client = Client()
    people = {
        "payee": lambda: cast.owner_of(organization),
        "carrier": lambda: cast.owner_of(redemption.lines.get().voucher.carrier.organization),
        "officer": factories.officer,
    }
    client.force_login(people[who]())
    response = client.get(reverse("ent-redeem", args=[redemption.number]))
    assert response.status_code == 200
    assert ("撤回兑付" in text_of(response)) == (who == "payee")


def test_returned_mended_and_sent_again(client: Client, organization: Organization) -> None:
    redemption = factories.returned(organization)
    url = reverse("ent-redeem", args=[redemption.number])
    text = text_of(client.get(url))
    assert "回单日期与合同不符" in text
    assert "去补充材料" in text
    voucher = redemption.lines.get().voucher
    papers = client.get(papers_url(voucher))
    assert "只需修改标出的内容" in text_of(papers)
    assert 'value="receipts"' in papers.content.decode()
    assert 'value="invoices"' not in papers.content.decode()
    response = post(client, reverse("redeem-resubmit", args=[redemption.number]))
    assert response.url == url
    assert "已重新提交，等待审核" in text_of(client.get(url))
    assert Redemption.objects.get().status == "in_review"


def test_sending_again_what_still_lacks_says_what(client: Client, organization: Organization) -> None:
    redemption = factories.returned(organization)
    voucher = redemption.lines.get().voucher
    services.remove_receipt(voucher, voucher.order.receipts.get(), by=cast.owner_of(organization))
    response = post(client, reverse("redeem-resubmit", args=[redemption.number]))
    assert "请补充银行回单" in text_of(client.get(response.url))
    assert Redemption.objects.get().status == "returned"


def test_withdrawing_is_asked_once_more(client: Client, organization: Organization) -> None:
    redemption = factories.submitted(organization)
    url = reverse("redeem-withdraw", args=[redemption.number])
    assert "可以重新提交兑付" in text_of(client.get(url))
    assert Redemption.objects.get().status == "in_review"
    assert post(client, url).status_code == 302
    assert Redemption.objects.get().status == "withdrawn"
    assert post(client, url).status_code == 422


def test_a_payment_that_came_back_asks_for_another_account(client: Client, organization: Organization) -> None:
    redemption = factories.payable(organization)
    Redemption.objects.filter(pk=redemption.pk).update(failure="账号与户名不符")
    response = client.get(reverse("ent-redeem", args=[redemption.number]))
    assert "上次拨付被银行退回 账号与户名不符" in text_of(response)
    assert 'href="/account/bank/"' in response.content.decode()


# --- The first page -----------------------------------------------------------------------------


def test_the_first_page_counts_what_is_ready_returned_and_paid(client: Client, organization: Organization) -> None:
    programme = factories.make_programme()
    factories.ready(organization, programme)
    factories.returned(organization, programme)
    text = text_of(client.get("/ent/"))
    assert "1 张券材料齐全 14,000.00" in text
    assert "待补正 1 件" in text
    assert "已拨付 0.00" in text


def test_a_newcomer_sees_no_panel(client: Client) -> None:
    assert "张券材料齐全" not in text_of(client.get("/ent/"))
