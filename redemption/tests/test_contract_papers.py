"""Contracts listed one by one with the amount of each that counts; what can be claimed follows them."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse

from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Attachment, AuditRow
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post
from redemption import services
from redemption.models import ContractPaper, RedemptionLine
from redemption.subjects import answers, targets
from redemption.tests import factories
from redemption.tests.itemized import MEGABYTE, add_contract, add_rest, make_programme, make_voucher
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-6")]


def worth(voucher: Voucher) -> Decimal:
    voucher = Voucher.objects.get(pk=voucher.pk)
    return services.computed_amount(voucher, services.papers_of(voucher))


def words(voucher: Voucher) -> list[str]:
    return [gap.words for gap in services.gaps(Voucher.objects.get(pk=voucher.pk))]


def test_several_contracts_add_up_to_what_is_claimed() -> None:
    voucher = make_voucher(contract=20_000)
    add_contract(voucher, 6_000, "主合同")
    add_contract(voucher, 3_000, "补充协议")
    add_rest(voucher, 20_000)
    assert worth(voucher) == 4_500
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    line = RedemptionLine.objects.get(redemption=redemption)
    assert (line.computed, line.claimed) == (4_500, 4_500)


@pytest.mark.parametrize(
    ("contract", "effective", "invoices", "amount"),
    [
        ("9099", "9099", "9099", "4549.50"),
        ("9099", "9099", "8000", "4000"),
        ("9099", "5000", "9099", "2500"),
        ("9099", "30000", "30000", "4549.50"),
        ("300000", "300000", "300000", "100000"),
    ],
)
def test_the_lowest_of_contracts_invoices_and_voucher_decides(
    contract: str, effective: str, invoices: str, amount: str
) -> None:
    voucher = make_voucher(contract=contract)
    add_contract(voucher, effective)
    add_rest(voucher, invoices)
    assert worth(voucher) == Decimal(amount)


def test_without_a_contract_it_cannot_be_handed_in() -> None:
    voucher = make_voucher()
    add_rest(voucher)
    assert words(voucher) == ["请添加合同，写明申请兑付的有效金额"]
    with pytest.raises(Refused, match="请添加合同"):
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert not RedemptionLine.objects.exists()


def test_what_counts_must_come_to_the_least_amount() -> None:
    voucher = make_voucher()
    add_contract(voucher, "3999.99")
    add_rest(voucher)
    assert words(voucher) == ["合同有效金额与发票合计取低后为 3,999.99 元，不到 4,000.00 元，不能兑付"]
    add_contract(voucher, "0.01", "补充协议")
    assert words(voucher) == []
    assert worth(voucher) == 2_000


@pytest.mark.parametrize("name", ["合同.jpg", "合同.txt"])
def test_a_scan_of_another_format_is_refused(name: str) -> None:
    voucher = make_voucher()
    with pytest.raises(Refused):
        add_contract(voucher, picture=(name, BytesIO(b"\xff\xd8\xff\xe0" + bytes(100))))
    assert (ContractPaper.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize(("size", "fits"), [(5 * MEGABYTE - 1, True), (5 * MEGABYTE, False), (5 * MEGABYTE + 1, False)])
def test_a_scan_is_smaller_than_five_megabytes(size: int, fits: bool) -> None:
    voucher, body = make_voucher(), files.pdf()
    content = BytesIO(body + b"\n" * (size - len(body)))
    if fits:
        assert add_contract(voucher, picture=("合同.pdf", content)).image is not None
        return
    with pytest.raises(Refused):
        add_contract(voucher, picture=("合同.pdf", content))
    assert not ContractPaper.objects.exists()


def test_a_scan_belongs_to_each_contract() -> None:
    with pytest.raises(Refused, match="上传合同扫描件"):
        add_contract(make_voucher(), picture=None)
    assert not ContractPaper.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_is_above_zero(amount: str) -> None:
    with pytest.raises(Refused, match="大于 0"):
        add_contract(make_voucher(), amount)


def test_a_scheme_may_limit_their_number() -> None:
    voucher = make_voucher(make_programme(contracts_per_order=1))
    add_contract(voucher)
    with pytest.raises(Refused, match="最多 1 份合同"):
        add_contract(voucher, name="又一份")
    assert ContractPaper.objects.count() == 1


def test_a_scheme_that_asks_for_no_list_takes_none() -> None:
    with pytest.raises(Refused, match="不用逐份填写合同"):
        add_contract(factories.make_voucher())


def test_strangers_add_and_remove_nothing() -> None:
    voucher = make_voucher()
    paper = add_contract(voucher)
    stranger = cast.owner_of(cast.rival())
    with pytest.raises(NotAllowed):
        add_contract(voucher, by=stranger)
    with pytest.raises(NotAllowed):
        services.remove_contract(voucher, paper, by=stranger)
    assert list(ContractPaper.objects.all()) == [paper]


def test_one_is_taken_back_with_its_scan() -> None:
    voucher = make_voucher()
    services.remove_contract(voucher, add_contract(voucher), by=factories.payee_of(voucher))
    assert not ContractPaper.objects.exists()
    assert attachments.files(voucher.order) == []
    verbs = AuditRow.objects.filter(verb__startswith="redemption.contract").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["redemption.contract_added", "redemption.contract_removed"]


def test_after_it_was_handed_in_nothing_changes_until_it_is_returned() -> None:
    voucher = make_voucher()
    paper = add_contract(voucher)
    add_rest(voucher)
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    with pytest.raises(Refused, match="已提交"):
        add_contract(Voucher.objects.get(pk=voucher.pk))
    assert ContractPaper.objects.get() == paper
    assert ("contracts", "合同") in targets(redemption)
    assert ("合同有效金额", "技术服务合同 9,099.00") in list(answers(redemption))


def test_on_the_page_contracts_are_added_and_removed() -> None:
    voucher = make_voucher()
    client = client_of(factories.payee_of(voucher))
    address = reverse("ent-redeem-papers", args=[voucher.code])
    page = client.get(address).content.decode()
    assert "添加合同" in page
    assert "申请兑付合同有效金额" in page
    scan = BytesIO(files.pdf())
    scan.name = "合同.pdf"
    values = {"contracts-name": "主合同", "contracts-amount": "9,099", "contracts-image": scan}
    assert post(client, address, what="contracts", **values).status_code == 302
    assert "9,099.00" in client.get(address).content.decode()
    paper = ContractPaper.objects.get()
    remove = reverse("redeem-paper-remove", args=[voucher.code, "contracts", paper.pk])
    assert post(client, remove).status_code == 302
    assert not ContractPaper.objects.exists()


def test_a_wrong_amount_on_the_page_keeps_what_was_typed() -> None:
    voucher = make_voucher()
    address = reverse("ent-redeem-papers", args=[voucher.code])
    values = {"contracts-name": "主合同", "contracts-amount": "九千"}
    answer = post(client_of(factories.payee_of(voucher)), address, what="contracts", **values)
    assert answer.status_code == 422
    assert "主合同" in answer.content.decode()
    assert "九千" in answer.content.decode()
