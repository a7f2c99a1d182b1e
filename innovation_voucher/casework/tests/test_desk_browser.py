"""The desks in a real browser: accessible, narrow enough, and complete without scripts."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from innovation_voucher.casework import attachments, calendar, reviews
from innovation_voucher.casework.models import ReviewCase, ReviewTask
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, follow, page, plain, shot, sign_in, visit

from .trial import RIGHT, make_applicant, make_chain, open_case, open_task, said

__all__ = ["browser", "page", "plain"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("subject"),
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT, name="王审核员")


@pytest.fixture
def case(officer: User) -> ReviewCase:
    """The second of three cases, with two pictures as evidence; the first is overdue."""
    make_chain({"name": "初审", "may_lower": True})
    cases = [open_case(number=f"SB-2026-00000{n}", amount=Decimal("20000.00")) for n in range(3)]
    due = calendar.today() - timedelta(days=2)
    ReviewTask.objects.filter(case=cases[0]).update(due_on=due)
    for name in ("合同.png", "银行回单.png"):
        attachments.attach(cases[1].subject, "contract", name=name, data=picture(name), rule=RULE, by=None)
    return cases[1]


RULE = Rule(formats=("png",), max_bytes=10**6)


def picture(name: str) -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (600, 800), f"#{len(name):02d}eeee").save(data, "PNG")
    return io.BytesIO(data.getvalue())


@pytest.mark.feature("X-2")
def test_every_page_of_the_desk_meets_the_bars(page: Page, live_server: LiveServer, officer: User, case: Any) -> None:
    sign_in(page, live_server.url, officer)
    for name, path in {
        "desk-inbox": "/desk/",
        "desk-queue": "/desk/trial/",
        "desk-queue-filtered": "/desk/trial/?view=late&checks=bad",
        "desk-queue-none": "/desk/trial/?q=nothing",
        "desk-search": "/desk/search/?q=SB",
        "desk-case": f"/desk/trial/{case.number}/",
        "choose-role": "/role/",
    }.items():
        visit(page, live_server.url + path)
        shot(page, name)
    visit(page, f"{live_server.url}/desk/trial/?since=x", status=422)


def test_decided_returned_and_held_cases_meet_the_bars(
    page: Page, live_server: LiveServer, officer: User, case: ReviewCase
) -> None:
    sign_in(page, live_server.url, officer)
    url = f"{live_server.url}/desk/trial/{case.number}/"
    office = cast.make_office("bureau", rights=(RIGHT,))
    colleague = cast.make_officer(name="李审核员", office=office)
    reviews.take(open_task(case), by=colleague)
    visit(page, url)
    shot(page, "desk-case-held")
    items = [("name", "名称与证书不一致，按证书填写"), ("", "补充上年度研发费用说明")]
    reviews.decide(open_task(case), by=colleague, office=office, decision="return", items=items)
    visit(page, url)
    shot(page, "desk-case-returned")
    visit(page, f"{url}notice/")
    shot(page, "desk-notice")


@pytest.mark.feature("X-2")
def test_a_day_at_the_desk_without_scripts(
    plain: Page, live_server: LiveServer, officer: User, case: ReviewCase
) -> None:
    sign_in(plain, live_server.url, officer)
    plain.goto(f"{live_server.url}/desk/trial/")
    follow(plain, plain.get_by_role("button", name="从最早的一件开始"))
    assert plain.url.endswith("/desk/trial/SB-2026-000000/")
    plain.get_by_label("同意").check()
    follow(plain, plain.get_by_role("button", name="提交并看下一件"))
    assert plain.url.endswith(f"/desk/trial/{case.number}/")
    follow(plain, plain.get_by_role("link", name="银行回单.png"))
    plain.get_by_role("img", name="材料第 1 页，共 1 页").wait_for()
    plain.get_by_label("退回补正").check()
    follow(plain, plain.get_by_role("button", name="提交并返回队列"))
    assert plain.title().startswith("错误：")
    plain.get_by_label("第 1 项需补正的内容").fill("名称与证书不一致")
    plain.get_by_label("退回补正").check()
    follow(plain, plain.get_by_role("button", name="提交并返回队列"))
    assert "已办理：退回补正" in plain.content()
    assert said(make_applicant("云帆试办单位000000")) == "approved 20000.00"
    assert said(case.subject) == "returned 1"
