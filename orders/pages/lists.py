"""Lists of vouchers and reviews, for both sides: tabs with counts, words, 20 rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework.statuses import Text
from vouchers.models import Voucher

from ..listing import tallies
from ..models import Order

ROWS = 20
_ALL = Q(pk__gt=0)

VOUCHER_VIEWS: dict[str, tuple[Text, Q]] = {
    "waiting": (gettext_lazy("待确认"), Q(status="issued")),
    "received": (gettext_lazy("已收到"), Q(status__in=("confirmed", "redeeming", "paid"))),
    "over": (gettext_lazy("已结束"), Q(status__in=("returned_by_carrier", "voided", "terminated", "lapsed"))),
}
REVIEW_VIEWS: dict[str, tuple[Text, Q]] = {
    "open": (gettext_lazy("待评价"), Q(review=None)),
    "done": (gettext_lazy("已评价"), Q(review__isnull=False)),
}


@dataclass(frozen=True)
class Listing:
    """`rows` are those of the page; `tabs` as views.html reads them."""

    rows: list[Any]
    page_obj: Page[Any]
    tabs: list[dict[str, Any]]
    view: str
    words: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.words)


def _listing(request: HttpRequest, found: QuerySet[Any], views: dict[str, tuple[Text, Q]], words: Q | None) -> Listing:
    asked = request.GET.get("view", "")
    view = asked if asked in views else next(iter(views))
    narrowed = found.filter(words) if words else found
    counts = tallies(narrowed, {name: condition for name, (_label, condition) in views.items()})
    typed = request.GET.get("q", "").strip()
    query = f"&{urlencode({'q': typed})}" if typed else ""
    tabs = [
        {"label": label, "url": f"?view={name}{query}", "current": name == view, "count": counts[name]}
        for name, (label, _condition) in views.items()
    ]
    paginator = Paginator(narrowed.filter(views[view][1]).distinct(), ROWS)
    # The tab's count was asked already.
    paginator.count = counts[view]
    page = paginator.get_page(request.GET.get("page"))
    return Listing(list(page), page, tabs, view, typed)


def _words(request: HttpRequest, *fields: str) -> Q | None:
    typed = request.GET.get("q", "").strip()
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": typed})
    return condition if typed else None


def carrier_vouchers(request: HttpRequest, carrier: Carrier) -> Listing:
    """Vouchers made out to the carrier that were issued."""
    issued = Voucher.objects.filter(carrier=carrier, issued_at__isnull=False)
    words = _words(request, "code", "organization_name", "service_title", "contract_number")
    return _listing(request, issued.select_related("order"), VOUCHER_VIEWS, words)


def enterprise_reviews(request: HttpRequest, organization: Organization) -> Listing:
    """Completed orders of the enterprise with their reviews."""
    done = Order.objects.filter(organization=organization, status="completed").select_related("carrier", "review")
    return _listing(request, done.order_by("-completed_at"), REVIEW_VIEWS, None)


def carrier_reviews(request: HttpRequest, carrier: Carrier) -> Listing:
    """Reviews that the carrier got, those without an answer first."""
    rated = Order.objects.filter(carrier=carrier, review__isnull=False).select_related("organization", "review")
    views: dict[str, tuple[Text, Q]] = {
        "open": (_("待回复"), Q(review__by_system=False, review__reply="")),
        "all": (_("全部"), _ALL),
    }
    return _listing(request, rated.order_by("-review__at"), views, None)
