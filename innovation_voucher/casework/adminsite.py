"""Bases of all admin pages: rights on regions decide, never Django's own permissions.

    class PolicyAdmin(RightsAdmin):
        right = "set_rules"              # who may add and change
        view_right = "view_cases"        # who may look; whoever may change may look too
        region_lookup = "programme__region"
        verb = "policy.saved"            # the audit row of a save

A superuser holds no bureau's rights here; `superuser_views` opens tables of the platform itself.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from . import audit, memo, rights
from .models import Region

Request = HttpRequest


def region_at(obj: Any, lookup: str) -> Region:
    """The region at the end of a lookup ("programme__region"); the object itself for ""."""
    for name in filter(None, lookup.split("__")):
        obj = getattr(obj, name)
    region: Region = obj
    return region


class ScopedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What all have in common: questions that Django asks, and the audit of a save."""

    verb = ""
    deletable = False
    superuser_views = False

    def may(self, request: Request, right: str, obj: Model | None = None) -> bool:
        """Whether the person holds the right for the object, or anywhere at all for None."""
        raise NotImplementedError

    def may_view(self, request: Request, obj: Model | None = None) -> bool:
        """Whether the person may look."""
        raise NotImplementedError

    def may_change(self, request: Request, obj: Model | None = None) -> bool:
        """Whether the person may add or change."""
        raise NotImplementedError

    def has_module_permission(self, request: Request) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: Request, obj: Any = None) -> bool:
        return self._superuser(request) or self.may_view(request, obj) or self.may_change(request, obj)

    def has_add_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_change(request)

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return self.may_change(request, obj)

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return self.deletable and self.may_change(request, obj)

    def save_model(self, request: Request, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.record(request, obj, form)

    def record(self, request: Request, obj: Any, form: Any) -> None:
        """Write what was changed into the audit, when the page names its verb."""
        if self.verb:
            after = {name: str(form.cleaned_data[name]) for name in form.changed_data if name in form.cleaned_data}
            audit.record(self.verb, obj, by=request.user, region=self.audit_region(obj), after=after)

    def audit_region(self, obj: Any) -> Region | None:
        return None

    def _superuser(self, request: Request) -> bool:
        return self.superuser_views and bool(request.user.is_active and getattr(request.user, "is_superuser", False))


class RightsAdmin(ScopedAdmin):
    """Rows that lie in a region: each is shown and changed by who holds the right there."""

    right = ""
    view_right = ""
    region_lookup = "region"

    def may(self, request: Request, right: str, obj: Any = None) -> bool:
        if not right:
            return False
        if obj is None:
            return bool(rights.reach(request.user)[right])
        return rights.holds(request.user, right, region_at(obj, self.region_lookup))

    def may_view(self, request: Request, obj: Model | None = None) -> bool:
        return self.may(request, self.view_right, obj)

    def may_change(self, request: Request, obj: Model | None = None) -> bool:
        return self.may(request, self.right, obj)

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self._superuser(request):
            return rows
        regions = rights.regions_for(request.user, self.right)
        if self.view_right:
            regions = regions | rights.regions_for(request.user, self.view_right)
        return rows.filter(**{f"{self.region_lookup or 'pk'}__in": regions})

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Only regions on which the person holds the right can be chosen."""
        if db_field.remote_field.model is Region:
            kwargs["queryset"] = rights.regions_for(request.user, self.right)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def audit_region(self, obj: Any) -> Region | None:
        return region_at(obj, self.region_lookup)


class ProvinceAdmin(ScopedAdmin):
    """Rows without a region: changed by who holds the right on a whole province."""

    right = ""
    superuser_views = True

    def may(self, request: Request, right: str, obj: Model | None = None) -> bool:
        provinces = rights.regions_for(request.user, right).filter(level=Region.Level.PROVINCE)
        return memo.asked(("province", request.user.pk, right), provinces.exists)

    def may_view(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def may_change(self, request: Request, obj: Model | None = None) -> bool:
        return self.may(request, self.right, obj)


class PlatformAdmin(ScopedAdmin):
    """What the platform's operator sets up: offices and their people."""

    superuser_views = True

    def may_view(self, request: Request, obj: Model | None = None) -> bool:
        return self._superuser(request)

    def may_change(self, request: Request, obj: Model | None = None) -> bool:
        return self._superuser(request)


class ReadOnly:
    """Nothing is added, changed or removed on this page."""

    def has_add_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return False
