"""The bureau takes back what a claim granted and nobody used."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import rights
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import get_or_404_403, office_required, refusal, viewer_of
from innovation_voucher.lib.forms import render_form

from .. import claim_pages, claim_rules
from ..claim_forms import RevokeForm
from ..models import Claim, QuotaAccount
from ..services import revoke_claim
from ..services.deciding import unused_of

State = Claim.State


@require_http_methods(["GET", "POST"])
@office_required
@once
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what a claim granted and nobody used, with the reason."""
    claim = get_or_404_403(
        Claim.objects.select_related("programme", "region", "account", "organization", "snapshot"),
        seen=lambda row: row.status != State.DRAFT and _in_reach(request, row),
        allowed=lambda row: claim_rules.may_revoke(request.user, row),
        number=number,
    )
    require(claim_rules.is_granted(claim))
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            reason = form.cleaned_data["reason"]
            revoke_claim(claim, by=person(request), office=viewer_of(request).office, reason=reason)
            messages.success(request, _("已收回申领 %s 未使用的额度") % number)
            return redirect("desk-case", "claim", number)
    unused = unused_of(claim, QuotaAccount.objects.get(claims=claim))
    context = {"claim": claim, "facts": claim_pages.facts(claim), "unused": unused}
    return render_form(request, "vouchers/claim_revoke.html", context, form=form)


def _in_reach(request: HttpRequest, claim: Claim) -> bool:
    """Whether the reader has any right where the claim was accepted; else it does not exist for them."""
    reach = viewer_of(request).reach
    return any(rights.covers(reach, right, claim.region) for right in reach)
