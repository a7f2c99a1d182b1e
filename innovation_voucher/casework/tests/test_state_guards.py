"""Every move of a case, a task and the record that the model does not know is refused by the database."""

from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from innovation_voucher.casework import audit, guards
from innovation_voucher.casework.models import AuditRow, ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

MODELS: dict[str, Any] = {"casework_reviewcase": ReviewCase, "casework_reviewtask": ReviewTask}
MOVES = [
    (table, old, new)
    for table, model in MODELS.items()
    for old, new in product([state.value for state in model.State], repeat=2)
    if old != new
]


@pytest.fixture
def rows() -> dict[str, int]:
    trial.make_chain()
    case = trial.open_case()
    return {"casework_reviewcase": case.pk, "casework_reviewtask": trial.open_task(case).pk}


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def put(table: str, pk: int, state: str) -> None:
    """Bring a row into a state whatever the guards say."""
    run("SET LOCAL session_replication_role = replica")
    run(f'UPDATE "{table}" SET status = %s WHERE id = %s', state, pk)
    run("SET LOCAL session_replication_role = origin")


def passes(sql: str, *values: object, but: str) -> bool:
    """Whether the statement is carried out; a refusal with other words is an error of the test."""
    try:
        with transaction.atomic():
            run(sql, *values)
    except IntegrityError as error:
        if but not in str(error):
            raise
        return False
    return True


def moves(table: str, pk: int, state: str) -> bool:
    """Whether a bare UPDATE, past all code of ours, gets the row into the state."""
    return passes(f'UPDATE "{table}" SET status = %s WHERE id = %s', state, pk, but=f"{table}.status: no such move")


@pytest.mark.parametrize("table", MODELS)
def test_a_bare_update_moves_along_the_models_own_edges_only(rows: dict[str, int], table: str) -> None:
    edges = guards.edges_of(MODELS[table])
    for _table, old, new in (move for move in MOVES if move[0] == table):
        put(table, rows[table], old)
        assert moves(table, rows[table], new) is ((old, new) in edges), f"{old} -> {new}"


@pytest.mark.parametrize("table", MODELS)
@pytest.mark.parametrize("state", ["", "OPEN", "gone", "open "])
def test_no_row_gets_into_a_state_that_does_not_exist(rows: dict[str, int], table: str, state: str) -> None:
    assert not moves(table, rows[table], state)


@pytest.mark.parametrize("state", [state.value for state in ReviewCase.State if state != ReviewCase.State.OPEN])
def test_no_case_is_born_decided(rows: dict[str, int], state: str) -> None:
    names = [f.column for f in ReviewCase._meta.concrete_fields if f.column not in {"id", "status", "subject_id"}]
    columns = ", ".join(f'"{name}"' for name in names)
    with pytest.raises(IntegrityError, match="no first state"), transaction.atomic():
        run(
            f"INSERT INTO casework_reviewcase ({columns}, status, subject_id) "
            f"SELECT {columns}, %s, 424242 FROM casework_reviewcase",
            state,
        )
    assert ReviewCase.objects.count() == 1


@pytest.mark.parametrize("table", MODELS)
def test_all_other_columns_may_change_in_any_state(rows: dict[str, int], table: str) -> None:
    column = {"casework_reviewcase": "title", "casework_reviewtask": "reason"}[table]
    for state in MODELS[table].State.values:
        put(table, rows[table], state)
        run(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', f"在 {state} 时", rows[table])
        assert MODELS[table].objects.values_list(column, flat=True).get() == f"在 {state} 时"


def test_a_subject_is_never_under_review_twice_even_past_our_code(rows: dict[str, int]) -> None:
    names = [f.column for f in ReviewCase._meta.concrete_fields if f.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    again = f"INSERT INTO casework_reviewcase ({columns}) SELECT {columns} FROM casework_reviewcase"
    with pytest.raises(IntegrityError, match="one_live_case_per_subject"), transaction.atomic():
        run(again)
    put("casework_reviewcase", rows["casework_reviewcase"], "rejected")
    with pytest.raises(IntegrityError, match="no first state"), transaction.atomic():
        run(again)


def test_a_decision_has_a_person_and_a_moment_or_neither(rows: dict[str, int]) -> None:
    task = ReviewTask.objects.filter(pk=rows["casework_reviewtask"])
    with pytest.raises(IntegrityError, match="reviewtask_decided_pair"), transaction.atomic():
        task.update(decided_by=cast.make_user())
    assert task.get().decided_by is None


# --- The record -----------------------------------------------------------------------------

COLUMNS = [f.column for f in AuditRow._meta.concrete_fields]
SEAL = {"sequence", "previous_hash", "hash"}


def changed(column: str) -> bool:
    """Whether a bare UPDATE gets another value into the column of the only row."""
    kinds = {"subject_type_id": "1", "subject_id": "9", "actor_id": "9", "sequence": "9", "id": "999999"}
    value = kinds.get(column, "now()" if column == "at" else "'{\"a\": 1}'" if column in {"before", "after"} else "'x'")
    return passes(f'UPDATE casework_auditrow SET "{column}" = {value}', but="rows are only added")


@pytest.mark.parametrize("column", COLUMNS)
def test_of_an_unsealed_row_only_the_seal_is_written(column: str) -> None:
    office = cast.make_office()
    audit.record("office.saved", office, by=None, region=office.region)
    assert changed(column) is (column in SEAL)


@pytest.mark.parametrize("column", COLUMNS)
def test_of_a_sealed_row_nothing_is_written(column: str) -> None:
    for _ in range(2):
        audit.record("office.saved", cast.make_office(), by=None)
    audit.seal()
    assert not changed(column)
    assert list(audit.verify()) == []


@pytest.mark.parametrize("sql", ["DELETE FROM casework_auditrow", "TRUNCATE casework_auditrow"])
@pytest.mark.parametrize("sealed", [False, True])
def test_the_record_is_never_emptied(sql: str, sealed: bool) -> None:
    audit.record("office.saved", cast.make_office(), by=None)
    if sealed:
        audit.seal()
    # PostgreSQL truncates no table on which a check still waits for the end of the transaction.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="rows are only added"), transaction.atomic():
        run(sql)
    assert AuditRow.objects.count() == 1


def test_not_even_the_orm_takes_a_row_back() -> None:
    row = audit.record("office.saved", cast.make_office(), by=None)
    with pytest.raises(IntegrityError, match="rows are only added"), transaction.atomic():
        row.delete()
    row.reason = "改过"
    with pytest.raises(IntegrityError, match="rows are only added"), transaction.atomic():
        row.save()
    assert AuditRow.objects.get().reason == ""
