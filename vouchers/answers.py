"""What was answered in a scheme's own fields, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from .policy import FieldSpec


def answered(rows: Iterable[FieldSpec], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Label and answer of every row that was answered, for pages and documents; ID numbers stay hidden."""
    found = []
    for row in rows:
        if row.key in answers:
            value = "" if answers[row.key] is None else str(answers[row.key])
            words = "***" if row.is_secret and value else dict(row.choices).get(value, value)
            found.append({"label": row.label, "value": words})
    return found
