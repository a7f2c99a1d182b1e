"""Several cases at once: the preview tells why not, the run does each by itself, a token runs once."""

import re
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, BulkRun, Interest, Message, Office, ReviewCase, ReviewTask
from innovation_voucher.casework.reviews import bulk
from innovation_voucher.tests import cast

from .test_review_race import together
from .trial import RIGHT, make_chain, open_case, open_task, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

BULK, ASSIGN = "/desk/trial/bulk/", "/desk/trial/assign/"


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


def good_cases(count: int = 3) -> list[ReviewCase]:
    """Open cases that pass every check."""
    make_chain({"name": "初审"})
    cases = [open_case(number=f"SB-{n}", amount=Decimal("1000.00")) for n in range(count)]
    ReviewCase.objects.update(checks_bad=0)
    return cases


def tasks_of(cases: list[ReviewCase]) -> list[int]:
    return [open_task(case).pk for case in cases]


def posted(cases: list[ReviewCase], **given: Any) -> dict[str, Any]:
    return {"_token": new_token(), "s": tasks_of(cases), "reason": "核对无误", "seen": "on", **given}


def ends(cases: list[ReviewCase]) -> list[str]:
    return [ReviewCase.objects.get(pk=case.pk).status for case in cases]


def test_the_preview_changes_nothing_and_counts_what_fits(desk: Client, colleague: User) -> None:
    cases = good_cases()
    ReviewCase.objects.filter(pk=cases[0].pk).update(checks_bad=1)
    reviews.take(open_task(cases[1]), by=colleague)
    before = AuditRow.objects.count()
    page = desk.get(BULK, {"s": tasks_of(cases)}).content.decode()
    assert "所选 3 件中 1 件可批量通过，2 件不可" in page
    assert "有 1 项核对未通过，打开此件办理：金额与合同一致" in page
    assert "李审核员正在办理此件" in page
    assert "1,000.00" in page
    assert ends(cases) == ["open"] * 3
    assert AuditRow.objects.count() == before


def test_a_run_agrees_to_each_and_shows_the_result(desk: Client, officer: User) -> None:
    cases = good_cases()
    response = desk.post(BULK + "?view=mine", posted(cases))
    assert response.status_code == 302
    assert ends(cases) == ["approved"] * 3
    assert [said(case.subject) for case in cases] == ["approved 1000.00"] * 3
    assert {task.reason for task in ReviewTask.objects.all()} == {"核对无误"}
    page = desk.get(response.url).content.decode()
    assert "3 件已办，0 件没有办理" in page
    assert "/desk/trial/?view=mine" in page


def test_the_same_form_runs_once(desk: Client) -> None:
    cases = good_cases(1)
    body = posted(cases)
    first, second = desk.post(BULK, body), desk.post(BULK, body)
    assert first.url == second.url
    assert BulkRun.objects.count() == 1
    assert AuditRow.objects.filter(verb="review.approved").count() == 1


def test_what_was_decided_meanwhile_is_told_and_the_rest_is_done(desk: Client, colleague: User) -> None:
    cases = good_cases()
    body = posted(cases)
    reviews.decide(open_task(cases[0]), by=colleague, office=None, decision="reject", reason="不符合")
    page = desk.post(BULK, body, follow=True).content.decode()
    assert "2 件已办，1 件没有办理" in page
    assert "此件已由李审核员于" in page
    assert ends(cases) == ["rejected", "approved", "approved"]


def test_a_failing_verb_leaves_its_row_whole(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = good_cases(2)

    def refuse(task: ReviewTask, **given: Any) -> ReviewCase:
        case = reviews.decide(task, **given)
        if case.number == "SB-0":
            raise Refused("额度不足，等额度补充后再办。")
        return case

    monkeypatch.setattr(bulk, "decide", refuse)
    page = desk.post(BULK, posted(cases), follow=True).content.decode()
    assert "额度不足，等额度补充后再办。" in page
    assert ends(cases) == ["open", "approved"]
    assert said(cases[0].subject) != "approved 1000.00"


@pytest.mark.parametrize("missing", ["reason", "seen"])
def test_a_run_needs_words_and_a_tick(desk: Client, missing: str) -> None:
    cases = good_cases(1)
    response = desk.post(BULK, {**posted(cases), missing: ""})
    assert response.status_code == 422
    assert ends(cases) == ["open"]
    assert not BulkRun.objects.exists()


def test_without_a_token_nothing_runs(desk: Client) -> None:
    cases = good_cases(1)
    assert desk.post(BULK, posted(cases, _token="")).status_code == 409
    assert ends(cases) == ["open"]


def test_nothing_ticked_leads_back_with_words(desk: Client) -> None:
    good_cases(1)
    page = desk.get(BULK + "?view=free", follow=True)
    assert page.redirect_chain[0][0] == "/desk/trial/?view=free"
    assert "还没有选择" in page.content.decode()


def test_cases_of_another_county_cannot_be_ticked(client: Client) -> None:
    cases = good_cases(1)
    client.force_login(cast.make_officer(cast.OTHER_COUNTY, RIGHT))
    assert client.post(BULK, posted(cases)).status_code == 302
    assert ends(cases) == ["open"]
    assert not BulkRun.objects.exists()


def test_the_own_case_and_a_second_step_are_left_out(desk: Client, officer: User) -> None:
    make_chain({"name": "初审"}, {"name": "核定"})
    own, two = open_case(number="SB-1", by=officer), open_case(number="SB-2")
    ReviewCase.objects.update(checks_bad=0)
    reviews.decide(open_task(two), by=officer, office=None, decision="approve")
    page = desk.get(BULK, {"s": tasks_of([own, two])}).content.decode()
    assert "这是您本单位的申请" in page
    assert "您已办理过此件的另一步骤" in page


def test_an_amount_to_set_is_not_set_in_bulk(desk: Client) -> None:
    make_chain({"name": "核定", "may_lower": True})
    case = open_case(number="SB-1")
    ReviewCase.objects.update(checks_bad=0)
    assert "须逐项核定金额" in desk.get(BULK, {"s": tasks_of([case])}).content.decode()


def test_the_result_is_for_whoever_ran_it(desk: Client, client: Client, colleague: User) -> None:
    url = desk.post(BULK, posted(good_cases(1))).url
    client.force_login(colleague)
    assert client.get(url).status_code == 404


# --- Assigning -------------------------------------------------------------------------------


def test_assigned_cases_are_the_colleagues_own(desk: Client, client: Client, colleague: User) -> None:
    cases = good_cases(2)
    page = desk.post(ASSIGN, posted(cases, to=colleague.pk), follow=True).content.decode()
    assert "2 件已办，0 件没有办理" in page
    assert {open_task(case).assignee for case in cases} == {colleague}
    assert {open_task(case).holder for case in cases} == {None}
    assert Message.objects.filter(user=colleague, title__startswith="分派给您").count() == 2
    assert AuditRow.objects.filter(verb="review.assigned").count() == 2
    client.force_login(colleague)
    assert len(client.get("/desk/trial/?view=mine").context["rows"]) == 2
    assert not client.get("/desk/trial/?view=free").context["rows"]


def test_only_colleagues_with_the_right_are_offered(desk: Client, colleague: User) -> None:
    cases = good_cases(1)
    stranger = cast.make_officer(cast.OTHER_COUNTY, RIGHT, name="何审核员")
    page = desk.get(ASSIGN, {"s": tasks_of(cases)}).content.decode()
    assert "李审核员" in page
    assert "何审核员" not in page
    response = desk.post(ASSIGN, posted(cases, to=stranger.pk))
    assert response.status_code == 422
    assert open_task(cases[0]).assignee is None


def test_the_verb_refuses_strangers_and_those_who_keep_away(office: Office, officer: User, colleague: User) -> None:
    case = good_cases(1)[0]
    stranger = cast.make_officer(cast.OTHER_COUNTY, RIGHT)
    for to, by in ((stranger, officer), (colleague, stranger)):
        with pytest.raises(NotAllowed):
            reviews.assign(open_task(case), to=to, by=by, office=office)
    reviews.recuse(case, by=colleague, office=office, reason="亲属任职")
    with pytest.raises(Refused, match="须回避此件"):
        reviews.assign(open_task(case), to=colleague, by=officer, office=office)
    assert open_task(case).assignee is None


# --- Keeping away ----------------------------------------------------------------------------


def test_a_declared_interest_frees_the_case_and_is_recorded(office: Office, officer: User, colleague: User) -> None:
    case = good_cases(1)[0]
    reviews.take(open_task(case), by=colleague)
    reviews.assign(open_task(case), to=colleague, by=officer, office=office)
    reviews.recuse(case, by=colleague, office=office, reason="亲属任职")
    task = open_task(case)
    assert (task.holder, task.held_until, task.assignee) == (None, None, None)
    assert AuditRow.objects.get(verb="review.recused").reason == "亲属任职"
    with pytest.raises(NotAllowed, match="回避"):
        reviews.decide(task, by=colleague, office=office, decision="approve")
    assert ends([case]) == ["open"]


def test_keeping_away_needs_a_reason_and_counts_once(officer: User) -> None:
    case = good_cases(1)[0]
    with pytest.raises(Refused, match="原因"):
        reviews.recuse(case, by=officer, office=None, reason=" ")
    for _again in range(2):
        reviews.recuse(case, by=officer, office=None, reason="亲属任职")
    assert Interest.objects.count() == 1
    assert AuditRow.objects.filter(verb="review.recused").count() == 1


def test_a_case_kept_away_from_is_not_in_the_queue(desk: Client, officer: User) -> None:
    cases = good_cases(2)
    reviews.recuse(cases[0], by=officer, office=None, reason="亲属任职")
    assert [row.task.case for row in desk.get("/desk/trial/").context["rows"]] == [cases[1]]


# --- Two at once -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_runs_over_the_same_cases_decide_each_once() -> None:
    cases = good_cases(6)
    office = cast.make_office("bureau", rights=(RIGHT,))
    people = [cast.make_officer(name=f"审核员{n}", office=office) for n in range(2)]
    pks = tasks_of(cases)
    runs = [
        bulk.start_run(new_token(), act="approve", key="trial", tasks=order, by=person)[0]
        for person, order in zip(people, (pks, pks[::-1]), strict=True)
    ]
    acts = [
        partial(bulk.approve_all, run, by=person, office=office, reason="核对无误")
        for run, person in zip(runs, people, strict=True)
    ]
    together(acts)
    done = [pk for run in BulkRun.objects.all() for pk, words in run.results.items() if not words]
    assert sorted(map(int, done)) == sorted(pks)
    assert ends(cases) == ["approved"] * 6
    assert AuditRow.objects.filter(verb="review.approved").count() == 6


def test_a_row_whose_turn_never_came_is_told(desk: Client, officer: User) -> None:
    cases = good_cases(1)
    run, _new = bulk.start_run(new_token(), act="approve", key="trial", tasks=tasks_of(cases), by=officer)
    assert timezone.now() - run.at < timedelta(minutes=1)
    assert "没有办理，仍在队列里" in desk.get(f"/desk/trial/runs/{run.token}/").content.decode()


def test_a_refused_form_still_names_what_it_leaves_out(desk: Client, colleague: User) -> None:
    cases = good_cases()
    ReviewCase.objects.filter(pk=cases[0].pk).update(checks_bad=1)
    page = desk.get(BULK, {"s": tasks_of(cases)})
    fields = {name: re.findall(rf'name="{name}" value="(\d+)"', page.content.decode()) for name in ("s", "left")}
    assert [len(fields["s"]), len(fields["left"])] == [2, 1]
    response = desk.post(BULK, {"_token": new_token(), "reason": "", "seen": "on", **fields})
    assert response.status_code == 422
    again = response.content.decode()
    assert "所选 3 件中 2 件可批量通过，1 件不可" in again
    assert "有 1 项核对未通过，打开此件办理：金额与合同一致" in again
    assert ends(cases) == ["open"] * 3
    desk.post(BULK, {"_token": new_token(), "reason": "核对无误", "seen": "on", **fields})
    assert ends(cases) == ["open", "approved", "approved"]


def test_a_case_declared_meanwhile_is_named_nowhere_on_the_refused_form(desk: Client, officer: User) -> None:
    cases = good_cases(2)
    fields = posted(cases, reason="", left=tasks_of(cases[:1]))
    reviews.recuse(cases[0], by=officer, office=None, reason="亲属任职")
    response = desk.post(BULK, fields)
    assert response.status_code == 422
    assert [row.task.case for row in response.context["fits"]] == [cases[1]]
    assert not response.context["rest"]
    assert cases[0].number not in response.content.decode()
    desk.post(BULK, {**fields, "_token": new_token(), "reason": "核对无误"})
    assert ends(cases) == ["open", "approved"]
