"""A province opens the account of a carrier that it lists itself."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from accounts.services import Taken, organization_of
from carriers import rules, services
from carriers.models import Carrier, CarrierRecognition
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Outgoing, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

pytestmark = pytest.mark.feature("ZO-5")

PHONE = "13800000042"


@pytest.fixture
def province(county: Region) -> Region:
    return Region.objects.get(code=county.ancestor_codes[0])


@pytest.fixture
def staff(province: Region) -> User:
    return cast.make_officer(province.code, "review_recognition", kind="province")


@pytest.fixture
def given(county: Region) -> dict[str, Any]:
    return {
        "name": "启明材料研究院",
        "credit_code": cast.make_organization("carrier").credit_code,
        "place": county,
        "summary": "材料试验",
        "address": "科学路 1 号",
        "person_name": "程工",
        "phone": "+8613800000042",
        "email": "",
    }


@pytest.fixture
def fresh(given: dict[str, Any]) -> dict[str, Any]:
    """The same with a credit code that nobody has."""
    return {**given, "credit_code": cast.credit_code(900042)}


def form_of(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "place": data["place"].code, "phone": PHONE, "reason": "省级名录第 3 号"}


def test_the_whole_province_may_book_at_once(
    province: Region, other_county: Region, staff: User, fresh: dict[str, Any]
) -> None:
    carrier = services.list_carrier(province, data=fresh, by=staff, reason="省级名录第 3 号")
    assert rules.recognized_in(carrier, other_county)
    assert CarrierRecognition.objects.get().region == province
    carrier.refresh_from_db()
    assert carrier.shown
    assert AuditRow.objects.filter(verb="carrier.listed", actor_id=staff.pk).exists()


def test_the_person_owns_it_and_sets_the_password_alone(province: Region, staff: User, fresh: dict[str, Any]) -> None:
    carrier = services.list_carrier(province, data=fresh, by=staff, reason="名录")
    owner = User.objects.get(phone=fresh["phone"])
    assert organization_of(owner) == carrier.organization
    assert rules.may_manage(owner, carrier)[0]
    sent = "".join(Outgoing.objects.values_list("body", flat=True))
    assert "忘记密码" in sent
    assert "http" not in sent


def test_a_county_cannot_open_one(province: Region, officer: User, fresh: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        services.list_carrier(province, data=fresh, by=officer, reason="名录")
    assert not Carrier.objects.exists()


def test_a_county_is_no_province(county: Region, officer: User, fresh: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="省级"):
        services.list_carrier(county, data=fresh, by=officer, reason="名录")
    assert not Carrier.objects.exists()


def test_a_code_that_is_registered_leaves_nothing_behind(province: Region, staff: User, given: dict[str, Any]) -> None:
    before = Organization.objects.count()
    with pytest.raises(Taken):
        services.list_carrier(province, data=given, by=staff, reason="名录")
    assert Organization.objects.count() == before
    assert not Carrier.objects.exists()
    assert not User.objects.filter(phone=given["phone"]).exists()


def test_the_page_opens_the_account(staff: User, fresh: dict[str, Any]) -> None:
    client = client_of(staff)
    assert reverse("desk-carrier-new") in text_of(client.get(reverse("desk-carriers")))
    response = post(client, reverse("desk-carrier-new"), **form_of(fresh))
    assert response.status_code == 302
    carrier = Carrier.objects.get()
    assert response["Location"] == reverse("desk-carrier", args=[carrier.recognitions.get().number])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "91330108"}, "统一社会信用代码"),
        ({"place": ""}, "选择机构所在的市"),
        ({"place": "110101"}, "这个地区不能选"),
        ({"reason": ""}, "写明认可依据"),
        ({"summary": ""}, "写明机构做什么"),
        ({"phone": "138"}, "手机号"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(
    staff: User, fresh: dict[str, Any], changes: dict[str, str], words: str
) -> None:
    response = post(client_of(staff), reverse("desk-carrier-new"), **{**form_of(fresh), **changes})
    assert response.status_code == 422
    assert words in text_of(response)
    assert "启明材料研究院" in text_of(response)
    assert not Carrier.objects.exists()


def test_a_registered_code_is_said_on_the_page(staff: User, given: dict[str, Any]) -> None:
    response = post(client_of(staff), reverse("desk-carrier-new"), **form_of(given))
    assert response.status_code == 422
    assert "该统一社会信用代码已注册" in text_of(response)


def test_a_countys_officer_is_told_who_can(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert reverse("desk-carrier-new") not in text_of(client.get(reverse("desk-carriers")))
    response = client.get(reverse("desk-carrier-new"))
    assert response.status_code == 403
    assert "省级主管部门" in text_of(response)
