"""Scenarios 15 and 16 on the shipped data file, through the verbs that the pages call."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from carriers import catalogue
from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Message, ReviewCase, ReviewTask
from innovation_voucher.casework.statuses import status_of
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of
from orders.models import Order
from redemption import services
from redemption.models import Redemption
from redemption.tests import by_order
from redemption.tests.by_order import City
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-2", "TJ-6")]


@pytest.fixture
def city(db: None) -> City:
    return by_order.build()


def buckets() -> tuple[Decimal, Decimal]:
    account = QuotaAccount.objects.get()
    return account.available, account.held


@pytest.mark.parametrize(("contract", "amount"), [("4000", "2000"), ("9099", "4549.50"), ("300000", "100000")])
def test_half_of_the_contract(city: City, contract: str, amount: str) -> None:
    """scenario 15: 4,000 → 2,000; 9,099 → 4,549.50; 300,000 → 100,000."""
    assert by_order.apply(city, contract).amount == Decimal(amount)
    assert buckets() == (0, Decimal(amount))


def test_a_contract_below_the_least(city: City) -> None:
    """scenario 15: 3,999.99 refused."""
    with pytest.raises(Refused, match="不到 4,000 元"):
        by_order.apply(city, "3999.99")
    assert (Voucher.objects.count(), QuotaAccount.objects.count(), LedgerEntry.objects.count()) == (0, 0, 0)


def test_the_rest_of_the_year(city: City) -> None:
    """scenario 15: 97,972 used: 9,099 → 2,028, and 2,028 is what is paid."""
    assert by_order.valid(city, "195944").amount == Decimal(97_972)
    voucher = by_order.valid(city)
    assert voucher.amount == Decimal(2_028)
    assert by_order.redeem(voucher).lines.get().claimed == Decimal(2_028)


def test_the_district_rejects(city: City) -> None:
    """scenario 15: the district rejects → the agency never sees it."""
    voucher = by_order.apply(city)
    by_order.decide(city.officer, "reject", reason="不属于科技创新活动")
    assert list(ReviewTask.objects.order_by("pk").values_list("status", flat=True)) == ["done", "skipped"]
    assert not Message.objects.filter(user=city.reviewer).exists()
    agency, number = client_of(city.reviewer), ReviewCase.objects.get().number
    for address in (reverse("desk-inbox"), reverse("desk-queue", args=["use"])):
        assert number not in agency.get(address).content.decode(), address
    assert buckets() == (0, 0)
    assert Voucher.objects.get(pk=voucher.pk).status == "refused"


def test_the_district_rejects_the_redemption(city: City) -> None:
    """scenario 15: the same for its redemption."""
    by_order.redeem(by_order.valid(city))
    Message.objects.all().delete()
    by_order.decide(city.officer, "reject", reason="发票与合同不符")
    assert not Message.objects.filter(user__in=(city.reviewer, city.organizer)).exists()
    number = Redemption.objects.get().number
    assert number not in client_of(city.reviewer).get(reverse("desk-queue", args=["redeem"])).content.decode()


def test_without_the_paper(city: City) -> None:
    """scenario 15: without the paper copy received, not closed; with it 4,549.50 may be paid."""
    redemption = by_order.redeem(by_order.valid(city))
    by_order.agree(city)
    redemption.refresh_from_db()
    assert str(status_of(redemption).label) == "评审通过"
    listed = by_order.publish(city)
    services.close_publicity(listed, day=listed.closes_on + timedelta(days=1))
    redemption.refresh_from_db()
    assert redemption.status == "in_publicity"
    page = client_of(city.owner).get(reverse("ent-redeem", args=[redemption.number])).content.decode()
    assert "收到之前不能拨付，也不能办结" in page
    services.receive_paper(redemption, by=city.officer)
    redemption.refresh_from_db()
    assert (redemption.status, redemption.lines.get().approved) == ("payable", Decimal("4549.50"))
    assert invariants.broken() == {}


def test_each_step_is_called_as_the_manual_calls_it(city: City) -> None:
    """复审通过, 市级形式审查受理, 评审通过: what the enterprise reads after each of these steps."""
    voucher = by_order.valid(city)
    assert str(status_of(voucher).label) == "复审通过"
    redemption = by_order.redeem(voucher)
    by_order.decide(city.officer)
    assert Redemption.objects.get().get_status_display() == "审核中"
    by_order.decide(city.reviewer)
    page = client_of(city.owner).get(reverse("ent-redeem", args=[redemption.number])).content.decode()
    assert "形式审查：市级形式审查受理" in page


@pytest.mark.feature("TJ-4")
def test_a_laboratory_on_the_list(city: City) -> None:
    """scenario 16: a Hebei laboratory on the list → Tianjin's chain and quota."""
    by_order.put_on_list(city, city.far)
    client = client_of(city.owner)
    assert city.far.title in client.get(reverse("services"), {"mine": "1"}).content.decode()
    city.far.carrier.refresh_from_db()
    assert catalogue.hit(city.far, city.enterprise.region).bookable
    assert "天津市科技创新券" in client.get(reverse("order-new", args=[city.far.number])).content.decode()
    voucher = by_order.apply(city, service=city.far)
    case = ReviewCase.objects.get()
    assert (case.chain.key, case.region.code, case.home.code) == ("tj-use", by_order.HOME, by_order.CITY)
    for person in (city.officer, city.reviewer):
        by_order.decide(person)
    assert Voucher.objects.get(pk=voucher.pk).status == "confirmed"
    assert buckets() == (0, Decimal("4549.50"))
    assert QuotaAccount.objects.get().programme == city.programme


@pytest.mark.feature("TJ-4")
def test_a_laboratory_off_the_list(city: City) -> None:
    """scenario 16: off the list → no voucher."""
    with pytest.raises(Refused, match="不在互认名单上"):
        by_order.place(city, city.far)
    by_order.put_on_list(city, city.near)
    with pytest.raises(Refused, match="不在互认名单上"):
        by_order.place(city, city.far)
    assert not Order.objects.exists()
    assert city.far.title not in client_of(city.owner).get(reverse("services")).content.decode()
    assert client_of(cast.owner_of(city.enterprise)).get(reverse("service", args=[city.far.number])).status_code == 404
