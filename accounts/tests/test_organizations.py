"""Organizations: their people, their payee account, the dashboard's panels, the admin."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from accounts import dashboard, services
from accounts.models import BankAccount, RegistrationRules
from accounts.people import people_of
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast


def change(organization, by, **changed):
    values = {"holder": organization.name, "bank": "云帆银行", "number": "33010000000098765", **changed}
    return services.change_bank_account(organization, by=by, **values)


@pytest.mark.django_db
def test_new_account_closes_the_old_one():
    organization = cast.make_organization()
    account = change(organization, cast.owner_of(organization))
    assert services.active_bank_account(organization) == account
    assert account.last_four == "8765"
    assert organization.bank_accounts.count() == 2
    row = AuditRow.objects.get(verb="organization.bank_changed")
    assert (row.before, row.after) == ({"last_four": "1234"}, {"last_four": "8765"})


@pytest.mark.django_db
def test_same_account_again_makes_no_row():
    organization = cast.make_organization()
    owner = cast.owner_of(organization)
    assert change(organization, owner) == change(organization, owner)
    assert organization.bank_accounts.count() == 2


@pytest.mark.django_db
def test_account_number_is_encrypted_in_the_database():
    change(organization := cast.make_organization(), cast.owner_of(organization))
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_bankaccount")
        assert not any("98765" in number or "6222" in number for (number,) in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["handler", "viewer"])
def test_handler_and_viewer_change_no_account(role):
    organization = cast.make_organization()
    with pytest.raises(NotAllowed):
        change(organization, cast.make_member(organization, role=role))
    assert BankAccount.objects.count() == 1


@pytest.mark.django_db
def test_account_in_another_name_is_refused():
    organization = cast.make_organization()
    with pytest.raises(Refused, match="户名须与单位名称一致"):
        change(organization, cast.owner_of(organization), holder="另一家有限公司")
    assert BankAccount.objects.count() == 1


@pytest.mark.django_db
def test_people_are_told_by_role():
    organization = cast.make_organization()
    owner, viewer = cast.owner_of(organization), cast.make_member(organization, role="viewer")
    gone = cast.make_member(organization)
    gone.is_active = False
    gone.save()
    assert people_of(organization) == [owner]
    assert people_of(organization, roles=("owner", "viewer")) == [owner, viewer]


@pytest.mark.django_db
def test_person_acts_for_the_first_organization_joined():
    first, second = cast.make_organization(), cast.make_organization()
    person = cast.make_member(first)
    cast.make_member(second, user=person)
    assert services.organization_of(person) == first
    assert services.organization_of(cast.make_user()) is None


def test_panels_come_in_order_and_empty_ones_not_at_all(monkeypatch):
    monkeypatch.setattr(dashboard, "_makers", {})
    dashboard.register_panel("enterprise", 20, lambda _request: dashboard.Panel("second.html"))
    dashboard.register_panel("enterprise", 10, lambda _request: dashboard.Panel("first.html"))
    dashboard.register_panel("enterprise", 5, lambda _request: None)
    request = RequestFactory().get("/")
    assert [panel.template for panel in dashboard.panels_for("enterprise", request)] == ["first.html", "second.html"]
    assert dashboard.panels_for("carrier", request) == []


# --- The admin ----------------------------------------------------------------------------------


@pytest.fixture
def staff(signed_in):
    def make(*rights, region=cast.COUNTY):
        officer = cast.make_officer(region, *rights)
        officer.is_staff = True
        officer.save()
        return signed_in(officer)

    return make


@pytest.mark.django_db
def test_officer_sees_organizations_of_the_own_region_only(staff):
    here = cast.make_organization(name="本区有限公司")
    cast.make_organization(name="邻区有限公司", region_code=cast.OTHER_COUNTY)
    text = staff("view_cases").get(reverse("admin:accounts_organization_changelist")).content.decode()
    assert here.name in text
    assert "邻区有限公司" not in text


@pytest.mark.django_db
def test_officer_without_the_right_sees_no_people(staff):
    client = staff("view_cases")
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403
    assert client.get(reverse("admin:accounts_registrationrules_changelist")).status_code == 403


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_registration_rules_are_set_for_the_own_region(staff):
    client = staff("set_rules")
    values = {
        "region": cast.make_region().pk,
        "username_min": 4,
        "username_max": 20,
        "password_min": 15,
        "password_max": 10,
    }
    url = reverse("admin:accounts_registrationrules_add")
    assert "最长不能小于最短" in client.post(url, values).content.decode()
    assert client.post(url, {**values, "password_min": 10, "password_max": 15}).status_code == 302
    assert RegistrationRules.objects.get().password_min == 10
    foreign = cast.make_region(cast.OTHER_COUNTY).pk
    assert client.post(url, {**values, "region": foreign, "password_min": 5}).status_code == 200
    assert RegistrationRules.objects.count() == 1
