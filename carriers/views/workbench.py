"""The carrier's own pages: today, profile, and the applications for recognition."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.dashboard import panels_for
from accounts.viewer import organization_required
from innovation_voucher.casework import reviews
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import rules, services, tasklist
from ..forms import ApplyForm, EmptyForm, ProfileForm, StatementForm
from ..models import Carrier, CarrierRecognition
from .guard import carrier_required


@require_GET
@carrier_required
def home(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """今天: the way to the scanner and what waits; before the first recognition only what leads to it."""
    context = {
        "carrier": carrier,
        "tasks": [] if carrier.shown else tasklist.tasks_of(carrier),
        "panels": panels_for("carrier", request),
    }
    return render(request, "carriers/home.html", context)


@organization_required
@once
def open_profile(request: HttpRequest, organization: Any) -> HttpResponse:
    """Any organization may become a carrier."""
    if Carrier.objects.filter(organization=organization).exists():
        return redirect("carrier-profile")
    start = {"name": organization.name, "address": organization.address}
    form = ProfileForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            services.open_profile(organization, by=request.user, data=form.cleaned_data)
            _act_as_carrier(request, organization)
            messages.success(request, _("机构已开通，接下来上架服务并申请入库"))
            return redirect("carrier-cert")
    return render_form(request, "carriers/open.html", form=form)


def _act_as_carrier(request: HttpRequest, organization: Any) -> None:
    """An enterprise that becomes a carrier goes on in its new part."""
    request.session["role"] = f"carrier:{organization.pk}"


@carrier_required
@once
def profile(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """机构资料."""
    # The form's own copy: a refused change must not show as made.
    form = ProfileForm(request.POST or None, instance=Carrier.objects.get(pk=carrier.pk))
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            services.save_profile(carrier, by=request.user, data=form.cleaned_data)
            messages.success(request, _("机构资料已保存"))
            return redirect("carrier-profile")
    return render_form(request, "carriers/profile.html", {"carrier": carrier}, form=form)


# --- Recognition ------------------------------------------------------------------------------


@require_GET
@carrier_required
def cert(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """入库: what is still to do, and where each application stands."""
    return render(request, "carriers/cert.html", _standing(carrier))


def _standing(carrier: Carrier) -> dict[str, Any]:
    rows = carrier.recognitions.select_related("region").order_by("-created_at")
    return {"carrier": carrier, "tasks": tasklist.tasks_of(carrier), "rows": rows}


@carrier_required
@once
def apply(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """Ask one or more regions."""
    found = request.GET.get("find", "").strip()
    form = ApplyForm(request.POST or None, regions=_regions(request, carrier, found))
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            asked = form.cleaned_data["regions"]
            done = services.apply_for_regions(carrier, asked, by=request.user, statement=form.cleaned_data["statement"])
            _report(request, done)
            return redirect("carrier-cert")
    context = {"carrier": carrier, "found": found, "gaps": rules.profile_gaps(carrier)}
    return render_form(request, "carriers/apply.html", context, form=form)


def _regions(request: HttpRequest, carrier: Carrier, found: str) -> Any:
    """Offered: regions with an office that can decide; near the carrier, or by the words searched."""
    if request.method == "POST":
        return tasklist.open_regions()
    return tasklist.found_regions(found) if found else tasklist.near_regions(carrier)


def _report(request: HttpRequest, done: services.Applied) -> None:
    if done.made:
        places = "、".join(row.region.name for row in done.made)
        messages.success(request, _("已向%(places)s提交入库申请，结果以短信和站内信通知") % {"places": places})
    for _region, reason in done.refused:
        messages.warning(request, reason)


@carrier_required
@once
def recognition(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """One application: what the bureau returned beside what it was told, and handing it in again."""
    row = _own(carrier, number)
    form = StatementForm(request.POST or None, initial={"statement": row.statement})
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            services.resubmit_recognition(row, by=request.user, statement=form.cleaned_data["statement"])
            messages.success(request, _("已重新提交，科技局将按时限审核"))
            return redirect("carrier-cert")
    context = {
        "row": row,
        "case": reviews.live_case(row),
        "items": tasklist.returned(row),
        "may_resubmit": rules.may_resubmit(row)[0],
        "may_withdraw": rules.may_withdraw(row)[0],
        "events": tasklist.history(row),
    }
    return render_form(request, "carriers/recognition.html", context, form=form)


@require_POST
@carrier_required
@once
def withdraw(request: HttpRequest, carrier: Carrier, number: str) -> HttpResponse:
    """Take an application back."""
    row = _own(carrier, number)
    form = EmptyForm(request.POST)
    if form.is_valid():
        with refusal(form):
            services.withdraw_recognition(row, by=request.user)
            messages.success(request, _("已撤回%(region)s的入库申请") % {"region": row.region.name})
            return redirect("carrier-cert")
    return render_form(request, "carriers/cert.html", _standing(carrier), form=form)


def _own(carrier: Carrier, number: str) -> CarrierRecognition:
    return get_object_or_404(carrier.recognitions.select_related("region", "carrier__organization"), number=number)
