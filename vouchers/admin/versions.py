"""Versions of rules and overrides: drafts with explained fields, what is published to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy

from ..models import Override, ProgrammeVersion
from . import pages
from .common import ClassInline, EvidenceInline, FieldInline, PublishedAdmin, TermInline
from .forms import grouped_parameters


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(PublishedAdmin):
    """One version of the rules with its form fields, terms and evidence."""

    list_display = ("programme", "number", "effective_from", "published")
    list_select_related = ("programme",)
    list_filter = ("programme",)
    inlines = (ClassInline, FieldInline, TermInline, EvidenceInline)
    fieldsets = (
        (None, {"fields": ("programme", "number", "effective_from", "published", "publisher")}),
        *grouped_parameters(),
        (gettext_lazy("地区调整与暂定值"), {"fields": ("overridable", "bounds", "assumed")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """What is done with a version stands below its page."""
        return [*pages.version_urls(self), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A version stays with its programme."""
        return ("programme", "number", *self.readonly_fields) if obj else self.readonly_fields


@admin.register(Override)
class OverrideAdmin(PublishedAdmin):
    """What regions and classes have instead."""

    list_display = ("programme", "region", "class_key", "number", "effective_from", "published")
    list_select_related = ("programme", "region")
    fieldsets = (
        (None, {"fields": ("programme", "region", "class_key", "number", "effective_from")}),
        (None, {"fields": ("preparer", "published", "publisher")}),
        *grouped_parameters(),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("preparer", *self.readonly_fields)

    @admin.display(description=gettext_lazy("拟定人"))
    def preparer(self, obj: Override) -> Any:
        return obj.prepared_by

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Who wrote it down last does not publish it."""
        obj.prepared_by = request.user
        super().save_model(request, obj, form, change)
