"""Real-name verification as the applicant sees it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import answers, documents, pages, rules
from ..forms.verification import DeclarationForm, SectionForm
from ..models import Organization, User, Verification
from ..sections import Section
from ..services import save_section, start_verification, submit_verification, withdraw_verification
from ..services.registry import apply_autofill
from ..services.verifications import save_file
from ..viewer import organization_required, person

State = Verification.State
_OPEN = (State.DRAFT, State.RETURNED)


def _current(organization: Organization) -> Verification:
    """The newest verification; 404 before the first."""
    verification = organization.verifications.select_related("organization__bureau").first()
    if verification is None:
        raise Http404
    return verification


def _editable(organization: Organization, user: User) -> Verification:
    """The newest one, for a person who may write while it is open."""
    require(rules.may_act(user, organization), NotAllowed)
    verification = _current(organization)
    require(rules.may_edit(verification))
    return verification


@require_GET
@organization_required
def cert(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The one page of the verification: start, task list, what to mend, or how it stands."""
    verification = organization.verifications.select_related("organization__bureau").first()
    if verification is None:
        return render(request, "accounts/cert_start.html", pages.office_facts(organization))
    if verification.status == State.DRAFT:
        return render(request, "accounts/cert_tasks.html", pages.task_list(verification))
    if verification.status == State.RETURNED:
        return _mend_page(request, verification, pages.mend_forms(verification))
    return render(request, "accounts/cert_state.html", pages.state(verification))


@require_POST
@organization_required
@once
def start(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Open a draft, with everything known filled in."""
    start_verification(organization, by=person(request))
    return redirect("ent-cert")


# --- Sections -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@organization_required
def section(request: HttpRequest, organization: Organization, key: str) -> HttpResponse:
    """One section: everything typed is kept, errors or not."""
    verification = _editable(organization, person(request))
    if verification.status == State.RETURNED:
        return redirect("ent-cert")
    found = pages.section_by_key(verification, key)
    form = pages.section_form(verification, found, request)
    if request.method == "POST":
        kept = _keep(verification, found, form, person(request))
        if answer := _after(request, verification, found, form, kept):
            return answer
    return render_form(request, "accounts/cert_section.html", pages.section_page(verification, found), form=form)


def _keep(verification: Verification, section: Section, form: SectionForm, by: User) -> bool:
    """Save what was typed and every good file; False when a file was refused."""
    form.is_valid()
    save_section(verification, section, form.typed(), by=by)
    uploads: Mapping[str, Any] = form.files
    wanted = set(uploads) & set(form.fields)
    kept = set()
    for name in wanted:
        with refusal(form, name):
            save_file(verification, name, name=uploads[name].name, data=uploads[name].file, by=by)
            kept.add(name)
    return kept == wanted


def _after(
    request: HttpRequest, verification: Verification, section: Section, form: SectionForm, kept: bool
) -> HttpResponse | None:
    """Where a saved section leads; None stays on the page with its errors."""
    if not kept:
        return None
    if "upload" in request.POST and form.files:
        messages.success(request, _("文件已保存"))
        return redirect("ent-cert-section", section.key)
    if "back" in request.POST:
        messages.success(request, _("已保存"))
        return redirect("ent-cert")
    if form.errors:
        return None
    following = pages.following(verification, section)
    return redirect("ent-cert-section", following.key) if following else redirect("ent-cert-check")


# --- What the bureau returned ---------------------------------------------------------------------


def _mend_page(request: HttpRequest, verification: Verification, forms: list[SectionForm]) -> HttpResponse:
    summary = [pair for form in forms for pair in form.error_summary]
    context = {**pages.mending(verification, forms), "summary": summary, "form": forms[0]}
    return render(request, "accounts/cert_mend.html", context, status=422 if summary else 200)


@require_POST
@organization_required
@once
def mend(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Keep the mended answers; 重新提交 hands them in when nothing is missing."""
    verification = _editable(organization, person(request))
    if verification.status != State.RETURNED:
        return redirect("ent-cert")  # a draft is handed in with its declaration only
    forms = pages.mend_forms(verification, request)
    # Every section is kept, whatever is wrong with another one.
    results = [_keep(verification, form.section, form, person(request)) for form in forms]
    kept = all(results)
    if "later" in request.POST and kept:
        messages.success(request, _("已保存"))
        return redirect("ent-cert")
    if not any(form.errors for form in forms):
        with refusal(forms[0]):
            submit_verification(verification, by=person(request))
            return redirect("ent-cert-done")
    return _mend_page(request, verification, forms)


# --- Registry, check, submit ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@organization_required
def autofill(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Old against new; only ticked rows are taken over."""
    verification = _editable(organization, person(request))
    form = PortalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with refusal(form):
            ticked = request.POST.getlist("field")
            count = sum(row.field in ticked for row in answers.autofill_diff(verification))
            apply_autofill(verification, ticked, by=person(request))
            messages.success(request, ngettext("已更新 %d 项", "已更新 %d 项", count) % count)
            return redirect("ent-cert")
    context = {"rows": answers.autofill_diff(verification), "record": answers.record_of(organization)}
    return render_form(request, "accounts/cert_autofill.html", context, form=form)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def check(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Everything on one page, the declaration, and the button."""
    verification = _editable(organization, person(request))
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            submit_verification(verification, by=person(request))
            return redirect("ent-cert-done")
    return render_form(request, "accounts/cert_check.html", pages.check_page(verification), form=form)


@require_GET
@organization_required
def done(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What was handed in, who decides until when, and the receipt."""
    verification = _current(organization)
    if verification.status in _OPEN:
        return redirect("ent-cert")
    return render(request, "accounts/cert_done.html", pages.state(verification))


@require_http_methods(["GET", "POST"])
@organization_required
@once
def withdraw(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Take it back: a page that says what follows, then the act."""
    require(rules.may_act(person(request), organization), NotAllowed)
    verification = _current(organization)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        form.is_valid()
        with refusal(form):
            withdraw_verification(verification, by=person(request))
            messages.success(request, _("已撤回，可重新发起"))
            return redirect("ent-cert")
    return render_form(request, "accounts/cert_withdraw.html", pages.state(verification), form=form)


# --- History --------------------------------------------------------------------------------------


@require_GET
@organization_required
def history(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every verification of the organization, newest first."""
    return render(request, "accounts/cert_history.html", {"verifications": organization.verifications.all()})


@require_GET
@organization_required
def one(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """One verification, read only; the one under way has its own page."""
    verification = get_object_or_404(organization.verifications, number=number)
    if verification.status in _OPEN:
        return redirect("ent-cert")
    return render(request, "accounts/cert_state.html", pages.state(verification))


@require_GET
@organization_required
def receipt(_request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The receipt (回执) of something handed in, as PDF."""
    verification = get_object_or_404(organization.verifications.exclude(submitted_at=None), number=number)
    response = HttpResponse(documents.receipt(verification), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{verification.number}.pdf"'
    return response
