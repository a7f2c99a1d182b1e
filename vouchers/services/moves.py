"""Movements of a voucher's share of its account; each has its own number under the voucher's lock."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from accounts.models import User
from innovation_voucher.casework import calendar

from .. import ledger
from ..models import QuotaAccount, Voucher
from . import per_order


def account_of(voucher: Voucher) -> QuotaAccount:
    """The account that the voucher draws on; a voucher without one cannot move anything."""
    if voucher.account is None:
        raise ValueError(f"voucher {voucher.code} has no account")
    return voucher.account


def hold(voucher: Voucher, account: QuotaAccount, *, by: User | None) -> None:
    """Take the voucher's amount from what is available; the row is saved by the caller."""
    voucher.account = account
    _take(voucher, account, voucher.amount, by)


def adjust(voucher: Voucher, *, by: User | None) -> None:
    """Hold exactly the voucher's amount, which has changed; the row is saved by the caller."""
    more = voucher.amount - voucher.held
    if more > 0:
        _take(voucher, account_of(voucher), more, by)
    else:
        release(voucher, by=by, keep=voucher.amount)


def release(voucher: Voucher, *, by: User | None, keep: Decimal = Decimal(0)) -> Decimal:
    """Give back what is held above `keep` yuan; answers how much that was."""
    amount = voucher.held - keep
    if amount <= 0:
        return Decimal("0.00")
    account, reference, day = account_of(voucher), _reference(voucher), calendar.today()
    ledger.release(account, amount, reference=reference, by=by, day=day)
    if not ledger.is_over(account, day):
        per_order.take_back(voucher, account, amount, reference=reference, by=by)
    voucher.held -= amount
    return amount


def _take(voucher: Voucher, account: QuotaAccount, amount: Decimal, by: User | None) -> None:
    """Hold so much more, granted first where quota comes with the voucher."""
    reference = _reference(voucher)
    per_order.grant_first(voucher, account, amount, reference=reference, by=by)
    ledger.hold(account, amount, reference=reference, by=by)
    voucher.held += amount


def unpay(voucher: Voucher, amount: Decimal, *, by: User | None) -> None:
    """Move it back: the line failed or the batch was cancelled."""
    _move(voucher, ledger.unpay, amount, by)
    voucher.in_batch -= amount
    voucher.held += amount


def pay(voucher: Voucher, amount: Decimal, *, by: User | None) -> None:
    """The bank has paid what was in the batch."""
    _move(voucher, ledger.pay, amount, by)
    voucher.in_batch -= amount


def _move(voucher: Voucher, verb: Callable[..., Any], amount: Decimal, by: User | None) -> None:
    verb(account_of(voucher), amount, reference=_reference(voucher), by=by)


def _reference(voucher: Voucher) -> str:
    voucher.movements += 1
    return f"{voucher.code}/{voucher.movements}"
