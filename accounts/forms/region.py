"""Who registers, and where: three selects that also work one after another."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm

from ..models import Organization


class WhoForm(PortalForm):
    """Kind and region from the address of the page; each choice of a region fills the next select."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您以什么身份注册"),
        choices=Organization.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选择注册身份")},
    )
    province = forms.CharField(label=gettext_lazy("省"), required=False, widget=forms.Select)
    city = forms.CharField(label=gettext_lazy("市"), required=False, widget=forms.Select)
    county = forms.CharField(label=gettext_lazy("县（市、区）"), required=False, widget=forms.Select)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        provinces = Region.objects.filter(level=Region.Level.PROVINCE)
        self.province = self._choose("province", provinces)
        cities = _below(self.province)
        self.city = self._choose("city", cities)
        self.county = self._choose("county", _below(self.city))

    def _choose(self, name: str, regions: QuerySet[Region]) -> Region | None:
        """Fill a select and answer the region chosen in it, if it is one of these."""
        rows = list(regions)
        blank = _("请选择") if rows else _("先选上一级")
        self.fields[name].widget.choices = [("", blank), *((region.code, region.name) for region in rows)]
        wanted = self.data.get(name) if self.is_bound else ""
        return next((region for region in rows if region.code == wanted), None)

    @property
    def region(self) -> Region | None:
        """The chosen county; a city or province that has none below stands for itself."""
        chosen = self.county or self.city or self.province
        if chosen is None or chosen.level == Region.Level.COUNTY:
            return chosen
        return None if _below(chosen).exists() else chosen

    @property
    def next_missing(self) -> str:
        """The select that must be filled next; empty when the region is known."""
        if self.region:
            return ""
        if self.province is None:
            return "province"
        return "city" if self.city is None else "county"

    def clean(self) -> dict[str, Any]:
        """Only a form that chose nothing more than before is told off; else the next select opens."""
        cleaned = super().clean() or {}
        missing = self.next_missing
        if missing and missing == self.data.get("asked"):
            self.add_error(missing, _("选择注册所在地，选到县（市、区）"))
        return cleaned


def _below(region: Region | None) -> QuerySet[Region]:
    """The next level of administrative regions; zones are not addresses."""
    if region is None:
        return Region.objects.none()
    return region.children.exclude(level=Region.Level.ZONE)
