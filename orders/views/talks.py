"""Quotes of the carrier; bookings by phone, entered by it and confirmed by the enterprise."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.rules import may_act
from accounts.viewer import organization_required
from carriers.models import Carrier
from carriers.views.guard import carrier_required
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.templatetags.portal import iso_day
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.money import format_yuan

from .. import rules, services
from ..forms.phone import PhoneForm
from ..forms.quote import QuoteForm
from ..models import Order
from ..pages.paying import pay_form, paying_for
from ..pages.schemes import chosen_of
from .acts import facts
from .getters import carriers_order, own_order, person


@require_http_methods(["GET", "POST"])
@carrier_required
@once
def quote(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """报价: offer a price, or change the one that is open."""
    order = carriers_order(carrier, number)
    require(rules.for_carrier(request.user, order), NotAllowed)
    require(rules.may_quote(request.user, order))
    there = services.open_quote(order)
    form = QuoteForm(request.POST if request.method == "POST" else None, initial=_initial(order))
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.offer_quote(order, by=person(request), offer=form.offer)
            messages.success(request, _("已报价，企业会收到通知"))
            return redirect("carrier-booking", number)
    context = {"order": order, "facts": facts(order), "there": there, "rows": _known(order)}
    return render_form(request, "orders/quote.html", context, form=form)


def _initial(order: Order) -> dict[str, object]:
    there = services.open_quote(order)
    if there is not None:
        return {"amount": format_yuan(there.amount), "promised_on": there.promised_on, "words": there.words}
    price = order.agreed_amount if order.agreed_amount is not None else order.reference_price
    return {"amount": "" if price is None else format_yuan(price), "promised_on": order.wanted_on}


def _known(order: Order) -> list[dict[str, object]]:
    rows = [
        (_("参考价"), order.reference_price),
        (_("企业填写的议定金额"), order.agreed_amount),
        (_("企业拟用创新券"), order.planned_amount),
    ]
    return [{"label": label, "value": _("%s 元") % format_yuan(worth)} for label, worth in rows if worth is not None]


def _agreed(order: Order) -> list[dict[str, object]]:
    """What was agreed on the phone."""
    amount = _("%s 元") % format_yuan(order.agreed_amount) if order.agreed_amount is not None else ""
    rows = [
        (_("数量"), f"{order.quantity} {order.unit}"),
        (_("议定服务金额"), amount),
        (_("交付时间"), iso_day(order.promised_on)),
        (_("服务内容"), order.need),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


@require_http_methods(["GET", "POST"])
@carrier_required
@once
def enter(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """登记电话预约: the carrier enters what both sides agreed on the phone."""
    require(may_act(person(request), carrier.organization), NotAllowed)
    form = PhoneForm(request.POST if request.method == "POST" else None, carrier=carrier)
    if form.is_bound and form.is_valid():
        with refusal(form):
            buyer = form.cleaned_data["credit_code"]
            order = services.enter_phone_order(
                carrier=carrier, organization=buyer, booking=form.booking, by=person(request)
            )
            messages.success(request, _("已登记，等企业确认"))
            return redirect("carrier-booking", order.number)
    return render_form(request, "orders/phone.html", {}, form=form)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def confirm(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """确认电话预约: the enterprise agrees, and says who pays."""
    order = own_order(organization, number)
    require(rules.for_enterprise(request.user, order), NotAllowed)
    require(rules.may_confirm_phone(request.user, order))
    schemes = paying_for(order)
    form = pay_form(order, schemes, request)
    if form.is_bound and form.is_valid():
        with refusal(form):
            scheme = chosen_of(schemes, form.cleaned_data["pay"])
            programme = scheme.programme if scheme else None
            services.confirm_phone_order(order, by=person(request), programme=programme, answers=form.answers)
            messages.success(request, _("已确认，订单生效"))
            return redirect("ent-order", number)
    context = {
        "facts": [*facts(order), *_agreed(order)],
        "words": [scheme.words(order.agreed_amount) for scheme in schemes],
        "order": order,
        "back_url": reverse("ent-order", args=[number]),
    }
    return render_form(request, "orders/phone_confirm.html", context, form=form)
