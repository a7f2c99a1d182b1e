"""What the admin pages of rules have in common: who edits them, their rows, their fields."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.adminsite import RightsAdmin
from innovation_voucher.casework.errors import Refused

from ..models import ClassRow, EvidenceRow, FieldRow, TermRow
from ..programme_rules import MANAGE
from ..services.drafting import lock_draft
from ..services.publishing import publish
from .forms import RulesForm, field_of
from .reading import ReadInWords


class SayingAdmin(RightsAdmin):
    """Acts on several rows that say what became of each."""

    right = MANAGE
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


class PublishedAdmin(ReadInWords, SayingAdmin):
    """Rules: drafts are edited and published, what is published is only read."""

    form = RulesForm
    readonly_fields = ("published", "publisher")
    actions = ("publish_rules",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj and obj.published_at) and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request, obj) or self.may_change(request, obj)

    @admin.display(description=gettext_lazy("公布时间"), ordering="published_at")
    def published(self, obj: Any) -> Any:
        return obj.published_at

    @admin.display(description=gettext_lazy("公布人"))
    def publisher(self, obj: Any) -> Any:
        return obj.published_by

    @admin.action(description=gettext_lazy("公布规则（公布后不能修改）"))
    def publish_rules(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each(request, rows, lambda row: publish(row, by=request.user))  # type: ignore[arg-type]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Parameters are asked for in plain words."""
        return field_of(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing is written over what somebody else has published meanwhile."""
        if change:
            lock_draft(obj)
        super().save_model(request, obj, form, change)


class RowInline(ReadInWords, admin.StackedInline):  # type: ignore[type-arg]
    """Rows of a version: open as long as it is a draft; the page around it asks for the right."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One empty row, so that one can be added without scripts too."""
        return int(self._draft(obj))

    def _draft(self, obj: Any) -> bool:
        return obj is None or obj.published_at is None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """What is shown in words is no field of the form."""
        names = [name for name in flatten_fieldsets(self.get_fieldsets(request, obj)) if isinstance(name, str)]
        return super().get_formset(request, obj, fields=names, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._draft(obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return field_of(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)


class ClassInline(RowInline):
    model = ClassRow
    classes = ("collapse",)
    fields = (("key", "label", "position"), ("proof", "months"), "help")


class FieldInline(RowInline):
    model = FieldRow
    classes = ("collapse",)
    fields = (
        ("stage", "position"),
        ("key", "label"),
        ("type", "required"),
        "choices",
        ("max_length", "section"),
        ("classes", "prefill"),
        "help",
    )


class TermInline(RowInline):
    model = TermRow
    classes = ("collapse",)
    fields = (("act", "position"), ("days", "unit"), ("remind_before", "on_expiry"))


class EvidenceInline(RowInline):
    model = EvidenceRow
    classes = ("collapse",)
    fields = (
        ("stage", "position"),
        ("key", "label"),
        ("minimum", "maximum"),
        ("formats", "max_bytes", "strict"),
        "classes",
        "help",
    )
