"""Messages: once per act and person, never when the act rolls back, tried again with pauses."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from innovation_voucher.casework import audit, gateways, messaging
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests.cast import make_user

pytestmark = pytest.mark.django_db


class Gateway:
    """Takes what it is told to take; keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.down = False

    def __call__(self, to: str, body: str, *, key: str) -> None:
        if self.down:
            raise gateways.SendFailed("HTTP 503")
        self.taken.append((to, body, key))


@pytest.fixture
def gateway(settings, monkeypatch) -> Gateway:
    found = Gateway()
    monkeypatch.setitem(gateways._SMS, "trial", found)
    settings.SMS_GATEWAY = "trial"
    return found


def tell(*users, dedupe="order:1:placed", **fields) -> None:
    usual = {"kind": "order.placed", "title": "预约已提交", "link": "/ent/orders/1/"}
    messaging.notify(users, dedupe=dedupe, **{**usual, **fields})


# --- Writing --------------------------------------------------------------------------------


def test_each_person_gets_one_message() -> None:
    first, second = make_user(), make_user()
    tell(first, second, first, body="机构将在 3 个工作日内答复")
    assert sorted(Message.objects.values_list("user_id", flat=True)) == [first.pk, second.pk]
    message = Message.objects.first()
    assert (message.title, message.body, message.link, message.read_at) == (
        "预约已提交",
        "机构将在 3 个工作日内答复",
        "/ent/orders/1/",
        None,
    )
    assert Outgoing.objects.count() == 0


def test_telling_again_is_harmless_and_another_act_is_told() -> None:
    user = make_user()
    tell(user, sms="预约已提交")
    tell(user, sms="预约已提交")
    assert (Message.objects.count(), Outgoing.objects.count()) == (1, 1)
    tell(user, sms="预约已确认", dedupe="order:1:accepted")
    assert (Message.objects.count(), Outgoing.objects.count()) == (2, 2)


def test_a_long_key_is_still_told_apart() -> None:
    user = make_user()
    tell(user, dedupe="x" * 200)
    tell(user, dedupe="x" * 200)
    tell(user, dedupe="x" * 201)
    assert Message.objects.count() == 2


def test_an_sms_has_at_most_seventy_characters() -> None:
    tell(make_user(), sms="长" * 71)
    assert Outgoing.objects.get().body == "长" * 69 + "…"
    assert messaging.fitted("短" * 70) == "短" * 70


def test_who_has_no_phone_or_address_or_is_inactive_is_left_out() -> None:
    tell(make_user(phone=None), make_user(is_active=False), sms="预约已提交", mail=True)
    assert Message.objects.count() == 1
    assert Outgoing.objects.count() == 0


def test_a_mail_carries_the_words_and_the_link(settings, gateway) -> None:
    settings.BASE_URL = "https://portal.example"
    tell(make_user(email="zhou@example.org"), body="请按时办理", mail=True)
    messaging.send_pending(timezone.now())
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["zhou@example.org"], "预约已提交")
    assert sent.body == "请按时办理\n\nhttps://portal.example/ent/orders/1/"


def test_what_rolls_back_is_told_to_nobody() -> None:
    user = make_user()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(user, sms=str(1 / (tell(user, sms="x") is not None)))
    assert (Message.objects.count(), Outgoing.objects.count()) == (0, 0)


def test_categories_have_words() -> None:
    assert messaging.kind_words("order.placed") == messaging.kind_words("order") == "订单"
    assert messaging.kind_words("no-such.thing") == "其他"


# --- Sending --------------------------------------------------------------------------------


def test_a_row_is_sent_once(gateway) -> None:
    user = make_user()
    tell(user, sms="预约已提交")
    row = Outgoing.objects.get()
    assert messaging.send_pending(timezone.now()) == [f"sent sms {row.pk}"]
    assert messaging.send_pending(timezone.now() + timedelta(days=1)) == []
    assert gateway.taken == [(user.phone, "预约已提交", f"order:1:placed:{user.pk}:sms")]
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("sent", 1)
    assert row.sent_at is not None


def test_a_rehearsal_sends_nothing(gateway) -> None:
    tell(make_user(), sms="预约已提交")
    assert messaging.send_pending(timezone.now(), dry_run=True) == [f"send sms {Outgoing.objects.get().pk}"]
    assert gateway.taken == []
    assert Outgoing.objects.get().attempts == 0


def test_a_gateway_that_is_down_is_tried_again_with_growing_pauses(gateway) -> None:
    tell(make_user(), sms="预约已提交")
    gateway.down = True
    began = now = timezone.now()
    pauses = []
    for _attempt in range(5):
        assert messaging.send_pending(now)[0].startswith("failed sms")
        row = Outgoing.objects.get()
        pauses.append((row.next_at - now).total_seconds())
        assert messaging.send_pending(row.next_at - timedelta(seconds=1)) == []
        now = row.next_at
    assert pauses == [60, 120, 240, 480, 960]
    assert Outgoing.objects.get().error == "HTTP 503"
    gateway.down = False
    messaging.send_pending(now)
    assert len(gateway.taken) == 1
    assert now - began == timedelta(minutes=31)


def test_after_six_attempts_it_is_given_up_visibly(gateway) -> None:
    tell(make_user(), sms="预约已提交")
    gateway.down = True
    now = timezone.now()
    for _attempt in range(6):
        messaging.send_pending(now)
        now += timedelta(days=1)
    row = Outgoing.objects.get()
    assert (row.status, row.attempts, row.error) == ("dropped", 6, "HTTP 503")
    gateway.down = False
    assert messaging.send_pending(now) == []


def test_a_sender_killed_in_between_leaves_the_row_for_the_next(gateway) -> None:
    tell(make_user(), sms="预约已提交")
    now = timezone.now()
    assert len(messaging._claim(now)) == 1
    assert messaging.send_pending(now + timedelta(seconds=59)) == []
    messaging.send_pending(now + timedelta(seconds=61))
    assert len(gateway.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_claim_the_same_row() -> None:
    for number in range(20):
        tell(make_user(), sms="预约已提交", dedupe=f"order:{number}")
    claimed, gate = [], threading.Barrier(4)

    def claim() -> None:
        gate.wait(5)
        claimed.extend(messaging._claim(timezone.now()))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(claimed) == len(set(claimed)) == 20


# --- Codes ----------------------------------------------------------------------------------


def ask(phone: str = "+8619900000001", address: str = "203.0.113.7") -> Outgoing:
    number = Outgoing.objects.count()
    return messaging.send_sms_now_row(phone, "验证码 123456", dedupe=f"code:{number}", address=address)


def age(**delta) -> None:
    """Let all codes so far have been sent earlier."""
    for row in Outgoing.objects.all():
        Outgoing.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(**delta))


def test_a_code_waits_in_the_outbox(gateway) -> None:
    row = ask()
    assert (row.kind, row.to, row.address, row.status) == ("code", "+8619900000001", "203.0.113.7", "pending")
    messaging.send_pending(timezone.now())
    assert gateway.taken[0][1] == "验证码 123456"


def test_one_code_a_minute_for_one_number() -> None:
    ask()
    with pytest.raises(messaging.TooOften, match="60 秒后"):
        ask()
    assert Outgoing.objects.count() == 1
    ask("+8619900000002")
    age(seconds=61)
    ask()


def test_five_codes_an_hour_and_ten_a_day_for_one_number() -> None:
    for _number in range(5):
        ask(address="")
        age(minutes=2)
    with pytest.raises(messaging.TooOften, match="一小时后"):
        ask(address="")
    age(hours=1)
    for _number in range(5):
        ask(address="")
        age(minutes=2)
    age(hours=1)
    with pytest.raises(messaging.TooOften, match="明天"):
        ask(address="")
    age(days=1)
    assert ask(address="").status == "pending"


def test_twenty_codes_an_hour_from_one_address() -> None:
    for number in range(20):
        ask(f"+8619900001{number:03d}")
    with pytest.raises(messaging.TooOften, match="您所在网络"):
        ask("+8619900002000")
    ask("+8619900002000", address="203.0.113.8")


def test_the_portal_has_a_breaker(monkeypatch) -> None:
    monkeypatch.setattr(messaging, "PER_PORTAL", (2, 3600, "短信服务繁忙，稍后再试。"))
    ask("+8619900000001", "203.0.113.1")
    ask("+8619900000002", "203.0.113.2")
    with pytest.raises(messaging.TooOften, match="繁忙"):
        ask("+8619900000003", "203.0.113.3")


def test_other_messages_do_not_count_as_codes() -> None:
    user = make_user()
    tell(user, sms="预约已提交")
    assert ask(user.phone).status == "pending"


def test_the_address_is_that_of_the_request() -> None:
    token = audit.address.set("203.0.113.9")
    try:
        row = messaging.send_sms_now_row("+8619900000001", "验证码 123456", dedupe="code")
    finally:
        audit.address.reset(token)
    assert row.address == "203.0.113.9"


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_over_all_processes() -> None:
    answers, gate = [], threading.Barrier(6)

    def send(number: int) -> None:
        gate.wait(5)
        try:
            messaging.send_sms_now_row("+8619900000001", "验证码", dedupe=f"code:{number}", address="203.0.113.7")
            answers.append("sent")
        except messaging.TooOften:
            answers.append("refused")
        connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(answers) == ["refused"] * 5 + ["sent"]
    assert Outgoing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_than_one_would_pass(monkeypatch) -> None:
    """The proof above means something."""
    gate = threading.Barrier(2)
    monkeypatch.setattr(messaging.locks, "wait_for", lambda name: None)
    row = messaging._row
    monkeypatch.setattr(messaging, "_row", lambda *args: gate.wait(5) is not None and row(*args))

    def send(number: int) -> None:
        messaging.send_sms_now_row("+8619900000001", "验证码", dedupe=f"code:{number}", address="")
        connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert Outgoing.objects.count() == 2
