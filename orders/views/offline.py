"""Offline use: a registered carrier and its service are found, then the form of use."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.rules import may_act
from accounts.viewer import organization_required
from carriers.models import Service
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from vouchers.models import Programme

from .. import services
from ..forms.order import ActForm
from ..forms.use import FindForm
from ..models import Order
from ..pages.booking import item_of
from ..schemes import lets_offline, scheme_where
from .getters import person

FOUND = 20


def _found(organization: Organization, words: str) -> list[Service]:
    named = Q(title__icontains=words) | Q(carrier__name__icontains=words)
    rows = Service.objects.bookable_in(organization.bureau).filter(named).select_related("carrier", "category")
    return list(rows.order_by("-rank", "number")[:FOUND]) if words else []


@require_http_methods(["GET", "POST"])
@organization_required
@once
def find(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Search; choosing a service enters the signed contract as an order."""
    require(may_act(person(request), organization), NotAllowed)
    scheme = scheme_where(organization, lets_offline)
    if scheme is None:
        return render(request, "orders/offline_closed.html", {"organization": organization})
    act = ActForm(request.POST if request.method == "POST" else None)
    if act.is_bound:
        act.full_clean()
        with refusal(act):
            order = _enter(request, organization, scheme.programme)
            return redirect("ent-use", order.number)
    words = request.GET.get("q", "").strip()
    context = {
        "find": FindForm(request.GET or None),
        "words": words,
        "found": _found(organization, words),
        "programme": scheme.programme,
        "invite": request.build_absolute_uri(reverse("register")),
    }
    return render_form(request, "orders/offline.html", context, form=act)


def _enter(request: HttpRequest, organization: Organization, programme: Programme) -> Order:
    user = person(request)
    booking = services.Booking(
        item=item_of(request.POST.get("service", "")),
        contact_name=str(user),
        contact_phone=(user.phone or "").removeprefix("+86"),
    )
    return services.place_offline(organization=organization, programme=programme, booking=booking, by=user)
