"""Rules, lists of organizations and second steps in the admin, in a real Chromium, wide and on a phone."""

from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from accounts.services import open_list
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import PHONE, STOCK, WIDE, browser, check_admin, page, shot, sign_in, violations
from vouchers.models import Programme, ProgrammeVersion
from vouchers.services.drafting import draft_version

from . import factories

__all__ = ["browser", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def manager(*rights: str) -> User:
    """Somebody of the province who enters the admin."""
    person = cast.make_officer("330000", *rights, kind="province")
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    return person


def look(page: Page, live_server: Any, name: str, *args: Any) -> None:
    """Check a page of the admin at both widths."""
    check_admin(page, live_server.url + reverse(f"admin:{name}", args=args))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert violations(page, STOCK) == []
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    shot(page, f"admin-{name.replace('_', '-')}")


def drafted(programme: Programme, by: User) -> ProgrammeVersion:
    """A next version that differs from the one in force."""
    day = calendar.today().replace(month=12, day=31)
    draft: ProgrammeVersion = draft_version(programme, by=by, effective_from=day)
    draft.cap_claim = Decimal(10_000)
    draft.save(update_fields=["cap_claim"])
    return draft


def test_a_programme_is_copied_changed_and_published(page: Page, live_server: Any) -> None:
    by = manager("manage_programmes")
    programme = factories.make_programme()
    published, draft = programme.versions.get(), drafted(programme, by)
    sign_in(page, live_server.url, by)
    for name in ("vouchers_programme_changelist", "vouchers_programme_clone", "vouchers_programmeversion_changelist"):
        look(page, live_server, name)
    for name in ("vouchers_programme_change", "vouchers_programme_version"):
        look(page, live_server, name, programme.pk)
    for name in ("change", "changes", "trial", "publish"):
        look(page, live_server, f"vouchers_programmeversion_{name}", draft.pk)
    look(page, live_server, "vouchers_programmeversion_change", published.pk)


def test_lists_of_organizations_are_kept(page: Page, live_server: Any) -> None:
    by = manager("manage_lists")
    region = Region.objects.get(code="330000")
    kept = open_list(region=region, class_key="listed_sme", year=calendar.today().year, name="入库名单", by=by)
    sign_in(page, live_server.url, by)
    look(page, live_server, "accounts_qualificationlist_changelist")
    look(page, live_server, "accounts_qualificationlist_add")
    for name in ("change", "import"):
        look(page, live_server, f"accounts_qualificationlist_{name}", kept.pk)


def test_second_steps_are_taken_off(page: Page, live_server: Any) -> None:
    operator = cast.make_user("平台", is_staff=True, is_superuser=True)
    row = Authenticator.objects.create(user=cast.make_user(), type=Authenticator.Type.TOTP, data={})
    sign_in(page, live_server.url, operator)
    look(page, live_server, "mfa_authenticator_changelist")
    for name in ("change", "delete"):
        look(page, live_server, f"mfa_authenticator_{name}", row.pk)
