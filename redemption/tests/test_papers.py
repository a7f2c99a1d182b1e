"""Invoices, receipts and files behind a voucher: who may, once only, across all organizations."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from orders.models import Order
from redemption import services
from redemption.models import BankReceipt, Invoice, InvoiceAllocation
from redemption.tests import factories
from vouchers.models import Voucher
from vouchers.tests.factories import claim, end_year

pytestmark = pytest.mark.django_db

NUMBER = "26330000000000000001"


def facts(number: str = NUMBER, code: str = "", amount: int | str | None = 18_000) -> services.InvoiceFacts:
    return services.InvoiceFacts(number=number, code=code, amount=Decimal(amount) if amount else None)


def add(voucher: Voucher, *, by: Any = None, **values: Any) -> Invoice:
    return services.add_invoice(voucher, by=by or factories.payee_of(voucher), facts=facts(**values))


def verbs() -> list[str]:
    return list(AuditRow.objects.filter(verb__startswith="redemption.").order_by("id").values_list("verb", flat=True))


@pytest.fixture
def voucher(begun: Voucher) -> Voucher:
    return deepcopy(begun)


# --- Invoices -----------------------------------------------------------------------------------


@begins(factories.make_voucher)
def test_an_invoice_stands_behind_its_voucher_with_its_amount(voucher: Voucher) -> None:
    invoice = add(voucher)
    row = InvoiceAllocation.objects.get()
    assert (row.invoice, row.order.voucher, row.amount) == (invoice, voucher, Decimal("18000.00"))
    assert invoice.organization == voucher.organization
    assert verbs() == ["redemption.invoice_added"]


@pytest.mark.parametrize(
    ("code", "number", "kept"),
    [
        ("", "2633 0000 0000 0000 0001", ("", NUMBER)),
        ("033001900104", "1234 5678", ("033001900104", "12345678")),
        ("０３３００１９００１０４", "12345678", ("033001900104", "12345678")),
    ],
)
def test_code_and_number_are_kept_in_one_form(code: str, number: str, kept: tuple[str, str]) -> None:
    invoice = add(factories.make_voucher(), code=code, number=number)
    assert (invoice.code, invoice.number) == kept


@begins(factories.make_voucher)
@pytest.mark.parametrize(("code", "number"), [("", "123"), ("033001900104", NUMBER), ("12", "12345678"), ("", "")])
def test_a_number_that_is_none_is_refused_and_nothing_is_kept(code: str, number: str, voucher: Voucher) -> None:
    with pytest.raises(Refused):
        add(voucher, code=code, number=number)
    assert not Invoice.objects.exists()


@begins(factories.make_voucher)
def test_an_amount_is_above_zero(voucher: Voucher) -> None:
    with pytest.raises(Refused, match="须大于 0"):
        services.add_invoice(
            voucher, by=factories.payee_of(voucher), facts=services.InvoiceFacts(number=NUMBER, amount=Decimal(-1))
        )
    assert not Invoice.objects.exists()


@pytest.mark.feature("X-7")
def test_the_same_invoice_is_refused_behind_another_voucher_of_the_same_enterprise_by_its_number() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    one = factories.make_voucher(organization, programme)
    two = factories.make_voucher(organization, programme)
    add(one)
    with pytest.raises(Refused) as caught:
        add(two)
    code = f"{one.code[:4]}-{one.code[4:8]}-{one.code[8:]}"
    assert caught.value.message == f"发票 {NUMBER} 已用于创新券 {code}，换一张或联系科技局。"
    assert InvoiceAllocation.objects.count() == 1


@pytest.mark.feature("X-7")
def test_a_submitted_redemption_is_named_by_its_own_number() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    redemption = factories.submitted(organization, programme)
    used = redemption.lines.get().voucher.order.invoice_allocations.get().invoice
    other = factories.make_voucher(organization, programme)
    with pytest.raises(Refused, match=f"已用于{redemption.number}，"):
        add(other, number=used.number)


@pytest.mark.feature("X-7")
def test_a_rival_learns_only_that_the_invoice_is_used() -> None:
    programme = factories.make_programme()
    add(factories.make_voucher(cast.enterprise(), programme))
    rival = factories.make_voucher(cast.rival(), programme)
    with pytest.raises(Refused) as caught:
        add(rival)
    assert caught.value.message == f"发票 {NUMBER} 已用于其他申请，换一张或联系科技局。"
    assert Invoice.objects.get().allocations.count() == 1


@pytest.mark.feature("X-7")
def test_the_same_invoice_is_refused_in_another_region_year_and_scheme() -> None:
    first = factories.make_voucher(cast.enterprise(), factories.make_programme())
    add(first)
    elsewhere = cast.make_organization(region_code="320104")
    other = factories.make_programme(region_code="320000", kind="B", orders_per_invoice=None)
    second = factories.make_voucher(elsewhere, other)
    with pytest.raises(Refused, match="已用于其他申请"):
        add(second)
    later = factories.make_programme(kind="C")
    claim(first.organization, later)
    third = factories.make_voucher(first.organization, later)
    with pytest.raises(Refused, match="已用于创新券"):
        add(third)
    end_year(first.account, days=400)
    with pytest.raises(Refused, match="已用于创新券"):
        add(third)
    assert InvoiceAllocation.objects.count() == 1


def test_a_carrier_does_not_learn_of_vouchers_at_other_carriers() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    add(factories.make_voucher(organization, programme, redeemer="enterprise"))
    with pytest.raises(Refused, match="已用于其他申请"):
        add(factories.make_voucher(organization, programme, redeemer="carrier"))


def test_an_invoice_of_an_ended_voucher_may_be_used_again() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    redemption = factories.submitted(organization, programme)
    number = Invoice.objects.get().number
    factories.decide(redemption, "reject", reason="服务不在范围内")
    again = factories.make_voucher(organization, programme)
    add(again, number=number)
    assert again.order.invoice_allocations.get().invoice.number == number


@begins(factories.make_voucher)
def test_the_same_invoice_twice_behind_one_voucher_is_said(voucher: Voucher) -> None:
    add(voucher)
    with pytest.raises(Refused, match="已经填过了"):
        add(voucher)
    assert InvoiceAllocation.objects.count() == 1


@pytest.mark.parametrize(("limit", "fits"), [(1, False), (2, True), (None, True)])
def test_a_scheme_limits_the_invoices_of_an_order(limit: int | None, fits: bool) -> None:
    voucher = factories.make_voucher(programme=factories.make_programme(invoices_per_order=limit))
    add(voucher)
    if fits:
        add(voucher, number="26330000000000000002")
    else:
        with pytest.raises(Refused, match="最多 1 张发票，可补下差价订单"):
            add(voucher, number="26330000000000000002")
    assert voucher.order.invoice_allocations.count() == (2 if fits else 1)


def test_orders_that_share_an_invoice_stay_within_its_amount() -> None:
    programme, organization = factories.make_programme(orders_per_invoice=None), cast.enterprise()
    rows = [factories.make_voucher(organization, programme, contract=3_000) for _index in range(3)]
    for voucher in rows[:2]:
        add(voucher, amount=6_000)
    with pytest.raises(Refused, match=r"还可分摊 0.00 元，少于合同金额 3,000.00 元"):
        add(rows[2], amount=6_000)
    assert [row.amount for row in InvoiceAllocation.objects.all()] == [Decimal("3000.00")] * 2


def test_a_shared_invoice_that_is_too_small_for_two_is_refused() -> None:
    programme, organization = factories.make_programme(orders_per_invoice=None), cast.enterprise()
    one, two = (factories.make_voucher(organization, programme, contract=3_000) for _index in range(2))
    add(one, amount=5_999)
    with pytest.raises(Refused, match=r"还可分摊 2,999.00 元"):
        add(two, amount=5_999)


def test_a_shared_invoice_keeps_the_amount_that_was_written_first() -> None:
    programme, organization = factories.make_programme(orders_per_invoice=None), cast.enterprise()
    one, two = (factories.make_voucher(organization, programme, contract=3_000) for _index in range(2))
    add(one, amount=6_000)
    with pytest.raises(Refused, match="登记的金额不同"):
        add(two, amount=9_000)
    assert Invoice.objects.get().amount == Decimal("6000.00")


def test_an_invoice_that_was_taken_back_is_free_for_everybody() -> None:
    programme = factories.make_programme()
    mine = factories.make_voucher(cast.enterprise(), programme)
    invoice = add(mine)
    services.remove_invoice(mine, invoice, by=factories.payee_of(mine))
    assert not Invoice.objects.exists()
    add(factories.make_voucher(cast.rival(), programme))
    assert verbs() == ["redemption.invoice_added", "redemption.invoice_removed", "redemption.invoice_added"]


@begins(factories.make_voucher)
def test_taking_back_twice_does_nothing_more(voucher: Voucher) -> None:
    invoice = add(voucher)
    services.remove_invoice(voucher, invoice, by=factories.payee_of(voucher))
    services.remove_invoice(voucher, invoice, by=factories.payee_of(voucher))
    assert verbs().count("redemption.invoice_removed") == 1


# --- Receipts -----------------------------------------------------------------------------------


@begins(factories.make_voucher)
def test_receipts_are_written_down_and_taken_back(voucher: Voucher) -> None:
    by = factories.payee_of(voucher)
    receipt = services.add_receipt(voucher, by=by, amount=Decimal("4000.50"), paid_on=None)
    assert BankReceipt.objects.get().amount == Decimal("4000.50")
    services.remove_receipt(voucher, receipt, by=by)
    assert not BankReceipt.objects.exists()
    assert verbs() == ["redemption.receipt_added", "redemption.receipt_removed"]


@begins(factories.make_voucher)
@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_receipt_is_above_zero(amount: str, voucher: Voucher) -> None:
    with pytest.raises(Refused, match="须大于 0"):
        services.add_receipt(voucher, by=factories.payee_of(voucher), amount=Decimal(amount), paid_on=None)
    assert not BankReceipt.objects.exists()


def test_the_receipt_of_another_voucher_stays() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    one, two = (factories.make_voucher(organization, programme) for _index in range(2))
    by = cast.owner_of(organization)
    receipt = services.add_receipt(one, by=by, amount=Decimal(5), paid_on=None)
    services.remove_receipt(two, receipt, by=by)
    assert BankReceipt.objects.filter(pk=receipt.pk).exists()


# --- Files --------------------------------------------------------------------------------------


def asking_voucher(kind: str = "", **values: Any) -> Voucher:
    programme = factories.make_programme(kind=kind)
    factories.ask_for(programme, "report", label="服务报告", **values)
    return factories.make_voucher(programme=programme)


def give(voucher: Voucher, key: str = "report", *, by: Any = None, name: str = "报告.pdf", data: Any = None) -> Any:
    return services.add_paper(
        voucher, key, by=by or factories.payee_of(voucher), name=name, data=data or factories.pdf()
    )


def test_a_file_hangs_on_the_order_and_may_be_taken_back() -> None:
    voucher = asking_voucher()
    order = Order.objects.get(voucher=voucher)
    file = give(voucher)
    assert attachments.files(order, "report") == [file]
    services.remove_paper(voucher, file, by=factories.payee_of(voucher))
    assert attachments.files(order, "report") == []
    assert verbs() == ["redemption.paper_added", "redemption.paper_removed"]


def test_a_row_takes_no_more_than_its_maximum() -> None:
    voucher = asking_voucher(maximum=1)
    give(voucher)
    with pytest.raises(Refused, match="“服务报告”最多 1 份"):
        give(voucher)
    assert len(attachments.files(Order.objects.get(voucher=voucher))) == 1


def test_a_file_of_the_wrong_kind_is_refused() -> None:
    voucher = asking_voucher(formats=["pdf"])
    with pytest.raises(Refused):
        give(voucher, name="报告.png", data=factories.png())
    assert attachments.files(Order.objects.get(voucher=voucher)) == []


def test_a_file_that_nobody_asks_for_is_refused() -> None:
    with pytest.raises(Refused, match="不需要上传"):
        give(asking_voucher(), "secret")


def test_a_file_of_the_use_stage_cannot_be_taken_away_here() -> None:
    voucher = asking_voucher()
    order = Order.objects.get(voucher=voucher)
    contract = factories.give_at_use(order, "contract")
    with pytest.raises(Refused, match="不需要上传"):
        services.remove_paper(voucher, contract, by=factories.payee_of(voucher))
    assert attachments.files(order, "contract") == [contract]


def test_a_file_of_another_order_cannot_be_taken_away() -> None:
    mine, other = asking_voucher(), asking_voucher("B")
    file = give(other)
    with pytest.raises(Refused, match="不属于这张券"):
        services.remove_paper(mine, file, by=factories.payee_of(mine))
    assert attachments.files(Order.objects.get(voucher=other)) == [file]


# --- Who, and when ------------------------------------------------------------------------------


def every_act(voucher: Voucher, by: Any) -> list[Any]:
    """All verbs on papers, as calls that have not been made."""
    return [
        lambda: services.add_invoice(voucher, by=by, facts=facts()),
        lambda: services.add_receipt(voucher, by=by, amount=Decimal(1), paid_on=None),
        lambda: give(voucher, by=by),
    ]


def nothing_was_kept(voucher: Voucher) -> bool:
    order = Order.objects.get(voucher=voucher)
    return not (Invoice.objects.exists() or BankReceipt.objects.exists() or attachments.files(order))


@pytest.mark.parametrize("act", range(3))
def test_only_the_side_that_is_paid_touches_the_papers(act: int) -> None:
    voucher = asking_voucher()
    strangers = [
        cast.owner_of(cast.rival()),
        cast.owner_of(voucher.carrier.organization),
        cast.make_member(voucher.organization, role="viewer"),
        factories.officer(),
    ]
    for person in strangers:
        with pytest.raises(NotAllowed):
            every_act(voucher, person)[act]()
    assert nothing_was_kept(voucher)


@begins(factories.make_voucher)
@pytest.mark.parametrize("role", ["owner", "handler", "finance"])
def test_owner_handler_and_finance_may_give_papers(role: str, voucher: Voucher) -> None:
    person = cast.make_member(voucher.organization, role=role)
    assert add(voucher, by=person).number == NUMBER


def test_the_carrier_gives_the_papers_of_what_it_redeems_and_the_enterprise_may_not() -> None:
    voucher = factories.make_voucher(redeemer="carrier")
    with pytest.raises(NotAllowed, match=f"由{voucher.carrier.organization.name}申请兑付"):
        add(voucher, by=cast.owner_of(voucher.organization))
    assert add(voucher, by=cast.owner_of(voucher.carrier.organization)).number == NUMBER


@pytest.mark.parametrize("act", range(3))
def test_papers_are_closed_once_the_redemption_is_under_review(act: int) -> None:
    programme = factories.make_programme()
    factories.ask_for(programme, "report", label="服务报告", minimum=0)
    redemption = factories.submitted(programme=programme)
    voucher = redemption.lines.get().voucher
    before = (Invoice.objects.count(), BankReceipt.objects.count())
    with pytest.raises(Refused, match="先撤回兑付"):
        every_act(voucher, factories.payee_of(voucher))[act]()
    assert (Invoice.objects.count(), BankReceipt.objects.count()) == before
