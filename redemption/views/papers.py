"""The papers of one voucher: what is asked, what is there, what is missing."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organization
from innovation_voucher.casework import attachments
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from orders.models import Order
from vouchers.models import Voucher
from vouchers.policy import Policy, subsidy
from vouchers.resolve import policy_of

from .. import queries, services
from ..forms import FileForm, InvoiceForm, ReceiptForm
from ..models import BankReceipt, Invoice
from .payee import list_url, payee_required


@payee_required
def papers(request: HttpRequest, code: str, payee: Organization) -> HttpResponse:
    """See what a voucher lacks and add it: an invoice, a receipt or a file at a time."""
    voucher = _own(code, payee)
    policy = policy_of(voucher.snapshot)
    asked = services.asked_invoice_fields(policy)
    forms = {
        "invoice": InvoiceForm(_data(request, "invoice"), prefix="invoice", asked=asked),
        "receipt": ReceiptForm(_data(request, "receipt"), prefix="receipt"),
    }
    files = {row.key: _file_form(request, row.key) for row in policy.evidence_of("redemption")}
    form = _posted(request, forms, files)
    if form is not None and form.is_valid() and _apply(request, voucher, form):
        return redirect("ent-redeem-papers", voucher.code)
    return render_form(
        request,
        "redemption/papers.html",
        _context(voucher, policy, forms, files, payee),
        form=form or forms["invoice"],
        status=None if form is not None else 200,
    )


def _own(code: str, payee: Organization) -> Voucher:
    rows = Voucher.objects.filter(queries.paid_to(payee)).select_related(
        "snapshot", "organization", "carrier__organization", "programme", "region"
    )
    return get_object_or_404(rows, code=code)


def _data(request: HttpRequest, what: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("what") == what else None


def _file_form(request: HttpRequest, key: str) -> FileForm:
    posted = _data(request, f"file:{key}")
    return FileForm(posted, request.FILES if posted is not None else None, prefix=f"file-{key}")


def _posted(request: HttpRequest, forms: dict[str, Form], files: dict[str, FileForm]) -> Form | None:
    what = request.POST.get("what", "") if request.method == "POST" else ""
    return forms.get(what) or files.get(what.removeprefix("file:"))


def _apply(request: HttpRequest, voucher: Voucher, form: Any) -> bool:
    """Write down what was given; False when the rules said no, which the form then shows."""
    data = form.cleaned_data
    with refusal(form):
        if isinstance(form, InvoiceForm):
            facts = services.InvoiceFacts(
                code=data["code"], number=data["number"], issued_on=data.get("issued_on"), amount=data.get("amount")
            )
            services.add_invoice(voucher, by=request.user, facts=facts)
        elif isinstance(form, ReceiptForm):
            services.add_receipt(voucher, by=request.user, amount=data["amount"], paid_on=data["paid_on"])
        else:
            _keep_file(request, voucher, form)
    return not form.errors


def _keep_file(request: HttpRequest, voucher: Voucher, form: FileForm) -> None:
    given = form.cleaned_data["file"]
    key = request.POST["what"].removeprefix("file:")
    with refusal(form, "file"):
        services.add_paper(voucher, key, by=request.user, name=given.name, data=given)


def _context(
    voucher: Voucher, policy: Policy, forms: dict[str, Form], files: dict[str, FileForm], payee: Organization
) -> dict[str, Any]:
    order = Order.objects.get(voucher=voucher)
    given = services.papers_of(voucher)
    kept = attachments.files(order)
    return {
        "voucher": voucher,
        "invoice_form": forms["invoice"],
        "receipt_form": forms["receipt"],
        "wants_receipts": policy.payment_check not in (None, "none"),
        "wants_invoices": bool(policy.invoice_fields),
        "evidence": [
            (row, files[row.key], [file for file in kept if file.key == row.key])
            for row in policy.evidence_of("redemption")
        ],
        "given": given,
        "gaps": services.gaps(voucher, order=order, papers=given),
        "amount": services.computed_amount(voucher, given),
        "formula": subsidy(policy, voucher.contract_amount),
        "editable": voucher.status == Voucher.State.CONFIRMED,
        "back_url": list_url(payee),
        "crumbs": [(_("兑付申请"), list_url(payee)), (voucher.service_title, "")],
    }


@payee_required
@require_POST
def paper_remove(request: HttpRequest, code: str, kind: str, pk: int, payee: Organization) -> HttpResponse:
    """Take back an invoice or a receipt that was typed wrongly."""
    voucher = _own(code, payee)
    form = FileForm()
    with refusal(form):
        if kind == "invoice":
            invoice = get_object_or_404(Invoice, pk=pk, allocations__voucher=voucher)
            services.remove_invoice(voucher, invoice, by=request.user)
        else:
            receipt = get_object_or_404(BankReceipt, pk=pk, voucher=voucher)
            services.remove_receipt(voucher, receipt, by=request.user)
    for words in form.non_field_errors():
        messages.error(request, words)
    return redirect("ent-redeem-papers", voucher.code)
