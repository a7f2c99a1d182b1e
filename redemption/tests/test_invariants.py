"""The checks that run over all rows: silent on a whole story, loud on each kind of damage."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from innovation_voucher.casework import invariants
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Invoice, InvoiceAllocation, PaymentLine, RedemptionLine, SettlementBatch
from redemption.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(kept: Path) -> SettlementBatch:
    """A batch at the bank with one payment sent back and one paid, and one redemption under review."""
    programme, organization = factories.make_programme(), cast.enterprise()
    factories.payable(organization, programme)
    factories.payable(cast.rival(), programme)
    settler = factories.settler()
    batch = factories.exported(settler, factories.countersigner(), programme)
    factories.import_rows(batch, settler, factories.paid_rows(batch, failed=1))
    services.reconcile_batch(batch, by=settler)
    factories.submitted(organization, programme)
    return batch


@pytest.fixture
def story(built: SettlementBatch) -> Any:
    return deepcopy(built)


def test_a_whole_story_breaks_nothing(story: Any) -> None:
    assert invariants.broken() == {}
    assert set(invariants.names()) >= {"batch.sums", "batch.entries", "batch.hands", "invoice.amount"}


def run(sql: str, *values: Any) -> None:
    """Change rows behind the back of all guards, as a person with the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _total(batch: Any) -> None:
    run("UPDATE redemption_settlementbatch SET total = total + 1 WHERE id = %s", batch.pk)


def _payment(batch: Any) -> None:
    run("UPDATE redemption_payment SET amount = amount + 1 WHERE batch_id = %s", batch.pk)


def _unanswered(batch: Any) -> None:
    run("UPDATE redemption_payment SET status = 'sent' WHERE batch_id = %s AND status = 'failed'", batch.pk)


def _not_booked(batch: Any) -> None:
    run("DELETE FROM vouchers_ledgerentry WHERE kind = 'pay'")


def _one_hand(batch: Any) -> None:
    run("UPDATE casework_reviewtask SET decided_by_id = %s WHERE decided_by_id IS NOT NULL", batch.prepared_by_id)


def _overdrawn(batch: Any) -> None:
    invoice = Invoice.objects.order_by("id").first()
    run("UPDATE redemption_invoice SET amount = 100 WHERE id = %s", invoice.pk if invoice else 0)


DAMAGES: list[tuple[str, Callable[[Any], None]]] = [
    ("batch.sums", _total),
    ("batch.sums", _payment),
    ("batch.answered", _unanswered),
    ("batch.entries", _not_booked),
    ("batch.hands", _one_hand),
    ("invoice.amount", _overdrawn),
]


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_each_damage_is_found_by_its_check(name: str, damage: Callable[[Any], None], story: Any) -> None:
    damage(story)
    found = invariants.broken()
    assert name in found, found
    assert found[name][0]


def test_a_claim_above_the_voucher_is_found(story: Any) -> None:
    line = RedemptionLine.objects.latest("pk")
    RedemptionLine.objects.filter(pk=line.pk).update(computed=14_001, claimed=14_001)
    assert list(invariants.broken()) == ["redemption.amounts"]


def test_the_database_holds_that_a_line_is_in_one_live_batch(story: Any) -> None:
    assert PaymentLine.objects.filter(live=True).count() == 1
    assert PaymentLine.objects.filter(live=False).count() == 1
    assert InvoiceAllocation.objects.count() == 3
