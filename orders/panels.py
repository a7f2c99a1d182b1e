"""What orders put on the first pages of enterprises and carriers."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.dashboard import Panel, register_panel
from innovation_voucher.casework.web import viewer_of
from vouchers.models import Voucher

from .listing import MINE, due_days, with_shown
from .models import Order

#: So many rows stand on the first page; the list has the rest.
TODOS = 5


def enterprise_todo(request: HttpRequest) -> Panel | None:
    """Orders that wait for the enterprise, the oldest first (three queries)."""
    organization = viewer_of(request).organization
    found = Order.objects.filter(MINE, organization=organization).select_related(
        "voucher", "carrier", "review", "snapshot"
    )
    waiting = with_shown(found.order_by("id")[: TODOS + 1])
    dues = due_days(waiting)
    todos = [
        {
            "title": f"{order.shown_status.label}：{order.title}",
            "note": order.carrier.name,
            "url": reverse("ent-order", args=[order.number]),
            "due": dues.get(order.pk),
        }
        for order in waiting[:TODOS]
    ]
    return Panel("orders/_home_todo.html", {"todos": todos, "more": len(waiting) > TODOS})


def carrier_tiles(request: HttpRequest) -> Panel | None:
    """The scan button and the day's counts (two queries)."""
    carrier = viewer_of(request).carrier
    if carrier is None:
        return None
    counts = Order.objects.filter(carrier=carrier).aggregate(
        placed=Count("pk", filter=Q(status="placed")),
        running=Count("pk", filter=Q(status="accepted") & ~Q(voucher__status="issued")),
    )
    waiting = Voucher.objects.filter(carrier=carrier, status="issued").count()
    bookings = reverse("carrier-bookings")
    tiles = [
        {"number": waiting, "label": _("券待确认"), "url": f"{reverse('carrier-vouchers')}?view=waiting"},
        {"number": counts["placed"], "label": _("预约待答复"), "url": f"{bookings}?view=talking"},
        {"number": counts["running"], "label": _("服务中"), "url": f"{bookings}?view=running"},
    ]
    return Panel("orders/_carrier_today.html", {"tiles": tiles})


def register() -> None:
    """Called once by AppConfig.ready."""
    register_panel("enterprise", 10, enterprise_todo)
    register_panel("carrier", 10, carrier_tiles)
