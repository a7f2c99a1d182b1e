"""A claim that the bureau reviews: written, checked and handed in, mended, taken back; and taken away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.pages import pins_of
from accounts.rules import may_act
from accounts.viewer import organization_required, person
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.money import format_yuan

from .. import claim_pages, claim_rules, quota_pages
from ..claim_forms import AmountForm, HandInForm
from ..forms import answers_form
from ..models import Claim
from ..resolve import policy_of
from ..services import draft_claim, edit_claim, hand_in_claim, open_keys, resubmit_claim, withdraw_claim
from ..services.claim_evidence import add_claim_file, remove_claim_file
from ..services.claimant import Standing, standing_of
from ..services.reviewed import STAGE

State = Claim.State


def own_claim(organization: Organization, number: str) -> Claim:
    """The organization's claim under the number, else 404."""
    rows = Claim.objects.select_related("programme__region", "region", "account", "organization", "snapshot", "pool")
    return get_object_or_404(rows, organization=organization, number=number)


def _editable(request: HttpRequest, organization: Organization, number: str) -> Claim:
    """An open claim, for a person who may write."""
    require(may_act(person(request), organization), NotAllowed)
    claim = own_claim(organization, number)
    require(claim_rules.may_edit(claim))
    return claim


# --- Writing ------------------------------------------------------------------------------------


def ask(request: HttpRequest, found: Standing) -> HttpResponse:
    """A new claim that will be reviewed: keep it as a draft, then check it."""
    form = answers_form(found.policy.fields_of(STAGE), base=AmountForm)(request.POST or None)
    form.fields["amount"].help_text = quota_pages.claim_hint(found)
    if form.is_valid():
        with refusal(form, "amount"):
            amount, by = form.cleaned_data["amount"], person(request)
            claim = draft_claim(found.organization, found.programme, amount=amount, by=by, answers=form.answers)
            return redirect("ent-claim-check", claim.number)
    context = {
        "organization": found.organization,
        "programme": found.programme,
        "crumbs": claim_pages.crumbs(_("申领额度")),
    }
    return render_form(request, "vouchers/claim_ask.html", context, form=form)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def edit(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Change a draft, or what the bureau named; then on to the check."""
    claim = _editable(request, organization, number)
    fields = claim_pages.open_fields(claim)
    if not fields:
        return redirect("ent-claim-check", number)
    form = _edit_form(request, claim, fields)
    if form.is_valid():
        with refusal(form, "amount" if "amount" in fields else None):
            amount = form.cleaned_data.get("amount", claim.asked)
            edit_claim(claim, amount=amount, by=person(request), answers=form.answers)
            return redirect("ent-claim-check", number)
    context = {"claim": claim, "crumbs": claim_pages.crumbs(number)}
    if claim.status == State.RETURNED:
        context |= claim_pages.mend_notice(claim, pins_of(claim), fields=fields)
    return render_form(request, "vouchers/claim_edit.html", context, form=form)


def _edit_form(request: HttpRequest, claim: Claim, fields: set[str]) -> Any:
    """The claim's form with only what is open, filled with what was typed before."""
    policy = policy_of(claim.snapshot) if claim.snapshot else None
    specs = [spec for spec in policy.fields_of(STAGE) if spec.key in fields] if policy else []
    shown = {spec.key: claim.answers.get(spec.key) for spec in specs if not spec.is_secret}
    initial = {**shown, "amount": format_yuan(claim.asked)}
    form: Any = answers_form(specs, base=AmountForm)(request.POST or None, initial=initial)
    form.pins = pins_of(claim)
    if "amount" in fields:
        form.fields["amount"].help_text = quota_pages.claim_hint(standing_of(claim, day=calendar.today()))
    else:
        del form.fields["amount"]
    return form


# --- Checking and handing in ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@organization_required
@once
def check(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Everything on one page, the files, the promise, and the button."""
    claim = _editable(request, organization, number)
    form = _hand_in_form(request, claim)
    if form.is_valid() and _files_kept(request, claim, form):
        if {"upload", "remove"} & set(request.POST):
            return redirect("ent-claim-check", number)
        with refusal(form):
            hand_in = hand_in_claim if claim.status == State.DRAFT else resubmit_claim
            hand_in(claim, by=person(request))
            return redirect("ent-claim-done", number)
    pins = pins_of(claim) if claim.status == State.RETURNED else {}
    form.pins = pins
    context = {
        "claim": claim,
        "rows": claim_pages.check_rows(claim),
        "boxes": claim_pages.evidence_boxes(claim, form),
        "crumbs": claim_pages.crumbs(number),
    }
    if pins:
        context |= claim_pages.mend_notice(claim, pins, fields=set(form.fields))
    return render_form(request, "vouchers/claim_check.html", context, form=form)


def _hand_in_form(request: HttpRequest, claim: Claim) -> Any:
    rows = policy_of(claim.snapshot).evidence_of(STAGE) if claim.snapshot else ()
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return HandInForm(*posted, rows=rows, open_keys=open_keys(claim))


def _files_kept(request: HttpRequest, claim: Claim, form: Any) -> bool:
    """Keep what was chosen, take out what was named; False when a file was refused."""
    for row in form.rows:
        file = form.files.get(row.key)
        if file is not None and row.key in form.fields:
            with refusal(form, row.key):
                add_claim_file(claim, row.key, by=person(request), name=file.name, data=file.file)
    token = request.POST.get("remove")
    for file in attachments.files(claim) if token else ():
        if file.token == token:
            with refusal(form):
                remove_claim_file(claim, file, by=person(request))
    return not form.errors


@require_http_methods(["GET", "POST"])
@organization_required
@once
def withdraw(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Take it back: a page that says what follows, then the act."""
    require(may_act(person(request), organization), NotAllowed)
    claim = own_claim(organization, number)
    require(claim_rules.may_withdraw(claim))
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            withdraw_claim(claim, by=person(request))
            messages.success(request, _("申领 %s 已撤回") % number)
            return redirect("ent-claim", number)
    context = {"claim": claim, "facts": claim_pages.facts(claim), "crumbs": claim_pages.crumbs(number)}
    return render_form(request, "vouchers/claim_withdraw.html", context, form=form)


@require_GET
@organization_required
def show(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """One claim: whose turn it is, what is to mend, what came of it and by which rules."""
    return render(request, "vouchers/claim.html", claim_pages.page_of(own_claim(organization, number)))
