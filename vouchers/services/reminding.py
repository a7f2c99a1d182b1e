"""Reminders before quota and vouchers end: each threshold once, and only the nearest when the clock was late."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.organizations import people_of
from innovation_voucher.casework import messaging
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code

from ..models import QuotaAccount, Voucher
from ..models.parameters import OpenedBy
from ..resolve import policy_of

#: Days before the end at which people are told; the furthest goes to the inbox only.
THRESHOLDS = (1, 7, 30, 60)
_SMS_FROM = 30


def bands(day: date, field: str) -> Iterator[tuple[int, Q]]:
    """Per threshold: rows for which it is the nearest that was reached and which were not told so yet."""
    nearest = -1
    for days in THRESHOLDS:
        told = Q(reminded_days__isnull=True) | Q(reminded_days__gt=days)
        window = {f"{field}__gt": day + timedelta(days=nearest), f"{field}__lte": day + timedelta(days=days)}
        yield days, Q(**window) & told
        nearest = days


def accounts_ending() -> QuerySet[QuotaAccount]:
    """Accounts with something left to lose."""
    return QuotaAccount.objects.filter(status=QuotaAccount.State.ACTIVE, available__gt=0)


def vouchers_ending() -> QuerySet[Voucher]:
    """Vouchers for which nobody has asked to be paid yet."""
    return Voucher.objects.filter(status=Voucher.State.CONFIRMED)


@transaction.atomic
def remind_of_account(pk: int, days: int, day: date) -> QuotaAccount | None:
    """Tell the holder that quota ends within so many days; None when somebody else has, or nothing is left."""
    if not _claimed(accounts_ending(), pk, days):
        return None
    account = QuotaAccount.objects.select_related("organization", "programme").get(pk=pk)
    words = {"amount": format_yuan(account.available), **_end(account.valid_until, day)}
    title = _("%(amount)s 元额度将于%(month)d月%(day)d日到期，%(left)s") % words
    body = _("%(programme)s：到期后没有使用的额度自动失效，不结转下一年。") % {"programme": account.programme.name}
    _tell(account.organization, "quota.expiring", title, body, reverse("ent-quota"), days, account.number)
    return account


@transaction.atomic
def remind_of_voucher(pk: int, days: int, day: date) -> Voucher | None:
    """Tell the payee that the last day to ask for the money comes; None when somebody else has.

    Where an office opens the redemptions there is nothing that the payee could do.
    """
    if not _claimed(vouchers_ending(), pk, days):
        return None
    voucher = Voucher.objects.select_related("organization", "carrier__organization", "snapshot").get(pk=pk)
    if policy_of(voucher.snapshot).redemption_opened_by == OpenedBy.AGENCY:
        return None
    by_carrier = voucher.redeemer == Voucher.Redeemer.CARRIER
    payee = voucher.carrier.organization if by_carrier else voucher.organization
    words = {"code": group_code(voucher.code), **_end(voucher.redeem_until, day)}
    title = _("创新券 %(code)s 的兑付截止日是%(month)d月%(day)d日，%(left)s") % words
    body = _("截止日后没有提交兑付的创新券自动失效：%(what)s。") % {"what": voucher.service_title}
    link = reverse("carrier-vouchers") if by_carrier else reverse("ent-voucher", args=[voucher.code])
    _tell(payee, "voucher.expiring", title, body, link, days, voucher.code)
    return voucher


def _claimed(rows: QuerySet[Any], pk: int, days: int) -> bool:
    """The conditional update is the lock: of two sweeps one tells."""
    untold = Q(reminded_days__isnull=True) | Q(reminded_days__gt=days)
    return rows.filter(untold, pk=pk).update(reminded_days=days) == 1


def _end(last: date, day: date) -> dict[str, Any]:
    left = (last - day).days
    words = _("还有 %(days)d 天") % {"days": left} if left else _("今天是最后一天")
    return {"month": last.month, "day": last.day, "left": words}


def _tell(to: Organization, kind: str, title: str, body: str, link: str, days: int, number: str) -> None:
    messaging.notify(
        people_of(to),
        kind=kind,
        title=title,
        body=body,
        link=link,
        sms=_("【创新券】%s。") % title if days <= _SMS_FROM else None,
        dedupe=f"{kind}:{number}:{days}",
    )
