"""What papers lack and what they are worth, computed from rules and papers in hand; no database has a say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from orders.models import Order
from redemption import asked, services
from redemption.models import BankReceipt, ContractPaper, Invoice, InvoiceAllocation
from redemption.services.gaps import base_of
from redemption.things import by_carrier
from vouchers.models import PolicySnapshot, Voucher
from vouchers.policy import EvidenceSpec, FieldSpec, Policy

pytestmark = pytest.mark.feature("ZJ-11")
HALF: dict[str, Any] = {"subsidy_tiers": ((Decimal(0), Decimal("0.5")),), "redeem_from": "placed"}


def voucher(amount: str = "3000", contract: str = "6000", redeemer: str = "enterprise", **rules: Any) -> Voucher:
    """A voucher on a placed order under these rules; half is paid. Never saved."""
    policy = Policy(**{**HALF, **rules})
    snapshot = PolicySnapshot(digest=policy.digest, data=policy.to_json())
    found = Voucher(
        snapshot=snapshot, amount=Decimal(amount), contract_amount=Decimal(contract), redeemer=redeemer, code="Z" * 12
    )
    Order(voucher=found, snapshot=snapshot, status=Order.State.PLACED)
    return found


def order(amount: str | None, **rules: Any) -> Order:
    """An order that gets its voucher when it is redeemed."""
    policy = Policy(**{**HALF, **rules})
    snapshot = PolicySnapshot(digest=policy.digest, data=policy.to_json())
    agreed = None if amount is None else Decimal(amount)
    return Order(snapshot=snapshot, status=Order.State.PLACED, agreed_amount=agreed)


def share(amount: str | None, whole: str | None = None, **values: Any) -> InvoiceAllocation:
    """An invoice and what of it stands behind the order."""
    total = whole if whole is not None else amount
    invoice = Invoice(number="26330000000000000001", amount=Decimal(total) if total else None, **values)
    return InvoiceAllocation(invoice=invoice, amount=Decimal(amount) if amount else None)


def papers(invoices: tuple[str, ...] = (), receipts: tuple[str, ...] = (), **values: Any) -> services.Papers:
    """Invoices and receipts over these amounts."""
    given = {
        "counts": {},
        "allocations": [share(amount) for amount in invoices],
        "receipts": [BankReceipt(amount=Decimal(amount)) for amount in receipts],
    }
    return services.Papers(**{**given, **values})


def words(thing: Voucher | Order, given: services.Papers) -> list[str]:
    return [gap.words for gap in services.gaps(thing, papers=given)]


# --- Receipts against invoices, to the fen ------------------------------------------------------

#: Check, invoices, receipts, what is wrong; the voucher is over 3,000.
FULL = "银行回单合计比发票合计%s 元，两者须相等"
NET = "银行回单合计比发票合计减券额%s 元，两者须相等"
SUMS: list[tuple[str, tuple[str, ...], tuple[str, ...], list[str]]] = [
    ("full", ("6000",), ("5999.99",), [FULL % "少 0.01"]),
    ("full", ("6000",), ("6000.01",), [FULL % "多 0.01"]),
    ("full", ("0.10", "0.20"), ("0.30",), []),
    ("full", ("6000", "6000"), ("6000",), [FULL % "少 6,000.00"]),
    ("full", (), ("6000",), []),
    ("net", ("6000",), ("2999.99",), [NET % "少 0.01"]),
    ("net", ("6000",), ("3000",), []),
    ("net", ("3000",), (), []),
    ("net", ("3000",), ("0.01",), [NET % "多 0.01"]),
    ("net", ("2999.99",), (), ["发票合计不到券额，核对发票金额或补充发票"]),
    ("net", ("6000",), (), ["请补充银行回单"]),
    ("one_receipt", ("6000",), ("0.01",), []),
    ("one_receipt", (), ("1",), []),
    ("one_receipt", ("6000",), (), ["请补充银行回单"]),
    ("none", (), (), []),
    ("none", ("1",), ("999",), []),
]


@pytest.mark.parametrize(("check", "invoices", "receipts", "missing"), SUMS)
def test_receipts_are_compared_to_the_fen(
    check: str, invoices: tuple[str, ...], receipts: tuple[str, ...], missing: list[str]
) -> None:
    assert words(voucher(payment_check=check), papers(invoices, receipts)) == missing


@pytest.mark.parametrize(
    ("rule", "redeemer", "check", "expected"),
    [
        (None, "enterprise", "none", None),
        ("none", "carrier", "none", None),
        ("one_receipt", "carrier", "one_receipt", None),
        ("full", "carrier", "full", Decimal(5_000)),
        ("net", "enterprise", "net", Decimal(2_000)),
        ("net_for_carrier", "carrier", "net", Decimal(2_000)),
        ("net_for_carrier", "enterprise", "full", Decimal(5_000)),
    ],
)
def test_who_redeems_decides_which_sum_is_expected(
    rule: str | None, redeemer: str, check: str, expected: Decimal | None
) -> None:
    thing = voucher(redeemer=redeemer, payment_check=rule)
    policy, given = Policy(payment_check=rule), papers(("5000",))
    assert services.payment_check(policy, thing) == check
    assert services.expected_receipts(policy, thing, given) == expected


@pytest.mark.parametrize(("rule", "expected"), [("net", Decimal(5_000)), ("full", Decimal(5_000))])
def test_an_order_without_a_voucher_has_nothing_to_take_off(rule: str, expected: Decimal) -> None:
    thing = order("6000", payment_check=rule)
    assert services.expected_receipts(Policy(payment_check=rule), thing, papers(("5000",))) == expected


@pytest.mark.parametrize(("redeemer", "carrier"), [("enterprise", False), ("carrier", True), ("choice", False)])
def test_before_a_voucher_the_rules_say_who_is_paid(redeemer: str, carrier: bool) -> None:
    assert by_carrier(order("6000", redeemer=redeemer)) is carrier


def test_a_receipt_without_its_picture_is_asked_for_it_before_sums_are_compared() -> None:
    row = EvidenceSpec(stage="redemption", key=asked.RECEIPT_PICTURE, label="银行回单", max_bytes=9)
    thing = voucher(payment_check="full", evidence=(row,))
    assert words(thing, papers(("6000",), ("1",))) == ["请上传银行回单图片"]


# --- Invoices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "fields"),
    [
        ({"invoice_fields": ("number",), "orders_per_invoice": 1}, {"number"}),
        ({"invoice_fields": ("number",), "orders_per_invoice": 2}, {"number", "amount"}),
        ({"invoice_fields": ("number",), "orders_per_invoice": None}, {"number", "amount"}),
        ({"invoice_fields": ("number",), "orders_per_invoice": 1, "payment_check": "full"}, {"number", "amount"}),
        ({"invoice_fields": ("number",), "orders_per_invoice": 1, "payment_check": "one_receipt"}, {"number"}),
        ({"invoice_fields": ("date",), "orders_per_invoice": 1, "amount_base": "reviewer"}, {"date"}),
        ({"orders_per_invoice": 1, "amount_base": "orders_or_invoices"}, {"amount"}),
    ],
)
def test_an_invoice_is_asked_for_its_amount_where_a_sum_depends_on_it(rules: dict[str, Any], fields: set[str]) -> None:
    assert services.asked_invoice_fields(Policy(**rules)) == fields


def test_everything_that_invoices_lack_is_said_once() -> None:
    row = EvidenceSpec(stage="redemption", key=asked.INVOICE_PICTURE, label="发票", max_bytes=9)
    thing = voucher(invoice_fields=("number", "date", "amount", "image"), evidence=(row,))
    given = papers(allocations=[share(None), share("500", issued_on=date(2026, 3, 1)), share(None)])
    assert words(thing, given) == ["请上传发票图片", "请填写发票金额", "请填写开票日期"]


def test_only_the_share_of_an_invoice_counts() -> None:
    given = papers(allocations=[share("1000", "6000"), share("500", "6000"), share(None, "9")])
    assert given.invoice_sum == Decimal(1_500)


# --- Amounts ------------------------------------------------------------------------------------

#: Base, contract of the voucher, entered, invoices, what counts; None = nobody said.
BASES: list[tuple[str, str, str | None, tuple[str, ...], str]] = [
    ("contract", "6000", None, ("100",), "6000"),
    ("contract", "6000", "5000", ("100",), "5000"),
    ("contract_or_invoices", "6000", None, ("100",), "100"),
    ("contract_or_invoices", "6000", None, (), "0"),
    ("contract_or_invoices", "6000", "50", ("100",), "50"),
    ("orders_or_invoices", "6000", None, ("9000",), "6000"),
    ("effective_or_invoices", "6000", "7000", ("6500",), "6500"),
    ("reviewer", "6000", None, ("100",), "6000"),
]


@pytest.mark.parametrize(("base", "contract", "entered", "invoices", "counts"), BASES)
def test_the_base_is_what_was_entered_and_at_most_the_invoices_where_they_count(
    base: str, contract: str, entered: str | None, invoices: tuple[str, ...], counts: str
) -> None:
    given = papers(invoices, entered=Decimal(entered) if entered else None)
    assert base_of(voucher(contract=contract, amount_base=base), given) == Decimal(counts)


#: Rules, voucher, entered, invoices, claimed: the ordered pair, the claimed pair and what bounds it.
CLAIMS: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({}, "3000", "6000", "6000", "3000"),
    ({}, "3000", "6000.01", "6000.01", "3000"),
    ({}, "3000", "5999.99", "6000", "3000.00"),
    ({"rounding_mode": "down"}, "3000", "5999.99", "6000", "2999.99"),
    ({"rounding_mode": "down", "rounding_step": Decimal(1)}, "3000", "5999.99", "6000", "2999"),
    ({"rounding_mode": "down", "rounding_step": Decimal(100)}, "3000", "5999.99", "6000", "2900"),
    ({"amount_base": "reviewer"}, "3000", "100", "100", "3000"),
    ({"cap_voucher": Decimal(2_000)}, "3000", "6000", "6000", "2000"),
    ({"min_contract": Decimal(4_000)}, "3000", "3999.99", "6000", "0"),
    ({"min_contract": Decimal(4_000)}, "3000", "6000", "4000", "2000"),
]


@pytest.mark.parametrize(("rules", "amount", "entered", "invoiced", "claimed"), CLAIMS)
def test_never_more_than_the_voucher_is_claimed(
    rules: dict[str, Any], amount: str, entered: str, invoiced: str, claimed: str
) -> None:
    thing = voucher(amount, **{"amount_base": "contract_or_invoices", **rules})
    given = papers((invoiced,), entered=Decimal(entered))
    assert services.computed_amount(thing, given) == Decimal(claimed)
    assert services.worth_now(thing, given) == Decimal(claimed)


@pytest.mark.parametrize(
    ("agreed", "entered", "worth"), [(None, None, "0"), ("5000", None, "2500"), (None, "80", "40")]
)
def test_an_order_is_worth_what_is_known_of_it(agreed: str | None, entered: str | None, worth: str) -> None:
    given = papers(entered=Decimal(entered) if entered else None)
    assert services.worth_now(order(agreed, amount_base="contract"), given) == Decimal(worth)


@pytest.mark.parametrize(
    ("effective", "invoiced", "missing"),
    [
        ("4000", "4000", []),
        ("4000", "3999.99", ["3,999.99"]),
        ("3999.99", "9000", ["3,999.99"]),
        ("9000", "0.01", ["0.01"]),
    ],
)
@pytest.mark.feature("TJ-6")
def test_the_lower_of_the_two_must_come_to_the_least(effective: str, invoiced: str, missing: list[str]) -> None:
    rules = {"amount_base": "effective_or_invoices", "min_contract": Decimal(4_000)}
    listed = [ContractPaper(amount=Decimal(effective))]
    given = papers((invoiced,), contracts=listed, entered=Decimal(effective))
    expected = [f"合同有效金额与发票合计取低后为 {low} 元，不到 4,000.00 元，不能兑付" for low in missing]
    assert words(voucher(**rules), given) == expected


def test_all_that_is_missing_comes_in_the_order_of_the_page() -> None:
    rules: dict[str, Any] = {
        "redeem_from": "completed",
        "amount_base": "effective_or_invoices",
        "payment_check": "one_receipt",
        "invoice_fields": ("number",),
        "fields": (FieldSpec(stage="redemption", key="effect", label="服务成效", type="text"),),
        "evidence": (EvidenceSpec(stage="redemption", key="report", label="报告", max_bytes=9, minimum=2),),
    }
    assert words(voucher(**rules), papers(counts={"report": 1})) == [
        "请等订单进展到可兑付的环节",
        "上传报告，还差 1 份",
        "请填写服务成效",
        "请添加合同，写明申请兑付的有效金额",
        "请填写发票号",
        "请补充银行回单",
    ]


def test_one_order_of_several_is_not_asked_for_what_they_say_together() -> None:
    rules: dict[str, Any] = {
        "grouping": "per_window",
        "fields": (FieldSpec(stage="redemption", key="effect", label="服务成效", type="text"),),
        "evidence": (EvidenceSpec(stage="redemption", key="report", label="报告", max_bytes=9),),
    }
    assert words(voucher(**rules), papers()) == []
