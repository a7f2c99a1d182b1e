"""报价: offered, changed, withdrawn, accepted, or forgotten; the voucher that came with the order follows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Outgoing
from innovation_voucher.tests import cast
from orders import services
from orders.listing import MINE, TALKING, THEIRS, with_shown
from orders.models import Order, Quote
from orders.tests.factories import World, make_order
from orders.tests.ordered import accept, buckets, make_ordered, place, quote, voucher_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-6")]


@pytest.fixture
def ordered(db: None) -> World:
    return make_ordered()


def state_of(order: Order) -> str:
    return str(with_shown(Order.objects.filter(pk=order.pk).select_related("voucher", "snapshot"))[0].shown_status.code)


def test_a_quote_puts_the_order_into_talks_and_asks_the_enterprise(world: World) -> None:
    order = make_order(world)
    later = calendar.today() + timedelta(days=9)
    offered = quote(world, order, 20_000, promised_on=later, words="含两次复测")
    assert services.quote_words(offered) == f"报价 20,000.00 元，{later} 前交付，含两次复测"
    assert state_of(order) == "talking"
    told = Message.objects.get(user=world.owner, kind="order.quoted")
    assert "20,000.00" in told.title
    assert Outgoing.objects.filter(channel="sms", to=world.owner.phone, body__contains="报价").count() == 1
    due = deadlines.due(order)
    assert due is not None
    assert (due.act, due.due_on) == ("quote_answer", calendar.add_working_days(calendar.today(), 5))


def test_a_changed_quote_takes_the_place_of_the_first(world: World) -> None:
    order = make_order(world)
    first, second = quote(world, order, 20_000), quote(world, order, 19_000)
    first.refresh_from_db()
    assert (first.status, services.open_quote(order)) == ("withdrawn", second)
    assert Message.objects.filter(user=world.owner, kind="order.quoted").count() == 2
    reasons = AuditRow.objects.filter(verb="order.quoted").order_by("id").values_list("reason", flat=True)
    assert list(reasons) == ["报价 20,000.00 元", "报价 19,000.00 元"]


def test_a_withdrawn_quote_gives_the_turn_back_with_a_new_term(world: World) -> None:
    order = make_order(world)
    quote(world, order, 20_000)
    services.withdraw_quote(order, by=world.seller)
    due = deadlines.due(order)
    assert due is not None
    assert (due.act, state_of(order), services.open_quote(order)) == ("order_answer", "placed", None)
    with pytest.raises(Refused, match="没有待答复的报价"):
        services.withdraw_quote(order, by=world.seller)


def test_an_accepted_quote_is_the_orders_price_and_day(world: World) -> None:
    order, later = make_order(world), calendar.today() + timedelta(days=9)
    quote(world, order, 20_000, promised_on=later)
    order = services.accept_quote(order, by=world.owner)
    assert (order.status, order.agreed_amount, order.promised_on) == ("accepted", 20_000, later)
    assert Quote.objects.get().status == "accepted"
    assert deadlines.due(order) is None
    assert Message.objects.filter(user=world.seller, kind="order.quote_accepted").count() == 1


@pytest.mark.feature("JS-10")
def test_a_dearer_quote_holds_more_once_it_is_accepted(ordered: World) -> None:
    order = place(ordered)
    quote(ordered, order, 20_000)
    assert buckets(ordered) == (96_250, 3_750, 0)
    services.accept_quote(order, by=ordered.owner)
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, voucher.contract_amount) == ("confirmed", 5_000, 20_000)
    assert buckets(ordered) == (95_000, 5_000, 0)


@pytest.mark.feature("JS-10")
def test_a_dearer_quote_takes_what_is_left_and_no_more(db: None) -> None:
    world = make_ordered(quota=4_000)
    order = place(world)
    quote(world, order, 40_000)
    order = services.accept_quote(order, by=world.owner)
    assert (order.planned_amount, buckets(world)) == (Decimal(4_000), (0, 4_000, 0))


@pytest.mark.feature("JS-10")
def test_a_cheaper_quote_frees_the_rest(ordered: World) -> None:
    order = place(ordered)
    quote(ordered, order, 8_000)
    assert services.accept_quote(order, by=ordered.owner).planned_amount == 2_000
    assert buckets(ordered) == (98_000, 2_000, 0)


def test_a_forgotten_quote_ends_the_order_and_frees_the_hold(ordered: World) -> None:
    order = place(ordered)
    quote(ordered, order, 20_000)
    due = deadlines.due(order)
    assert due is not None
    ahead = due.due_on - calendar.today()
    deadlines.run_due(calendar.now() + ahead)
    assert Message.objects.filter(user=ordered.owner, kind="order.reminder").count() == 1
    deadlines.run_due(calendar.now() + ahead + timedelta(days=1))
    order.refresh_from_db()
    assert (order.status, order.end_reason) == ("lapsed", "企业未在期限内答复")
    assert (Quote.objects.get().status, buckets(ordered)) == ("expired", (100_000, 0, 0))


@pytest.mark.parametrize("end", ["cancel", "decline"])
def test_a_quote_ends_with_its_order(world: World, end: str) -> None:
    order = make_order(world)
    quote(world, order, 20_000)
    if end == "cancel":
        services.cancel_order(order, by=world.owner, reason="太贵")
    else:
        services.decline_order(order, by=world.seller, reason="做不了")
    assert Quote.objects.get().status == "expired"
    with pytest.raises(Refused):
        services.accept_quote(order, by=world.owner)


def test_with_an_open_quote_the_carrier_does_not_accept_past_it(world: World) -> None:
    order = make_order(world)
    quote(world, order, 20_000)
    with pytest.raises(Refused, match="先撤回报价"):
        accept(world, order)
    order.refresh_from_db()
    assert (order.status, order.agreed_amount) == ("placed", None)


def test_each_side_has_its_own_part(world: World, stranger: object) -> None:
    order = make_order(world)
    for person in (world.owner, stranger):
        with pytest.raises(NotAllowed):
            services.offer_quote(order, by=person, offer=services.Offer(amount=Decimal(1)))
    quote(world, order, 20_000)
    for person in (world.seller, stranger, cast.make_member(world.enterprise, role="viewer")):
        with pytest.raises(NotAllowed):
            services.accept_quote(order, by=person)
    with pytest.raises(NotAllowed):
        services.withdraw_quote(order, by=world.owner)
    assert (Quote.objects.get().status, Order.objects.get().status) == ("offered", "placed")


@pytest.mark.parametrize("state", ["accepted", "declined", "completed"])
def test_only_a_booking_that_waits_is_quoted(world: World, state: str) -> None:
    order = make_order(world, state)
    with pytest.raises(Refused):
        quote(world, order, 1_000)
    assert not Quote.objects.exists()


def test_whose_turn_it_is_follows_the_quote(world: World) -> None:
    order = make_order(world)

    def turns() -> tuple[int, int, int]:
        return tuple(Order.objects.filter(pk=order.pk).filter(q).count() for q in (MINE, THEIRS, TALKING))  # type: ignore[return-value]

    assert turns() == (0, 1, 1)
    for amount in (20_000, 19_000, 18_500):
        quote(world, order, amount)
    assert turns() == (1, 0, 1)
    services.withdraw_quote(order, by=world.seller)
    assert turns() == (0, 1, 1)
