"""What the enterprise's first page shows of quota and vouchers."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.dashboard import Panel
from accounts.models import Organization
from innovation_voucher.casework import calendar
from innovation_voucher.casework.web import viewer_of

from . import cards, quota_pages
from .models import Voucher

_SHOWN = 3


def quota(request: HttpRequest) -> Panel | None:
    """The meters of the open programmes, and where to go from here."""
    organization: Organization | None = viewer_of(request).organization
    if organization is None:
        return None
    meters = quota_pages.meters(organization, calendar.today())
    return Panel("vouchers/_panel_quota.html", {"meters": meters})


def waiting(request: HttpRequest) -> Panel | None:
    """Vouchers that wait for the enterprise or for its carrier; nothing when there are none."""
    organization: Organization | None = viewer_of(request).organization
    if organization is None:
        return None
    rows = Voucher.objects.filter(organization=organization, status__in=cards.WAITING)
    found = [cards.card_of(voucher) for voucher in rows.select_related("snapshot", "programme")[:_SHOWN]]
    if not found:
        return None
    return Panel(
        "vouchers/_panel_waiting.html",
        {"cards": found, "url": reverse("ent-vouchers"), "label": _("全部创新券")},
    )
