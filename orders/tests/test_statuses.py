"""What people read of a state: pure functions of order, contract and voucher."""

import pytest

from innovation_voucher.casework.audit import verbs
from orders.forms.booking import OWN, BookingForm
from orders.forms.order import ReviewForm
from orders.forms.scan import CodeForm
from orders.forms.use import UseForm
from orders.models import Order
from orders.pages.scan import parts_of
from orders.statuses import ORDER, STEPS, STEPS_WITHOUT, shown, step_of
from orders.subjects import VERBS
from vouchers.forms import evidence_hint
from vouchers.models import Voucher
from vouchers.policy import EvidenceSpec, FieldSpec


def accepted(voucher: str = "", *, use_voucher: bool = True) -> Order:
    order = Order(status="accepted", use_voucher=use_voucher)
    if voucher:
        order.voucher = Voucher(status=voucher)
    return order


@pytest.mark.parametrize(
    ("voucher", "contract", "code"),
    [
        ("", False, "awaiting_contract"),
        ("", True, "awaiting_use"),
        ("requested", True, "awaiting_amount"),
        ("returned", True, "awaiting_mend"),
        ("issued", True, "awaiting_receipt"),
        ("confirmed", True, "accepted"),
        ("redeeming", True, "accepted"),
        ("paid", True, "accepted"),
        ("voided", True, "awaiting_resubmit"),
        ("returned_by_carrier", True, "awaiting_resubmit"),
        ("terminated", True, "awaiting_resubmit"),
        ("refused", True, "awaiting_resubmit"),
        ("lapsed", True, "awaiting_resubmit"),
    ],
)
def test_an_accepted_order_shows_where_its_voucher_stands(voucher: str, contract: bool, code: str) -> None:
    assert shown(accepted(voucher), has_contract=contract).code == code


def test_every_state_of_a_voucher_is_in_that_table() -> None:
    for state in Voucher.State.values:
        assert shown(accepted(state), has_contract=True).code in ORDER


def test_without_a_voucher_an_accepted_order_is_in_service() -> None:
    assert shown(accepted(use_voucher=False), has_contract=False).code == "accepted"


@pytest.mark.parametrize("state", [s for s in Order.State.values if s != "accepted"])
def test_all_other_states_show_themselves(state: str) -> None:
    assert shown(Order(status=state), has_contract=True).code == state


@pytest.mark.parametrize(
    ("code", "with_voucher", "without"),
    [("placed", 2, 2), ("awaiting_contract", 3, 3), ("accepted", 5, 3), ("delivered", 6, 4), ("lapsed", 0, 0)],
)
def test_the_step_depends_on_the_road(code: str, with_voucher: int, without: int) -> None:
    assert step_of(Order(use_voucher=True), code, reviewed=False) == (STEPS, with_voucher)
    assert step_of(Order(use_voucher=False), code, reviewed=False) == (STEPS_WITHOUT, without)


def test_a_rated_order_has_done_every_step() -> None:
    assert step_of(Order(use_voucher=True), "completed", reviewed=False)[1] == 7
    assert step_of(Order(use_voucher=True), "completed", reviewed=True)[1] == 8


def test_every_verb_of_the_services_has_words() -> None:
    import re
    from pathlib import Path

    folder = Path(__file__).parents[1] / "services"
    used = {verb for file in folder.glob("*.py") for verb in re.findall(r'"(order\.\w+)"', file.read_text())}
    kinds = {"order.message", "order.reminder"}
    assert used - kinds <= set(VERBS) <= set(verbs())


# --- Forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://host/q/7K3M9QTX2B8F/abcdefghijklmnopqrstu_", ("7K3M9QTX2B8F", "abcdefghijklmnopqrstu_")),
        ("https://host/q/7K3M9QTX2B8F/abcdefghijklmnopqrstu_/", ("7K3M9QTX2B8F", "abcdefghijklmnopqrstu_")),
        ("https://host/q/7K3M9QTX2B8F/", None),
        ("https://host/q/7K3M9QTX2B8F/tooshort", None),
        ("7K3M9QTX2B8F", None),
        ("", None),
    ],
)
def test_what_a_qr_code_says(text: str, found: tuple[str, str] | None) -> None:
    assert parts_of(text) == found


@pytest.mark.parametrize("text", ["", "123", "7K3M9QTX2B8", "!!!!!!!!!!!!"])
def test_a_code_that_cannot_be_one_is_said_at_once(text: str) -> None:
    form = CodeForm({"code": text})
    assert not form.is_valid()
    assert "12 位" in str(form.errors["code"])


def rows(**changes: object) -> dict[str, list[FieldSpec]]:
    values = {"stage": "order", "key": "case", "label": "项目情况", "type": "text", **changes}
    return {"7": [FieldSpec(**values)]}  # type: ignore[arg-type]


def booking(**changes: str) -> dict[str, str]:
    values = {"contact_name": "周甲", "contact_phone": "19900000001", "quantity": "1", "need": "试验", "pay": "7"}
    return {**values, **changes}


def test_a_row_is_asked_for_by_its_own_scheme_only() -> None:
    schemes = [(7, "甲券")]
    missing = BookingForm(booking(), schemes=schemes, rows_of=rows())
    assert not missing.is_valid()
    assert missing.errors["row_case"] == ["填写项目情况"]
    assert BookingForm(booking(pay=OWN), schemes=schemes, rows_of=rows()).is_valid()
    assert BookingForm(booking(), schemes=schemes, rows_of=rows(required=False)).is_valid()
    given = BookingForm(booking(row_case="自研"), schemes=schemes, rows_of=rows())
    assert given.is_valid()
    assert given.answers == {"case": "自研"}


def test_one_form_keeps_no_rows_of_another() -> None:
    BookingForm(schemes=[(7, "甲券")], rows_of=rows())
    assert "row_case" not in BookingForm(schemes=[], rows_of={}).fields


def test_a_scheme_that_is_not_offered_cannot_be_chosen() -> None:
    form = BookingForm(booking(pay="8"), schemes=[(7, "甲券")], rows_of={})
    assert not form.is_valid()
    assert "pay" in form.errors


def test_a_fixed_redeemer_cannot_be_changed_by_the_post() -> None:
    data = {
        "contract_name": "合同",
        "contract_number": "1",
        "contract_date": "2026-01-05",
        "contract_amount": "1,000",
        "redeemer": "carrier",
        "promise": "on",
    }
    form = UseForm(data, redeemers=("enterprise",))
    assert form.is_valid(), form.errors
    assert form.use.redeemer == "enterprise"


def test_a_contract_of_tomorrow_is_not_signed_yet() -> None:
    form = UseForm({"contract_date": "2999-01-01"}, redeemers=("enterprise",))
    assert not form.is_valid()
    assert form.errors["contract_date"] == ["签订日期不能晚于今天"]


@pytest.mark.parametrize(("strict", "size"), [(False, "每份不超过 20 MB"), (True, "每份小于 20 MB")])
def test_the_hint_names_formats_size_and_number(strict: bool, size: str) -> None:
    row = EvidenceSpec(
        stage="use",
        key="contract",
        label="合同",
        max_bytes=20 * 1024 * 1024,
        maximum=2,
        formats=("pdf", "jpg"),
        help="盖章",
        strict=strict,
    )
    assert evidence_hint(row) == f"pdf、jpg，{size}；最多 2 份；盖章"


def test_stars_outside_one_to_five_are_refused() -> None:
    for stars in ("0", "6", ""):
        assert not ReviewForm({"stars": stars}).is_valid()
    assert ReviewForm({"stars": "1"}).is_valid()
