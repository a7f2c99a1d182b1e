"""A programme that is claimed on another platform, and what that platform says."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.lib.spreadsheets import xlsx
from innovation_voucher.tests import cast
from vouchers.external_rows import COLUMNS, ExternalFacts
from vouchers.models import Claim, Programme
from vouchers.services import import_external_claim

from . import factories

ELSEWHERE: dict[str, Any] = {
    "claim_mode": "external",
    "claim_channel": "external",
    "claim_link": "https://voucher.example.org/claim",
    "cap_year": Decimal(50_000),
    "account_number": "{yyyy}Q{random}",
}


def make_elsewhere(**parameters: Any) -> Programme:
    """Open, with a cap of 50,000 yuan a year, and claimed on another platform."""
    return factories.make_programme(kind="external", **{**ELSEWHERE, **parameters})


def importer(region: str = cast.COUNTY) -> User:
    """Somebody of the bureau who may enter the admin."""
    officer = cast.make_officer(region, "review_claim")
    officer.is_staff = True
    officer.save()
    return officer


def facts(organization: Organization, **changes: Any) -> ExternalFacts:
    """What the other platform granted."""
    said: dict[str, Any] = {
        "external_number": "SH-2026-0001",
        "credit_code": organization.credit_code,
        "amount": Decimal(20_000),
        "approved_on": calendar.today(),
    }
    return ExternalFacts(**{**said, **changes})


def bring(
    programme: Programme, organization: Organization, *, by: User | None = None, **changes: Any
) -> tuple[Claim, bool]:
    """Import one grant into the organization's county."""
    return import_external_claim(
        programme, facts(organization, **changes), region=organization.bureau, by=by, source="测试"
    )


def sheet(*rows: dict[str, Any]) -> BytesIO:
    """A workbook with these rows, by the keys of a message."""
    cells = [[_text(row.get(key, "")) for key in COLUMNS.values()] for row in rows]
    return BytesIO(xlsx(list(COLUMNS), cells))


def row(organization: Organization, number: str, amount: str = "20000", **changes: Any) -> dict[str, Any]:
    """One right row of a sheet."""
    said = {"external_number": number, "credit_code": organization.credit_code, "amount": amount}
    return {**said, "approved_on": calendar.today(), **changes}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
