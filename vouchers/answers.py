"""What was answered in a scheme's own fields, in words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from innovation_voucher.lib.money import format_yuan

from .policy import FieldSpec


def answered(rows: Iterable[FieldSpec], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Label and answer of every row that was answered, for pages and documents; what is secret stays hidden."""
    return [{"label": row.label, "value": _words(row, answers[row.key])} for row in rows if row.key in answers]


def _words(row: FieldSpec, value: Any) -> str:
    if value in (None, ""):
        return ""
    if row.is_secret:
        return "***"
    if row.type == "yuan":
        return format_yuan(Decimal(str(value)))
    return dict(row.choices).get(str(value), str(value))
