"""Quota for a firm of the demo world whose claim is not told elsewhere."""

from decimal import Decimal

from django.db import transaction

from accounts.models import Organization
from innovation_voucher.casework import calendar
from vouchers import ledger, services as vouchers
from vouchers.models import Programme, QuotaAccount
from vouchers.resolve import policy_of, snapshot


@transaction.atomic
def ensure_quota(organization: Organization, programme: Programme) -> None:
    """The full cap of the year, where there is none yet."""
    if QuotaAccount.objects.filter(organization=organization, programme=programme).exists():
        return
    policy, day = policy_of(snapshot(programme, organization.region)), calendar.today()
    account = vouchers.open_account(organization, programme, policy, day=day, known=[])
    ledger.grant(account, policy.cap_year or Decimal(0), reference=f"demo/{account.pk}", by=None)
