"""A case walks its chain: agreed, lowered, returned, mended, refused, withdrawn, expired."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.models import AuditRow, Message, Office, ReviewCase
from innovation_voucher.tests import cast

from . import trial
from .trial import RIGHT, make_chain, open_case, open_task, said, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

AMOUNT = Decimal("20000.00")
ITEMS = [("name", "名称与证书不一致"), ("", "补充说明")]


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT)


def officers(count: int) -> list[User]:
    office = cast.make_office("bureau", cast.COUNTY, rights=(RIGHT,))
    return [cast.make_officer(name=f"审核员{n}", office=office) for n in range(count)]


def agree(case: ReviewCase, by: User, **given: object) -> ReviewCase:
    return reviews.decide(open_task(case), by=by, office=None, decision="approve", **given)


def send_back(case: ReviewCase, by: User) -> ReviewCase:
    return reviews.decide(open_task(case), by=by, office=None, decision="return", items=ITEMS)


def everything(case: ReviewCase) -> object:
    """What a refused act must leave as it was."""
    fresh = ReviewCase.objects.get(pk=case.pk)
    tasks = list(case.tasks.order_by("id").values())
    return fresh.status, fresh.amount, fresh.round, tasks, said(case.subject), AuditRow.objects.count()


@pytest.mark.feature("X-2")
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_chain_ends_with_the_subjects_own_verb(steps: int) -> None:
    make_chain(*({} for _ in range(steps)))
    case = open_case(amount=AMOUNT)
    people = officers(steps)
    for number, person in enumerate(people):
        assert states(case) == ["done"] * number + ["open"] + ["waiting"] * (steps - number - 1)
        assert said(case.subject) == ""
        case = agree(case, person)
    assert (case.status, said(case.subject)) == ("approved", "approved 20000.00")
    assert case.closed_at is not None
    assert [task.decided_by for task in case.tasks.order_by("id")] == people


def test_a_task_is_due_in_working_days_and_its_people_are_told(officer: User) -> None:
    make_chain({"working_days": 7})
    case = open_case()
    stranger = cast.make_officer(cast.OTHER_COUNTY, RIGHT)
    task = open_task(case)
    assert task.due_on == calendar.add_working_days(calendar.today(), 7)
    assert (case.checks_good, case.checks_bad) == (1, 1)
    message = Message.objects.get(user=officer)
    assert case.number in message.title
    assert not Message.objects.filter(user=stranger).exists()


@pytest.mark.parametrize(
    ("scope", "code"), [("own", "330108"), ("city", "330100"), ("province", "330000"), ("programme", "330106")]
)
def test_each_step_asks_its_right_in_its_scope(scope: str, code: str) -> None:
    make_chain({"scope": scope})
    case = open_case(home=cast.make_region(cast.OTHER_COUNTY))
    assert open_task(case).region.code == code


def test_an_unknown_chain_is_refused() -> None:
    with pytest.raises(Refused, match="没有设置审核流程"):
        open_case(chain="nowhere")
    assert not ReviewCase.objects.exists()


def test_nothing_is_under_review_twice(officer: User) -> None:
    make_chain()
    case = open_case()
    with pytest.raises(Refused, match="已在审核中"):
        open_case(case.subject, number="SB-2")
    assert list(ReviewCase.objects.all()) == [case]
    agree(case, officer)
    assert open_case(case.subject, number="SB-2").status == "open"


# --- Amounts --------------------------------------------------------------------------------


def test_a_step_that_may_lower_does_so_with_a_reason() -> None:
    make_chain({"may_lower": True}, {})
    first, second = officers(2)
    case = open_case(amount=AMOUNT)
    case = agree(case, first, amount=Decimal("18000.00"), reason="合同金额为 36,000 元")
    assert case.amount == Decimal("18000.00")
    assert agree(case, second).status == "approved"
    assert said(case.subject) == "approved 18000.00"
    row = AuditRow.objects.filter(verb="review.agreed").order_by("id").first()
    assert row is not None
    assert (row.before["amount"], row.after["amount"]) == ("20000.00", "18000.00")


@pytest.mark.parametrize(
    ("may_lower", "amount", "reason", "words"),
    [
        (True, "20000.01", "多给", "不能高于"),
        (True, "18000.00", " ", "理由"),
        (True, "0.00", "全不同意", "大于 0"),
        (False, "18000.00", "合同金额有误", "不能核减"),
    ],
)
def test_other_amounts_are_refused(may_lower: bool, amount: str, reason: str, words: str, officer: User) -> None:
    make_chain({"may_lower": may_lower})
    case = open_case(amount=AMOUNT)
    before = everything(case)
    with pytest.raises(Refused, match=words):
        agree(case, officer, amount=Decimal(amount), reason=reason)
    assert everything(case) == before


def test_a_later_step_cannot_raise_what_an_earlier_one_lowered() -> None:
    make_chain({"may_lower": True}, {"may_lower": True})
    first, second = officers(2)
    case = agree(open_case(amount=AMOUNT), first, amount=Decimal("18000.00"), reason="核减")
    with pytest.raises(Refused, match="不能高于"):
        agree(case, second, amount=AMOUNT, reason="恢复")


def test_a_case_without_an_amount_takes_none(officer: User) -> None:
    make_chain({"may_lower": True})
    with pytest.raises(Refused, match="没有金额"):
        agree(open_case(), officer, amount=AMOUNT)


# --- Who may decide -------------------------------------------------------------------------


def test_one_person_decides_one_step_only(officer: User) -> None:
    make_chain({}, {})
    case = agree(open_case(), officer)
    before = everything(case)
    with pytest.raises(NotAllowed, match="另一步骤"):
        agree(case, officer)
    assert everything(case) == before


def test_nobody_decides_what_they_submitted_or_what_is_of_their_own_side(officer: User) -> None:
    make_chain()
    own = trial.make_applicant()
    case = open_case(own, by=officer)
    colleague = cast.make_officer(cast.COUNTY, RIGHT)
    colleague.groups.add(own.group)
    before = everything(case)
    for person in (officer, colleague):
        with pytest.raises(NotAllowed, match="本单位"):
            agree(case, person)
    assert everything(case) == before


@pytest.mark.feature("X-1")
def test_strangers_are_refused_and_change_nothing() -> None:
    make_chain()
    case = open_case()
    near = cast.make_office("bureau", cast.COUNTY, rights=(RIGHT,))
    before = everything(case)
    for person in (
        cast.make_officer(cast.OTHER_COUNTY, RIGHT),
        cast.make_officer(cast.COUNTY, RIGHT, kind="agency"),
        cast.make_officer(cast.COUNTY, "review_use", kind="centre"),
        cast.make_user("根", is_superuser=True, is_staff=True),
    ):
        with pytest.raises(NotAllowed, match=near.name):
            agree(case, person)
    assert everything(case) == before


def test_the_office_that_acts_must_be_of_the_steps_kind(officer: User) -> None:
    make_chain()
    case = open_case()
    agency = cast.make_office("agency")
    with pytest.raises(NotAllowed):
        reviews.decide(open_task(case), by=officer, office=agency, decision="approve")
    own = Office.objects.get(group__user=officer)
    assert reviews.decide(open_task(case), by=officer, office=own, decision="approve").status == "approved"
    assert AuditRow.objects.filter(verb="review.approved", office_name=own.name).exists()


# --- Return, mend, refuse -------------------------------------------------------------------


@pytest.mark.feature("X-2")
def test_a_return_names_everything_at_once_and_sets_a_day(officer: User) -> None:
    make_chain({"return_days": 10}, {})
    case = send_back(open_case(), officer)
    assert (case.status, said(case.subject)) == ("returned", "returned 2")
    assert case.return_due == calendar.add_working_days(calendar.today(), 10)
    assert states(case) == ["done", "skipped"]
    found = reviews.returned_items(case.subject)
    assert {target: [item.words for item in items] for target, items in found.items()} == {
        "name": ["名称与证书不一致"],
        "": ["补充说明"],
    }


def test_a_return_without_words_is_refused(officer: User) -> None:
    make_chain()
    case = open_case()
    before = everything(case)
    with pytest.raises(Refused, match="至少一项"):
        reviews.decide(open_task(case), by=officer, office=None, decision="return", items=[("name", "  ")])
    assert everything(case) == before


@pytest.mark.parametrize(("resume_at", "names"), [("same", ["第2步"]), ("first", ["第1步", "第2步"])])
def test_a_mended_case_resumes_where_the_step_says(resume_at: str, names: list[str]) -> None:
    make_chain({}, {"resume_at": resume_at})
    first, second = officers(2)
    case = send_back(agree(open_case(amount=AMOUNT), first), second)
    case = reviews.resubmit(case.subject, by=None, amount=Decimal("15000.00"), checks=trial.CHECKS[:1])
    assert (case.status, case.round, case.amount, case.return_due) == ("open", 2, Decimal("15000.00"), None)
    assert (case.checks_good, case.checks_bad) == (1, 0)
    live = case.tasks.filter(status__in=("open", "waiting")).order_by("id")
    assert [task.step.name for task in live] == names
    assert reviews.returned_items(case.subject) == {}
    for person in (first, second)[-len(names) :]:
        case = agree(case, person)
    assert said(case.subject) == "approved 15000.00"


def test_a_step_may_send_back_to_the_one_before() -> None:
    make_chain({}, {"return_to": "previous"})
    first, second = officers(2)
    case = send_back(agree(open_case(), first), second)
    assert (case.status, said(case.subject)) == ("open", "")
    assert open_task(case).step.position == 1
    assert reviews.returned_items(case.subject) == {}
    assert agree(agree(case, first), second).status == "approved"


def test_the_first_step_returns_to_the_applicant_whatever_it_says(officer: User) -> None:
    make_chain({"return_to": "previous"})
    assert send_back(open_case(), officer).status == "returned"


def test_only_a_returned_case_is_resubmitted(officer: User) -> None:
    make_chain()
    case = open_case()
    before = everything(case)
    with pytest.raises(Refused, match="没有被退回"):
        reviews.resubmit(case.subject, by=None)
    assert everything(case) == before
    agree(case, officer)
    with pytest.raises(Refused, match="不在审核中"):
        reviews.resubmit(case.subject, by=None)


def test_a_rejection_ends_the_case_and_needs_a_reason() -> None:
    make_chain({}, {})
    first, _second = officers(2)
    case = open_case()
    with pytest.raises(Refused, match="理由"):
        reviews.decide(open_task(case), by=first, office=None, decision="reject", reason=" ")
    assert said(case.subject) == ""
    case = reviews.decide(open_task(case), by=first, office=None, decision="reject", reason="不符合条件")
    assert (case.status, said(case.subject)) == ("rejected", "rejected 不符合条件")
    assert states(case) == ["done", "skipped"]
    assert reviews.live_case(case.subject) is None


def test_the_applicant_may_withdraw_until_the_end(officer: User) -> None:
    make_chain({}, {})
    case = agree(open_case(), officer)
    case = reviews.withdraw(case.subject, by=None)
    assert (case.status, states(case)) == ("withdrawn", ["done", "skipped"])
    with pytest.raises(Refused, match="不在审核中"):
        reviews.withdraw(case.subject, by=None)


def test_what_is_not_mended_in_time_expires(officer: User) -> None:
    make_chain()
    case = open_case()
    with pytest.raises(Refused, match="没有过期"):
        reviews.expire(case.subject)
    send_back(case, officer)
    assert reviews.expire(case.subject).status == "expired"
    assert reviews.live_case(case.subject) is None


# --- Too late, and the soft lock ------------------------------------------------------------


def test_who_comes_too_late_reads_who_was_first() -> None:
    make_chain()
    first, second = officers(2)
    task = open_task(open_case())
    reviews.decide(task, by=first, office=None, decision="approve")
    before = everything(task.case)
    for decision in ("approve", "reject"):
        with pytest.raises(Stale, match=r"审核员0于 \d\d:\d\d 办结"):
            reviews.decide(task, by=second, office=None, decision=decision, reason="不")
    assert everything(task.case) == before


def test_a_withdrawn_case_is_no_longer_decided(officer: User) -> None:
    make_chain()
    case = open_case()
    task = open_task(case)
    reviews.withdraw(case.subject, by=None)
    with pytest.raises(Stale, match="已撤回"):
        reviews.decide(task, by=officer, office=None, decision="approve")


def test_a_taken_task_waits_for_its_holder_for_fifteen_minutes() -> None:
    make_chain()
    first, second = officers(2)
    task = open_task(open_case())
    held = reviews.take(task, by=first)
    assert held.holder == first
    for act in (lambda: reviews.take(task, by=second), lambda: agree(task.case, second)):
        with pytest.raises(Refused, match="审核员0正在办理"):
            act()
    type(task).objects.filter(pk=task.pk).update(held_until=held.held_until - timedelta(minutes=16))
    assert reviews.take(task, by=second).holder == second


def test_only_the_holder_gives_a_task_back() -> None:
    make_chain()
    first, second = officers(2)
    task = open_task(open_case())
    reviews.take(task, by=first)
    assert reviews.release(task, by=second).holder == first
    assert reviews.release(task, by=first).holder is None
    assert agree(task.case, second).status == "approved"


def test_every_act_of_a_case_is_on_the_record() -> None:
    make_chain({}, {"resume_at": "same"})
    first, second = officers(2)
    case = send_back(agree(open_case(by=first.groups.get().user_set.create_user("提交人")), first), second)
    reviews.resubmit(case.subject, by=None)
    agree(case, second)
    verbs = list(AuditRow.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "review.opened",
        "review.agreed",
        "review.returned",
        "review.resubmitted",
        "review.agreed",
        "review.approved",
    ]
