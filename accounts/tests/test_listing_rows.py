"""The sheet of a list as people fill it in: what is forgiven, what is said of which row. No database."""

from io import BytesIO

import pytest

from accounts import listing
from accounts.listing import CODE, NAME, NUMBER, Row, Sheet, checked, read_sheet
from innovation_voucher.lib.spreadsheets import xlsx
from innovation_voucher.tests import cast

pytestmark = pytest.mark.feature("JS-6")

ONE, TWO, THREE = (cast.credit_code(number) for number in (801, 802, 803))


def cells(code: str = ONE, name: str = "澄光公司", number: str = "2026-1") -> dict[str, str]:
    return {CODE: code, NAME: name, NUMBER: number}


def text_file(*lines: str, encoding: str = "utf-8") -> BytesIO:
    return BytesIO("\r\n".join(lines).encode(encoding))


def wide(text: str) -> str:
    """The same in full-width letters and digits, as an input method leaves them."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "typed", [ONE.lower(), f" {ONE} ", f"{ONE[:8]} {ONE[8:]}", f"{ONE[:8]}-{ONE[8:]}", wide(ONE), f"\ufeff{ONE}\u200b"]
)
def test_a_code_is_taken_however_it_is_typed(typed: str) -> None:
    assert checked([cells(typed)]) == Sheet((Row(ONE, "澄光公司", "2026-1"),), ())


def test_one_code_typed_in_two_ways_stands_there_twice() -> None:
    found = checked([cells(ONE), cells(wide(ONE.lower()))])
    assert [row.credit_code for row in found.rows] == [ONE]
    assert found.problems == (f"第 3 行：统一社会信用代码 {ONE} 重复出现",)


def test_a_code_counts_as_taken_by_a_right_row_only() -> None:
    found = checked([cells(name=""), cells(name="第二行")])
    assert [row.name for row in found.rows] == ["第二行"]
    assert found.problems == ("第 2 行：缺少单位名称",)


def test_a_third_time_is_said_too() -> None:
    found = checked([cells(ONE), cells(ONE), cells(TWO), cells(ONE)])
    assert [words.partition("：")[0] for words in found.problems] == ["第 3 行", "第 5 行"]
    assert [row.credit_code for row in found.rows] == [ONE, TWO]


@pytest.mark.parametrize(("name", "number"), [("长" * 100, "1" * 40), ("长" * 100, ""), ("甲", "1" * 40)])
def test_the_longest_that_fits_is_taken(name: str, number: str) -> None:
    assert checked([cells(name=name, number=number)]) == Sheet((Row(ONE, name, number),), ())


@pytest.mark.parametrize(("name", "number"), [("长" * 101, ""), ("甲", "1" * 41)])
def test_one_letter_more_is_refused_with_both_limits(name: str, number: str) -> None:
    found = checked([cells(name=name, number=number)])
    assert found == Sheet((), ("第 2 行：单位名称最多 100 字，入库编号最多 40 字",))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "填写统一社会信用代码，共 18 位"),
        (ONE[:17], "这里有 17 位"),
        (ONE + "0", "这里有 19 位"),
        (ONE[:17] + ("0" if ONE[17] != "0" else "1"), "第 18 位校验不通过"),
        ("9133010IMA0000001X", "只有数字和大写字母"),
        ("统" * 18, "只有数字和大写字母"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_in_its_row(code: str, words: str) -> None:
    found = checked([cells(TWO), cells(code)])
    assert [row.credit_code for row in found.rows] == [TWO]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("第 3 行：")
    assert words in found.problems[0]


def test_a_row_says_one_thing_at_a_time_the_name_first() -> None:
    assert checked([cells("", "")]).problems == ("第 2 行：缺少单位名称",)


def test_a_list_without_numbers_is_a_list() -> None:
    found = checked([{CODE: ONE, NAME: "甲"}, {CODE: TWO, NAME: "乙"}])
    assert found == Sheet((Row(ONE, "甲", ""), Row(TWO, "乙", "")), ())


def test_rows_keep_the_order_of_the_sheet() -> None:
    assert [row.credit_code for row in checked(cells(code) for code in (THREE, ONE, TWO)).rows] == [THREE, ONE, TWO]


def test_no_row_is_no_problem_of_a_row() -> None:
    assert checked([]) == Sheet((), ())


# --- Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_the_encodings_that_offices_write(encoding: str) -> None:
    found = read_sheet(text_file(f"{CODE},{NAME},{NUMBER}", f"{ONE},澄光公司,7", encoding=encoding), "名单.csv")
    assert found == Sheet((Row(ONE, "澄光公司", "7"),), ())


def test_other_columns_and_their_order_do_not_matter() -> None:
    found = read_sheet(text_file(f"备注,{NAME},{CODE}", f"无,澄光公司,{ONE}"), "名单.csv")
    assert found == Sheet((Row(ONE, "澄光公司", ""),), ())


def test_a_number_cell_of_a_workbook_is_read_without_a_point() -> None:
    book = BytesIO(xlsx([CODE, NAME, NUMBER], [[ONE, "澄光公司", 20260001]]))
    assert read_sheet(book, "名单.xlsx").rows == (Row(ONE, "澄光公司", "20260001"),)


@pytest.mark.parametrize("control", ["\0", "\x01", "\x1b", "\x07"])
def test_controls_that_no_database_keeps_are_taken_out_of_a_text_file(control: str) -> None:
    found = read_sheet(text_file(f"{CODE},{NAME}", f"{ONE},澄{control}光公司"), "名单.csv")
    assert found == Sheet((Row(ONE, "澄光公司", ""),), ())


def test_a_name_of_controls_only_is_missing() -> None:
    found = read_sheet(text_file(f"{CODE},{NAME}", f"{ONE},\0\0"), "名单.csv")
    assert found == Sheet((), ("第 2 行：缺少单位名称",))


@pytest.mark.parametrize(
    ("head", "missing"), [(f"{CODE},名称", NAME), (f"代码,{NAME}", CODE), ("甲,乙", f"{CODE}、{NAME}")]
)
def test_only_the_columns_that_lack_are_named(head: str, missing: str) -> None:
    with pytest.raises(ValueError, match=f"要有这些列：{missing}，第一行写列名"):
        read_sheet(text_file(head, "1,2"), "名单.csv")


@pytest.mark.parametrize(
    ("file", "name", "words"),
    [
        (BytesIO(b""), "名单.csv", "表格是空的"),
        (BytesIO(b"%PDF-1.7 no workbook"), "名单.xlsx", "表格打不开"),
        (BytesIO(b"\xff\xfe\x00\x81\xff"), "名单.csv", "表格打不开"),
        (text_file(f"{CODE},{CODE},{NAME}", "1,2,3"), "名单.csv", "出现了两次"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(file: BytesIO, name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_sheet(file, name)


def test_a_list_that_is_too_long_is_asked_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 2)
    rows = [f"{code},甲" for code in (ONE, TWO, THREE)]
    assert len(read_sheet(text_file(f"{CODE},{NAME}", *rows[:2]), "名单.csv").rows) == 2
    with pytest.raises(ValueError, match="最多 2 行"):
        read_sheet(text_file(f"{CODE},{NAME}", *rows), "名单.csv")
