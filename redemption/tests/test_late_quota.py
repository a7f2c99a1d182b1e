"""通用 from its own data file: orders nobody accepted are gathered, and get their vouchers when they are handed in."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from carriers.tests.factories import category
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Deadline
from innovation_voucher.lib.tests import files
from innovation_voucher.tests.posting import client_of, post, text_of
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.models import Pick, Redemption, RedemptionLine
from redemption.tests import factories, shared as scheme
from redemption.tests.shared import Shared
from vouchers import invariants
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-10", "YRD-12", "YRD-14")]


@pytest.fixture
def shared(db: None) -> Shared:
    return scheme.build("csj-ty")


def world() -> list[Any]:
    """Everything that a refused submission must leave alone."""
    tables = (Redemption, RedemptionLine, Pick, Order, Voucher, QuotaAccount, LedgerEntry, Deadline, AuditRow)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def ready_draft(shared: Shared, *found: Order, each: int = 3_000) -> Redemption:
    """A draft over these orders with everything that the scheme asks for; yuan."""
    draft = services.gather([scheme.fresh(order) for order in found], by=shared.owner)
    picks = list(draft.picks.select_related("order__service"))
    amounts = {pick.pk: Decimal(each) for pick in picks if orders.settled_amount(pick.order) is None}
    services.keep_amounts(draft, by=shared.owner, amounts=amounts)
    number = factories.invoice_number()
    for pick in picks:
        order = scheme.fresh(pick.order)
        scheme.invoice(order, shared.owner, each * len(picks), number=number)
        services.add_receipt(order, by=shared.owner, amount=Decimal(each), paid_on=None)
    services.keep_answers(draft, by=shared.owner, answers=scheme.WRITTEN)
    services.keep_file(draft, "attachment", by=shared.owner, name="合同.pdf", data=BytesIO(files.pdf()))
    return draft


def test_two_unaccepted_orders_of_3000_bring_3000(shared: Shared) -> None:
    draft = ready_draft(shared, scheme.place(shared), scheme.place(shared))
    assert (Voucher.objects.count(), scheme.buckets(shared)) == (0, (50_000, 0))
    done = services.submit_draft(draft, by=shared.owner)
    assert done.status == "in_review"
    assert [(line.computed, line.claimed) for line in done.lines.order_by("id")] == [(1_500, 1_500)] * 2
    assert set(Voucher.objects.values_list("status", flat=True)) == {"redeeming"}
    assert set(Order.objects.values_list("status", flat=True)) == {"completed"}
    assert scheme.buckets(shared) == (47_000, 3_000)
    assert factories.case_of(done).amount == 3_000
    assert [row for check in invariants.CHECKS.values() for row in check()] == []


def test_without_enough_quota_nothing_at_all_is_changed(shared: Shared) -> None:
    draft = ready_draft(shared, scheme.place(shared), scheme.place(shared))
    QuotaAccount.objects.update(available=1_500, spent=48_500)
    before = world()
    with pytest.raises(Refused, match="可用额度"):
        services.submit_draft(draft, by=shared.owner)
    assert world() == before


def test_what_is_withdrawn_is_free_again(shared: Shared) -> None:
    done = services.submit_draft(ready_draft(shared, scheme.place(shared)), by=shared.owner)
    services.withdraw_redemption(done, by=shared.owner)
    assert scheme.buckets(shared) == (50_000, 0)
    assert (Voucher.objects.get().status, Order.objects.get().status) == ("confirmed", "completed")


def quick(shared: Shared, amount: int = 6_000) -> Order:
    """A finished service that was never ordered here."""
    facts = orders.QuickFacts(
        carrier=shared.carrier,
        category=category(),
        amount=Decimal(amount),
        contact_name="周甲",
        contact_phone="+8619900000001",
    )
    return orders.place_quick(organization=shared.enterprise, programme=shared.programme, facts=facts, by=shared.owner)


@pytest.fixture
def allowing(db: None) -> Shared:
    return scheme.build("csj-ty", region="320507")


def test_a_quick_redemption_carries_several_invoices(allowing: Shared) -> None:
    order = scheme.fresh(quick(allowing))
    draft = services.gather([order], by=allowing.owner)
    for amount in (2_000, 4_000):
        scheme.invoice(order, allowing.owner, amount)
        services.add_receipt(order, by=allowing.owner, amount=Decimal(amount), paid_on=None)
    services.keep_answers(draft, by=allowing.owner, answers=scheme.WRITTEN)
    services.keep_file(draft, "attachment", by=allowing.owner, name="合同.pdf", data=BytesIO(files.pdf()))
    done = services.submit_draft(draft, by=allowing.owner)
    assert (done.status, done.lines.get().claimed) == ("in_review", 3_000)
    assert scheme.buckets(allowing) == (47_000, 3_000)


def test_a_quick_redemption_is_of_one_carrier_and_type_alone(allowing: Shared) -> None:
    first, second, ordered = quick(allowing), quick(allowing), scheme.place(allowing)
    for others in ((second,), (ordered,)):
        with pytest.raises(Refused, match="分开申请"):
            services.gather([scheme.fresh(order) for order in (first, *others)], by=allowing.owner)
    draft = services.gather([scheme.fresh(first)], by=allowing.owner)
    other = services.gather([scheme.fresh(second)], by=allowing.owner)
    assert draft.pk != other.pk


def test_the_quick_page_leads_to_the_papers(allowing: Shared) -> None:
    client = client_of(allowing.owner)
    body = {
        "category": category().code,
        "amount": "6000",
        "need": "成分分析",
        "contact_name": "周甲",
        "contact_phone": "19900000001",
    }
    answer = post(client, f"/ent/quick/?carrier={allowing.carrier.number}", **body)
    assert answer.url == f"/redeem/papers/{Order.objects.get().number}/"
    assert "添加发票" in text_of(client.get(answer.url))


def test_where_the_region_wants_orders_there_is_no_quick_redemption(shared: Shared) -> None:
    with pytest.raises(Refused, match="不能快速兑付"):
        quick(shared)
