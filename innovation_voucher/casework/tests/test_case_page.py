"""The case page: who reads it, who decides on it, and the letter that names what to mend."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment, AttachmentView, AuditRow, ReviewCase, ReviewTask
from innovation_voucher.lib import pdf
from innovation_voucher.tests import cast

from .trial import RIGHT, make_chain, open_case, open_task, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

NUMBER = "SB-2026-000001"
URL = f"/desk/trial/{NUMBER}/"


@pytest.fixture
def case() -> ReviewCase:
    make_chain({"name": "初审", "may_lower": True})
    return open_case(number=NUMBER, amount=Decimal("20000.00"))


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def form(case: ReviewCase, **given: Any) -> dict[str, Any]:
    task = case.tasks.order_by("-id").first()
    return {"_token": new_token(), "task": task.pk, "decision": "approve", "amount": "20000", "reason": "", **given}


def traces(case: ReviewCase) -> Any:
    tasks = list(ReviewTask.objects.filter(case=case).values())
    return tasks, ReviewCase.objects.get(pk=case.pk).status, said(case.subject), AuditRow.objects.count()


@pytest.mark.feature("X-2")
def test_the_page_shows_checks_record_and_decision(desk: Client, case: ReviewCase) -> None:
    page = desk.get(URL).content.decode()
    for words in ("系统核对", "金额与合同一致", "申报信息", "办理记录", "提交审核", "审核结论", "提交并看下一件"):
        assert words in page
    assert page.count("<h1") == 1


def test_the_page_takes_few_queries(desk: Client, case: ReviewCase) -> None:
    desk.get(URL)
    with CaptureQueriesContext(connection) as queries:
        desk.get(URL)
    assert len(queries) <= 12, "\n".join(q["sql"][:150] for q in queries.captured_queries)


@pytest.mark.feature("X-1")
def test_out_of_the_region_a_case_does_not_exist(client: Client, case: ReviewCase) -> None:
    client.force_login(cast.make_officer(cast.OTHER_COUNTY, RIGHT, "view_cases"))
    before = traces(case)
    assert client.get(URL).status_code == 404
    for url in (URL, f"{URL}take/"):
        assert client.post(url, form(case)).status_code == 404
    assert client.get(f"{URL}notice/").status_code == 404
    assert traces(case) == before


def test_in_the_region_without_the_right_the_page_names_who_can(client: Client, case: ReviewCase) -> None:
    able = cast.make_office("bureau", rights=(RIGHT,))
    client.force_login(cast.make_officer(cast.COUNTY, "settle", kind="centre"))
    before = traces(case)
    response = client.get(URL)
    assert response.status_code == 403
    assert able.name in response.content.decode()
    assert client.post(URL, form(case)).status_code == 403
    assert traces(case) == before


def test_viewing_is_not_deciding(client: Client, case: ReviewCase) -> None:
    cast.make_office("bureau", rights=(RIGHT,))
    client.force_login(cast.make_officer("330000", "view_cases", kind="province"))
    page = client.get(URL).content.decode()
    assert "不由您办理" in page
    assert "提交并看下一件" not in page
    before = traces(case)
    assert client.post(URL, form(case)).status_code == 403
    assert traces(case) == before


@pytest.mark.feature("X-2")
def test_agreeing_goes_back_to_the_queue_with_its_filters(desk: Client, case: ReviewCase) -> None:
    response = desk.post(f"{URL}?view=free&page=2", form(case))
    assert response.url == "/desk/trial/?view=free"  # type: ignore[attr-defined]
    assert said(case.subject) == "approved 20000.00"
    assert f"{NUMBER} 已办理：同意" in desk.get("/desk/trial/").content.decode()


def test_submit_and_next_takes_the_next_case(desk: Client, case: ReviewCase, officer: User) -> None:
    following = open_case(number="SB-2026-000002")
    response = desk.post(URL, form(case, next="1"))
    assert response.url == "/desk/trial/SB-2026-000002/"  # type: ignore[attr-defined]
    assert open_task(following).holder == officer
    response = desk.post("/desk/trial/SB-2026-000002/", form(following, next="1", amount=""))
    assert response.url == "/desk/trial/"  # type: ignore[attr-defined]


def test_the_same_form_twice_is_one_decision(desk: Client, case: ReviewCase) -> None:
    posted = form(case)
    assert desk.post(URL, posted).url == desk.post(URL, posted).url  # type: ignore[attr-defined]
    assert AuditRow.objects.filter(verb="review.agreed").count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"decision": ""}, "选择审核结论"),
        ({"decision": "return", "words_1": " "}, "写明需要补正的内容"),
        ({"decision": "reject"}, "写明不予通过的理由"),
        ({"amount": "18000"}, "写明核减金额的理由"),
        ({"amount": "25000", "reason": "多给"}, "不能高于申请金额"),
        ({"decision": "approve", "words_2": "补一份合同"}, "改选“退回补正”"),
    ],
)
def test_what_must_be_mended_is_said_and_nothing_typed_is_lost(
    desk: Client, case: ReviewCase, given: dict[str, str], words: str
) -> None:
    before = traces(case)
    response = desk.post(URL, form(case, **given))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "错误：" in page
    for value in filter(str.strip, given.values()):
        assert value in page
    assert traces(case) == before


def test_a_lowered_amount_reaches_the_subject(desk: Client, case: ReviewCase) -> None:
    desk.post(URL, form(case, amount="18,000.00", reason="合同金额有误"))
    assert said(case.subject) == "approved 18000.00"


def test_a_return_is_pinned_and_becomes_a_letter(desk: Client, case: ReviewCase) -> None:
    posted = form(case, decision="return", target_1="name", words_1="名称与证书不一致", words_4="补一份合同")
    assert desk.post(URL, posted).status_code == 302
    assert set(reviews.returned_items(case.subject)) == {"name", ""}
    letter = desk.get(f"{URL}notice/").content.decode()
    assert "共 2 项内容需要补正" in letter
    assert "名称与证书不一致" in letter
    page = desk.get(URL).content.decode()
    assert "一次性告知书" in page
    assert "提交并看下一件" not in page


def test_an_unknown_target_is_refused(desk: Client, case: ReviewCase) -> None:
    posted = form(case, decision="return", target_1="password", words_1="改")
    assert desk.post(URL, posted).status_code == 422
    assert said(case.subject) == ""


def test_the_applicant_reads_the_letter_as_page_and_pdf(client: Client, desk: Client, case: ReviewCase) -> None:
    desk.post(URL, form(case, decision="return", words_1="补一份合同"))
    applicant = cast.make_user("申请人")
    applicant.groups.add(case.subject.group)
    client.force_login(applicant)
    assert "补一份合同" in client.get(f"{URL}notice/").content.decode()
    response = client.get(f"{URL}notice.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert pdf.page_count(response.content) == 1
    client.force_login(cast.make_user("路人"))
    assert client.get(f"{URL}notice/").status_code == 404
    assert client.get(f"{URL}notice.pdf").status_code == 404


def test_without_a_return_there_is_no_letter(desk: Client, case: ReviewCase) -> None:
    assert desk.get(f"{URL}notice/").status_code == 404


@pytest.mark.feature("X-2")
def test_a_decision_that_comes_too_late_is_a_conflict(desk: Client, case: ReviewCase) -> None:
    posted = form(case)
    colleague = cast.make_officer(name="李审核员", office=cast.make_office("bureau", rights=(RIGHT,)))
    reviews.decide(open_task(case), by=colleague, office=None, decision="reject", reason="不符合条件")
    before = traces(case)
    response = desk.post(URL, posted)
    assert response.status_code == 409
    assert "李审核员于" in response.content.decode()
    assert traces(case) == before
    page = desk.get(URL).content.decode()
    assert "不符合条件" in page
    assert "未通过" in page


def test_a_form_of_an_earlier_round_does_not_decide_the_next(desk: Client, case: ReviewCase, officer: User) -> None:
    posted = form(case)
    reviews.decide(open_task(case), by=officer, office=None, decision="return", items=[("", "补")])
    reviews.resubmit(case.subject, by=None)
    before = traces(case)
    assert desk.post(URL, posted).status_code == 409
    assert traces(case) == before
    assert "上次要求补正" in desk.get(URL).content.decode()


def test_a_case_in_other_hands_is_shown_with_the_name(desk: Client, case: ReviewCase) -> None:
    colleague = cast.make_officer(name="李审核员", office=cast.make_office("bureau", rights=(RIGHT,)))
    reviews.take(open_task(case), by=colleague)
    page = desk.get(URL).content.decode()
    assert "李审核员正在办理此件" in page
    assert "提交并看下一件" not in page


def test_a_case_is_taken_and_given_back(desk: Client, case: ReviewCase, officer: User) -> None:
    desk.post(f"{URL}take/", {"_token": new_token(), "act": "take"})
    assert open_task(case).holder == officer
    assert "放回队列" in desk.get(URL).content.decode()
    desk.post(f"{URL}take/", {"_token": new_token(), "act": "release"})
    assert open_task(case).holder is None


def test_an_unknown_number_does_not_exist(desk: Client, case: ReviewCase) -> None:
    assert desk.get("/desk/trial/SB-0/").status_code == 404


def attach(case: ReviewCase, name: str, pages: int = 2) -> Attachment:
    return Attachment.objects.create(
        key="contract",
        subject=case.subject,
        token=hashlib.sha256(name.encode()).hexdigest()[:32],
        name=name,
        kind="pdf",
        size=1,
        sha256=name,
        pages=pages,
        file=f"attachments/{name}",
        uploaded_at=timezone.now(),
    )


def test_evidence_is_turned_page_by_page_without_a_script(desk: Client, case: ReviewCase, officer: User) -> None:
    contract, report = attach(case, "合同.pdf"), attach(case, "报告.pdf")
    attach(case, "数据.zip", pages=0)
    AttachmentView.objects.create(attachment=contract, user=officer, at=timezone.now())
    page = desk.get(f"{URL}?view=free")
    pane = page.context["evidence"]
    assert [file["seen"] for file in pane["files"]] == [True, False, False]
    assert pane["page"]["image_url"] == f"/files/{contract.token}/pages/1/"
    assert pane["page"]["next_url"].startswith("?view=free&")
    second = desk.get(f"{URL}?file={report.token}&page=2").context["evidence"]["page"]
    assert (second["number"], second["next_url"]) == (2, "")
    for odd in ("0", "99999", "-1", "x", "²"):
        assert desk.get(f"{URL}?page={odd}").context["evidence"]["page"]["number"] in (1, 2)
    assert "已看 1 份，共 3 份" in page.content.decode()


def test_evidence_costs_no_query_more_for_more_files(desk: Client, case: ReviewCase) -> None:
    desk.get(URL)
    for number in range(12):
        attach(case, f"{number}.pdf")
    with CaptureQueriesContext(connection) as queries:
        desk.get(URL)
    assert len(queries) <= 12
