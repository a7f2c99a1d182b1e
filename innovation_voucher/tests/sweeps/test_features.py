"""Every feature that a scheme or the contest asks for has a test that carries its mark."""

import re

import pytest

from innovation_voucher.tests.sweeps.sources import files_of_tests

FEATURES = [
    *("ZO-1", "ZO-2", "ZO-9", "ZO-12"),
    *("ZJ-3", "ZJ-5", "ZJ-7", "ZJ-8", "ZJ-10", "ZJ-11", "ZJ-12"),
    "X-4",
    *("ZO-3", "ZO-4", "ZO-5", "ZO-6", "ZO-8", "ZO-10", "ZO-11", "ZO-13", "ZJ-9"),
    *("ZO-7", "ZJ-6", "X-3", "X-9", "X-10"),
]


def marked() -> set[str]:
    """All marks, read from the text: a test that is not collected would lack in its run too."""
    calls = [call for text in files_of_tests().values() for call in re.findall(r"mark\.feature\(([^)]*)\)", text)]
    return {feature for call in calls for feature in re.findall(r'"([A-Z]+-\d+)"', call)}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_test_shows_the_feature(feature: str) -> None:
    assert feature in marked()


def test_marks_name_features_that_exist_by_their_form() -> None:
    assert [mark for mark in marked() if not re.fullmatch(r"(ZO|ZJ|JS|CSJ|YRD|TJ|X)-\d{1,2}", mark)] == []
