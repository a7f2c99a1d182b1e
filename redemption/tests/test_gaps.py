"""What a voucher still lacks, by scheme: every payment check, the window, the order, the files."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import services
from redemption.tests import factories
from vouchers.models import Voucher
from vouchers.policy import Policy

pytestmark = pytest.mark.django_db


def words(voucher: Voucher) -> list[str]:
    """What is missing, as the page says it."""
    return [gap.words for gap in services.gaps(Voucher.objects.get(pk=voucher.pk))]


def invoice(voucher: Voucher, amount: int | str | None = None) -> None:
    facts = services.InvoiceFacts(number=factories.invoice_number(), amount=Decimal(amount) if amount else None)
    services.add_invoice(voucher, by=factories.payee_of(voucher), facts=facts)


def receipt(voucher: Voucher, amount: int | str) -> None:
    services.add_receipt(voucher, by=factories.payee_of(voucher), amount=Decimal(amount), paid_on=None)


@pytest.mark.feature("ZJ-11")
def test_a_voucher_without_papers_says_everything_that_is_missing() -> None:
    assert words(factories.make_voucher()) == ["请填写发票号", "请补充银行回单"]


def test_a_complete_voucher_lacks_nothing() -> None:
    assert words(factories.ready()) == []


def test_an_invoice_without_its_amount_is_asked_for_it() -> None:
    voucher = factories.make_voucher()
    invoice(voucher)
    receipt(voucher, 18_000)
    assert words(voucher) == ["请填写发票金额", "银行回单合计比发票合计多 18,000.00 元，两者须相等"]


# (check, redeemer, contract, invoices, receipts, what is missing); 18,000 is worth 14,000, 8,000 is worth 8,000.
CHECKS: list[tuple[str, str, int, list[int], list[int], list[str]]] = [
    ("none", "enterprise", 18_000, [18_000], [], []),
    ("one_receipt", "enterprise", 18_000, [18_000], [1], []),
    ("one_receipt", "enterprise", 18_000, [18_000], [], ["请补充银行回单"]),
    ("full", "enterprise", 18_000, [18_000], [18_000], []),
    ("full", "enterprise", 18_000, [10_000, 8_000], [17_000, 1_000], []),
    ("full", "enterprise", 18_000, [18_000], [16_000], ["银行回单合计比发票合计少 2,000.00 元，两者须相等"]),
    ("full", "enterprise", 18_000, [18_000], [18_001], ["银行回单合计比发票合计多 1.00 元，两者须相等"]),
    ("full", "carrier", 18_000, [18_000], [4_000], ["银行回单合计比发票合计少 14,000.00 元，两者须相等"]),
    ("net", "carrier", 18_000, [18_000], [4_000], []),
    ("net", "carrier", 18_000, [18_000], [18_000], ["银行回单合计比发票合计减券额多 14,000.00 元，两者须相等"]),
    ("net", "carrier", 8_000, [8_000], [], []),
    ("net", "carrier", 18_000, [13_000], [], ["发票合计不到券额，核对发票金额或补充发票"]),
    ("net_for_carrier", "carrier", 18_000, [18_000], [4_000], []),
    ("net_for_carrier", "enterprise", 18_000, [18_000], [18_000], []),
    ("net_for_carrier", "enterprise", 18_000, [18_000], [4_000], ["银行回单合计比发票合计少 14,000.00 元，两者须相等"]),
    ("net_for_carrier", "enterprise", 18_000, [], [], ["请填写发票号", "请补充银行回单"]),
]


@pytest.mark.parametrize(("check", "redeemer", "contract", "invoices", "receipts", "missing"), CHECKS)
def test_receipts_are_compared_with_invoices_as_the_scheme_says(
    check: str, redeemer: str, contract: int, invoices: list[int], receipts: list[int], missing: list[str]
) -> None:
    programme = factories.make_programme(payment_check=check)
    voucher = factories.make_voucher(programme=programme, redeemer=redeemer, contract=contract)
    for amount in invoices:
        invoice(voucher, amount)
    for amount in receipts:
        receipt(voucher, amount)
    assert words(voucher) == missing


# (window from, to, today, open)
WINDOWS = [
    ("03-01", "04-15", date(2026, 3, 1), True),
    ("03-01", "04-15", date(2026, 4, 15), True),
    ("03-01", "04-15", date(2026, 4, 16), False),
    ("03-01", "04-15", date(2026, 2, 28), False),
    ("11-01", "03-15", date(2026, 12, 31), True),
    ("11-01", "03-15", date(2026, 1, 1), True),
    ("11-01", "03-15", date(2026, 3, 15), True),
    ("11-01", "03-15", date(2026, 3, 16), False),
    ("11-01", "03-15", date(2026, 10, 31), False),
    ("", "", date(2026, 7, 1), True),
]


@pytest.mark.parametrize(("start", "end", "today", "is_open"), WINDOWS)
def test_a_window_may_run_over_the_new_year(start: str, end: str, today: date, is_open: bool) -> None:
    assert services.in_window(Policy(window_from=start, window_to=end), today) is is_open


def test_a_voucher_waits_for_the_window() -> None:
    today = calendar.today()
    start, end = today + timedelta(days=2), today + timedelta(days=3)
    window = {"window_from": f"{start:%m-%d}", "window_to": f"{end:%m-%d}"}
    voucher = factories.ready(programme=factories.make_programme(**window))
    assert words(voucher) == [f"兑付窗口期为 {start:%m-%d} 至 {end:%m-%d}，届时再提交"]


@pytest.mark.parametrize(
    ("redeem_from", "state", "fits"),
    [
        ("placed", "placed", True),
        ("accepted", "placed", False),
        ("accepted", "accepted", True),
        ("delivered", "accepted", False),
        ("delivered", "completed", True),
        ("completed", "delivered", False),
        ("completed", "completed", True),
    ],
)
def test_the_order_must_have_come_far_enough(redeem_from: str, state: str, fits: bool) -> None:
    programme = factories.make_programme(redeem_from=redeem_from, payment_check="none", invoice_fields=None)
    voucher = factories.make_voucher(programme=programme, order_state=state)
    assert words(voucher) == ([] if fits else ["请等订单进展到可兑付的环节"])


def test_files_of_the_redemption_are_asked_for_and_counted() -> None:
    programme = factories.make_programme(payment_check="none", invoice_fields=None)
    factories.ask_for(programme, "report", label="服务报告", minimum=1)
    voucher = factories.make_voucher(programme=programme)
    assert words(voucher) == ["上传服务报告，还差 1 份"]
    services.add_paper(voucher, "report", by=factories.payee_of(voucher), name="报告.pdf", data=factories.pdf())
    assert words(voucher) == []


# --- Amounts ------------------------------------------------------------------------------------

AMOUNTS: list[tuple[dict[str, Any], int, int, str]] = [
    ({}, 18_000, 18_000, "14000.00"),
    ({}, 30_000, 30_000, "20000.00"),
    ({}, 8_000, 8_000, "8000.00"),
    ({"amount_base": "contract_or_invoices"}, 18_000, 12_000, "11000.00"),
    ({"amount_base": "contract_or_invoices"}, 18_000, 30_000, "14000.00"),
    ({"amount_base": "orders_or_invoices"}, 18_000, 9_000, "9000.00"),
    ({"amount_base": "reviewer"}, 18_000, 5_000, "14000.00"),
]


@pytest.mark.parametrize(("rules", "contract", "invoiced", "amount"), AMOUNTS)
def test_what_can_be_claimed_follows_contract_and_invoices_up_to_the_voucher(
    rules: dict[str, Any], contract: int, invoiced: int, amount: str
) -> None:
    programme = factories.make_programme(payment_check="none", **rules)
    voucher = factories.complete(factories.make_voucher(programme=programme, contract=contract), invoiced)
    assert services.computed_amount(voucher, services.papers_of(voucher)) == Decimal(amount)


def test_papers_of_many_vouchers_take_as_many_queries_as_of_one(django_assert_num_queries: Any) -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    for _index in range(4):
        factories.ready(organization, programme)
    rows = list(Voucher.objects.select_related("snapshot", "order"))
    services.papers_for(rows)
    for count in (1, 4):
        with django_assert_num_queries(3):
            found = services.papers_for(rows[:count])
        assert [len(papers.receipts) for papers in found.values()] == [1] * count


def test_a_file_of_the_use_stage_counts_at_the_redemption_too() -> None:
    programme = factories.make_programme(payment_check="none", invoice_fields=None)
    factories.ask_for(programme, "invoice", label="发票", minimum=1)
    voucher = factories.make_voucher(programme=programme)
    factories.give_at_use(Order.objects.get(voucher=voucher), "invoice")
    assert words(voucher) == []
