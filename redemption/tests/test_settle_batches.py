"""A third party checks what the bank did with its batches, explains differences and signs."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework import attachments, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Payment, SettlementBatch
from redemption.tests import agency, factories
from redemption.tests.pages import client_for, client_of, post, text_of
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]


@pytest.fixture
def programme() -> Programme:
    return agency.make_programme()


@pytest.fixture(scope="module")
def built(kept: Path) -> SettlementBatch:
    """Two payments at the bank: 12,000 and 3,000 yuan."""
    programme = agency.make_programme()
    for amount in (12_000, 3_000):
        agency.payable(agency.served(programme, contract=amount))
    return factories.exported(factories.settler(), factories.countersigner(), programme)


@pytest.fixture
def batch(built: SettlementBatch) -> SettlementBatch:
    return deepcopy(built)


@pytest.fixture
def browser() -> Client:
    return client_for(agency.agent())


def answered(batch: SettlementBatch, *, failed: int = 0) -> SettlementBatch:
    factories.import_rows(batch, batch.prepared_by, factories.paid_rows(batch, failed=failed))
    return SettlementBatch.objects.get(pk=batch.pk)


def url_of(name: str, batch: SettlementBatch) -> str:
    return reverse(f"settle-{name}", args=[batch.number])


def back(batch: SettlementBatch) -> Payment:
    return batch.payments.get(status="failed")


# --- Verbs ----------------------------------------------------------------------------------------


def test_differences_are_explained_and_the_result_is_signed(batch: SettlementBatch) -> None:
    batch, by = answered(batch, failed=1), agency.agent()
    given = {back(batch).reference: ("holder", " 更名审核中 ")}
    assert services.explain_differences(batch, by=by, given=given) == 1
    assert (back(batch).cause, back(batch).explanation) == ("holder", "更名审核中")
    signed = services.sign_batch(batch, by=by, words="相符")
    assert (signed.signed_by, signed.signed_words) == (by, "相符")
    verbs = set(AuditRow.objects.values_list("verb", flat=True))
    assert {"batch.explained", "batch.signed"} <= verbs
    assert invariants.broken() == {}


def test_the_same_words_again_leave_no_record(batch: SettlementBatch) -> None:
    batch, by = answered(batch, failed=1), agency.agent()
    given = {back(batch).reference: ("holder", "更名审核中")}
    services.explain_differences(batch, by=by, given=given)
    assert services.explain_differences(batch, by=by, given=given) == 0
    assert AuditRow.objects.filter(verb="batch.explained").count() == 1


def test_what_the_bank_paid_is_not_explained(batch: SettlementBatch) -> None:
    batch = answered(batch)
    given = {row.reference: ("other", "x") for row in batch.payments.all()}
    assert services.explain_differences(batch, by=agency.agent(), given=given) == 0
    assert set(batch.payments.values_list("cause", flat=True)) == {""}


@pytest.mark.parametrize(
    ("failed", "words"), [(None, "还有拨付没有银行结果"), (1, "还有 1 笔差异没有说明"), (2, "还有 2 笔差异没有说明")]
)
def test_what_is_open_is_not_signed(batch: SettlementBatch, failed: int | None, words: str) -> None:
    if failed is not None:
        batch = answered(batch, failed=failed)
    with pytest.raises(Refused, match=words):
        services.sign_batch(batch, by=agency.agent(), words="")
    assert SettlementBatch.objects.get().signed_by is None


def test_a_signed_batch_is_read_only(batch: SettlementBatch) -> None:
    batch, by = answered(batch), agency.agent()
    services.sign_batch(batch, by=by, words="")
    for act in (
        lambda: services.sign_batch(batch, by=by, words="再签"),
        lambda: services.explain_differences(batch, by=by, given={}),
        lambda: services.add_bank_receipt(batch, by=by, name="回单.pdf", data=factories.pdf()),
    ):
        with pytest.raises(Refused, match="核对结果已提交"):
            act()
    assert SettlementBatch.objects.get().signed_words == ""


def test_before_the_export_there_is_nothing_to_check(programme: Programme) -> None:
    agency.payable(agency.served(programme))
    frozen = factories.frozen(factories.settler(), programme)
    with pytest.raises(Refused, match="导出银行文件之后才能核对"):
        services.sign_batch(frozen, by=agency.agent(), words="")


@pytest.mark.parametrize("who", ["county", "province", "other third party", "carrier"])
def test_others_neither_explain_nor_sign(batch: SettlementBatch, who: str) -> None:
    batch = answered(batch, failed=1)
    people = {
        "county": factories.officer(),
        "province": batch.prepared_by,
        "other third party": agency.agent(region_code="340000"),
        "carrier": cast.owner_of(back(batch).payee),
    }
    given = {back(batch).reference: ("holder", "x")}
    with pytest.raises(NotAllowed):
        services.explain_differences(batch, by=people[who], given=given)
    with pytest.raises(NotAllowed):
        services.sign_batch(batch, by=people[who], words="")
    assert back(batch).cause == ""


def test_a_batch_of_another_scheme_is_not_the_third_partys() -> None:
    programme, settler = factories.make_programme(), factories.settler()
    factories.payable(programme=programme)
    batch = factories.exported(settler, factories.countersigner(), programme)
    with pytest.raises(NotAllowed, match="不由第三方服务机构办理"):
        services.sign_batch(batch, by=agency.agent(), words="")


def test_the_database_wants_name_and_time_of_a_signature_together(batch: SettlementBatch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementBatch.objects.filter(pk=batch.pk).update(signed_by=batch.prepared_by)


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_puts_both_sums_beside_each_other(batch: SettlementBatch, browser: Client) -> None:
    words = text_of(browser.get(url_of("batch", batch)))
    assert "等待银行结果" in words
    batch = answered(batch)
    words = text_of(browser.get(url_of("batch", batch)))
    assert "系统应付 15,000.00" in words
    assert "银行实付 15,000.00" in words
    assert "差额 0.00" in words
    assert "提交核对结果" in words


def test_a_difference_is_explained_and_signed_on_the_pages(batch: SettlementBatch, browser: Client) -> None:
    batch = answered(batch, failed=1)
    url = url_of("batch", batch)
    words = text_of(browser.get(url))
    assert "说明 1 笔差异" in words
    assert "账号与户名不符" in words
    assert post(browser, url_of("sign", batch), words="").status_code == 422
    assert post(browser, url, cause_0="closed", words_0="机构已提交新账户").status_code == 302
    assert "账号已注销" in text_of(browser.get("/settle/diff/"))
    assert post(browser, url_of("sign", batch), words="一笔转下一批次").status_code == 302
    words = text_of(browser.get(url))
    assert "核对结果已提交" in words
    assert "一笔转下一批次" in words
    assert "保存说明" not in words


@pytest.mark.parametrize(
    ("cause", "words", "said"),
    [("", "先记下", "选择原因"), ("other", "", "写明说明"), ("none", "x", "从列出的选项中选择原因")],
)
def test_half_an_explanation_is_asked_about(
    batch: SettlementBatch, browser: Client, cause: str, words: str, said: str
) -> None:
    batch = answered(batch, failed=1)
    response = post(browser, url_of("batch", batch), cause_0=cause, words_0=words)
    assert response.status_code == 422
    assert said in text_of(response)
    assert back(batch).cause == ""


def test_a_receipt_is_kept_with_the_batch(batch: SettlementBatch, browser: Client) -> None:
    url = url_of("receipt-new", batch)
    assert browser.get(url).status_code == 200
    given = SimpleUploadedFile("回单.pdf", factories.pdf().read())
    assert post(browser, url, file=given).status_code == 302
    assert [file.name for file in attachments.files(batch, "receipt")] == ["回单.pdf"]
    assert "回单.pdf" in text_of(browser.get("/settle/receipts/"))


def test_a_receipt_that_is_none_is_refused(batch: SettlementBatch, browser: Client) -> None:
    response = post(browser, url_of("receipt-new", batch), file=SimpleUploadedFile("回单.pdf", b"MZ\x90\x00"))
    assert response.status_code == 422
    assert attachments.files(batch, "receipt") == []


def test_a_signed_batch_takes_no_receipt(batch: SettlementBatch, browser: Client) -> None:
    services.sign_batch(answered(batch), by=agency.agent(), words="")
    assert browser.get(url_of("receipt-new", batch)).status_code == 403


def test_batches_stand_under_their_tabs(batch: SettlementBatch, browser: Client) -> None:
    def there() -> list[str]:
        return [
            tab
            for tab in ("", "preparing", "signed")
            if batch.number in text_of(browser.get(f"/settle/batches/?tab={tab}"))
        ]

    assert there() == [""]
    services.sign_batch(answered(batch), by=agency.agent(), words="")
    assert there() == ["signed"]


def test_a_draft_waits_in_its_tab(programme: Programme, browser: Client) -> None:
    draft = factories.draft(factories.settler(), programme)
    assert draft.number in text_of(browser.get("/settle/batches/?tab=preparing"))
    assert "等待省级主管部门制单和复核" in text_of(browser.get(url_of("batch", draft)))


@pytest.mark.parametrize("url", ["/settle/batches/", "/settle/diff/", "/settle/receipts/"])
@pytest.mark.usefixtures("programme")
def test_empty_pages_say_why_and_lead_on(browser: Client, url: str) -> None:
    page = browser.get(url)
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_batches_of_others_are_not_there(batch: SettlementBatch) -> None:
    client = client_for(agency.agent(region_code="340000"))
    assert {client.get(url_of(name, batch)).status_code for name in ("batch", "sign", "receipt-new")} == {404}
    carrier = client_of(Payment.objects.filter(batch=batch)[0].payee)
    assert carrier.get(url_of("batch", batch)).status_code == 403


def test_a_new_account_after_a_refusal_is_paid_in_the_next_batch(batch: SettlementBatch) -> None:
    batch, programme = answered(batch, failed=1), batch.programme
    services.reconcile_batch(batch, by=batch.prepared_by)
    payee = back(batch).payee
    client = client_of(payee)
    home = text_of(client.get("/account/bank/"))
    assert "1 件兑付的款项被银行退回" in home
    assert "更新收款账户" in text_of(client.get(reverse("ent-redeem", args=[payee.redemptions.get().number])))
    payee.bank_accounts.update(active=False)
    cast.make_bank_account(payee, "6222020000000009876")
    settler = factories.settler("李制单")
    again = factories.draft(settler, programme)
    found = services.preview_of(again)
    assert [(row.redemption.payee, row.account.last_four) for row in found.included] == [(payee, "9876")]
    assert found.total == Decimal(3_000)
