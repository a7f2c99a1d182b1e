"""Which redemptions a settlement batch would take, and why others stay out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import BankAccount, User
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.workdays import end_of_day
from vouchers.models import Programme, Voucher
from vouchers.rules import is_frozen

from .. import rules
from ..models import PaymentLine, Redemption

#: States that a person would expect in the list, with why they stay out.
NOT_YET = ("in_publicity", "contested")


@dataclass(frozen=True)
class Included:
    """A redemption that goes in, with what is paid and where. `amount` in yuan."""

    redemption: Redemption
    amount: Decimal
    account: BankAccount


@dataclass(frozen=True)
class Excluded:
    """A redemption that stays out, and why."""

    redemption: Redemption
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Group:
    """A sum of the preview: what it is over, how many redemptions, yuan."""

    label: str
    count: int
    total: Decimal


@dataclass(frozen=True)
class Preview:
    """What a batch would hold today."""

    included: list[Included]
    excluded: list[Excluded]

    @property
    def total(self) -> Decimal:
        """Sum of what goes in, yuan."""
        return sum((row.amount for row in self.included), Decimal("0.00"))

    @property
    def by_region(self) -> list[Group]:
        """Totals per region, in the order of their codes."""
        return _groups((row.redemption.region.code, row.redemption.region.name, row) for row in self.included)

    @property
    def by_payee(self) -> list[Group]:
        """Totals per payee account: one payment each."""
        return _groups((row.account.pk, row.redemption.payee.name, row) for row in self.included)


def _groups(rows: Iterable[tuple[Any, str, Included]]) -> list[Group]:
    found: dict[Any, tuple[str, list[Included]]] = {}
    for key, label, row in rows:
        found.setdefault(key, (label, []))[1].append(row)
    return [
        Group(label, len(members), sum((row.amount for row in members), Decimal("0.00")))
        for _key, (label, members) in sorted(found.items())
    ]


def preview(*, programme: Programme, region: Region, period_from: date, period_to: date, by: User) -> Preview:
    """Redemptions of the region, decided in the period, that wait for payment.

    A payment that the bank sent back waits again, whenever it was decided.
    """
    rows = list(candidates(programme, region, period_from, period_to))
    accounts = _accounts(rows)
    in_batches = _in_batches(rows)
    involved = rules.involved(by, rows)
    included, excluded = [], []
    for redemption in rows:
        amount = approved_amount(redemption)
        reason = _why_not(redemption, accounts, in_batches, involved)
        if reason:
            excluded.append(Excluded(redemption, amount, reason))
        else:
            included.append(Included(redemption, amount, accounts[redemption.payee_id]))
    return Preview(included, excluded)


def candidates(programme: Programme, region: Region, period_from: date, period_to: date) -> QuerySet[Redemption]:
    """Payable ones and those that are nearly so, oldest decision first."""
    decided = Q(decided_at__gt=end_of_day(period_from - timedelta(days=1)), decided_at__lte=end_of_day(period_to))
    sent_back = Q(status=Redemption.State.PAYABLE) & ~Q(failure="")
    return (
        Redemption.objects.filter(
            decided | sent_back,
            programme=programme,
            region__path__startswith=region.path,
            status__in=(Redemption.State.PAYABLE, *NOT_YET),
        )
        .select_related("payee", "region")
        .prefetch_related("lines__voucher")
        .order_by("decided_at", "id")
    )


def approved_amount(redemption: Redemption) -> Decimal:
    """Sum of the approved lines, yuan."""
    return sum((line.approved or Decimal(0) for line in redemption.lines.all()), Decimal("0.00"))


def _why_not(redemption: Redemption, accounts: dict[int, BankAccount], in_batches: set[int], involved: set[int]) -> str:
    reasons = (
        (redemption.status == "in_publicity", _("公示未满")),
        (redemption.status == "contested", _("异议处理中")),
        (_has_ended(redemption), _("创新券已终止")),
        (bool(_frozen(redemption)), _("已冻结：%(why)s") % {"why": _frozen(redemption)}),
        (redemption.pk in in_batches, _("已在其他批次")),
        (approved_amount(redemption) <= 0, _("核定金额为 0")),
        (redemption.payee_id not in accounts, _("收款账户缺失")),
        (redemption.pk in involved, _("制单人发起或审核过这一件，或是其成员，须由他人制单")),
    )
    return next((words for applies, words in reasons if applies), "")


def _has_ended(redemption: Redemption) -> bool:
    """Whether a voucher of it that is to be paid was terminated while it waited."""
    return any(line.approved and line.voucher.status != Voucher.State.REDEEMING for line in redemption.lines.all())


def _frozen(redemption: Redemption) -> str:
    """Why it, or a voucher of it that is to be paid, is frozen."""
    paid = [line.voucher for line in redemption.lines.all() if line.approved]
    reasons = [voucher.frozen_reason for voucher in paid if is_frozen(voucher)]
    return next(filter(None, [redemption.frozen_reason, *reasons]), "")


def _accounts(rows: Iterable[Redemption]) -> dict[int, BankAccount]:
    payees = {row.payee_id for row in rows}
    found = BankAccount.objects.filter(organization__in=payees, active=True).select_related("organization")
    return {account.organization_id: account for account in found}


def _in_batches(rows: Iterable[Redemption]) -> set[int]:
    lines = PaymentLine.objects.filter(redemption__in=list(rows), live=True)
    return set(lines.values_list("redemption_id", flat=True))
