"""The pages behind the list of batches: a new one, one batch, and the answer to each of its acts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import person
from innovation_voucher.casework import attachments, audit, calendar, rights
from innovation_voucher.casework.adminsite import RightsAdmin
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import services
from ..forms import BatchForm
from ..models import SettlementBatch
from ..statuses import BATCH, PAYMENT
from .acts import ACTS, Act

TEMPLATES = "admin/redemption/settlementbatch"
#: Payments shown on the page; the bank file has all.
SHOWN = 200


def period(batch: SettlementBatch) -> str:
    """2026-07-01 至 2026-09-30."""
    return _("%(start)s 至 %(end)s") % {"start": batch.period_from, "end": batch.period_to}


def find(site: RightsAdmin, request: HttpRequest, pk: object) -> SettlementBatch:
    """The batch for a person with a right in its region; everybody else learns nothing of it."""
    if not str(pk).isdecimal():
        raise Http404
    rows = site.get_queryset(request).select_related("programme", "region", "prepared_by", "countersigned_by")
    found: SettlementBatch = get_object_or_404(rows, pk=pk)
    return found


def new_batch(site: RightsAdmin, request: HttpRequest) -> HttpResponse:
    """① Period, programme and region; ② and ③ follow on the page of the draft."""
    if not site.has_add_permission(request):
        raise NotAllowed(_("结算批次由省级主管部门有“制作结算批次”权限的人员新建。"))
    return _new_batch(request, site)


@once
def _new_batch(request: HttpRequest, site: RightsAdmin) -> HttpResponse:
    today = calendar.today()
    form = BatchForm(
        request.POST if request.method == "POST" else None,
        initial={"period_from": today.replace(day=1), "period_to": today},
        regions=rights.regions_for(request.user, "settle"),
    )
    if form.is_valid():
        with refusal(form):
            batch_made = services.create_batch(**form.cleaned_data, by=person(request))
            return redirect("admin:redemption_settlementbatch_change", batch_made.pk)
    context = {**site.admin_site.each_context(request), "title": _("新建批次"), "opts": site.opts}
    return render_form(request, f"{TEMPLATES}/new.html", context, form=form)


def batch(
    site: RightsAdmin, request: HttpRequest, found: SettlementBatch, posted: tuple[Act, PortalForm] | None = None
) -> HttpResponse:
    """One batch; `posted` is the form that did not pass."""
    by = person(request)
    open_acts = []
    for act in ACTS:
        if found.status in act.states:
            form = posted[1] if posted and posted[0] is act else act.form(prefix=act.slug)
            url = reverse(f"admin:redemption_settlementbatch_{act.slug}", args=[found.pk])
            open_acts.append({"act": act, "answer": act.may(by, found), "form": form, "url": url})
    payments = found.payments.select_related("payee").prefetch_related("lines__redemption")
    draft = found.status == SettlementBatch.State.DRAFT
    context = {
        **site.admin_site.each_context(request),
        "title": _("结算批次"),
        "subtitle": found.number,
        "opts": site.opts,
        "batch": found,
        "period": period(found),
        "state": BATCH[found.status],
        "acts": open_acts,
        "preview": services.preview_of(found) if draft else None,
        "totals": services.totals(found),
        "payments": [(row, PAYMENT[row.status]) for row in payments[:SHOWN]],
        "files": [attachments.card(file) for file in attachments.files(found)],
        "events": audit.timeline(found),
        "results": services.last_results(found),
    }
    return render_form(request, f"{TEMPLATES}/batch.html", context, form=posted[1] if posted else PortalForm())


def act_view(site: RightsAdmin, act: Act) -> Callable[..., HttpResponse]:
    """The view of one act: POST only, once, under the rules of the verb."""

    @once
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        found = find(site, request, pk)
        if request.method != "POST":
            return redirect("admin:redemption_settlementbatch_change", pk)
        require(act.may(person(request), found), NotAllowed)
        form = act.form(request.POST, request.FILES, prefix=act.slug)
        if form.is_valid():
            with refusal(form):
                words, url = act.run(found, person(request), form.cleaned_data)
                if words:
                    messages.success(request, words)
                return redirect(url or url_of(found))
        return batch(site, request, find(site, request, pk), (act, form))

    return view


def url_of(found: SettlementBatch) -> str:
    """The page of a batch."""
    return reverse("admin:redemption_settlementbatch_change", args=[found.pk])
