"""Every state of every machine against every move; the rows that say each state to people."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django_fsm import TransitionNotAllowed

from innovation_voucher.casework import guards
from innovation_voucher.casework.statuses import statuses_of
from innovation_voucher.tests import cast
from redemption.models import Objection, Payment, Publicity, Redemption, SettlementBatch
from redemption.tests import factories

#: Machine -> move -> states from which it is allowed, and where it leads (design, "Objects and states").
MACHINES: dict[type[Any], dict[str, tuple[tuple[str, ...], str]]] = {
    Redemption: {
        "ask_consent": (("draft",), "awaiting_consent"),
        "refuse_consent": (("awaiting_consent",), "draft"),
        "submit": (("draft", "awaiting_consent", "returned"), "in_review"),
        "return_": (("in_review",), "returned"),
        "withdraw": (("draft", "awaiting_consent", "in_review", "returned"), "withdrawn"),
        "expire": (("returned",), "expired"),
        "approve": (("in_review",), "approved"),
        "reject": (("in_review", "contested"), "rejected"),
        "publish": (("approved",), "in_publicity"),
        "contest": (("in_publicity",), "contested"),
        "resume_publicity": (("contested",), "in_publicity"),
        "review_again": (("contested",), "in_review"),
        "make_payable": (("approved", "in_publicity"), "payable"),
        "pay": (("payable",), "paid"),
        "recover": (("paid",), "recovered"),
    },
    SettlementBatch: {
        "freeze": (("draft",), "frozen"),
        "countersign": (("frozen",), "countersigned"),
        "export": (("countersigned",), "exported"),
        "reconcile": (("exported",), "reconciled"),
        "cancel": (("draft", "frozen"), "cancelled"),
    },
    Payment: {
        "send": (("pending",), "sent"),
        "pay": (("sent",), "paid"),
        "fail": (("sent",), "failed"),
    },
    Publicity: {"open": (("draft",), "open"), "close": (("open",), "closed")},
    Objection: {"uphold": (("received",), "upheld"), "dismiss": (("received",), "dismissed")},
}

CELLS = [
    (model, state, move)
    for model, moves in MACHINES.items()
    for state, _label in model._meta.get_field("status").flatchoices
    for move in moves
]


@pytest.mark.parametrize(("model", "state", "move"), CELLS)
def test_a_move_is_possible_exactly_from_its_states(model: type[Any], state: str, move: str) -> None:
    row = model(status=state)
    sources, target = MACHINES[model][move]
    if state in sources:
        getattr(row, move)()
        assert row.status == target
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(row, move)()
        assert row.status == state


@pytest.mark.parametrize("model", MACHINES)
def test_the_table_above_is_the_whole_machine(model: type[Any]) -> None:
    edges = {(source, target) for sources, target in MACHINES[model].values() for source in sources}
    assert guards.edges_of(model) == edges
    assert {move.name for move in model().get_all_status_transitions()} == set(MACHINES[model])


@pytest.mark.parametrize("model", MACHINES)
def test_a_state_cannot_be_assigned(model: type[Any]) -> None:
    row = model()
    with pytest.raises(AttributeError):
        row.status = "paid"


@pytest.mark.parametrize("model", [Redemption, SettlementBatch, Payment])
def test_every_state_has_its_word_and_tone(model: type[Any]) -> None:
    rows = statuses_of(model._meta.label)
    assert list(rows) == [state for state, _label in model._meta.get_field("status").flatchoices]
    words = [str(row.label) for row in rows.values()]
    assert len(set(words)) == len(words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "refused"), [("paid", True), ("draft", True), ("payable", True), ("returned", False), ("approved", False)]
)
def test_the_database_refuses_a_move_that_the_machine_has_not(state: str, refused: bool) -> None:
    redemption = factories.submitted()
    sql = "UPDATE redemption_redemption SET status = %s WHERE id = %s"
    if refused:
        with pytest.raises(IntegrityError, match="no such move"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [state, redemption.pk])
    else:
        with connection.cursor() as cursor:
            cursor.execute(sql, [state, redemption.pk])
    assert Redemption.objects.get().status == ("in_review" if refused else state)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["payee_id", "region_id", "snapshot_id", "programme_id", "number"])
def test_the_database_keeps_the_facts_of_a_redemption(column: str) -> None:
    redemption = factories.submitted()
    value: Any = "DF-0" if column == "number" else cast.make_region("320000").pk + 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.filter(pk=redemption.pk).update(**{column: value})
    assert getattr(Redemption.objects.get(), column) == getattr(redemption, column)


@pytest.mark.django_db
def test_a_voucher_stands_in_one_live_redemption() -> None:
    redemption = factories.submitted()
    line = redemption.lines.get()
    with pytest.raises(IntegrityError, match="voucher_in_one_redemption"), transaction.atomic():
        redemption.lines.create(voucher=line.voucher, computed=1, claimed=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "value"), [("claimed", 14_001), ("approved", 14_001)])
def test_amounts_of_a_line_only_fall(column: str, value: int) -> None:
    redemption = factories.submitted()
    with pytest.raises(IntegrityError, match="at_most"), transaction.atomic():
        redemption.lines.update(**{column: value})
