"""回避: whoever has an interest says so, and the case is gone for them everywhere on the desk."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from innovation_voucher.casework import attachments, reviews
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment, AuditRow, Interest, Message, Office, ReviewCase
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast

from .test_downloads import fetch
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.feature("X-2")]

NUMBER = "SB-2026-000001"
QUEUE = "/desk/trial/"
URL = f"{QUEUE}{NUMBER}/"
RECUSE = f"{URL}recuse/"
WHY = "配偶在申请单位任职"


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
def case() -> ReviewCase:
    make_chain()
    return open_case(number=NUMBER)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def evidence(case: ReviewCase) -> Attachment:
    image = io.BytesIO()
    Image.new("RGB", (4, 4)).save(image, "PNG")
    rule = Rule(formats=("png",), max_bytes=10**6)
    data = io.BytesIO(image.getvalue())
    return attachments.attach(case.subject, "contract", name="合同.png", data=data, rule=rule, by=None)


def form(**given: Any) -> dict[str, Any]:
    return {"_token": new_token(), "reason": WHY, **given}


def traces(case: ReviewCase) -> Any:
    return Interest.objects.count(), AuditRow.objects.count(), Message.objects.count(), list(case.tasks.values())


def test_the_page_says_what_follows_and_asks_why(desk: Client, case: ReviewCase) -> None:
    assert RECUSE in desk.get(f"{URL}?view=free").content.decode()
    page = desk.get(RECUSE).content.decode()
    for words in ("申请回避", "您不再看到此件", "回避原因", NUMBER):
        assert words in page
    assert not Interest.objects.exists()


def test_who_keeps_away_goes_back_to_the_queue_with_its_filters(desk: Client, case: ReviewCase, officer: User) -> None:
    response = desk.post(f"{RECUSE}?view=free", form())
    assert response.url == f"{QUEUE}?view=free"  # type: ignore[attr-defined]
    declared = Interest.objects.get()
    assert (declared.case, declared.user, declared.reason) == (case, officer, WHY)
    row = AuditRow.objects.get(verb="review.recused")
    assert (row.actor_name, row.reason) == ("王审核员", WHY)
    assert f"{NUMBER} 由本机构其他人办理" in desk.get(QUEUE).content.decode()


def test_the_same_form_twice_is_one_declaration(desk: Client, case: ReviewCase) -> None:
    posted = form()
    assert desk.post(RECUSE, posted).url == desk.post(RECUSE, posted).url  # type: ignore[attr-defined]
    assert AuditRow.objects.filter(verb="review.recused").count() == 1


def test_the_case_is_gone_everywhere_on_the_desk(desk: Client, case: ReviewCase, officer: User, office: Office) -> None:
    reviews.decide(open_task(case), by=officer, office=office, decision="return", items=[("", "补")])
    reviews.resubmit(case.subject, by=None)
    task = open_task(case)
    assert desk.get(f"{URL}notice/").status_code == 200
    assert NUMBER in desk.get(QUEUE).content.decode()
    desk.post(RECUSE, form())
    desk.get(QUEUE)  # shows the message about it
    gone = ("", "recuse/", "notice/", "notice.pdf")
    assert {path: desk.get(URL + path).status_code for path in gone} == dict.fromkeys(gone, 404)
    assert desk.post(URL, {"_token": new_token(), "task": task.pk, "decision": "approve"}).status_code == 404
    assert desk.post(f"{URL}take/", {"_token": new_token(), "act": "take"}).status_code == 404
    for page in (QUEUE, f"{QUEUE}queue.csv", "/desk/", f"/desk/search/?q={NUMBER}"):
        found = desk.get(page)
        assert found.status_code == 200
        assert case.applicant not in found.content.decode()
    for page in (f"{QUEUE}bulk/?s={task.pk}", f"{QUEUE}assign/?s={task.pk}"):
        assert NUMBER not in desk.get(page, follow=True).content.decode()
    assert open_task(case) == task


def test_the_case_stays_with_the_colleagues(
    desk: Client, client: Client, case: ReviewCase, colleague: User, officer: User
) -> None:
    reviews.take(open_task(case), by=officer)
    desk.post(RECUSE, form())
    assert open_task(case).holder is None
    client.force_login(colleague)
    assert "提交并看下一件" in client.get(URL).content.decode()


def test_the_office_is_told_and_not_the_reason(desk: Client, case: ReviewCase, officer: User, colleague: User) -> None:
    avoiding = cast.make_officer(name="赵审核员", office=Office.objects.get(group__user=officer))
    reviews.recuse(case, by=avoiding, office=None, reason="曾在该单位任职")
    desk.post(RECUSE, form())
    told = Message.objects.get(title__contains="申请回避")
    assert told.user == colleague
    assert told.title == f"王审核员申请回避：试办审核 {NUMBER}"
    assert WHY not in told.title + told.body
    assert told.link == URL


def test_no_reason_is_asked_for(desk: Client, case: ReviewCase) -> None:
    before = traces(case)
    for reason in ("", "  "):
        response = desk.post(RECUSE, form(reason=reason))
        assert response.status_code == 422
        assert "写明需要回避的原因" in response.content.decode()
    assert desk.post(RECUSE, {"_token": new_token()}).status_code == 422
    assert traces(case) == before


def test_a_long_reason_is_kept_on_the_page(desk: Client, case: ReviewCase) -> None:
    response = desk.post(RECUSE, form(reason="长" * 501))
    assert response.status_code == 422
    assert "长" * 501 in response.content.decode()
    assert not Interest.objects.exists()


def test_who_only_looks_has_nothing_to_keep_away_from(client: Client, case: ReviewCase, office: Office) -> None:
    client.force_login(cast.make_officer("330000", "view_cases", kind="province"))
    before = traces(case)
    assert client.get(RECUSE).status_code == 403
    assert client.post(RECUSE, form()).status_code == 403
    assert traces(case) == before


def test_elsewhere_the_case_does_not_exist(client: Client, case: ReviewCase) -> None:
    client.force_login(cast.make_officer(cast.OTHER_COUNTY, RIGHT))
    assert client.get(RECUSE).status_code == 404
    assert client.post(RECUSE, form()).status_code == 404
    assert not Interest.objects.exists()


def test_an_ended_case_needs_nobody_to_keep_away(desk: Client, case: ReviewCase, colleague: User) -> None:
    reviews.decide(open_task(case), by=colleague, office=None, decision="reject", reason="不符")
    before = traces(case)
    response = desk.post(RECUSE, form())
    assert response.status_code == 403
    assert "已办结" in response.content.decode()
    assert traces(case) == before


def test_who_keeps_away_decides_nothing_by_the_verb_either(
    desk: Client, case: ReviewCase, officer: User, office: Office
) -> None:
    desk.post(RECUSE, form())
    with pytest.raises(NotAllowed, match="回避"):
        reviews.decide(open_task(case), by=officer, office=office, decision="approve")
    assert ReviewCase.objects.get().status == "open"


def test_its_files_are_closed_by_either_address_too(
    desk: Client, case: ReviewCase, officer: User, office: Office
) -> None:
    file = evidence(case)
    addresses = [reverse("file", args=(file.token,)), reverse("file-page", args=(file.token, 1))]
    assert [fetch(desk, url).status_code for url in addresses] == [200, 200]
    reviews.recuse(case, by=officer, office=office, reason=WHY)
    assert [fetch(desk, url).status_code for url in addresses] == [404, 404]


def test_keeping_away_from_one_case_closes_no_file_of_another(
    desk: Client, case: ReviewCase, officer: User, office: Office
) -> None:
    other = open_case(number="SB-2026-000002")
    file = evidence(other)
    reviews.recuse(case, by=officer, office=office, reason=WHY)
    assert fetch(desk, reverse("file", args=(file.token,))).status_code == 200
