"""Terms day by day: answer, completion and rating, their reminders, and terms of the scheme's own."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.models import AuditRow, Deadline, Message, Outgoing
from orders import services
from orders.models import Order, ServiceReview
from orders.tests.factories import World, booking, make_order, make_world
from orders.tests.watch import what_is_left

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-9", "ZJ-7")]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def sweep(day: date) -> None:
    """The clock as it runs at noon of that day."""
    deadlines.run_due(noon(day))


def status(order: Order) -> str:
    return str(Order.objects.get(pk=order.pk).status)


def reminders(person: Any) -> int:
    return Message.objects.filter(user=person, kind="order.reminder").count()


def term(order: Order, act: str) -> Deadline:
    found = deadlines.due(order, act)
    assert found is not None
    return found


# --- The carrier's answer: two working days -------------------------------------------------


@pytest.mark.parametrize(
    ("placed", "due"),
    [
        (date(2026, 11, 2), date(2026, 11, 4)),
        (date(2026, 11, 5), date(2026, 11, 9)),
        (date(2026, 11, 6), date(2026, 11, 10)),
        (date(2026, 11, 7), date(2026, 11, 10)),
        (date(2026, 11, 8), date(2026, 11, 10)),
    ],
    ids=["Monday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_two_working_days_skip_the_weekend(db: None, time_machine: Any, placed: date, due: date) -> None:
    time_machine.move_to(noon(placed))
    assert term(make_order(make_world()), "order_answer").due_on == due


def test_the_national_holiday_does_not_count(db: None, time_machine: Any) -> None:
    time_machine.move_to(noon(date(2026, 9, 30)))
    due = term(make_order(make_world()), "order_answer").due_on
    assert due == calendar.add_working_days(date(2026, 9, 30), 2)
    assert due >= date(2026, 10, 8)


def test_an_order_of_the_last_minute_of_a_day_counts_from_that_day(db: None, time_machine: Any) -> None:
    world = make_world()
    time_machine.move_to(datetime(2026, 11, 2, 23, 59, tzinfo=SHANGHAI))
    before = term(make_order(world), "order_answer").due_on
    time_machine.move_to(datetime(2026, 11, 3, 0, 1, tzinfo=SHANGHAI))
    after = term(make_order(world), "order_answer").due_on
    assert (before, after) == (date(2026, 11, 4), date(2026, 11, 5))


def test_the_answer_is_awaited_through_the_whole_last_day(db: None, time_machine: Any) -> None:
    time_machine.move_to(noon(date(2026, 11, 2)))
    order = make_order(make_world())
    deadlines.run_due(datetime(2026, 11, 4, 23, 59, tzinfo=SHANGHAI))
    assert status(order) == "placed"
    with what_is_left() as left:
        deadlines.run_due(datetime(2026, 11, 5, 0, 0, tzinfo=SHANGHAI))
    assert status(order) == "lapsed"
    assert (left.verbs, left.told) == (["order.lapsed"], {("order.lapsed", "enterprise")})
    assert AuditRow.objects.get(verb="order.lapsed").actor_id is None


def test_the_carrier_is_reminded_one_working_day_before_and_once(db: None, time_machine: Any) -> None:
    time_machine.move_to(noon(date(2026, 11, 2)))
    world = make_world()
    make_order(world)
    counts = []
    for day in (2, 3, 3, 4):
        sweep(date(2026, 11, day))
        counts.append(reminders(world.seller))
    assert counts == [0, 1, 1, 1]
    assert reminders(world.owner) == 0


def test_who_answered_is_neither_reminded_nor_lapsed(world: World) -> None:
    order = make_order(world, "accepted")
    for days in range(6):
        sweep(calendar.today() + timedelta(days=days))
    assert (status(order), reminders(world.seller)) == ("accepted", 0)


def test_a_lapsed_order_is_swept_once(world: World) -> None:
    make_order(world)
    for days in (10, 11, 12):
        sweep(calendar.today() + timedelta(days=days))
    assert AuditRow.objects.filter(verb="order.lapsed").count() == 1


# --- The completion: fifteen days, reminded three before ------------------------------------


@pytest.mark.feature("ZO-9")
def test_the_completion_is_reminded_on_day_twelve_and_comes_after_fifteen(world: World) -> None:
    order, today = make_order(world, "delivered"), calendar.today()
    assert term(order, "completion").due_on == today + timedelta(days=15)
    seen = []
    for day in (11, 12, 15, 16):
        sweep(today + timedelta(days=day))
        seen.append((status(order), reminders(world.owner)))
    assert seen == [("delivered", 0), ("delivered", 1), ("delivered", 1), ("completed", 1)]
    assert reminders(world.seller) == 0


@pytest.mark.feature("ZO-9")
def test_a_disputed_service_gets_the_whole_term_again(world: World, time_machine: Any) -> None:
    start = noon(calendar.today())
    time_machine.move_to(start)
    order = make_order(world, "delivered")
    time_machine.move_to(start + timedelta(days=10))
    services.report_problem(order, by=world.owner, reason="缺报告")
    services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="补齐")
    assert term(order, "completion").due_on == calendar.today() + timedelta(days=15)
    sweep(start.date() + timedelta(days=16))
    assert status(order) == "delivered"


@pytest.mark.feature("ZO-9")
def test_the_clock_leaves_what_the_person_would_have_left(world: World) -> None:
    order = make_order(world, "delivered")
    with what_is_left() as left:
        sweep(calendar.today() + timedelta(days=16))
    assert left.verbs == ["order.completed"]
    assert left.told == {("order.completed", "carrier")}
    assert term(order, "rating").due_on == calendar.today() + timedelta(days=30)


# --- The rating: thirty days, and the scheme's own terms ------------------------------------


@pytest.mark.feature("ZJ-12")
@pytest.mark.parametrize(("day", "reviews"), [(29, 0), (30, 0), (31, 1)])
def test_the_default_review_comes_after_day_thirty(world: World, day: int, reviews: int) -> None:
    make_order(world, "completed")
    sweep(calendar.today() + timedelta(days=day))
    assert ServiceReview.objects.filter(by_system=True).count() == reviews


@pytest.mark.feature("ZJ-12")
def test_whoever_rated_on_the_last_day_keeps_their_stars(world: World, time_machine: Any) -> None:
    start = noon(calendar.today())
    time_machine.move_to(start)
    order = make_order(world, "completed")
    time_machine.move_to(start + timedelta(days=30))
    services.review_service(order, by=world.owner, rating=services.Rating(stars=2))
    sweep(calendar.today() + timedelta(days=1))
    assert [(review.stars, review.by_system) for review in ServiceReview.objects.all()] == [(2, False)]


@pytest.fixture
def strict(db: None) -> World:
    """A scheme with terms of its own: one working day, five days, both with other reminders."""
    rows = (("order_answer", 1, "wd", 0, "lapse"), ("completion", 5, "d", 2, "default"))
    names = ("act", "days", "unit", "remind_before", "on_expiry")
    return make_world(terms=tuple(dict(zip(names, row, strict=True)) for row in rows))


def test_terms_of_the_scheme_go_before_those_of_the_portal(strict: World) -> None:
    placed = make_order(strict)
    answer = term(placed, "order_answer")
    assert (answer.due_on, answer.remind_on) == (calendar.add_working_days(calendar.today(), 1), None)
    done = term(make_order(strict, "delivered"), "completion")
    today = calendar.today()
    assert (done.due_on, done.remind_on) == (today + timedelta(days=5), today + timedelta(days=3))


def test_the_carrier_reads_the_day_that_the_scheme_sets(strict: World) -> None:
    order = make_order(strict)
    (sms,) = Outgoing.objects.filter(kind="order.placed")
    assert f"请在 {term(order, 'order_answer').due_on} 前答复" in sms.body


def test_an_order_without_a_scheme_has_the_terms_of_the_portal(strict: World) -> None:
    order = services.place_order(
        organization=strict.enterprise, programme=None, booking=booking(strict), by=strict.owner
    )
    assert term(order, "order_answer").due_on == calendar.add_working_days(calendar.today(), 2)


@pytest.mark.parametrize("state", ["declined", "cancelled", "lapsed", "accepted", "contract", "received", "reviewed"])
def test_where_nothing_is_awaited_no_deadline_is_open(world: World, state: str) -> None:
    assert deadlines.due(make_order(world, state)) is None
