"""Each invariant is silent on a whole world and names the row that was broken."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import pytest
from django.db import connection

from innovation_voucher.casework import invariants as registry
from vouchers import invariants
from vouchers.models import BudgetPool, QuotaAccount, Voucher
from vouchers.services import freeze_voucher, pay_voucher
from vouchers.services.pools import set_pool

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-4")]


def break_by(statement: str) -> None:
    """Write past every trigger and CHECK, as only the server's superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def paid() -> Voucher:
    """A paid voucher, and quota of which a budget knows."""
    programme = factories.make_programme()
    voucher = factories.make_voucher(programme=programme, state="redeeming")
    set_pool(programme, voucher.organization.region, Decimal(100_000), by=None)
    programme.refresh_from_db()
    factories.claim(voucher.organization, programme, 100)
    freeze_voucher(voucher, amount=voucher.amount, by=None)
    return pay_voucher(voucher, amount=voucher.amount, by=None)


def test_a_whole_world_breaks_nothing(paid: Voucher) -> None:
    assert {name: list(check()) for name, check in invariants.CHECKS.items()} == {key: [] for key in invariants.CHECKS}


def test_all_are_registered() -> None:
    assert set(invariants.CHECKS) <= set(registry.names())


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (
            invariants.buckets_add_up,
            "UPDATE vouchers_quotaaccount SET available = available - 1, held = held + 1",
        ),
        (
            invariants.buckets_add_up,
            "UPDATE vouchers_quotaaccount SET available = available + 1, granted = granted + 1",
        ),
        (invariants.pools_add_up, "UPDATE vouchers_budgetpool SET budget = budget - 1"),
        (invariants.accounts_cover_their_vouchers, "UPDATE vouchers_voucher SET in_batch = 1"),
        (invariants.vouchers_hold_their_entries, "UPDATE vouchers_voucher SET held = 1"),
        (invariants.ended_vouchers_hold_nothing, "UPDATE vouchers_voucher SET held = 1"),
        (invariants.paid_at_most_face, "UPDATE vouchers_voucher SET paid_amount = NULL"),
        (invariants.lapsed_accounts_are_empty, "UPDATE vouchers_quotaaccount SET status = 'lapsed'"),
        (
            invariants.claims_keep_their_caps,
            "UPDATE vouchers_quotaaccount SET granted = granted + 20000000, available = available + 20000000",
        ),
    ],
)
def test_a_broken_row_is_named(paid: Voucher, check: Callable[[], Iterable[str]], statement: str) -> None:
    assert list(check()) == []
    break_by(statement)
    lines = list(check())
    names = {paid.code, QuotaAccount.objects.get().number, f"pool {BudgetPool.objects.get().pk}"}
    assert lines
    assert all(any(name in line for name in names) for line in lines)
