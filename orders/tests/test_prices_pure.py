"""Prices, quotes and schemes in the hand, without a database: what counts, what is settled, what is said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from carriers.models import Category, Service
from innovation_voucher.casework.errors import Refused
from orders.forms.quick import QuickForm
from orders.forms.rows import PREFIX, RowsForm
from orders.models import Order, Quote
from orders.models.cart import CartItem
from orders.pages.cart import Group, Row
from orders.pages.schemes import Scheme, chosen_of
from orders.pages.turn_words import resubmit_words
from orders.services import quote_words
from orders.services.agreement import refuse_dearer
from orders.services.asking import order_use
from orders.services.placing import price_of
from orders.services.securing import _cost, settled_amount
from vouchers.models import PolicySnapshot, Programme, Voucher
from vouchers.policy import FieldSpec, Policy

pytestmark = pytest.mark.feature("JS-10", "X-6", "YRD-11")


def yuan(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def order_at(*, agreed: Any = None, reference: Any = None, **more: Any) -> Order:
    return Order(number="DD1", agreed_amount=yuan(agreed), reference_price=yuan(reference), **more)


# --- Which price counts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "reference", "price"),
    [(None, None, None), (None, 800, 800), (700, 800, 700), (900, 800, 900), (0, 800, 0), (700, None, 700)],
)
def test_what_was_agreed_goes_before_the_catalogue(agreed: Any, reference: Any, price: Any) -> None:
    assert price_of(order_at(agreed=agreed, reference=reference)) == yuan(price)


@pytest.mark.parametrize(
    ("agreed", "fixed", "settled"),
    [(None, True, 800), (None, False, None), (None, None, None), (700, True, 700), (700, False, 700), (700, None, 700)],
)
def test_a_reference_price_settles_nothing_unless_it_is_fixed(agreed: Any, fixed: bool | None, settled: Any) -> None:
    service = None if fixed is None else Service(fixed_price=fixed)
    assert settled_amount(order_at(agreed=agreed, reference=800, service=service)) == yuan(settled)


@pytest.mark.parametrize(
    ("agreed", "typed", "cost"), [(700, None, 700), (700, 700, 700), (700, "700.00", 700), (None, "0.01", "0.01")]
)
def test_the_cost_is_what_is_settled_or_else_what_is_typed(agreed: Any, typed: Any, cost: Any) -> None:
    assert _cost(order_at(agreed=agreed), yuan(typed)) == yuan(cost)


@pytest.mark.parametrize(
    ("agreed", "typed", "code", "words"),
    [
        (700, "700.01", "settled", "订单 DD1 的金额已确定为 700.00 元，不能更改"),
        (700, 0, "settled", "700.00 元"),
        (None, None, "amount", "填写订单 DD1 的服务金额"),
        (None, 0, "amount", "须大于 0 元"),
        (None, "-0.01", "amount", "须大于 0 元"),
    ],
)
def test_a_cost_that_cannot_be_names_the_order_and_its_box(agreed: Any, typed: Any, code: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        _cost(order_at(agreed=agreed), yuan(typed))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("asked", "amount", "ended", "dearer"),
    [
        (None, 9_000, False, False),
        (8_000, 7_999, False, False),
        (8_000, 8_000, False, False),
        (8_000, "8000.01", False, True),
        (8_000, 9_000, True, False),
    ],
)
def test_the_carrier_accepts_nothing_dearer_than_the_quota_is_held_for(
    asked: Any, amount: Any, ended: bool, dearer: bool
) -> None:
    order = order_at()
    if asked is not None:
        order.voucher = Voucher(contract_amount=yuan(asked), ended_at=date(2026, 5, 4) if ended else None)
    try:
        refuse_dearer(order, Decimal(str(amount)))
        refused = None
    except Refused as found:
        refused = found
    assert (refused is not None) is dearer
    assert refused is None or (refused.code == "dearer" and "8,000.00" in str(refused) and "发报价" in str(refused))


def test_the_region_is_asked_for_the_agreed_amount_with_the_words_of_the_booking() -> None:
    data = {"hold_at": "region_confirms", "redeemer": "carrier"}
    row = PolicySnapshot(pk=1, digest="prices-region", data=data)
    order = order_at(agreed=6_000, reference=8_000, title="叶片试验", answers={"project": "高温"})
    order.voucher = Voucher(snapshot=row)
    use = order_use(order)
    assert (use.contract_amount, use.contract_name, use.redeemer) == (6_000, "叶片试验", "carrier")
    assert (use.answers, use.amount, use.contract_number) == ({"project": "高温"}, None, "")


def test_the_region_is_asked_for_nothing_while_the_price_is_open() -> None:
    with pytest.raises(ValueError, match="DD1 has no agreed amount"):
        order_use(order_at(reference=8_000))


# --- Words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "words", "line"),
    [
        (None, "", "报价 1,234.50 元"),
        (date(2026, 12, 1), "", "报价 1,234.50 元，2026-12-01 前交付"),
        (None, "含复测", "报价 1,234.50 元，含复测"),
        (date(2026, 12, 1), "含复测", "报价 1,234.50 元，2026-12-01 前交付，含复测"),
    ],
)
def test_a_quote_in_one_line_leaves_out_what_was_not_said(day: date | None, words: str, line: str) -> None:
    assert quote_words(Quote(amount=Decimal("1234.5"), promised_on=day, words=words)) == line


@pytest.mark.parametrize("status", ["", *Voucher.State.values])
def test_only_what_came_back_from_the_carrier_is_given_up_by_the_same_press(status: str) -> None:
    order = order_at(voucher=Voucher(status=status) if status else None)
    assert resubmit_words(order) == ("作废并重新提交" if status == "returned_by_carrier" else "重新提交")


def scheme(pk: int = 7, available: Any = None, **policy: Any) -> Scheme:
    return Scheme(Programme(pk=pk, name="测试券"), Policy(**policy), yuan(available))


@pytest.mark.parametrize(
    ("available", "label"),
    [
        (None, "使用测试券"),
        (0, "使用测试券（可用额度 0 元）"),
        (12_000, "使用测试券（可用额度 12,000 元）"),
        ("0.5", "使用测试券（可用额度 0.50 元）"),
    ],
)
def test_a_choice_says_what_is_left_where_there_is_a_limit(available: Any, label: str) -> None:
    assert scheme(available=available).label == label


@pytest.mark.parametrize(("key", "found"), [("7", 7), ("8", 8), ("9", None), ("own", None), ("", None), ("07", None)])
def test_a_scheme_is_chosen_by_its_own_key_only(key: str, found: int | None) -> None:
    chosen = chosen_of([scheme(7), scheme(8)], key)
    assert (chosen and chosen.programme.pk) == found


def test_an_open_price_promises_no_amount() -> None:
    assert scheme().words(None) == "价格面议，机构确认价格后计算。"


@pytest.mark.parametrize(("hold_at", "now"), [("order_placed", True), ("redemption", False), ("application", False)])
def test_a_choice_knows_whether_quota_goes_with_the_order(hold_at: str, now: bool) -> None:
    assert scheme(hold_at=hold_at).holds_now is now


# --- The cart's sums ------------------------------------------------------------------------


def row(price: Any, quantity: int = 1, withdrawn: str = "") -> Row:
    return Row(CartItem(service=Service(price=yuan(price)), quantity=quantity), withdrawn, "")


@pytest.mark.parametrize(
    ("rows", "total"),
    [([(100, 3), ("0.5", 2)], 301), ([(100, 3), (None, 1)], None), ([("0.01", 9_999)], "99.99"), ([(0, 4)], 0)],
)
def test_the_sum_of_a_group_is_open_as_long_as_one_price_is(rows: list[tuple[Any, int]], total: Any) -> None:
    assert Group(carrier=None, rows=[row(*each) for each in rows]).total == yuan(total)  # type: ignore[arg-type]


def test_one_withdrawn_item_holds_up_its_whole_group() -> None:
    good, gone = row(100), row(100, withdrawn="该项目已下架")
    groups = [Group(carrier=None, rows=rows) for rows in ([good], [good, gone])]  # type: ignore[arg-type]
    assert [group.ready for group in groups] == [True, False]


def test_a_row_of_the_cart_without_an_item_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="without an item"):
        _ = CartItem(quantity=1).item


# --- Forms ----------------------------------------------------------------------------------


def leaf(code: str, name: str, top: str, middle: str) -> Category:
    above = Category(code=code[:2], name=top)
    return Category(code=code, name=name, parent=Category(code=code[:4], name=middle, parent=above))


LEAVES = [
    leaf("010101", "成分", "检测", "材料"),
    leaf("010102", "力学", "检测", "材料"),
    leaf("020101", "选型", "设计", "机械"),
]
QUICK = {
    "category": "010102",
    "amount": "1,200",
    "need": "成分分析",
    "contact_name": "周甲",
    "contact_phone": "19900000001",
}


def test_types_of_service_stand_under_the_two_levels_above_them() -> None:
    choices = QuickForm(categories=LEAVES).fields["category"].choices  # type: ignore[attr-defined]
    assert list(choices) == [
        ("", "—"),
        ("检测 / 材料", [("010101", "成分"), ("010102", "力学")]),
        ("设计 / 机械", [("020101", "选型")]),
    ]


@pytest.mark.parametrize("code", ["010102", "020101"])
def test_the_code_of_a_type_becomes_the_type(code: str) -> None:
    form = QuickForm({**QUICK, "category": code}, categories=LEAVES)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["category"].code == code
    assert form.cleaned_data["amount"] == 1_200


@pytest.mark.parametrize("code", ["", "01", "0101", "010199", "检测 / 材料"])
def test_only_a_type_of_the_third_level_is_taken(code: str) -> None:
    assert list(QuickForm({**QUICK, "category": code}, categories=LEAVES).errors) == ["category"]


class Named(RowsForm):
    """Has a field of the same name as a row may have."""


def test_rows_of_a_scheme_cannot_take_the_name_of_our_own_box() -> None:
    rows = [
        FieldSpec(stage="use", key=key, label=key, type="text", required=False) for key in ("pay", "amount", "_token")
    ]
    form = Named({"pay": "x", f"{PREFIX}pay": "甲", f"{PREFIX}amount": ""}, rows=rows)
    assert form.is_valid()
    assert form.answers == {"pay": "甲"}
    assert list(form.cleaned_data) == [f"{PREFIX}pay", f"{PREFIX}amount", f"{PREFIX}_token"]
    assert [box.name for box in form.row_boxes] == list(form.cleaned_data)
