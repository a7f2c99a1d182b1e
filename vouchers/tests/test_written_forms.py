"""The form of a written claim: sections, what is asked, what may be missing, what is kept."""

from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework import calendar
from innovation_voucher.lib.crypto import decrypt
from vouchers.claim_specs import asks_amount, missing_words, problems_of, unanswered
from vouchers.models import Claim
from vouchers.policy import Policy
from vouchers.prefill import last_answers
from vouchers.written_forms import kept_secrets, written_form

from . import stamped as js

pytestmark = pytest.mark.feature("JS-5")


def field(section: str, key: str, label: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"stage": "claim", "section": section, "key": key, "label": label, "type": type_, **more}


FIELDS = [
    field("基本信息", "name", "单位名称", "text", prefill="organization.name"),
    field("基本信息", "number", "证件号码", "secret"),
    field("资格信息", "incubator", "孵化器", "text", classes=["incubated"]),
    field("账户", "note", "备注", "long_text", required=False),
    field("账户", "revenue", "上年度营业收入", "yuan"),
]


def policy(**more: Any) -> Policy:
    return Policy.from_json({"grant": "full_cap", "revenue_max": "1000", "fields": FIELDS, **more})


GOOD = {"name": "甲", "number": "G1", "revenue": "1,000", "note": ""}


def test_fields_stand_under_the_heads_of_their_sections() -> None:
    form = written_form(policy(), "incubated")()
    assert [(head, [field.name for field in fields]) for head, fields in form.sections()] == [
        ("基本信息", ["name", "number"]),
        ("资格信息", ["incubator"]),
        ("账户", ["note", "revenue"]),
    ]


def test_other_classes_have_other_fields() -> None:
    assert "incubator" not in written_form(policy(), "talent")().fields


@pytest.mark.parametrize(("grant", "asked"), [("full_cap", False), ("approved", True), ("requested", True)])
def test_how_much_is_asked_only_where_it_is_the_applicants_word(grant: str, asked: bool) -> None:
    rules = policy(grant=grant)
    assert asks_amount(rules) is asked
    form = written_form(rules, "")()
    assert ("amount" in form.fields) is asked
    assert next(head for head, _fields in form.sections()) == ("" if asked else "基本信息")


def test_only_what_is_open_is_asked() -> None:
    form = written_form(policy(grant="approved"), "", keys={"name"})()
    assert list(form.fields) == ["name"]


def test_a_whole_form_asks_for_what_is_required() -> None:
    form = written_form(policy(), "")({**GOOD, "name": ""})
    assert not form.is_valid()
    assert list(form.errors) == ["name"]


def test_a_draft_may_lack_anything_but_not_be_wrong() -> None:
    partial = written_form(policy(), "", partial=True)
    assert partial({}).is_valid()
    wrong = partial({"revenue": "1000.01"})
    assert not wrong.is_valid()
    assert "不超过 1,000 元" in wrong.errors["revenue"][0]


def test_a_partial_form_leaves_the_next_one_whole() -> None:
    written_form(policy(grant="approved"), "", partial=True)
    form = written_form(policy(grant="approved"), "")({})
    assert not form.is_valid()
    assert {"amount", "name", "number", "revenue"} <= set(form.errors)


def test_secrets_are_stored_encrypted_and_kept_when_nothing_is_typed() -> None:
    form = written_form(policy(), "")(GOOD)
    assert form.is_valid()
    assert decrypt(form.answers["number"]) == "G1"
    again = written_form(policy(), "", kept={"number", "name"})({**GOOD, "number": ""})
    assert again.is_valid()
    assert "number" not in again.answers
    assert str(again.fields["number"].help_text) == "已保存，不填则不变"


def test_only_secrets_are_kept() -> None:
    form = written_form(policy(), "", kept={"name"})({**GOOD, "name": ""})
    assert not form.is_valid()


def test_known_values_are_filled_in() -> None:
    form = written_form(policy(), "", prefill={"organization.name": "澄光"})()
    assert form["name"].value() == "澄光"


def test_answers_that_are_stored_are_known() -> None:
    assert kept_secrets(Claim(answers={"number": "x", "note": "", "name": None})) == {"number"}


# --- What is still missing ------------------------------------------------------------------------


def test_required_fields_without_an_answer_are_named() -> None:
    rows = unanswered(policy(), "incubated", {"name": "甲", "number": "", "revenue": None})
    assert [row.key for row in rows] == ["number", "incubator", "revenue"]
    assert missing_words(rows) == "还有 3 项没有填写：证件号码、孵化器、上年度营业收入"
    assert missing_words((*rows, rows[0])).endswith("…")


def test_a_zero_is_an_answer() -> None:
    assert unanswered(policy(), "", {"name": "甲", "number": "1", "revenue": 0}) == ()


@pytest.mark.parametrize(("revenue", "good"), [("1000", True), ("1000.01", False), (None, True), ("", True)])
def test_a_rule_looks_only_at_what_was_given(revenue: str | None, good: bool) -> None:
    assert (problems_of(policy(), "", {"revenue": revenue}, calendar.today()) == {}) is good


# --- Last time ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_last_answers_of_the_same_scheme_come_back() -> None:
    scheme, firm = js.load(), js.firm()
    assert last_answers(firm, scheme) == {}
    claim = js.drafted(firm, scheme, "talent", talent="沈某")
    assert last_answers(firm, scheme)["talent"] == "沈某"
    assert last_answers(js.firm(), scheme) == {}
    assert claim.asked == Decimal(100_000)


# --- What the payee account says ------------------------------------------------------------------

ACCOUNT = [field("账户", "their_number", "银行账号", "secret", prefill="bank.number")]
HELD = {"bank.number": "6222020000000001234"}


def test_an_empty_account_number_takes_the_payee_accounts_and_never_shows_it() -> None:
    kind = written_form(policy(fields=ACCOUNT, grant="requested_amount", revenue_max=None), "", held=HELD)
    form = kind({"their_number": "", "amount": "1"})
    assert form.is_valid(), form.errors
    assert decrypt(form.answers["their_number"]) == HELD["bank.number"]
    shown = str(kind())
    assert "尾号 1234" in shown
    assert HELD["bank.number"] not in shown + str(form)


def test_a_typed_account_number_stands() -> None:
    kind = written_form(policy(fields=ACCOUNT), "", held=HELD)
    form = kind({"their_number": "6217000010000000777"})
    assert form.is_valid(), form.errors
    assert decrypt(form.answers["their_number"]) == "6217000010000000777"


@pytest.mark.parametrize("held", [None, {}, {"bank.bank": "云帆银行"}])
def test_without_a_payee_account_the_number_is_asked_for(held: dict[str, str] | None) -> None:
    form = written_form(policy(fields=ACCOUNT), "", held=held)({"their_number": ""})
    assert list(form.errors) == ["their_number"]


def test_only_fields_of_that_source_take_it() -> None:
    form = written_form(policy(), "", held=HELD)({**GOOD, "number": ""})
    assert list(form.errors) == ["number"]
