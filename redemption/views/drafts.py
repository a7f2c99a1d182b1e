"""兑付草稿: several orders gathered into one redemption, written, checked and handed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.viewer import organization_required, person
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import draft_page, papers_page, queries, services
from ..models import Redemption
from ..paper_forms import FileForm


def _own(payee: Organization, number: str) -> Redemption:
    """What the payee may write of all that gathers orders: a draft, or what was returned; else 404."""
    rows = queries.gathered(payee).filter(status__in=(Redemption.State.DRAFT, Redemption.State.RETURNED))
    return get_object_or_404(rows.select_related("snapshot", "programme", "region", "payee"), number=number)


@require_POST
@organization_required
@once
def gather(request: HttpRequest, payee: Organization) -> HttpResponse:
    """Put the ticked orders into a draft."""
    things = [papers_page.thing_of(code, payee) for code in request.POST.getlist("o")]
    try:
        draft = services.gather(things, by=person(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(queries.list_url(payee))
    return redirect("redeem-draft", draft.number)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def draft(request: HttpRequest, payee: Organization, number: str) -> HttpResponse:
    """What the draft holds and lacks; one form for what is written, one for each kind of file."""
    found = _own(payee, number)
    rows = draft_page.rows_of(found)
    what, forms = request.POST.get("what", ""), draft_page.forms_of(request, found, rows)
    form = forms.get(what)
    if form is not None and form.is_valid():
        with refusal(form, "file" if isinstance(form, FileForm) else None):
            draft_page.give(found, form, what, by=person(request))
            messages.success(request, _("已保存"))
            return redirect("redeem-draft", number)
    context = draft_page.page_of(found, payee, rows, forms, person(request))
    return render_form(request, "redemption/draft.html", context, form=form or PortalForm())


@require_POST
@organization_required
@once
def leave(request: HttpRequest, payee: Organization, number: str, code: str) -> HttpResponse:
    """Take one order out of the draft."""
    found = _own(payee, number)
    try:
        services.leave_out(found, papers_page.thing_of(code, payee), by=person(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("redeem-draft", number)


@require_POST
@organization_required
@once
def file_remove(request: HttpRequest, payee: Organization, number: str, pk: int) -> HttpResponse:
    """Take a file of the draft back."""
    found = _own(payee, number)
    try:
        services.take_file_back(found, get_object_or_404(Attachment, pk=pk), by=person(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("redeem-draft", number)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def check(request: HttpRequest, payee: Organization, number: str) -> HttpResponse:
    """What is handed in, before it is."""
    found = _own(payee, number)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            services.submit_draft(found, by=person(request))
            messages.success(request, _("已提交兑付"))
            return redirect("ent-redeem", number)
    return render_form(request, "redemption/draft_check.html", draft_page.check_of(found, payee), form=form)
