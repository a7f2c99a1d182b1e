"""The admin pages: who sees which rows, and that acts go through the verbs."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers.models import Carrier, CarrierRecognition, Category
from innovation_voucher.casework.models import AuditRow, Region
from innovation_voucher.tests import cast

from .factories import make_carrier, make_recognition, make_service

pytestmark = pytest.mark.django_db

RECOGNITIONS = "/admin/carriers/carrierrecognition/"


@pytest.fixture
def province(db: Any) -> User:
    """Provincial staff who review recognitions and keep the categories."""
    rights = ("review_recognition", "manage_programmes")
    person = cast.make_officer("330000", *rights, kind="province")
    person.is_staff = True
    person.save()
    return person


@pytest.fixture
def as_province(client: Client, province: User) -> Client:
    client.force_login(province)
    return client


@pytest.fixture
def as_operator(client: Client) -> Client:
    """A superuser, who holds no bureau's rights."""
    client.force_login(cast.make_user(is_staff=True, is_superuser=True))
    return client


def act(client: Client, path: str, action: str, pk: int, reason: str = "年度核查") -> Any:
    return client.post(path, {"action": action, "_selected_action": [pk], "reason": reason}, follow=True)


def test_each_sees_the_rows_of_their_regions(as_province: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    elsewhere = make_carrier(cast.make_organization("carrier", "320505"), name="苏式检测中心")
    make_recognition(elsewhere, cast.make_region("320505"))
    for path in (RECOGNITIONS, "/admin/carriers/carrier/"):
        page = as_province.get(path).content.decode()
        assert carrier.name in page
        assert "苏式检测中心" not in page


def test_states_and_facts_are_read_only(as_province: Client, carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county)
    page = as_province.get(f"{RECOGNITIONS}{row.pk}/change/").content.decode()
    assert 'name="status"' not in page
    as_province.post(f"{RECOGNITIONS}{row.pk}/change/", {"status": "ended"})
    row.refresh_from_db()
    assert row.status == "recognized"


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("suspend", "recognized", "suspended"), ("resume", "suspended", "recognized"), ("end", "recognized", "ended")],
)
def test_acts_are_the_verbs(
    as_province: Client, province: User, carrier: Carrier, county: Region, action: str, before: str, after: str
) -> None:
    row = make_recognition(carrier, county, before)
    act(as_province, RECOGNITIONS, action, row.pk)
    row.refresh_from_db()
    assert (row.status, row.reason) == (after, "年度核查")
    assert AuditRow.objects.get(verb__startswith="recognition.").actor_id == province.pk


def test_an_act_needs_a_reason(as_province: Client, carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county)
    assert "写明理由后再办理" in act(as_province, RECOGNITIONS, "suspend", row.pk, reason=" ").content.decode()
    row.refresh_from_db()
    assert row.status == "recognized"


def test_a_refused_act_says_why(as_province: Client, carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county, "ended")
    assert "不能办理这一步" in act(as_province, RECOGNITIONS, "suspend", row.pk).content.decode()
    row.refresh_from_db()
    assert row.status == "ended"


def test_a_superuser_looks_and_decides_nothing(as_operator: Client, carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county)
    assert carrier.name in as_operator.get(RECOGNITIONS).content.decode()
    act(as_operator, RECOGNITIONS, "suspend", row.pk)
    row.refresh_from_db()
    assert row.status == "recognized"


def test_the_province_recognizes_by_its_list(as_province: Client, carrier: Carrier) -> None:
    act(as_province, "/admin/carriers/carrier/", "recognize_by_province", carrier.pk, "省级创新载体名录")
    row = CarrierRecognition.objects.get()
    assert (row.status, row.region.code, row.reason) == ("recognized", "330000", "省级创新载体名录")


def test_without_a_province_s_right_nothing_is_recognized(as_operator: Client, carrier: Carrier) -> None:
    page = act(as_operator, "/admin/carriers/carrier/", "recognize_by_province", carrier.pk).content.decode()
    assert "此事由省级主管部门办理" in page
    assert not CarrierRecognition.objects.exists()


def test_what_vouchers_pay_for(as_province: Client, carrier: Carrier) -> None:
    service = make_service(carrier)
    for action, eligible in (("refuse_vouchers", False), ("allow_vouchers", True)):
        act(as_province, "/admin/carriers/service/", action, service.pk, "法定检验")
        service.refresh_from_db()
        assert service.voucher_eligible is eligible


def test_categories_are_kept_by_the_province(as_province: Client) -> None:
    data = {"code": "0603", "name": "标准咨询", "parent": Category.objects.get(code="06").pk, "position": 99}
    as_province.post("/admin/carriers/category/add/", data)
    node = Category.objects.get(code="0603")
    assert [step.name for step in node.trail] == ["科技查新与咨询", "标准咨询"]
    assert AuditRow.objects.filter(verb="category.saved", subject_id=node.pk).exists()
