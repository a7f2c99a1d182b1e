"""Forms of public lists and objections."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.money import format_yuan

from .models import Publicity, Redemption
from .services.objections import plain
from .services.selection import approved_amount


class FilterForm(PortalForm):
    """Which lists are shown."""

    region = forms.ChoiceField(label=_("地区"), required=False)
    programme = forms.ChoiceField(label=_("方案"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), ("open", _("公示中")), ("closed", _("已结束"))],
    )

    def __init__(self, *args: Any, lists: Iterable[Publicity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(lists)
        regions = {row.region.code: row.region.full_name for row in rows}
        schemes = {str(row.programme_id): row.programme.name for row in rows}
        for name, words, known in (("region", _("全部地区"), regions), ("programme", _("全部方案"), schemes)):
            choices = forms.ChoiceField(choices=[("", words), *sorted(known.items())]).choices
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class ListForm(PortalForm):
    """A draft: its title and the redemptions on it."""

    title = forms.CharField(label=_("公示标题"), max_length=100)
    rows = forms.MultipleChoiceField(label=_("拟兑付名单"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, waiting: Iterable[Redemption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = {row.number: row for row in waiting}
        words = _("%(payee)s　%(number)s　%(amount)s 元")
        self.fields["rows"].choices = [  # type: ignore[attr-defined]
            (number, words % {"payee": row.payee.name, "number": number, "amount": format_yuan(approved_amount(row))})
            for number, row in self._waiting.items()
        ]

    @property
    def chosen(self) -> list[Redemption]:
        """The ticked redemptions."""
        return [self._waiting[number] for number in self.cleaned_data["rows"]]


class ObjectionForm(PortalForm):
    """Anybody's words against one redemption of a list."""

    row = forms.ChoiceField(label=_("对哪一项有异议"))
    name = forms.CharField(label=_("姓名或单位名称"), max_length=50)
    contact = forms.CharField(
        label=_("手机号或电子邮箱"), max_length=100, help_text=_("依法保密，不会显示；凭它和异议编号查询答复")
    )
    words = forms.CharField(
        label=_("异议内容"), max_length=2000, widget=forms.Textarea({"rows": 6}), help_text=_("写明事实和理由")
    )
    evidence = forms.FileField(
        label=_("证明材料"), required=False, help_text=_("支持 jpg、jpeg、png、pdf，不超过 10 MB")
    )

    def __init__(self, *args: Any, rows: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [("", _("请选择")), *rows]  # type: ignore[attr-defined]

    def clean_contact(self) -> str:
        """A number or an address: nobody could be told the answer, nor prove to be the same, by anything else."""
        given: str = self.cleaned_data["contact"]
        if not re.search(r"[0-9]{7}|.@.", plain(given)):
            raise forms.ValidationError(gettext("填写能联系到您的手机号或电子邮箱。"))
        return given


class LookUpForm(PortalForm):
    """Number and contact of an objection."""

    number = forms.CharField(label=_("异议编号"), max_length=40, help_text=_("如 YY-2026-000001"))
    contact = forms.CharField(label=_("手机号或电子邮箱"), max_length=100, help_text=_("提出异议时填写的联系方式"))


class AnswerForm(PortalForm):
    """What an officer answers, and what follows."""

    outcome = forms.ChoiceField(
        label=_("处理结果"),
        widget=forms.RadioSelect,
        choices=[
            ("dismiss", _("不成立：继续办理")),
            ("review", _("成立：重新审核")),
            ("reject", _("成立：不予兑付")),
        ],
    )
    answer = forms.CharField(
        label=_("答复和理由"), max_length=2000, widget=forms.Textarea({"rows": 5}), help_text=_("提出人凭编号可以看到")
    )
