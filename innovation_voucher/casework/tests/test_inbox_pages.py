"""The inbox as a person sees it, and the demo outbox."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innovation_voucher.casework import messaging
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def signed_in(client: Client, user) -> Client:
    client.force_login(user)
    return client


def tell(user, number: int = 1, **fields) -> Message:
    usual = {"kind": "order.placed", "title": f"预约 {number} 已确认", "link": f"/orders/{number}/"}
    messaging.notify([user], dedupe=f"order:{number}", **{**usual, **fields})
    return Message.objects.get(dedupe=f"order:{number}")


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/1/"])
def test_only_people_who_signed_in_have_an_inbox(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


def test_titles_stand_newest_first_with_their_state(signed_in, user) -> None:
    tell(user, 1)
    tell(user, 2, body="请在 3 个工作日内上传合同")
    page = text(signed_in.get("/inbox/"))
    assert page.index("预约 2 已确认") < page.index("预约 1 已确认")
    assert "请在 3 个工作日内上传合同" in page
    assert page.count('class="unread"') == 2
    assert len(re.findall(r"<h1\b", page)) == 1


def test_an_empty_inbox_says_what_will_come(signed_in) -> None:
    assert "还没有消息" in text(signed_in.get("/inbox/"))


def test_looking_at_a_message_changes_nothing(signed_in, user) -> None:
    message = tell(user, body="第一行\n第二行")
    page = text(signed_in.get(f"/inbox/{message.pk}/"))
    assert "第一行<br>第二行" in page
    message.refresh_from_db()
    assert message.read_at is None


def test_opening_marks_it_as_read_and_leads_to_the_thing(signed_in, user) -> None:
    message = tell(user)
    response = signed_in.post(f"/inbox/{message.pk}/open/")
    assert (response.status_code, response.url) == (302, "/orders/1/")
    assert messaging.unread_count(user) == 0
    assert 'href="/orders/1/"' in text(signed_in.get("/inbox/"))


@pytest.mark.parametrize("link", ["", "https://evil.example/", "//evil.example/"])
def test_opening_never_leads_out_of_the_portal(signed_in, user, link: str) -> None:
    message = tell(user, link=link)
    assert signed_in.post(f"/inbox/{message.pk}/open/").url == f"/inbox/{message.pk}/"


def test_another_persons_message_does_not_exist(signed_in) -> None:
    message = tell(make_user())
    assert signed_in.get(f"/inbox/{message.pk}/").status_code == 404
    assert signed_in.post(f"/inbox/{message.pk}/open/").status_code == 404
    assert signed_in.post(f"/inbox/{message.pk}/delete/").status_code == 404
    message.refresh_from_db()
    assert (message.read_at, message.deleted_at) == (None, None)


def test_all_are_marked_as_read_but_only_ones_own(signed_in, user) -> None:
    tell(user, 1)
    tell(user, 2)
    other = make_user()
    tell(other, 3)
    response = signed_in.post("/inbox/read/", follow=True)
    assert "已将 2 条消息标为已读" in text(response)
    assert (messaging.unread_count(user), messaging.unread_count(other)) == (0, 1)


def test_a_deleted_message_is_gone_from_the_list_and_kept_as_a_row(signed_in, user) -> None:
    message = tell(user)
    assert "已删除 1 条消息" in text(signed_in.post(f"/inbox/{message.pk}/delete/", follow=True))
    assert signed_in.get(f"/inbox/{message.pk}/").status_code == 404
    assert messaging.unread_count(user) == 0
    message.refresh_from_db()
    assert message.deleted_at is not None


@pytest.mark.parametrize("path", ["/inbox/read/", "/inbox/1/open/", "/inbox/1/delete/"])
def test_acts_are_no_links(signed_in, path: str) -> None:
    assert signed_in.get(path).status_code == 405


def test_filters_by_unread_and_by_category(signed_in, user) -> None:
    tell(user, 1)
    tell(user, 2, kind="verification", title="实名认证被退回：2 项需补正")
    tell(user, 3, kind="ordering.other", title="别的")
    Message.objects.filter(dedupe="order:1").update(read_at=timezone.now())
    unread = text(signed_in.get("/inbox/?view=unread"))
    assert "预约 1 已确认" not in unread
    assert "实名认证被退回：2 项需补正" in unread
    orders = text(signed_in.get("/inbox/?kind=order"))
    assert "预约 1 已确认" in orders
    assert "别的" not in orders
    assert "没有符合条件的结果" in text(signed_in.get("/inbox/?kind=nothing"))


def test_a_page_holds_twenty_with_the_same_queries(signed_in, user) -> None:
    tell(user, 0)
    with CaptureQueriesContext(connection) as one:
        signed_in.get("/inbox/")
    for number in range(1, 31):
        tell(user, number)
    with CaptureQueriesContext(connection) as many:
        page = text(signed_in.get("/inbox/"))
    assert len(many) == len(one) <= 9
    assert page.count('class="mail__title"') == 20
    assert text(signed_in.get("/inbox/?page=2")).count('class="mail__title"') == 11
    assert signed_in.get("/inbox/?page=x").status_code == 200


# --- Demo outbox ----------------------------------------------------------------------------


def test_a_newcomer_finds_the_code_in_demo_mode(client: Client, settings) -> None:
    settings.DEMO_MODE = True
    for number in range(52):
        messaging.send_sms_now_row(
            f"+861990000{number:04d}", f"验证码 {number:06d}", dedupe=f"code:{number}", address=""
        )
    page = text(client.get("/demo/outbox/"))
    assert "验证码 000051" in page
    assert page.count("验证码 0000") == 50
    assert "验证码 000001" not in page


def test_an_empty_demo_outbox(client: Client, settings) -> None:
    settings.DEMO_MODE = True
    assert "还没有短信和邮件" in text(client.get("/demo/outbox/"))


def test_outside_demo_mode_there_is_no_such_page(client: Client, settings) -> None:
    settings.DEMO_MODE = False
    messaging.send_sms_now_row("+8619900000001", "验证码 123456", dedupe="code", address="")
    response = client.get("/demo/outbox/")
    assert response.status_code == 404
    assert "123456" not in text(response)
    assert Outgoing.objects.count() == 1
