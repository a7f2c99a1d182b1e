"""快速兑付: find the carrier, say what was done, and go on to the redemption."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.rules import may_act
from accounts.viewer import organization_required
from carriers.models import Carrier, Category
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import services
from ..forms.quick import CarrierForm, QuickForm
from ..schemes import lets_quick, scheme_where
from .getters import person

FOUND = 20


@require_http_methods(["GET", "POST"])
@organization_required
@once
def quick(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Without a chosen carrier the search; with one the form, which makes the finished order."""
    require(may_act(person(request), organization), NotAllowed)
    scheme = scheme_where(organization, lets_quick)
    if scheme is None:
        return render(request, "orders/quick_closed.html", {"organization": organization})
    number = request.GET.get("carrier", "")
    if not number:
        return render(request, "orders/quick_find.html", {**_search(request, organization), "scheme": scheme})
    carrier = get_object_or_404(_registered(organization), number=number)
    form = _form(request)
    if form.is_bound and form.is_valid():
        with refusal(form):
            facts = services.QuickFacts(carrier=carrier, **form.cleaned_data)
            order = services.place_quick(
                organization=organization, programme=scheme.programme, facts=facts, by=person(request)
            )
            messages.success(request, _("已登记，接着添加发票和材料，再提交兑付"))
            return redirect("ent-redeem-papers", order.number)
    return render_form(request, "orders/quick.html", {"carrier": carrier, "scheme": scheme}, form=form)


def _registered(organization: Organization) -> QuerySet[Any]:
    return Carrier.objects.recognized_in(organization.bureau).select_related("organization", "region")


def _search(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    rows = _registered(organization).filter(name__icontains=words).order_by("-rank", "number") if words else ()
    return {"find": CarrierForm(request.GET or None), "words": words, "found": list(rows[:FOUND])}


def _form(request: HttpRequest) -> PortalForm:
    leaves = Category.objects.filter(parent__parent__isnull=False).select_related("parent__parent").order_by("code")
    user = person(request)
    known = {"contact_name": str(user), "contact_phone": (user.phone or "").removeprefix("+86")}
    return QuickForm(request.POST if request.method == "POST" else None, categories=leaves, initial=known)
