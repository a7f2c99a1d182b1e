"""The sheet of a step beyond its standard: names of its rows, its measures, and the guards beneath a panel."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, panelrules, panels, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Interest, Message, Panel, PanelSeat, ReviewTask
from innovation_voucher.casework.panels.scoring import LONGEST
from innovation_voucher.tests import cast

from . import experts, trial

pytestmark = [pytest.mark.feature("YRD-15"), pytest.mark.feature("TJ-6")]

ROW: dict[str, Any] = {"key": "a", "label": "甲", "points": 10}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"blind": "false"}, "blind 只能写 true 或 false"),
        ({"blind": None}, "blind 只能写 true 或 false"),
        ({"criteria": [{**ROW, "help": 3}]}, "每个评分项"),
        ({"criteria": [{**ROW, "key": "comment"}]}, "已有别的用途，换一个：comment"),
        ({"criteria": [{**ROW, "key": "check"}, ROW]}, "已有别的用途，换一个：check"),
        ({"criteria": [{**ROW, "points": 2.5}]}, "每个评分项"),
        ({"criteria": [{**ROW, "key": 7}]}, "每个评分项"),
        ({"criteria": {"a": 10}}, "每个评分项"),
        ({"size": -3}, "size"),
        ({"size": None}, "size"),
        ({"quorum": 0, "spread": 0}, "quorum、spread"),
        ({"size": 1}, "不能多于专家人数"),
        (None, "只能写这些键"),
        ("size", "只能写这些键"),
    ],
)
def test_rows_that_no_sheet_can_be_made_of_are_refused(given: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        panelrules.check_rules(given)


def test_the_most_of_a_sheet_is_the_sum_of_its_rows() -> None:
    rows = [ROW, {**ROW, "key": "b", "points": 7}]
    rules = panelrules.parsed(panelrules.complete({"criteria": rows}))
    assert (rules.most, [row.key for row in rules.criteria]) == (17, ["a", "b"])
    assert [row.help for row in rules.criteria] == ["", ""]


def test_what_a_step_says_does_not_leak_into_the_standard() -> None:
    panelrules.complete({"size": 9})
    assert panelrules.complete({})["size"] == panelrules.standard()["size"] == 3


@pytest.fixture
def by() -> User:
    return experts.owner()


@pytest.fixture
def panel(subject: Any, db: None, by: User) -> Panel:
    return experts.form(experts.make_task(), by)


def seat_of(panel: Panel, number: int = 0) -> PanelSeat:
    return experts.seats(panel)[number]


# --- Places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gone", "more", "words"), [(0, 1, "现缺 0 名"), (1, 2, "现缺 1 名"), (2, 3, "现缺 2 名")])
def test_not_more_come_than_places_are_free(panel: Panel, by: User, gone: int, more: int, words: str) -> None:
    for seat in experts.seats(panel)[:gone]:
        panels.release_seat(seat, by=by, office=None, reason="联系不上")
    others = [(cast.make_user(f"后来{number}"), f"E-1{number:03d}") for number in range(more)]
    with pytest.raises(Refused, match=words):
        panels.seat_more(panel, others, by=by, office=None, drawn=[])
    assert panel.seats.count() == 3
    panels.seat_more(panel, others[:gone], by=by, office=None, drawn=[])
    assert panel.seats.count() == 3 + gone


def test_nobody_sits_twice_in_one_panel(panel: Panel, by: User) -> None:
    first = seat_of(panel)
    panels.release_seat(first, by=by, office=None, reason="联系不上")
    with pytest.raises(IntegrityError), transaction.atomic():
        panels.seat_more(panel, [(first.user, "E-0099")], by=by, office=None, drawn=[])
    assert panel.seats.count() == 3


def test_who_was_let_go_does_nothing_more(panel: Panel, by: User) -> None:
    seat = panels.declare(seat_of(panel), by=seat_of(panel).user)
    panels.release_seat(seat, by=by, office=None, reason="联系不上")
    full = {"points": {"need": 50, "cost": 30}, "comment": ""}
    for act, words in (
        (lambda: panels.declare(seat, by=seat.user), "您现为“已更换”，不用再声明"),
        (lambda: panels.recuse(seat, by=seat.user, reason="持股"), "您现为“已更换”，不能再申请回避"),
        (lambda: panels.submit_sheet(seat, by=seat.user, **full), "您已不在这件评审里"),
        (lambda: panels.release_seat(seat, by=by, office=None, reason="再换"), "不能更换"),
    ):
        with pytest.raises(Refused, match=words):
            act()
    assert (seat_of(panel).status, seat_of(panel).total) == ("replaced", None)
    assert not Interest.objects.exists()


# --- Who may, when --------------------------------------------------------------------------------


def owned(panel: Panel, person: User) -> dict[str, Any]:
    """Every act of a panel's owner, as this person."""
    who = {"by": person, "office": None}
    return {
        "extend": lambda: panels.extend(panel, days=3, **who),
        "again": lambda: panels.score_again(panel, days=3, reason="再议", **who),
        "conclude": lambda: panels.conclude(panel, summary="同意", **who),
        "release": lambda: panels.release_seat(seat_of(panel), reason="换人", **who),
        "more": lambda: panels.seat_more(panel, [], drawn=[], **who),
    }


@pytest.mark.parametrize("act", ["extend", "again", "conclude", "release", "more"])
def test_only_the_office_of_the_step_runs_its_panel(panel: Panel, act: str) -> None:
    before = AuditRow.objects.count()
    expert = seat_of(panel).user
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, trial.RIGHT, name="外县")
    looks_on = cast.make_officer(cast.COUNTY, "view_cases", kind="platform", name="旁观")
    for person in (expert, elsewhere, looks_on):
        with pytest.raises(NotAllowed, match="您可以查看，不能办理"):
            owned(panel, person)[act]()
    assert AuditRow.objects.count() == before
    assert Panel.objects.get().due_on == panel.due_on


@pytest.mark.parametrize("act", ["extend", "release", "more"])
def test_after_its_end_nobody_comes_or_goes(panel: Panel, by: User, act: str) -> None:
    experts.score_all(panel)
    with pytest.raises(Refused, match="评审已结束，专家和评分不再变动"):
        owned(panel, by)[act]()
    assert [seat.status for seat in experts.seats(panel)] == ["submitted"] * 3


@pytest.mark.parametrize("act", ["extend", "release", "more"])
def test_after_the_decision_nobody_comes_or_goes(panel: Panel, by: User, act: str) -> None:
    reviews.decide(ReviewTask.objects.get(), by=by, office=None, decision="return", items=[("name", "写全称")])
    with pytest.raises(Refused, match="这一步已办结"):
        owned(panel, by)[act]()
    assert [seat.status for seat in experts.seats(panel)] == ["invited"] * 3


# --- Days -----------------------------------------------------------------------------------------


def test_an_extension_moves_the_deadline_and_tells_those_who_are_missing(panel: Panel, by: User) -> None:
    first, second, third = experts.seats(panel)
    experts.score(first)
    panels.recuse(second, by=second.user, reason="亲属任职")
    panels.extend(panel, by=by, office=None, days=20)
    due = calendar.add_working_days(calendar.today(), 20)
    running = deadlines.due(panel)
    assert running is not None
    assert (Panel.objects.get().due_on, running.due_on) == (due, due)
    assert set(Message.objects.filter(kind="panel.extended").values_list("user", flat=True)) == {third.user_id}


def test_a_clock_that_comes_again_says_it_once(panel: Panel, by: User) -> None:
    later = calendar.now() + timedelta(days=(panel.due_on - calendar.today()).days + 1)
    with calendar.acting_at(later):
        for _again in range(2):
            panels.close_due(panel, act="score")
    assert Message.objects.filter(user=by, title__contains="提交份数不够").count() == 1
    assert Panel.objects.get().status == "scoring"


def test_a_clock_that_comes_early_or_too_late_moves_nothing(panel: Panel, by: User) -> None:
    for seat in experts.seats(panel)[:2]:
        experts.score(seat)
    panels.close_due(panel, act="score")
    assert Panel.objects.get().status == "scoring"
    reviews.decide(ReviewTask.objects.get(), by=by, office=None, decision="return", items=[("name", "写全称")])
    with calendar.acting_at(calendar.now() + timedelta(days=60)):
        panels.close_due(panel, act="score")
        panels.remind(panel, act="score")
    assert Panel.objects.get().status == "scoring"
    assert not Message.objects.filter(kind="panel.reminder").exists()


def test_an_opinion_is_cut_at_its_longest(panel: Panel) -> None:
    seat = panels.declare(seat_of(panel), by=seat_of(panel).user)
    kept = panels.save_sheet(seat, by=seat.user, points={}, comment="长" * (LONGEST + 1))
    assert len(kept.comment) == LONGEST


# --- The database keeps it too --------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [{"seed": "11"}, {"field": "别的"}, {"rules": {}}, {"status": "concluded"}, {"summary": "先写"}],
)
def test_no_row_of_a_running_panel_is_rewritten(panel: Panel, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Panel.objects.filter(pk=panel.pk).update(**values)
    assert Panel.objects.get().seed == "00"


@pytest.mark.parametrize("values", [{"summary": "改写"}, {"status": "scoring"}, {"status": "ended"}])
def test_a_summary_is_final(panel: Panel, by: User, values: dict[str, Any]) -> None:
    panels.conclude(experts.score_all(panel), by=by, office=None, summary="同意")
    with pytest.raises(IntegrityError), transaction.atomic():
        Panel.objects.filter(pk=panel.pk).update(**values)
    assert (Panel.objects.get().summary, Panel.objects.get().status) == ("同意", "concluded")


@pytest.mark.parametrize("values", [{"label": "E-9999"}, {"status": "submitted", "total": 90}, {"status": "submitted"}])
def test_no_seat_jumps_or_changes_its_expert(panel: Panel, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelSeat.objects.filter(pk=seat_of(panel).pk).update(**values)
    assert (seat_of(panel).label, seat_of(panel).status) == ("E-0001", "invited")


@pytest.mark.parametrize("state", ["recused", "replaced"])
def test_who_has_left_does_not_come_back(panel: Panel, by: User, state: str) -> None:
    seat = seat_of(panel)
    if state == "recused":
        panels.recuse(seat, by=seat.user, reason="持股")
    else:
        panels.release_seat(seat, by=by, office=None, reason="换人")
    for back in ("invited", "declared"):
        with pytest.raises(IntegrityError), transaction.atomic():
            PanelSeat.objects.filter(pk=seat.pk).update(status=back)
    assert seat_of(panel).status == state
