"""The rows of a policy read from plain data: what becomes a number, a text, a pair; what belongs to which class."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest

from vouchers.policy import ClassSpec, EvidenceSpec, FieldSpec, Policy, TermSpec
from vouchers.policy.rows import ENCRYPTED, READERS, Row

pytestmark = pytest.mark.feature("JS-4")

FIELD: dict[str, Any] = {"stage": "claim", "key": "name", "label": "单位名称", "type": "text"}
EVIDENCE: dict[str, Any] = {"stage": "claim", "key": "licence", "label": "营业执照", "max_bytes": 1000}
TERM: dict[str, Any] = {"act": "review", "days": 5, "unit": "wd", "on_expiry": "remind"}
CLASS: dict[str, Any] = {"key": "listed", "label": "科小"}
ROWS: list[tuple[type[Row], dict[str, Any]]] = [
    (FieldSpec, FIELD),
    (EvidenceSpec, EVIDENCE),
    (TermSpec, TERM),
    (ClassSpec, CLASS),
]
PLAIN_KEYS = {"fields": FIELD, "evidence": EVIDENCE, "terms": TERM, "classes": CLASS}


# --- One row --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "data"), ROWS)
def test_a_row_holds_what_it_was_given(kind: type[Row], data: dict[str, Any]) -> None:
    row = kind.read(data)
    assert {key: getattr(row, key) for key in data} == data


@pytest.mark.parametrize(("kind", "data"), ROWS)
def test_a_row_that_lacks_anything_required_is_no_row(kind: type[Row], data: dict[str, Any]) -> None:
    for key in data:
        with pytest.raises(TypeError, match=key):
            kind.read({name: value for name, value in data.items() if name != key})


@pytest.mark.parametrize(("kind", "data"), ROWS)
def test_a_misspelt_key_is_an_error_and_not_a_silence(kind: type[Row], data: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="lable"):
        kind.read({**data, "lable": "错"})


@pytest.mark.parametrize(("kind", "data"), ROWS)
def test_nobody_changes_a_row_that_was_read(kind: type[Row], data: dict[str, Any]) -> None:
    row = kind.read(data)
    with pytest.raises(FrozenInstanceError):
        setattr(row, next(iter(data)), "别的")


def test_a_field_is_required_of_everyone_unless_its_row_says_otherwise() -> None:
    row = FieldSpec.read(FIELD)
    assert (row.required, row.classes, row.choices, row.prefill, row.max_length) == (True, (), (), "", None)


def test_evidence_is_one_file_at_least_unless_its_row_says_otherwise() -> None:
    row = EvidenceSpec.read(EVIDENCE)
    assert (row.minimum, row.maximum, row.formats, row.strict) == (1, None, (), False)


def test_a_term_without_a_word_about_reminders_reminds_nobody() -> None:
    assert TermSpec.read(TERM).remind_before == 0


def test_a_qualification_is_declared_unless_a_list_proves_it() -> None:
    assert (ClassSpec.read(CLASS).proof, ClassSpec.read({**CLASS, "proof": "list"}).proof) == ("declared", "list")


def test_lists_of_plain_data_become_what_can_be_compared_and_kept() -> None:
    row = FieldSpec.read({**FIELD, "classes": ["a", "b"], "choices": [["y", "是"], ("n", "否")]})
    assert (row.classes, row.choices) == (("a", "b"), (("y", "是"), ("n", "否")))
    assert hash(row) == hash(FieldSpec.read({**FIELD, "classes": ("a", "b"), "choices": [("y", "是"), ["n", "否"]]}))


def test_keys_of_choices_are_texts_even_where_a_preset_writes_numbers() -> None:
    assert FieldSpec.read({**FIELD, "choices": [[1, "一"], [2, "二"]]}).choices == (("1", "一"), ("2", "二"))


@pytest.mark.parametrize(
    ("type_", "secret"),
    [("person_id", True), ("secret", True), ("text", False), ("credit_code", False), ("phone", False), ("", False)],
)
def test_only_two_types_of_answers_are_never_shown_again(type_: str, secret: bool) -> None:
    assert FieldSpec.read({**FIELD, "type": type_}).is_secret is secret
    assert (type_ in ENCRYPTED) is secret


# --- Reading values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["cap_year", "cap_claim", "revenue_max", "min_contract", "rounding_step", "sample_rate"]
)
@pytest.mark.parametrize(("value", "read"), [("0.30", Decimal("0.3")), (5, Decimal(5)), (0.1, Decimal("0.1")), (0, 0)])
def test_numbers_are_read_without_a_loss(key: str, value: Any, read: Any) -> None:
    found = READERS[key](value)
    assert isinstance(found, Decimal)
    assert found == read


@pytest.mark.parametrize("key", sorted(READERS))
def test_what_a_scheme_does_not_say_stays_unsaid(key: str) -> None:
    assert READERS[key](None) is None


@pytest.mark.parametrize("key", ["eligible_classes", "excluded_categories", "invoice_fields", "formats"])
def test_an_empty_list_is_said_and_not_missing(key: str) -> None:
    assert READERS[key]([]) == ()


def test_tiers_keep_their_order_and_their_cents() -> None:
    assert READERS["subsidy_tiers"]([["0", "0.5"], [100000, 0.3]]) == (
        (Decimal(0), Decimal("0.5")),
        (Decimal(100_000), Decimal("0.3")),
    )


@pytest.mark.parametrize("tiers", [[["0"]], [["0", "0.5", "x"]], [5]])
def test_a_tier_is_a_start_and_a_share(tiers: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        READERS["subsidy_tiers"](tiers)


# --- Rows in a policy -----------------------------------------------------------------------------


def everything() -> Policy:
    """Rows of two stages, for all and for some."""
    for_some = {"classes": ["listed"]}
    return Policy.from_json(
        {
            "fields": [
                {**FIELD, "key": "second"},
                {**FIELD, **for_some, "key": "first"},
                {**FIELD, "key": "used", "stage": "use"},
            ],
            "evidence": [EVIDENCE, {**EVIDENCE, **for_some, "key": "proof"}, {**EVIDENCE, "stage": "redeem"}],
            "terms": [TERM, {**TERM, "days": 9}, {**TERM, "act": "pay"}],
        }
    )


@pytest.mark.parametrize(
    ("stage", "class_key", "keys"),
    [
        ("claim", "listed", ["second", "first"]),
        ("claim", "other", ["second"]),
        ("claim", "", ["second"]),
        ("use", "listed", ["used"]),
        ("redeem", "listed", []),
    ],
)
def test_a_form_has_the_fields_of_its_stage_and_class_in_their_order(
    stage: str, class_key: str, keys: list[str]
) -> None:
    assert [row.key for row in everything().fields_of(stage, class_key)] == keys


@pytest.mark.parametrize(
    ("stage", "class_key", "keys"),
    [
        ("claim", "listed", ["licence", "proof"]),
        ("claim", "", ["licence"]),
        ("redeem", "x", ["licence"]),
        ("u", "", []),
    ],
)
def test_evidence_is_asked_by_stage_and_class(stage: str, class_key: str, keys: list[str]) -> None:
    assert [row.key for row in everything().evidence_of(stage, class_key)] == keys


def test_one_evidence_row_is_found_by_stage_and_key() -> None:
    assert everything().evidence_row("redeem", "licence").stage == "redeem"
    with pytest.raises(LookupError, match="'proof' at 'redeem'"):
        everything().evidence_row("redeem", "proof")


def test_the_first_term_of_an_act_counts() -> None:
    found = everything().term("review")
    assert found is not None
    assert found.days == 5
    assert everything().term("unheard") is None


@pytest.mark.parametrize("key", sorted(PLAIN_KEYS))
def test_rows_survive_the_way_through_a_snapshot(key: str) -> None:
    policy = Policy.from_json({key: [PLAIN_KEYS[key]]})
    again = Policy.from_json(policy.to_json())
    assert (again, again.digest) == (policy, policy.digest)


@pytest.mark.parametrize("key", sorted(PLAIN_KEYS))
def test_the_digest_sees_every_row_and_its_place(key: str) -> None:
    row, other = PLAIN_KEYS[key], {**PLAIN_KEYS[key], "act" if key == "terms" else "key": "other"}
    digests = {Policy.from_json({key: rows}).digest for rows in ([], [row], [row, other], [other, row])}
    assert len(digests) == 4


def test_one_number_written_in_three_ways_is_one_rule() -> None:
    digests = {Policy.from_json({"cap_year": cap}).digest for cap in ("100000", "100000.00", "1E+5", 100_000)}
    assert len(digests) == 1
    assert Policy.from_json({"cap_year": "100000.01"}).digest not in digests


def test_a_rule_that_is_empty_differs_from_one_that_is_not_there() -> None:
    assert Policy.from_json({"eligible_classes": []}).digest != Policy().digest
