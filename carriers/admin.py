"""Admin pages of carriers: facts are read only, acts are the verbs of `services`."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import rights
from innovation_voucher.casework.adminsite import ProvinceAdmin, ReadOnly, RightsAdmin
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region

from . import mutual_admin, rules, services
from .models import Carrier, CarrierRecognition, Category, Instrument, Service


class ReasonedActionForm(ActionForm):
    """The box beside the list of actions: why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, required=False)


class CarrierPage(ReadOnly, RightsAdmin):
    """What the pages below share: who sees the rows, and acts that say what became of each."""

    right = rules.RIGHT
    view_right = "view_cases"
    superuser_views = True
    action_form = ReasonedActionForm

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any, str], object]) -> None:
        """Call one verb on every row; the rest goes on when one is refused."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("写明理由后再办理"), messages.ERROR)
            return
        done = 0
        for row in rows:
            try:
                act(row, reason)
                done += 1
            except Refused as refused:
                self.message_user(request, f"{row}：{refused.message}", messages.WARNING)
        if done:
            self.message_user(request, _("已办理 %(count)s 项") % {"count": done}, messages.SUCCESS)


@admin.register(Category)
class CategoryAdmin(ProvinceAdmin):
    """The tree of service categories; programmes name nodes by their code."""

    right = "manage_programmes"
    verb = "category.saved"
    list_display = ("code", "name", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("code", "name")


@admin.register(Carrier)
class CarrierAdmin(CarrierPage):
    """Carriers by their address."""

    list_display = ("number", "name", "region", "shown", "mean_stars", "finished_orders")
    list_filter = ("shown",)
    list_select_related = ("region",)
    search_fields = ("number", "name")
    actions = ("recognize_by_province",)

    @admin.display(description=gettext_lazy("评分"), ordering="rating")
    def mean_stars(self, carrier: Carrier) -> float | None:
        """Mean of the real ratings; empty without any."""
        return carrier.stars

    @admin.action(description=gettext_lazy("按省级名录认可"))
    def recognize_by_province(self, request: HttpRequest, rows: QuerySet[Carrier]) -> None:
        """A province lists carriers itself: their recognition needs no application."""
        province = rights.regions_for(request.user, rules.RIGHT).filter(level=Region.Level.PROVINCE).first()
        if province is None:
            self.message_user(request, _("此事由省级主管部门办理"), messages.ERROR)
            return
        self.each(
            request,
            rows,
            lambda row, reason: services.recognize_directly(row, province, by=request.user, reason=reason),
        )


@admin.register(CarrierRecognition)
class CarrierRecognitionAdmin(CarrierPage):
    """Recognitions; an application is decided at the desk, its state is never typed."""

    list_display = ("number", "carrier", "region", "status", "submitted_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("carrier", "region")
    search_fields = ("number", "carrier__name")
    actions = ("suspend", "resume", "end")

    @admin.action(description=gettext_lazy("暂停认可"))
    def suspend(self, request: HttpRequest, rows: QuerySet[CarrierRecognition]) -> None:
        self.each(request, rows, lambda row, why: services.suspend_recognition(row, by=request.user, reason=why))

    @admin.action(description=gettext_lazy("恢复认可"))
    def resume(self, request: HttpRequest, rows: QuerySet[CarrierRecognition]) -> None:
        self.each(request, rows, lambda row, why: services.resume_recognition(row, by=request.user, reason=why))

    @admin.action(description=gettext_lazy("终止认可"))
    def end(self, request: HttpRequest, rows: QuerySet[CarrierRecognition]) -> None:
        self.each(request, rows, lambda row, why: services.end_recognition(row, by=request.user, reason=why))


class OfferingAdmin(CarrierPage):
    """Services and instruments; the bureau of the carrier's address says what vouchers pay for."""

    region_lookup = "carrier__region"
    list_display = ("number", "title", "carrier", "category", "price", "listed", "voucher_eligible")
    list_filter = ("listed", "voucher_eligible")
    list_select_related = ("carrier", "category")
    search_fields = ("number", "title", "carrier__name")
    actions = ("allow_vouchers", "refuse_vouchers")

    @admin.action(description=gettext_lazy("列入创新券支持范围"))
    def allow_vouchers(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self._set(request, rows, eligible=True)

    @admin.action(description=gettext_lazy("移出创新券支持范围"))
    def refuse_vouchers(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self._set(request, rows, eligible=False)

    def _set(self, request: HttpRequest, rows: QuerySet[Any], *, eligible: bool) -> None:
        self.each(
            request,
            rows,
            lambda row, why: services.set_eligible(row, by=request.user, office=None, eligible=eligible, reason=why),
        )


#: Its pages register themselves.
MUTUAL = mutual_admin.MutualListAdmin

admin.site.register(Service, OfferingAdmin)
admin.site.register(Instrument, OfferingAdmin)
