"""Cells of a sheet and values of a message become facts, or a sentence for each that does not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.tests import cast
from vouchers.external_rows import COLUMNS, FactsWrong, from_sheet, missing_columns, read

pytestmark = pytest.mark.feature("YRD-2")

GOOD = {
    "external_number": " SH-1 ",
    "credit_code": cast.credit_code(1),
    "name": "",
    "amount": "50,000.00",
    "approved_on": "2026-05-06",
}


def test_a_message_is_read() -> None:
    facts = read(GOOD)
    assert (facts.external_number, facts.amount, facts.approved_on) == ("SH-1", Decimal(50_000), date(2026, 5, 6))


def test_a_sheets_row_is_read_by_its_heads() -> None:
    row = {head: GOOD[key] for head, key in COLUMNS.items()}
    assert from_sheet(row) == read(GOOD)


def test_a_day_with_a_time_is_a_day() -> None:
    assert read({**GOOD, "approved_on": "2026-05-06 10:30:00"}).approved_on == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("external_number", "", "填写申领编号"),
        ("external_number", "9" * 61, "最多 60 字"),
        ("credit_code", "", "填写统一社会信用代码"),
        ("credit_code", "91330108MA", "共 18 位"),
        ("amount", "", "填写金额"),
        ("amount", "五万", "填写核定金额"),
        ("amount", "0", "大于 0"),
        ("amount", "-5", "不能小于 0"),
        ("amount", "1.005", "两位小数"),
        ("amount", 50_000, "写成文字"),
        ("amount", None, "写成文字"),
        ("approved_on", "6.5.2026", "2026-05-06"),
        ("approved_on", ["2026-05-06"], "写成文字"),
        ("name", "甲\0乙", "写成文字"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_key(key: str, value: Any, words: str) -> None:
    with pytest.raises(FactsWrong) as wrong:
        read({**GOOD, key: value})
    assert set(wrong.value.problems) == {key}
    assert words in wrong.value.problems[key]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(FactsWrong) as wrong:
        read({})
    assert set(wrong.value.problems) == {"external_number", "credit_code", "amount", "approved_on"}


def test_a_sheet_may_leave_out_the_names_only() -> None:
    assert missing_columns(["申领编号", "统一社会信用代码", "核定金额", "核定日期"]) == []
    assert missing_columns(["申领编号", "单位名称", "核定金额"]) == ["统一社会信用代码", "核定日期"]
