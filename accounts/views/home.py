"""The first page of an enterprise, and its account page."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from innovation_voucher.casework import rights
from innovation_voucher.casework.web import viewer_of
from innovation_voucher.lib.identifiers import mask_account, mask_mobile

from .. import dashboard
from ..models import Organization, Verification
from ..services import active_bank_account, is_verified, members_of
from ..viewer import organization_required, person


@require_GET
@organization_required
def ent_home(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Three steps for newcomers; the panels of all floors once the organization is verified."""
    if not is_verified(organization):
        return render(request, "accounts/home_new.html", newcomer(organization))
    panels = dashboard.panels_for("enterprise", request)
    context = {
        "organization": organization,
        "main_panels": [panel for panel in panels if not panel.aside],
        "aside_panels": [panel for panel in panels if panel.aside],
    }
    return render(request, "accounts/home.html", context)


def newcomer(organization: Organization) -> dict[str, Any]:
    """What the three-step page says: where the verification stands and who accepts it."""
    verification = organization.verifications.first()
    office = rights.offices_with("review_verification", organization.bureau).first()
    return {
        "organization": organization,
        "verification": verification,
        "waiting": bool(verification and verification.status == Verification.State.SUBMITTED),
        "office": office,
    }


@require_GET
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Name, phone, password, members and sessions of the reader."""
    organization = viewer_of(request).organization
    account = active_bank_account(organization) if organization else None
    context = {
        "organization": organization,
        "phone": mask_mobile((person(request).phone or "").removeprefix("+86")),
        "account": account,
        "account_number": mask_account(account.number) if account else "",
        "members": members_of(organization) if organization else [],
        "sessions": UserSession.objects.filter(user=person(request)).count(),
    }
    return render(request, "accounts/security.html", context)
