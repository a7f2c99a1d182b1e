"""Forms of the pages beside the admin's own: copy a programme, begin a version, try rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar, rights
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import MoneyField, PortalForm

from ..models import ClassRow, Programme, ProgrammeVersion
from ..programme_rules import MANAGE

_KEY = {"invalid": gettext_lazy("只写字母、数字、连字符和下划线，如 tech-voucher")}


class ProgrammeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Programmes with their year, as several have the same name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.year} {obj.name} {obj.kind}".strip()


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Regions by their full names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class CloneForm(PortalForm):
    """Of which programme a copy is made, and what the copy is called."""

    source = ProgrammeChoice(label=gettext_lazy("复制哪个方案"), queryset=Programme.objects.none())
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2200)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100, widget=forms.TextInput({"class": "vTextField"}))
    region = RegionChoice(
        label=gettext_lazy("主管地区"),
        queryset=Region.objects.none(),
        help_text=gettext_lazy("原方案的参与地区和本地规则，只复制在这个地区内的"),
    )
    family = forms.SlugField(
        label=gettext_lazy("系列"),
        max_length=40,
        error_messages=_KEY,
        help_text=gettext_lazy("同一方案每年用同一个系列；另立方案时换一个"),
    )
    kind = forms.SlugField(
        label=gettext_lazy("券种"),
        max_length=40,
        required=False,
        error_messages=_KEY,
        help_text=gettext_lazy("一个系列只有一种券时不填"),
    )

    def __init__(self, data: Any = None, *, user: Any, source: Programme | None = None) -> None:
        super().__init__(data, initial=_copy_of(source) if source else {})
        fields: Any = self.fields
        published = Programme.objects.filter(versions__published_at__isnull=False)
        fields["source"].queryset = published.distinct().order_by("-year", "name")
        fields["region"].queryset = rights.regions_for(user, MANAGE).order_by("code")


def _copy_of(source: Programme) -> dict[str, Any]:
    """What a copy for the next year would say; the name changes where it holds the year."""
    name = source.name.replace(str(source.year), str(source.year + 1))
    return {
        "source": source.pk,
        "year": source.year + 1,
        "name": name,
        "region": source.region_id,
        "family": source.family,
        "kind": source.kind,
    }


class NewVersionForm(PortalForm):
    """From when on the next version holds."""

    effective_from = forms.DateField(
        label=gettext_lazy("生效日期"), help_text=gettext_lazy("如 2027-01-01；已经生成的券仍按原来的规则")
    )

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < calendar.today():
            raise ValidationError(_("生效日期不能早于今天"))
        return day


class TrialForm(PortalForm):
    """What is tried: an amount in a region, of which class, with how much quota left."""

    amount = MoneyField(label=gettext_lazy("合同金额（元）"))
    region = RegionChoice(label=gettext_lazy("企业所在地区"), queryset=Region.objects.none())
    class_key = forms.ChoiceField(label=gettext_lazy("资格"), required=False)
    remaining = MoneyField(
        label=gettext_lazy("可用额度（元）"), required=False, help_text=gettext_lazy("不填则不考虑剩余额度")
    )

    def __init__(self, data: Any, *, version: ProgrammeVersion) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["region"].queryset = _regions_of(version.programme)
        fields["class_key"].choices = [("", _("不分资格")), *_classes_of(version)]


def _regions_of(programme: Programme) -> QuerySet[Region]:
    paths = [region.path for region in programme.participating.all()] or [programme.region.path]
    return Region.objects.filter(rights.below(paths)).order_by("code")


def _classes_of(version: ProgrammeVersion) -> list[tuple[str, str]]:
    """Keys with the names that the version gives them."""
    of_overrides = version.programme.overrides.exclude(class_key="").values_list("class_key", flat=True)
    named = dict(ClassRow.objects.filter(version=version).values_list("key", "label"))
    keys = sorted({*(version.eligible_classes or ()), *of_overrides, *named})
    return [(key, named.get(key, key)) for key in keys]
