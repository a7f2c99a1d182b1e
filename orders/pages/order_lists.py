"""The lists of orders of both sides: tabs with counts, with and without a voucher apart, filters, 20 rows."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework.statuses import Text

from ..forms.filters import OrderFilters
from ..listing import MINE, OVER, RUNNING, TALKING, THEIRS, due_days, tallies, with_shown
from ..models import Order

ROWS = 20
_ALL = Q(pk__gt=0)

Views = dict[str, tuple[Text, Q]]


def _views(mine: Q) -> Views:
    return {
        "all": (gettext_lazy("全部"), _ALL),
        "mine": (gettext_lazy("待我办理"), mine),
        "talking": (gettext_lazy("沟通中"), TALKING),
        "running": (gettext_lazy("服务中"), RUNNING),
        "done": (gettext_lazy("已完成"), Q(status=Order.State.COMPLETED)),
        "over": (gettext_lazy("已失效"), OVER),
    }


ENTERPRISE_VIEWS, CARRIER_VIEWS = _views(MINE), _views(THEIRS)
#: Orders that a voucher pays for, and those at the enterprise's own cost.
KINDS: Views = {
    "": (gettext_lazy("全部订单"), _ALL),
    "voucher": (gettext_lazy("创新券订单"), Q(use_voucher=True)),
    "own": (gettext_lazy("非创新券订单"), Q(use_voucher=False)),
}


@dataclass(frozen=True)
class OrderListing:
    """`tabs` and `kinds` as views.html reads them, `chips` as chips.html does."""

    rows: list[Order]
    page_obj: Page[Order]
    tabs: list[dict[str, Any]]
    kinds: list[dict[str, Any]]
    chips: list[dict[str, str]]
    filters: OrderFilters
    is_filtered: bool


def enterprise_list(request: HttpRequest, organization: Organization) -> OrderListing:
    """Orders of the enterprise, newest first."""
    found = Order.objects.filter(organization=organization)
    return _listing(request, found, ENTERPRISE_VIEWS, other="carrier")


def carrier_list(request: HttpRequest, carrier: Carrier) -> OrderListing:
    """Orders at the carrier, newest first."""
    return _listing(request, Order.objects.filter(carrier=carrier), CARRIER_VIEWS, other="organization")


def _listing(request: HttpRequest, found: QuerySet[Order], views: Views, *, other: str) -> OrderListing:
    view, kind = _asked(request, "view", views), _asked(request, "kind", KINDS)
    filters = OrderFilters(request.GET, other=other, view=view, kind=kind)
    narrowed = found.filter(filters.condition)
    # Both rows of tabs in one query: the tabs within the kind, the kinds over all tabs.
    within = {name: condition & KINDS[kind][1] for name, (_label, condition) in views.items()}
    counts = tallies(narrowed, {**within, **{f"kind_{name}": q for name, (_label, q) in KINDS.items()}})
    rows = narrowed.filter(within[view]).select_related(other, "voucher", "snapshot", "review")
    paginator = Paginator(rows, ROWS)
    # The tab's count was asked already.
    paginator.count = counts[view]
    page = paginator.get_page(request.GET.get("page"))
    chips = [{"label": words, "url": _link(request, name, "")} for name, words in filters.in_use]
    return OrderListing(
        rows=_shown(page),
        page_obj=page,
        tabs=_tabs(request, "view", view, views, counts),
        kinds=_tabs(request, "kind", kind, KINDS, {name: counts[f"kind_{name}"] for name in KINDS}),
        chips=chips,
        filters=filters,
        is_filtered=bool(chips or kind) or view != next(iter(views)),
    )


def _asked(request: HttpRequest, name: str, known: Views) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else next(iter(known))


def _shown(page: Page[Order]) -> list[Order]:
    rows = with_shown(cast("QuerySet[Order]", page.object_list))
    dues = due_days(rows)
    for order in rows:
        order.due_on = dues.get(order.pk)
    return rows


def _tabs(request: HttpRequest, name: str, chosen: str, known: Views, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _link(request, name, key), "current": key == chosen, "count": counts[key]}
        for key, (label, _condition) in known.items()
    ]


def _link(request: HttpRequest, name: str, value: str) -> str:
    """The address of this list with one word of its question changed, from the first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"
