"""What the pages of public lists and objections read."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from innovation_voucher.casework import calendar, rights
from innovation_voucher.casework.web import Viewer

from .models import Objection, Publicity, PublicityRow, Redemption
from .notice_rules import PUBLISH, WAITING
from .statuses import REDEMPTION


def with_sums(rows: QuerySet[Publicity]) -> QuerySet[Publicity]:
    """Lists with the number of payees, the sum (yuan) and how many objections are open."""
    waiting = Count("objections", filter=Q(objections__status="received"), distinct=True)
    counted = rows.annotate(firms=Count("redemptions__payee", distinct=True), waiting=waiting)
    return counted.select_related("region", "programme", "office").order_by("status", "-opens_on", "-id")


def public() -> QuerySet[Publicity]:
    """Lists that everybody sees, those under way first."""
    return with_sums(Publicity.objects.exclude(status="draft")).order_by("-status", "-opens_on", "-id")


def finished(lists: Iterable[Publicity]) -> list[Publicity]:
    """The lists with their sums, and with the word for one that an objection holds up (one query)."""
    rows = list(lists)
    found = PublicityRow.objects.filter(publicity__in=rows).values_list("publicity").annotate(Sum("amount"))
    sums = dict(found)
    for row in rows:
        row.total = sums.get(row.pk, Decimal(0))  # type: ignore[attr-defined]
        if row.waiting:  # type: ignore[attr-defined]
            row.shown_status = REDEMPTION["contested"]  # type: ignore[attr-defined]
    return rows


def in_reach(viewer: Viewer) -> Q:
    """Lists of the regions for which the reader publishes or looks."""
    paths = [*viewer.reach[PUBLISH], *viewer.reach["view_cases"]]
    return rights.below(paths, "region__path")


def waiting_groups(viewer: Viewer) -> list[dict[str, Any]]:
    """Approved redemptions on no list, by programme and region, where the reader publishes."""
    drafted = Publicity.objects.filter(status=Publicity.State.DRAFT).values("redemptions")
    rows = Redemption.objects.filter(rights.below(viewer.reach[PUBLISH], "region__path"), WAITING)
    keys = ("programme", "programme__name", "region__code", "region__name")
    counted = rows.exclude(pk__in=drafted).values(*keys).annotate(count=Count("pk", distinct=True))
    return list(counted.annotate(total=Sum("lines__approved")).order_by("region__code", "programme"))


def objections(viewer: Viewer) -> QuerySet[Objection]:
    """Objections that the reader answers, the oldest open one first."""
    rows = Objection.objects.filter(rights.below(viewer.reach[PUBLISH], "publicity__region__path"))
    return rows.select_related("publicity__region", "redemption__payee", "answered_by")


@dataclass
class ListPage:
    """One list before the public."""

    publicity: Publicity

    @cached_property
    def rows(self) -> list[PublicityRow]:
        return list(self.publicity.rows.select_related("redemption"))

    @property
    def contract(self) -> Decimal:
        return sum((row.contract for row in self.rows), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def firms(self) -> int:
        return len({row.payee for row in self.rows})

    @property
    def is_open(self) -> bool:
        """Whether objections are taken today."""
        over = self.publicity.closes_on is not None and self.publicity.closes_on < calendar.today()
        return self.publicity.status == Publicity.State.OPEN and not over

    @cached_property
    def days(self) -> tuple[int, int]:
        """Working days that have begun, and all of them."""
        first, last = self.publicity.opens_on, self.publicity.closes_on
        if first is None or last is None:
            return 0, 0
        worked, today = calendar.loaded(), calendar.today()
        before = calendar.working_days_left(last, worked, day=first) + int(worked(first))
        left = max(calendar.working_days_left(last, worked, day=today), 0)
        return before - left, before

    @property
    def left(self) -> int:
        """Working days that have not begun."""
        return self.days[1] - self.days[0]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each redemption once, as the form of an objection offers it."""
        found: dict[str, str] = {}
        for row in self.rows:
            found.setdefault(row.redemption.number, f"{row.position}. {row.payee}　{row.service}")
        return list(found.items())
