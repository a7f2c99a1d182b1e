"""The sweeps of quota and vouchers: what ends, and who is told before it does.

Each finds ids and calls one idempotent verb per id (per chunk of accounts), which looks again under
its lock: run twice, late or after a crash they come to the same end.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from innovation_voucher.casework import reviews, sweeps
from innovation_voucher.casework.sweeps import Sweep
from innovation_voucher.lib.references import group_code
from innovation_voucher.lib.workdays import SHANGHAI, shanghai_today

from .models import BudgetPool, Claim, QuotaAccount, Voucher
from .services import budgets, lapsing, reminding, waiting

#: So many accounts are listed one by one in a rehearsal; the rest is only counted.
LISTED = 1000
#: Nobody gets an SMS about next month in the middle of the night.
FIRST_HOUR = 9


def lapse_vouchers(now: datetime, dry_run: bool) -> list[str]:
    """Vouchers that nobody secured by their last valid day, or redeemed by the last day to redeem."""
    day = shanghai_today(now)
    found = lapsing.vouchers_over(day)
    if dry_run:
        return [line for row in found if (line := _would_lapse(row, day))]

    def act(pk: int) -> str | None:
        row = lapsing.lapse_voucher_if_over(pk, day)
        return f"lapse voucher {group_code(row.code)}: {row.end_reason}" if row else None

    return sweeps.each(list(found.values_list("pk", flat=True)), act)


def _would_lapse(row: Voucher, day: date) -> str | None:
    last = lapsing.last_day(row, reviews.live_case(row))
    if last is None or last >= day:
        return None
    return f"lapse voucher {group_code(row.code)}: {row.status}, last day {last}"


def lapse_accounts(now: datetime, dry_run: bool) -> list[str]:
    """Accounts after their last valid day, in chunks of which each is a transaction of its own."""
    day = shanghai_today(now)
    if dry_run:
        return list(_accounts_that_would_lapse(day))
    lines = []
    while (lapsed := lapsing.lapse_accounts(day)).count:
        lines.append(f"lapse {lapsed.count} accounts, {lapsed.amount} yuan")
    return lines


def _accounts_that_would_lapse(day: date) -> Iterator[str]:
    over = lapsing.accounts_over(day).order_by("valid_until", "pk")
    for row in over[:LISTED]:
        yield f"lapse account {row.number}: {row.available} yuan, last day {row.valid_until}"
    count = over.count()
    if count:
        yield f"lapse {count} accounts, {over.aggregate(total=Sum('available'))['total']} yuan"


def lapse_claims(now: datetime, dry_run: bool) -> list[str]:
    """Claims that were not granted in their programme's year, whoever they waited for."""
    found = waiting.claims_over(shanghai_today(now))
    if dry_run:
        return [f"lapse claim {row.number}: {row.status}" for row in found.iterator()]

    def act(pk: int) -> str | None:
        row = waiting.lapse_claim(pk, reason=_("%s 年度已结束，没有发放额度") % Claim.objects.get(pk=pk).programme.year)
        return f"lapse claim {row.number}"

    return sweeps.each(list(found.values_list("pk", flat=True)), act)


def admit_waiting(_now: datetime, dry_run: bool) -> list[str]:
    """Budgets that hold something, granted to those who wait for them."""
    pools = BudgetPool.objects.filter(waiting__gt=0).order_by("pk")
    if dry_run:
        return [line for pool in pools for line in _would_admit(pool)]
    return sweeps.each(list(pools.values_list("pk", flat=True)), _admitted)


def _admitted(pk: int) -> str | None:
    numbers = [claim.number for claim in waiting.admit_waiting(BudgetPool.objects.get(pk=pk))]
    return f"admit {' '.join(numbers)}" if numbers else None


def _would_admit(pool: BudgetPool) -> Iterator[str]:
    left = pool.budget
    for number, amount in budgets.line_of(pool).values_list("number", "granted"):
        left -= amount or 0
        if left < 0:
            return
        yield f"admit {number}: {amount} yuan"


Remind = Callable[[int, int, date], Any]


def remind_of_accounts(now: datetime, dry_run: bool) -> list[str]:
    """60, 30, 7 and 1 days before quota ends."""
    return _remind(now, dry_run, "valid_until", reminding.accounts_ending(), reminding.remind_of_account)


def remind_of_vouchers(now: datetime, dry_run: bool) -> list[str]:
    """60, 30, 7 and 1 days before the last day to redeem."""
    return _remind(now, dry_run, "redeem_until", reminding.vouchers_ending(), reminding.remind_of_voucher)


def _remind(now: datetime, dry_run: bool, field: str, rows: QuerySet[Any], verb: Remind) -> list[str]:
    if now.astimezone(SHANGHAI).hour < FIRST_HOUR:
        return []
    day, lines = shanghai_today(now), []
    for days, due in reminding.bands(day, field):
        found = rows.filter(due).order_by("pk")
        if dry_run:
            lines += [_reminder(row, getattr(row, field)) for row in found.iterator()]
        else:
            lines += sweeps.each(found.values_list("pk", flat=True).iterator(), _telling(verb, days, day, field))
    return lines


def _telling(verb: Remind, days: int, day: date, field: str) -> Callable[[int], str | None]:
    def act(pk: int) -> str | None:
        row = verb(pk, days, day)
        return _reminder(row, getattr(row, field)) if row else None

    return act


def _reminder(row: QuotaAccount | Voucher, last: date) -> str:
    return f"remind of {row._meta.model_name} {row}, last day {last}"


#: Claims before those who wait for a budget: at the year's end nobody is granted what has just lapsed.
#: Vouchers before accounts: what a voucher releases is lapsed when its account is looked at.
SWEEPS = (
    Sweep("claims.lapse", 60, lapse_claims, position=20),
    Sweep("claims.waiting", 60, admit_waiting, position=25),
    Sweep("vouchers.lapse", 60, lapse_vouchers, position=30),
    Sweep("quota.lapse", 60, lapse_accounts, position=40),
    Sweep("quota.remind", 3600, remind_of_accounts, position=50),
    Sweep("vouchers.remind", 3600, remind_of_vouchers, position=51),
)
