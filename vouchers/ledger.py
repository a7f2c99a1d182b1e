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
from django.db.models import CharField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from innovation_voucher.casework import inserts
from innovation_voucher.casework.bulk import insert_from, move_each
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.money import yuan

from .models import BudgetPool, LedgerEntry, QuotaAccount, Voucher

Kind = LedgerEntry.Kind
_WORDS = gettext_lazy("额度不足，刚才可能有其他操作使用了额度，请刷新后核对余额再办理。")


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
    in_line: bool = False,
) -> bool:
    """budget -> available. `cap` is the most that the account may have been granted in all.

    A budget for which claims wait gives only to the first of them (`in_line`), which leaves the
    line by it. False when this reference was granted before. Raises InsufficientQuota.
    """
    return _move(account, Kind.GRANT, "budget", "available", amount, reference, by, pool=pool, cap=cap, in_line=in_line)


def hold(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None) -> bool:
    """available -> held."""
    return _move(account, Kind.HOLD, "available", "held", amount, reference, by)


def release(account: QuotaAccount, amount: Decimal, *, reference: str, by: User | None, day: date) -> bool:
    """held -> available, or held -> lapsed when `day` is after the account's last valid day."""
    target = "lapsed" if is_over(account, day) else "available"
    return _move(account, Kind.RELEASE, "held", target, amount, reference, by)


def is_over(account: QuotaAccount, day: date) -> bool:
    """Whether what is released on the day can be used no more."""
    return day > account.valid_until or account.status == QuotaAccount.State.LAPSED


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


def lapse_many(accounts: QuerySet[QuotaAccount], *, by: User | None) -> None:
    """available -> lapsed for each of these accounts and all that it has, and the account itself with it.

    The caller has locked the rows, so that entries and update see the same amounts; an account that
    had lapsed before breaks the constraint `entry_once` and undoes all. The state goes in the same
    UPDATE, which halves the work; the table's own trigger asks for its edge.
    """
    insert_from(
        LedgerEntry,
        accounts.filter(available__gt=0),
        account_id=F("pk"),
        kind=Kind.LAPSE,
        source="available",
        target="lapsed",
        amount=F("available"),
        reference=Concat("number", Value("/1")),
        by_id=by.pk if by else None,
        at=timezone.now(),
    )
    accounts.update(lapsed=F("lapsed") + F("available"), available=Decimal("0.00"), status=QuotaAccount.State.LAPSED)


def freeze_many(vouchers: QuerySet[Voucher], *, by: User | None) -> None:
    """held -> in_batch for each of these vouchers the annotated `part`, and its account with it.

    The caller has locked the rows. Raises InsufficientQuota where a voucher holds less than its part.
    """
    rows: QuerySet[Any] = vouchers
    if rows.filter(Q(part__lte=0) | Q(held__lt=F("part"))).exists():
        raise InsufficientQuota(_WORDS)
    insert_from(
        LedgerEntry,
        rows,
        account_id=F("account_id"),
        kind=Kind.FREEZE,
        source="held",
        target="in_batch",
        amount=F("part"),
        reference=Concat("code", Value("/"), Cast(F("movements") + 1, CharField())),
        by_id=by.pk if by else None,
        at=timezone.now(),
    )
    sums = rows.order_by().values("account_id").annotate(moved=Sum("part"))
    move_each(QuotaAccount, sums.values(row=F("account_id"), moved=F("moved")), "held", "in_batch")
    move_each(Voucher, rows.values(row=F("pk"), moved=F("part")), "held", "in_batch", counted="movements")


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
    in_line: bool = False,
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
    added, in_account, in_pool = _written(entry, cap, pool, in_line)
    if not added:
        _compare(entry)
        return False
    if not in_account:
        raise InsufficientQuota(_WORDS)
    if pool is not None and not in_pool:
        raise InsufficientQuota(_("本地区今年的预算已用完，请咨询科技主管部门。"), code="pool_empty")
    return True


def _written(entry: LedgerEntry, cap: Decimal | None, pool: BudgetPool | None, in_line: bool) -> list[bool]:
    """Whether the entry was new, whether the account could move the amount, and whether the budget could.

    Insert unless (account, kind, reference) is there, then the account, the budget last; each step only after
    the one before. PostgreSQL does them in one statement: whoever waits for the row waits for less.
    """
    insert, values = inserts.statement([entry])
    steps = [(f"{insert} ON CONFLICT (account_id, kind, reference) DO NOTHING", values), _move_in_account(entry, cap)]
    if pool is not None:
        steps.append(_move_in_pool(entry, pool, in_line))
    return _in_one(steps) if connection.vendor == "postgresql" else _one_by_one(steps)


def _in_one(steps: Sequence[inserts.SQL]) -> list[bool]:
    """Each step waits for a row of the one before: PostgreSQL promises no other order within a statement."""
    sql = f"step_0 AS ({steps[0][0]} RETURNING 1)"
    for n, (step, _values) in enumerate(steps[1:], 1):
        sql += f", step_{n} AS ({step} AND EXISTS (SELECT FROM step_{n - 1}) RETURNING 1)"
    done = ", ".join(f"EXISTS (SELECT FROM step_{n})" for n in range(len(steps)))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {sql} SELECT {done}", [value for _sql, values in steps for value in values])
        return _three(cursor.fetchone())


def _one_by_one(steps: Sequence[inserts.SQL]) -> list[bool]:
    done: list[bool] = []
    with connection.cursor() as cursor:
        for sql, values in steps:
            cursor.execute(sql, values)
            done.append(cursor.rowcount == 1)
            if not done[-1]:
                break
    return _three(done)


def _three(done: Sequence[bool]) -> list[bool]:
    """With the steps that were not taken."""
    return [*done, *[False] * (3 - len(done))]


def _compare(entry: LedgerEntry) -> None:
    there = LedgerEntry.objects.get(account=entry.account, kind=entry.kind, reference=entry.reference)
    if (there.amount, there.source, there.target) != (entry.amount, entry.source, entry.target):
        raise EntryConflict(f"{entry.reference}: {there.amount} is booked, {entry.amount} was asked")


def _move_in_account(entry: LedgerEntry, cap: Decimal | None) -> inserts.SQL:
    """The law: one conditional UPDATE, which the CHECK constraints of the table repeat."""
    amount = _fen(entry.amount)
    # What leaves the budget was granted, what returns to it was not.
    changes = (
        ("granted", 1) if entry.source == "budget" else (entry.source, -1),
        ("granted", -1) if entry.target == "budget" else (entry.target, 1),
    )
    sets = ", ".join(f"{bucket} = {bucket} + %s" for bucket, _sign in changes)
    sql = f"UPDATE {QuotaAccount._meta.db_table} SET {sets} WHERE id = %s"  # noqa: S608  names of our model
    values = [*(sign * amount for _bucket, sign in changes), entry.account_id]
    if entry.source != "budget":
        return f"{sql} AND {entry.source} >= %s", [*values, amount]
    return (sql, values) if cap is None else (f"{sql} AND granted <= %s", [*values, _fen(cap) - amount])


def _move_in_pool(entry: LedgerEntry, pool: BudgetPool, in_line: bool) -> inserts.SQL:
    """Money comes back at any time; it is given to the first in line, else only while nobody waits."""
    amount = _fen(entry.amount)
    table = BudgetPool._meta.db_table
    if entry.source != "budget":
        return f"UPDATE {table} SET budget = budget + %s WHERE id = %s", [amount, pool.pk]  # noqa: S608  our table
    waits = "waiting >= 1" if in_line else "waiting = 0"
    sql = f"UPDATE {table} SET budget = budget - %s, waiting = waiting - %s WHERE id = %s AND budget >= %s AND {waits}"  # noqa: S608  our table
    return sql, [amount, int(in_line), pool.pk, amount]


def _fen(amount: Decimal) -> int:
    return int(QuotaAccount._meta.get_field("available").get_db_prep_save(amount, connection))
