"""Codes by SMS in the pages: to the second, to the try, to the number a day, and to the session that asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import PhoneCode, User
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-3")]

START = timezone.now().replace(microsecond=0)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """Moves to so many seconds after the start of the story."""

    def move(seconds: float) -> None:
        time_machine.move_to(START + timedelta(seconds=seconds), tick=False)

    move(0)
    return move


@pytest.fixture(params=["login-sms", "account_reset_password"])
def page(request: Any) -> str:
    """Both pages that prove a phone."""
    return reverse(request.param)


def number(user: User) -> str:
    return (user.phone or "").removeprefix("+86")


def ask(client: Client, page: str, user: User) -> Any:
    return client.post(page, {"send": "1", "phone": number(user)})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (299, True), (300, False), (301, False)])
def test_a_code_lives_for_300_seconds(clock: Any, page: str, seconds: int, good: bool) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    clock(seconds)
    answer = client.post(page, {"code": code_in(last_sms(user.phone or ""))})
    assert (answer.status_code == 302) is good
    if not good:
        assert "验证码已过期，点“重新获取”" in text_of(answer)
        assert not inside(client)


def test_five_tries_are_counted_down_and_the_right_code_comes_too_late(page: str) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    code = code_in(last_sms(user.phone or ""))
    said = [text_of(client.post(page, {"code": wrong(code)})) for _ in range(5)]
    for left, text in zip((4, 3, 2, 1), said, strict=False):
        assert f"验证码不对，还可以试 {left} 次" in text
    assert "验证码已输错 5 次，点“重新获取”换一个" in said[4]
    late = client.post(page, {"code": code})
    assert "验证码已输错 5 次" in text_of(late)
    assert not inside(client)


def test_the_right_code_on_the_fifth_try_is_good() -> None:
    user, client, page = cast.make_user(), client_of(), reverse("login-sms")
    ask(client, page, user)
    code = code_in(last_sms(user.phone or ""))
    for _ in range(4):
        client.post(page, {"code": wrong(code)})
    assert client.post(page, {"code": code}).status_code == 302
    assert inside(client)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12 34", "１２３４５a"])
def test_what_is_no_code_costs_no_try(page: str, typed: str) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    answer = client.post(page, {"code": typed})
    assert answer.status_code == 422
    assert "6 位" in text_of(answer)
    assert PhoneCode.objects.get().tries == 0


def test_a_code_is_taken_with_spaces_and_once_only(clock: Any) -> None:
    user, client, page = cast.make_user(), client_of(), reverse("login-sms")
    ask(client, page, user)
    code = code_in(last_sms(user.phone or ""))
    assert client.post(page, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    again = client_of()
    session = again.session
    session["code:login"] = {"phone": user.phone, "binding": PhoneCode.objects.get().binding, "sent_at": str(START)}
    session.save()
    assert again.post(page, {"code": code}).status_code == 422
    assert not inside(again)


def test_the_newest_code_of_a_session_is_the_only_one(clock: Any, page: str) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    first = code_in(last_sms(user.phone or ""))
    clock(61)
    ask(client, page, user)
    second = code_in(last_sms(user.phone or ""))
    if first != second:
        assert client.post(page, {"code": first}).status_code == 422
    assert client.post(page, {"code": second}).status_code == 302


def test_codes_of_two_sessions_do_not_disturb_each_other(clock: Any) -> None:
    user, page = cast.make_user(), reverse("login-sms")
    here, there = client_of(), client_of()
    ask(here, page, user)
    first = code_in(last_sms(user.phone or ""))
    clock(61)
    ask(there, page, user)
    second = code_in(last_sms(user.phone or ""))
    assert here.post(page, {"code": second if second != first else wrong(first)}).status_code == 422
    assert here.post(page, {"code": first}).status_code == 302
    assert there.post(page, {"code": second}).status_code == 302


def test_a_code_for_another_purpose_opens_nothing() -> None:
    user, client = cast.make_user(), client_of()
    ask(client, reverse("account_reset_password"), user)
    code = code_in(last_sms(user.phone or ""))
    assert client.post(reverse("login-sms"), {"code": code}).status_code == 422
    assert not inside(client)


# --- How often ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "sent"), [(59, 1), (60, 2), (61, 2)])
def test_one_sms_a_minute(clock: Any, page: str, seconds: int, sent: int) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    clock(seconds)
    answer = ask(client, page, user)
    assert Outgoing.objects.filter(to=user.phone).count() == sent
    assert ("60 秒后可重新获取" in text_of(answer)) is (sent == 1)


def test_five_an_hour_then_again_after_it(clock: Any) -> None:
    user, client, page = cast.make_user(), client_of(), reverse("login-sms")
    for turn in range(5):
        clock(turn * 70)
        assert ask(client, page, user).status_code == 302
    clock(5 * 70)
    answer = ask(client, page, user)
    assert answer.status_code == 422
    assert "一小时内获取验证码已达 5 次" in text_of(answer)
    clock(3600 + 70)
    assert ask(client, page, user).status_code == 302


def test_ten_a_day_then_again_on_the_next(clock: Any) -> None:
    user, client, page = cast.make_user(), client_of(), reverse("login-sms")
    for turn in range(10):
        clock(turn * 1200)
        assert ask(client, page, user).status_code == 302, turn
    clock(10 * 1200)
    answer = ask(client, page, user)
    assert "一天内获取验证码已达 10 次" in text_of(answer)
    assert Outgoing.objects.filter(to=user.phone).count() == 10
    clock(86401)
    assert ask(client, page, user).status_code == 302


def test_phones_without_an_account_are_limited_alike(clock: Any) -> None:
    client, page = client_of(), reverse("login-sms")
    typed = {"send": "1", "phone": "19912345678"}
    assert client.post(page, typed).status_code == 302
    clock(30)
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert Outgoing.objects.filter(to="+8619912345678").count() == 1


# --- Who ----------------------------------------------------------------------------------------


def test_a_person_shut_out_meanwhile_stays_outside(page: str) -> None:
    user, client = cast.make_user(), client_of()
    ask(client, page, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post(page, {"code": code_in(last_sms(user.phone or ""))})
    assert answer.status_code == 422
    assert not inside(client)


def test_an_inactive_person_s_phone_reads_as_unknown(page: str) -> None:
    user, client = cast.make_user(is_active=False), client_of()
    assert ask(client, page, user).status_code == 302
    assert "还没有账号" in last_sms(user.phone or "")
    assert not PhoneCode.objects.exists()


@pytest.mark.parametrize("typed", ["", "1380000000", "abc", "12345678901", "199\x0012345678"])
def test_what_is_no_phone_sends_nothing_and_stays_in_its_box(page: str, typed: str) -> None:
    answer = client_of().post(page, {"send": "1", "phone": typed})
    assert answer.status_code == 422
    assert not Outgoing.objects.exists()
    assert not typed or "\x00" in typed or f'value="{typed}"' in text_of(answer)


@pytest.mark.parametrize("typed", ["+86 {}", "0086{}", "{0[0]}{0[1]}{0[2]} {rest}"])
def test_a_phone_is_taken_in_any_usual_writing(page: str, typed: str) -> None:
    user = cast.make_user()
    plain = number(user)
    assert client_of().post(page, {"send": "1", "phone": typed.format(plain, rest=plain[3:])}).status_code == 302
    assert Outgoing.objects.filter(to=user.phone).count() == 1
