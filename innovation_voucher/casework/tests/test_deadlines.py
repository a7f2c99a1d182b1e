"""What is due, and what the clock does about it, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from innovation_voucher.casework import deadlines, subjects
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Deadline, Office
from innovation_voucher.tests import cast

from . import trial

pytestmark = pytest.mark.django_db

# 2026-09-28, a Monday of the week before the long holiday, 10:00 in Shanghai.
MONDAY = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def calls() -> list[tuple[str, str]]:
    return []


@pytest.fixture(autouse=True)
def known(calls):
    """Offices answer deadlines in this file, and the act "refuse" refuses."""

    def expire(obj: Office, *, act: str) -> None:
        calls.append(("expire", act))
        if act == "refuse":
            raise Refused("此件已办结。")
        if act == "again":
            deadlines.start(obj, act, days=5, unit="d", on_expiry="lapse")
        if act == "broken":
            Office.objects.filter(pk=obj.pk).update(hotline="half")
            raise ZeroDivisionError

    subject = replace(
        trial.SUBJECT,
        key="deadline-trial",
        expire=expire,
        remind=lambda obj, *, act: calls.append(("remind", act)),
    )
    subjects.register(subject)
    yield
    subjects.unregister(subject)


@pytest.fixture
def office() -> Office:
    return cast.make_office()


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def after(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def test_working_days_jump_over_the_holiday_and_plain_days_do_not(office) -> None:
    assert deadlines.start(office, "a", days=3, unit="wd", on_expiry="lapse").due_on == date(2026, 10, 8)
    assert deadlines.start(office, "b", days=3, unit="d", on_expiry="lapse").due_on == date(2026, 10, 1)


def test_a_reminder_counts_back_in_the_same_unit(office) -> None:
    working = deadlines.start(office, "a", days=3, unit="wd", on_expiry="lapse", remind_before=1)
    plain = deadlines.start(office, "b", days=30, unit="d", on_expiry="lapse", remind_before=7)
    assert working.remind_on == date(2026, 9, 30)
    assert plain.remind_on == date(2026, 10, 21)
    assert deadlines.start(office, "c", days=3, unit="d", on_expiry="lapse").remind_on is None


def test_it_may_run_from_another_day(office) -> None:
    deadline = deadlines.start(office, "a", days=1, unit="d", on_expiry="lapse", from_day=date(2026, 12, 31))
    assert deadline.due_on == date(2027, 1, 1)


def test_starting_again_moves_the_open_one(office) -> None:
    deadlines.start(office, "a", days=3, unit="d", on_expiry="lapse", remind_before=1)
    Deadline.objects.update(reminded_at=MONDAY)
    deadlines.start(office, "a", days=9, unit="d", on_expiry="lapse")
    deadline = Deadline.objects.get()
    assert (deadline.due_on, deadline.reminded_at, deadline.remind_on) == (date(2026, 10, 7), None, None)


def test_the_one_that_ends_first_is_due(office) -> None:
    deadlines.start(office, "late", days=9, unit="d", on_expiry="lapse")
    deadlines.start(office, "soon", days=2, unit="d", on_expiry="lapse")
    assert deadlines.due(office).act == "soon"
    assert deadlines.due(office, "late").act == "late"
    deadlines.close(office, "soon")
    assert deadlines.due(office).act == "late"
    deadlines.close(office)
    assert deadlines.due(office) is None


def test_nothing_happens_on_the_last_day_itself(office, calls) -> None:
    deadlines.start(office, "a", days=2, unit="d", on_expiry="lapse")
    assert deadlines.run_due(datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == []
    assert calls == []
    assert len(deadlines.run_due(datetime(2026, 9, 30, 16, 0, tzinfo=UTC))) == 1
    assert calls == [("expire", "a")]


def test_what_lapsed_is_closed_and_lapses_once(office, calls) -> None:
    deadlines.start(office, "a", days=2, unit="d", on_expiry="lapse")
    assert deadlines.run_due(after(3)) == [f"lapse a of office {office}, due 2026-09-30"]
    assert deadlines.run_due(after(3)) == deadlines.run_due(after(30)) == []
    assert calls == [("expire", "a")]
    assert Deadline.objects.get().closed_at == after(3)


def test_a_deadline_that_only_reminds_ends_with_a_reminder(office, calls) -> None:
    deadlines.start(office, "a", days=2, unit="d", on_expiry="remind")
    deadlines.run_due(after(3))
    deadlines.run_due(after(4))
    assert calls == [("remind", "a")]


def test_it_reminds_once_before(office, calls) -> None:
    deadlines.start(office, "a", days=10, unit="d", on_expiry="lapse", remind_before=3)
    assert deadlines.run_due(after(6)) == []
    assert deadlines.run_due(after(7)) == [f"remind a of office {office}, due 2026-10-08"]
    assert deadlines.run_due(after(8)) == []
    deadlines.run_due(after(11))
    assert calls == [("remind", "a"), ("expire", "a")]


def test_a_reminder_that_was_missed_is_not_sent_after_the_end(office, calls) -> None:
    deadlines.start(office, "a", days=10, unit="d", on_expiry="lapse", remind_before=3)
    deadlines.run_due(after(20))
    assert calls == [("expire", "a")]


def test_a_rehearsal_only_says_what_would_be_done(office, calls) -> None:
    deadlines.start(office, "a", days=1, unit="d", on_expiry="lapse")
    deadlines.start(office, "b", days=9, unit="d", on_expiry="lapse", remind_before=8)
    assert deadlines.run_due(after(2), dry_run=True) == [
        f"lapse a of office {office}, due 2026-09-29",
        f"remind b of office {office}, due 2026-10-07",
    ]
    assert calls == []
    assert Deadline.objects.filter(closed_at=None, reminded_at=None).count() == 2


def test_a_verb_that_refuses_leaves_the_deadline_and_the_reason(office) -> None:
    deadlines.start(office, "refuse", days=1, unit="d", on_expiry="lapse")
    assert deadlines.run_due(after(2)) == [f"refused refuse of office {office}, due 2026-09-29: 此件已办结。"]
    assert deadlines.due(office, "refuse") is not None


def test_one_that_began_anew_meanwhile_stays_open(office) -> None:
    deadlines.start(office, "again", days=1, unit="d", on_expiry="lapse")
    with time_machine.travel(after(2), tick=False):
        assert deadlines.run_due(after(2)) == []
    # Undone with everything that the verb did: the next run starts from the same place.
    assert deadlines.due(office, "again").due_on == date(2026, 9, 29)


def test_one_that_breaks_is_undone_and_stops_no_other(office, calls) -> None:
    deadlines.start(office, "broken", days=1, unit="d", on_expiry="lapse")
    deadlines.start(office, "fine", days=2, unit="d", on_expiry="lapse")
    lines = deadlines.run_due(after(9))
    assert lines[0].endswith("error, see the log")
    assert lines[1].startswith("lapse fine")
    office.refresh_from_db()
    assert office.hotline == ""
    assert deadlines.due(office).act == "broken"


def test_an_object_that_is_gone_needs_nothing(office, calls) -> None:
    deadlines.start(office, "a", days=1, unit="d", on_expiry="lapse")
    office.delete()
    deadlines.run_due(after(2))
    assert calls == []
    assert Deadline.objects.filter(closed_at=None).count() == 0
