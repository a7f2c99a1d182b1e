"""服务评价: the enterprise rates, the carrier answers once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required
from carriers.models import Carrier
from carriers.views.guard import carrier_required
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import review_rules, rules, services
from ..forms.order import ReplyForm, ReviewForm
from ..pages.lists import carrier_reviews, enterprise_reviews
from .getters import carriers_order, own_order, person


@require_GET
@organization_required
def ent_reviews(request: HttpRequest, organization: Organization) -> HttpResponse:
    """To rate, and rated."""
    return render(request, "orders/ent_reviews.html", {"list": enterprise_reviews(request, organization)})


@require_http_methods(["GET", "POST"])
@organization_required
@once
def review(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Five radios and a few words."""
    order = own_order(organization, number)
    require(rules.for_enterprise(request.user, order), NotAllowed)
    allowed, reason = review_rules.may_review(request.user, order)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.review_service(order, by=person(request), rating=form.rating)
            messages.success(request, _("评价已提交"))
            return redirect("ent-order", number)
    term = services.term_for(order, "rating")
    context = {"order": order, "allowed": allowed, "reason": reason, "term": term}
    return render_form(request, "orders/review.html", context, form=form)


@require_GET
@carrier_required
def carriers_reviews(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """What enterprises say, and which of it waits for an answer."""
    return render(request, "orders/carrier_reviews.html", {"list": carrier_reviews(request, carrier)})


@require_http_methods(["GET", "POST"])
@carrier_required
@once
def reply(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """The one answer."""
    order = carriers_order(carrier, number)
    require(rules.for_carrier(request.user, order), NotAllowed)
    require(review_rules.may_reply(request.user, order))
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form, "text"):
            services.reply_review(order, by=person(request), text=form.cleaned_data["text"])
            messages.success(request, _("回复已公开"))
            return redirect("carrier-reviews")
    context = {"order": order, "review": review_rules.review_of(order), "back_url": reverse("carrier-reviews")}
    return render_form(request, "orders/reply.html", context, form=form)
