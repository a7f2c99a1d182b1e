"""Limits, lengths and pauses of messages exactly at their edges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, strategies as st

from innovation_voucher.casework import audit, gateways, messaging
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests.cast import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 31, 15, 59, 30, tzinfo=UTC)
PHONE, ADDRESS = "+8619900000001", "203.0.113.7"


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sink(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A gateway whose next answers the test fills in: "" takes the message, words refuse it."""
    answers: list[str] = []

    def gateway(to: str, body: str, *, key: str) -> None:
        if answers and (why := answers.pop(0)):
            raise gateways.SendFailed(why)

    monkeypatch.setitem(gateways._SMS, "sink", gateway)
    settings.SMS_GATEWAY = "sink"
    return answers


def sent(ago: float, *, to: str = PHONE, address: str = "", kind: str = "code") -> Outgoing:
    """A row of the outbox that was written so many seconds ago."""
    at = NOW - timedelta(seconds=ago)
    serial = Outgoing.objects.count()
    return Outgoing.objects.create(
        channel="sms", kind=kind, to=to, body="1", dedupe=f"old:{serial}", created_at=at, next_at=at, address=address
    )


def ask(phone: str = PHONE, address: str = ADDRESS) -> str:
    """What the portal answers to somebody who wants a code: the state of the row, or the sentence."""
    serial = Outgoing.objects.count()
    try:
        return messaging.send_sms_now_row(phone, "验证码 123456", dedupe=f"new:{serial}", address=address).status
    except messaging.TooOften as refused:
        return str(refused)


# --- Codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "answer"),
    [
        ([59], "验证码已发送，60 秒后可重新获取。"),
        ([59.999], "验证码已发送，60 秒后可重新获取。"),
        ([60], "pending"),
        ([61 + n for n in range(4)], "pending"),
        ([61 + n for n in range(5)], "这个手机号一小时内获取验证码已达 5 次，一小时后再试。"),
        ([61, 62, 63, 64, 3599.999], "这个手机号一小时内获取验证码已达 5 次，一小时后再试。"),
        ([61, 62, 63, 64, 3600], "pending"),
        ([4000 + n for n in range(9)], "pending"),
        ([4000 + n for n in range(10)], "这个手机号一天内获取验证码已达 10 次，明天再试。"),
        ([4000 + n for n in range(9)] + [86399.999], "这个手机号一天内获取验证码已达 10 次，明天再试。"),
        ([4000 + n for n in range(9)] + [86400], "pending"),
    ],
)
def test_the_limits_of_one_number_end_to_the_moment(earlier: list[float], answer: str) -> None:
    for ago in earlier:
        sent(ago)
    before = Outgoing.objects.count()
    assert ask() == answer
    assert Outgoing.objects.count() == before + (answer == "pending")


@pytest.mark.parametrize(
    ("count", "ago", "answer"),
    [
        (19, 0, "pending"),
        (20, 0, "您所在网络获取验证码的次数较多，一小时后再试。"),
        (20, 3599, "您所在网络获取验证码的次数较多，一小时后再试。"),
        (20, 3600, "pending"),
    ],
)
def test_the_limit_of_one_address_ends_to_the_moment(count: int, ago: float, answer: str) -> None:
    for number in range(count):
        sent(ago, to=f"+86198{number:08d}", address=ADDRESS)
    assert ask() == answer
    assert ask("+8619900000002", "2001:db8::1") == "pending"


def test_an_unknown_address_shares_no_limit() -> None:
    for number in range(20):
        sent(0, to=f"+86198{number:08d}")
    assert ask(address="") == "pending"


def test_only_codes_count_and_each_number_for_itself() -> None:
    sent(0, kind="order.placed")
    sent(0, to="+8619900000009")
    assert ask() == "pending"


def test_the_breaker_of_the_portal_is_two_thousand_an_hour() -> None:
    old = NOW - timedelta(seconds=3599)
    rows = [
        Outgoing(
            channel="sms", kind="code", to=f"+86197{n:08d}", body="1", dedupe=f"p:{n}", created_at=old, next_at=old
        )
        for n in range(2000)
    ]
    Outgoing.objects.bulk_create(rows)
    assert ask() == "短信服务繁忙，稍后再试。"
    Outgoing.objects.filter(dedupe="p:0").update(created_at=NOW - timedelta(hours=1))
    assert ask() == "pending"


def test_a_refused_code_is_a_429_with_its_own_code() -> None:
    sent(0)
    with pytest.raises(messaging.TooOften) as refused:
        messaging.send_sms_now_row(PHONE, "验证码", dedupe="x", address="")
    assert (refused.value.status_code, refused.value.code) == (429, "too_often")


def test_the_address_of_the_request_is_taken_when_none_is_named() -> None:
    token = audit.address.set("2001:db8::7")
    try:
        assert messaging.send_sms_now_row(PHONE, "验证码", dedupe="x").address == "2001:db8::7"
    finally:
        audit.address.reset(token)


def test_the_same_code_is_not_written_twice() -> None:
    messaging.send_sms_now_row(PHONE, "验证码", dedupe="x", address="")
    with pytest.raises(IntegrityError), transaction.atomic():
        messaging.send_sms_now_row("+8619900000002", "验证码", dedupe="x", address="")
    assert Outgoing.objects.count() == 1


# --- Lengths --------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_an_sms_never_exceeds_seventy_characters_and_short_ones_are_whole(text: str) -> None:
    short = messaging.fitted(text)
    assert len(short) <= 70
    assert short == text if len(text) <= 70 else (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize(("length", "cut"), [(69, False), (70, False), (71, True)])
def test_the_seventieth_character_still_fits(length: int, cut: bool) -> None:
    assert messaging.fitted("券" * length).endswith("…") is cut


@pytest.mark.parametrize(("length", "kept"), [(100, True), (120, True), (121, False)])
def test_a_key_is_hashed_only_when_it_is_too_long(length: int, kept: bool) -> None:
    key = "钥" * length
    messaging.notify([make_user()], kind="task", title="标题", dedupe=key)
    assert (Message.objects.get().dedupe == key) is kept
    assert len(Message.objects.get().dedupe) <= 120


def test_titles_are_cut_at_two_hundred_and_bodies_are_whole() -> None:
    user = make_user(email="someone@example.org")
    messaging.notify([user], kind="task", title="题" * 201, body="文" * 5000, mail=True, dedupe="k")
    message, letter = Message.objects.get(), Outgoing.objects.get()
    assert (len(message.title), len(message.body)) == (200, 5000)
    assert (letter.subject, letter.body) == ("题" * 200, "文" * 5000)


def test_telling_nobody_writes_nothing() -> None:
    messaging.notify([], kind="task", title="标题", sms="短信", mail=True, dedupe="k")
    messaging.notify([make_user(is_active=False)], kind="task", title="标题", sms="短信", dedupe="k")
    assert not Message.objects.exists()
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("task", "待办"),
        ("order.placed", "订单"),
        ("claim.a.b", "额度申领"),
        ("unheard", "其他"),
        ("", "其他"),
        (".x", "其他"),
    ],
)
def test_the_category_is_what_stands_before_the_first_dot(kind: str, words: str) -> None:
    assert messaging.kind_words(kind) == words


# --- Pauses ---------------------------------------------------------------------------------


def test_pauses_double_and_the_sixth_failure_is_the_last(sink: list[str]) -> None:
    row = sent(0)
    moment, pauses = NOW, []
    for _attempt in range(6):
        sink.append("HTTP 503")
        assert len(messaging.send_pending(moment)) == 1
        row.refresh_from_db()
        pauses.append((row.next_at - moment).total_seconds())
        assert messaging.send_pending(row.next_at - timedelta(seconds=1)) == []
        moment = row.next_at
    assert pauses == [60, 120, 240, 480, 960, 1920]
    assert (row.status, row.attempts, row.error) == ("dropped", 6, "HTTP 503")
    assert messaging.send_pending(moment + timedelta(days=1)) == []


def test_a_success_after_failures_forgets_the_reason(sink: list[str]) -> None:
    row = sent(0)
    sink += ["HTTP 500", ""]
    assert messaging.send_pending(NOW) == [f"failed sms {row.pk}: HTTP 500"]
    assert messaging.send_pending(NOW + timedelta(seconds=60)) == [f"sent sms {row.pk}"]
    row.refresh_from_db()
    assert (row.status, row.error, row.attempts, row.sent_at) == ("sent", "", 2, timezone.now())


def test_a_long_reason_is_cut_for_the_admin(sink: list[str]) -> None:
    row = sent(0)
    sink.append("错" * 300)
    messaging.send_pending(NOW)
    row.refresh_from_db()
    assert row.error == "错" * 200


def test_a_sweep_sends_fifty_the_longest_waiting_first(sink: list[str]) -> None:
    rows = [sent(100 - n) for n in range(51)]
    assert messaging.send_pending(NOW) == [f"sent sms {row.pk}" for row in rows[:50]]
    assert messaging.send_pending(NOW) == [f"sent sms {rows[50].pk}"]


def test_what_is_due_later_is_not_sent_now(sink: list[str]) -> None:
    row = sent(0)
    assert messaging.send_pending(NOW - timedelta(microseconds=1)) == []
    assert messaging.send_pending(NOW) == [f"sent sms {row.pk}"]
