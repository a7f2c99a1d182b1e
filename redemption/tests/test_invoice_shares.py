"""One invoice, several orders: what each may take of it, what ended orders give back, and the trigger behind."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Organization, User
from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.models import Invoice, InvoiceAllocation
from redemption.tests import factories, gathered
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-13")]
NUMBER = "26330000000000777001"


@pytest.fixture
def programme() -> Programme:
    return gathered.make_programme()


@pytest.fixture
def by(organization: Organization) -> User:
    return cast.owner_of(organization)


def shares() -> list[Decimal | None]:
    return list(InvoiceAllocation.objects.order_by("pk").values_list("amount", flat=True))


def end(order: Order, how: str) -> None:
    """Bring the order to its end without a voucher."""
    getattr(order, how)()
    order.save()


# --- What ended gives back ----------------------------------------------------------------------


def test_a_cancelled_order_lets_its_invoice_go(organization: Organization, programme: Programme, by: User) -> None:
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    gathered.invoice(one, 3_000, NUMBER)
    with pytest.raises(Refused, match=r"还可分摊 0\.00 元"):
        gathered.invoice(other, 3_000, NUMBER)
    orders.cancel_order(one, by=by, reason="改期")
    gathered.invoice(other, 3_000, NUMBER)
    assert other.invoice_allocations.get().amount == Decimal(3_000)
    assert invariants.broken() == {}


@pytest.mark.parametrize("how", ["decline", "cancel", "lapse"])
def test_an_order_that_came_to_nothing_counts_for_no_limit(organization: Organization, how: str) -> None:
    programme = gathered.make_programme(orders_per_invoice=1)
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    gathered.invoice(one, 3_000, NUMBER)
    with pytest.raises(Refused, match=f"发票 {NUMBER} 已用于订单 {one.number}，换一张或联系科技局"):
        gathered.invoice(other, 3_000, NUMBER)
    end(one, how)
    gathered.invoice(other, 3_000, NUMBER)
    assert Invoice.objects.get().allocations.count() == 2


def test_what_a_cancelled_order_lets_go_is_still_nothing_for_a_rival(
    organization: Organization, programme: Programme
) -> None:
    one = gathered.make_order(organization, programme)
    gathered.invoice(one, 3_000, NUMBER)
    end(one, "cancel")
    rival = gathered.make_order(cast.rival(), programme)
    with pytest.raises(Refused, match=f"发票 {NUMBER} 已用于其他申请，换一张或联系科技局"):
        gathered.invoice(rival, 3_000, NUMBER)
    assert not rival.invoice_allocations.exists()


def test_a_finished_order_without_a_voucher_still_counts(organization: Organization, programme: Programme) -> None:
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    gathered.invoice(one, 5_999, NUMBER)
    for step in ("accept", "deliver", "complete"):
        end(one, step)
    with pytest.raises(Refused, match=r"还可分摊 2,999\.00 元"):
        gathered.invoice(other, 5_999, NUMBER)
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        InvoiceAllocation.objects.create(invoice=Invoice.objects.get(), order=other, amount=Decimal(3_000))
    assert shares() == [Decimal(3_000)]


def test_a_rejected_voucher_gives_its_share_back(organization: Organization) -> None:
    programme = factories.make_programme(orders_per_invoice=None, payment_check="none")
    rows = [factories.make_voucher(organization, programme, contract=3_000) for _index in range(3)]
    by = cast.owner_of(organization)
    facts = services.InvoiceFacts(number=NUMBER, amount=Decimal(6_000))
    for voucher in rows[:2]:
        services.add_invoice(voucher, by=by, facts=facts)
    factories.decide(services.submit_voucher(rows[0], by=by), "reject", reason="服务不在范围内")
    services.add_invoice(rows[2], by=by, facts=facts)
    assert shares() == [Decimal(3_000)] * 3
    last = InvoiceAllocation.objects.filter(order=rows[2].order)
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        last.update(amount=Decimal("3000.01"))
    assert last.get().amount == Decimal(3_000)
    assert invariants.broken() == {}


# --- What each may take -------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "fits"), [(1, 1), (2, 2), (3, 3), (None, 3)])
def test_a_scheme_limits_the_orders_of_an_invoice(organization: Organization, limit: int | None, fits: int) -> None:
    programme = gathered.make_programme(orders_per_invoice=limit)
    rows = [gathered.make_order(organization, programme, amount=1_000) for _index in range(3)]
    for order in rows[:fits]:
        gathered.invoice(order, 9_000, NUMBER)
    for order in rows[fits:]:
        with pytest.raises(Refused, match="已用于订单"):
            gathered.invoice(order, 9_000, NUMBER)
    assert InvoiceAllocation.objects.count() == fits


@pytest.mark.parametrize(
    ("whole", "left"),
    [("3000", None), ("3000.01", "0.01"), ("5999.99", "2999.99")],
)
def test_a_share_too_small_is_named_to_the_fen(
    organization: Organization, programme: Programme, whole: str, left: str | None
) -> None:
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    facts = services.InvoiceFacts(number=NUMBER, amount=Decimal(whole), issued_on=None)
    by = cast.owner_of(organization)
    services.add_invoice(one, by=by, facts=facts)
    before = AuditRow.objects.count()
    shown = f"{Decimal(left or 0):,.2f}".replace(".", r"\.")
    with pytest.raises(Refused, match=rf"还可分摊 {shown} 元，少于合同金额 3,000\.00 元") as caught:
        services.add_invoice(other, by=by, facts=facts)
    assert caught.value.code == "share"
    assert (shares(), AuditRow.objects.count()) == ([Decimal(3_000)], before)


def test_a_quick_order_takes_what_is_left_and_nothing_of_nothing(
    organization: Organization, programme: Programme
) -> None:
    one = gathered.make_order(organization, programme)
    quick = [gathered.make_order(organization, programme, channel=Order.Channel.QUICK) for _index in range(2)]
    gathered.invoice(one, 4_000, NUMBER)
    gathered.invoice(quick[0], 4_000, NUMBER)
    assert shares() == [Decimal(3_000), Decimal(1_000)]
    with pytest.raises(Refused, match=r"还可分摊 0\.00 元"):
        gathered.invoice(quick[1], 4_000, NUMBER)
    assert not quick[1].invoice_allocations.exists()


def test_what_was_entered_in_the_draft_is_what_the_invoice_gives(
    organization: Organization, programme: Programme, by: User
) -> None:
    order = gathered.make_order(organization, programme, amount=None)
    draft = services.gather([order], by=by)
    with pytest.raises(Refused, match=f"先填写订单 {order.number} 的服务金额，再填发票"):
        gathered.invoice(order, 9_000, NUMBER)
    assert not Invoice.objects.exists()
    services.keep_amounts(draft, by=by, amounts={draft.picks.get().pk: Decimal("2345.67")})
    gathered.invoice(order, 9_000, NUMBER)
    assert shares() == [Decimal("2345.67")]


# --- The trigger --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "passes"), [("2000", True), ("2000.01", False), ("0.01", True), (None, True), ("5000", False)]
)
def test_the_database_counts_to_the_fen(
    organization: Organization, programme: Programme, amount: str | None, passes: bool
) -> None:
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    found = gathered.invoice(one, 5_000, NUMBER)
    row = InvoiceAllocation(invoice=found, order=other, amount=Decimal(amount) if amount else None)
    if passes:
        row.save()
        assert shares() == [Decimal(3_000), row.amount]
        return
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        row.save()
    assert shares() == [Decimal(3_000)]


def test_a_share_may_be_written_anew_up_to_the_whole(organization: Organization, programme: Programme) -> None:
    found = gathered.invoice(gathered.make_order(organization, programme), 5_000, NUMBER)
    row = found.allocations.get()
    row.amount = Decimal(5_000)
    row.save()
    row.amount = Decimal("5000.01")
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        row.save()
    assert shares() == [Decimal(5_000)]


def test_an_invoice_without_an_amount_carries_any_share(organization: Organization, programme: Programme) -> None:
    found = Invoice.objects.create(organization=organization, number=NUMBER)
    order = gathered.make_order(organization, programme)
    InvoiceAllocation.objects.create(invoice=found, order=order, amount=Decimal(99_999))
    assert shares() == [Decimal(99_999)]
    assert invariants.broken() == {}
