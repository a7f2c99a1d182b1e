"""The carrier's kind, scenario 14: 6,000 accepted, 3,000 confirmed by the region, 3,000 paid; asked, no, then yes."""

from decimal import Decimal

import pytest

from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, ReviewTask
from innovation_voucher.tests import cast
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.models import Redemption
from redemption.tests import shared as scheme
from redemption.tests.shared import Shared
from vouchers import invariants
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-9", "YRD-13")]


@pytest.fixture
def shared(db: None) -> Shared:
    return scheme.build("csj-td")


def confirm_amount(shared: Shared) -> Voucher:
    """The region agrees to what was computed."""
    office = Office.objects.get(group__user=shared.officer)
    reviews.decide(ReviewTask.objects.get(status="open"), by=shared.officer, office=office, decision="approve")
    return Voucher.objects.select_related("snapshot", "order", "carrier__organization").get()


def serve(shared: Shared, order: Order) -> None:
    """The carrier says that it is done."""
    orders.record_service(scheme.fresh(order), by=shared.seller, delivered_on=calendar.today(), result="报告已交付")


def give_papers(shared: Shared, voucher: Voucher) -> None:
    """What the carrier needs: contract and report, one invoice with its picture, the enterprise's own part, words."""
    scheme.attach(voucher, shared.seller)
    scheme.invoice(voucher, shared.seller, 6_000)
    services.add_receipt(voucher, by=shared.seller, amount=Decimal(3_000), paid_on=calendar.today())
    services.keep_facts(voucher, by=shared.seller, answers=scheme.WRITTEN)


def asked(shared: Shared) -> Redemption:
    """The carrier has asked, the enterprise has not answered."""
    order = orders.accept_order(
        scheme.place(shared, answers=scheme.ANSWERS), by=shared.seller, amount=Decimal(6_000), promised_on=None
    )
    voucher = confirm_amount(shared)
    serve(shared, order)
    give_papers(shared, voucher)
    return services.submit_voucher(Voucher.objects.get(), by=shared.seller)


def test_the_whole_road(shared: Shared) -> None:
    order = scheme.place(shared, answers=scheme.ANSWERS)
    assert Voucher.objects.count() == 0
    orders.accept_order(order, by=shared.seller, amount=Decimal(6_000), promised_on=None)
    assert (Voucher.objects.get().status, scheme.buckets(shared)) == ("requested", (50_000, 0))
    voucher = confirm_amount(shared)
    assert (voucher.status, voucher.amount, scheme.buckets(shared)) == ("confirmed", 3_000, (47_000, 3_000))
    assert voucher.order.planned_amount == 3_000
    give_papers(shared, voucher)
    with pytest.raises(Refused, match="请等订单进展到可兑付的环节"):
        services.submit_voucher(voucher, by=shared.seller)
    serve(shared, order)
    redemption = services.submit_voucher(Voucher.objects.get(), by=shared.seller)
    assert (redemption.status, redemption.payee) == ("awaiting_consent", shared.carrier.organization)
    back = services.refuse_consent(redemption, by=shared.owner, reason="还缺测试原始数据")
    assert (back.status, Order.objects.get().status) == ("draft", "delivered")
    again = services.submit_voucher(Voucher.objects.get(), by=shared.seller)
    assert (again.pk, again.status) == (redemption.pk, "awaiting_consent")
    done = services.agree_consent(again, by=shared.owner)
    line = done.lines.get()
    assert (done.status, line.computed, line.claimed) == ("in_review", 3_000, 3_000)
    assert (Order.objects.get().status, Voucher.objects.get().status) == ("completed", "redeeming")
    assert scheme.buckets(shared) == (47_000, 3_000)
    assert [row for check in invariants.CHECKS.values() for row in check()] == []


@pytest.mark.parametrize("paid", ["2999.99", "3000.01", "6000"])
def test_the_enterprise_pays_exactly_the_rest(shared: Shared, paid: str) -> None:
    order = orders.accept_order(
        scheme.place(shared, answers=scheme.ANSWERS), by=shared.seller, amount=Decimal(6_000), promised_on=None
    )
    voucher = confirm_amount(shared)
    serve(shared, order)
    scheme.attach(voucher, shared.seller)
    scheme.invoice(voucher, shared.seller, 6_000)
    services.add_receipt(voucher, by=shared.seller, amount=Decimal(paid), paid_on=calendar.today())
    services.keep_facts(voucher, by=shared.seller, answers=scheme.WRITTEN)
    with pytest.raises(Refused, match="两者须相等"):
        services.submit_voucher(Voucher.objects.get(), by=shared.seller)
    assert Redemption.objects.get().status == "draft"


def test_the_enterprise_cannot_ask_for_the_carriers_money(shared: Shared) -> None:
    asked(shared)
    assert {row.payee for row in Redemption.objects.all()} == {shared.carrier.organization}
    with pytest.raises(Refused):
        services.submit_voucher(Voucher.objects.get(), by=shared.owner)


def test_consent_has_five_working_days_by_the_scheme(shared: Shared) -> None:
    redemption = asked(shared)
    rows = list(redemption.snapshot.data["terms"])
    assert [row["on_expiry"] for row in rows if row["act"] == "consent"] == ["escalate"]


def test_another_enterprise_of_the_region_agrees_to_nothing(shared: Shared) -> None:
    redemption = asked(shared)
    other = cast.make_organization(region_code=scheme.REGION)
    with pytest.raises(Refused):
        services.agree_consent(redemption, by=cast.owner_of(other))
    assert Redemption.objects.get().status == "awaiting_consent"
