"""What a county owes a carrier at the end of the year: which vouchers a third party can ask for, which not and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import BankAccount
from carriers.models import Carrier
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from orders.models import Order, ServiceRecord
from vouchers.models import Programme, Voucher
from vouchers.resolve import policy_of
from vouchers.rules import is_frozen

from .. import rules
from .gaps import computed_amount, gaps
from .given import Papers, papers_for

State = Voucher.State
#: Days of service records, the last included.
Period = tuple[date, date]
#: Why a voucher that has not come so far stays out.
NOT_YET = (State.REQUESTED, State.RETURNED, State.ISSUED)


@dataclass(frozen=True)
class Entry:
    """One voucher with what it is worth (yuan), the day of its service record, and why it stays out."""

    voucher: Voucher
    amount: Decimal
    served_on: date | None
    reason: str

    @property
    def ready(self) -> bool:
        """Nothing stands against asking for its payment."""
        return not self.reason


@dataclass(frozen=True)
class Facts:
    """What entries are judged by: papers by voucher, service days by order, organizations with an account."""

    papers: Mapping[int, Papers]
    served: Mapping[int, date]
    paid: set[int]


@dataclass(frozen=True)
class Share:
    """What one county owes one carrier."""

    region: Region
    carrier: Carrier
    entries: list[Entry]

    @property
    def included(self) -> list[Entry]:
        """What a redemption would hold now."""
        return [entry for entry in self.entries if entry.ready]

    @property
    def excluded(self) -> list[Entry]:
        """What stays out, with its reason."""
        return [entry for entry in self.entries if not entry.ready]

    @property
    def total(self) -> Decimal:
        """Sum of what is included, yuan."""
        return sum((entry.amount for entry in self.included), Decimal("0.00"))


def unpaid(programme: Programme, *, region: Region | None = None, carrier: Carrier | None = None) -> QuerySet[Voucher]:
    """Vouchers of the carriers that are neither paid, nor ended, nor in a redemption."""
    rows = Voucher.objects.filter(
        programme=programme, redeemer=Voucher.Redeemer.CARRIER, status__in=(*NOT_YET, State.CONFIRMED)
    )
    if region and carrier:
        rows = rows.filter(region=region, carrier=carrier)
    return rows.select_related("snapshot", "region", "carrier__organization", "order").order_by(
        "region__code", "carrier__number", "id"
    )


def shares(programme: Programme, *, period: Period | None = None) -> list[Share]:
    """The whole year end of a programme, county by county and carrier by carrier."""
    found = entries(unpaid(programme), period=period)
    grouped = groupby(found, key=lambda entry: (entry.voucher.region, entry.voucher.carrier))
    return [Share(region, carrier, list(rows)) for (region, carrier), rows in grouped]


def entries(vouchers: Iterable[Voucher], *, period: Period | None = None, facts: Facts | None = None) -> list[Entry]:
    """Each voucher that a third party redeems, with the first thing that stands against it."""
    rows = [voucher for voucher in vouchers if rules.by_agency(voucher.snapshot)]
    known = facts or facts_of(rows)
    return [
        Entry(
            voucher,
            computed_amount(voucher, known.papers[voucher.pk]),
            known.served.get(voucher.order.pk),
            _why_not(voucher, known.papers[voucher.pk], known.served, period) or _payee_gap(voucher, known.paid),
        )
        for voucher in rows
    ]


def facts_of(rows: Sequence[Voucher]) -> Facts:
    """What is known now (five queries), for an act under its locks."""
    payees = {voucher.carrier.organization_id for voucher in rows}
    accounts = BankAccount.objects.filter(organization__in=payees, active=True)
    return Facts(papers_for(rows), _service_days(rows), set(accounts.values_list("organization_id", flat=True)))


def with_facts(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """For a page: the vouchers bring along what `facts_along` reads."""
    records = ServiceRecord.objects.filter(order__voucher=OuterRef("pk")).order_by("-id")
    accounts = BankAccount.objects.filter(organization=OuterRef("carrier__organization"), active=True)
    return vouchers.annotate(served_on=Subquery(records.values("delivered_on")[:1]), may_be_paid=Exists(accounts))


def facts_along(rows: Iterable[Voucher], papers: Mapping[int, Papers]) -> Facts:
    """`facts_of` vouchers that were read `with_facts`, without asking again."""
    told = [(voucher, vars(voucher)) for voucher in rows if rules.by_agency(voucher.snapshot)]
    served = {voucher.order.pk: columns["served_on"] for voucher, columns in told if columns["served_on"]}
    paid = {voucher.carrier.organization_id for voucher, columns in told if columns["may_be_paid"]}
    return Facts(papers, served, paid)


def _service_days(vouchers: Iterable[Voucher]) -> dict[int, date]:
    """The day of the last service record by order."""
    records = ServiceRecord.objects.filter(order__voucher__in=list(vouchers)).order_by("id")
    return dict(records.values_list("order_id", "delivered_on"))


def _why_not(voucher: Voucher, papers: Papers, served: Mapping[int, date], period: Period | None) -> str:
    day = served.get(voucher.order.pk)
    reasons = (
        (voucher.status in (State.REQUESTED, State.RETURNED), _("用券还在审核")),
        (voucher.status == State.ISSUED, _("机构尚未接收")),
        (is_frozen(voucher), _("已冻结：%(why)s") % {"why": voucher.frozen_reason}),
        (_is_disputed(voucher.order, day), _("企业反映服务有问题，尚未解决")),
        (day is None and policy_of(voucher.snapshot).service_record, _("没有服务记录")),
        (not _falls_in(day, period), _("服务记录不在所选期间")),
        (voucher.order.status == Order.State.DELIVERED, _("企业尚未确认服务完成")),
        (calendar.today() > voucher.redeem_until, _("兑付截止日 %(day)s 已过") % {"day": voucher.redeem_until}),
    )
    first = next((words for applies, words in reasons if applies), "")
    return first or "；".join(gap.words for gap in gaps(voucher, papers=papers))


def _is_disputed(order: Order, served_on: date | None) -> bool:
    """A served order that is open again: the enterprise said 有问题."""
    return served_on is not None and order.status == Order.State.ACCEPTED


def _falls_in(day: date | None, period: Period | None) -> bool:
    return day is None or period is None or period[0] <= day <= period[1]


def _payee_gap(voucher: Voucher, paid: set[int]) -> str:
    return "" if voucher.carrier.organization_id in paid else _("机构没有收款账户")
