"""Pages of a redemption that gathers orders: one sum, one file for all, one invoice behind several."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework.subjects import Check
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.subjects import SUBJECT
from redemption.tests import factories, gathered, notices
from redemption.tests.pages import client_for, client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-12", "YRD-13")]
NUMBER = "26330000000000777009"
SHARED, ALONE = "订单分摊合计不超过发票金额", "发票没有用于其他创新券"


@pytest.fixture
def by(organization: Organization) -> User:
    return cast.owner_of(organization)


def handed_in(organization: Organization, by: User, whole: int = 6_000) -> Redemption:
    """Two orders of 3,000 on one invoice, with its file."""
    programme = gathered.make_programme()
    orders = [gathered.make_order(organization, programme) for _index in range(2)]
    draft = services.gather(orders, by=by)
    for order in orders:
        gathered.invoice(order, whole, NUMBER)
    gathered.complete(draft, by=by)
    return services.submit_draft(draft, by=by)


def about(redemption: Redemption, rule: str) -> list[Check]:
    return [row for row in SUBJECT.checks(redemption) if rule in str(row.rule)]


def test_the_page_shows_the_sum_and_the_file_that_stands_for_all(organization: Organization, by: User) -> None:
    redemption = handed_in(organization, by)
    page = text_of(client_of(organization).get(reverse("ent-redeem", args=[redemption.number])))
    assert "申请兑付合计 3,000.00 元" in page
    assert "合同.pdf" in page


def test_one_voucher_alone_needs_no_sum(organization: Organization) -> None:
    redemption = factories.submitted(organization)
    page = text_of(client_of(organization).get(reverse("ent-redeem", args=[redemption.number])))
    assert "申请兑付合计" not in page


def test_the_same_service_twice_is_named_once(organization: Organization, by: User) -> None:
    assert factories.case_of(handed_in(organization, by)).title == "电子检测"


@pytest.mark.parametrize("whole", [6_000, 6_001, 9_000])
def test_an_invoice_that_carries_its_orders_is_no_fault(organization: Organization, by: User, whole: int) -> None:
    redemption = handed_in(organization, by, whole)
    found = about(redemption, SHARED)
    assert [(row.expected, row.found, row.ok) for row in found] == [(f"{whole:,.2f}", "6,000.00", True)] * 2
    assert about(redemption, ALONE) == []
    assert factories.case_of(redemption).checks_bad == 0


def test_what_was_refused_weighs_on_its_invoice_no_more(organization: Organization, by: User) -> None:
    first = handed_in(organization, by, 9_000)
    order = gathered.make_order(organization, first.programme)
    draft = services.gather([order], by=by)
    gathered.invoice(order, 9_000, NUMBER)
    gathered.complete(draft, by=by)
    second = services.submit_draft(draft, by=by)
    assert [row.found for row in about(second, SHARED)] == ["9,000.00"]
    factories.decide(first, "reject", reason="服务不在范围内")
    assert [row.found for row in about(second, SHARED)] == ["3,000.00"]


def test_where_an_invoice_belongs_to_one_order_another_one_is_named(organization: Organization) -> None:
    voucher = factories.ready(organization)
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    (row,) = about(redemption, ALONE)
    assert (row.found, row.ok) == ("没有", True)
    assert about(redemption, SHARED) == []


def test_the_draft_of_a_list_adds_up_before_it_is_published() -> None:
    programme = notices.make_programme()
    publicity = notices.draft(programme)
    total = sum((services.approved_amount(row) for row in publicity.redemptions.all()), Decimal(0))
    page = text_of(client_for(notices.publisher()).get(reverse("desk-publicity-one", args=[publicity.number])))
    assert f"合计 {total:,.2f}" in page
