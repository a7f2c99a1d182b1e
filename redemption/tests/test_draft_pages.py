"""The pages of a draft that gathers orders, and the page on which a contract is entered."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.lib.crypto import decrypt
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Pick, Redemption
from redemption.tests import factories, gathered, test_contracts
from redemption.tests.pages import LIST, client_of, papers_url, post, text_of
from vouchers.models import Programme, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-12")]
GATHER = "/redeem/gather/"


@pytest.fixture
def programme() -> Programme:
    return gathered.make_programme(window_from="01-01", window_to="12-31")


@pytest.fixture
def draft(organization: Organization, programme: Programme) -> Redemption:
    """A draft of two orders, without papers."""
    orders = [gathered.make_order(organization, programme) for _index in range(2)]
    return services.gather(orders, by=cast.owner_of(organization))


def url(draft: Redemption, name: str = "redeem-draft", **more: object) -> str:
    return reverse(name, kwargs={"number": draft.number, **more})


def test_ticked_orders_go_into_a_draft(client: Client, organization: Organization, programme: Programme) -> None:
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    assert one.number in text_of(client.get(LIST))
    answer = post(client, GATHER, o=[one.number, other.number])
    found = Redemption.objects.get()
    assert answer.url == url(found)
    page = text_of(client.get(LIST))
    assert f"兑付草稿 {found.number}，2 个订单" in page
    assert one.number not in page


def test_nothing_ticked_says_what_to_do(client: Client, programme: Programme) -> None:
    answer = client.get(post(client, GATHER).url)
    assert "勾选要一并申请兑付的订单" in text_of(answer)
    assert not Redemption.objects.exists()


def test_the_draft_shows_where_the_money_comes_from(client: Client, draft: Redemption) -> None:
    page = text_of(client.get(url(draft)))
    account = draft.payee.quota_accounts.get()
    for words in (account.number, "100,000.00", "兑付窗口期 01-01 至 12-31", "请填写服务成效", "上传附件，还差 1 份"):
        assert words in page
    assert "检查并提交" not in page


def test_what_is_written_is_kept_and_201_characters_are_refused(client: Client, draft: Redemption) -> None:
    fields = {"what": "facts", "facts-row_effect": "缩短试制周期", "facts-row_innovation": "自研夹具"}
    assert post(client, url(draft), **fields).status_code == 302
    draft.refresh_from_db()
    assert draft.answers == {"effect": "缩短试制周期", "innovation": "自研夹具", "remark": ""}
    answer = post(client, url(draft), **{**fields, "facts-row_effect": "效" * 201})
    assert answer.status_code == 422
    assert "200" in text_of(answer)
    assert "效" * 201 in answer.content.decode()
    draft.refresh_from_db()
    assert draft.answers["effect"] == "缩短试制周期"


def test_files_come_and_go(client: Client, draft: Redemption) -> None:
    send = {"what": "attachment", "file-attachment-file": _file("合同.pdf")}
    assert post(client, url(draft), **send).status_code == 302
    page = client.get(url(draft))
    assert "合同.pdf" in text_of(page)
    assert "合同.pdf" in text_of(client.get(url(draft, "redeem-draft-check")))
    file = services.draft_gaps(draft)
    assert [gap.key for gap in file] == ["facts", "facts"]
    kept = page.context["sections"][0].rows[0]
    post(client, url(draft, "redeem-draft-file-remove", pk=kept.pk))
    assert "合同.pdf" not in text_of(client.get(url(draft)))


def _file(name: str) -> object:
    data = factories.pdf()
    data.name = name
    return data


def test_an_open_amount_is_entered_in_the_draft(
    client: Client, organization: Organization, programme: Programme
) -> None:
    order = gathered.make_order(organization, programme, amount=None)
    found = services.gather([order], by=cast.owner_of(organization))
    pick = found.picks.get()
    assert post(client, url(found), what="amounts", **{f"amounts-{pick.pk}": "0"}).status_code == 422
    assert post(client, url(found), what="amounts", **{f"amounts-{pick.pk}": "4,000"}).status_code == 302
    assert Pick.objects.get().contract_amount == 4_000


def test_an_order_leaves_the_draft(client: Client, draft: Redemption) -> None:
    one, other = (pick.order for pick in draft.picks.all())
    post(client, url(draft, "redeem-leave", code=one.number))
    assert [pick.order for pick in draft.picks.all()] == [other]
    answer = post(client, url(draft, "redeem-leave", code=other.number))
    assert "只剩这一个订单" in text_of(client.get(answer.url))
    assert draft.picks.count() == 1


def test_a_whole_draft_is_checked_and_handed_in(client: Client, organization: Organization, draft: Redemption) -> None:
    for pick in draft.picks.all():
        gathered.invoice(pick.order, 3_000)
    gathered.complete(draft, by=cast.owner_of(organization))
    check = url(draft, "redeem-draft-check")
    page = text_of(client.get(check))
    assert "3,000.00" in page
    assert gathered.WORDS["effect"] in page
    answer = post(client, check)
    assert answer.url == reverse("ent-redeem", args=[draft.number])
    shown = text_of(client.get(answer.url))
    for words in ("审核中", "下单与用券", "申请兑付", "审核认定", gathered.WORDS["innovation"]):
        assert words in shown
    assert client.get(url(draft)).status_code == 404


def test_what_is_missing_is_said_at_the_check(client: Client, draft: Redemption) -> None:
    answer = post(client, url(draft, "redeem-draft-check"))
    assert answer.status_code == 422
    assert "请填写发票号" in text_of(answer)
    draft.refresh_from_db()
    assert draft.status == Redemption.State.DRAFT


def test_the_address_of_a_redemption_leads_to_its_draft(client: Client, draft: Redemption) -> None:
    assert client.get(reverse("ent-redeem", args=[draft.number])).url == url(draft)


@pytest.mark.parametrize("name", ["redeem-draft", "redeem-draft-check", "ent-redeem"])
def test_a_draft_is_nobody_elses(draft: Redemption, name: str) -> None:
    assert client_of(cast.rival()).get(url(draft, name)).status_code == 404


def test_a_stranger_changes_nothing(draft: Redemption) -> None:
    rival = client_of(cast.rival())
    order = draft.picks.first()
    assert order is not None
    for name, more in (
        ("redeem-draft", {}),
        ("redeem-draft-check", {}),
        ("redeem-leave", {"code": order.order.number}),
    ):
        assert post(rival, url(draft, name, **more), what="facts").status_code == 404
    assert draft.picks.count() == 2


@pytest.mark.feature("JS-12", "JS-13")
def test_a_contract_is_entered_kept_and_shown_in_three_pairs(client: Client, organization: Organization) -> None:
    """Scenario 7 on the enterprise's pages."""
    programme = test_contracts.make_programme(pay_within_days=60)
    voucher = factories.make_voucher(organization, programme, contract=15_000, quota_amount=100_000)
    factories.complete(voucher, 14_000)
    page = papers_url(voucher)
    assert "请填写合同金额" in text_of(client.get(page))
    assert not Redemption.objects.exists()
    assert post(client, page, what="facts", **{"facts-contract_amount": "0"}).status_code == 422
    assert post(client, page, what="facts", **{"facts-contract_amount": "14,000"}).status_code == 302
    assert Redemption.objects.get().status == Redemption.State.DRAFT
    shown = text_of(client.get(page))
    assert "3,500.00" in shown
    assert "材料符合，可以提交兑付" in shown
    assert "服务完成后 60 天内拨付" in text_of(client.get(f"/redeem/check/?v={voucher.code}"))
    number = post(client, "/redeem/submit/", v=[voucher.code]).url
    shown = text_of(client.get(number))
    for words in ("15,000.00", "3,750.00", "14,000.00", "3,500.00", "服务完成后 60 天内拨付"):
        assert words in shown
    assert Voucher.objects.get().status == Voucher.State.REDEEMING


@pytest.mark.feature("JS-13")
def test_a_reviewer_recognizes_less_and_the_amount_follows(client: Client, organization: Organization) -> None:
    """Scenario 7 at the reviewer's desk."""
    programme = test_contracts.make_programme()
    voucher = test_contracts.make(organization, programme, 15_000, 14_000)
    redemption = services.submit_voucher(voucher, by=cast.owner_of(organization))
    line = redemption.lines.get()
    officer = Client()
    officer.force_login(factories.officer())
    desk = reverse("desk-case", args=["redeem", redemption.number])
    task = factories.case_of(redemption).tasks.get()
    page = officer.get(desk)
    assert "认定合同金额" in text_of(page)
    sent = {"task": task.pk, "decision": "approve", "reason": "合同中 2,000 元不属于研发", f"line_{line.pk}": "3,500"}
    answer = post(officer, desk, **sent, **{f"basis_{line.pk}": "14,001"})
    assert answer.status_code == 422
    assert "最多 14,000.00 元" in text_of(answer)
    assert post(officer, desk, **sent, **{f"basis_{line.pk}": "12,000"}).status_code == 302
    line.refresh_from_db()
    assert (line.approved_contract, line.approved) == (12_000, 3_000)
    assert "12,000.00" in text_of(client.get(reverse("ent-redeem", args=[redemption.number])))


def test_what_was_returned_of_it_is_mended_and_handed_in_again(
    client: Client, organization: Organization, draft: Redemption
) -> None:
    by = cast.owner_of(organization)
    for pick in draft.picks.all():
        gathered.invoice(pick.order, 3_000)
    gathered.complete(draft, by=by)
    redemption = services.submit_draft(draft, by=by)
    factories.decide(redemption, "return", items=[("innovation", "写明创新内容")])
    assert url(draft) in client.get(reverse("ent-redeem", args=[draft.number])).content.decode()
    page = client.get(url(draft))
    assert "写明创新内容" in text_of(page)
    assert "移出" not in text_of(page)
    fields = {"what": "facts", "facts-row_effect": "另写", "facts-row_innovation": "换用自研夹具"}
    assert post(client, url(draft), **fields).status_code == 302
    send = {"what": "attachment", "file-attachment-file": _file("补充.pdf")}
    assert post(client, url(draft), **send).status_code == 422
    post(client, reverse("redeem-resubmit", args=[draft.number]))
    redemption = Redemption.objects.get()
    assert (redemption.status, redemption.answers["innovation"]) == ("in_review", "换用自研夹具")
    assert redemption.answers["effect"] == gathered.WORDS["effect"]


def test_the_page_of_a_draft_asks_the_database_little(
    client: Client, draft: Redemption, django_assert_max_num_queries: Any
) -> None:
    client.get(url(draft))
    with django_assert_max_num_queries(20):
        client.get(url(draft))


@pytest.mark.feature("JS-12")
def test_a_secret_comes_back_on_no_page_and_stays_without_being_typed(
    client: Client, organization: Organization
) -> None:
    programme = test_contracts.make_programme(("card", "secret", "开户许可证号"))
    voucher = factories.make_voucher(organization, programme, contract=15_000, quota_amount=100_000)
    page = papers_url(voucher)
    first = {"facts-contract_amount": "14,000", "facts-row_card": "J3310-2026"}
    assert post(client, page, what="facts", **first).status_code == 302
    kept = Redemption.objects.get().answers["card"]
    assert decrypt(kept) == "J3310-2026"
    shown = client.get(page).content.decode()
    assert "已保存，不填则不变" in shown
    assert kept not in shown
    assert "J3310-2026" not in shown
    again = {"facts-contract_amount": "13,000", "facts-row_card": ""}
    assert post(client, page, what="facts", **again).status_code == 302
    assert Redemption.objects.get().answers["card"] == kept
