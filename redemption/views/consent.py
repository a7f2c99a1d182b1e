"""同意兑付: the enterprise reads what its carrier asks to be paid, and answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required, person
from innovation_voucher.casework import attachments, deadlines
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from orders.models import Order

from .. import services
from ..consent_form import ConsentForm
from ..consents import CONSENT, may_consent
from ..models import Redemption


@require_http_methods(["GET", "POST"])
@organization_required
@once
def consent(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The facts, and the enterprise's answer: agree, or not with a reason."""
    redemption = _about(organization, number)
    allowed, why = may_consent(person(request), redemption)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        back = redemption.lines.values_list("voucher__order__number", flat=True)[0]
        with refusal(form):
            _answer(request, redemption, form)
            return redirect("ent-redeem", number) if form.agrees else redirect("ent-order", back)
    context = {"redemption": redemption, "allowed": allowed, "why": why, **_facts(redemption)}
    return render_form(request, "redemption/consent.html", context, form=form)


def _about(organization: Organization, number: str) -> Redemption:
    rows = Redemption.objects.filter(lines__voucher__organization=organization).distinct()
    return get_object_or_404(rows.select_related("payee", "programme", "region", "snapshot"), number=number)


def _answer(request: HttpRequest, redemption: Redemption, form: ConsentForm) -> None:
    by = person(request)
    if form.agrees:
        services.agree_consent(redemption, by=by)
        messages.success(request, _("已同意兑付，进入审核"))
    else:
        services.refuse_consent(redemption, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, _("已退回服务机构"))


def _facts(redemption: Redemption) -> dict[str, Any]:
    lines = list(redemption.lines.select_related("voucher__order"))
    orders = [Order(pk=line.voucher.order.pk) for line in lines]
    due = deadlines.due(redemption, CONSENT)
    return {
        "lines": lines,
        "due": due.due_on if due else None,
        "files": [attachments.card(file) for rows in attachments.files_for(orders).values() for file in rows],
    }
