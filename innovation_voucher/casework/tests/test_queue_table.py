"""The queue as a table: sorted by its heads, narrowed by the days left, taken away as CSV; and what a round changes."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import calendar, reviews, rights, subjects
from innovation_voucher.casework.models import Message, Office, ReviewCase, ReviewTask
from innovation_voucher.casework.subjects import Subject
from innovation_voucher.tests import cast

from . import trial
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

QUEUE = "/desk/trial/"


@pytest.fixture
def office() -> Office:
    make_chain({"name": "初审"})
    return cast.make_office("bureau", rights=(RIGHT,))


@pytest.fixture
def desk(client: Client, office: Office) -> Client:
    client.force_login(cast.make_officer(name="王审核员", office=office))
    return client


def numbers(desk: Client, query: str) -> list[str]:
    return [row.task.case.number for row in desk.get(QUEUE + query).context["rows"]]


def due_in(case: ReviewCase, days: int) -> None:
    """Let the open task of a case be due after so many working days."""
    due = calendar.add_working_days(calendar.today(), days)
    ReviewTask.objects.filter(case=case).update(due_on=due)


def three_cases() -> list[ReviewCase]:
    amounts = [Decimal("300.00"), None, Decimal("700.00")]
    cases = [open_case(number=f"SB-{n}", amount=amount) for n, amount in enumerate(amounts)]
    for case, days in zip(cases, (4, 1, 9), strict=True):
        due_in(case, days)
    return cases


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["SB-0", "SB-1", "SB-2"]),
        ("?sort=amount", ["SB-0", "SB-2", "SB-1"]),
        ("?sort=-amount", ["SB-2", "SB-0", "SB-1"]),
        ("?sort=due", ["SB-1", "SB-0", "SB-2"]),
        ("?sort=-submitted", ["SB-2", "SB-1", "SB-0"]),
        ("?sort=case__reason", ["SB-0", "SB-1", "SB-2"]),
    ],
)
def test_heads_sort_and_an_unknown_one_does_not(desk: Client, sort: str, order: list[str]) -> None:
    three_cases()
    assert numbers(desk, sort) == order


def test_a_head_says_its_direction_and_turns_it(desk: Client) -> None:
    three_cases()
    page = desk.get(QUEUE + "?sort=due&view=free").content.decode()
    assert page.count('aria-sort="ascending"') == 1
    assert "?sort=-due&amp;view=free" in page


@pytest.mark.feature("X-9")
def test_the_days_left_narrow_the_queue(desk: Client) -> None:
    three_cases()
    assert numbers(desk, "?left=0") == []
    assert numbers(desk, "?left=2") == ["SB-1"]
    assert numbers(desk, "?left=5") == ["SB-0", "SB-1"]
    assert "剩余天数：5 个工作日内" in desk.get(QUEUE + "?left=5").content.decode()
    assert desk.get(QUEUE + "?left=99").status_code == 422


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_csv_holds_what_the_filters_leave(desk: Client) -> None:
    three_cases()
    found = rows_of(desk.get(QUEUE + "queue.csv?left=5&sort=-amount"))
    assert found[0][:5] == ["编号", "企业", "事项", "步骤", "金额（元）"]
    assert [row[0] for row in found[1:]] == ["SB-0", "SB-1"]
    assert found[1][4] == "300.00"
    assert found[2][10] == "还剩 1 个工作日"


def test_a_typed_formula_stays_words_in_the_csv(desk: Client) -> None:
    open_case(number="SB-1", applicant='=HYPERLINK("x")')
    assert rows_of(desk.get(QUEUE + "queue.csv"))[1][1] == '\'=HYPERLINK("x")'


def test_another_county_exports_nothing_of_ours(client: Client, office: Office) -> None:
    three_cases()
    client.force_login(cast.make_officer(cast.OTHER_COUNTY, RIGHT))
    assert len(rows_of(client.get(QUEUE + "queue.csv"))) == 1


# --- Rounds ----------------------------------------------------------------------------------


@pytest.fixture
def telling(subject: Subject) -> Subject:
    """The trial subject with answers of its own: the hotline of the office under review."""
    subjects.unregister(trial.SUBJECT)
    told = Subject(**{**vars(trial.SUBJECT), "answers": lambda obj: [("咨询电话", obj.hotline)]})
    subjects.register(told)
    return told


def returned(case: ReviewCase, by: User, *targets: str) -> None:
    items = [(target, "补充") for target in targets]
    reviews.decide(open_task(case), by=by, office=None, decision="return", items=items)


def test_a_case_keeps_what_every_round_declared(office: Office, telling: Subject) -> None:
    officer = cast.make_officer(name="王审核员", office=office)
    case = open_case()
    assert case.answers == [["咨询电话", ""]]
    returned(case, officer, "hotline")
    Office.objects.filter(pk=case.subject_id).update(hotline="12345")
    reviews.resubmit(Office.objects.get(pk=case.subject_id), by=None)
    fresh = ReviewCase.objects.get(pk=case.pk)
    assert fresh.answers_before == [["咨询电话", ""]]
    assert fresh.answers == [["咨询电话", "12345"]]


def head_of(office: Office) -> User:
    """Who sets the rules, in the same office."""
    head = cast.make_officer(name="科长", office=office)
    rights.grant(head, "set_rules", office.region)
    return head


def test_a_second_return_for_a_new_cause_is_told_to_the_head(office: Office) -> None:
    head, officer = head_of(office), cast.make_officer(name="王审核员", office=office)
    case = open_case()
    returned(case, officer, "hotline")
    reviews.resubmit(case.subject, by=None)
    returned(case, officer, "hotline", "name")
    assert ReviewCase.objects.get(pk=case.pk).new_cause
    found = Message.objects.filter(title__startswith="再次退回且理由不同")
    assert [message.user for message in found] == [head]


def test_asking_again_for_the_same_is_no_new_cause(office: Office) -> None:
    head_of(office)
    officer = cast.make_officer(name="王审核员", office=office)
    case = open_case()
    for _round in range(2):
        returned(case, officer, "hotline")
        assert not ReviewCase.objects.get(pk=case.pk).new_cause
        reviews.resubmit(case.subject, by=None)
    assert not Message.objects.filter(title__startswith="再次退回").exists()
