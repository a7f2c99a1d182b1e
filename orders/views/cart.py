"""预约单: the page, and what is put in, counted and taken out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.casework.idempotency import once
from innovation_voucher.lib.forms import render_form

from .. import services
from ..forms.cart import QuantityForm
from ..models import CartItem
from ..pages.cart import groups_of
from ..pages.items import item_of
from .getters import person


def _show(request: HttpRequest, organization: Organization, form: QuantityForm) -> HttpResponse:
    return render_form(request, "orders/cart.html", {"groups": list(groups_of(organization))}, form=form)


@require_GET
@organization_required
def cart(request: HttpRequest, organization: Organization) -> HttpResponse:
    """One group per carrier; each becomes one order."""
    return _show(request, organization, QuantityForm())


@require_POST
@organization_required
@once
def add(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Put an item of the catalogue in."""
    item = item_of(request.POST.get("number", ""))
    services.add_to_cart(organization, item, by=person(request))
    messages.success(request, _("已加入预约单：%s") % item.title)
    return redirect("ent-cart")


def _row(organization: Organization, number: str) -> CartItem:
    for row in services.cart_of(organization):
        if row.item.number == number:
            return row
    raise Http404


@require_POST
@organization_required
@once
def count(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """So many of it."""
    row, form = _row(organization, number), QuantityForm(request.POST)
    if form.is_valid():
        services.set_quantity(row, by=person(request), quantity=form.cleaned_data["quantity"])
        return redirect("ent-cart")
    return _show(request, organization, form)


@require_POST
@organization_required
@once
def remove(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Take it out."""
    row = _row(organization, number)
    services.remove_from_cart(row, by=person(request))
    messages.success(request, _("已移出预约单：%s") % row.item.title)
    return redirect("ent-cart")
