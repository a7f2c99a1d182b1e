"""What stands beside the decision: place in the view, files not seen, a second return for a new cause, the 409."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import Refused, Stale, stale_at
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AttachmentView, Office, ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from .test_case_page import attach
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.feature("X-2")]

QUEUE = "/desk/trial/"


@pytest.fixture
def office() -> Office:
    return cast.make_office("bureau", rights=(RIGHT,))


@pytest.fixture
def officer(office: Office) -> User:
    return cast.make_officer(name="王审核员", office=office)


@pytest.fixture
def cases() -> list[ReviewCase]:
    make_chain()
    return [open_case(number=f"SB-{n}") for n in range(1, 5)]


@pytest.fixture
def case(cases: list[ReviewCase]) -> ReviewCase:
    return cases[0]


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def text_of(desk: Client, number: str, query: str = "") -> str:
    return desk.get(f"{QUEUE}{number}/{query}").content.decode()


def form(case: ReviewCase, **given: Any) -> dict[str, Any]:
    return {"_token": new_token(), "task": open_task(case).pk, "decision": "approve", "reason": "", **given}


# --- The place in the view -----------------------------------------------------------------------


def test_the_page_says_the_place_in_the_queue(desk: Client, cases: list[ReviewCase]) -> None:
    assert "第 1 / 4 件" in text_of(desk, "SB-1", "?view=free")
    assert "第 3 / 4 件" in text_of(desk, "SB-3", "?view=free")


def test_a_case_that_was_opened_from_no_view_has_no_place(desk: Client, cases: list[ReviewCase]) -> None:
    assert "/ 4 件" not in text_of(desk, "SB-1")


def test_the_place_is_counted_within_the_filters_and_the_order(desk: Client, cases: list[ReviewCase]) -> None:
    ReviewCase.objects.filter(number="SB-2").update(checks_bad=0)
    assert "第 2 / 3 件" in text_of(desk, "SB-3", "?checks=bad")
    assert "第 4 / 4 件" in text_of(desk, "SB-1", "?sort=-submitted")


def test_a_case_outside_of_the_filters_has_no_place(desk: Client, cases: list[ReviewCase]) -> None:
    page = text_of(desk, "SB-1", "?q=SB-2")
    assert "/ 1 件" not in page
    assert "第 0 /" not in page


def test_filters_and_place_are_kept_through_submit_and_next(desk: Client, cases: list[ReviewCase]) -> None:
    ReviewCase.objects.filter(number="SB-2").update(checks_bad=0)
    following = desk.post(f"{QUEUE}SB-1/?checks=bad", form(cases[0], next="1"))
    assert following.url == f"{QUEUE}SB-3/?checks=bad"  # type: ignore[attr-defined]
    assert "第 1 / 2 件" in desk.get(following.url).content.decode()  # type: ignore[attr-defined]


def test_who_may_not_decide_is_told_no_place(client: Client, cases: list[ReviewCase], office: Office) -> None:
    client.force_login(cast.make_officer("330000", "view_cases", kind="province"))
    assert "/ 4 件" not in text_of(client, "SB-1", "?view=free")


def test_a_decided_case_has_no_place(desk: Client, cases: list[ReviewCase], officer: User) -> None:
    reviews.decide(open_task(cases[0]), by=officer, office=None, decision="approve")
    assert " 件</span>" not in text_of(desk, "SB-1", "?sort=submitted")


def test_odd_filters_break_nothing(desk: Client, cases: list[ReviewCase]) -> None:
    for query in ("?since=x", "?left=-1", "?view=none&sort=none", "?round=%00x"):
        assert desk.get(f"{QUEUE}SB-1/{query}").status_code in (200, 400)


def test_more_cases_cost_no_query_more(desk: Client, cases: list[ReviewCase]) -> None:
    desk.get(f"{QUEUE}SB-1/?view=free")
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{QUEUE}SB-1/?view=free")
    for n in range(5, 12):
        open_case(number=f"SB-{n}")
    with CaptureQueriesContext(connection) as many:
        desk.get(f"{QUEUE}SB-1/?view=free")
    assert len(many) == len(few)


# --- Files not seen ------------------------------------------------------------------------------


def test_files_not_seen_are_counted_beside_the_decision(desk: Client, case: ReviewCase, officer: User) -> None:
    first = attach(case, "合同.pdf")
    attach(case, "报告.pdf")
    assert "还有 2 份材料未看" in text_of(desk, "SB-1")
    AttachmentView.objects.create(attachment=first, user=officer, at=timezone.now())
    assert "还有 1 份材料未看" in text_of(desk, "SB-1")
    AttachmentView.objects.create(attachment=attach(case, "附件.pdf"), user=officer, at=timezone.now())
    assert "还有 1 份材料未看" in text_of(desk, "SB-1")


def test_the_reminder_goes_when_all_were_seen_and_blocks_nothing(desk: Client, case: ReviewCase, officer: User) -> None:
    assert "份材料未看" not in text_of(desk, "SB-1")
    attach(case, "合同.pdf")
    assert desk.post(f"{QUEUE}SB-1/", form(case)).status_code == 302
    assert ReviewCase.objects.get(pk=case.pk).status == "approved"


# --- A second return for a new cause -------------------------------------------------------------


def returned(case: ReviewCase, officer: User, *targets: str) -> None:
    items = [(target, "补充") for target in targets]
    reviews.decide(open_task(case), by=officer, office=None, decision="return", items=items)


def test_a_return_for_a_new_cause_is_marked_on_the_page(desk: Client, case: ReviewCase, officer: User) -> None:
    words = "再次退回的理由与上次不同"
    returned(case, officer, "name")
    assert words not in text_of(desk, "SB-1")
    reviews.resubmit(case.subject, by=None)
    returned(case, officer, "hotline")
    assert words in text_of(desk, "SB-1")


def test_a_second_return_for_the_same_cause_is_not_marked(desk: Client, case: ReviewCase, officer: User) -> None:
    returned(case, officer, "name")
    reviews.resubmit(case.subject, by=None)
    returned(case, officer, "name")
    assert "再次退回的理由与上次不同" not in text_of(desk, "SB-1")


# --- Somebody was first ---------------------------------------------------------------------------


def test_who_comes_too_late_finds_the_way_to_the_result(desk: Client, case: ReviewCase, office: Office) -> None:
    posted = form(case)
    colleague = cast.make_officer(name="李审核员", office=office)
    reviews.decide(open_task(case), by=colleague, office=None, decision="reject", reason="不符合条件")
    tasks = list(ReviewTask.objects.values())
    for path, data in (("", posted), ("take/", {"_token": new_token(), "act": "take"})):
        response = desk.post(f"{QUEUE}SB-1/{path}", data)
        assert response.status_code == 409
        page = response.content.decode()
        assert "看结果" in page
        assert f'href="{QUEUE}SB-1/"' in page
    assert list(ReviewTask.objects.values()) == tasks


def test_a_conflict_without_a_place_has_no_link() -> None:
    with pytest.raises(Stale) as plain:
        raise Stale("已由他人办理。")
    assert plain.value.url == ""
    with pytest.raises(Stale) as placed, stale_at("/desk/"):
        raise Stale("已由他人办理。")
    assert placed.value.url == "/desk/"
    with pytest.raises(Refused) as other, stale_at("/desk/"):
        raise Refused("写明理由。")
    assert not hasattr(other.value, "url")
