"""The number of a quota account follows the scheme's pattern, and is its own."""

from typing import Any

import pytest

from vouchers.parameter_checks import problems_of

pytestmark = pytest.mark.feature("YRD-4")


@pytest.mark.parametrize("pattern", ["{yyyy}Q{random}", "{yyyy}{kind}{random}", "{random}", "", None])
def test_a_pattern_with_something_random_will_do(pattern: Any) -> None:
    assert list(problems_of({"account_number": pattern})) == []


@pytest.mark.parametrize("pattern", ["{yyyy}", "{yyyy}{kind}", "2026Q", "{yyyy}{serial}{random}", "{yyyy}{random"])
def test_a_pattern_that_would_give_one_number_twice_is_refused(pattern: str) -> None:
    assert list(problems_of({"account_number": pattern})) == [("account_number", "pattern")]
