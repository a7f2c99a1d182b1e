"""券与额度: the bureau's list of vouchers, and its acts on vouchers and accounts."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework.errors import Stale
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import get_or_404_403, office_required, refusal, viewer_of
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.spreadsheets import csv_text

from .. import control, desk, exports, rules
from ..control import Act
from ..freeze_rules import region_of
from ..models import QuotaAccount, Voucher


@require_GET
@office_required
def vouchers(request: HttpRequest) -> HttpResponse:
    """Every voucher of the reader's regions, narrowed by what the address says."""
    found = desk.VoucherList(request, viewer_of(request))
    context = {
        "list": found,
        "page": found.page,
        "filter_form": found.form,
        "query": request.GET.urlencode(),
        "flags": found.flags,
    }
    if found.form.errors:
        return render_form(request, "vouchers/desk_vouchers.html", context, form=found.form)
    return render(request, "vouchers/desk_vouchers.html", context)


@require_GET
@office_required
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a table for Excel; what the list cannot read leads back to it."""
    found = desk.VoucherList(request, viewer_of(request))
    if found.form.errors:
        return redirect(f"{reverse('desk-vouchers')}?{request.GET.urlencode()}")
    rows = found.rows[: exports.EXPORT_ROWS]
    text = csv_text([str(head) for head in exports.HEADS], exports.export_rows(rows.iterator(chunk_size=500)))
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vouchers.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@office_required
@once
def voucher_act(request: HttpRequest, code: str, act: Act) -> HttpResponse:
    """Terminate, freeze or free a voucher."""
    rows = Voucher.objects.select_related("region", "programme", "organization", "account")
    voucher = _one(request, rows, code=code)
    return _act(request, voucher, act, reverse("desk-voucher", args=[code]))


@require_http_methods(["GET", "POST"])
@office_required
@once
def account_act(request: HttpRequest, number: str, act: Act) -> HttpResponse:
    """Freeze or free a quota account."""
    rows = QuotaAccount.objects.select_related("organization__bureau", "programme")
    account = _one(request, rows, number=number)
    holder = account.organization
    return _act(request, account, act, f"{reverse('desk-enterprises')}?{urlencode({'q': holder.name})}")


def _one(request: HttpRequest, rows: QuerySet[Any], **key: str) -> Any:
    """404 outside the reader's regions, 403 with who can for those who only read."""
    paths = desk.paths_of(viewer_of(request))

    def seen(thing: Model) -> bool:
        return any(region_of(thing).path.startswith(path) for path in paths)  # type: ignore[arg-type]

    return get_or_404_403(
        rows, seen=seen, allowed=lambda thing: rules.may_control(request.user, region_of(thing)), **key
    )


def _act(request: HttpRequest, thing: control.Thing, act: Act, back: str) -> HttpResponse:
    """Facts, consequence, reason, button; what is not possible any more is told as such (409)."""
    answer = act.may(request.user, thing)
    form = act.form(request.POST if request.method == "POST" else None)
    if form.is_bound:
        require(answer, Stale)
        if form.is_valid():
            with refusal(form):
                act.run(thing, by=person(request), office=viewer_of(request).office, **form.cleaned_data)
                messages.success(request, str(act.said))
                return redirect(back)
    context = {"act": act, "facts": control.facts(thing), "why_not": answer[1], "back_url": back}
    crumbs = [(_("券与额度"), reverse("desk-vouchers")), (act.label, "")]
    consequence = act.consequence(thing)
    return render_form(
        request, "vouchers/desk_act.html", {**context, "consequence": consequence, "crumbs": crumbs}, form=form
    )
