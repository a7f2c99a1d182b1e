"""The sheet of a mutual list, read row by row: what can be taken, and what is wrong in which row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import BinaryIO

from django.utils.translation import gettext as _

from innovation_voucher.casework.models import Region
from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.identifiers import clean_uscc

from .mutual_models import MutualEntry

#: Heads of the columns by the field that they fill; the first three must be there.
HEADS = {
    "place": "所在地",
    "laboratory": "开放实验室",
    "legal_entity": "法人单位",
    "credit_code": "统一社会信用代码",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "services": "服务内容",
}
WANTED = ("place", "laboratory", "legal_entity")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One laboratory of the sheet."""

    place: Region
    laboratory: str
    legal_entity: str
    credit_code: str
    contact_name: str
    contact_phone: str
    services: str

    @property
    def key(self) -> tuple[str, str]:
        """By what a list knows it."""
        return self.laboratory, self.legal_entity

    @property
    def values(self) -> dict[str, object]:
        """The columns of its entry."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


Sheet = spreadsheets.Sheet[Row]


def read_sheet(data: BinaryIO, name: str) -> Sheet:
    """The sheet of an XLSX or CSV file; raises ValueError with a sentence for one that cannot be read."""
    found = spreadsheets.read_rows(data, name)
    missing = [HEADS[key] for key in WANTED if not found or HEADS[key] not in found[0]]
    if missing:
        raise ValueError(_("表格里要有这些列：%s，第一行写列名") % "、".join(missing))
    return checked(found)


def checked(rows: Iterable[Mapping[str, str]]) -> Sheet:
    """Every row looked at (one query); a laboratory that stands there twice is wrong the second time."""
    places = _places()
    right: dict[tuple[str, str], Row] = {}
    problems = []
    for number, cells in spreadsheets.numbered(rows):
        try:
            row = _row(cells, places)
        except ValueError as error:
            why = str(error)
        else:
            why = _("“%s”在表格里重复出现") % row.laboratory if row.key in right else ""
            right.setdefault(row.key, row)
        if why:
            problems.append(_("第 %(row)d 行：%(why)s") % {"row": number, "why": why})
    return Sheet(tuple(right.values()), tuple(problems))


def _places() -> dict[str, Region]:
    """Every region by its code and full name, and provinces by their short name."""
    found: dict[str, Region] = {}
    for region in Region.objects.exclude(level=Region.Level.ZONE):
        found[region.code] = found[region.full_name] = region
        if region.level == Region.Level.PROVINCE:
            found[region.name[:-1]] = region
    return found


def _row(cells: Mapping[str, str], places: Mapping[str, Region]) -> Row:
    values = {key: cells.get(head, "") for key, head in HEADS.items()}
    for key in WANTED:
        if not values[key]:
            raise ValueError(_("缺少%s") % HEADS[key])
    for key, text in values.items():
        most = getattr(MutualEntry._meta.get_field(key), "max_length", None)
        if most and len(text) > most:
            words = _("%(head)s最多 %(most)d 字，现有 %(n)d 字")
            raise ValueError(words % {"head": HEADS[key], "most": most, "n": len(text)})
    place = places.get(values.pop("place"))
    if place is None:
        raise ValueError(_("所在地“%s”不是省、市、县的名称或代码") % cells.get(HEADS["place"], ""))
    if values["credit_code"]:
        values["credit_code"] = clean_uscc(values["credit_code"])
    return Row(place=place, **values)
