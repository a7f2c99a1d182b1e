"""A claim that the bureau reviews: written, checked and handed in, mended, taken back; and taken away."""

from collections.abc import Mapping
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

from .. import claim_pages, claim_rules, prefill, quota_pages, written_forms
from ..claim_forms import HandInForm
from ..claim_specs import AMOUNT, rules_of
from ..models import Claim
from ..phone_forms import phones_of
from ..places import places_of
from ..policy import class_label
from ..services import draft_claim, edit_claim, hand_in_claim, open_keys, resubmit_claim, withdraw_claim
from ..services.claim_evidence import add_claim_file, remove_claim_file
from ..services.claimant import Standing, standing_of
from ..written_forms import WrittenForm, written_form

State = Claim.State
#: The button that keeps a draft as it is.
SAVE = "save"


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
    """A new claim: keep it as a draft, then check it."""
    form = _new_form(request, found)
    if form.is_valid():
        with refusal(form, AMOUNT if AMOUNT in form.fields else None):
            amount, by = form.cleaned_data.get(AMOUNT), person(request)
            claim = draft_claim(
                found.organization,
                found.programme,
                amount=amount,
                by=by,
                answers=form.answers,
                class_key=found.class_key,
            )
            return _kept(request, claim)
    context = {
        "organization": found.organization,
        "programme": found.programme,
        "class_label": class_label(found.policy, found.class_key),
        "stamped": found.policy.stamped_form,
        "at_once": claim_rules.is_at_once(found.policy),
        "places": places_of(found.programme),
        "crumbs": claim_pages.crumbs(_("申领额度")),
    }
    return render_form(request, "vouchers/claim_ask.html", context, form=form)


def _new_form(request: HttpRequest, found: Standing) -> Any:
    """Filled with what is known, and with what was answered the last time."""
    known = prefill.known(found.organization, person(request))
    held = prefill.secrets(found.organization)
    kind = written_form(found.policy, found.class_key, partial=SAVE in request.POST, prefill=known, held=held)
    last = prefill.last_answers(found.organization, found.programme)
    phones = None if SAVE in request.POST else phones_of(request, found.organization)
    form: Any = kind(request.POST or None, initial=_shown(kind, last), phones=phones)
    if AMOUNT in form.fields:
        form.fields[AMOUNT].help_text = quota_pages.claim_hint(found)
    return form


def _shown(kind: type[WrittenForm], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that a page may show again: no secrets, and nothing that was left empty."""
    return {spec.key: answers[spec.key] for spec in kind.specs if not spec.is_secret and answers.get(spec.key)}


def _kept(request: HttpRequest, claim: Claim) -> HttpResponse:
    """After the draft was kept: on to the check, or back to it later."""
    if SAVE in request.POST:
        messages.success(request, _("草稿 %s 已保存") % claim.number)
        return redirect("ent-claim", claim.number)
    return redirect("ent-claim-check", claim.number)


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
        with refusal(form, AMOUNT if AMOUNT in fields else None):
            amount = form.cleaned_data.get(AMOUNT)
            edit_claim(claim, amount=amount, by=person(request), answers=form.answers)
            return _kept(request, claim)
    context = {"claim": claim, "crumbs": claim_pages.crumbs(number)}
    if claim.status == State.RETURNED:
        context |= claim_pages.mend_notice(claim, pins_of(claim), fields=fields)
    return render_form(request, "vouchers/claim_edit.html", context, form=form)


def _edit_form(request: HttpRequest, claim: Claim, fields: set[str]) -> Any:
    """The claim's form with only what is open, filled with what was typed before."""
    partial = SAVE in request.POST and claim.status == State.DRAFT
    kind = written_form(
        rules_of(claim), claim.class_key, keys=fields, partial=partial, kept=written_forms.kept_secrets(claim)
    )
    initial = {**_shown(kind, claim.answers), AMOUNT: format_yuan(claim.asked)}
    phones = None if partial else phones_of(request, claim.organization)
    form: Any = kind(request.POST or None, initial=initial, phones=phones)
    form.pins = pins_of(claim)
    if AMOUNT in form.fields:
        form.fields[AMOUNT].help_text = quota_pages.claim_hint(standing_of(claim, day=calendar.today()))
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
            claim = hand_in(claim, by=person(request))
            to_stamp = claim.status == State.AWAITING_STAMP
            return redirect("claim-stamp" if to_stamp else "ent-claim-done", number)
    pins = pins_of(claim) if claim.status == State.RETURNED else {}
    form.pins = pins
    context = {
        "claim": claim,
        "rows": claim_pages.check_rows(claim),
        "boxes": claim_pages.evidence_boxes(claim, form),
        "stamps": claim_pages.stamps_next(claim),
        "crumbs": claim_pages.crumbs(number),
    }
    if pins:
        context |= claim_pages.mend_notice(claim, pins, fields=set(form.fields))
    return render_form(request, "vouchers/claim_check.html", context, form=form)


def _hand_in_form(request: HttpRequest, claim: Claim) -> Any:
    rows = claim_pages.evidence_shown(claim)
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
