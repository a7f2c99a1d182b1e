"""Booking a service: form, check, done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from vouchers.phone_forms import phones_of

from .. import services
from ..forms.order import ActForm
from ..pages.booking import BookingPage
from . import drafts
from .getters import own_order, person


@require_http_methods(["GET", "POST"])
@organization_required
def order_new(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The form; what was typed before comes back. Who cannot book reads why."""
    page = BookingPage(request, organization, number)
    if not page.allowed:
        return render(request, "orders/order_not_bookable.html", {"page": page})
    draft = f"booking:{number}"
    if request.method == "POST":
        drafts.keep(request, draft)
    handed_in = request.method == "POST" and "calc" not in request.POST
    form = page.form(request.POST if handed_in else None, phones=phones_of(request, organization))
    if form.is_bound and form.is_valid():
        return redirect("order-check", number)
    typed = drafts.kept(request, draft)
    if not form.is_bound and typed:
        form.initial.update(typed.dict())
    return render_form(request, "orders/order_new.html", {"page": page, "panel": page.panel(form)}, form=form)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def order_check(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Everything once more; the button places the order."""
    draft = f"booking:{number}"
    page = BookingPage(request, organization, number)
    typed = page.form(drafts.kept(request, draft))
    if not page.allowed or not typed.is_valid():
        return redirect("order-new", number)
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        form.full_clean()
        with refusal(form):
            order = page.place(typed, by=person(request))
            if page.from_cart:
                services.empty_cart(organization, [line.item for line in page.lines], by=person(request))
            drafts.forget(request, draft)
            return redirect("order-done", order.number)
    context = {"page": page, "facts": page.facts(typed), "scheme": page.chosen(typed)}
    return render_form(request, "orders/order_check.html", context, form=form)


@require_GET
@organization_required
def order_done(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The number and what comes next; still right when it is opened later."""
    order = own_order(organization, number)
    return render(
        request, "orders/order_done.html", {"order": order, "answer": services.term_for(order, "order_answer")}
    )
