"""What a scheme asks for beside papers, read from its rules alone: fields, pictures, contracts, amounts."""

from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.lib.crypto import decrypt
from redemption import asked
from redemption.paper_forms import facts_form
from vouchers.policy import EvidenceSpec, FieldSpec, Policy

pytestmark = pytest.mark.feature("JS-12")
MB = 1024 * 1024


def field(key: str, **values: Any) -> FieldSpec:
    """A text that the redemption asks for."""
    return FieldSpec(**{"stage": asked.STAGE, "key": key, "label": f"栏目{key}", "type": "long_text", **values})


def file(key: str, **values: Any) -> EvidenceSpec:
    """A file that the redemption asks for."""
    return EvidenceSpec(**{"stage": asked.STAGE, "key": key, "label": f"材料{key}", "max_bytes": MB, **values})


def words(policy: Policy, **answers: Any) -> list[str]:
    return [gap.words for gap in asked.answer_gaps(policy, answers)]


# --- Fields -------------------------------------------------------------------------------------


def test_only_fields_of_the_redemption_are_its_own_and_the_contract_stands_apart() -> None:
    contract = field(asked.CONTRACT, type="yuan")
    policy = Policy(fields=(field("need", stage="order"), contract, field("effect"), field("use", stage="use")))
    assert [row.key for row in asked.rows(policy)] == ["effect"]
    assert asked.contract_row(policy) == contract


def test_a_contract_field_of_another_stage_is_none_of_the_redemption() -> None:
    policy = Policy(fields=(field(asked.CONTRACT, stage="use", type="yuan"),))
    assert asked.contract_row(policy) is None
    assert list(asked.contract_gaps(policy, None)) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, ["请填写栏目effect"]),
        ("", ["请填写栏目effect"]),
        ("  \n ", ["请填写栏目effect"]),
        ("　", ["请填写栏目effect"]),
        ("有", []),
        (0, []),
        (3, []),
        ("0", []),
    ],
)
def test_a_required_field_wants_something_and_nought_is_something(answer: Any, expected: list[str]) -> None:
    assert words(Policy(fields=(field("effect"),)), effect=answer) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(9, []), (10, []), (11, ["栏目effect最多 10 字，现有 11 字"]), (300, ["栏目effect最多 10 字，现有 300 字"])],
)
def test_the_length_is_counted_in_characters(count: int, expected: list[str]) -> None:
    policy = Policy(fields=(field("effect", max_length=10),))
    assert words(policy, effect="效" * count) == expected


def test_an_optional_field_may_stay_empty_but_not_run_over() -> None:
    policy = Policy(fields=(field("remark", required=False, max_length=2),))
    assert words(policy) == []
    assert words(policy, remark="一二三") == ["栏目remark最多 2 字，现有 3 字"]


@pytest.mark.parametrize("kind", ["secret", "person_id"])
def test_what_is_kept_encrypted_is_not_measured_by_its_cipher(kind: str) -> None:
    policy = Policy(fields=(field("holder", type=kind, max_length=18),))
    assert words(policy, holder="x" * 120) == []
    assert words(policy) == ["请填写栏目holder"]


def test_gaps_come_in_the_order_of_the_scheme_and_stand_by_the_written_part() -> None:
    policy = Policy(fields=(field("b"), field("a"), field("c", required=False)))
    found = list(asked.answer_gaps(policy, {}))
    assert [gap.label for gap in found] == ["栏目b", "栏目a"]
    assert {(gap.key, gap.missing) for gap in found} == {(asked.FACTS, 1)}


@pytest.mark.parametrize(
    ("required", "entered", "expected"),
    [
        (True, None, ["请填写合同金额"]),
        (True, Decimal("0.01"), []),
        (False, None, []),
        (False, Decimal(5), []),
    ],
)
def test_the_contracts_amount_is_asked_for_where_the_scheme_requires_it(
    required: bool, entered: Decimal | None, expected: list[str]
) -> None:
    policy = Policy(fields=(field(asked.CONTRACT, type="yuan", label="合同金额", required=required),))
    assert [gap.words for gap in asked.contract_gaps(policy, entered)] == expected


# --- Files and pictures -------------------------------------------------------------------------

ROWS = (
    file("report"),
    file(asked.INVOICE_PICTURE),
    file(asked.RECEIPT_PICTURE),
    file(asked.CONTRACT_SCAN),
    file("draft", stage="use"),
)
#: Rules -> rows whose files come with what is typed; all others are simply uploaded.
TYPED: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set()),
    ({"payment_check": "none"}, set()),
    ({"invoice_fields": ("number", "amount")}, set()),
    ({"invoice_fields": ("number", "image")}, {"invoice"}),
    ({"payment_check": "full"}, {"bank_receipt"}),
    ({"payment_check": "net"}, {"bank_receipt"}),
    ({"payment_check": "net_for_carrier"}, {"bank_receipt"}),
    ({"payment_check": "one_receipt"}, {"bank_receipt"}),
    ({"amount_base": "contract_or_invoices"}, set()),
    ({"amount_base": "effective_or_invoices"}, {"signed_contract"}),
    (
        {"invoice_fields": ("image",), "payment_check": "full", "amount_base": "effective_or_invoices"},
        {"invoice", "bank_receipt", "signed_contract"},
    ),
]


@pytest.mark.parametrize(("rules", "typed"), TYPED)
def test_a_file_is_either_a_picture_of_something_typed_or_uploaded_by_itself(
    rules: dict[str, Any], typed: set[str]
) -> None:
    policy = Policy(evidence=ROWS, **rules)
    assert set(asked.picture_rows(policy)) == typed
    uploaded = [row.key for row in asked.file_rows(policy)]
    assert uploaded == [row.key for row in ROWS[:4] if row.key not in typed]


def test_a_rule_about_pictures_without_a_row_asks_for_none() -> None:
    policy = Policy(invoice_fields=("image",), payment_check="full", amount_base="effective_or_invoices")
    assert asked.picture_rows(policy) == {}


@pytest.mark.parametrize(
    ("rules", "gathers", "itemizes", "writes"),
    [
        ({}, False, False, False),
        ({"grouping": "single"}, False, False, False),
        ({"grouping": "per_carrier"}, False, False, False),
        ({"grouping": "per_window"}, True, False, True),
        ({"amount_base": "effective_or_invoices"}, False, True, False),
        ({"fields": (field("effect"),)}, False, False, True),
        ({"fields": (field(asked.CONTRACT, type="yuan"),)}, False, False, True),
        ({"fields": (field("need", stage="order"),)}, False, False, False),
    ],
)
def test_the_way_of_a_redemption_follows_its_rules(
    rules: dict[str, Any], gathers: bool, itemizes: bool, writes: bool
) -> None:
    policy = Policy(**rules)
    assert (asked.gathers(policy), asked.itemizes(policy), asked.writes(policy)) == (gathers, itemizes, writes)


# --- The form of what is written ----------------------------------------------------------------

BOTH = (field("effect", max_length=5), field(asked.CONTRACT, type="yuan", label="合同实际金额", help="含税"))


@pytest.mark.parametrize(
    ("grouping", "single", "names"),
    [
        ("single", True, ["contract_amount", "row_effect"]),
        ("single", False, None),
        ("per_window", True, ["contract_amount"]),
        ("per_window", False, ["row_effect"]),
    ],
)
def test_texts_are_written_once_for_all_that_is_gathered(grouping: str, single: bool, names: list[str] | None) -> None:
    form = facts_form(Policy(fields=BOTH, grouping=grouping), kept={}, single=single)
    assert (sorted(form.fields) if form else None) == names


def test_a_scheme_that_asks_for_nothing_has_no_form() -> None:
    assert facts_form(Policy(fields=(field("need", stage="order"),)), kept={}, single=True) is None


def test_the_contracts_box_is_called_as_the_scheme_calls_it() -> None:
    form = facts_form(Policy(fields=BOTH), kept={}, single=True)
    assert form is not None
    box = form.fields["contract_amount"]
    assert (box.label, box.help_text, box.required) == ("合同实际金额", "含税", False)


def test_a_draft_may_be_kept_with_nothing_in_it_but_not_with_too_much() -> None:
    policy = Policy(fields=BOTH)
    empty = facts_form(policy, {"facts-row_effect": ""}, kept={}, single=True)
    long = facts_form(policy, {"facts-row_effect": "一二三四五六"}, kept={}, single=True)
    assert empty is not None
    assert long is not None
    assert empty.is_valid()
    assert empty.answers == {}
    assert not long.is_valid()
    assert list(long.errors) == ["row_effect"]


def test_what_is_closed_keeps_what_stood_there_whatever_is_sent() -> None:
    sent = {"facts-row_effect": "改动", "facts-contract_amount": "1"}
    form = facts_form(Policy(fields=BOTH), sent, kept={"effect": "原文"}, amount=Decimal(900), single=True)
    assert form is not None
    form.close({"effect"})
    assert form.is_valid(), form.errors
    assert form.answers == {"effect": "改动"}
    assert form.cleaned_data["contract_amount"] == Decimal(900)


SECRET = (field("card", type="secret", label="卡号"), field("effect"))


def test_a_secret_never_comes_back_and_stays_until_another_is_typed() -> None:
    policy, kept = Policy(fields=SECRET), {"card": "v1:cipher", "effect": "原文"}
    form = facts_form(policy, kept=kept, single=True)
    assert form is not None
    page = form.as_div()
    assert "cipher" not in page
    assert "原文" in page
    assert "已保存，不填则不变" in page
    sent = facts_form(policy, {"facts-row_card": "", "facts-row_effect": ""}, kept=kept, single=True)
    assert sent is not None
    assert sent.is_valid()
    assert sent.written == {"effect": ""}


def test_a_secret_that_is_typed_is_kept_encrypted() -> None:
    form = facts_form(Policy(fields=SECRET), {"facts-row_card": "6217 2026"}, kept={}, single=True)
    assert form is not None
    assert "已保存" not in form.as_div()
    assert form.is_valid(), form.errors
    assert decrypt(form.written["card"]) == "6217 2026"
    assert form.written["effect"] == ""


def test_a_closed_secret_stays_whatever_is_sent() -> None:
    form = facts_form(Policy(fields=SECRET), {"facts-row_card": "7"}, kept={"card": "v1:cipher"}, single=True)
    assert form is not None
    form.close(set())
    assert form.is_valid()
    assert "card" not in form.written
