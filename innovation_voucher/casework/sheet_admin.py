"""Admin pages of lists that are filled from a sheet: tried first, then added or put in place of what is there."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.lib.forms import PortalForm, render_form

from .adminsite import RightsAdmin
from .idempotency import once
from .sheet_lists import Sheet
from .web import refusal

#: So many wrong rows are named; the rest is counted.
NAMED = 50


class SheetForm(PortalForm):
    """The file, and what it does to the list."""

    file = forms.FileField(label=gettext_lazy("表格（XLSX 或 CSV）"))
    mode = forms.ChoiceField(label=gettext_lazy("方式"), widget=forms.RadioSelect)
    sheet: Sheet | None = None

    def __init__(self, *args: Any, site: "SheetAdmin", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.fields["mode"].choices = site.modes  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """The sheet is read here: what no sheet is, is an error of the box."""
        file = self.cleaned_data["file"]
        try:
            self.sheet = self.site.read(file, file.name)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return file


class SheetAdmin(RightsAdmin):
    """A list with the page of its import, which stands below its own."""

    change_form_template = "admin/sheet_list.html"
    modes: Sequence[tuple[str, Any]] = ()

    def read(self, data: BinaryIO, name: str) -> Sheet:
        """The sheet of a file; raises ValueError with a sentence."""
        raise NotImplementedError

    def lead(self) -> str:
        """Which columns the sheet has."""
        raise NotImplementedError

    def change_words(self, target: Any, sheet: Sheet, mode: str) -> str:
        """What importing would change."""
        raise NotImplementedError

    def bring_in(self, request: HttpRequest, target: Any, form: SheetForm) -> str:
        """Import the form's sheet; answers what was done."""
        raise NotImplementedError

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("<int:pk>/import/", view, name=self.url_name("import")), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With the way to the import."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk and self.has_change_permission(request, obj):
            context["import_url"] = reverse(f"admin:{self.url_name('import')}", args=[obj.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check a sheet, or bring it in."""
        target = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, target):
            raise Http404
        return _import(request, self, target)


@once
def _import(request: HttpRequest, site: SheetAdmin, target: Any) -> HttpResponse:
    bound = request.method == "POST"
    form = SheetForm(*((request.POST, request.FILES) if bound else ()), site=site, initial={"mode": site.modes[0][0]})
    if form.is_valid() and "check" not in request.POST:
        with refusal(form, "file"):
            messages.success(request, site.bring_in(request, target, form))
            return redirect(f"admin:{site.url_name('change')}", target.pk)
    return render_form(request, "admin/sheet_import.html", _context(request, site, target, form), form=form)


def _context(request: HttpRequest, site: SheetAdmin, target: Any, form: SheetForm) -> dict[str, Any]:
    sheet = form.sheet
    mode = form.cleaned_data.get("mode", site.modes[0][0]) if form.is_bound else ""
    return {
        **site.admin_site.each_context(request),
        "title": _("导入名单"),
        "opts": site.opts,
        "target": target,
        "lead": site.lead(),
        "sheet": sheet,
        "change_words": site.change_words(target, sheet, mode) if sheet else "",
        "problems": sheet.problems[:NAMED] if sheet else (),
        "list_url": reverse(f"admin:{site.url_name('changelist')}"),
        "back_url": reverse(f"admin:{site.url_name('change')}", args=[target.pk]),
    }
