"""The rows of a sheet: the standard, what a step changes, and what makes no sheet."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from innovation_voucher.casework import panelrules


def test_the_standard_sheet_has_a_hundred_points() -> None:
    rules = panelrules.parsed(panelrules.complete(None))
    assert (rules.most, rules.size, rules.quorum, rules.blind) == (100, 3, 2, False)
    panelrules.check_rules(dict(panelrules.standard()))


def test_a_step_changes_only_what_it_names() -> None:
    rules = panelrules.parsed(panelrules.complete({"size": 5, "blind": True}))
    assert (rules.size, rules.blind, rules.days) == (5, True, 5)


@pytest.mark.parametrize(
    ("totals", "far"), [([], False), ([70], False), ([60, 80], False), ([60, 81], True), ([90, 70, 69], True)]
)
def test_more_than_the_spread_is_too_far_apart(totals: list[int], far: bool) -> None:
    assert panelrules.parsed(panelrules.complete(None)).too_far_apart(totals) is far


ROW = {"key": "a", "label": "甲", "points": 10}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "只能写这些键"),
        ({"experts": 3}, "只能写这些键"),
        ({"size": 0}, "size"),
        ({"days": "5"}, "days"),
        ({"spread": True}, "spread"),
        ({"quorum": 4}, "不能多于专家人数"),
        ({"criteria": []}, "每个评分项"),
        ({"criteria": ["a"]}, "每个评分项"),
        ({"criteria": [{"key": "a", "label": "", "points": 5}]}, "每个评分项"),
        ({"criteria": [{**ROW, "points": 0}]}, "每个评分项"),
        ({"criteria": [{**ROW, "weight": 2}]}, "每个评分项"),
        ({"criteria": [ROW, ROW]}, "不能重复"),
    ],
)
def test_rows_that_make_no_sheet_are_named(given: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        panelrules.check_rules(given)


@pytest.mark.parametrize(
    "given", [{}, {"criteria": [ROW]}, {"criteria": [{**ROW, "help": "说明"}], "size": 1, "quorum": 1}]
)
def test_rows_that_fit_pass(given: Any) -> None:
    panelrules.check_rules(given)
