"""SMS codes: six digits, five minutes, five tries, one use, one session."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import codes
from accounts.models import PhoneCode
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast

PURPOSE = PhoneCode.Purpose.LOGIN


def send(phone, binding="a-session", code="384201"):
    return codes.send_code(phone=phone, purpose=PURPOSE, binding=binding, code=code)


def check(phone, code, binding="a-session"):
    codes.check_code(phone=phone, purpose=PURPOSE, binding=binding, code=code)


def test_a_new_code_has_six_digits():
    seen = {codes.new_code() for _ in range(50)}
    assert all(len(code) == 6 and code.isdecimal() for code in seen)
    assert len(seen) > 40


def test_sms_ends_with_the_line_that_binds_it_to_the_site(settings):
    settings.BASE_URL = "https://quan.example.cn"
    text = codes.text_of("384201")
    assert text.startswith("【创新券】验证码 384201，5 分钟内有效。")
    assert text.splitlines()[-1] == "@quan.example.cn #384201"
    assert len(text) <= 70


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_right_code_is_good_once():
    phone = cast.phone()
    send(phone)
    assert code_in(last_sms(phone)) == "384201"
    check(phone, "384 201")
    with pytest.raises(codes.CodeRefused, match="重新获取"):
        check(phone, "384201")


@pytest.mark.django_db
def test_code_is_stored_as_a_digest_only():
    row = send(cast.phone())
    assert "384201" not in row.digest
    assert len(row.digest) == 64


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_fifth_wrong_try_uses_the_code_up():
    phone = cast.phone()
    send(phone)
    for left in (4, 3, 2, 1):
        with pytest.raises(codes.CodeRefused, match=f"还可以试 {left} 次"):
            check(phone, "000000")
    with pytest.raises(codes.CodeRefused, match="已输错 5 次"):
        check(phone, "000000")
    with pytest.raises(codes.CodeRefused, match="已输错 5 次"):
        check(phone, "384201")
    assert PhoneCode.objects.get().used_at is None


@pytest.mark.django_db
def test_code_dies_after_five_minutes():
    phone = cast.phone()
    row = send(phone)
    assert row.expires_at - row.created_at == timedelta(minutes=5)
    PhoneCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(codes.CodeRefused, match="已过期"):
        check(phone, "384201")


@pytest.mark.django_db
@pytest.mark.parametrize("where", [{"binding": "another-session"}, {"phone": "+8619900099999"}])
def test_code_is_bound_to_session_and_phone(where):
    phone = cast.phone()
    send(phone)
    with pytest.raises(codes.CodeRefused):
        check(**{"phone": phone, "code": "384201", **where})
    assert PhoneCode.objects.get().tries == 0


@pytest.mark.django_db
def test_code_of_one_purpose_opens_no_other():
    phone = cast.phone()
    codes.send_code(phone=phone, purpose=PhoneCode.Purpose.RESET, binding="a-session", code="384201")
    with pytest.raises(codes.CodeRefused):
        check(phone, "384201")


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_a_number_gets_one_code_a_minute():
    phone = cast.phone()
    send(phone)
    with pytest.raises(Refused, match="60 秒"):
        send(phone)
    assert Outgoing.objects.filter(to=phone).count() == 1


@pytest.mark.django_db
def test_a_number_gets_five_codes_an_hour():
    phone = cast.phone()
    for minutes in range(5):
        send(phone)
        Outgoing.objects.filter(to=phone).update(created_at=timezone.now() - timedelta(minutes=2 + minutes))
    with pytest.raises(Refused, match="一小时"):
        send(phone)


@pytest.mark.django_db
def test_a_refused_resend_keeps_the_code_under_way():
    phone = cast.phone()
    send(phone)
    with pytest.raises(Refused):
        send(phone, code="111111")
    check(phone, "384201")
    assert PhoneCode.objects.get().used_at is not None


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_counted_one_by_one():
    phone = cast.phone()
    send(phone)
    barrier = threading.Barrier(8)

    def guess() -> None:
        barrier.wait()
        try:
            check(phone, "000000")
        except codes.CodeRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PhoneCode.objects.get().tries == codes.MAX_TRIES
    with pytest.raises(codes.CodeRefused):
        check(phone, "384201")
