"""Admin pages of mutual lists: facts by form, entries by an import that can be tried first."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.adminsite import ReadOnly, RightsAdmin
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from . import services
from .mutual_models import MutualEntry, MutualImport, MutualList
from .mutual_sheet import HEADS, Sheet, read_sheet

TEMPLATE = "admin/carriers/mutuallist/import.html"
#: So many wrong rows are named; the rest is counted.
NAMED = 50


class ImportForm(PortalForm):
    """The file, and what it does to the list."""

    file = forms.FileField(label=gettext_lazy("表格（XLSX 或 CSV）"))
    mode = forms.ChoiceField(label=gettext_lazy("方式"), choices=MutualImport.Mode.choices, widget=forms.RadioSelect)
    sheet: Sheet

    def clean_file(self) -> Any:
        """The sheet is read here: what no sheet is, is an error of the box."""
        file = self.cleaned_data["file"]
        try:
            self.sheet = read_sheet(file, file.name)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return file


@admin.register(MutualList)
class MutualListAdmin(RightsAdmin):
    """Kept by the staff of its region."""

    right = services.MUTUAL_RIGHT
    view_right = "view_cases"
    verb = "mutual.saved"
    list_display = ("name", "region", "count")
    list_select_related = ("region",)
    filter_horizontal = ("members",)
    change_form_template = "admin/carriers/mutuallist/change_form.html"

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Regions that recognize each other are provinces."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(level="province")
        return field

    def get_urls(self) -> list[URLPattern]:
        """The import stands below the list's page."""
        view = self.admin_site.admin_view(self.import_view)
        return [path("<int:pk>/import/", view, name="carriers_mutuallist_import"), *super().get_urls()]

    @admin.display(description=gettext_lazy("实验室数"))
    def count(self, listing: Any) -> int:
        return int(listing.entry_count)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of laboratories."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.annotate(entry_count=Count("entries"))

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check a sheet, or bring it in."""
        listing = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, listing):
            raise Http404
        return _import(request, self, listing)


@once
def _import(request: HttpRequest, site: MutualListAdmin, listing: MutualList) -> HttpResponse:
    bound = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if bound else ImportForm(initial={"mode": "add"})
    if form.is_valid() and "check" not in request.POST:
        with refusal(form, "file"):
            _bring_in(request, listing, form)
            return redirect("admin:carriers_mutuallist_change", listing.pk)
    sheet = getattr(form, "sheet", None)
    mode = form.cleaned_data.get("mode", "add") if bound else "add"
    context = {
        **site.admin_site.each_context(request),
        "title": _("导入互认名单"),
        "opts": site.opts,
        "listing": listing,
        "heads": "、".join(HEADS.values()),
        "sheet": sheet,
        "change": services.mutual_change(listing, sheet, mode=mode) if sheet else None,
        "problems": sheet.problems[:NAMED] if sheet else (),
        "back_url": reverse("admin:carriers_mutuallist_change", args=[listing.pk]),
    }
    return render_form(request, TEMPLATE, context, form=form)


def _bring_in(request: HttpRequest, listing: MutualList, form: ImportForm) -> None:
    data = form.cleaned_data
    done = services.import_mutual(listing, form.sheet, mode=data["mode"], by=request.user, source=data["file"].name)
    words = {"added": done.added, "changed": done.changed, "removed": done.removed}
    messages.success(request, _("已导入：新增 %(added)d，更新 %(changed)d，移出 %(removed)d") % words)


class BelowList(ReadOnly, RightsAdmin):
    """What an import has written."""

    right = services.MUTUAL_RIGHT
    view_right = "view_cases"
    region_lookup = "listing__region"
    list_filter = ("listing",)


@admin.register(MutualEntry)
class MutualEntryAdmin(BelowList):
    list_display = ("laboratory", "legal_entity", "place", "listing")
    list_select_related = ("place", "listing")
    search_fields = ("laboratory", "legal_entity", "services")

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj) or super().may_view(request, obj)


@admin.register(MutualImport)
class MutualImportAdmin(BelowList):
    list_display = ("at", "listing", "mode", "source", "added", "changed", "removed", "by")
    list_select_related = ("listing", "by")

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj) or super().may_view(request, obj)
