"""Evidence rules as rows: one contract, pictures with their papers, sizes, formats, sums; each refusal says its own."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.tests.files import pdf, picture
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import BankReceipt, Invoice, InvoiceAllocation
from redemption.tests import factories
from vouchers.models import EvidenceRow, Programme, ProgrammeVersion, Voucher
from vouchers.services.publishing import publish

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-12")]

MB = 1024 * 1024
PICTURES = ["jpg", "jpeg", "png", "pdf"]
ROWS: tuple[dict[str, Any], ...] = (
    {"key": "contract", "label": "合同", "maximum": 1, "formats": ["pdf"], "max_bytes": 50 * MB},
    {"key": "report", "label": "报告", "formats": ["pdf"], "max_bytes": 50 * MB},
    {"key": "bank_receipt", "label": "银行回单", "formats": PICTURES, "max_bytes": 50 * MB},
    {"key": "invoice", "label": "发票", "formats": PICTURES, "max_bytes": 5 * MB},
    {"key": "rd_proof", "label": "研发活动证明", "maximum": 1, "formats": ["pdf"], "max_bytes": 50 * MB},
    {"key": "other", "label": "其他材料", "minimum": 0, "formats": ["pdf"], "max_bytes": 50 * MB},
)


def make_programme(*rows: dict[str, Any], **parameters: Any) -> Programme:
    """Asks for everything by rows."""
    rules = {"payment_check": "full", "invoice_fields": ["number", "amount", "image"], **parameters}
    programme = factories.make_programme(**rules)
    latest = programme.versions.latest("number")
    values = {name: getattr(latest, name) for name in latest.parameter_names()}
    version = ProgrammeVersion.objects.create(
        programme=programme, number=latest.number + 1, effective_from=latest.effective_from, **values
    )
    for row in rows or ROWS:
        EvidenceRow.objects.create(version=version, stage="redemption", **row)
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


@pytest.fixture
def voucher(organization: Organization) -> Voucher:
    return factories.make_voucher(organization, make_programme(), contract=5_000)


def give(voucher: Voucher, key: str, name: str = "材料.pdf", data: BytesIO | None = None) -> Any:
    by = factories.payee_of(voucher)
    return services.add_paper(voucher, key, by=by, name=name, data=data or factories.pdf())


def invoice(voucher: Voucher, amount: int, picture: Any = ("发票.png", None), number: str = "") -> Invoice:
    facts = services.InvoiceFacts(number=number or factories.invoice_number(), amount=Decimal(amount))
    shown = (picture[0], picture[1] or factories.png()) if picture else None
    return services.add_invoice(voucher, by=factories.payee_of(voucher), facts=facts, picture=shown)


def receipt(voucher: Voucher, amount: int, *, picture: bool = True) -> BankReceipt:
    shown = ("回单.png", factories.png()) if picture else None
    by = factories.payee_of(voucher)
    return services.add_receipt(voucher, by=by, amount=Decimal(amount), paid_on=None, picture=shown)


def complete(voucher: Voucher) -> None:
    for key in ("contract", "report", "rd_proof"):
        give(voucher, key)


def words(voucher: Voucher) -> list[str]:
    return [gap.words for gap in services.gaps(Voucher.objects.get(pk=voucher.pk))]


def test_everything_that_is_asked_is_named_at_once(voucher: Voucher) -> None:
    assert words(voucher) == [
        "上传合同，还差 1 份",
        "上传报告，还差 1 份",
        "上传研发活动证明，还差 1 份",
        "请填写发票号",
        "请补充银行回单",
    ]


def test_two_receipts_over_the_invoices_are_enough(voucher: Voucher) -> None:
    """Scenario 6: 2,000 + 3,000 = 5,000 passes."""
    complete(voucher)
    invoice(voucher, 5_000)
    receipt(voucher, 2_000)
    receipt(voucher, 3_000)
    assert words(voucher) == []
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert redemption.status == "in_review"


def test_receipts_and_invoices_must_be_equal(voucher: Voucher) -> None:
    """Scenario 6: bank 5,000, invoices 4,999."""
    complete(voucher)
    invoice(voucher, 4_999)
    receipt(voucher, 5_000)
    with pytest.raises(Refused, match=r"银行回单合计比发票合计多 1\.00 元，两者须相等"):
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert Voucher.objects.get().status == Voucher.State.CONFIRMED


@pytest.mark.parametrize("key", ["contract", "rd_proof"])
def test_a_second_one_is_refused_where_there_is_exactly_one(voucher: Voucher, key: str) -> None:
    """Scenario 6: a second contract."""
    give(voucher, key)
    with pytest.raises(Refused, match="最多 1 份。先删除一份，再上传"):
        give(voucher, key)
    assert len(attachments.files(voucher.order, key)) == 1


def test_a_contract_that_is_a_picture_is_refused(voucher: Voucher) -> None:
    """Scenario 6: a contract as JPG."""
    with pytest.raises(Refused, match="只支持 PDF"):
        give(voucher, "contract", "合同.jpg", BytesIO(picture("JPEG")))
    assert attachments.files(voucher.order) == []


@pytest.mark.parametrize(("key", "limit"), [("contract", 50 * MB), ("report", 50 * MB)])
def test_one_byte_more_than_the_limit_is_refused(voucher: Voucher, key: str, limit: int) -> None:
    """Scenario 6: 50 MB + 1 byte."""
    with pytest.raises(Refused, match="50 MB"):
        give(voucher, key, data=BytesIO(b"%PDF-1.4\n" + b"0" * (limit - 8)))
    assert attachments.files(voucher.order) == []


def test_a_picture_of_an_invoice_over_its_limit_is_refused_and_no_invoice_kept(voucher: Voucher) -> None:
    """Scenario 6: the image of an invoice over 5 MB."""
    with pytest.raises(Refused, match="5 MB"):
        invoice(voucher, 5_000, ("发票.png", BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 5 * MB)))
    assert not Invoice.objects.exists()


def test_an_invoice_without_its_picture_is_refused(voucher: Voucher) -> None:
    with pytest.raises(Refused, match="上传发票的图片或扫描件"):
        invoice(voucher, 5_000, None)
    assert not InvoiceAllocation.objects.exists()


def test_a_receipt_without_its_picture_is_refused(voucher: Voucher) -> None:
    with pytest.raises(Refused, match="上传银行回单的图片或扫描件"):
        receipt(voucher, 5_000, picture=False)
    assert not BankReceipt.objects.exists()


def test_a_picture_goes_with_what_it_shows(voucher: Voucher) -> None:
    by = factories.payee_of(voucher)
    shown, paid = invoice(voucher, 5_000), receipt(voucher, 5_000)
    assert {file.key for file in attachments.files(voucher.order)} == {"invoice", "bank_receipt"}
    services.remove_invoice(voucher, shown, by=by)
    services.remove_receipt(voucher, paid, by=by)
    assert attachments.files(voucher.order) == []


def test_pictures_are_not_uploaded_by_themselves(voucher: Voucher) -> None:
    with pytest.raises(Refused, match="不需要上传"):
        give(voucher, "invoice", "发票.png", factories.png())
    assert attachments.files(voucher.order) == []


@pytest.mark.parametrize(("over", "passes"), [(0, False), (1, True)])
def test_strict_means_smaller(organization: Organization, over: int, passes: bool) -> None:
    content = pdf()
    row = {"key": "summary", "label": "总结", "minimum": 0, "formats": ["pdf"], "strict": True}
    voucher = factories.make_voucher(organization, make_programme({**row, "max_bytes": len(content) + over}))
    if passes:
        assert give(voucher, "summary", data=BytesIO(content)).key == "summary"
        return
    with pytest.raises(Refused, match=f"要小于 {len(content)} 字节（这份 {len(content)} 字节），压缩后再传"):
        give(voucher, "summary", data=BytesIO(content))
    assert attachments.files(voucher.order) == []


def test_the_same_invoice_behind_another_order_is_refused(organization: Organization) -> None:
    programme = make_programme()
    one = factories.make_voucher(organization, programme, contract=5_000)
    number = invoice(one, 5_000).number
    other = factories.make_voucher(organization, programme, contract=5_000)
    with pytest.raises(Refused, match=f"发票 {number} 已用于创新券"):
        invoice(other, 5_000, number=number)
    assert attachments.files(other.order) == []


@pytest.mark.feature("X-7")
def test_a_rival_learns_nothing_and_leaves_no_file(organization: Organization) -> None:
    programme = make_programme()
    number = invoice(factories.make_voucher(organization, programme), 5_000).number
    rival = factories.make_voucher(cast.rival(), programme)
    with pytest.raises(Refused) as caught:
        invoice(rival, 5_000, number=number)
    assert caught.value.message == f"发票 {number} 已用于其他申请，换一张或联系科技局。"
    assert attachments.files(rival.order) == []


def test_one_receipt_is_enough_where_only_one_is_asked(organization: Organization) -> None:
    programme = make_programme(*ROWS, payment_check="one_receipt")
    voucher = factories.make_voucher(organization, programme, contract=5_000)
    complete(voucher)
    invoice(voucher, 5_000)
    assert words(voucher) == ["请补充银行回单"]
    receipt(voucher, 100)
    assert words(voucher) == []
