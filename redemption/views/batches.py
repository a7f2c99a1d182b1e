"""批次、差异、回单: the third party checks what the bank did with its batches, and signs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.money import format_yuan

from .. import rules, services, settling
from ..forms import BankReceiptForm, DifferenceForm, SignForm
from ..models import Payment, SettlementBatch
from ..settling import agency_required

PAGE = 20


@require_GET
@agency_required
def batch_list(request: HttpRequest) -> HttpResponse:
    """Batches of the reader's programmes: to be checked, in preparation, signed."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in settling.BATCH_TABS else ""
    rows = settling.batches(viewer_of(request)).filter(settling.BATCH_TABS[tab])
    words = {"": _("待核对"), "preparing": _("制单中"), "signed": _("已签")}
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "views": [
            {"label": label, "url": f"?tab={key}" if key else "?", "current": key == tab}
            for key, label in words.items()
        ],
        "signed": tab == "signed",
    }
    return render(request, "redemption/settle/batches.html", context)


@require_http_methods(["GET", "POST"])
@agency_required
@once
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch, system against bank; the differences are explained here."""
    found = settling.batch(viewer_of(request), number)
    form = _differences(request, found)
    if form.is_valid():
        with refusal(form):
            services.explain_differences(found, by=person(request), given=form.given)
            messages.success(request, _("说明已保存"))
            return redirect("settle-batch", number)
    return render_form(request, "redemption/settle/batch.html", _context(found), form=form)


def _differences(request: HttpRequest, found: SettlementBatch) -> DifferenceForm:
    back = found.payments.filter(status=Payment.State.FAILED).select_related("payee").prefetch_related("lines")
    data = request.POST if request.method == "POST" else None
    return DifferenceForm(data, payments=list(back.prefetch_related("lines__redemption")))


def _context(found: SettlementBatch) -> dict[str, Any]:
    agree = found.payments.exclude(status=Payment.State.FAILED).select_related("payee")
    files = attachments.files(found)
    sums, left = services.totals(found), services.unexplained(found)
    return {
        "batch": found,
        "totals": sums,
        "payments": agree.prefetch_related("lines__redemption").order_by("status", "reference"),
        "left": left,
        "step": _step(found, sums, left),
        "steps": [_("导出银行文件"), _("导入银行结果"), _("说明差异"), _("提交核对结果")],
        "may_check": rules.may_check(found),
        "files": [attachments.card(file) for file in files],
        "events": audit.timeline(found),
        "crumbs": [(_("批次"), reverse("settle-batches")), (found.number, "")],
    }


def _step(found: SettlementBatch, sums: services.Totals, left: int) -> int:
    """Which step is due: 1 export, 2 results, 3 differences, 4 signature; 5 = all done."""
    if found.signed_by_id:
        return 5
    if found.status not in (SettlementBatch.State.EXPORTED, SettlementBatch.State.RECONCILED):
        return 1
    if sums.waiting:
        return 2
    return 3 if left else 4


@require_GET
@agency_required
def diff(request: HttpRequest) -> HttpResponse:
    """Everything that the bank sent back and nobody has signed, over all batches."""
    rows = settling.differences(viewer_of(request))
    context = {"page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page"))}
    return render(request, "redemption/settle/diff.html", context)


@require_GET
@agency_required
def receipts(request: HttpRequest) -> HttpResponse:
    """Bank files, result files and receipts, batch by batch."""
    rows = settling.batches(viewer_of(request)).filter(status__in=("exported", "reconciled"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = attachments.files_for(page.object_list)
    cards = [(row, [attachments.card(file) for file in kept.get(row.pk, ())]) for row in page.object_list]
    return render(request, "redemption/settle/receipts.html", {"page_obj": page, "rows": cards})


@require_http_methods(["GET", "POST"])
@agency_required
@once
def receipt_new(request: HttpRequest, number: str) -> HttpResponse:
    """Upload a receipt of the bank."""
    found = settling.batch(viewer_of(request), number)
    require(rules.may_check(found), NotAllowed)
    form = BankReceiptForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        given = form.cleaned_data["file"]
        with refusal(form, "file"):
            services.add_bank_receipt(found, by=person(request), name=given.name, data=given)
            messages.success(request, _("回单已上传"))
            return redirect("settle-batch", number)
    context = {"batch": found, "crumbs": [(found.number, reverse("settle-batch", args=[number])), (_("上传回单"), "")]}
    return render_form(request, "redemption/settle/receipt_new.html", context, form=form)


@require_http_methods(["GET", "POST"])
@agency_required
@once
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """提交核对结果: read-only from then on."""
    found = settling.batch(viewer_of(request), number)
    form: PortalForm = SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            services.sign_batch(found, by=person(request), words=form.cleaned_data["words"])
            messages.success(request, _("核对结果已提交，批次不能再改"))
            return redirect("settle-batch", number)
    sums = services.totals(found)
    rows = ((_("系统合计"), sums.system), (_("银行实付"), sums.paid), (_("银行退回"), sums.failed))
    facts = [{"label": label, "value": _("%s 元") % format_yuan(amount)} for label, amount in rows]
    return render_form(request, "redemption/settle/sign.html", {"batch": found, "facts": facts}, form=form)
