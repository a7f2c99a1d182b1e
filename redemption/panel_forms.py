"""Forms of panels: drawing, seats, days, the summary, and the sheet of an expert."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from carriers.models import Category
from innovation_voucher.casework.panelrules import Criterion, PanelRules
from innovation_voucher.casework.panels.scoring import LONGEST
from innovation_voucher.casework.panels.summing import MOST_DAYS
from innovation_voucher.lib.forms import PortalForm


class DrawForm(PortalForm):
    """The field from which experts are drawn."""

    field = forms.ModelChoiceField(label=_("专业领域"), queryset=Category.objects.filter(parent=None))


class MoreForm(PortalForm):
    """How many places are filled again."""

    count = forms.IntegerField(label=_("补抽人数"), min_value=1, max_value=9)


class ReplaceForm(PortalForm):
    """Who is let go, and why."""

    seat = forms.ChoiceField(label=_("更换哪位专家"))
    reason = forms.CharField(label=_("更换原因"), max_length=300)

    def __init__(self, *args: Any, seats: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]


class DaysForm(PortalForm):
    """More days."""

    days = forms.IntegerField(label=_("再给几个工作日"), min_value=1, max_value=MOST_DAYS, help_text=_("从今天起算"))


class AgainForm(DaysForm):
    """A second look."""

    reason = forms.CharField(label=_("复议原因"), max_length=300, help_text=_("专家会看到"))


class SummaryForm(PortalForm):
    """汇总意见."""

    summary = forms.CharField(label=_("汇总意见"), max_length=2000, widget=forms.Textarea({"rows": 5}))


class SheetForm(PortalForm):
    """Points per criterion and an opinion; what is empty is not given yet."""

    comment = forms.CharField(
        label=_("评审意见"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, rules: PanelRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._criteria = rules.criteria
        for row in rules.criteria:
            self.fields[row.key] = forms.IntegerField(
                label=row.label,
                required=False,
                min_value=0,
                max_value=row.points,
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            )
        words = _("总分低于 %(n)s 分时必填；会匿名反馈给申请单位") % {"n": rules.comment_below}
        self.fields["comment"].help_text = words

    @property
    def rows(self) -> list[tuple[Criterion, BoundField]]:
        """The criteria with their boxes."""
        return [(row, self[row.key]) for row in self._criteria]

    @property
    def points(self) -> dict[str, int | None]:
        """Points by key of the criterion."""
        return {row.key: self.cleaned_data.get(row.key) for row in self._criteria}


class DeclareForm(PortalForm):
    """保密与回避声明."""

    agree = forms.BooleanField(label=_("我承诺对评审内容保密，与申请单位和服务机构没有利害关系"))


class RecuseForm(PortalForm):
    """Why an expert keeps away."""

    reason = forms.CharField(label=_("回避原因"), max_length=300, widget=forms.Textarea({"rows": 3}))


class ConflictForm(PortalForm):
    """An organization from which an expert keeps away."""

    organization = forms.CharField(label=_("单位全称或统一社会信用代码"), max_length=100)
    reason = forms.CharField(label=_("原因"), max_length=300, help_text=_("如现任职、近三年任职、亲属任职、持股"))

    def clean_organization(self) -> Organization:
        """The organization that the words name."""
        given = self.cleaned_data["organization"].strip()
        rows = Organization.objects.filter(name=given) | Organization.objects.filter(credit_code=given.upper())
        found: Organization | None = rows.order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("平台上没有这个单位。核对全称或信用代码；没有登记的单位不用声明。"))
        return found
