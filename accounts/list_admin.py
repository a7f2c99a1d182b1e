"""Admin pages of qualification lists: facts by form, entries by an import that can be tried first."""

from typing import Any, BinaryIO

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.adminsite import ReadOnly, RightsAdmin
from innovation_voucher.casework.sheet_admin import SheetAdmin
from innovation_voucher.casework.sheet_lists import RIGHT

from . import services
from .listing import CODE, NAME, NUMBER, Sheet, read_sheet
from .models import ListEntry, ListImport, Qualification, QualificationList


@admin.register(QualificationList)
class QualificationListAdmin(SheetAdmin):
    """Kept per region, class and year by the staff of the region."""

    right = RIGHT
    view_right = "view_cases"
    verb = "list.saved"
    modes = ListImport.Mode.choices
    list_display = ("name", "class_key", "year", "region", "count")
    list_filter = ("year", "class_key")
    list_select_related = ("region",)
    fields = ("region", "class_key", "year", "name")

    @admin.display(description=gettext_lazy("单位数"))
    def count(self, target: Any) -> int:
        return int(target.live)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of organizations that it names now."""
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(live=Count("entries", filter=Q(entries__removed__isnull=True)))
        return counted

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A list with entries stays that of its region, class and year."""
        return ("region", "class_key", "year") if obj else ()

    def read(self, data: BinaryIO, name: str) -> Sheet:
        return read_sheet(data, name)

    def lead(self) -> str:
        words = _("第一行写列名：%(heads)s。入库编号可以不填，其余必填；有一行需要修改就整份不导入。")
        return words % {"heads": f"{CODE}、{NAME}、{NUMBER}"}

    def change_words(self, target: Any, sheet: Any, mode: str) -> str:
        change = services.change_of(target, sheet.rows, mode=mode)
        counts = {"new": len(change.new) + len(change.back), "gone": len(change.gone)}
        return _("将新增 %(new)d 家，移出 %(gone)d 家") % counts

    def bring_in(self, request: HttpRequest, target: Any, form: Any) -> str:
        data, by = form.cleaned_data, request.user
        done = services.import_list(target, form.sheet, mode=data["mode"], by=by, source=data["file"].name)  # type: ignore[arg-type]
        return _("已导入：新增 %(added)d 家，移出 %(removed)d 家") % {"added": done.added, "removed": done.removed}


class BelowList(ReadOnly, RightsAdmin):
    """What an import has written."""

    right = RIGHT
    view_right = "view_cases"
    region_lookup = "list__region"

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj) or super().may_view(request, obj)


@admin.register(ListEntry)
class ListEntryAdmin(BelowList):
    list_display = ("credit_code", "name", "number", "list", "added", "removed")
    list_filter = ("list",)
    list_select_related = ("list", "added", "removed")
    search_fields = ("=credit_code", "name")


@admin.register(ListImport)
class ListImportAdmin(BelowList):
    list_display = ("at", "list", "mode", "source", "added", "removed", "by")
    list_filter = ("list",)
    list_select_related = ("list", "by")


@admin.register(Qualification)
class QualificationAdmin(BelowList):
    """Whom lists have carried; those that carry it no longer are filtered by their flag."""

    region_lookup = "organization__bureau"
    list_display = ("organization", "class_key", "year", "source", "flagged_at", "flag_reason")
    list_filter = (("flagged_at", admin.EmptyFieldListFilter), "year", "class_key")
    list_select_related = ("organization",)
    search_fields = ("organization__name", "=organization__credit_code")
