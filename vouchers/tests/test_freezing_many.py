"""A batch takes its part of many holds at once, and of their accounts; all of them or none."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Case, QuerySet, Value, When
from django.test.utils import CaptureQueriesContext

from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.money import YuanField
from innovation_voucher.tests import cast
from vouchers import services
from vouchers.ledger import InsufficientQuota, freeze_many
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.core_sqlite, pytest.mark.feature("ZJ-13")]


@pytest.fixture(scope="module")
def built(kept: Path) -> list[Voucher]:
    """Two vouchers of one enterprise, holding 100 and 200 yuan, and one of another, holding 300."""
    first = factories.make_voucher(contract=100, state="redeeming")
    enterprise, programme, carrier = first.organization, first.programme, first.carrier
    second = factories.make_voucher(enterprise, programme, carrier, contract=200, state="redeeming")
    other = factories.make_voucher(cast.make_organization(), programme, carrier, contract=300, state="redeeming")
    return [first, second, other]


@pytest.fixture
def three(built: list[Voucher]) -> list[Voucher]:
    return deepcopy(built)


def taking(vouchers: list[Voucher], *parts: int) -> QuerySet[Voucher]:
    """Of each voucher its part, yuan."""
    amounts = [Value(Decimal(part), output_field=YuanField()) for part in parts]
    chosen = [When(pk=voucher.pk, then=amount) for voucher, amount in zip(vouchers, amounts, strict=True)]
    return Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).annotate(part=Case(*chosen))


def of_vouchers() -> list[tuple[Decimal, ...]]:
    return list(Voucher.objects.order_by("pk").values_list("held", "in_batch"))


def of_accounts() -> list[tuple[Decimal, ...]]:
    return list(QuotaAccount.objects.order_by("pk").values_list("held", "in_batch"))


def test_each_gives_its_own_part_and_its_account_the_sum(three: list[Voucher]) -> None:
    services.freeze_vouchers(taking(three, 60, 200, 1), by=None, note="JS-1")
    assert of_vouchers() == [(40, 60), (0, 200), (299, 1)]
    assert of_accounts() == [(40, 260), (299, 1)]
    # No batch is there; all else holds.
    assert set(invariants.broken()) == {"batch.entries"}
    rows = AuditRow.objects.filter(verb="voucher.in_batch")
    assert set(rows.values_list("subject_label", flat=True)) == {voucher.code for voucher in three}
    assert {row.after["batch"] for row in rows} == {"JS-1"}


def test_each_part_is_booked_once_under_the_vouchers_next_number(three: list[Voucher]) -> None:
    services.freeze_vouchers(taking(three[:2], 60, 200), by=None)
    booked = LedgerEntry.objects.filter(kind="freeze").order_by("amount").values_list("reference", "amount", "source")
    assert list(booked) == [
        (f"{voucher.code}/{voucher.movements + 1}", amount, "held")
        for voucher, amount in zip(three, (60, 200), strict=False)
    ]
    for voucher in three:
        before = voucher.movements
        voucher.refresh_from_db()
        assert voucher.movements == before + (voucher != three[2])


@pytest.mark.parametrize("parts", [(60, 201), (60, 0), (60, -1)])
def test_one_that_does_not_fit_moves_none(three: list[Voucher], parts: tuple[int, int]) -> None:
    with pytest.raises(InsufficientQuota):
        freeze_many(taking(three[:2], *parts), by=None)
    assert of_vouchers() == [(100, 0), (200, 0), (300, 0)]
    assert of_accounts() == [(300, 0), (300, 0)]
    assert not LedgerEntry.objects.filter(kind="freeze").exists()


def test_many_take_as_many_statements_as_one(three: list[Voucher]) -> None:
    counts = []
    for some in (three[:1], three[1:]):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            freeze_many(taking(some, *[1] * len(some)), by=None)
        counts.append(len(caught))
    assert counts[0] == counts[1]
