"""What redemption puts on the first pages of enterprises and carriers."""

from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.dashboard import Panel
from innovation_voucher.casework.web import viewer_of

from . import queries
from .models import Redemption

#: So many rows stand on the first page.
TODOS = 5


def to_confirm(request: HttpRequest) -> Panel | None:
    """What carriers ask to be paid and the enterprise must agree to (one query)."""
    organization = viewer_of(request).organization
    rows = list(queries.to_confirm(organization)[:TODOS]) if organization else []
    todos = [
        {
            "title": _("确认兑付 %(number)s") % {"number": row.number},
            "note": row.payee.name,
            "url": reverse("redeem-consent", args=[row.number]),
        }
        for row in rows
    ]
    return Panel("redemption/_home_confirm.html", {"todos": todos}) if todos else None


def redemptions(request: HttpRequest) -> Panel | None:
    """How many may be handed in, how many came back, and what was paid."""
    payee = viewer_of(request).organization
    if payee is None:
        return None
    ready = [row for row in queries.candidates(payee) if row.ready]
    sums = Redemption.objects.filter(payee=payee).aggregate(
        all=Count("pk", distinct=True),
        returned=Count("pk", distinct=True, filter=Q(status="returned")),
        sent_back=Count("pk", distinct=True, filter=Q(status="payable") & ~Q(failure="")),
        paid=Sum("lines__approved", filter=Q(status="paid")),
    )
    if not ready and not sums["all"]:
        return None
    context = {
        **sums,
        "paid": sums["paid"] or Decimal("0.00"),
        "ready": len(ready),
        "ready_total": sum((row.amount for row in ready), Decimal("0.00")),
        "list_url": queries.list_url(payee),
    }
    return Panel("redemption/_home.html", context, aside=True)
