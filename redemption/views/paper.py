"""The signed paper: exported by the payee, registered by the bureau."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rules import may_see_organization
from accounts.viewer import person
from innovation_voucher.casework import rights
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import office_required, viewer_of
from innovation_voucher.lib.money import format_yuan

from .. import paper_rules, services
from ..documents import redemption_form
from ..models import Redemption
from ..services.selection import approved_amount

_WITH = ("payee", "programme", "region", "snapshot", "bank_account")


@require_GET
@login_required
def form(request: HttpRequest, number: str) -> HttpResponse:
    """The form to be signed and stamped, for the payee's people, once it was handed in."""
    found = get_object_or_404(Redemption.objects.select_related(*_WITH), number=number)
    if not may_see_organization(person(request), found.payee) or found.submitted_at is None:
        raise Http404
    return redirect("file", redemption_form(found, by=person(request)).token)


@require_http_methods(["GET", "POST"])
@office_required
@once
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """The bureau says that the paper has come."""
    within = rights.regions_for(request.user, paper_rules.RIGHT)
    found = get_object_or_404(Redemption.objects.select_related(*_WITH).filter(region__in=within), number=number)
    require(paper_rules.may_take_in(person(request), found), NotAllowed)
    back = reverse("desk-case", args=["redeem", found.number])
    if request.method == "POST":
        try:
            services.receive_paper(found, by=person(request), office=viewer_of(request).office)
            messages.success(request, _("已登记收到纸质件"))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(back)
    facts = [
        {"label": _("兑付编号"), "value": found.number},
        {"label": _("申请单位"), "value": found.payee.name},
        {"label": _("金额"), "value": _("%s 元") % format_yuan(approved_amount(found))},
        {"label": _("状态"), "value": found.get_status_display()},
    ]
    context = {"facts": facts, "answer": paper_rules.is_expected(found), "back_url": back}
    return render(request, "redemption/paper_receive.html", context)
