"""One claim as a row of the years, and what is said of claims made elsewhere: rules alone, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from vouchers import external_rules, quota_years
from vouchers.claim_specs import evidence_of, fields_of, missing_words, problems_of, rules_of, unanswered
from vouchers.external_rows import ExternalFacts
from vouchers.lookup import LookupForm
from vouchers.models import Claim, PolicySnapshot, Programme, QuotaAccount
from vouchers.policy import FieldSpec, Policy

pytestmark = pytest.mark.feature("YRD-2")

DAY = date(2026, 5, 6)
STAMPED: dict[str, Any] = {"stamped_form": True}


def claim_of(status: str, rules: dict[str, Any] | None = None, **more: Any) -> Claim:
    digest = Policy.from_json(rules or {}).digest
    snapshot = PolicySnapshot(pk=1, digest=digest, data=rules) if rules is not None else None
    return Claim(number="SL-2026-000001", status=status, snapshot=snapshot, **more)


def account_of(available: str = "5000", until: date = DAY, status: str = "active") -> QuotaAccount:
    return QuotaAccount(pk=1, number="2026Q1", available=Decimal(available), valid_until=until, status=status)


def words(row: quota_years.YearRow) -> list[str]:
    return [str(label) for label, _url in row.actions]


# --- What is left -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("available", "until", "status", "left", "over"),
    [
        ("5000", DAY, "active", "5000", False),
        ("90000", DAY, "active", "20000", False),
        ("0", DAY, "active", "0", False),
        ("5000", date(2026, 5, 5), "active", "0", True),
        ("5000", DAY, "frozen", "0", True),
        ("5000", DAY, "closed", "0", True),
    ],
)
def test_what_is_left_is_no_more_than_was_granted_and_than_can_be_used(
    available: str, until: date, status: str, left: str, over: bool
) -> None:
    account = account_of(available, until, status)
    row = quota_years.row_of(claim_of("approved", granted=Decimal(20_000), account=account), DAY)
    assert (row.total, row.left, row.over, row.until) == (Decimal(20_000), Decimal(left), over, until)
    assert ("去使用" in words(row)) is bool(row.left)


@pytest.mark.parametrize("status", ["submitted", "returned", "rejected", "withdrawn", "waitlisted", "lapsed"])
def test_what_is_not_approved_brought_nothing_whatever_stands_in_its_row(status: str) -> None:
    row = quota_years.row_of(claim_of(status, granted=Decimal(20_000), account=account_of()), DAY)
    assert (row.total, row.left) == (Decimal(0), Decimal(0))
    assert "去使用" not in words(row)


def test_a_claim_without_an_account_is_neither_over_nor_usable() -> None:
    row = quota_years.row_of(claim_of("submitted"), DAY)
    assert (row.until, row.over, words(row)) == (None, False, ["查看详情", "审核记录"])


@pytest.mark.parametrize(
    ("status", "rules", "shown"),
    [
        ("awaiting_stamp", STAMPED, ["查看详情", "下载申领表", "上传申领表", "审核记录"]),
        ("submitted", STAMPED, ["查看详情", "下载申领表", "审核记录"]),
        ("submitted", {}, ["查看详情", "审核记录"]),
        ("submitted", None, ["查看详情", "审核记录"]),
    ],
)
def test_a_form_is_offered_where_the_rules_ask_for_one(
    status: str, rules: dict[str, Any] | None, shown: list[str]
) -> None:
    assert words(quota_years.row_of(claim_of(status, rules), DAY)) == shown


# --- The rules of a claim -----------------------------------------------------------------------------


def field(key: str, **more: Any) -> dict[str, Any]:
    return {"stage": "claim", "key": key, "label": f"第{key}项", "type": "text", **more}


def test_a_claim_that_was_taken_over_without_rules_has_those_of_nobody() -> None:
    bare = claim_of("approved")
    assert (rules_of(bare), fields_of(bare), evidence_of(bare)) == (Policy(), (), ())


def test_a_claim_reads_the_rows_of_its_own_class() -> None:
    rules = {"fields": [field("1"), field("2", classes=["listed"]), field("3", stage="use")]}
    for class_key, keys in (("listed", ["1", "2"]), ("other", ["1"])):
        found = fields_of(claim_of("draft", rules, class_key=class_key))
        assert [row.key for row in found] == keys


@pytest.mark.parametrize("answer", [None, ""])
def test_only_what_is_required_and_not_there_is_missing(answer: str | None) -> None:
    rules = Policy.from_json({"fields": [field("1"), field("2", required=False), field("3")]})
    assert [row.key for row in unanswered(rules, "", {"1": answer, "2": answer, "3": False})] == ["1"]


@pytest.mark.parametrize(("n", "names"), [(1, "第0项"), (3, "第0项、第1项、第2项"), (4, "第0项、第1项、第2项…")])
def test_three_missing_fields_are_named_and_more_are_counted(n: int, names: str) -> None:
    rows = tuple(FieldSpec.read(field(str(number))) for number in range(n))
    assert missing_words(rows) == f"还有 {n} 项没有填写：{names}"


def test_revenue_and_certificate_are_both_said_at_their_own_keys() -> None:
    rules = Policy.from_json(
        {"revenue_max": "1000", "classes": [{"key": "high", "label": "高企", "proof": "declared", "months": 36}]}
    )
    wrong = {"revenue": "1000.01", "certificate_month": "2023-04"}
    assert set(problems_of(rules, "high", wrong, DAY)) == {"revenue", "certificate_month"}
    assert set(problems_of(rules, "", wrong, DAY)) == {"revenue"}
    assert problems_of(Policy(), "high", wrong, DAY) == {}


# --- Claims made elsewhere ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "channel", "elsewhere", "imported"),
    [
        ("external", "external", True, True),
        ("external", None, True, True),
        ("instant", "external", True, True),
        ("instant", "portal", False, False),
        ("reviewed", None, False, False),
        (None, None, False, False),
    ],
)
def test_only_where_claims_are_made_elsewhere_are_results_imported(
    mode: str | None, channel: str | None, elsewhere: bool, imported: bool
) -> None:
    policy = Policy(claim_mode=mode, claim_channel=channel)
    allowed, why = external_rules.is_external(policy, Programme(name="甲地券"))
    assert (external_rules.is_elsewhere(policy), allowed) == (elsewhere, imported)
    assert why == ("" if imported else "甲地券在该地区由本平台受理申领，不导入其他平台的结果")


def said(**changes: Any) -> ExternalFacts:
    facts = {"external_number": "SH-1", "credit_code": cast.credit_code(1), "amount": Decimal(500), "approved_on": DAY}
    return ExternalFacts(**{**facts, **changes})


@pytest.mark.parametrize(
    ("day", "good"),
    [(date(2026, 1, 1), True), (DAY, True), (date(2025, 12, 31), False), (date(2026, 5, 7), False), (date.max, False)],
)
def test_a_grant_lies_between_the_opening_and_today(day: date, good: bool) -> None:
    programme = Programme(opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31))
    allowed, why = external_rules.is_dated(said(approved_on=day), programme, DAY)
    assert allowed is good
    assert why == ("" if good else "核定日期须在 2026-01-01 至 2026-05-06 之间")


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"name": "改了名"}, True),
        ({"amount": Decimal("500.00")}, True),
        ({"amount": Decimal("500.01")}, False),
        ({"credit_code": cast.credit_code(2)}, False),
        ({"approved_on": date(2026, 5, 5)}, False),
    ],
)
def test_a_number_that_comes_again_says_the_same_of_whom_how_much_and_when(change: dict[str, Any], good: bool) -> None:
    owner = Organization(credit_code=cast.credit_code(1))
    known = claim_of("approved", organization=owner, asked=Decimal(500), external_on=DAY)
    allowed, why = external_rules.is_the_same(known, said(**change))
    assert allowed is good
    assert why == ("" if good else "申领编号 SH-1 已导入为 500 元，内容与这次不同；核对编号，需要收回时由科技局办理")


def test_an_unknown_code_is_named_with_the_region_and_the_way_out() -> None:
    words_of = external_rules.nobody_words(Region(name="滨江区"), "91")
    assert words_of == "滨江区没有统一社会信用代码为 91 的单位；核对代码，或请该单位先在本平台注册"


def test_a_grant_without_a_name_is_compared_with_none() -> None:
    assert external_rules.has_name(Organization(name="甲"), said()) == (True, "")


# --- The look-up's form -------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2026q00001", " 2026Q 00001 ", "2026Q\u300000001", "2026q\t00001"])
def test_a_number_is_looked_for_as_it_is_stored(typed: str) -> None:
    form = LookupForm({"number": typed, "digits": "0001"})
    assert form.is_valid()
    assert form.cleaned_data["number"] == "2026Q00001"


@pytest.mark.parametrize(
    ("number", "digits", "wrong"),
    [
        ("", "0001", {"number"}),
        ("　", "0001", {"number"}),
        ("9" * 41, "0001", {"number"}),
        ("9\0", "0001", {"number"}),
        ("9", "00011", {"digits"}),
        ("9", "０００１", {"digits"}),
        ("9", "00 1", {"digits"}),
        ("", "", {"number", "digits"}),
    ],
)
def test_what_cannot_be_looked_for_is_said_at_its_box(number: str, digits: str, wrong: set[str]) -> None:
    assert set(LookupForm({"number": number, "digits": digits}).errors) == wrong
