"""Pages on which a third party opens redemptions at the end of the year."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from redemption import services
from redemption.models import Redemption
from redemption.tests import agency, factories
from redemption.tests.pages import client_for, client_of, post, text_of
from vouchers.models import Programme, Voucher
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]

ROUND = "/settle/"


@pytest.fixture(scope="module")
def built(kept: Path) -> Programme:
    return agency.make_programme()


@pytest.fixture
def programme(built: Programme) -> Programme:
    return deepcopy(built)


@pytest.fixture
def browser(programme: Programme) -> Client:
    return client_for(agency.agent("钱发起"))


def share_url(voucher: Voucher, **query: Any) -> str:
    url = reverse("settle-share", args=[voucher.region.code, voucher.carrier.number])
    return f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else url


def url_of(name: str, redemption: Redemption, *more: str) -> str:
    return reverse(f"settle-{name}", args=[redemption.number, *more])


# --- What is owed ---------------------------------------------------------------------------------


def test_the_round_shows_what_goes_and_why_others_do_not(programme: Programme, browser: Client) -> None:
    carrier = quota.make_carrier()
    agency.served(programme, carrier, contract=12_000)
    agency.served(programme, carrier, recorded=False)
    words = text_of(browser.get(ROUND))
    assert carrier.name in words
    assert "1 张券 12,000.00 元" in words
    assert "没有服务记录 ： 1 张" in words or "没有服务记录：1 张" in words


def test_the_round_narrows_to_the_days_of_the_service_records(programme: Programme, browser: Client) -> None:
    agency.served(programme)
    words = text_of(browser.get(f"{ROUND}?programme={programme.pk}&since=2020-01-01&until=2020-12-31"))
    assert "0 张券" in words
    assert "服务记录不在所选期间" in words


def test_a_day_that_is_none_is_said_at_its_box(programme: Programme, browser: Client) -> None:
    response = browser.get(f"{ROUND}?programme={programme.pk}&since=3%E6%9C%88")
    assert response.status_code == 422
    assert "服务记录从按 2026-11-18 的格式填写" in text_of(response)


def test_without_a_programme_the_round_says_so() -> None:
    assert "还没有委托贵单位办理兑付的方案" in text_of(client_for(agency.agent()).get(ROUND))


def test_the_share_names_each_voucher_and_opens_the_redemption(programme: Programme, browser: Client) -> None:
    voucher = agency.served(programme)
    out = agency.served(programme, voucher.carrier, recorded=False)
    words = text_of(browser.get(share_url(voucher)))
    assert "1 张券，合计 12,000.00 元" in words
    assert out.organization_name in words
    assert "没有服务记录" in words
    response = post(browser, share_url(voucher, programme=programme.pk))
    redemption = Redemption.objects.get()
    assert response.url == url_of("redemption", redemption)
    assert redemption.created_by is not None
    assert list(redemption.lines.values_list("voucher", flat=True)) == [voucher.pk]


def test_nothing_to_open_is_said_on_the_page(programme: Programme, browser: Client) -> None:
    voucher = agency.served(programme, recorded=False)
    response = post(browser, share_url(voucher))
    assert response.status_code == 422
    assert "没有可以发起兑付的创新券" in text_of(response)


@pytest.mark.parametrize("query", [{}, {"programme": 99_999}])
def test_a_share_without_vouchers_is_not_there(programme: Programme, browser: Client, query: dict[str, int]) -> None:
    carrier = quota.make_carrier()
    url = reverse("settle-share", args=[carrier.region.code, carrier.number])
    assert browser.get(url, query).status_code == 404


# --- One redemption -------------------------------------------------------------------------------


def test_a_draft_is_corrected_and_handed_in(programme: Programme, browser: Client) -> None:
    carrier = quota.make_carrier()
    voucher = agency.served(programme, carrier, contract=12_000)
    other = agency.served(programme, carrier, contract=3_000)
    redemption = agency.opened(voucher)
    assert "核对明细，提交审核" in text_of(browser.get(url_of("redemption", redemption)))
    drop = url_of("drop", redemption, other.code)
    assert post(browser, drop).status_code == 422
    assert post(browser, drop, reason="记录不符").status_code == 302
    post(browser, url_of("submit", redemption))
    assert agency.case_of(redemption).amount == 12_000
    words = text_of(browser.get(url_of("redemption", redemption)))
    assert "第三方核对" in words
    assert "去核对" not in words


def test_the_second_person_is_led_to_the_case(programme: Programme) -> None:
    redemption = agency.submitted(agency.served(programme))
    second = client_for(agency.agent("孙核对"))
    page = second.get(url_of("redemption", redemption)).content.decode()
    case = reverse("desk-case", args=("redeem", redemption.number))
    assert f'href="{case}"' in page
    assert second.get(case).status_code == 200


def test_what_holds_a_draft_back_is_said(programme: Programme, browser: Client) -> None:
    redemption = agency.opened(agency.served(programme))
    Voucher.objects.update(frozen_reason="线索核查")
    assert "已冻结：线索核查" in text_of(browser.get(url_of("redemption", redemption)))
    response = post(browser, url_of("submit", redemption))
    assert "已冻结：线索核查" in text_of(browser.get(response.url))
    assert Redemption.objects.get().status == "draft"


def test_what_was_returned_is_shown_and_handed_in_again(programme: Programme) -> None:
    opener = agency.agent("钱发起")
    redemption = agency.submitted(agency.served(programme), opener)
    agency.decide(redemption, "return", by=agency.agent("孙核对"), items=[("", "补充检测报告编号")])
    browser = client_for(opener)
    assert "补充检测报告编号" in text_of(browser.get(url_of("redemption", redemption)))
    post(browser, url_of("submit", redemption))
    assert Redemption.objects.get().status == "in_review"


def test_the_whole_is_given_up_after_a_question(programme: Programme, browser: Client) -> None:
    redemption = agency.opened(agency.served(programme))
    url = url_of("withdraw", redemption)
    assert "撤回后创新券回到“已确认”" in text_of(browser.get(url))
    assert Redemption.objects.get().status == "draft"
    assert post(browser, url).status_code == 302
    assert Redemption.objects.get().status == "withdrawn"


def test_after_a_decision_it_is_not_given_up(programme: Programme, browser: Client) -> None:
    redemption = agency.checked(agency.served(programme))
    response = post(browser, url_of("withdraw", redemption))
    assert response.status_code == 422
    assert "审核已有一步同意，不能撤回" in text_of(response)
    assert Redemption.objects.get().status == "in_review"


STAGES: list[tuple[str, Callable[[Voucher], Redemption], str]] = [
    ("", agency.opened, "草稿"),
    ("review", agency.submitted, "审核中"),
    ("payable", agency.payable, "待拨付"),
]


@pytest.mark.parametrize(("tab", "make", "word"), STAGES)
def test_a_redemption_stands_under_its_tab(
    programme: Programme, browser: Client, tab: str, make: Callable[[Voucher], Redemption], word: str
) -> None:
    redemption = make(agency.served(programme))
    tabs = {
        key: redemption.number in text_of(browser.get(f"/settle/redemptions/?tab={key}"))
        for key in ("", "review", "payable", "paid", "ended")
    }
    assert [key for key, there in tabs.items() if there] == [tab]
    assert word in text_of(browser.get(f"/settle/redemptions/?tab={tab}"))


def test_a_tab_without_redemptions_leads_to_the_round(browser: Client) -> None:
    assert "去发起年终兑付" in text_of(browser.get("/settle/redemptions/?tab=paid"))


# --- Whose pages they are -------------------------------------------------------------------------


def outsiders(voucher: Voucher) -> dict[str, Client]:
    return {
        "enterprise": client_of(voucher.organization),
        "carrier": client_of(voucher.carrier.organization),
        "county": client_for(factories.officer()),
        "province": client_for(factories.settler()),
    }


def test_others_are_told_who_works_here(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    urls = [ROUND, share_url(voucher), "/settle/redemptions/", url_of("redemption", redemption)]
    for who, client in outsiders(voucher).items():
        assert {client.get(url).status_code for url in urls} == {403}, who
        assert post(client, url_of("submit", redemption)).status_code == 403, who
    assert Redemption.objects.get().status == "draft"


def test_the_third_party_of_another_province_finds_nothing(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    client = client_for(agency.agent(region_code="340000"))
    urls = [url_of(name, redemption) for name in ("redemption", "withdraw")]
    urls += [share_url(voucher, programme=programme.pk), url_of("drop", redemption, voucher.code)]
    assert {client.get(url).status_code for url in urls} == {404}
    assert post(client, url_of("submit", redemption)).status_code == 404
    assert "还没有委托贵单位" in text_of(client.get(ROUND))


def test_what_a_payee_submitted_itself_is_no_business_of_a_third_party() -> None:
    redemption, browser = factories.submitted(), client_for(agency.agent())
    assert browser.get(url_of("redemption", redemption)).status_code == 404
    assert browser.get(reverse("ent-redeem", args=[redemption.number])).status_code == 404


# --- The other sides ------------------------------------------------------------------------------


def test_the_carrier_reads_what_is_missing_and_submits_nothing(programme: Programme) -> None:
    voucher = agency.served(programme, recorded=False)
    client = client_of(voucher.carrier.organization)
    words = text_of(client.get("/carrier/redeem/"))
    assert "由第三方服务机构于年底统一办理" in words
    assert "没有服务记录" in words
    assert "提交所选" not in words
    agency.record(voucher.order)
    assert "齐全" in text_of(client.get("/carrier/redeem/"))
    post(client, reverse("redeem-submit"), v=[voucher.code])
    assert not Redemption.objects.exists()


def test_the_carrier_follows_the_draft_and_cannot_touch_it(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    client = client_of(voucher.carrier.organization)
    assert redemption.number in text_of(client.get("/carrier/redeem/?tab=open"))
    page = text_of(client.get(reverse("ent-redeem", args=[redemption.number])))
    assert "撤回兑付" not in page
    assert "等待第三方机构" in page
    assert post(client, reverse("redeem-withdraw", args=[redemption.number])).status_code == 422
    assert Redemption.objects.get().status == "draft"


def test_the_enterprise_reads_that_it_has_nothing_to_redeem(programme: Programme) -> None:
    voucher = agency.served(programme)
    words = text_of(client_of(voucher.organization).get("/ent/redeem/"))
    assert "由第三方服务机构于年底统一办理兑付" in words
    assert "提交所选" not in words


@pytest.mark.parametrize("side", ["enterprise", "carrier"])
def test_pages_of_a_redemption_mark_their_entry_of_the_side_menu(side: str) -> None:
    redemption = factories.submitted(redeemer=side)
    page = client_of(redemption.payee).get(reverse("redeem-withdraw", args=[redemption.number])).content.decode()
    entry = "/carrier/redeem/" if side == "carrier" else "/ent/redeem/"
    menu = page.split('class="side"')[1].split("</nav>")[0]
    assert f'<a href="{entry}" aria-current="page">' in menu
    assert menu.count("aria-current") == 1


# --- Budgets --------------------------------------------------------------------------------------


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.slow
def test_one_voucher_and_thirty_ask_the_same(programme: Programme, browser: Client) -> None:
    first = agency.served(programme, contract=100)
    urls = [ROUND, share_url(first)]
    ones = [queries_of(browser, url) for url in urls]
    for _more in range(29):
        agency.served(programme, first.carrier, contract=100, organization=first.organization)
    assert [queries_of(browser, url) for url in urls] == ones
    redemption = agency.opened(first)
    assert redemption.lines.count() == 30
    thirty = queries_of(browser, url_of("redemption", redemption))
    other = agency.opened(agency.served(programme, contract=100))
    assert queries_of(browser, url_of("redemption", other)) == thirty
    assert services.shares(programme) == []
