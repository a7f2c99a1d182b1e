"""The form on paper: download, print, stamp, upload the scan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.rules import may_act
from accounts.viewer import organization_required, person
from innovation_voucher.casework import attachments, deadlines
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import claim_pages, claim_rules
from ..claim_documents import claim_form
from ..claim_forms import StampForm
from ..claim_specs import STAGE, rules_of
from ..models import Claim
from ..rule_gaps import STAMPED
from ..services import keep_scan, submit_stamped
from .claims import own_claim


@require_http_methods(["GET", "POST"])
@organization_required
@once
def stamp(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """What to print, and the box for its scan; handing it in starts the review, or ends it where nobody reviews."""
    require(may_act(person(request), organization), NotAllowed)
    claim = own_claim(organization, number)
    require(claim_rules.may_stamp(claim))
    kept = attachments.files(claim, STAMPED)
    row = rules_of(claim).evidence_row(STAGE, STAMPED)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form: Any = StampForm(*posted, row=row, kept=bool(kept))
    if form.is_valid() and _kept(request, claim, form):
        with refusal(form):
            submit_stamped(claim, by=person(request))
            return redirect("ent-claim-done", number)
    context = {
        "claim": claim,
        "files": [attachments.card(file) for file in kept],
        "at_once": claim_rules.is_at_once(rules_of(claim)),
        "due": deadlines.due(claim),
        "crumbs": claim_pages.crumbs(number),
    }
    return render_form(request, "vouchers/claim_stamp.html", context, form=form)


def _kept(request: HttpRequest, claim: Claim, form: Any) -> bool:
    """Keep the scan that was chosen; False when it was refused."""
    file = form.cleaned_data["scan"]
    if file is not None:
        with refusal(form, "scan"):
            keep_scan(claim, by=person(request), name=file.name, data=file.file)
    return not form.errors


@require_GET
@organization_required
def form_pdf(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The filled-in form as a PDF, for people who may act for the organization."""
    require(may_act(person(request), organization), NotAllowed)
    claim = own_claim(organization, number)
    require(claim_rules.has_form(claim))
    name = _("创新券申领表 %(number)s.pdf") % {"number": number}
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"}
    return HttpResponse(claim_form(claim), content_type="application/pdf", headers=headers)
