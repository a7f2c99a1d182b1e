"""Counting several lists at once, none of them further than it tells, and pages over a known count."""

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

PAGE = 20


def counts_of(*querysets: QuerySet[Any], most: int | None = None) -> list[int]:
    """How many rows each has (one query for all); with `most`, one more than that stands for more."""
    columns: list[str] = []
    params: list[Any] = []
    for rows in querysets:
        keys = rows.order_by().values("pk")
        sql, values = (keys if most is None else keys[: most + 1]).query.sql_with_params()
        # Django's own compiler wrote each part; values stay parameters.
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608
        params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return list(cursor.fetchone())


def shown_count(number: int, most: int | None = None) -> str:
    """A count as the page writes it: 172, or 1,000+ past the most that was counted."""
    return f"{most:,}+" if most is not None and number > most else f"{number:,}"


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of twenty over a count that is known already; no page lies past `most`."""

    def __init__(self, rows: QuerySet[Any], number: int, *, most: int | None = None) -> None:
        super().__init__(rows, PAGE)
        self.number, self.most = number, most

    @cached_property
    def count(self) -> int:
        """Rows that the pages hold together."""
        return self.number if self.most is None else min(self.number, self.most)

    @property
    def total_words(self) -> str:
        """The count as the page writes it."""
        return shown_count(self.number, self.most)
