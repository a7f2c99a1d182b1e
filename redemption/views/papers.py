"""The papers of one voucher: what is asked, what is there, what is missing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.viewer import organization_required, person
from innovation_voucher.casework import attachments, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form
from vouchers.models import Voucher
from vouchers.policy import Policy, subsidy
from vouchers.resolve import policy_of

from .. import queries, rules, services
from ..forms import FileForm, InvoiceForm, ReceiptForm
from ..models import BankReceipt, Invoice
from ..sections import Section, sections_of

Forms = dict[str, PortalForm]


@require_http_methods(["GET", "POST"])
@organization_required
@once
def papers(request: HttpRequest, payee: Organization, code: str) -> HttpResponse:
    """See what a voucher lacks and add it: an invoice, a receipt or a file at a time."""
    voucher = _own(code, payee)
    policy = policy_of(voucher.snapshot)
    forms = _forms(request, policy)
    form = forms.get(request.POST.get("what", ""))
    if form is not None and form.is_valid():
        with refusal(form, "file" if isinstance(form, FileForm) else None):
            _give(request, voucher, form)
            return redirect(f"{reverse('ent-redeem-papers', args=[code])}#{request.POST['what']}")
    context = _context(request, voucher, payee, forms)
    return render_form(request, "redemption/papers.html", context, form=form or PortalForm())


def _own(code: str, payee: Organization) -> Voucher:
    rows = Voucher.objects.filter(queries.paid_to(payee)).select_related(
        "snapshot", "organization", "carrier__organization", "programme", "region", "order"
    )
    return get_object_or_404(rows, code=code)


def _forms(request: HttpRequest, policy: Policy) -> Forms:
    """One form for invoices, one for receipts, one for each kind of file, under the key of its section."""
    what = request.POST.get("what")
    data = {what: request.POST} if what else {}
    asked = services.asked_invoice_fields(policy)
    forms: Forms = {
        services.INVOICES: InvoiceForm(data.get(services.INVOICES), prefix=services.INVOICES, asked=asked),
        services.RECEIPTS: ReceiptForm(data.get(services.RECEIPTS), prefix=services.RECEIPTS),
    }
    for row in policy.evidence_of("redemption"):
        files = request.FILES if what == row.key else None
        forms[row.key] = FileForm(data.get(row.key), files, prefix=f"file-{row.key}", row=row)
    return forms


def _give(request: HttpRequest, voucher: Voucher, form: PortalForm) -> None:
    """Write down what was given."""
    data, by = form.cleaned_data, person(request)
    if isinstance(form, InvoiceForm):
        services.add_invoice(voucher, by=by, facts=services.InvoiceFacts(**data))
    elif isinstance(form, ReceiptForm):
        services.add_receipt(voucher, by=by, **data)
    else:
        given = data["file"]
        services.add_paper(voucher, request.POST["what"], by=by, name=given.name, data=given)


def _context(request: HttpRequest, voucher: Voucher, payee: Organization, forms: Forms) -> dict[str, Any]:
    policy = policy_of(voucher.snapshot)
    given = services.papers_of(voucher)
    line = voucher.lines.filter(live=True).select_related("redemption").first()
    redemption = line.redemption if line else None
    returned = reviews.returned_items(redemption) if redemption else {}
    opened = set(returned) if returned else None
    sections = sections_of(voucher, given, attachments.files(voucher.order), forms, returned)
    return {
        "voucher": voucher,
        "redemption": redemption,
        "sections": [_closed(request, voucher, section, opened) for section in sections],
        "gaps": services.gaps(voucher, papers=given),
        "amount": services.computed_amount(voucher, given),
        "given": given,
        "expected": services.expected_receipts(policy, voucher, given),
        "formula": subsidy(policy, voucher.contract_amount),
        "may_submit": voucher.status == Voucher.State.CONFIRMED,
        "back_url": queries.list_url(payee),
        "crumbs": [(_("兑付申请"), queries.list_url(payee)), (voucher.service_title, "")],
    }


def _closed(request: HttpRequest, voucher: Voucher, section: Section, opened: set[str] | None) -> Section:
    """The section without its form where the rules say no."""
    if not rules.may_mend(person(request), voucher, section.key, opened)[0]:
        section.form = None
    return section


@require_POST
@organization_required
@once
def paper_remove(request: HttpRequest, payee: Organization, code: str, kind: str, pk: int) -> HttpResponse:
    """Take back an invoice, a receipt or a file that was given by mistake."""
    voucher = _own(code, payee)
    try:
        _take_back(request, voucher, kind, pk)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("ent-redeem-papers", voucher.code)


def _take_back(request: HttpRequest, voucher: Voucher, kind: str, pk: int) -> None:
    by = person(request)
    if kind == services.INVOICES:
        invoice = get_object_or_404(Invoice, pk=pk, allocations__voucher=voucher)
        services.remove_invoice(voucher, invoice, by=by)
    elif kind == services.RECEIPTS:
        services.remove_receipt(voucher, get_object_or_404(BankReceipt, pk=pk, voucher=voucher), by=by)
    else:
        services.remove_paper(voucher, get_object_or_404(Attachment, pk=pk), by=by)
