"""The page of a voucher's papers: given, refused, taken back."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.lib.tests import files
from redemption.models import BankReceipt, Invoice
from redemption.tests import factories
from redemption.tests.pages import papers_url, post, text_of

pytestmark = pytest.mark.django_db


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
