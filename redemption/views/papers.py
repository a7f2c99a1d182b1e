"""The papers of one voucher or order: what is asked, what is there, what is missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.viewer import organization_required, person
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import asked, papers_page, services
from ..models import BankReceipt, ContractPaper, Invoice
from ..paper_forms import FileForm
from ..things import Thing, order_of


@require_http_methods(["GET", "POST"])
@organization_required
@once
def papers(request: HttpRequest, payee: Organization, code: str) -> HttpResponse:
    """See what an order lacks and add it: an invoice, a receipt, a file, or what is written."""
    thing = papers_page.thing_of(code, payee)
    given = services.papers_of(thing)
    forms = papers_page.forms_of(request, thing, payee, given)
    what = request.POST.get("what", "")
    form = forms.get(what)
    if form is not None and form.is_valid():
        with refusal(form, "file" if isinstance(form, FileForm) else None):
            papers_page.give(thing, form, what, by=person(request))
            if what == asked.FACTS:
                messages.success(request, _("已保存"))
            return redirect(f"{reverse('ent-redeem-papers', args=[code])}#{what}")
    context = papers_page.page_of(request, thing, payee, given, forms)
    return render_form(request, "redemption/papers.html", context, form=form or PortalForm())


@require_POST
@organization_required
@once
def paper_remove(request: HttpRequest, payee: Organization, code: str, kind: str, pk: int) -> HttpResponse:
    """Take back an invoice, a receipt or a file that was given by mistake."""
    thing = papers_page.thing_of(code, payee)
    try:
        _take_back(request, thing, kind, pk)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("ent-redeem-papers", code)


def _take_back(request: HttpRequest, thing: Thing, kind: str, pk: int) -> None:
    by, order = person(request), order_of(thing)
    if kind == services.INVOICES:
        services.remove_invoice(thing, get_object_or_404(Invoice, pk=pk, allocations__order=order), by=by)
    elif kind == services.RECEIPTS:
        services.remove_receipt(thing, get_object_or_404(BankReceipt, pk=pk, order=order), by=by)
    elif kind == services.CONTRACTS:
        services.remove_contract(thing, get_object_or_404(ContractPaper, pk=pk, order=order), by=by)
    else:
        services.remove_paper(thing, get_object_or_404(Attachment, pk=pk), by=by)
