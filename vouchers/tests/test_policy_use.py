"""Evidence, related parties, categories, terms: pure rules on plain data."""

from dataclasses import fields
from decimal import Decimal

import pytest

from vouchers.models.parameters import Parameters
from vouchers.policy import (
    EvidenceSpec,
    FieldSpec,
    Party,
    Policy,
    TermSpec,
    evidence_gaps,
    is_excluded,
    redeemers,
    related,
)


def evidence(key: str = "contract", **changes: object) -> EvidenceSpec:
    values = {"stage": "use", "key": key, "label": "合同", "max_bytes": 10, "formats": ("pdf",), **changes}
    return EvidenceSpec(**values)  # type: ignore[arg-type]


def test_a_policy_has_every_parameter_of_the_tables() -> None:
    rows = {"classes", "fields", "terms", "evidence"}
    assert {f.name for f in fields(Policy)} - rows == set(Parameters.parameter_names())


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ["上传合同，还差 2 份"]),
        ({"contract": 1}, ["上传合同，还差 1 份"]),
        ({"contract": 2}, []),
        ({"contract": 4}, ["合同最多 3 份，现有 4 份，删除多余的"]),
        ({"other": 5}, ["上传合同，还差 2 份"]),
    ],
)
def test_evidence_is_counted_between_least_and_most(counts: dict[str, int], words: list[str]) -> None:
    rules = Policy(evidence=(evidence(minimum=2, maximum=3), evidence("late", stage="redemption")))
    assert [gap.words for gap in evidence_gaps(rules, "use", counts)] == words


def test_evidence_of_other_classes_is_not_asked() -> None:
    rules = Policy(evidence=(evidence(classes=("talent",)),))
    assert evidence_gaps(rules, "use", {}) == []
    assert len(evidence_gaps(rules, "use", {}, "talent")) == 1


def test_rows_are_found_by_stage_and_key() -> None:
    late = evidence("contract", stage="redemption", label="发票")
    rules = Policy(evidence=(evidence(), late))
    assert rules.evidence_row("redemption", "contract") is late
    with pytest.raises(LookupError):
        rules.evidence_row("redemption", "report")


def test_terms_are_found_by_act() -> None:
    term = TermSpec(act="order_answer", days=2, unit="wd", on_expiry="lapse")
    assert Policy(terms=(term,)).term("order_answer") is term
    assert Policy(terms=(term,)).term("rating") is None


def test_fields_are_chosen_by_stage_and_class() -> None:
    mine = FieldSpec(stage="claim", key="a", label="甲", type="text")
    other = FieldSpec(stage="claim", key="b", label="乙", type="text", classes=("talent",))
    rules = Policy(fields=(mine, other, FieldSpec(stage="use", key="c", label="丙", type="text")))
    assert rules.fields_of("claim") == (mine,)
    assert rules.fields_of("claim", "talent") == (mine, other)


@pytest.mark.feature("ZJ-8")
@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (Party(legal_person="陆甲"), Party(legal_person="陆甲"), ["法定代表人"]),
        (Party(phones=frozenset({"1", "2"})), Party(phones=frozenset({"2"})), ["经办人手机号"]),
        (Party(accounts=frozenset({"62"})), Party(accounts=frozenset({"62"})), ["收款账户"]),
        (Party(credit_code="91"), Party(credit_code="91"), ["统一社会信用代码"]),
        (Party(address="某路 1 号"), Party(address="某路 1 号"), ["地址"]),
        (Party(), Party(), []),
        (Party(legal_person="陆甲"), Party(legal_person="陆乙"), []),
    ],
)
def test_related_parties_share_something_that_is_not_empty(one: Party, other: Party, words: list[str]) -> None:
    assert related(one, other) == words
    assert related(other, one) == words


@pytest.mark.feature("ZJ-8")
def test_a_category_below_an_excluded_one_is_excluded() -> None:
    rules = Policy(excluded_categories=("0106",))
    assert is_excluded(rules, ["010602", "0106", "01"])
    assert not is_excluded(rules, ["010201", "0102", "01"])
    assert not is_excluded(Policy(), ["0106"])


def test_who_redeems_is_a_choice_or_fixed() -> None:
    assert redeemers(Policy(redeemer="choice")) == ("enterprise", "carrier")
    assert redeemers(Policy(redeemer="carrier")) == ("carrier",)


def test_the_same_rules_written_otherwise_have_one_digest() -> None:
    one = Policy.from_json({"cap_year": "100000", "min_contract": "0"})
    other = Policy.from_json({"min_contract": "0.00", "cap_year": 100000})
    assert one.digest == other.digest
    assert one.digest != Policy.from_json({"cap_year": "100000.01"}).digest
    assert one.cap_year == Decimal(100_000)


def test_an_unknown_parameter_is_an_error() -> None:
    with pytest.raises(TypeError):
        Policy.from_json({"cap_yeer": "1"})
