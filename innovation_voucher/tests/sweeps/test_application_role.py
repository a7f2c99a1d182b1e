"""What the application's role of the database may not do, tried by plain SQL on the rows of the world.

The role signs in to production; the tests otherwise work as the owner. Here every statement runs
under `SET ROLE`, which gives it the role's rights and nothing else.
"""

from itertools import product
from typing import Any

import environ
import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from innovation_voucher.casework import guards
from innovation_voucher.casework.guards import FrozenColumns, FsmGuard, InsertOnly
from innovation_voucher.tests.sweeps.machines import EDGES
from innovation_voucher.tests.sweeps.test_machines import MACHINES, declared, guard_of, states_of
from innovation_voucher.tests.sweeps.world import World, digest

pytestmark = [pytest.mark.feature("X-4")]

ROLE = "portal"
ONLY = sorted({g.table for g in guards.planned().values() if isinstance(g, InsertOnly)})
FROZEN = {name: g for name, g in guards.planned().items() if isinstance(g, FrozenColumns)}


def said(sql: str, *values: Any) -> str:
    """What the database answered the role; empty when it let the statement through. Nothing stays, the role neither."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            cursor.execute(sql, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def ask(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def columns_of(table: str) -> list[tuple[str, str]]:
    """Name and type of every column but the key."""
    sql = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass"
    return [(name, kind) for name, kind in ask(sql + " AND attnum > 0 AND NOT attisdropped", table) if name != "id"]


# --- The role itself ------------------------------------------------------------------------------


def test_the_role_signs_in_and_owns_nothing(world: World) -> None:
    url = environ.Env()("APP_DATABASE_URL").replace("/portal?", f"/{connection.settings_dict['NAME']}?")
    with psycopg2.connect(url) as own, own.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = user")
        assert cursor.fetchone() == (ROLE, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE r.rolname = user")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE vouchers_ledgerentry DISABLE TRIGGER ALL",
        "DROP TRIGGER only_vouchers_ledgerentry_update ON vouchers_ledgerentry",
        "CREATE OR REPLACE FUNCTION only_vouchers_ledgerentry_update() RETURNS trigger LANGUAGE sql AS ''",
        "ALTER TABLE casework_auditrow ADD COLUMN x integer",
        "DROP TABLE casework_auditrow",
        "TRUNCATE casework_auditrow CASCADE",
        "CREATE TABLE mine (id integer)",
    ],
)
def test_the_role_cannot_lay_a_guard_aside(world: World, sql: str) -> None:
    assert "must be owner" in said(sql) or "permission denied" in said(sql), sql


def test_it_may_do_what_the_portal_does(world: World) -> None:
    """Otherwise the refusals below would say little."""
    assert said("UPDATE accounts_organization SET address = address || '1'") == ""
    assert said("INSERT INTO casework_numberrow (key, value) VALUES ('T', 1)") == ""


# --- Ledger, audit and whatever else only grows -----------------------------------------------------


def test_ledger_and_audit_are_among_them() -> None:
    assert {"vouchers_ledgerentry", "casework_auditrow", "vouchers_policysnapshot"} <= set(ONLY)


@pytest.mark.parametrize("table", ["vouchers_ledgerentry", "casework_auditrow"])
def test_no_column_of_ledger_and_audit_can_be_changed(world: World, table: str) -> None:
    guard = guards.planned()[f"InsertOnly on {table}"]
    assert isinstance(guard, InsertOnly)
    fixed = [(name, kind) for name, kind in columns_of(table) if name not in guard.but]
    before = digest()
    through = [name for name, kind in fixed if not said(f'UPDATE "{table}" SET "{name}" = {other_value(name, kind)}')]
    assert through == []
    assert len(fixed) > 5
    assert digest() == before


@pytest.mark.parametrize("table", ONLY)
def test_no_row_of_such_a_table_goes(world: World, table: str) -> None:
    before = ask(f'SELECT count(*) FROM "{table}"')
    if before != [(0,)]:
        assert said(f'DELETE FROM "{table}"') != ""
    assert "permission denied" in said(f'TRUNCATE "{table}" CASCADE')
    assert ask(f'SELECT count(*) FROM "{table}"') == before


def test_a_sealed_row_of_the_audit_keeps_its_seal(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_auditrow SET sequence = 1, hash = 'a' WHERE id = (SELECT min(id) FROM casework_auditrow)"
        )
    assert "rows are only added" in said("UPDATE casework_auditrow SET hash = 'b' WHERE sequence = 1")
    assert "rows are only added" in said("UPDATE casework_auditrow SET sequence = NULL WHERE sequence = 1")


# --- States and facts -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_the_role_moves_a_row_along_the_declared_edges_only(world: World, label: str) -> None:
    """All pairs of states, on a table with the columns and the triggers of the real one and no other rule."""
    guard = guard_of(label)
    copy_of(guard)
    moved = set()
    for a, b in product(states_of(label), repeat=2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE copy DISABLE TRIGGER first")
            cursor.execute(f'INSERT INTO copy ("{guard.column}") VALUES (%s)', [a])
            cursor.execute("ALTER TABLE copy ENABLE TRIGGER first")
            answer = said(f'UPDATE copy SET "{guard.column}" = %s', b)
            assert answer == "" or "no such move" in answer, answer
            if not answer and a != b:
                moved.add((a, b))
            transaction.set_rollback(True)
    assert moved == {(a, b) for a, b in declared(label) if a != b}


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_the_role_makes_rows_in_the_declared_first_states_only(world: World, label: str) -> None:
    guard = guard_of(label)
    copy_of(guard)
    born = {s for s in states_of(label) if not said(f'INSERT INTO copy ("{guard.column}") VALUES (%s)', s)}
    assert born == set(guard.first)
    assert "no first state" in said(f'INSERT INTO copy ("{guard.column}") VALUES (%s)', "nonsense")


def copy_of(guard: FsmGuard) -> None:
    """An empty table `copy` under both triggers of the guard."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE copy (LIKE "{guard.table}")')
        for name, _kind in [*columns_of("copy"), ("id", "")]:
            cursor.execute(f'ALTER TABLE copy ALTER "{name}" DROP NOT NULL')
        for name, event in (("first", "INSERT"), ("edge", "UPDATE")):
            function = f"fsm_{guard.table}_{guard.column}_{name}"
            cursor.execute(f'CREATE TRIGGER {name} BEFORE {event} ON copy FOR EACH ROW EXECUTE FUNCTION "{function}"()')
        cursor.execute(f"GRANT ALL ON copy TO {ROLE}")


def test_every_table_with_a_state_is_tried() -> None:
    assert {guard_of(label).table for label in EDGES} == {
        g.table for g in guards.planned().values() if isinstance(g, FsmGuard)
    }


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_the_role_cannot_change_a_frozen_fact(world: World, name: str) -> None:
    """Every column by itself, on a row of the world in a state that freezes it; each answer names the guard."""
    guard = FROZEN[name]
    where = "true"
    if guard.unless_state:
        column, states = guard.unless_state
        where = f'"{column}" NOT IN ({", ".join(repr(state) for state in states)})'
    rows = ask(f'SELECT id FROM "{guard.table}" WHERE {where} ORDER BY id LIMIT 1')
    kinds = dict(columns_of(guard.table))
    for (pk,) in rows:
        answers = {
            column: said(
                f'UPDATE "{guard.table}" SET "{column}" = {other_value(column, kinds[column])} WHERE id = %s', pk
            )
            for column in guard.columns
        }
        assert [column for column, answer in answers.items() if "facts are frozen" not in answer] == [], answers


def test_most_frozen_tables_have_a_row_to_try(world: World) -> None:
    assert len([g for g in FROZEN.values() if ask(f'SELECT 1 FROM "{g.table}" LIMIT 1')]) >= len(FROZEN) - 2


def other_value(name: str, kind: str) -> str:
    """SQL for a value that differs from the present one, by the type of the column."""
    column = f'"{name}"'
    if kind.startswith(("character", "text")):
        return f"left('x' || COALESCE({column}, ''), 3)"
    if kind.startswith("timestamp"):
        return f"COALESCE({column}, now()) + interval '1 day'"
    others = {
        "date": f"COALESCE({column}, CURRENT_DATE) + 1",
        "boolean": f"NOT COALESCE({column}, false)",
        "jsonb": "'{\"other\": 1}'::jsonb",
        "inet": "'203.0.113.9'::inet",
    }
    return others.get(kind, f"COALESCE({column}, 0) + 1")
