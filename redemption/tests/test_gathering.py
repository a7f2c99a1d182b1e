"""Several orders in one redemption: gathered, written, handed in together; one invoice, many orders."""

from decimal import Decimal

import pytest

from accounts.models import Organization
from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import services
from redemption.models import Pick, Redemption, RedemptionLine
from redemption.tests import factories, gathered
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.tests.factories import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return gathered.make_programme()


def two(organization: Organization, programme: Programme, *amounts: int) -> list[Order]:
    return [gathered.make_order(organization, programme, amount=amount) for amount in amounts or (3_000, 3_000)]


@pytest.mark.feature("YRD-12", "YRD-13")
def test_two_orders_on_one_invoice_of_their_sum_are_paid_half(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    orders = two(organization, programme)
    draft = services.gather(orders, by=by)
    number = factories.invoice_number()
    for order in orders:
        gathered.invoice(order, 6_000, number)
    gathered.complete(draft, by=by)
    redemption = services.submit_draft(draft, by=by)
    lines = list(redemption.lines.order_by("id"))
    assert redemption.status == Redemption.State.IN_REVIEW
    assert [line.claimed for line in lines] == [Decimal("1500.00")] * 2
    assert {line.voucher.status for line in lines} == {Voucher.State.REDEEMING}
    assert factories.case_of(redemption).amount == Decimal("3000.00")
    account = QuotaAccount.objects.get()
    assert (account.held, account.available) == (Decimal(3_000), Decimal(97_000))
    assert not Pick.objects.exists()
    assert invariants.broken() == {}


@pytest.mark.feature("YRD-13")
def test_the_sum_of_an_invoices_orders_is_at_most_the_invoice(organization: Organization, programme: Programme) -> None:
    one, other = two(organization, programme)
    number = factories.invoice_number()
    gathered.invoice(one, 5_999, number)
    with pytest.raises(Refused, match=r"还可分摊 2,999\.00 元，少于合同金额 3,000\.00 元"):
        gathered.invoice(other, 5_999, number)
    assert not other.invoice_allocations.exists()


@pytest.mark.feature("YRD-13")
def test_a_second_invoice_needs_a_difference_order(organization: Organization, programme: Programme) -> None:
    (order,) = two(organization, programme, 3_000)
    gathered.invoice(order, 3_000)
    with pytest.raises(Refused, match="一个订单最多 1 张发票，可补下差价订单后再填"):
        gathered.invoice(order, 500)
    assert order.invoice_allocations.count() == 1
    difference = gathered.make_order(organization, programme, amount=500, carrier=order.carrier)
    gathered.invoice(difference, 500)
    assert difference.invoice_allocations.get().amount == Decimal("500.00")


@pytest.mark.feature("YRD-14")
def test_a_quick_redemption_may_carry_several_invoices(organization: Organization, programme: Programme) -> None:
    order = gathered.make_order(organization, programme, channel=Order.Channel.QUICK)
    gathered.invoice(order, 2_000)
    gathered.invoice(order, 1_500)
    shares = sorted(order.invoice_allocations.values_list("amount", flat=True))
    assert shares == [Decimal("1000.00"), Decimal("2000.00")]


@pytest.mark.feature("YRD-12")
def test_201_characters_are_refused_and_200_pass(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    (order,) = two(organization, programme, 3_000)
    draft = services.gather([order], by=by)
    gathered.invoice(order, 3_000)
    gathered.complete(draft, by=by)
    services.keep_answers(draft, by=by, answers={"innovation": "新" * 201})
    with pytest.raises(Refused, match="创新性最多 200 字，现有 201 字"):
        services.submit_draft(draft, by=by)
    assert not RedemptionLine.objects.exists()
    assert not Voucher.objects.exists()
    services.keep_answers(draft, by=by, answers={"innovation": "新" * 200})
    assert services.submit_draft(draft, by=by).status == Redemption.State.IN_REVIEW


def test_a_draft_says_everything_that_is_missing_with_its_order(
    organization: Organization, programme: Programme
) -> None:
    by = cast.owner_of(organization)
    orders = two(organization, programme)
    draft = services.gather(orders, by=by)
    gathered.invoice(orders[0], 3_000)
    gathered.complete(draft, by=by)
    with pytest.raises(Refused, match="电子检测：请填写发票号"):
        services.submit_draft(draft, by=by)
    assert Redemption.objects.get().status == Redemption.State.DRAFT
    assert QuotaAccount.objects.get().held == 0


def test_what_the_draft_as_a_whole_lacks_is_named(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    (order,) = two(organization, programme, 3_000)
    draft = services.gather([order], by=by)
    words = [gap.words for gap in services.draft_gaps(draft)]
    assert words == ["上传附件，还差 1 份", "请填写服务成效", "请填写创新性"]


@pytest.mark.feature("YRD-13")
def test_an_amount_that_nobody_settled_is_entered(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    order = gathered.make_order(organization, programme, amount=None)
    draft = services.gather([order], by=by)
    with pytest.raises(Refused, match="的服务金额，再填发票"):
        gathered.invoice(order, 5_000)
    services.keep_amounts(draft, by=by, amounts={draft.picks.get().pk: Decimal(4_000)})
    gathered.invoice(order, 5_000)
    gathered.complete(draft, by=by)
    redemption = services.submit_draft(draft, by=by)
    line = redemption.lines.get()
    assert (line.voucher.contract_amount, line.claimed) == (Decimal(4_000), Decimal(2_000))
    order.refresh_from_db()
    assert (order.agreed_amount, order.status) == (Decimal(4_000), Order.State.COMPLETED)


def test_more_orders_go_into_the_same_draft(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    one, other = two(organization, programme)
    draft = services.gather([one], by=by)
    assert services.gather([other], by=by) == draft
    with pytest.raises(Refused, match=f"已在兑付草稿 {draft.number} 里"):
        services.gather([one], by=by)
    assert list(draft.picks.values_list("order", flat=True)) == [one.pk, other.pk]


def test_an_order_leaves_the_draft_and_the_last_one_stays(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    one, other = two(organization, programme)
    draft = services.gather([one, other], by=by)
    services.leave_out(draft, one, by=by)
    assert [pick.order for pick in draft.picks.all()] == [other]
    with pytest.raises(Refused, match="只剩这一个订单"):
        services.leave_out(draft, other, by=by)
    assert draft.picks.count() == 1


def test_a_draft_that_is_given_up_lets_its_orders_go(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    (order,) = two(organization, programme, 3_000)
    draft = services.withdraw_redemption(services.gather([order], by=by), by=by)
    assert draft.status == Redemption.State.WITHDRAWN
    again = services.gather([order], by=by)
    assert again != draft
    assert again.picks.get().order == order


def test_a_withdrawn_redemption_frees_its_quota_and_can_be_gathered_again(
    organization: Organization, programme: Programme
) -> None:
    by = cast.owner_of(organization)
    (order,) = two(organization, programme, 3_000)
    draft = services.gather([order], by=by)
    gathered.invoice(order, 3_000)
    gathered.complete(draft, by=by)
    services.withdraw_redemption(services.submit_draft(draft, by=by), by=by)
    assert QuotaAccount.objects.get().held == 0
    voucher = Voucher.objects.get()
    assert voucher.status == Voucher.State.CONFIRMED
    again = services.gather([voucher], by=by)
    assert again.answers == gathered.WORDS
    services.keep_file(again, "attachment", by=by, name="合同.pdf", data=factories.pdf())
    assert services.submit_draft(again, by=by).lines.get().voucher == voucher
    assert QuotaAccount.objects.get().held == Decimal(1_500)


def test_a_stranger_gathers_writes_and_hands_in_nothing(organization: Organization, programme: Programme) -> None:
    by, stranger = cast.owner_of(organization), cast.owner_of(cast.rival())
    (order,) = two(organization, programme, 3_000)
    with pytest.raises(NotAllowed):
        services.gather([order], by=stranger)
    draft = services.gather([order], by=by)
    before = AuditRow.objects.count()
    for act in (
        lambda: services.keep_answers(draft, by=stranger, answers={"effect": "x"}),
        lambda: services.keep_amounts(draft, by=stranger, amounts={}),
        lambda: services.leave_out(draft, order, by=stranger),
        lambda: services.keep_file(draft, "attachment", by=stranger, name="a.pdf", data=factories.pdf()),
        lambda: services.submit_draft(draft, by=stranger),
    ):
        with pytest.raises(Refused):
            act()
    draft.refresh_from_db()
    assert (draft.answers, AuditRow.objects.count()) == ({}, before)


def test_an_order_of_a_scheme_that_redeems_one_by_one_is_not_gathered(organization: Organization) -> None:
    voucher = factories.make_voucher(organization)
    with pytest.raises(Refused, match="单独申请兑付，不能合并"):
        services.gather([voucher], by=cast.owner_of(organization))
    assert not Redemption.objects.exists()


def test_a_voucher_of_a_scheme_that_gathers_is_not_handed_in_alone(organization: Organization) -> None:
    programme = factories.make_programme(grouping="per_window")
    voucher = factories.ready(organization, programme)
    with pytest.raises(Refused, match="和其他订单合并申请"):
        services.submit_voucher(voucher, by=cast.owner_of(organization))
    assert Voucher.objects.get().status == Voucher.State.CONFIRMED


def test_orders_for_other_payees_do_not_go_together() -> None:
    programme = factories.make_programme(grouping="per_window")
    organization = cast.enterprise()
    mine = factories.make_voucher(organization, programme)
    with pytest.raises(Refused, match="勾选要一并申请兑付的订单"):
        services.gather([], by=cast.owner_of(organization))
    other = factories.make_programme(kind="B", grouping="per_window")
    claim(organization, other, 50_000)
    stray = factories.make_voucher(organization, other)
    with pytest.raises(Refused, match="方案、地区或收款方不同"):
        services.gather([mine, stray], by=cast.owner_of(organization))
    assert not Pick.objects.exists()


def test_files_of_what_is_gathered_keep_their_limits(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    draft = services.gather(two(organization, programme, 3_000), by=by)
    file = services.keep_file(draft, "attachment", by=by, name="a.pdf", data=factories.pdf())
    with pytest.raises(Refused, match="不需要上传"):
        services.keep_file(draft, "contract", by=by, name="a.pdf", data=factories.pdf())
    services.take_file_back(draft, file, by=by)
    with pytest.raises(Refused, match="不属于这份兑付"):
        services.take_file_back(draft, file, by=by)
    assert "attachment" in {gap.key for gap in services.draft_gaps(draft)}


def test_each_line_is_approved_by_itself(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    orders = two(organization, programme)
    draft = services.gather(orders, by=by)
    for order in orders:
        gathered.invoice(order, 3_000)
    gathered.complete(draft, by=by)
    redemption = services.submit_draft(draft, by=by)
    one, other = redemption.lines.order_by("id")
    lines = {one.pk: (Decimal(1_500), ""), other.pk: (Decimal(1_000), "只认定一项")}
    factories.decide(redemption, lines=lines, reason="见明细")
    assert list(redemption.lines.order_by("id").values_list("approved", flat=True)) == [1_500, 1_000]
    assert QuotaAccount.objects.get().held == Decimal(2_500)
