"""接口令牌 in the admin: issued, its secret shown once, revoked."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy

from . import calendar, tokens
from .adminsite import RightsAdmin
from .models import ApiToken


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """For which platform, for what, where, until when."""

    scope = forms.ChoiceField(label=gettext_lazy("用途"), choices=tokens.scopes)

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "region", "last_day")

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day <= calendar.today():
            raise ValidationError(_("有效至须晚于今天"))
        return day


@admin.register(ApiToken)
class TokenAdmin(RightsAdmin):
    """Whoever manages programmes in a region issues tokens for it; nobody reads one again."""

    right = tokens.RIGHT
    form = TokenForm
    list_display = ("name", "scope", "region", "last_day", "issued_by", "issued_at", "used_at", "revoked_at")
    list_select_related = ("region", "issued_by")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is looked at, never edited; the list has its act."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        made, secret = tokens.issue_token(**form.cleaned_data, by=request.user)
        obj.pk, obj.issued_at, obj.issued_by = made.pk, made.issued_at, made.issued_by
        setattr(request, "issued_secret", secret)  # noqa: B010  the type of a request knows no secret

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None) -> HttpResponse:
        """The secret, this once: no message and no session keeps it."""
        context = {**self.admin_site.each_context(request), "title": _("接口令牌"), "opts": self.opts, "token": obj}
        shown = {**context, "secret": getattr(request, "issued_secret", "")}
        return render(request, "admin/casework/token_issued.html", shown)

    @admin.action(description=gettext_lazy("停用令牌"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        for token in rows:
            tokens.revoke_token(token, by=request.user)
            self.message_user(request, _("%(token)s：已停用") % {"token": token}, messages.SUCCESS)
