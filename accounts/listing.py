"""The sheet of a list, read row by row: what can be taken, and what is wrong in which row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.identifiers import clean_uscc

CODE, NAME, NUMBER = "统一社会信用代码", "单位名称", "入库编号"
#: A province has some ten thousand of them.
MOST = 100_000
_NAME_LENGTH, _NUMBER_LENGTH = 100, 40


@dataclass(frozen=True)
class Row:
    """One organization of the sheet."""

    credit_code: str
    name: str
    number: str


Sheet = spreadsheets.Sheet[Row]


def read_sheet(data: BinaryIO, name: str) -> Sheet:
    """The sheet of an XLSX or CSV file; raises ValueError with a sentence for one that cannot be read."""
    found = spreadsheets.read_rows(data, name, limit=MOST)
    missing = [head for head in (CODE, NAME) if found and head not in found[0]]
    if missing or not found:
        heads = "、".join(missing or (CODE, NAME))
        raise ValueError(_("表格里要有这些列：%s，第一行写列名") % heads)
    return checked(found)


def checked(rows: Iterable[Mapping[str, str]]) -> Sheet:
    """Every row looked at; a code that stands there twice is wrong the second time."""
    right: dict[str, Row] = {}
    problems = []
    for number, cells in spreadsheets.numbered(rows):
        try:
            row = _row(cells, taken=right)
            right[row.credit_code] = row
        except ValueError as error:
            problems.append(_("第 %(row)d 行：%(why)s") % {"row": number, "why": error})
    return Sheet(tuple(right.values()), tuple(problems))


def _row(cells: Mapping[str, str], *, taken: Collection[str]) -> Row:
    name, number = cells.get(NAME, ""), cells.get(NUMBER, "")
    if not name:
        raise ValueError(_("缺少单位名称"))
    if len(name) > _NAME_LENGTH or len(number) > _NUMBER_LENGTH:
        raise ValueError(
            _("单位名称最多 %(name)d 字，入库编号最多 %(number)d 字")
            % {
                "name": _NAME_LENGTH,
                "number": _NUMBER_LENGTH,
            }
        )
    code = clean_uscc(cells.get(CODE, ""))
    if code in taken:
        raise ValueError(_("统一社会信用代码 %s 重复出现") % code)
    return Row(code, name, number)
