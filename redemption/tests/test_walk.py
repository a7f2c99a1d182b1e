"""One voucher from confirmed to paid, with the ledger looked at after every step."""

from decimal import Decimal

import pytest

from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption, SettlementBatch
from redemption.tests import factories
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

BUCKETS = ("available", "held", "in_batch", "spent")


def buckets() -> tuple[int, ...]:
    """The four buckets of the only account, in whole yuan."""
    account = QuotaAccount.objects.get()
    return tuple(int(getattr(account, name)) for name in BUCKETS)


@pytest.mark.feature("ZJ-11", "ZJ-9")
@pytest.mark.django_db
def test_a_voucher_is_paid_and_every_yuan_is_where_it_should_be() -> None:
    programme = factories.make_programme()
    voucher = factories.make_voucher(programme=programme)
    assert voucher.amount == Decimal("14000.00")
    assert buckets() == (186_000, 14_000, 0, 0)

    factories.complete(voucher)
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert (redemption.status, buckets()) == ("in_review", (186_000, 14_000, 0, 0))

    redemption = factories.decide(redemption, amount=Decimal(12_000), reason="一项试验不在范围内")
    assert (redemption.status, buckets()) == ("payable", (188_000, 12_000, 0, 0))

    settler, second = factories.settler(), factories.countersigner()
    batch = factories.frozen(settler, programme)
    assert (batch.status, batch.total, batch.count) == ("frozen", Decimal("12000.00"), 1)
    assert buckets() == (188_000, 0, 12_000, 0)

    services.countersign_batch(batch, by=second, typed_total=Decimal(12_000))
    services.export_batch(batch, by=settler)
    assert buckets() == (188_000, 0, 12_000, 0)

    batch.refresh_from_db()
    results = factories.import_rows(batch, settler, factories.paid_rows(batch))
    assert (results.paid, results.failed, results.problems) == (1, 0, [])
    assert buckets() == (188_000, 0, 0, 12_000)

    services.reconcile_batch(batch, by=settler)
    assert SettlementBatch.objects.get().status == "reconciled"
    assert Redemption.objects.get().status == "paid"
    voucher = Voucher.objects.get()
    assert (voucher.status, voucher.paid_amount) == ("paid", Decimal("12000.00"))
    kinds = LedgerEntry.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["grant", "hold", "release", "freeze", "pay"]
    assert invariants.broken() == {}


@pytest.mark.django_db
def test_the_people_of_the_walk_are_told_by_message_and_sms() -> None:
    programme = factories.make_programme()
    redemption = factories.payable(programme=programme)
    settler = factories.settler()
    batch = factories.exported(settler, factories.countersigner(), programme)
    factories.import_rows(batch, settler, factories.paid_rows(batch))

    owner = cast.owner_of(redemption.payee)
    kinds = list(Message.objects.filter(user=owner).order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["redemption.approved", "redemption.paid"]
    texts = [row.body for row in Outgoing.objects.all()]
    assert any("已拨付 14,000.00 元" in text for text in texts), texts
