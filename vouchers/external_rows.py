"""What another platform says about one grant, read from the cells of a sheet or from a message."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.lib.identifiers import clean_uscc
from innovation_voucher.lib.money import NoAmount, parse_yuan

#: Head of the sheet → key of the message.
COLUMNS = {
    "申领编号": "external_number",
    "统一社会信用代码": "credit_code",
    "单位名称": "name",
    "核定金额": "amount",
    "核定日期": "approved_on",
}
#: Under which a kept row says which row of the sheet it was.
NUMBER = "row"
_LONGEST = 60
#: What no database keeps as text: NUL, and half of a pair, which JSON can spell.
_UNKEPT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class ExternalFacts:
    """One grant of another platform: its own number, to whom, how much (yuan), since when. `name` may be empty."""

    external_number: str
    credit_code: str
    amount: Decimal
    approved_on: date
    name: str = ""


class FactsWrong(ValueError):  # noqa: N818  says what happened
    """`problems` has a sentence for each key that cannot be taken."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = problems


def missing_columns(heads: Iterable[str]) -> list[str]:
    """Heads that the sheet must have and has not; the name may be left out."""
    there = set(heads)
    return [head for head, key in COLUMNS.items() if key != "name" and head not in there]


def from_sheet(row: Mapping[str, str]) -> ExternalFacts:
    """The facts of a sheet's row; raises FactsWrong."""
    return read({key: row.get(head, "") for head, key in COLUMNS.items()})


def read(values: Mapping[str, Any]) -> ExternalFacts:
    """The facts of a message, every value a text; raises FactsWrong with all that is wrong at once."""
    readers = {
        "external_number": _number,
        "credit_code": clean_uscc,
        "name": _name,
        "amount": _amount,
        "approved_on": _day,
    }
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key, reader in readers.items():
        try:
            found[key] = reader(_text(values.get(key, "")))
        except ValueError as error:
            problems[key] = str(error)
    if problems:
        raise FactsWrong(problems)
    return ExternalFacts(**found)


def is_text(value: Any) -> bool:
    """Whether a value of a message is a text that can be looked for and kept."""
    return isinstance(value, str) and not _UNKEPT.search(value)


def _text(value: Any) -> str:
    if is_text(value):
        return str(value).strip()
    raise ValueError(_("每一项都写成文字，例如 %s") % '"50000.00"')


def _number(text: str) -> str:
    if not text or len(text) > _LONGEST:
        raise ValueError(_("填写申领编号，最多 %d 字") % _LONGEST)
    return text


def _name(text: str) -> str:
    return text[:200]


def _amount(text: str) -> Decimal:
    try:
        amount = parse_yuan(text)
    except NoAmount:
        raise ValueError(_("填写核定金额，单位为元，例如 50000.00")) from None
    if amount <= 0:
        raise ValueError(_("核定金额要大于 0 元"))
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(_("核定日期写成 2026-05-06 这样")) from None
