"""Panels of experts at a step: formed, scored, ended, summed up; and what each rule keeps out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, panels, reviews, sweeps
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Interest, Message, Panel, PanelSeat, ReviewTask
from innovation_voucher.casework.panels.rules import waits_for
from innovation_voucher.tests import cast

from . import experts, trial

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("subject"),
    pytest.mark.feature("YRD-15"),
    pytest.mark.feature("TJ-6"),
]


@pytest.fixture
def by() -> User:
    return experts.owner()


@pytest.fixture
def task() -> ReviewTask:
    return experts.make_task()


@pytest.fixture
def panel(task: ReviewTask, by: User) -> Panel:
    return experts.form(task, by)


def verbs(task: ReviewTask) -> list[str]:
    return list(AuditRow.objects.filter(verb__startswith="panel.").order_by("id").values_list("verb", flat=True))


# --- Forming ------------------------------------------------------------------------------------


def test_a_panel_keeps_the_rules_of_its_step_and_its_last_day(panel: Panel) -> None:
    assert panel.rules["size"] == 3
    assert panel.rules["spread"] == 20  # the standard, where the step says nothing
    assert panel.due_on == calendar.add_working_days(calendar.today(), 5)
    assert [seat.status for seat in experts.seats(panel)] == ["invited"] * 3


def test_the_draw_is_in_the_audit_and_the_experts_are_told(panel: Panel, task: ReviewTask) -> None:
    row = AuditRow.objects.get(verb="panel.formed")
    assert row.after == {"field": "检测", "seed": "00", "draw": ["E-0001"]}
    titles = Message.objects.filter(kind="panel.invited").values_list("title", flat=True)
    assert len(titles) == 3
    assert task.case.number in titles[0]
    assert not any(task.case.applicant in title for title in titles)


def test_too_few_experts_seat_nobody(task: ReviewTask, by: User) -> None:
    with pytest.raises(Refused, match="还需 1 名专家"):
        experts.form(task, by, count=2)
    assert not Panel.objects.exists()


def test_a_task_has_one_panel(panel: Panel, task: ReviewTask, by: User) -> None:
    with pytest.raises(Refused, match="已抽取专家"):
        experts.form(task, by)
    assert Panel.objects.count() == 1


def test_a_stranger_and_a_step_without_experts_form_none(task: ReviewTask, by: User) -> None:
    with pytest.raises(NotAllowed):
        experts.form(task, cast.make_officer(cast.OTHER_COUNTY, trial.RIGHT))
    task.step.panel = False
    task.step.save()
    with pytest.raises(NotAllowed, match="不用专家评审"):
        experts.form(task, by)
    assert not Panel.objects.exists()


def test_who_did_another_step_runs_no_panel(by: User) -> None:
    trial.make_chain({}, {"panel": True, "panel_rules": experts.RULES})
    case = trial.open_case()
    reviews.decide(trial.open_task(case), by=by, office=None, decision="approve")
    with pytest.raises(NotAllowed, match="另一步骤"):
        experts.form(trial.open_task(case), by)
    assert experts.form(trial.open_task(case), experts.owner("别人")).pk


# --- Deciding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_nobody_decides_before_the_experts_have_spoken(task: ReviewTask, by: User, decision: str) -> None:
    with pytest.raises(Refused, match="须先抽取专家评审"):
        reviews.decide(task, by=by, office=None, decision=decision, reason="理由")
    assert ReviewTask.objects.get(pk=task.pk).status == "open"
    experts.form(task, by)
    with pytest.raises(Refused, match="须先抽取专家评审"):
        reviews.decide(task, by=by, office=None, decision=decision, reason="理由")


def test_the_owner_decides_after_the_summary(task: ReviewTask, by: User) -> None:
    panel = experts.concluded(task, by)
    case = reviews.decide(task, by=by, office=None, decision="approve")
    assert case.status == "approved"
    assert (panel.summary, panel.concluded_by) == ("同意兑付", by)
    assert verbs(task) == [
        "panel.formed",
        *("panel.declared", "panel.scored") * 3,
        "panel.ended",
        "panel.concluded",
    ]


def test_a_return_needs_no_experts(task: ReviewTask, panel: Panel, by: User) -> None:
    case = reviews.decide(task, by=by, office=None, decision="return", items=[("name", "写全称")])
    assert case.status == "returned"
    seat = experts.seats(panel)[0]
    with pytest.raises(Refused, match="已办结"):
        panels.declare(seat, by=seat.user)


def test_what_comes_back_gets_a_panel_of_its_own(task: ReviewTask, panel: Panel, by: User) -> None:
    case = reviews.decide(task, by=by, office=None, decision="return", items=[("name", "写全称")])
    reviews.resubmit(case.subject, by=None)
    assert experts.form(trial.open_task(case), by).pk != panel.pk


# --- Scoring ------------------------------------------------------------------------------------


def test_the_declaration_comes_before_the_sheet(panel: Panel) -> None:
    seat = experts.seats(panel)[0]
    with pytest.raises(Refused, match="先确认保密与回避声明"):
        panels.save_sheet(seat, by=seat.user, points={"need": 10}, comment="")
    assert panels.declare(seat, by=seat.user).status == "declared"
    assert panels.declare(seat, by=seat.user).status == "declared"
    assert AuditRow.objects.filter(verb="panel.declared").count() == 1


def test_a_draft_is_kept_and_goes_on(panel: Panel) -> None:
    seat = panels.declare(experts.seats(panel)[0], by=experts.seats(panel)[0].user)
    panels.save_sheet(seat, by=seat.user, points={"need": 10, "cost": None, "else": 3}, comment=" 尚可 ")
    kept = PanelSeat.objects.get(pk=seat.pk)
    assert (kept.points, kept.comment, kept.status, kept.total) == ({"need": 10}, "尚可", "declared", None)


@pytest.mark.parametrize(
    ("points", "comment", "words"),
    [
        ({"need": 50}, "", "还没有评分：费用合理性"),
        ({"need": 61, "cost": 0}, "", "必要性填 0 到 60 分"),
        ({"need": -1, "cost": 0}, "", "必要性填 0 到 60 分"),
        ({"need": 40, "cost": 19}, "", "总分低于 60 分，写明评审意见"),
    ],
)
def test_a_sheet_that_is_not_whole_stays_open(panel: Panel, points: dict[str, int], comment: str, words: str) -> None:
    seat = panels.declare(experts.seats(panel)[0], by=experts.seats(panel)[0].user)
    with pytest.raises(Refused, match=words):
        panels.submit_sheet(seat, by=seat.user, points=points, comment=comment)
    assert PanelSeat.objects.get(pk=seat.pk).status == "declared"


def test_sixty_points_need_no_opinion_and_a_low_total_with_one_passes(panel: Panel) -> None:
    first, second, _third = experts.seats(panel)
    assert experts.score(first, need=40, cost=20).total == 60
    assert experts.score(second, need=40, cost=19, comment="相关性不足").total == 59


def test_what_was_given_is_fixed_in_the_database_too(panel: Panel) -> None:
    seat = experts.score(experts.seats(panel)[0])
    with pytest.raises(Refused, match="评分已提交，不能再修改"):
        panels.save_sheet(seat, by=seat.user, points={"need": 1}, comment="")
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelSeat.objects.filter(pk=seat.pk).update(total=100)
    assert PanelSeat.objects.get(pk=seat.pk).total == 80


def test_nobody_fills_the_sheet_of_another(panel: Panel, by: User) -> None:
    first, second, _third = experts.seats(panel)
    for person in (second.user, by):
        with pytest.raises(NotAllowed, match="另一位专家"):
            panels.declare(first, by=person)
    assert PanelSeat.objects.get(pk=first.pk).status == "invited"


def test_a_conflict_hides_the_case_and_forgets_the_draft(panel: Panel) -> None:
    seat = panels.declare(experts.seats(panel)[0], by=experts.seats(panel)[0].user)
    panels.save_sheet(seat, by=seat.user, points={"need": 10}, comment="草稿")
    with pytest.raises(Refused, match="写明需要回避的原因"):
        panels.recuse(seat, by=seat.user, reason=" ")
    gone = panels.recuse(seat, by=seat.user, reason="曾在该单位任职")
    assert (gone.status, gone.points, gone.comment) == ("recused", {}, "")
    assert Interest.objects.get().user == seat.user
    assert panels.may_look(gone) == (False, "您已不在这件评审里。")


def test_who_has_submitted_keeps_away_no_more(panel: Panel) -> None:
    seat = experts.score(experts.seats(panel)[0])
    with pytest.raises(Refused, match="不能再申请回避"):
        panels.recuse(seat, by=seat.user, reason="想起来了")
    assert not Interest.objects.exists()


# --- Ending -------------------------------------------------------------------------------------


def test_the_last_sheet_ends_the_panel(panel: Panel, by: User) -> None:
    for seat in experts.seats(panel)[:2]:
        experts.score(seat)
    assert Panel.objects.get().status == "scoring"
    experts.score(experts.seats(panel)[2])
    assert Panel.objects.get().status == "ended"
    assert deadlines.due(panel) is None
    assert Message.objects.filter(user=by, title__startswith="专家评审已提交").count() == 1


def test_a_place_left_empty_does_not_end_it(panel: Panel, by: User) -> None:
    first, second, third = experts.seats(panel)
    experts.score(first)
    experts.score(second)
    panels.recuse(third, by=third.user, reason="亲属任职")
    assert Panel.objects.get().status == "scoring"
    panels.seat_more(panel, [(cast.make_user("专家9"), "E-0009")], by=by, office=None, drawn=["E-0009"])
    experts.score(experts.seats(panel)[3])
    assert Panel.objects.get().status == "ended"


def after(panel: Panel, days: int) -> list[str]:
    """What the clock says so many days after the panel's last one."""
    at = calendar.now() + timedelta(days=(panel.due_on - calendar.today()).days + days)
    return sweeps.run("deadlines", at=at)


def test_the_quorum_suffices_after_the_last_day(panel: Panel) -> None:
    for seat in experts.seats(panel)[:2]:
        experts.score(seat)
    after(panel, 0)
    assert Panel.objects.get().status == "scoring"
    after(panel, 1)
    assert Panel.objects.get().status == "ended"
    assert AuditRow.objects.get(verb="panel.ended").after["totals"] == {"E-0001": 80, "E-0002": 80}


def test_below_the_quorum_the_owner_is_told_and_gives_more_days(panel: Panel, by: User) -> None:
    experts.score(experts.seats(panel)[0])
    after(panel, 1)
    assert Panel.objects.get().status == "scoring"
    assert Message.objects.filter(user=by, title__contains="提交份数不够").count() == 1
    assert panels.extend(panel, by=by, office=None, days=3).due_on == calendar.add_working_days(calendar.today(), 3)


def test_the_missing_ones_are_reminded_before_the_last_day(panel: Panel) -> None:
    first, second, third = experts.seats(panel)
    experts.score(first)
    after(panel, -1)
    reminded = Message.objects.filter(kind="panel.reminder").values_list("user", flat=True)
    assert set(reminded) == {second.user_id, third.user_id}


def test_late_is_locked_until_more_days_are_given(panel: Panel, by: User) -> None:
    seat = panels.declare(experts.seats(panel)[0], by=experts.seats(panel)[0].user)
    with calendar.acting_at(calendar.now() + timedelta(days=(panel.due_on - calendar.today()).days + 1)):
        with pytest.raises(Refused, match="评分已锁定。需要延长时，请联系组织评审的机构"):
            panels.submit_sheet(seat, by=seat.user, points={"need": 50, "cost": 30}, comment="")
        panels.extend(panel, by=by, office=None, days=2)
        seat.refresh_from_db()
        assert panels.submit_sheet(seat, by=seat.user, points={"need": 50, "cost": 30}, comment="").total == 80


@pytest.mark.parametrize("days", [0, 21])
def test_days_have_a_measure(panel: Panel, by: User, days: int) -> None:
    with pytest.raises(Refused, match="1 到 20 个工作日"):
        panels.extend(panel, by=by, office=None, days=days)
    assert Panel.objects.get().due_on == panel.due_on


def test_an_expert_is_replaced_with_a_reason_unless_submitted(panel: Panel, by: User) -> None:
    first, second, _third = experts.seats(panel)
    experts.score(first)
    with pytest.raises(Refused, match="不能更换"):
        panels.release_seat(first, by=by, office=None, reason="太慢")
    with pytest.raises(Refused, match="写明更换的原因"):
        panels.release_seat(second, by=by, office=None, reason="")
    assert panels.release_seat(second, by=by, office=None, reason="联系不上").status == "replaced"
    assert panels.may_look(PanelSeat.objects.get(pk=second.pk))[0] is False


# --- Spread and summary -------------------------------------------------------------------------


def test_twenty_points_apart_are_summed_up_and_twenty_one_are_not(task: ReviewTask, by: User) -> None:
    panel = experts.score_all(experts.form(task, by), 60, 80, 70)
    assert waits_for(panel) == (True, "")


def test_further_apart_they_score_again_and_then_it_counts(task: ReviewTask, by: User) -> None:
    panel = experts.score_all(experts.form(task, by), 60, 81, 70)
    with pytest.raises(Refused, match="相差超过 20 分，须先复议"):
        panels.conclude(panel, by=by, office=None, summary="同意")
    again = panels.score_again(panel, by=by, office=None, days=3, reason="对成效的判断相差大")
    assert (again.status, again.round) == ("scoring", 2)
    assert [(seat.status, seat.points["need"]) for seat in experts.seats(panel)] == [("declared", 60)] * 3
    panel = experts.score_all(again, 60, 90, 70)
    assert panels.conclude(panel, by=by, office=None, summary="分歧已讨论").status == "concluded"
    with pytest.raises(Refused, match="可以复议一次"):
        panels.score_again(panel, by=by, office=None, days=3, reason="再来")


def test_a_second_look_needs_a_reason(task: ReviewTask, by: User) -> None:
    panel = experts.score_all(experts.form(task, by), 60, 90, 70)
    with pytest.raises(Refused, match="写明复议的原因"):
        panels.score_again(panel, by=by, office=None, days=3, reason="")
    assert Panel.objects.get().status == "ended"


def test_the_summary_comes_after_the_scores_and_has_words(panel: Panel, by: User) -> None:
    with pytest.raises(Refused, match="还没有全部提交"):
        panels.conclude(panel, by=by, office=None, summary="同意")
    ended = experts.score_all(panel)
    with pytest.raises(Refused, match="写明汇总意见"):
        panels.conclude(ended, by=by, office=None, summary="  ")
    panels.conclude(ended, by=by, office=None, summary="同意")
    with pytest.raises(Refused, match="评审已汇总"):
        panels.conclude(ended, by=by, office=None, summary="再写一次")
    assert Panel.objects.get().summary == "同意"
