"""Quota accounts: found, opened, added up."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organization
from innovation_voucher.casework import calendar, numbers
from innovation_voucher.lib.references import new_code

from ..models import Programme, QuotaAccount
from ..policy import Policy

DEFAULT_NUMBER = "{yyyy}{random}"
ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The sums of all accounts of an organization under a programme, yuan.

    `used` is what went from available to vouchers, paid or not.
    """

    granted: Decimal = ZERO
    available: Decimal = ZERO
    held: Decimal = ZERO
    in_batch: Decimal = ZERO
    spent: Decimal = ZERO
    lapsed: Decimal = ZERO
    recovered: Decimal = ZERO
    valid_until: date | None = None

    @property
    def claimed(self) -> Decimal:
        return self.granted

    @property
    def used(self) -> Decimal:
        return self.held + self.in_batch + self.spent + self.recovered


def accounts_of(organization: Organization, *, day: date | None = None) -> QuerySet[QuotaAccount]:
    """The organization's accounts, the one that ends first in front; with `day` only those valid then."""
    found = QuotaAccount.objects.filter(organization=organization).select_related("programme")
    if day is not None:
        found = found.filter(status=QuotaAccount.State.ACTIVE, valid_until__gte=day)
    return found.order_by("valid_until", "pk")


def balance(organization: Organization, programme: Programme, *, day: date | None = None) -> Balance:
    """What the organization has under the programme on the day (today): valid accounts count as available."""
    rows = QuotaAccount.objects.filter(organization=organization, programme=programme)
    return added_up(list(rows), day or calendar.today())


def added_up(accounts: list[QuotaAccount], day: date) -> Balance:
    """The sums of accounts; what is over its last day is not available any more."""
    sums: dict[str, Any] = {
        f.name: sum((getattr(a, f.name) for a in accounts), ZERO) for f in fields(Balance) if f.name != "valid_until"
    }
    valid = [a for a in accounts if a.status == QuotaAccount.State.ACTIVE and a.valid_until >= day]
    over = sum((a.available for a in accounts if a not in valid), ZERO)
    sums["available"] -= over
    sums["lapsed"] += over
    return Balance(**sums, valid_until=max((a.valid_until for a in valid), default=None))


def locked_accounts(organization: Organization, programmes: list[int]) -> list[QuotaAccount]:
    """All accounts under these programmes, locked in the order in which everybody locks them."""
    rows = QuotaAccount.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(organization=organization, programme__in=programmes).order_by("pk"))


def open_account(
    organization: Organization, programme: Programme, policy: Policy, *, day: date, known: list[QuotaAccount]
) -> QuotaAccount:
    """The locked account for quota claimed on the day; made when it is not among the known ones."""
    valid_until = last_valid_day(programme, policy, day)
    for account in known:
        if account.programme_id == programme.pk and account.valid_until == valid_until:
            return account
    # Unsaved states are born by the constructor; two who come at once make one row.
    fresh = QuotaAccount(
        number=_number(programme, policy, day),
        organization=organization,
        programme=programme,
        valid_until=valid_until,
        redeem_until=last_redeem_day(policy, valid_until),
    )
    QuotaAccount.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = QuotaAccount.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(organization=organization, programme=programme, valid_until=valid_until)


def _number(programme: Programme, policy: Policy, day: date) -> str:
    pattern = policy.account_number or DEFAULT_NUMBER
    year = day.replace(year=programme.year, day=1)
    return numbers.formatted(pattern, day=year, kind=programme.kind.upper(), random=new_code())


def last_valid_day(programme: Programme, policy: Policy, day: date) -> date:
    """Until when quota claimed on the day can be used: n days, else the end of the programme's year."""
    if policy.valid_days:
        return day + timedelta(days=policy.valid_days)
    return date(programme.year, 12, 31)


def last_redeem_day(policy: Policy, valid_until: date) -> date:
    """Until when what was held in time can be redeemed: the month-day of `redeem_grace` in the next year."""
    if not policy.redeem_grace:
        return valid_until
    month, day = policy.redeem_grace.split("-")
    return date(valid_until.year + 1, int(month), int(day))
