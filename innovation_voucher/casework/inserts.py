"""Rows that are only ever added: written at once, or all those of one form in one statement at its end.

The audit and the messages of an act are read by nobody before it ends, so within a form's transaction they wait
for its last statement. A row waits in the connection's own list of what to do on commit: what a savepoint takes
back is taken back there too, and a transaction that ends without `flush` fails instead of losing rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Field, Model

SQL = tuple[str, list[Any]]

_gathering: ContextVar[bool] = ContextVar("gathering", default=False)


class NeverWrittenError(RuntimeError):
    """Somebody gathered rows and committed without `flush`."""


class _Later:
    """A statement of an act, in the list of the commit."""

    def __init__(self, sql: SQL) -> None:
        self.sql = sql

    def __call__(self) -> None:
        raise NeverWrittenError(self.sql[0])


class _Waiting:
    """Rows of one call, in the list of the commit."""

    def __init__(self, rows: Sequence[Model], ignore_conflicts: bool) -> None:
        self.rows, self.ignore_conflicts = rows, ignore_conflicts

    def __call__(self) -> None:
        raise NeverWrittenError(f"{len(self.rows)} rows of {type(self.rows[0]).__name__}")


@contextmanager
def gathering() -> Iterator[None]:
    """Within the block, and its transaction, `add` waits for `flush`."""
    token = _gathering.set(True)
    try:
        yield
    finally:
        _gathering.reset(token)


def add(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert the rows of one model now, or when they are gathered (then they get no key)."""
    if not rows:
        return
    if _gathering.get() and connection.in_atomic_block:
        connection.on_commit(_Waiting(rows, ignore_conflicts))
    else:
        type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=ignore_conflicts)


def later(sql: str, values: list[Any]) -> None:
    """Run a statement whose effect nobody reads before the act ends: now, or with the gathered rows."""
    if _gathering.get() and connection.in_atomic_block:
        connection.on_commit(_Later((sql, values)))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def flush(last: SQL | None = None) -> None:
    """Write what was gathered, followed by `last`; with PostgreSQL all of it in one statement."""
    gathered = [entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Waiting | _Later)]
    connection.run_on_commit = [entry for entry in connection.run_on_commit if entry[1] not in gathered]
    statements = [one.sql for one in gathered if isinstance(one, _Later)]
    statements += _statements([one for one in gathered if isinstance(one, _Waiting)])
    if connection.vendor == "postgresql" and statements:
        statements = [_one(statements, last or ("SELECT 1", []))]
    elif last:
        statements.append(last)
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def _statements(waiting: Sequence[_Waiting]) -> Iterator[SQL]:
    """One per model, in the order of the first row of each."""
    order = {key: n for n, key in reversed(list(enumerate(map(_kind, waiting))))}
    for (_model, ignore), group in groupby(sorted(waiting, key=lambda one: order[_kind(one)]), key=_kind):
        yield statement([row for one in group for row in one.rows], ignore_conflicts=ignore)


def _kind(one: _Waiting) -> tuple[type[Model], bool]:
    return type(one.rows[0]), one.ignore_conflicts


def _one(statements: Sequence[SQL], last: SQL) -> SQL:
    parts = ", ".join(f"added_{n} AS ({sql})" for n, (sql, _values) in enumerate(statements))
    return f"WITH {parts} {last[0]}", [value for _sql, values in [*statements, last] for value in values]


def statement(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> SQL:
    """The INSERT of rows of one model with its values; the ORM's own takes longer to put together than to run."""
    fields, head, marks = _table(type(rows[0]))
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    values = [f.get_db_prep_save(f.pre_save(row, True), connection) for row in rows for f in fields]
    return f"{head} VALUES {', '.join([marks] * len(rows))}{tail}", values


@cache
def _table(model: type[Model]) -> tuple[list["Field[Any, Any]"], str, str]:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(f.column)) for f in fields)
    return fields, f"INSERT INTO {quoted(model._meta.db_table)} ({columns})", f"({', '.join(['%s'] * len(fields))})"
