"""The enterprise's kind, scenario 13: two orders of 3,000 on one invoice, a second invoice, and 201 characters."""

from decimal import Decimal
from io import BytesIO

import pytest

from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.tests import files
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.models import Invoice, Redemption
from redemption.tests import factories, shared as scheme
from redemption.tests.shared import Shared
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10", "YRD-12", "YRD-13")]


@pytest.fixture
def shared(db: None) -> Shared:
    return scheme.build("csj-ty")


def drafted(shared: Shared, *amounts: int) -> tuple[Redemption, list[Order]]:
    """A draft over orders that nobody accepted, with what each cost (yuan), the words and the file."""
    found = [scheme.place(shared) for _amount in amounts]
    draft = services.gather([scheme.fresh(order) for order in found], by=shared.owner)
    picks = list(draft.picks.order_by("order_id"))
    entered = {pick.pk: Decimal(amount) for pick, amount in zip(picks, amounts, strict=True)}
    services.keep_amounts(draft, by=shared.owner, amounts=entered)
    services.keep_answers(draft, by=shared.owner, answers=scheme.WRITTEN)
    services.keep_file(draft, "attachment", by=shared.owner, name="合同.pdf", data=BytesIO(files.pdf()))
    return draft, [scheme.fresh(order) for order in found]


def stand_on(shared: Shared, order: Order, whole: int, number: str, *, paid: int = 3_000) -> None:
    """An invoice of so much (yuan) behind the order, and the receipt over the order's own part."""
    scheme.invoice(order, shared.owner, whole, number=number)
    services.add_receipt(order, by=shared.owner, amount=Decimal(paid), paid_on=None)


def claimed(redemption: Redemption) -> list[Decimal]:
    return list(redemption.lines.order_by("id").values_list("claimed", flat=True))


def test_two_orders_of_3000_on_one_invoice_of_6000_bring_3000_back(shared: Shared) -> None:
    draft, rows = drafted(shared, 3_000, 3_000)
    number = factories.invoice_number()
    for order in rows:
        stand_on(shared, order, 6_000, number)
    assert {order.status for order in Order.objects.all()} == {"placed"}
    done = services.submit_draft(draft, by=shared.owner)
    assert (done.status, claimed(done), done.payee) == ("in_review", [1_500, 1_500], shared.enterprise)
    assert factories.case_of(done).amount == 3_000
    assert scheme.buckets(shared) == (47_000, 3_000)
    assert Invoice.objects.get().allocations.count() == 2
    assert invariants.broken() == {}


def test_each_order_gets_its_voucher_when_it_is_handed_in(shared: Shared) -> None:
    draft, (order,) = drafted(shared, 3_000)
    stand_on(shared, order, 3_000, factories.invoice_number())
    assert Voucher.objects.count() == 0
    services.submit_draft(draft, by=shared.owner)
    voucher = Voucher.objects.get()
    verbs = AuditRow.objects.filter(subject_id=voucher.pk, verb__startswith="voucher.").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "voucher.requested",
        "voucher.issued",
        "voucher.confirmed",
        "voucher.redeeming",
    ]
    assert (voucher.status, voucher.amount, voucher.contract_amount) == ("redeeming", 1_500, 3_000)


def test_an_invoice_of_5999_does_not_carry_both(shared: Shared) -> None:
    draft, (one, other) = drafted(shared, 3_000, 3_000)
    number = factories.invoice_number()
    stand_on(shared, one, 5_999, number)
    words = rf"发票 {number} 还可分摊 2,999\.00 元，少于合同金额 3,000\.00 元"
    with pytest.raises(Refused, match=words):
        stand_on(shared, other, 5_999, number)
    assert not other.invoice_allocations.exists()
    with pytest.raises(Refused, match="请填写发票号"):
        services.submit_draft(draft, by=shared.owner)
    assert (Redemption.objects.get().status, scheme.buckets(shared)) == ("draft", (50_000, 0))


def test_a_second_invoice_is_refused_until_there_is_a_difference_order(shared: Shared) -> None:
    draft, (order,) = drafted(shared, 3_000)
    stand_on(shared, order, 3_000, factories.invoice_number())
    second = factories.invoice_number()
    with pytest.raises(Refused, match="一个订单最多 1 张发票，可补下差价订单后再填"):
        stand_on(shared, order, 500, second, paid=500)
    assert order.invoice_allocations.count() == 1
    extra = orders.place_difference(order, by=shared.owner, amount=Decimal(500), reason="加测一组样品")
    assert services.gather([scheme.fresh(extra)], by=shared.owner) == draft
    stand_on(shared, scheme.fresh(extra), 500, second, paid=500)
    done = services.submit_draft(draft, by=shared.owner)
    assert claimed(done) == [1_500, 250]
    assert scheme.buckets(shared) == (48_250, 1_750)


@pytest.mark.parametrize("key", ["effect", "innovation", "remark"])
def test_201_characters_are_refused_and_200_pass(shared: Shared, key: str) -> None:
    draft, (order,) = drafted(shared, 3_000)
    stand_on(shared, order, 3_000, factories.invoice_number())
    services.keep_answers(draft, by=shared.owner, answers={key: "字" * 201})
    with pytest.raises(Refused, match="最多 200 字，现有 201 字"):
        services.submit_draft(draft, by=shared.owner)
    assert (Voucher.objects.count(), scheme.buckets(shared)) == (0, (50_000, 0))
    assert Redemption.objects.get().answers[key] == "字" * 201, "what was written is kept"
    services.keep_answers(draft, by=shared.owner, answers={key: "字" * 200})
    assert services.submit_draft(draft, by=shared.owner).status == "in_review"
