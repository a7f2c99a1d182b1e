"""Signing up, page by page, without JavaScript."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, PhoneCode, RegistrationRules, User
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import Outgoing, Region
from innovation_voucher.tests import cast

NUMBER = "19900012345"
PHONE = f"+86{NUMBER}"


@pytest.fixture
def browser(db):
    return Client(headers={"accept-language": "zh-hans"})


def form_url(kind="enterprise", region=cast.COUNTY):
    return f"{reverse('register-form')}?kind={kind}&region={region}"


def facts(**changed):
    values = {
        "credit_code": cast.credit_code(),
        "name": "新芽材料有限公司",
        "person_name": "赵甲",
        "phone": NUMBER,
        "email": "",
        "username": "",
        "password": cast.PASSWORD,
        "terms": "on",
        "privacy": "on",
    }
    return {**values, **changed}


def post_code(client, code=None):
    return client.post(reverse("register-code"), {"code": code or code_in(last_sms(PHONE))})


# --- Who and where ----------------------------------------------------------------------------


@pytest.mark.feature("ZO-1")
@pytest.mark.django_db
def test_the_front_page_leads_to_three_kinds(browser):
    text = browser.get(reverse("register")).content.decode()
    assert all(f'value="{kind}"' in text for kind in Organization.Kind.values)
    assert "注册后不能自行更改" in text


@pytest.mark.feature("ZO-1", "JS-1")
@pytest.mark.django_db
def test_selects_open_one_after_another_without_javascript(browser):
    county = cast.make_region()
    city, province = county.parent, county.parent.parent
    step = {"kind": "enterprise", "asked": "province", "province": province.code, "city": "", "county": ""}
    text = browser.get(reverse("register"), step).content.decode()
    assert f'value="{city.code}"' in text
    assert "错误" not in text
    step |= {"asked": "city", "city": city.code}
    text = browser.get(reverse("register"), step).content.decode()
    assert f'value="{county.code}"' in text
    assert f'<option value="{city.code}" selected>' in text
    step |= {"asked": "county", "county": county.code}
    assert browser.get(reverse("register"), step).url == form_url(region=county.code)


@pytest.mark.django_db
def test_asking_twice_for_the_same_select_is_an_error(browser):
    answer = browser.get(reverse("register"), {"kind": "enterprise", "asked": "province", "province": ""})
    assert answer.status_code == 422
    assert answer.content.decode().count("选到县（市、区）") == 2


@pytest.mark.django_db
def test_another_province_forgets_the_city(browser):
    county, other = cast.make_region(), cast.make_region("320102")
    step = {"kind": "carrier", "asked": "county", "province": other.parent.parent.code, "city": county.parent.code}
    text = browser.get(reverse("register"), step).content.decode()
    assert f'value="{other.parent.code}"' in text
    assert f'value="{county.parent.code}"' not in text


@pytest.mark.django_db
def test_zones_are_no_addresses(browser):
    county = cast.make_region()
    zone = Region.objects.create(
        code="330108-Z1",
        name="高新区",
        full_name="高新区",
        level="zone",
        parent=county,
        path=f"{county.path}330108-Z1/",
    )
    step = {"kind": "enterprise", "province": "330000", "city": "330100", "county": county.code}
    answer = browser.get(reverse("register"), step)
    assert zone.code not in answer.url


# --- The form ---------------------------------------------------------------------------------


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_every_mistake_is_named_and_what_was_typed_stays(browser):
    cast.make_region()
    answer = browser.post(form_url(), facts(credit_code="91330108MA2X7Q4T1A", phone="1380000000", terms=""))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "错误：填写注册信息" in text
    assert "手机号需 11 位数字" in text
    assert "统一社会信用代码" in text
    assert 'value="新芽材料有限公司"' in text
    assert "勾选《用户协议》" in text
    assert not Outgoing.objects.exists()


@pytest.mark.django_db
def test_agreements_are_not_ticked_beforehand(browser):
    cast.make_region()
    text = browser.get(form_url()).content.decode()
    assert 'name="terms"' in text
    assert "checked" not in text.split('name="terms"')[1].split(">")[0]


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_rules_of_the_nearest_region_decide(browser):
    county = cast.make_region()
    RegistrationRules.objects.create(region=county.parent.parent, password_min=14)
    RegistrationRules.objects.create(
        region=county.parent,
        password_min=10,
        password_max=15,
        password_starts_with_letter=True,
        password_specials="-@",
    )
    answer = browser.post(form_url(), facts(password="9short"))
    text = answer.content.decode()
    assert "10 至 15 位" in text
    ok = browser.post(form_url(), facts(password="Ax9-kLmq72"))
    assert ok.url == reverse("register-code")


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_a_registered_code_is_named_without_the_phone(browser):
    taken = cast.make_organization()
    owner = cast.owner_of(taken)
    answer = browser.post(form_url(), facts(credit_code=taken.credit_code))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "找回资料" in text
    assert owner.phone.removeprefix("+86") not in text
    assert owner.phone[-4:] not in text


@pytest.mark.django_db
def test_a_registered_phone_is_told_by_sms_and_not_by_the_page(browser):
    cast.make_user(phone=PHONE)
    cast.make_region()
    answer = browser.post(form_url(), facts())
    assert answer.url == reverse("register-code")
    assert "已注册" in last_sms(PHONE)
    assert not PhoneCode.objects.exists()
    assert post_code(browser, "123456").status_code == 422
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_unknown_kind_or_region_has_no_form(browser):
    cast.make_region()
    assert browser.get(form_url(kind="bureau")).url == reverse("register")
    assert browser.get(form_url(region="999999")).status_code == 404


# --- The code ---------------------------------------------------------------------------------


@pytest.mark.feature("ZO-1", "JS-1")
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["enterprise", "carrier", "entrepreneur"])
def test_right_code_makes_the_account_and_signs_in(browser, kind):
    cast.make_region()
    browser.post(form_url(kind), facts())
    assert not User.objects.exists()
    answer = post_code(browser)
    assert answer.url == reverse("register-done")
    organization = Organization.objects.get()
    assert organization.kind == kind
    assert organization.region.code == cast.COUNTY
    assert organization.name == ("赵甲" if kind == "entrepreneur" else "新芽材料有限公司")
    done = browser.get(answer.url).content.decode()
    assert "注册完成" in done
    assert organization.name in done


@pytest.mark.django_db
def test_password_waits_in_the_session_as_a_hash(browser):
    cast.make_region()
    browser.post(form_url(), facts())
    assert cast.PASSWORD not in str(dict(browser.session))
    post_code(browser)
    assert User.objects.get().check_password(cast.PASSWORD)


@pytest.mark.django_db
def test_wrong_code_makes_nothing(browser):
    cast.make_region()
    browser.post(form_url(), facts())
    right = code_in(last_sms(PHONE))
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answer = post_code(browser, wrong)
    assert answer.status_code == 422
    assert "还可以试 4 次" in answer.content.decode()
    for _ in range(4):
        post_code(browser, wrong)
    assert "已输错 5 次" in post_code(browser, right).content.decode()
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_code_page_without_a_form_goes_to_the_start(browser):
    assert browser.get(reverse("register-code")).url == reverse("register")
    assert browser.get(reverse("register-help")).url == reverse("register")


@pytest.mark.django_db
def test_help_page_says_when_another_code_can_be_had(browser):
    cast.make_region()
    browser.post(form_url(), facts())
    text = browser.get(reverse("register-help")).content.decode()
    assert "后可重新获取" in text
    refused = browser.post(reverse("register-help"), {"phone": NUMBER})
    assert refused.status_code == 422
    assert Outgoing.objects.count() == 1


@pytest.mark.django_db
def test_number_can_be_changed_before_the_code(browser):
    cast.make_region()
    browser.post(form_url(), facts())
    old = code_in(last_sms(PHONE))
    other = "19900054321"
    assert browser.post(reverse("register-help"), {"phone": other}).url == reverse("register-code")
    assert post_code(browser, old).status_code == 422
    post_code(browser, code_in(last_sms(f"+86{other}")))
    assert User.objects.get().phone == f"+86{other}"


@pytest.mark.django_db
def test_code_taken_by_somebody_else_meanwhile_is_named(browser):
    cast.make_region()
    values = facts()
    browser.post(form_url(), values)
    cast.make_organization(credit_code=values["credit_code"])
    answer = post_code(browser)
    assert answer.status_code == 422
    assert "已注册" in answer.content.decode()
    assert not User.objects.filter(phone=PHONE).exists()


@pytest.mark.django_db
def test_allauth_own_sign_up_is_closed(browser):
    answer = browser.post("/accounts/signup/", {"phone": NUMBER, "password1": cast.PASSWORD})
    assert not User.objects.exists()
    assert answer.status_code in {200, 302, 403, 404}
