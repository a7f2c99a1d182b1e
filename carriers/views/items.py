"""What a carrier offers: lists, forms, in and out of the catalogue."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import services
from ..catalogue import KINDS
from ..counting import CountedPaginator, counts_of
from ..forms import EmptyForm, InstrumentForm, ServiceForm
from ..models import Carrier
from .guard import carrier_required

FORMS = {"services": ServiceForm, "instruments": InstrumentForm}


@require_GET
@carrier_required
def items(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """Services or instruments of the carrier, listed ones first."""
    key = request.GET.get("kind", "")
    kind = KINDS[key if key in FORMS else "services"]
    counts = dict(zip(FORMS, counts_of(carrier.services.all(), carrier.instruments.all()), strict=True))
    rows = getattr(carrier, kind.key).select_related("category").order_by("-listed", "-listed_at", "number")
    tabs = [
        {
            "label": KINDS[name].label,
            "url": f"?kind={name}",
            "current": name == kind.key,
            "count": counts[name],
        }
        for name in FORMS
    ]
    page = CountedPaginator(rows, counts[kind.key]).get_page(request.GET.get("page"))
    return render(request, "carriers/items.html", {"carrier": carrier, "kind": kind, "views": tabs, "page": page})


@carrier_required
@once
def item_new(request: HttpRequest, carrier: Carrier, kind: str) -> HttpResponse:
    """A new service or instrument."""
    return _edit(request, carrier, kind, None)


@carrier_required
@once
def item_edit(request: HttpRequest, carrier: Carrier, kind: str, number: str) -> HttpResponse:
    """Change one; another carrier's is not found."""
    return _edit(request, carrier, kind, _own(carrier, kind, number))


def _edit(request: HttpRequest, carrier: Carrier, kind: str, item: Any) -> HttpResponse:
    form = FORMS[kind](request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            saved = _save(carrier, kind, item, by=request.user, data=form.cleaned_data)
            messages.success(request, _("已保存：%(title)s") % {"title": saved.title})
            return redirect(_back(kind))
    context = {"carrier": carrier, "kind": KINDS[kind], "item": item, "back_url": _back(kind)}
    return render_form(request, "carriers/item.html", context, form=form)


def _save(carrier: Carrier, kind: str, item: Any, *, by: Any, data: dict[str, Any]) -> Any:
    if kind == "services":
        return services.save_service(carrier, by=by, data=data, service=item)
    return services.save_instrument(carrier, by=by, data=data, instrument=item)


@carrier_required
@once
def item_listing(request: HttpRequest, carrier: Carrier, kind: str, number: str) -> HttpResponse:
    """Confirm taking an item out of the catalogue, or putting it back."""
    item = _own(carrier, kind, number)
    form = EmptyForm(request.POST or None)
    if request.method == "POST":
        form.is_valid()
        with refusal(form):
            services.set_listed(item, by=request.user, listed=not item.listed)
            words = _("已下架：%(title)s") if item.listed else _("已重新上架：%(title)s")
            messages.success(request, words % {"title": item.title})
            return redirect(_back(kind))
    context = {"item": item, "facts": _facts(item), "back_url": _back(kind)}
    return render_form(request, "carriers/item_listing.html", context, form=form)


def _facts(item: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("名称"), "value": item.title},
        {"label": _("编号"), "value": item.number},
        {"label": _("类别"), "value": item.category.name},
        {"label": _("已完成订单"), "value": _("%s 单") % item.finished_orders},
    ]


def _own(carrier: Carrier, kind: str, number: str) -> Any:
    return get_object_or_404(getattr(carrier, kind).select_related("category", "carrier"), number=number)


def _back(kind: str) -> str:
    return f"{reverse('carrier-items')}?kind={kind}"
