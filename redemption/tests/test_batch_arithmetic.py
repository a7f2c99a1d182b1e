"""Amounts of any kind through a batch: total, payments, lines and ledger agree to the cent."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings, strategies as st

from innovation_voucher.casework import invariants
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import undone
from redemption import services
from redemption.models import Payment, PaymentLine, Redemption
from redemption.services.selection import Excluded, Group, Included, Preview
from redemption.tests import factories
from vouchers.models import LedgerEntry, QuotaAccount

pytestmark = pytest.mark.django_db

cents = st.integers(1, 1_400_000).map(lambda n: Decimal(n) / 100)
#: So many examples as a busy machine bears: each goes through the whole chain.
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def total_of(rows: object, column: str = "amount") -> Decimal:
    found: Decimal = rows.aggregate(total=Sum(column))["total"]  # type: ignore[attr-defined]
    return found or Decimal(0)


def approved(amounts: list[Decimal]) -> list[Redemption]:
    """Redemptions of two payees in turn with these approved amounts, yuan."""
    programme = factories.make_programme()
    payees = [cast.enterprise(), cast.rival()]
    officer = factories.officer()
    return [
        factories.decide(
            factories.submitted(payees[index % 2], programme), by=officer, amount=amount, reason="按实际工作量核定"
        )
        for index, amount in enumerate(amounts)
    ]


@FEW
@given(st.lists(cents, min_size=1, max_size=4))
def test_total_payments_lines_and_ledger_are_one_sum(amounts: list[Decimal]) -> None:
    with undone():
        rows = approved(amounts)
        settler, second = factories.settler(), factories.countersigner()
        batch = factories.exported(settler, second, rows[0].programme)
        own = batch.payments.all()
        frozen = LedgerEntry.objects.filter(kind="freeze", account__in=[r.lines.get().voucher.account for r in rows])
        assert batch.total == sum(amounts) == total_of(own) == total_of(frozen)
        assert total_of(PaymentLine.objects.filter(payment__in=own)) == batch.total
        assert sorted(own.values_list("amount", flat=True)) == sorted(
            filter(None, [sum(amounts[::2]), sum(amounts[1::2])])
        )
        assert batch.count == own.count() == min(2, len(amounts))


@FEW
@given(st.lists(cents, min_size=2, max_size=3), st.integers(0, 2))
def test_paid_and_sent_back_add_up_to_the_total(amounts: list[Decimal], failed: int) -> None:
    with undone():
        rows = approved(amounts)
        settler = factories.settler()
        batch = factories.exported(settler, factories.countersigner(), rows[0].programme)
        factories.import_rows(batch, settler, factories.paid_rows(batch, failed=failed))
        sums = services.totals(batch)
        assert (sums.paid + sums.failed, sums.waiting, sums.difference) == (sum(amounts), 0, 0)
        paid = Payment.objects.filter(batch=batch, status="paid")
        accounts = QuotaAccount.objects.filter(vouchers__lines__redemption__in=rows).distinct()
        assert sums.paid == total_of(paid) == total_of(accounts, "spent")
        assert not total_of(accounts, "in_batch")
        assert invariants.broken() == {}


# --- The sums of a preview, without a database ----------------------------------------------------


@settings(deadline=None)
@given(st.lists(cents, max_size=30), st.lists(cents, max_size=5))
def test_the_total_of_a_preview_is_what_goes_in_alone(inside: list[Decimal], outside: list[Decimal]) -> None:
    nobody = Redemption()
    preview = Preview(
        [Included(nobody, amount, None) for amount in inside],  # type: ignore[arg-type]
        [Excluded(nobody, amount, "公示未满") for amount in outside],
    )
    assert preview.total == sum(inside, Decimal(0))
    assert preview.total.as_tuple().exponent == -2


@pytest.mark.parametrize(("waiting", "paid", "failed"), [("0", "0", "0"), ("3.10", "0", "0"), ("1", "2.05", "3.05")])
def test_the_difference_is_what_the_bank_has_not_answered(waiting: str, paid: str, failed: str) -> None:
    parts = {"waiting": Decimal(waiting), "paid": Decimal(paid), "failed": Decimal(failed)}
    sums = services.Totals(system=sum(parts.values(), Decimal(0)), **parts)
    assert sums.difference == sums.waiting
    assert sums.answered == sums.system - sums.waiting


def test_groups_follow_their_keys_and_keep_every_cent() -> None:
    rows = approved([Decimal("0.01"), Decimal("13999.99"), Decimal("0.02")])
    batch = factories.draft(factories.settler(), rows[0].programme)
    found = services.preview_of(batch)
    assert [(row.count, row.total) for row in found.by_payee] == [(2, Decimal("0.03")), (1, Decimal("13999.99"))]
    assert found.by_region == [Group(rows[0].region.name, 3, Decimal("14000.02"))]
