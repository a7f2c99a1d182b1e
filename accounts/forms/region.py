"""Who registers, and where: three selects that also work one after another."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm

from ..models import Organization

#: The cards, in the order of the page.
KINDS = (Organization.Kind.ENTERPRISE, Organization.Kind.CARRIER, Organization.Kind.ENTREPRENEUR)
#: The selects, from the top of the tree down.
LEVELS = ("province", "city", "county")


class RegionField(forms.CharField):
    """One level of the region; which of the three is missing is for the form to say."""

    widget = forms.Select

    def validate(self, value: Any) -> None:
        """Nothing by itself."""


class WhoForm(PortalForm):
    """Kind and region from the address of the page; each choice of a region fills the next select."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您以什么身份注册"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选择注册身份")},
    )
    province = RegionField(label=gettext_lazy("省"))
    city = RegionField(label=gettext_lazy("市"))
    county = RegionField(label=gettext_lazy("县（市、区）"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        top = self._choose("province", Region.objects.filter(level=Region.Level.PROVINCE))
        middle = self._choose("city", _below(top))
        self.chosen = (top, middle, self._choose("county", _below(middle)))

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
        lowest = next((region for region in reversed(self.chosen) if region), None)
        if lowest is None or lowest.level == Region.Level.COUNTY:
            return lowest
        return None if _below(lowest).exists() else lowest

    @property
    def next_missing(self) -> str:
        """The select that must be filled next; empty when the region is known."""
        if self.region:
            return ""
        return next(name for name, region in zip(LEVELS, self.chosen, strict=True) if region is None)

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
