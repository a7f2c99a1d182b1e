"""Pages of the side that is paid: list, papers, check, hand in, one redemption, mend, withdraw."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import BankAccount, Organization
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import BankReceipt, Invoice, Redemption
from redemption.tests import factories
from vouchers.models import Voucher

pytestmark = pytest.mark.django_db

LIST = "/ent/redeem/"


def client_of(organization: Organization, role: str = "owner") -> Client:
    client = Client()
    person = cast.owner_of(organization) if role == "owner" else cast.make_member(organization, role=role)
    client.force_login(person)
    return client


def text_of(response: Any) -> str:
    """The page without its tags, spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"_token": new_token(), **data})


@pytest.fixture
def organization() -> Organization:
    return cast.enterprise()


@pytest.fixture
def client(organization: Organization) -> Client:
    return client_of(organization)


# --- The list -----------------------------------------------------------------------------------


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


# --- Papers -------------------------------------------------------------------------------------


def papers_url(voucher: Voucher) -> str:
    return reverse("ent-redeem-papers", args=[voucher.code])


def test_an_invoice_and_a_receipt_make_a_voucher_fit(client: Client, organization: Organization) -> None:
    voucher = factories.make_voucher(organization)
    url = papers_url(voucher)
    assert "还缺 2 项" in text_of(client.get(url))
    number = factories.invoice_number()
    values = {"what": "invoices", "invoices-number": number, "invoices-amount": "18,000.00"}
    assert post(client, url, **values).url == f"{url}#invoices"
    values = {"what": "receipts", "receipts-amount": "18000", "receipts-paid_on": "2026-01-05"}
    assert post(client, url, **values).status_code == 302
    text = text_of(client.get(url))
    assert "材料符合，可以提交兑付" in text
    assert "检查并提交" in text
    assert (Invoice.objects.get().amount, BankReceipt.objects.get().amount) == (Decimal(18_000), Decimal(18_000))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"what": "invoices", "invoices-number": "123", "invoices-amount": "5"}, "对照发票核对"),
        ({"what": "invoices", "invoices-number": "26330000000000000009", "invoices-amount": ""}, "填写发票金额"),
        ({"what": "invoices", "invoices-number": "26330000000000000009", "invoices-amount": "0"}, "0.01"),
        ({"what": "receipts", "receipts-amount": "五千"}, "填写数字"),
        ({"what": "receipts", "receipts-amount": "5", "receipts-paid_on": "昨天"}, "按 2026-11-18 的格式填写"),
    ],
)
def test_what_was_typed_wrongly_stays_on_the_page(
    values: dict[str, str], words: str, client: Client, organization: Organization
) -> None:
    voucher = factories.make_voucher(organization)
    response = post(client, papers_url(voucher), **values)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "<title>错误：" in response.content.decode()
    for value in values.values():
        assert value in response.content.decode()
    assert not Invoice.objects.exists()
    assert not BankReceipt.objects.exists()


def test_a_used_invoice_is_refused_on_the_page(client: Client, organization: Organization) -> None:
    programme = factories.make_programme()
    used = factories.submitted(organization, programme)
    number = Invoice.objects.get().number
    other = factories.make_voucher(organization, programme)
    values = {"what": "invoices", "invoices-number": number, "invoices-amount": "18000"}
    response = post(client, papers_url(other), **values)
    assert response.status_code == 422
    assert f"已用于{used.number}" in text_of(response)


def test_files_are_given_and_taken_back_on_the_page(client: Client, organization: Organization) -> None:
    programme = factories.make_programme(payment_check="none", invoice_fields=None)
    factories.ask_for(programme, "report", label="服务报告")
    voucher = factories.make_voucher(organization, programme)
    url = papers_url(voucher)
    wrong = SimpleUploadedFile("报告.exe", b"MZ not a document")
    response = post(client, url, what="report", **{"file-report-file": wrong})
    assert response.status_code == 422
    good = SimpleUploadedFile("报告.pdf", files.pdf())
    assert post(client, url, what="report", **{"file-report-file": good}).status_code == 302
    page = client.get(url).content.decode()
    found = re.search(r'action="(/redeem/papers/[^"]+/files/\d+/remove/)"', page)
    assert found
    assert post(client, found[1]).status_code == 302
    assert "上传服务报告，还差 1 份" in text_of(client.get(url))


def test_an_invoice_is_taken_back_on_the_page(client: Client, organization: Organization) -> None:
    voucher = factories.ready(organization)
    invoice = Invoice.objects.get()
    post(client, reverse("redeem-paper-remove", args=[voucher.code, "invoices", invoice.pk]))
    post(client, reverse("redeem-paper-remove", args=[voucher.code, "receipts", BankReceipt.objects.get().pk]))
    assert not Invoice.objects.exists()
    assert not BankReceipt.objects.exists()


# --- Check and hand in --------------------------------------------------------------------------


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
    services.remove_receipt(two, two.receipts.get(), by=cast.owner_of(organization))
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
    services.remove_receipt(voucher, voucher.receipts.get(), by=cast.owner_of(organization))
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


# --- The account --------------------------------------------------------------------------------


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


# --- Strangers ----------------------------------------------------------------------------------


def every_page(redemption: Redemption) -> list[str]:
    voucher = redemption.lines.get().voucher
    invoice = voucher.invoice_allocations.get().invoice
    return [
        papers_url(voucher),
        reverse("redeem-paper-remove", args=[voucher.code, "invoices", invoice.pk]),
        reverse("ent-redeem", args=[redemption.number]),
        reverse("redeem-withdraw", args=[redemption.number]),
        reverse("redeem-resubmit", args=[redemption.number]),
    ]


def test_a_rival_finds_nothing_and_changes_nothing(organization: Organization) -> None:
    redemption = factories.returned(organization)
    stranger = client_of(cast.rival())
    for url in every_page(redemption):
        answers = [stranger.get(url).status_code, post(stranger, url).status_code]
        assert set(answers) <= {404, 405}, url
        assert 404 in answers, url
    assert Redemption.objects.get().status == "returned"
    assert Invoice.objects.get().allocations.count() == 1


def test_a_rival_cannot_hand_in_what_is_not_its_own(organization: Organization) -> None:
    voucher = factories.ready(organization)
    stranger = client_of(cast.rival())
    post(stranger, reverse("redeem-submit"), v=voucher.code)
    assert voucher.code not in stranger.get(reverse("redeem-check"), {"v": voucher.code}, follow=True).content.decode()
    assert not Redemption.objects.exists()


def test_who_is_not_signed_in_is_asked_to(organization: Organization) -> None:
    redemption = factories.submitted(organization)
    for url in (LIST, reverse("ent-redeem", args=[redemption.number]), reverse("account-bank")):
        assert Client().get(url).status_code == 302


def test_an_officer_is_told_whose_pages_these_are(organization: Organization) -> None:
    client = Client()
    client.force_login(factories.officer())
    assert client.get(LIST).status_code == 403


def test_reading_never_changes_anything(client: Client, organization: Organization) -> None:
    redemption = factories.returned(organization)
    before = Redemption.objects.values().get()
    for url in [LIST, reverse("redeem-check"), reverse("redeem-submit"), *every_page(redemption)]:
        client.get(url)
    assert Redemption.objects.values().get() == before
    assert Invoice.objects.count() == 1


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
