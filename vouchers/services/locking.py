"""Locks in the order that all verbs keep: account, then voucher."""

from collections.abc import Iterable

from ..models import QuotaAccount, Voucher

_WITH = ("organization", "carrier__organization", "region", "programme", "snapshot", "account")


def lock_voucher(voucher: Voucher) -> Voucher:
    """The voucher's fresh row, locked behind its account."""
    return lock_vouchers([voucher.pk])[0]


def lock_account(account: QuotaAccount) -> QuotaAccount:
    """The account's fresh row, locked, with its holder."""
    rows = QuotaAccount.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization__bureau", "programme").get(pk=account.pk)


def lock_vouchers(ids: Iterable[int]) -> list[Voucher]:
    """Fresh rows in the order of their ids, locked behind their accounts (three queries)."""
    keys = sorted(set(ids))
    accounts = QuotaAccount.objects.select_for_update(of=("self",), no_key=True)
    list(accounts.filter(vouchers__in=keys).order_by("pk").values_list("pk", flat=True))
    rows = Voucher.objects.select_for_update(of=("self",), no_key=True).select_related(*_WITH)
    return list(rows.filter(pk__in=keys).order_by("pk"))
