"""Admin pages of mutual lists: facts by form, entries by an import that can be tried first."""

from typing import Any, BinaryIO

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.adminsite import ReadOnly, RightsAdmin
from innovation_voucher.casework.sheet_admin import SheetAdmin
from innovation_voucher.casework.sheet_lists import RIGHT

from . import services
from .mutual_models import MutualEntry, MutualImport, MutualList
from .mutual_sheet import HEADS, Sheet, read_sheet


@admin.register(MutualList)
class MutualListAdmin(SheetAdmin):
    """Kept by the staff of its region."""

    right = RIGHT
    view_right = "view_cases"
    verb = "mutual.saved"
    list_display = ("name", "region", "count")
    list_select_related = ("region",)
    filter_horizontal = ("members",)
    modes = MutualImport.Mode.choices

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Regions that recognize each other are provinces."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(level="province")
        return field

    @admin.display(description=gettext_lazy("实验室数"))
    def count(self, listing: Any) -> int:
        return int(listing.entry_count)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of laboratories."""
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(entry_count=Count("entries"))
        return counted

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Carriers of the list count where its regions are, which are saved here."""
        super().save_related(request, form, formsets, change)
        if "members" in form.changed_data:
            services.mutual_members_changed(form.instance)

    def read(self, data: BinaryIO, name: str) -> Sheet:
        return read_sheet(data, name)

    def lead(self) -> str:
        words = _("第一行写列名：%(heads)s。所在地、开放实验室、法人单位必填；所在地写省、市、县的名称或代码。")
        return words % {"heads": "、".join(HEADS.values())}

    def change_words(self, target: Any, sheet: Any, mode: str) -> str:
        change = services.mutual_change(target, sheet, mode=mode)
        counts = {"new": len(change.new), "other": len(change.other), "gone": len(change.gone)}
        return _("将新增 %(new)d 家，更新 %(other)d 家，移出 %(gone)d 家") % counts

    def bring_in(self, request: HttpRequest, target: Any, form: Any) -> str:
        data = form.cleaned_data
        done = services.import_mutual(target, form.sheet, mode=data["mode"], by=request.user, source=data["file"].name)
        words = {"added": done.added, "changed": done.changed, "removed": done.removed}
        return _("已导入：新增 %(added)d，更新 %(changed)d，移出 %(removed)d") % words


class BelowList(ReadOnly, RightsAdmin):
    """What an import has written."""

    right = RIGHT
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
