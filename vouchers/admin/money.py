"""Budgets of regions, and the accounts of organizations to look at."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from innovation_voucher.casework.adminsite import ReadOnly, RightsAdmin
from innovation_voucher.casework.errors import Refused

from ..models import BudgetPool, QuotaAccount
from ..programme_rules import MANAGE as RIGHT
from ..services.pools import set_pool


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
