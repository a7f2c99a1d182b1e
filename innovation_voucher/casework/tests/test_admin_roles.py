"""Every admin page of the shared floor, asked for by every role in every way."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.adminsite import ScopedAdmin, region_at
from innovation_voucher.casework.models import AuditRow, CalendarDay, Chain, ChainStep, Office, Outgoing, Region
from innovation_voucher.casework.rights import revoke
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db

PROVINCE = "330000"


def officer(*rights: str, at: str = cast.COUNTY) -> User:
    user = cast.make_officer(at, *rights)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.is_staff = True
    return user


ROLES: dict[str, Callable[[], User]] = {
    "operator": lambda: cast.make_user("运维", is_staff=True, is_superuser=True),
    "county": lambda: officer("set_rules"),
    "neighbour": lambda: officer("set_rules", at=cast.OTHER_COUNTY),
    "province": lambda: officer("set_rules", at=PROVINCE),
    "auditor": lambda: officer("audit"),
    "reviewer": lambda: officer("review_claim", "view_cases"),
    "staff": lambda: cast.make_user("职员", is_staff=True),
}


def zone() -> Region:
    county = cast.make_region()
    path = f"{county.path}330108G9/"
    return Region.objects.create(
        code="330108G9", name="试验区", full_name="试验区", level=Region.Level.ZONE, parent=county, path=path
    )


def chain() -> Chain:
    made = Chain.objects.create(key="trial-admin", name="试办")
    ChainStep.objects.create(chain=made, position=1, name="初审", office_kind="bureau", right="review_claim")
    return made


def outgoing() -> Outgoing:
    now = timezone.now()
    return Outgoing.objects.create(
        channel="sms", kind="code", to="+8619900000001", body="验证码 654321", dedupe="a", created_at=now, next_at=now
    )


def audited() -> AuditRow:
    office = cast.make_office()
    return audit.record("office.saved", office, by=None, region=office.region)


OBJECTS: dict[str, Callable[[], Any]] = {
    "region": zone,
    "office": lambda: cast.make_office("centre"),
    "chain": chain,
    "calendarday": lambda: CalendarDay.objects.create(day=date(2027, 1, 1), workday=False, name="元旦"),
    "auditrow": audited,
    "outgoing": outgoing,
}

#: Who may look (v), change (c) and add (a) on which page; whoever is not named may nothing.
RIGHTS = {
    "region": {"operator": "v", "county": "vca", "province": "vca"},
    "office": {"operator": "vca"},
    "chain": {"operator": "v", "province": "vca"},
    "calendarday": {"operator": "v", "province": "vca"},
    "auditrow": {"auditor": "v"},
    "outgoing": {"operator": "v"},
}


def page_of(model: str) -> ScopedAdmin:
    found = next(page for kind, page in admin.site._registry.items() if kind._meta.label_lower == f"casework.{model}")
    assert isinstance(found, ScopedAdmin)
    return found


def request_of(user: User) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return request


@pytest.mark.parametrize("model", OBJECTS)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_on_each_page_what_the_table_says(role: str, model: str) -> None:
    page, request, obj = page_of(model), request_of(ROLES[role]()), OBJECTS[model]()
    may = RIGHTS[model].get(role, "")
    assert page.has_view_permission(request, obj) is ("v" in may)
    assert page.has_change_permission(request, obj) is ("c" in may)
    assert page.has_delete_permission(request, obj) is False
    may_add = "a" in may or (role == "neighbour" and model == "region")  # in a county of their own
    assert page.has_add_permission(request) is may_add
    assert page.get_queryset(request).filter(pk=obj.pk).exists() is ("v" in may or model == "outgoing") or not may


@pytest.mark.parametrize(
    ("role", "model", "changed"),
    [
        ("reviewer", "region", {"name": "改过"}),
        ("neighbour", "region", {"name": "改过"}),
        ("county", "office", {"name": "改过"}),
        ("county", "chain", {"name": "改过"}),
        ("operator", "chain", {"name": "改过"}),
        ("operator", "calendarday", {"name": "改过"}),
        ("auditor", "auditrow", {"reason": "改过"}),
        ("operator", "outgoing", {"body": "改过"}),
        ("province", "outgoing", {"body": "改过"}),
    ],
)
def test_a_forbidden_post_changes_nothing(client: Client, role: str, model: str, changed: dict[str, str]) -> None:
    client.force_login(ROLES[role]())
    obj = OBJECTS[model]()
    url = f"/admin/casework/{model}/{obj.pk}/"
    for path in (f"{url}change/", f"{url}delete/"):
        assert client.post(path, {**changed, "post": "yes"}).status_code in {302, 403}
    fresh = type(obj).objects.get(pk=obj.pk)
    assert all(getattr(fresh, name) == getattr(obj, name) for name in changed)


@pytest.mark.parametrize("model", OBJECTS)
def test_a_stranger_signs_in_first_and_non_staff_are_turned_away(client: Client, model: str) -> None:
    url = f"/admin/casework/{model}/"
    assert client.get(url).status_code == 302
    client.force_login(cast.make_officer(cast.COUNTY, "set_rules", "audit"))
    response = client.get(url)
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_djangos_own_permissions_open_no_object() -> None:
    user = cast.make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="casework"))
    for model, make in OBJECTS.items():
        page, obj = page_of(model), make()
        assert not page.has_view_permission(request_of(user), obj)
        assert not page.has_change_permission(request_of(user), obj)


def test_an_inactive_superuser_sees_nothing() -> None:
    user = cast.make_user(is_staff=True, is_superuser=True, is_active=False)
    assert not any(page_of(model).has_view_permission(request_of(user)) for model in OBJECTS)


def test_a_right_that_is_taken_back_ends_at_the_next_click(client: Client) -> None:
    user = officer("set_rules", at=PROVINCE)
    client.force_login(user)
    assert client.get("/admin/casework/chain/").status_code == 200
    revoke(Office.objects.get(group__user=user), "set_rules", Region.objects.get(code=PROVINCE))
    assert client.get("/admin/casework/chain/").status_code == 403


def test_a_search_of_the_record_finds_by_subject_and_stays_in_the_region(client: Client) -> None:
    client.force_login(officer("audit"))
    here, there = (
        cast.make_office("centre", name="滨江中心"),
        cast.make_office("centre", cast.OTHER_COUNTY, name="他区中心"),
    )
    for office in (here, there):
        audit.record("office.saved", office, by=None, region=office.region)
    rows = client.get("/admin/casework/auditrow/?q=中心").context["cl"].result_list
    assert [row.subject_label for row in rows] == ["滨江中心"]
    assert not client.get("/admin/casework/auditrow/?q=没有").context["cl"].result_list
    assert client.get("/admin/casework/auditrow/?q=office.saved").context["cl"].result_count == 1


def test_acts_without_a_region_are_in_no_auditors_reach() -> None:
    audit.record("office.saved", cast.make_office(), by=None)
    page, request = page_of("auditrow"), request_of(officer("audit", at=PROVINCE))
    assert not page.get_queryset(request).exists()


def test_saving_a_chain_writes_what_was_changed(client: Client) -> None:
    made = chain()
    user = officer("set_rules", at=PROVINCE)
    client.force_login(user)
    form = {"steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0", "key": made.key, "name": "新名"}
    assert client.post(f"/admin/casework/chain/{made.pk}/change/", form).status_code == 302
    row = AuditRow.objects.get(verb="chain.saved")
    assert (row.after, row.actor_id, row.region_path) == ({"name": "新名"}, user.pk, "")


def test_a_day_is_entered_once(client: Client) -> None:
    client.force_login(officer("set_rules", at=PROVINCE))
    day = {"day": "2027-10-01", "name": "国庆节"}
    assert client.post("/admin/casework/calendarday/add/", day).status_code == 302
    assert client.post("/admin/casework/calendarday/add/", day).status_code == 200
    assert CalendarDay.objects.filter(day=date(2027, 10, 1)).count() == 1
    assert AuditRow.objects.filter(verb="calendar.saved").count() == 1


@pytest.mark.parametrize("name", ["name", "region", "kind"])
def test_an_office_needs_all_that_the_rules_ask(client: Client, name: str) -> None:
    client.force_login(ROLES["operator"]())
    whole = {"name": "新局", "kind": "bureau", "region": cast.make_region().pk, "rights_held": ["audit"], "people": ""}
    response = client.post("/admin/casework/office/add/", {k: v for k, v in whole.items() if k != name})
    assert response.status_code == 200
    assert name in response.context["adminform"].form.errors
    assert not Office.objects.filter(name="新局").exists()


def test_an_office_takes_no_right_that_does_not_exist(client: Client) -> None:
    client.force_login(ROLES["operator"]())
    whole = {"name": "新局", "kind": "bureau", "region": cast.make_region().pk, "rights_held": ["rule_the_world"]}
    assert "rights_held" in client.post("/admin/casework/office/add/", whole).context["adminform"].form.errors
    assert not Office.objects.filter(name="新局").exists()


def test_the_region_of_an_object_is_found_at_the_end_of_its_lookup() -> None:
    office = cast.make_office()
    assert region_at(office, "region") == office.region
    assert region_at(office, "region__parent") == office.region.parent
    assert region_at(office.region, "") == office.region
    with pytest.raises(AttributeError):
        region_at(office, "region__planet")


def test_the_base_answers_no_question_by_itself() -> None:
    page, request = ScopedAdmin(Region, admin.site), request_of(cast.make_user())
    for question in (page.may_view, page.may_change, lambda r: page.may(r, "audit")):
        with pytest.raises(NotImplementedError):
            question(request)
    assert page.audit_region(None) is None
