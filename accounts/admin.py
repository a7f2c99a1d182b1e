"""Admin pages of people and organizations; who sees which rows is asked of the rights on regions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.adminsite import PlatformAdmin, ProvinceAdmin, ReadOnly, RightsAdmin
from innovation_voucher.lib.identifiers import mask_mobile

from . import factor_admin, list_admin
from .models import EnterpriseRecord, Organization, RegistrationRules, User


@admin.register(Organization)
class OrganizationAdmin(ReadOnly, RightsAdmin):
    """Facts come from registration and verification; nobody types them here."""

    view_right = "view_cases"
    region_lookup = "bureau"
    superuser_views = True
    list_display = ("name", "kind", "credit_code", "region", "verified_at")
    list_filter = ("kind",)
    list_select_related = ("region",)
    search_fields = ("name", "credit_code")


@admin.register(User)
class UserAdmin(PlatformAdmin):
    """The operator opens and closes accounts; offices give the rights, flags give none."""

    verb = "user.saved"
    list_display = ("username", "name", "masked_phone", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name", "phone")
    fields = ("username", "name", "phone", "email", "is_active", "is_staff")

    @admin.display(description=_("手机号"))
    def masked_phone(self, user: User) -> str:
        """138****0000."""
        return mask_mobile((user.phone or "").removeprefix("+86"))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new account has no password until its person sets one by SMS."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(EnterpriseRecord)
class EnterpriseRecordAdmin(ReadOnly, ProvinceAdmin):
    """What `import_enterprise_records` brought in."""

    right = "manage_lists"
    list_display = ("credit_code", "name", "legal_person", "source", "imported_at")
    search_fields = ("credit_code", "name")

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj)


class RegistrationRulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Limits that can be met."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for low, high in (("username_min", "username_max"), ("password_min", "password_max")):
            if (values.get(low) or 0) > (values.get(high) or 0):
                self.add_error(high, _("最长不能小于最短"))
        return values


@admin.register(RegistrationRules)
class RegistrationRulesAdmin(RightsAdmin):
    """How people who register in a region must choose user name and password."""

    right = "set_rules"
    verb = "registration_rules.saved"
    deletable = True
    form = RegistrationRulesForm
    list_display = ("region", "password_min", "password_max", "password_specials", "platform_review")
    list_select_related = ("region",)


#: Registered there; the admin looks for pages in this module.
LISTS = list_admin.QualificationListAdmin
FACTORS = factor_admin.AuthenticatorAdmin
