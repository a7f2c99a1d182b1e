"""The working days of a review step: reminded before, escalated once after, and stopped while the applicant acts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from innovation_voucher.casework import deadlines, reviews, rights, sweeps
from innovation_voucher.casework.models import AuditRow, CalendarDay, Deadline, Message, Region, ReviewCase
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.feature("X-9")]

#: Monday 2 November 2026, 10:00 in Shanghai; five working days later is Monday the 9th.
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
DUE = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def officer(db: None) -> Any:
    return cast.make_officer(cast.COUNTY, trial.RIGHT)


@pytest.fixture
def superior(officer: Any) -> Any:
    """Sits in the city's office and holds the same right there."""
    county = cast.make_region()
    assert county.parent is not None
    return cast.make_officer(county.parent.code, trial.RIGHT)


@pytest.fixture
def case(officer: Any) -> ReviewCase:
    trial.make_chain({"working_days": 5})
    return trial.open_case()


def sweep(day: int, month: int = 11) -> list[str]:
    """The clock at 09:00 of a day of November (or another month)."""
    return sweeps.run("deadlines", at=datetime(2026, month, day, 1, tzinfo=UTC))


def told(person: Any) -> list[str]:
    rows = Message.objects.filter(user=person, kind="task.term").order_by("pk")
    return list(rows.values_list("title", flat=True))


def term_of(case: ReviewCase) -> Deadline | None:
    return deadlines.due(trial.open_task(case))


def test_the_step_has_its_working_days_from_the_day_it_opens(case: ReviewCase) -> None:
    task, term = trial.open_task(case), term_of(case)
    assert term is not None
    assert (task.due_on, term.due_on, term.remind_on, term.on_expiry) == (DUE, DUE, date(2026, 11, 6), "escalate")


@pytest.mark.parametrize(
    ("day", "workday", "due"),
    [
        (date(2026, 11, 4), False, date(2026, 11, 10)),  # a Wednesday off
        (date(2026, 11, 7), True, date(2026, 11, 7)),  # a Saturday made up for
        (date(2026, 11, 20), False, DUE),
    ],
)
def test_holidays_and_make_up_days_count(officer: Any, day: date, workday: bool, due: date) -> None:
    CalendarDay.objects.create(day=day, workday=workday)
    trial.make_chain({"working_days": 5})
    assert trial.open_task(trial.open_case()).due_on == due


def test_a_calendar_that_changes_later_leaves_the_running_step(case: ReviewCase) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 4), workday=False)
    assert trial.open_task(case).due_on == DUE
    sweep(9)
    assert not AuditRow.objects.filter(verb="review.overdue").exists()


def test_the_reviewers_are_reminded_a_working_day_before_and_the_rest_when_it_is_over(
    case: ReviewCase, officer: Any, superior: Any
) -> None:
    heard = []
    for day in (5, 6, 7, 9, 10, 11, 20):
        sweep(day)
        heard.append((len(told(officer)), len(told(superior))))
    assert heard == [(0, 0), (1, 0), (1, 0), (1, 0), (2, 1), (2, 1), (2, 1)]
    reminder, overdue = told(officer)
    assert reminder == "待办将于11月9日到期：试办审核 SB-2026-000001（第1步）"
    assert overdue == "待办已逾期（11月9日到期）：试办审核 SB-2026-000001（第1步）"
    assert told(superior)[0].endswith("有逾期未办（11月9日到期）：试办审核 SB-2026-000001（第1步）")


def test_the_case_is_marked_overdue_once_and_stays_where_it_was(case: ReviewCase, officer: Any) -> None:
    for day in (10, 11):
        sweep(day)
    row = AuditRow.objects.get(verb="review.overdue")
    assert (row.subject_id, row.actor_id, row.after) == (case.pk, None, {"step": "第1步", "due": "2026-11-09"})
    case.refresh_from_db()
    assert (case.status, trial.states(case)) == ("open", ["open"])
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="approve")
    case.refresh_from_db()
    assert case.status == "approved"


def test_where_only_those_above_can_act_they_are_reminded_too(case: ReviewCase, officer: Any, superior: Any) -> None:
    rights.revoke(officer.groups.get(), trial.RIGHT, cast.make_region())
    sweep(6)
    assert (len(told(officer)), len(told(superior))) == (0, 1)


def test_at_the_top_those_who_look_after_the_cases_hear_it(officer: Any) -> None:
    province = Region.objects.get(code="330000")
    reviewer = cast.make_officer("330000", trial.RIGHT)
    watcher = cast.make_officer("330000", "view_cases")
    trial.make_chain({"working_days": 1, "scope": "province"})
    case = trial.open_case()
    assert trial.open_task(case).region == province
    sweep(5)
    assert (len(told(reviewer)), len(told(watcher)), len(told(officer))) == (1, 1, 0)


def test_a_step_of_one_day_has_no_reminder(officer: Any) -> None:
    trial.make_chain({"working_days": 1})
    term = term_of(trial.open_case())
    assert term is not None
    assert (term.due_on, term.remind_on) == (date(2026, 11, 3), None)


@pytest.mark.parametrize("decision", ["approve", "reject", "return"])
def test_what_is_decided_is_awaited_no_more(case: ReviewCase, officer: Any, decision: str) -> None:
    task = trial.open_task(case)
    reviews.decide(task, by=officer, office=None, decision=decision, reason="不符", items=[("name", "不一致")])
    assert deadlines.due(task) is None
    sweep(30)
    assert told(officer) == []
    assert not AuditRow.objects.filter(verb="review.overdue").exists()


def test_the_clock_stands_while_the_applicant_mends_and_starts_anew_with_its_own_days(
    case: ReviewCase, officer: Any, monday: Any
) -> None:
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="return", items=[("name", "不一致")])
    # Twelve days later the step would long be over; the applicant still has two working days.
    monday.move_to(datetime(2026, 11, 13, 2, tzinfo=UTC))
    sweep(13)
    assert told(officer) == []
    reviews.resubmit(case.subject, by=None)
    task = trial.open_task(case)
    assert task.due_on == date(2026, 11, 20)
    sweep(20)
    assert [title.startswith("待办将于") for title in told(officer)] == [True]
    sweep(21)
    assert AuditRow.objects.filter(verb="review.overdue").count() == 1


def test_the_next_step_has_its_own_days_and_the_one_that_waits_has_none(officer: Any, monday: Any) -> None:
    second = cast.make_officer(cast.COUNTY, "review_redemption")
    trial.make_chain({"working_days": 2}, {"working_days": 3, "right": "review_redemption"})
    case = trial.open_case()
    assert Deadline.objects.filter(act="decide").count() == 1
    monday.move_to(datetime(2026, 11, 4, 2, tzinfo=UTC))
    reviews.decide(trial.open_task(case), by=officer, office=None, decision="approve")
    assert trial.open_task(case).due_on == DUE
    sweep(10)
    assert len(told(second)) == 1


@pytest.mark.parametrize("end", ["withdraw", "expire"])
def test_a_case_that_its_applicant_ends_leaves_no_term_of_a_step(case: ReviewCase, officer: Any, end: str) -> None:
    if end == "expire":
        reviews.decide(trial.open_task(case), by=officer, office=None, decision="return", items=[("name", "不一致")])
        reviews.expire(case.subject)
    else:
        reviews.withdraw(case.subject, by=None)
    assert not Deadline.objects.filter(closed_at=None).exists()


def test_a_rehearsal_names_the_step_and_tells_nobody(case: ReviewCase, officer: Any) -> None:
    lines = sweeps.run("deadlines", at=MONDAY + timedelta(days=8), dry_run=True)
    assert lines == [f"escalate decide of reviewtask {trial.open_task(case)}, due 2026-11-09"]
    assert told(officer) == []
