"""The inbox and the queues of a desk: what waits, for whom, in which order."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject", "chain")]

QUEUE = "/desk/trial/"


@pytest.fixture
def chain() -> None:
    make_chain({"name": "初审"})


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def numbers(client: Client, url: str) -> list[str]:
    return [row.task.case.number for row in client.get(url).context["rows"]]


def age(case: ReviewCase, *, due: int = 0, submitted: int = 0, **fields: Any) -> None:
    """Move a case into the past by days."""
    ReviewTask.objects.filter(case=case).update(due_on=calendar.today() + timedelta(days=due))
    at = case.submitted_at - timedelta(days=submitted)
    ReviewCase.objects.filter(pk=case.pk).update(submitted_at=at, **fields)


@pytest.mark.feature("X-2")
def test_the_inbox_counts_what_waits(desk: Client) -> None:
    age(open_case(number="SB-1"), due=-1)
    open_case(number="SB-2")
    page = text(desk, "/desk/")
    assert "试办审核" in page
    assert "待办 2 件，其中逾期 1 件" in page


def test_an_empty_desk_says_so(desk: Client) -> None:
    assert "今天的待办已办完" in text(desk, "/desk/")
    assert "今天的待办已办完" in text(desk, QUEUE)


@pytest.mark.feature("X-1")
def test_only_tasks_of_the_own_region_and_office_appear(desk: Client, client: Client) -> None:
    here = open_case(number="SB-1")
    open_case(number="SB-2", region=cast.make_region(cast.OTHER_COUNTY))
    assert numbers(desk, QUEUE) == [here.number]
    city = cast.make_officer("330100", RIGHT, kind="bureau")
    client.force_login(city)
    assert numbers(client, QUEUE) == ["SB-1", "SB-2"]
    client.force_login(cast.make_officer(cast.COUNTY, RIGHT, kind="agency"))
    assert numbers(client, QUEUE) == []


@pytest.mark.feature("X-9")
def test_the_oldest_stands_first_and_overdue_is_said_in_words(desk: Client) -> None:
    open_case(number="SB-1")
    age(open_case(number="SB-2"), due=-3, submitted=9)
    age(open_case(number="SB-3"), due=0, submitted=5)
    assert numbers(desk, QUEUE) == ["SB-2", "SB-3", "SB-1"]
    page = text(desk, QUEUE)
    late = -calendar.working_days_left(calendar.today() - timedelta(days=3))
    assert f"逾期 {late} 个工作日" in page
    assert "今天到期" in page


def test_quick_views_hold_what_their_counts_say(desk: Client, officer: User) -> None:
    age(open_case(number="SB-1"), due=-3)
    age(open_case(number="SB-2"), due=0)
    mine = open_case(number="SB-3")
    reviews.take(open_task(mine), by=officer)
    tabs = {str(tab["label"]): tab["count"] for tab in desk.get(QUEUE).context["tabs"]}
    assert tabs == {"全部": 3, "逾期": 1, "今天到期": 1, "我的": 1, "未分派": 2}
    assert numbers(desk, f"{QUEUE}?view=late") == ["SB-1"]
    assert numbers(desk, f"{QUEUE}?view=today") == ["SB-2"]
    assert numbers(desk, f"{QUEUE}?view=mine") == ["SB-3"]
    assert numbers(desk, f"{QUEUE}?view=free") == ["SB-1", "SB-2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("step=初审", ["SB-1", "SB-2"]),
        ("step=复审", []),
        ("most=10000", ["SB-1"]),
        ("most=20,000", ["SB-1", "SB-2"]),
        ("checks=good", ["SB-2"]),
        ("checks=bad", ["SB-1"]),
        ("round=again", ["SB-2"]),
        ("round=first", ["SB-1"]),
        ("q=SB-2", ["SB-2"]),
        ("q=申请方", ["SB-1"]),
        ("until=2020-01-01", []),
        ("since=2020-01-01", ["SB-1", "SB-2"]),
        ("view=unknown", ["SB-1", "SB-2"]),
    ],
)
def test_filters_stand_in_the_address(desk: Client, query: str, expected: list[str]) -> None:
    open_case(number="SB-1", amount=Decimal("9000.00"), applicant="云帆申请方")
    age(open_case(number="SB-2", amount=Decimal("20000.00")), round=2, checks_bad=0, due=3)
    assert numbers(desk, f"{QUEUE}?{query}") == expected


def test_each_filter_in_use_is_a_chip_that_keeps_the_others(desk: Client) -> None:
    open_case()
    chips = desk.get(f"{QUEUE}?checks=bad&q=SB&view=free").context["chips"]
    assert [chip["label"] for chip in chips] == ["核对结果：有未通过", "编号或企业名：SB"]
    assert chips[0]["url"] == "?q=SB&view=free"


def test_a_filter_that_cannot_be_read_is_said_at_its_box(desk: Client) -> None:
    open_case(number="SB-1")
    page = text(desk, f"{QUEUE}?since=yesterday&q=SB", 422)
    assert "错误：" in page
    assert "yesterday" in page
    assert "SB-1" in page


def test_nothing_found_offers_the_way_back(desk: Client) -> None:
    open_case()
    assert "清除筛选" in text(desk, f"{QUEUE}?q=nothing")


def test_the_start_button_takes_the_oldest_free_case(desk: Client, officer: User) -> None:
    colleague = cast.make_officer(office=cast.make_office("bureau", rights=(RIGHT,)))
    held = open_case(number="SB-1")
    age(held, submitted=3)
    reviews.take(open_task(held), by=colleague)
    case = open_case(number="SB-2")
    response = desk.post(f"{QUEUE}start/?view=", {"_token": new_token()})
    assert response.url == "/desk/trial/SB-2/?view="  # type: ignore[attr-defined]
    assert open_task(case).holder == officer
    assert open_task(held).holder == colleague


def test_reading_a_queue_changes_nothing(desk: Client) -> None:
    case = open_case()
    before = list(ReviewTask.objects.values())
    text(desk, QUEUE)
    text(desk, f"{QUEUE}{case.number}/")
    assert list(ReviewTask.objects.values()) == before
    assert desk.get(f"{QUEUE}start/").status_code == 405


@pytest.mark.feature("X-2")
def test_a_queue_takes_the_same_few_queries_at_one_row_and_at_thirty(desk: Client) -> None:
    open_case(number="SB-100")
    desk.get(QUEUE)
    counts = []
    for more in (0, 29):
        for n in range(more):
            open_case(number=f"SB-{n}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(QUEUE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
    assert len(numbers(desk, QUEUE)) == 20
    assert len(numbers(desk, f"{QUEUE}?page=2")) == 10


def test_search_opens_the_one_case_and_lists_several(desk: Client) -> None:
    open_case(number="SB-1", applicant="云帆一号")
    open_case(number="SB-2", applicant="云帆二号")
    open_case(number="SB-3", applicant="云帆三号", region=cast.make_region(cast.OTHER_COUNTY))
    assert desk.get("/desk/search/?q=一号").url == "/desk/trial/SB-1/"  # type: ignore[attr-defined]
    page = text(desk, "/desk/search/?q=云帆")
    assert "SB-2" in page
    assert "SB-3" not in page
    assert "您的辖区内没有" in text(desk, "/desk/search/?q=三号")
    assert text(desk, "/desk/search/")


def test_desks_are_for_offices(client: Client, officer: User) -> None:
    assert "/accounts/login/" in client.get(QUEUE).url  # type: ignore[attr-defined]
    client.force_login(cast.owner_of(cast.make_organization()))
    assert client.get("/desk/").status_code == 403
    assert client.get(QUEUE).status_code == 403


def test_an_unknown_queue_does_not_exist(desk: Client) -> None:
    assert desk.get("/desk/nowhere/").status_code == 404


@pytest.mark.feature("X-1")
def test_a_person_of_two_offices_picks_one(desk: Client, officer: User) -> None:
    agency = cast.make_office("agency")
    officer.groups.add(agency.group)
    open_case(number="SB-1")
    assert numbers(desk, QUEUE) == ["SB-1"]
    assert agency.name in text(desk, "/role/")
    assert desk.post("/role/", {"role": f"office:{agency.pk}", "next": QUEUE}).url == QUEUE  # type: ignore[attr-defined]
    assert numbers(desk, QUEUE) == []
    assert desk.post("/role/", {"role": "office:0"}).status_code == 422
    elsewhere = desk.post("/role/", {"role": f"office:{agency.pk}", "next": "https://example.org/"})
    assert elsewhere.url == "/"  # type: ignore[attr-defined]
