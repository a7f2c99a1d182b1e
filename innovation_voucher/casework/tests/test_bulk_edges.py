"""Bulk verbs one by one: each reason, each token, a row that fails amid others, and people who leave."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import reviews, rights
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, BulkRun, ChainStep, Interest, Office, ReviewTask
from innovation_voucher.casework.reviews import bulk
from innovation_voucher.tests import cast

from .test_bulk import ASSIGN, BULK, ends, good_cases, posted, tasks_of
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]


@pytest.fixture
def office() -> Office:
    return cast.make_office("bureau", rights=(RIGHT,))


@pytest.fixture
def officer(office: Office) -> User:
    return cast.make_officer(name="王审核员", office=office)


@pytest.fixture
def colleague(office: Office) -> User:
    return cast.make_officer(name="李审核员", office=office)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def run_of(tasks: list[int], by: User, act: str = "approve", token: str = "") -> BulkRun:
    return bulk.start_run(token or new_token(), act=act, key="trial", tasks=tasks, by=by)[0]


def why(task: ReviewTask, by: User, office: Office | None) -> str:
    """The words beside a task that cannot be agreed to in bulk, empty for one that can."""
    fresh = ReviewTask.objects.get(pk=task.pk)
    (found,) = bulk.candidates([fresh], by=by, office=office, reach=rights.reach(by))
    assert found.fits is (found.why == "")
    return found.why


# --- The reasons, one by one ------------------------------------------------------------------------


def test_a_good_case_fits(office: Office, officer: User) -> None:
    assert why(open_task(good_cases(1)[0]), officer, office) == ""


def test_a_decided_one_names_who_and_when(office: Office, officer: User, colleague: User) -> None:
    task = open_task(good_cases(1)[0])
    reviews.decide(task, by=colleague, office=office, decision="reject", reason="不符合")
    assert why(task, officer, office).startswith("此件已由李审核员于")


def test_a_step_that_waits_for_another_is_not_ours_yet(office: Office, officer: User) -> None:
    make_chain({"name": "初审"}, {"name": "核定"})
    case = open_case()
    assert "不需要您办理" in why(case.tasks.get(status="waiting"), officer, office)


def test_checks_that_failed_are_named(office: Office, officer: User) -> None:
    make_chain()
    assert why(open_task(open_case()), officer, office) == "有 1 项核对未通过，打开此件办理：金额与合同一致"


def test_a_panel_comes_first(office: Office, officer: User) -> None:
    task = open_task(good_cases(1)[0])
    ChainStep.objects.update(panel=True)
    assert "专家评审意见" in why(task, officer, office)


def test_who_keeps_away_is_told_so(office: Office, officer: User) -> None:
    case = good_cases(1)[0]
    reviews.recuse(case, by=officer, office=office, reason="亲属任职")
    assert why(open_task(case), officer, office) == "您已申请回避此件，须由其他人办理。"


def test_who_holds_it_is_named_with_the_hour(office: Office, officer: User, colleague: User) -> None:
    task = reviews.take(open_task(good_cases(1)[0]), by=colleague, office=office)
    assert why(task, officer, office).startswith("李审核员正在办理此件，")
    assert why(task, colleague, office) == ""


def test_without_the_right_the_office_that_has_it_is_named(office: Office, officer: User) -> None:
    task = open_task(good_cases(1)[0])
    stranger = cast.make_officer(cast.OTHER_COUNTY, RIGHT)
    assert f"这一步由{office.name}办理" in why(task, stranger, None)
    other = cast.make_office("agency", rights=(RIGHT,))
    assert "您可以查看，不能办理" in why(task, cast.make_officer(office=other), other)


# --- Tokens -----------------------------------------------------------------------------------------


def test_a_second_post_finds_the_first_run(officer: User) -> None:
    tasks, token = tasks_of(good_cases(2)), new_token()
    first, new = bulk.start_run(token, act="approve", key="trial", tasks=tasks, by=officer)
    again, newer = bulk.start_run(token, act="approve", key="trial", tasks=tasks[:1], by=officer)
    assert (new, newer, again) == (True, False, first)
    assert again.asked == tasks


def test_another_persons_token_starts_and_tells_nothing(desk: Client, colleague: User) -> None:
    cases, token = good_cases(1), new_token()
    run_of(tasks_of(cases), colleague, token=token)
    with pytest.raises(Stale, match="已过期"):
        run_of(tasks_of(cases), cast.make_officer(), token=token)
    response = desk.post(BULK, posted(cases, _token=token))
    assert response.status_code == 409
    assert (ends(cases), BulkRun.objects.count()) == (["open"], 1)


def test_a_token_serves_one_act(desk: Client, officer: User, colleague: User) -> None:
    cases, token = good_cases(1), new_token()
    run_of(tasks_of(cases), officer, token=token)
    assert desk.post(ASSIGN, posted(cases, _token=token, to=colleague.pk)).status_code == 409
    assert open_task(cases[0]).assignee is None


def test_a_long_address_is_kept_as_far_as_there_is_room(officer: User) -> None:
    tasks = tasks_of(good_cases(1))
    run, _new = bulk.start_run(
        new_token(), act="approve", key="trial", tasks=tasks, by=officer, query="?q=" + "x" * 900
    )
    run.refresh_from_db()
    assert len(run.query) == 500


# --- Rows that fail ---------------------------------------------------------------------------------


def test_a_row_in_the_middle_fails_alone(office: Office, officer: User, colleague: User) -> None:
    cases = good_cases(3)
    run = run_of(tasks_of(cases), officer)
    reviews.take(open_task(cases[1]), by=colleague, office=office)
    bulk.approve_all(run, by=officer, office=office, reason="核对无误")
    assert ends(cases) == ["approved", "open", "approved"]
    done = [bulk.outcome(run, case.tasks.get()) for case in cases]
    assert [ok for ok, _words in done] == [True, False, True]
    assert done[1][1].startswith("李审核员正在办理此件")
    run.refresh_from_db()
    assert sorted(run.results) == sorted(str(pk) for pk in run.asked)
    assert AuditRow.objects.filter(verb="review.approved").count() == 2


def test_checks_that_turned_bad_after_the_preview_stop_the_row(office: Office, officer: User) -> None:
    cases = good_cases(2)
    run = run_of(tasks_of(cases), officer)
    type(cases[0]).objects.filter(pk=cases[0].pk).update(checks_bad=1)
    bulk.approve_all(run, by=officer, office=office, reason="核对无误")
    assert ends(cases) == ["open", "approved"]


def test_a_run_of_who_has_no_right_does_nothing(office: Office) -> None:
    cases = good_cases(2)
    stranger = cast.make_officer(cast.OTHER_COUNTY, RIGHT)
    run = bulk.approve_all(run_of(tasks_of(cases), stranger), by=stranger, office=None, reason="核对无误")
    assert ends(cases) == ["open", "open"]
    assert all("您可以查看，不能办理" in words for words in run.results.values())
    assert not AuditRow.objects.filter(verb="review.approved").exists()


def test_the_first_step_of_two_goes_on_to_the_second(office: Office, officer: User) -> None:
    make_chain({"name": "初审"}, {"name": "核定"})
    case = open_case()
    type(case).objects.update(checks_bad=0)
    bulk.approve_all(run_of(tasks_of([case]), officer), by=officer, office=office, reason="核对无误")
    assert ends([case]) == ["open"]
    assert open_task(case).step.name == "核定"


@pytest.mark.parametrize("given", ["abc", "-1", "9" * 30, "１２", ""])
def test_a_tick_that_is_no_number_ticks_nothing(desk: Client, given: str) -> None:
    cases = good_cases(1)
    response = desk.post(BULK, {**posted(cases), "s": given})
    assert response.status_code == 302
    assert (ends(cases), BulkRun.objects.count()) == (["open"], 0)


# --- Assigning --------------------------------------------------------------------------------------


def test_one_that_cannot_be_given_leaves_the_others_given(office: Office, officer: User, colleague: User) -> None:
    cases = good_cases(3)
    reviews.recuse(cases[1], by=colleague, office=office, reason="亲属任职")
    run = bulk.assign_all(run_of(tasks_of(cases), officer, "assign"), to=colleague, by=officer, office=office)
    assert [open_task(case).assignee for case in cases] == [colleague, None, colleague]
    assert bulk.outcome(run, open_task(cases[1])) == (False, "李审核员须回避此件，选其他人。")


def test_a_colleague_without_the_right_gets_nothing(office: Office, officer: User) -> None:
    task = open_task(good_cases(1)[0])
    outsider = cast.make_officer(office=cast.make_office("agency", rights=("view_cases",)), name="何查看员")
    run = bulk.assign_all(run_of([task.pk], officer, "assign"), to=outsider, by=officer, office=office)
    assert "何查看员不在本机构或没有这一步的权限" in bulk.outcome(run, task)[1]
    assert not AuditRow.objects.filter(verb="review.assigned").exists()


@pytest.mark.parametrize("how", ["left", "disabled"])
def test_who_left_the_office_is_no_colleague_and_blocks_nobody(
    office: Office, officer: User, colleague: User, how: str
) -> None:
    case = good_cases(1)[0]
    reviews.assign(open_task(case), to=colleague, by=officer, office=office)
    if how == "left":
        colleague.groups.clear()
    else:
        User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert list(reviews.colleagues(open_task(case), office)) == [officer]
    with pytest.raises(NotAllowed, match="不在本机构"):
        reviews.assign(open_task(case), to=colleague, by=officer, office=office)
    reviews.assign(open_task(case), to=officer, by=officer, office=office)
    reviews.decide(open_task(case), by=officer, office=office, decision="approve")
    assert ends([case]) == ["approved"]


def test_who_left_between_form_and_post_is_asked_about(desk: Client, colleague: User) -> None:
    cases = good_cases(1)
    assert "李审核员" in desk.get(ASSIGN, {"s": tasks_of(cases)}).content.decode()
    colleague.groups.clear()
    response = desk.post(ASSIGN, posted(cases, to=colleague.pk))
    assert response.status_code == 422
    assert (open_task(cases[0]).assignee, BulkRun.objects.count()) == (None, 0)


def test_giving_it_again_to_the_same_person_says_nothing_twice(office: Office, officer: User, colleague: User) -> None:
    task = open_task(good_cases(1)[0])
    for _again in range(2):
        reviews.assign(task, to=colleague, by=officer, office=office)
    assert AuditRow.objects.filter(verb="review.assigned").count() == 1


def test_an_assigned_case_is_open_to_all(office: Office, officer: User, colleague: User) -> None:
    task = open_task(good_cases(1)[0])
    reviews.assign(task, to=colleague, by=officer, office=office)
    assert why(open_task(task.case), officer, office) == ""


# --- Keeping away -----------------------------------------------------------------------------------


def test_keeping_away_frees_the_later_steps_too(office: Office, officer: User, colleague: User) -> None:
    make_chain({"name": "初审"}, {"name": "核定"})
    case = open_case()
    case.tasks.update(assignee=colleague)
    reviews.recuse(case, by=colleague, office=office, reason=" 亲属任职 ")
    assert set(case.tasks.values_list("assignee", flat=True)) == {None}
    assert Interest.objects.get().reason == "亲属任职"


def test_keeping_away_leaves_what_others_hold(office: Office, officer: User, colleague: User) -> None:
    case = good_cases(1)[0]
    reviews.take(open_task(case), by=officer, office=office)
    reviews.recuse(case, by=colleague, office=office, reason="亲属任职")
    assert open_task(case).holder == officer


def test_one_case_kept_away_from_says_nothing_of_another(office: Office, officer: User) -> None:
    one, other = good_cases(2)
    reviews.recuse(one, by=officer, office=office, reason="亲属任职")
    with pytest.raises(NotAllowed, match="回避"):
        reviews.take(open_task(one), by=officer, office=office)
    assert reviews.take(open_task(other), by=officer, office=office).holder == officer


def test_what_was_decided_before_stays_decided(office: Office, officer: User) -> None:
    case = good_cases(1)[0]
    reviews.decide(open_task(case), by=officer, office=office, decision="approve")
    reviews.recuse(case, by=officer, office=office, reason="亲属任职")
    task = case.tasks.get()
    assert (task.decided_by, task.holder) == (officer, officer)
    assert ends([case]) == ["approved"]


def test_bulk_leaves_out_what_one_keeps_away_from(desk: Client, officer: User) -> None:
    cases = good_cases(2)
    reviews.recuse(cases[0], by=officer, office=None, reason="亲属任职")
    desk.post(BULK, posted(cases))
    assert ends(cases) == ["open", "approved"]
    assert BulkRun.objects.get().asked == [cases[1].tasks.get().pk]


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_no_reason_keeps_nobody_away(officer: User, reason: str) -> None:
    case: Any = good_cases(1)[0]
    with pytest.raises(Refused, match="原因"):
        reviews.recuse(case, by=officer, office=None, reason=reason)
    assert not Interest.objects.exists()
