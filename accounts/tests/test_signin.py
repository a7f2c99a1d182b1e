"""Signing in by password and by SMS code, a forgotten password, the demo's accounts."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import demo_accounts
from accounts.models import PhoneCode, RegistrationRules
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast


@pytest.fixture
def browser(db):
    return Client(headers={"accept-language": "zh-hans"})


def signed_in(client):
    return "_auth_user_id" in client.session


def sign_in(client, login, password=cast.PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password, **extra})


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
@pytest.mark.parametrize("how", ["username", "phone", "credit_code"])
def test_password_works_with_name_phone_or_credit_code(browser, how):
    organization = cast.make_organization()
    owner = cast.owner_of(organization)
    logins = {
        "username": owner.username,
        "phone": owner.phone.removeprefix("+86"),
        "credit_code": organization.credit_code,
    }
    answer = sign_in(browser, logins[how])
    assert answer.url == reverse("start")
    assert signed_in(browser)


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_wrong_password_and_unknown_account_read_the_same(browser):
    user = cast.make_user()
    known = sign_in(browser, user.username, "wrong-password-1")
    unknown = sign_in(browser, "nobody-here", "wrong-password-1")
    for answer in (known, unknown):
        assert answer.status_code == 422
        assert answer.content.decode().count("账号或密码不对，核对后再试") >= 1
    assert not signed_in(browser)


@pytest.mark.django_db
def test_empty_form_says_what_to_fill_in(browser):
    text = sign_in(browser, "", "").content.decode()
    assert "填写账号" in text
    assert "填写密码" in text
    assert "错误：登录" in text


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_account_is_locked_after_ten_wrong_passwords(browser):
    user = cast.make_user()
    for _ in range(10):
        sign_in(browser, user.username, "wrong-password-1")
    answer = sign_in(browser, user.username)
    assert "15 分钟后再试" in answer.content.decode()
    assert not signed_in(browser)


@pytest.mark.django_db
def test_inactive_person_does_not_get_in(browser):
    user = cast.make_user(is_active=False)
    sign_in(browser, user.username)
    assert not signed_in(browser)


@pytest.mark.django_db
def test_sign_in_returns_to_the_page_that_asked(browser):
    organization = cast.make_organization()
    answer = sign_in(browser, cast.owner_of(organization).username, next="/account/")
    assert answer.url == "/account/"


@pytest.mark.django_db
def test_sign_in_leads_to_no_other_site(browser):
    user = cast.make_user()
    answer = sign_in(browser, user.username, next="https://elsewhere.example/")
    assert "elsewhere" not in answer.url


# --- SMS ----------------------------------------------------------------------------------------


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_sms_code_signs_in(browser):
    user = cast.make_user()
    url = reverse("login-sms")
    assert browser.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")}).url == url
    page = browser.get(url).content.decode()
    assert "验证码已发送到" in page
    assert user.phone.removeprefix("+86") not in page
    answer = browser.post(url, {"code": code_in(last_sms(user.phone))})
    assert answer.url == reverse("start")
    assert signed_in(browser)


@pytest.mark.django_db
def test_page_does_not_tell_whether_a_phone_has_an_account(browser):
    url = reverse("login-sms")
    user = cast.make_user()
    known, unknown = user.phone.removeprefix("+86"), "19912345678"
    pages = []
    for number in (known, unknown):
        client = Client(headers={"accept-language": "zh-hans"})
        client.post(url, {"send": "1", "phone": number})
        pages.append(client.get(url).content.decode().count("验证码已发送到"))
    assert pages == [1, 1]
    assert "还没有账号" in last_sms(f"+86{unknown}")
    assert PhoneCode.objects.count() == 1


@pytest.mark.django_db
def test_wrong_code_stays_outside(browser):
    user = cast.make_user()
    url = reverse("login-sms")
    browser.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")})
    right = code_in(last_sms(user.phone))
    answer = browser.post(url, {"code": f"{(int(right) + 1) % 1_000_000:06d}"})
    assert answer.status_code == 422
    assert not signed_in(browser)


@pytest.mark.django_db
def test_code_of_another_browser_is_worth_nothing(browser):
    user = cast.make_user()
    url = reverse("login-sms")
    browser.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")})
    thief = Client()
    thief.post(url, {"code": code_in(last_sms(user.phone))})
    assert not signed_in(thief)


@pytest.mark.django_db
def test_second_sms_within_a_minute_is_refused(browser):
    user = cast.make_user()
    url = reverse("login-sms")
    for _ in range(2):
        answer = browser.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")})
    assert answer.status_code == 422
    assert "60 秒" in answer.content.decode()
    assert Outgoing.objects.count() == 1


# --- Forgotten password -------------------------------------------------------------------------


@pytest.mark.feature("JS-3")
@pytest.mark.django_db
def test_forgotten_password_is_set_anew_after_the_phone_is_proved(browser):
    user = cast.make_user()
    url = reverse("account_reset_password")
    browser.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")})
    answer = browser.post(url, {"code": code_in(last_sms(user.phone))}, follow=True)
    page, _status = answer.redirect_chain[-1]
    weak = browser.post(page, {"password1": "short", "password2": "short"})
    assert "12 至 64 位" in weak.content.decode()
    browser.post(page, {"password1": "Another-horse-7-stable", "password2": "Another-horse-7-stable"})
    user.refresh_from_db()
    assert user.check_password("Another-horse-7-stable")


@pytest.mark.django_db
def test_code_for_signing_in_sets_no_password(browser):
    user = cast.make_user()
    browser.post(reverse("login-sms"), {"send": "1", "phone": user.phone.removeprefix("+86")})
    answer = browser.post(reverse("account_reset_password"), {"code": code_in(last_sms(user.phone))})
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.check_password(cast.PASSWORD)


# --- The demo -----------------------------------------------------------------------------------


@pytest.fixture
def demo_file(settings, tmp_path):
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "demo.json"
    settings.DEMO_MODE = True
    return settings


@pytest.mark.django_db
def test_demo_accounts_are_listed_and_sign_in(browser, demo_file):
    user = cast.make_user(username="demo-enterprise")
    demo_accounts.register([demo_accounts.DemoAccount("企业", user.username, "云溪智造科技有限公司", "申领、用券")])
    assert "云溪智造科技有限公司" in browser.get(reverse("account_login")).content.decode()
    browser.post(reverse("login-demo"), {"as": user.username})
    assert signed_in(browser)


@pytest.mark.django_db
def test_only_listed_accounts_open_without_a_password(browser, demo_file):
    user = cast.make_user(username="somebody")
    demo_accounts.register([demo_accounts.DemoAccount("企业", "demo-enterprise", "云溪智造科技有限公司")])
    assert browser.post(reverse("login-demo"), {"as": user.username}).status_code == 404
    assert not signed_in(browser)


@pytest.mark.django_db
def test_real_installation_has_no_demo_accounts(browser, demo_file):
    user = cast.make_user(username="demo-enterprise")
    demo_accounts.register([demo_accounts.DemoAccount("企业", user.username, "云溪智造科技有限公司")])
    demo_file.DEMO_MODE = False
    assert "演示环境" not in browser.get(reverse("account_login")).content.decode()
    assert browser.post(reverse("login-demo"), {"as": user.username}).status_code == 404
    assert not signed_in(browser)


# --- The account page ---------------------------------------------------------------------------


@pytest.mark.feature("YRD-3")
@pytest.mark.django_db
def test_account_page_masks_phone_and_account(browser):
    organization = cast.make_organization()
    owner = cast.owner_of(organization)
    browser.force_login(owner)
    text = browser.get(reverse("security")).content.decode()
    assert owner.phone.removeprefix("+86") not in text
    assert "6222020000000001234" not in text
    assert "1234" in text
    assert reverse("account_change_password") in text
    assert "管理员" in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "usersessions_list", "account_logout"])
def test_pages_of_allauth_stand_in_our_shell(browser, name):
    browser.force_login(cast.make_user())
    session = browser.session
    session.save()
    text = browser.get(reverse(name), follow=True).content.decode()
    assert text.count("<h1") == 1
    assert 'id="main"' in text


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_password_is_changed_by_the_rules_of_the_region(browser):
    organization = cast.make_organization()
    owner = cast.owner_of(organization)
    RegistrationRules.objects.create(region=organization.region, password_min=10, password_max=15)
    browser.force_login(owner)
    url = reverse("account_change_password")
    assert "10 至 15 位，可以粘贴" in browser.get(url).content.decode()
    typed = {"oldpassword": cast.PASSWORD, "password1": "x" * 30, "password2": "x" * 30}
    assert "这里有 30 位" in browser.post(url, typed).content.decode()
    browser.post(url, {**typed, "password1": "Ax9-klmq72", "password2": "Ax9-klmq72"})
    owner.refresh_from_db()
    assert owner.check_password("Ax9-klmq72")


@pytest.mark.django_db
def test_start_leads_each_role_to_its_page(browser):
    browser.force_login(cast.owner_of(cast.make_organization()))
    assert browser.get(reverse("start")).url == reverse("ent-home")
    browser.force_login(cast.make_officer(cast.COUNTY, "review_verification"))
    assert browser.get(reverse("start")).url == reverse("desk-inbox")
    browser.force_login(cast.make_user())
    assert browser.get(reverse("start")).url == reverse("home")
