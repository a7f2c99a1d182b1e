"""The database refuses what the state machines and the append-only tables do not allow."""

import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from django_fsm import RETURN_VALUE, FSMField, transition

from innovation_voucher.casework import guards
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.guards import FrozenColumns, FsmGuard, InsertOnly

MACHINES = [
    (model, field)
    for model in apps.get_models()
    if issubclass(model, Stateful)
    for field in model._meta.fields
    if isinstance(field, FSMField)
]
OPERATIONS = [
    FsmGuard("lamp", "status", first=("off",), edges=(("off", "on"), ("on", "broken"), ("off", "broken"))),
    FrozenColumns("lamp", ("watts", "note"), unless_state=("status", ("off",))),
    InsertOnly("reading"),
    InsertOnly("sealed", but=("number", "hash")),
]


class Database:
    """A connection with three small tables under guard, on either database."""

    def __init__(self, wrapper) -> None:
        self.wrapper = wrapper
        self.run("CREATE TABLE lamp (id integer, status varchar(10) NOT NULL, watts integer, note varchar(10))")
        self.run("CREATE TABLE reading (id integer, value integer)")
        self.run("CREATE TABLE sealed (id integer, value integer, number integer, hash varchar(10) NOT NULL)")
        self.apply()

    def apply(self, *, backwards: bool = False) -> None:
        with self.wrapper.schema_editor() as editor:
            for operation in OPERATIONS:
                move = operation.database_backwards if backwards else operation.database_forwards
                move("casework", editor, None, None)

    def run(self, sql: str) -> list[tuple[object, ...]]:
        with self.wrapper.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def refuses(self, sql: str, words: str) -> bool:
        """Whether the statement breaks a guard that says these words; it leaves nothing behind."""
        undo = transaction.atomic() if self.wrapper is connection else nullcontext()
        with pytest.raises(IntegrityError, match=words), undo:
            self.run(sql)
        return True


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request, db, tmp_path) -> Iterator[Database]:
    if request.param == "postgresql":
        yield Database(connection)
        return
    wrapper = Sqlite({**connection.settings_dict, "NAME": str(tmp_path / "guards.sqlite3"), "OPTIONS": {}})
    yield Database(wrapper)
    wrapper.close()


# --- State machines -------------------------------------------------------------------------


def test_a_row_is_born_in_a_first_state_only(database: Database) -> None:
    database.run("INSERT INTO lamp VALUES (1, 'off', 40, NULL)")
    assert database.refuses("INSERT INTO lamp VALUES (2, 'on', 40, NULL)", "lamp.status: no first state")
    assert database.run("SELECT id FROM lamp") == [(1,)]


def test_a_row_moves_along_the_edges_only(database: Database) -> None:
    database.run("INSERT INTO lamp VALUES (1, 'off', 40, NULL)")
    database.run("UPDATE lamp SET status = 'on'")
    assert database.refuses("UPDATE lamp SET status = 'off'", "lamp.status: no such move")
    assert database.run("SELECT status FROM lamp") == [("on",)]
    database.run("UPDATE lamp SET status = 'broken'")
    assert database.refuses("UPDATE lamp SET status = 'gone'", "lamp.status: no such move")


def test_writing_the_same_state_again_passes(database: Database) -> None:
    database.run("INSERT INTO lamp VALUES (1, 'off', 40, NULL)")
    database.run("UPDATE lamp SET status = 'off', watts = 60")
    assert database.run("SELECT status, watts FROM lamp") == [("off", 60)]


# --- Frozen facts ---------------------------------------------------------------------------


def test_facts_may_change_before_the_state_that_freezes_them(database: Database) -> None:
    database.run("INSERT INTO lamp VALUES (1, 'off', 40, NULL)")
    database.run("UPDATE lamp SET watts = 60, note = 'new', status = 'on'")
    assert database.run("SELECT watts, note FROM lamp") == [(60, "new")]


@pytest.mark.parametrize("change", ["watts = 61", "watts = NULL", "note = 'x'"])
def test_facts_are_frozen_afterwards(database: Database, change: str) -> None:
    database.run("INSERT INTO lamp VALUES (1, 'off', 40, NULL)")
    database.run("UPDATE lamp SET status = 'on'")
    assert database.refuses(f"UPDATE lamp SET {change}", "lamp: facts are frozen")
    assert database.run("SELECT watts, note FROM lamp") == [(40, None)]


# --- Append-only tables ---------------------------------------------------------------------


@pytest.mark.parametrize("table", ["reading", "sealed"])
def test_rows_of_an_append_only_table_stay(database: Database, table: str) -> None:
    database.run("INSERT INTO reading VALUES (1, 5)")
    database.run("INSERT INTO sealed VALUES (1, 5, NULL, '')")
    assert database.refuses(f"UPDATE {table} SET value = 6", "rows are only added")
    assert database.refuses(f"DELETE FROM {table}", "rows are only added")
    assert database.run(f"SELECT id, value FROM {table}") == [(1, 5)]


def test_not_even_truncate_empties_it(db) -> None:
    database = Database(connection)
    database.run("INSERT INTO reading VALUES (1, 5)")
    assert database.refuses("TRUNCATE reading", "rows are only added")


def test_the_seal_is_written_once(database: Database) -> None:
    database.run("INSERT INTO sealed VALUES (1, 5, NULL, '')")
    database.run("UPDATE sealed SET number = 1, hash = 'abc'")
    assert database.refuses("UPDATE sealed SET number = 2", "rows are only added")
    assert database.refuses("UPDATE sealed SET hash = ''", "rows are only added")
    assert database.refuses("UPDATE sealed SET number = NULL", "rows are only added")
    assert database.run("SELECT number, hash FROM sealed") == [(1, "abc")]


def test_nothing_else_changes_together_with_the_seal(database: Database) -> None:
    database.run("INSERT INTO sealed VALUES (1, 5, NULL, '')")
    assert database.refuses("UPDATE sealed SET number = 1, hash = 'abc', value = 6", "rows are only added")


# --- The operations themselves --------------------------------------------------------------


def test_applying_twice_replaces_and_backwards_removes(database: Database) -> None:
    database.apply()
    assert database.refuses("INSERT INTO lamp VALUES (2, 'on', 40, NULL)", "no first state")
    database.apply(backwards=True)
    database.run("INSERT INTO lamp VALUES (2, 'on', 40, NULL)")
    database.run("INSERT INTO reading VALUES (1, 5)")
    database.run("DELETE FROM reading")


def test_sqlite_is_new_enough_for_null_safe_comparison() -> None:
    assert sqlite3.sqlite_version_info >= (3, 39)


def test_a_migration_can_be_written_with_them() -> None:
    name, args, kwargs = OPERATIONS[0].deconstruct()
    assert (name, args) == ("FsmGuard", ("lamp", "status"))
    assert FsmGuard(*args, **kwargs).edges == OPERATIONS[0].edges


# --- All state machines of the portal -------------------------------------------------------


@pytest.mark.parametrize(("model", "field"), MACHINES, ids=lambda part: getattr(part, "__name__", ""))
def test_the_database_allows_the_moves_of_the_model_and_no_other(model: type[Stateful], field: FSMField) -> None:
    guard = guards.planned()[f"FsmGuard on {model._meta.db_table}.{field.column}"]
    assert set(guard.edges) == guards.edges_of(model, field.name)
    assert str(field.default) in guard.first
    assert set(guard.first) <= {state for state, _label in field.choices}


def test_every_trigger_of_the_migrations_is_there(db) -> None:
    assert guards.planned()
    assert guards.lost() == []


def test_a_lost_trigger_is_named(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER only_casework_auditrow_delete ON casework_auditrow")
    assert guards.lost() == ["only_casework_auditrow_delete"]


def test_stars_and_several_targets_are_spelt_out() -> None:
    class Kettle(Stateful):
        status = FSMField(default="cold", choices=[("cold", ""), ("hot", ""), ("empty", "")], protected=True)

        class Meta:
            app_label = "casework"
            managed = False

        @transition(status, source="cold", target="hot")
        def heat(self) -> None: ...

        @transition(status, source="+", target="empty")
        def pour(self) -> None: ...

        @transition(status, source="empty", target=RETURN_VALUE("cold", "hot"))
        def fill(self) -> str:
            return "hot"

    try:
        assert guards.edges_of(Kettle) == {
            ("cold", "hot"),
            ("cold", "empty"),
            ("hot", "empty"),
            ("empty", "cold"),
            ("empty", "hot"),
        }
    finally:
        del apps.all_models["casework"]["kettle"]
        apps.clear_cache()


def test_the_command_prints_what_a_migration_needs(capsys) -> None:
    call_command("guards", "casework")
    printed = capsys.readouterr().out
    assert 'FsmGuard("casework_reviewtask", "status", first=(\'waiting\',)' in printed
    assert printed.count("FsmGuard(") == 4


def test_audit_rows_may_only_be_sealed() -> None:
    guard = guards.planned()["InsertOnly on casework_auditrow"]
    assert guard.but == ("sequence", "previous_hash", "hash")
