"""Sign-up at its limits: each box alone, regions of every depth, and who was first."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.forms.region import WhoForm
from accounts.forms.registration import RegistrationForm
from accounts.models import Organization, RegistrationRules, User
from accounts.services import register
from accounts.services.registration import Taken
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import AuditRow, Outgoing, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-1", "JS-1")]

NUMBER = "19900054399"


@pytest.fixture
def county() -> Region:
    return cast.make_region()


def facts(**changed: Any) -> dict[str, Any]:
    values = {
        "credit_code": cast.credit_code(),
        "name": "新芽材料有限公司",
        "person_name": "赵甲",
        "phone": NUMBER,
        "password": cast.PASSWORD,
        "terms": "on",
        "privacy": "on",
    }
    return {**values, **changed}


def form(county: Region, kind: str = "enterprise", **changed: Any) -> RegistrationForm:
    return RegistrationForm(facts(**changed), kind=kind, region=county)


def send(client: Client, **changed: Any) -> Any:
    return client.post(f"{reverse('register-form')}?kind=enterprise&region={cast.COUNTY}", facts(**changed))


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("credit_code", "", "填写统一社会信用代码，共 18 位"),
        ("credit_code", "9133", "这里有 4 位"),
        ("credit_code", "91330108MA2X7Q4TIO", "没有 I、O、S、V、Z"),
        ("name", "", "填写单位名称"),
        ("name", "字" * 101, "单位名称最多 100 字"),
        ("person_name", " ", "填写姓名"),
        ("person_name", "字" * 51, "姓名最多 50 字"),
        ("phone", "", "填写手机号，共 11 位数字"),
        ("phone", "021-5555555", "手机号需 11 位数字"),
        ("email", "zhou", "邮箱写成 name@example.cn 这样"),
        ("username", "云溪", "用户名需 4 至 20 个字"),
        ("username", "12345678", "用户名不能全是数字"),
        ("username", "yun xi!", "用户名只能有汉字、字母、数字和“-”"),
        ("password", "", "填写密码"),
        ("password", "short", "密码需 12 至 64 位，这里有 5 位"),
        ("terms", "", "阅读并勾选《用户协议》后才能注册"),
        ("privacy", "", "阅读并勾选《隐私政策》后才能注册"),
    ],
)
def test_each_box_says_its_own_sentence(county: Region, name: str, typed: str, words: str) -> None:
    found = form(county, **{name: typed})
    assert list(found.errors) == [name]
    assert any(words in text for text in found.errors[name])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", "字" * 100),
        ("person_name", "字" * 50),
        ("email", ""),
        ("username", "云溪智造"),
        ("password", "文" * 64),
    ],
)
def test_the_last_that_will_do(county: Region, name: str, typed: str) -> None:
    assert form(county, **{name: typed}).is_valid()


def test_a_code_is_taken_with_spaces_and_small_letters(county: Region) -> None:
    code = cast.credit_code()
    found = form(county, credit_code=f" {code[:8].lower()} {code[8:]} ")
    assert found.is_valid()
    assert found.cleaned_data["credit_code"] == code


def test_a_taken_user_name_is_told_whatever_its_case(county: Region) -> None:
    cast.make_user(username="Yun-Xi")
    assert form(county, username="yun-xi").errors["username"] == ["该用户名已被使用，换一个"]


def test_a_password_is_stripped_of_nothing(county: Region) -> None:
    spaced = f"  {cast.PASSWORD}  "
    found = form(county, password=spaced)
    assert found.is_valid()
    assert found.cleaned_data["password"] == spaced


@pytest.mark.parametrize("name", ["name", "person_name", "username", "email", "phone", "credit_code"])
def test_what_was_typed_stands_in_its_box_but_for_the_password(county: Region, name: str) -> None:
    typed = {"username": "yun xi", "email": "zhou@", "phone": "1990", "credit_code": "9133"}.get(name, "新芽")
    page = text_of(send(client_of(), **{name: typed, "terms": ""}))
    assert f'value="{typed}"' in page
    assert cast.PASSWORD not in page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_make_an_account_and_no_harm(county: Region, text: str) -> None:
    client = client_of()
    assert send(client, name=text, person_name=text[:50]).status_code == 302
    client.post(reverse("register-code"), {"code": code_in(last_sms(f"+86{NUMBER}"))})
    assert Organization.objects.get().name == text
    for name in ("register-done", "ent-home", "security"):
        assert "<script>alert(1)" not in text_of(client.get(reverse(name)))


@pytest.mark.parametrize("name", ["name", "person_name", "username", "email", "phone", "credit_code", "password"])
def test_a_nul_is_refused_with_the_form(county: Region, name: str) -> None:
    answer = send(client_of(), **{name: f"{facts().get(name, 'yun-xi')}\x00"})
    assert answer.status_code == 422
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("region", ["", "999999", "330108' OR 1=1", "字" * 300])
def test_an_unknown_region_in_the_address_is_not_found(county: Region, region: str) -> None:
    assert client_of().get(reverse("register-form"), {"kind": "enterprise", "region": region}).status_code == 404


# --- Regions ----------------------------------------------------------------------------------------


def who(**chosen: str) -> WhoForm:
    return WhoForm({"kind": "enterprise", **chosen})


def test_a_county_is_chosen_from_the_top(county: Region) -> None:
    city = county.parent
    assert city is not None
    assert (who().next_missing, who(province="330000").next_missing) == ("province", "city")
    assert who(province="330000", city=city.code).next_missing == "county"
    done = who(province="330000", city=city.code, county=county.code)
    assert (done.region, done.next_missing) == (county, "")


@pytest.mark.parametrize(
    "chosen",
    [{"county": "330108"}, {"province": "330000", "county": "330108"}, {"province": "320000", "city": "330100"}],
)
def test_a_step_cannot_be_left_out(county: Region, chosen: dict[str, str]) -> None:
    assert who(**chosen).region is None


def test_a_city_without_counties_stands_for_itself(county: Region) -> None:
    city = Region.objects.create(
        code="339900", name="直管市", full_name="直管市", level="city", parent_id=None, path="330000/339900/"
    )
    Region.objects.filter(pk=city.pk).update(parent=Region.objects.get(code="330000"))
    assert who(province="330000", city="339900").region == city


def test_a_kind_is_asked_for_beside_the_region(county: Region) -> None:
    found = WhoForm({"province": "330000", "city": "330100", "county": "330108"})
    assert found.errors["kind"] == ["选择注册身份"]
    assert "kind" in WhoForm({"kind": "bureau"}).errors


# --- The code's page --------------------------------------------------------------------------------


def test_the_help_page_changes_the_number_and_sends_anew(county: Region) -> None:
    client = client_of()
    send(client)
    other = "19900054400"
    assert client.post(reverse("register-help"), {"phone": "199"}).status_code == 422
    assert client.post(reverse("register-help"), {"phone": other}).headers["Location"] == reverse("register-code")
    old = code_in(last_sms(f"+86{NUMBER}"))
    new = code_in(last_sms(f"+86{other}"))
    if old != new:
        assert client.post(reverse("register-code"), {"code": old}).status_code == 422
    client.post(reverse("register-code"), {"code": new})
    assert User.objects.get().phone == f"+86{other}"


def test_sending_again_within_a_minute_is_told_and_the_code_stays_good(county: Region) -> None:
    client = client_of()
    send(client)
    answer = client.post(reverse("register-help"), {"phone": NUMBER})
    assert answer.status_code == 422
    assert "60 秒后可重新获取" in text_of(answer)
    assert client.post(reverse("register-code"), {"code": code_in(last_sms(f"+86{NUMBER}"))}).status_code == 302


def test_the_done_page_is_for_people_of_an_organization() -> None:
    assert client_of(cast.make_user()).get(reverse("register-done")).status_code == 404
    assert client_of().get(reverse("register-done")).status_code == 302


@pytest.mark.parametrize("same", ["credit_code", "phone", "username"])
def test_who_was_first_keeps_it_and_the_second_leaves_nothing(county: Region, same: str) -> None:
    def sign_up(**changed: Any) -> User:
        values = {"credit_code": cast.credit_code(), "phone": cast.phone(), "username": f"user-{cast.phone()[-6:]}"}
        fixed = {"kind": "enterprise", "region": county, "name": "新芽", "person_name": "赵甲", "email": ""}
        return register(**fixed, **{**values, **changed}, password=cast.PASSWORD, consents={"terms": "4"})  # type: ignore[arg-type]

    first = sign_up()
    known = {
        "credit_code": first.memberships.get().organization.credit_code,
        "phone": first.phone,
        "username": first.username,
    }
    before = User.objects.count(), Organization.objects.count(), AuditRow.objects.count()
    with pytest.raises(Taken) as refused:
        sign_up(**{same: known[same]})
    assert (first.phone or "")[3:] not in str(refused.value)
    assert (User.objects.count(), Organization.objects.count(), AuditRow.objects.count()) == before


def test_rules_of_the_region_stand_under_the_box(county: Region) -> None:
    RegistrationRules.objects.create(region=county, password_min=10, password_max=15, password_specials="-@")
    page = text_of(client_of().get(f"{reverse('register-form')}?kind=enterprise&region={county.code}"))
    assert "10 至 15 位，可以粘贴；要有字母、数字和特殊字符（-@）" in page
