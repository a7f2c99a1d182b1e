"""Every sentence with which reviews say no, word for word, and that nothing has changed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.models import AuditRow, Office, ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, trial.RIGHT, name="王审核员")


@pytest.fixture
def case(officer: User) -> ReviewCase:
    trial.make_chain({"name": "初审"}, {"name": "复审", "may_lower": True})
    return trial.open_case(amount=Decimal("20000.00"))


def decide(case: ReviewCase, by: Any, decision: str = "approve", office: Any = None, **words: Any) -> ReviewCase:
    return reviews.decide(trial.open_task(case), by=by, office=office, decision=decision, **words)


def refused(act: Callable[[], object], error: type[Refused] = Refused) -> str:
    """What the verb says; the record and all rows of reviews stay as they are."""

    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (ReviewCase, ReviewTask, AuditRow)]

    before = rows()
    with pytest.raises(error) as caught:
        act()
    assert type(caught.value) is error
    assert rows() == before
    return str(caught.value)


# --- Who may --------------------------------------------------------------------------------


def test_without_the_right_the_office_that_has_it_is_named(case: ReviewCase) -> None:
    stranger = cast.make_officer(cast.COUNTY, kind="agency")
    office = Office.objects.get(kind="bureau", region__code=cast.COUNTY)
    words = f"这一步由{office.name}办理，您可以查看，不能办理。"
    assert refused(lambda: decide(case, stranger), NotAllowed) == words
    assert refused(lambda: reviews.take(trial.open_task(case), by=stranger), NotAllowed) == words


def test_where_no_office_has_the_right_its_kind_is_named(case: ReviewCase, officer: User) -> None:
    Office.objects.get(group__user=officer).group.permissions.clear()
    ReviewTask.objects.filter(case=case).update(region=cast.make_region("320100"))
    assert refused(lambda: decide(case, officer), NotAllowed) == "这一步由科技主管部门办理，您可以查看，不能办理。"


def test_at_most_three_offices_are_named_the_nearest_first(case: ReviewCase) -> None:
    names = [f"第{n}局" for n in range(4)]
    for name in names:
        cast.make_office("bureau", name=name, rights=(trial.RIGHT,))
    cast.make_office("bureau", "330000", name="省局", rights=(trial.RIGHT,))
    words = refused(lambda: decide(case, cast.make_user()), NotAllowed)
    assert words.count("、") == 2
    assert "省局" not in words


def test_the_submitter_and_the_applicants_people_are_told_it_is_their_own(officer: User) -> None:
    trial.make_chain()
    words = "这是您本单位的申请，须由其他人办理。"
    own = trial.open_case(number="SB-1", by=officer)
    assert refused(lambda: decide(own, officer), NotAllowed) == words
    obj = trial.make_applicant()
    officer.groups.add(obj.group)
    theirs = trial.open_case(obj, number="SB-2")
    assert refused(lambda: decide(theirs, officer), NotAllowed) == words
    assert refused(lambda: reviews.take(trial.open_task(theirs), by=officer), NotAllowed) == words


def test_a_second_step_needs_a_second_person(case: ReviewCase, officer: User) -> None:
    decide(case, officer)
    words = "您已办理过此件的另一步骤，这一步须由其他人办理。"
    assert refused(lambda: decide(case, officer), NotAllowed) == words
    assert refused(lambda: reviews.take(trial.open_task(case), by=officer), NotAllowed) == words


def test_the_one_who_holds_a_task_is_named_with_the_time(case: ReviewCase, officer: User) -> None:
    office = Office.objects.get(group__user=officer)
    colleague = cast.make_officer(name="李审核员", office=office)
    held = reviews.take(trial.open_task(case), by=colleague)
    assert held.held_until is not None
    until = timezone.localtime(held.held_until).strftime("%H:%M")
    words = f"{colleague}正在办理此件，{until} 后可由您办理。"
    assert refused(lambda: decide(case, officer)) == words
    assert refused(lambda: reviews.take(trial.open_task(case), by=officer)) == words
    ReviewTask.objects.filter(pk=held.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    assert decide(case, officer).status == "open"


# --- What is decided ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("20000.01", "核定金额最多 20,000.00 元，不能高于申请金额。"),
        ("1E+12", "核定金额最多 20,000.00 元，不能高于申请金额。"),
        ("19999.99", "这一步不能核减金额，金额应为 20,000.00 元。"),
        ("0", "这一步不能核减金额，金额应为 20,000.00 元。"),
    ],
)
def test_amounts_at_a_step_that_may_not_lower(case: ReviewCase, officer: User, amount: str, words: str) -> None:
    assert refused(lambda: decide(case, officer, amount=Decimal(amount), reason="核减")) == words


@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [
        ("20000.01", "核增", "核定金额最多 20,000.00 元，不能高于申请金额。"),
        ("0", "不给", "核定金额须大于 0 元；全部不同意时选“不予通过”。"),
        ("-0.01", "倒扣", "核定金额须大于 0 元；全部不同意时选“不予通过”。"),
        ("0.004", "不到一分", "核定金额须大于 0 元；全部不同意时选“不予通过”。"),
        ("19999.99", "", "写明核减金额的理由。"),
        ("19999.99", "  \n ", "写明核减金额的理由。"),
    ],
)
def test_amounts_at_a_step_that_may_lower(
    case: ReviewCase, officer: User, amount: str, reason: str, words: str
) -> None:
    decide(case, officer)
    second = cast.make_officer(office=Office.objects.get(group__user=officer))
    assert refused(lambda: decide(case, second, amount=Decimal(amount), reason=reason)) == words


@pytest.mark.parametrize("amount", ["20000", "20000.00", "20000.004", "0.01"])
def test_amounts_that_pass_are_kept_to_the_cent(case: ReviewCase, officer: User, amount: str) -> None:
    decide(case, officer)
    second = cast.make_officer(office=Office.objects.get(group__user=officer))
    decided = decide(case, second, amount=Decimal(amount), reason="核减")
    assert decided.amount == Decimal(amount).quantize(Decimal("0.01"))
    assert trial.said(case.subject) == f"approved {decided.amount}"


def test_a_case_without_an_amount_takes_none(officer: User) -> None:
    trial.make_chain({"may_lower": True})
    case = trial.open_case()
    words = "这项申请没有金额，不用填写核定金额。"
    assert refused(lambda: decide(case, officer, amount=Decimal("1.00"), reason="核减")) == words


@pytest.mark.parametrize("items", [[], [("name", "")], [("name", "  "), ("", "\n")]])
def test_a_return_names_at_least_one_thing(case: ReviewCase, officer: User, items: list[tuple[str, str]]) -> None:
    assert refused(lambda: decide(case, officer, "return", items=items)) == "写明需要补正的内容，至少一项。"


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_rejection_says_why(case: ReviewCase, officer: User, reason: str) -> None:
    assert refused(lambda: decide(case, officer, "reject", reason=reason)) == "写明不予通过的理由。"


@pytest.mark.parametrize("decision", ["", "burn", "APPROVE", "returned"])
def test_there_is_no_fourth_decision(case: ReviewCase, officer: User, decision: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        decide(case, officer, decision)
    assert trial.states(case) == ["open", "waiting"]


# --- When -----------------------------------------------------------------------------------


def test_what_is_under_review_is_not_submitted_again(case: ReviewCase) -> None:
    assert refused(lambda: trial.open_case(case.subject, number="SB-2")) == "这项申请已在审核中，不用重复提交。"
    assert refused(lambda: reviews.resubmit(case.subject, by=None)) == "这项申请没有被退回，不用重新提交。"
    assert refused(lambda: reviews.expire(case.subject)) == "这项申请已重新提交，没有过期。"


@pytest.mark.parametrize("verb", [reviews.resubmit, reviews.withdraw, reviews.expire])
def test_what_is_not_under_review_cannot_go_on(case: ReviewCase, verb: Any) -> None:
    reviews.withdraw(case.subject, by=None)
    assert refused(lambda: verb(case.subject, by=None)) == "这项申请不在审核中，刷新页面查看现在的状态。"


def test_a_chain_without_steps_asks_to_call_the_bureau() -> None:
    words = "这一事项还没有设置审核流程，联系科技主管部门。"
    assert refused(lambda: trial.open_case(chain="nowhere")) == words


def test_who_comes_second_reads_name_and_time_of_the_first(case: ReviewCase, officer: User) -> None:
    task = trial.open_task(case)
    decide(case, officer)
    decided = ReviewTask.objects.get(pk=task.pk)
    assert decided.decided_at is not None
    at = timezone.localtime(decided.decided_at).strftime("%H:%M")
    late = lambda: reviews.decide(task, by=officer, office=None, decision="approve")  # noqa: E731
    assert refused(late, Stale) == f"此件已由{officer}于 {at} 办结。"


@pytest.mark.parametrize(("verb", "state"), [(reviews.withdraw, "已撤回"), (reviews.expire, "已过期")])
def test_who_comes_after_the_applicant_left_reads_the_state(
    case: ReviewCase, officer: User, verb: Any, state: str
) -> None:
    task = case.tasks.get(status="waiting")
    decide(case, officer, "return", items=[("", "补正")])
    verb(case.subject, by=None)
    late = lambda: reviews.take(task, by=officer)  # noqa: E731
    assert refused(late, Stale) == f"此件现为“{state}”，不需要您办理。"


@pytest.mark.parametrize(
    ("error", "code", "status"), [(Refused, "refused", 409), (NotAllowed, "not_allowed", 403), (Stale, "stale", 409)]
)
def test_a_refusal_has_a_code_for_programs_and_a_status_for_browsers(
    error: type[Refused], code: str, status: int
) -> None:
    assert (error("话").code, error("话").status_code, str(error("话"))) == (code, status, "话")
    assert error("话", "own_code").code == "own_code"
