"""What the registration knows already, under the names that a form's rows give as their source."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Organization
from accounts.services import active_bank_account
from innovation_voucher.lib.crypto import Undecipherable, decrypt
from innovation_voucher.lib.identifiers import clean_bank_account

from .claim_specs import fields_of
from .models import Claim, Programme

#: Sources of a payee account; the number is never shown in a form, only named by its end.
BANK, HOLDER, NUMBER = "bank.bank", "bank.holder", "bank.number"
_HANDED_IN = (
    Claim.State.AWAITING_STAMP,
    Claim.State.SUBMITTED,
    Claim.State.RETURNED,
    Claim.State.WAITLISTED,
    Claim.State.APPROVED,
)


@dataclass(frozen=True)
class WrittenAccount:
    """The account that an organization wrote into a claim that it handed in."""

    claim: Claim
    holder: str
    bank: str
    number: str

    @property
    def last_four(self) -> str:
        return self.number[-4:]


def account_in_claims(organization: Organization) -> WrittenAccount | None:
    """The account of the newest claim handed in, by the fields whose source is the payee account (two queries).

    None where that claim names none, or one that could not be paid to.
    """
    rows = Claim.objects.filter(organization=organization, status__in=_HANDED_IN, snapshot__isnull=False)
    claim = rows.select_related("snapshot").order_by("-pk").first()
    if claim is None:
        return None
    said = {row.prefill: claim.answers.get(row.key) or "" for row in fields_of(claim)}
    return _readable(claim, said) if said.get(NUMBER) else None


def _readable(claim: Claim, said: dict[str, Any]) -> WrittenAccount | None:
    try:
        number = clean_bank_account(decrypt(said[NUMBER]))
    except (ValueError, Undecipherable):
        return None
    return WrittenAccount(claim, str(said.get(HOLDER, "")), str(said.get(BANK, "")), number)


def secrets(organization: Organization) -> dict[str, str]:
    """What forms may keep without showing it, by source (one query)."""
    account = active_bank_account(organization)
    return {NUMBER: account.number} if account else {}


def known(organization: Organization, user: Any) -> dict[str, Any]:
    """Values by the `prefill` of field rows; empty ones are left out (one query for the bank account)."""
    account = active_bank_account(organization)
    found = {
        "organization.name": organization.name,
        "organization.credit_code": organization.credit_code,
        "organization.founded_on": organization.founded_on,
        "organization.legal_person": organization.legal_person,
        "organization.email": organization.email,
        "organization.full_address": f"{organization.region.full_name}{organization.address}",
        "user.name": str(user),
        "user.phone": (getattr(user, "phone", "") or "").removeprefix("+86"),
        BANK: account.bank if account else "",
        HOLDER: account.holder if account else "",
    }
    return {key: value for key, value in found.items() if value}


def last_answers(organization: Organization, programme: Programme) -> dict[str, Any]:
    """What the organization answered the last time in the same scheme, this year or before (one query)."""
    rows = Claim.objects.filter(organization=organization, programme__family=programme.family)
    last = rows.exclude(answers={}).order_by("-pk").values_list("answers", flat=True).first()
    return last or {}
