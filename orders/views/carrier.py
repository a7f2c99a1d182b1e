"""The carrier's bookings: the list, one booking, its answer, the service record."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carriers.models import Carrier
from carriers.views.guard import carrier_required
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.money import format_yuan

from .. import rules, services
from ..forms.order import AcceptForm, ActForm, MessageForm, RecordForm
from ..models import Order
from ..pages.order import OrderPage
from ..pages.order_lists import carrier_list
from ..pages.turn_words import completion_words
from .acts import facts
from .getters import carriers_order, person


@require_GET
@carrier_required
def bookings(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """服务预约请求: to answer, running, ended."""
    return render(request, "orders/carrier_bookings.html", {"list": carrier_list(request, carrier)})


@require_GET
@carrier_required
def booking(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """One booking."""
    return show(request, carriers_order(carrier, number))


def show(request: HttpRequest, order: Order, *, failed: PortalForm | None = None) -> HttpResponse:
    """The carrier's page of an order; `failed` is the small form of it that did not pass."""
    page = OrderPage(order, "carrier", request.user)
    accept: Any = failed if isinstance(failed, AcceptForm) else None
    if accept is None and rules.may_accept(request.user, order)[0]:
        price = format_yuan(order.reference_price) if order.reference_price is not None else ""
        accept = AcceptForm(initial={"amount": price, "promised_on": order.wanted_on})
    context = {
        "page": page,
        "order": order,
        "accept_form": accept,
        "message_form": failed if isinstance(failed, MessageForm) else MessageForm(),
    }
    return render_form(request, "orders/order.html", context, form=failed or ActForm())


@require_POST
@carrier_required
@once
def accept(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """确认预约 with price and date."""
    order = carriers_order(carrier, number)
    form = AcceptForm(request.POST)
    if form.is_valid():
        with refusal(form):
            services.accept_order(order, by=person(request), **form.cleaned_data)
            messages.success(request, _("已确认预约，企业会收到通知"))
            return redirect("carrier-booking", number)
    return show(request, carriers_order(carrier, number), failed=form)


@require_POST
@carrier_required
@once
def message(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """A message to the enterprise."""
    order = carriers_order(carrier, number)
    form = MessageForm(request.POST)
    if form.is_valid():
        with refusal(form, "text"):
            services.send_message(order, by=person(request), text=form.cleaned_data["text"])
            messages.success(request, _("留言已发送"))
            return redirect(f"{reverse('carrier-booking', args=[number])}#talk")
    return show(request, order, failed=form)


@require_http_methods(["GET", "POST"])
@carrier_required
@once
def record(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """登记完成: date, result, file."""
    order = carriers_order(carrier, number)
    require(rules.for_carrier(request.user, order), NotAllowed)
    posted = request.method == "POST"
    form = RecordForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"delivered_on": calendar.today()},
    )
    allowed, reason = rules.may_record(request.user, order)
    if form.is_bound and form.is_valid():
        with refusal(form):
            _record(order, form, by=person(request))
            messages.success(request, _("已登记完成，等企业确认"))
            return redirect("carrier-booking", number)
    context = {
        "order": order,
        "facts": facts(order),
        "allowed": allowed,
        "reason": reason,
        "after_words": completion_words(order),
    }
    return render_form(request, "orders/record.html", context, form=form)


def _record(order: Order, form: RecordForm, *, by: Any) -> None:
    data = form.cleaned_data
    file = (data["file"].name, data["file"]) if data["file"] else None
    services.record_service(order, by=by, delivered_on=data["delivered_on"], result=data["result"], file=file)
