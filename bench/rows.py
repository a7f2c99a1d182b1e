"""Rows by the hundred thousand, written and read by plain SQL."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext


def run(*statements: str, values: list[Any] | None = None) -> None:
    """In one transaction; the values belong to the last statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in statements[:-1]:
            cursor.execute(sql)
        cursor.execute(statements[-1], values)


def copies(row: Model, number: int, /, *, first: int = 1, **columns: str) -> None:
    """Copies of a row, `n` counting from `first` to `number`; `columns` are SQL for what differs. No guard looks."""
    table = row._meta.db_table
    names = [f.column for f in row._meta.concrete_fields if not f.primary_key]
    picked = ", ".join(f'{columns[name]} AS "{name}"' if name in columns else f't."{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    source = f'"{table}" t, generate_series(%s, %s) n WHERE t.id = %s'
    sql = f'INSERT INTO "{table}" ({quoted}) SELECT {picked} FROM {source}'
    run("SET LOCAL session_replication_role = replica", sql, values=[first, number, row.pk])


@contextmanager
def timed(taken: list[float]) -> Iterator[None]:
    """Append the seconds that the block takes."""
    started = time.monotonic()
    yield
    taken.append(time.monotonic() - started)


def statements_of(act: Callable[[], object]) -> list[str]:
    """The SQL that an act sends, with its values."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return [query["sql"] for query in caught.captured_queries]


def milliseconds(statements: Sequence[str], times: int) -> float:
    """How long the database takes for the statements together: the median of so many runs, after one to warm up."""
    taken: list[float] = []
    with connection.cursor() as cursor:
        for _n in range(times + 1):
            with timed(taken):
                for sql in statements:
                    cursor.execute(sql)
                    cursor.fetchall()
    return 1000 * median(taken[1:])
