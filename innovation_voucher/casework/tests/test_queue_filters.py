"""Filters of a queue against a plain model: the same rows picked out by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db.models import Q
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given, strategies as st

from accounts.models import User
from innovation_voucher.casework import calendar, web
from innovation_voucher.casework.desk.forms import FilterForm
from innovation_voucher.casework.desk.queues import VIEWS, Queue
from innovation_voucher.casework.models import ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from . import trial
from .examples import FEW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
AMOUNTS = [None, Decimal("0.01"), Decimal("19999.99"), Decimal("20000.00")]


@pytest.fixture(autouse=True)
def _new_years_eve() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, trial.RIGHT)


@pytest.fixture
def rows(officer: User) -> list[ReviewTask]:
    """Sixteen open tasks that differ in everything that a filter asks."""
    trial.make_chain({"name": "初审"})
    other = cast.make_user("李审核")
    for n in range(16):
        case = trial.open_case(number=f"SB-{n:02d}", amount=AMOUNTS[n % 4])
        at = NOW - timedelta(hours=7 * n)
        applicant = ["云帆Ａ公司", "云帆100%公司", "禾_谷", "青屿"][n // 4]
        ReviewCase.objects.filter(pk=case.pk).update(
            submitted_at=at, applicant=applicant, checks_bad=n % 3, round=1 + n % 2
        )
        held = {0: officer, 1: other}.get(n % 5)
        ReviewTask.objects.filter(case=case).update(due_on=calendar.today() + timedelta(days=n % 4 - 1), holder=held)
    return list(ReviewTask.objects.select_related("case", "step"))


def queue(user: Any, view: str = "", **query: Any) -> Queue:
    request = RequestFactory().get("/")
    request.user = user
    request.session = {}  # type: ignore[assignment]
    return Queue(web.Viewer(request), trial.SUBJECT, view, FilterForm({**query, "view": view}, view=view).condition)


def shown(found: Queue) -> list[str]:
    return [task.case.number for task in found.tasks]


def local_day(task: ReviewTask) -> date:
    return timezone.localdate(task.case.submitted_at)


PICK: dict[str, Callable[[ReviewTask, Any], bool]] = {
    "since": lambda task, day: local_day(task) >= date.fromisoformat(day),
    "until": lambda task, day: local_day(task) <= date.fromisoformat(day),
    "most": lambda task, most: task.case.amount is not None and task.case.amount <= Decimal(most),
    "checks": lambda task, which: (task.case.checks_bad == 0) == (which == "good"),
    "round": lambda task, which: (task.case.round == 1) == (which == "first"),
    "q": lambda task, words: words.lower() in task.case.number.lower() or words in task.case.applicant,
    "step": lambda task, name: task.step.name == name,
}
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "since": st.dates(date(2026, 12, 26), date(2027, 1, 1)).map(str),
        "until": st.dates(date(2026, 12, 26), date(2027, 1, 1)).map(str),
        "most": st.sampled_from(["0", "0.01", "19999.98", "19999.99", "20000"]),
        "checks": st.sampled_from(["good", "bad"]),
        "round": st.sampled_from(["first", "again"]),
        "q": st.sampled_from(["云帆", "sb-1", "100%", "禾_", "%", "_", "Ａ", "没有"]),
        "step": st.sampled_from(["初审", "复审"]),
    },
)


def in_view(task: ReviewTask, view: str, officer: User) -> bool:
    today = calendar.today()
    assert task.due_on is not None
    return {
        "": True,
        "late": task.due_on < today,
        "today": task.due_on == today,
        "mine": task.holder_id == officer.pk,
        "free": task.holder_id is None,
    }[view]


@pytest.mark.feature("X-2")
def test_every_mix_of_filters_and_views_shows_what_a_hand_would_pick(rows: list[ReviewTask], officer: User) -> None:
    @FEW
    @given(asked=FILTERS, view=st.sampled_from(list(VIEWS)))
    def picked(asked: dict[str, str], view: str) -> None:
        fits = [row for row in rows if in_view(row, view, officer) and all(PICK[n](row, v) for n, v in asked.items())]
        oldest_first = sorted(fits, key=lambda row: (row.case.submitted_at, row.pk))
        found = queue(officer, view, **asked)
        assert shown(found) == [row.case.number for row in oldest_first]
        assert found.page(1).paginator.count == len(fits)

    picked()


def test_the_tabs_count_without_the_filters(rows: list[ReviewTask], officer: User) -> None:
    narrowed = queue(officer, q="没有")
    assert shown(narrowed) == []
    for view in VIEWS:
        assert narrowed.count(view) == sum(in_view(row, view, officer) for row in rows)
    assert narrowed.steps == ["初审"]


def test_the_day_of_submission_is_that_of_shanghai(officer: User) -> None:
    trial.make_chain()
    case = trial.open_case(number="SB-1")
    ReviewCase.objects.filter(pk=case.pk).update(submitted_at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert shown(queue(officer, since="2027-01-01")) == ["SB-1"]
    assert shown(queue(officer, until="2026-12-31")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-02-29"},
        {"since": "31.12.2026"},
        {"until": "0000-00-00"},
        {"most": "很多"},
        {"most": "-1"},
        {"most": "1" * 20},
        {"checks": "maybe"},
        {"round": "3"},
        {"q": "x" * 101},
        {"q": "a\x00b"},
    ],
)
def test_a_filter_that_cannot_be_read_narrows_nothing_and_is_said(query: dict[str, str]) -> None:
    form = FilterForm(query)
    assert list(form.errors) == list(query)
    assert list(form.in_use) == []
    assert form.condition == Q()


def test_the_first_and_the_last_day_of_the_calendar_are_days_too(rows: list[ReviewTask], officer: User) -> None:
    for day, since, until in (("0001-01-01", 16, 0), ("9999-12-31", 0, 16)):
        assert len(shown(queue(officer, since=day))) == since
        assert len(shown(queue(officer, until=day))) == until


def test_following_skips_what_another_holds_until_the_lock_ends(officer: User) -> None:
    trial.make_chain()
    first, second = (trial.open_task(trial.open_case(number=f"SB-{n}")) for n in range(2))
    held = ReviewTask.objects.filter(pk=first.pk)
    held.update(holder=cast.make_user(), held_until=NOW + timedelta(seconds=1))
    assert queue(officer).following() == second
    held.update(held_until=NOW)
    assert queue(officer).following() == first
    held.update(holder=officer, held_until=NOW + timedelta(minutes=15))
    assert queue(officer).following() == first


def test_whoever_sits_in_no_office_finds_an_empty_queue(rows: list[ReviewTask]) -> None:
    stranger = queue(cast.make_user())
    assert shown(stranger) == []
    assert stranger.following() is None
    assert [stranger.count(view) for view in VIEWS] == [0] * len(VIEWS)


def test_a_page_out_of_range_is_the_nearest_one(officer: User) -> None:
    trial.make_chain()
    for n in range(21):
        trial.open_case(number=f"SB-{n}")
    found = queue(officer)
    for asked, number in {"1": 1, "2": 2, "99": 2, "0": 2, "-1": 2, "x": 1, None: 1, "": 1}.items():
        page = found.page(asked)
        assert (page.number, len(page.object_list)) == (number, 20 if number == 1 else 1), asked
