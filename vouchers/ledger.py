"""The only writer of quota: one entry moves one amount from one bucket to another.

The entry is inserted first (`ON CONFLICT DO NOTHING` on account, kind, reference), then one
conditional UPDATE moves the amount, and the budget row comes last. So a repeated call does nothing,
and no number of concurrent ones can take a bucket below zero. Amounts in yuan.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.money import yuan

from .models import BudgetPool, LedgerEntry, QuotaAccount

Kind = LedgerEntry.Kind


class InsufficientQuota(Refused):
    """The bucket, the cap or the budget does not hold the amount."""

    code = "insufficient_quota"


class EntryConflict(Exception):  # noqa: N818  says what happened
    """The same reference was used for another movement: a mistake of the caller."""


def grant(
    account: QuotaAccount,
    amount: Decimal,
    *,
    reference: str,
    by: User | None,
    pool: BudgetPool | None = None,
    cap: Decimal | None = None,
) -> bool:
    """budget -> available. `cap` is the most that the account may have been granted in all.

    False when this reference was granted before. Raises InsufficientQuota.
    """
    return _move(account, Kind.GRANT, "budget", "available", amount, reference, by, pool=pool, cap=cap)


def hold(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """available -> held."""
    return _move(account, Kind.HOLD, "available", "held", amount, reference, by)


def release(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None, day: date) -> bool:
    """held -> available, or held -> lapsed when `day` is after the account's last valid day."""
    target = "lapsed" if day > account.valid_until else "available"
    return _move(account, Kind.RELEASE, "held", target, amount, reference, by)


def freeze(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """held -> in_batch."""
    return _move(account, Kind.FREEZE, "held", "in_batch", amount, reference, by)


def pay(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """in_batch -> spent, when the bank has paid."""
    return _move(account, Kind.PAY, "in_batch", "spent", amount, reference, by)


def unpay(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """in_batch -> held: a failed line, a cancelled batch."""
    return _move(account, Kind.UNPAY, "in_batch", "held", amount, reference, by)


def lapse(
    account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None, source: str = "available"
) -> bool:
    """available -> lapsed, or with `source` held -> lapsed."""
    return _move(account, Kind.LAPSE, source, "lapsed", amount, reference, by)


def revoke(
    account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None, pool: BudgetPool | None = None
) -> bool:
    """available -> budget: what was granted and not used goes back."""
    return _move(account, Kind.REVOKE, "available", "budget", amount, reference, by, pool=pool)


def recover(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """spent -> recovered."""
    return _move(account, Kind.RECOVER, "spent", "recovered", amount, reference, by)


@transaction.atomic
def _move(
    account: QuotaAccount,
    kind: LedgerEntry.Kind,
    source: str,
    target: str,
    amount: Decimal,
    reference: str,
    by: User | None,
    *,
    pool: BudgetPool | None = None,
    cap: Decimal | None = None,
) -> bool:
    entry = LedgerEntry(
        account=account,
        pool=pool,
        kind=kind,
        source=source,
        target=target,
        amount=yuan(amount),
        reference=reference,
        by_id=by.pk if by else None,
        at=timezone.now(),
    )
    if not _inserted(entry):
        _compare(entry)
        return False
    _move_in_account(entry, cap)
    if pool is not None:
        _move_in_pool(entry, pool)
    return True


def _inserted(entry: LedgerEntry) -> bool:
    """Insert unless (account, kind, reference) is there; the ORM would not say which it was."""
    columns = [f for f in LedgerEntry._meta.concrete_fields if not f.primary_key]
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in columns)
    marks = ", ".join(["%s"] * len(columns))
    sql = (
        f"INSERT INTO {LedgerEntry._meta.db_table} ({names}) VALUES ({marks}) "  # noqa: S608  names of our model
        "ON CONFLICT (account_id, kind, reference) DO NOTHING"
    )
    values: Sequence[Any] = [f.get_db_prep_save(getattr(entry, f.attname), connection) for f in columns]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount) == 1


def _compare(entry: LedgerEntry) -> None:
    there = LedgerEntry.objects.get(account=entry.account, kind=entry.kind, reference=entry.reference)
    if (there.amount, there.source, there.target) != (entry.amount, entry.source, entry.target):
        raise EntryConflict(f"{entry.reference}: {there.amount} is booked, {entry.amount} was asked")


def _move_in_account(entry: LedgerEntry, cap: Decimal | None) -> None:
    """The law: one conditional UPDATE, which the CHECK constraints of the table repeat."""
    rows = QuotaAccount.objects.filter(pk=entry.account_id)
    change: dict[str, Any] = {}
    if entry.source == "budget":
        if cap is not None:
            rows = rows.filter(granted__lte=cap - entry.amount)
        change["granted"] = F("granted") + entry.amount
    else:
        rows = rows.filter(**{f"{entry.source}__gte": entry.amount})
        change[entry.source] = F(entry.source) - entry.amount
    if entry.target == "budget":
        change["granted"] = F("granted") - entry.amount
    else:
        change[entry.target] = F(entry.target) + entry.amount
    if rows.update(**change) != 1:
        raise InsufficientQuota(_("额度不足，刚才可能有其他操作使用了额度，请刷新后核对余额再办理。"))


def _move_in_pool(entry: LedgerEntry, pool: BudgetPool) -> None:
    rows = BudgetPool.objects.filter(pk=pool.pk)
    if entry.source == "budget":
        moved = rows.filter(budget__gte=entry.amount).update(budget=F("budget") - entry.amount)
    else:
        moved = rows.update(budget=F("budget") + entry.amount)
    if moved != 1:
        raise InsufficientQuota(_("本地区今年的预算已用完，请咨询科技主管部门。"), code="pool_empty")
