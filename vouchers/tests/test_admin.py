"""Admin of programmes: who holds the right there, what published rules look like, budgets."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers.admin import grouped_parameters
from vouchers.models import BudgetPool, LedgerEntry, Override, Programme, ProgrammeVersion, QuotaAccount
from vouchers.services.pools import set_pool

from . import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    """A person of the province who manages programmes."""
    user = cast.make_officer("330000", "manage_programmes", kind="province")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def change_url(row: Any) -> str:
    return reverse(f"admin:vouchers_{row._meta.model_name}_change", args=[row.pk])


def list_url(model: Any) -> str:
    return reverse(f"admin:vouchers_{model._meta.model_name}_changelist")


def test_the_ledger_is_not_in_the_admin() -> None:
    assert not admin.site.is_registered(LedgerEntry)


def test_every_parameter_stands_in_one_group() -> None:
    shown = [name for _head, options in grouped_parameters() for name in options["fields"]]
    assert tuple(shown) == ProgrammeVersion.parameter_names()


@pytest.mark.parametrize("model", [Programme, ProgrammeVersion, Override, BudgetPool, QuotaAccount])
def test_the_lists_open(page: Client, programme: Programme, enterprise: Organization, model: Any) -> None:
    factories.claim(enterprise, programme, 10)
    factories.add_override(programme, enterprise.region, cap_year=Decimal(1_000))
    set_pool(programme, enterprise.region, Decimal(100), by=None)
    assert page.get(list_url(model)).status_code == 200
    assert page.get(change_url(model.objects.get())).status_code == 200


@pytest.mark.parametrize("model", [Programme, ProgrammeVersion, Override, BudgetPool])
def test_without_the_right_nothing_opens(client: Client, programme: Programme, model: Any) -> None:
    stranger = cast.make_officer("330000", "review_claim", kind="province")
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=stranger.pk))
    assert client.get(list_url(model)).status_code == 403
    assert client.get(reverse(f"admin:vouchers_{model._meta.model_name}_add")).status_code == 403


def test_another_province_sees_none_of_it(client: Client, programme: Programme) -> None:
    other = cast.make_officer("320000", "manage_programmes", kind="province")
    User.objects.filter(pk=other.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=other.pk))
    assert programme.name not in client.get(list_url(Programme)).content.decode()
    assert client.get(change_url(programme)).status_code == 302


def test_published_rules_are_only_read(page: Client, programme: Programme) -> None:
    version = programme.versions.get()
    response = page.get(change_url(version))
    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert page.post(change_url(version), {"cap_year": "1"}).status_code == 403
    version.refresh_from_db()
    assert version.cap_year == 200_000


def test_a_draft_marks_what_is_assumed_and_is_published_by_its_action(page: Client, programme: Programme) -> None:
    draft = ProgrammeVersion.objects.create(
        programme=programme,
        number=2,
        effective_from=calendar.today(),
        assumed=["cap_year"],
        cap_year=Decimal(5),
        claim_mode="instant",
    )
    response = page.get(change_url(draft)).content.decode()
    assert "年度上限（暂定）" in response
    assert "单次申领上限（暂定）" not in response
    page.post(list_url(ProgrammeVersion), {"action": "publish_rules", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert AuditRow.objects.filter(verb="programme.rules_published").count() == 2


def test_programmes_open_and_close_by_actions(page: Client, programme: Programme) -> None:
    for action, status in [("close_rows", "closed"), ("open_rows", "closed")]:
        page.post(list_url(Programme), {"action": action, "_selected_action": [programme.pk]})
        programme.refresh_from_db()
        assert programme.status == status


@pytest.mark.feature("X-3")
def test_a_budget_is_set_and_never_below_what_was_granted(
    page: Client, programme: Programme, enterprise: Organization
) -> None:
    add = reverse("admin:vouchers_budgetpool_add")
    page.post(add, {"programme": programme.pk, "region": enterprise.region.pk, "total": "1000"})
    pool = BudgetPool.objects.get()
    assert (pool.total, pool.budget) == (1_000, 1_000)
    programme.refresh_from_db()
    factories.claim(enterprise, programme, 400)
    page.post(change_url(pool), {"total": "500"})
    pool.refresh_from_db()
    assert (pool.total, pool.budget) == (500, 100)
    page.post(change_url(pool), {"total": "399"})
    pool.refresh_from_db()
    assert (pool.total, pool.budget) == (500, 100)
    with pytest.raises(Refused, match=r"已发放 400\.00 元"):
        set_pool(programme, enterprise.region, Decimal(399), by=None)
