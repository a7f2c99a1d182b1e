"""Tables in and out: XLSX and CSV. Every export of the portal is written here.

What a person typed never becomes a formula on another person's computer: text that begins like
one gets an apostrophe in front, in both formats. Numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Generic, TypeVar

from django.utils.translation import gettext as _

from innovation_voucher.lib.uploads import Refused
from innovation_voucher.lib.uploads.kinds import BROKEN_ARCHIVE, kind_of
from innovation_voucher.lib.uploads.office import check_package
from innovation_voucher.lib.workdays import SHANGHAI

# The full-width twins are formulas for the Chinese and Japanese editions.
_FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
_NUMBERS = (int, float, Decimal)
# What XML cannot hold.
_CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)}
_MAX_CELL = 32_000


R = TypeVar("R")


@dataclass(frozen=True)
class Sheet(Generic[R]):
    """The rows of a sheet that are right, and a sentence with its row number for each that is not."""

    rows: tuple[R, ...]
    problems: tuple[str, ...]


def safe_text(text: str) -> str:
    """The text as a cell that no program takes for a formula, without control characters."""
    # Controls go first: what stood behind one may start a formula.
    plain = text.translate(_CONTROLS)
    return ("'" + plain if plain.startswith(_FORMULA_STARTS) else plain)[:_MAX_CELL]


class Row(dict[str, str]):
    """The cells of one row by their headers; `number` is what the person's own program calls the row."""

    def __init__(self, number: int, cells: Iterable[tuple[str, str]]) -> None:
        super().__init__(cells)
        self.number = number


def numbered(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with the number each has in its sheet; those of no sheet are counted on from a row of heads."""
    for number, row in enumerate(rows, start=2):
        yield getattr(row, "number", number), row


def read_rows(data: BinaryIO, name: str, *, limit: int = 20000) -> list[Row]:
    """The rows of the first sheet by the headers of its first row that says anything; all text, trimmed.

    Empty rows are left out, but counted; dates come as 2026-11-20, whole numbers without a point. XLSX is told
    by content, everything else is read as CSV (UTF-8 or GB18030). Raises ValueError with a
    sentence for files that cannot be read, headers missing or given twice, and too many rows.
    """
    content = data.read()
    is_workbook = kind_of(content) == "xlsx"
    if not is_workbook and name.lower().endswith((".xlsx", ".xls")):
        raise ValueError(_("表格打不开，另存为 XLSX 后再传"))
    table = _workbook_rows(content) if is_workbook else _csv_rows(content)
    rows = ((number, row) for number, row in enumerate(table, start=1) if any(row))
    headers = _headers(next(rows, (1, []))[1])
    found: list[Row] = []
    for number, row in rows:
        if len(found) == limit:
            raise ValueError(_("表格最多 %s 行，分开再传") % f"{limit:,}")
        padded = [*row, *[""] * len(headers)]
        found.append(Row(number, (pair for pair in zip(headers, padded, strict=False) if pair[0])))
    return found


def xlsx(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: bold headers that stay in view, dates as dates."""
    import xlsxwriter  # noqa: PLC0415  lazy: slow import

    out = io.BytesIO()
    # Row by row: an export of 100,000 rows does not live in memory twice.
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        bold = book.add_format({"bold": True})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, safe_text(header), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write_cell(sheet, number, column, value, minute)
    return out.getvalue()


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with CRLF line ends. Encode it as utf-8-sig, else Excel garbles the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_text(header) for header in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _write_cell(sheet: Any, row: int, column: int, value: Any, minute: Any) -> None:
    if value is None or value == "":
        return
    if _is_number(value):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _local(value), minute)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, safe_text(str(value)))


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if _is_number(value):
        return str(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    return safe_text(str(value))


def _is_number(value: Any) -> bool:
    """A finite number; NaN and infinity are text, no sheet has a cell for them."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return False
    return Decimal(value).is_finite()


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI).replace(tzinfo=None) if moment.tzinfo else moment


def _headers(row: list[str]) -> list[str]:
    named = [header for header in row if header]
    if not named:
        raise ValueError(_("表格是空的，第一行写列名"))
    if len(set(named)) < len(named):
        twice = next(header for header in named if named.count(header) > 1)
        raise ValueError(_("列名“%s”出现了两次，改名后再传") % twice)
    return row


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise ValueError(_("表格打不开，另存为 XLSX 后再传")) from None
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [cell.translate(_CONTROLS).strip() for cell in row]
    except csv.Error:
        raise ValueError(_("表格打不开，另存为 XLSX 后再传")) from None


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    import openpyxl  # noqa: PLC0415  lazy: slow import

    try:
        check_package(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell_text(value) for value in row]
        book.close()
    except Refused as refusal:
        raise ValueError(str(refusal)) from None
    except (*BROKEN_ARCHIVE, AttributeError, IndexError, KeyError, SyntaxError, TypeError):
        raise ValueError(_("表格打不开，另存为 XLSX 后再传")) from None


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute or value.second)
        return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
