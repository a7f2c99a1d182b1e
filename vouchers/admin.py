"""Admin of programmes: their rules by versions and overrides, budgets, and accounts to look at.

The ledger is not here: nobody edits it, and the enterprise's page explains every figure.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.adminsite import ReadOnly, RightsAdmin
from innovation_voucher.casework.errors import Refused

from .forms import ParametersForm
from .models import (
    BudgetPool,
    EvidenceRow,
    FieldRow,
    Override,
    Programme,
    ProgrammeVersion,
    QuotaAccount,
    TermRow,
)
from .models.parameters import Parameters
from .services.pools import set_pool
from .services.publishing import close_programme, open_programme, publish

RIGHT = "manage_programmes"

#: Heads of the groups and the parameter with which each begins, in the order of the columns.
GROUPS = (
    (gettext_lazy("申领与额度"), "eligible_classes"),
    (gettext_lazy("补贴计算"), "subsidy_tiers"),
    (gettext_lazy("预约与使用"), "order_required"),
    (gettext_lazy("兑付与拨付"), "redeemer"),
)


def grouped_parameters() -> list[Any]:
    """Fieldsets: every parameter in its group, as the columns stand in the file."""
    names = Parameters.parameter_names()
    starts = [names.index(first) for _head, first in GROUPS]
    ends = [*starts[1:], len(names)]
    return [
        (head, {"fields": names[start:end]}) for (head, _first), start, end in zip(GROUPS, starts, ends, strict=True)
    ]


class SayingAdmin(RightsAdmin):
    """Acts on several rows that say what became of each."""

    right = RIGHT
    region_lookup = "programme__region"
    verb = "programme.rules_saved"

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], object]) -> None:
        """Call one verb on every row; a refusal keeps none of the others back."""
        for row in rows:
            try:
                act(row)
            except Refused as refused:
                self.message_user(request, f"{row}：{refused.message}", messages.WARNING)
            else:
                self.message_user(request, _("%(row)s：已办理") % {"row": row}, messages.SUCCESS)


class PublishedAdmin(SayingAdmin):
    """Rules: drafts are edited and published, what is published is only read."""

    form = ParametersForm
    actions = ("publish_rules",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj and obj.published_at) and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request, obj) or self.may_change(request, obj)

    @admin.action(description=gettext_lazy("公布规则（公布后不能修改）"))
    def publish_rules(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each(request, rows, lambda row: publish(row, by=request.user))  # type: ignore[arg-type]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Values that no document gives are marked, so that staff confirm or replace them."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        for name in getattr(obj, "assumed", ()):
            if name in form.base_fields:
                field = form.base_fields[name]
                field.label = _("%(label)s（暂定）") % {"label": field.label}
        return form


class VersionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The versions of a programme with the way to each."""

    model = ProgrammeVersion
    fields = readonly_fields = ("number", "effective_from", "published_at")
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class RowInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a version: open as long as it is a draft; the page around it asks for the right."""

    extra = 0

    def _draft(self, obj: Any) -> bool:
        return obj is None or obj.published_at is None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class FieldInline(RowInline):
    model = FieldRow


class TermInline(RowInline):
    model = TermRow


class EvidenceInline(RowInline):
    model = EvidenceRow


@admin.register(Programme)
class ProgrammeAdmin(SayingAdmin):
    """Kinds of vouchers."""

    region_lookup = "region"
    verb = "programme.saved"
    list_display = ("name", "family", "year", "kind", "region", "status", "opens_on", "closes_on")
    list_filter = ("status", "year")
    list_select_related = ("region",)
    search_fields = ("name", "family")
    readonly_fields = ("status",)
    filter_horizontal = ("participating",)
    inlines = (VersionInline,)
    actions = ("open_rows", "close_rows")

    @admin.action(description=gettext_lazy("开放受理"))
    def open_rows(self, request: HttpRequest, rows: QuerySet[Programme]) -> None:
        self.each(request, rows, lambda row: open_programme(row, by=request.user))  # type: ignore[arg-type]

    @admin.action(description=gettext_lazy("结束受理"))
    def close_rows(self, request: HttpRequest, rows: QuerySet[Programme]) -> None:
        self.each(request, rows, lambda row: close_programme(row, by=request.user))  # type: ignore[arg-type]


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(PublishedAdmin):
    """One version of the rules with its form fields, terms and evidence."""

    list_display = ("programme", "number", "effective_from", "published_at")
    list_select_related = ("programme",)
    readonly_fields = ("published_at", "published_by")
    inlines = (FieldInline, TermInline, EvidenceInline)
    fieldsets = (
        (None, {"fields": ("programme", "number", "effective_from", "published_at", "published_by")}),
        *grouped_parameters(),
        (gettext_lazy("县级调整与暂定值"), {"fields": ("overridable", "bounds", "assumed")}),
    )


@admin.register(Override)
class OverrideAdmin(PublishedAdmin):
    """What regions and classes have instead."""

    list_display = ("programme", "region", "class_key", "number", "effective_from", "published_at")
    list_select_related = ("programme", "region")
    readonly_fields = ("published_at", "published_by", "prepared_by")
    fieldsets = (
        (None, {"fields": ("programme", "region", "class_key", "number", "effective_from")}),
        (None, {"fields": ("prepared_by", "published_at", "published_by")}),
        *grouped_parameters(),
    )


@admin.register(BudgetPool)
class BudgetPoolAdmin(RightsAdmin):
    """Budgets of regions; what is left is moved by claims only, and who waits is granted in order."""

    right = RIGHT
    view_right = "view_cases"
    list_display = ("programme", "region", "total", "granted", "budget", "waiting")
    list_filter = ("programme",)
    list_select_related = ("programme", "region")
    search_fields = ("region__name", "region__code")
    fields = ("programme", "region", "total", "granted", "budget", "waiting")
    figures = ("granted", "budget", "waiting")

    @admin.display(description=gettext_lazy("已发放"))
    def granted(self, pool: BudgetPool) -> str:
        return f"{pool.total - pool.budget:.2f}" if pool.pk else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("programme", "region", *self.figures) if obj else self.figures

    def save_model(self, request: HttpRequest, obj: BudgetPool, form: Any, change: bool) -> None:
        """The verb decides; a refusal is said and nothing is changed."""
        try:
            saved = set_pool(obj.programme, obj.region, obj.total, by=request.user)  # type: ignore[arg-type]
            obj.pk = saved.pk
        except Refused as refused:
            self.message_user(request, str(refused.message), messages.ERROR)


@admin.register(QuotaAccount)
class QuotaAccountAdmin(ReadOnly, RightsAdmin):
    """What organizations hold; only to look at."""

    right = RIGHT
    view_right = "view_cases"
    region_lookup = "organization__region"
    list_display = (
        "number",
        "organization",
        "programme",
        "valid_until",
        "status",
        "granted",
        "available",
        "held",
        "spent",
    )
    list_filter = ("status", "programme")
    list_select_related = ("organization", "programme")
    search_fields = ("number", "organization__name")
