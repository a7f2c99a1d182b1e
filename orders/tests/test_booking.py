"""Placing, answering and ending a booking: the right person, the wrong one, the wrong state."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from carriers.tests.factories import make_carrier, make_recognition, make_service
from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline, Message
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order, OrderMessage
from orders.tests.factories import World, booking, make_order, make_scheme
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7")]


def place(world: World, **changes: Any) -> Order:
    values = {"organization": world.enterprise, "programme": world.programme, "by": world.owner, **changes}
    return services.place_order(booking=values.pop("booking", booking(world)), **values)


def test_a_booking_waits_for_the_carrier_with_an_estimate(world: World) -> None:
    order = place(world)
    assert (order.status, order.title, order.region) == ("placed", "样机环境可靠性试验", world.bureau)
    assert order.reference_price == Decimal(18_000)
    assert order.planned_amount == Decimal(14_000)
    due = deadlines.due(order, "order_answer")
    assert due is not None
    assert due.due_on == calendar.add_working_days(calendar.today(), 2)
    assert Message.objects.filter(user=world.seller, kind="order.placed").count() == 1


def test_the_estimate_knows_what_is_left(db: None) -> None:
    from orders.tests.factories import make_world

    world = make_world(quota=3_000)
    assert place(world).planned_amount == Decimal(3_000)


def test_numbers_count_up_by_the_pattern_of_the_scheme(db: None) -> None:
    from orders.tests.factories import make_world

    world = make_world(order_number="CXQ{yyyymmdd}{seq4}")
    numbers = [place(world).number, place(world).number]
    today = f"{calendar.today():%Y%m%d}"
    assert numbers == [f"CXQ{today}0001", f"CXQ{today}0002"]


def test_two_schemes_with_one_pattern_never_give_the_same_number(db: None) -> None:
    from orders.tests.factories import make_world

    world = make_world(order_number="ZJ{date}-{seq}")
    other = Programme.objects.get(pk=make_scheme_again().pk)
    assert place(world).number != place(world, programme=other).number


def make_scheme_again() -> Programme:
    Programme.objects.filter(family="orders").update(family="first")
    return make_scheme(order_number="ZJ{date}-{seq}")


def test_a_monthly_pattern_keeps_counting_on_the_next_day(world: World, time_machine: Any) -> None:
    from orders.services.common import order_number
    from vouchers.policy import Policy

    policy = Policy(order_number="IV{yyyymm}{seq}")
    time_machine.move_to(date(2026, 11, 2))
    first = order_number(policy)
    time_machine.move_to(date(2026, 11, 3))
    assert (first, order_number(policy)) == ("IV2026111", "IV2026112")


def test_strangers_and_viewers_cannot_book_for_an_enterprise(world: World, stranger: User) -> None:
    viewer = cast.make_member(world.enterprise, role="viewer")
    for person in (stranger, world.seller, viewer):
        with pytest.raises(NotAllowed):
            place(world, by=person)
    assert not Order.objects.exists()


@pytest.mark.feature("ZO-6")
def test_a_carrier_of_another_county_cannot_be_booked_with_a_voucher(world: World) -> None:
    elsewhere = make_carrier(shown=True)
    make_recognition(elsewhere, cast.make_region(cast.OTHER_COUNTY))
    item = make_service(elsewhere)
    with pytest.raises(Refused, match="尚未认可"):
        place(world, booking=booking(world, item=item))
    assert place(world, booking=booking(world, item=item), programme=None).use_voucher is False


def test_who_is_not_verified_cannot_book(world: World) -> None:
    newcomer = cast.make_organization(verified=False)
    with pytest.raises(Refused, match="实名认证"):
        place(world, organization=newcomer, by=cast.owner_of(newcomer))


def test_nobody_books_their_own_service(world: World) -> None:
    own = world.carrier.organization
    own.kind = "enterprise"
    own.save()
    with pytest.raises(Refused, match="本单位"):
        place(world, organization=own, by=world.seller)


# --- The carrier's answer -------------------------------------------------------------------


@pytest.mark.feature("ZO-8")
def test_the_carrier_accepts_with_price_and_date(world: World) -> None:
    order = make_order(world)
    later = calendar.today() + timedelta(days=7)
    order = services.accept_order(order, by=world.seller, amount=Decimal(30_000), promised_on=later)
    assert (order.status, order.agreed_amount, order.promised_on) == ("accepted", Decimal(30_000), later)
    assert order.planned_amount == Decimal(20_000)
    assert deadlines.due(order, "order_answer") is None
    assert Message.objects.filter(user=world.owner, kind="order.accepted").exists()
    world.carrier.refresh_from_db()
    assert world.carrier.answer_minutes == 0


@pytest.mark.feature("ZO-8")
def test_nobody_else_answers_a_booking(world: World, stranger: User) -> None:
    order = make_order(world)
    other = cast.owner_of(make_carrier().organization)
    for person in (world.owner, stranger, other):
        with pytest.raises(NotAllowed):
            services.accept_order(order, by=person, amount=Decimal(1), promised_on=None)
        with pytest.raises(NotAllowed):
            services.decline_order(order, by=person, reason="")
    order.refresh_from_db()
    assert (order.status, order.agreed_amount) == ("placed", None)
    assert not AuditRow.objects.filter(verb__in=("order.accepted", "order.declined")).exists()


def test_the_carrier_declines_with_a_reason(world: World) -> None:
    order = services.decline_order(make_order(world), by=world.seller, reason="排期已满")
    assert (order.status, order.end_reason) == ("declined", "排期已满")
    assert Message.objects.get(user=world.owner, kind="order.declined").body == "排期已满"


def test_the_enterprise_cancels_until_a_voucher_hangs_on_the_order(world: World) -> None:
    assert services.cancel_order(make_order(world), by=world.owner, reason="不做了").status == "cancelled"
    used = make_order(world, "issued")
    with pytest.raises(Refused, match="先作废创新券"):
        services.cancel_order(used, by=world.owner, reason="不做了")
    with pytest.raises(Refused, match="先作废创新券"):
        services.decline_order(used, by=world.seller, reason="不做了")
    used.refresh_from_db()
    assert used.status == "accepted"


def test_the_carrier_cannot_cancel_for_the_enterprise(world: World) -> None:
    order = make_order(world)
    with pytest.raises(NotAllowed):
        services.cancel_order(order, by=world.seller, reason="")
    order.refresh_from_db()
    assert order.status == "placed"


def test_what_nobody_answers_lapses_after_the_term(world: World, time_machine: Any) -> None:
    order = make_order(world)
    due = Deadline.objects.get(act="order_answer").due_on
    now = calendar.now()
    deadlines.run_due(now + (due - calendar.today()))
    order.refresh_from_db()
    assert order.status == "placed"
    assert Message.objects.filter(user=world.seller, kind="order.reminder").count() == 1
    deadlines.run_due(now + (due - calendar.today()) + timedelta(days=1))
    order.refresh_from_db()
    assert (order.status, order.end_reason) == ("lapsed", "机构未在期限内答复")


def test_the_clock_does_not_end_what_was_answered(world: World) -> None:
    order = make_order(world, "accepted")
    assert services.lapse_order(order).status == "accepted"


# --- Messages -------------------------------------------------------------------------------


@pytest.mark.feature("X-6")
def test_both_sides_write_and_the_other_is_told(world: World, stranger: User) -> None:
    order = make_order(world)
    asked = services.send_message(order, by=world.owner, text="能否加急？")
    answered = services.send_message(order, by=world.seller, text="可以")
    assert (asked.from_carrier, answered.from_carrier) == (False, True)
    assert Message.objects.get(user=world.seller, kind="order.message").body == "能否加急？"
    assert Message.objects.get(user=world.owner, kind="order.message").body == "可以"
    with pytest.raises(NotAllowed):
        services.send_message(order, by=stranger, text="我也说一句")
    assert OrderMessage.objects.count() == 2


def test_the_carrier_reminds_once_a_day(world: World) -> None:
    order = make_order(world, "accepted")
    services.remind_enterprise(order, by=world.seller)
    services.remind_enterprise(order, by=world.seller)
    assert Message.objects.filter(user=world.owner, kind="order.reminder").count() == 1
    with pytest.raises(Refused):
        services.remind_enterprise(make_order(world, "received"), by=world.seller)
