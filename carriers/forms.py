"""Forms of the catalogue, of the carrier's own pages and of the bureau's."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.registration import RegistrationForm
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm, PortalModelForm
from innovation_voucher.lib.money import YuanFormField

from .models import Carrier, Category, Instrument, Service


class CatalogueForm(PortalForm):
    """What narrows the catalogue; the two trees are read apart, since what nobody knows is passed over."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=100)
    min = YuanFormField(label=_("最低价"), required=False)
    max = YuanFormField(label=_("最高价"), required=False)
    rate = forms.CharField(required=False)
    mine = forms.BooleanField(required=False)
    sort = forms.CharField(required=False)


class MapForm(PortalForm):
    """What narrows the map; regions and categories are read apart, as in the catalogue."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=100)
    kind = forms.CharField(required=False)
    mine = forms.BooleanField(required=False)


class BoxForm(forms.Form):
    """The part of the earth that the map shows: west, south, east, north in degrees."""

    box = forms.CharField(required=False, max_length=100)

    def clean_box(self) -> tuple[float, ...] | None:
        """Four numbers with west before east and south before north, or nothing."""
        given = self.cleaned_data["box"]
        if not given:
            return None
        try:
            west, south, east, north = (float(part) for part in given.split(","))
        except ValueError:
            raise forms.ValidationError(_("地图范围须是四个数")) from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise forms.ValidationError(_("地图范围须是西、南、东、北四个经纬度"))
        return west, south, east, north


class ProfileForm(PortalModelForm):
    """The public profile."""

    longitude = forms.FloatField(
        label=_("经度"),
        required=False,
        min_value=73,
        max_value=136,
        help_text=_("机构在创新地图上的位置，例如 120.18；经纬度都留空时按所在地的中心显示"),
    )
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=3, max_value=54, help_text=_("例如 30.25"))

    def clean(self) -> dict[str, Any]:
        """A place needs both numbers."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name, other in (("longitude", "latitude"), ("latitude", "longitude")):
            if given.get(name) is None and given.get(other) is not None and name not in self.errors:
                self.add_error(name, _("经度和纬度一起填写，或者都留空"))
        return given

    class Meta:
        model = Carrier
        fields = (
            "name",
            "summary",
            "qualifications",
            "address",
            "longitude",
            "latitude",
            "contact_name",
            "contact_phone",
        )
        help_texts = {
            "summary": _("做什么、有哪些能力和代表性成果，企业在机构页上看到"),
            "qualifications": _("例如 CMA、CNAS，写明有效期"),
        }
        error_messages = {"name": {"required": _("填写机构名称")}}


class _OfferingForm(PortalModelForm):
    """What the forms of services and instruments share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = CategoryField()
        self.fields["title"].error_messages["required"] = _("填写名称")
        self.fields["price"].help_text = _("参考价，以机构确认为准；留空为价格面议")


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Categories of the lowest level, grouped by the levels above."""

    def __init__(self) -> None:
        super().__init__(
            Category.objects.filter(children=None, parent__isnull=False).select_related("parent__parent"),
            label=_("类别"),
            empty_label=_("选择类别"),
            error_messages={"required": _("选择类别"), "invalid_choice": _("类别已变动，重新选择")},
        )

    def label_from_instance(self, obj: Any) -> str:
        return " / ".join(node.name for node in obj.trail)


class ServiceForm(_OfferingForm):
    """A service item."""

    class Meta:
        model = Service
        fields = (
            "title",
            "category",
            "description",
            "price",
            "price_from",
            "fixed_price",
            "unit",
            "working_days",
            "methods",
            "promise",
        )
        labels = {"price_from": _("参考价是起价"), "fixed_price": _("一口价，不再议价")}


class InstrumentForm(_OfferingForm):
    """An instrument."""

    class Meta:
        model = Instrument
        fields = ("title", "category", "maker", "model", "location", "description", "price", "unit", "promise")


class ApplyForm(PortalForm):
    """Regions to ask for recognition, and what to tell them."""

    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(),
        label=_("向哪些地区申请"),
        help_text=_("认可在该地区及其下辖地区有效，可多选"),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="code",
        error_messages={"required": _("至少选择一个地区"), "invalid_choice": _("这个地区不能选，刷新页面后再选")},
    )
    statement = forms.CharField(
        label=_("申请说明"),
        required=False,
        max_length=1000,
        help_text=_("能为当地企业做什么，有哪些资质"),
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].queryset = regions  # type: ignore[attr-defined]


class StatementForm(PortalForm):
    """What is told again after a return."""

    statement = forms.CharField(label=_("申请说明"), max_length=1000, widget=forms.Textarea({"rows": 6}))


class ReasonForm(PortalForm):
    """Why the bureau acts."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        help_text=_("机构会看到这段话"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("写明理由，机构会看到")},
    )


class ListCarrierForm(RegistrationForm):
    """What a province writes of a carrier whose account it opens; the person sets the password."""

    place = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("所在地"),
        to_field_name="code",
        empty_label=_("选择地区"),
        error_messages={
            "required": _("选择机构所在的市、县（市、区）"),
            "invalid_choice": _("这个地区不能选，另选一个"),
        },
    )
    address = forms.CharField(label=_("地址"), max_length=200, error_messages={"required": _("填写地址")})
    summary = forms.CharField(
        label=_("机构简介"),
        max_length=2000,
        help_text=_("机构开通后可以自己修改"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("写明机构做什么，企业在机构页上看到")},
    )
    reason = forms.CharField(
        label=_("认可依据"),
        max_length=500,
        help_text=_("例如省级名录的文号，机构会看到"),
        error_messages={"required": _("写明认可依据，例如省级名录的文号")},
    )
    field_order = ("name", "credit_code", "place", "address", "summary", "person_name", "phone", "email", "reason")

    def __init__(self, *args: Any, province: Region, **kwargs: Any) -> None:
        super().__init__(*args, kind="carrier", region=province, **kwargs)
        for name in ("username", "password", "terms", "privacy"):
            del self.fields[name]
        below = Region.objects.filter(path__startswith=province.path).exclude(pk=province.pk).order_by("path")
        self.fields["place"].queryset = below  # type: ignore[attr-defined]
        self.fields["phone"].help_text = _("本人用它收取验证码并设置密码；密码不经他人之手")


class EmptyForm(PortalForm):
    """For acts that need no words; carries the refusal of the verb."""


class MutualForm(PortalForm):
    """What a mutual list is searched by; `places` are pairs of a region's code and label."""

    place = forms.ChoiceField(label=_("所在地"), required=False)
    institution = forms.CharField(label=_("实验室或法人单位"), max_length=50, required=False)
    service = forms.CharField(label=_("服务内容"), max_length=50, required=False)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["place"]
        if isinstance(box, forms.ChoiceField):
            box.choices = [("", _("全部")), *places]
