"""Terms of the voucher on an order: its carrier's confirmation, and what an office hears when nobody acts."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from innovation_voucher.casework import calendar, deadlines, sweeps
from innovation_voucher.casework.models import CalendarDay, Deadline, Message, Outgoing
from innovation_voucher.tests import cast
from orders import services
from orders.tests.factories import World, make_order, make_world, voucher_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-9")]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def sweep(day: date) -> list[str]:
    return sweeps.run("deadlines", at=noon(day))


def term(act: str, days: int, on_expiry: str, *, unit: str = "d", remind: int = 0) -> dict[str, Any]:
    return {"act": act, "days": days, "unit": unit, "remind_before": remind, "on_expiry": on_expiry}


def titles(person: Any, kind: str) -> list[str]:
    return list(Message.objects.filter(user=person, kind=kind).order_by("pk").values_list("title", flat=True))


# --- The carrier's confirmation --------------------------------------------------------------


def test_the_carrier_is_told_once_before_the_day_and_once_when_it_is_over(world: World) -> None:
    voucher, today = voucher_of(make_order(world, "issued")), calendar.today()
    due = deadlines.due(voucher, "voucher_confirmation")
    assert due is not None
    assert (due.due_on, due.remind_on, due.on_expiry) == (today + timedelta(7), today + timedelta(5), "remind")
    heard = []
    for day in (4, 5, 6, 7, 8, 9, 30):
        sweep(today + timedelta(day))
        heard.append(len(titles(world.seller, "voucher.reminder")))
    assert heard == [0, 1, 1, 1, 2, 2, 2]
    before, after = titles(world.seller, "voucher.reminder")
    assert "快到期了" in before
    assert "已过期限" in after
    assert Outgoing.objects.filter(kind="voucher.reminder", channel="sms").count() == 2
    assert titles(world.owner, "voucher.reminder") == []
    voucher.refresh_from_db()
    assert voucher.status == "issued"


def test_a_late_run_tells_only_that_the_day_is_over(world: World) -> None:
    make_order(world, "issued")
    sweep(calendar.today() + timedelta(20))
    assert ["已过期限" in title for title in titles(world.seller, "voucher.reminder")] == [True]


@pytest.mark.parametrize("state", ["received", "contract"])
def test_nobody_is_reminded_of_a_voucher_that_needs_no_confirmation(world: World, state: str) -> None:
    make_order(world, state)
    sweep(calendar.today() + timedelta(6))
    sweep(calendar.today() + timedelta(9))
    assert titles(world.seller, "voucher.reminder") == []


def test_a_voucher_that_the_carrier_sent_back_is_awaited_no_more(world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    services.return_voucher(voucher, by=world.seller, reason="合同编号不符")
    assert deadlines.due(voucher) is None


def test_the_schemes_row_may_let_it_lapse(db: None) -> None:
    world = make_world(terms=(term("voucher_confirmation", 3, "lapse", unit="wd"),))
    voucher, today = voucher_of(make_order(world, "issued")), calendar.today()
    last = calendar.add_working_days(today, 3)
    sweep(last)
    voucher.refresh_from_db()
    assert voucher.status == "issued"
    sweep(last + timedelta(1))
    voucher.refresh_from_db()
    assert (voucher.status, voucher.end_reason, voucher.held) == ("lapsed", "服务机构没有在期限内确认", 0)


# --- Rows that only remind or escalate -------------------------------------------------------


@pytest.fixture
def officer(db: None) -> Any:
    return cast.make_officer(cast.COUNTY, "view_cases")


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [("order_answer", "placed", "placed"), ("completion", "delivered", "delivered")],
)
def test_a_row_that_escalates_tells_the_office_once_and_ends_nothing(
    officer: Any, act: str, state: str, after: str
) -> None:
    world = make_world(terms=(term(act, 2, "escalate"),))
    order, today = make_order(world, state), calendar.today()
    for day in (2, 3, 4):
        sweep(today + timedelta(day))
    order.refresh_from_db()
    assert order.status == after
    (title,) = titles(officer, "order.overdue")
    assert order.number in title
    assert "逾期未办" in title
    assert Deadline.objects.filter(closed_at=None, act=act).count() == 0


def test_a_row_that_reminds_says_first_that_the_day_comes_and_then_that_it_is_over(db: None) -> None:
    world = make_world(terms=(term("order_answer", 5, "remind", remind=2),))
    order, today = make_order(world), calendar.today()
    for day in range(8):
        sweep(today + timedelta(day))
    order.refresh_from_db()
    assert order.status == "placed"
    assert ["已过期限" in title for title in titles(world.seller, "order.reminder")] == [False, True]


def test_a_voucher_that_nobody_confirms_is_escalated_where_the_row_says_so(officer: Any) -> None:
    world = make_world(terms=(term("voucher_confirmation", 2, "escalate"),))
    voucher, today = voucher_of(make_order(world, "issued")), calendar.today()
    sweep(today + timedelta(3))
    assert len(titles(officer, "voucher.overdue")) == 1
    voucher.refresh_from_db()
    assert voucher.status == "issued"


# --- The calendar ----------------------------------------------------------------------------


@pytest.mark.parametrize("workday", [True, False])
def test_a_changed_calendar_moves_terms_that_start_later_and_no_running_ones(
    world: World, time_machine: Any, workday: bool
) -> None:
    """Friday 6 November 2026; the office makes the Saturday a working day, or the Monday a holiday."""
    time_machine.move_to(noon(date(2026, 11, 6)))
    early = make_order(world)
    day = date(2026, 11, 7) if workday else date(2026, 11, 9)
    CalendarDay.objects.create(day=day, workday=workday, name="调休")
    late = make_order(world)
    due = {order.pk: deadlines.due(order, "order_answer") for order in (early, late)}
    assert [row.due_on for row in due.values() if row] == [
        date(2026, 11, 10),
        date(2026, 11, 9) if workday else date(2026, 11, 11),
    ]
