"""Admin pages of the shared floor."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, gettext_lazy

from . import calendar, places, rights
from .adminsite import PlatformAdmin, ProvinceAdmin, ReadOnly, RightsAdmin
from .messaging import CODE
from .models import AuditRow, CalendarDay, Chain, ChainStep, Office, Outgoing, Region, ReturnReason
from .token_admin import TokenAdmin

# Tokens have a page of their own; the admin finds it by this module.
__all__ = ["TokenAdmin"]


@admin.register(Region)
class RegionAdmin(RightsAdmin):
    """The tree is loaded from a file; zones are added and renamed here."""

    right = "set_rules"
    region_lookup = ""
    superuser_views = True
    list_display = ("code", "full_name", "level")
    list_filter = ("level",)
    search_fields = ("code", "full_name")
    autocomplete_fields = ("parent",)
    fields = ("code", "name", "parent", "latitude", "longitude")

    def may_change(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only zones: all else comes from the file."""
        return (obj is None or obj.level == Region.Level.ZONE) and super().may_change(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"form": ZoneForm, **kwargs})

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        places.save_zone(obj, by=request.user)


class ZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """A zone lies in some region, under a code of its own."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not places.code_fits(code):
            raise forms.ValidationError(_("代码只写字母、数字和连字符，如 GXQ-1。"))
        return code

    def clean_parent(self) -> Region:
        parent: Region | None = self.cleaned_data["parent"]
        if parent is None or parent.level == Region.Level.ZONE:
            raise forms.ValidationError(_("高新区须在省、市、县之下，选一个上级地区。"))
        return parent


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """An office with its rights and people on one page."""

    rights_held = forms.MultipleChoiceField(
        label=gettext_lazy("权限"), choices=places.all_rights, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.CharField(
        label=gettext_lazy("人员"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("每行一个用户名"),
    )

    class Meta:
        model = Office
        fields = ("name", "kind", "region", "hotline", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            members = self.instance.group.user_set.order_by("username").values_list("username", flat=True)
            self.initial["rights_held"] = places.rights_of(self.instance)
            self.initial["people"] = "\n".join(members)

    def clean_people(self) -> list[Any]:
        names = set(self.cleaned_data["people"].split())
        found = list(get_user_model()._default_manager.filter(username__in=names))
        if unknown := names - {user.get_username() for user in found}:
            raise forms.ValidationError(_("没有这些用户名：%(names)s") % {"names": "、".join(sorted(unknown))})
        return found


@admin.register(Office)
class OfficeAdmin(PlatformAdmin):
    form = OfficeForm
    list_display = ("name", "kind", "region")
    list_filter = ("kind",)
    list_select_related = ("region",)
    search_fields = ("name",)
    autocomplete_fields = ("region",)

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: bool) -> None:
        data = form.cleaned_data
        places.save_office(obj, by=request.user, rights_held=data["rights_held"], people=data["people"])


class ChainStepInline(admin.StackedInline):  # type: ignore[type-arg]
    model = ChainStep
    #: One empty row, so that one can be added without scripts too.
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request)

    def _may_change(self, request: HttpRequest) -> bool:
        return self.admin_site._registry[Chain].has_change_permission(request)  # noqa: SLF001  the page's own answer


@admin.register(Chain)
class ChainAdmin(ProvinceAdmin):
    right = "set_rules"
    verb = "chain.saved"
    list_display = ("key", "name")
    inlines = (ChainStepInline,)


@admin.register(ReturnReason)
class ReturnReasonAdmin(ProvinceAdmin):
    """What reviewers tick when they return a case."""

    right = "set_rules"
    verb = "reason.saved"
    list_display = ("words", "key", "target", "position", "active")
    list_filter = ("key", "active")
    search_fields = ("words",)


@admin.register(CalendarDay)
class CalendarDayAdmin(ProvinceAdmin):
    right = "set_rules"
    verb = "calendar.saved"
    list_display = ("day", "workday", "name")
    list_filter = ("workday",)
    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Warns of years whose notice nobody has entered."""
        year = calendar.today().year
        for missing in calendar.uncovered([year, year + 1]):
            messages.warning(request, _("%(year)s 年的放假安排还没有录入，现在按周一至周五计算。") % {"year": missing})
        return super().changelist_view(request, extra_context)


@admin.register(AuditRow)
class AuditRowAdmin(ReadOnly, RightsAdmin):
    view_right = "audit"
    list_display = ("sequence", "at", "verb", "subject_label", "actor_name", "office_name")
    list_filter = ("at",)
    search_fields = ("=verb", "subject_label", "actor_name")

    def may(self, request: HttpRequest, right: str, obj: Any = None) -> bool:
        paths = rights.reach(request.user)[right]
        return bool(paths) if obj is None else any(obj.region_path.startswith(path) for path in paths)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditRow]:
        paths = rights.reach(request.user)[self.view_right]
        return AuditRow.objects.filter(rights.below(paths, "region_path"))


@admin.register(Outgoing)
class OutgoingAdmin(ReadOnly, PlatformAdmin):
    """What was sent and what could not be; a code is nobody's but its receiver's."""

    list_display = ("created_at", "channel", "kind", "to", "status", "attempts", "error")
    list_filter = ("status", "channel")
    search_fields = ("=to",)
    fields = ("channel", "kind", "to", "subject", "words", "status", "attempts", "created_at", "sent_at", "error")

    @admin.display(description=gettext_lazy("内容"))
    def words(self, row: Outgoing) -> str:
        return _("验证码不显示") if row.kind == CODE else row.body
