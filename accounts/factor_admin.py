"""两步验证 in the admin: the operator takes it off for who has lost the phone; the secret itself is shown to nobody."""

from typing import Any

from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.adminsite import PlatformAdmin

#: What the types are called; the package's words are English.
TYPES = {
    Authenticator.Type.TOTP: _("动态口令（身份验证器）"),
    Authenticator.Type.RECOVERY_CODES: _("备用恢复码"),
    Authenticator.Type.WEBAUTHN: _("通行密钥"),
}

#: How the package calls a row: a passkey by the name that its owner gave.
_called = Authenticator.__str__


def _named(row: Authenticator) -> str:
    return _called(row) if row.type == Authenticator.Type.WEBAUTHN else str(TYPES[Authenticator.Type(row.type)])


Authenticator.__str__ = _named

# The packages' own pages, registered with the imports above, would show keys of sign-in and let them be typed.
admin.site.unregister([Authenticator, UserSession])
Authenticator._meta.verbose_name = Authenticator._meta.verbose_name_plural = _("两步验证")


@admin.register(Authenticator)
class AuthenticatorAdmin(PlatformAdmin):
    """Who uses which second step; taking it off leaves the password, and the person sets it up anew."""

    deletable = True
    list_display = ("user", "kind", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name")
    fields = readonly_fields = ("user", "kind", "created_at", "last_used_at")

    @admin.display(description=_("方式"), ordering="type")
    def kind(self, obj: Authenticator) -> str:
        return str(TYPES[Authenticator.Type(obj.type)])

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        audit.record("user.factor_removed", obj.user, by=request.user, before={"type": obj.type})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for row in queryset.select_related("user"):
            self.delete_model(request, row)
