"""Booking a service: form, check, done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import services
from ..forms.order import ActForm
from ..pages.booking import BookingPage, item_of
from . import drafts
from .getters import own_order, person


@require_http_methods(["GET", "POST"])
@organization_required
def order_new(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The form; what was typed before comes back. Who cannot book reads why."""
    page = BookingPage(request, organization, item_of(number))
    if not page.allowed:
        return render(request, "orders/order_not_bookable.html", {"page": page})
    draft = f"booking:{number}"
    form = page.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        drafts.keep(request, draft)
        return redirect("order-check", number)
    typed = drafts.kept(request, draft)
    if not form.is_bound and typed:
        form.initial.update(typed.dict())
    return render_form(request, "orders/order_new.html", {"page": page}, form=form)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def order_check(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Everything once more; the button places the order."""
    draft = f"booking:{number}"
    page = BookingPage(request, organization, item_of(number))
    typed = page.form(drafts.kept(request, draft))
    if not page.allowed or not typed.is_valid():
        return redirect("order-new", number)
    form = ActForm(request.POST if request.method == "POST" else None)
    scheme = page.chosen(typed)
    if form.is_bound:
        form.full_clean()
        with refusal(form):
            order = services.place_order(
                organization=organization,
                programme=scheme.programme if scheme else None,
                booking=page.booking(typed),
                by=person(request),
            )
            drafts.forget(request, draft)
            return redirect("order-done", order.number)
    return render_form(request, "orders/order_check.html", {"page": page, "facts": page.facts(typed)}, form=form)


@require_GET
@organization_required
def order_done(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The number and what comes next; still right when it is opened later."""
    order = own_order(organization, number)
    return render(
        request, "orders/order_done.html", {"order": order, "answer": services.term_for(order, "order_answer")}
    )
