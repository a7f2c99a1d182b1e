"""Every state machine: which moves are allowed, and that nothing else happens, in Python and in both databases."""

import sqlite3
from collections.abc import Iterator
from inspect import signature
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from django_fsm import TransitionNotAllowed

from innovation_voucher.casework import guards
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.guards import FsmGuard
from innovation_voucher.casework.statuses import statuses_of
from innovation_voucher.tests.sweeps.machines import EDGES
from innovation_voucher.tests.sweeps.world import World, state_fields

MACHINES = {model._meta.label: (model, field) for model, field in state_fields()}


def states_of(label: str) -> list[str]:
    return [str(value) for value, _words in MACHINES[label][1].flatchoices]


def verbs_of(label: str) -> dict[str, list[Any]]:
    """The methods that move the state, each with its transitions."""
    model, field = MACHINES[label]
    found: dict[str, list[Any]] = {}
    for move in getattr(model(), f"get_all_{field.name}_transitions")():
        found.setdefault(move.name, []).append(move)
    return found


def targets(label: str, verb: str, state: str) -> set[str]:
    """Where the verb may lead from the state."""
    moves = [m for m in verbs_of(label)[verb] if m.source in {state, "*"} or (m.source == "+" and m.target != state)]
    return {str(t) for move in moves for t in (getattr(move.target, "allowed_states", None) or [move.target])}


def row_in(label: str, state: str) -> Stateful:
    """An unsaved row in that state."""
    model, field = MACHINES[label]
    row: Stateful = model(pk=1)
    row.__dict__[field.attname] = state
    return row


def test_every_machine_is_listed() -> None:
    assert set(EDGES) == set(MACHINES)
    assert all(issubclass(model, Stateful) for model, _field in MACHINES.values())


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_the_moves_are_the_listed_ones(label: str) -> None:
    moves = {(state, verb): targets(label, verb, state) for state in states_of(label) for verb in verbs_of(label)}
    found = {f"{state} {verb} {target}" for (state, verb), there in moves.items() for target in there}
    assert found == {line.strip() for line in EDGES[label].strip().splitlines()}


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_a_verb_works_from_its_states_only(label: str) -> None:
    refused = 0
    for state, verb in product(states_of(label), verbs_of(label)):
        row = row_in(label, state)
        before = dict(row.__dict__)
        if targets(label, verb, state):
            continue
        with pytest.raises(TransitionNotAllowed):
            getattr(row, verb)()
        assert dict(row.__dict__) == before, (state, verb)
        refused += 1
    assert refused


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_a_bare_verb_moves_the_row(label: str) -> None:
    """Those that ask for no fact beside the state; the others are walked by the tests of their apps."""
    moved = 0
    for state, verb in product(states_of(label), verbs_of(label)):
        row, field = row_in(label, state), MACHINES[label][1]
        there, method = targets(label, verb, state), getattr(type(row), verb)
        if there and list(signature(method).parameters) == ["self"] and _open(label, verb):
            method(row)
            assert getattr(row, field.name) in there, (state, verb)
            moved += 1
    assert moved or label in NEED_FACTS


#: Machines whose every verb asks for facts.
NEED_FACTS: set[str] = set()


def _open(label: str, verb: str) -> bool:
    return not any(move.conditions for move in verbs_of(label)[verb])


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_nobody_sets_a_state_by_hand(label: str) -> None:
    _model, field = MACHINES[label]
    row = row_in(label, states_of(label)[0])
    with pytest.raises(AttributeError):
        setattr(row, field.name, states_of(label)[-1])
    assert getattr(row, field.name) == states_of(label)[0]


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_every_state_has_its_words(label: str) -> None:
    rows = statuses_of(label)
    assert {state for state in states_of(label) if state not in rows} == set()
    assert all(str(rows[state].label) and rows[state].tone for state in states_of(label))


# --- The databases --------------------------------------------------------------------------------


def guard_of(label: str) -> FsmGuard:
    model, field = MACHINES[label]
    guard = guards.planned()[f"FsmGuard on {model._meta.db_table}.{field.column}"]
    assert isinstance(guard, FsmGuard)
    return guard


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Any]:
    """A SQLite database in memory with a narrow table under the guard of every machine."""
    wrapper = Sqlite({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}})
    raw = sqlite3.connect(":memory:", isolation_level=None)
    for label in MACHINES:
        guard = guard_of(label)
        raw.execute(f'CREATE TABLE "{guard.table}" (id integer, "{guard.column}" text)')
        for trigger in guard.wanted(wrapper):
            for statement in trigger.create("sqlite"):
                raw.execute(statement)
    yield raw
    raw.close()


def declared(label: str) -> set[tuple[str, str]]:
    return {(a, c) for a, _verb, c in (line.split() for line in EDGES[label].strip().splitlines())}


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_sqlite_refuses_every_other_move_and_birth(label: str, sqlite: Any) -> None:
    guard, moved, born = guard_of(label), set(), set()
    for state in states_of(label):
        sqlite.execute("SAVEPOINT birth")
        try:
            sqlite.execute(f'INSERT INTO "{guard.table}" VALUES (1, ?)', (state,))
            born.add(state)
        except sqlite3.IntegrityError:
            continue
        finally:
            sqlite.execute("ROLLBACK TO birth")
    for a, b in product(states_of(label), repeat=2):
        if a != b and _sqlite_moves(sqlite, guard, a, b):
            moved.add((a, b))
    assert born == set(guard.first)
    assert moved == declared(label) - {(a, a) for a in states_of(label)}


def _sqlite_moves(sqlite: Any, guard: FsmGuard, a: str, b: str) -> bool:
    """Whether an UPDATE from a to b passes; the birth in a is not what is tried."""
    sqlite.execute("SAVEPOINT move")
    name = f"fsm_{guard.table}_{guard.column}_first"
    sqlite.execute(f'DROP TRIGGER "{name}"')
    sqlite.execute(f'INSERT INTO "{guard.table}" VALUES (1, ?)', (a,))
    try:
        sqlite.execute(f'UPDATE "{guard.table}" SET "{guard.column}" = ?', (b,))
    except sqlite3.IntegrityError:
        return False
    finally:
        sqlite.execute("ROLLBACK TO move")
    return True


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_postgresql_refuses_every_other_move(label: str, world: World) -> None:
    """On the rows of the world where it has any, in the states that they are in."""
    model, field = MACHINES[label]
    table, column, moved = model._meta.db_table, field.column, set()
    rows = dict(model._default_manager.order_by(f"-{column}").values_list(column, "pk"))
    for (a, pk), b in product(rows.items(), states_of(label)):
        if a != b and _passes(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [b, pk]):
            moved.add((a, b))
    assert moved == {(a, b) for a, b in declared(label) if a in rows and a != b}


@pytest.mark.parametrize("label", sorted(MACHINES))
def test_postgresql_refuses_every_other_birth(label: str, world: World) -> None:
    """Tried on an empty copy of the table with its triggers, so that no other rule stands before the guard."""
    guard = guard_of(label)
    born = set()
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "copy" (LIKE "{guard.table}")')
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'copy'::regclass AND attnum > 0")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "copy" ALTER "{name}" DROP NOT NULL')
        function = f"fsm_{guard.table}_{guard.column}_first"
        cursor.execute(f'CREATE TRIGGER t BEFORE INSERT ON "copy" FOR EACH ROW EXECUTE FUNCTION "{function}"()')
    for state in states_of(label):
        if _passes(f'INSERT INTO "copy" ("{guard.column}") VALUES (%s)', [state]):
            born.add(state)
    assert born == set(guard.first)


def _passes(sql: str, values: list[Any]) -> bool:
    """Whether the guard lets the statement through; another rule that stops it later does not count."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return "no such move" not in str(error) and "no first state" not in str(error)
    return True
