"""Answers as pages and papers show them."""

from typing import Any

import pytest

from vouchers.answers import answered
from vouchers.policy import FieldSpec


def row(type_: str, **more: Any) -> FieldSpec:
    return FieldSpec(stage="claim", key="it", label="此项", type=type_, **more)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (row("text"), "武进", "武进"),
        (row("integer"), 0, "0"),
        (row("integer"), 46, "46"),
        (row("yuan"), "32000000.00", "32,000,000.00"),
        (row("yuan"), "0.00", "0.00"),
        (row("secret"), "cipher", "***"),
        (row("person_id"), "cipher", "***"),
        (row("choice", choices=(("yes", "是"), ("no", "否"))), "no", "否"),
        (row("choice", choices=(("yes", "是"),)), "gone", "gone"),
        (row("month"), "2024-08", "2024-08"),
    ],
)
def test_an_answer_in_words(kind: FieldSpec, value: Any, words: str) -> None:
    assert answered([kind], {"it": value}) == [{"label": "此项", "value": words}]


@pytest.mark.parametrize("kind", [row("text"), row("yuan"), row("secret"), row("date")])
@pytest.mark.parametrize("value", [None, ""])
def test_what_was_left_empty_is_empty(kind: FieldSpec, value: Any) -> None:
    assert answered([kind], {"it": value}) == [{"label": "此项", "value": ""}]


def test_what_was_not_asked_is_not_shown() -> None:
    assert answered([row("text")], {"other": "1"}) == []
