"""Admin pages: rights on regions decide; a superuser is no bureau."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib import admin
from django.test import Client, RequestFactory
from django.utils import timezone

from innovation_voucher.casework import audit, messaging, places
from innovation_voucher.casework.adminsite import ScopedAdmin
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import (
    AuditRow,
    CalendarDay,
    Chain,
    ChainStep,
    Office,
    Outgoing,
    Region,
    ReturnReason,
)
from innovation_voucher.casework.rights import grant, holds
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db

COUNTY, OTHER, PROVINCE = cast.COUNTY, cast.OTHER_COUNTY, "330000"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def officer(*rights: str, at: str = COUNTY):
    user = cast.make_officer(at, *rights)
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def operator():
    """Runs the platform: superuser, no office."""
    return cast.make_user("运维", is_staff=True, is_superuser=True)


def status(user, path: str) -> int:
    return client_of(user).get(f"/admin/casework/{path}").status_code


def page(user, path: str) -> str:
    return client_of(user).get(f"/admin/casework/{path}", follow=True).content.decode()


# --- Who gets in ----------------------------------------------------------------------------

PAGES = ("region", "office", "chain", "calendarday", "returnreason", "auditrow", "outgoing", "apitoken")
VISIBLE = {
    "operator": {"region", "office", "chain", "calendarday", "returnreason", "outgoing"},
    "county": {"region"},
    "province": {"region", "chain", "calendarday", "returnreason"},
    "auditor": {"auditrow"},
    "nobody": set(),
}


@pytest.mark.parametrize("role", VISIBLE)
def test_each_role_sees_its_pages(role: str, operator) -> None:
    users = {
        "operator": lambda: operator,
        "county": lambda: officer("set_rules"),
        "province": lambda: officer("set_rules", at=PROVINCE),
        "auditor": lambda: officer("audit"),
        "nobody": officer,
    }
    user = users[role]()
    assert {name for name in PAGES if status(user, f"{name}/") == 200} == VISIBLE[role]


def test_django_permissions_count_for_nothing() -> None:
    user = cast.make_user(is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.set(Permission.objects.filter(content_type__app_label="casework"))
    assert {name for name in PAGES if status(user, f"{name}/") == 200} == set()


def test_all_our_admin_pages_ask_for_rights() -> None:
    ours = [page for model, page in admin.site._registry.items() if model._meta.app_label == "casework"]
    assert len(ours) == len(PAGES)
    assert all(isinstance(page, ScopedAdmin) for page in ours)


# --- Regions --------------------------------------------------------------------------------


def test_a_list_holds_only_what_lies_below(operator) -> None:
    user = officer("set_rules", at="330100")
    request = RequestFactory().get("/")
    request.user = user
    shown = admin.site._registry[Region].get_queryset(request)
    assert {region.code[:4] for region in shown} == {"3301"}
    request.user = operator
    assert admin.site._registry[Region].get_queryset(request).count() == Region.objects.count()


def zone(parent: Region, code: str = "330108G01") -> dict[str, object]:
    return {"code": code, "name": "高新区", "parent": parent.pk, "latitude": "", "longitude": ""}


def test_a_county_adds_a_zone_of_its_own() -> None:
    county = Region.objects.get(code=COUNTY)
    user = officer("set_rules")
    response = client_of(user).post("/admin/casework/region/add/", zone(county))
    assert response.status_code == 302
    made = Region.objects.get(code="330108G01")
    assert (made.level, made.path, made.full_name) == ("zone", f"{county.path}330108G01/", f"{county}高新区")
    row = AuditRow.objects.get(verb="region.zone")
    assert (row.actor_id, row.region_path) == (user.pk, made.path)


@pytest.mark.parametrize("parent", [OTHER, PROVINCE])
def test_but_none_elsewhere(parent: str) -> None:
    before = Region.objects.count()
    response = client_of(officer("set_rules")).post(
        "/admin/casework/region/add/", zone(Region.objects.get(code=parent))
    )
    assert response.status_code == 200
    assert Region.objects.count() == before


def test_what_the_file_says_is_not_changed_by_hand() -> None:
    county = Region.objects.get(code=COUNTY)
    response = client_of(officer("set_rules")).post(f"/admin/casework/region/{county.pk}/change/", {"name": "错"})
    assert response.status_code == 403
    county.refresh_from_db()
    assert county.name != "错"


def test_a_zone_lies_in_no_zone() -> None:
    county = Region.objects.get(code=COUNTY)
    inner = places.save_zone(Region(code="330108G01", name="区", parent=county), by=None)
    response = client_of(officer("set_rules")).post("/admin/casework/region/add/", zone(inner, "330108G02"))
    assert response.status_code == 200
    assert "高新区须在省、市、县之下" in response.content.decode()
    with pytest.raises(Refused):
        places.save_zone(Region(code="330108G02", name="区", parent=inner), by=None)
    assert not Region.objects.filter(code="330108G02").exists()


# --- Offices --------------------------------------------------------------------------------


def office_form(region: str, **fields) -> dict[str, object]:
    usual = {"name": "云帆科技局", "kind": "bureau", "region": Region.objects.get(code=region).pk, "people": ""}
    return {**usual, "rights_held": ["review_claim", "view_cases"], **fields}


def test_the_operator_sets_up_an_office_with_rights_and_people(operator) -> None:
    person = cast.make_user()
    response = client_of(operator).post("/admin/casework/office/add/", office_form(COUNTY, people=person.username))
    assert response.status_code == 302
    office = Office.objects.get(name="云帆科技局")
    assert places.rights_of(office) == ["review_claim", "view_cases"]
    assert holds(person, "review_claim", office.region)
    assert not holds(operator, "review_claim", office.region)
    row = AuditRow.objects.get(verb="office.saved")
    assert row.after == {"rights": ["review_claim", "view_cases"], "region": COUNTY, "people": [person.username]}


def test_saving_again_takes_rights_and_people_back(operator) -> None:
    person = cast.make_user()
    client = client_of(operator)
    client.post("/admin/casework/office/add/", office_form(COUNTY, people=person.username))
    office = Office.objects.get(name="云帆科技局")
    shown = page(operator, f"office/{office.pk}/change/")
    assert person.username in shown
    client.post(f"/admin/casework/office/{office.pk}/change/", office_form(OTHER, rights_held=["view_cases"]))
    office.refresh_from_db()
    assert places.rights_of(office) == ["view_cases"]
    assert office.region.code == OTHER
    assert not office.group.user_set.exists()
    person = type(person).objects.get(pk=person.pk)
    assert not holds(person, "review_claim", Region.objects.get(code=COUNTY))
    assert AuditRow.objects.filter(verb="office.saved").first().before["rights"] == ["review_claim", "view_cases"]


def test_an_unknown_user_name_is_named(operator) -> None:
    response = client_of(operator).post("/admin/casework/office/add/", office_form(COUNTY, people="no-such"))
    assert "没有这些用户名：no-such" in response.content.decode()
    assert not Office.objects.exists()


def test_a_bureau_sets_up_no_office() -> None:
    user = officer("set_rules", "manage_programmes", at=PROVINCE)
    before = Office.objects.count()
    assert client_of(user).post("/admin/casework/office/add/", office_form(COUNTY)).status_code == 403
    assert Office.objects.count() == before


# --- Chains and the calendar ----------------------------------------------------------------


def chain_form(**fields) -> dict[str, object]:
    step = {
        "position": 1, "name": "初审", "office_kind": "bureau", "scope": "own", "right": "review_claim",
        "working_days": 5, "return_days": 5, "return_to": "submitter", "resume_at": "same",
    }  # fmt: skip
    rows = {f"steps-0-{name}": value for name, value in step.items()}
    counts = {"steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0, "steps-MIN_NUM_FORMS": 0, "steps-MAX_NUM_FORMS": 9}
    return {"key": "trial", "name": "试办", **counts, **rows, **fields}


def test_a_province_writes_chains_and_a_county_does_not(operator) -> None:
    assert client_of(officer("set_rules")).post("/admin/casework/chain/add/", chain_form()).status_code == 403
    assert client_of(operator).post("/admin/casework/chain/add/", chain_form()).status_code == 403
    assert not Chain.objects.filter(key="trial").exists()
    response = client_of(officer("set_rules", at=PROVINCE)).post("/admin/casework/chain/add/", chain_form())
    assert response.status_code == 302
    assert ChainStep.objects.get(chain__key="trial").name == "初审"
    assert AuditRow.objects.get(verb="chain.saved").after["key"] == "trial"


def test_the_operator_looks_at_a_chain_without_changing_it(operator) -> None:
    chain = Chain.objects.create(key="trial", name="试办")
    assert status(operator, f"chain/{chain.pk}/change/") == 200
    response = client_of(operator).post(f"/admin/casework/chain/{chain.pk}/change/", chain_form(name="错"))
    assert response.status_code == 403
    chain.refresh_from_db()
    assert chain.name == "试办"


def test_a_province_enters_a_day() -> None:
    data = {"day": "2027-02-08", "workday": "", "name": "春节"}
    response = client_of(officer("set_rules", at=PROVINCE)).post("/admin/casework/calendarday/add/", data)
    assert response.status_code == 302
    assert not CalendarDay.objects.get(day="2027-02-08").workday


@pytest.mark.parametrize(("year", "warned"), [(2025, False), (2026, True)])
def test_a_year_without_a_notice_is_warned_of(year: int, warned: bool) -> None:
    user = officer("set_rules", at=PROVINCE)
    with time_machine.travel(datetime(year, 11, 20, tzinfo=UTC), tick=False):
        shown = page(user, "calendarday/")
    assert ("2027 年的放假安排还没有录入" in shown) is warned


# --- What is only read ----------------------------------------------------------------------


def test_an_auditor_reads_the_acts_of_their_region_only() -> None:
    for code in (COUNTY, OTHER):
        region = Region.objects.get(code=code)
        audit.record("review.opened", region, by=None, region=region)
    user = officer("audit")
    shown = page(user, "auditrow/")
    assert str(Region.objects.get(code=COUNTY)) in shown
    assert str(Region.objects.get(code=OTHER)) not in shown
    own, foreign = AuditRow.objects.order_by("id")
    assert status(user, f"auditrow/{own.pk}/change/") == 200
    assert page(user, f"auditrow/{foreign.pk}/change/").count("review.opened") == 0


def test_nobody_changes_the_record() -> None:
    region = Region.objects.get(code=COUNTY)
    row = audit.record("review.opened", region, by=None, region=region)
    client = client_of(officer("audit"))
    assert client.post(f"/admin/casework/auditrow/{row.pk}/change/", {"reason": "x"}).status_code == 403
    assert client.post(f"/admin/casework/auditrow/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/casework/auditrow/add/").status_code == 403
    row.refresh_from_db()
    assert row.reason == ""


def test_a_message_that_was_given_up_shows_and_a_code_does_not(operator) -> None:
    code = messaging.send_sms_now_row("+8619900000001", "验证码 123456", dedupe="code", address="")
    messaging.notify([cast.make_user()], kind="order", title="预约", sms="预约已确认", dedupe="order")
    Outgoing.objects.update(status="dropped", error="HTTP 503", next_at=timezone.now())
    assert "HTTP 503" in page(operator, "outgoing/")
    shown = page(operator, f"outgoing/{code.pk}/change/")
    assert "123456" not in shown
    assert "验证码不显示" in shown
    assert "预约已确认" in page(operator, f"outgoing/{Outgoing.objects.get(kind='order').pk}/change/")


def test_a_right_that_ended_ends_the_page() -> None:
    user = officer()
    office = Office.objects.get(group__user=user)
    grant(office, "audit", office.region)
    assert status(user, "auditrow/") == 200
    user.groups.clear()
    assert status(user, "auditrow/") == 403


# --- Standard reasons -----------------------------------------------------------------------


REASON = {"key": "claim", "target": "", "words": "补充实施方案", "position": "5", "active": "on"}


def test_the_province_writes_a_reason_and_the_audit_tells() -> None:
    client = client_of(officer("set_rules", at=PROVINCE))
    assert client.post("/admin/casework/returnreason/add/", REASON).status_code == 302
    row = ReturnReason.objects.get(words="补充实施方案")
    assert (row.key, row.active) == ("claim", True)
    client.post(f"/admin/casework/returnreason/{row.pk}/change/", {**REASON, "active": ""})
    row.refresh_from_db()
    assert not row.active
    assert AuditRow.objects.filter(verb="reason.saved").count() == 2


def test_a_county_writes_no_reason() -> None:
    client = client_of(officer("set_rules"))
    before = ReturnReason.objects.count(), AuditRow.objects.count()
    assert client.post("/admin/casework/returnreason/add/", REASON).status_code == 403
    row = ReturnReason.objects.first()
    assert row is not None
    assert client.post(f"/admin/casework/returnreason/{row.pk}/change/", REASON).status_code in (302, 403)
    assert (ReturnReason.objects.count(), AuditRow.objects.count()) == before
    assert not ReturnReason.objects.filter(words="补充实施方案").exists()
