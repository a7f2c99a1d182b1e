"""What the third party's pages read, and who may open them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from innovation_voucher.casework import rights
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.web import Viewer, office_required, viewer_of
from vouchers.models import Programme

from . import rules
from .models import Payment, Redemption, SettlementBatch
from .services import Share

#: Tabs of the list of redemptions: key -> states under it; the empty key is what has not been decided.
TABS: dict[str, tuple[str, ...]] = {
    "": ("draft", "returned"),
    "review": ("in_review",),
    "payable": ("approved", "in_publicity", "contested", "payable"),
    "paid": ("paid", "recovered"),
    "ended": ("rejected", "withdrawn", "expired"),
}

#: Tabs of the list of batches: key -> condition; only what has gone to the bank can be checked.
BATCH_TABS: dict[str, Q] = {
    "": Q(signed_at__isnull=True, status__in=("exported", "reconciled")),
    "preparing": Q(status__in=("draft", "frozen", "countersigned")),
    "signed": Q(signed_at__isnull=False),
}


@dataclass(frozen=True)
class Sums:
    """A whole year end: how many vouchers go, their sum (yuan), and how many stay out for which reason."""

    count: int
    total: Decimal
    reasons: list[tuple[str, int]]


def agency_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people of a third party acting as such; others read who works here."""

    @office_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        viewer = viewer_of(request)
        office = viewer.office
        if office is None or office.kind != Office.Kind.THIRD_PARTY or not viewer.reach["open_redemptions"]:
            raise NotAllowed(_("年终兑付和批次核对由受托的第三方服务机构办理。"))
        return view(request, *args, **kwargs)

    return guarded


def programmes(viewer: Viewer) -> QuerySet[Programme]:
    """Programmes whose redemptions the reader's third party opens."""
    return rules.agency_programmes().filter(rights.below(viewer.reach["open_redemptions"], "region__path"))


def redemptions(viewer: Viewer) -> QuerySet[Redemption]:
    """Redemptions of these programmes, newest first, with count and sums of their lines."""
    rows = Redemption.objects.filter(programme__in=programmes(viewer).values("pk"))
    return (
        rows.select_related("payee", "region", "programme", "snapshot", "bank_account", "created_by")
        .annotate(vouchers=Count("lines"), claimed=Sum("lines__claimed"), approved=Sum("lines__approved"))
        .order_by("-id")
    )


def redemption(viewer: Viewer, number: str) -> Redemption:
    """One of them; 404 for others."""
    return get_object_or_404(redemptions(viewer), number=number)


def batches(viewer: Viewer) -> QuerySet[SettlementBatch]:
    """Batches of these programmes, newest first, with what the bank paid and sent back (yuan)."""
    rows = SettlementBatch.objects.filter(programme__in=programmes(viewer).values("pk")).exclude(status="cancelled")
    paid, failed = Q(payments__status="paid"), Q(payments__status="failed")
    return (
        rows.select_related("programme", "region", "signed_by")
        .annotate(paid=Sum("payments__amount", filter=paid), failed=Count("payments", filter=failed))
        .order_by("-id")
    )


def batch(viewer: Viewer, number: str) -> SettlementBatch:
    """One of them; 404 for others."""
    return get_object_or_404(batches(viewer), number=number)


def differences(viewer: Viewer) -> QuerySet[Payment]:
    """Payments that the bank sent back, in batches that nobody has signed, the unexplained first."""
    rows = Payment.objects.filter(batch__in=batches(viewer).filter(BATCH_TABS[""]).values("pk"), status="failed")
    return rows.select_related("batch__region", "payee").order_by("cause", "batch__number", "reference")


def sums_of(shares: Iterable[Share]) -> Sums:
    """What the shares come to."""
    found = list(shares)
    reasons = Counter(entry.reason for share in found for entry in share.excluded)
    return Sums(
        count=sum(len(share.included) for share in found),
        total=sum((share.total for share in found), Decimal("0.00")),
        reasons=reasons.most_common(),
    )
