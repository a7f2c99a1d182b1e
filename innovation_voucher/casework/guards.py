"""Triggers that repeat our rules in the database, as operations of migrations.

An app writes them into a migration of their own that follows its tables, ``<next>_guards.py``::

    from django.db import migrations
    from innovation_voucher.casework.guards import FrozenColumns, FsmGuard, InsertOnly

    class Migration(migrations.Migration):
        dependencies = [("orders", "0001_initial")]
        operations = [
            FsmGuard("orders_order", "status", first=("placed", "accepted"), edges=(("placed", "accepted"), …)),
            InsertOnly("vouchers_ledgerentry"),
            FrozenColumns("vouchers_voucher", ("amount", "carrier_id"), unless_state=("status", ("requested",))),
        ]

States stand there as literals, since a migration must not change when the code does;
`manage.py guards APP` prints the edges of an app's models to paste. A test compares the newest
guard of every state machine with the transitions of its model, so a forgotten edge is found.

Repeat the operation in a later migration when the edges change, when a table guarded by InsertOnly
gains a column, and after every migration that alters a guarded table: SQLite rebuilds such a table
and loses its triggers (`check_invariants` reports it).

A broken rule raises IntegrityError on both databases.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

Edge = tuple[str, str]


@dataclass(frozen=True)
class Trigger:
    """One event on one table, refused with these words when the SQL condition holds."""

    table: str
    name: str
    event: str
    words: str
    condition: str = ""

    def create(self, vendor: str) -> list[str]:
        """Statements that make it, having removed an older one of the same name."""
        return [*self.drop(vendor), *(self._postgresql() if vendor == "postgresql" else [self._sqlite()])]

    def drop(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return [f'DROP FUNCTION IF EXISTS "{self.name}"() CASCADE']
        return [f'DROP TRIGGER IF EXISTS "{self.name}"']

    def _postgresql(self) -> list[str]:
        # The condition stands in the function, not in WHEN, where it would forbid a later
        # change of the column's type.
        refuse = f"RAISE EXCEPTION '{self.words}' USING ERRCODE = 'check_violation';"
        body = f"IF {self.condition} THEN {refuse} END IF; RETURN NEW;" if self.condition else refuse
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        moment = f'BEFORE {self.event} ON "{self.table}" FOR EACH {each}'
        return [
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$',
            f'CREATE TRIGGER "{self.name}" {moment} EXECUTE FUNCTION "{self.name}"()',
        ]

    def _sqlite(self) -> str:
        when = f" WHEN {self.condition}" if self.condition else ""
        return (
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" '
            f"FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{self.words}'); END"
        )


class Guard(Operation):
    """Base of the operations: makes its triggers forwards, removes them backwards."""

    reduces_to_sql = True
    reversible = True
    table: str

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        """Every trigger of this guard."""
        raise NotImplementedError

    def wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        """The triggers that this database can hold: only PostgreSQL truncates."""
        return [t for t in self.triggers(connection) if t.event != "TRUNCATE" or connection.vendor == "postgresql"]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._execute(app_label, schema_editor, forwards=True)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._execute(app_label, schema_editor, forwards=False)

    def _execute(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *, forwards: bool) -> None:
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        for trigger in self.wanted(connection):
            statements = trigger.create(connection.vendor) if forwards else trigger.drop(connection.vendor)
            for statement in statements:
                # None, not (): otherwise a % in the text would be taken for a parameter.
                schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"{type(self).__name__} on {self.table}"


class FsmGuard(Guard):
    """A row is born in one of the first states and moves along the edges only."""

    def __init__(self, table: str, column: str, first: Sequence[str], edges: Iterable[Edge]) -> None:
        self.table, self.column = table, column
        self.first, self.edges = tuple(first), tuple(sorted({(a, b) for a, b in edges}))

    def describe(self) -> str:
        return f"{super().describe()}.{self.column}"

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        name = f"fsm_{self.table}_{self.column}"
        column, words = f'"{self.column}"', f"{self.table}.{self.column}"
        born = f"NEW.{column} NOT IN ({_literals(self.first)})"
        yield Trigger(self.table, f"{name}_first", "INSERT", f"{words}: no first state", born)
        targets: dict[str, list[str]] = {}
        for source, target in self.edges:
            targets.setdefault(source, []).append(target)
        moves = [f"OLD.{column} = NEW.{column}"] + [
            f"(OLD.{column} = '{source}' AND NEW.{column} IN ({_literals(found)}))" for source, found in targets.items()
        ]
        yield Trigger(self.table, f"{name}_edge", "UPDATE", f"{words}: no such move", f"NOT ({' OR '.join(moves)})")


class InsertOnly(Guard):
    """Rows are neither changed nor removed; the columns in `but` may go from empty to a value once."""

    def __init__(self, table: str, but: Sequence[str] = ()) -> None:
        self.table, self.but = table, tuple(but)

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        name, words = f"only_{self.table}", f"{self.table}: rows are only added"
        yield Trigger(self.table, f"{name}_update", "UPDATE", words, self._changes(connection) if self.but else "")
        yield Trigger(self.table, f"{name}_delete", "DELETE", words)
        yield Trigger(self.table, f"{name}_truncate", "TRUNCATE", words)

    def _changes(self, connection: BaseDatabaseWrapper) -> str:
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, self.table)
        fixed = [_differs(column.name) for column in described if column.name not in self.but]
        once = [f"({_differs(c)} AND COALESCE(CAST(OLD.\"{c}\" AS text), '') <> '')" for c in self.but]
        return " OR ".join(fixed + once)


class FrozenColumns(Guard):
    """These columns keep their value; while the row is in one of the named states they may change."""

    def __init__(
        self, table: str, columns: Sequence[str], unless_state: tuple[str, Sequence[str]] | None = None
    ) -> None:
        self.table, self.columns, self.unless_state = table, tuple(columns), unless_state

    def describe(self) -> str:
        return f"{super().describe()}.{self.columns[0]}"

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        condition = f"({' OR '.join(_differs(column) for column in self.columns)})"
        if self.unless_state:
            column, states = self.unless_state
            condition += f' AND OLD."{column}" NOT IN ({_literals(states)})'
        name = f"frozen_{self.table}_{self.columns[0]}"
        yield Trigger(self.table, name, "UPDATE", f"{self.table}: facts are frozen", condition)


class FrozenUnder(Guard):
    """These columns keep their value while the row they belong to is in one of the named states."""

    def __init__(
        self, table: str, columns: Sequence[str], *, parent: str, key: str, state: str, states: Sequence[str]
    ) -> None:
        self.table, self.columns = table, tuple(columns)
        self.parent, self.key, self.state, self.states = parent, key, state, tuple(states)

    def describe(self) -> str:
        return f"{super().describe()}.{self.columns[0]}"

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        changed = " OR ".join(_differs(column) for column in self.columns)
        above = f'p.id = OLD."{self.key}" AND p."{self.state}" IN ({_literals(self.states)})'
        # Names of our own tables, written in a migration.
        condition = f'({changed}) AND EXISTS (SELECT 1 FROM "{self.parent}" p WHERE {above})'  # noqa: S608
        name = f"under_{self.table}_{self.columns[0]}"
        yield Trigger(self.table, name, "UPDATE", f"{self.table}: facts are frozen", condition)


def _literals(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _differs(column: str) -> str:
    """Null-safe; SQLite knows these words since 3.39."""
    return f'OLD."{column}" IS DISTINCT FROM NEW."{column}"'


def edges_of(model: type[Model], field: str = "status") -> set[Edge]:
    """Every move that the model's transitions allow; '*' and '+' are spelt out."""
    states = [str(value) for value, _label in model._meta.get_field(field).flatchoices]  # type: ignore[union-attr]
    edges: set[Edge] = set()
    for move in getattr(model(), f"get_all_{field}_transitions")():
        sources = states if move.source in {"*", "+"} else [str(move.source)]
        targets = [str(target) for target in getattr(move.target, "allowed_states", None) or [move.target]]
        edges |= {(a, b) for a in sources for b in targets if not (move.source == "+" and a == b)}
    return edges


def planned() -> dict[str, Guard]:
    """The newest guard of each kind on each table (and column), as all migrations name them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: dict[str, Guard] = {}
    for key in sorted(loader.disk_migrations):
        for operation in loader.disk_migrations[key].operations:
            if isinstance(operation, Guard):
                found[operation.describe()] = operation
    return found


def lost(alias: str = "default") -> list[str]:
    """Names of triggers that the migrations made and the database has not."""
    connection = connections[alias]
    source = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else ("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    )
    with connection.cursor() as cursor:
        cursor.execute(source)
        there = {row[0] for row in cursor.fetchall()}
    wanted = (trigger.name for guard in planned().values() for trigger in guard.wanted(connection))
    return sorted(set(wanted) - there)
