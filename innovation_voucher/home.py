"""What the front page and the site map show, read from the apps below."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from carriers.models import Carrier, CarrierRecognition, Category, Service
from innovation_voucher import menus
from redemption.models import Payment, Publicity
from vouchers.models import Programme, QuotaAccount, Voucher

#: A scheme that closes within so many days is marked.
SOON_DAYS = 14
#: Counts of people or firms below this are not published.
SMALLEST_CELL = 3
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Ticket:
    """A scheme on the front page: how many days it is still open, or when it opens."""

    programme: Programme
    url: str
    days: int | None
    opens_on: date | None

    @property
    def look(self) -> str:
        """Suffix of the class: soon, shut or nothing."""
        if self.days is None:
            return "shut"
        return "soon" if self.days <= SOON_DAYS else ""


@dataclass(frozen=True)
class Figure:
    """A number of this year with its unit and a note."""

    label: str
    value: str
    unit: str
    note: str = ""


def sections() -> dict[str, Any]:
    """Everything the front page shows."""
    return {
        "tickets": tickets(),
        "figures": figures(),
        "publicities": publicities(),
        "services_count": Service.objects.filter(listed=True, voucher_eligible=True).count(),
        "carriers_count": _recognized_carriers(),
        "hot_words": list(Category.objects.filter(parent=None).values_list("name", flat=True)[:4]),
        "regions": carriers_by_region(),
        "as_of": timezone.now(),
    }


def tickets() -> list[Ticket]:
    """Schemes that accept claims now, soonest deadline first, then those that will open."""
    today = timezone.localdate()
    shown = Programme.objects.filter(status=Programme.State.OPEN, closes_on__gte=today - timedelta(days=60)).order_by(
        "closes_on", "name"
    )
    rows = [_ticket(programme, today) for programme in shown]
    return sorted(rows, key=lambda row: (row.days is None, row.days or 0))


def _ticket(programme: Programme, today: date) -> Ticket:
    is_open = programme.opens_on <= today <= programme.closes_on
    return Ticket(
        programme=programme,
        url=_guide_url(programme),
        days=(programme.closes_on - today).days + 1 if is_open else None,
        opens_on=programme.opens_on if programme.opens_on > today else None,
    )


def _guide_url(programme: Programme) -> str:
    """The guide of a scheme; the page of common questions until schemes have guides."""
    try:
        return reverse("guide", args=[programme.pk])
    except NoReverseMatch:
        return reverse("help")


def figures() -> list[Figure]:
    """Quota granted, money paid, firms helped and contracts set off this year."""
    year = timezone.localdate().year
    granted = _sum(QuotaAccount.objects.filter(programme__year=year), "granted")
    vouchers = Voucher.objects.filter(
        programme__year=year, status__in=[Voucher.State.CONFIRMED, Voucher.State.REDEEMING, Voucher.State.PAID]
    )
    paid = _sum(Payment.objects.filter(status=Payment.State.PAID, settled_at__year=year), "amount")
    firms = vouchers.values("organization").distinct().count()
    contracts = _sum(vouchers, "contract_amount")
    used = _sum(vouchers, "amount")
    rows = [
        Figure(_("发放额度"), *_large(granted)),
        Figure(_("已兑付到账"), *_large(paid)),
        Figure(_("受益企业"), f"{firms:,}", _("家"))
        if firms >= SMALLEST_CELL
        else Figure(_("受益企业"), _("少于 %(n)s") % {"n": SMALLEST_CELL}, _("家")),
        Figure(_("带动研发服务投入"), *_large(contracts), note=_lever(contracts, used)),
    ]
    return rows if granted else []


def _sum(rows: Any, column: str) -> Decimal:
    return rows.aggregate(total=Sum(column))["total"] or Decimal(0)


def _large(amount: Decimal) -> tuple[str, str]:
    """An amount in ten thousand yuan, or in yuan while it is small."""
    if amount >= TEN_THOUSAND:
        return f"{amount / TEN_THOUSAND:,.1f}".removesuffix(".0"), _("万元")
    return f"{amount:,.0f}", _("元")


def _lever(contracts: Decimal, used: Decimal) -> str:
    if not used:
        return ""
    return _("每 1 元创新券带动 %(n)s 元") % {"n": f"{contracts / used:.1f}"}


def publicities() -> list[Publicity]:
    """Public notices that are open now, the next to close first."""
    return list(
        Publicity.objects.filter(status=Publicity.State.OPEN)
        .select_related("region")
        .annotate(
            firms=Count("redemptions__payee", distinct=True),
        )
        .order_by("closes_on")[:5]
    )


def _recognized_carriers() -> int:
    return Carrier.objects.filter(recognitions__status=CarrierRecognition.State.RECOGNIZED).distinct().count()


def carriers_by_region() -> list[dict[str, Any]]:
    """Recognized carriers by the region of their address, most first, with bar widths (of 1000)."""
    rows = list(
        Carrier.objects.filter(recognitions__status=CarrierRecognition.State.RECOGNIZED)
        .values("region__name")
        .annotate(number=Count("pk", distinct=True))
        .order_by("-number", "region__name")[:8]
    )
    most = rows[0]["number"] if rows else 1
    return [
        {"name": row["region__name"], "number": row["number"], "width": round(row["number"] * 1000 / most)}
        for row in rows
    ]


def sitemap(request: HttpRequest) -> list[menus.Item]:
    """The reader's own menu, for the page that lists all pages."""
    return [*menus.main_menu(request), *menus.side_menu(request)]
