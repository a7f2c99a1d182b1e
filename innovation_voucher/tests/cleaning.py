"""How a test that commits is cleaned up: the rows of the migrations stay, guards yield to the owner.

Django's own flush would truncate, which append-only tables refuse, and would take the regions, the
calendar and the chains away from the next test.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

#: Highest id that the migrations left in a table.
Seeds = dict[str, int]


def tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def seeds() -> Seeds:
    """What the migrations put in; rows above it belong to tests."""
    with connection.cursor() as cursor:
        return {table: _highest(cursor, table) for table in tables() if table != "django_session"}


def clean(kept: Seeds) -> None:
    """Delete what tests committed, in any order of foreign keys and past every guard."""
    with transaction.atomic(), connection.cursor() as cursor, _without_triggers(cursor):
        for table in tables():
            cursor.execute(f'DELETE FROM "{table}"' + (f" WHERE id > {kept[table]}" if kept.get(table) else ""))


def _highest(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
    return int(cursor.fetchone()[0])


@contextmanager
def _without_triggers(cursor: CursorWrapper) -> Iterator[None]:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        return
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        cursor.execute(sql)
