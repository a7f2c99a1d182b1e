"""Tables are read as text and written without formulas."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given, settings, strategies as st

from innovation_voucher.lib.spreadsheets import csv_text, numbered, read_rows, safe_text, xlsx
from innovation_voucher.lib.tests import files

HEADERS = ["企业", "金额", "日期"]
PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","看")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "-5",
]


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(content):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


def read(content, name="表.xlsx", **options):
    return read_rows(io.BytesIO(content), name, **options)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(payload):
    (header,), (cell,) = cells(xlsx([payload], [[payload]]))
    for found in (header, cell):
        assert found.data_type == "s"
        assert found.value.startswith("'")
    lines = list(csv.reader(io.StringIO(csv_text([payload], [[payload]]), newline="")))
    assert [line[0][0] for line in lines] == ["'", "'"]


@given(st.text(max_size=50))
@example("\x1f=1+1")
@example("\0\x0b@SUM(A1)")
def test_safe_text_never_starts_like_a_formula(text):
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
    assert "\0" not in safe_text(text)


def test_plain_text_is_left_alone():
    assert safe_text("青禾微电子 A-1 = 2") == "青禾微电子 A-1 = 2"


def test_numbers_stay_numbers_also_below_zero():
    row = [-5, Decimal("-18000.50"), 0.25, True, None, float("nan")]
    found = cells(xlsx(["a"] * 6, [row]))[1]
    assert [cell.value for cell in found[:4]] == [-5, -18000.5, 0.25, "True"]
    assert [cell.data_type for cell in found[:3]] == ["n", "n", "n"]
    assert csv_text(["a"] * 6, [row]).splitlines()[1] == "-5,-18000.50,0.25,True,,nan"


def test_moments_are_written_in_local_time():
    moment = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
    row = [moment, date(2026, 11, 20)]
    found = cells(xlsx(["a", "b"], [row]))[1]
    assert [str(cell.value) for cell in found] == ["2026-11-21 00:05:00", "2026-11-20 00:00:00"]
    assert csv_text(["a", "b"], [row]).splitlines()[1] == "2026-11-21 00:05,2026-11-20"


def test_csv_quotes_what_would_break_a_line():
    text = csv_text(["a", "b"], [['x"y', "1,2\n=3"]])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], ['x"y', "1,2\n=3"]]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_can_be_read_again(form):
    rows = [["青禾微电子", Decimal("18000.50"), date(2026, 11, 20)], ["甲, 乙", 3, None]]
    content = xlsx(HEADERS, rows) if form == "xlsx" else csv_text(HEADERS, rows).encode("utf-8-sig")
    assert [list(row.values()) for row in read(content, f"表.{form}")] == [
        ["青禾微电子", "18000.5" if form == "xlsx" else "18000.50", "2026-11-20"],
        ["甲, 乙", "3", ""],
    ]


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x20, exclude_categories=["C", "Z"]), max_size=20), min_size=1, max_size=5
    )
)
@settings(max_examples=25, deadline=None)
def test_any_text_survives_both_formats(texts):
    rows = [[text] for text in texts]
    expected = [safe_text(text) for text in texts if text]
    for content, name in ((xlsx(["名"], rows), "a.xlsx"), (csv_text(["名"], rows).encode(), "a.csv")):
        assert [row["名"] for row in read(content, name)] == expected


def test_cells_are_read_as_trimmed_text():
    content = workbook(
        [" 名称 ", "数量", "时间", None],
        [" 青禾 ", 3.0, datetime.fromisoformat("2026-11-20 08:30"), "多余"],
        [None, None, None, None],
        [0, 1.5, date(2026, 1, 2)],
        ["短"],
    )
    assert read(content) == [
        {"名称": "青禾", "数量": "3", "时间": "2026-11-20 08:30:00"},
        {"名称": "0", "数量": "1.5", "时间": "2026-01-02"},
        {"名称": "短", "数量": "", "时间": ""},
    ]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_row_keeps_the_number_that_it_has_on_the_screen(form):
    lines = [[], ["名称"], ["甲"], [None], [" "], ["乙"], [], ["丙"]]
    text = "\r\n".join(line[0] or "" if line else "" for line in lines)
    found = read(workbook(*lines) if form == "xlsx" else text.encode(), f"表.{form}")
    assert [(row.number, row["名称"]) for row in found] == [(3, "甲"), (6, "乙"), (8, "丙")]
    assert [number for number, _row in numbered(found)] == [3, 6, 8]


def test_rows_of_no_sheet_are_counted_on_from_a_row_of_heads():
    assert list(numbered([{"名称": "甲"}, {"名称": "乙"}])) == [(2, {"名称": "甲"}), (3, {"名称": "乙"})]


def test_formulas_are_read_by_their_last_result_and_never_computed():
    assert read(workbook(["a", "b"], ["x", "=1+1"])) == [{"a": "x", "b": ""}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_the_country(encoding):
    content = "名称,数量\r\n青禾,3\r\n\r\n".encode(encoding)
    assert read(content, "表.csv") == [{"名称": "青禾", "数量": "3"}]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "表格是空的，第一行写列名"),
        (b",,\r\n", "a.csv", "表格是空的，第一行写列名"),
        (workbook(), "a.xlsx", "表格是空的，第一行写列名"),
        (b"a,b,a\r\n1,2,3", "a.csv", "列名“a”出现了两次，改名后再传"),
        (b"\xff\xff\xff", "a.csv", "表格打不开，另存为 XLSX 后再传"),
        (b"a,b", "a.xlsx", "表格打不开，另存为 XLSX 后再传"),
        (files.DOC, "a.xls", "表格打不开，另存为 XLSX 后再传"),
        (files.archive({"xl/workbook.xml": "<a/>"}), "a.xlsx", "表格打不开，另存为 XLSX 后再传"),
        (workbook(["a"])[:-30], "a.xlsx", "表格打不开，另存为 XLSX 后再传"),
        (
            files.archive({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "a.xlsx",
            "文件里有脚本、宏或嵌入的文件，另存为不带这些内容的文件后再传",
        ),
        (
            files.archive({"xl/workbook.xml": "<a/>", "xl/big.xml": b" " * 20_000_000}),
            "a.xlsx",
            "压缩包解开后过大，去掉压缩或分开再传",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(content, name, sentence):
    with pytest.raises(ValueError) as caught:
        read(content, name)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_too_many_rows_are_refused(form):
    rows = [["x"]] * 4
    content = xlsx(["a"], rows) if form == "xlsx" else csv_text(["a"], rows).encode()
    assert len(read(content, f"a.{form}", limit=4)) == 4
    with pytest.raises(ValueError, match="表格最多 3 行，分开再传"):
        read(content, f"a.{form}", limit=3)
