"""Settlement batches: drawn up, frozen, given up; no amount ever differs."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Payment, PaymentLine, Redemption, SettlementBatch
from redemption.tests import factories
from vouchers import services as vouchers
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher

pytestmark = pytest.mark.django_db


def fresh(batch: SettlementBatch) -> SettlementBatch:
    return SettlementBatch.objects.get(pk=batch.pk)


def untouched(batch: SettlementBatch) -> bool:
    """Still a draft without payments, and no quota in any batch."""
    found = fresh(batch)
    accounts = QuotaAccount.objects.aggregate(total=Sum("in_batch"))["total"]
    return (found.status, found.total, accounts or 0) == ("draft", 0, 0) and not Payment.objects.exists()


@dataclass
class Desk:
    """A redemption of 14,000 yuan that may be paid, who settles, and the batch that holds it if any does."""

    programme: Programme
    settler: User
    redemption: Redemption
    batch: SettlementBatch | None = None


def payable() -> Desk:
    programme = factories.make_programme()
    return Desk(programme, factories.settler(), factories.payable(programme=programme))


def frozen() -> Desk:
    desk = payable()
    desk.batch = factories.frozen(desk.settler, desk.programme)
    return desk


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return deepcopy(begun)


@pytest.fixture
def batch(desk: Desk) -> SettlementBatch:
    assert desk.batch is not None
    return desk.batch


# --- Drawing up ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["county officer", "countersigner", "another province"])
def test_only_who_settles_in_the_region_draws_up(who: str, programme: Programme) -> None:
    people: dict[str, Any] = {
        "county officer": factories.officer,
        "countersigner": factories.countersigner,
        "another province": lambda: factories.settler(region_code="320000"),
    }
    with pytest.raises(NotAllowed, match="制作结算批次"):
        factories.draft(people[who](), programme)
    assert not SettlementBatch.objects.exists()


def test_a_period_runs_forward(programme: Programme, settler: Any) -> None:
    today = calendar.today()
    with pytest.raises(Refused, match="不能早于"):
        services.create_batch(
            programme=programme,
            region=cast.make_region("330000"),
            period_from=today,
            period_to=today - timedelta(days=1),
            by=settler,
        )
    assert not SettlementBatch.objects.exists()


# --- Freezing -----------------------------------------------------------------------------------


def test_one_payment_per_account_with_a_line_per_redemption(programme: Programme, settler: Any) -> None:
    organization = cast.enterprise()
    for _index in range(2):
        factories.payable(organization, programme)
    factories.payable(cast.rival(), programme, contract=8_000)
    batch = factories.frozen(settler, programme)
    payments = list(batch.payments.order_by("reference"))
    assert [(p.amount, p.lines.count()) for p in payments] == [(Decimal(28_000), 2), (Decimal(8_000), 1)]
    assert [p.reference for p in payments] == [f"{batch.number}-0001", f"{batch.number}-0002"]
    assert (batch.total, batch.count) == (Decimal(36_000), 2)
    frozen = LedgerEntry.objects.filter(kind="freeze").aggregate(total=Sum("amount"))["total"]
    assert frozen == batch.total == PaymentLine.objects.aggregate(total=Sum("amount"))["total"]
    assert invariants.broken() == {}


def test_a_long_list_is_frozen_with_as_many_statements_as_a_short_one(programme: Programme, settler: Any) -> None:
    counts = []
    for number in (1, 3):
        for _n in range(number):
            factories.payable(cast.enterprise(), programme)
        batch = factories.draft(settler, programme)
        total = services.preview_of(batch).total
        with CaptureQueriesContext(connection) as queries:
            services.freeze_batch(batch, by=settler, typed_total=total)
        counts.append(len(queries))
        assert PaymentLine.objects.filter(payment__batch=batch).count() == number
    assert counts[1] == counts[0]
    assert invariants.broken() == {}


def test_every_voucher_of_a_batch_has_its_entry_and_its_row_of_the_audit(programme: Programme, settler: Any) -> None:
    for contract in (8_000, 9_000):
        factories.payable(cast.enterprise(), programme, contract=contract)
    batch = factories.frozen(settler, programme)
    for voucher in Voucher.objects.filter(status="redeeming"):
        entry = LedgerEntry.objects.get(kind="freeze", reference=f"{voucher.code}/{voucher.movements}")
        assert (entry.amount, entry.account_id, entry.by_id) == (voucher.in_batch, voucher.account_id, settler.pk)
        row = AuditRow.objects.get(verb="voucher.in_batch", subject_id=voucher.pk)
        assert (row.subject_label, row.after["batch"], row.actor_id) == (voucher.code, batch.number, settler.pk)
    assert LedgerEntry.objects.filter(kind="freeze").count() == 2


def test_a_voucher_that_holds_less_than_the_list_says_freezes_nothing(programme: Programme, settler: Any) -> None:
    whole, short = (factories.payable(cast.enterprise(), programme, contract=n) for n in (8_000, 9_000))
    batch = factories.draft(settler, programme)
    voucher = short.lines.get().voucher
    vouchers.reduce_hold(voucher, to=Decimal(100), by=None)
    with pytest.raises(Refused, match="额度不足"), transaction.atomic():
        services.freeze_batch(batch, by=settler, typed_total=Decimal(17_000))
    assert untouched(batch)
    assert not LedgerEntry.objects.filter(kind="freeze").exists()
    assert whole.lines.get().voucher.held == Decimal(8_000)


@begins(payable)
@pytest.mark.parametrize("typed", ["13999.99", "14000.01", "0"])
def test_another_total_than_the_systems_freezes_nothing(typed: str, desk: Desk) -> None:
    batch = factories.draft(desk.settler, desk.programme)
    with pytest.raises(Refused, match=r"系统合计是 14,000\.00 元"):
        services.freeze_batch(batch, by=desk.settler, typed_total=Decimal(typed))
    assert untouched(batch)


@begins(payable)
def test_what_came_after_the_preview_is_noticed_by_the_total(desk: Desk) -> None:
    batch = factories.draft(desk.settler, desk.programme)
    seen = services.preview_of(batch).total
    factories.payable(programme=desk.programme)
    with pytest.raises(Refused, match="两者须相等"):
        services.freeze_batch(batch, by=desk.settler, typed_total=seen)
    assert untouched(batch)


def test_an_empty_batch_is_not_frozen(programme: Programme, settler: Any) -> None:
    batch = factories.draft(settler, programme)
    with pytest.raises(Refused, match="没有可以编入的兑付"):
        services.freeze_batch(batch, by=settler, typed_total=Decimal(0))
    assert untouched(batch)


@begins(payable)
def test_only_who_drew_it_up_freezes_it(desk: Desk) -> None:
    second = factories.countersigner()
    batch = factories.draft(desk.settler, desk.programme)
    for person in (second, factories.settler("另一制单"), factories.officer()):
        with pytest.raises(NotAllowed):
            services.freeze_batch(batch, by=person, typed_total=Decimal(14_000))
    assert untouched(batch)


@begins(frozen)
def test_a_batch_is_frozen_once(desk: Desk, batch: SettlementBatch) -> None:
    with pytest.raises(Refused, match="现在是“待复核”"):
        services.freeze_batch(batch, by=desk.settler, typed_total=batch.total)
    assert batch.payments.count() == 1


@begins(frozen)
def test_the_account_in_a_frozen_batch_stays_when_the_payee_changes_its_own(desk: Desk, batch: SettlementBatch) -> None:
    before = batch.payments.get().account
    desk.redemption.payee.bank_accounts.update(active=False)
    cast.make_bank_account(desk.redemption.payee, "6222020000000009999")
    assert batch.payments.get().account == before
    assert batch.payments.get().last_four == before[-4:]


PAYMENT_FACTS = {"amount": 1, "account": "x", "holder": "x", "bank": "x", "last_four": "0000", "reference": "x"}


@begins(frozen)
@pytest.mark.parametrize("column", PAYMENT_FACTS)
def test_the_database_itself_keeps_a_payment_as_it_was_frozen(column: str, batch: SettlementBatch) -> None:
    with pytest.raises(IntegrityError, match="facts are frozen"), transaction.atomic():
        Payment.objects.filter(batch=batch).update(**{column: PAYMENT_FACTS[column]})


@begins(frozen)
@pytest.mark.parametrize("column", ["total", "count", "period_from", "number", "prepared_by"])
def test_the_database_itself_keeps_a_frozen_batch(column: str, batch: SettlementBatch) -> None:
    second = factories.countersigner()
    values = {"period_from": calendar.today() - timedelta(days=900), "prepared_by": second, "number": "X"}
    with pytest.raises(IntegrityError, match="facts are frozen"), transaction.atomic():
        SettlementBatch.objects.filter(pk=batch.pk).update(**{column: values.get(column, 99)})


@begins(frozen)
@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("column", ["amount", "redemption_id", "line_id", "payment_id"])
def test_the_database_itself_keeps_the_lines(column: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentLine.objects.update(**{column: 999})


# --- Giving up ----------------------------------------------------------------------------------


@begins(frozen)
def test_a_cancelled_batch_gives_everything_back_and_another_takes_it(desk: Desk, batch: SettlementBatch) -> None:
    services.cancel_batch(batch, by=desk.settler, reason="期间选错")
    account = QuotaAccount.objects.get()
    assert (fresh(batch).status, account.held, account.in_batch) == ("cancelled", Decimal(14_000), 0)
    assert not PaymentLine.objects.filter(live=True).exists()
    assert factories.frozen(desk.settler, desk.programme).total == Decimal(14_000)
    assert invariants.broken() == {}


@begins(frozen)
def test_a_cancellation_says_why(desk: Desk, batch: SettlementBatch) -> None:
    with pytest.raises(Refused, match="写明撤销的原因"):
        services.cancel_batch(batch, by=desk.settler, reason="  ")
    assert (fresh(batch).status, QuotaAccount.objects.get().in_batch) == ("frozen", Decimal(14_000))


@begins(frozen)
def test_after_the_second_signature_it_cannot_be_cancelled(desk: Desk, batch: SettlementBatch) -> None:
    second = factories.countersigner()
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    with pytest.raises(Refused, match="现在是“已锁定”"):
        services.cancel_batch(batch, by=desk.settler, reason="太晚了")
    assert fresh(batch).status == "countersigned"


@begins(frozen)
def test_others_do_not_cancel(batch: SettlementBatch) -> None:
    second = factories.countersigner()
    with pytest.raises(NotAllowed):
        services.cancel_batch(batch, by=second, reason="不同意")
    assert fresh(batch).status == "frozen"
