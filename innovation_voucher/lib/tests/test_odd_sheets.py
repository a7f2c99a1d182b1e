"""Sheets as offices really send them: merged, hidden, dated, empty, in another encoding."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from innovation_voucher.lib.spreadsheets import csv_text, read_rows, safe_text, xlsx


def sheet(change: Callable[[Any, Any], object]) -> bytes:
    book = openpyxl.Workbook()
    change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(content: bytes, name: str = "表.xlsx", **options: Any) -> list[dict[str, str]]:
    return read_rows(io.BytesIO(content), name, **options)


def filled(*rows: list[Any]) -> bytes:
    return sheet(lambda _book, page: [page.append(row) for row in rows])


def test_a_merged_cell_has_its_text_in_the_first_row_only() -> None:
    def merge(_book: Any, page: Any) -> None:
        for row in (["企业", "金额"], ["云帆", 1], [None, 2]):
            page.append(row)
        page.merge_cells("A2:A3")

    assert rows_of(sheet(merge)) == [{"企业": "云帆", "金额": "1"}, {"企业": "", "金额": "2"}]


def test_only_the_first_sheet_is_read() -> None:
    def two(book: Any, page: Any) -> None:
        page.append(["名称"])
        page.append(["甲"])
        book.create_sheet("二").append(["别的"])

    assert rows_of(sheet(two)) == [{"名称": "甲"}]


def test_headers_may_stand_below_empty_rows() -> None:
    assert rows_of(filled([None], [None, None], ["名称"], ["甲"])) == [{"名称": "甲"}]


def test_a_header_without_rows_gives_none() -> None:
    assert rows_of(filled(["名称", "数量"])) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 20), "2026-11-20"),
        (datetime.fromisoformat("2026-11-20 00:00:01"), "2026-11-20 00:00:01"),
        (time(8, 30), "08:30:00"),
        (12.0, "12"),
        (0.1, "0.1"),
        (123456789012345, "123456789012345"),
        (True, "True"),
        ("  前后  ", "前后"),
        ("一\n二", "一\n二"),
        ("00123", "00123"),
    ],
)
def test_a_cell_becomes_the_text_that_a_person_sees(value: Any, text: str) -> None:
    assert rows_of(filled(["值"], [value])) == [{"值": text}]


def test_a_column_without_a_header_is_left_out() -> None:
    assert rows_of(filled(["a", None, "c"], [1, 2, 3])) == [{"a": "1", "c": "3"}]


def test_a_row_of_another_length_is_filled_or_cut() -> None:
    content = b"a,b\r\n1\r\n1,2,3\r\n"
    assert rows_of(content, "表.csv") == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_csv_of_every_system_has_the_same_rows(ends: str) -> None:
    assert rows_of(ends.join(["名称,数量", "甲,1", "", "乙,2"]).encode(), "表.csv") == [
        {"名称": "甲", "数量": "1"},
        {"名称": "乙", "数量": "2"},
    ]


def test_a_quoted_cell_may_hold_commas_quotes_and_lines() -> None:
    content = '名称\r\n"甲, ""乙""\n丙"\r\n'.encode("gb18030")
    assert rows_of(content, "表.csv") == [{"名称": '甲, "乙"\n丙'}]


def test_a_workbook_is_told_by_content_under_any_name() -> None:
    assert rows_of(filled(["a"], ["x"]), "数据.csv") == [{"a": "x"}]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_as_many_rows_as_the_limit_are_read(rows: int) -> None:
    content = csv_text(["a"], [["x"]] * rows).encode()
    assert len(rows_of(content, "a.csv", limit=3)) == rows


def test_empty_rows_do_not_count_towards_the_limit() -> None:
    content = ("a\n" + "\n" * 50 + "x\n" + ",,\n" * 50).encode()
    assert rows_of(content, "a.csv", limit=1) == [{"a": "x"}]


def test_a_long_text_is_cut_to_what_a_cell_holds() -> None:
    content = xlsx(["a"], [["字" * 40_000]])
    assert len(rows_of(content)[0]["a"]) == 32_000
    assert len(safe_text("=" * 40_000)) == 32_000


def test_control_characters_leave_a_cell_and_line_ends_stay() -> None:
    assert safe_text("甲\x01\x0b乙\n丙\t丁") == "甲乙\n丙\t丁"
