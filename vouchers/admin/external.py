"""外部申领结果 in the admin: a file is checked, looked at, and imported."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy

from accounts.viewer import person
from innovation_voucher.casework.adminsite import RightsAdmin
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from ..external_rows import COLUMNS, NUMBER
from ..external_rules import RIGHT
from ..models import ExternalImport
from ..services import check_file, import_file
from .external_forms import ExternalFileForm

#: What became of a row, in words.
STATES = {"new": gettext_lazy("到账"), "known": gettext_lazy("已导入过"), "wrong": gettext_lazy("需修改")}


@admin.register(ExternalImport)
class ExternalImportAdmin(RightsAdmin):
    """Seen and done by who decides about claims in the region; nothing is edited by hand."""

    right = RIGHT
    list_display = ("name", "programme", "region", "checked_by", "checked_at", "imported_by", "imported_at")
    list_filter = ("programme",)
    list_select_related = ("programme", "region", "checked_by", "imported_by")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("rows", "outcome")

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj)

    def may_change(self, request: HttpRequest, obj: Any = None) -> bool:
        """A run is never edited; new ones begin with a file."""
        return obj is None and super().may_change(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Programme, region and file; the page of the run shows what was found."""
        if not self.has_add_permission(request):
            raise NotAllowed(_("其他平台的申领结果由有“审核额度申领”权限的人员导入。"))
        return _new(request, self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One file: every row with what becomes of it, and the button."""
        if not object_id.isdecimal():
            raise Http404
        rows = self.get_queryset(request).defer(None).select_related(*self.list_select_related)
        return _run(request, self, get_object_or_404(rows, pk=int(object_id)))


def _context(request: HttpRequest, site: RightsAdmin, title: str, **more: Any) -> dict[str, Any]:
    return {**site.admin_site.each_context(request), "title": title, "opts": site.opts, **more}


@once
def _new(request: HttpRequest, site: RightsAdmin) -> HttpResponse:
    form = ExternalFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()), user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        with refusal(form):
            file, by = data["file"], person(request)
            run = check_file(data["programme"], data["region"], data=file, name=file.name, by=by)
            return redirect("admin:vouchers_externalimport_change", run.pk)
    return render_form(
        request, "admin/vouchers/external_new.html", _context(request, site, _("核对申领结果")), form=form
    )


@once
def _run(request: HttpRequest, site: RightsAdmin, run: ExternalImport) -> HttpResponse:
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            done = import_file(run, by=person(request))
            messages.success(request, _("已导入，%d 家到账") % done.count("new"))
            return redirect("admin:vouchers_externalimport_change", run.pk)
    lines = [
        {
            "number": row.get(NUMBER, number),
            "cells": [row.get(head, "") for head in COLUMNS],
            **out,
            "label": STATES[out["state"]],
        }
        for number, (row, out) in enumerate(zip(run.rows, run.outcome, strict=True), start=2)
    ]
    counts = {state: run.count(state) for state in STATES}
    context = _context(request, site, _("申领结果"), run=run, lines=lines, counts=counts, heads=list(COLUMNS))
    return render_form(request, "admin/vouchers/external_run.html", context, form=form)
