"""结算批次 in the admin: a list and one page a batch, on which every act is a verb of `services`."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.adminsite import RightsAdmin
from innovation_voucher.lib.money import format_yuan

from ..models import SettlementBatch
from ..statuses import BATCH
from . import acts, pages
from .experts import ExpertAdmin

__all__ = ["ExpertAdmin", "SettlementBatchAdmin"]


@admin.register(SettlementBatch)
class SettlementBatchAdmin(RightsAdmin):
    """Seen by who settles or countersigns there; nothing is edited by hand."""

    right = "settle"
    view_right = "countersign"
    region_lookup = "region"
    list_display = ("number", "period", "programme", "region", "count", "sum", "state", "prepared_by", "second")
    list_filter = ("status", "programme")
    list_select_related = ("programme", "region", "prepared_by", "countersigned_by")
    search_fields = ("number",)
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """The acts of a batch stand below its page."""
        own = [
            path(
                f"<int:pk>/{act.slug}/",
                self.admin_site.admin_view(pages.act_view(self, act)),
                name=f"redemption_settlementbatch_{act.slug}",
            )
            for act in acts.ACTS
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """新建批次: period, programme, region."""
        return pages.new_batch(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One batch: facts, totals, people, the next act, its payments."""
        return pages.batch(self, request, pages.find(self, request, object_id))

    def may_change(self, request: HttpRequest, obj: Any = None) -> bool:
        """Existing batches change by acts only; new ones are drawn up on the page of the wizard."""
        return obj is None and super().may_change(request)

    def may_view(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.right, obj) or self.may(request, self.view_right, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SettlementBatch]:
        rows: QuerySet[SettlementBatch] = super().get_queryset(request)
        return rows

    @admin.display(description=_("期间"), ordering="period_from")
    def period(self, batch: SettlementBatch) -> str:
        return pages.period(batch)

    @admin.display(description=_("系统合计"), ordering="total")
    def sum(self, batch: SettlementBatch) -> str:
        return format_yuan(batch.total)

    @admin.display(description=_("状态"), ordering="status")
    def state(self, batch: SettlementBatch) -> str:
        return str(BATCH[batch.status].label)

    @admin.display(description=_("复核"), ordering="countersigned_by")
    def second(self, batch: SettlementBatch) -> str:
        return str(batch.countersigned_by or "—")
