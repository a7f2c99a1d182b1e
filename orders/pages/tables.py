"""Plain tables of the bureau's pages, as components/table.html reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from innovation_voucher.casework.statuses import Text


@dataclass(frozen=True)
class Table:
    """What components/table.html reads."""

    heads: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]


def table(heads: Sequence[tuple[Text, bool]], rows: Iterable[Sequence[Any]]) -> Table:
    """Heads are pairs of label and is-it-a-number; a cell is a value, or a pair of value and address."""

    def cell(at: int, value: Any) -> dict[str, Any]:
        words, url = value if isinstance(value, tuple) else (value, "")
        return {"value": words or "—", "url": url, "num": heads[at][1], "head": heads[at][0]}

    return Table(
        [{"label": label, "num": num} for label, num in heads],
        [[cell(at, value) for at, value in enumerate(row)] for row in rows],
    )
