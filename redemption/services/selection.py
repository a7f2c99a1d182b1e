"""Which redemptions a settlement batch would take, and why others stay out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import BankAccount, User
from innovation_voucher.casework.models import Region, ReviewTask
from innovation_voucher.lib.workdays import end_of_day
from vouchers.models import Programme

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
class Preview:
    """What a batch would hold today."""

    included: list[Included]
    excluded: list[Excluded]

    @property
    def total(self) -> Decimal:
        """Sum of what goes in, yuan."""
        return sum((row.amount for row in self.included), Decimal("0.00"))


def preview(*, programme: Programme, region: Region, period_from: date, period_to: date, by: User) -> Preview:
    """Redemptions of the region, decided in the period, that wait for payment.

    A payment that the bank sent back waits again, whenever it was decided.
    """
    rows = list(candidates(programme, region, period_from, period_to))
    accounts = _accounts(rows)
    in_batches = _in_batches(rows)
    reviewed = _reviewed_by(by, rows)
    included, excluded = [], []
    for redemption in rows:
        amount = approved_amount(redemption)
        reason = _why_not(redemption, accounts, in_batches, reviewed)
        if reason:
            excluded.append(Excluded(redemption, amount, reason))
        else:
            included.append(Included(redemption, amount, accounts[redemption.payee_id]))
    return Preview(included, excluded)


def candidates(programme: Programme, region: Region, period_from: date, period_to: date) -> QuerySet[Redemption]:
    """Payable ones and those that are nearly so, oldest decision first."""
    return (
        Redemption.objects.filter(
            programme=programme,
            region__path__startswith=region.path,
            status__in=("payable", *NOT_YET),
            decided_at__gte=end_of_day(period_from - timedelta(days=1)),
            decided_at__lte=end_of_day(period_to),
        )
        .select_related("payee", "region")
        .prefetch_related("lines__voucher")
        .order_by("decided_at", "id")
    )


def approved_amount(redemption: Redemption) -> Decimal:
    """Sum of the approved lines, yuan."""
    return sum((line.approved or Decimal(0) for line in redemption.lines.all()), Decimal("0.00"))


def _why_not(redemption: Redemption, accounts: dict[int, BankAccount], in_batches: set[int], reviewed: set[int]) -> str:
    reasons = (
        (redemption.status == "in_publicity", _("公示未满")),
        (redemption.status == "contested", _("异议处理中")),
        (bool(redemption.frozen_reason), _("已冻结：%(why)s") % {"why": redemption.frozen_reason}),
        (redemption.pk in in_batches, _("已在其他批次")),
        (approved_amount(redemption) <= 0, _("核定金额为 0")),
        (redemption.payee_id not in accounts, _("收款账户缺失")),
        (redemption.pk in reviewed, _("制单人审核过这一件，须由他人制单")),
    )
    return next((words for applies, words in reasons if applies), "")


def _accounts(rows: Iterable[Redemption]) -> dict[int, BankAccount]:
    payees = {row.payee_id for row in rows}
    found = BankAccount.objects.filter(organization__in=payees, active=True)
    return {account.organization_id: account for account in found}


def _in_batches(rows: Iterable[Redemption]) -> set[int]:
    lines = PaymentLine.objects.filter(redemption__in=list(rows), live=True)
    return set(lines.values_list("redemption_id", flat=True))


def _reviewed_by(user: User, rows: Iterable[Redemption]) -> set[int]:
    """Which of the redemptions this person decided a step of: four eyes."""
    kind = ContentType.objects.get_for_model(Redemption)
    tasks = ReviewTask.objects.filter(
        case__subject_type=kind, case__subject_id__in=[row.pk for row in rows], decided_by=user
    )
    return set(tasks.values_list("case__subject_id", flat=True))
