"""What the registration knows already, under the names that a form's rows give as their source."""

from typing import Any

from accounts.models import Organization

from .models import Claim, Programme


def known(organization: Organization, user: Any) -> dict[str, Any]:
    """Values by the `prefill` of field rows; empty ones are left out (one query for the bank account)."""
    account = organization.bank_accounts.filter(active=True).first()
    found = {
        "organization.name": organization.name,
        "organization.credit_code": organization.credit_code,
        "organization.founded_on": organization.founded_on,
        "organization.legal_person": organization.legal_person,
        "organization.email": organization.email,
        "organization.full_address": f"{organization.region.full_name}{organization.address}",
        "user.name": str(user),
        "user.phone": (getattr(user, "phone", "") or "").removeprefix("+86"),
        "bank.bank": account.bank if account else "",
        "bank.holder": account.holder if account else "",
    }
    return {key: value for key, value in found.items() if value}


def last_answers(organization: Organization, programme: Programme) -> dict[str, Any]:
    """What the organization answered the last time in the same scheme, this year or before (one query)."""
    rows = Claim.objects.filter(organization=organization, programme__family=programme.family)
    last = rows.exclude(answers={}).order_by("-pk").values_list("answers", flat=True).first()
    return last or {}
