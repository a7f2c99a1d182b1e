"""Programmes: kinds of vouchers, opened and closed, and next year's out of this year's."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy

from ..models import Programme, ProgrammeVersion
from ..services.publishing import close_programme, open_programme
from . import pages
from .common import SayingAdmin


class VersionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The versions of a programme with the way to each."""

    model = ProgrammeVersion
    fields = readonly_fields = ("number", "effective_from", "published")
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return True

    @admin.display(description=gettext_lazy("公布时间"))
    def published(self, version: ProgrammeVersion) -> object:
        return version.published_at


@admin.register(Programme)
class ProgrammeAdmin(SayingAdmin):
    """Kinds of vouchers."""

    region_lookup = "region"
    verb = "programme.saved"
    list_display = ("name", "family", "year", "kind", "region", "state", "opens_on", "closes_on")
    list_filter = ("status", "year")
    list_select_related = ("region",)
    search_fields = ("name", "family")
    readonly_fields = ("state",)
    fields = (
        *("name", "family", "year", "kind", "summary", "region", "participating"),
        *("opens_on", "closes_on", "shared_cap", "state"),
    )
    filter_horizontal = ("participating",)
    inlines = (VersionInline,)
    actions = ("open_rows", "close_rows")

    def get_urls(self) -> list[URLPattern]:
        """Copies are made on pages of their own."""
        return [*pages.programme_urls(self), *super().get_urls()]

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, programme: Programme) -> str:
        return str(programme.get_status_display())

    @admin.action(description=gettext_lazy("开放受理"))
    def open_rows(self, request: HttpRequest, rows: QuerySet[Programme]) -> None:
        self.each(request, rows, lambda row: open_programme(row, by=request.user))  # type: ignore[arg-type]

    @admin.action(description=gettext_lazy("结束受理"))
    def close_rows(self, request: HttpRequest, rows: QuerySet[Programme]) -> None:
        self.each(request, rows, lambda row: close_programme(row, by=request.user))  # type: ignore[arg-type]
