"""Inbox and demo outbox in a real browser: accessible, narrow enough, complete without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from innovation_voucher.casework import messaging
from innovation_voucher.casework.models import Message
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, follow, page, plain, sign_in, visit

__all__ = ["browser", "page", "plain"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]

LONG = "云溪智造科技有限公司关于样机环境可靠性试验的预约" * 8


@pytest.fixture
def user() -> User:
    return cast.make_user(email="someone@example.org")


def tell(user: User, count: int = 1, **fields: Any) -> None:
    for number in range(count):
        usual = {"kind": "order.placed", "title": f"预约 {number} 已确认", "link": "/inbox/"}
        messaging.notify([user], dedupe=f"m:{number}:{fields}", **{**usual, **fields})


def test_an_empty_inbox_and_its_filters_meet_the_bars(page: Page, live_server: LiveServer, user: User) -> None:
    sign_in(page, live_server.url, user)
    for path in ("/inbox/", "/inbox/?view=unread", "/inbox/?kind=claim"):
        visit(page, live_server.url + path)
    assert page.get_by_role("button", name="全部标为已读").count() == 0


def test_a_full_inbox_with_long_and_strange_titles_meets_the_bars(
    page: Page, live_server: LiveServer, user: User
) -> None:
    tell(user, 21)
    tell(user, kind="task.review", title=LONG, body="<b>粗</b>\n" + "https://example.org/" + "x" * 200)
    sign_in(page, live_server.url, user)
    for path in ("/inbox/", "/inbox/?page=2", "/inbox/?view=unread", "/inbox/?kind=task"):
        visit(page, live_server.url + path)
    message = Message.objects.get(title__startswith="云溪")
    visit(page, f"{live_server.url}/inbox/{message.pk}/")
    assert page.get_by_text("<b>粗</b>").count() == 1


def test_a_message_that_is_gone_is_a_clean_page(page: Page, live_server: LiveServer, user: User) -> None:
    sign_in(page, live_server.url, user)
    visit(page, f"{live_server.url}/inbox/424242/", status=404)


def test_messages_are_read_and_deleted_without_scripts(plain: Page, live_server: LiveServer, user: User) -> None:
    tell(user, 3)
    sign_in(plain, live_server.url, user)
    plain.goto(f"{live_server.url}/inbox/")
    follow(plain, plain.get_by_role("button", name="预约 2 已确认"))
    assert messaging.unread_count(user) == 2
    plain.goto(f"{live_server.url}/inbox/")
    follow(plain, plain.get_by_role("button", name="全部标为已读"))
    assert "已将 2 条消息标为已读" in plain.content()
    assert messaging.unread_count(user) == 0


def test_the_demo_outbox_meets_the_bars_empty_and_full(
    page: Page, live_server: LiveServer, user: User, settings: Any
) -> None:
    settings.DEMO_MODE = True
    visit(page, f"{live_server.url}/demo/outbox/")
    tell(
        user, 3, title=LONG, sms="验证码 123456，5 分钟内有效。", mail=True, body="参见 https://example.org/" + "x" * 60
    )
    visit(page, f"{live_server.url}/demo/outbox/")
    assert page.get_by_text("验证码 123456").count() == 3
    assert page.get_by_role("row").count() == 1 + 6
