"""评审专家 in the admin: kept by who manages the lists of the region."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from carriers.models import Category
from innovation_voucher.casework.adminsite import RightsAdmin

from .. import services
from ..models import Expert


class ExpertForm(forms.ModelForm):  # type: ignore[type-arg]
    """The person is named by user name: who keeps the register sees no list of people."""

    username = forms.CharField(label=gettext_lazy("用户名"), max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["username"] = self.instance.user.username

    def clean_username(self) -> str:
        """An account that is nobody else's in the register."""
        given: str = self.cleaned_data["username"].strip()
        found = User.objects.filter(username=given, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个用户名。先由平台运营开通账号。"))
        if Expert.objects.filter(user=found).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("这个用户已登记为专家。"))
        self.instance.user = found
        return given


@admin.register(Expert)
class ExpertAdmin(RightsAdmin):
    """Who is active may be drawn and signs in as an expert."""

    right = "manage_lists"
    region_lookup = "region"
    list_display = ("number", "user", "unit", "title", "region", "active")
    list_filter = ("active", "fields")
    list_select_related = ("user", "region")
    search_fields = ("number", "unit", "user__username", "user__name")
    form = ExpertForm
    fields = ("number", "username", "region", "unit", "unit_code", "title", "fields", "active")

    def save_model(self, request: HttpRequest, obj: Expert, form: Any, change: bool) -> None:
        # The boxes of the fields are kept by the page itself, after this.
        services.save_expert(obj, by=request.user)  # type: ignore[arg-type]  # the admin has signed them in

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Fields are the first level of the categories."""
        kwargs["queryset"] = Category.objects.filter(parent=None)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
